package io.lodestone.diversification;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The covariates that vary in the training rows. A constant one, such as the unit value in a source
 * without weights, makes the normal equations singular, on which MLlib falls back to a solver that
 * does not converge to the last digits; it is left out and has the coefficient 0. So is one that
 * varies by the rounding of its values only. One that varies little with the weights that a fit
 * ends with, such as whether there was a flow where nearly all of the trade is of old flows, goes
 * with the intercept as if it were one with it, unless it is counted from its mean.
 *
 * @param places of the varying ones among all
 * @param centres from where each of all is counted
 */
record Covariates(int[] places, double[] centres) {
  /** Covariates are logarithms, shares and counts: a standard deviation of 0.00001 is rounding. */
  private static final double ROUNDING = 1e-10;

  /** Of training rows with {@code features}. */
  static Covariates varying(Dataset<Row> train) {
    Vector variance = train.select(Summarizer.variance(col("features"))).first().getAs(0);
    return new Covariates(
        IntStream.range(0, variance.size())
            .filter(place -> variance.apply(place) > ROUNDING)
            .toArray(),
        new double[variance.size()]);
  }

  /** The same, counted from other values. */
  Covariates centred(double[] from) {
    return new Covariates(places, from);
  }

  /** Reads what {@link #save} wrote. */
  static Covariates load(org.apache.spark.sql.SparkSession spark, String folder) {
    Row row = spark.read().parquet(folder).first();
    return new Covariates(
        row.<Integer>getList(0).stream().mapToInt(Integer::intValue).toArray(),
        row.<Double>getList(1).stream().mapToDouble(Double::doubleValue).toArray());
  }

  void save(org.apache.spark.sql.SparkSession spark, String folder) {
    spark
        .createDataFrame(
            java.util.List.of(
                RowFactory.create(
                    Arrays.stream(places).boxed().toArray(),
                    Arrays.stream(centres).boxed().toArray())),
            new StructType().add("places", "ARRAY<INT>").add("centres", "ARRAY<DOUBLE>"))
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(folder);
  }

  /** Rows whose {@code features} are the varying ones only, from their centres. */
  Dataset<Row> of(Dataset<Row> rows) {
    if (places.length == centres.length && Arrays.stream(centres).allMatch(from -> from == 0)) {
      return rows;
    }
    Column values = functions.vector_to_array(col("features"), "float64");
    Column[] kept =
        Arrays.stream(places)
            .mapToObj(place -> values.getItem(place).minus(centres[place]))
            .toArray(Column[]::new);
    return rows.withColumn("features", functions.array_to_vector(array(kept)));
  }

  /** Coefficients of all covariates. */
  double[] coefficients(GeneralizedLinearRegressionModel model) {
    double[] coefficients = new double[centres.length];
    for (int place = 0; place < places.length; place++) {
      coefficients[places[place]] = model.coefficients().apply(place);
    }
    return coefficients;
  }

  /** The intercept for covariates as they are. */
  double intercept(GeneralizedLinearRegressionModel model) {
    double[] coefficients = coefficients(model);
    double intercept = model.intercept();
    for (int place = 0; place < centres.length; place++) {
      intercept -= coefficients[place] * centres[place];
    }
    return intercept;
  }
}
