package io.lodestone.exchange;

import java.util.Iterator;
import scala.Tuple2;

/** A pass that fills bins as it goes, and gives out their blocks as they become full. */
public abstract class Sending implements Iterator<Tuple2<Integer, byte[]>> {
  private Tuple2<Integer, byte[]> ready;
  private boolean ended;

  /** Puts something more into the bins; false where nothing was left and they are closed. */
  protected abstract boolean advance();

  /** Takes a full block of the bins, or null if there is none. */
  protected abstract Tuple2<Integer, byte[]> poll();

  @Override
  public final boolean hasNext() {
    ready = ready == null ? poll() : ready;
    while (ready == null && !ended) {
      ended = !advance();
      ready = poll();
    }
    return ready != null;
  }

  @Override
  public final Tuple2<Integer, byte[]> next() {
    hasNext();
    Tuple2<Integer, byte[]> block = ready;
    ready = null;
    return block;
  }
}
