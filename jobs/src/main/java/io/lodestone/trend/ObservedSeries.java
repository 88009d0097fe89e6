package io.lodestone.trend;

import io.lodestone.Failure;
import io.lodestone.Tables;
import io.lodestone.trend.statistics.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * All that is known of one importer's imports of one product in the window: concentration and
 * suppliers by year, and the trend that stood before.
 *
 * <p>A year of the window counts if the importer has a row for it with all twelve months. A
 * supplier without a row in such a year supplied nothing, a true zero; one whose row has no weight
 * is unknown by quantity. Where the HHI is null all shares are unknown.
 */
final class ObservedSeries {
  private static final int WHOLE_YEAR = 12;
  private static final int NUMBERS = 4;
  private static final double NO_ROW = -1;

  private final UTF8String source;
  private final UTF8String importer;
  private final UTF8String kind;
  private final UTF8String product;
  private final int fromYear;
  private final int years;
  private final InternalRow[][] cells;
  private final Map<UTF8String, Integer> places = new HashMap<>();
  private final List<String> suppliers = new ArrayList<>();
  private final List<double[]> numbers = new ArrayList<>();
  private final List<InternalRow> earlier = new ArrayList<>();
  private long hash;

  ObservedSeries(InternalRow first, int fromYear, int toYear) {
    this.source = first.getUTF8String(SeriesInput.SOURCE).clone();
    this.importer = first.getUTF8String(SeriesInput.IMPORTER).clone();
    this.kind = first.getUTF8String(SeriesInput.PRODUCT_KIND).clone();
    this.product = first.getUTF8String(SeriesInput.PRODUCT).clone();
    this.fromYear = fromYear;
    this.years = toYear - fromYear + 1;
    this.cells = new InternalRow[SeriesInput.BASES.size()][years];
  }

  boolean isOf(InternalRow row) {
    return product.equals(row.getUTF8String(SeriesInput.PRODUCT))
        && importer.equals(row.getUTF8String(SeriesInput.IMPORTER))
        && source.equals(row.getUTF8String(SeriesInput.SOURCE))
        && kind.equals(row.getUTF8String(SeriesInput.PRODUCT_KIND));
  }

  void add(InternalRow row) {
    switch (row.getInt(SeriesInput.ROW_KIND)) {
      case SeriesInput.OF_DEPENDENCY -> addCell(row.copy());
      case SeriesInput.OF_SUPPLIER -> addSupplier(row);
      default ->
          earlier.add(row.copy().getStruct(SeriesInput.EARLIER, Tables.TREND.schema().size()));
    }
  }

  private void addCell(InternalRow row) {
    int at = row.getInt(SeriesInput.YEAR) - fromYear;
    int basis = row.getInt(SeriesInput.BASIS);
    hash ^= row.getLong(SeriesInput.ROW_HASH);
    if (cells[basis][at] != null) {
      throw twice("dependency", row, SeriesInput.BASES.get(basis));
    }
    cells[basis][at] = row;
  }

  private void addSupplier(InternalRow row) {
    hash ^= row.getLong(SeriesInput.ROW_HASH);
    UTF8String name = row.getUTF8String(SeriesInput.NAME);
    Integer place = places.get(name);
    if (place == null) {
      place = suppliers.size();
      places.put(name.clone(), place);
      suppliers.add(name.toString());
      double[] none = new double[NUMBERS * years];
      Arrays.fill(none, NO_ROW);
      numbers.add(none);
    }
    int at = row.getInt(SeriesInput.YEAR) - fromYear;
    double[] its = numbers.get(place);
    if (its[at] != NO_ROW) {
      throw twice("supplier", row, name.toString());
    }
    for (int number = 0; number < NUMBERS; number++) {
      its[number * years + at] = orNaN(row, SeriesInput.FIRST_SHARE + number);
    }
  }

  private Failure twice(String table, InternalRow row, String which) {
    return twice(table, source, importer, product, kind, row.getInt(SeriesInput.YEAR), which);
  }

  /** The failure for two rows of one year. */
  static Failure twice(
      String table,
      Object source,
      Object importer,
      Object product,
      Object kind,
      int year,
      Object which) {
    return Failure.data(
        "Cannot compute trend: the table %s has two rows for source %s, importer %s, product %s (%s), year %d, %s; run dependency again, and report it if they return."
            .formatted(table, source, importer, product, kind, year, which));
  }

  static double orNaN(InternalRow row, int field) {
    return row.isNullAt(field) ? Double.NaN : row.getDouble(field);
  }

  String source() {
    return source.toString();
  }

  String importer() {
    return importer.toString();
  }

  String kind() {
    return kind.toString();
  }

  String product() {
    return product.toString();
  }

  /** Of all rows that it came from; equal ones give equal tests. */
  long hash() {
    return hash;
  }

  /** Rows of the trend that stood before. */
  List<InternalRow> earlier() {
    return earlier;
  }

  /** Whether there is any row of dependency. */
  boolean hasCells() {
    return Arrays.stream(cells).flatMap(Arrays::stream).anyMatch(Objects::nonNull);
  }

  /** Years of the window with rows but fewer than twelve months. */
  int partialYears(int basis) {
    int partial = 0;
    for (InternalRow cell : cells[basis]) {
      if (cell != null && !isWhole(cell)) {
        partial++;
      }
    }
    return partial;
  }

  private static boolean isWhole(InternalRow cell) {
    return !cell.isNullAt(SeriesInput.MONTHS) && cell.getInt(SeriesInput.MONTHS) >= WHOLE_YEAR;
  }

  /** HHI of a year by its place in the window; NaN where unknown or the year is partial. */
  double hhi(int basis, int at) {
    InternalRow cell = cells[basis][at];
    return cell == null || !isWhole(cell) ? Double.NaN : orNaN(cell, SeriesInput.CONCENTRATION);
  }

  /** Who was the top supplier in the first year with an HHI; null without one. */
  String firstTop(int basis) {
    for (int at = 0; at < years; at++) {
      if (!Double.isNaN(hhi(basis, at))) {
        return cells[basis][at].getUTF8String(SeriesInput.NAME).toString();
      }
    }
    return null;
  }

  /** All suppliers of the window. */
  List<String> suppliers() {
    return suppliers;
  }

  /** Share among named suppliers; 0 for who has no row in a known year, NaN where unknown. */
  double share(int basis, String supplier, int at) {
    return share(basis, numbers(supplier), at);
  }

  private double share(int basis, double[] ofSupplier, int at) {
    if (Double.isNaN(hhi(basis, at))) {
      return Double.NaN;
    }
    double share = ofSupplier == null ? NO_ROW : ofSupplier[basis * years + at];
    return share == NO_ROW ? 0 : share;
  }

  /** What is known of a supplier; null if that is nothing. */
  private double[] numbers(String supplier) {
    Integer place = places.get(UTF8String.fromString(supplier));
    return place == null ? null : numbers.get(place);
  }

  /** Currency or kilograms; 0 for who has no row, NaN where unknown. */
  double amount(int basis, String supplier, int at) {
    double[] its = numbers(supplier);
    double amount = its == null ? NO_ROW : its[(SeriesInput.BASES.size() + basis) * years + at];
    return amount == NO_ROW ? 0 : amount;
  }

  int years() {
    return years;
  }

  int year(int at) {
    return fromYear + at;
  }

  /** Places in the window of the years with an HHI. */
  int[] knownYears(int basis) {
    int[] known = new int[years];
    int count = 0;
    for (int at = 0; at < years; at++) {
      if (!Double.isNaN(hhi(basis, at))) {
        known[count++] = at;
      }
    }
    return Arrays.copyOf(known, count);
  }

  /**
   * A measure by year, gaps left out.
   *
   * @param supplier whose share is meant; null for the HHI and effective suppliers
   */
  Series series(int basis, String measure, String supplier) {
    int[] times = new int[years];
    double[] values = new double[years];
    double[] ofSupplier = supplier == null ? null : numbers(supplier);
    for (int at = 0; at < years; at++) {
      times[at] = fromYear + at;
      values[at] =
          switch (measure) {
            case Measure.HHI -> hhi(basis, at);
            case Measure.EFFECTIVE_SUPPLIERS -> 1 / hhi(basis, at);
            default -> supplier == null ? Double.NaN : share(basis, ofSupplier, at);
          };
    }
    return Series.of(times, values);
  }

  /** Share of a year's trade that shares are known for; NaN where the HHI is unknown. */
  double coverage(int basis, int at) {
    if (Double.isNaN(hhi(basis, at))) {
      return Double.NaN;
    }
    InternalRow cell = cells[basis][at];
    double unspecified =
        cell.isNullAt(SeriesInput.UNSPECIFIED) ? 0 : cell.getDouble(SeriesInput.UNSPECIFIED);
    boolean weighs = basis == SeriesInput.QUANTITY && !cell.isNullAt(SeriesInput.WITH_QUANTITY);
    return (1 - unspecified) * (weighs ? cell.getDouble(SeriesInput.WITH_QUANTITY) : 1);
  }
}
