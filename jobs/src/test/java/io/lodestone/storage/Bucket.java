package io.lodestone.storage;

import io.lodestone.Pipeline;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import io.lodestone.nightly.Nightly;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A bucket with a few records, and the program as a process of its own that works on it through a
 * door.
 */
public final class Bucket {
  private static final String[] RECORDS = {
    Workplace.COMTRADE,
    "C,A,2020,52,392,M,0,H4,280530,100,1000",
    "C,A,2020,52,392,M,156,H4,280530,70,700",
    "C,A,2020,52,392,M,704,H4,280530,x,200",
    "C,A,2020,52,392,M,842,H4,280530,10,100",
    "C,A,2021,52,392,M,156,H4,280530,60,900",
    "C,A,2021,52,392,M,704,H4,280530,40,300"
  };

  /** Columns that say when a fit was made, and from which versions of its inputs. */
  private static final List<String> OF_THE_RUN =
      List.of("fitted_at", "version", "model_version", "path", "inputs");

  private final SparkSession spark;
  private final Configuration configuration;
  private final String name;
  private final int port;

  /** Makes a bucket with records on a server, reached through a port. */
  public Bucket(SparkSession spark, S3Server server, int port) throws IOException {
    this.spark = spark;
    this.configuration = spark.sparkContext().hadoopConfiguration();
    this.name = server.bucket(configuration, port);
    this.port = port;
    put("records/comtrade/a.csv", String.join("\n", RECORDS));
  }

  public String name() {
    return name;
  }

  /** Puts an object. */
  public void put(String key, String text) throws IOException {
    Path object = new Path("s3a://" + name + "/" + key);
    try (FSDataOutputStream out = object.getFileSystem(configuration).create(object)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Starts the program on a lake of the bucket; what it says goes to the file. */
  public Process start(String lake, File said, String job) throws IOException {
    Map<String, String> properties = new TreeMap<>();
    properties.put("spark.lodestone.records", "s3a://" + name + "/records");
    properties.put("spark.lodestone.lake", "s3a://" + name + "/" + lake);
    properties.put("spark.lodestone.rejects.max", "1");
    return java(said, properties(port, properties), "io.lodestone.Main", job);
  }

  /** Runs a night of all steps on a lake of the bucket in this process. */
  public Nightly.Ended run(String lake) {
    return new Workplace(spark, java.nio.file.Path.of("."))
        .set("records", "s3a://" + name + "/records")
        .set("lake", "s3a://" + name + "/" + lake)
        .set("rejects.max", "1")
        .nightly("%s-%d".formatted(lake, System.nanoTime()), Pipeline.STEPS, Clock.systemUTC());
  }

  /** Spark's settings of a driver on this machine that reaches a server through a port. */
  static Map<String, String> properties(int port, Map<String, String> further) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    properties.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    properties.put("spark.master", "local[2]");
    properties.put("spark.ui.enabled", "false");
    properties.put("spark.driver.host", "127.0.0.1");
    properties.put("spark.driver.bindAddress", "127.0.0.1");
    properties.put("spark.sql.shuffle.partitions", "2");
    properties.put("spark.databricks.delta.snapshotPartitions", "1");
    properties.put("spark.hadoop.fs.s3a.endpoint", "http://127.0.0.1:" + port);
    properties.put("spark.hadoop.fs.s3a.endpoint.region", "us-east-1");
    properties.put("spark.hadoop.fs.s3a.path.style.access", "true");
    properties.putAll(further);
    return properties;
  }

  /** Starts a class in a process of its own, with Spark's settings as system properties. */
  static Process java(File said, Map<String, String> properties, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(
        List.of(
            "-Xmx1g",
            // These processes live for seconds: what the second compiler does comes too late.
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=256m",
            "-XX:+UseSerialGC",
            "-Dspark.app.name=lodestone",
            "-Dlog4j2.configurationFile=" + new File("conf/log4j2.properties").getAbsolutePath(),
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said);
    builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.USER);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** The rows of all tables that steps write, as text by table, but for what tells runs apart. */
  public Map<String, List<String>> contents(String lake) {
    Map<String, List<String>> contents = new TreeMap<>();
    for (Table table :
        Pipeline.STEPS.stream().flatMap(step -> step.writes().stream()).distinct().toList()) {
      String key = lake + "/" + table.name();
      if (!exists(key + "/_delta_log")) {
        continue;
      }
      Dataset<Row> rows = spark.read().format("delta").load("s3a://" + name + "/" + key);
      Column[] columns =
          List.of(rows.columns()).stream()
              .filter(column -> !OF_THE_RUN.contains(column))
              .map(functions::col)
              .toArray(Column[]::new);
      contents.put(
          table.name(),
          rows.select(functions.to_json(functions.struct(columns))).collectAsList().stream()
              .map(row -> row.getString(0))
              .sorted()
              .toList());
    }
    return contents;
  }

  /** Puts a file of records of one line. */
  void putRecords(String file, String line) {
    try {
      put("records/comtrade/" + file + ".csv", Workplace.COMTRADE + "\n" + line);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Whether there is an object or a folder of that key. */
  boolean exists(String key) {
    Path path = new Path("s3a://" + name + "/" + key);
    try {
      return path.getFileSystem(configuration).exists(path);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
