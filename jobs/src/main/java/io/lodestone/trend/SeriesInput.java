package io.lodestone.trend;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.Tables;
import io.lodestone.lake.Since;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code dependency}, {@code supplier} and the earlier {@code trend} in one narrow shape,
 * so that one exchange brings together all that is known of an importer.
 *
 * <p>Every row carries the hash of the columns that were read of it. The exclusive or of the hashes
 * of a series, or of all series of an importer, does not depend on the order of rows: it tells
 * whether anything has changed.
 */
final class SeriesInput {
  /** What a row is: its first column after the keys. */
  static final int OF_DEPENDENCY = 0;

  static final int OF_SUPPLIER = 1;
  static final int OF_EARLIER_TREND = 2;

  /** The bases, in the order of their numbers. */
  static final List<String> BASES = List.of("value", "quantity");

  static final int VALUE = 0;
  static final int QUANTITY = 1;

  private static final List<String> SERIES =
      List.of("source", "importer", "product_kind", "product");

  static final List<String> READ_OF_DEPENDENCY =
      List.of(
          "year",
          "basis",
          "months",
          "top_supplier",
          "hhi",
          "share_unspecified",
          "share_with_quantity");

  static final List<String> READ_OF_SUPPLIER =
      List.of("year", "supplier", "share_value", "share_quantity", "value", "quantity_kg");

  static final StructType SCHEMA =
      StructType.fromDDL(
              "series_order BIGINT, source STRING, importer STRING, product_kind STRING, product STRING,"
                  + " row_kind INT, row_hash BIGINT, year INT, basis INT, months INT, name STRING,"
                  + " hhi DOUBLE, share_unspecified DOUBLE, share_with_quantity DOUBLE,"
                  + " share_value DOUBLE, share_quantity DOUBLE, value DOUBLE,"
                  + " quantity DOUBLE")
          .add("earlier", Tables.TREND.schema());

  static final int ORDER = SCHEMA.fieldIndex("series_order");
  static final int SOURCE = SCHEMA.fieldIndex("source");
  static final int IMPORTER = SCHEMA.fieldIndex("importer");
  static final int PRODUCT_KIND = SCHEMA.fieldIndex("product_kind");
  static final int PRODUCT = SCHEMA.fieldIndex("product");
  static final int ROW_KIND = SCHEMA.fieldIndex("row_kind");
  static final int ROW_HASH = SCHEMA.fieldIndex("row_hash");
  static final int YEAR = SCHEMA.fieldIndex("year");
  static final int BASIS = SCHEMA.fieldIndex("basis");
  static final int MONTHS = SCHEMA.fieldIndex("months");
  static final int NAME = SCHEMA.fieldIndex("name");
  static final int CONCENTRATION = SCHEMA.fieldIndex("hhi");
  static final int UNSPECIFIED = SCHEMA.fieldIndex("share_unspecified");
  static final int WITH_QUANTITY = SCHEMA.fieldIndex("share_with_quantity");
  static final int FIRST_SHARE = SCHEMA.fieldIndex("share_value");
  static final int FIRST_AMOUNT = SCHEMA.fieldIndex("value");
  static final int EARLIER = SCHEMA.fieldIndex("earlier");

  /** What of {@code series_order} tells importers apart. */
  static final int PRODUCT_BITS = 40;

  private SeriesInput() {}

  /** Rows of dependency in the window. */
  static Dataset<Row> ofDependency(Dataset<Row> dependency, Column inWindow, String recipe) {
    return shaped(
        dependency
            .filter(inWindow)
            .withColumn("row_hash", hash(recipe, READ_OF_DEPENDENCY))
            .withColumn("row_kind", lit(OF_DEPENDENCY))
            .withColumn("name", col("top_supplier"))
            .withColumn("basis", expr("IF(basis = 'value', 0, 1)")),
        "share_value",
        "share_quantity",
        "value",
        "quantity",
        "earlier");
  }

  /** Rows of supplier in the window. */
  static Dataset<Row> ofSuppliers(Dataset<Row> supplier, Column inWindow, String recipe) {
    return shaped(
        supplier
            .filter(inWindow)
            .withColumn("row_hash", hash(recipe, READ_OF_SUPPLIER))
            .withColumn("row_kind", lit(OF_SUPPLIER))
            .withColumn("name", col("supplier"))
            .withColumn("value", col("value").cast("DOUBLE"))
            .withColumn("quantity", col("quantity_kg").cast("DOUBLE")),
        "basis",
        "months",
        "hhi",
        "share_unspecified",
        "share_with_quantity",
        "earlier");
  }

  /** Rows of the trend that stands. */
  static Dataset<Row> ofEarlier(Dataset<Row> trend) {
    Column earlier =
        struct(
            Arrays.stream(Tables.TREND.columnNames())
                .map(name -> col(name))
                .toArray(Column[]::new));
    Dataset<Row> keyed =
        trend.select(
            col("source"),
            col("importer"),
            col("product_kind"),
            col("product"),
            earlier.as("earlier"),
            lit(OF_EARLIER_TREND).as("row_kind"),
            lit(0L).as("row_hash"));
    List<String> absent = new ArrayList<>(List.of(SCHEMA.fieldNames()));
    absent.removeAll(List.of(keyed.columns()));
    absent.remove("series_order");
    return shaped(keyed, absent.toArray(String[]::new));
  }

  /** Adds the columns that the rows have not, as null, and the order. */
  private static Dataset<Row> shaped(Dataset<Row> rows, String... absent) {
    Dataset<Row> all = rows.withColumn("series_order", order());
    for (String name : absent) {
      all = all.withColumn(name, lit(null).cast(SCHEMA.apply(name).dataType()));
    }
    return all.select(
        Arrays.stream(SCHEMA.fields())
            .map(StructField::name)
            .map(name -> col(name))
            .toArray(Column[]::new));
  }

  /**
   * One number that brings series together, goods behind all codes of their importer: Spark sorts
   * by it without looking at a row. Two series with one number are told apart by who reads them.
   */
  static Column order() {
    return expr(
        "(xxhash64(source, importer) & -1099511627776L)"
            + " | IF(product_kind = 'good', 549755813888L, 0L)"
            + " | (xxhash64(product) & 549755813887L)");
  }

  /** Of all that is read, and of what is null; the recipe stands for program and settings. */
  static Column hash(String recipe, List<String> read) {
    List<String> columns = new ArrayList<>(SERIES);
    columns.addAll(read);
    return xxhash64(lit(recipe), Since.hash(columns.toArray(String[]::new)));
  }

  /** By source and importer: the {@code hash} of its rows, and their number. */
  static Dataset<Row> slices(Dataset<Row> input) {
    return input
        .groupBy("source", "importer")
        .agg(bit_xor(col("row_hash")).as("hash"), count(lit(1)).as("rows"));
  }

  /** The same of the trend that stands, by the hashes that its series were made from. */
  static Dataset<Row> slicesOfEarlier(Dataset<Row> trend, String anyMeasure) {
    return trend
        .filter(col("basis").equalTo("value").and(col("measure").equalTo(anyMeasure)))
        .groupBy("source", "importer")
        .agg(bit_xor(col("input_hash")).as("hash"));
  }
}
