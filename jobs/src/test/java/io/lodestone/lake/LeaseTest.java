package io.lodestone.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lodestone.Failure;
import io.lodestone.Workplace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a lake, who may take it, and what a driver that lost it can still do: nothing. */
final class LeaseTest {
  private static final Duration EXPIRY = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-11-24T02:30:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir private java.nio.file.Path folder;
  private Configuration configuration;
  private FileSystem files;
  private Path lake;

  @BeforeEach
  void open() throws IOException {
    configuration = new Configuration();
    lake = new Path(folder.toString());
    files = lake.getFileSystem(configuration);
    lake = files.makeQualified(lake);
  }

  private Lease acquire(String run, Duration expiry) {
    return Lease.acquire(files, lake, run, "nightly", expiry, CLOCK);
  }

  private Failure refused(Duration expiry) {
    return Workplace.failure(() -> acquire("late", expiry).close());
  }

  @Test
  void goesToOneRunAfterTheOther() {
    try (Lease first = acquire("first", EXPIRY)) {
      assertThat(first.token()).isEqualTo(1);
      assertThat(refused(EXPIRY).exitCode()).isEqualTo(5);
      assertThat(refused(EXPIRY))
          .hasMessage(
              "Cannot start: the run first (nightly, since 2026-11-24T02:30:00Z) holds the lease of %s; wait until it ends, or until its lease expires if it was stopped by force."
                  .formatted(lake));
    }
    try (Lease second = acquire("second", EXPIRY)) {
      assertThat(second.token()).isEqualTo(2);
      assertThat(second.crashed()).isEmpty();
    }
    assertThat(folder.resolve("_lease")).isDirectoryContaining("glob:**2.json");
    assertThat(folder.resolve("_lease")).isDirectoryNotContaining("glob:**1.json");
  }

  @Test
  void isTakenFromARunThatGivesNoSignOfLife() throws IOException {
    ForeignLease.take(folder, 4, "silent", NOW.minus(EXPIRY));
    assertThat(refused(EXPIRY).getMessage()).contains("the run silent");
    Duration soon = Duration.ofMillis(600);
    ForeignLease.take(folder, 4, "silent", NOW.minus(soon).minusMillis(1));
    try (Lease lease = acquire("next", soon)) {
      assertThat(lease.token()).isEqualTo(5);
      assertThat(lease.crashed()).extracting(Claim::run).containsExactly("silent");
      assertThat(lease.mayWake()).isTrue();
    }
  }

  @Test
  void isTakenAtOnceFromAProcessOfThisMachineThatHasEnded() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    long process = ended.pid();
    ended.waitFor();
    Claim own = Claim.of(1, "ended", "nightly", NOW);
    Claim claim = new Claim(1, "ended", "nightly", own.machine(), process, 0, NOW, 0, NOW, false);
    assertThat(
            SmallFile.create(
                files, new Path(lake, "_lease/%020d.json".formatted(1)), claim.toJson()))
        .isTrue();
    try (Lease lease = acquire("next", EXPIRY)) {
      assertThat(lease.crashed()).extracting(Claim::run).containsExactly("ended");
      assertThat(lease.mayWake()).isFalse();
    }
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void tellsALiveProcessByWhatNoClockMoves() throws IOException {
    Claim own = Claim.of(1, "own", "nightly", NOW);
    assertThat(java.nio.file.Path.of("/proc/self/stat"))
        .as("ticks since boot")
        .content()
        .contains(" " + own.processStarted() + " ");
    assertThat(own.isDead()).isFalse();
    assertThat(startedAt(own, own.processStarted() + 1).isDead())
        .as("another process has its number")
        .isTrue();
    assertThat(startedAt(own, 0).isDead()).as("unknown when it started").isFalse();
  }

  private static Claim startedAt(Claim claim, long ticks) {
    return new Claim(
        1, claim.run(), "nightly", claim.machine(), claim.process(), ticks, NOW, 0, NOW, false);
  }

  @Test
  void knowsAllRunsBeforeThatDidNotReleaseTheirs() throws IOException {
    ForeignLease.take(folder, 1, "killed", NOW.minus(EXPIRY).minusSeconds(60));
    ForeignLease.take(folder, 2, "killed while it healed", NOW.minus(EXPIRY.multipliedBy(11)));
    try (Lease lease = acquire("next", EXPIRY)) {
      assertThat(lease.crashed())
          .extracting(Claim::run)
          .containsExactly("killed", "killed while it healed");
    }
    try (Lease lease = acquire("after", EXPIRY)) {
      assertThat(lease.crashed()).isEmpty();
    }
  }

  @Test
  void thatIsLeftIsFoundUnreleased() {
    Lease left = acquire("left", EXPIRY);
    left.leave();
    left.close();
    assertThat(refused(EXPIRY).getMessage()).contains("the run left");
  }

  @Test
  void deletesNoLeaseThatWasTakenWhileItEnded() throws IOException {
    AtomicInteger listings = new AtomicInteger(-1);
    FileSystem slow =
        new FilterFileSystem(files) {
          @Override
          public String getScheme() {
            return files.getScheme();
          }

          @Override
          public FileStatus[] listStatus(Path path) throws IOException {
            // The first tells that it is still held, the second what may be deleted.
            if (listings.get() >= 0 && listings.incrementAndGet() == 2) {
              ForeignLease.take(folder, 2, "next", NOW);
            }
            return super.listStatus(path);
          }
        };
    Lease lease = Lease.acquire(slow, lake, "ending", "nightly", EXPIRY, CLOCK);
    listings.set(0);
    lease.close();
    assertThat(folder.resolve("_lease")).isDirectoryContaining("glob:**2.json");
  }

  @Test
  void isWatchedWhereItsClockIsAheadOrBehind() throws Exception {
    Duration soon = Duration.ofMillis(600);
    ForeignLease.take(folder, 1, "ahead", NOW.plusSeconds(3600));
    try (Lease lease = acquire("next", soon)) {
      assertThat(lease.token()).as("it did not beat while it was watched").isEqualTo(2);
    }
    beatsWhileItIsWatched(3, NOW.plusSeconds(3600), soon);
    beatsWhileItIsWatched(4, NOW.minus(soon.multipliedBy(5)), soon);
  }

  private void beatsWhileItIsWatched(long token, Instant itsTime, Duration expiry)
      throws IOException {
    ForeignLease.take(folder, token, "alive", itsTime);
    AtomicInteger listings = new AtomicInteger();
    FileSystem watching =
        new FilterFileSystem(files) {
          @Override
          public String getScheme() {
            return files.getScheme();
          }

          @Override
          public FileStatus[] listStatus(Path path) throws IOException {
            // The first tells who holds it, the second whether it has beaten since.
            if (listings.incrementAndGet() == 2) {
              ForeignLease.take(folder, token, "alive", itsTime.plusSeconds(1), 4);
            }
            return super.listStatus(path);
          }
        };
    Failure busy =
        Workplace.failure(
            () -> Lease.acquire(watching, lake, "late", "nightly", expiry, CLOCK).close());
    assertThat(busy.getMessage()).contains("the run alive");
    assertThat(listings).hasValueGreaterThanOrEqualTo(2);
  }

  @Test
  void goesToOneOfFourThatWantItAtOnce() throws Exception {
    ExecutorService drivers = Executors.newFixedThreadPool(4);
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int driver = 0; driver < 4; driver++) {
      String run = "driver-" + driver;
      attempts.add(
          () -> {
            try {
              acquire(run, EXPIRY);
              return true;
            } catch (Failure busy) {
              assertThat(busy.exitCode()).isEqualTo(5);
              return false;
            }
          });
    }
    int winners = 0;
    for (Future<Boolean> attempt : drivers.invokeAll(attempts)) {
      winners += attempt.get() ? 1 : 0;
    }
    drivers.shutdown();
    assertThat(winners).isEqualTo(1);
  }

  @Test
  void keepsAPausedDriverFromCommitting() throws IOException {
    LocalLogStore log = new LocalLogStore(configuration);
    try (Lease lease = acquire("paused", EXPIRY);
        Fence fence = Fence.around(lake, lease, Map.of("flow", 3L))) {
      log.write(commit(4), List.of("a").iterator(), false, configuration);
      log.write(commit(5), List.of("b").iterator(), false, configuration);
      // Another program commits 6; Delta would read it and try 7.
      SmallFile.create(files, commit(6), "c");
      assertThatThrownBy(() -> log.write(commit(6), List.of("d").iterator(), false, configuration))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(
              Workplace.failure(
                  () -> log.write(commit(7), List.of("d").iterator(), false, configuration)))
          .hasMessage(
              "Cannot write version 7 of %s/flow: this run last knew version 5, so another program has written there; start again when it is done."
                  .formatted(lake));

      ForeignLease.take(folder, 2, "thief", NOW);
      Failure lost =
          Workplace.failure(
              () -> log.write(commit(6), List.of("d").iterator(), false, configuration));
      assertThat(lost.exitCode()).isEqualTo(5);
      assertThat(lost)
          .hasMessage(
              "Cannot go on: another run has taken the lease 1 of %s, which this one (paused) let expire; nothing more is written."
                  .formatted(lake));
    }
    assertThat(folder.resolve("_lease/%020d.json".formatted(2)))
        .as("the lease of the other run is left alone")
        .content()
        .contains("thief");
    log.write(commit(8), List.of("e").iterator(), false, configuration);
  }

  private Path commit(long version) {
    return new Path(lake, "flow/_delta_log/%020d.json".formatted(version));
  }
}
