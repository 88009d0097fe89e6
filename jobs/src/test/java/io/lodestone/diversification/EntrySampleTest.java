package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rows that trees grow on. */
@ExtendWith(SharedSpark.class)
final class EntrySampleTest {

  private static List<Row> drawn(Dataset<Row> rows, long seed) {
    return Entry.fewer(rows, 20_000, 5_000, seed).collectAsList();
  }

  @Test
  void drawsTheSameRowsInTheSameOrderHoweverTheyLie(SparkSession spark) {
    Dataset<Row> rows =
        spark
            .range(20_000)
            .selectExpr(
                "CONCAT('I', id % 20) AS importer",
                "CONCAT('28', id % 50) AS product",
                "CONCAT('S', id) AS supplier",
                "CAST(2010 + id % 7 AS INT) AS as_of_year");

    List<Row> drawn = drawn(rows.repartition(3), 1);

    assertThat(drawn).hasSizeBetween(4_700, 5_300);
    assertThat(drawn(rows.repartition(7, col("supplier")), 1)).isEqualTo(drawn);
    assertThat(drawn(rows.repartition(3), 2)).isNotEqualTo(drawn);
    assertThat(Entry.fewer(rows, 20_000, 20_000, 1)).isSameAs(rows);
  }
}
