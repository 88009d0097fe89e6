package io.lodestone.trend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Goes once over rows that arrive importer by importer and series by series, and hands each series
 * to a reader when all of it is there. A row that arrives may be overwritten by the next.
 */
final class SeriesPass implements Iterator<InternalRow> {

  /** Makes rows of series. */
  interface Reader {
    /** Rows that a series gives by itself. */
    List<InternalRow> series(ObservedSeries series);

    /** Rows that wait for the last series of an importer. */
    List<InternalRow> importer();
  }

  private final Iterator<InternalRow> rows;
  private final int fromYear;
  private final int toYear;
  private final Reader reader;
  private InternalRow ahead;
  private Iterator<InternalRow> ready = Collections.emptyIterator();

  SeriesPass(Iterator<InternalRow> rows, int fromYear, int toYear, Reader reader) {
    this.rows = rows;
    this.fromYear = fromYear;
    this.toYear = toYear;
    this.reader = reader;
    this.ahead = next(rows);
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && ahead != null) {
      ready = step().iterator();
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

  /** The next series, and the end of its importer after the last. */
  private List<InternalRow> step() {
    long order = ahead.getLong(SeriesInput.ORDER);
    // More than one only where two products, or two importers, share a hash.
    List<ObservedSeries> found = new ArrayList<>(1);
    while (ahead != null && ahead.getLong(SeriesInput.ORDER) == order) {
      of(found, ahead).add(ahead);
      ahead = next(rows);
    }
    List<InternalRow> made = new ArrayList<>();
    for (ObservedSeries series : found) {
      if (series.hasCells()) {
        made.addAll(reader.series(series));
      }
    }
    if (ahead == null
        || order >> SeriesInput.PRODUCT_BITS
            != ahead.getLong(SeriesInput.ORDER) >> SeriesInput.PRODUCT_BITS) {
      made.addAll(reader.importer());
    }
    return made;
  }

  private ObservedSeries of(List<ObservedSeries> found, InternalRow row) {
    for (ObservedSeries series : found) {
      if (series.isOf(row)) {
        return series;
      }
    }
    ObservedSeries series = new ObservedSeries(row, fromYear, toYear);
    found.add(series);
    return series;
  }

  private static InternalRow next(Iterator<InternalRow> rows) {
    return rows.hasNext() ? rows.next() : null;
  }
}
