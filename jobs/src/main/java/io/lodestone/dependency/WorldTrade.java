package io.lodestone.dependency;

import io.lodestone.exchange.Block;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Exports of every country to the world, of the products of one task: the table {@code
 * world_trade}, and what cells ask of it.
 *
 * <p>Grain: source, exporter, product, year and world_basis. {@code mirror} and {@code baci}: the
 * sum over all importers of what they report by partner, without goods returned, unspecified areas
 * and groups; it has no gaps where exporters do not report. {@code own}: the exporter's reports,
 * domestic exports where it reports them, else exports less re-exports.
 *
 * <p>{@code coverage} of a mirror in a year: the usual imports (median over the years in which it
 * reports the product and all months, by value) of the importers with a row of the product in the
 * year, over those of all importers that ever have one. Below 0.9, or without any whole year, the
 * world is not known, and neither are the exports of an importer that no other mirrors. A year
 * under way says nothing of what is usual, so that one more month of it changes no other year. An
 * importer in a known gap has no row then. BACI has no such coverage: where any importer of it lies
 * in one, the world is not known.
 */
final class WorldTrade {
  static final String MIRROR = "mirror";
  static final String BACI = "baci";
  static final String OWN = "own";
  static final String NONE = "none";

  /** Coverage below which a mirror says nothing about the world. */
  private static final double COVERED = 0.9;

  /** Whether a mirror of a coverage says something of the world; null has no whole year. */
  static boolean covers(Double coverage) {
    return coverage != null && coverage >= COVERED;
  }

  /** HHI of the world's exports by basis; NaN where unknown. */
  record Concentration(double value, double quantity) {
    /** Null where unknown. */
    Double of(int basis) {
      double hhi = basis == Cell.VALUE ? value : quantity;
      return Double.isNaN(hhi) ? null : hhi;
    }
  }

  private final Setting setting;
  private final Reporting reporting;
  private final Sorted world;
  private final Sorted own;
  private final Map<Long, Double> coverage = new HashMap<>();
  private final Sorted years;
  private final Map<Long, Integer> importers = new HashMap<>();
  private final Map<Long, Concentration> concentrations = new HashMap<>();

  WorldTrade(ProductRows rows, Setting setting, Reporting reporting) {
    this.setting = setting;
    this.reporting = reporting;
    this.world = new Sorted(rows.world());
    this.own = new Sorted(rows.own());
    boolean isMirrored = setting.worlds().contains(MIRROR);
    this.years = new Sorted(isMirrored ? years(rows) : new Block(YEAR_WIDTH));
    if (isMirrored) {
      cover(usual(rows));
    }
    concentrate();
  }

  /** A block sorted by its keys, which are unique where one is looked for. */
  static final class Sorted {
    private final long[] words;
    private final int[] order;
    private final long[] keys;

    Sorted(Block block) {
      this.words = block.words();
      this.order = block.sortedBy(0);
      this.keys = new long[order.length];
      for (int place = 0; place < order.length; place++) {
        keys[place] = words[order[place]];
      }
    }

    int size() {
      return keys.length;
    }

    long key(int place) {
      return keys[place];
    }

    /** A word of the record at a place. */
    long word(int place, int word) {
      return words[order[place] + word];
    }

    /** Place of a key, or a negative number. */
    int find(long key) {
      return Arrays.binarySearch(keys, key);
    }
  }

  /** Source, year and product of a key of {@link Packed#bySlice}. */
  private static long productYear(long key) {
    return key >>> Packed.COUNTRY_BITS;
  }

  private static long productYear(int source, int year, int product) {
    return productYear(Packed.bySlice(source, year, product, 0));
  }

  // Words of a year of a series: its key, imports by value, 1 where all its months are reported.
  private static final int IMPORTS = 1;
  private static final int WHOLE = 2;
  private static final int YEAR_WIDTH = 3;

  /** Years of all series of mirrors, whether computed or taken as they stand. */
  private Block years(ProductRows rows) {
    Block years = new Block(YEAR_WIDTH);
    Block cells = rows.cells();
    for (int place = 0; place < cells.records() * cells.width(); place += cells.width()) {
      long key = cells.words()[place];
      int source = Packed.sourceOfSeries(key);
      if (!setting.worlds().get(source).equals(MIRROR)) {
        continue;
      }
      int importer = Packed.countryOfSeries(key);
      int year = Packed.yearOfSeries(key);
      boolean hasMonths = CellRecord.hasMonths(cells.words()[place + CellRecord.TAGS]);
      boolean isWhole = reporting.months(source, importer, year, hasMonths) == Reporting.MONTHS;
      add(years, key, cells.words()[place + CellRecord.BASIS + CellRecord.TOTAL], isWhole);
    }
    Block past = rows.past();
    for (int place = 0; place < past.records() * past.width(); place += past.width()) {
      long tags = past.words()[place + PastRecord.TAGS];
      if (PastRecord.basis(tags) == Cell.VALUE) {
        add(
            years,
            past.words()[place],
            past.words()[place + PastRecord.TOTAL],
            PastRecord.isWholeYear(tags));
      }
    }
    return years;
  }

  /** An importer whose imports are unknown covers nothing of the world's exports. */
  private static void add(Block years, long key, long total, boolean isWhole) {
    if (total != Cell.UNKNOWN) {
      ProductRows.append(years, key, new long[] {total, isWhole ? 1 : 0});
    }
  }

  /** Usual imports of series by {@link Packed#series}, where they are known without their years. */
  private Map<Long, Long> usual(ProductRows rows) {
    Map<Long, Long> usual = new HashMap<>();
    Block before = rows.before();
    for (int place = 0; place < before.records() * before.width(); place += before.width()) {
      long key = before.words()[place];
      if (before.words()[place + ProductBins.BEFORE_BASIS] == Cell.VALUE
          && setting.worlds().get(Packed.sourceOfSeries(key)).equals(MIRROR)) {
        usual.put(
            Packed.series(key), Math.max(0, before.words()[place + ProductBins.BEFORE_USUAL]));
      }
    }
    return usual;
  }

  /**
   * Takes the years of one importer and product after another.
   *
   * @param known usual imports; years of these series say nothing of what is usual
   */
  private void cover(Map<Long, Long> known) {
    Map<Long, Long> usualOfAll = new HashMap<>();
    Map<Long, Long> usualOfReporting = new HashMap<>();
    known.forEach(
        (series, usual) ->
            usualOfAll.merge(
                productYear(
                    Packed.sourceOfSeries(Packed.key(series)),
                    FIRST_YEAR,
                    Packed.productOfSeries(Packed.key(series))),
                usual,
                Long::sum));
    int next = 0;
    while (next < years.size()) {
      int from = next;
      long series = Packed.series(years.key(from));
      while (next < years.size() && Packed.series(years.key(next)) == series) {
        next++;
      }
      int source = Packed.sourceOfSeries(years.key(from));
      if (!setting.worlds().get(source).equals(MIRROR)) {
        continue;
      }
      int product = Packed.productOfSeries(years.key(from));
      Long usualBefore = known.get(series);
      long usual =
          usualBefore != null
              ? usualBefore
              : median(
                  IntStream.range(from, next)
                      .filter(place -> years.word(place, WHOLE) == 1)
                      .mapToLong(place -> years.word(place, IMPORTS))
                      .toArray());
      if (usualBefore == null) {
        usualOfAll.merge(productYear(source, FIRST_YEAR, product), usual, Long::sum);
      }
      for (int place = from; place < next; place++) {
        long key = productYear(source, Packed.yearOfSeries(years.key(place)), product);
        usualOfReporting.merge(key, usual, Long::sum);
        importers.merge(key, 1, Integer::sum);
      }
    }
    usualOfReporting.forEach(
        (key, usual) -> {
          long slice = key << Packed.COUNTRY_BITS;
          long all =
              usualOfAll.get(
                  productYear(
                      Packed.sourceOfSlice(slice), FIRST_YEAR, Packed.productOfSlice(slice)));
          if (all > 0) {
            coverage.put(key, (double) usual / all);
          }
        });
  }

  private static final int FIRST_YEAR = 1900;

  /** Whether an importer but this one, whose imports say nothing of its exports, has a row. */
  private boolean hasOther(int source, int year, int product, int importer) {
    int all = importers.getOrDefault(productYear(source, year, product), 0);
    boolean isAmong = years.find(Packed.bySeries(source, importer, product, year)) >= 0;
    return all > (isAmong ? 1 : 0);
  }

  /** Half way between the two in the middle, rounded up, where there are two; 0 of nothing. */
  static long median(long[] values) {
    if (values.length == 0) {
      return 0;
    }
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle] + 1) / 2;
  }

  private void concentrate() {
    int next = 0;
    while (next < world.size()) {
      long key = productYear(world.key(next));
      int from = next;
      while (next < world.size() && productYear(world.key(next)) == key) {
        next++;
      }
      long slice = world.key(from);
      boolean isMirror = setting.worlds().get(Packed.sourceOfSlice(slice)).equals(MIRROR);
      if (isMirror ? covers(coverage.get(key)) : isWhole(slice)) {
        concentrations.put(
            key, new Concentration(hhi(from, next, Cell.VALUE), hhi(from, next, Cell.QUANTITY)));
      }
    }
  }

  /** Whether no importer's imports of the product are known to be missing. */
  private boolean isWhole(long slice) {
    return setting.gaps().isEmpty()
        || setting.hidden(
                    Packed.sourceOfSlice(slice),
                    Packed.productOfSlice(slice),
                    Packed.yearOfSlice(slice))
                .length
            == 0;
  }

  private double hhi(int from, int to, int basis) {
    double total = 0;
    double squares = 0;
    for (int place = from; place < to; place++) {
      long amount = world.word(place, 1 + basis);
      if (amount != Cell.UNKNOWN) {
        total += amount;
        squares += (double) amount * amount;
      }
    }
    return total > 0 ? squares / (total * total) : Double.NaN;
  }

  /**
   * Concentration of the world's exports as a source sees it: BACI's where it has the product in
   * the year, else the source's own mirror where it covers the world; null where neither does.
   */
  Concentration concentration(int source, int year, int product) {
    Concentration itsOwn = concentrations.get(productYear(source, year, product));
    if (setting.worlds().get(source).equals(BACI)) {
      return itsOwn;
    }
    for (int other = 0; other < setting.worlds().size(); other++) {
      if (setting.worlds().get(other).equals(BACI)) {
        Concentration reconciled = concentrations.get(productYear(other, year, product));
        if (reconciled != null) {
          return reconciled;
        }
      }
    }
    return itsOwn;
  }

  /**
   * Exports of an importer.
   *
   * @param basis whose word they are; null where they are unknown
   */
  record Exports(long value, long quantity, String basis) {
    static final Exports UNKNOWN = new Exports(Cell.UNKNOWN, Cell.UNKNOWN, null);

    long of(int measure) {
      return measure == Cell.VALUE ? value : quantity;
    }
  }

  /** Exports of a product by an importer in a year: 0 where it is known to export none. */
  Exports exports(int source, int year, int product, int importer) {
    long key = Packed.bySlice(source, year, product, importer);
    String itsWorld = setting.worlds().get(source);
    if (reporting.hasExports(source, importer, year)
        && !setting.hidesExports(source, importer, product, year)) {
      String basis = reporting.hasReExports(source, importer, year) ? "domestic" : "gross";
      int place = own.find(key);
      return place < 0
          ? new Exports(0, 0, "gross")
          : new Exports(own(place, Cell.VALUE), own(place, Cell.QUANTITY), basis);
    }
    boolean known =
        itsWorld.equals(BACI) && isWhole(key)
            || itsWorld.equals(MIRROR)
                && concentrations.containsKey(productYear(source, year, product))
                && hasOther(source, year, product, importer);
    if (!known) {
      return Exports.UNKNOWN;
    }
    int place = world.find(key);
    return place < 0
        ? new Exports(0, 0, itsWorld)
        : new Exports(world.word(place, 1), world.word(place, 2), itsWorld);
  }

  /**
   * Domestic exports where the reporter reports them of the product, else exports less re-exports:
   * a product that it only passes on has no row of domestic exports.
   */
  private long own(int place, int basis) {
    long key = own.key(place);
    long gross = own.word(place, 1 + basis);
    long re = own.word(place, 3 + basis);
    long domestic = own.word(place, 5 + basis);
    boolean isTold =
        reporting.hasDomesticExports(
            Packed.sourceOfSlice(key), Packed.countryOfSlice(key), Packed.yearOfSlice(key));
    if (isTold && domestic != Cell.UNKNOWN) {
      return domestic;
    }
    boolean isUntold = re == Cell.UNKNOWN && own.word(place, 3 + Cell.VALUE) != Cell.UNKNOWN;
    return gross == Cell.UNKNOWN || isUntold
        ? Cell.UNKNOWN
        : Math.max(0, gross - (re == Cell.UNKNOWN ? 0 : re));
  }

  /** Coverage by {@link Packed#bySlice} with country 0; absent for BACI. */
  Map<Long, Double> coverages() {
    Map<Long, Double> bySlice = new HashMap<>();
    coverage.forEach((key, covered) -> bySlice.put(key << Packed.COUNTRY_BITS, covered));
    return bySlice;
  }

  /** Rows of the table. */
  int size() {
    return world.size() + own.size();
  }

  /** Source, year, product and exporter of a row, by {@link Packed#bySlice}. */
  long key(int row) {
    return row < world.size() ? world.key(row) : own.key(row - world.size());
  }

  String basis(int row) {
    return row < world.size() ? setting.worlds().get(Packed.sourceOfSlice(key(row))) : OWN;
  }

  /** Thousandths. */
  long amount(int row, int basis) {
    return row < world.size() ? world.word(row, 1 + basis) : own(row - world.size(), basis);
  }

  /** Null for BACI and own exports. */
  Double coverage(int row) {
    return row < world.size() ? coverage.get(productYear(world.key(row))) : null;
  }
}
