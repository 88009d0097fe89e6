package io.lodestone.diversification.dynamics;

/**
 * How wrong forecasts of a pool were in the past, as counts of errors in units of the scale of each
 * series: those of {@link Reversion}, and those of the naive forecast, which says that nothing
 * changes and whose errors are counted with either sign, so that its median is the last value.
 */
public final class ErrorCounts {
  /** Errors beyond count as so large. */
  private static final double LARGEST = 12;

  private static final double WIDTH = 0.05;

  /** No change lies in the middle of a bin, so that a naive forecast does not drift. */
  private static final int BINS = (int) Math.round(2 * LARGEST / WIDTH) + 1;

  /** Probabilities 1/200 to 199/200. */
  public static final int QUANTILES = 199;

  private ErrorCounts() {}

  /** Length of the counts of so many origins. */
  public static int size(int origins) {
    return origins * Reversion.HORIZONS * 2 * BINS;
  }

  /**
   * Adds the errors of a series that were known at each of the origins.
   *
   * @param fits by origin and horizon less 1
   * @param firstOrigin the year of the first, counted from the first of the series
   */
  public static void add(
      double[] counts, History history, double[] pool, Reversion[][] fits, int firstOrigin) {
    int years = history.years();
    for (int start = 0; start < years; start++) {
      double scale = Reversion.usableScale(history, start, pool);
      if (Double.isNaN(scale)) {
        continue;
      }
      double gap = history.gap(start) / scale;
      double momentum = history.momentum(start) / scale;
      for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
        if (!history.isKnown(start + horizon)) {
          continue;
        }
        double change = (history.level(start + horizon) - history.level(start)) / scale;
        int earliest = Math.max(0, start + horizon - firstOrigin);
        for (int origin = earliest; origin < fits.length; origin++) {
          Reversion fit = fits[origin][horizon - 1];
          if (fit.isKnown()) {
            counts[bin(origin, horizon, 0, change - fit.change(gap, momentum))]++;
          }
          counts[bin(origin, horizon, 1, change)] += 0.5;
          counts[bin(origin, horizon, 1, -change)] += 0.5;
        }
      }
    }
  }

  private static int bin(int origin, int horizon, int method, double error) {
    int bin = (int) Math.floor((error + LARGEST) / WIDTH + 0.5);
    return start(origin, horizon, method) + Math.max(0, Math.min(BINS - 1, bin));
  }

  private static int start(int origin, int horizon, int method) {
    return ((origin * Reversion.HORIZONS + horizon - 1) * 2 + method) * BINS;
  }

  /** Quantiles of the errors of {@link Reversion}; empty if there are too few. */
  public static double[] ofModel(double[] counts, int origin, int horizon) {
    return quantiles(counts, start(origin, horizon, 0));
  }

  /** Quantiles of the changes, either sign alike; empty if there are too few. */
  public static double[] ofNaive(double[] counts, int origin, int horizon) {
    return quantiles(counts, start(origin, horizon, 1));
  }

  private static double[] quantiles(double[] counts, int start) {
    double total = 0;
    for (int bin = 0; bin < BINS; bin++) {
      total += counts[start + bin];
    }
    if (total < Reversion.FEWEST_ROWS) {
      return new double[0];
    }
    double[] quantiles = new double[QUANTILES];
    int bin = 0;
    double below = 0;
    for (int place = 0; place < QUANTILES; place++) {
      double wanted = total * (place + 1) / (QUANTILES + 1);
      while (below + counts[start + bin] < wanted) {
        below += counts[start + bin];
        bin++;
      }
      double within = (wanted - below) / counts[start + bin];
      quantiles[place] = -LARGEST + WIDTH * (bin - 0.5 + within);
    }
    return quantiles;
  }
}
