package io.lodestone;

import io.lodestone.bench.Bench;
import io.lodestone.bench.NightBench;
import io.lodestone.bench.TrendBench;
import io.lodestone.diversification.PeerRows;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.nightly.AsOf;
import io.lodestone.nightly.Explain;
import io.lodestone.nightly.History;
import io.lodestone.nightly.Nightly;
import io.lodestone.nightly.Plan;
import io.lodestone.nightly.RunEnded;
import io.lodestone.nightly.Summary;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import io.lodestone.sample.Sample;
import io.lodestone.trend.PowerTable;
import io.lodestone.trend.statistics.CriticalValues;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The command line: {@code JOB [--conf key=value] [--properties-file FILE] [arguments]}. The same
 * program for the launcher and for spark-submit. The only place that exits.
 */
public final class Main {
  private static final int FAULT = 4;
  private static final String DRY_RUN = "--dry-run";

  /** Jobs that run under the lease, beside those of a single step. */
  private static final Set<String> FILL_THE_LAKE =
      Set.of("run", "nightly", "backfill", "rebuild", "maintain", NightBench.NIGHT_JOB);

  private static final int RUN_SUFFIX = 6;

  /** What every session of the program has unless a user says otherwise; tests use them too. */
  static final Map<String, String> SESSION_DEFAULTS =
      pairs(
          "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          "spark.sql.session.timeZone", "UTC",
          // Of two drivers that commit to one table on S3 at once, Delta's own store loses one.
          "spark.delta.logStore.s3a.impl", "io.lodestone.lake.FencedLogStore",
          "spark.delta.logStore.file.impl", "io.lodestone.lake.LocalLogStore",
          // Waits of half a second that double: two minutes in all, where 7, the standard, is one.
          "spark.hadoop.fs.s3a.retry.limit", "8",
          // Rows go to the file of their slice in the order in which they come; sorting them by
          // slice first would cost a sort and lose that order.
          "spark.sql.maxConcurrentOutputFileWriters", "4096",
          // Else a task that shuffles opens a file for each of up to 200 partitions: a tenth of a
          // night on the sample.
          "spark.shuffle.sort.bypassMergeThreshold", "1",
          // Rows in parts by a column are joined and ranked by more columns as they lie.
          "spark.sql.requireAllClusterKeysForCoPartition", "false",
          // Each file of a slice buffers a row group.
          "spark.hadoop.parquet.block.size", String.valueOf(32 << 20),
          // Countries and products fit; shares are all different, and looking each of them up until
          // a dictionary of a megabyte is full costs more than writing them.
          "spark.hadoop.parquet.dictionary.page.size", String.valueOf(128 << 10),
          // The tables are pruned by literals; a filter that waits for a join keeps Spark from
          // computing a shared input once.
          "spark.sql.optimizer.dynamicPartitionPruning.enabled", "false",
          // Above 100 fields, as Delta's log has them, Spark does not compile a stage as a whole: 3
          // percent of the processor time of the sample's run.
          "spark.sql.codegen.maxFields", "300",
          "spark.databricks.delta.snapshotPartitions", "4",
          // How long deleted files stay is spark.lodestone.history.days, which is checked.
          "spark.databricks.delta.retentionDurationCheck.enabled", "false",
          // Delta refuses versions older than deletedFileRetentionDuration, a week: a lake on which
          // nothing was published for so long could neither be read as published nor restored to
          // it.
          "spark.databricks.delta.vacuum.enforceTimeTravelWithinDeletedFileRetentionDuration",
              "false",
          // And VACUUM takes that week for what it is told to retain, unless it is told 0.
          "spark.databricks.delta.vacuum.retentionWindowIgnore.enabled", "false",
          // Else VACUUM commits twice to say that it ran, and hides what the rows were made from.
          "spark.databricks.delta.vacuum.logging.enabled", "false",
          "spark.sql.sources.parallelPartitionDiscovery.parallelism", "16");

  private static final int PARTITIONS_PER_CORE = 8;

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "spark\\.hadoop\\.fs\\.s3a\\..*(access\\.key|secret\\.key|session\\.token|proxy\\.password)"
              + "|spark\\.(executorEnv|kubernetes\\.driverEnv|yarn\\.appMasterEnv)"
              + "\\.AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)");

  private Main() {}

  private static Map<String, String> pairs(String... namesAndValues) {
    Map<String, String> pairs = new TreeMap<>();
    for (int index = 0; index < namesAndValues.length; index += 2) {
      pairs.put(namesAndValues[index], namesAndValues[index + 1]);
    }
    return pairs;
  }

  /** Runs one job and exits with its code. */
  public static void main(String[] arguments) {
    int code = run(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Runs one job; returns 0, 2 for usage or settings, 3 for bad data, 4 for a fault, 5 if another
   * run holds the lease.
   */
  static int run(String[] arguments) {
    Optional<CommandLine> line = Optional.empty();
    try {
      line = Optional.of(CommandLine.parse(arguments));
      line.get().requireReadable();
      line.get().requireNoCredential();
      SparkVersion.remark(SparkVersion.running()).ifPresent(System.err::println);
      execute(line.get());
      return 0;
    } catch (Throwable failed) {
      // An error too, such as memory that does not suffice, is a fault with a code and a summary.
      Optional<Failure> known = Failure.in(failed).or(() -> PlatformFault.explain(failed));
      if (known.isPresent()) {
        System.err.println(known.get().getMessage());
      } else {
        failed.printStackTrace();
      }
      int code = known.map(Failure::exitCode).orElse(FAULT);
      Optional<RunEnded> ended = RunEnded.in(failed);
      line.filter(CommandLine::fillsTheLake)
          .ifPresent(
              typed ->
                  summarise(
                      typed,
                      new Summary(
                          typed.job(),
                          code,
                          ended.map(RunEnded::run).orElse(null),
                          ended.map(RunEnded::outcome).orElse(null),
                          List.of(),
                          known.map(Throwable::getMessage).orElse(failed.toString()))));
      return code;
    }
  }

  /** Says how a run stands where {@code spark.lodestone.summary} asks for it. */
  private static void summarise(CommandLine line, Summary summary) {
    String path = line.properties().get(Settings.PREFIX + "summary");
    org.apache.hadoop.fs.Path place;
    try {
      place = path == null ? null : Settings.path(path);
    } catch (IllegalArgumentException unusable) {
      // What is wrong with it has been said, without the credentials that it may carry.
      place = null;
    }
    if (place == null) {
      return;
    }
    try {
      summary.write(place, hadoop(sparkConf(line)));
    } catch (IOException | IllegalArgumentException unwritable) {
      System.err.printf(
          "Cannot write spark.lodestone.summary to %s: %s%n", place, unwritable.getMessage());
    }
  }

  /**
   * What was typed.
   *
   * @param job its name
   * @param properties of Spark, from the surroundings, the file and the command line in this order
   * @param arguments the rest
   * @param unreadable what is wrong with the first option that cannot be read; the others say where
   *     a summary goes even so
   */
  record CommandLine(
      String job,
      Map<String, String> properties,
      List<String> arguments,
      Optional<Failure> unreadable) {

    static CommandLine parse(String[] words) {
      Map<String, String> fromFile = new HashMap<>();
      Map<String, String> given = new HashMap<>();
      List<String> rest = new ArrayList<>();
      List<Failure> unreadable = new ArrayList<>();
      for (int index = 0; index < words.length; index++) {
        String word = words[index];
        try {
          if (word.equals("--conf") || word.equals("-c")) {
            String pair = following(words, index++, word, "key=value");
            int equals = pair.indexOf('=');
            if (equals < 1) {
              throw Failure.usage("Cannot read --conf '%s': write key=value.".formatted(pair));
            }
            given.put(pair.substring(0, equals), pair.substring(equals + 1));
          } else if (word.equals("--properties-file")) {
            fromFile.putAll(properties(following(words, index++, word, "a file")));
          } else {
            rest.add(word);
          }
        } catch (Failure option) {
          unreadable.add(option);
        }
      }
      Map<String, String> properties = new HashMap<>();
      for (scala.Tuple2<String, String> pair : new SparkConf().getAll()) {
        properties.put(pair._1(), pair._2());
      }
      properties.putAll(fromFile);
      properties.putAll(given);
      String job = rest.isEmpty() ? "help" : rest.remove(0);
      return new CommandLine(job, properties, rest, unreadable.stream().findFirst());
    }

    /** Refuses options that cannot be read. */
    void requireReadable() {
      unreadable.ifPresent(
          option -> {
            throw option;
          });
    }

    /**
     * Whether it takes the lease of the lake, and so has a summary of its own; any other leaves
     * that of the last night.
     */
    boolean fillsTheLake() {
      return (FILL_THE_LAKE.contains(job) || Pipeline.named(job).isPresent())
          && !arguments.contains(DRY_RUN);
    }

    /** Refuses what would end in logs and histories. */
    void requireNoCredential() {
      properties.keySet().stream()
          .sorted()
          .filter(name -> CREDENTIAL.matcher(name).matches())
          .findFirst()
          .ifPresent(
              name -> {
                throw Failure.usage(
                    "Cannot use the setting %s: settings end in logs and histories; give credentials by the environment, a role or a credential store (see conf/s3.properties)."
                        .formatted(name));
              });
    }

    private static String following(String[] words, int index, String option, String what) {
      if (index + 1 >= words.length) {
        throw Failure.usage("Cannot read %s: %s must follow.".formatted(option, what));
      }
      return words[index + 1];
    }

    private static Map<String, String> properties(String file) {
      Properties read = new Properties();
      try (Reader reader =
          new InputStreamReader(Files.newInputStream(Path.of(file)), StandardCharsets.UTF_8)) {
        read.load(reader);
      } catch (IllegalArgumentException malformed) {
        throw Failure.usage(
            "Cannot read --properties-file %s: %s"
                .formatted(file, malformed.getMessage().replace("\n", " ")),
            malformed);
      } catch (IOException unreadable) {
        throw Failure.usage(
            "Cannot read --properties-file %s: there is no such readable file.".formatted(file),
            unreadable);
      }
      Map<String, String> properties = new HashMap<>();
      for (String name : read.stringPropertyNames()) {
        if (name.startsWith("spark.")) {
          properties.put(name, read.getProperty(name).trim());
        }
      }
      return properties;
    }
  }

  private static void execute(CommandLine line) {
    switch (line.job()) {
      case "help", "--help", "-h" -> Help.print(System.out);
      case "run" -> requireNoArguments(line, () -> demonstrate(line));
      case "nightly" -> nightly(line);
      case "backfill" -> night(line, Pipeline.STEPS, Scope.years(option(line, "--years")));
      case "rebuild" ->
          requireNoArguments(line, () -> night(line, Pipeline.STEPS, Scope.EVERYTHING));
      case "maintain" -> requireNoArguments(line, () -> maintain(line));
      case "explain" -> explain(line);
      case "history" ->
          requireNoArguments(line, () -> read(line, lake -> History.print(lake, System.out)));
      case "sample" -> requireNoArguments(line, () -> sample(line));
      case "show" -> show(line);
      case "bench" -> bench(line);
      case "bench-models" -> benchModels(line);
      case Bench.PIPELINE_JOB -> requireNoArguments(line, () -> bare(line, steps(Bench.STEPS)));
      case NightBench.NIGHT_JOB ->
          requireNoArguments(line, () -> night(line, steps(NightBench.STEPS), Scope.CHANGES));
      case "critical-values" ->
          requireNoArguments(
              line,
              () ->
                  System.out.print(
                      CriticalValues.table(
                          CriticalValues.SEED, CriticalValues.DRAWS, LocalDate.now().toString())));
      case "trend-power" ->
          requireNoArguments(
              line,
              () -> System.out.print(PowerTable.markdown(PowerTable.SIMULATIONS, PowerTable.SEED)));
      default -> {
        Pipeline.Step step =
            Pipeline.named(line.job())
                .orElseThrow(
                    () ->
                        Failure.usage(
                            "Cannot run '%s': there is no such job; see `./lodestone help`."
                                .formatted(line.job())));
        requireNoArguments(line, () -> night(line, List.of(step), Scope.CHANGES));
      }
    }
  }

  private static void requireNoArguments(CommandLine line, Runnable work) {
    if (!line.arguments().isEmpty()) {
      throw Failure.usage(
          "Cannot run %s with '%s': it takes no arguments but --conf and --properties-file."
              .formatted(line.job(), String.join(" ", line.arguments())));
    }
    work.run();
  }

  /** The value of the one option that a job takes. */
  private static String option(CommandLine line, String name) {
    if (line.arguments().size() != 2 || !line.arguments().get(0).equals(name)) {
      throw Failure.usage(
          "Cannot run %s with '%s': write %s and its value."
              .formatted(line.job(), String.join(" ", line.arguments()), name));
    }
    return line.arguments().get(1);
  }

  private static void nightly(CommandLine line) {
    if (line.arguments().equals(List.of(DRY_RUN))) {
      pipeline(line, Scope.CHANGES, run -> Plan.print(run, Pipeline.STEPS, System.out));
    } else {
      requireNoArguments(line, () -> night(line, Pipeline.STEPS, Scope.CHANGES));
    }
  }

  /** A sample if there are no records, a night, and what came of it. */
  private static void demonstrate(CommandLine line) {
    Settings settings = Settings.parse(line.properties());
    Configuration hadoop = hadoop(sparkConf(line));
    ConfFiles.load(settings.conf(), hadoop);
    if (!settings.recordsGiven() && lacksRecords(settings, hadoop)) {
      Progress progress = new Progress(System.err);
      progress.line("sample: no records in %s; writing synthetic ones", settings.records());
      writeSample(settings, hadoop, progress);
    }
    summarise(line, Summary.running(line.job()));
    pipeline(
        line,
        Scope.CHANGES,
        run -> {
          Nightly.Ended ended = Nightly.run(run, Pipeline.STEPS, "run", Clock.systemUTC());
          run.lake().label("run", Tables.DEPENDENCY, "what is printed");
          Result.print(
              AsOf.published(run.lake()), run.goods(), run.sources(), settings, System.out);
          report(line, ended);
        });
  }

  /** Steps under the lease of the lake, published together. */
  private static void night(CommandLine line, List<Pipeline.Step> steps, Scope scope) {
    summarise(line, Summary.running(line.job()));
    pipeline(
        line, scope, run -> report(line, Nightly.run(run, steps, line.job(), Clock.systemUTC())));
  }

  private static void maintain(CommandLine line) {
    summarise(line, Summary.running(line.job()));
    pipeline(
        line,
        Scope.CHANGES,
        run -> summarise(line, done(line, Nightly.maintain(run, line.job(), Clock.systemUTC()))));
  }

  private static void report(CommandLine line, Nightly.Ended ended) {
    if (!ended.changed()) {
      System.out.println("Nothing was done: all tables are up to date.");
    }
    summarise(line, done(line, ended));
  }

  private static Summary done(CommandLine line, Nightly.Ended ended) {
    return new Summary(line.job(), 0, ended.run(), ended.outcome(), ended.warnings(), null);
  }

  private static void explain(CommandLine line) {
    if (line.arguments().size() != 2) {
      throw Failure.usage(
          "Cannot explain: write `explain TABLE KEY`, KEY being one quoted SQL predicate that holds for one row.");
    }
    Table table = Tables.named(line.arguments().get(0));
    Settings settings = Settings.parse(line.properties());
    ConfFiles conf = ConfFiles.load(settings.conf(), hadoop(sparkConf(line)));
    Goods goods = Goods.load(conf);
    Gaps gaps = Gaps.load(conf, goods, settings.hsBase(), Source.load(conf).keySet());
    read(
        line,
        lake ->
            Explain.print(
                AsOf.published(lake), goods, gaps, table, line.arguments().get(1), System.out));
  }

  /** Steps without lease and publication, for the benchmark. */
  private static void bare(CommandLine line, List<Pipeline.Step> steps) {
    pipeline(line, Scope.CHANGES, run -> Pipeline.run(run, steps));
  }

  private static void pipeline(CommandLine line, Scope scope, Consumer<Pipeline.Run> work) {
    Settings settings = Settings.parse(line.properties());
    Progress progress = new Progress(System.err);
    SparkConf properties = sparkConf(line);
    ConfFiles conf = ConfFiles.load(settings.conf(), hadoop(properties));
    Goods goods = Goods.load(conf);
    Map<String, Source> sources = Source.load(conf);
    properties.set(
        "spark.databricks.delta.properties.defaults.deletedFileRetentionDuration",
        Lake.retention(settings.nights().history()));
    progress.line("starting Spark");
    SparkSession spark = SparkSession.builder().config(properties).getOrCreate();
    try {
      Lake lake = new Lake(spark, settings.lake(), newRunId(), progress);
      work.accept(new Pipeline.Run(lake, settings, conf, goods, sources, scope, progress));
    } finally {
      spark.stop();
    }
  }

  /** Sorts by time, and two runs of one second have different ones. */
  private static String newRunId() {
    return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now())
        + "-"
        + UUID.randomUUID().toString().substring(0, RUN_SUFFIX);
  }

  private static void sample(CommandLine line) {
    Settings settings = Settings.parse(line.properties());
    Configuration hadoop = hadoop(sparkConf(line));
    try {
      FileSystem files = settings.records().getFileSystem(hadoop);
      if (files.exists(settings.records())) {
        for (FileStatus folder : files.listStatus(settings.records())) {
          if (!folder.getPath().getName().startsWith("synthetic-")) {
            throw Failure.usage(
                "Cannot write a sample into %s: it holds %s, and real and synthetic records never stand side by side; name another spark.lodestone.records."
                    .formatted(settings.records(), folder.getPath().getName()));
          }
        }
      }
    } catch (IOException unreadable) {
      throw PlatformFault.failure(
          "Cannot write a sample into %s".formatted(settings.records()), unreadable);
    }
    writeSample(settings, hadoop, new Progress(System.err));
  }

  private static void writeSample(Settings settings, Configuration hadoop, Progress progress) {
    try {
      long lines = Sample.write(hadoop, settings.records());
      progress.line("sample: %,d lines of synthetic records in %s", lines, settings.records());
    } catch (IOException unwritable) {
      throw PlatformFault.failure(
          "Cannot write a sample into %s".formatted(settings.records()), unwritable);
    }
  }

  private static boolean lacksRecords(Settings settings, Configuration hadoop) {
    try {
      return Sample.isWanting(hadoop, settings.records());
    } catch (IOException unreadable) {
      throw PlatformFault.failure(
          "Cannot read spark.lodestone.records at %s".formatted(settings.records()), unreadable);
    }
  }

  private static void show(CommandLine line) {
    Settings settings = Settings.parse(line.properties());
    Show.Request request = Show.Request.parse(line.arguments());
    read(
        line,
        lake ->
            Show.print(
                request.run().isEmpty()
                    ? AsOf.published(lake)
                    : AsOf.run(lake, request.run().get(), settings, Instant.now()),
                request,
                System.out));
  }

  /** Work that only reads the lake. */
  private static void read(CommandLine line, Consumer<Lake> work) {
    Settings settings = Settings.parse(line.properties());
    SparkSession spark = SparkSession.builder().config(sparkConf(line)).getOrCreate();
    try {
      work.accept(new Lake(spark, settings.lake(), "", new Progress(System.err)));
    } finally {
      spark.stop();
    }
  }

  private static void bench(CommandLine line) {
    Settings settings = Settings.parse(line.properties());
    if (line.arguments().contains("--night")) {
      NightBench.run(
          line.arguments().stream().filter(word -> !word.equals("--night")).toList(),
          settings,
          line.properties(),
          ConfFiles.load(settings.conf(), hadoop(sparkConf(line))),
          System.out);
      return;
    }
    if (line.arguments().contains("--trend")) {
      ConfFiles conf = ConfFiles.load(settings.conf(), hadoop(sparkConf(line)));
      SparkSession spark = SparkSession.builder().config(sparkConf(line)).getOrCreate();
      try {
        TrendBench.run(line.arguments(), spark, settings, Goods.load(conf), System.out);
      } finally {
        spark.stop();
      }
      return;
    }
    Bench.run(
        line.arguments(),
        settings,
        line.properties(),
        ConfFiles.load(settings.conf(), hadoop(sparkConf(line))),
        System.out);
  }

  private static void benchModels(CommandLine line) {
    if (line.arguments().size() != 1) {
      throw Failure.usage(
          "Cannot run bench-models: name the folder that the rows are written to; `./lodestone bench-models` does.");
    }
    Settings settings = Settings.parse(line.properties());
    SparkConf properties = sparkConf(line);
    Goods goods = Goods.load(ConfFiles.load(settings.conf(), hadoop(properties)));
    Progress progress = new Progress(System.err);
    SparkSession spark = SparkSession.builder().config(properties).getOrCreate();
    try {
      PeerRows.write(
          new Lake(spark, settings.lake(), "", progress),
          settings.models(),
          goods,
          Path.of(line.arguments().get(0)),
          progress);
    } finally {
      spark.stop();
    }
  }

  private static List<Pipeline.Step> steps(List<String> names) {
    return names.stream().map(name -> Pipeline.named(name).orElseThrow()).toList();
  }

  private static SparkConf sparkConf(CommandLine line) {
    SparkConf conf = new SparkConf();
    SESSION_DEFAULTS.forEach(conf::setIfMissing);
    line.properties().forEach(conf::set);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "lodestone " + line.job());
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.sql.shuffle.partitions", String.valueOf(localPartitions()));
    }
    return conf;
  }

  /**
   * Parts of a shuffle where all tasks are on this machine: enough that those of a core fit its
   * share of memory. A part of nothing costs as much as one of a thousand rows, and most are.
   */
  private static int localPartitions() {
    return PARTITIONS_PER_CORE * Runtime.getRuntime().availableProcessors();
  }

  private static Configuration hadoop(SparkConf conf) {
    return org.apache.spark.deploy.SparkHadoopUtil.get().newConfiguration(conf);
  }
}
