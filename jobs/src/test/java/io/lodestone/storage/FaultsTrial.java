package io.lodestone.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.storage.Door.Treatment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as a process of its own, killed and starved of its storage: `./lodestone test
 * faults`, which takes minutes.
 */
@ExtendWith(SharedSpark.class)
final class FaultsTrial {
  private static final Duration OUTAGE = Duration.ofMinutes(1);
  private static final long PATIENCE_MINUTES = 8;

  private static final String COMMIT_OF_FLOW = "(?s)PUT \\S+/lake/flow/_delta_log/0{19}1\\.json .*";

  private static S3Server server;

  @TempDir private static Path folder;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = S3Server.start();
  }

  @AfterAll
  static void stopServer() throws IOException, InterruptedException {
    server.close();
  }

  private static File said(String name) {
    return folder.resolve(name).toFile();
  }

  private static int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).as("it ends").isTrue();
    return process.exitValue();
  }

  @Test
  void theNextRunMakesGoodWhatADriverLeftThatWasKilledBeforeItsCommit(SparkSession spark)
      throws Exception {
    try (Door door = new Door(server)) {
      Bucket bucket = new Bucket(spark, server, door.port());
      bucket.run("whole");

      AtomicReference<Process> driver = new AtomicReference<>();
      AtomicBoolean killed = new AtomicBoolean();
      door.treat(
          head -> {
            if (!head.matches(COMMIT_OF_FLOW) || killed.getAndSet(true)) {
              return Treatment.PASS;
            }
            driver.get().destroyForcibly();
            return Treatment.RESET;
          });
      driver.set(bucket.start("lake", said("killed"), "run"));
      assertThat(end(driver.get())).as("killed").isNotZero();
      assertThat(killed).isTrue();
      assertThat(bucket.contents("lake").get("flow")).as("not committed").isEmpty();

      bucket.run("lake");
      assertThat(bucket.contents("lake")).isEqualTo(bucket.contents("whole"));
      assertNoSecret("killed");
    }
  }

  @Test
  void aMinuteOfBusyAnswersOrResetConnectionsEndsInTheRightTablesOrInOneSentence(SparkSession spark)
      throws Exception {
    try (Door busy = new Door(server);
        Door resetting = new Door(server)) {
      List<Outage> outages =
          List.of(
              new Outage(spark, busy, Treatment.BUSY),
              new Outage(spark, resetting, Treatment.RESET));
      outages.get(0).bucket.run("whole");
      Map<String, List<String>> whole = outages.get(0).bucket.contents("whole");
      for (Outage outage : outages) {
        outage.start();
      }
      for (Outage outage : outages) {
        outage.assertOutlasted(whole);
      }
    }
  }

  /** A run whose storage fails for a minute, from its first commit of flow on. */
  private static final class Outage {
    private final Door door;
    private final Treatment treatment;
    private final Bucket bucket;
    private final AtomicReference<Instant> since = new AtomicReference<>();
    private Process run;

    Outage(SparkSession spark, Door door, Treatment treatment) throws IOException {
      this.door = door;
      this.treatment = treatment;
      this.bucket = new Bucket(spark, server, door.port());
    }

    void start() throws IOException {
      door.treat(
          head -> {
            if (head.matches(COMMIT_OF_FLOW)) {
              since.compareAndSet(null, Instant.now());
            }
            Instant began = since.get();
            return began != null && Instant.now().isBefore(began.plus(OUTAGE))
                ? treatment
                : Treatment.PASS;
          });
      run = bucket.start("lake", said(treatment.name()), "run");
    }

    void assertOutlasted(Map<String, List<String>> whole) throws Exception {
      int code = end(run);
      assertThat(since).doesNotHaveNullValue();
      System.err.printf(
          "%s for %d s: exit code %d, %d s after its begin%n",
          treatment,
          OUTAGE.toSeconds(),
          code,
          Duration.between(since.get(), Instant.now()).toSeconds());
      if (code != 0) {
        assertThat(code).isEqualTo(4);
        List<String> lines = Files.readAllLines(said(treatment.name()).toPath());
        assertThat(lines.get(lines.size() - 1))
            .matches(
                "Cannot go on at s3a://\\S+: the storage .* Readers see what was last published.*");
        bucket.run("lake");
      }
      assertThat(bucket.contents("lake")).isEqualTo(whole);
      assertNoSecret(treatment.name());
    }
  }

  private static void assertNoSecret(String... names) throws IOException {
    for (String name : names) {
      assertThat(Files.readString(said(name).toPath())).doesNotContain(S3Server.SECRET);
    }
  }
}
