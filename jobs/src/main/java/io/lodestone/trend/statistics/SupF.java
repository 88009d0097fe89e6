package io.lodestone.trend.statistics;

import org.apache.commons.statistics.distribution.FDistribution;

/**
 * The greatest F over all places at which the level of a series could break once (Andrews 1993):
 * F(k) = (SSR_0 - SSR_k) / (SSR_k / (n - 2)), one mean against one before and one after place k.
 *
 * <p>The greatest of many F is not distributed as F: its critical values and p are simulated, for
 * the series' own length, trimming and autoregression ({@link CriticalValues}). {@link #chow} is
 * for a date that was known before the data were seen, and for nothing else.
 *
 * <p>A constant series: F = 0. Levels without any noise: the largest F that a double tells from
 * infinity is capped at (n - 2) 1e12. Fewer than twice the shortest segment: NaN.
 *
 * @param f greatest F
 * @param last place of the last observation of the old level
 */
public record SupF(double f, int last) {
  private static final double ROUNDING = 1e-12;

  /** The statistic with the shortest segment of {@link LevelBreaks#shortestSegment}. */
  public static SupF of(Series series) {
    return of(series.values(), LevelBreaks.shortestSegment(series.size()));
  }

  static SupF of(double[] values, int shortest) {
    int n = values.length;
    if (n < 2 * shortest) {
      return new SupF(Double.NaN, -1);
    }
    LevelBreaks.Squares squares = new LevelBreaks.Squares(values);
    double all = squares.between(0, n);
    if (all <= 0) {
      return new SupF(0, -1);
    }
    double least = Double.POSITIVE_INFINITY;
    int last = -1;
    for (int cut = shortest; cut <= n - shortest; cut++) {
      double left = squares.between(0, cut) + squares.between(cut, n);
      if (left < least) {
        least = left;
        last = cut - 1;
      }
    }
    least = Math.max(least, ROUNDING * all);
    return new SupF((all - least) / (least / (n - 2)), last);
  }

  /**
   * Chow's test (1960) of a break of level at a date known beforehand: F as above at that date.
   *
   * @param f with 1 and n - 2 degrees of freedom
   * @param p of the F distribution
   */
  public record Chow(double f, double p) {}

  /**
   * Chow's test. A constant series: F 0, p 1.
   *
   * @param before how many observations lie before the break, at least 1 and fewer than all
   */
  public static Chow chow(Series series, int before) {
    int n = series.size();
    if (before < 1 || before >= n || n < 3) {
      throw new IllegalArgumentException(
          before + " of " + n + " observations before a break leave nothing to compare");
    }
    LevelBreaks.Squares squares = new LevelBreaks.Squares(series.values());
    double all = squares.between(0, n);
    double left = Math.max(squares.between(0, before) + squares.between(before, n), ROUNDING * all);
    double f = all <= 0 ? 0 : (all - left) / (left / (n - 2));
    return new Chow(f, FDistribution.of(1, n - 2).survivalProbability(f));
  }
}
