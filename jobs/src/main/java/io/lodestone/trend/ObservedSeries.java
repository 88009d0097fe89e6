package io.lodestone.trend;

import io.lodestone.Failure;
import io.lodestone.trend.statistics.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * All that is known of one importer's imports of one product: concentration, suppliers and states
 * by year, and the trend that stood before.
 *
 * <p>A year of the window counts if the importer has a row for it with all twelve months. A
 * supplier without a row in such a year supplied nothing, a true zero; one whose row has no weight
 * is unknown by quantity. Where the HHI is null all shares are unknown.
 */
final class ObservedSeries {
  private static final int WHOLE_YEAR = 12;
  private static final int NUMBERS = 4;
  private static final double NO_ROW = -1;

  private final String source;
  private final String importer;
  private final String kind;
  private final String product;
  private final int fromYear;
  private final int years;
  private final Row[][] cells;
  private final List<Row> states = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> suppliers = new ArrayList<>();
  private final List<double[]> numbers = new ArrayList<>();
  private final List<Row> earlier = new ArrayList<>();
  private long hash;

  ObservedSeries(Row first, int fromYear, int toYear) {
    this.source = first.getString(SeriesInput.SOURCE);
    this.importer = first.getString(SeriesInput.IMPORTER);
    this.kind = first.getString(SeriesInput.PRODUCT_KIND);
    this.product = first.getString(SeriesInput.PRODUCT);
    this.fromYear = fromYear;
    this.years = toYear - fromYear + 1;
    this.cells = new Row[SeriesInput.BASES.size()][years];
  }

  boolean isOf(Row row) {
    return product.equals(row.getString(SeriesInput.PRODUCT))
        && importer.equals(row.getString(SeriesInput.IMPORTER))
        && source.equals(row.getString(SeriesInput.SOURCE))
        && kind.equals(row.getString(SeriesInput.PRODUCT_KIND));
  }

  void add(Row row) {
    hash ^= row.getLong(SeriesInput.ROW_HASH);
    switch (row.getInt(SeriesInput.ROW_KIND)) {
      case SeriesInput.OF_DEPENDENCY -> addCell(row);
      case SeriesInput.OF_SUPPLIER -> addSupplier(row);
      default -> earlier.add(row.getStruct(SeriesInput.EARLIER));
    }
  }

  private void addCell(Row row) {
    int at = row.getInt(SeriesInput.YEAR) - fromYear;
    int basis = row.getInt(SeriesInput.BASIS);
    for (Row state : at >= 0 && at < years ? List.<Row>of() : states) {
      if (state.getInt(SeriesInput.YEAR) == row.getInt(SeriesInput.YEAR)
          && state.getInt(SeriesInput.BASIS) == basis) {
        throw twice("dependency", row, SeriesInput.BASES.get(basis));
      }
    }
    states.add(row);
    if (at < 0 || at >= years) {
      return;
    }
    if (cells[basis][at] != null) {
      throw twice("dependency", row, SeriesInput.BASES.get(basis));
    }
    cells[basis][at] = row;
  }

  private void addSupplier(Row row) {
    String name = row.getString(SeriesInput.NAME);
    Integer place = places.get(name);
    if (place == null) {
      place = suppliers.size();
      places.put(name, place);
      suppliers.add(name);
      double[] none = new double[NUMBERS * years];
      Arrays.fill(none, NO_ROW);
      numbers.add(none);
    }
    int at = row.getInt(SeriesInput.YEAR) - fromYear;
    double[] its = numbers.get(place);
    if (its[at] != NO_ROW) {
      throw twice("supplier", row, name);
    }
    for (int number = 0; number < NUMBERS; number++) {
      its[number * years + at] = orNaN(row, SeriesInput.FIRST_SHARE + number);
    }
  }

  private Failure twice(String table, Row row, String which) {
    return Failure.data(
        "Cannot compute trend: the table %s has two rows for source %s, importer %s, product %s (%s), year %d, %s; run dependency again, and report it if they return."
            .formatted(
                table, source, importer, product, kind, row.getInt(SeriesInput.YEAR), which));
  }

  static double orNaN(Row row, int field) {
    return row.isNullAt(field) ? Double.NaN : row.getDouble(field);
  }

  String source() {
    return source;
  }

  String importer() {
    return importer;
  }

  String kind() {
    return kind;
  }

  String product() {
    return product;
  }

  /** Of all rows that it came from; equal ones give equal tests. */
  long hash() {
    return hash;
  }

  /** Rows of the trend that stood before. */
  List<Row> earlier() {
    return earlier;
  }

  /** Rows of dependency of one basis, all years, ascending. */
  List<Row> states(int basis) {
    List<Row> its = new ArrayList<>();
    for (Row state : states) {
      if (state.getInt(SeriesInput.BASIS) == basis) {
        its.add(state);
      }
    }
    its.sort((one, other) -> one.getInt(SeriesInput.YEAR) - other.getInt(SeriesInput.YEAR));
    return its;
  }

  /** Whether there is any row of dependency. */
  boolean hasCells() {
    return !states.isEmpty();
  }

  /** Years of the window with rows but fewer than twelve months. */
  int partialYears(int basis) {
    int partial = 0;
    for (Row cell : cells[basis]) {
      if (cell != null && !isWhole(cell)) {
        partial++;
      }
    }
    return partial;
  }

  private static boolean isWhole(Row cell) {
    return !cell.isNullAt(SeriesInput.MONTHS) && cell.getInt(SeriesInput.MONTHS) >= WHOLE_YEAR;
  }

  /** HHI of a year by its place in the window; NaN where unknown or the year is partial. */
  double hhi(int basis, int at) {
    Row cell = cells[basis][at];
    return cell == null || !isWhole(cell) ? Double.NaN : orNaN(cell, SeriesInput.CONCENTRATION);
  }

  /** Who was the top supplier in the first year with an HHI; null without one. */
  String firstTop(int basis) {
    for (int at = 0; at < years; at++) {
      if (!Double.isNaN(hhi(basis, at))) {
        return cells[basis][at].getString(SeriesInput.NAME);
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
    if (Double.isNaN(hhi(basis, at))) {
      return Double.NaN;
    }
    Integer place = places.get(supplier);
    if (place == null) {
      return 0;
    }
    double share = numbers.get(place)[basis * years + at];
    return share == NO_ROW ? 0 : share;
  }

  /** Currency or kilograms; 0 for who has no row, NaN where unknown. */
  double amount(int basis, String supplier, int at) {
    Integer place = places.get(supplier);
    if (place == null) {
      return 0;
    }
    double amount = numbers.get(place)[(SeriesInput.BASES.size() + basis) * years + at];
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
    for (int at = 0; at < years; at++) {
      times[at] = fromYear + at;
      values[at] =
          switch (measure) {
            case Measure.HHI -> hhi(basis, at);
            case Measure.EFFECTIVE_SUPPLIERS -> 1 / hhi(basis, at);
            default -> supplier == null ? Double.NaN : share(basis, supplier, at);
          };
    }
    return Series.of(times, values);
  }

  /** Share of a year's trade that shares are known for; NaN where the HHI is unknown. */
  double coverage(int basis, int at) {
    if (Double.isNaN(hhi(basis, at))) {
      return Double.NaN;
    }
    Row cell = cells[basis][at];
    double unspecified =
        cell.isNullAt(SeriesInput.UNSPECIFIED) ? 0 : cell.getDouble(SeriesInput.UNSPECIFIED);
    boolean weighs = basis == SeriesInput.QUANTITY && !cell.isNullAt(SeriesInput.WITH_QUANTITY);
    return (1 - unspecified) * (weighs ? cell.getDouble(SeriesInput.WITH_QUANTITY) : 1);
  }
}
