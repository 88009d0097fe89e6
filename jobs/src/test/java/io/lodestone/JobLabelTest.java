package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Spark's pages say of each job. */
@ExtendWith(SharedSpark.class)
final class JobLabelTest {

  @Test
  void nameTheStepTheTableAndTheSliceOfEveryJob(Workplace workplace) {
    workplace
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2020,52,392,M,0,H4,280530,100,1000",
            "C,A,2020,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,704,H4,280530,x,200")
        .set("rejects.max", "1");
    List<String> seen;
    try (JobLabels labels = new JobLabels(workplace.spark().sparkContext())) {
      workplace.run();
      seen = labels.seen();
    }
    StringBuilder tables = new StringBuilder("x");
    Tables.ALL.forEach(table -> tables.append('|').append(table.name()));
    StringBuilder steps = new StringBuilder("x");
    Pipeline.STEPS.forEach(step -> steps.append('|').append(step.name()));
    assertThat(seen)
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
