package io.lodestone.lake;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.PlatformFault;
import io.lodestone.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
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

  /** In a commit's metadata: the earlier version whose rows it holds. */
  private static final String CONTENT = "content";

  /** In a commit's metadata: the fingerprint of the program that made it. */
  private static final String PROGRAM = "program";

  private static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

  private static final String RETENTION = "delta.deletedFileRetentionDuration";

  /**
   * Whether Delta clears the log by age. It must not: a version published long ago may have been
   * replaced yesterday, so maintenance clears it by what runs show.
   */
  private static final String LOG_CLEANUP = "delta.enableExpiredLogCleanup";

  private static final String LOG_STORE = "spark.delta.logStore.s3a.impl";

  /** The pointer that readers follow. */
  private static final String PUBLISHED = "_published.json";

  private final SparkSession spark;
  private final SparkSession ordered;
  private final Path root;
  private final String run;
  private final Progress progress;
  private final Optional<Map<String, Long>> pinned;

  /** What was noted about commits, by file: it never changes, and is asked for again and again. */
  private final Map<Path, JsonNode> commits;

  /** Steps may write several tables side by side. */
  private final List<Write> writes = new CopyOnWriteArrayList<>();

  /**
   * Opens a lake; nothing is created before the first {@link #replace}.
   *
   * @param run the id that commits of this run carry
   * @param progress told of every table that is written
   */
  public Lake(SparkSession spark, Path root, String run, Progress progress) {
    this(spark, qualified(root, spark), run, progress, Optional.empty(), new ConcurrentHashMap<>());
  }

  private Lake(
      SparkSession spark,
      Path root,
      String run,
      Progress progress,
      Optional<Map<String, Long>> pinned,
      Map<Path, JsonNode> commits) {
    this.spark = spark;
    this.root = root;
    this.run = run;
    this.progress = progress;
    this.pinned = pinned;
    this.commits = commits;
    this.ordered = spark.newSession();
    ordered.conf().set("spark.sql.files.maxPartitionBytes", LARGER_THAN_ANY_FILE);
    ordered.conf().set("spark.sql.files.openCostInBytes", LARGER_THAN_ANY_FILE);
  }

  private static Path qualified(Path root, SparkSession spark) {
    try {
      return root.getFileSystem(spark.sparkContext().hadoopConfiguration()).makeQualified(root);
    } catch (IOException unreadable) {
      throw PlatformFault.failure(
          "Cannot open spark.lodestone.lake at %s".formatted(root), unreadable);
    }
  }

  /**
   * Whether no commit to this lake can be lost to another run's; tried where the lake is on S3.
   *
   * @throws Failure if the store there does not honour conditional puts and the user has not chosen
   *     Delta's log store for a single driver
   */
  public void requireSafeCommits() {
    String scheme = root.toUri().getScheme();
    if (!"s3a".equals(scheme)) {
      if (!"file".equals(scheme)) {
        progress.line("%s: commits ask for no lease there; let no other run write here", root);
      }
      return;
    }
    String store = spark.conf().get(LOG_STORE, "");
    if (!store.equals(FencedLogStore.class.getName())
        && !store.equals(ConditionalLogStore.class.getName())) {
      progress.line("%s: commits are not conditional; let no other run write here", root);
      return;
    }
    try {
      CommitProbe.require(root.getFileSystem(spark.sparkContext().hadoopConfiguration()), root);
    } catch (IOException unreadable) {
      throw PlatformFault.failure(
          "Cannot write to spark.lodestone.lake at %s".formatted(root), unreadable);
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

  /** The same lake as it was at one version of every table; a table without one is empty. */
  public Lake at(Map<String, Long> versions) {
    return new Lake(spark, root, run, progress, Optional.of(versions), commits);
  }

  /** The id that commits of this run carry. */
  public String run() {
    return run;
  }

  /** Where it lies. */
  public Path root() {
    return root;
  }

  /** The commits of rows that were made through this object, in their order. */
  public List<Write> writes() {
    return List.copyOf(writes);
  }

  /**
   * Takes the lease of the lake.
   *
   * @throws Failure with exit code 5 if another run holds it
   */
  public Lease lease(String job, Duration expiry, Clock clock) {
    return Lease.acquire(files(), root, run, job, expiry, clock);
  }

  /** Lets this process commit only while it holds the lease, until the fence is closed. */
  public Fence fence(Lease lease) {
    Map<String, Long> versions = new TreeMap<>();
    try {
      for (FileStatus folder : files().listStatus(root)) {
        String name = folder.getPath().getName();
        if (folder.isDirectory() && !name.startsWith("_")) {
          latest(name).ifPresent(version -> versions.put(name, version));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read the lake at " + root, unreadable);
    }
    return Fence.around(root, lease, versions);
  }

  /** What readers are to see, or empty where no run has published yet. */
  public Optional<Publication> published() {
    try {
      return SmallFile.read(files(), new Path(root, PUBLISHED)).map(Publication::of);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read " + new Path(root, PUBLISHED), unreadable);
    }
  }

  /**
   * Replaces what readers are to see, in one put: on S3 one on the condition that the object is
   * still what it was before the lease was asked for, so that a driver that was paused after it
   * asked cannot put back an older pointer.
   *
   * @throws Failure with exit code 5 if another run has taken the lease or replaced the pointer
   */
  public void publish(Publication publication, Lease lease) {
    boolean put =
        point(
            () -> {
              lease.require();
              return publication;
            });
    if (!put) {
      throw Failure.busy(
          "Cannot publish %s: another run has replaced %s; nothing more is written."
              .formatted(publication.run(), new Path(root, PUBLISHED)));
    }
  }

  /**
   * What readers see, put once more under this lease, so that a driver that let its own expire and
   * may wake up finds another pointer than it had looked at; what that has published meanwhile
   * stands. Empty where no run has published yet.
   */
  public Optional<Publication> claimPublished(Lease lease) {
    while (published().isPresent()) {
      Publication[] seen = new Publication[1];
      boolean put =
          point(
              () -> {
                seen[0] = published().orElseThrow();
                lease.require();
                return seen[0].under(lease.token());
              });
      if (put) {
        return Optional.of(seen[0]);
      }
    }
    return Optional.empty();
  }

  /** Puts the pointer, made after a look at the one that is there; returns whether it was put. */
  private boolean point(Supplier<Publication> made) {
    Path pointer = new Path(root, PUBLISHED);
    try {
      return SmallFile.replace(files(), pointer, () -> made.get().toJson());
    } catch (IOException unwritable) {
      throw new UncheckedIOException("Cannot write " + pointer, unwritable);
    }
  }

  private FileSystem files() {
    try {
      return root.getFileSystem(spark.sparkContext().hadoopConfiguration());
    } catch (IOException unreachable) {
      throw new UncheckedIOException("Cannot reach the lake at " + root, unreachable);
    }
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

  /**
   * As {@link #read(Table)}, but no rows of a table with another schema: what a program of another
   * version published cannot be compared with.
   */
  public Dataset<Row> readAlike(Table table) {
    return exists(table) && misfit(table, load(spark, table)).isPresent()
        ? none(spark, table)
        : read(table);
  }

  /**
   * Rows of a table that a user's predicate holds for.
   *
   * @param doing what the user asked for, as in {@code show}
   * @throws Failure if it is no predicate over the table
   */
  public Dataset<Row> read(Table table, String predicate, String doing) {
    try {
      return read(table).where(predicate);
    } catch (Exception invalid) {
      // A checked exception, which Scala does not declare.
      if (invalid instanceof AnalysisException) {
        throw Failure.usage(
            "Cannot %s %s where %s: %s"
                .formatted(
                    doing,
                    table.name(),
                    predicate,
                    String.valueOf(invalid.getMessage())
                        .lines()
                        .filter(line -> !line.isBlank())
                        .findFirst()
                        .orElse("")),
            invalid);
      }
      throw invalid;
    }
  }

  private Dataset<Row> read(SparkSession session, Table table) {
    if (!exists(table)) {
      return none(session, table);
    }
    Dataset<Row> rows = load(session, table);
    requireSchema(table, rows);
    return rows;
  }

  private static Dataset<Row> none(SparkSession session, Table table) {
    return session.createDataFrame(List.of(), table.schema());
  }

  private Dataset<Row> load(SparkSession session, Table table) {
    DataFrameReader reader = session.read().format("delta");
    if (pinned.isPresent()) {
      // Also where it is the latest: rows are planned later, when there may be a later one.
      reader = reader.option("versionAsOf", version(table).getAsLong());
    }
    return reader.load(path(table).toString());
  }

  /** The latest version, or the one that was asked for; empty if the table was never written. */
  public OptionalLong version(Table table) {
    if (pinned.isPresent()) {
      Long version = pinned.get().get(table.name());
      return version == null ? OptionalLong.empty() : OptionalLong.of(version);
    }
    return latest(table.name());
  }

  private OptionalLong latest(String table) {
    return log(new Path(root, table)).latest();
  }

  /** What the commits of a table say. */
  public CommitLog log(Table table) {
    return log(path(table));
  }

  private CommitLog log(Path table) {
    return new CommitLog(files(), table, commits);
  }

  /** What the last commit of a table was made from, or empty if it does not say. */
  public Optional<String> fingerprint(Table table) {
    OptionalLong version = version(table);
    return version.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(
            log(table).metadata(version.getAsLong()).path("fingerprint").textValue());
  }

  /**
   * The version whose rows the latest one holds: itself, or an earlier one that was restored; empty
   * if the table was never written.
   */
  public OptionalLong content(Table table) {
    OptionalLong latest = version(table);
    return latest.isEmpty()
        ? latest
        : OptionalLong.of(
            log(table).metadata(latest.getAsLong()).path(CONTENT).asLong(latest.getAsLong()));
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
      requireSchema(table, rows.sparkSession().read().format("delta").load(path(table).toString()));
    } else {
      create(table);
    }
    long before = version(table).getAsLong();
    rows.select(Arrays.stream(table.columnNames()).map(name -> col(name)).toArray(Column[]::new))
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", slice)
        .option("userMetadata", metadata(step, fingerprint))
        .save(path(table).toString());
    if (version(table).getAsLong() == before) {
      note(table, step, fingerprint);
    }
    long version = version(table).getAsLong();
    long written = log(table).info(version).path("operationMetrics").path("numOutputRows").asLong();
    writes.add(new Write(table.name(), step, slice, written, version));
    progress.line("%s: wrote %s, %,d rows, version %d", step, table.name(), written, version);
  }

  /**
   * Lets a table stand as what other inputs give too: what a replacement of no rows by none comes
   * to, without a query that finds them.
   *
   * @param step the step that would write
   * @param fingerprint what the rows would be made from
   */
  public void keep(Table table, String step, String fingerprint) {
    label(step, table, "as it stands");
    note(table, step, fingerprint);
    long version = version(table).getAsLong();
    writes.add(new Write(table.name(), step, "false", 0, version));
    progress.line("%s: kept %s as it is, version %d", step, table.name(), version);
  }

  /**
   * Commits what rows were made from where Delta commits nothing, since no row came and none went;
   * else the step would be done again by every run. In a session of its own, as steps may write
   * several tables side by side.
   */
  private void note(Table table, String step, String fingerprint) {
    SparkSession apart = spark.newSession();
    apart.conf().set(USER_METADATA, metadata(step, fingerprint));
    apart.sql(
        "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('lodestone.fingerprint' = '%s')"
            .formatted(path(table), fingerprint));
  }

  /** Adds rows to a table that is a journal; creates it first if need be. */
  public void append(Table table, List<Row> rows) {
    label("journal", table, "new rows");
    if (!exists(table)) {
      create(table);
    }
    spark
        .createDataFrame(rows, table.schema())
        .coalesce(1)
        .write()
        .format("delta")
        .mode("append")
        .option("userMetadata", metadata(table.name(), ""))
        .save(path(table).toString());
  }

  /**
   * Gives a table the rows of an earlier version again, by a commit that says so.
   *
   * @param version the version, whose commit also says from what the rows were made
   */
  public void restore(Table table, long version) {
    label("restore", table, "version " + version);
    repeating(
        table,
        version,
        () -> DeltaTable.forPath(spark, path(table).toString()).restoreToVersion(version));
  }

  /**
   * Commits to a table without changing a row, so that a run that was paused before its commit
   * finds its version taken.
   *
   * @param token of the lease on whose behalf
   */
  public void bump(Table table, long token) {
    label("lease", table, "token " + token);
    repeating(
        table,
        content(table).getAsLong(),
        () ->
            spark.sql(
                "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('lodestone.token' = '%d')"
                    .formatted(path(table), token)));
  }

  /** Commits with the metadata of an earlier version, whose rows the commit leaves or restores. */
  private void repeating(Table table, long version, Runnable commit) {
    JsonNode said = log(table).metadata(version);
    ObjectNode metadata =
        said instanceof ObjectNode known ? known.deepCopy() : JSON.createObjectNode();
    metadata.put(CONTENT, version);
    spark.conf().set(USER_METADATA, metadata.toString());
    try {
      commit.run();
    } finally {
      spark.conf().unset(USER_METADATA);
    }
  }

  /** Makes one file, in key order, of the rows of a journal that a condition keeps. */
  public void rewrite(Table table, Column kept) {
    label("maintain", table, "one file");
    read(table)
        .filter(kept)
        .coalesce(1)
        .sortWithinPartitions(table.key().stream().map(name -> col(name)).toArray(Column[]::new))
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", "true")
        .option("userMetadata", metadata(table.name(), ""))
        .save(path(table).toString());
  }

  /** How long Delta is to remember deleted files, as it wants to be told. */
  public static String retention(Duration history) {
    return "interval %d days".formatted(Math.max(1, history.toDays()));
  }

  /**
   * Deletes files that no version of the last while shows. What the log says of a deleted file it
   * forgets after the table's own retention, and VACUUM takes the file for a stray: so that must
   * reach as far. A table of an older program must be told, too, not to clear its log by age.
   */
  public void vacuum(Table table, Duration history) {
    label("maintain", table, "files that no run of the history shows");
    Map<String, String> wanted =
        new TreeMap<>(Map.of(RETENTION, retention(history), LOG_CLEANUP, "false"));
    Map<String, String> known =
        DeltaTable.forPath(spark, path(table).toString())
            .detail()
            .select("properties")
            .first()
            .getJavaMap(0);
    if (!known.entrySet().containsAll(wanted.entrySet())) {
      // Delta takes no longer one of files than this one, which means nothing without the cleanup.
      wanted.put("delta.logRetentionDuration", retention(history));
      repeating(
          table,
          content(table).getAsLong(),
          () ->
              spark.sql(
                  "ALTER TABLE delta.`%s` SET TBLPROPERTIES (%s)"
                      .formatted(
                          path(table),
                          wanted.entrySet().stream()
                              .map(
                                  property ->
                                      "'%s' = '%s'"
                                          .formatted(property.getKey(), property.getValue()))
                              .collect(Collectors.joining(", ")))));
    }
    // It lists folders in thousands of tasks and joins names in hundreds, were it not told
    // otherwise.
    SparkSession narrow = spark.newSession();
    int tasks = 2 * spark.sparkContext().defaultParallelism();
    narrow.conf().set("spark.sql.shuffle.partitions", tasks);
    narrow.conf().set("spark.sql.sources.parallelPartitionDiscovery.parallelism", tasks);
    DeltaTable.forPath(narrow, path(table).toString())
        .vacuum(history.toSeconds() / (double) Duration.ofHours(1).toSeconds());
  }

  /**
   * Deletes folders beside the tables of which every file is older than an instant.
   *
   * @param pattern of their names below the lake, with {@code *}
   * @param named names of those that stay
   * @return how many were deleted
   */
  public int deleteFolders(String pattern, Set<String> named, Instant older) {
    int deleted = 0;
    try {
      FileStatus[] found = files().globStatus(new Path(root, pattern));
      for (FileStatus folder : found == null ? new FileStatus[0] : found) {
        String path = folder.getPath().toUri().getPath();
        if (named.stream().noneMatch(name -> path.endsWith("/" + name))
            && lastModified(folder.getPath()).isBefore(older)) {
          files().delete(folder.getPath(), true);
          deleted++;
        }
      }
      return deleted;
    } catch (IOException unreachable) {
      throw new UncheckedIOException("Cannot clear " + new Path(root, pattern), unreachable);
    }
  }

  /** When the youngest file of a folder was written; S3 knows no time of a folder. */
  private Instant lastModified(Path folder) throws IOException {
    long last = 0;
    RemoteIterator<LocatedFileStatus> all = files().listFiles(folder, true);
    while (all.hasNext()) {
      last = Math.max(last, all.next().getModificationTime());
    }
    return Instant.ofEpochMilli(last);
  }

  /** Replaces a table of another schema or other partitions by an empty one; its history stays. */
  public void recreate(Table table) {
    if (exists(table) && misfit(table, load(spark, table)).isPresent()) {
      progress.line("%s: replacing a table of another layout", table.name());
      spark.conf().set(USER_METADATA, metadata("rebuild", ""));
      try {
        create(DeltaTable.replace(spark), table);
      } finally {
        spark.conf().unset(USER_METADATA);
      }
    }
  }

  private String metadata(String step, String fingerprint) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("run", run);
    metadata.put("step", step);
    metadata.put("fingerprint", fingerprint);
    metadata.put(PROGRAM, Fingerprint.ofProgram());
    try {
      return JSON.writeValueAsString(metadata);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void create(Table table) {
    create(DeltaTable.create(spark), table);
  }

  private void create(DeltaTableBuilder empty, Table table) {
    DeltaTableBuilder builder =
        empty
            .location(path(table).toString())
            .comment(table.grain())
            .addColumns(table.schema())
            .property(LOG_CLEANUP, "false")
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
   * @throws Failure if the table on disk has another schema or other partitions
   */
  public void requireSchema(Table table) {
    OptionalLong latest = version(table);
    // What this very program wrote fits it; to load a table's state costs more than to ask.
    if (latest.isPresent()
        && !Fingerprint.ofProgram()
            .equals(log(table).metadata(latest.getAsLong()).path(PROGRAM).asText())) {
      requireSchema(table, load(spark, table));
    }
  }

  private void requireSchema(Table table, Dataset<Row> found) {
    misfit(table, found)
        .ifPresent(
            misfit -> {
              throw Failure.usage(
                  "Cannot use the table %s: it %s; make the lake again from its records with `rebuild`, choose another spark.lodestone.lake or move the old one away."
                      .formatted(path(table), misfit));
            });
  }

  /** How the table on disk differs from what this program writes, in words. */
  private static Optional<String> misfit(Table table, Dataset<Row> found) {
    StructType wanted = table.schema();
    if (!DataType.equalsIgnoreNullability(strip(found.schema()), strip(wanted))) {
      return Optional.of(difference(columns(found.schema()), columns(wanted)));
    }
    List<String> partitions = partitions(found);
    return partitions.equals(table.partitions())
        ? Optional.empty()
        : Optional.of(
            "has the partitions %s, but this program writes %s"
                .formatted(partitions, table.partitions()));
  }

  private static List<String> columns(StructType schema) {
    return Arrays.stream(schema.fields())
        .map(field -> field.name() + " " + field.dataType().sql())
        .toList();
  }

  private static String difference(List<String> found, List<String> wanted) {
    List<String> others = found.stream().filter(column -> !wanted.contains(column)).toList();
    List<String> absent = wanted.stream().filter(column -> !found.contains(column)).toList();
    List<String> parts = new ArrayList<>();
    if (!others.isEmpty()) {
      parts.add("has %s, which this program does not write".formatted(String.join(", ", others)));
    }
    if (!absent.isEmpty()) {
      parts.add("lacks %s".formatted(String.join(", ", absent)));
    }
    return parts.isEmpty()
        ? "has its columns in another order"
        : "%s (column and type)".formatted(String.join(", and ", parts));
  }

  private static List<String> partitions(Dataset<Row> found) {
    if (found.queryExecution().analyzed() instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation files) {
      return List.of(files.partitionSchema().fieldNames());
    }
    throw new IllegalStateException("Not a table of files: " + found);
  }

  private static StructType strip(StructType schema) {
    StructType bare = new StructType();
    for (org.apache.spark.sql.types.StructField field : schema.fields()) {
      bare = bare.add(field.name(), field.dataType());
    }
    return bare;
  }
}
