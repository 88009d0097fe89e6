package io.lodestone.lake;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What has changed in the inputs of a step since its present rows were made. The log says which
 * slices of a table were written since; rows of these, as they are and as they were, say what of
 * them is other than it was in the columns that the step reads.
 *
 * @param now the lake as it is
 * @param before the lake with its tables as they were
 * @param slices by table, a predicate over its partitions that holds where it was written since
 */
public record Since(Lake now, Lake before, Map<String, String> slices) {
  private static final String SIGN = "sign";

  /** Column of {@link #differing}: a hash of what is read of a row. */
  public static final String HASH = "hash";

  /** What a step reads: rows of tables, of which it is given the rows to read. */
  @FunctionalInterface
  public interface Input extends Function<Function<Table, Dataset<Row>>, Dataset<Row>> {}

  /**
   * Groups of rows that are not what they were, each by its key; also those that have gone.
   *
   * @param input with the columns that the step reads and no others
   */
  public List<Row> changed(Input input, List<String> key) {
    return differing(
            read -> {
              Dataset<Row> rows = input.apply(read);
              return rows.withColumn(HASH, hash(rows.columns()));
            },
            key)
        .collectAsList();
  }

  /**
   * The same groups, each with {@code rows}, of which it is made now.
   *
   * @param input with the key and {@link #HASH}, of all that the step reads of a row
   */
  public Dataset<Row> differing(Input input, List<String> key) {
    return signed(input, now, 1)
        .unionByName(signed(input, before, -1))
        .groupBy(key.stream().map(functions::col).toArray(Column[]::new))
        .agg(
            sum(when(col(SIGN).gt(0), 1L).otherwise(0L)).as("rows"),
            sum(SIGN).as(SIGN),
            bit_xor(col(HASH)).as(HASH))
        // Two rows alike cancel out in the hash, not in the number.
        .where(col(HASH).notEqual(0L).or(col(SIGN).notEqual(0)))
        .drop(HASH, SIGN);
  }

  /** Rows of the slices of a table that were written since, as they are or as they were. */
  public Dataset<Row> written(Lake lake, Table table) {
    return lake.read(table).where(slices.get(table.name()));
  }

  private Dataset<Row> signed(Input input, Lake lake, int sign) {
    return input.apply(table -> written(lake, table)).withColumn(SIGN, lit(sign));
  }

  /** Of columns, and of which of them are null. */
  public static Column hash(String... columns) {
    return xxhash64(
        Stream.concat(
                Arrays.stream(columns).map(functions::col),
                Arrays.stream(columns).map(name -> col(name).isNull()))
            .toArray(Column[]::new));
  }
}
