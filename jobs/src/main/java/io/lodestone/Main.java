package io.lodestone;

import io.lodestone.bench.Bench;
import io.lodestone.lake.Lake;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import io.lodestone.sample.Sample;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
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

  /** What every session of the program has unless a user says otherwise; tests use them too. */
  static final Map<String, String> SESSION_DEFAULTS =
      Map.of(
          "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          "spark.sql.session.timeZone", "UTC",
          // Of two drivers that commit to one table on S3 at once, Delta's own store loses one.
          "spark.delta.logStore.s3a.impl", "io.lodestone.lake.ConditionalLogStore",
          // Rows go to the file of their slice in the order in which they come; sorting them by
          // slice first would cost a sort and lose that order.
          "spark.sql.maxConcurrentOutputFileWriters", "4096",
          // Each of those files buffers a row group.
          "spark.hadoop.parquet.block.size", String.valueOf(32 << 20),
          // The tables are pruned by literals; a filter that waits for a join keeps Spark from
          // computing a shared input once.
          "spark.sql.optimizer.dynamicPartitionPruning.enabled", "false",
          "spark.databricks.delta.snapshotPartitions", "4",
          "spark.sql.sources.parallelPartitionDiscovery.parallelism", "16");

  private static final Pattern CREDENTIAL =
      Pattern.compile("spark\\.hadoop\\.fs\\.s3a\\..*(access\\.key|secret\\.key|session\\.token)");

  private Main() {}

  /** Runs one job and exits with its code. */
  public static void main(String[] arguments) {
    int code = run(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs one job; returns 0, 2 for usage or settings, 3 for bad data, 4 for a fault. */
  static int run(String[] arguments) {
    try {
      SparkVersion.remark(SparkVersion.running()).ifPresent(System.err::println);
      execute(CommandLine.parse(arguments));
      return 0;
    } catch (Failure failure) {
      System.err.println(failure.getMessage());
      return failure.exitCode();
    } catch (Exception fault) {
      Throwable failure = cause(fault);
      if (failure instanceof Failure known) {
        System.err.println(known.getMessage());
        return known.exitCode();
      }
      Optional<Failure> platform = PlatformFault.explain(fault);
      if (platform.isPresent()) {
        System.err.println(platform.get().getMessage());
        return platform.get().exitCode();
      }
      fault.printStackTrace();
      return FAULT;
    }
  }

  private static Throwable cause(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failure) {
        return cause;
      }
    }
    return fault;
  }

  /**
   * What was typed.
   *
   * @param job its name
   * @param properties of Spark, from the surroundings, the file and the command line in this order
   * @param arguments the rest
   */
  record CommandLine(String job, Map<String, String> properties, List<String> arguments) {

    static CommandLine parse(String[] words) {
      Map<String, String> fromFile = new HashMap<>();
      Map<String, String> given = new HashMap<>();
      List<String> rest = new ArrayList<>();
      for (int index = 0; index < words.length; index++) {
        String word = words[index];
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
      }
      Map<String, String> properties = new HashMap<>();
      for (scala.Tuple2<String, String> pair : new SparkConf().getAll()) {
        properties.put(pair._1(), pair._2());
      }
      properties.putAll(fromFile);
      properties.putAll(given);
      properties.keySet().stream().sorted().forEach(CommandLine::requireNoCredential);
      String job = rest.isEmpty() ? "help" : rest.remove(0);
      return new CommandLine(job, properties, rest);
    }

    private static void requireNoCredential(String name) {
      if (CREDENTIAL.matcher(name).matches()) {
        throw Failure.usage(
            "Cannot use the setting %s: settings end in logs and histories; give credentials by the environment, a role or a credential store (see conf/s3.properties)."
                .formatted(name));
      }
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
      case "run" -> requireNoArguments(line, () -> pipeline(line, Pipeline.STEPS, true));
      case "sample" -> requireNoArguments(line, () -> sample(line));
      case "show" -> show(line);
      case "bench" -> bench(line);
      case Bench.PIPELINE_JOB ->
          requireNoArguments(line, () -> pipeline(line, benchSteps(), false));
      default -> {
        Pipeline.Step step =
            Pipeline.named(line.job())
                .orElseThrow(
                    () ->
                        Failure.usage(
                            "Cannot run '%s': there is no such job; see `./lodestone help`."
                                .formatted(line.job())));
        requireNoArguments(line, () -> pipeline(line, List.of(step), false));
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

  private static void pipeline(CommandLine line, List<Pipeline.Step> steps, boolean whole) {
    Settings settings = Settings.parse(line.properties());
    Progress progress = new Progress(System.err);
    SparkConf properties = sparkConf(line);
    Configuration hadoop = hadoop(properties);
    ConfFiles conf = ConfFiles.load(settings.conf(), hadoop);
    Goods goods = Goods.load(conf);
    Map<String, Source> sources = Source.load(conf);
    if (whole && !settings.recordsGiven() && holdsNothing(settings, hadoop)) {
      progress.line("sample: no records in %s; writing synthetic ones", settings.records());
      writeSample(settings, hadoop, progress);
    }
    progress.line("starting Spark");
    SparkSession spark = SparkSession.builder().config(properties).getOrCreate();
    try {
      Lake lake = new Lake(spark, settings.lake(), UUID.randomUUID().toString(), progress);
      boolean changed =
          Pipeline.run(new Pipeline.Run(lake, settings, conf, goods, sources, progress), steps);
      if (whole) {
        lake.label("run", Tables.DEPENDENCY, "what is printed");
        Result.print(lake, goods, sources, settings, System.out);
        if (!changed) {
          System.out.println("Nothing was done: all tables are up to date.");
        }
      }
    } finally {
      spark.stop();
    }
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
      throw Failure.usage(
          "Cannot write a sample into %s: %s."
              .formatted(settings.records(), PlatformFault.reason(unreadable)),
          unreadable);
    }
    writeSample(settings, hadoop, new Progress(System.err));
  }

  private static void writeSample(Settings settings, Configuration hadoop, Progress progress) {
    try {
      long lines = Sample.write(hadoop, settings.records());
      progress.line("sample: %,d lines of synthetic records in %s", lines, settings.records());
    } catch (IOException unwritable) {
      throw Failure.usage(
          "Cannot write a sample into %s: %s."
              .formatted(settings.records(), PlatformFault.reason(unwritable)),
          unwritable);
    }
  }

  private static boolean holdsNothing(Settings settings, Configuration hadoop) {
    try {
      FileSystem files = settings.records().getFileSystem(hadoop);
      return !files.exists(settings.records()) || files.listStatus(settings.records()).length == 0;
    } catch (IOException unreadable) {
      throw Failure.usage(
          "Cannot read spark.lodestone.records at %s: %s."
              .formatted(settings.records(), PlatformFault.reason(unreadable)),
          unreadable);
    }
  }

  private static void show(CommandLine line) {
    Settings settings = Settings.parse(line.properties());
    Show.Request request = Show.Request.parse(line.arguments());
    SparkSession spark = SparkSession.builder().config(sparkConf(line)).getOrCreate();
    try {
      Show.print(
          new Lake(spark, settings.lake(), "", new Progress(System.err)), request, System.out);
    } finally {
      spark.stop();
    }
  }

  private static void bench(CommandLine line) {
    Settings settings = Settings.parse(line.properties());
    Bench.run(
        line.arguments(),
        settings,
        line.properties(),
        ConfFiles.load(settings.conf(), hadoop(sparkConf(line))),
        System.out);
  }

  private static List<Pipeline.Step> benchSteps() {
    return Bench.STEPS.stream().map(name -> Pipeline.named(name).orElseThrow()).toList();
  }

  private static SparkConf sparkConf(CommandLine line) {
    SparkConf conf = new SparkConf();
    SESSION_DEFAULTS.forEach(conf::setIfMissing);
    line.properties().forEach(conf::set);
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "lodestone " + line.job());
    return conf;
  }

  private static Configuration hadoop(SparkConf conf) {
    return org.apache.spark.deploy.SparkHadoopUtil.get().newConfiguration(conf);
  }
}
