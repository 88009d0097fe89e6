package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.ConfFiles;
import io.lodestone.SharedSpark;
import io.lodestone.records.Goods;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Effects of groups that training did not show, and of goods. */
@ExtendWith(SharedSpark.class)
final class ExpectedFlowTest {

  @Test
  void givesUnseenGroupsAndGoodsTheMeanEffectByFlows(SparkSession spark) {
    Dataset<Row> effects =
        spark.sql(
            """
            SELECT grouping, name, CAST(effect AS DOUBLE) AS effect, CAST(flow AS DOUBLE) AS flow
            FROM VALUES ('importer', 'JPN', 2, 3), ('importer', 'DEU', 4, 1),
              ('supplier', 'CHN', 1, 4), ('supplier', 'AUS', %f, 0),
              ('product', '280530', -1, 1), ('product', '284610', %f, 0),
              ('product', '284690', -4, 2) AS t(grouping, name, effect, flow)
            """
                .formatted(PoissonEffects.NONE, PoissonEffects.NONE));
    Dataset<Row> rows =
        spark.sql(
            """
            SELECT importer, supplier, product, CAST(10 AS DOUBLE) AS offset
            FROM VALUES ('JPN', 'CHN', '280530'), ('USA', 'CHN', '280530'),
              ('JPN', 'VNM', '280530'), ('JPN', 'AUS', '280530'), ('JPN', 'CHN', '850511'),
              ('JPN', 'CHN', 'rare-earths') AS t(importer, supplier, product)
            """);
    Goods goods = Goods.load(ConfFiles.load(Optional.empty(), null));

    List<Double> offsets =
        ExpectedFlow.withEffects(rows, ExpectedFlow.ofGoods(effects, goods))
            .orderBy("importer", "supplier", "product")
            .select("full_offset")
            .collectAsList()
            .stream()
            .map(row -> row.getDouble(0))
            .toList();

    // Australia; China's metal, magnets, good; Viet Nam; the United States.
    double[] expected = {-9, 12, 10, 10, 12, 12.5};
    for (int place = 0; place < expected.length; place++) {
      assertThat(offsets.get(place)).as("row %d", place).isCloseTo(expected[place], within(1e-9));
    }
  }
}
