package io.lodestone.dependency;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every reporter reports in every year: which months of imports, annual records or not,
 * exports or not. A supplier or product without a row is a zero only where the importer reports.
 *
 * <p>Grain: source, reporter, year; at most some ten thousand, held by every task.
 */
final class Reporting implements Serializable {
  static final int MONTHS = 12;

  private final Map<Long, Integer> bits;
  private final Map<Long, int[]> importYears = new HashMap<>();

  Reporting(ReportingBits gathered) {
    this.bits = new HashMap<>(gathered.bits());
    Map<Long, List<Integer>> years = new HashMap<>();
    bits.forEach(
        (key, found) -> {
          if (ReportingBits.hasImports(found)) {
            years
                .computeIfAbsent(
                    importer(Packed.sourceOfSlice(key), Packed.countryOfSlice(key)),
                    absent -> new ArrayList<>())
                .add(Packed.yearOfSlice(key));
          }
        });
    years.forEach(
        (importer, found) ->
            importYears.put(
                importer, found.stream().mapToInt(Integer::intValue).sorted().toArray()));
  }

  private static long importer(int source, int importer) {
    return Packed.bySlice(source, 1900, 0, importer);
  }

  private int bits(int source, int reporter, int year) {
    return bits.getOrDefault(Packed.bySlice(source, year, 0, reporter), 0);
  }

  /** Whether any imports are reported, beside totals. */
  boolean hasImports(int source, int importer, int year) {
    return ReportingBits.hasImports(bits(source, importer, year));
  }

  /** Whether imports are reported in annual records. */
  boolean hasAnnualImports(int source, int importer, int year) {
    return ReportingBits.hasAnnualImports(bits(source, importer, year));
  }

  /** Months in which imports are reported. */
  int importMonths(int source, int importer, int year) {
    return ReportingBits.importMonths(bits(source, importer, year));
  }

  /**
   * Whether a cell is of annual records; one of months is monthly though its importer has annual
   * records of other products.
   */
  boolean isAnnual(int source, int importer, int year, boolean hasMonths) {
    return !hasMonths && hasAnnualImports(source, importer, year);
  }

  /** Months of the year that the records of a cell stand for. */
  int months(int source, int importer, int year, boolean hasMonths) {
    return isAnnual(source, importer, year, hasMonths)
        ? MONTHS
        : importMonths(source, importer, year);
  }

  /** By source the last year of which an importer reports all months. */
  Map<Integer, Integer> lastWholeYears() {
    Map<Integer, Integer> last = new HashMap<>();
    bits.forEach(
        (key, found) -> {
          if (ReportingBits.isWhole(found)) {
            last.merge(Packed.sourceOfSlice(key), Packed.yearOfSlice(key), Math::max);
          }
        });
    return last;
  }

  boolean hasExports(int source, int reporter, int year) {
    return ReportingBits.hasExports(bits(source, reporter, year));
  }

  /** Whether re-exports are told apart. */
  boolean hasReExports(int source, int reporter, int year) {
    return ReportingBits.hasReExports(bits(source, reporter, year));
  }

  boolean hasDomesticExports(int source, int reporter, int year) {
    return ReportingBits.hasDomesticExports(bits(source, reporter, year));
  }

  /** Years with import records, ascending. */
  int[] importYears(int source, int importer) {
    return importYears.getOrDefault(importer(source, importer), new int[0]);
  }
}
