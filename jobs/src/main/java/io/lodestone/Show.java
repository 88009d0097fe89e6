package io.lodestone;

import static org.apache.spark.sql.functions.col;

import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Prints rows of a table, ordered by its key. */
final class Show {
  private static final int MOST_ROWS = 50;
  private static final int WIDEST = 40;

  private Show() {}

  /**
   * What to print.
   *
   * @param table which one
   * @param where SQL predicate over its columns, or {@code true}
   * @param csv all rows as CSV, in place of the first in columns
   * @param run whose tables to print, in place of the published ones
   */
  record Request(Table table, String where, boolean csv, Optional<String> run) {
    static Request parse(List<String> arguments) {
      List<String> words = new ArrayList<>(arguments);
      boolean csv = words.remove("--csv");
      Optional<String> run = Optional.empty();
      int option = words.indexOf("--run");
      if (option >= 0 && option + 1 < words.size()) {
        run = Optional.of(words.remove(option + 1));
        words.remove(option);
      }
      if (words.isEmpty() || words.size() > 2) {
        throw Failure.usage(
            "Cannot show: write `show TABLE [WHERE] [--csv] [--run RUN]`, WHERE being one quoted SQL predicate.");
      }
      return new Request(
          Tables.named(words.get(0)), words.size() == 2 ? words.get(1) : "true", csv, run);
    }
  }

  static void print(Lake lake, Request request, PrintStream out) {
    if (!lake.exists(request.table())) {
      throw Failure.usage(
          "Cannot show %s: %s does not exist; run the pipeline first or name another spark.lodestone.lake."
              .formatted(request.table().name(), lake.path(request.table())));
    }
    lake.label("show", request.table(), request.where());
    Column[] key = request.table().key().stream().map(name -> col(name)).toArray(Column[]::new);
    Dataset<Row> rows = lake.read(request.table(), request.where(), "show").orderBy(key);
    if (request.csv()) {
      csv(rows, out);
    } else {
      columns(rows, out);
    }
  }

  private static void csv(Dataset<Row> rows, PrintStream out) {
    out.println(String.join(",", rows.columns()));
    Iterator<Row> all = rows.toLocalIterator();
    while (all.hasNext()) {
      Row row = all.next();
      List<String> fields = new ArrayList<>();
      for (int field = 0; field < row.size(); field++) {
        fields.add(quoted(text(row.get(field))));
      }
      out.println(String.join(",", fields));
    }
  }

  private static String quoted(String text) {
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private static void columns(Dataset<Row> rows, PrintStream out) {
    List<Row> first = rows.limit(MOST_ROWS + 1).collectAsList();
    List<List<String>> lines = new ArrayList<>();
    lines.add(Arrays.asList(rows.columns()));
    first.stream()
        .limit(MOST_ROWS)
        .forEach(
            row -> {
              List<String> fields = new ArrayList<>();
              for (int field = 0; field < row.size(); field++) {
                String text = rounded(row.get(field));
                fields.add(text.length() > WIDEST ? text.substring(0, WIDEST - 1) + "…" : text);
              }
              lines.add(fields);
            });
    int[] widths = new int[rows.columns().length];
    lines.forEach(
        line -> {
          for (int field = 0; field < widths.length; field++) {
            widths[field] = Math.max(widths[field], line.get(field).length());
          }
        });
    for (List<String> line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int field = 0; field < widths.length; field++) {
        padded.append(String.format("%-" + Math.max(1, widths[field]) + "s  ", line.get(field)));
      }
      out.println(padded.toString().stripTrailing());
    }
    if (first.size() > MOST_ROWS) {
      out.printf(
          "The first %d rows; narrow them by a WHERE, or print all with --csv.%n", MOST_ROWS);
    }
  }

  private static String rounded(Object value) {
    return value instanceof Double number ? "%.6g".formatted(number) : text(value);
  }

  private static String text(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      return scala.jdk.javaapi.CollectionConverters.asJava(map).entrySet().stream()
          .map(entry -> entry.getKey() + ": " + entry.getValue())
          .sorted()
          .collect(Collectors.joining("; "));
    }
    if (value instanceof scala.collection.Seq<?> list) {
      return scala.jdk.javaapi.CollectionConverters.asJava(list).stream()
          .map(Show::text)
          .collect(Collectors.joining("; "));
    }
    if (value instanceof Row row) {
      List<String> fields = new ArrayList<>();
      for (int field = 0; field < row.size(); field++) {
        fields.add(text(row.get(field)));
      }
      return String.join(" ", fields);
    }
    return value instanceof java.math.BigDecimal number ? number.toPlainString() : value.toString();
  }
}
