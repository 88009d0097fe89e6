package io.lodestone.trend;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * The years in which importers have any row of {@code dependency}: in these a product without a row
 * is known not to be imported. Grain: source, importer, year; held by every task.
 */
final class ReportedYears implements Serializable {
  private final Map<List<String>, TreeSet<Integer>> years = new HashMap<>();

  /** Of rows with the columns source, importer and year. */
  static ReportedYears of(List<Row> rows) {
    ReportedYears reported = new ReportedYears();
    for (Row row : rows) {
      reported
          .years
          .computeIfAbsent(
              List.of(row.<String>getAs("source"), row.<String>getAs("importer")),
              absent -> new TreeSet<>())
          .add(row.<Integer>getAs("year"));
    }
    return reported;
  }

  int importers() {
    return years.size();
  }

  NavigableSet<Integer> of(String source, String importer) {
    return years.get(List.of(source, importer));
  }
}
