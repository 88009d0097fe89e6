package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.SharedData;
import io.lodestone.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Poisson with fixed effects finds what is known. */
@ExtendWith(SharedSpark.class)
final class PoissonEffectsTest {

  @Test
  void findsThePublishedGravityCoefficientWithFourEffectsAndMllibAgrees(SparkSession spark) {
    Path folder = SharedData.folder("gravity-ppml");
    List<Map<String, String>> lines = SharedData.csv(folder.resolve("fixest_trade_eu15.csv.gz"));
    Map<String, String> published =
        SharedData.csv(folder.resolve("expected_coefficients.csv")).stream()
            .filter(line -> line.get("model").startsWith("PPML"))
            .filter(line -> line.get("dataset").equals("fixest_trade_eu15.csv.gz"))
            .findFirst()
            .orElseThrow();
    int size = lines.size();
    double[] y = new double[size];
    double[][] x = new double[1][size];
    String[] groupings = {"Origin", "Destination", "Product", "Year"};
    int[][] groups = new int[groupings.length][size];
    for (int grouping = 0; grouping < groupings.length; grouping++) {
      Map<String, Integer> numbers = new HashMap<>();
      for (int row = 0; row < size; row++) {
        String name = lines.get(row).get(groupings[grouping]);
        numbers.putIfAbsent(name, numbers.size());
        groups[grouping][row] = numbers.get(name);
      }
    }
    for (int row = 0; row < size; row++) {
      y[row] = Double.parseDouble(lines.get(row).get("Euros")) / 1e6;
      x[0][row] = Math.log(Double.parseDouble(lines.get(row).get("dist_km")));
    }
    double[] one = new double[size];
    Arrays.fill(one, 1);

    PoissonEffects.Fit fit = PoissonEffects.fit(y, one, new double[size], x, groups);

    double expected = Double.parseDouble(published.get("estimate"));
    assertThat(fit.beta()[0]).isEqualTo(expected, within(1e-3));
    System.out.printf(
        "gravity: %.9f, published %.9f, %d rounds, deviance %.3f%n",
        fit.beta()[0], expected, fit.rounds(), fit.deviance() * 1e6);

    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < size; row++) {
      double effects = fit.eta()[row] - fit.beta()[0] * x[0][row];
      rows.add(RowFactory.create(y[row], effects, Vectors.dense(x[0][row])));
    }
    GeneralizedLinearRegressionModel model =
        new GeneralizedLinearRegression()
            .setFamily("poisson")
            .setLink("log")
            .setOffsetCol("offset")
            .setTol(1e-10)
            .fit(
                spark.createDataFrame(
                    rows,
                    new StructType()
                        .add("label", "DOUBLE")
                        .add("offset", "DOUBLE")
                        .add("features", SQLDataTypes.VectorType())));
    assertThat(model.coefficients().apply(0)).isEqualTo(expected, within(1e-3));
    assertThat(model.summary().deviance() / fit.deviance()).isEqualTo(1, within(1e-8));
  }

  @Test
  void recoversKnownCoefficientsAndGivesAnEmptyGroupNothing() {
    int size = 20_000;
    SplittableRandom random = new SplittableRandom(7);
    double[] y = new double[size];
    double[] one = new double[size];
    double[] offset = new double[size];
    double[][] x = new double[2][size];
    int[][] groups = new int[2][size];
    for (int row = 0; row < size; row++) {
      one[row] = 1;
      groups[0][row] = random.nextInt(30);
      groups[1][row] = random.nextInt(40);
      // The covariates go with the groups, as exporters' size does.
      x[0][row] = random.nextDouble() + groups[0][row] / 30.0;
      x[1][row] = random.nextDouble() - groups[1][row] / 40.0;
      offset[row] = random.nextDouble();
      double mean =
          Math.exp(
              offset[row]
                  + 0.7 * x[0][row]
                  - 1.2 * x[1][row]
                  + 0.05 * groups[0][row]
                  - 0.03 * groups[1][row]
                  - 1);
      y[row] = groups[1][row] == 39 ? 0 : poisson(random, mean);
    }

    PoissonEffects.Fit fit = PoissonEffects.fit(y, one, offset, x, groups);

    assertThat(fit.beta()[0]).isEqualTo(0.7, within(0.05));
    assertThat(fit.beta()[1]).isEqualTo(-1.2, within(0.05));
    assertThat(fit.effects()[1][39]).isLessThan(PoissonEffects.NONE / 2);
  }

  /** On flows of seven orders of magnitude a whole Newton step goes beyond, and back, for ever. */
  @ParameterizedTest
  @ValueSource(longs = {1, 4, 6, 7, 8})
  void meetsTheConditionsOfMaximumLikelihoodWhereAWholeStepLeadsUp(long seed) {
    int size = 800;
    Random random = new Random(seed);
    double[] y = new double[size];
    double[] weight = new double[size];
    double[] offset = new double[size];
    double[][] x = new double[3][size];
    int[][] groups = new int[2][size];
    for (int row = 0; row < size; row++) {
      groups[0][row] = random.nextInt(5);
      groups[1][row] = random.nextInt(5);
      offset[row] = 3 * random.nextGaussian();
      boolean flowed = random.nextDouble() < 0.3;
      weight[row] = flowed ? 1 : 10;
      x[0][row] = flowed ? 1 : 0;
      x[1][row] = flowed ? 3 * random.nextGaussian() : 0;
      x[2][row] = offset[row] + random.nextGaussian();
      double begun = random.nextDouble() < 0.1 ? Math.exp(offset[row] - 2) : 0;
      y[row] = flowed ? Math.exp(offset[row] + x[1][row] + random.nextGaussian()) : begun;
    }

    PoissonEffects.Fit fit = PoissonEffects.fit(y, weight, offset, x, groups);

    for (double[] column : x) {
      double score = 0;
      double scale = 0;
      for (int row = 0; row < size; row++) {
        score += weight[row] * (y[row] - Math.exp(fit.eta()[row])) * column[row];
        scale += weight[row] * y[row] * Math.abs(column[row]);
      }
      assertThat(score / scale).isEqualTo(0, within(1e-4));
    }
  }

  @Test
  void saysThatItDoesNotConverge() {
    double[] y = {1, Double.NaN};
    assertThatThrownBy(
            () ->
                PoissonEffects.fit(
                    y,
                    new double[] {1, 1},
                    new double[2],
                    new double[][] {{0, 1}},
                    new int[][] {{0, 0}}))
        .isInstanceOf(NotFitted.class)
        .hasMessageContaining("no convergence");
  }

  static int poisson(SplittableRandom random, double mean) {
    double product = random.nextDouble();
    int times = 0;
    while (product > Math.exp(-mean)) {
      product *= random.nextDouble();
      times++;
    }
    return times;
  }
}
