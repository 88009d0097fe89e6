package io.lodestone.nightly;

import io.lodestone.lake.Table;

/**
 * What the gate asks of the tables of a run before they are published.
 *
 * @param name as in the table {@code check}
 * @param severity what a slice beyond the limit does to the run
 * @param table that is looked at
 * @param limit that the number of no slice may exceed
 * @param meaning what the number is, in words that follow it
 */
record Rule(String name, Severity severity, Table table, double limit, String meaning) {

  /** What a failed rule does. */
  enum Severity {
    STOP,
    WARN;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Rule stop(String name, Table table, double limit, String meaning) {
    return new Rule(name, Severity.STOP, table, limit, meaning);
  }

  static Rule warn(String name, Table table, double limit, String meaning) {
    return new Rule(name, Severity.WARN, table, limit, meaning);
  }
}
