package io.lodestone.trend.statistics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The p-value of a trend against none in a series that remembers the period before: how often a
 * stationary first-order autoregression with the series' own rho ({@link Autoregression}) shows an
 * |S| / sqrt(Var(S)) at least as great at the same times.
 *
 * <p>{@value #DRAWS} draws; they stop at the {@value #EXCEEDANCES}th that is at least as great, and
 * p is then {@value #EXCEEDANCES} over their number, else (exceedances + 1) / ({@value #DRAWS} + 1)
 * (Besag and Clifford 1991). The least possible p is 0.001.
 *
 * <p>S knows only the order of the values, so neither their mean nor the size of the noise enters,
 * and the draws for one rho (to two digits) serve every series: they are made once from a fixed
 * seed. So p depends on the values, their times and nothing else, on whatever machine and in
 * whatever order series come. The noise is normal; observed ties are met by each S being divided by
 * its own standard deviation.
 *
 * <p>NaN where rho is. A constant series: 1.
 */
public final class TrendBootstrap {
  public static final int DRAWS = 999;
  public static final int EXCEEDANCES = 20;

  private static final long SEED = 0x10DE57013L;
  private static final double STEPS = 100;

  /** Paths are made in lengths of so many periods. */
  private static final int LENGTH = 16;

  /** Draws of a rho and a length, one behind the other. */
  private static final Map<Integer, double[]> PATHS = new ConcurrentHashMap<>();

  /** Of a rho and a number of periods without gaps: |S| / sqrt(Var) of every draw. */
  private static final Map<Integer, double[]> SCORES = new ConcurrentHashMap<>();

  private TrendBootstrap() {}

  /**
   * p of a series.
   *
   * @param s its Mann-Kendall S
   * @param variance of S, with ties
   * @param rho its corrected autoregression
   */
  public static double p(Series series, int s, double variance, double rho) {
    if (Double.isNaN(rho)) {
      return Double.NaN;
    }
    double observed = variance <= 0 ? 0 : Math.abs(s) / Math.sqrt(variance);
    // A draw without ties cannot quite reach what equals it but for rounding.
    double bar = observed * (1 - 1e-12);
    int n = series.size();
    int periods = series.span() + 1;
    int hundredths = (int) Math.round(rho * STEPS);
    if (periods == n) {
      return p(SCORES.computeIfAbsent(hundredths << 16 | n, key -> scores(hundredths, n)), bar);
    }
    int length = (periods + LENGTH - 1) / LENGTH * LENGTH;
    double[] paths = paths(hundredths, length);
    double deviation = Math.sqrt(MannKendall.variance(n, new int[0]));
    double[] seen = new double[n];
    int exceeding = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int at = 0; at < n; at++) {
        seen[at] = paths[draw * length + series.time(at) - series.time(0)];
      }
      if (Math.abs(MannKendall.score(seen, n)) / deviation >= bar && ++exceeding == EXCEEDANCES) {
        return EXCEEDANCES / (draw + 1.0);
      }
    }
    return (exceeding + 1.0) / (DRAWS + 1.0);
  }

  private static double p(double[] scores, double bar) {
    int exceeding = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      if (scores[draw] >= bar && ++exceeding == EXCEEDANCES) {
        return EXCEEDANCES / (draw + 1.0);
      }
    }
    return (exceeding + 1.0) / (DRAWS + 1.0);
  }

  private static double[] scores(int hundredths, int n) {
    int length = (n + LENGTH - 1) / LENGTH * LENGTH;
    double[] paths = paths(hundredths, length);
    double deviation = Math.sqrt(MannKendall.variance(n, new int[0]));
    double[] path = new double[n];
    double[] scores = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      System.arraycopy(paths, draw * length, path, 0, n);
      scores[draw] = Math.abs(MannKendall.score(path, n)) / deviation;
    }
    return scores;
  }

  private static double[] paths(int hundredths, int length) {
    return PATHS.computeIfAbsent(
        hundredths << 16 | length,
        key -> {
          double[] paths = new double[DRAWS * length];
          AutoregressiveNoise noise = new AutoregressiveNoise(SEED + key);
          for (int draw = 0; draw < DRAWS; draw++) {
            noise.fill(hundredths / STEPS, paths, draw * length, length);
          }
          return paths;
        });
  }
}
