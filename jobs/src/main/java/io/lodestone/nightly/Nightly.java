package io.lodestone.nightly;

import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.Pipeline;
import io.lodestone.Progress;
import io.lodestone.Settings;
import io.lodestone.lake.Claim;
import io.lodestone.lake.Fence;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Lease;
import io.lodestone.lake.Publication;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A run of steps that publishes all that it makes or nothing: it takes the lease of the lake,
 * brings every table back to its published version if an earlier run left it otherwise, runs the
 * steps, asks the {@link Gate}, and replaces the pointer that readers follow. If a step or the gate
 * stops it, the tables are restored, so that whoever reads the latest versions reads the published
 * ones.
 *
 * <p>Every run that held the lease has a row in the table {@code run}. Times are UTC, and "today"
 * is the day in UTC on which the run started.
 */
public final class Nightly {
  private final Pipeline.Run run;
  private final Lake lake;
  private final Settings settings;
  private final Progress progress;
  private final String job;
  private final Clock clock;
  private final Map<String, Double> seconds = new TreeMap<>();

  /** Findings that nothing waits for, since there is nothing to publish. */
  private List<Finding> toNote = List.of();

  /** Whether the table {@code check} has what the gate said. */
  private boolean judged;

  private Nightly(Pipeline.Run run, String job, Clock clock) {
    this.run = run;
    this.lake = run.lake();
    this.settings = run.settings();
    this.progress = run.progress();
    this.job = job;
    this.clock = clock;
  }

  /**
   * How a run ended.
   *
   * @param run its id
   * @param outcome as in the table {@code run}
   * @param warnings of the gate, in words
   */
  public record Ended(String run, String outcome, List<String> warnings) {
    /** Whether it published anything new. */
    public boolean changed() {
      return outcome.equals(Journal.PUBLISHED);
    }
  }

  /**
   * Runs steps and publishes what they made.
   *
   * @param job name for the table {@code run}
   * @throws Failure with exit code 5 if another run holds the lease, 3 if records or the gate stop
   *     it; nothing is published then
   */
  public static Ended run(Pipeline.Run run, List<Pipeline.Step> steps, String job, Clock clock) {
    return new Nightly(run, job, clock).run(steps, run.settings().nights().maintained());
  }

  /** Only maintains the lake, whether or not it is due. */
  public static Ended maintain(Pipeline.Run run, String job, Clock clock) {
    return new Nightly(run, job, clock).run(List.of(), Duration.ZERO);
  }

  private Ended run(List<Pipeline.Step> steps, Duration maintained) {
    Instant started = clock.instant();
    lake.requireSafeCommits();
    try (Lease lease = lake.lease(job, settings.nights().leaseExpiry(), clock);
        Fence fence = orLeave(lease, Journal.FAILED, () -> lake.fence(lease))) {
      Publication before = orLeave(lease, Journal.FAILED, () -> heal(lease, started));
      Journal.Begun begun =
          new Journal.Begun(lake.run(), job, started, settings.given(), Journal.versions(lake));
      Ended ended;
      try {
        ended = steps(steps, before, lease, started);
      } catch (Throwable failed) {
        undo(begun, before, lease, failed);
        throw failed;
      }
      // What is published stays, whatever fails from here on.
      return orLeave(
          lease,
          ended.outcome(),
          () -> {
            Together.run(
                () -> Journal.end(lake, begun, clock.instant(), ended.outcome(), null, seconds),
                () -> Journal.found(lake, clock.instant(), toNote));
            maintainIfDue(maintained, lease);
            return ended;
          });
    }
  }

  /**
   * Work that the next run makes up for: where it fails, the lease is left behind with those of the
   * runs before, so that the next run finds who it is to heal after and whose row is missing.
   *
   * @param outcome of the run then
   */
  private <T> T orLeave(Lease lease, String outcome, Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable failed) {
      failed.addSuppressed(new RunEnded(lake.run(), outcome));
      lease.leave();
      throw failed;
    }
  }

  private Ended steps(List<Pipeline.Step> steps, Publication before, Lease lease, Instant started) {
    if (run.scope().all()) {
      steps.forEach(step -> step.writes().forEach(lake::recreate));
    }
    Pipeline.require(run, steps);
    String recipe = steps.equals(Pipeline.STEPS) ? recipe(run) : "";
    boolean sameRecipe = !recipe.isEmpty() && recipe.equals(before.recipe());
    boolean changed = false;
    for (Pipeline.Step step : steps) {
      if (sameRecipe && !changed && !run.scope().all() && !step.reads().isEmpty()) {
        // All that it could read stands as it was published, by the same program and settings.
        progress.line("%s: nothing to do, its inputs and settings have not changed", step.name());
        continue;
      }
      long nanos = System.nanoTime();
      changed |= Pipeline.run(run, step);
      seconds.put(step.name(), (System.nanoTime() - nanos) / 1e9);
    }
    List<String> warnings = gate(before, started, changed);
    if (changed) {
      lake.publish(
          new Publication(
              lake.run(),
              lease.token(),
              clock.instant(),
              before.maintained(),
              before.readableSince(),
              recipe,
              Journal.versions(lake)),
          lease);
      progress.line("published run %s", lake.run());
    } else if (!recipe.isEmpty() && !sameRecipe) {
      // Every step has said that its tables are what this recipe makes.
      lake.publish(before.madeBy(recipe), lease);
    }
    return new Ended(lake.run(), changed ? Journal.PUBLISHED : Journal.UNCHANGED, warnings);
  }

  /** Of all that decides what comes out, but the records. */
  static String recipe(Pipeline.Run run) {
    List<String> parts = new ArrayList<>(List.of(Fingerprint.ofProgram()));
    run.settings().given().forEach((name, value) -> parts.add(name + "=" + value));
    run.conf().texts().forEach((name, text) -> parts.add(name + "=" + text));
    return Fingerprint.of(parts);
  }

  /** What the gate warns of. */
  private List<String> gate(Publication before, Instant started, boolean changed) {
    long nanos = System.nanoTime();
    List<Finding> findings =
        Gate.findings(
            run, lake.at(before.versions()), LocalDate.ofInstant(started, ZoneOffset.UTC));
    if (changed || findings.stream().anyMatch(Finding::stops)) {
      Journal.found(lake, clock.instant(), findings);
      judged = true;
    } else {
      toNote = findings;
    }
    seconds.put("gate", (System.nanoTime() - nanos) / 1e9);
    List<String> stops = findings.stream().filter(Finding::stops).map(Finding::message).toList();
    if (!stops.isEmpty()) {
      throw Failure.data(
          "Cannot publish the run %s: %s. What is published has not changed; see `./lodestone show check \"run = '%s'\"`."
              .formatted(lake.run(), firstOf(stops), lake.run()));
    }
    List<String> warnings =
        findings.stream().filter(finding -> !finding.passed()).map(Finding::message).toList();
    warnings.stream().limit(MOST_PRINTED).forEach(warning -> progress.line("warning: %s", warning));
    if (warnings.size() > MOST_PRINTED) {
      progress.line("%,d more warnings; see the table check", warnings.size() - MOST_PRINTED);
    }
    return warnings;
  }

  private static final int MOST_PRINTED = 5;

  private static String firstOf(List<String> stops) {
    return stops.stream().limit(MOST_PRINTED).collect(Collectors.joining("; "))
        + (stops.size() > MOST_PRINTED
            ? "; and %d more".formatted(stops.size() - MOST_PRINTED)
            : "");
  }

  /**
   * Maintains the lake if that is due.
   *
   * @param interval after which it is; it is too where the last time lies ahead, by a clock that
   *     was wrong then
   */
  private void maintainIfDue(Duration interval, Lease lease) {
    Publication published = lake.published().orElseThrow();
    Instant now = clock.instant();
    Duration past = Duration.between(published.maintained(), now);
    if (past.isNegative() || past.compareTo(interval) >= 0) {
      Duration history = settings.nights().history();
      Maintenance.run(lake, published, history, now, progress);
      lake.publish(published.maintainedAt(now, now.minus(history)), lease);
    }
  }

  /** What is published, with every table brought back to it. */
  private Publication heal(Lease lease, Instant started) {
    Publication published =
        (lease.mayWake() ? lake.claimPublished(lease) : lake.published())
            .orElseGet(
                () -> {
                  Publication found =
                      new Publication(
                          "", 0, started, started, Instant.EPOCH, "", Journal.versions(lake));
                  lake.publish(found, lease);
                  return found;
                });
    for (Claim crashed : lease.crashed()) {
      boolean done = crashed.run().equals(published.run());
      progress.line(
          "the run %s ended without releasing its lease%s",
          crashed.run(), done ? ", after it had published" : "");
      Journal.killed(lake, crashed, done ? Journal.PUBLISHED : Journal.KILLED);
    }
    restore(published);
    if (lease.mayWake()) {
      for (Table table : Journal.published()) {
        if (lake.exists(table)) {
          lake.bump(table, lease.token());
        }
      }
    }
    return published;
  }

  /**
   * Brings every table to its published version.
   *
   * @throws Failure if a table is gone or an older copy of itself, since what is left of the others
   *     says nothing of what is missing; a rebuild makes it anew
   */
  private void restore(Publication published) {
    for (Table table : Journal.published()) {
      // A table that was never published is as it was created: empty.
      long version = published.versions().getOrDefault(table.name(), 0L);
      if (lake.content(table).orElse(0) == version) {
        continue;
      }
      OptionalLong latest = lake.version(table);
      if (latest.orElse(-1) >= version) {
        lake.restore(table, version);
        progress.line("%s: restored version %d", table.name(), version);
      } else if (!run.scope().all()) {
        throw Failure.usage(
            "Cannot use the lake at %s: version %d of the table %s is published, and %s; bring the table back, or make all of them again with `rebuild`."
                .formatted(
                    lake.root(),
                    version,
                    table.name(),
                    latest.isEmpty()
                        ? "the table is gone"
                        : "its latest is " + latest.getAsLong()));
      }
    }
  }

  /**
   * Restores the tables, unless another run has taken the lease, whose matter they are then. Where
   * that or the row of the run fails, the lease is left behind, so that the next run does it.
   */
  private void undo(Journal.Begun begun, Publication before, Lease lease, Throwable failed) {
    Optional<Failure> known = Failure.in(failed);
    String outcome = known.filter(Failure::isData).isPresent() ? Journal.STOPPED : Journal.FAILED;
    failed.addSuppressed(new RunEnded(lake.run(), outcome));
    if (lease.isLost()) {
      return;
    }
    String message = known.map(Throwable::getMessage).orElse(failed.toString());
    // The row names the versions that the run left, before they are undone.
    boolean noted =
        attempt(
            failed,
            () -> {
              Journal.end(lake, begun, clock.instant(), outcome, message, seconds);
              if (outcome.equals(Journal.STOPPED) && !judged) {
                Journal.stoppedByRecords(lake, clock.instant(), message);
              }
            });
    boolean restored = attempt(failed, () -> restore(before));
    if (noted && restored) {
      progress.line(
          "nothing was published; what the run had written: ./lodestone show TABLE --run %s",
          lake.run());
    } else {
      lease.leave();
    }
  }

  private static boolean attempt(Throwable failed, Runnable work) {
    try {
      work.run();
      return true;
    } catch (Exception undone) {
      // A checked exception too, which Scala does not declare.
      failed.addSuppressed(undone);
      return false;
    }
  }
}
