package io.lodestone.records;

import com.ibm.icu.util.Region;
import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Country codes of the sources as ISO 3166 alpha-3.
 *
 * <p>The ISO numeric codes (UN M49) come from ICU, which Spark brings and which is maintained with
 * CLDR; what a source writes otherwise stands in {@code conf/countries.csv} by scheme ({@code
 * comtrade}, {@code baci}, {@code japan-customs}) and wins. In every scheme an alpha-3 code stands
 * for itself. A code that is no country is named {@code x-} and the code. A {@code part} of a
 * country (islands that customs keep apart) is added to it.
 *
 * <p>Names are numbered in alphabetical order, so that rows sorted by number are sorted by name.
 */
public final class Countries {
  /** Names that fit the packed record. */
  private static final int MOST_NAMES = 1 << PackedRecord.COUNTRY_BITS;

  private static final String FILE = "countries.csv";

  /** Kind of a line whose code is a part of a country, to be added to it. */
  private static final String PART = "part";

  /**
   * What a code means.
   *
   * @param number index into {@link #names()}
   * @param kind never {@link PartnerKind#SELF}, which depends on the reporter
   * @param part 0 for a country as a whole, else which of its parts that are reported beside it
   */
  public record Meaning(int number, PartnerKind kind, int part) implements java.io.Serializable {}

  private record Named(String name, PartnerKind kind, int part) {
    Named(String name, PartnerKind kind) {
      this(name, kind, 0);
    }
  }

  private final List<String> names;
  private final List<PartnerKind> kinds;
  private final Map<String, Map<String, Meaning>> schemes;

  private Countries(
      List<String> names, List<PartnerKind> kinds, Map<String, Map<String, Meaning>> schemes) {
    this.names = names;
    this.kinds = kinds;
    this.schemes = schemes;
  }

  /**
   * Reads the exceptions and numbers all names.
   *
   * @throws Failure if a line contradicts another or names an unknown kind
   */
  public static Countries load(ConfFiles conf) {
    Map<String, Map<String, Named>> listed = listed(conf);
    Map<String, Map<String, Named>> codes = new TreeMap<>();
    Map<String, PartnerKind> names = new TreeMap<>();
    for (Map.Entry<String, Map<String, Named>> scheme : listed.entrySet()) {
      Map<String, Named> all = new HashMap<>();
      for (String alpha2 : Locale.getISOCountries()) {
        String alpha3 = new Locale("", alpha2).getISO3Country();
        all.put(alpha3, new Named(alpha3, PartnerKind.COUNTRY));
        if (!scheme.getKey().equals("japan-customs")) {
          putPadded(
              all,
              String.valueOf(Region.getInstance(alpha2).getNumericCode()),
              new Named(alpha3, PartnerKind.COUNTRY));
        }
      }
      scheme.getValue().forEach((code, named) -> putPadded(all, code, named));
      for (Named named : all.values()) {
        PartnerKind before = names.put(named.name(), named.kind());
        if (before != null && before != named.kind()) {
          throw Failure.usage(
              "Cannot use %s: %s is a %s in one scheme and a %s in another; give it one kind."
                  .formatted(FILE, named.name(), before.text(), named.kind().text()));
        }
      }
      codes.put(scheme.getKey(), all);
    }
    if (names.size() > MOST_NAMES) {
      throw Failure.usage(
          "Cannot use %s: it names %d countries and areas, at most %d are possible."
              .formatted(FILE, names.size(), MOST_NAMES));
    }
    List<String> order = new ArrayList<>(names.keySet());
    Map<String, Integer> numbers = new HashMap<>();
    order.forEach(name -> numbers.put(name, numbers.size()));
    Map<String, Map<String, Meaning>> schemes = new TreeMap<>();
    codes.forEach(
        (scheme, all) -> {
          Map<String, Meaning> meanings = new TreeMap<>();
          all.forEach(
              (code, named) ->
                  meanings.put(
                      code, new Meaning(numbers.get(named.name()), named.kind(), named.part())));
          schemes.put(scheme, meanings);
        });
    return new Countries(List.copyOf(order), List.copyOf(names.values()), schemes);
  }

  /** All names by number. */
  public List<String> names() {
    return names;
  }

  /** What each of {@link #names()} is. */
  public List<PartnerKind> kinds() {
    return kinds;
  }

  /** What every code of a scheme means, or a {@link Failure} that names the known schemes. */
  public Map<String, Meaning> scheme(String scheme) {
    Map<String, Meaning> codes = schemes.get(scheme);
    if (codes == null) {
      throw Failure.usage(
          "Cannot use countries: '%s': %s knows the schemes %s."
              .formatted(scheme, FILE, schemes.keySet()));
    }
    return codes;
  }

  private static void putPadded(Map<String, Named> codes, String code, Named named) {
    codes.put(code, named);
    if (code.length() < 2) {
      codes.put("0" + code, named);
    }
    if (code.length() < 3) {
      codes.put("00".substring(code.length() - 1) + code, named);
    }
  }

  private static Map<String, Map<String, Named>> listed(ConfFiles conf) {
    ConfTable table = ConfTable.read(conf, FILE, "scheme", "code", "country", "kind");
    Map<String, Map<String, Named>> listed = new TreeMap<>();
    Map<String, Integer> parts = new HashMap<>();
    for (ConfTable.Line line : table.lines()) {
      String code = line.get("code");
      boolean isPart = line.get("kind").equals(PART);
      PartnerKind kind;
      try {
        kind = isPart ? PartnerKind.COUNTRY : PartnerKind.of(line.get("kind"));
      } catch (IllegalArgumentException unknown) {
        throw Failure.usage(
            "Cannot read %s: line %d has the kind '%s'; write country, part, unspecified, group or world."
                .formatted(FILE, line.number(), line.get("kind")));
      }
      String name = kind == PartnerKind.COUNTRY ? line.get("country") : "x-" + code;
      if (kind == PartnerKind.COUNTRY && !name.matches("[A-Z]{3}")) {
        throw Failure.usage(
            "Cannot read %s: line %d has the country '%s'; write an ISO 3166 alpha-3 code."
                .formatted(FILE, line.number(), name));
      }
      Named named =
          isPart
              ? new Named(name, kind, part(parts.merge(line.get("scheme") + name, 1, Integer::sum)))
              : new Named(name, kind);
      Named before =
          listed.computeIfAbsent(line.get("scheme"), scheme -> new HashMap<>()).put(code, named);
      if (before != null && !before.equals(named)) {
        throw Failure.usage(
            "Cannot read %s: line %d gives the code %s of %s another meaning than a line before it; keep one."
                .formatted(FILE, line.number(), code, line.get("scheme")));
      }
    }
    return listed;
  }

  private static int part(int number) {
    if (number > PackedRecord.MOST_PARTS) {
      throw Failure.usage(
          "Cannot use %s: a country has more than %d parts; put the others under an area of their own."
              .formatted(FILE, PackedRecord.MOST_PARTS));
    }
    return number;
  }
}
