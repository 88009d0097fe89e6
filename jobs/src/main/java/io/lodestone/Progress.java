package io.lodestone;

import java.io.PrintStream;

/** Lines that say what a run is doing, with the seconds since it began. */
public final class Progress {
  private final PrintStream out;
  private final long started = System.nanoTime();

  public Progress(PrintStream out) {
    this.out = out;
  }

  /** Prints one line. */
  public void line(String format, Object... values) {
    double seconds = (System.nanoTime() - started) / 1e9;
    out.printf("[%6.1f s] %s%n", seconds, format.formatted(values));
  }
}
