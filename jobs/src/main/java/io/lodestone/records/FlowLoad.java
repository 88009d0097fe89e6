package io.lodestone.records;

import io.lodestone.Tables;
import io.lodestone.exchange.Exchange;
import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Rows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * From records that have been read to rows of {@code flow}: a task takes some bins, sorts their
 * records by one number, makes them unique and gives out rows.
 *
 * <p>A bin holds whole products of a slice (source, year), and slices lie one after another; so no
 * product of a year crosses a file, and later steps read a file as one ordered pass.
 */
final class FlowLoad {
  /** Records of a file that is worth its task. */
  private static final long ENOUGH = 1_000_000;

  /** Fewer are not worth a task of their own. */
  private static final long FEWEST = 200_000;

  /** A slice (source and year). */
  record Slice(String source, int year) implements Comparable<Slice> {
    @Override
    public int compareTo(Slice other) {
      int bySource = source.compareTo(other.source);
      return bySource != 0 ? bySource : Integer.compare(year, other.year);
    }
  }

  private final SparkSession spark;
  private final Reading reading;
  private final FlowBins bins;
  private final FlowRows.Names names;
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final Gathered<Fates> fates;

  /**
   * Plans the load.
   *
   * @param rejected numbers of files that were read and are not loaded
   */
  FlowLoad(
      SparkSession spark,
      Reading reading,
      FlowBins bins,
      FlowRows.Names names,
      Set<Integer> rejected) {
    this.spark = spark;
    this.reading = reading;
    this.bins = bins;
    this.names = names;
    this.fates = Gathered.in(spark.sparkContext());
    reading
        .tallies()
        .forEach(
            (file, tally) -> {
              if (!rejected.contains(file)) {
                tally.bins().forEach((bin, records) -> sizes.merge(bin, records, Long::sum));
              }
            });
  }

  /** Rows of flow, in its order. */
  Dataset<Row> rows() {
    long total = sizes.values().stream().mapToLong(Long::longValue).sum();
    int cores = spark.sparkContext().defaultParallelism();
    long enough = Math.max(FEWEST, Math.min(ENOUGH, total / (2L * cores)));
    List<int[]> tasks = Exchange.tasks(bins.flow(), bin -> sizes.getOrDefault(bin, 0L), enough);
    FlowRows.Names itsNames = names;
    Gathered<Fates> itsFates = fates;
    FlatMapFunction<Iterator<Tuple2<Integer, byte[]>>, InternalRow> toRows =
        blocks -> new FlowRows(blocks, itsNames, itsFates);
    return Rows.dataset(spark, received(tasks).mapPartitions(toRows), Tables.FLOW.schema());
  }

  /** What became of every record; known when {@link #rows} have been written. */
  Fates fates() {
    Fates all = new Fates(names.kinds());
    fates.value().values().forEach(all::add);
    return all;
  }

  /** Totals of years that stand in the files, if any do. */
  Optional<Dataset<Row>> yearTotals() {
    List<int[]> tasks = new ArrayList<>();
    for (int bin : bins.totals()) {
      if (sizes.getOrDefault(bin, 0L) > 0) {
        tasks.add(new int[] {bin});
      }
    }
    if (tasks.isEmpty()) {
      return Optional.empty();
    }
    FlowRows.Names itsNames = names;
    FlatMapFunction<Iterator<Tuple2<Integer, byte[]>>, InternalRow> toRows =
        blocks -> YearTotals.rows(blocks, itsNames);
    return Optional.of(
        Rows.dataset(spark, received(tasks).mapPartitions(toRows), YearTotals.SCHEMA));
  }

  private JavaRDD<Tuple2<Integer, byte[]>> received(List<int[]> tasks) {
    return reading.sent().orElseThrow().received(tasks);
  }
}
