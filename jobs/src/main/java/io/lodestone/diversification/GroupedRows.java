package io.lodestone.diversification;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Makes rows of rows that come in groups, one group in memory at a time. */
abstract class GroupedRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final Deque<Row> ready = new ArrayDeque<>();

  /** The row that is not taken yet; null after the last. */
  Row row;

  GroupedRows(Iterator<Row> rows) {
    this.rows = rows;
    take();
  }

  /** Takes all rows of the group that begins with {@link #row} and gives what is made of them. */
  abstract void group();

  /** Goes on to the next row. */
  final void take() {
    row = rows.hasNext() ? rows.next() : null;
  }

  final void give(Row made) {
    ready.add(made);
  }

  @Override
  public final boolean hasNext() {
    while (ready.isEmpty() && row != null) {
      group();
    }
    return !ready.isEmpty();
  }

  @Override
  public final Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }
}
