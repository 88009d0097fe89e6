package io.lodestone.dependency;

import io.lodestone.Tables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of the table {@code series_before} for the products of one task, of which all years are
 * given: two a series that has a row up to the last whole year of its source.
 */
final class SeriesBeforeRows implements Iterator<InternalRow> {
  private static final StructType SCHEMA = Tables.SERIES_BEFORE.schema();
  private static final List<String> BASES = List.of("value", "quantity");
  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;

  private final SeriesCursor cursor;
  private final Setting setting;
  private final Map<Integer, Integer> lastWholeYears;
  private final Deque<InternalRow> ready = new ArrayDeque<>();

  /**
   * Rows of some sources.
   *
   * @param lastWholeYears of these
   */
  SeriesBeforeRows(SeriesCursor cursor, Setting setting, Map<Integer, Integer> lastWholeYears) {
    this.cursor = cursor;
    this.setting = setting;
    this.lastWholeYears = lastWholeYears;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && cursor.next()) {
      Integer until = lastWholeYears.get(cursor.source());
      if (until != null) {
        take(until);
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.poll();
  }

  private void take(int until) {
    for (int basis = 0; basis < SeriesCursor.BASES; basis++) {
      List<SeriesStates.Past> past =
          cursor.past(basis).stream().filter(year -> year.year() <= until).toList();
      List<SeriesStates.Year> years =
          cursor.years(basis).stream().filter(year -> year.year() <= until).toList();
      if (past.isEmpty() && years.isEmpty()) {
        return;
      }
      SeriesStates.Before before = SeriesStates.before(past, years, cursor.reported(), until);
      ready.add(row(basis, before, basis == Cell.VALUE ? usual() : null));
    }
  }

  /** Median imports by value of whole years; null without one. */
  private Decimal usual() {
    long[] imports =
        LongStream.concat(
                cursor.past(Cell.VALUE).stream()
                    .filter(SeriesStates.Past::isWhole)
                    .mapToLong(SeriesStates.Past::imports),
                IntStream.range(cursor.first(), cursor.behind())
                    .filter(cell -> cursor.months(cell) == Reporting.MONTHS)
                    .mapToLong(cell -> cursor.word(cell, Cell.VALUE, CellRecord.TOTAL)))
            .filter(total -> total != Cell.UNKNOWN)
            .toArray();
    return imports.length == 0
        ? null
        : Decimal.createUnsafe(WorldTrade.median(imports), DIGITS, DECIMALS);
  }

  private InternalRow row(int basis, SeriesStates.Before before, Decimal usual) {
    GenericInternalRow row = new GenericInternalRow(SCHEMA.size());
    row.update(at("source"), text(setting.sources().get(cursor.source())));
    row.update(at("importer"), Packed.countryText(cursor.importer()));
    row.update(at("product"), text(setting.product(cursor.product())));
    row.update(at("product_kind"), text(Setting.productKind(cursor.product())));
    row.update(at("basis"), text(BASES.get(basis)));
    row.update(at("until"), before.until());
    row.update(at("usual"), usual);
    row.update(at("state"), before.state());
    return row;
  }

  private static int at(String column) {
    return SCHEMA.fieldIndex(column);
  }

  private static UTF8String text(String text) {
    return UTF8String.fromString(text);
  }
}
