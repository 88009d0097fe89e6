package io.lodestone.bench;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Settings;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a night costs on top of a long history: the years of a generated world and the first month
 * of a year under way, of all reporters, are loaded at once; then comes the second month of one of
 * them, then nothing. First with the last eight years as history, then with all sixteen, whose
 * tables DuckDB makes in full in the same run; of {@code trend} it makes Mann-Kendall, Sen and the
 * change of the HHI.
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
  private static final String DUCKDB_SCRIPT = "night.sql";

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
    List<Path> years = files(folder.resolve("records/baci"));
    Nights half = nights(folder, "half", years.subList(years.size() / 2, years.size()));
    Nights whole = nights(folder, "whole", years);
    progress.line("bench: running DuckDB");
    Files.writeString(
        folder.resolve(DUCKDB_SCRIPT),
        Files.readString(folder.resolve(Bench.SCRIPT))
            + TrendBench.script("peer/dependency.parquet", "peer/trend.parquet")
            + ";\n");
    Contender.Cost duckdb = Contender.duckdb(DUCKDB_SCRIPT).run(folder);
    out.printf(
        "%n%,d rows of history, %d cores%n%s",
        request.rows(), Runtime.getRuntime().availableProcessors(), Contender.Cost.HEADER);
    print(half, "the last eight years");
    print(whole, "all years");
    out.print(duckdb.line("DuckDB, all years at once"));
    ratio("month / all at once", whole.month, whole.full);
    ratio("month, all / eight years", whole.month, half.month);
  }

  /** What the nights of one lake cost. */
  private record Nights(Contender.Cost full, Contender.Cost month, Contender.Cost idle) {}

  private void print(Nights nights, String history) {
    out.println(history);
    out.print(nights.full.line("  all at once"));
    out.print(nights.month.line("  a month of one reporter"));
    out.print(nights.idle.line("  nothing new"));
  }

  private void ratio(String name, Contender.Cost one, Contender.Cost other) {
    out.printf(
        "%-28s %9.3f %9.3f%n",
        name, one.wallSeconds() / other.wallSeconds(), one.cpuSeconds() / other.cpuSeconds());
  }

  /** Loads a history and the nights after it, in a folder of its own. */
  private Nights nights(Path world, String name, List<Path> years)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(world.resolve(name));
    Path last = years.get(years.size() - 1);
    Path records = Files.createDirectories(folder.resolve("records").resolve(SOURCE));
    for (Path year : years) {
      Files.createSymbolicLink(records.resolve(year.getFileName()), year);
    }
    Map<String, String> given = new TreeMap<>(properties);
    given.put("spark.lodestone.records", folder.resolve("records").toString());
    given.put("spark.lodestone.lake", folder.resolve("lake").toString());
    given.put("spark.lodestone.conf", world.resolve("conf").toString());
    given.putIfAbsent("spark.local.dir", world.toString());
    writeMonth(records, last, 1, importer -> true);
    progress.line("bench: making all tables of %d years and a month", years.size());
    Contender.Cost full = night("full", given).run(folder);
    writeMonth(records, last, 2, JAPAN::equals);
    progress.line("bench: a night with one more month of one reporter");
    Contender.Cost month = night("month", given).run(folder);
    progress.line("bench: a night with nothing new");
    return new Nights(full, month, night("idle", given).run(folder));
  }

  private Contender night(String name, Map<String, String> given) {
    return Contender.job(name, request.heap(), NIGHT_JOB, given);
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
