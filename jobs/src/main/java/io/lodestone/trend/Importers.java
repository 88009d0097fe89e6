package io.lodestone.trend;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Importers of sources: the slices of which tables of trends are made again. */
final class Importers {
  /** What no row fulfils. */
  static final String NONE = "source = '' AND importer = ''";

  private Importers() {}

  /**
   * A predicate that holds for importers and nothing else; it can be fulfilled by no row where
   * there are none.
   *
   * @param slices whose first two columns are source and importer
   */
  static String are(List<Row> slices) {
    Map<String, Set<String>> bySource = new TreeMap<>();
    slices.forEach(
        slice ->
            bySource
                .computeIfAbsent(slice.getString(0), source -> new TreeSet<>())
                .add(slice.getString(1)));
    return bySource.isEmpty()
        ? NONE
        : bySource.entrySet().stream()
            .map(
                source ->
                    "(source = %s AND importer IN (%s))"
                        .formatted(
                            quoted(source.getKey()),
                            source.getValue().stream()
                                .map(Importers::quoted)
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining(" OR "));
  }

  /**
   * A predicate that holds for the sources of importers and nothing else.
   *
   * @param slices whose first column is the source; at least one
   */
  static String sourcesAre(List<Row> slices) {
    return "source IN (%s)"
        .formatted(
            slices.stream()
                .map(slice -> quoted(slice.getString(0)))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", ")));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "\\'") + "'";
  }
}
