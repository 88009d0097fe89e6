package io.lodestone.bench;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Main;
import io.lodestone.Progress;
import io.lodestone.Settings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a night costs on top of a long history: sixteen years of a generated world and the first
 * month of a year under way, of all reporters, are loaded at once; then comes the second month of
 * one of them, then nothing. DuckDB makes the tables of the sixteen years in full, in the same run.
 *
 * <p>The source is a mirror, whose importers are also what is known of the world, and its last year
 * is made again with every month: the case in which a month touches most.
 */
public final class NightBench {
  /** The job, not listed, that the process of a night runs: {@link #STEPS} and nothing else. */
  public static final String NIGHT_JOB = "bench-night";

  /** Steps whose tables are compared; models are fitted when they are missing, not by the night. */
  public static final List<String> STEPS = List.of("ingest", "dependency", "trend");

  private static final String SOURCE = "monthly";
  private static final int UNDER_WAY = TradeWorld.FIRST_YEAR + TradeWorld.YEARS;
  private static final String JAPAN = "392";
  private static final double MONTHS = 12;

  private final Bench.Request request;
  private final Bench bench;
  private final Map<String, String> properties;
  private final ConfFiles conf;
  private final PrintStream out;
  private final Progress progress = new Progress(System.err);

  private NightBench(
      Bench.Request request,
      Settings settings,
      Map<String, String> properties,
      ConfFiles conf,
      PrintStream out) {
    this.request = request;
    this.bench = new Bench(request, settings, properties, conf, out);
    this.properties = properties;
    this.conf = conf;
    this.out = out;
  }

  /**
   * Measures nights.
   *
   * @param arguments what followed {@code bench}, without {@code --night}
   * @param properties of Spark, handed on
   * @throws Failure for unusable arguments, or if a night fails
   */
  public static void run(
      List<String> arguments,
      Settings settings,
      Map<String, String> properties,
      ConfFiles conf,
      PrintStream out) {
    try {
      new NightBench(Bench.Request.parse(arguments), settings, properties, conf, out).run();
    } catch (IOException unusable) {
      throw Failure.usage("Cannot run bench: %s.".formatted(unusable.getMessage()), unusable);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Stopped", stopped);
    }
  }

  private void run() throws IOException, InterruptedException {
    Path folder = bench.folder();
    if (request.keep() == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Bench.delete(folder)));
    }
    progress.line("bench: writing %,d rows to %s", request.rows(), folder);
    bench.prepare(folder);
    writeConf(folder.resolve("conf"));
    Path last = files(folder.resolve("records/baci")).get(TradeWorld.YEARS - 1);
    Path records = Files.createDirectories(folder.resolve("reported").resolve(SOURCE));
    for (Path file : files(folder.resolve("records/baci"))) {
      Files.createSymbolicLink(records.resolve(file.getFileName()), file);
    }
    writeMonth(records, last, 1, importer -> true);
    progress.line("bench: making all tables of sixteen years and a month");
    Contender.Cost full = night(folder, "full");
    writeMonth(records, last, 2, JAPAN::equals);
    progress.line("bench: a night with one more month of one reporter");
    Contender.Cost month = night(folder, "month");
    progress.line("bench: a night with nothing new");
    Contender.Cost idle = night(folder, "idle");
    progress.line("bench: running DuckDB");
    Contender.Cost duckdb = Bench.duckdb().run(folder);
    out.printf(
        "%n%,d rows of history, %d cores%n",
        request.rows(), Runtime.getRuntime().availableProcessors());
    out.printf("%-28s %9s %9s %9s%n", "", "wall s", "CPU s", "peak MB");
    line("all at once", full);
    line("a month of one reporter", month);
    line("nothing new", idle);
    line("DuckDB, history at once", duckdb);
    out.printf(
        "%-28s %9.3f %9.3f%n",
        "month / all at once",
        month.wallSeconds() / full.wallSeconds(),
        month.cpuSeconds() / full.cpuSeconds());
  }

  private void line(String name, Contender.Cost cost) {
    String peak = cost.peakMegabytes() == null ? "unknown" : "%.0f".formatted(cost.peakMegabytes());
    out.printf("%-28s %9.2f %9.2f %9s%n", name, cost.wallSeconds(), cost.cpuSeconds(), peak);
  }

  private Contender.Cost night(Path folder, String name) throws IOException, InterruptedException {
    Map<String, String> given = new TreeMap<>(properties);
    given.put("spark.lodestone.records", folder.resolve("reported").toString());
    given.put("spark.lodestone.lake", folder.resolve("lake").toString());
    given.put("spark.lodestone.conf", folder.resolve("conf").toString());
    given.putIfAbsent("spark.local.dir", folder.toString());
    List<String> arguments = new ArrayList<>(List.of(NIGHT_JOB));
    given.forEach((setting, value) -> arguments.addAll(List.of("--conf", setting + "=" + value)));
    return new Contender(name, request.heap(), Main.class, arguments).run(folder);
  }

  /** The configuration, with a source that is laid out as BACI's but for a month and the world. */
  private void writeConf(Path folder) throws IOException {
    for (Map.Entry<String, String> text : conf.texts().entrySet()) {
      Path file = folder.resolve(text.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, text.getValue());
    }
    Files.writeString(
        folder.resolve("sources").resolve(SOURCE + ".sql"),
        conf.text("sources/baci.sql")
            .replace("-- header: t, i, j, k, v, q", "-- header: t, i, j, k, v, q, [m]")
            .replace("-- world: baci", "-- world: mirror")
            .replace("t AS year,", "t AS year,\n  m AS month,"));
  }

  /** A twelfth of a file's year, for some importers, as a month of the year under way. */
  private static void writeMonth(Path folder, Path year, int month, Predicate<String> importers)
      throws IOException {
    Path file = folder.resolve("BACI_HS12_Y%d-%02d.csv".formatted(UNDER_WAY, month));
    try (BufferedReader lines = Files.newBufferedReader(year, StandardCharsets.US_ASCII);
        BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      out.write(lines.readLine() + ",m\n");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(",");
        if (importers.test(fields[2])) {
          fields[0] = String.valueOf(UNDER_WAY);
          fields[4] = "%.3f".formatted(Double.parseDouble(fields[4]) / MONTHS);
          out.write(String.join(",", fields) + "," + month + "\n");
        }
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(path -> path.toString().endsWith(".csv")).sorted().toList();
    }
  }
}
