package io.lodestone.diversification;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.regression.IsotonicRegression;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * How often an outcome follows a score, by MLlib's isotonic regression on bins of at least {@value
 * #FEWEST} rows in the order of the score.
 *
 * <p>On single rows the ends of an isotonic regression are certainties that rest on a handful of
 * rows: the highest score had an outcome, so that all above it have one. A model that is fitted
 * again on more years gives scores beyond that end, and every one of them is an error that costs
 * the most. A bin is a mean of its score and a rate (x + r) / (n + 1), x outcomes of n and r the
 * rate of all.
 */
final class Isotonic {
  static final int FEWEST = 100;

  /** Digits of the scale that are told apart. */
  private static final int DIGITS = 2;

  private static final double NEVER_CERTAIN = 1e-6;

  private Isotonic() {}

  /** The scale on which probabilities are told apart. */
  static Column logOdds(Column probability) {
    return log(probability.plus(NEVER_CERTAIN).divide(lit(1 + NEVER_CERTAIN).minus(probability)));
  }

  /**
   * Fits.
   *
   * @param rows {@code label}, {@code weight} and the score
   * @param scale of the score, whose hundredths are told apart
   */
  static IsotonicRegressionModel fit(Dataset<Row> rows, String score, Column scale) {
    List<Row> groups =
        rows.groupBy(round(scale, DIGITS).as("scale"))
            .agg(
                count(lit(1)),
                sum(col("weight").multiply(col("label"))).divide(sum("weight")),
                avg(score))
            .orderBy("scale")
            .collectAsList();
    return new IsotonicRegression()
        .setFeaturesCol(score)
        .setWeightCol("weight")
        .fit(
            rows.sparkSession()
                .createDataFrame(
                    bins(groups),
                    new StructType()
                        .add(score, "DOUBLE")
                        .add("label", "DOUBLE")
                        .add("weight", "DOUBLE"))
                .coalesce(1));
  }

  /** Groups (scale, rows, rate, score) put together; what is left at the end goes to the last. */
  static List<Row> bins(List<Row> groups) {
    long all = 0;
    double outcomes = 0;
    for (Row group : groups) {
      all += group.getLong(1);
      outcomes += group.getLong(1) * group.getDouble(2);
    }
    double rate = outcomes / all;
    List<Row> bins = new ArrayList<>();
    long left = all;
    long rows = 0;
    double found = 0;
    double score = 0;
    for (Row group : groups) {
      rows += group.getLong(1);
      left -= group.getLong(1);
      found += group.getLong(1) * group.getDouble(2);
      score += group.getLong(1) * group.getDouble(3);
      if ((rows >= FEWEST && left >= FEWEST) || left == 0) {
        bins.add(RowFactory.create(score / rows, (found + rate) / (rows + 1), (double) rows));
        rows = 0;
        found = 0;
        score = 0;
      }
    }
    return bins;
  }
}
