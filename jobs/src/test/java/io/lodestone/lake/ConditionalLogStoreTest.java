package io.lodestone.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lodestone.Workplace;
import io.lodestone.storage.Door;
import io.lodestone.storage.Door.Treatment;
import io.lodestone.storage.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits on a real S3 endpoint, and on one whose answers get lost. */
final class ConditionalLogStoreTest {
  private static final int WRITERS = 4;
  private static final int ROUNDS = 25;

  private static S3Server server;

  private Door door;
  private Configuration configuration;
  private Path lake;
  private Path commit;
  private ConditionalLogStore store;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = S3Server.start();
  }

  @AfterAll
  static void stopServer() throws IOException, InterruptedException {
    server.close();
  }

  @BeforeEach
  void openBucket() throws IOException {
    door = new Door(server);
    configuration = new Configuration();
    lake = new Path("s3a://" + server.bucket(configuration, door.port()) + "/lake");
    commit = new Path(lake, "flow/_delta_log/00000000000000000001.json");
    store = new ConditionalLogStore(configuration);
  }

  @AfterEach
  void closeDoor() throws IOException {
    door.close();
  }

  private void write(String... lines) throws IOException {
    store.write(commit, Arrays.asList(lines).iterator(), false, configuration);
  }

  private String content() throws IOException {
    try (FSDataInputStream in = files().open(commit)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private FileSystem files() throws IOException {
    return lake.getFileSystem(configuration);
  }

  /** Treats the first put of the commit, and everything else as usual. */
  private static Function<String, Treatment> firstPut(Treatment treatment) {
    return firstPut("_delta_log", treatment);
  }

  private static Function<String, Treatment> firstPut(String of, Treatment treatment) {
    AtomicBoolean seen = new AtomicBoolean();
    return head ->
        head.startsWith("PUT ") && head.contains(of) && !seen.getAndSet(true)
            ? treatment
            : Treatment.PASS;
  }

  @Test
  void letsTheSecondOfTwoDriversKnow() throws IOException {
    write("one");
    assertThatThrownBy(() -> write("two")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(content()).isEqualTo("one\n");
  }

  @Test
  void replacesWhatMayBeReplaced() throws IOException {
    write("one");
    store.write(commit, List.of("two").iterator(), true, configuration);
    assertThat(content()).isEqualTo("two\n");
  }

  @Test
  void letsOneOfFourDriversWinEachVersion() throws Exception {
    ExecutorService drivers = Executors.newFixedThreadPool(WRITERS);
    for (int round = 0; round < ROUNDS; round++) {
      Path version = new Path(lake, "flow/_delta_log/%020d.json".formatted(round));
      List<Callable<Integer>> writes = new ArrayList<>();
      for (int driver = 0; driver < WRITERS; driver++) {
        String line = "driver " + driver;
        writes.add(
            () -> {
              try {
                store.write(version, List.of(line).iterator(), false, configuration);
                return 1;
              } catch (FileAlreadyExistsException lost) {
                return 0;
              }
            });
      }
      int winners = 0;
      for (Future<Integer> write : drivers.invokeAll(writes)) {
        winners += write.get();
      }
      assertThat(winners).as("winners of version %d", round).isEqualTo(1);
    }
    drivers.shutdown();
  }

  @Test
  void takesALeaseAndAProbeWhoseAnswersWereLostForDone() throws IOException {
    door.treat(firstPut("_lease", Treatment.LOSE_ANSWER));
    try (Lease lease =
        Lease.acquire(files(), lake, "own", "nightly", Duration.ofMinutes(2), Clock.systemUTC())) {
      assertThat(lease.token()).isEqualTo(1);
    }
    door.treat(firstPut("_probe-", Treatment.LOSE_ANSWER));
    CommitProbe.require(files(), lake);
  }

  @Test
  void putsThePointerOnlyInPlaceOfWhatItHadLookedAt() throws IOException {
    Path pointer = new Path(lake, "_published.json");
    assertThat(pointed(pointer, "late", "first")).as("there was none").isFalse();
    assertThat(SmallFile.read(files(), pointer)).contains("first");
    assertThat(pointed(pointer, "late", "second")).as("there was another").isFalse();
    assertThat(SmallFile.read(files(), pointer)).contains("second");
    door.treat(firstPut("_published", Treatment.LOSE_ANSWER));
    assertThat(SmallFile.replace(files(), pointer, () -> "third")).isTrue();
    assertThat(SmallFile.read(files(), pointer)).contains("third");
  }

  /** A driver that is paused before its put, while another one puts. */
  private boolean pointed(Path pointer, String paused, String meanwhile) throws IOException {
    return SmallFile.replace(
        files(),
        pointer,
        () -> {
          try {
            assertThat(SmallFile.replace(files(), pointer, () -> meanwhile)).isTrue();
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
          return paused;
        });
  }

  @Test
  void takesACommitWhoseAnswerWasLostForDone() throws IOException {
    door.treat(firstPut(Treatment.LOSE_ANSWER));
    write("one");
    assertThat(content()).isEqualTo("one\n");
    assertThat(door.requests().stream().filter(line -> line.startsWith("PUT ")))
        .as("the client sends it again and is refused by its own object")
        .hasSizeGreaterThan(1);
  }

  @Test
  void sendsACommitAgainAfterBusyAnswersAndResets() throws IOException {
    door.treat(firstPut(Treatment.BUSY));
    write("one");
    assertThat(content()).isEqualTo("one\n");
    commit = new Path(commit.getParent(), "00000000000000000002.json");
    door.treat(firstPut(Treatment.RESET));
    write("two");
    assertThat(content()).isEqualTo("two\n");
  }

  @Test
  void sendsACommitAgainThatMetAnotherRequestInFlight() throws IOException {
    door.treat(firstPut(Treatment.CONFLICT));
    write("one");
    assertThat(content()).isEqualTo("one\n");
  }

  @Test
  void publishesNothingOfACommitThatCouldNotBeMade() throws IOException {
    Iterator<String> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public String next() {
            throw new IllegalStateException("no more actions");
          }
        };
    assertThatThrownBy(() -> store.write(commit, broken, false, configuration))
        .hasMessage("no more actions");
    assertThat(files().exists(commit)).isFalse();
  }

  @Test
  void listsVersionsInOrderFromOneOn() throws IOException {
    for (int version = 3; version > 0; version--) {
      commit = new Path(commit.getParent(), "%020d.json".formatted(version));
      write("version " + version);
    }
    List<String> names = new ArrayList<>();
    Iterator<FileStatus> found =
        store.listFrom(new Path(commit.getParent(), "%020d.json".formatted(2)), configuration);
    found.forEachRemaining(file -> names.add(file.getPath().getName()));
    assertThat(names).containsExactly("00000000000000000002.json", "00000000000000000003.json");
  }

  @Test
  void theProbePassesOnAStoreWithConditionalPutsAndLeavesNothing() throws IOException {
    CommitProbe.require(files(), lake);
    assertThat(files().listStatus(lake)).isEmpty();
  }

  @Test
  void theProbeRefusesAnEndpointThatIgnoresConditions() throws IOException {
    door.treat(head -> head.startsWith("PUT ") ? Treatment.PRETEND : Treatment.PASS);
    assertThat(Workplace.failure(() -> CommitProbe.require(files(), lake)))
        .hasMessage(
            "Cannot write tables to %s: conditional puts do not hold there (4 of 4 writers of one object were told that they were the first), so that of two runs at once one could lose its commit; use a store that honours them, or, where never two runs write at once, set spark.delta.logStore.s3a.impl=io.delta.storage.S3SingleDriverLogStore."
                .formatted(lake));
    assertThat(files().exists(lake)).isFalse();
  }

  @Test
  void theProbeRefusesAClientWithConditionalPutsSwitchedOff() {
    configuration.set("fs.s3a.create.conditional.enabled", "false");
    assertThat(Workplace.failure(() -> CommitProbe.require(files(), lake)))
        .hasMessageStartingWith(
            "Cannot write tables to %s: conditional puts do not hold there (the client cannot make them"
                .formatted(lake));
  }
}
