package io.lodestone.nightly;

import static org.apache.spark.sql.functions.col;

import io.lodestone.Fingerprint;
import io.lodestone.Tables;
import io.lodestone.lake.Claim;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.lake.Write;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Writes the tables {@code run} and {@code check}. */
final class Journal {
  static final String PUBLISHED = "published";
  static final String UNCHANGED = "unchanged";
  static final String STOPPED = "stopped";
  static final String FAILED = "failed";
  static final String KILLED = "killed";

  private Journal() {}

  /**
   * What is known of a run when it starts.
   *
   * @param run its id
   * @param job its name
   * @param started when it took the lease
   * @param settings its settings
   * @param inputs versions of the tables
   */
  record Begun(
      String run,
      String job,
      Instant started,
      Map<String, String> settings,
      Map<String, Long> inputs) {}

  /** Adds the row of a run that has ended, after all that it wrote. */
  static void end(
      Lake lake,
      Begun begun,
      Instant ended,
      String outcome,
      String message,
      Map<String, Double> seconds) {
    lake.append(
        Tables.RUN,
        List.of(
            RowFactory.create(
                begun.run(),
                begun.job(),
                Timestamp.from(begun.started()),
                Timestamp.from(ended),
                outcome,
                message,
                begun.settings(),
                Fingerprint.ofProgram(),
                begun.inputs(),
                versions(lake),
                of(lake, Collectors.summingLong(Write::rows)),
                of(lake, Collectors.mapping(Write::slice, Collectors.joining(" OR "))),
                seconds)));
  }

  /** Adds the row of a run that left its lease behind, unless it had come to write one itself. */
  static void killed(Lake lake, Claim crashed, String outcome) {
    if (!lake.read(Tables.RUN).filter(col("run").equalTo(crashed.run())).isEmpty()) {
      return;
    }
    lake.append(
        Tables.RUN,
        List.of(
            RowFactory.create(
                crashed.run(),
                crashed.job(),
                Timestamp.from(crashed.started()),
                null,
                outcome,
                null,
                Map.of(),
                null,
                Map.of(),
                versions(lake),
                Map.of(),
                Map.of(),
                Map.of())));
  }

  /** Adds what the gate found. */
  static void found(Lake lake, Instant checked, List<Finding> findings) {
    List<Row> rows =
        findings.stream()
            .map(
                finding ->
                    RowFactory.create(
                        lake.run(),
                        Timestamp.from(checked),
                        finding.rule().name(),
                        finding.rule().severity().text(),
                        finding.passed(),
                        finding.rule().table().name(),
                        finding.passed() ? null : finding.slice(),
                        finding.number(),
                        finding.rule().limit(),
                        finding.message()))
            .toList();
    if (!rows.isEmpty()) {
      lake.append(Tables.CHECK, rows);
    }
  }

  /** Adds that records stopped the run before the gate could ask anything. */
  static void stoppedByRecords(Lake lake, Instant checked, String message) {
    lake.append(
        Tables.CHECK,
        List.of(
            RowFactory.create(
                lake.run(),
                Timestamp.from(checked),
                "records",
                Rule.Severity.STOP.text(),
                false,
                Tables.SOURCE_FILE.name(),
                null,
                null,
                null,
                message)));
  }

  /** Versions of all tables that a run may publish, by name; absent ones are left out. */
  static Map<String, Long> versions(Lake lake) {
    Map<String, Long> versions = new TreeMap<>();
    for (Table table : published()) {
      lake.content(table).ifPresent(version -> versions.put(table.name(), version));
    }
    return versions;
  }

  /** The tables that a run publishes or restores. */
  static List<Table> published() {
    return Tables.ALL.stream().filter(table -> !Tables.JOURNALS.contains(table)).toList();
  }

  private static <T> Map<String, T> of(
      Lake lake, java.util.stream.Collector<Write, ?, T> collector) {
    return lake.writes().stream()
        .collect(Collectors.groupingBy(Write::table, TreeMap::new, collector));
  }
}
