package io.lodestone.trend.statistics;

import java.util.Arrays;

/**
 * What many p-values of one family are worth together. NaN marks what is not tested: it does not
 * count and stays NaN.
 *
 * <p>Of m p-values in ascending order p_(1), ..., p_(m): Benjamini-Hochberg (1995) q_(i) = min over
 * k &gt;= i of m p_(k) / k; Benjamini-Yekutieli (2001), right under any dependence, c(m) = 1 + 1/2
 * + ... + 1/m times as much; Holm (1979) max over k &lt;= i of (m - k + 1) p_(k). None exceeds 1.
 *
 * <p>Worked: 0.01, 0.02, 0.04 have the q-values 0.03, 0.03, 0.04, and Holm's 0.03, 0.04, 0.04.
 */
public final class FalseDiscovery {
  private FalseDiscovery() {}

  /** Benjamini-Hochberg q-values, in the order of the p-values. */
  public static double[] benjaminiHochberg(double[] p) {
    return stepUp(p, 1);
  }

  /** Benjamini-Yekutieli q-values, in the order of the p-values. */
  public static double[] benjaminiYekutieli(double[] p) {
    double harmonic = 0;
    for (int rank = ascending(p).length; rank > 0; rank--) {
      harmonic += 1.0 / rank;
    }
    return stepUp(p, harmonic);
  }

  /** Holm's adjusted p-values, in the order of the p-values: for a short list to be sure of. */
  public static double[] holm(double[] p) {
    Integer[] order = ascending(p);
    double[] adjusted = untested(p);
    double running = 0;
    for (int rank = 0; rank < order.length; rank++) {
      running = Math.max(running, Math.min(1, (order.length - rank) * p[order[rank]]));
      adjusted[order[rank]] = running;
    }
    return adjusted;
  }

  private static double[] stepUp(double[] p, double factor) {
    Integer[] order = ascending(p);
    double[] q = untested(p);
    double running = 1;
    for (int rank = order.length; rank > 0; rank--) {
      int at = order[rank - 1];
      running = Math.min(running, factor * order.length * p[at] / rank);
      q[at] = running;
    }
    return q;
  }

  private static double[] untested(double[] p) {
    double[] none = new double[p.length];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  /** Places of the tested ones by their p-values. */
  private static Integer[] ascending(double[] p) {
    return java.util.stream.IntStream.range(0, p.length)
        .filter(at -> !Double.isNaN(p[at]))
        .boxed()
        .sorted(java.util.Comparator.comparingDouble(at -> p[at]))
        .toArray(Integer[]::new);
  }
}
