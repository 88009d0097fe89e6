package io.lodestone.trend.statistics;

/**
 * How much a series remembers of the period before: rho of x_t = rho x_(t-1) + noise.
 *
 * <p>r is the lag-1 autocorrelation of the series less its Sen slope and mean, over neighbours that
 * are one period apart. In short series with an estimated trend it lies below rho by about (2 + 4
 * rho)/n (Kendall 1954; Marriott and Pope 1954; Stine and Shaman 1989), hence rho = (n r + 2)/(n -
 * 4), held within {@value #BOUND} of 0. With 16 observations r averages -0.12, 0.09, 0.21 and 0.35
 * for a rho of 0, 0.3, 0.5 and 0.8, the corrected one 0.01, 0.28, 0.44 and 0.63 (simulated).
 *
 * <p>Fewer than {@value #FEWEST} observations or no two neighbours: NaN. A series that is constant
 * or lies on a straight line: 0.
 */
public final class Autoregression {
  /** The least for which the correction is sensible. */
  public static final int FEWEST = 6;

  /** Nearer to 1 nothing can be told from a random walk, nor simulated as a stationary series. */
  public static final double BOUND = 0.99;

  /** A sum of squares below so much of the values' own is rounding. */
  private static final double ROUNDING = 1e-20;

  private Autoregression() {}

  /** The bias-corrected rho of a series less a slope per period. */
  public static double rho(Series series, double slope) {
    int n = series.size();
    if (n < FEWEST) {
      return Double.NaN;
    }
    Series rest = series.less(slope);
    double mean = rest.mean(0, n);
    double squares = 0;
    double products = 0;
    double scale = 0;
    int neighbours = 0;
    for (int at = 0; at < n; at++) {
      double value = rest.value(at) - mean;
      squares += value * value;
      scale += series.value(at) * series.value(at);
      if (at > 0 && rest.time(at) - rest.time(at - 1) == 1) {
        products += value * (rest.value(at - 1) - mean);
        neighbours++;
      }
    }
    if (neighbours == 0) {
      return Double.NaN;
    }
    if (squares <= ROUNDING * scale) {
      return 0;
    }
    double r = products / squares * (n - 1) / neighbours;
    return Math.max(-BOUND, Math.min(BOUND, (n * r + 2) / (n - 4)));
  }

  /**
   * The autocorrelation of values at a lag: sum of (x_i - m)(x_(i+lag) - m) over sum of (x_i -
   * m)^2; 0 where all are equal.
   */
  static double correlation(double[] values, int lag) {
    double mean = 0;
    for (double value : values) {
      mean += value;
    }
    mean /= values.length;
    double squares = 0;
    double products = 0;
    for (int at = 0; at < values.length; at++) {
      squares += (values[at] - mean) * (values[at] - mean);
      if (at + lag < values.length) {
        products += (values[at] - mean) * (values[at + lag] - mean);
      }
    }
    return squares == 0 ? 0 : products / squares;
  }
}
