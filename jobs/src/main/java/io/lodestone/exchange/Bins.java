package io.lodestone.exchange;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import scala.Tuple2;

/** The sending side of an {@link Exchange}: records by bin, handed on in blocks. */
public final class Bins {
  /** Bytes at which a block is handed on: large enough that its envelope costs nothing. */
  private static final int FULL = 1 << 18;

  private final int width;
  private final int most;
  private final Map<Integer, Block> open = new HashMap<>();
  private final Deque<Tuple2<Integer, byte[]>> full = new ArrayDeque<>();
  private int lastBin = -1;
  private Block last;

  /**
   * Empty bins.
   *
   * @param width words of a record
   */
  public Bins(int width) {
    this.width = width;
    this.most = FULL / (width * Long.BYTES);
  }

  /** The block that a record for a bin is appended to. */
  public Block of(int bin) {
    if (bin != lastBin) {
      last = open.computeIfAbsent(bin, absent -> new Block(width));
      lastBin = bin;
    }
    if (last.records() >= most) {
      full.add(new Tuple2<>(bin, last.toBytes()));
      last = new Block(width);
      open.put(bin, last);
    }
    return last;
  }

  /** Takes a full block, or null if there is none. */
  public Tuple2<Integer, byte[]> poll() {
    return full.poll();
  }

  /** Counts what is left as full. */
  public void close() {
    open.forEach(
        (bin, block) -> {
          if (block.records() > 0) {
            full.add(new Tuple2<>(bin, block.toBytes()));
          }
        });
    open.clear();
    lastBin = -1;
    last = null;
  }
}
