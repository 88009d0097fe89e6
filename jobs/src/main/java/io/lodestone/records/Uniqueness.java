package io.lodestone.records;

import io.lodestone.exchange.Block;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One record a key, from packed records.
 *
 * <p>Among records of one key and code the one of the later file stands (within a file the one of
 * the greater value, then weight); the others are duplicates if they say the same, else superseded.
 * Kinds of processing (inward, outward, ...) and parts of a country that customs keep apart are
 * told apart here and added up, since the table knows one flow {@code processing} and whole
 * countries.
 */
final class Uniqueness {
  private final Block records;
  private final int[] order;
  private final Fates fates;
  private final Comparator<Integer> standingFirst;
  private int next;
  private final List<Integer> standing = new ArrayList<>();
  private int nextStanding;

  /**
   * Sorts the records.
   *
   * @param fates told what becomes of every record
   */
  Uniqueness(Block records, Fates fates) {
    this.records = records;
    this.fates = fates;
    this.order = records.sortedBy(PackedRecord.KEY);
    this.standingFirst =
        Comparator.<Integer>comparingLong(place -> word(place, PackedRecord.CODE))
            .thenComparingInt(this::variant)
            .thenComparing(Comparator.<Integer>comparingInt(this::file).reversed())
            .thenComparing(
                Comparator.<Integer>comparingLong(place -> word(place, PackedRecord.VALUE))
                    .reversed())
            .thenComparing(
                Comparator.<Integer>comparingLong(place -> word(place, PackedRecord.QUANTITY))
                    .reversed());
  }

  /** Place of the next record that stands, in the order of {@code flow}; -1 behind the last. */
  int next() {
    if (nextStanding < standing.size()) {
      return standing.get(nextStanding++);
    }
    if (next == order.length) {
      return -1;
    }
    int first = order[next++];
    long key = records.words()[first];
    if (next == order.length || records.words()[order[next]] != key) {
      fates.add(word(first, PackedRecord.FILE_AND_TAGS), key, Fates.STANDING);
      return first;
    }
    List<Integer> group = new ArrayList<>();
    group.add(first);
    while (next < order.length && records.words()[order[next]] == key) {
      group.add(order[next++]);
    }
    group.sort(standingFirst);
    choose(group);
    nextStanding = 1;
    return standing.get(0);
  }

  private void choose(List<Integer> group) {
    standing.clear();
    Integer winner = null;
    for (Integer record : group) {
      int fate = Fates.STANDING;
      if (winner != null && sameKey(winner, record)) {
        fate = same(winner, record) ? Fates.DUPLICATE : Fates.SUPERSEDED;
      } else {
        winner = record;
        int last = standing.size() - 1;
        if (last >= 0
            && word(standing.get(last), PackedRecord.CODE) == word(record, PackedRecord.CODE)) {
          addUp(standing.get(last), record);
          fate = Fates.ADDED_UP;
        } else {
          standing.add(record);
        }
      }
      fates.add(word(record, PackedRecord.FILE_AND_TAGS), word(record, PackedRecord.KEY), fate);
    }
  }

  private boolean sameKey(int one, int other) {
    return word(one, PackedRecord.CODE) == word(other, PackedRecord.CODE)
        && variant(one) == variant(other);
  }

  private boolean same(int one, int other) {
    return word(one, PackedRecord.VALUE) == word(other, PackedRecord.VALUE)
        && word(one, PackedRecord.QUANTITY) == word(other, PackedRecord.QUANTITY)
        && tags(one) == tags(other);
  }

  private void addUp(int one, int other) {
    for (int word : new int[] {PackedRecord.VALUE, PackedRecord.QUANTITY}) {
      long sum = sum(word(one, word), word(other, word));
      records.words()[one + word] = sum;
    }
  }

  /** Of amounts that may be {@link Judge#NONE}. */
  static long sum(long one, long other) {
    if (one == Judge.NONE) {
      return other;
    }
    return other == Judge.NONE ? one : one + other;
  }

  private long word(int place, int word) {
    return records.words()[place + word];
  }

  private int file(int place) {
    return PackedRecord.file(word(place, PackedRecord.FILE_AND_TAGS));
  }

  private int tags(int place) {
    return PackedRecord.tags(word(place, PackedRecord.FILE_AND_TAGS));
  }

  private int variant(int place) {
    return PackedRecord.variant(tags(place));
  }
}
