package io.lodestone.exchange;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Records of a fixed number of {@code long} words, one after another in one array.
 *
 * <p>Numbers in one array cost neither an object a record nor a look at a schema: ten million
 * records are shuffled, sorted and read for a tenth of what rows cost.
 */
public final class Block {
  private static final int FIRST_RECORDS = 64;

  private final int width;
  private long[] words;
  private int records;

  /**
   * An empty block.
   *
   * @param width words of a record
   */
  public Block(int width) {
    this.width = width;
    this.words = new long[FIRST_RECORDS * width];
  }

  /** Makes room for a record; returns the place of its first word in {@link #words}. */
  public int append() {
    int place = records * width;
    if (place + width > words.length) {
      words = Arrays.copyOf(words, 2 * words.length + width);
    }
    records++;
    return place;
  }

  /** Adds all records of a block that {@link #toBytes} wrote. */
  public void append(byte[] bytes) {
    int added = bytes.length / Long.BYTES;
    int place = records * width;
    if (place + added > words.length) {
      words = Arrays.copyOf(words, Math.max(place + added, words.length + words.length / 2));
    }
    ByteBuffer.wrap(bytes).asLongBuffer().get(words, place, added);
    records += added / width;
  }

  /** Drops all records but those whose first word's place is accepted. */
  public void keep(IntPredicate accepted) {
    int kept = 0;
    for (int record = 0; record < records; record++) {
      if (accepted.test(record * width)) {
        System.arraycopy(words, record * width, words, kept * width, width);
        kept++;
      }
    }
    records = kept;
  }

  /** The words of all records; longer than they are. Replaced when the block grows. */
  public long[] words() {
    return words;
  }

  /** Number of records. */
  public int records() {
    return records;
  }

  /** Words of a record. */
  public int width() {
    return width;
  }

  /** The records, for {@link #append(byte[])}. */
  public byte[] toBytes() {
    byte[] bytes = new byte[records * width * Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().put(words, 0, records * width);
    return bytes;
  }

  /**
   * Places of the records' first words, ordered by one word of each taken as a signed number;
   * records that are equal in it keep their order.
   */
  public int[] sortedBy(int word) {
    long[] keys = new long[records];
    int[] places = new int[records];
    boolean sorted = true;
    for (int record = 0; record < records; record++) {
      keys[record] = words[record * width + word];
      places[record] = record * width;
      sorted &= record == 0 || keys[record] >= keys[record - 1];
    }
    if (!sorted) {
      radixSort(keys, places);
    }
    return places;
  }

  /** Least digit first, a byte a pass; bytes in which all keys agree are left out. */
  private static void radixSort(long[] keys, int[] places) {
    long all = -1;
    long any = 0;
    for (long key : keys) {
      all &= key;
      any |= key;
    }
    long varying = all ^ any;
    long[] fromKeys = keys;
    int[] fromPlaces = places;
    long[] toKeys = new long[keys.length];
    int[] toPlaces = new int[keys.length];
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      if ((varying >>> shift & 0xFF) == 0) {
        continue;
      }
      // The highest byte holds the sign: negative numbers come first.
      int flip = shift == Long.SIZE - Byte.SIZE ? 0x80 : 0;
      int[] starts = new int[257];
      for (long key : fromKeys) {
        starts[((int) (key >>> shift & 0xFF) ^ flip) + 1]++;
      }
      for (int digit = 0; digit < 256; digit++) {
        starts[digit + 1] += starts[digit];
      }
      for (int index = 0; index < fromKeys.length; index++) {
        int target = starts[(int) (fromKeys[index] >>> shift & 0xFF) ^ flip]++;
        toKeys[target] = fromKeys[index];
        toPlaces[target] = fromPlaces[index];
      }
      long[] keysBefore = fromKeys;
      fromKeys = toKeys;
      toKeys = keysBefore;
      int[] placesBefore = fromPlaces;
      fromPlaces = toPlaces;
      toPlaces = placesBefore;
    }
    if (fromPlaces != places) {
      System.arraycopy(fromPlaces, 0, places, 0, places.length);
    }
  }
}
