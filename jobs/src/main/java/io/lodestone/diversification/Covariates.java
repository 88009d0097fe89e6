package io.lodestone.diversification;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
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
 * varies by the rounding of its values only.
 *
 * @param places of the varying ones among all
 * @param all how many there are
 */
record Covariates(int[] places, int all) {
  /** Covariates are logarithms, shares and counts: a standard deviation of 0.00001 is rounding. */
  private static final double ROUNDING = 1e-10;

  /** Of training rows with {@code features}. */
  static Covariates varying(Dataset<Row> train) {
    Vector variance = train.select(Summarizer.variance(col("features"))).first().getAs(0);
    return new Covariates(
        IntStream.range(0, variance.size())
            .filter(place -> variance.apply(place) > ROUNDING)
            .toArray(),
        variance.size());
  }

  /** Reads what {@link #save} wrote. */
  static Covariates load(org.apache.spark.sql.SparkSession spark, String folder) {
    Row row = spark.read().parquet(folder).first();
    return new Covariates(
        row.<Integer>getList(0).stream().mapToInt(Integer::intValue).toArray(), row.getInt(1));
  }

  void save(org.apache.spark.sql.SparkSession spark, String folder) {
    spark
        .createDataFrame(
            java.util.List.of(RowFactory.create(Arrays.stream(places).boxed().toArray(), all)),
            new StructType().add("places", "ARRAY<INT>").add("all", "INT"))
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(folder);
  }

  /** Rows whose {@code features} are the varying ones only. */
  Dataset<Row> of(Dataset<Row> rows) {
    if (places.length == all) {
      return rows;
    }
    Column values = functions.vector_to_array(col("features"), "float64");
    Column[] kept = Arrays.stream(places).mapToObj(values::getItem).toArray(Column[]::new);
    return rows.withColumn("features", functions.array_to_vector(array(kept)));
  }

  /**
   * MLlib's fit on rows.
   *
   * @throws NotFitted if its iterations come to no end, or so far off that no row has any weight
   */
  GeneralizedLinearRegressionModel fit(GeneralizedLinearRegression glm, Dataset<Row> rows) {
    GeneralizedLinearRegressionModel model;
    try {
      model = glm.fit(of(rows));
    } catch (AssertionError weightless) {
      throw new NotFitted("no convergence: " + weightless.getMessage());
    }
    if (model.summary().numIterations() >= glm.getMaxIter()) {
      throw new NotFitted("no convergence within %d iterations".formatted(glm.getMaxIter()));
    }
    return model;
  }

  /** Coefficients of all covariates, from those of the varying ones. */
  double[] coefficients(Vector varying) {
    double[] coefficients = new double[all];
    for (int place = 0; place < places.length; place++) {
      coefficients[places[place]] = varying.apply(place);
    }
    return coefficients;
  }
}
