package io.lodestone.dependency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;

/**
 * What needs all years of a series: exports of the importer beside its imports, the rule of
 * dependence, GeoDep over three years, and the state.
 *
 * <p>Takes rows of {@link #INPUT}, a series after the other, by year within it: cells ({@link
 * ImportCells} with coverage and world HHI), and rows that only carry exports of the importer.
 * Gives two rows a cell, one a basis.
 *
 * <p>A year that the importer reports without a row of the product has imports of 0: it is known
 * and not dependent. A year that the importer does not report is missing.
 */
final class SeriesStates implements Iterator<Row> {
  static final int BASES = 2;

  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;

  /** Whether the exports of an importer in a year are known, and from whom. */
  static final int EXPORTS_UNKNOWN = 0;

  static final int EXPORTS_OWN = 1;
  static final int EXPORTS_OF_MIRROR = 2;
  static final int EXPORTS_OF_BACI = 3;

  /** Fields of one basis: total, suppliers, hhi, cr1, cr3, entropy, top, shares, world_hhi. */
  private static StructType withBasis(StructType schema, String basis) {
    return schema
        .add(basis + "_total", DataTypes.LongType)
        .add(basis + "_suppliers", DataTypes.IntegerType)
        .add(basis + "_hhi", DataTypes.DoubleType)
        .add(basis + "_cr1", DataTypes.DoubleType)
        .add(basis + "_cr3", DataTypes.DoubleType)
        .add(basis + "_entropy", DataTypes.DoubleType)
        .add(basis + "_top", DataTypes.StringType)
        .add(basis + "_share_unspecified", DataTypes.DoubleType)
        .add(basis + "_share_self", DataTypes.DoubleType)
        .add(basis + "_world_hhi", DataTypes.DoubleType);
  }

  private static final StructType KEY =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("importer", DataTypes.StringType)
          .add("product_kind", DataTypes.StringType)
          .add("product", DataTypes.StringType)
          .add("year", DataTypes.IntegerType);

  private static final StructType SHARED =
      new StructType()
          .add("share_with_quantity", DataTypes.DoubleType)
          .add("share_estimated", DataTypes.DoubleType)
          .add("mapping", DataTypes.IntegerType)
          .add("valuation", DataTypes.IntegerType)
          .add("months", DataTypes.IntegerType)
          .add("annual", DataTypes.BooleanType);

  /** Cells and exports; is_cell tells them apart. */
  static final StructType INPUT =
      append(
          withBasis(withBasis(append(KEY, SHARED), "value"), "quantity"),
          new StructType()
              .add("exports_known", DataTypes.IntegerType)
              .add("is_cell", DataTypes.BooleanType)
              .add("exports_value", DataTypes.LongType)
              .add("exports_quantity", DataTypes.LongType)
              .add("world_basis", DataTypes.StringType)
              .add("re_exports_known", DataTypes.BooleanType));

  /** One row a cell and basis. */
  static final StructType OUTPUT =
      append(
          append(KEY, SHARED),
          new StructType()
              .add("basis", DataTypes.StringType)
              .add("total", DataTypes.createDecimalType(DIGITS, DECIMALS))
              .add("suppliers", DataTypes.IntegerType)
              .add("hhi", DataTypes.DoubleType)
              .add("cr1", DataTypes.DoubleType)
              .add("cr3", DataTypes.DoubleType)
              .add("entropy", DataTypes.DoubleType)
              .add("top_supplier", DataTypes.StringType)
              .add("share_unspecified", DataTypes.DoubleType)
              .add("share_self", DataTypes.DoubleType)
              .add("world_hhi", DataTypes.DoubleType)
              .add("imports_over_exports", DataTypes.DoubleType)
              .add("no_exports", DataTypes.BooleanType)
              .add("exports_basis", DataTypes.StringType)
              .add("is_import_concentrated", DataTypes.BooleanType)
              .add("is_world_concentrated", DataTypes.BooleanType)
              .add("is_net_importer", DataTypes.BooleanType)
              .add("is_dependent", DataTypes.BooleanType)
              .add("geodep", DataTypes.BooleanType)
              .add("dependent_state", DataTypes.BooleanType)
              .add("dependent_since", DataTypes.IntegerType));

  private static StructType append(StructType one, StructType other) {
    StructType all = one;
    for (org.apache.spark.sql.types.StructField field : other.fields()) {
      all = all.add(field);
    }
    return all;
  }

  private static final int IMPORTER = 1;
  private static final int YEAR = 4;
  private static final int FIRST_SHARED = KEY.size();
  private static final int FIRST_BASIS = FIRST_SHARED + SHARED.size();
  private static final int BASIS_WIDTH = 10;
  private static final int EXPORTS_KNOWN = INPUT.fieldIndex("exports_known");
  private static final int IS_CELL = INPUT.fieldIndex("is_cell");
  private static final int FIRST_EXPORTS = INPUT.fieldIndex("exports_value");
  private static final int WORLD_BASIS = INPUT.fieldIndex("world_basis");
  private static final int RE_EXPORTS_KNOWN = INPUT.fieldIndex("re_exports_known");
  private static final String[] BASIS_NAMES = {"value", "quantity"};

  private final Iterator<Row> rows;
  private final Map<String, int[]> reportedYears;
  private Row ahead;
  private Iterator<Row> ready = java.util.Collections.emptyIterator();

  /**
   * Starts.
   *
   * @param reportedYears of {@link Reporting#importYears}
   */
  SeriesStates(Iterator<Row> rows, Map<String, int[]> reportedYears) {
    this.rows = rows;
    this.reportedYears = reportedYears;
    this.ahead = rows.hasNext() ? rows.next() : null;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && ahead != null) {
      ready = series();
    }
    return ready.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  private Iterator<Row> series() {
    Row first = ahead;
    List<Row> cells = new ArrayList<>();
    Map<Integer, Row> own = new TreeMap<>();
    Map<Integer, Row> world = new TreeMap<>();
    while (ahead != null && sameSeries(first, ahead)) {
      if (ahead.getBoolean(IS_CELL)) {
        requireNewYear(cells, ahead);
        cells.add(ahead);
      } else if (WorldTrade.OWN.equals(ahead.getString(WORLD_BASIS))) {
        own.put(ahead.getInt(YEAR), ahead);
      } else {
        world.put(ahead.getInt(YEAR), ahead);
      }
      ahead = rows.hasNext() ? rows.next() : null;
    }
    if (cells.isEmpty()) {
      return java.util.Collections.emptyIterator();
    }
    int[] years =
        reportedYears.get(
            Reporting.importer(cells.get(0).getString(0), cells.get(0).getString(IMPORTER)));
    List<Row> result = new ArrayList<>(BASES * cells.size());
    for (int basis = 0; basis < BASES; basis++) {
      judge(cells, own, world, years, basis, result);
    }
    return result.iterator();
  }

  private static boolean sameSeries(Row one, Row other) {
    for (int field = YEAR - 1; field >= 0; field--) {
      if (!one.getString(field).equals(other.getString(field))) {
        return false;
      }
    }
    return true;
  }

  private static void requireNewYear(List<Row> cells, Row cell) {
    if (!cells.isEmpty() && cells.get(cells.size() - 1).getInt(YEAR) >= cell.getInt(YEAR)) {
      throw new IllegalStateException(
          "Cannot compute dependency: %s %s %s has two cells for %d; the table flow is not in its order, load it again"
              .formatted(
                  cell.getString(0),
                  cell.getString(IMPORTER),
                  cell.getString(3),
                  cell.getInt(YEAR)));
    }
  }

  private static void judge(
      List<Row> cells,
      Map<Integer, Row> own,
      Map<Integer, Row> world,
      int[] years,
      int basis,
      List<Row> result) {
    DependenceState state = new DependenceState();
    Map<Integer, Boolean> dependentByYear = new TreeMap<>();
    int next = 0;
    int firstYear = cells.get(0).getInt(YEAR);
    for (int year : years) {
      if (year < firstYear) {
        continue;
      }
      if (next == cells.size()) {
        break;
      }
      if (cells.get(next).getInt(YEAR) != year) {
        // Reported, without the product: imports are 0.
        dependentByYear.put(year, false);
        state.next(year, false, true);
        continue;
      }
      Row cell = cells.get(next++);
      int at = FIRST_BASIS + basis * BASIS_WIDTH;
      long imports = cell.isNullAt(at) ? Cell.UNKNOWN : cell.getLong(at);
      Double hhi = orNull(cell, at + 2);
      Double worldHhi = orNull(cell, at + 9);
      Exports exports = exports(cell, own.get(year), world.get(year), basis);
      Double ratio = Cell.ratio(imports, exports.amount());
      Boolean concentrated = Rule.above(hhi, Rule.CONCENTRATED);
      Boolean worldConcentrated = Rule.above(worldHhi, Rule.CONCENTRATED);
      Boolean netImporter = Rule.isNetImporter(imports, exports.amount());
      Boolean dependent = Rule.all(concentrated, worldConcentrated, netImporter);
      Boolean leaving =
          Rule.any(
              Rule.below(hhi, Rule.DISPERSED),
              Rule.below(worldHhi, Rule.DISPERSED),
              Rule.below(ratio, Rule.NET_EXPORTER));
      dependentByYear.put(year, dependent);
      state.next(year, dependent, leaving);
      Object[] fields = new Object[OUTPUT.size()];
      for (int field = 0; field < FIRST_BASIS; field++) {
        fields[field] = cell.get(field);
      }
      int place = FIRST_BASIS;
      fields[place++] = BASIS_NAMES[basis];
      fields[place++] =
          imports == Cell.UNKNOWN ? null : Decimal.createUnsafe(imports, DIGITS, DECIMALS);
      for (int field = 1; field < BASIS_WIDTH; field++) {
        fields[place++] = cell.get(at + field);
      }
      fields[place++] = ratio;
      fields[place++] = exports.amount() == Cell.UNKNOWN ? null : exports.amount() == 0;
      fields[place++] = exports.amount() == Cell.UNKNOWN ? null : exports.basis();
      fields[place++] = concentrated;
      fields[place++] = worldConcentrated;
      fields[place++] = netImporter;
      fields[place++] = dependent;
      fields[place++] = geodep(dependentByYear, year);
      fields[place++] = state.at(year);
      fields[place] = state.since(year);
      result.add(RowFactory.create(fields));
    }
  }

  private record Exports(long amount, String basis) {}

  private static Exports exports(Row cell, Row own, Row world, int basis) {
    int known = cell.getInt(EXPORTS_KNOWN);
    if (known == EXPORTS_UNKNOWN) {
      return new Exports(Cell.UNKNOWN, null);
    }
    if (known == EXPORTS_OWN) {
      boolean domestic = own != null && own.getBoolean(RE_EXPORTS_KNOWN);
      return new Exports(amount(own, basis), domestic ? "domestic" : "gross");
    }
    return new Exports(
        amount(world, basis), known == EXPORTS_OF_BACI ? WorldTrade.BACI : WorldTrade.MIRROR);
  }

  private static long amount(Row exports, int basis) {
    if (exports == null) {
      return 0;
    }
    return exports.isNullAt(FIRST_EXPORTS + basis)
        ? Cell.UNKNOWN
        : exports.getLong(FIRST_EXPORTS + basis);
  }

  /** In at least 2 of the year and the two before; null unless all three are known. */
  private static Boolean geodep(Map<Integer, Boolean> dependent, int year) {
    Boolean[] three = {dependent.get(year - 2), dependent.get(year - 1), dependent.get(year)};
    if (Arrays.stream(three).anyMatch(java.util.Objects::isNull)) {
      return null;
    }
    return Arrays.stream(three).filter(known -> known).count() >= 2;
  }

  private static Double orNull(Row row, int field) {
    return row.isNullAt(field) ? null : row.getDouble(field);
  }
}
