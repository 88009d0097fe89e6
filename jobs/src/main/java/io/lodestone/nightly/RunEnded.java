package io.lodestone.nightly;

import java.util.Arrays;
import java.util.Optional;

/** Rides with what ended a run (suppressed), so that whoever reports it knows which run it was. */
public final class RunEnded extends RuntimeException {
  private final String run;
  private final String outcome;

  RunEnded(String run, String outcome) {
    super("the run %s: %s".formatted(run, outcome), null, false, false);
    this.run = run;
    this.outcome = outcome;
  }

  /** The run that something thrown has ended, if it has ended one. */
  public static Optional<RunEnded> in(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Optional<RunEnded> found =
          Arrays.stream(cause.getSuppressed())
              .filter(RunEnded.class::isInstance)
              .map(RunEnded.class::cast)
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Its id. */
  public String run() {
    return run;
  }

  /** As in the table {@code run}. */
  public String outcome() {
    return outcome;
  }
}
