package io.lodestone;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said about the Spark that runs the jar. */
final class SparkVersionTest {

  @Test
  void saysNothingOfTheReleasesThatItKnows() {
    assertThat(SparkVersion.remark("4.1.0")).isEmpty();
    assertThat(SparkVersion.remark("4.1.4")).isEmpty();
    assertThat(SparkVersion.remark(SparkVersion.running())).isEmpty();
  }

  @Test
  void goesOnWithANewerOrAVendorsReleaseOfTheLineAndSaysSo() {
    assertThat(SparkVersion.remark("4.1.5"))
        .hasValue(
            "This is Spark 4.1.5; this jar knows Spark 4.1.0 to 4.1.4 with Delta 4.4.0 and Hadoop 3.4.2 and goes on, untried.");
    assertThat(SparkVersion.remark("4.1.2-amzn-0")).isPresent();
  }

  @Test
  void refusesAnotherLine() {
    for (String other : new String[] {"3.5.6", "4.0.1", "4.10.0", "4.2.0", "5.0.0-SNAPSHOT"}) {
      Failure refusal = failure(() -> SparkVersion.remark(other));
      assertThat(refusal)
          .hasMessage(
              "Cannot run on Spark %s: this jar knows Spark 4.1.0 to 4.1.4 with Delta 4.4.0 and Hadoop 3.4.2; submit it to one of them."
                  .formatted(other));
      assertThat(refusal.exitCode()).isEqualTo(2);
    }
  }
}
