package io.lodestone.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of a contender's process: runs another main class and, when the process ends,
 * writes what it cost. Arguments: file for the cost, main class, its arguments.
 *
 * <p>The file has two lines: seconds of processor time (user and system, all threads) and peak
 * resident memory in kilobytes, -1 where the system has no {@code /proc}.
 */
public final class Measured {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private Measured() {}

  /** Runs the class named by the second argument. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Path cost = Path.of(arguments[0]);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> write(cost)));
    String[] its = Arrays.copyOfRange(arguments, 2, arguments.length);
    Class.forName(arguments[1]).getMethod("main", String[].class).invoke(null, (Object) its);
  }

  private static void write(Path cost) {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try {
      Files.write(
          cost,
          List.of(
              String.valueOf(system.getProcessCpuTime() / 1e9), String.valueOf(peakKilobytes())));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static long peakKilobytes() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return -1;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(-1);
  }
}
