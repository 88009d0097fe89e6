package io.lodestone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** What Spark's pages say of each job that starts, as {@code GROUP | DESCRIPTION}, until closed. */
public final class JobLabels extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  /** Of all jobs from now on. */
  public JobLabels(SparkContext context) {
    this.context = context;
    context.addSparkListener(this);
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    seen.add(
        start.properties().getProperty("spark.jobGroup.id")
            + " | "
            + start.properties().getProperty("spark.job.description"));
  }

  /** Those of all jobs that have started. */
  public List<String> seen() {
    try {
      context.listenerBus().waitUntilEmpty();
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }
}
