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

  /** Prints them, one a line, with what a run wrote and why it stopped below it. */
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
      Map<String, Long> rows =
          new TreeMap<>(
              CollectionConverters.<String, Long>asJava(
                  row.<String, Long>getMap(row.fieldIndex("rows"))));
      if (!rows.isEmpty()) {
        out.printf(
            "    rows: %s%n",
            rows.entrySet().stream()
                .map(table -> "%s %,d".formatted(table.getKey(), table.getValue()))
                .collect(Collectors.joining(", ")));
      }
      Map<String, Double> seconds =
          new TreeMap<>(
              CollectionConverters.<String, Double>asJava(
                  row.<String, Double>getMap(row.fieldIndex("seconds"))));
      if (!seconds.isEmpty()) {
        out.printf(
            "    seconds: %s%n",
            seconds.entrySet().stream()
                .map(step -> "%s %.1f".formatted(step.getKey(), step.getValue()))
                .collect(Collectors.joining(", ")));
      }
      if (row.getAs("message") != null) {
        out.printf("    %s%n", row.<String>getAs("message"));
      }
    }
  }
}
