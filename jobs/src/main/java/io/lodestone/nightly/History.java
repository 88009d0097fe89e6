package io.lodestone.nightly;

import static org.apache.spark.sql.functions.desc;

import io.lodestone.Failure;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import java.io.PrintStream;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** Prints the runs of a lake, the latest first. */
public final class History {
  private static final int MOST_RUNS = 30;

  private History() {}

  /** Prints them, one a line, with all else that the table {@code run} says of one below it. */
  public static void print(Lake lake, PrintStream out) {
    if (!lake.exists(Tables.RUN)) {
      throw Failure.usage(
          "Cannot print the history of %s: no run has been there yet; start with `run` or `nightly`."
              .formatted(lake.root()));
    }
    lake.label("history", Tables.RUN, "the latest runs");
    for (Row row :
        lake.read(Tables.RUN).orderBy(desc("started")).limit(MOST_RUNS).collectAsList()) {
      Timestamp ended = row.getAs("ended");
      Timestamp started = row.getAs("started");
      out.printf(
          "%s  %-10s %-9s %s%n",
          row.<String>getAs("run"),
          row.<String>getAs("job"),
          row.<String>getAs("outcome"),
          ended == null
              ? "started " + started.toInstant().truncatedTo(ChronoUnit.SECONDS)
              : "%d s"
                  .formatted(Duration.between(started.toInstant(), ended.toInstant()).toSeconds()));
      if (row.getAs("program") != null) {
        out.printf("    program: %s%n", row.<String>getAs("program"));
        print("settings", map(row, "settings"), "%s=%s", out);
        print("versions", versions(row), "%s %s", out);
      }
      print("slices", map(row, "slices"), "%s: %s", out);
      print("rows", map(row, "rows"), "%s %,d", out);
      print("seconds", map(row, "seconds"), "%s %.1f", out);
      if (row.getAs("message") != null) {
        out.printf("    %s%n", row.<String>getAs("message"));
      }
    }
  }

  /** Of the tables that a run left at another version, both. */
  private static Map<String, Object> versions(Row row) {
    Map<String, Object> before = map(row, "inputs");
    Map<String, Object> versions = map(row, "outputs");
    versions.entrySet().removeIf(after -> after.getValue().equals(before.get(after.getKey())));
    versions.replaceAll(
        (table, after) -> "%s to %s".formatted(before.getOrDefault(table, "none"), after));
    return versions;
  }

  private static Map<String, Object> map(Row row, String column) {
    return new TreeMap<>(
        CollectionConverters.<String, Object>asJava(
            row.<String, Object>getMap(row.fieldIndex(column))));
  }

  private static void print(
      String name, Map<String, Object> values, String format, PrintStream out) {
    if (!values.isEmpty()) {
      out.printf(
          "    %s: %s%n",
          name,
          values.entrySet().stream()
              .map(value -> format.formatted(value.getKey(), value.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }
}
