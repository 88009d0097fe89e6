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
  private static final String HASH = "hash";

  /** What a step reads: rows of tables, of which it is given the rows to read. */
  @FunctionalInterface
  public interface Input extends Function<Function<Table, Dataset<Row>>, Dataset<Row>> {}

  /** Groups of rows that are not what they were, each by its key; also those that have gone. */
  public List<Row> changed(Input input, List<String> key) {
    return changed(input, key, Map.of("all", lit(true)));
  }

  /**
   * Groups of rows that are not what they were, also those that have gone: the key, {@code rows} as
   * they are now, and whether each part of the group has changed.
   *
   * @param input with the columns that the step reads and no others
   * @param parts by the name of their column, which rows of a group they are
   */
  public List<Row> changed(Input input, List<String> key, Map<String, Column> parts) {
    Dataset<Row> both = hashed(input, now, 1).unionByName(hashed(input, before, -1));
    // Hash and number: two rows alike cancel out in the hash.
    Stream<Column> differ =
        parts.entrySet().stream()
            .map(
                part ->
                    bit_xor(when(part.getValue(), col(HASH)).otherwise(0L))
                        .notEqual(0L)
                        .or(sum(when(part.getValue(), col(SIGN)).otherwise(0)).notEqual(0))
                        .as(part.getKey()));
    return both.groupBy(key.stream().map(functions::col).toArray(Column[]::new))
        .agg(sum(when(col(SIGN).gt(0), 1L).otherwise(0L)).as("rows"), differ.toArray(Column[]::new))
        .filter(parts.keySet().stream().map(functions::col).reduce(lit(false), Column::or))
        .collectAsList();
  }

  private Dataset<Row> hashed(Input input, Lake lake, int sign) {
    Dataset<Row> rows = input.apply(table -> lake.read(table).where(slices.get(table.name())));
    return rows.withColumn(HASH, hash(rows.columns())).withColumn(SIGN, lit(sign));
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
