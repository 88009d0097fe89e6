package io.lodestone.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.apache.spark.Partition;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;

/**
 * One shuffle of records that are numbers: every sending task hands on blocks for numbered bins,
 * and a receiving task takes some bins whole.
 *
 * <p>Bins are many and fixed beforehand; which task takes which is decided when all is sent and the
 * sizes are known. So records are read once even where a decision (may they be loaded at all?)
 * stands between their reading and their use.
 */
public final class Exchange {
  private final JavaPairRDD<Integer, byte[]> sent;
  private final int bins;

  private Exchange(JavaPairRDD<Integer, byte[]> sent, int bins) {
    this.sent = sent;
    this.bins = bins;
  }

  /**
   * Plans an exchange; nothing runs before {@link #send}.
   *
   * @param blocks by bin
   * @param bins their number
   */
  public static Exchange of(JavaRDD<Tuple2<Integer, byte[]>> blocks, int bins) {
    // One bin more, always empty: reading it alone runs the sending side.
    return new Exchange(JavaPairRDD.fromJavaRDD(blocks).partitionBy(new ByBin(bins + 1)), bins);
  }

  /** Runs the sending side to its end; the receiving side may be used any number of times. */
  public void send() {
    sent.collectPartitions(new int[] {bins});
  }

  /** Both exchanges, of equally many bins, as one. */
  public Exchange and(Exchange other) {
    return new Exchange(sent.union(other.sent), bins);
  }

  /**
   * The blocks with their bins, some bins a task, in the order of the bins.
   *
   * @param tasks bins of each task
   */
  public JavaRDD<Tuple2<Integer, byte[]>> received(List<int[]> tasks) {
    return sent.rdd()
        .coalesce(tasks.size(), false, scala.Option.apply(new ByTask(tasks)), null)
        .toJavaRDD();
  }

  /**
   * Neighbouring bins together until a task has enough; empty bins belong to no task.
   *
   * @param sizes records by bin
   * @param enough records of a task
   */
  public static List<int[]> tasks(int bins, IntToLongFunction sizes, long enough) {
    List<int[]> tasks = new ArrayList<>();
    List<Integer> task = new ArrayList<>();
    long inTask = 0;
    for (int bin = 0; bin < bins; bin++) {
      long size = sizes.applyAsLong(bin);
      if (size == 0) {
        continue;
      }
      if (inTask > 0 && inTask + size > enough) {
        tasks.add(array(task));
        task.clear();
        inTask = 0;
      }
      task.add(bin);
      inTask += size;
    }
    if (!task.isEmpty()) {
      tasks.add(array(task));
    }
    return tasks;
  }

  private static int[] array(List<Integer> bins) {
    return bins.stream().mapToInt(Integer::intValue).toArray();
  }

  private static final class ByBin extends Partitioner {
    private final int bins;

    ByBin(int bins) {
      this.bins = bins;
    }

    @Override
    public int numPartitions() {
      return bins;
    }

    @Override
    public int getPartition(Object bin) {
      return (Integer) bin;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByBin byBin && byBin.bins == bins;
    }

    @Override
    public int hashCode() {
      return bins;
    }
  }

  private record ByTask(List<int[]> tasks) implements PartitionCoalescer, java.io.Serializable {
    @Override
    public PartitionGroup[] coalesce(int most, RDD<?> parent) {
      Partition[] partitions = parent.partitions();
      return tasks.stream()
          .map(
              bins -> {
                PartitionGroup group = new PartitionGroup(scala.Option.empty());
                for (int bin : bins) {
                  group.partitions().addOne(partitions[bin]);
                }
                return group;
              })
          .toArray(PartitionGroup[]::new);
    }
  }
}
