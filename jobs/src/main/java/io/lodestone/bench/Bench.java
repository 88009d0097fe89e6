package io.lodestone.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.tables.DeltaTable;
import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Table;
import io.lodestone.records.Countries;
import io.lodestone.records.Goods;
import io.lodestone.records.PartnerKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The pipeline beside DuckDB: both make {@code flow}, {@code supplier}, {@code world_trade} and
 * {@code dependency} from the same files of a generated world, each in a process of its own, one
 * after the other, start-up included; then their rows are compared, untimed.
 *
 * <p>DuckDB runs {@code tables.sql}, which an expert may read and improve. It needs small tables
 * that the pipeline has from its configuration (countries, goods); they are written for it.
 */
public final class Bench {
  /** The job, not listed, that the pipeline's process runs: {@link #STEPS} and nothing else. */
  public static final String PIPELINE_JOB = "bench-pipeline";

  /** Steps of the pipeline that make the compared tables. */
  public static final List<String> STEPS = List.of("ingest", "dependency");

  private static final List<Table> COMPARED =
      List.of(Tables.FLOW, Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY);

  /** DuckDB's, which {@link #prepare} writes. */
  static final String SCRIPT = "tables.sql";

  private static final String BASE = "HS2012";
  private static final long SEED = 20260101;

  /**
   * What was asked for.
   *
   * @param rows of the world
   * @param json file for the result; null for none
   * @param keep folder that receives records, lake and DuckDB's tables and is left; null for a
   *     temporary one
   * @param heap largest heap of the pipeline's JVM
   */
  record Request(long rows, Path json, Path keep, String heap) {

    static Request parse(List<String> words) {
      Long rows = null;
      Path json = null;
      Path keep = null;
      String heap = "4g";
      for (int index = 0; index < words.size(); index += 2) {
        String option = words.get(index);
        if (index + 1 == words.size()) {
          throw Failure.usage("Cannot read %s: a value must follow.".formatted(option));
        }
        String value = words.get(index + 1);
        switch (option) {
          case "--rows" -> rows = rows(value);
          case "--json" -> json = Path.of(value);
          case "--keep" -> keep = Path.of(value);
          case "--heap" -> heap = heap(value);
          default ->
              throw Failure.usage(
                  "Cannot run bench with '%s': it takes --rows N [--json FILE] [--heap 4g] [--keep DIR]."
                      .formatted(option));
        }
      }
      if (rows == null) {
        throw Failure.usage("Cannot run bench: write --rows N, such as --rows 10000000.");
      }
      return new Request(rows, json, keep, heap);
    }

    private static long rows(String text) {
      long least = 1_000;
      long most = 200_000_000;
      if (text.matches("\\d{1,12}")
          && Long.parseLong(text) >= least
          && Long.parseLong(text) <= most) {
        return Long.parseLong(text);
      }
      throw Failure.usage(
          "Cannot read --rows '%s': write a whole number between %d and %d."
              .formatted(text, least, most));
    }

    private static String heap(String text) {
      if (text.matches("\\d{1,6}[mgMG]")) {
        return text;
      }
      throw Failure.usage(
          "Cannot read --heap '%s': write a size such as 4g or 900m.".formatted(text));
    }
  }

  private final Request request;
  private final Settings settings;
  private final Map<String, String> properties;
  private final ConfFiles conf;
  private final PrintStream out;
  private final Progress progress = new Progress(System.err);
  private String duckdbVersion;

  Bench(
      Request request,
      Settings settings,
      Map<String, String> properties,
      ConfFiles conf,
      PrintStream out) {
    this.request = request;
    this.settings = settings;
    this.properties = properties;
    this.conf = conf;
    this.out = out;
  }

  /**
   * Runs the comparison.
   *
   * @param arguments what followed {@code bench}
   * @param properties of Spark, handed on to the pipeline
   * @throws Failure for unusable arguments, if a contender fails or if they do not agree
   */
  public static void run(
      List<String> arguments,
      Settings settings,
      Map<String, String> properties,
      ConfFiles conf,
      PrintStream out) {
    Request request = Request.parse(arguments);
    if (!settings.hsBase().equals(BASE)) {
      throw Failure.usage(
          "Cannot run bench with spark.lodestone.hs.base = %s: its world is in %s; leave that setting out."
              .formatted(settings.hsBase(), BASE));
    }
    try {
      new Bench(request, settings, properties, conf, out).run();
    } catch (IOException unusable) {
      throw Failure.usage("Cannot run bench: %s.".formatted(unusable.getMessage()), unusable);
    } catch (SQLException fault) {
      throw new IllegalStateException("Cannot compare the tables", fault);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Stopped", stopped);
    }
  }

  private void run() throws IOException, SQLException, InterruptedException {
    Path folder = folder();
    Thread cleaning = new Thread(() -> delete(folder));
    if (request.keep() == null) {
      Runtime.getRuntime().addShutdownHook(cleaning);
    }
    progress.line("bench: writing %,d rows to %s", request.rows(), folder);
    prepare(folder);
    progress.line("bench: running DuckDB");
    Contender.Cost duckdb = Contender.duckdb(SCRIPT).run(folder);
    progress.line("bench: running the pipeline");
    Contender.Cost lodestone = pipeline(folder).run(folder);
    progress.line("bench: comparing");
    boolean agree = compare(folder);
    report(lodestone, duckdb, agree);
    if (!agree) {
      throw Failure.data("The pipeline and DuckDB do not agree; the differences stand above.");
    }
  }

  /** The folder that all is written to; deleted at the end unless it was asked for. */
  Path folder() throws IOException {
    if (request.keep() == null) {
      return Files.createTempDirectory("lodestone-bench").toRealPath();
    }
    Files.createDirectories(request.keep());
    Path folder = request.keep().toRealPath();
    try (Stream<Path> found = Files.list(folder)) {
      if (found.findAny().isPresent()) {
        throw Failure.usage("Cannot use --keep %s: it is not empty.".formatted(folder));
      }
    }
    return folder;
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException left) {
      System.err.println("Could not delete " + folder + ": " + left.getMessage());
    }
  }

  /** Writes the world and what DuckDB needs beside it. */
  void prepare(Path folder) throws IOException {
    Countries countries = Countries.load(conf);
    Goods goods = Goods.load(conf);
    new TradeWorld(SEED, request.rows(), countries, goods).write(folder.resolve("records/baci"));
    Path peer = Files.createDirectories(folder.resolve("peer"));
    Files.write(peer.resolve("countries.csv"), countries(countries));
    Files.write(peer.resolve("members.csv"), members(goods));
    Files.write(peer.resolve("baskets.csv"), baskets(goods));
    try (InputStream script = Bench.class.getResourceAsStream(SCRIPT)) {
      Files.copy(script, folder.resolve(SCRIPT));
    }
  }

  /** What BACI's codes mean, each once. */
  private static List<String> countries(Countries countries) {
    Map<Integer, String> lines = new TreeMap<>();
    countries
        .scheme("baci")
        .forEach(
            (code, meaning) -> {
              if (code.matches("\\d+")) {
                PartnerKind kind = meaning.kind();
                lines.put(
                    Integer.valueOf(code),
                    "%d,%s,%s"
                        .formatted(
                            Integer.valueOf(code),
                            countries.names().get(meaning.number()),
                            kind.text()));
              }
            });
    return withHeader("code,country,kind", lines.values());
  }

  /** Six-digit members of goods; BACI has no national lines and the world is in one revision. */
  private static List<String> members(Goods goods) {
    return withHeader(
        "good,code",
        goods.members().stream()
            .filter(member -> !member.isNational() && member.revision().equals(BASE))
            .map(member -> member.good() + "," + member.code())
            .distinct()
            .toList());
  }

  private static List<String> baskets(Goods goods) {
    List<String> baskets = new ArrayList<>(goods.basketGoods());
    baskets.addAll(goods.basketCodes());
    return withHeader("product", baskets);
  }

  private static List<String> withHeader(String header, Iterable<String> lines) {
    List<String> all = new ArrayList<>(List.of(header));
    lines.forEach(all::add);
    return all;
  }

  private Contender pipeline(Path folder) {
    Map<String, String> given = new TreeMap<>(properties);
    given.put("spark.lodestone.records", folder.resolve("records").toString());
    given.put("spark.lodestone.lake", folder.resolve("lake").toString());
    given.putIfAbsent("spark.local.dir", folder.toString());
    settings.conf().ifPresent(path -> given.put("spark.lodestone.conf", absolute(path.toString())));
    return Contender.job("lodestone", request.heap(), PIPELINE_JOB, given);
  }

  static String absolute(String path) {
    return path.contains(":") ? path : Path.of(path).toAbsolutePath().toString();
  }

  private boolean compare(Path folder) throws IOException, SQLException {
    boolean agree = true;
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      duckdbVersion = duckdb.getMetaData().getDatabaseProductVersion();
      statement.execute("SET temp_directory = '%s'".formatted(folder.resolve("spill")));
      Comparison comparison = new Comparison(duckdb, out);
      for (Table table : COMPARED) {
        String peer = folder.resolve("peer").resolve(table.name() + ".parquet").toString();
        agree &= comparison.agree(table, files(folder.resolve("lake").resolve(table.name())), peer);
      }
    }
    return agree;
  }

  /** Files of the latest version, by the log of a young table: what was added and not removed. */
  private static List<String> files(Path table) throws IOException {
    List<Path> commits;
    try (Stream<Path> found = Files.list(table.resolve("_delta_log"))) {
      commits = found.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
    ObjectMapper reader = new ObjectMapper();
    SortedSet<String> files = new TreeSet<>();
    for (Path commit : commits) {
      for (String line : Files.readAllLines(commit)) {
        JsonNode action = reader.readTree(line);
        if (action.has("add")) {
          files.add(file(table, action.get("add")));
        } else if (action.has("remove")) {
          files.remove(file(table, action.get("remove")));
        }
      }
    }
    return List.copyOf(files);
  }

  private static String file(Path table, JsonNode action) {
    return table.resolve(URI.create(action.get("path").asText()).getPath()).toString();
  }

  private void report(Contender.Cost lodestone, Contender.Cost duckdb, boolean agree)
      throws IOException {
    double ratio = lodestone.wallSeconds() / duckdb.wallSeconds();
    out.printf(
        "%n%,d rows, %d cores%n", request.rows(), Runtime.getRuntime().availableProcessors());
    out.print(Contender.Cost.HEADER);
    out.print(lodestone.line("lodestone"));
    out.print(duckdb.line("duckdb"));
    out.printf("%-28s %9.2f %9.2f%n", "ratio", ratio, lodestone.cpuSeconds() / duckdb.cpuSeconds());
    out.println(agree ? "The tables agree." : "The tables do not agree.");
    if (request.json() != null) {
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.put("rows", request.rows());
      json.set("lodestone", json(lodestone));
      json.set("duckdb", json(duckdb));
      json.put("ratio", rounded(ratio));
      json.put("agree", agree);
      json.put("cores", Runtime.getRuntime().availableProcessors());
      json.put("heap", request.heap());
      json.put("spark_version", org.apache.spark.package$.MODULE$.SPARK_VERSION());
      json.put("delta_version", DeltaTable.class.getPackage().getImplementationVersion());
      json.put("duckdb_version", duckdbVersion);
      json.put("java_version", System.getProperty("java.version"));
      Files.writeString(request.json(), json.toPrettyString() + "\n");
    }
  }

  private static ObjectNode json(Contender.Cost cost) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("wall_s", rounded(cost.wallSeconds()));
    json.put("cpu_s", rounded(cost.cpuSeconds()));
    json.put("peak_mb", cost.peakMegabytes() == null ? null : rounded(cost.peakMegabytes()));
    return json;
  }

  /** To thousandths. */
  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }
}
