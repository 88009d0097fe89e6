package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import io.lodestone.records.Goods;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No feature of a row looks past its year: with another future the features are the same. */
@ExtendWith(SharedSpark.class)
final class PastOnlyTest {
  private static final int YEAR = 2016;

  @Test
  void featuresStayAsTheyAreWhenTheFutureChanges(Workplace workplace) {
    SimulatedTrade trade = SimulatedTrade.of(10, 5, 4);

    trade.write(workplace.lake());
    List<List<String>> before = features(workplace);
    trade.changedAfter(YEAR).write(workplace.lake());
    List<List<String>> after = features(workplace);

    for (int kind = 0; kind < before.size(); kind++) {
      assertThat(before.get(kind)).as("kind %d", kind).hasSizeGreaterThan(100);
      assertThat(after.get(kind)).as("kind %d", kind).isEqualTo(before.get(kind));
    }
  }

  private static List<List<String>> features(Workplace workplace) {
    Goods goods = Goods.load(ConfFiles.load(Optional.empty(), null));
    try (SourceTables tables =
        SourceTables.of(workplace.lake(), "baci", workplace.settings().models(), goods)) {
      Function<Dataset<Row>, List<String>> texts =
          rows ->
              rows.select("importer", "product", "supplier", "features").collectAsList().stream()
                  .map(Row::toString)
                  .sorted()
                  .toList();
      return List.of(
          texts.apply(new Entry(1).panel(tables).filter(col("as_of_year").leq(YEAR))),
          texts.apply(new Entry(3).candidates(tables, YEAR)),
          texts.apply(new Survival().links(tables, YEAR)),
          texts.apply(new Survival().panel(tables).filter(col("as_of_year").leq(YEAR))),
          texts.apply(
              new ExpectedFlow(ExpectedFlow.Basis.VALUE)
                  .panel(tables)
                  .filter(col("year").leq(YEAR + 1))),
          texts.apply(
              new ExpectedFlow(ExpectedFlow.Basis.QUANTITY)
                  .panel(tables)
                  .filter(col("year").leq(YEAR + 1))));
    }
  }
}
