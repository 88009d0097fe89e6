package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lodestone.SharedSpark;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What MLlib's fit cannot be made of is said. */
@ExtendWith(SharedSpark.class)
final class CovariatesTest {

  @Test
  void saysThatNoRowHasAnyWeightLeft(SparkSession spark) {
    Dataset<Row> rows =
        spark.createDataFrame(
            List.of(
                RowFactory.create(1.0, 0.0, Vectors.dense(0)),
                RowFactory.create(2.0, 0.0, Vectors.dense(1))),
            new StructType()
                .add("label", "DOUBLE")
                .add("weight", "DOUBLE")
                .add("features", SQLDataTypes.VectorType()));
    GeneralizedLinearRegression glm =
        new GeneralizedLinearRegression().setFamily("poisson").setWeightCol("weight");

    assertThatThrownBy(() -> Covariates.varying(rows).fit(glm, rows))
        .isInstanceOf(NotFitted.class)
        .hasMessageContaining("no convergence: ")
        .hasMessageContaining("weights cannot be zero");
  }
}
