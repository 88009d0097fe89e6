package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Spark's pages say of each job. */
@ExtendWith(SharedSpark.class)
final class JobLabelTest {

  private static final class Labels extends SparkListener {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      seen.add(
          start.properties().getProperty("spark.jobGroup.id")
              + " | "
              + start.properties().getProperty("spark.job.description"));
    }
  }

  @Test
  void nameTheStepTheTableAndTheSliceOfEveryJob(Workplace workplace) throws Exception {
    workplace
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2020,52,392,M,0,H4,280530,100,1000",
            "C,A,2020,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,704,H4,280530,x,200")
        .set("rejects.max", "1");
    Labels labels = new Labels();
    workplace.spark().sparkContext().addSparkListener(labels);
    try {
      workplace.run();
      workplace.spark().sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      workplace.spark().sparkContext().removeSparkListener(labels);
    }
    StringBuilder tables = new StringBuilder("x");
    Tables.ALL.forEach(table -> tables.append('|').append(table.name()));
    StringBuilder steps = new StringBuilder("x");
    Pipeline.STEPS.forEach(step -> steps.append('|').append(step.name()));
    assertThat(labels.seen)
        .isNotEmpty()
        .allMatch(
            label ->
                label.matches("(%s) \\| (Delta: )*(%s): (%s), .+".formatted(steps, steps, tables)),
            "STEP | STEP: TABLE, SLICE")
        .anyMatch(
            label ->
                label.endsWith("ingest: flow, (source = 'comtrade' AND year IN (2020))")
                    || label.contains("ingest: flow, (source = 'comtrade' AND year IN (2020)): "))
        .anyMatch(label -> label.contains("dependency: supplier, all rows"));
  }
}
