package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.SharedSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A candidate's row says what MLlib's transformers say, on which the gate decided. */
@ExtendWith(SharedSpark.class)
final class EntryScoreTest {

  private static List<Row> candidates() {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 2000; row++) {
      double[] features = new double[Entry.FEATURES.length];
      for (int feature = 0; feature < features.length; feature++) {
        features[feature] = random.nextGaussian();
      }
      double odds = Math.exp(features[0] - 2 * features[7]);
      rows.add(
          RowFactory.create(
              "JPN",
              "850511",
              "hs6",
              "VNM",
              2024,
              Split.Fold.TRAIN.name(),
              "",
              random.nextDouble() < odds / (1 + odds) ? 1.0 : 0.0,
              1.0,
              features[7],
              Vectors.dense(features)));
    }
    return rows;
  }

  @Test
  void saysOfARowWhatTheTransformersSay(SparkSession spark) {
    List<Row> rows = candidates();
    Dataset<Row> panel = spark.createDataFrame(rows, Entry.SCHEMA).coalesce(1);
    LogisticRegressionModel logistic = new LogisticRegression().fit(panel);
    List<ProbabilisticClassificationModel<Vector, ?>> models =
        List.of(logistic, new GBTClassifier().setMaxIter(2).setMaxDepth(2).fit(panel));
    IsotonicRegressionModel naive = Isotonic.fit(panel, Entry.WORLD_SHARE, col(Entry.WORLD_SHARE));

    for (ProbabilisticClassificationModel<Vector, ?> model : models) {
      Dataset<Row> scored = Entry.scored(model, panel, "score");
      IsotonicRegressionModel calibration =
          Isotonic.fit(scored, "score", Isotonic.logOdds(col("score")));
      List<Row> expected =
          Entry.forecasts(scored, calibration, naive)
              .select(Probabilities.clipped(col("model")), Probabilities.clipped(col("naive")))
              .collectAsList();
      double[] means = new double[Entry.FEATURES.length];
      double[] coefficients = logistic.coefficients().toArray();
      EntryScore ofModel = new EntryScore(3, true, model, calibration, naive, coefficients, means);
      EntryScore ofNaive = new EntryScore(3, false, model, calibration, naive, coefficients, means);
      for (int row = 0; row < rows.size(); row++) {
        assertThat(ofModel.call(rows.get(row)).getDouble(6))
            .isCloseTo(expected.get(row).getDouble(0), within(1e-12));
        assertThat(ofNaive.call(rows.get(row)).getDouble(6))
            .isCloseTo(expected.get(row).getDouble(1), within(1e-12));
      }
    }
  }

  @Test
  void namesTheThreeFeaturesThatWeighMost() {
    double[] coefficients = new double[Entry.FEATURES.length];
    double[] features = new double[Entry.FEATURES.length];
    coefficients[1] = 2;
    features[1] = -0.5;
    coefficients[4] = 1;
    features[4] = 0.126;
    coefficients[8] = -3;
    features[8] = -1.5;
    EntryScore score =
        new EntryScore(
            1, true, constant(), steps(), steps(), coefficients, new double[features.length]);
    Row row =
        RowFactory.create(
            "JPN", "850511", "hs6", "VNM", 2024, "", "", 0.0, 1.0, -3.0, Vectors.dense(features));

    assertThat(score.call(row).getString(7))
        .isEqualTo(
            "other trade of the pair +4.50; comparative advantage -1.00; presence in the heading +0.13");
  }

  private static LogisticRegressionModel constant() {
    return new LogisticRegressionModel("constant", Vectors.zeros(Entry.FEATURES.length), 0);
  }

  private static IsotonicRegressionModel steps() {
    return new IsotonicRegressionModel(
        "steps",
        new org.apache.spark.mllib.regression.IsotonicRegressionModel(
            new double[] {0, 1}, new double[] {0, 1}, true));
  }
}
