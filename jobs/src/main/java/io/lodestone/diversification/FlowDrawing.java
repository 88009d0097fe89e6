package io.lodestone.diversification;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A sample of flows and zeros, half of it drawn evenly and half in proportion to size. Flows span
 * seven orders of magnitude and the deviance of one grows with it: an even sample misses most of
 * the few that decide a fit, and counts the others many times.
 *
 * <p>A pair (importer, product, supplier) has one lot for all of its years, so that a larger year
 * is drawn wherever a smaller one is; a row counts the inverse of its rate. Groups (importer,
 * heading) are drawn first, as in {@link Drawing}.
 *
 * @param groupRate part of the groups
 * @param even part of the rows of a drawn group
 * @param bySize further part of a row, a unit of its size
 */
record FlowDrawing(double groupRate, double even, double bySize) implements Serializable {
  /** Every row, once. */
  static final FlowDrawing EVERYTHING = new FlowDrawing(1, 1, 0);

  /** Rows that a pilot looks at, or fewer. */
  private static final double PILOT = 1_000_000;

  private static final int HALVINGS = 60;

  /**
   * Of a pair, in a drawing.
   *
   * @param number evenly between 0 and 1
   */
  record Lot(double number, FlowDrawing drawing) {
    /** That of a pair of which every row counts once. */
    static final Lot ALL = new Lot(0, EVERYTHING);

    /** Whether a row of a size is drawn; if not, none of a smaller size is. */
    boolean wins(double size) {
      return number < drawing.rate(size);
    }

    /** What a drawn row of a size stands for. */
    double weight(double size) {
      return 1 / (drawing.groupRate * drawing.rate(size));
    }
  }

  /**
   * An even drawing of few rows from the groups of a sample.
   *
   * @param most an upper bound of all rows
   * @param flows a part of them
   */
  static FlowDrawing pilot(long sample, double most, double flows) {
    double groups = Drawing.of(sample / 2, flows).groupRate();
    return new FlowDrawing(groups, Math.min(1, PILOT / (most * groups)), 0);
  }

  /**
   * The drawing that gives so many rows.
   *
   * @param found binary exponent of the size and number of the rows that this drawing, an even one,
   *     found
   */
  FlowDrawing forSample(long sample, List<Row> found) {
    double rows = found.stream().mapToDouble(row -> row.getLong(1)).sum() / even;
    if (rows <= sample) {
      return new FlowDrawing(groupRate, 1, 0);
    }
    double evenly = sample / 2.0 / rows;
    // Of logarithms: sizes have no scale.
    double low = Double.MIN_EXPONENT;
    double high = Double.MAX_EXPONENT;
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = (low + high) / 2;
      FlowDrawing tried = new FlowDrawing(groupRate, evenly, Math.pow(2, middle));
      double drawn =
          found.stream()
              .mapToDouble(
                  row -> row.getLong(1) / even * tried.rate(1.5 * Math.scalb(1.0, row.getInt(0))))
              .sum();
      if (drawn > sample) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return new FlowDrawing(groupRate, evenly, Math.pow(2, low));
  }

  /** Part of the rows of a size that is drawn in a drawn group. */
  double rate(double size) {
    return Math.min(1, even + bySize * size);
  }

  /** That of a pair. */
  Lot lot(long seed, Market market, int supplier) {
    return new Lot(Drawing.lot(seed, market, supplier), this);
  }
}
