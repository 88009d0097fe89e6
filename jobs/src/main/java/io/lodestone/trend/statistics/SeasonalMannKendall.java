package io.lodestone.trend.statistics;

import java.util.Arrays;
import java.util.List;

/**
 * Mann-Kendall's test within seasons (Hirsch, Slack and Smith 1982): Januaries are compared with
 * Januaries only. S = sum of the seasons' S, Var(S) = sum of their variances, Z with continuity
 * correction, tau = S over the number of pairs within seasons. The slope is the median of all
 * slopes within seasons, per period of the seasons' times (years), with the actual years.
 *
 * <p>The seasons are taken for independent of each other; of months that move together it rejects
 * too often, as Mann-Kendall does. A season with fewer than two observations adds nothing; without
 * any pair S = 0, Z = 0, p = 1, tau = 0 and the slope is NaN.
 *
 * @param s sum of the seasons' S
 * @param variance sum of their variances, corrected for ties
 * @param z standardised, with continuity correction
 * @param p two-sided, normal
 * @param tau S over the pairs within seasons
 * @param slope median slope within seasons, units of the values a year
 */
public record SeasonalMannKendall(
    int s, double variance, double z, double p, double tau, double slope) {

  /** The test over seasons, each a series by year. */
  public static SeasonalMannKendall of(List<Series> seasons) {
    int s = 0;
    double variance = 0;
    int pairs = 0;
    for (Series season : seasons) {
      int n = season.size();
      pairs += n * (n - 1) / 2;
      MannKendall test = MannKendall.of(season);
      s += test.s();
      variance += test.variance();
    }
    double[] slopes = new double[pairs];
    int place = 0;
    for (Series season : seasons) {
      for (int later = 1; later < season.size(); later++) {
        for (int earlier = 0; earlier < later; earlier++) {
          slopes[place++] =
              (season.value(later) - season.value(earlier))
                  / (season.time(later) - season.time(earlier));
        }
      }
    }
    Arrays.sort(slopes);
    double z = MannKendall.standardised(s, variance);
    return new SeasonalMannKendall(
        s,
        variance,
        z,
        MannKendall.twoSided(z),
        pairs == 0 ? 0 : (double) s / pairs,
        SenSlope.median(slopes));
  }
}
