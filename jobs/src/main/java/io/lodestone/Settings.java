package io.lodestone;

import io.lodestone.trend.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
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
 * @param trend which years, measures and suppliers are followed
 * @param models how models are fitted, tested and used
 * @param nights how a run is checked, published and kept
 * @param given the settings that the user gave, as text; none of them is a secret
 */
public record Settings(
    Path records,
    boolean recordsGiven,
    Path lake,
    Optional<Path> conf,
    String hsBase,
    double rejectsMax,
    double filesRejectedMax,
    double withdrawnMax,
    Trend trend,
    Models models,
    Nights nights,
    Map<String, String> given) {

  /**
   * Which years, measures and suppliers are followed.
   *
   * @param fromYear first year of the window
   * @param toYear last year of the window
   * @param measures of {@link Measure#ALL}, without those of suppliers
   * @param suppliers of interest, alpha-3, whose shares are followed in everything
   */
  public record Trend(int fromYear, int toYear, List<String> measures, List<String> suppliers) {}

  /**
   * How models are fitted, tested and used.
   *
   * @param trainUntil last year that a model is fitted on
   * @param validateUntil last year on which the gate decides; the test window is all after it
   * @param sample most rows that a model is fitted on
   * @param seed of every random choice
   * @param refit when a model is fitted again
   * @param required whether a model that cannot be fitted fails the run
   * @param linkValue least value a year that counts as a link, in the source's currency
   * @param linkShare least share of the importer's imports that counts as a link
   * @param linkYears years in a row that a flow must keep both before it counts
   * @param asOf year from which {@code score} looks ahead; empty for the last complete one
   * @param theta parts of its exports to others that a supplier could redirect to an importer
   */
  public record Models(
      int trainUntil,
      int validateUntil,
      long sample,
      long seed,
      Refit refit,
      boolean required,
      double linkValue,
      double linkShare,
      int linkYears,
      Optional<Integer> asOf,
      List<Double> theta) {}

  /** When a model is fitted again. */
  public enum Refit {
    /** Only where no model has been fitted with these settings and this program. */
    MISSING,
    /** Also where the tables that it was fitted on have changed. */
    CHANGED
  }

  /**
   * How a run is checked, published and kept.
   *
   * @param lostMax largest share of the published records of a source and year that a run may lose
   * @param history how far back a run's tables can be read
   * @param staleMonths months after which a source without a newer period is stale
   * @param leaseExpiry how long the lease of a run holds that gives no sign of life
   * @param maintained how often a night also clears what is older than the history
   */
  public record Nights(
      double lostMax,
      Duration history,
      int staleMonths,
      Duration leaseExpiry,
      Duration maintained) {}

  /** Files that a reader may have opened are not deleted before; Delta's own least. */
  private static final int VACUUM_DAYS = 7;

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

  private static final Entry YEARS =
      entry("years", "2010-2025", "years", "window in which trends and changes are measured");
  private static final Entry TREND_MEASURES =
      entry(
          "trend.measures",
          "hhi,effective_suppliers,share:first_top",
          "list",
          "what is followed beside the suppliers of interest");
  private static final Entry TREND_SUPPLIERS =
      entry(
          "trend.suppliers",
          "CHN",
          "list of alpha-3",
          "suppliers whose share is followed in everything, as share:CHN; empty for none");

  private static final Entry TRAIN_UNTIL =
      entry("models.train.until", "2018", "year", "last year that models are fitted on");
  private static final Entry VALIDATE_UNTIL =
      entry(
          "models.validate.until",
          "2021",
          "year",
          "last year on which the gate decides; the years after it are for the test");
  private static final Entry SAMPLE =
      entry("models.sample", "2000000", "rows", "most rows that a model is fitted on");
  private static final Entry SEED =
      entry("models.seed", "20120", "whole number", "seed of every random choice of the models");
  private static final Entry REFIT =
      entry(
          "models.refit",
          "missing",
          "missing or changed",
          "fit where there is no model of these settings and this program, or also where the tables have changed");
  private static final Entry REQUIRED =
      entry(
          "models.required",
          "false",
          "true or false",
          "whether a model that cannot be fitted fails the run");
  private static final Entry LINK_VALUE =
      entry(
          "models.link.value",
          "1000",
          "currency a year",
          "least value that counts as a link; BACI prints thousands of dollars, less are samples");
  private static final Entry LINK_SHARE =
      entry(
          "models.link.share",
          "0.001",
          "share 0-1",
          "least share of the importer's imports of the product that counts as a link; less replaces nobody");
  private static final Entry LINK_YEARS =
      entry(
          "models.link.years",
          "1",
          "years",
          "years in a row that a flow must keep both before it counts as a link; half of all new links last one year, and that is for the survival model to say");
  private static final Entry AS_OF =
      entry(
          "models.as.of",
          "last",
          "year or last",
          "year from which `score` looks ahead; last is the last complete year of the source");
  private static final Entry THETA =
      entry(
          "models.theta",
          "0.2",
          "shares 0-1",
          "parts of its exports to others that a supplier could redirect to one importer, for `mix`; 0.1,0.2,0.3 shows how much hangs on it");
  private static final Entry LOST_MAX =
      entry(
          "lost.max",
          "0.5",
          "share 0-1",
          "a run that loses a larger share of the published records of a source and year is not published");
  private static final Entry HISTORY =
      entry(
          "history.days",
          "90",
          "days",
          "how far back the tables of a run can be read; older files and logs are deleted");
  private static final Entry STALE =
      entry(
          "stale.months",
          "24",
          "months",
          "a source whose last period ended longer ago is reported by the check `fresh`");
  private static final Entry LEASE =
      entry(
          "lease.seconds",
          "120",
          "seconds",
          "a run that has given no sign of life for so long loses its lease to the next");
  private static final Entry MAINTAIN =
      entry("maintain.days", "7", "days", "a nightly also runs `maintain` if the last is as old");
  private static final Entry SUMMARY =
      entry("summary", "none", "path", "JSON file that says how the run ended, for schedulers");

  private static final Entry BRIEF =
      entry(
          "brief",
          "(none)",
          "alpha-3 codes",
          "importers whose brief the launcher writes at the end of `run` and `nightly`");

  /** All settings, in the order in which help prints them. */
  public static final List<Entry> ALL =
      List.of(
          RECORDS,
          LAKE,
          CONF,
          HS_BASE,
          REJECTS_MAX,
          FILES_REJECTED_MAX,
          WITHDRAWN_MAX,
          BRIEF,
          YEARS,
          TREND_MEASURES,
          TREND_SUPPLIERS,
          TRAIN_UNTIL,
          VALIDATE_UNTIL,
          SAMPLE,
          SEED,
          REFIT,
          REQUIRED,
          LINK_VALUE,
          LINK_SHARE,
          LINK_YEARS,
          AS_OF,
          THETA,
          LOST_MAX,
          HISTORY,
          STALE,
          LEASE,
          MAINTAIN,
          SUMMARY);

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
    // The launcher reads this one; it is checked here so that no night ends in an error of it.
    Optional.ofNullable(given.get(BRIEF.name()))
        .ifPresent(text -> checked(BRIEF, text, Settings::importers));
    return new Settings(
        value(given, RECORDS, Settings::path),
        given.containsKey(RECORDS.name()),
        value(given, LAKE, Settings::path),
        Optional.ofNullable(given.get(CONF.name()))
            .map(text -> checked(CONF, text, Settings::path)),
        value(given, HS_BASE, Settings::hsBase),
        value(given, REJECTS_MAX, Settings::share),
        value(given, FILES_REJECTED_MAX, Settings::share),
        value(given, WITHDRAWN_MAX, Settings::share),
        trend(given),
        models(given),
        nights(given),
        given);
  }

  private static Trend trend(Map<String, String> given) {
    int[] years = value(given, YEARS, Settings::years);
    return new Trend(
        years[0],
        years[1],
        value(given, TREND_MEASURES, Settings::measures),
        value(given, TREND_SUPPLIERS, Settings::suppliers));
  }

  private static int[] years(String text) {
    if (!text.matches("(19|20)\\d\\d-(19|20)\\d\\d")) {
      throw new IllegalArgumentException("is no range of years; write it as 2010-2025");
    }
    int from = Integer.parseInt(text.substring(0, 4));
    int to = Integer.parseInt(text.substring(5));
    if (to < from) {
      throw new IllegalArgumentException(
          "ends before it starts; write it as %d-%d".formatted(to, from));
    }
    return new int[] {from, to};
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .distinct()
        .toList();
  }

  private static List<String> measures(String text) {
    List<String> measures = list(text);
    if (measures.isEmpty()) {
      throw new IllegalArgumentException(
          "names no measure; write some of " + String.join(", ", Measure.ALL));
    }
    for (String measure : measures) {
      if (!Measure.ALL.contains(measure)) {
        throw new IllegalArgumentException(
            "names the measure %s, which does not exist; write some of %s, and suppliers into %s"
                .formatted(measure, String.join(", ", Measure.ALL), TREND_SUPPLIERS.name()));
      }
    }
    return measures;
  }

  /** Whether they exist, the countries know; see {@link #requireSuppliers}. */
  private static List<String> suppliers(String text) {
    List<String> suppliers = list(text);
    for (String supplier : suppliers) {
      if (!supplier.matches("[A-Z]{3}")) {
        throw new IllegalArgumentException(
            "names %s, which is no ISO 3166 alpha-3 code; write such as CHN,RUS"
                .formatted(supplier));
      }
    }
    return suppliers;
  }

  /**
   * Requires that every supplier of interest is a country.
   *
   * @param countries alpha-3 codes
   * @throws Failure naming the one that is not
   */
  public void requireSuppliers(Collection<String> countries) {
    for (String supplier : trend.suppliers()) {
      if (!countries.contains(supplier)) {
        throw Failure.usage(
            "Cannot read %s: '%s' names %s, which is no country of conf/countries.csv; write such as CHN,RUS."
                .formatted(TREND_SUPPLIERS.name(), String.join(",", trend.suppliers()), supplier));
      }
    }
  }

  private static Models models(Map<String, String> given) {
    int trainUntil = value(given, TRAIN_UNTIL, Settings::year);
    return new Models(
        trainUntil,
        value(given, VALIDATE_UNTIL, text -> yearAfter(trainUntil, text)),
        value(given, SAMPLE, text -> atLeast(1000, "rows", text)),
        value(given, SEED, Settings::wholeNumber),
        value(given, REFIT, Settings::refit),
        value(given, REQUIRED, Settings::trueOrFalse),
        value(given, LINK_VALUE, Settings::amount),
        value(given, LINK_SHARE, Settings::share),
        (int) (long) value(given, LINK_YEARS, text -> atLeast(1, "years", text)),
        value(
            given,
            AS_OF,
            text -> text.equals(AS_OF.standard()) ? Optional.empty() : Optional.of(year(text))),
        value(given, THETA, Settings::parts));
  }

  /** The same with other nights. */
  Settings with(Nights other) {
    return new Settings(
        records,
        recordsGiven,
        lake,
        conf,
        hsBase,
        rejectsMax,
        filesRejectedMax,
        withdrawnMax,
        trend,
        models,
        other,
        given);
  }

  private static Nights nights(Map<String, String> given) {
    // Where it leads is decided before anything else can fail: see Main.
    checked(SUMMARY, given.getOrDefault(SUMMARY.name(), SUMMARY.standard()), Settings::path);
    return new Nights(
        value(given, LOST_MAX, Settings::share),
        Duration.ofDays(value(given, HISTORY, text -> atLeast(VACUUM_DAYS, "days", text))),
        (int) (long) value(given, STALE, text -> atLeast(1, "months", text)),
        Duration.ofSeconds(value(given, LEASE, text -> atLeast(1, "seconds", text))),
        Duration.ofDays(value(given, MAINTAIN, text -> atLeast(1, "days", text))));
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
    return text.replaceFirst("//.*@", "//***@");
  }

  /** {@code scheme://KEY:SECRET@bucket}, of which the secret may hold a slash; no host and port. */
  private static final Pattern CREDENTIALS = Pattern.compile("\\w+://[^/@]*:(?!\\d+(/|$)).*@.*");

  /**
   * A path of the user's.
   *
   * @throws IllegalArgumentException if it is none or carries credentials, in words
   */
  static Path path(String text) {
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
    if (path.toUri().getUserInfo() != null || CREDENTIALS.matcher(text).matches()) {
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

  private static List<String> importers(String text) {
    if (!text.matches("[A-Z]{3}(,[A-Z]{3})*")) {
      throw new IllegalArgumentException(
          "is no list of importers; write alpha-3 codes such as JPN,TWN");
    }
    return List.of(text.split(","));
  }

  private static List<Double> parts(String text) {
    List<Double> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      double share = share(part.trim());
      if (share == 0 || parts.contains(share)) {
        throw new IllegalArgumentException(
            "holds 0 or a part twice; write parts such as 0.1,0.2,0.3");
      }
      parts.add(share);
    }
    return List.copyOf(parts);
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

  private static long wholeNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException invalid) {
      throw new IllegalArgumentException("is no whole number; write one such as 20120", invalid);
    }
  }

  private static long atLeast(long least, String unit, String text) {
    long number = wholeNumber(text);
    if (number < least) {
      throw new IllegalArgumentException("is too few; write at least %d %s".formatted(least, unit));
    }
    return number;
  }

  private static int year(String text) {
    if (!text.matches("(19|20)\\d{2}")) {
      throw new IllegalArgumentException("is no year; write four digits such as 2018");
    }
    return Integer.parseInt(text);
  }

  private static int yearAfter(int before, String text) {
    int year = year(text);
    if (year <= before) {
      throw new IllegalArgumentException(
          "is not after %d, the last year of training; write a later year".formatted(before));
    }
    return year;
  }

  private static Refit refit(String text) {
    return switch (text) {
      case "missing" -> Refit.MISSING;
      case "changed" -> Refit.CHANGED;
      default -> throw new IllegalArgumentException("is neither missing nor changed; write one");
    };
  }

  private static boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false; write one");
    };
  }

  private static double amount(String text) {
    double amount;
    try {
      amount = Double.parseDouble(text);
    } catch (NumberFormatException invalid) {
      throw new IllegalArgumentException("is not a number; write an amount such as 1000", invalid);
    }
    if (!(amount > 0 && Double.isFinite(amount))) {
      throw new IllegalArgumentException("is no amount; write a number greater than 0");
    }
    return amount;
  }
}
