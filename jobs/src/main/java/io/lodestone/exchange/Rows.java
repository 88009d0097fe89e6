package io.lodestone.exchange;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * The door between columns and plain Java over rows.
 *
 * <p>Why internal interfaces of Spark: a {@code Row} costs an object a field in and an object a
 * field out, with strings and decimals decoded and encoded again; at ten million rows that is more
 * than the work itself. {@code InternalRow} is what Spark passes between its own operators. All use
 * of it goes through here, so that a change in Spark has one place to be mended.
 */
public final class Rows {
  private Rows() {}

  /** The rows of a dataset as Spark holds them; a row is overwritten when the next one is taken. */
  public static JavaRDD<InternalRow> internal(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
  }

  /** A dataset of internal rows; a task may give out one row object again and again. */
  public static Dataset<Row> dataset(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(rows.rdd(), schema, false);
  }
}
