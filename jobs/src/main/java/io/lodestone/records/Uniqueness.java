package io.lodestone.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;

/**
 * One record a key, from packed records sorted by key.
 *
 * <p>Among records of one key and code the one of the later file stands (within a file the one of
 * the greater value, then weight); the others are duplicates if they say the same, else superseded.
 * Kinds of processing (inward, outward, ...) are told apart here and added up, since the table
 * knows one flow {@code processing}.
 */
final class Uniqueness implements Iterator<Row> {
  private static final int VALUE_DIGITS = 20;
  private static final int QUANTITY_DIGITS = 18;
  private static final int DECIMALS = 3;

  /** Stands identically in a record that stands. */
  static final String DUPLICATE = "duplicate";

  /** Has other values than the record that stands. */
  static final String SUPERSEDED = "superseded";

  /** Is part of the sum that stands. */
  static final String ADDED_UP = "added_up";

  /** Key and file of a record that has no row of its own, and why. */
  static final StructType FALLEN =
      new StructType()
          .add(PackedRecord.KEY, DataTypes.LongType, false)
          .add(PackedRecord.FILE, DataTypes.IntegerType, false)
          .add("fate", DataTypes.StringType, false);

  /** A record that stands: packed, its amounts as decimals. */
  static final StructType STANDING =
      new StructType()
          .add(PackedRecord.KEY, DataTypes.LongType, false)
          .add(PackedRecord.CODE, DataTypes.LongType, false)
          .add(PackedRecord.FILE, DataTypes.IntegerType, false)
          .add(PackedRecord.VALUE, DataTypes.createDecimalType(VALUE_DIGITS, DECIMALS), true)
          .add(PackedRecord.QUANTITY, DataTypes.createDecimalType(QUANTITY_DIGITS, DECIMALS), true)
          .add(PackedRecord.TAGS, DataTypes.IntegerType, false);

  private static final int KEY = 0;
  private static final int CODE = 1;
  private static final int FILE = 2;
  private static final int VALUE = 3;
  private static final int QUANTITY = 4;
  private static final int TAGS = 5;

  /** Equal codes and variants together, the record that stands first. */
  private static final Comparator<Row> STANDING_FIRST =
      Comparator.<Row>comparingLong(row -> row.getLong(CODE))
          .thenComparingInt(Uniqueness::variant)
          .thenComparing(Comparator.<Row>comparingInt(row -> row.getInt(FILE)).reversed())
          .thenComparing(Comparator.<Row>comparingLong(row -> orNone(row, VALUE)).reversed())
          .thenComparing(Comparator.<Row>comparingLong(row -> orNone(row, QUANTITY)).reversed());

  private final Iterator<Row> records;
  private final boolean losers;
  private Row ahead;
  private Iterator<Row> ready = java.util.Collections.emptyIterator();
  private long lastKey = Long.MIN_VALUE;

  private Uniqueness(Iterator<Row> records, boolean losers) {
    this.records = records;
    this.losers = losers;
    this.ahead = records.hasNext() ? records.next() : null;
  }

  /** The records that stand: rows of {@link #STANDING}. */
  static Iterator<Row> standing(Iterator<Row> records) {
    return new Uniqueness(records, false);
  }

  /** What became of the others: rows of {@link #FALLEN}. */
  static Iterator<Row> fallen(Iterator<Row> records) {
    return new Uniqueness(records, true);
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && ahead != null) {
      advance();
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

  private void advance() {
    Row first = ahead;
    long key = first.getLong(KEY);
    if (key < lastKey) {
      throw new IllegalStateException(
          "Cannot load flow: the key %d came after %d; the records are not sorted"
              .formatted(key, lastKey));
    }
    lastKey = key;
    ahead = records.hasNext() ? records.next() : null;
    if (ahead == null || ahead.getLong(KEY) != key) {
      ready =
          losers
              ? java.util.Collections.emptyIterator()
              : java.util.Collections.singletonList(decimals(first)).iterator();
      return;
    }
    List<Row> group = new ArrayList<>();
    group.add(first);
    while (ahead != null && ahead.getLong(KEY) == key) {
      group.add(ahead);
      ahead = records.hasNext() ? records.next() : null;
    }
    group.sort(STANDING_FIRST);
    ready =
        losers
            ? fallen(group).iterator()
            : standing(group).stream().map(Uniqueness::decimals).iterator();
  }

  private static List<Row> standing(List<Row> group) {
    List<Row> standing = new ArrayList<>();
    Row winner = null;
    for (Row record : group) {
      if (winner == null || !sameKey(winner, record)) {
        winner = record;
        int last = standing.size() - 1;
        if (last >= 0 && standing.get(last).getLong(CODE) == record.getLong(CODE)) {
          standing.set(last, sum(standing.get(last), record));
        } else {
          standing.add(record);
        }
      }
    }
    return standing;
  }

  private static List<Row> fallen(List<Row> group) {
    List<Row> fallen = new ArrayList<>();
    Row winner = null;
    for (Row record : group) {
      String fate = null;
      if (winner == null || !sameKey(winner, record)) {
        fate = winner != null && winner.getLong(CODE) == record.getLong(CODE) ? ADDED_UP : null;
        winner = record;
      } else {
        fate = same(winner, record) ? DUPLICATE : SUPERSEDED;
      }
      if (fate != null) {
        fallen.add(RowFactory.create(record.getLong(KEY), record.getInt(FILE), fate));
      }
    }
    return fallen;
  }

  private static boolean sameKey(Row one, Row other) {
    return one.getLong(CODE) == other.getLong(CODE) && variant(one) == variant(other);
  }

  private static boolean same(Row one, Row other) {
    return Objects.equals(one.get(VALUE), other.get(VALUE))
        && Objects.equals(one.get(QUANTITY), other.get(QUANTITY))
        && one.getInt(TAGS) == other.getInt(TAGS);
  }

  private static Row sum(Row one, Row other) {
    return RowFactory.create(
        one.getLong(KEY),
        one.getLong(CODE),
        one.getInt(FILE),
        sum(one, other, VALUE),
        sum(one, other, QUANTITY),
        one.getInt(TAGS));
  }

  private static Row decimals(Row record) {
    return RowFactory.create(
        record.getLong(KEY),
        record.getLong(CODE),
        record.getInt(FILE),
        decimal(record, VALUE, VALUE_DIGITS),
        decimal(record, QUANTITY, QUANTITY_DIGITS),
        record.getInt(TAGS));
  }

  private static Decimal decimal(Row record, int field, int digits) {
    return record.isNullAt(field)
        ? null
        : Decimal.createUnsafe(record.getLong(field), digits, DECIMALS);
  }

  private static Long sum(Row one, Row other, int field) {
    if (one.isNullAt(field)) {
      return other.isNullAt(field) ? null : Long.valueOf(other.getLong(field));
    }
    return one.getLong(field) + (other.isNullAt(field) ? 0 : other.getLong(field));
  }

  private static long orNone(Row row, int field) {
    return row.isNullAt(field) ? -1 : row.getLong(field);
  }

  private static int variant(Row row) {
    return PackedRecord.variant(row.getInt(TAGS));
  }
}
