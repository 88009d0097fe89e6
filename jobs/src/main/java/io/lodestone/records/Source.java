package io.lodestone.records;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the files of one folder are read: a text file {@code conf/sources/NAME.sql} of {@code -- key:
 * value} lines and one {@code SELECT ... FROM raw}. The README lists the keys.
 *
 * @param name folder below records
 * @param header columns that a file's header must have
 * @param furtherColumns whether a header may have columns beside them
 * @param encoding character set of the files
 * @param options of Spark's CSV reader
 * @param countries scheme of country codes in {@code conf/countries.csv}
 * @param currency ISO 4217 code of the values
 * @param valueScale what values are multiplied by to give units of the currency
 * @param quantityScale what quantities are multiplied by to give kilograms
 * @param digits of every commodity code; 0 where the number may vary, and must then be even
 * @param fileAttributes SQL expressions over {@code _file} by attribute (revision, valuation,
 *     partner_concept), evaluated once a file; an attribute is here or in the SELECT
 * @param world what its imports say about world exports: baci, mirror or none
 * @param synthetic whether its records are invented
 * @param expect SQL predicate that every line fulfils unless its data are shifted; empty for none
 * @param select the query over {@code raw}, without its leading SELECT
 */
public record Source(
    String name,
    List<HeaderColumn> header,
    boolean furtherColumns,
    String encoding,
    Map<String, String> options,
    String countries,
    String currency,
    int valueScale,
    int quantityScale,
    int digits,
    Map<String, String> fileAttributes,
    String world,
    boolean synthetic,
    String expect,
    String select)
    implements Serializable {

  /** Attributes that are given for a whole file or record by record. */
  static final List<String> ATTRIBUTES = List.of("revision", "valuation", "partner_concept");

  private static final Set<String> KEYS =
      Set.of(
          "like",
          "format",
          "header",
          "encoding",
          "countries",
          "currency",
          "value_scale",
          "quantity_scale",
          "digits",
          "revision",
          "valuation",
          "partner_concept",
          "world",
          "synthetic",
          "expect");

  private static final Pattern KEY_LINE =
      Pattern.compile("--\\s*([a-z_]+(?:\\.[A-Za-z]+)?):\\s*(.*)");
  private static final Pattern SELECT =
      Pattern.compile(
          "\\ASELECT\\s+(?!DISTINCT\\b)(.*)\\z", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * A column of the header.
   *
   * @param names accepted spellings; the first is what the SELECT calls it
   * @param optional whether a file may lack it; it is null then
   */
  record HeaderColumn(List<String> names, boolean optional) implements Serializable {
    String canonical() {
      return names.get(0);
    }
  }

  /**
   * Reads the definition of every source.
   *
   * @throws Failure for a definition that cannot be used, naming the file and the key
   */
  public static Map<String, Source> load(ConfFiles conf) {
    Map<String, Source> sources = new LinkedHashMap<>();
    for (String file : conf.names("sources", ".sql")) {
      String name = file.substring("sources/".length(), file.length() - ".sql".length());
      sources.put(name, parse(name, file, conf, new HashSet<>()));
    }
    return sources;
  }

  private record Text(Map<String, String> keys, Optional<String> select) {}

  private static Source parse(String name, String file, ConfFiles conf, Set<String> seen) {
    Text text = inherit(file, conf, seen);
    Map<String, String> keys = text.keys();
    if (!"csv".equals(keys.getOrDefault("format", "csv"))) {
      throw broken(
          file,
          "format",
          keys.get("format"),
          "only csv is known; set its options with option.NAME");
    }
    String select =
        text.select()
            .orElseThrow(
                () ->
                    broken(
                        file,
                        "SELECT",
                        "",
                        "write a query over raw, or reads like another source with `-- like: NAME`"));
    Matcher matcher = SELECT.matcher(select);
    if (!matcher.matches()) {
      throw broken(
          file, "SELECT", select.lines().findFirst().orElse(""), "start with a plain SELECT");
    }
    Map<String, String> options = new HashMap<>();
    Map<String, String> attributes = new HashMap<>();
    keys.forEach(
        (key, value) -> {
          if (key.startsWith("option.")) {
            options.put(key.substring("option.".length()), value);
          }
        });
    ATTRIBUTES.stream()
        .filter(keys::containsKey)
        .forEach(key -> attributes.put(key, keys.get(key)));
    List<String> columns = splitTopLevel(required(file, keys, "header"));
    boolean further = columns.remove("...");
    String world = keys.getOrDefault("world", "none");
    if (!List.of("baci", "mirror", "none").contains(world)) {
      throw broken(file, "world", world, "write baci, mirror or none");
    }
    String synthetic = keys.getOrDefault("synthetic", "false");
    if (!List.of("true", "false").contains(synthetic)) {
      throw broken(file, "synthetic", synthetic, "write true or false");
    }
    return new Source(
        name,
        columns.stream().map(Source::headerColumn).toList(),
        further,
        encoding(file, keys.getOrDefault("encoding", "UTF-8")),
        options,
        required(file, keys, "countries"),
        required(file, keys, "currency"),
        wholeNumber(file, keys, "value_scale", 1),
        wholeNumber(file, keys, "quantity_scale", 1),
        wholeNumber(file, keys, "digits", 0),
        attributes,
        world,
        synthetic.equals("true"),
        keys.getOrDefault("expect", ""),
        matcher.group(1));
  }

  private static Text inherit(String file, ConfFiles conf, Set<String> seen) {
    if (!seen.add(file)) {
      throw broken(file, "like", file, "it reads like itself; end the circle");
    }
    Text own = split(file, conf.text(file));
    String like = own.keys().get("like");
    if (like == null) {
      return own;
    }
    String other = "sources/" + like + ".sql";
    if (!conf.texts().containsKey(other)) {
      throw broken(file, "like", like, "there is no " + other);
    }
    Text parent = inherit(other, conf, seen);
    Map<String, String> keys = new LinkedHashMap<>(parent.keys());
    keys.putAll(own.keys());
    return new Text(keys, own.select().or(parent::select));
  }

  private static Text split(String file, String text) {
    Map<String, String> keys = new LinkedHashMap<>();
    StringBuilder select = new StringBuilder();
    String last = null;
    for (String line : text.replace("\uFEFF", "").split("\\R")) {
      Matcher matcher = KEY_LINE.matcher(line);
      if (select.isEmpty() && matcher.matches()) {
        last = matcher.group(1);
        if (!KEYS.contains(last) && !last.startsWith("option.")) {
          throw broken(
              file,
              last,
              matcher.group(2),
              "the keys are " + KEYS.stream().sorted().toList() + " and option.NAME");
        }
        keys.put(last, matcher.group(2).strip());
      } else if (select.isEmpty() && last != null && line.startsWith("--   ")) {
        keys.merge(last, line.substring(2).strip(), (before, more) -> before + " " + more);
      } else if (line.startsWith("--")) {
        last = null;
      } else if (!line.isBlank() || !select.isEmpty()) {
        select.append(line).append('\n');
      }
    }
    String query = select.toString().strip();
    if (query.endsWith(";")) {
      query = query.substring(0, query.length() - 1);
    }
    return new Text(keys, query.isEmpty() ? Optional.empty() : Optional.of(query));
  }

  private static HeaderColumn headerColumn(String text) {
    boolean optional = text.startsWith("[") && text.endsWith("]");
    String names = optional ? text.substring(1, text.length() - 1) : text;
    return new HeaderColumn(
        Arrays.stream(names.split("\\|")).map(String::strip).toList(), optional);
  }

  private static List<String> splitTopLevel(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private static String encoding(String file, String name) {
    try {
      return Charset.forName(name).name();
    } catch (IllegalArgumentException unknown) {
      throw broken(file, "encoding", name, "write a character set such as UTF-8 or windows-1252");
    }
  }

  private static int wholeNumber(String file, Map<String, String> keys, String key, int standard) {
    String text = keys.get(key);
    if (text == null) {
      return standard;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw broken(file, key, text, "write a positive whole number");
    }
    return Integer.parseInt(text);
  }

  private static String required(String file, Map<String, String> keys, String key) {
    String value = keys.get(key);
    if (value == null || value.isEmpty()) {
      throw broken(file, key, "", "add a line `-- " + key + ": ...`");
    }
    return value;
  }

  private static Failure broken(String file, String key, String value, String advice) {
    return Failure.usage("Cannot use %s: %s '%s': %s.".formatted(file, key, value, advice));
  }
}
