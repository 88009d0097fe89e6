package io.lodestone.trend.statistics;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The exact distribution of Mann-Kendall's S when every arrangement of the observed values is as
 * likely as any other, ties included.
 *
 * <p>Of n values in groups of t_1, t_2, ... equal ones, S = P - 2 I, where P is the number of pairs
 * of unequal values and I the number of inversions of the arrangement. The arrangements with I
 * inversions are the coefficient of q^I in the Gaussian multinomial [n]! / ([t_1]! [t_2]! ...),
 * where [m]! is the product of (1 + q + ... + q^(j-1)) for j = 1 to m (MacMahon; Stanley,
 * Enumerative Combinatorics 1, proposition 1.7.1). So no permutation is ever made.
 *
 * <p>Worked: 1, 2, 3 have 1, 2, 2, 1 arrangements with 0, 1, 2, 3 inversions, S = 3, 1, -1, -3; so
 * P(|S| >= 3) = 2/6.
 */
final class ExactKendall {
  /** The factorial of more does not fit a long. */
  static final int MOST = 20;

  private static final Map<String, double[]> TAILS = new ConcurrentHashMap<>();

  private ExactKendall() {}

  /**
   * P(|S*| >= |s|) over all arrangements; 1 for fewer than two values or for equal ones.
   *
   * @param groups sizes of the groups of equal values, singles included, in any order
   * @param s the observed statistic
   */
  static double twoSided(int[] groups, int s) {
    int[] sorted = groups.clone();
    Arrays.sort(sorted);
    double[] tails = TAILS.computeIfAbsent(Arrays.toString(sorted), key -> tails(sorted));
    int size = Math.abs(s);
    return size < tails.length ? tails[size] : 0;
  }

  /** By |S|, the probability of at least as much. */
  private static double[] tails(int[] groups) {
    int n = Arrays.stream(groups).sum();
    if (n > MOST) {
      throw new IllegalArgumentException(n + " values are too many to count their arrangements");
    }
    long[] counts = {1};
    for (int factor = 2; factor <= n; factor++) {
      counts = times(counts, factor);
    }
    for (int group : groups) {
      for (int factor = 2; factor <= group; factor++) {
        counts = over(counts, factor);
      }
    }
    int pairs = counts.length - 1;
    long all = Arrays.stream(counts).sum();
    double[] tails = new double[pairs + 1];
    for (int inversions = 0; inversions <= pairs; inversions++) {
      tails[Math.abs(pairs - 2 * inversions)] += counts[inversions];
    }
    for (int size = pairs - 1; size >= 0; size--) {
      tails[size] += tails[size + 1];
    }
    for (int size = 0; size <= pairs; size++) {
      tails[size] /= all;
    }
    return tails;
  }

  /** A polynomial times 1 + q + ... + q^(factor - 1). */
  private static long[] times(long[] polynomial, int factor) {
    long[] product = new long[polynomial.length + factor - 1];
    for (int power = 0; power < polynomial.length; power++) {
      for (int more = 0; more < factor; more++) {
        product[power + more] += polynomial[power];
      }
    }
    return product;
  }

  /** A polynomial divided by 1 + q + ... + q^(factor - 1), which divides it. */
  private static long[] over(long[] polynomial, int factor) {
    long[] quotient = new long[polynomial.length - factor + 1];
    for (int power = 0; power < quotient.length; power++) {
      long left = polynomial[power];
      for (int less = 1; less < factor && less <= power; less++) {
        left -= quotient[power - less];
      }
      quotient[power] = left;
    }
    return quotient;
  }
}
