package io.lodestone.dependency;

import java.util.ArrayList;
import java.util.List;

/**
 * Goes through the series of a task: cells that are made again, the years before them that stand,
 * and what stands for years before these.
 */
final class SeriesCursor {
  static final int BASES = 2;

  private final Setting setting;
  private final Reporting reporting;
  private final WorldTrade world;
  private final WorldTrade.Sorted cells;
  private final WorldTrade.Sorted past;
  private final WorldTrade.Sorted before;

  private long series;
  private int first;
  private int behind;
  private int behindPast;
  private int behindBefore;
  private final List<WorldTrade.Exports> exports = new ArrayList<>();
  private final List<Double[]> worldHhis = new ArrayList<>();
  private final List<List<SeriesStates.Past>> earlier = new ArrayList<>();
  private final SeriesStates.Before[] standing = new SeriesStates.Before[BASES];

  SeriesCursor(ProductRows rows, WorldTrade world, Setting setting, Reporting reporting) {
    this.setting = setting;
    this.reporting = reporting;
    this.world = world;
    this.cells = new WorldTrade.Sorted(rows.cells());
    this.past = new WorldTrade.Sorted(rows.past());
    this.before = new WorldTrade.Sorted(rows.before());
  }

  /**
   * Goes to the next series with a cell or an earlier year; false after the last.
   *
   * @throws IllegalStateException if two cells are of one year
   */
  boolean next() {
    long ofCells = behind < cells.size() ? Packed.series(cells.key(behind)) : Long.MAX_VALUE;
    long ofPast = behindPast < past.size() ? Packed.series(past.key(behindPast)) : Long.MAX_VALUE;
    series = Math.min(ofCells, ofPast);
    if (series == Long.MAX_VALUE) {
      return false;
    }
    takeCells();
    takePast();
    takeBefore();
    return true;
  }

  private void takeCells() {
    first = behind;
    exports.clear();
    worldHhis.clear();
    while (behind < cells.size() && Packed.series(cells.key(behind)) == series) {
      int year = Packed.yearOfSeries(cells.key(behind));
      if (behind > first && cells.key(behind) == cells.key(behind - 1)) {
        throw new IllegalStateException(
            "Cannot compute dependency: %s %s %s has two cells for %d; the table flow is not in its order, load it again"
                .formatted(
                    setting.sources().get(source()),
                    Packed.countryName(importer()),
                    setting.product(product()),
                    year));
      }
      boolean isHidden = setting.hidesImports(source(), importer(), product(), year);
      exports.add(
          isHidden
              ? WorldTrade.Exports.UNKNOWN
              : world.exports(source(), year, product(), importer()));
      WorldTrade.Concentration concentration =
          isHidden ? null : world.concentration(source(), year, product());
      worldHhis.add(
          concentration == null
              ? new Double[BASES]
              : new Double[] {concentration.of(Cell.VALUE), concentration.of(Cell.QUANTITY)});
      behind++;
    }
  }

  private void takePast() {
    earlier.clear();
    earlier.addAll(List.of(new ArrayList<>(), new ArrayList<>()));
    while (behindPast < past.size() && Packed.series(past.key(behindPast)) == series) {
      long tags = past.word(behindPast, PastRecord.TAGS);
      earlier
          .get(PastRecord.basis(tags))
          .add(
              new SeriesStates.Past(
                  Packed.yearOfSeries(past.key(behindPast)),
                  past.word(behindPast, PastRecord.TOTAL),
                  PastRecord.isWholeYear(tags),
                  PastRecord.dependent(tags),
                  PastRecord.leaving(tags)));
      behindPast++;
    }
  }

  private void takeBefore() {
    standing[Cell.VALUE] = null;
    standing[Cell.QUANTITY] = null;
    while (behindBefore < before.size() && Packed.series(before.key(behindBefore)) <= series) {
      if (Packed.series(before.key(behindBefore)) == series) {
        standing[(int) before.word(behindBefore, ProductBins.BEFORE_BASIS)] =
            new SeriesStates.Before(
                Packed.yearOfSeries(before.key(behindBefore)),
                before.word(behindBefore, ProductBins.BEFORE_STATE));
      }
      behindBefore++;
    }
  }

  int source() {
    return Packed.sourceOfSeries(Packed.key(series));
  }

  int importer() {
    return Packed.countryOfSeries(Packed.key(series));
  }

  int product() {
    return Packed.productOfSeries(Packed.key(series));
  }

  /** First cell of the series. */
  int first() {
    return first;
  }

  /** The cell after its last. */
  int behind() {
    return behind;
  }

  int year(int cell) {
    return Packed.yearOfSeries(cells.key(cell));
  }

  /** A word of a cell. */
  long word(int cell, int word) {
    return cells.word(cell, word);
  }

  /** A word of a cell that stands for one basis. */
  long word(int cell, int basis, int word) {
    return cells.word(cell, CellRecord.BASIS + basis * CellRecord.BASIS_WIDTH + word);
  }

  private boolean hasMonths(int cell) {
    return CellRecord.hasMonths(word(cell, CellRecord.TAGS));
  }

  boolean isAnnual(int cell) {
    return reporting.isAnnual(source(), importer(), year(cell), hasMonths(cell));
  }

  int months(int cell) {
    return reporting.months(source(), importer(), year(cell), hasMonths(cell));
  }

  /** Exports of the product by the importer in the year of a cell; unknown in a gap, as all is. */
  WorldTrade.Exports exports(int cell) {
    return exports.get(cell - first);
  }

  /** The world's HHI in the year of a cell; null where unknown. */
  Double worldHhi(int cell, int basis) {
    return worldHhis.get(cell - first)[basis];
  }

  /** Years that the importer reports. */
  int[] reported() {
    return reporting.importYears(source(), importer());
  }

  /** Years of the cells. */
  List<SeriesStates.Year> years(int basis) {
    List<SeriesStates.Year> years = new ArrayList<>(behind - first);
    for (int cell = first; cell < behind; cell++) {
      years.add(
          new SeriesStates.Year(
              year(cell),
              word(cell, basis, CellRecord.TOTAL),
              CellRecord.fraction(word(cell, basis, CellRecord.HHI)),
              worldHhi(cell, basis),
              exports(cell).of(basis)));
    }
    return years;
  }

  /** Earlier years that stand, ascending. */
  List<SeriesStates.Past> past(int basis) {
    return earlier.get(basis);
  }

  /** What stands for years before these; null where nothing does. */
  SeriesStates.Before before(int basis) {
    return standing[basis];
  }
}
