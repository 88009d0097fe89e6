package io.lodestone;

import java.util.Optional;

/**
 * A failure that a user can act on: what happened, the value, what to do. The entry point prints
 * the message without a stack trace and exits with {@link #exitCode()}; anything else that is
 * thrown is a fault of the program and exits with 4.
 */
public final class Failure extends RuntimeException {
  private static final int USAGE = 2;
  private static final int DATA = 3;
  private static final int FAULT = 4;
  private static final int BUSY = 5;

  private final int exitCode;

  private Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A command, setting, folder or configuration file that cannot be used: exit code 2. */
  public static Failure usage(String message) {
    return new Failure(USAGE, message, null);
  }

  /** As {@link #usage(String)}, keeping the cause for a debugger. */
  public static Failure usage(String message, Throwable cause) {
    return new Failure(USAGE, message, cause);
  }

  /** Records or tables that cannot be trusted: exit code 3. */
  public static Failure data(String message) {
    return new Failure(DATA, message, null);
  }

  /** A lake that another run holds: exit code 5. */
  public static Failure busy(String message) {
    return new Failure(BUSY, message, null);
  }

  /** The failure that something thrown is or was caused by, if there is one. */
  public static Optional<Failure> in(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failure failure) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  /** Whether records or the gate stopped the run. */
  public boolean isData() {
    return exitCode == DATA;
  }

  /** A fault of what the program runs on: exit code 4. */
  public static Failure fault(String message, Throwable cause) {
    return new Failure(FAULT, message, cause);
  }

  /** What the process exits with. */
  public int exitCode() {
    return exitCode;
  }
}
