package io.lodestone.trend;

import io.lodestone.trend.statistics.Autoregression;
import io.lodestone.trend.statistics.CriticalValues;
import io.lodestone.trend.statistics.HamedRao;
import io.lodestone.trend.statistics.LevelBreaks;
import io.lodestone.trend.statistics.MannKendall;
import io.lodestone.trend.statistics.Pettitt;
import io.lodestone.trend.statistics.SenSlope;
import io.lodestone.trend.statistics.Series;
import io.lodestone.trend.statistics.SupF;
import io.lodestone.trend.statistics.TrendBootstrap;

/**
 * All tests of one yearly series. NaN is what so few or so equal values cannot give.
 *
 * <p>Mann-Kendall, Sen and Pettitt take the values as they are; the tests by least squares (sup-F,
 * the rho of its p, breaks) take the logit of what lies in [0, 1]. Means are of the values as they
 * are.
 *
 * <p>Without values: everything NaN or empty. Fewer than {@link Verdict#FEWEST_YEARS}: no
 * bootstrap. A constant series (all zero, or one supplier with HHI 1 throughout): S 0, p 1, slope 0
 * within 0 to 0, rho 0, no shift, sup-F 0 with p 1, one segment.
 *
 * @param pettittYear last year of the old level where both tests of a shift reject, else null
 * @param breakYears last years of the old levels
 * @param segmentMeans of the values between them
 * @param least of the years between the first and the last {@link Verdict#END_YEARS}, as is {@code
 *     greatest}; NaN without any
 */
record SeriesTests(
    int years,
    double firstValue,
    double lastValue,
    int firstYear,
    int lastYear,
    MannKendall mannKendall,
    double hamedRaoP,
    double trendP,
    double rho,
    double slope,
    double slopeLow,
    double slopeHigh,
    double change,
    double changeLow,
    double changeHigh,
    Integer pettittYear,
    double pettittP,
    double pettittPLessTrend,
    int[] breakYears,
    double[] segmentMeans,
    double supF,
    double supFP,
    double firstMean,
    double lastMean,
    double least,
    double greatest) {

  private static final double LEVEL = 0.95;
  private static final double SIGNIFICANT = 0.05;

  private static final MannKendall NONE =
      new MannKendall(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /**
   * Runs them.
   *
   * @param share whether the values lie in [0, 1]
   */
  static SeriesTests of(Series series, boolean share) {
    int n = series.size();
    MannKendall mannKendall = n < 2 ? NONE : MannKendall.of(series);
    SenSlope sen = SenSlope.of(series, mannKendall.variance());
    double slope = sen.slope();
    double rho = n < 2 ? Double.NaN : Autoregression.rho(series, slope);
    Series scaled = share ? series.logit() : series;
    SupF supF = SupF.of(scaled);
    double supFP =
        CriticalValues.shipped().p(supF.f(), n, memory(series, scaled, mannKendall, rho));
    int[] breaks = breaks(scaled, supFP);
    Pettitt shift = Pettitt.of(series);
    double pettittPLessTrend = n < 2 ? Double.NaN : Pettitt.of(series.less(slope)).p();
    boolean shifted = n > 1 && shift.p() < SIGNIFICANT && pettittPLessTrend < SIGNIFICANT;
    int ends = Math.min(n, Verdict.END_YEARS);
    int span = series.span();
    return new SeriesTests(
        n,
        n == 0 ? Double.NaN : series.value(0),
        n == 0 ? Double.NaN : series.value(n - 1),
        n == 0 ? 0 : series.time(0),
        n == 0 ? 0 : series.time(n - 1),
        mannKendall,
        hamedRao(series, slope, mannKendall),
        n < Verdict.FEWEST_YEARS
            ? Double.NaN
            : TrendBootstrap.p(series, mannKendall.s(), mannKendall.variance(), rho),
        rho,
        slope,
        sen.low(LEVEL),
        sen.high(LEVEL),
        slope * span,
        sen.low(Verdict.STABLE_LEVEL) * span,
        sen.high(Verdict.STABLE_LEVEL) * span,
        shifted ? series.time(shift.last()) : null,
        n < 2 ? Double.NaN : shift.p(),
        pettittPLessTrend,
        years(series, breaks),
        means(series, breaks),
        supF.f(),
        supFP,
        series.mean(0, ends),
        series.mean(n - ends, n),
        extreme(series, -1),
        extreme(series, 1));
  }

  /** The rho of the scale on which the regression is run. */
  private static double memory(Series series, Series scaled, MannKendall mannKendall, double rho) {
    return scaled == series || series.size() < 2
        ? rho
        : Autoregression.rho(scaled, SenSlope.of(scaled, mannKendall.variance()).slope());
  }

  /** What the verdict of an HHI looks at whose years and trade are all known. */
  Verdict.Facts whollyKnown(double q, boolean persistent) {
    return new Verdict.Facts(
        Measure.HHI,
        years,
        years,
        1,
        1,
        firstMean,
        lastMean,
        least,
        greatest,
        change,
        changeLow,
        changeHigh,
        q,
        persistent);
  }

  private static double hamedRao(Series series, double slope, MannKendall mannKendall) {
    double variance = HamedRao.variance(series, slope, mannKendall.variance());
    return Double.isNaN(variance)
        ? Double.NaN
        : MannKendall.twoSided(MannKendall.standardised(mannKendall.s(), variance));
  }

  /** What the criterion finds, if sup-F agrees and a straight line does not fit better. */
  private static int[] breaks(Series scaled, double supFP) {
    if (!(supFP < SIGNIFICANT)) {
      return new int[0];
    }
    int[] breaks = LevelBreaks.of(scaled);
    return LevelBreaks.fitBetterThanLine(scaled, breaks) ? breaks : new int[0];
  }

  private static int[] years(Series series, int[] breaks) {
    int[] years = new int[breaks.length];
    for (int at = 0; at < years.length; at++) {
      years[at] = series.time(breaks[at]);
    }
    return years;
  }

  private static double[] means(Series series, int[] breaks) {
    if (series.size() == 0) {
      return new double[0];
    }
    double[] means = new double[breaks.length + 1];
    int from = 0;
    for (int segment = 0; segment < means.length; segment++) {
      int to = segment < breaks.length ? breaks[segment] + 1 : series.size();
      means[segment] = series.mean(from, to);
      from = to;
    }
    return means;
  }

  /** Of the years between the first and the last ones, on which a path comes and goes back. */
  private static double extreme(Series series, int sign) {
    double extreme = Double.NaN;
    for (int at = Verdict.END_YEARS; at < series.size() - Verdict.END_YEARS; at++) {
      double value = series.value(at);
      extreme = at == Verdict.END_YEARS || sign * value > sign * extreme ? value : extreme;
    }
    return extreme;
  }
}
