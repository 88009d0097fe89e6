package io.lodestone.nightly;

import java.util.Locale;

/**
 * What a rule says of a slice; or, where it finds fault with none, of the worst one.
 *
 * @param rule that was asked
 * @param passed whether the number keeps to the limit
 * @param slice predicate of the rows
 * @param number that the rule measures; null where there was nothing to measure
 */
record Finding(Rule rule, boolean passed, String slice, Double number) {

  boolean stops() {
    return !passed && rule.severity() == Rule.Severity.STOP;
  }

  /** In words: rule, number, what it is, limit, table and slice. */
  String message() {
    return number == null
        ? "%s: nothing to measure in %s".formatted(rule.name(), rule.table().name())
        : "%s: %s %s, limit %s, in %s where %s"
            .formatted(
                rule.name(),
                text(number),
                rule.meaning(),
                text(rule.limit()),
                rule.table().name(),
                slice);
  }

  private static String text(double number) {
    return number == Math.rint(number)
        ? String.valueOf((long) number)
        : String.format(Locale.ROOT, "%.4g", number);
  }
}
