package io.lodestone.trend.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Sen's slope: the median over i &lt; j of (x_j - x_i) / (t_j - t_i), in units of the values per
 * period, with the actual times, so that a gap counts as the years that it lasts (Sen 1968).
 *
 * <p>Its interval at a level 1 - a (Gilbert 1987, section 16.5): of the N ordered slopes those of
 * rank (N - C)/2 and (N + C)/2 + 1, C = z_(1-a/2) sqrt(Var(S)), between two ranks on the straight
 * line. It supposes independent observations: of a series that remembers last year it is too
 * narrow.
 *
 * <p>Fewer than two observations: NaN. An interval that so few observations cannot give (rank below
 * 1): NaN. A constant series: 0, and 0 to 0.
 *
 * <p>Worked: 90, 85.49, 81.61, 68.37, 58, 59.64, 58 in 2008, 2009, 2010, 2011, 2012, 2014, 2018:
 * the median slope is -4.51 a year.
 */
public final class SenSlope {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final double[] slopes;
  private final double variance;

  private SenSlope(double[] slopes, double variance) {
    this.slopes = slopes;
    this.variance = variance;
  }

  /**
   * The slopes of a series.
   *
   * @param variance of its S
   */
  public static SenSlope of(Series series, double variance) {
    int n = series.size();
    double[] slopes = new double[n * (n - 1) / 2];
    int place = 0;
    for (int later = 1; later < n; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        slopes[place++] =
            (series.value(later) - series.value(earlier))
                / (series.time(later) - series.time(earlier));
      }
    }
    Arrays.sort(slopes);
    return new SenSlope(slopes, variance);
  }

  /** The median slope. */
  public double slope() {
    return median(slopes);
  }

  /** Lower end of the interval at a level such as 0.95. */
  public double low(double level) {
    return atRank((slopes.length - width(level)) / 2);
  }

  /** Upper end of the interval at a level such as 0.95. */
  public double high(double level) {
    return atRank((slopes.length + width(level)) / 2 + 1);
  }

  private double width(double level) {
    return quantile(level) * Math.sqrt(variance);
  }

  /** The two levels that are asked for are asked millions of times. */
  private static double quantile(double level) {
    if (level == 0.95) {
      return QUANTILE_95;
    }
    return level == 0.90 ? QUANTILE_90 : NORMAL.inverseCumulativeProbability((1 + level) / 2);
  }

  private static final double QUANTILE_95 = NORMAL.inverseCumulativeProbability(0.975);
  private static final double QUANTILE_90 = NORMAL.inverseCumulativeProbability(0.95);

  /** Between two ranks on the straight line; NaN outside of 1 to the number of slopes. */
  private double atRank(double rank) {
    int n = slopes.length;
    if (n == 0 || rank < 1 || rank > n) {
      return Double.NaN;
    }
    int below = (int) Math.floor(rank);
    double part = rank - below;
    return part == 0
        ? slopes[below - 1]
        : slopes[below - 1] + part * (slopes[below] - slopes[below - 1]);
  }

  /** Median of sorted values; NaN for none. */
  static double median(double[] sorted) {
    int n = sorted.length;
    if (n == 0) {
      return Double.NaN;
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
