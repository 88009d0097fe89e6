package io.lodestone.diversification.dynamics;

/**
 * The forecast of any series of a pool for one horizon, from one origin.
 *
 * <p>Median: the last value, moved as {@link Reversion} says (model), or the last value itself
 * (naive). Quantile p lies at the distance scale * sqrt(q(p)^2 + z(p)^2 v) from the median, q(p)
 * the quantile of past errors about their median, z(p) that of the normal distribution, v the
 * variance from not knowing the coefficients: the two kinds of error add up as independent ones do.
 * All on the logit scale; shares follow by its inverse.
 *
 * @param horizon years ahead
 * @param pool root mean square of the pool's yearly changes at the origin
 * @param fit the regression
 * @param modelErrors quantiles of its past errors, {@link ErrorCounts#QUANTILES} or none
 * @param naiveErrors quantiles of past changes
 */
public record HorizonForecast(
    int horizon, double pool, Reversion fit, double[] modelErrors, double[] naiveErrors)
    implements java.io.Serializable {
  private static final int MIDDLE = ErrorCounts.QUANTILES / 2;
  private static final double[] NORMAL = normal();

  private static double[] normal() {
    double[] quantiles = new double[ErrorCounts.QUANTILES];
    for (int place = 0; place < quantiles.length; place++) {
      quantiles[place] =
          org.ojalgo.random.Normal.standard()
              .getQuantile((place + 1.0) / (ErrorCounts.QUANTILES + 1));
    }
    return quantiles;
  }

  /** Whether the model can say anything. */
  public boolean hasModel() {
    return fit.isKnown() && modelErrors.length > 0;
  }

  /** Whether the naive forecast can say how sure it is. */
  public boolean hasNaive() {
    return naiveErrors.length > 0;
  }

  /**
   * The model's forecast: shares at the probabilities 1/200 to 199/200, rising.
   *
   * @param origin year from which is forecast, counted from the first of the series
   */
  public double[] model(History history, int origin) {
    double scale = history.scale(origin, pool);
    double gap = scale > 0 ? history.gap(origin) / scale : 0;
    double momentum = scale > 0 ? history.momentum(origin) / scale : 0;
    return quantiles(
        history.level(origin) + scale * fit.change(gap, momentum),
        scale,
        modelErrors,
        fit.variance(gap, momentum));
  }

  /** The naive forecast, in the same form. */
  public double[] naive(History history, int origin) {
    return quantiles(history.level(origin), history.scale(origin, pool), naiveErrors, 0);
  }

  private static double[] quantiles(
      double expected, double scale, double[] errors, double variance) {
    double[] quantiles = new double[errors.length];
    double median = errors[MIDDLE];
    for (int place = 0; place < errors.length; place++) {
      double own = errors[place] - median;
      double distance = Math.sqrt(own * own + NORMAL[place] * NORMAL[place] * variance);
      quantiles[place] =
          LogitShare.share(expected + scale * (median + (place < MIDDLE ? -distance : distance)));
    }
    return quantiles;
  }

  /** The share at a probability. */
  public static double at(double[] quantiles, double probability) {
    return quantiles[(int) Math.round(probability * (ErrorCounts.QUANTILES + 1)) - 1];
  }

  /** The probability that the share is below a threshold, between 0.0025 and 0.9975. */
  public static double below(double[] quantiles, double threshold) {
    int count = 0;
    while (count < quantiles.length && quantiles[count] < threshold) {
      count++;
    }
    return (count + 0.5) / (ErrorCounts.QUANTILES + 1);
  }
}
