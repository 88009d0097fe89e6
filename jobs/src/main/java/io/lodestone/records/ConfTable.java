package io.lodestone.records;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small CSV file of the configuration: UTF-8, a header line, {@code #} starts a comment line. */
record ConfTable(String name, List<String> header, List<Line> lines) {

  /**
   * One line.
   *
   * @param number its number in the file, for messages
   * @param values text by column; empty fields are empty strings
   */
  record Line(long number, Map<String, String> values) {
    String get(String column) {
      return values.getOrDefault(column, "");
    }
  }

  /**
   * Parses a file.
   *
   * @param required columns that must be there
   * @throws Failure if the file is missing, has another header or a line of another width
   */
  static ConfTable read(ConfFiles conf, String name, String... required) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setComment('#');
    settings.setNullValue("");
    settings.setEmptyValue("");
    settings.setLineSeparatorDetectionEnabled(true);
    CsvParser parser = new CsvParser(settings);
    parser.beginParsing(new StringReader(conf.text(name).replace("\uFEFF", "")));
    String[] header = parser.parseNext();
    List<String> columns = header == null ? List.of() : Arrays.asList(header);
    for (String column : required) {
      if (!columns.contains(column)) {
        throw Failure.usage(
            "Cannot read %s in %s: its header lacks the column %s; it has %s."
                .formatted(name, conf.origin(), column, columns));
      }
    }
    List<Line> lines = new ArrayList<>();
    for (String[] fields = parser.parseNext(); fields != null; fields = parser.parseNext()) {
      long number = parser.getContext().currentLine();
      if (fields.length != columns.size()) {
        throw Failure.usage(
            "Cannot read %s in %s: line %d has %d fields, the header has %d."
                .formatted(name, conf.origin(), number, fields.length, columns.size()));
      }
      Map<String, String> values = new HashMap<>();
      for (int index = 0; index < fields.length; index++) {
        values.put(columns.get(index), fields[index].trim());
      }
      lines.add(new Line(number, values));
    }
    return new ConfTable(name, columns, List.copyOf(lines));
  }

  /** That a line cannot be used for what one of its columns holds, and what to do. */
  static Failure unusable(String name, Line line, String column, String value, String advice) {
    return Failure.usage(
        "Cannot use %s: line %d has the %s '%s'; %s."
            .formatted(name, line.number(), column, value, advice));
  }
}
