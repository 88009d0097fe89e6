package io.lodestone.dependency;

/**
 * The conditions of dependence on imports, for one year: imports concentrated on few suppliers, the
 * world's exports concentrated too, and imports greater than exports (CEPII, GeoDep). Unknown is
 * null throughout, and false only where it is known.
 */
public final class Rule {
  /** HHI above which imports, or the world's exports, count as concentrated. */
  static final double CONCENTRATED = 0.4;

  /** HHI below which a state of dependence ends. */
  public static final double DISPERSED = 0.35;

  /** Imports over exports below which a state of dependence ends. */
  public static final double NET_EXPORTER = 0.9;

  private Rule() {}

  static Boolean above(Double index, double bound) {
    return index == null ? null : index > bound;
  }

  static Boolean below(Double index, double bound) {
    return index == null ? null : index < bound;
  }

  /** Whether imports exceed exports, both in one unit. */
  static Boolean isNetImporter(long imports, long exports) {
    return imports == Cell.UNKNOWN || exports == Cell.UNKNOWN ? null : imports > exports;
  }

  /** Whether a year lets a state of dependence end. */
  static Boolean isLeaving(Double hhi, Double worldHhi, Double importsOverExports) {
    return any(
        below(hhi, DISPERSED), below(worldHhi, DISPERSED), below(importsOverExports, NET_EXPORTER));
  }

  /** Three-valued and: false if one is false, else null if one is unknown. */
  static Boolean all(Boolean... conditions) {
    boolean known = true;
    for (Boolean condition : conditions) {
      if (Boolean.FALSE.equals(condition)) {
        return false;
      }
      known &= condition != null;
    }
    return known ? true : null;
  }

  /** Three-valued or: true if one is true, else null if one is unknown. */
  static Boolean any(Boolean... conditions) {
    boolean known = true;
    for (Boolean condition : conditions) {
      if (Boolean.TRUE.equals(condition)) {
        return true;
      }
      known &= condition != null;
    }
    return known ? false : null;
  }
}
