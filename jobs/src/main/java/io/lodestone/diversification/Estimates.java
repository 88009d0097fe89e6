package io.lodestone.diversification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Intervals of a generalised linear model's coefficients by a bootstrap that draws pairs (importer,
 * product, supplier) with all their years. Every draw gives a pair a Poisson(1) weight and takes
 * one Newton step from the estimate, b* = b + H*^-1 g*, with g = sum w (y - mu) d/V x, H = sum w
 * d^2/V x x', d = dmu/deta, V the variance function: the k-step bootstrap of Davidson and MacKinnon
 * (1999), here with k = 1, which draws a hundred times in one pass over the rows.
 *
 * <p>The same pass finds what forbids a fit: a covariate that is a combination of the others.
 */
final class Estimates {
  private static final int DRAWS = 200;

  /** A covariate of which the others explain all but this part is a combination of them. */
  private static final double SINGULAR = 1e-9;

  /** A standardised coefficient beyond it is that of separation: odds of e^15 to 1. */
  private static final double SEPARATED = 15;

  /** The families that are fitted here, with their link. */
  enum Family {
    /** Binomial with logit link. */
    LOGISTIC,
    /** Binomial with complementary log-log link. */
    HAZARD,
    /** Poisson with log link. */
    POISSON;

    double mean(double eta) {
      return switch (this) {
        case LOGISTIC -> 1 / (1 + Math.exp(-eta));
        case HAZARD -> -Math.expm1(-Math.exp(eta));
        case POISSON -> Math.exp(eta);
      };
    }

    /** dmu/deta. */
    double slope(double eta, double mean) {
      return switch (this) {
        case LOGISTIC -> mean * (1 - mean);
        case HAZARD -> Math.exp(eta - Math.exp(eta));
        case POISSON -> mean;
      };
    }

    double variance(double mean) {
      return this == POISSON ? mean : mean * (1 - mean);
    }
  }

  private Estimates() {}

  /**
   * Coefficients with 90 % intervals, the intercept last.
   *
   * @param rows columns: pair, label, weight, offset, features; the rows of a pair follow each
   *     other
   * @throws NotFitted for a singular design or separation
   */
  static List<Outcome.Coefficient> of(
      Iterator<Row> rows,
      Family family,
      double[] coefficients,
      double intercept,
      String[] terms,
      double penalty,
      long seed) {
    int size = coefficients.length + 1;
    double[] beta = Arrays.copyOf(coefficients, size);
    beta[size - 1] = intercept;
    double[][] gram = new double[size][size];
    double[][] g = new double[DRAWS][size];
    double[][][] h = new double[DRAWS][size][size];
    double[] pairG = new double[size];
    double[][] pairH = new double[size][size];
    double[] x = new double[size];
    SplittableRandom random = new SplittableRandom(seed);
    Object pair = null;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (pair != null && !pair.equals(row.get(0))) {
        draw(random, pairG, pairH, g, h);
      }
      pair = row.get(0);
      Vector features = (Vector) row.get(4);
      double eta = row.getDouble(3);
      for (int term = 0; term < size; term++) {
        x[term] = term == size - 1 ? 1 : features.apply(term);
        eta += beta[term] * x[term];
      }
      double weight = row.getDouble(2);
      double mean = family.mean(eta);
      double slope = family.slope(eta, mean);
      double variance = Math.max(family.variance(mean), 1e-12);
      double residual = weight * (row.getDouble(1) - mean) * slope / variance;
      double information = weight * slope * slope / variance;
      for (int left = 0; left < size; left++) {
        pairG[left] += residual * x[left];
        for (int right = 0; right <= left; right++) {
          pairH[left][right] += information * x[left] * x[right];
          gram[left][right] += weight * x[left] * x[right];
        }
      }
    }
    draw(random, pairG, pairH, g, h);
    double[] deviation = requireRegular(gram, beta, terms, family);
    for (int term = 0; term < size - 1; term++) {
      double pull = gram[size - 1][size - 1] * penalty * deviation[term] * deviation[term];
      for (int draw = 0; draw < DRAWS; draw++) {
        g[draw][term] -= pull * beta[term];
        h[draw][term][term] += pull;
      }
    }
    return intervals(beta, terms, g, h);
  }

  private static void draw(
      SplittableRandom random, double[] pairG, double[][] pairH, double[][] g, double[][][] h) {
    for (int draw = 0; draw < DRAWS; draw++) {
      int times = poisson(random);
      if (times > 0) {
        for (int left = 0; left < pairG.length; left++) {
          g[draw][left] += times * pairG[left];
          for (int right = 0; right <= left; right++) {
            h[draw][left][right] += times * pairH[left][right];
          }
        }
      }
    }
    Arrays.fill(pairG, 0);
    for (double[] row : pairH) {
      Arrays.fill(row, 0);
    }
  }

  /** A draw from Poisson(1). */
  private static int poisson(SplittableRandom random) {
    double product = random.nextDouble();
    int times = 0;
    while (product > Math.exp(-1)) {
      product *= random.nextDouble();
      times++;
    }
    return times;
  }

  /**
   * Checks the design; returns the standard deviations of the covariates.
   *
   * @param gram lower half of sum w x x', the intercept last
   */
  private static double[] requireRegular(
      double[][] gram, double[] beta, String[] terms, Family family) {
    int count = beta.length - 1;
    double weight = gram[count][count];
    double[] deviation = new double[count];
    double[][] correlation = new double[count][count];
    for (int left = 0; left < count; left++) {
      for (int right = 0; right <= left; right++) {
        correlation[left][right] =
            gram[left][right] / weight - gram[count][left] / weight * (gram[count][right] / weight);
      }
      deviation[left] = Math.sqrt(Math.max(0, correlation[left][left]));
    }
    for (int left = 0; left < count; left++) {
      for (int right = 0; right <= left; right++) {
        double scale = deviation[left] * deviation[right];
        correlation[left][right] =
            scale > 0 ? correlation[left][right] / scale : left == right ? 1 : 0;
      }
    }
    double[][] factor = new double[count][count];
    for (int left = 0; left < count; left++) {
      for (int right = 0; right <= left; right++) {
        double rest = correlation[left][right];
        for (int inner = 0; inner < right; inner++) {
          rest -= factor[left][inner] * factor[right][inner];
        }
        if (left == right) {
          if (rest < SINGULAR) {
            throw new NotFitted(
                "a singular design: %s is a combination of other covariates"
                    .formatted(terms[left]));
          }
          factor[left][left] = Math.sqrt(rest);
        } else {
          factor[left][right] = rest / factor[right][right];
        }
      }
    }
    for (int term = 0; term < count; term++) {
      double standardised = beta[term] * deviation[term];
      if (!Double.isFinite(beta[term])
          || (family != Family.POISSON && Math.abs(standardised) > SEPARATED)) {
        throw new NotFitted(
            "separation: %s tells the outcomes apart without error (coefficient %s)"
                .formatted(terms[term], beta[term]));
      }
    }
    return deviation;
  }

  private static List<Outcome.Coefficient> intervals(
      double[] beta, String[] terms, double[][] g, double[][][] h) {
    int size = beta.length;
    double[][] drawn = new double[size][DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] step = solve(h[draw], g[draw]);
      for (int term = 0; term < size; term++) {
        drawn[term][draw] = beta[term] + step[term];
      }
    }
    List<Outcome.Coefficient> found = new ArrayList<>();
    for (int term = 0; term < size; term++) {
      Arrays.sort(drawn[term]);
      found.add(
          new Outcome.Coefficient(
              term == size - 1 ? "(intercept)" : terms[term],
              beta[term],
              drawn[term][DRAWS / 20 - 1],
              drawn[term][DRAWS - DRAWS / 20]));
    }
    return found;
  }

  /**
   * Solves a symmetric positive semidefinite system of which the lower half is given; a direction
   * without information, such as a constant covariate, takes no step.
   */
  static double[] solve(double[][] lower, double[] right) {
    int size = right.length;
    double[][] factor = new double[size][size];
    double[] solution = new double[size];
    for (int row = 0; row < size; row++) {
      double rest = right[row];
      for (int column = 0; column <= row; column++) {
        double value = lower[row][column];
        for (int inner = 0; inner < column; inner++) {
          value -= factor[row][inner] * factor[column][inner];
        }
        if (row == column) {
          factor[row][row] =
              value > 1e-12 * Math.max(lower[row][row], 1e-300) ? Math.sqrt(value) : 0;
        } else {
          factor[row][column] = factor[column][column] == 0 ? 0 : value / factor[column][column];
        }
      }
      for (int inner = 0; inner < row; inner++) {
        rest -= factor[row][inner] * solution[inner];
      }
      solution[row] = factor[row][row] == 0 ? 0 : rest / factor[row][row];
    }
    for (int row = size - 1; row >= 0; row--) {
      double rest = solution[row];
      for (int inner = row + 1; inner < size; inner++) {
        rest -= factor[inner][row] * solution[inner];
      }
      solution[row] = factor[row][row] == 0 ? 0 : rest / factor[row][row];
    }
    return solution;
  }
}
