package io.lodestone.trend.statistics;

/**
 * Pettitt's test of one shift of level (Applied Statistics 28, 1979): U_t = 2 sum_{i&lt;=t} R_i - t
 * (n + 1) with mid-ranks R, K the greatest |U_t|, p = min(1, 2 exp(-6 K^2 / (n^3 + n^2))).
 *
 * <p>The trap: it rejects nine of ten pure trends. A shift is claimed only where the test rejects
 * on the series and on the series less its Sen slope.
 *
 * <p>Fewer than two observations or constant ones: K = 0, p = 1, place 0.
 *
 * @param last place of the last observation of the old level, the first of several
 * @param k greatest |U_t|
 * @param p approximate, two-sided
 */
public record Pettitt(int last, double k, double p) {

  /** The test of a series. */
  public static Pettitt of(Series series) {
    int n = series.size();
    double[] ranks = Ranks.midRanks(series.values());
    double sum = 0;
    double greatest = 0;
    int last = 0;
    for (int at = 0; at < n; at++) {
      sum += ranks[at];
      double u = Math.abs(2 * sum - (at + 1) * (n + 1.0));
      if (u > greatest) {
        greatest = u;
        last = at;
      }
    }
    double cubes = (double) n * n * n + (double) n * n;
    double p = n < 2 ? 1 : Math.min(1, 2 * Math.exp(-6 * greatest * greatest / cubes));
    return new Pettitt(last, greatest, p);
  }
}
