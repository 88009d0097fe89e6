package io.lodestone.diversification.dynamics;

import java.util.SplittableRandom;

/**
 * How far a series moves within some years, by where it stands: (y(p+h) - y(p)) / scale(p) = gap *
 * gap(p) / scale(p) + momentum * momentum(p) / scale(p) + e, over all series of a pool and all
 * years p, least squares, one regression a horizon h.
 *
 * <p>Pairs are weighted by s (1 - s), s the share at p, since forecasts are judged in points of
 * share: those of a few percent, which come and go, shall not teach how leaders move.
 *
 * <p>What is on the right is known at p, a mean of the past too, so that this is a forecast and no
 * estimate of a process: the bias of short panels, which the half-life has to be freed of, is none
 * here. A regression for an origin o uses only pairs with p + h no later than o.
 *
 * <p>The covariance of the two coefficients is that of {@link #DRAWS} bootstrap copies, in which
 * importers and products are drawn whole: a copy counts a series as often as a Poisson number of
 * its importer times one of its product says.
 *
 * @param gap share of the gap to its own mean that a series closes; NaN where the pool is too small
 * @param momentum share of the last change that comes again
 * @param gapVariance of the estimate
 * @param momentumVariance of the estimate
 * @param covariance of the two
 * @param rows pairs of a year and a later one
 */
public record Reversion(
    double gap,
    double momentum,
    double gapVariance,
    double momentumVariance,
    double covariance,
    long rows)
    implements java.io.Serializable {

  /** Years ahead. */
  public static final int HORIZONS = 5;

  /** Bootstrap copies. */
  public static final int DRAWS = 50;

  /** With fewer pairs nothing is said of a horizon. */
  public static final int FEWEST_ROWS = 100;

  private static final int CELL = 6;

  /** Length of the sums of series of so many years. */
  public static int size(int years) {
    return (DRAWS + 1) * years * HORIZONS * CELL;
  }

  /**
   * How often each copy counts a series; the copy 0 is the pool itself.
   *
   * @param seed of the model
   */
  public static int[] weights(String importer, String product, long seed) {
    SplittableRandom ofImporter = new SplittableRandom(seed + 31L * importer.hashCode());
    SplittableRandom ofProduct = new SplittableRandom(seed + 17L * product.hashCode() + 1);
    int[] weights = new int[DRAWS + 1];
    weights[0] = 1;
    for (int draw = 1; draw <= DRAWS; draw++) {
      weights[draw] = poisson(ofImporter) * poisson(ofProduct);
    }
    return weights;
  }

  /** Of mean 1, by inversion. */
  private static int poisson(SplittableRandom random) {
    double uniform = random.nextDouble();
    double probability = Math.exp(-1);
    double cumulative = probability;
    int count = 0;
    while (uniform > cumulative && count < 10) {
      count++;
      probability /= count;
      cumulative += probability;
    }
    return count;
  }

  /** Adds a series to the sums. */
  public static void add(double[] sums, History history, double[] pool, int[] weights) {
    int years = history.years();
    for (int origin = 0; origin < years; origin++) {
      double scale = usableScale(history, origin, pool);
      if (Double.isNaN(scale)) {
        continue;
      }
      double gap = history.gap(origin) / scale;
      double momentum = history.momentum(origin) / scale;
      double share = LogitShare.share(history.level(origin));
      double weight = share * (1 - share);
      for (int horizon = 1; horizon <= HORIZONS && origin + horizon < years; horizon++) {
        if (!history.isKnown(origin + horizon)) {
          continue;
        }
        double change = (history.level(origin + horizon) - history.level(origin)) / scale;
        for (int draw = 0; draw <= DRAWS; draw++) {
          if (weights[draw] > 0) {
            int cell = cell(years, draw, origin, horizon);
            sums[cell] += weights[draw] * weight * gap * gap;
            sums[cell + 1] += weights[draw] * weight * gap * momentum;
            sums[cell + 2] += weights[draw] * weight * momentum * momentum;
            sums[cell + 3] += weights[draw] * weight * gap * change;
            sums[cell + 4] += weights[draw] * weight * momentum * change;
            sums[cell + 5] += weights[draw];
          }
        }
      }
    }
  }

  /** The scale at an origin; NaN if nothing can be said from there. */
  static double usableScale(History history, int origin, double[] pool) {
    if (!history.isOrigin(origin)) {
      return Double.NaN;
    }
    double scale = history.scale(origin, pool[origin]);
    return scale > 0 ? scale : Double.NaN;
  }

  private static int cell(int years, int draw, int origin, int horizon) {
    return ((draw * years + origin) * HORIZONS + horizon - 1) * CELL;
  }

  /**
   * What was known at the end of a year.
   *
   * @param years of the series
   * @param origin the year, counted from the first of the series
   */
  public static Reversion of(double[] sums, int years, int origin, int horizon) {
    double[] whole = solve(sums, years, 0, origin, horizon);
    double[] mean = new double[2];
    double[] products = new double[3];
    int found = 0;
    for (int draw = 1; draw <= DRAWS; draw++) {
      double[] copy = solve(sums, years, draw, origin, horizon);
      if (!Double.isNaN(copy[0])) {
        found++;
        double left = copy[0] - whole[0];
        double right = copy[1] - whole[1];
        mean[0] += left;
        mean[1] += right;
        products[0] += left * left;
        products[1] += right * right;
        products[2] += left * right;
      }
    }
    double count = found;
    return new Reversion(
        whole[0],
        whole[1],
        products[0] / count - Math.pow(mean[0] / count, 2),
        products[1] / count - Math.pow(mean[1] / count, 2),
        products[2] / count - mean[0] * mean[1] / (count * count),
        (long) whole[2]);
  }

  /** Gap, momentum and rows of a copy. */
  private static double[] solve(double[] sums, int years, int draw, int origin, int horizon) {
    double[] total = new double[CELL];
    for (int start = 0; start + horizon <= origin; start++) {
      int cell = cell(years, draw, start, horizon);
      for (int place = 0; place < CELL; place++) {
        total[place] += sums[cell + place];
      }
    }
    double determinant = total[0] * total[2] - total[1] * total[1];
    boolean singular = !(determinant > 1e-12 * total[0] * total[2]);
    if (singular || total[5] < FEWEST_ROWS) {
      return new double[] {Double.NaN, Double.NaN, total[5]};
    }
    return new double[] {
      (total[2] * total[3] - total[1] * total[4]) / determinant,
      (total[0] * total[4] - total[1] * total[3]) / determinant,
      total[5]
    };
  }

  /** Whether the pool was large enough. */
  public boolean isKnown() {
    return !Double.isNaN(gap);
  }

  /** Expected change of a series in units of its scale. */
  double change(double gapNow, double momentumNow) {
    return gap * gapNow + momentum * momentumNow;
  }

  /** Variance of that expectation from not knowing the coefficients. */
  double variance(double gapNow, double momentumNow) {
    return Math.max(
        0,
        gapNow * gapNow * gapVariance
            + momentumNow * momentumNow * momentumVariance
            + 2 * gapNow * momentumNow * covariance);
  }
}
