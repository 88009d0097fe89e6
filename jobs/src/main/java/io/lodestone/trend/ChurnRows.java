package io.lodestone.trend;

import io.lodestone.exchange.Rows;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
 */
final class ChurnRows implements SeriesPass.Reader {
  private final Map<String, States.OfImporter> importers = new LinkedHashMap<>();

  @Override
  public List<InternalRow> series(ObservedSeries series) {
    States.OfImporter importer =
        importers.computeIfAbsent(
            series.source() + "|" + series.importer(), key -> new States.OfImporter());
    for (int basis = 0; basis < SeriesInput.BASES.size(); basis++) {
      States states = States.of(series, basis);
      importer.addYears(states);
      importer.add(states);
    }
    return List.of();
  }

  @Override
  public List<InternalRow> importer() {
    List<InternalRow> rows = new ArrayList<>();
    for (States.OfImporter importer : importers.values()) {
      Map<String, List<States>> lists = new TreeMap<>();
      for (States states : importer.series()) {
        lists
            .computeIfAbsent(states.kind() + "|" + states.basis(), key -> new ArrayList<>())
            .add(states);
      }
      lists.values().forEach(list -> years(list, importer, rows));
    }
    importers.clear();
    return rows;
  }

  /** What happened in one year. */
  private static final class Count {
    private int known;
    private int dependent;
    private int entered;
    private int found;
    private int departed;
    private int lost;
  }

  private static void years(List<States> list, States.OfImporter importer, List<InternalRow> rows) {
    Map<Integer, Count> counts = new TreeMap<>();
    importer.years().forEach(year -> counts.put(year, new Count()));
    for (States states : list) {
      count(states, counts);
    }
    Iterator<Map.Entry<Integer, Count>> years = counts.entrySet().iterator();
    Map.Entry<Integer, Count> before = null;
    while (years.hasNext()) {
      Map.Entry<Integer, Count> year = years.next();
      Count count = year.getValue();
      boolean follows = before != null && before.getKey() == year.getKey() - 1;
      int dependentBefore = follows ? before.getValue().dependent : 0;
      States any = list.get(0);
      rows.add(
          Rows.of(
              any.source(),
              any.importer(),
              any.kind(),
              SeriesInput.BASES.get(any.basis()),
              year.getKey(),
              count.known,
              count.dependent,
              follows ? count.entered : null,
              follows ? count.found : null,
              follows ? count.departed : null,
              follows ? count.lost : null,
              dependentBefore == 0 ? null : (double) count.departed / dependentBefore));
      before = year;
    }
  }

  private static void count(States states, Map<Integer, Count> counts) {
    Boolean before = Boolean.FALSE;
    int next = 0;
    for (Map.Entry<Integer, Count> year : counts.entrySet()) {
      Count count = year.getValue();
      boolean seen = next < states.years().length && states.years()[next] == year.getKey();
      Boolean state = seen ? states.state()[next] : pauses(states, next, year.getKey());
      next += seen ? 1 : 0;
      boolean in = Boolean.TRUE.equals(state);
      boolean wasIn = Boolean.TRUE.equals(before);
      count.known += in || seen && state != null ? 1 : 0;
      count.dependent += in ? 1 : 0;
      count.found += in && before == null ? 1 : 0;
      count.entered += in && before != null && !wasIn ? 1 : 0;
      count.lost += wasIn && state == null ? 1 : 0;
      count.departed += wasIn && Boolean.FALSE.equals(state) ? 1 : 0;
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
}
