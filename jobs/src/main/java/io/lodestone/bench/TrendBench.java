package io.lodestone.bench;

import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import io.lodestone.trend.ConcentrationTrends;
import io.lodestone.trend.Trends;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Trends of a generated world, after start-up, at a quarter, a half and the whole of its series:
 * first Mann-Kendall, Sen and the change of the HHI on one basis, and beside it the same columns by
 * DuckDB from the same files ({@code trend.sql}), compared cell by cell; then all columns of all
 * tables of the job {@code trend}.
 */
public final class TrendBench {
  private static final String SCRIPT = "trend.sql";
  private static final int WARM_UP = 2_000;

  /** Of sixteen years: 15 million importer-product-years. */
  private static final long SERIES = 936_000;

  private final SparkSession spark;
  private final Settings settings;
  private final Goods goods;
  private final Progress progress;
  private final PrintStream out;

  private TrendBench(SparkSession spark, Settings settings, Goods goods, PrintStream out) {
    this.spark = spark;
    this.settings = settings;
    this.goods = goods;
    this.progress = new Progress(System.err);
    this.out = out;
  }

  /**
   * Runs it.
   *
   * @param arguments what followed {@code bench}: {@code --trend [--series N]}
   * @throws Failure for unusable arguments or if a cell differs
   */
  public static void run(
      List<String> arguments, SparkSession spark, Settings settings, Goods goods, PrintStream out) {
    long series = series(arguments);
    try {
      Path folder = Files.createTempDirectory("lodestone-bench").toRealPath();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Bench.delete(folder)));
      new TrendBench(spark, settings, goods, out).run(series, folder);
    } catch (IOException unusable) {
      throw Failure.usage("Cannot run bench: %s.".formatted(unusable.getMessage()), unusable);
    } catch (SQLException fault) {
      throw new IllegalStateException("Cannot compare the trends", fault);
    }
  }

  private static long series(List<String> arguments) {
    List<String> words = new ArrayList<>(arguments);
    words.remove("--trend");
    if (words.isEmpty()) {
      return SERIES;
    }
    if (words.size() == 2
        && words.get(0).equals("--series")
        && words.get(1).matches("[1-9]\\d{3,7}")) {
      return Long.parseLong(words.get(1));
    }
    throw Failure.usage(
        "Cannot run bench --trend with '%s': it takes [--series N], a whole number from 1000 to 99999999."
            .formatted(String.join(" ", words)));
  }

  private void run(long series, Path folder) throws IOException, SQLException {
    measure(WARM_UP, folder.resolve("warm"));
    out.printf(
        "%n%,d cores, heap %,d MB, DuckDB %s%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory() >> 20,
        version());
    out.printf(
        "%10s %12s %12s %10s %8s %8s %12s %12s%n",
        "series", "importer-", "MK, Sen,", "series/s", "DuckDB", "ratio", "all", "series/s");
    out.printf(
        "%10s %12s %12s %10s %8s %8s %12s%n",
        "", "product-years", "change s", "", "s", "", "columns s");
    for (long size : new long[] {series / 4, series / 2, series}) {
      Times times = measure(size, folder.resolve("of-" + size));
      out.printf(
          Locale.ROOT,
          "%,10d %,12d %12.1f %,10.0f %8.1f %8.2f %12.1f %,12.0f%n",
          size,
          times.rows,
          times.three,
          size / times.three,
          times.duckdb,
          times.three / times.duckdb,
          times.all,
          size / times.all);
    }
    out.println("Every cell agrees with DuckDB's.");
  }

  private record Times(long rows, double three, double duckdb, double all) {}

  private Times measure(long series, Path folder) throws IOException, SQLException {
    Files.createDirectories(folder);
    Lake lake =
        new Lake(
            spark,
            new org.apache.hadoop.fs.Path(folder.resolve("lake").toString()),
            "bench",
            progress);
    progress.line("bench: writing %,d series to %s", series, folder);
    TrendWorld.write(lake, series);
    Path ours = folder.resolve("ours");
    long start = System.nanoTime();
    ConcentrationTrends.of(lake.read(Tables.DEPENDENCY)).write().parquet(ours.toString());
    double three = seconds(start);
    Path peer = folder.resolve("peer.parquet");
    double duckdb;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET temp_directory = '%s'".formatted(folder.resolve("spill")));
      start = System.nanoTime();
      statement.execute(
          script(folder.resolve("lake/dependency") + "/**/*.parquet", peer.toString()));
      duckdb = seconds(start);
      requireAgreement(statement, ours, peer);
    }
    start = System.nanoTime();
    Trends.run(
        lake, settings, goods, Gaps.none(), Scope.EVERYTHING, Optional.empty(), progress, "bench");
    double all = seconds(start);
    long rows = lake.read(Tables.DEPENDENCY).where("basis = 'value'").count();
    return new Times(rows, three, duckdb, all);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** DuckDB's script: from files of {@code dependency} to a file of trends. */
  static String script(String dependency, String trends) throws IOException {
    try (InputStream script = TrendBench.class.getResourceAsStream(SCRIPT)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8)
          .replace("${dependency}", dependency)
          .replace("${peer}", trends);
    }
  }

  private static String version() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  /** By key; doubles may differ by one part in a billion. */
  private void requireAgreement(Statement statement, Path ours, Path peer) throws SQLException {
    List<String> differ = new ArrayList<>();
    for (String column : List.of("mk_s", "mk_var", "mk_z", "sen_slope", "change")) {
      differ.add(
          "count(*) FILTER (abs(ours.%1$s - peer.%1$s) > 1e-9 * greatest(1e-3, abs(peer.%1$s)) OR (ours.%1$s IS NULL) <> (peer.%1$s IS NULL))"
              .formatted(column));
    }
    String query =
        "SELECT count(*) FILTER (ours.product IS NULL OR peer.product IS NULL), %s FROM read_parquet('%s/*.parquet') ours FULL JOIN read_parquet('%s') peer USING (importer, product)"
            .formatted(String.join(", ", differ), ours, peer);
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      for (int column = 1; column <= differ.size() + 1; column++) {
        if (row.getLong(column) > 0) {
          throw Failure.data(
              "Trends differ from DuckDB's: %d rows in column %d of %s."
                  .formatted(row.getLong(column), column, query));
        }
      }
    }
  }
}
