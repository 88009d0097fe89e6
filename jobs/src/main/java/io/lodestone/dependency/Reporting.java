package io.lodestone.dependency;

import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What every reporter reports in every year: which months of imports, annual records or not,
 * exports or not. A supplier or product without a row is a zero only where the importer reports.
 *
 * <p>Grain: source, reporter, year; at most some ten thousand rows, held on the driver.
 */
final class Reporting {
  private static final int MONTHS = 12;

  private static final StructType SCHEMA =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("importer", DataTypes.StringType)
          .add("year", DataTypes.IntegerType)
          .add("months", DataTypes.IntegerType)
          .add("annual", DataTypes.BooleanType)
          .add("own_exports", DataTypes.BooleanType)
          .add("re_exports_known", DataTypes.BooleanType)
          .add("domestic_exports", DataTypes.BooleanType)
          .add("importer_number", DataTypes.IntegerType)
          .add("reported_months", DataTypes.IntegerType)
          .add("mixed", DataTypes.BooleanType);

  private final List<Row> rows;
  private final boolean mixed;
  private final boolean exporting;

  private Reporting(List<Row> rows, boolean mixed, boolean exporting) {
    this.rows = rows;
    this.mixed = mixed;
    this.exporting = exporting;
  }

  /** Reads it from flow. */
  static Reporting of(Dataset<Row> flow) {
    Column isImport = col("flow").equalTo("import");
    Column month = coalesce(col("month"), lit(0));
    Column period = org.apache.spark.sql.functions.expr("shiftleft(1, coalesce(month, 0))");
    List<Row> found =
        flow.groupBy("source", "reporter", "year")
            .agg(
                bit_or(when(isImport, period).otherwise(0)),
                bool_or(isImport.and(month.equalTo(0))),
                bool_or(col("flow").isin("export", "domestic_export")),
                bool_or(col("flow").isin("re_export", "domestic_export")),
                bool_or(col("flow").equalTo("domestic_export")),
                bit_or(period))
            .collectAsList();
    List<Row> rows = new ArrayList<>();
    boolean mixed = false;
    boolean exporting = false;
    Map<String, Integer> numbers = new TreeMap<>();
    found.forEach(row -> numbers.put(importer(row.getString(0), row.getString(1)), 0));
    int next = 0;
    for (Map.Entry<String, Integer> number : numbers.entrySet()) {
      number.setValue(next++);
    }
    for (Row row : found) {
      int months = Integer.bitCount(row.getInt(3) & ~1);
      boolean annual = row.getBoolean(4);
      // Of any flow: annual exports stand beside months of exports as imports do.
      boolean both = (row.getInt(8) & 1) != 0 && row.getInt(8) > 1;
      mixed |= both;
      exporting |= row.getBoolean(5);
      rows.add(
          RowFactory.create(
              row.getString(0),
              row.getString(1),
              row.getInt(2),
              annual ? MONTHS : months,
              annual,
              row.getBoolean(5),
              row.getBoolean(6),
              row.getBoolean(7),
              numbers.get(importer(row.getString(0), row.getString(1))),
              months,
              both));
    }
    return new Reporting(List.copyOf(rows), mixed, exporting);
  }

  /** Whether some reporter has annual and monthly records of one year. */
  boolean hasAnnualBesideMonths() {
    return mixed;
  }

  /** Whether any reporter reports exports. */
  boolean hasExports() {
    return exporting;
  }

  /** What names an importer of a source in {@link #importYears}. */
  static String importer(String source, String importer) {
    return source + "|" + importer;
  }

  /** As a table to join on source, importer and year. */
  Dataset<Row> table(SparkSession spark) {
    return spark.createDataFrame(rows, SCHEMA);
  }

  /** Years with import records, ascending, by {@link #importer}. */
  Map<String, int[]> importYears() {
    Map<String, List<Integer>> years = new TreeMap<>();
    for (Row row : rows) {
      if (row.getInt(3) > 0) {
        years
            .computeIfAbsent(importer(row.getString(0), row.getString(1)), key -> new ArrayList<>())
            .add(row.getInt(2));
      }
    }
    Map<String, int[]> sorted = new java.util.HashMap<>();
    years.forEach(
        (key, list) ->
            sorted.put(key, list.stream().mapToInt(Integer::intValue).sorted().toArray()));
    return sorted;
  }
}
