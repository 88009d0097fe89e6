package io.lodestone.trend;

import io.lodestone.exchange.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of {@code dependence_spell}: runs of years in the state of dependence, over all years that
 * there are.
 *
 * <p>What ended a spell are the conditions of leaving that held in the year in which the state was
 * left or the two known years before: the import HHI below 0.35, the world's, imports below 0.9 of
 * exports, or a year that the importer reports without the product. A spell that lasts to the last
 * row, or after which the state is unknown, is censored: its end was not seen. One before which the
 * state is unknown may be older than its first year.
 */
final class SpellRows {
  /** The state looks at so many known years. */
  private static final int LOOKED_AT = 3;

  /** With more missing years in a row the state is unknown. */
  private static final int MOST_MISSING = 1;

  private static final String NO_IMPORTS = "no_imports";

  private SpellRows() {}

  /**
   * The spells of one series on one basis; none where it was never in the state.
   *
   * @param reported years in which the importer reports anything
   */
  static List<InternalRow> of(States states, NavigableSet<Integer> reported) {
    List<InternalRow> rows = new ArrayList<>();
    int start = -1;
    for (int at = 0; at < states.years().length; at++) {
      boolean in = Boolean.TRUE.equals(states.state()[at]);
      if (in && start < 0) {
        start = at;
      } else if (!in && start >= 0) {
        Set<String> endedBy = states.state()[at] == null ? Set.of() : endedBy(states, at, reported);
        rows.add(row(states, start, at - 1, endedBy, reported));
        start = -1;
      }
    }
    if (start >= 0) {
      int last = states.years().length - 1;
      rows.add(row(states, start, last, endedByNoImports(states, last, reported), reported));
    }
    return rows;
  }

  /**
   * What ended a state after the last row: reported years without the product, the first of them if
   * a condition of leaving held before, else the second.
   */
  private static Set<String> endedByNoImports(
      States states, int last, NavigableSet<Integer> reported) {
    Integer first = without(states.years()[last], reported);
    if (first == null) {
      return Set.of();
    }
    Set<String> reasons = new LinkedHashSet<>();
    for (int at = Math.max(0, last - 1); at <= last; at++) {
      addConditions(reasons, states, at);
    }
    if (reasons.isEmpty() && without(first, reported) == null) {
      return Set.of();
    }
    reasons.add(NO_IMPORTS);
    return reasons;
  }

  /** The next reported year, if not too many are missing before it. */
  private static Integer without(int year, NavigableSet<Integer> reported) {
    Integer next = reported.higher(year);
    return next == null || next - year - 1 > MOST_MISSING ? null : next;
  }

  private static Set<String> endedBy(States states, int left, NavigableSet<Integer> reported) {
    Set<String> reasons = new LinkedHashSet<>();
    int from = Math.max(0, left - LOOKED_AT + 1);
    for (int at = from; at <= left; at++) {
      addConditions(reasons, states, at);
      boolean skipped =
          at > from
              && !reported
                  .subSet(states.years()[at - 1], false, states.years()[at], false)
                  .isEmpty();
      add(reasons, skipped, NO_IMPORTS);
    }
    return reasons;
  }

  private static void addConditions(Set<String> reasons, States states, int at) {
    add(reasons, states.importDispersed()[at], "import_hhi");
    add(reasons, states.worldDispersed()[at], "world_hhi");
    add(reasons, states.netExporter()[at], "exports");
  }

  private static void add(Set<String> reasons, boolean holds, String reason) {
    if (holds) {
      reasons.add(reason);
    }
  }

  private static InternalRow row(
      States states, int start, int end, Set<String> endedBy, NavigableSet<Integer> reported) {
    int since = states.since()[start] == null ? states.years()[start] : states.since()[start];
    int last = states.years()[end];
    return Rows.of(
        states.source(),
        states.importer(),
        states.product(),
        states.kind(),
        states.basis(),
        since,
        states.years()[start],
        last,
        last - since + 1,
        endedBy.isEmpty() ? null : String.join("+", endedBy),
        endedBy.isEmpty(),
        !reported.contains(since - 1) || isUnknown(states, since - 1));
  }

  private static boolean isUnknown(States states, int year) {
    int at = Arrays.binarySearch(states.years(), year);
    return at >= 0 && states.state()[at] == null;
  }
}
