package io.lodestone.diversification;

import java.io.Serializable;

/**
 * A sample of pairs, drawn in two steps: groups (importer, heading) first, so that most flows need
 * not be read, then pairs in them. Every pair of the population is drawn at the same rate, with all
 * its years, and counts 1 / rate.
 *
 * @param groupRate part of the groups
 * @param pairRate part of the pairs of a drawn group
 */
record Drawing(double groupRate, double pairRate) implements Serializable {

  /** Groups are drawn more often than pairs, that a sample has many of them. */
  private static final double SPREAD = 8;

  /**
   * For a sample of at most so many rows.
   *
   * @param population an upper bound of its rows
   */
  static Drawing of(long sample, double population) {
    double rate = Math.min(1, sample / Math.max(1, population));
    double groups = Math.min(1, SPREAD * rate);
    return new Drawing(groups, rate / groups);
  }

  /** What a drawn row stands for. */
  double weight() {
    return 1 / (groupRate * pairRate);
  }

  /** Whether a pair is drawn. */
  boolean draws(long seed, Market market, int supplier) {
    return lot(seed, market, supplier) < pairRate;
  }

  /** The lot of a pair, evenly between 0 and 1. */
  static double lot(long seed, Market market, int supplier) {
    long mixed =
        (seed + market.importer.hashCode()) * 0x9E3779B97F4A7C15L
            + market.product.hashCode() * 0xBF58476D1CE4E5B9L
            + supplier * 0x94D049BB133111EBL;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
