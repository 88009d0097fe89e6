package io.lodestone.records;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Settings;
import io.lodestone.SharedSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
final class PackedRecordTest {
  private static final String[] FIELDS = {
    "slice",
    "product",
    "reporter",
    "flow",
    "partner",
    "month",
    "revision",
    "valuation",
    "concept",
    "estimated",
    "mapping",
    "variant"
  };

  private static Dataset<Row> packed(SparkSession spark, List<Row> records) {
    StructType schema = new StructType();
    for (String field : FIELDS) {
      schema = schema.add(field, DataTypes.IntegerType);
    }
    return spark
        .createDataFrame(records, schema)
        .withColumn(
            "key",
            PackedRecord.key(
                col("slice"),
                col("product"),
                col("reporter"),
                col("flow"),
                col("partner"),
                col("month")))
        .withColumn(
            "tags",
            PackedRecord.tags(
                PackedRecord.attributes(
                    col("revision"), col("valuation"), col("concept"), col("estimated")),
                col("mapping"),
                col("variant")));
  }

  @Test
  void givesBackWhatWasPacked(SparkSession spark) {
    int countries = 1 << PackedRecord.COUNTRY_BITS;
    List<Row> records = new ArrayList<>();
    records.add(RowFactory.create(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    records.add(
        RowFactory.create(
            63 * PackedRecord.YEARS + 127,
            999_999,
            countries - 1,
            6,
            countries - 1,
            12,
            7,
            2,
            3,
            2,
            3,
            6));
    records.add(
        RowFactory.create(PackedRecord.slice(3, 2024), 280_530, 117, 1, 43, 7, 5, 1, 1, 1, 1, 0));
    List<Row> unpacked =
        packed(spark, records)
            .select(
                PackedRecord.slice(col("key")),
                PackedRecord.product(col("key")),
                PackedRecord.reporter(col("key")),
                PackedRecord.flow(col("key")),
                PackedRecord.partner(col("key")),
                PackedRecord.month(col("key")),
                PackedRecord.revision(col("tags")),
                PackedRecord.valuation(col("tags")),
                PackedRecord.concept(col("tags")),
                PackedRecord.estimated(col("tags")),
                PackedRecord.mapping(col("tags")),
                col("tags"))
            .collectAsList();
    assertThat(unpacked).hasSameSizeAs(records);
    for (int place = 0; place < records.size(); place++) {
      Row before = records.get(place);
      Row after = unpacked.get(place);
      for (int field = 0; field < 6; field++) {
        assertThat(after.getInt(field)).as(FIELDS[field]).isEqualTo(before.getInt(field));
      }
      assertThat(after.getString(6)).isEqualTo(Settings.HS_REVISIONS.get(before.getInt(6)));
      assertThat(after.getString(7))
          .isEqualTo(textOrNull(PackedRecord.VALUATIONS, before.getInt(7)));
      assertThat(after.getString(8)).isEqualTo(textOrNull(PackedRecord.CONCEPTS, before.getInt(8)));
      assertThat(after.getInt(9)).isEqualTo(before.getInt(9));
      assertThat(after.getString(10)).isEqualTo(Mappings.ALL.get(before.getInt(10)));
      assertThat(PackedRecord.variant(after.getInt(11))).isEqualTo(before.getInt(11));
    }
  }

  private static String textOrNull(List<String> texts, int number) {
    return texts.get(number).isEmpty() ? null : texts.get(number);
  }

  @Test
  void sortsByTheKeyAsByItsFields(SparkSession spark) {
    List<Row> records = new ArrayList<>();
    for (int slice : new int[] {1, 8_000}) {
      for (int product : new int[] {10_110, 999_999}) {
        for (int reporter : new int[] {2, 300}) {
          for (int partner : new int[] {1, 1_000}) {
            records.add(
                RowFactory.create(slice, product, reporter, 0, partner, 0, 0, 0, 0, 0, 0, 0));
          }
        }
      }
    }
    assertThat(
            packed(spark, records).select("key").collectAsList().stream()
                .map(row -> row.getLong(0)))
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(key -> key >= 0);
  }
}
