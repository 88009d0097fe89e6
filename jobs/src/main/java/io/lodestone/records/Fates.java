package io.lodestone.records;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of records that competed for a place in {@code flow}, by file and year. World rows,
 * which stand beside the records, are not counted.
 */
final class Fates implements Serializable {
  /** Has a row. */
  static final int STANDING = 0;

  /** Stands identically in a record that has a row. */
  static final int DUPLICATE = 1;

  /** Has other values than the record of its key that has a row. */
  static final int SUPERSEDED = 2;

  /** Is added up in the row of another kind of processing or part of the country. */
  static final int ADDED_UP = 3;

  private static final int FATES = 4;

  private final transient List<PartnerKind> kinds;
  private final Map<Long, long[]> counts = new TreeMap<>();
  private transient long last = -1;
  private transient long[] lastCounts;

  /** Counts nothing yet; {@code kinds} says what each partner's number is. */
  Fates(List<PartnerKind> kinds) {
    this.kinds = kinds;
  }

  /** Counts a record by its words. */
  void add(long fileAndTags, long key, int fate) {
    if (kinds.get(PackedRecord.partner(key)) == PartnerKind.WORLD) {
      return;
    }
    long place = place(PackedRecord.file(fileAndTags), PackedRecord.year(key));
    if (place != last) {
      last = place;
      lastCounts = counts.computeIfAbsent(place, absent -> new long[FATES]);
    }
    lastCounts[fate]++;
  }

  /** Adds what another task counted. */
  void add(Fates other) {
    other.counts.forEach(
        (place, theirs) -> {
          long[] ours = counts.computeIfAbsent(place, absent -> new long[FATES]);
          for (int fate = 0; fate < FATES; fate++) {
            ours[fate] += theirs[fate];
          }
        });
  }

  /** Records of a file and year that met a fate. */
  long of(int file, int year, int fate) {
    long[] found = counts.get(place(file, year));
    return found == null ? 0 : found[fate];
  }

  private static long place(int file, int year) {
    return (long) file << Integer.SIZE | year;
  }
}
