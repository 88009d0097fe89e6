package io.lodestone.trend.statistics;

import java.util.Arrays;

/** Ranks of values and the groups of equal ones. */
final class Ranks {
  private Ranks() {}

  /**
   * Mid-ranks (Kendall 1945): 1 for the least; equal values share the mean of the ranks that they
   * take up.
   *
   * <p>Worked: 3, 1, 3, 9 have the ranks 2.5, 1, 2.5, 4.
   */
  static double[] midRanks(double[] values) {
    double[] ranks = new double[values.length];
    for (int at = 0; at < values.length; at++) {
      int less = 0;
      int equal = 0;
      for (double other : values) {
        if (other < values[at]) {
          less++;
        } else if (other == values[at]) {
          equal++;
        }
      }
      ranks[at] = less + (equal + 1) / 2.0;
    }
    return ranks;
  }

  /** How many values each group of equal ones has, singles included, in order of the values. */
  static int[] groups(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int[] sizes = new int[sorted.length];
    int groups = 0;
    for (int at = 0; at < sorted.length; at++) {
      if (at == 0 || sorted[at] != sorted[at - 1]) {
        groups++;
      }
      sizes[groups - 1]++;
    }
    return Arrays.copyOf(sizes, groups);
  }
}
