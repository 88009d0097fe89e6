package io.lodestone.trend;

import io.lodestone.exchange.Rows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of {@code dependence_churn}: how many products of an importer are in the state of
 * dependence, came to it and went from it, by year.
 *
 * <p>A product that was in the list and has no row in a year that the importer reports departed: it
 * is not imported; unless the next year finds it in the same state, which a single year without it
 * does not end. One whose state is unknown is lost, not departed, and found, not entered, when it
 * is known again. Where the importer does not report the year before, what came and went is
 * unknown: null.
 *
 * <p>Of series that were never in the state only the number of known states counts, which needs no
 * look at the single series.
 */
final class ChurnRows implements Serializable {
  /** What happened in one year. */
  private static final class Count implements Serializable {
    private int known;
    private int dependent;
    private int entered;
    private int found;
    private int departed;
    private int lost;

    void add(Count other, int sign) {
      known += sign * other.known;
      dependent += sign * other.dependent;
      entered += sign * other.entered;
      found += sign * other.found;
      departed += sign * other.departed;
      lost += sign * other.lost;
    }
  }

  /** By source, importer, product_kind and basis, then by year. */
  private final Map<List<String>, TreeMap<Integer, Count>> lists = new HashMap<>();

  private Count count(List<String> list, int year) {
    return lists
        .computeIfAbsent(list, absent -> new TreeMap<>())
        .computeIfAbsent(year, absent -> new Count());
  }

  /**
   * Adds rows of the table. What is null in them may begin at 0: it stays null while the importer
   * reports the same years.
   */
  void addStored(List<Row> rows) {
    for (Row row : rows) {
      List<String> list =
          List.of(
              row.getAs("source"),
              row.getAs("importer"),
              row.getAs("product_kind"),
              row.getAs("basis"));
      Count count = count(list, row.<Integer>getAs("year"));
      count.known += number(row, "known");
      count.dependent += number(row, "dependent");
      count.entered += number(row, "entered");
      count.found += number(row, "found");
      count.departed += number(row, "departed");
      count.lost += number(row, "lost");
    }
  }

  private static int number(Row row, String column) {
    Integer number = row.getAs(column);
    return number == null ? 0 : number;
  }

  /** Adds known states of rows of {@link StateInput#counts}, or how many more there are. */
  void addKnown(List<Row> counts) {
    for (Row row : counts) {
      List<String> list =
          List.of(row.getString(0), row.getString(1), row.getString(2), row.getString(3));
      count(list, row.getInt(4)).known += (int) row.<Long>getAs("known").longValue();
    }
  }

  /** Adds what was counted elsewhere. */
  void add(ChurnRows other) {
    other.lists.forEach(
        (list, years) -> years.forEach((year, count) -> count(list, year).add(count, 1)));
  }

  /**
   * Adds what a series did, but not the known states of its rows.
   *
   * @param reported years in which the importer reports anything
   * @param sign -1 to take it away
   */
  void add(States states, NavigableSet<Integer> reported, int sign) {
    if (!states.wasEverIn()) {
      return;
    }
    List<String> list = List.of(states.source(), states.importer(), states.kind(), states.basis());
    Boolean before = Boolean.FALSE;
    int next = 0;
    for (int year : reported) {
      Count its = new Count();
      boolean seen = next < states.years().length && states.years()[next] == year;
      Boolean state = seen ? states.state()[next] : pauses(states, next, year);
      next += seen ? 1 : 0;
      boolean in = Boolean.TRUE.equals(state);
      boolean wasIn = Boolean.TRUE.equals(before);
      its.known = in && !seen ? 1 : 0;
      its.dependent = in ? 1 : 0;
      its.found = in && before == null ? 1 : 0;
      its.entered = in && before != null && !wasIn ? 1 : 0;
      its.lost = wasIn && state == null ? 1 : 0;
      its.departed = wasIn && Boolean.FALSE.equals(state) ? 1 : 0;
      count(list, year).add(its, sign);
      before = state;
    }
  }

  /** Whether a state goes on through a year without the product. */
  private static Boolean pauses(States states, int next, int year) {
    return next > 0
        && next < states.years().length
        && states.years()[next] == year + 1
        && states.years()[next - 1] == year - 1
        && Boolean.TRUE.equals(states.state()[next - 1])
        && Boolean.TRUE.equals(states.state()[next])
        && Objects.equals(states.since()[next - 1], states.since()[next]);
  }

  /** A row for every list and year that its importer reports. */
  List<InternalRow> rows(ReportedYears reported) {
    List<InternalRow> rows = new ArrayList<>();
    lists.forEach(
        (list, counts) -> {
          Count before = null;
          int yearBefore = 0;
          for (int year : reported.of(list.get(0), list.get(1))) {
            Count count = counts.getOrDefault(year, new Count());
            boolean follows = before != null && yearBefore == year - 1;
            rows.add(row(list, year, count, follows ? before : null));
            before = count;
            yearBefore = year;
          }
        });
    return rows;
  }

  /**
   * A row.
   *
   * @param before the count of the year before; null where the importer does not report it
   */
  private static InternalRow row(List<String> list, int year, Count count, Count before) {
    boolean follows = before != null;
    return Rows.of(
        list.get(0),
        list.get(1),
        list.get(2),
        list.get(3),
        year,
        count.known,
        count.dependent,
        follows ? count.entered : null,
        follows ? count.found : null,
        follows ? count.departed : null,
        follows ? count.lost : null,
        follows && before.dependent > 0 ? (double) count.departed / before.dependent : null);
  }
}
