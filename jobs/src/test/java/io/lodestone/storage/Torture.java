package io.lodestone.storage;

import io.lodestone.SharedSpark;
import io.lodestone.storage.Door.Treatment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog$;

/**
 * `./lodestone torture-s3`: what an hour of bad luck does to tables on S3.
 *
 * <p>Four drivers commit to one table at the same time, with the conditional log store and with
 * Delta's own; and a driver is killed at points drawn from all requests of a run, after which the
 * next run must make the tables of a run that nobody disturbed. The folder holds the buckets and
 * what has been found so far: a torture that was stopped goes on where it was.
 */
final class Torture {
  private static final int DRIVERS = 4;
  private static final int COMMITS = 200;
  private static final int POINTS = 50;
  private static final long SEED = 20260101;
  private static final String CONDITIONAL = "io.lodestone.lake.ConditionalLogStore";
  private static final String STOCK = "io.delta.storage.S3SingleDriverLogStore";

  private final SparkSession spark;
  private final S3Server server;
  private final Path folder;
  private final Path findings;

  private Torture(SparkSession spark, S3Server server, Path folder) {
    this.spark = spark;
    this.server = server;
    this.folder = folder;
    this.findings = folder.resolve("findings.txt");
  }

  /** {@code FOLDER}. */
  public static void main(String[] words) throws Exception {
    Path folder = Path.of(words[0]).toAbsolutePath();
    Files.createDirectories(folder);
    SparkSession spark = SharedSpark.start();
    boolean good;
    try (S3Server server = S3Server.on(folder)) {
      Torture torture = new Torture(spark, server, folder);
      good = torture.meet(CONDITIONAL, "conditional") == DRIVERS * COMMITS;
      torture.meet(STOCK, "stock");
      good &= torture.killAll();
    } finally {
      spark.stop();
    }
    Files.readAllLines(folder.resolve("findings.txt")).forEach(System.out::println);
    if (!good) {
      System.err.println("A commit was lost, or a killed run was not made good; see above.");
      System.exit(1);
    }
  }

  private List<String> found(String kind) throws IOException {
    return Files.exists(findings)
        ? Files.readAllLines(findings).stream().filter(line -> line.startsWith(kind)).toList()
        : List.of();
  }

  private void find(String line) throws IOException {
    System.err.println(line);
    Files.writeString(findings, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Lets drivers meet on one table; returns how many of their commits are in it, each once. */
  private long meet(String store, String name) throws Exception {
    List<String> before = found(name + ":");
    if (!before.isEmpty()) {
      return before.get(0).contains(" 0 of them twice")
          ? Long.parseLong(before.get(0).split(" ")[1])
          : -1;
    }
    String bucket = server.bucket(spark.sparkContext().hadoopConfiguration(), name, server.port());
    String table = "s3a://" + bucket + "/table";
    if (!Files.exists(server.folder(bucket).resolve("table"))) {
      spark
          .createDataFrame(
              List.of(), org.apache.spark.sql.types.StructType.fromDDL("driver INT, number INT"))
          .write()
          .format("delta")
          .save(table);
    }
    List<Process> drivers = new ArrayList<>();
    for (int driver = 0; driver < DRIVERS; driver++) {
      Path notes = folder.resolve(name + "-" + driver);
      drivers.add(
          Bucket.java(
              folder.resolve(name + "-" + driver + ".log").toFile(),
              Bucket.properties(
                  server.port(),
                  Map.of("spark.delta.logStore.s3a.impl", store, "spark.master", "local[1]")),
              Committer.class.getName(),
              table,
              String.valueOf(driver),
              String.valueOf(COMMITS),
              notes.toString()));
    }
    for (Process driver : drivers) {
      if (driver.waitFor() != 0) {
        throw new IllegalStateException(
            "A driver gave up; see the .log files in %s.".formatted(folder));
      }
    }
    long told = 0;
    for (int driver = 0; driver < DRIVERS; driver++) {
      told += Files.readAllLines(folder.resolve(name + "-" + driver)).size();
    }
    long present = spark.read().format("delta").load(table).distinct().count();
    long rows = spark.read().format("delta").load(table).count();
    find(
        "%s: %d of %d commits are in the table, %d of them twice (the drivers were told of %d)"
            .formatted(name, present, DRIVERS * COMMITS, rows - present, told));
    return rows == present ? present : -1;
  }

  /** Kills a driver at every point not yet done; returns whether all were made good. */
  private boolean killAll() throws Exception {
    Random random = new Random(SEED);
    try (Door door = new Door(server)) {
      Bucket bucket = new Bucket(spark, server, door.port());
      Map<String, List<String>> whole = new TreeMap<>();
      int requests = 0;
      for (int point = 0; point < POINTS; point++) {
        double share = random.nextDouble();
        if (!found("point %d:".formatted(point)).isEmpty()) {
          continue;
        }
        if (whole.isEmpty()) {
          AtomicInteger counted = new AtomicInteger();
          door.treat(
              head -> {
                counted.incrementAndGet();
                return Treatment.PASS;
              });
          Process undisturbed = bucket.start("whole", log("whole"), "run");
          if (undisturbed.waitFor() != 0) {
            throw new IllegalStateException("A run failed; see %s.".formatted(log("whole")));
          }
          requests = counted.get();
          whole = bucket.contents("whole");
        }
        find(
            "point %d: killed at request %s"
                .formatted(point, kill(bucket, door, point, (int) (share * requests), whole)));
        // A lake a point: the tables of a dozen, as Delta keeps them, fill the heap.
        DeltaLog$.MODULE$.clearCache();
      }
    }
    return found("point ").stream().noneMatch(line -> line.contains("DIFFERENT"));
  }

  private String kill(Bucket bucket, Door door, int point, int at, Map<String, List<String>> whole)
      throws Exception {
    String lake = "killed-" + point;
    AtomicInteger counted = new AtomicInteger();
    AtomicReference<Process> driver = new AtomicReference<>();
    AtomicReference<String> last = new AtomicReference<>("none");
    door.treat(
        head -> {
          if (counted.getAndIncrement() != at) {
            return Treatment.PASS;
          }
          last.set(head.lines().findFirst().orElseThrow());
          driver.get().destroyForcibly();
          return Treatment.RESET;
        });
    driver.set(bucket.start(lake, log(lake), "run"));
    int code = driver.get().waitFor();
    door.treat(head -> Treatment.PASS);
    String outcome = bucket.run(lake).outcome();
    boolean equal = bucket.contents(lake).equals(whole);
    return "%d (%s), exit code %d; after the next run (%s) the tables are %s"
        .formatted(
            at,
            last.get().replaceAll("[?].*| HTTP.*", ""),
            code,
            outcome,
            equal ? "those of an undisturbed run" : "DIFFERENT");
  }

  private File log(String name) {
    return folder.resolve(name + ".log").toFile();
  }
}
