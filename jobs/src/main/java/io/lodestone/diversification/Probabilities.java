package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How good probabilities are: log loss and Brier score (weighted means), area under the ROC curve,
 * part of the outcomes in the top tenth, and calibration by tenth. Probabilities are clipped to
 * 0.0001 to 0.9999 first, in the model as in the naive forecast, so that one certain error does not
 * decide.
 */
final class Probabilities {
  private static final double CLIP = 1e-4;

  /** Digits of the log odds that are told apart for the curve. */
  private static final int DIGITS = 2;

  private static final int TENTHS = 10;

  private Probabilities() {}

  /** A probability within the clip. */
  static Column clipped(Column probability) {
    return least(greatest(probability, lit(CLIP)), lit(1 - CLIP));
  }

  /** A probability within the clip. */
  static double clipped(double probability) {
    return Math.min(Math.max(probability, CLIP), 1 - CLIP);
  }

  /** Log loss of a row. */
  static Column logLoss(Column label, Column probability) {
    return label
        .multiply(log(probability))
        .plus(lit(1.0).minus(label).multiply(log(lit(1.0).minus(probability))))
        .multiply(-1);
  }

  /** A group of rows with nearly the same probability. */
  private record Group(
      double weight, double positive, double predicted, double logLoss, double brier) {}

  /**
   * Notes metrics and skill of all windows, of probabilities that are clipped first.
   *
   * @param rows {@code fold} (name of {@link Split.Fold}), {@code importer}, {@code product},
   *     {@code label}, {@code weight}, {@code model} and {@code naive}
   */
  static Outcome measured(Dataset<Row> rows, Outcome outcome, long seed) {
    Dataset<Row> clipped =
        rows.select(
            col("fold"),
            col("importer"),
            col("product"),
            col("label"),
            col("weight"),
            clipped(col("model")).as("model"),
            clipped(col("naive")).as("naive"));
    return SourceTables.kept(clipped, kept -> measure(kept, outcome, seed));
  }

  private static Outcome measure(Dataset<Row> rows, Outcome outcome, long seed) {
    Map<String, List<Group>> model = groups(rows, "model");
    Map<String, List<Group>> naive = groups(rows, "naive");
    for (Outcome.Window window : Outcome.Window.values()) {
      if (model.containsKey(window.name())) {
        Map<String, Double> ofNaive = metrics(naive.get(window.name()));
        metrics(model.get(window.name()))
            .forEach((name, value) -> outcome.metric(window, name, value, ofNaive.get(name)));
      }
    }
    outcome.calibration.addAll(calibration(model.get(Split.Fold.VALIDATION.name())));
    return outcome.skills(
        Skill.byFold(
            rows.filter(col("fold").notEqual(Split.Fold.TRAIN.name()))
                .withColumn(
                    "model_loss", logLoss(col("label"), col("model")).multiply(col("weight")))
                .withColumn(
                    "naive_loss", logLoss(col("label"), col("naive")).multiply(col("weight"))),
            seed));
  }

  private static Map<String, List<Group>> groups(Dataset<Row> rows, String probability) {
    Column p = col(probability);
    Column odds = round(log(p.divide(lit(1.0).minus(p))), DIGITS);
    Map<String, List<Group>> groups = new HashMap<>();
    for (Row row :
        rows.groupBy(col("fold"), odds.as("odds"))
            .agg(
                sum("weight"),
                sum(col("weight").multiply(col("label"))),
                sum(col("weight").multiply(p)),
                sum(logLoss(col("label"), p).multiply(col("weight"))),
                sum(col("weight").multiply(p.minus(col("label"))).multiply(p.minus(col("label")))))
            .orderBy("fold", "odds")
            .collectAsList()) {
      groups
          .computeIfAbsent(row.getString(0), fold -> new ArrayList<>())
          .add(
              new Group(
                  row.getDouble(2),
                  row.getDouble(3),
                  row.getDouble(4),
                  row.getDouble(5),
                  row.getDouble(6)));
    }
    return groups;
  }

  private static Map<String, Double> metrics(List<Group> ascending) {
    double weight = 0;
    double positive = 0;
    double predicted = 0;
    double logLoss = 0;
    double brier = 0;
    double concordant = 0;
    double negativeBelow = 0;
    for (Group group : ascending) {
      double negative = group.weight() - group.positive();
      concordant += group.positive() * (negativeBelow + negative / 2);
      negativeBelow += negative;
      weight += group.weight();
      positive += group.positive();
      predicted += group.predicted();
      logLoss += group.logLoss();
      brier += group.brier();
    }
    Map<String, Double> metrics = new HashMap<>();
    metrics.put("log_loss", logLoss / weight);
    metrics.put("brier", brier / weight);
    metrics.put("mean_predicted", predicted / weight);
    metrics.put("mean_observed", positive / weight);
    if (positive > 0 && negativeBelow > 0) {
      metrics.put("auc", concordant / positive / negativeBelow);
      metrics.put("recall_top_tenth", topTenth(ascending, weight) / positive);
    }
    return metrics;
  }

  /** Positives in the tenth with the highest probability; of a group on the edge, a part. */
  private static double topTenth(List<Group> ascending, double weight) {
    double left = weight / TENTHS;
    double found = 0;
    for (int place = ascending.size() - 1; place >= 0 && left > 0; place--) {
      Group group = ascending.get(place);
      double part = Math.min(1, left / group.weight());
      found += part * group.positive();
      left -= group.weight();
    }
    return found;
  }

  private static List<Outcome.Bin> calibration(List<Group> ascending) {
    List<Outcome.Bin> bins = new ArrayList<>();
    double all = ascending.stream().mapToDouble(Group::weight).sum();
    double weight = 0;
    double positive = 0;
    double predicted = 0;
    double done = 0;
    for (Group group : ascending) {
      weight += group.weight();
      positive += group.positive();
      predicted += group.predicted();
      if (done + weight >= (bins.size() + 1) * all / TENTHS - all * 1e-9) {
        bins.add(new Outcome.Bin(predicted / weight, positive / weight, weight));
        done += weight;
        weight = 0;
        positive = 0;
        predicted = 0;
      }
    }
    return bins;
  }
}
