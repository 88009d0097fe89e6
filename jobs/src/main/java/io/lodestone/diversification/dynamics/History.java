package io.lodestone.diversification.dynamics;

/**
 * A series of logit shares, and what was known of it at the end of each year. Nothing at a year
 * looks past it: the later values may be anything.
 *
 * <p>Years count from the first of the series. The level is the last value; the gap is the mean of
 * all values so far minus the level; the momentum is the last change, 0 where the year before is
 * unknown. The scale is the root mean square of the changes so far, drawn towards that of the pool
 * as if there had been {@link #PRIOR} changes of the pool's size more: sqrt((sum d^2 + PRIOR
 * pool^2) / (n + PRIOR)).
 */
public final class History {
  /** So few own changes weigh as much as the pool's. */
  static final int PRIOR = 4;

  /** With two values the gap is minus half of the momentum. */
  static final int FEWEST_VALUES = 3;

  private final double[] logits;
  private final double[] means;
  private final int[] values;
  private final double[] squares;
  private final int[] changes;
  private final boolean[] reached;
  private final double[] shares;
  private final double floor;

  /**
   * Of a series.
   *
   * @param shares one a year, NaN for an unknown year
   * @param scale to the logit
   * @param floor nothing is forecast from a year with a smaller share
   */
  public History(double[] shares, LogitShare scale, double floor) {
    int years = shares.length;
    this.logits = scale.logits(shares);
    this.shares = shares;
    this.floor = floor;
    this.means = new double[years];
    this.values = new int[years];
    this.squares = new double[years];
    this.changes = new int[years];
    this.reached = new boolean[years];
    double sum = 0;
    double highest = 0;
    int count = 0;
    double square = 0;
    int steps = 0;
    for (int year = 0; year < years; year++) {
      if (!Double.isNaN(logits[year])) {
        sum += logits[year];
        highest = Math.max(highest, shares[year]);
        count++;
        if (year > 0 && !Double.isNaN(logits[year - 1])) {
          square += Math.pow(logits[year] - logits[year - 1], 2);
          steps++;
        }
      }
      means[year] = sum / count;
      values[year] = count;
      squares[year] = square;
      changes[year] = steps;
      reached[year] = highest >= floor;
    }
  }

  /** Years of the series. */
  public int years() {
    return logits.length;
  }

  /** Whether a forecast can be made at the end of a year. */
  public boolean isOrigin(int year) {
    return !Double.isNaN(logits[year]) && values[year] >= FEWEST_VALUES && shares[year] >= floor;
  }

  /** Whether the value of a year is known. */
  public boolean isKnown(int year) {
    return year < logits.length && !Double.isNaN(logits[year]);
  }

  /** The value of a year. */
  public double level(int year) {
    return logits[year];
  }

  /** Mean so far minus the value of the year. */
  public double gap(int year) {
    return means[year] - logits[year];
  }

  /** The last change, 0 if unknown. */
  public double momentum(int year) {
    return year > 0 && !Double.isNaN(logits[year - 1]) ? logits[year] - logits[year - 1] : 0;
  }

  /** The size of a usual change of a year. */
  public double scale(int year, double pool) {
    return Math.sqrt((squares[year] + PRIOR * pool * pool) / (changes[year] + PRIOR));
  }

  /** Whether a share has been as large as the floor until a year. */
  boolean hasReachedFloor(int year) {
    return reached[year];
  }

  /** Sum of squares of the change into a year: 0 if it is unknown. */
  double squareOf(int year) {
    return year == 0 ? squares[0] : squares[year] - squares[year - 1];
  }

  /** Changes into a year: 1 or 0. */
  int changesOf(int year) {
    return year == 0 ? changes[0] : changes[year] - changes[year - 1];
  }
}
