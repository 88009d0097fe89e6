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
      print(row, "rows", "%s %,d", out);
      print(row, "seconds", "%s %.1f", out);
      if (row.getAs("message") != null) {
        out.printf("    %s%n", row.<String>getAs("message"));
      }
    }
  }

  /** Numbers by name, those of a column, if there are any. */
  private static void print(Row row, String column, String format, PrintStream out) {
    Map<String, Object> numbers =
        new TreeMap<>(
            CollectionConverters.<String, Object>asJava(
                row.<String, Object>getMap(row.fieldIndex(column))));
    if (!numbers.isEmpty()) {
      out.printf(
          "    %s: %s%n",
          column,
          numbers.entrySet().stream()
              .map(number -> format.formatted(number.getKey(), number.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }
}
