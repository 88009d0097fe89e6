package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lodestone.diversification.Estimates.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Known coefficients lie in the intervals as often as the intervals say. */
final class EstimatesTest {
  private static final String[] TERMS = {"age", "size"};
  private static final double[] TRUTH = {-0.6, 0.4, -1.0};
  private static final int TRIALS = 120;

  @Test
  void coversKnownCoefficientsOfAllFamiliesNineTimesInTen() {
    for (Family family : Family.values()) {
      int[] covered = new int[TRUTH.length];
      for (int trial = 0; trial < TRIALS; trial++) {
        List<Row> rows = panel(family, new SplittableRandom(1000 * trial + 7));
        double[] beta = newton(rows, family);
        List<Outcome.Coefficient> found =
            Estimates.of(
                rows.iterator(), family, new double[] {beta[0], beta[1]}, beta[2], TERMS, 0, trial);
        for (int term = 0; term < TRUTH.length; term++) {
          covered[term] +=
              found.get(term).low() <= TRUTH[term] && TRUTH[term] <= found.get(term).high() ? 1 : 0;
        }
      }
      for (int term = 0; term < TRUTH.length; term++) {
        assertThat(covered[term] / (double) TRIALS)
            .as("%s, term %d", family, term)
            .isBetween(0.82, 0.97);
      }
    }
  }

  @Test
  void refusesACovariateThatIsACombinationOfOthers() {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 50; row++) {
      rows.add(
          RowFactory.create("p" + row, row % 2 * 1.0, 1.0, 0.0, Vectors.dense(row, 3 - 2.0 * row)));
    }
    assertThatThrownBy(
            () ->
                Estimates.of(
                    rows.iterator(), Family.LOGISTIC, new double[] {0.1, 0.1}, 0, TERMS, 0, 1))
        .isInstanceOf(NotFitted.class)
        .hasMessage("a singular design: size is a combination of other covariates");
  }

  @Test
  void refusesSeparation() {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 50; row++) {
      rows.add(
          RowFactory.create(
              "p" + row, row < 25 ? 0.0 : 1.0, 1.0, 0.0, Vectors.dense(row, row % 7)));
    }
    assertThatThrownBy(
            () ->
                Estimates.of(
                    rows.iterator(), Family.LOGISTIC, new double[] {40, 0.1}, -980, TERMS, 0, 1))
        .isInstanceOf(NotFitted.class)
        .hasMessageContaining("separation: age tells the outcomes apart without error");
  }

  /** 150 pairs of 6 years. */
  private static List<Row> panel(Family family, SplittableRandom random) {
    List<Row> rows = new ArrayList<>();
    for (int pair = 0; pair < 150; pair++) {
      double size = 2 * random.nextDouble();
      for (int year = 1; year <= 6; year++) {
        double age = Math.log(year);
        double mean = family.mean(TRUTH[0] * age + TRUTH[1] * size + TRUTH[2]);
        double label =
            family == Family.POISSON
                ? PoissonEffectsTest.poisson(random, mean)
                : random.nextDouble() < mean ? 1 : 0;
        rows.add(RowFactory.create("p" + pair, label, 1.0, 0.0, Vectors.dense(age, size)));
      }
    }
    return rows;
  }

  /** Maximum likelihood by Fisher scoring. */
  private static double[] newton(List<Row> rows, Family family) {
    double[] beta = new double[3];
    for (int round = 0; round < 25; round++) {
      double[][] information = new double[3][3];
      double[] score = new double[3];
      for (Row row : rows) {
        double[] of = ((org.apache.spark.ml.linalg.Vector) row.get(4)).toArray();
        double[] x = {of[0], of[1], 1};
        double eta = beta[0] * x[0] + beta[1] * x[1] + beta[2];
        double mean = family.mean(eta);
        double slope = family.slope(eta, mean);
        double variance = family.variance(mean);
        for (int left = 0; left < 3; left++) {
          score[left] += (row.getDouble(1) - mean) * slope / variance * x[left];
          for (int right = 0; right <= left; right++) {
            information[left][right] += slope * slope / variance * x[left] * x[right];
          }
        }
      }
      double[] step = Estimates.solve(information, score);
      for (int term = 0; term < 3; term++) {
        beta[term] += step[term];
      }
    }
    return beta;
  }
}
