package io.lodestone.trend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * Goes once over rows that arrive importer by importer and series by series, and hands each series
 * to a reader when all of it is there.
 */
final class SeriesPass implements Iterator<Row> {

  /** Makes rows of series. */
  interface Reader {
    /** Rows that a series gives by itself. */
    List<Row> series(ObservedSeries series);

    /** Rows that wait for the last series of an importer. */
    List<Row> importer();
  }

  private final Iterator<Row> rows;
  private final int fromYear;
  private final int toYear;
  private final Reader reader;
  private Row ahead;
  private Iterator<Row> ready = Collections.emptyIterator();

  SeriesPass(Iterator<Row> rows, int fromYear, int toYear, Reader reader) {
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
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  /** The next series, and the end of its importer after the last. */
  private List<Row> step() {
    long order = ahead.getLong(SeriesInput.ORDER);
    // More than one only where two products, or two importers, share a hash.
    List<ObservedSeries> found = new ArrayList<>(1);
    while (ahead != null && ahead.getLong(SeriesInput.ORDER) == order) {
      of(found, ahead).add(ahead);
      ahead = next(rows);
    }
    List<Row> made = new ArrayList<>();
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

  private ObservedSeries of(List<ObservedSeries> found, Row row) {
    for (ObservedSeries series : found) {
      if (series.isOf(row)) {
        return series;
      }
    }
    ObservedSeries series = new ObservedSeries(row, fromYear, toYear);
    found.add(series);
    return series;
  }

  private static Row next(Iterator<Row> rows) {
    return rows.hasNext() ? rows.next() : null;
  }
}
