package io.lodestone.diversification.dynamics;

import java.util.Arrays;
import java.util.List;

/**
 * The sums of squares and products that one series, or several together, contribute to the
 * regression of {@link Adjustment}, over the whole panel and over its halves. They add up, so that
 * a panel is one small array, whatever its length.
 *
 * <p>A row of the regression is a step from one year to the next, y(t) on y(t-1) and the shock
 * windows of t; a step over a gap is no row. All columns are taken from their means over the steps
 * of the same series and the same part, which is what an intercept a series (the importer's fixed
 * effect) does. A part is the whole, or a half of the series in time; with an odd number of steps
 * both ways of halving are kept and averaged.
 */
public final class SeriesMoments {
  /** Parts: the whole, then first and second half of two ways of halving. */
  static final int PARTS = 5;

  /** A half with fewer steps has no variance about its mean. */
  private static final int FEWEST_STEPS_OF_HALF = 2;

  private final int columns;
  private final double[][] products;
  private long series;
  private long steps;

  private SeriesMoments(int columns) {
    this.columns = columns;
    this.products = new double[PARTS][columns * columns];
  }

  /** Of no series. */
  public static SeriesMoments none(List<ShockWindow> shocks) {
    return new SeriesMoments(shocks.size() + 2);
  }

  /**
   * Of one series; of none if it has fewer than four steps, as it cannot be halved then.
   *
   * @param logits one a year, NaN for a gap
   * @param fromYear the year of the first
   */
  public static SeriesMoments of(double[] logits, int fromYear, List<ShockWindow> shocks) {
    SeriesMoments moments = none(shocks);
    int[] starts = steps(logits);
    if (starts.length < 2 * FEWEST_STEPS_OF_HALF) {
      return moments;
    }
    double[][] rows = new double[starts.length][];
    for (int step = 0; step < starts.length; step++) {
      rows[step] = row(logits, starts[step], fromYear, shocks);
    }
    int half = starts.length / 2;
    int otherHalf = starts.length - half;
    moments.add(0, rows, 0, rows.length);
    moments.add(1, rows, 0, half);
    moments.add(2, rows, half, rows.length);
    moments.add(3, rows, 0, otherHalf);
    moments.add(4, rows, otherHalf, rows.length);
    moments.series = 1;
    moments.steps = starts.length;
    return moments;
  }

  private static int[] steps(double[] logits) {
    int[] starts = new int[logits.length];
    int found = 0;
    for (int year = 0; year + 1 < logits.length; year++) {
      if (!Double.isNaN(logits[year]) && !Double.isNaN(logits[year + 1])) {
        starts[found++] = year;
      }
    }
    return Arrays.copyOf(starts, found);
  }

  /** The level before, the shock windows, the level after. */
  private static double[] row(double[] logits, int start, int fromYear, List<ShockWindow> shocks) {
    double[] row = new double[shocks.size() + 2];
    row[0] = logits[start];
    for (int shock = 0; shock < shocks.size(); shock++) {
      row[1 + shock] = shocks.get(shock).indicator(fromYear + start + 1);
    }
    row[row.length - 1] = logits[start + 1];
    return row;
  }

  private void add(int part, double[][] rows, int from, int to) {
    double[] means = new double[columns];
    for (int row = from; row < to; row++) {
      for (int column = 0; column < columns; column++) {
        means[column] += rows[row][column] / (to - from);
      }
    }
    for (int row = from; row < to; row++) {
      for (int left = 0; left < columns; left++) {
        double deviation = rows[row][left] - means[left];
        for (int right = 0; right < columns; right++) {
          products[part][left * columns + right] += deviation * (rows[row][right] - means[right]);
        }
      }
    }
  }

  /** Adds another panel's, taken {@code times} times, as a bootstrap draws it. */
  public void add(SeriesMoments other, int times) {
    for (int part = 0; part < PARTS; part++) {
      for (int place = 0; place < columns * columns; place++) {
        products[part][place] += times * other.products[part][place];
      }
    }
    series += times * other.series;
    steps += times * other.steps;
  }

  /** Adds another panel's. */
  public void add(SeriesMoments other) {
    add(other, 1);
  }

  /** As numbers, which add up like the moments themselves and which {@link #of(double[])} reads. */
  public double[] numbers() {
    double[] numbers = new double[PARTS * columns * columns + 2];
    for (int part = 0; part < PARTS; part++) {
      System.arraycopy(products[part], 0, numbers, part * columns * columns, columns * columns);
    }
    numbers[numbers.length - 2] = series;
    numbers[numbers.length - 1] = steps;
    return numbers;
  }

  /** From {@link #numbers}. */
  public static SeriesMoments of(double[] numbers) {
    int columns = (int) Math.round(Math.sqrt((numbers.length - 2) / (double) PARTS));
    SeriesMoments moments = new SeriesMoments(columns);
    for (int part = 0; part < PARTS; part++) {
      System.arraycopy(
          numbers, part * columns * columns, moments.products[part], 0, columns * columns);
    }
    moments.series = Math.round(numbers[numbers.length - 2]);
    moments.steps = Math.round(numbers[numbers.length - 1]);
    return moments;
  }

  /** Series that could be used. */
  public long series() {
    return series;
  }

  /** Steps from one year to the next of these series. */
  public long steps() {
    return steps;
  }

  /** Regressors: the level before and the shock windows. */
  int regressors() {
    return columns - 1;
  }

  double product(int part, int left, int right) {
    return products[part][left * columns + right];
  }
}
