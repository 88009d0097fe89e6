package io.lodestone.diversification.dynamics;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.ojalgo.matrix.decomposition.Cholesky;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * How fast shares return to their long-run level: y(t) = a(series) + rho y(t-1) + b shocks(t) + e
 * on logit shares, the same as the regression of the change on the level with coefficient rho - 1.
 * The half-life in years is ln 0.5 / ln rho.
 *
 * <p>With an intercept a series and 16 points, least squares finds far too fast a return (Nickell
 * 1981: half-lives of 3, 7 and 14 years become 2, 2 and 3). The half-panel jackknife takes most of
 * that away (Dhaene and Jochmans 2015, Review of Economic Studies 82): 2 rho(whole) minus the mean
 * of rho(first half) and rho(second half). What is left at 16 points is below 0.01 for half-lives
 * to 14 years, if series are in their usual course at the start; where they were chosen because
 * they began high, rho comes out 0.03 too high. Where there is no return at all it does not come
 * out at 1 but at 1 - 6/((T + 1)(T + 2)) for series of T steps, 0.978 for 15: least squares then
 * has the limit 1 - 3/(T + 1) (Harris and Tzavalis 1999), and its halves 1 - 3/(T/2 + 1).
 *
 * <p>The interval is rho +- t se, t the 95th percentile of Student's t with a degree of freedom a
 * cluster less one, se from a bootstrap that draws whole clusters (importers); the interval of the
 * half-life is that of rho, transformed. Where it includes that limit there is no half-life: of
 * panels without return one in twenty then shows one.
 *
 * @param rho share of a deviation that is still there a year later; empty without an estimate
 * @param rhoLow lower bound of its 90 % interval
 * @param rhoHigh upper bound
 * @param shocks coefficients of the shock windows, each with its 90 % interval; those that never
 *     occur in the panel are NaN
 * @param series used
 * @param steps from one year to the next
 * @param clusters importers
 * @param note why there is no half-life, or empty
 */
public record Adjustment(
    Optional<Double> rho,
    double rhoLow,
    double rhoHigh,
    List<Coefficient> shocks,
    long series,
    long steps,
    int clusters,
    String note) {

  /** A coefficient with its 90 % interval. */
  public record Coefficient(double estimate, double low, double high) {}

  /** Written where the interval of rho includes what it would be without return. */
  public static final String NO_RETURN = "no return shown";

  /** With fewer clusters their bootstrap says nothing of the spread between them. */
  public static final int FEWEST_CLUSTERS = 5;

  /** With fewer steps six coefficients and the intercepts are guesswork. */
  public static final int FEWEST_STEPS = 100;

  private static final int DRAWS = 199;

  /** A regressor with less variation does not occur. */
  private static final double NO_VARIATION = 1e-9;

  /**
   * Estimates from the moments of clusters.
   *
   * @param clusters one a cluster (importer), in an order that does not depend on chance
   * @param seed of the bootstrap
   */
  public static Adjustment of(Collection<SeriesMoments> clusters, long seed) {
    List<SeriesMoments> used = clusters.stream().filter(moments -> moments.series() > 0).toList();
    SeriesMoments whole = sum(used);
    if (used.size() < FEWEST_CLUSTERS) {
      return none(
          whole,
          used.size(),
          "%d importers with a usable series, fewer than %d"
              .formatted(used.size(), FEWEST_CLUSTERS));
    }
    if (whole.steps() < FEWEST_STEPS) {
      return none(
          whole,
          used.size(),
          "%d steps from a year to the next, fewer than %d".formatted(whole.steps(), FEWEST_STEPS));
    }
    double[] estimate = jackknife(whole);
    if (Double.isNaN(estimate[0])) {
      return none(
          whole,
          used.size(),
          "a singular design: shares that never move, or only with the shock windows");
    }
    double[] errors = standardErrors(used, estimate.length, seed);
    double t = studentT(used.size() - 1);
    double low = estimate[0] - t * errors[0];
    double high = estimate[0] + t * errors[0];
    List<Coefficient> shocks =
        java.util.stream.IntStream.range(1, estimate.length)
            .mapToObj(
                place ->
                    new Coefficient(
                        estimate[place],
                        estimate[place] - t * errors[place],
                        estimate[place] + t * errors[place]))
            .toList();
    return new Adjustment(
        Optional.of(estimate[0]),
        low,
        high,
        shocks,
        whole.series(),
        whole.steps(),
        used.size(),
        high >= noReturn(whole) ? NO_RETURN : "");
  }

  /** What the jackknife finds in series without return; the mean of their steps stands for all. */
  private static double noReturn(SeriesMoments whole) {
    double steps = (double) whole.steps() / whole.series();
    return 1 - 6 / ((steps + 1) * (steps + 2));
  }

  private static Adjustment none(SeriesMoments whole, int clusters, String why) {
    return new Adjustment(
        Optional.empty(),
        Double.NaN,
        Double.NaN,
        List.of(),
        whole.series(),
        whole.steps(),
        clusters,
        why);
  }

  /** Whether there is a half-life with an interval. */
  public boolean returns() {
    return rho.isPresent() && note.isEmpty();
  }

  /** Years until half of a deviation is gone; 0 where all of it is gone within a year. */
  public static double halfLife(double rho) {
    return rho <= 0 ? 0 : Math.log(0.5) / Math.log(rho);
  }

  private static SeriesMoments sum(List<SeriesMoments> clusters) {
    SeriesMoments sum = SeriesMoments.none(ShockWindow.ALL);
    clusters.forEach(sum::add);
    return sum;
  }

  private static double[] standardErrors(List<SeriesMoments> clusters, int terms, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] sums = new double[terms];
    double[] squares = new double[terms];
    int[] counts = new int[terms];
    int[] times = new int[clusters.size()];
    for (int draw = 0; draw < DRAWS; draw++) {
      java.util.Arrays.fill(times, 0);
      for (int cluster = 0; cluster < times.length; cluster++) {
        times[random.nextInt(times.length)]++;
      }
      SeriesMoments drawn = SeriesMoments.none(ShockWindow.ALL);
      for (int cluster = 0; cluster < times.length; cluster++) {
        if (times[cluster] > 0) {
          drawn.add(clusters.get(cluster), times[cluster]);
        }
      }
      double[] estimate = jackknife(drawn);
      for (int term = 0; term < terms; term++) {
        if (!Double.isNaN(estimate[term])) {
          sums[term] += estimate[term];
          squares[term] += estimate[term] * estimate[term];
          counts[term]++;
        }
      }
    }
    double[] errors = new double[terms];
    // Draws of n clusters vary as if there were n - 1.
    double correction = clusters.size() / (clusters.size() - 1.0);
    for (int term = 0; term < terms; term++) {
      double mean = sums[term] / counts[term];
      double variance = (squares[term] - counts[term] * mean * mean) / (counts[term] - 1);
      errors[term] = Math.sqrt(Math.max(0, variance) * correction);
    }
    return errors;
  }

  /** Twice the whole less the mean of the halves, the two ways of halving averaged. */
  private static double[] jackknife(SeriesMoments moments) {
    double[] whole = leastSquares(moments, 0);
    double[] corrected = new double[whole.length];
    double[][] halves = new double[SeriesMoments.PARTS][];
    for (int part = 1; part < SeriesMoments.PARTS; part++) {
      halves[part] = leastSquares(moments, part);
    }
    for (int term = 0; term < whole.length; term++) {
      double sum = 0;
      int found = 0;
      for (int part = 1; part < SeriesMoments.PARTS; part++) {
        // A shock lies in one half only: its coefficient is corrected by that half.
        if (!Double.isNaN(halves[part][term])) {
          sum += halves[part][term];
          found++;
        }
      }
      corrected[term] = found == 0 ? whole[term] : 2 * whole[term] - sum / found;
    }
    return corrected;
  }

  /** Coefficients of one part; NaN for regressors that do not vary in it. */
  private static double[] leastSquares(SeriesMoments moments, int part) {
    int all = moments.regressors();
    int[] varying =
        java.util.stream.IntStream.range(0, all)
            .filter(place -> moments.product(part, place, place) > NO_VARIATION)
            .toArray();
    double[] coefficients = new double[all];
    java.util.Arrays.fill(coefficients, Double.NaN);
    R064Store normal = R064Store.FACTORY.make(varying.length, varying.length);
    R064Store outcome = R064Store.FACTORY.make(varying.length, 1);
    for (int row = 0; row < varying.length; row++) {
      for (int column = 0; column < varying.length; column++) {
        normal.set(row, column, moments.product(part, varying[row], varying[column]));
      }
      outcome.set(row, 0, moments.product(part, varying[row], all));
    }
    Cholesky<Double> factor = Cholesky.R064.make(normal);
    if (varying.length == 0 || !factor.decompose(normal) || !factor.isSolvable()) {
      return coefficients;
    }
    MatrixStore<Double> solution = factor.getSolution(outcome);
    for (int place = 0; place < varying.length; place++) {
      coefficients[varying[place]] = solution.doubleValue(place);
    }
    return coefficients;
  }

  /** The 95th percentile of Student's t. */
  private static double studentT(int degrees) {
    return org.ojalgo.random.TDistribution.of(degrees).getQuantile(0.95);
  }
}
