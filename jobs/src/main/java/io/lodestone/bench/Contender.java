package io.lodestone.bench;

import io.lodestone.Failure;
import io.lodestone.Main;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A program that is measured as a process of its own: this JVM's options and class path, its own
 * heap.
 *
 * @param name of its log file
 * @param heap largest heap, as for -Xmx
 * @param main its main class
 * @param arguments of the main class
 */
record Contender(String name, String heap, Class<?> main, List<String> arguments) {
  private static final String DUCKDB_HEAP = "256m";

  /**
   * What a run cost.
   *
   * @param wallSeconds from the start of the process to its end
   * @param cpuSeconds user and system time of all its threads
   * @param peakMegabytes largest resident memory; null where the system does not tell
   */
  record Cost(double wallSeconds, double cpuSeconds, Double peakMegabytes) {
    /** Above {@link #line}. */
    static final String HEADER = "%-28s %9s %9s %9s%n".formatted("", "wall s", "CPU s", "peak MB");

    /** A line of a report. */
    String line(String name) {
      String peak = peakMegabytes == null ? "unknown" : "%.0f".formatted(peakMegabytes);
      return "%-28s %9.2f %9.2f %9s%n".formatted(name, wallSeconds, cpuSeconds, peak);
    }
  }

  /** A job of this program, with its settings as on a command line. */
  static Contender job(String name, String heap, String job, Map<String, String> settings) {
    List<String> arguments = new ArrayList<>(List.of(job));
    settings.forEach((key, value) -> arguments.addAll(List.of("--conf", key + "=" + value)));
    return new Contender(name, heap, Main.class, arguments);
  }

  /** DuckDB with a script below the folder in which it runs. */
  static Contender duckdb(String script) {
    return new Contender("duckdb", DUCKDB_HEAP, DuckScript.class, List.of(script));
  }

  /**
   * Runs it to its end.
   *
   * @param folder its working directory, which receives its output as a log
   * @throws Failure if it does not end well
   */
  Cost run(Path folder) throws IOException, InterruptedException {
    Path cost = folder.resolve(name + ".cost");
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(inherited());
    command.add("-Xmx" + heap);
    command.addAll(List.of("-cp", classPath(), Measured.class.getName(), cost.toString()));
    command.add(main.getName());
    command.addAll(arguments);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread ending = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(ending);
    int code = process.waitFor();
    double wall = (System.nanoTime() - start) / 1e9;
    Runtime.getRuntime().removeShutdownHook(ending);
    if (code != 0) {
      throw Failure.data(
          "Cannot compare: %s ended with exit code %d after %.1f s; its last words were:%n%s"
              .formatted(name, code, wall, lastLines(log)));
    }
    List<String> lines = Files.readAllLines(cost);
    double kilobytes = Double.parseDouble(lines.get(1));
    return new Cost(
        wall, Double.parseDouble(lines.get(0)), kilobytes < 0 ? null : kilobytes / 1024);
  }

  /** Options of this JVM but for its heap, its debuggers and its folders of records and lake. */
  private static List<String> inherited() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                !option.matches(
                    "-Xm[xs].*|-agent.*|-javaagent.*|-Dspark.lodestone.(records|lake)=.*"))
        .collect(Collectors.toList());
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
