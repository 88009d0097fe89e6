package io.lodestone.diversification;

import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * What a fit of {@link ExpectedFlow} and the naive forecast expect of one of its rows, in millions:
 * exp(offset + effects + x'b), and the flow of the year before mixed with the proportional
 * expectation exp(offset).
 *
 * @param coefficients of all covariates
 * @param mixture part of the proportional expectation in the naive forecast
 */
record ExpectedForecast(
    GroupEffects effects, double[] coefficients, double intercept, double mixture)
    implements MapFunction<Row, Row> {
  /** Of a row with both forecasts. */
  static final StructType SCHEMA =
      new StructType()
          .add("fold", "STRING")
          .add("importer", "STRING")
          .add("product", "STRING")
          .add("weight", "DOUBLE")
          .add("actual", "DOUBLE")
          .add("model", "DOUBLE")
          .add("naive", "DOUBLE");

  double model(Row row) {
    return Math.exp(
        row.getDouble(ExpectedFlow.OFFSET) + effects.of(row) + intercept + ofCovariates(row));
  }

  /** x'b. */
  double ofCovariates(Row row) {
    Vector features = row.getAs(ExpectedFlow.COVARIATES);
    double sum = 0;
    for (int feature = 0; feature < coefficients.length; feature++) {
      sum += features.apply(feature) * coefficients[feature];
    }
    return sum;
  }

  double naive(Row row) {
    return row.getDouble(ExpectedFlow.BEFORE) * (1 - mixture)
        + Math.exp(row.getDouble(ExpectedFlow.OFFSET)) * mixture;
  }

  @Override
  public Row call(Row row) {
    return RowFactory.create(
        row.getString(5),
        row.getString(0),
        row.getString(1),
        row.getDouble(ExpectedFlow.WEIGHT),
        row.getDouble(ExpectedFlow.ACTUAL),
        model(row),
        naive(row));
  }
}
