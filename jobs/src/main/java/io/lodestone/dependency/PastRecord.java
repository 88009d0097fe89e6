package io.lodestone.dependency;

/**
 * A year of a series on one basis that is taken as {@code dependency} holds it, in three words: the
 * key of {@link Packed#bySeries}, the total in thousandths, and tags.
 */
final class PastRecord {
  static final int TOTAL = 1;
  static final int TAGS = 2;
  static final int WIDTH = 3;

  private static final int COMPLETE = 2;
  private static final int DEPENDENT_SHIFT = 2;
  private static final int LEAVING_SHIFT = 4;
  private static final int UNKNOWN = 2;

  private PastRecord() {}

  static long tags(int basis, boolean isWholeYear, Boolean dependent, Boolean leaving) {
    return basis
        | (isWholeYear ? COMPLETE : 0)
        | bits(dependent) << DEPENDENT_SHIFT
        | bits(leaving) << LEAVING_SHIFT;
  }

  private static int bits(Boolean known) {
    return known == null ? UNKNOWN : known ? 1 : 0;
  }

  static int basis(long tags) {
    return (int) tags & 1;
  }

  /** Whether all months of the year are reported. */
  static boolean isWholeYear(long tags) {
    return (tags & COMPLETE) != 0;
  }

  /** Null where unknown. */
  static Boolean dependent(long tags) {
    return known(tags >>> DEPENDENT_SHIFT);
  }

  /** Whether a condition of leaving the state holds; null where unknown. */
  static Boolean leaving(long tags) {
    return known(tags >>> LEAVING_SHIFT);
  }

  private static Boolean known(long bits) {
    return (bits & UNKNOWN) != 0 ? null : Boolean.valueOf((bits & 1) != 0);
  }
}
