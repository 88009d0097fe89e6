package io.lodestone.lake;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.lodestone.Failure;
import io.lodestone.PlatformFault;
import io.lodestone.Progress;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A folder of Delta tables, {@code LAKE/NAME}: the one place that creates, reads and replaces them.
 *
 * <p>Every commit carries as its user metadata a JSON object: the run's id, the step, and the
 * fingerprint of all that the rows were made from, which {@link #fingerprint} reads back.
 */
public final class Lake {
  /** Larger than any file, so that none is split and none shares a task with another. */
  private static final String LARGER_THAN_ANY_FILE = String.valueOf(1L << 50);

  /** Columns with statistics: the first of the key beside the partitions. */
  private static final int STATISTICS = 3;

  private static final int LONGEST_LABEL = 160;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  private final SparkSession ordered;
  private final Path root;
  private final String run;
  private final Progress progress;

  /**
   * Opens a lake; nothing is created before the first {@link #replace}.
   *
   * @param run the id that commits of this run carry
   * @param progress told of every table that is written
   */
  public Lake(SparkSession spark, Path root, String run, Progress progress) {
    this.spark = spark;
    this.root = qualified(root, spark);
    this.run = run;
    this.progress = progress;
    this.ordered = spark.newSession();
    ordered.conf().set("spark.sql.files.maxPartitionBytes", LARGER_THAN_ANY_FILE);
    ordered.conf().set("spark.sql.files.openCostInBytes", LARGER_THAN_ANY_FILE);
  }

  private static Path qualified(Path root, SparkSession spark) {
    try {
      return root.getFileSystem(spark.sparkContext().hadoopConfiguration()).makeQualified(root);
    } catch (IOException unreadable) {
      throw Failure.usage(
          "Cannot open spark.lodestone.lake at %s: %s."
              .formatted(root, PlatformFault.reason(unreadable)),
          unreadable);
    }
  }

  /**
   * Whether no commit to this lake can be lost to another run's; tried where the lake is on S3.
   *
   * @throws Failure if the store there does not honour conditional puts and the user has not chosen
   *     Delta's log store for a single driver
   */
  public void requireSafeCommits() {
    if (!"s3a".equals(root.toUri().getScheme())) {
      return;
    }
    if (!ConditionalLogStore.class
        .getName()
        .equals(spark.conf().get("spark.delta.logStore.s3a.impl", ""))) {
      progress.line("%s: commits are not conditional; let no other run write here", root);
      return;
    }
    try {
      CommitProbe.require(root.getFileSystem(spark.sparkContext().hadoopConfiguration()), root);
    } catch (IOException unreadable) {
      throw Failure.usage(
          "Cannot write to spark.lodestone.lake at %s: %s."
              .formatted(root, PlatformFault.reason(unreadable)),
          unreadable);
    }
  }

  /**
   * Says what the next Spark jobs of this thread are for; Spark's pages and the event log show it
   * beside every stage.
   *
   * @param slice which part of the table, in words or as a predicate; cut where it is long
   */
  public void label(String step, Table table, String slice) {
    String text = slice.equals("true") ? "all rows" : slice;
    spark
        .sparkContext()
        .setJobGroup(
            step,
            "%s: %s, %s".formatted(step, table.name(), StringUtils.abbreviate(text, LONGEST_LABEL)),
            true);
  }

  /** The session that tables are read with. */
  public SparkSession spark() {
    return spark;
  }

  /** Where a table lies. */
  public Path path(Table table) {
    return new Path(root, table.name());
  }

  /** A folder beside the tables, for what is no table, such as a saved model. */
  public Path folder(String name) {
    return new Path(root, name);
  }

  /** Whether the table has been written. */
  public boolean exists(Table table) {
    return version(table).isPresent();
  }

  /**
   * The rows of the latest version; none if the table was never written.
   *
   * @throws Failure if the table on disk has another schema
   */
  public Dataset<Row> read(Table table) {
    return read(spark, table);
  }

  /**
   * As {@link #read(Table)}, one task a file and a file in one task, so that rows arrive in the
   * order in which they were written. Only for tables whose writer keeps a group within a file.
   */
  public Dataset<Row> readInOrder(Table table) {
    return read(ordered, table);
  }

  private Dataset<Row> read(SparkSession session, Table table) {
    if (!exists(table)) {
      return session.createDataFrame(List.of(), table.schema());
    }
    Dataset<Row> rows = session.read().format("delta").load(path(table).toString());
    requireSchema(table, rows.schema());
    return rows;
  }

  /** The latest version, or empty if the table was never written. */
  public OptionalLong version(Table table) {
    Path log = new Path(path(table), "_delta_log");
    try {
      FileSystem files = log.getFileSystem(spark.sparkContext().hadoopConfiguration());
      long latest = -1;
      for (FileStatus status : files.listStatus(log)) {
        String name = status.getPath().getName();
        if (name.matches("\\d{20}\\.json")) {
          latest = Math.max(latest, Long.parseLong(name.substring(0, 20)));
        }
      }
      return latest < 0 ? OptionalLong.empty() : OptionalLong.of(latest);
    } catch (FileNotFoundException absent) {
      return OptionalLong.empty();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read the lake at " + log, unreadable);
    }
  }

  /** What the last commit of a table was made from, or empty if it does not say. */
  public Optional<String> fingerprint(Table table) {
    JsonNode metadata = commitInfo(table).path("userMetadata");
    if (!metadata.isTextual()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(metadata.asText()).path("fingerprint").textValue());
    } catch (JsonProcessingException foreign) {
      // Written by another program: it does not say.
      return Optional.empty();
    }
  }

  /** What Delta noted about the last commit; a missing node if there is none. */
  private JsonNode commitInfo(Table table) {
    OptionalLong version = version(table);
    if (version.isEmpty()) {
      return MissingNode.getInstance();
    }
    Path commit = new Path(path(table), "_delta_log/%020d.json".formatted(version.getAsLong()));
    try {
      FileSystem files = commit.getFileSystem(spark.sparkContext().hadoopConfiguration());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(files.open(commit), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode info = JSON.readTree(line).path("commitInfo");
          if (!info.isMissingNode()) {
            return info;
          }
        }
      }
      return MissingNode.getInstance();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read the lake at " + commit, unreadable);
    }
  }

  /**
   * Replaces a slice of a table by rows, in one commit; creates the table first if need be.
   *
   * @param slice predicate over the table's partition columns, or {@code true} for the whole table;
   *     rows outside it fail the commit
   * @param step the step that writes
   * @param fingerprint what the rows were made from
   */
  public void replace(
      Table table, Dataset<Row> rows, String slice, String step, String fingerprint) {
    label(step, table, slice);
    if (exists(table)) {
      requireSchema(
          table, rows.sparkSession().read().format("delta").load(path(table).toString()).schema());
    } else {
      create(table);
    }
    rows.select(Arrays.stream(table.columnNames()).map(name -> col(name)).toArray(Column[]::new))
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", slice)
        .option("userMetadata", metadata(step, fingerprint))
        .save(path(table).toString());
    progress.line(
        "%s: wrote %s, %,d rows, version %d",
        step,
        table.name(),
        commitInfo(table).path("operationMetrics").path("numOutputRows").asLong(),
        version(table).getAsLong());
  }

  private String metadata(String step, String fingerprint) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("run", run);
    metadata.put("step", step);
    metadata.put("fingerprint", fingerprint);
    try {
      return JSON.writeValueAsString(metadata);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void create(Table table) {
    DeltaTableBuilder builder =
        DeltaTable.create(spark)
            .location(path(table).toString())
            .comment(table.grain())
            .addColumns(table.schema())
            // Statistics are for skipping files, and taking them costs as much as a column.
            .property("delta.dataSkippingStatsColumns", String.join(",", statistics(table)));
    for (Map.Entry<String, String> check : table.checks().entrySet()) {
      builder = builder.property("delta.constraints." + check.getKey(), check.getValue());
    }
    if (!table.partitions().isEmpty()) {
      builder = builder.partitionedBy(table.partitions().toArray(String[]::new));
    }
    builder.execute();
  }

  private static List<String> statistics(Table table) {
    return table.key().stream()
        .filter(name -> !table.partitions().contains(name))
        .limit(STATISTICS)
        .toList();
  }

  /**
   * Whether what lies at a table's place can be replaced by it.
   *
   * @throws Failure if the table on disk has another schema
   */
  public void requireSchema(Table table) {
    if (exists(table)) {
      requireSchema(table, spark.read().format("delta").load(path(table).toString()).schema());
    }
  }

  private void requireSchema(Table table, StructType found) {
    StructType wanted = table.schema();
    if (!DataType.equalsIgnoreNullability(strip(found), strip(wanted))) {
      throw Failure.usage(
          "Cannot use the table %s: it has the columns %s, but this program writes %s; choose another spark.lodestone.lake or move the old one away."
              .formatted(path(table), found.simpleString(), wanted.simpleString()));
    }
  }

  private static StructType strip(StructType schema) {
    StructType bare = new StructType();
    for (org.apache.spark.sql.types.StructField field : schema.fields()) {
      bare = bare.add(field.name(), field.dataType());
    }
    return bare;
  }
}
