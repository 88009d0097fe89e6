package io.lodestone.records;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How six digits of one HS revision become {@code product} in the base revision.
 *
 * <p>The tables in {@code conf/hs/} are in UNSD's layout: a newer code, the one older code it is
 * converted to, optionally their relationship. From a newer revision they are followed step by step
 * towards the base, or in one step where a file has it. From an older revision the inverse is used
 * where it is one-to-one; elsewhere a code is kept and marked split, undivided. A code on which a
 * table is silent is kept and marked unmapped.
 */
final class Conversions {
  private static final int SAME = 0;
  private static final int MERGED = 1;
  private static final int SPLIT = 2;
  private static final int UNMAPPED = 3;

  /**
   * What a reported code becomes.
   *
   * @param product six digits in the base revision
   * @param mapping index into {@link Mappings#ALL}
   */
  record Target(String product, int mapping) implements java.io.Serializable {}

  private record Link(String code, int mapping) {}

  private final Map<Integer, Map<String, Target>> byRevision;

  private Conversions(Map<Integer, Map<String, Target>> byRevision) {
    this.byRevision = byRevision;
  }

  /** Targets by revision (index into {@link Settings#HS_REVISIONS}) and six digits. */
  Map<Integer, Map<String, Target>> byRevision() {
    return byRevision;
  }

  /** What one code becomes; {@code base} is the base revision. */
  Target target(String revision, String hs6, String base) {
    if (revision.equals(base) || base.equals(Settings.AS_REPORTED)) {
      return new Target(hs6, SAME);
    }
    return byRevision
        .getOrDefault(Settings.HS_REVISIONS.indexOf(revision), Map.of())
        .getOrDefault(hs6, new Target(hs6, UNMAPPED));
  }

  /**
   * Reads the tables and follows them.
   *
   * @param base a revision, or {@link Settings#AS_REPORTED} for no conversion at all
   * @throws Failure if a table has another layout or gives a code twice
   */
  static Conversions load(ConfFiles conf, String base) {
    Map<Integer, Map<String, Target>> targets = new TreeMap<>();
    if (base.equals(Settings.AS_REPORTED)) {
      return new Conversions(targets);
    }
    Map<String, Map<String, Link>> tables = new TreeMap<>();
    for (String name : files(conf)) {
      readInto(tables, conf, name);
    }
    int baseIndex = Settings.HS_REVISIONS.indexOf(base);
    for (int index = 0; index < Settings.HS_REVISIONS.size(); index++) {
      if (index > baseIndex) {
        targets.put(index, newer(tables, index, baseIndex));
      } else if (index < baseIndex) {
        targets.put(index, older(tables, index, baseIndex));
      }
    }
    return new Conversions(targets);
  }

  /** Names of the tables. */
  static List<String> files(ConfFiles conf) {
    return conf.names("hs", ".csv");
  }

  private static Map<String, Target> newer(
      Map<String, Map<String, Link>> tables, int revision, int base) {
    Map<String, Link> links = chain(tables, revision, base);
    Map<String, Target> targets = new HashMap<>();
    links.forEach((code, link) -> targets.put(code, new Target(link.code(), link.mapping())));
    return targets;
  }

  private static Map<String, Target> older(
      Map<String, Map<String, Link>> tables, int revision, int base) {
    Map<String, List<Map.Entry<String, Link>>> inverse = new HashMap<>();
    for (Map.Entry<String, Link> link : chain(tables, base, revision).entrySet()) {
      inverse.computeIfAbsent(link.getValue().code(), code -> new ArrayList<>()).add(link);
    }
    Map<String, Target> targets = new HashMap<>();
    inverse.forEach(
        (code, links) -> {
          boolean oneToOne = links.size() == 1 && links.get(0).getValue().mapping() == SAME;
          targets.put(
              code, oneToOne ? new Target(links.get(0).getKey(), SAME) : new Target(code, SPLIT));
        });
    return targets;
  }

  /** Links from a newer revision to an older one, by a table of their own or step by step. */
  private static Map<String, Link> chain(
      Map<String, Map<String, Link>> tables, int newer, int older) {
    String direct = step(newer, older);
    if (tables.containsKey(direct)) {
      return tables.get(direct);
    }
    Map<String, Link> links = null;
    for (int index = newer; index > older; index--) {
      Map<String, Link> next = tables.get(step(index, index - 1));
      if (next == null) {
        return Map.of();
      }
      links = links == null ? next : follow(links, next);
    }
    return links == null ? Map.of() : merged(links);
  }

  private static Map<String, Link> follow(Map<String, Link> first, Map<String, Link> then) {
    Map<String, Link> links = new HashMap<>();
    first.forEach(
        (code, link) -> {
          Link next = then.get(link.code());
          if (next != null) {
            links.put(code, new Link(next.code(), Math.max(link.mapping(), next.mapping())));
          }
        });
    return links;
  }

  /** Marks as merged what shares its target with another code. */
  private static Map<String, Link> merged(Map<String, Link> links) {
    Map<String, Integer> sources = new HashMap<>();
    links.values().forEach(link -> sources.merge(link.code(), 1, Integer::sum));
    Map<String, Link> marked = new HashMap<>();
    links.forEach(
        (code, link) ->
            marked.put(
                code,
                sources.get(link.code()) > 1 && link.mapping() == SAME
                    ? new Link(link.code(), MERGED)
                    : link));
    return marked;
  }

  private static void readInto(Map<String, Map<String, Link>> tables, ConfFiles conf, String name) {
    ConfTable table = ConfTable.read(conf, name);
    List<String> header = table.header();
    if (header.size() < 2
        || revision(header.get(0)) <= revision(header.get(1))
        || revision(header.get(1)) < 0) {
      throw Failure.usage(
          "Cannot read %s in %s: the header must start with a newer and an older revision, such as hs2022,hs2017; it is %s."
              .formatted(name, conf.origin(), header));
    }
    Map<String, Link> links = new HashMap<>();
    for (ConfTable.Line line : table.lines()) {
      String newer = line.get(header.get(0));
      String older = line.get(header.get(1));
      if (!newer.matches("\\d{6}") || !older.matches("\\d{6}")) {
        throw Failure.usage(
            "Cannot read %s in %s: line %d converts '%s' to '%s'; codes have six digits, leading zeros included."
                .formatted(name, conf.origin(), line.number(), newer, older));
      }
      Link before = links.put(newer, new Link(older, mapping(line.get("relationship"))));
      if (before != null && !before.code().equals(older)) {
        throw Failure.usage(
            "Cannot read %s in %s: line %d converts %s to %s, a line before it to %s; a conversion has one target."
                .formatted(name, conf.origin(), line.number(), newer, older, before.code()));
      }
    }
    tables.put(step(revision(header.get(0)), revision(header.get(1))), merged(links));
  }

  private static int mapping(String relationship) {
    return switch (relationship) {
      case "", "1:1" -> SAME;
      case "n:1" -> MERGED;
      default -> SPLIT;
    };
  }

  private static int revision(String column) {
    return Settings.HS_REVISIONS.indexOf(column.toUpperCase(java.util.Locale.ROOT));
  }

  private static String step(int newer, int older) {
    return newer + ">" + older;
  }
}
