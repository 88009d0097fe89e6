package io.lodestone.diversification;

import io.lodestone.Tables;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * What a fit of {@link Entry} says of a candidate: its probability, and the features that move the
 * log odds of the reference model most, with how much. A row at a time, for there are tens of
 * millions: MLlib's transformers make columns of vectors of them, and take four times as long.
 *
 * @param horizon years within which a link starts
 * @param ofModel whether the model speaks, not the naive forecast
 * @param model that the gate let through or refused
 * @param calibration of what the model says
 * @param naive probability by the logarithm of the share of world exports
 * @param coefficients of the reference model
 * @param means of the features in training
 */
record EntryScore(
    int horizon,
    boolean ofModel,
    ProbabilisticClassificationModel<Vector, ?> model,
    IsotonicRegressionModel calibration,
    IsotonicRegressionModel naive,
    double[] coefficients,
    double[] means)
    implements MapFunction<Row, Row> {
  static final StructType SCHEMA = ModelKind.rowsOf(Tables.ENTRY);

  /** Places in a candidate's row, which has no schema where it is made and scored at once. */
  private static final int SHARE_PLACE = Entry.SCHEMA.fieldIndex(Entry.WORLD_SHARE);

  private static final int FEATURES_PLACE = Entry.SCHEMA.fieldIndex("features");

  /** Words for people, in the order of {@link Entry#FEATURES}. */
  private static final List<String> WORDS =
      List.of(
          "exports of the product",
          "comparative advantage",
          "neighbouring products",
          "number of destinations",
          "presence in the heading",
          "unit value against the importer's",
          "importer's concentration",
          "share of world exports",
          "other trade of the pair",
          "size of the market",
          "growth of exports",
          "supplied before");

  private static final int REASONS = 3;
  private static final int HUNDREDTHS = 100;

  @Override
  public Row call(Row candidate) {
    double worldShare = candidate.getDouble(SHARE_PLACE);
    Vector features = candidate.getAs(FEATURES_PLACE);
    double probability =
        ofModel
            ? calibration.predict(model.predictProbability(features).apply(1))
            : naive.predict(worldShare);
    return RowFactory.create(
        candidate.getString(0),
        candidate.getString(1),
        candidate.getString(2),
        candidate.getString(3),
        candidate.getInt(4),
        horizon,
        Probabilities.clipped(probability),
        ofModel
            ? reasons(features)
            : String.format(
                Locale.ROOT, "share of world exports %.2f %%", Math.exp(worldShare) * 100));
  }

  private String reasons(Vector features) {
    double[] moved = new double[coefficients.length];
    for (int feature = 0; feature < moved.length; feature++) {
      moved[feature] = (features.apply(feature) - means[feature]) * coefficients[feature];
    }
    StringBuilder text = new StringBuilder();
    boolean[] told = new boolean[moved.length];
    for (int reason = 0; reason < REASONS; reason++) {
      int most = -1;
      for (int feature = 0; feature < moved.length; feature++) {
        if (!told[feature] && (most < 0 || Math.abs(moved[feature]) > Math.abs(moved[most]))) {
          most = feature;
        }
      }
      told[most] = true;
      text.append(reason == 0 ? "" : "; ").append(WORDS.get(most)).append(' ');
      append(text, moved[most]);
    }
    return text.toString();
  }

  /** As "%+.2f" would, in a tenth of its time. */
  private static void append(StringBuilder text, double number) {
    long hundredths = Math.round(Math.abs(number) * HUNDREDTHS);
    text.append(number < 0 ? '-' : '+').append(hundredths / HUNDREDTHS).append('.');
    long rest = hundredths % HUNDREDTHS;
    text.append(rest < 10 ? "0" : "").append(rest);
  }
}
