package io.lodestone.trend.statistics;

import java.util.Arrays;

/**
 * Observations in the order of time, without gaps of their own: a missing one (NaN) is left out, so
 * that the time between neighbours says where something is missing.
 *
 * <p>Times are in whole periods (years, or months counted from anywhere) and strictly increase.
 * None is valid; every statistic says what it gives for few, constant or no observations.
 */
public final class Series {
  private final int[] times;
  private final double[] values;

  private Series(int[] times, double[] values) {
    this.times = times;
    this.values = values;
  }

  /**
   * Leaves out what is NaN.
   *
   * @param times strictly increasing; taken over, not copied, where nothing is left out
   * @param values as many, finite or NaN
   * @throws IllegalArgumentException if times do not increase, the lengths differ or a value is
   *     infinite
   */
  public static Series of(int[] times, double[] values) {
    if (times.length != values.length) {
      throw new IllegalArgumentException(
          times.length + " times and " + values.length + " values are no series");
    }
    int known = 0;
    for (int at = 0; at < times.length; at++) {
      if (at > 0 && times[at] <= times[at - 1]) {
        throw new IllegalArgumentException(
            "time " + times[at] + " follows " + times[at - 1] + "; times must increase");
      }
      if (Double.isInfinite(values[at])) {
        throw new IllegalArgumentException("the value at time " + times[at] + " is infinite");
      }
      if (!Double.isNaN(values[at])) {
        known++;
      }
    }
    if (known == times.length) {
      return new Series(times, values);
    }
    int[] knownTimes = new int[known];
    double[] knownValues = new double[known];
    int place = 0;
    for (int at = 0; at < times.length; at++) {
      if (!Double.isNaN(values[at])) {
        knownTimes[place] = times[at];
        knownValues[place++] = values[at];
      }
    }
    return new Series(knownTimes, knownValues);
  }

  /** Of values at the times 0, 1, 2 and so on; NaN is a gap. */
  public static Series of(double... values) {
    int[] times = new int[values.length];
    Arrays.setAll(times, at -> at);
    return of(times, values);
  }

  /** How many observations there are. */
  public int size() {
    return values.length;
  }

  /** Time of an observation. */
  public int time(int at) {
    return times[at];
  }

  /** Value of an observation. */
  public double value(int at) {
    return values[at];
  }

  /** Periods between the first and the last observation; 0 for fewer than two. */
  public int span() {
    return times.length < 2 ? 0 : times[times.length - 1] - times[0];
  }

  /** Whether a period between the first and the last observation has none. */
  public boolean hasGaps() {
    return span() >= times.length;
  }

  /** Mean of the observations from one place to another, exclusive; NaN for none. */
  public double mean(int from, int to) {
    double sum = 0;
    for (int at = from; at < to; at++) {
      sum += values[at];
    }
    return from < to ? sum / (to - from) : Double.NaN;
  }

  /** The values in their order: the series' own array, not to be written to. */
  double[] values() {
    return values;
  }

  /**
   * The series less a slope per period and its first value, on a grid of {@value #GRID} of its
   * greatest number: points on one line tie, whatever a double makes of them.
   */
  public Series less(double slope) {
    double scale = Math.abs(slope * span());
    for (double value : values) {
      scale = Math.max(scale, Math.abs(value));
    }
    double grid = GRID * scale;
    double[] rest = new double[values.length];
    for (int at = 0; at < rest.length && grid > 0; at++) {
      double left = values[at] - values[0] - slope * (times[at] - times[0]);
      rest[at] = Math.rint(left / grid) * grid;
    }
    return new Series(times, rest);
  }

  /** Far above a double's rounding, far below what customs records can tell. */
  private static final double GRID = 1e-12;

  /**
   * The logit ln(v / (1 - v)) of shares in [0, 1], which are clipped at {@value #CLIP} from either
   * end first: a test by least squares then does not take the walls at 0 and 1 for a calm. Source:
   * the log-odds of Berkson (1944); where they are clipped is a choice of Lodestone.
   */
  public Series logit() {
    double[] scaled = new double[values.length];
    for (int at = 0; at < scaled.length; at++) {
      double share = Math.min(Math.max(values[at], CLIP), 1 - CLIP);
      scaled[at] = Math.log(share / (1 - share));
    }
    return new Series(times, scaled);
  }

  /** Half a percent: below it customs records hardly tell a share from none. */
  public static final double CLIP = 0.005;
}
