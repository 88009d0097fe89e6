package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.records.Goods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Shares and concentrations of one source as series: a row an importer, product, basis and measure,
 * with one value a year of the records.
 *
 * <p>Measures are {@code hhi}, {@code top_share}, and {@code share:XXX} for each supplier whose
 * share was at least {@link #MAIN} in some year on one of the bases; who forecasts asks again what
 * was known in the year that it stands in. A supplier without a flow in a year in which the
 * importer has others has the share 0; a year that is unknown or has fewer than twelve months is
 * null.
 *
 * <p>One exchange, by heading: series of a heading lie in one partition, in order.
 */
final class ShareSeries {
  /** Suppliers that never had so large a share have no series. */
  static final double MAIN = 0.05;

  static final String HHI = "hhi";
  static final String TOP_SHARE = "top_share";
  static final String SHARE = "share:";

  static final List<String> BASES = List.of("value", "quantity");

  /** Columns of the series, in the order of a partition. */
  static final StructType ROW =
      new StructType()
          .add("product_kind", DataTypes.StringType)
          .add("heading", DataTypes.StringType)
          .add("product", DataTypes.StringType)
          .add("importer", DataTypes.StringType)
          .add("basis", DataTypes.StringType)
          .add("measure", DataTypes.StringType)
          .add("from_year", DataTypes.IntegerType)
          .add("shares", DataTypes.createArrayType(DataTypes.DoubleType, true));

  private static final int WHOLE_YEAR = 12;

  private ShareSeries() {}

  /** Of a source, kept for all kinds of models. */
  static Dataset<Row> of(SourceTables tables) {
    return tables.shared(
        "share series",
        () ->
            of(
                tables.dependency(),
                tables.supplier(),
                tables.goods(),
                tables.split().first(),
                tables.split().last(),
                tables.partitions()));
  }

  /**
   * Of rows of {@code dependency} and {@code supplier} of one source.
   *
   * @param from first year of the series
   * @param to last year
   * @param partitions as many as can be sorted in memory
   */
  static Dataset<Row> of(
      Dataset<Row> dependency,
      Dataset<Row> supplier,
      Goods goods,
      int from,
      int to,
      int partitions) {
    Column inWindow = col("year").geq(from).and(col("year").leq(to));
    Dataset<Row> cells =
        dependency
            .filter(inWindow.and(col("months").equalTo(WHOLE_YEAR)).and(col("hhi").isNotNull()))
            .select(
                col("product_kind"),
                Markets.heading(goods),
                col("product"),
                col("importer"),
                col("year"),
                when(col("basis").equalTo(BASES.get(0)), 0).otherwise(1).as("basis"),
                col("hhi"),
                col("top_share"),
                lit(null).cast("BINARY").as("flows"));
    Dataset<Row> shares =
        YearFlows.of(supplier.filter(inWindow), col("share_value"), col("share_quantity"))
            .select(
                col("product_kind"),
                Markets.heading(goods),
                col("product"),
                col("importer"),
                col("year"),
                lit(0).as("basis"),
                lit(null).cast("DOUBLE").as("hhi"),
                lit(null).cast("DOUBLE").as("top_share"),
                col("flows"));
    return cells
        .unionByName(shares)
        .withColumn("cell", xxhash64(col("product_kind"), col("product"), col("importer")))
        .repartition(partitions, col("product_kind"), col("heading"))
        // By one number, since Spark sorts by several columns far slower; series are few.
        .sortWithinPartitions("cell")
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>) rows -> new OfCells(rows, from, to - from + 1),
            Encoders.row(ROW))
        .sortWithinPartitions("product_kind", "heading", "product", "importer", "measure", "basis");
  }

  private static final int YEAR = 4;
  private static final int BASIS = 5;
  private static final int FLOWS = 8;
  private static final int CELL = 9;

  /** What is known of an importer's product. */
  private static final class Cell {
    final Row first;
    final Double[][] hhi;
    final Double[][] top;

    /** By supplier, basis and year: a share, 0 without a flow, NaN where the flow's is unknown. */
    final Map<String, double[][]> suppliers = new TreeMap<>();

    Cell(Row first, int years) {
      this.first = first;
      this.hhi = new Double[BASES.size()][years];
      this.top = new Double[BASES.size()][years];
    }

    boolean isOf(Row row) {
      return first.getString(3).equals(row.getString(3))
          && first.getString(2).equals(row.getString(2))
          && first.getString(0).equals(row.getString(0));
    }

    void add(Row row, int year) {
      if (row.isNullAt(FLOWS)) {
        int basis = row.getInt(BASIS);
        hhi[basis][year] = row.getDouble(BASIS + 1);
        top[basis][year] = row.getDouble(BASIS + 2);
      } else {
        YearFlows.forEach(
            row.getAs(FLOWS),
            BASES.size(),
            (supplier, shares) -> {
              double[][] known =
                  suppliers.computeIfAbsent(
                      supplier, absent -> new double[BASES.size()][hhi[0].length]);
              for (int basis = 0; basis < shares.length; basis++) {
                known[basis][year] = shares[basis];
              }
            });
      }
    }

    /**
     * Shares of a supplier: none in a known year is 0, but a flow whose weight is not known is no
     * zero.
     */
    Double[] shares(double[][] flows, int basis) {
      Double[] shares = new Double[flows[basis].length];
      for (int year = 0; year < shares.length; year++) {
        if (hhi[basis][year] != null && !Double.isNaN(flows[basis][year])) {
          shares[year] = flows[basis][year];
        }
      }
      return shares;
    }
  }

  /** Series from rows of cells that lie together. */
  private static final class OfCells extends GroupedRows {
    private final int from;
    private final int years;

    OfCells(Iterator<Row> rows, int from, int years) {
      super(rows);
      this.from = from;
      this.years = years;
    }

    @Override
    void group() {
      long number = row.getLong(CELL);
      // Nearly always one; but two cells may have one number.
      List<Cell> cells = new ArrayList<>();
      while (row != null && row.getLong(CELL) == number) {
        cell(cells).add(row, row.getInt(YEAR) - from);
        take();
      }
      cells.forEach(this::series);
    }

    private Cell cell(List<Cell> cells) {
      for (Cell cell : cells) {
        if (cell.isOf(row)) {
          return cell;
        }
      }
      cells.add(new Cell(row, years));
      return cells.get(cells.size() - 1);
    }

    private void series(Cell cell) {
      for (int basis = 0; basis < BASES.size(); basis++) {
        emit(cell.first, basis, HHI, cell.hhi[basis]);
        emit(cell.first, basis, TOP_SHARE, cell.top[basis]);
      }
      cell.suppliers.forEach(
          (supplier, flows) -> {
            Double[][] shares = {cell.shares(flows, 0), cell.shares(flows, 1)};
            if (isMain(shares[0]) || isMain(shares[1])) {
              for (int basis = 0; basis < BASES.size(); basis++) {
                emit(cell.first, basis, SHARE + supplier, shares[basis]);
              }
            }
          });
    }

    private static boolean isMain(Double[] shares) {
      return Arrays.stream(shares).anyMatch(share -> share != null && share >= MAIN);
    }

    private void emit(Row cell, int basis, String measure, Double[] shares) {
      if (Arrays.stream(shares).allMatch(share -> share == null)) {
        return;
      }
      give(
          RowFactory.create(
              cell.getString(0),
              cell.getString(1),
              cell.getString(2),
              cell.getString(3),
              BASES.get(basis),
              measure,
              from,
              shares));
    }
  }

  /** A series as the arithmetic takes it: NaN for a year that is unknown. */
  static double[] shares(Row series) {
    List<Double> values = series.getList(series.fieldIndex("shares"));
    double[] shares = new double[values.size()];
    for (int year = 0; year < shares.length; year++) {
      Double value = values.get(year);
      shares[year] = value == null ? Double.NaN : value;
    }
    return shares;
  }
}
