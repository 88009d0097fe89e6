package io.lodestone.records;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The watch list, {@code conf/goods.csv}: goods and the codes that are their members.
 *
 * @param conf that it was read from
 * @param members in the order of the file
 * @param names English name by good
 */
public record Goods(ConfFiles conf, List<Member> members, Map<String, String> names) {

  private static final String FILE = "goods.csv";

  /** What all rows of a good must agree on. */
  private static final List<String> OF_THE_GOOD =
      List.of("chain", "stage", "basket", "name_en", "name_zh_hant", "name_ja");

  /** The reporter that stands for all members of the EU, which share eight digits. */
  private static final String EUROPEAN_UNION = "EU";

  /** Members of the EU since 2020; its eight-digit lines are the same for all. */
  private static final Set<String> MEMBERS_OF_THE_UNION =
      Set.of(
          "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV",
          "HUN", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN",
          "SWE");

  /** Whether a reporter's national lines are those of a member, which may be the EU's. */
  public static boolean reports(String reporter, String ofMember) {
    return reporter.equals(ofMember)
        || ofMember.equals(EUROPEAN_UNION) && MEMBERS_OF_THE_UNION.contains(reporter);
  }

  /**
   * A code that belongs to a good.
   *
   * @param good its id
   * @param code six digits
   * @param revision in which the code is meant
   * @param reporter alpha-3 or EU where a national line is meant, else empty
   * @param nationalCode its digits, else empty
   * @param chain of production that the good is part of, e.g. rare-earths
   * @param stage of the chain: ore, compound, metal, alloy, magnet, product, or mixed
   * @param basket whether the code holds more than the named thing
   */
  public record Member(
      String good,
      String code,
      String revision,
      String reporter,
      String nationalCode,
      String chain,
      String stage,
      boolean basket) {

    /** Whether one reporter's national line is meant. */
    public boolean isNational() {
      return !nationalCode.isEmpty();
    }
  }

  /**
   * Reads the watch list.
   *
   * @throws Failure for a line that cannot be used or contradicts another
   */
  public static Goods load(ConfFiles conf) {
    ConfTable table =
        ConfTable.read(
            conf,
            FILE,
            "good",
            "code",
            "revision",
            "reporter",
            "national_code",
            "chain",
            "stage",
            "basket",
            "name_en",
            "name_zh_hant",
            "name_ja");
    List<Member> members = new ArrayList<>();
    Map<String, ConfTable.Line> first = new HashMap<>();
    Map<String, ConfTable.Line> keys = new HashMap<>();
    Map<String, String> names = new TreeMap<>();
    for (ConfTable.Line line : table.lines()) {
      Member member = member(line);
      ConfTable.Line before = first.putIfAbsent(member.good(), line);
      if (before != null) {
        for (String column : OF_THE_GOOD) {
          if (!before.get(column).equals(line.get(column))) {
            throw Failure.usage(
                "Cannot use %s: lines %d and %d contradict each other: %s has the %s '%s' and '%s'; give it one."
                    .formatted(
                        FILE,
                        before.number(),
                        line.number(),
                        member.good(),
                        column,
                        before.get(column),
                        line.get(column)));
          }
        }
      }
      String key =
          String.join(
              "|",
              member.good(),
              member.code(),
              member.revision(),
              member.reporter(),
              member.nationalCode());
      ConfTable.Line same = keys.putIfAbsent(key, line);
      if (same != null) {
        throw Failure.usage(
            "Cannot use %s: lines %d and %d both give %s the code %s; keep one."
                .formatted(FILE, same.number(), line.number(), member.good(), member.code()));
      }
      members.add(member);
      names.put(member.good(), line.get("name_en"));
    }
    return new Goods(conf, List.copyOf(members), names);
  }

  /**
   * All texts that decide what belongs to a good, for fingerprints: the list and the conversions.
   */
  public String text() {
    return Stream.concat(Stream.of(FILE), Conversions.files(conf).stream())
        .map(conf::text)
        .collect(Collectors.joining("\n"));
  }

  /**
   * The product of {@code flow} that is the same as the code of a member, for members that are no
   * national lines; one whose code the base revision splits or merges has none.
   *
   * @param base the base revision, or {@link Settings#AS_REPORTED}
   */
  public Map<Member, String> products(String base) {
    Conversions conversions = Conversions.load(conf, base);
    Map<Member, String> products = new HashMap<>();
    for (Member member : members) {
      Conversions.Target target = conversions.target(member.revision(), member.code(), base);
      if (!member.isNational() && Mappings.ALL.get(target.mapping()).equals("same")) {
        products.put(member, target.product());
      }
    }
    return products;
  }

  /** Products (six digits) that a good calls a basket. */
  public List<String> basketCodes() {
    return members.stream().filter(Member::basket).map(Member::code).distinct().sorted().toList();
  }

  /** Goods of which a member is a basket. */
  public List<String> basketGoods() {
    return members.stream().filter(Member::basket).map(Member::good).distinct().sorted().toList();
  }

  private static Member member(ConfTable.Line line) {
    String good = line.get("good");
    if (!good.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
      throw ConfTable.unusable(
          FILE, line, "good", good, "write lower-case words joined by hyphens");
    }
    String code = line.get("code");
    if (!code.matches("\\d{6}")) {
      throw ConfTable.unusable(
          FILE, line, "code", code, "write six digits, leading zeros included");
    }
    String revision = line.get("revision");
    if (!Settings.HS_REVISIONS.contains(revision)) {
      throw ConfTable.unusable(
          FILE, line, "revision", revision, "write one of " + Settings.HS_REVISIONS);
    }
    String basket = line.get("basket");
    if (!basket.equals("true") && !basket.equals("false")) {
      throw ConfTable.unusable(FILE, line, "basket", basket, "write true or false");
    }
    String reporter = line.get("reporter");
    String national = line.get("national_code");
    if (reporter.isEmpty() != national.isEmpty()) {
      throw ConfTable.unusable(
          FILE, line, "national_code", national, "a reporter and its national code go together");
    }
    if (!national.isEmpty() && !(national.matches("\\d{7,12}") && national.startsWith(code))) {
      throw ConfTable.unusable(
          FILE, line, "national_code", national, "write 7 to 12 digits that begin with the code");
    }
    return new Member(
        good,
        code,
        revision,
        reporter,
        national,
        line.get("chain"),
        line.get("stage"),
        Boolean.parseBoolean(basket));
  }
}
