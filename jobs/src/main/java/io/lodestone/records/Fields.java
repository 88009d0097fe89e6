package io.lodestone.records;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Splits the lines of one file into the columns that its source names.
 *
 * <p>A line without quotes is split at its delimiters, in place; any other line, and any line of a
 * source with further options, goes to the parser of Spark's CSV reader with that reader's
 * settings, so that the options mean what Spark says.
 */
final class Fields {
  private static final int LONGEST_HEADER = 1 << 16;
  private static final byte QUOTE = '"';

  private final Source source;
  private final CSVOptions options;
  private final int delimiter;
  private CsvParser parser;
  private int[] columns = {};
  private UTF8String[] split = {};

  Fields(Source source) {
    this.source = source;
    Map<String, String> all = new TreeMap<>();
    all.put("escape", "\"");
    all.put("mode", "PERMISSIVE");
    all.putAll(source.options());
    this.options =
        new CSVOptions(
            scala.collection.immutable.Map.from(CollectionConverters.asScala(all)), false, "UTC");
    String separator = options.delimiter();
    boolean plain =
        separator.length() == 1
            && separator.charAt(0) < 0x80
            && source.options().keySet().stream()
                .allMatch(
                    name -> name.equalsIgnoreCase("sep") || name.equalsIgnoreCase("delimiter"));
    this.delimiter = plain ? separator.charAt(0) : -1;
  }

  /** Whether a line is a comment, which the source's options may allow for. */
  boolean isComment(FileLines line) {
    return options.isCommentSet() && line.bytes()[line.start()] == (byte) options.comment();
  }

  /** The names in a header line. */
  List<String> header(String line) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(options.delimiter());
    settings.setMaxCharsPerColumn(LONGEST_HEADER);
    settings.setMaxColumns(LONGEST_HEADER / 2);
    String[] fields = new CsvParser(settings).parseLine(line);
    return fields == null
        ? List.of()
        : Arrays.stream(fields).map(field -> field == null ? "" : field.strip()).toList();
  }

  /** What does not fit between a header and the source, in words; empty where all does. */
  static String misfit(Source source, List<String> header) {
    List<String> missing = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (Source.HeaderColumn column : source.header()) {
      known.addAll(column.names());
      if (!column.optional() && column.names().stream().noneMatch(header::contains)) {
        missing.add(String.join(" or ", column.names()));
      }
    }
    List<String> unknown = header.stream().filter(name -> !known.contains(name)).toList();
    List<String> twice =
        header.stream()
            .filter(name -> header.indexOf(name) != header.lastIndexOf(name))
            .distinct()
            .toList();
    List<String> faults = new ArrayList<>();
    if (!missing.isEmpty()) {
      faults.add("it lacks " + String.join(", ", missing));
    }
    if (!unknown.isEmpty() && !source.furtherColumns()) {
      faults.add("it has " + String.join(", ", unknown));
    }
    if (!twice.isEmpty()) {
      faults.add("it repeats " + String.join(", ", twice));
    }
    return faults.isEmpty()
        ? ""
        : "the header does not fit the source " + source.name() + ": " + String.join("; ", faults);
  }

  /** Starts with the lines of a file that has this header. */
  void startFile(List<String> header) {
    split = new UTF8String[header.size()];
    columns =
        source.header().stream()
            .mapToInt(
                column ->
                    column.names().stream()
                        .mapToInt(header::indexOf)
                        .filter(place -> place >= 0)
                        .findFirst()
                        .orElse(-1))
            .toArray();
  }

  /** Splits a line; returns whether it has as many fields as the header. */
  boolean split(FileLines line) {
    byte[] bytes = line.bytes();
    int end = line.end();
    int field = 0;
    if (delimiter < 0) {
      return parse(line.line());
    }
    int from = line.start();
    for (int index = from; index <= end; index++) {
      if (index == end || bytes[index] == delimiter) {
        if (field < split.length) {
          split[field] = index == from ? null : UTF8String.fromBytes(bytes, from, index - from);
        }
        field++;
        from = index + 1;
      } else if (bytes[index] == QUOTE) {
        return parse(line.line());
      }
    }
    Arrays.fill(split, Math.min(field, split.length), split.length, null);
    return field == split.length;
  }

  private boolean parse(String line) {
    if (parser == null) {
      parser = new CsvParser(options.asParserSettings());
    }
    String[] fields;
    try {
      fields = parser.parseLine(line);
    } catch (TextParsingException tooLong) {
      fields = null;
    }
    int found = fields == null ? 0 : fields.length;
    for (int field = 0; field < split.length; field++) {
      String text = field < found ? fields[field] : null;
      split[field] =
          text == null || text.equals(options.nullValue())
              ? null
              : UTF8String.fromBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return found == split.length;
  }

  /** Number of columns that the source names. */
  int columns() {
    return source.header().size();
  }

  /** The text of a column of the source in the last line; null where it is empty or absent. */
  UTF8String column(int column) {
    return columns[column] < 0 ? null : split[columns[column]];
  }
}
