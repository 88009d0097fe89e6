package io.lodestone.trend;

import io.lodestone.exchange.Gathered;
import io.lodestone.records.Gaps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * What the states of dependence say, in one pass over rows of {@link StateInput} that arrive series
 * by series and year by year: gives the spells as they are now, and gathers the churn, less that of
 * the rows as they were. A row that arrives may be overwritten by the next.
 */
final class StateRows implements Iterator<InternalRow> {
  private final Iterator<InternalRow> rows;
  private final ReportedYears reported;
  private final Gaps gaps;
  private final Gathered<ChurnRows> gathered;
  private final ChurnRows churn = new ChurnRows();
  private InternalRow ahead;
  private Iterator<InternalRow> ready = Collections.emptyIterator();

  StateRows(
      Iterator<InternalRow> rows, ReportedYears reported, Gaps gaps, Gathered<ChurnRows> gathered) {
    this.rows = rows;
    this.reported = reported;
    this.gaps = gaps;
    this.gathered = gathered;
    advance();
  }

  private void advance() {
    ahead = rows.hasNext() ? rows.next().copy() : null;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && ahead != null) {
      ready = series().iterator();
    }
    if (!ready.hasNext()) {
      gathered.add(TaskContext.getPartitionId(), churn);
    }
    return ready.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  /** Spells of the next series on one basis; of one that has gone none. */
  private List<InternalRow> series() {
    List<InternalRow> now = new ArrayList<>();
    List<InternalRow> before = new ArrayList<>();
    InternalRow last;
    do {
      last = ahead;
      int side = last.getInt(StateInput.SIDE);
      if (side != StateInput.BEFORE) {
        add(now, last);
      }
      if (side != StateInput.NOW) {
        add(before, last);
      }
      advance();
    } while (ahead != null && isOneSeries(last, ahead));
    if (!before.isEmpty()) {
      States states = States.of(before);
      churn.add(states, years(states), -1);
    }
    if (now.isEmpty()) {
      return List.of();
    }
    States states = States.of(now);
    churn.add(states, years(states), 1);
    return SpellRows.of(states, years(states));
  }

  /**
   * Years that the importer reports; without a row of the product, it has none of these imports.
   */
  private NavigableSet<Integer> years(States states) {
    NavigableSet<Integer> years = reported.of(states.source(), states.importer());
    if (gaps.isEmpty()) {
      return years;
    }
    NavigableSet<Integer> known = new TreeSet<>(years);
    known.removeIf(
        year ->
            Arrays.binarySearch(states.years(), year) < 0
                && gaps.hideImports(states.source(), states.importer(), states.product(), year));
    return known;
  }

  private static void add(List<InternalRow> rows, InternalRow next) {
    if (!rows.isEmpty()
        && rows.get(rows.size() - 1).getInt(StateInput.YEAR) == next.getInt(StateInput.YEAR)) {
      throw ObservedSeries.twice(
          "dependency",
          next.getUTF8String(StateInput.SOURCE),
          next.getUTF8String(StateInput.IMPORTER),
          next.getUTF8String(StateInput.PRODUCT),
          next.getUTF8String(StateInput.PRODUCT_KIND),
          next.getInt(StateInput.YEAR),
          next.getUTF8String(StateInput.BASIS));
    }
    rows.add(next);
  }

  private static boolean isOneSeries(InternalRow one, InternalRow next) {
    for (int field : StateInput.SERIES) {
      if (!one.getUTF8String(field).equals(next.getUTF8String(field))) {
        return false;
      }
    }
    return true;
  }
}
