package io.lodestone.bench;

import io.lodestone.lake.Column;
import io.lodestone.lake.Table;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares two sets of Parquet files that should hold the same rows of a table, row by row and cell
 * by cell. Doubles may differ by one part in a billion; everything else must be the same, null
 * included.
 */
final class Comparison {
  private static final double RELATIVE = 1e-9;

  /** For doubles that are 0 but for rounding. */
  private static final double ABSOLUTE = 1e-15;

  private static final int SHOWN = 5;

  private static final String JOINED =
      "(SELECT *, true AS here FROM lake) lake FULL JOIN (SELECT *, true AS here FROM peer) peer ON %s";

  private final Connection duckdb;
  private final PrintStream out;

  Comparison(Connection duckdb, PrintStream out) {
    this.duckdb = duckdb;
    this.out = out;
  }

  /**
   * Whether they hold the same; prints the number of rows, and the first differences.
   *
   * @param lake files of the lake's table
   * @param peer the other file
   */
  boolean agree(Table table, List<String> lake, String peer) throws SQLException {
    String lakes =
        lake.stream().map(Comparison::quoted).collect(Collectors.joining(", ", "[", "]"));
    try (Statement statement = duckdb.createStatement()) {
      view(statement, "lake", lakes);
      view(statement, "peer", quoted(peer));
      Set<String> missing = columns(statement, "lake");
      missing.removeAll(columns(statement, "peer"));
      Set<String> surplus = columns(statement, "peer");
      surplus.removeAll(columns(statement, "lake"));
      if (!missing.isEmpty() || !surplus.isEmpty()) {
        out.printf(
            "%s: DuckDB's has not the columns %s and has %s%n", table.name(), missing, surplus);
        return false;
      }
      return agree(statement, table);
    }
  }

  private boolean agree(Statement statement, Table table) throws SQLException {
    long ours = number(statement, "SELECT count(*) FROM lake");
    long theirs = number(statement, "SELECT count(*) FROM peer");
    List<Column> cells =
        table.columns().stream().filter(column -> !table.key().contains(column.name())).toList();
    String joined = JOINED.formatted(sameKey(table));
    List<String> counts = new ArrayList<>();
    counts.add("count(*) FILTER (lake.here AND peer.here)");
    for (Column column : cells) {
      counts.add("count(*) FILTER (lake.here AND peer.here AND %s)".formatted(differ(column)));
    }
    List<Column> differing = new ArrayList<>();
    long common;
    try (ResultSet row =
        statement.executeQuery("SELECT %s FROM %s".formatted(String.join(", ", counts), joined))) {
      row.next();
      common = row.getLong(1);
      for (int cell = 0; cell < cells.size(); cell++) {
        long different = row.getLong(cell + 2);
        if (different > 0) {
          differing.add(cells.get(cell));
          out.printf(
              "%s.%s differs in %,d rows%n", table.name(), cells.get(cell).name(), different);
        }
      }
    }
    out.printf(
        "%-12s %,d rows in the lake, %,d of DuckDB, %,d in both%n",
        table.name(), ours, theirs, common);
    // A key that stands twice on a side makes more pairs than rows.
    boolean same = ours == theirs && common == ours && differing.isEmpty();
    if (!same) {
      show(statement, table, "lake.here IS NULL OR peer.here IS NULL", List.of());
      for (Column column : differing) {
        show(statement, table, "lake.here AND peer.here AND " + differ(column), List.of(column));
      }
    }
    return same;
  }

  private void show(Statement statement, Table table, String where, List<Column> cells)
      throws SQLException {
    List<String> shown = new ArrayList<>();
    shown.add(
        table.key().stream()
            .map(key -> "coalesce(lake.%1$s, peer.%1$s)::VARCHAR".formatted(key))
            .collect(Collectors.joining(", ", "concat_ws(' ', ", ")")));
    for (Column cell : cells) {
      shown.add(
          "' %1$s: ' || coalesce(lake.%1$s::VARCHAR, 'null') || ' in the lake, ' || coalesce(peer.%1$s::VARCHAR, 'null') || ' of DuckDB'"
              .formatted(cell.name()));
    }
    if (cells.isEmpty()) {
      shown.add("CASE WHEN lake.here THEN ' only in the lake' ELSE ' only of DuckDB' END");
    }
    String query =
        "SELECT %s AS shown FROM %s WHERE %s ORDER BY shown LIMIT %d"
            .formatted(String.join(" || ", shown), JOINED.formatted(sameKey(table)), where, SHOWN);
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        out.printf("  %s %s%n", table.name(), rows.getString(1));
      }
    }
  }

  private static void view(Statement statement, String name, String files) throws SQLException {
    statement.execute(
        "CREATE OR REPLACE TEMP VIEW %s AS SELECT * FROM read_parquet(%s, hive_partitioning = true)"
            .formatted(name, files));
  }

  private static Set<String> columns(Statement statement, String view) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (ResultSet rows = statement.executeQuery("DESCRIBE " + view)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String sameKey(Table table) {
    return table.key().stream()
        .map(key -> "lake.%1$s IS NOT DISTINCT FROM peer.%1$s".formatted(key))
        .collect(Collectors.joining(" AND "));
  }

  private static String differ(Column column) {
    String name = column.name();
    if (!column.type().equals("DOUBLE")) {
      return "lake.%1$s IS DISTINCT FROM peer.%1$s".formatted(name);
    }
    return "((lake.%1$s IS NULL) <> (peer.%1$s IS NULL) OR coalesce(abs(lake.%1$s - peer.%1$s) > greatest(%2$s, %3$s * abs(lake.%1$s)), false))"
        .formatted(name, ABSOLUTE, RELATIVE);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
