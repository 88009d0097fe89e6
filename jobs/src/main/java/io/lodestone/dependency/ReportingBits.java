package io.lodestone.dependency;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/** What every reporter reports in every year, as bits that may be gathered in any order. */
final class ReportingBits implements Serializable {
  private static final int PERIODS = 13;
  private static final int PERIOD_MASK = (1 << PERIODS) - 1;
  private static final int EXPORTS = 1 << 2 * PERIODS;
  private static final int RE_EXPORTS = EXPORTS << 1;
  private static final int DOMESTIC = EXPORTS << 2;

  private final Map<Long, Integer> bits = new HashMap<>();

  /** Adds periods of a flow: bit 0 for annual records, bits 1 to 12 for months. */
  void add(int source, int reporter, int year, int flow, int periods) {
    int found = periods << PERIODS;
    if (flow == FlowRecord.IMPORT) {
      found |= periods;
    }
    if (flow == FlowRecord.EXPORT || flow == FlowRecord.DOMESTIC_EXPORT) {
      found |= EXPORTS;
    }
    if (flow == FlowRecord.RE_EXPORT || flow == FlowRecord.DOMESTIC_EXPORT) {
      found |= RE_EXPORTS;
    }
    if (flow == FlowRecord.DOMESTIC_EXPORT) {
      found |= DOMESTIC;
    }
    bits.merge(Packed.bySlice(source, year, 0, reporter), found, (one, other) -> one | other);
  }

  /** Adds a year of imports as a table has it: whole, or some months. */
  void addStored(int source, int importer, int year, boolean isWhole) {
    add(source, importer, year, FlowRecord.IMPORT, isWhole ? 1 : 2);
  }

  /** Whether imports of all months are reported. */
  static boolean isWhole(int bits) {
    return hasAnnualImports(bits) || importMonths(bits) == Reporting.MONTHS;
  }

  /** Adds what another task found. */
  void add(ReportingBits other) {
    other.bits.forEach((key, found) -> bits.merge(key, found, (one, two) -> one | two));
  }

  /** Adds what another task found of slices that are not made again. */
  void addPast(ReportingBits other, Renewal renewal) {
    other.bits.forEach(
        (key, found) -> {
          if (!renewal.includes(Packed.sourceOfSlice(key), Packed.yearOfSlice(key))) {
            bits.merge(key, found, (one, two) -> one | two);
          }
        });
  }

  /** By {@link Packed#bySlice} with product 0. */
  Map<Long, Integer> bits() {
    return bits;
  }

  /** Whether any imports are reported, beside totals. */
  static boolean hasImports(int bits) {
    return (bits & PERIOD_MASK) != 0;
  }

  /** Months of imports; annual records are not counted. */
  static int importMonths(int bits) {
    return Integer.bitCount(bits & PERIOD_MASK & ~1);
  }

  static boolean hasAnnualImports(int bits) {
    return (bits & 1) != 0;
  }

  static boolean hasExports(int bits) {
    return (bits & EXPORTS) != 0;
  }

  /** Whether re-exports are told apart. */
  static boolean hasReExports(int bits) {
    return (bits & RE_EXPORTS) != 0;
  }

  static boolean hasDomesticExports(int bits) {
    return (bits & DOMESTIC) != 0;
  }
}
