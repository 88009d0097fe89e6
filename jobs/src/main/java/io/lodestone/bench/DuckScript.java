package io.lodestone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a script in a new in-memory DuckDB, statement by statement, and says how long each took. A
 * semicolon at the end of a line ends a statement.
 */
public final class DuckScript {
  private DuckScript() {}

  /** Runs the file named by the first argument. */
  public static void main(String[] arguments) throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String text : statements(Files.readString(Path.of(arguments[0])))) {
        long start = System.nanoTime();
        statement.execute(text);
        System.out.printf("%7.2f s  %s%n", (System.nanoTime() - start) / 1e9, title(text));
      }
    }
  }

  private static List<String> statements(String script) {
    return Arrays.stream(script.split(";[ \t]*\n"))
        .map(String::strip)
        .filter(text -> text.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("--")))
        .toList();
  }

  /** Its first line that is no comment. */
  private static String title(String statement) {
    return statement.lines().filter(line -> !line.startsWith("--")).findFirst().orElse("");
  }
}
