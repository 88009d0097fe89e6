package io.lodestone;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.hadoop.fs.Path;

/**
 * The settings of a run: every {@code spark.lodestone.} property, parsed once.
 *
 * @param records folder of raw customs files, one folder a source below it
 * @param recordsGiven whether the user named the records folder; a sample is never written there
 * @param lake folder of the Delta tables
 * @param conf folder of sources, goods, countries and conversion tables; empty for the copies in
 *     the jar
 * @param hsBase the HS revision in which {@code product} is expressed, or {@code reported}
 * @param rejectsMax largest share of rejected rows among the rows read in a run
 * @param filesRejectedMax largest share of rejected files among the files read in a run
 * @param withdrawnMax largest share of the loaded files that a run may withdraw
 */
public record Settings(
    Path records,
    boolean recordsGiven,
    Path lake,
    Optional<Path> conf,
    String hsBase,
    double rejectsMax,
    double filesRejectedMax,
    double withdrawnMax) {

  /** What every setting's name starts with. */
  public static final String PREFIX = "spark.lodestone.";

  /** HS revisions by the year in which they entered into force. */
  public static final List<String> HS_REVISIONS =
      List.of("HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022", "HS2028");

  /** The value of {@code spark.lodestone.hs.base} that leaves codes as they were reported. */
  public static final String AS_REPORTED = "reported";

  /**
   * One setting for {@code ./lodestone help}.
   *
   * @param name full name
   * @param standard default as it is written
   * @param unit unit or kind of the value
   * @param meaning one sentence
   */
  public record Entry(String name, String standard, String unit, String meaning) {}

  private static final Entry RECORDS =
      entry("records", "./records", "path", "folder of raw customs files, one folder a source");
  private static final Entry LAKE = entry("lake", "./lake", "path", "folder of the Delta tables");
  private static final Entry CONF =
      entry(
          "conf",
          "conf beside the launcher, else in the jar",
          "path",
          "folder of sources, goods, countries and conversion tables");
  private static final Entry HS_BASE =
      entry(
          "hs.base",
          "HS2012",
          "HS1992..HS2028 or reported",
          "revision in which `product` is expressed; `reported` keeps the six digits as they stand");
  private static final Entry REJECTS_MAX =
      entry(
          "rejects.max",
          "0.01",
          "share 0-1",
          "a run with a larger share of rejected rows stops before any table of results changes");
  private static final Entry FILES_REJECTED_MAX =
      entry(
          "files.rejected.max",
          "0.1",
          "share 0-1",
          "a run with a larger share of rejected files stops before any table of results changes");
  private static final Entry WITHDRAWN_MAX =
      entry(
          "withdrawn.max",
          "0.1",
          "share 0-1",
          "a run in which a larger share of the loaded files has gone stops and changes nothing");

  /** All settings, in the order in which help prints them. */
  public static final List<Entry> ALL =
      List.of(RECORDS, LAKE, CONF, HS_BASE, REJECTS_MAX, FILES_REJECTED_MAX, WITHDRAWN_MAX);

  private static Entry entry(String name, String standard, String unit, String meaning) {
    return new Entry(PREFIX + name, standard, unit, meaning);
  }

  /**
   * Parses and validates.
   *
   * @param properties all Spark properties of the run; those of others are ignored
   * @throws Failure naming the setting, its value and what to write, for the first one that cannot
   *     be used
   */
  public static Settings parse(Map<String, String> properties) {
    Map<String, String> given = new TreeMap<>();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            given.put(name, value.trim());
          }
        });
    List<String> known = new ArrayList<>();
    ALL.forEach(entry -> known.add(entry.name()));
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        String nearest =
            known.stream()
                .min(
                    Comparator.comparing(
                        candidate ->
                            LevenshteinDistance.getDefaultInstance().apply(name, candidate)))
                .orElseThrow();
        throw Failure.usage(
            "Cannot use the setting %s: there is none of that name; the nearest is %s (see `./lodestone help`)."
                .formatted(name, nearest));
      }
    }
    return new Settings(
        value(given, RECORDS, Settings::path),
        given.containsKey(RECORDS.name()),
        value(given, LAKE, Settings::path),
        Optional.ofNullable(given.get(CONF.name()))
            .map(text -> checked(CONF, text, Settings::path)),
        value(given, HS_BASE, Settings::hsBase),
        value(given, REJECTS_MAX, Settings::share),
        value(given, FILES_REJECTED_MAX, Settings::share),
        value(given, WITHDRAWN_MAX, Settings::share));
  }

  private static <T> T value(Map<String, String> given, Entry entry, Function<String, T> parser) {
    return checked(entry, given.getOrDefault(entry.name(), entry.standard()), parser);
  }

  private static <T> T checked(Entry entry, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException invalid) {
      throw Failure.usage(
          "Cannot read %s: '%s' %s."
              .formatted(entry.name(), withoutCredentials(text), invalid.getMessage()),
          invalid);
    }
  }

  /** Messages end in logs, and secrets must not. */
  private static String withoutCredentials(String text) {
    return text.replaceFirst("//[^/]*@", "//***@");
  }

  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "is empty; write a folder or a URI such as s3a://bucket/folder");
    }
    Path path;
    try {
      path = new Path(text);
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(
          "is not a path; write a folder or a URI such as s3a://bucket/folder", invalid);
    }
    URI uri = path.toUri();
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "carries credentials; take them out and give them by environment or credential store");
    }
    return path;
  }

  private static String hsBase(String text) {
    if (AS_REPORTED.equals(text) || HS_REVISIONS.contains(text)) {
      return text;
    }
    throw new IllegalArgumentException(
        "is no HS revision; write one of "
            + String.join(", ", HS_REVISIONS)
            + " or "
            + AS_REPORTED);
  }

  private static double share(String text) {
    double share;
    try {
      share = Double.parseDouble(text);
    } catch (NumberFormatException invalid) {
      throw new IllegalArgumentException("is not a number; write a share between 0 and 1", invalid);
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("is no share; write a number between 0 and 1");
    }
    return share;
  }
}
