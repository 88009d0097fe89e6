package io.lodestone;

/**
 * A failure that a user can act on: what happened, the value, what to do. The entry point prints
 * the message without a stack trace and exits with {@link #exitCode()}; anything else that is
 * thrown is a fault of the program and exits with 4.
 */
public final class Failure extends RuntimeException {
  private final int exitCode;

  private Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A command, setting, folder or configuration file that cannot be used: exit code 2. */
  public static Failure usage(String message) {
    return new Failure(2, message, null);
  }

  /** As {@link #usage(String)}, keeping the cause for a debugger. */
  public static Failure usage(String message, Throwable cause) {
    return new Failure(2, message, cause);
  }

  /** Records or tables that cannot be trusted: exit code 3. */
  public static Failure data(String message) {
    return new Failure(3, message, null);
  }

  /** A fault of what the program runs on: exit code 4. */
  public static Failure fault(String message, Throwable cause) {
    return new Failure(4, message, cause);
  }

  /** What the process exits with. */
  public int exitCode() {
    return exitCode;
  }
}
