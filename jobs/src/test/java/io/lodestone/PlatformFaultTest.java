package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** What is said when the platform fails. */
final class PlatformFaultTest {

  @Test
  void namesTheFaultAndThePlaceAndNothingElseOfWhatItIsToldBy() {
    Throwable fault =
        new RuntimeException(
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times",
            new IOException(
                "PUT s3a://trade/lake/flow/part-0.parquet?X-Amz-Signature=abc: S3Exception: Please reduce your request rate (Service: S3, Status Code: 503):SlowDown"));
    Failure sentence = PlatformFault.explain(fault).orElseThrow();
    assertThat(sentence)
        .hasMessage(
            "Cannot go on at s3a://trade/lake/flow/part-0.parquet: the storage stayed busy or broken through all retries. Readers see what was last published; run again when that is mended.");
    assertThat(sentence.exitCode()).isEqualTo(4);
  }

  @Test
  void knowsAFullDiskOfAWorkerByTheTextThatReachesTheDriver() {
    assertThat(
            PlatformFault.explain(
                new RuntimeException(
                    "Lost task 1.3 in stage 9.0: java.io.IOException: No space left on device")))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .hasMessage(
                        "Cannot go on: a disk is full; free space in spark.local.dir on the workers or name a larger disk. Readers see what was last published; run again when that is mended."));
  }

  @Test
  void leavesFaultsOfTheProgramAsTheyAre() {
    assertThat(PlatformFault.explain(new NullPointerException("flow"))).isEmpty();
    assertThat(PlatformFault.reason(new SocketException("odd")))
        .isEqualTo("odd; check the path and the permissions");
  }
}
