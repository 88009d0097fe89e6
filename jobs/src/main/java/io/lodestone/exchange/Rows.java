package io.lodestone.exchange;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

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

  /**
   * Rows of files.
   *
   * @param places of the columns that were asked for
   */
  public record Scan(JavaRDD<InternalRow> rows, int[] places) {}

  /**
   * Columns of rows that lie in files, in the order of the files: read in place from the batches
   * that the reader of the files fills, where the plan is a plain scan. A row is overwritten when
   * the next one is taken.
   */
  public static Scan scan(Dataset<Row> rows, List<String> columns) {
    Dataset<Row> selected =
        rows.select(columns.stream().map(functions::col).toArray(Column[]::new));
    SparkPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) selected).queryExecution().executedPlan();
    List<SparkPlan> leaves = CollectionConverters.asJava(plan.collectLeaves());
    boolean plain =
        leaves.size() == 1
            && leaves.get(0) instanceof FileSourceScanExec scan
            && scan.supportsColumnar()
            && isPlain(plan);
    if (!plain) {
      return new Scan(internal(selected), IntStream.range(0, columns.size()).toArray());
    }
    SparkPlan scan = leaves.get(0);
    List<String> found =
        CollectionConverters.asJava(scan.output()).stream().map(Attribute::name).toList();
    FlatMapFunction<Iterator<ColumnarBatch>, InternalRow> toRows = BatchRows::new;
    return new Scan(
        scan.executeColumnar().toJavaRDD().mapPartitions(toRows),
        columns.stream().mapToInt(found::indexOf).toArray());
  }

  /** Whether a plan does nothing to the rows of its scan but choose columns. */
  private static boolean isPlain(SparkPlan plan) {
    boolean here =
        plan instanceof FileSourceScanExec
            || plan instanceof ProjectExec project
                && CollectionConverters.asJava(project.projectList()).stream()
                    .allMatch(Attribute.class::isInstance)
            || plan instanceof ColumnarToRowExec
            || plan instanceof WholeStageCodegenExec
            || plan instanceof InputAdapter;
    return here && CollectionConverters.asJava(plan.children()).stream().allMatch(Rows::isPlain);
  }

  /** Rows of batches, one after another. */
  private static final class BatchRows implements Iterator<InternalRow> {
    private final Iterator<ColumnarBatch> batches;
    private Iterator<InternalRow> rows = Collections.emptyIterator();

    BatchRows(Iterator<ColumnarBatch> batches) {
      this.batches = batches;
    }

    @Override
    public boolean hasNext() {
      while (!rows.hasNext() && batches.hasNext()) {
        rows = batches.next().rowIterator();
      }
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }
  }

  /** A row of numbers, text, arrays of numbers, values as Spark holds them, and null. */
  public static InternalRow of(Object... values) {
    Object[] held = new Object[values.length];
    for (int at = 0; at < held.length; at++) {
      Object value = values[at];
      held[at] =
          value instanceof String text
              ? UTF8String.fromString(text)
              : value != null && value.getClass().isArray() ? new GenericArrayData(value) : value;
    }
    return new GenericInternalRow(held);
  }

  /** A dataset of internal rows; a task may give out one row object again and again. */
  public static Dataset<Row> dataset(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(rows.rdd(), schema, false);
  }
}
