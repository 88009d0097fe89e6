package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Lake;
import io.lodestone.records.Goods;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing that is said of a year looks past it: with another future it is the same. */
@ExtendWith(SharedSpark.class)
final class PastOnlyTest {
  private static final int YEAR = 2016;

  /** So many kinds of rows with features, one a link; behind them rows of whole markets. */
  private static final int FEATURES = 6;

  @Test
  void featuresStayAsTheyAreWhenTheFutureChanges(Workplace workplace) {
    SimulatedTrade trade = SimulatedTrade.of(10, 5, 4);

    trade.write(workplace.lake());
    List<List<String>> before = features(workplace);
    trade.changedAfter(YEAR).write(workplace.lake());
    List<List<String>> after = features(workplace);

    for (int kind = 0; kind < before.size(); kind++) {
      assertThat(before.get(kind))
          .as("kind %d", kind)
          .hasSizeGreaterThan(kind < FEATURES ? 100 : 40);
      assertThat(after.get(kind)).as("kind %d", kind).isEqualTo(before.get(kind));
    }
  }

  /** What a row is to be compared with, its window and what it stands for. */
  private static final String[] OF_LATER_YEARS = {
    "label", "actual", "missing", "fold", "chain", "weight"
  };

  private static List<List<String>> features(Workplace workplace) {
    Goods goods = Goods.load(ConfFiles.load(Optional.empty(), null));
    workplace.set("models.as.of", String.valueOf(YEAR));
    try (SourceTables tables =
        SourceTables.of(workplace.lake(), "baci", workplace.settings().models(), goods)) {
      Function<Dataset<Row>, List<String>> texts =
          rows ->
              rows.drop(OF_LATER_YEARS).collectAsList().stream()
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
                  .filter(col("year").leq(YEAR + 1))),
          wholeRows(TypologyModel.indicators(tables.dependency(), YEAR)),
          wholeRows(candidates(workplace.lake(), tables)));
    }
  }

  /** Of links as of the year alone, so that what is asked of Candidates is what it adds. */
  private static Dataset<Row> candidates(Lake lake, SourceTables tables) {
    Dataset<Row> survival =
        new Survival()
            .links(tables, YEAR)
            .select(
                lit("baci").as("source"),
                col("importer"),
                col("product"),
                col("product_kind"),
                col("supplier"),
                col("as_of_year"),
                lit(0.5).as("p_3"),
                lit("test").as("model_version"),
                lit("model").as("method"));
    return Candidates.rows(
        tables, lake.read(Tables.ENTRY), survival, lake.read(Tables.EXPECTED_FLOW));
  }

  private static List<String> wholeRows(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(PastOnlyTest::text).sorted().toList();
  }

  /** Sums depend on the order of rows in their last digits. */
  private static String text(Row row) {
    return IntStream.range(0, row.size())
        .mapToObj(row::get)
        .map(value -> value instanceof Double number ? "%.9f".formatted(number) : "" + value)
        .collect(Collectors.joining(" "));
  }
}
