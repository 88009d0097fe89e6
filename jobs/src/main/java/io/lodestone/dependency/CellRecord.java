package io.lodestone.dependency;

import io.lodestone.exchange.Block;

/**
 * A cell on its way to the other years of its series: the key of {@link Packed#bySeries} and what a
 * {@link Cell} says, in twenty words. Fractions are the bits of a double, NaN where unknown.
 */
final class CellRecord {
  static final int KEY = 0;
  static final int SHARE_WITH_QUANTITY = 1;
  static final int SHARE_ESTIMATED = 2;

  /** Mapping, valuation and whether it is made of months. */
  static final int TAGS = 3;

  /** First word of a basis; a basis has {@link #BASIS_WIDTH}. */
  static final int BASIS = 4;

  static final int BASIS_WIDTH = 8;

  // Words of a basis.
  static final int TOTAL = 0;
  static final int HHI = 1;
  static final int CR1 = 2;
  static final int CR3 = 3;
  static final int ENTROPY = 4;
  static final int SHARE_UNSPECIFIED = 5;
  static final int SHARE_SELF = 6;

  /** Number of suppliers, and the top one above it; no top one is -1. */
  static final int SUPPLIERS = 7;

  static final int WIDTH = BASIS + 2 * BASIS_WIDTH;

  private static final int VALUATION_SHIFT = 2;
  private static final int MONTHLY_SHIFT = 4;

  private CellRecord() {}

  /** Appends a cell. */
  static void append(Block block, long key, Cell cell, boolean hasMonths) {
    int place = block.append();
    long[] words = block.words();
    words[place + KEY] = key;
    words[place + SHARE_WITH_QUANTITY] = bits(cell.shareWithQuantity());
    words[place + SHARE_ESTIMATED] = bits(cell.shareEstimated());
    words[place + TAGS] =
        cell.weakestMapping()
            | cell.valuation() << VALUATION_SHIFT
            | (hasMonths ? 1 : 0) << MONTHLY_SHIFT;
    for (int basis = Cell.VALUE; basis <= Cell.QUANTITY; basis++) {
      Cell.Concentration concentration = cell.concentration(basis);
      int at = place + BASIS + basis * BASIS_WIDTH;
      words[at + TOTAL] = cell.total(basis);
      words[at + HHI] = bits(concentration.hhi());
      words[at + CR1] = bits(concentration.cr1());
      words[at + CR3] = bits(concentration.cr3());
      words[at + ENTROPY] = bits(concentration.entropy());
      words[at + SHARE_UNSPECIFIED] = bits(cell.shareUnspecified(basis));
      words[at + SHARE_SELF] = bits(cell.shareSelf(basis));
      String top = concentration.topSupplier();
      words[at + SUPPLIERS] =
          (top == null ? -1L : Packed.country(top)) << Integer.SIZE
              | Integer.toUnsignedLong(concentration.suppliers());
    }
  }

  /** Whether nothing is known of the imports that begin at a place. */
  static boolean isUnknown(long[] words, int place) {
    return words[place + BASIS + TOTAL] == Cell.UNKNOWN
        && words[place + BASIS + BASIS_WIDTH + TOTAL] == Cell.UNKNOWN;
  }

  static int mapping(long tags) {
    return (int) tags & 3;
  }

  static int valuation(long tags) {
    return (int) (tags >>> VALUATION_SHIFT) & 3;
  }

  /** Whether the cell is made of months. */
  static boolean hasMonths(long tags) {
    return (tags >>> MONTHLY_SHIFT & 1) != 0;
  }

  private static long bits(Double fraction) {
    return Double.doubleToRawLongBits(fraction == null ? Double.NaN : fraction);
  }

  /** The fraction of a word; null where it is unknown. */
  static Double fraction(long word) {
    double fraction = Double.longBitsToDouble(word);
    return Double.isNaN(fraction) ? null : fraction;
  }
}
