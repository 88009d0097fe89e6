package io.lodestone.diversification.dynamics;

/**
 * The root mean square of the yearly changes of all series of a pool, by the year until which they
 * are known. The sums are one array, to which series add, in any number of parts.
 *
 * <p>A series counts from the year in which it reaches the floor of its {@link History}: that it
 * ever would, and so that it is a series at all, was not known before.
 */
public final class PoolScale {
  private PoolScale() {}

  /** Length of the sums of series of so many years. */
  public static int size(int years) {
    return 2 * years;
  }

  /** Adds a series to the sums. */
  public static void add(double[] sums, History history) {
    for (int year = 0; year < history.years(); year++) {
      if (history.hasReachedFloor(year)) {
        sums[2 * year] += history.squareOf(year);
        sums[2 * year + 1] += history.changesOf(year);
      }
    }
  }

  /** The scale at the end of each year; NaN before the first change. */
  public static double[] byYear(double[] sums) {
    double[] scales = new double[sums.length / 2];
    double square = 0;
    double changes = 0;
    for (int year = 0; year < scales.length; year++) {
      square += sums[2 * year];
      changes += sums[2 * year + 1];
      scales[year] = Math.sqrt(square / changes);
    }
    return scales;
  }
}
