package io.lodestone.exchange;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Small findings of tasks, by a number of their own, that ride home with the tasks' results.
 *
 * <p>A finding replaces one of the same number: a task that Spark runs twice finds the same twice,
 * so that nothing is counted double. Merge findings by other numbers on the driver.
 */
public final class Gathered<T> extends AccumulatorV2<Gathered.Finding<T>, Map<Integer, T>> {

  /** What a task found, under its number. */
  public record Finding<T>(int number, T found) implements java.io.Serializable {}

  private final Map<Integer, T> found = new TreeMap<>();

  /** An empty collection that tasks of a context may add to. */
  public static <T> Gathered<T> in(SparkContext context) {
    Gathered<T> gathered = new Gathered<>();
    context.register(gathered);
    return gathered;
  }

  /** Adds a finding. */
  public void add(int number, T value) {
    found.put(number, value);
  }

  @Override
  public void add(Finding<T> finding) {
    found.put(finding.number(), finding.found());
  }

  @Override
  public boolean isZero() {
    return found.isEmpty();
  }

  @Override
  public AccumulatorV2<Finding<T>, Map<Integer, T>> copy() {
    Gathered<T> copy = new Gathered<>();
    copy.found.putAll(found);
    return copy;
  }

  @Override
  public void reset() {
    found.clear();
  }

  @Override
  public void merge(AccumulatorV2<Finding<T>, Map<Integer, T>> other) {
    found.putAll(other.value());
  }

  @Override
  public Map<Integer, T> value() {
    return found;
  }
}
