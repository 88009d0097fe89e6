package io.lodestone.trend.statistics;

/**
 * Where the level of a series breaks: least squares on constant levels between breaks.
 *
 * <p>For m breaks the segments that leave the least sum of squares are found by dynamic programming
 * (Bai and Perron 2003); m is chosen by the least n ln(SSR/n) + (q(m+1) + m + 1) ln n, q = 1 for
 * the level alone. The criterion by itself finds a break in 20 to 36 % of white noise of 16
 * observations, so {@link SupF} must agree before one is reported.
 *
 * <p>Times do not enter: a segment has at least so many observations, with or without gaps.
 */
public final class LevelBreaks {
  /** Up to so many observations at most one break is looked for, and none is nearer to an end. */
  public static final int SHORT = 24;

  private static final int SHORTEST_SEGMENT = 4;
  private static final double TRIMMING = 0.15;
  private static final int MOST_BREAKS = 2;

  /** A sum of squares below so much of the whole is rounding. */
  private static final double ROUNDING = 1e-12;

  private LevelBreaks() {}

  /** The fewest observations of a segment of a series of n. */
  public static int shortestSegment(int n) {
    int trimmed = (int) Math.ceil(TRIMMING * n - 1e-9);
    return n <= SHORT ? Math.max(SHORTEST_SEGMENT, trimmed) : trimmed;
  }

  /**
   * Places of the last observations of the old levels, ascending; none for a constant series or one
   * with fewer than twice the shortest segment.
   */
  public static int[] of(Series series) {
    int n = series.size();
    int shortest = shortestSegment(n);
    Squares squares = new Squares(series.values());
    double all = squares.between(0, n);
    if (n < 2 * shortest || all <= 0) {
      return new int[0];
    }
    int[] best = new int[0];
    double least = criterion(all, all, n, 0);
    int most = n <= SHORT ? 1 : MOST_BREAKS;
    for (int breaks = 1; breaks <= most && n >= (breaks + 1) * shortest; breaks++) {
      int[] places = places(squares, n, shortest, breaks);
      double left = 0;
      int from = 0;
      for (int place : places) {
        left += squares.between(from, place + 1);
        from = place + 1;
      }
      left += squares.between(from, n);
      double criterion = criterion(left, all, n, breaks);
      if (criterion < least) {
        least = criterion;
        best = places;
      }
    }
    return best;
  }

  /** The criterion of a straight line, which has three parameters: level, slope and noise. */
  static double criterionOfLine(Series series) {
    int n = series.size();
    double meanTime = 0;
    for (int at = 0; at < n; at++) {
      meanTime += (double) series.time(at) / n;
    }
    double mean = series.mean(0, n);
    double times = 0;
    double products = 0;
    double squares = 0;
    for (int at = 0; at < n; at++) {
      double time = series.time(at) - meanTime;
      double value = series.value(at) - mean;
      times += time * time;
      products += time * value;
      squares += value * value;
    }
    double left = times == 0 ? squares : squares - products * products / times;
    return informationCriterion(left, squares, n, 3);
  }

  /**
   * Whether levels with these breaks fit better, by the same criterion, than a straight line does:
   * a steady fall has no break, however well two levels fit it.
   */
  public static boolean fitBetterThanLine(Series series, int[] breaks) {
    int n = series.size();
    Squares squares = new Squares(series.values());
    double left = 0;
    int from = 0;
    for (int place : breaks) {
      left += squares.between(from, place + 1);
      from = place + 1;
    }
    left += squares.between(from, n);
    return criterion(left, squares.between(0, n), n, breaks.length) < criterionOfLine(series);
  }

  private static double criterion(double left, double all, int n, int breaks) {
    return informationCriterion(left, all, n, breaks + 1 + breaks + 1);
  }

  private static double informationCriterion(double left, double all, int n, int parameters) {
    return n * Math.log(Math.max(left, ROUNDING * all) / n) + parameters * Math.log(n);
  }

  /** The places that leave the least squares, by dynamic programming over the last segment. */
  private static int[] places(Squares squares, int n, int shortest, int breaks) {
    double[][] least = new double[breaks + 1][n + 1];
    int[][] before = new int[breaks + 1][n + 1];
    for (int end = shortest; end <= n; end++) {
      least[0][end] = squares.between(0, end);
    }
    for (int used = 1; used <= breaks; used++) {
      for (int end = (used + 1) * shortest; end <= n; end++) {
        least[used][end] = Double.POSITIVE_INFINITY;
        for (int cut = used * shortest; cut <= end - shortest; cut++) {
          double sum = least[used - 1][cut] + squares.between(cut, end);
          if (sum < least[used][end]) {
            least[used][end] = sum;
            before[used][end] = cut;
          }
        }
      }
    }
    int[] places = new int[breaks];
    int end = n;
    for (int used = breaks; used > 0; used--) {
      end = before[used][end];
      places[used - 1] = end - 1;
    }
    return places;
  }

  /** Sums of squares about the mean of any stretch, from running sums of the centred values. */
  static final class Squares {
    private final double[] sums;
    private final double[] squares;

    Squares(double[] values) {
      int n = values.length;
      double mean = 0;
      for (double value : values) {
        mean += value / n;
      }
      this.sums = new double[n + 1];
      this.squares = new double[n + 1];
      for (int at = 0; at < n; at++) {
        double value = values[at] - mean;
        sums[at + 1] = sums[at] + value;
        squares[at + 1] = squares[at] + value * value;
      }
    }

    double between(int from, int to) {
      double sum = sums[to] - sums[from];
      return Math.max(0, squares[to] - squares[from] - sum * sum / (to - from));
    }
  }
}
