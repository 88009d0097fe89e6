package io.lodestone.trend.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Mann and Kendall's test of a trend against none: counts whether later values are greater or less
 * than earlier ones. How much, it does not ask; that is {@link SenSlope}.
 *
 * <p>S = sum over i &lt; j of sign(x_j - x_i). Var(S) = [n(n-1)(2n+5) - sum_g t_g(t_g-1)(2 t_g+5)]
 * / 18 over groups of t_g equal values. Z = (S-1)/sqrt(Var) for S &gt; 0, (S+1)/sqrt(Var) for S
 * &lt; 0, 0 for 0. tau = S / (n(n-1)/2), tau-a. (Mann 1945; Kendall 1975; Gilbert 1987, chapter
 * 16.)
 *
 * <p>Only the order of the observations enters, not the time between them; a gap changes nothing.
 * Fewer than two observations or none that differ: S = 0, Var = 0, Z = 0, p = 1, tau = 0.
 *
 * <p>Worked: 90, 85.49, 81.61, 68.37, 58, 59.64, 58 has S = -18, one tie, Var = 43.3333, Z =
 * -2.582485, pNormal = 0.009809 and p = 24/5040 = 0.004762.
 *
 * <p>The trap: it takes the observations for independent. Of a series that remembers last year it
 * rejects far too often; see {@link TrendBootstrap}.
 *
 * @param s sum of signs
 * @param variance of S under no trend, corrected for ties
 * @param z standardised S with continuity correction
 * @param p two-sided; exact over all arrangements up to {@value #MOST_EXACT} observations, else
 *     pNormal
 * @param pNormal two-sided, 2(1 - Phi(|Z|))
 * @param tau S over the number of pairs
 */
public record MannKendall(int s, double variance, double z, double p, double pNormal, double tau) {

  /** Up to so many observations the arrangements are counted. */
  public static final int MOST_EXACT = 10;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** The test of a series. */
  public static MannKendall of(Series series) {
    int n = series.size();
    int s = score(series.values(), n);
    int[] groups = Ranks.groups(series.values());
    double variance = variance(n, groups);
    double z = standardised(s, variance);
    double normal = twoSided(z);
    double p = n <= MOST_EXACT && n > 1 ? ExactKendall.twoSided(groups, s) : normal;
    return new MannKendall(s, variance, z, p, normal, n < 2 ? 0 : s / (n * (n - 1) / 2.0));
  }

  /** S of the first n values. */
  static int score(double[] values, int n) {
    int s = 0;
    for (int later = 1; later < n; later++) {
      double value = values[later];
      for (int earlier = 0; earlier < later; earlier++) {
        s += (value > values[earlier] ? 1 : 0) - (value < values[earlier] ? 1 : 0);
      }
    }
    return s;
  }

  /** Var(S) of n values in groups of equal ones. */
  static double variance(int n, int[] groups) {
    double sum = (double) n * (n - 1) * (2 * n + 5);
    for (int group : groups) {
      sum -= (double) group * (group - 1) * (2 * group + 5);
    }
    return Math.max(0.0, sum) / 18;
  }

  /** Z with continuity correction; 0 where the variance is. */
  public static double standardised(double s, double variance) {
    return s == 0 || variance <= 0 ? 0 : (s - Math.signum(s)) / Math.sqrt(variance);
  }

  /** 2(1 - Phi(|z|)). */
  public static double twoSided(double z) {
    return Math.min(1, 2 * NORMAL.survivalProbability(Math.abs(z)));
  }
}
