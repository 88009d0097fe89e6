package io.lodestone.lake;

import io.lodestone.Failure;
import io.lodestone.PlatformFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One run at a time: files {@code LAKE/_lease/TOKEN.json}, of which the one with the greatest token
 * holds. A token is created once, so that of two runs that want the same one gets it; its holder
 * beats by writing it again. A lease that has not been beaten for its expiry, or whose process is
 * known to be gone, is taken by creating the next token.
 *
 * <p>Clocks are compared only to call a lease expired. One that seems to be beaten in the future (a
 * clock was moved back) is watched until it beats or its expiry has passed; one that has expired by
 * less than clocks may differ, for a beat.
 */
public final class Lease implements AutoCloseable {
  /** Beats within an expiry: a few may be late. */
  private static final int BEATS = 6;

  /** As long as this gives one beat for certain. */
  private static final int SURE_BEATS = 2;

  /** Expiries by which the clock of another machine may be behind. */
  private static final int OTHER_CLOCK = 10;

  private final FileSystem files;
  private final Path folder;
  private final Clock clock;
  private final List<Claim> before;
  private final ScheduledExecutorService heart;
  private Claim claim;
  private volatile boolean lost;
  private boolean left;

  private Lease(FileSystem files, Path folder, Clock clock, List<Claim> before, Claim claim) {
    this.files = files;
    this.folder = folder;
    this.clock = clock;
    this.before = before;
    this.claim = claim;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lodestone lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes the lease of a lake.
   *
   * @param run id of the run that wants it
   * @param job its name
   * @param expiry how long a lease holds that is not beaten
   * @throws Failure with exit code 5 if another run holds it
   */
  static Lease acquire(
      FileSystem files, Path lake, String run, String job, Duration expiry, Clock clock) {
    Path folder = new Path(lake, "_lease");
    try {
      Optional<Claim> last = latest(files, folder);
      if (last.isPresent() && isHeld(files, folder, last.get(), expiry, clock)) {
        throw held(lake, last.get());
      }
      Claim mine = Claim.of(last.map(Claim::token).orElse(0L) + 1, run, job, clock.instant());
      if (!SmallFile.create(files, file(folder, mine.token()), mine.toJson())) {
        throw held(lake, latest(files, folder).orElseThrow());
      }
      Lease lease = new Lease(files, folder, clock, unreleased(files, folder, mine.token()), mine);
      long pause = Math.max(1, expiry.toMillis() / BEATS);
      lease.heart.scheduleWithFixedDelay(lease::beat, pause, pause, TimeUnit.MILLISECONDS);
      return lease;
    } catch (IOException unreachable) {
      throw PlatformFault.failure(
          "Cannot write to spark.lodestone.lake at %s".formatted(lake), unreachable);
    }
  }

  private static Failure held(Path lake, Claim claim) {
    return Failure.busy(
        "Cannot start: the run %s (%s, since %s) holds the lease of %s; wait until it ends, or until its lease expires if it was stopped by force."
            .formatted(claim.run(), claim.job(), claim.started(), lake));
  }

  private static boolean isHeld(
      FileSystem files, Path folder, Claim claim, Duration expiry, Clock clock) throws IOException {
    if (claim.released() || claim.isDead()) {
      return false;
    }
    Duration age = Duration.between(claim.beaten(), clock.instant());
    if (!age.isNegative() && age.compareTo(expiry) <= 0) {
      return true;
    }
    if (age.compareTo(expiry.multipliedBy(OTHER_CLOCK)) > 0) {
      return false;
    }
    int beats = age.isNegative() ? BEATS : SURE_BEATS;
    try {
      for (int beat = 0; beat < beats; beat++) {
        Thread.sleep(Math.max(1, expiry.toMillis() / BEATS));
        Claim now = latest(files, folder).orElseThrow();
        if (now.token() != claim.token() || now.beat() != claim.beat()) {
          return !now.released();
        }
      }
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while watching " + folder, interrupted);
    }
  }

  private static Optional<Claim> latest(FileSystem files, Path folder) throws IOException {
    long token = latestToken(files, folder);
    return token == 0
        ? Optional.empty()
        : SmallFile.read(files, file(folder, token)).map(Claim::of);
  }

  /** Claims before a token that were not released; whoever releases one deletes those before it. */
  private static List<Claim> unreleased(FileSystem files, Path folder, long before)
      throws IOException {
    List<Claim> unreleased = new ArrayList<>();
    for (FileStatus status : files.listStatus(folder)) {
      if (token(status).orElse(before) < before) {
        SmallFile.read(files, status.getPath())
            .map(Claim::of)
            .filter(claim -> !claim.released())
            .ifPresent(unreleased::add);
      }
    }
    unreleased.sort(Comparator.comparingLong(Claim::token));
    return List.copyOf(unreleased);
  }

  private static long latestToken(FileSystem files, Path folder) throws IOException {
    long token = 0;
    try {
      for (FileStatus status : files.listStatus(folder)) {
        token = Math.max(token, token(status).orElse(0));
      }
    } catch (FileNotFoundException none) {
      return 0;
    }
    return token;
  }

  private static OptionalLong token(FileStatus status) {
    String name = status.getPath().getName();
    return name.matches("\\d{20}\\.json")
        ? OptionalLong.of(Long.parseLong(name.substring(0, 20)))
        : OptionalLong.empty();
  }

  private static Path file(Path folder, long token) {
    return new Path(folder, "%020d.json".formatted(token));
  }

  /** The greater, the later. */
  public long token() {
    return claim.token();
  }

  /** The runs before that ended without releasing their lease, the earliest first. */
  public List<Claim> crashed() {
    return before;
  }

  /** Whether one of them may wake up again: nobody saw it end. */
  public boolean mayWake() {
    return before.stream().anyMatch(claim -> !claim.isDead());
  }

  /**
   * Whether the lease still holds.
   *
   * @throws Failure with exit code 5 if another run has taken it
   */
  public void require() {
    if (lost || isTaken()) {
      throw Failure.busy(
          "Cannot go on: another run has taken the lease %d of %s, which this one (%s) let expire; nothing more is written."
              .formatted(claim.token(), folder.getParent(), claim.run()));
    }
  }

  /** Whether another run is known to have taken it. */
  public boolean isLost() {
    try {
      return lost || isTaken();
    } catch (UncheckedIOException unreachable) {
      return false;
    }
  }

  /**
   * Lets it expire, as if the process had ended here: the next run finds that it was not released.
   */
  public synchronized void leave() {
    heart.shutdownNow();
    left = true;
  }

  private boolean isTaken() {
    try {
      lost |= latestToken(files, folder) != claim.token();
      return lost;
    } catch (IOException unreachable) {
      throw new UncheckedIOException("Cannot read the lease in " + folder, unreachable);
    }
  }

  /** One that fails is followed by the next; that nobody else writes is not its matter. */
  private synchronized void beat() {
    try {
      if (!lost && !claim.released() && latestToken(files, folder) == claim.token()) {
        claim = claim.beaten(clock.instant());
        SmallFile.replace(files, file(folder, claim.token()), claim.toJson());
      }
    } catch (IOException unreachable) {
      System.err.println("Cannot beat the lease in " + folder + ": " + unreachable.getMessage());
    }
  }

  /** Releases the lease, unless another run has taken it, and deletes those before it. */
  @Override
  public synchronized void close() {
    heart.shutdownNow();
    if (left) {
      return;
    }
    try {
      if (isTaken()) {
        return;
      }
      claim = claim.released(clock.instant());
      SmallFile.replace(files, file(folder, claim.token()), claim.toJson());
      for (FileStatus status : files.listStatus(folder)) {
        if (token(status).orElse(Long.MAX_VALUE) < claim.token()) {
          files.delete(status.getPath(), false);
        }
      }
    } catch (IOException unreachable) {
      throw new UncheckedIOException("Cannot release the lease in " + folder, unreachable);
    }
  }
}
