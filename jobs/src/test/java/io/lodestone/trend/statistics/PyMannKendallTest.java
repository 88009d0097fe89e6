package io.lodestone.trend.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/**
 * The 203 values that pymannkendall's own tests expect, by our Mann-Kendall, Sen, ranks and
 * autocorrelations. The variants that the product has no use for (Yue and Wang, pre-whitening,
 * partial and correlated tests) are put together here from the same parts.
 *
 * <p>Where its treatment differs from ours, the test follows it and the product does not:
 *
 * <ul>
 *   <li>Gaps: it takes Sen's slope over the actual times, as ours does, but closes gaps up before
 *       it takes that slope out and looks at autocorrelations; ours refuses Hamed and Rao with
 *       gaps, since lags then mix different times.
 *   <li>Hamed and Rao: it lets the variance shrink below that of independent values (259,724
 *       against 4,889,800 for its series of 360) and so finds a trend; ours never goes below. It
 *       looks at autocorrelations beyond 1.959964/sqrt(n), ours beyond 1.96/sqrt(n).
 *   <li>Up to ten values it uses the normal distribution; ours counts arrangements in mk_p and
 *       keeps the normal one in mk_p_normal.
 *   <li>In the partial test it leaves ties out of the variance.
 * </ul>
 */
class PyMannKendallTest {
  private static final double SIGNIFICANT =
      NormalDistribution.of(0, 1).inverseCumulativeProbability(0.975);

  private record Expected(String function, String arguments, String field, String value) {}

  /** What a test of pymannkendall gives. */
  private record Outcome(
      double s, double variance, double z, double p, double tau, double slope, double intercept) {
    String of(String field) {
      return switch (field) {
        case "s" -> String.valueOf(s);
        case "var_s" -> String.valueOf(variance);
        case "z" -> String.valueOf(z);
        case "p" -> String.valueOf(p);
        case "Tau" -> String.valueOf(tau);
        case "slope" -> String.valueOf(slope);
        case "intercept" -> String.valueOf(intercept);
        case "h" -> p < 0.05 ? "True" : "False";
        case "trend" -> p >= 0.05 ? "no trend" : z > 0 ? "increasing" : "decreasing";
        default -> throw new IllegalArgumentException(field);
      };
    }
  }

  @Test
  void agreesWithAll203PublishedValues() throws IOException {
    Path folder = SharedData.folder("pymannkendall");
    Map<String, double[][]> data = data(folder);
    List<Expected> all = expected(folder);
    assertThat(all).hasSize(203);
    for (Expected expected : all) {
      String[] arguments = expected.arguments().split(", ");
      Outcome outcome = run(expected.function(), data.get(arguments[0]), arguments);
      String found = outcome.of(expected.field());
      if (expected.field().equals("h") || expected.field().equals("trend")) {
        assertThat(found).as(expected.toString()).isEqualTo(expected.value());
      } else {
        double value = Double.parseDouble(expected.value());
        assertThat(Double.parseDouble(found))
            .as(expected.toString())
            .isCloseTo(value, within(1e-11 * Math.max(1, Math.abs(value))));
      }
    }
  }

  private static Outcome run(String function, double[][] columns, String[] arguments) {
    double[] x = columns[0];
    int option = arguments.length > 1 ? Integer.parseInt(arguments[1].replaceAll("\\D", "")) : -1;
    return switch (function) {
      case "sens_slope", "original_test" -> plain(x);
      case "seasonal_sens_slope", "seasonal_test" ->
          seasonal(seasons(x, option < 0 ? 12 : option), x);
      case "regional_test" -> withSlopeOf(seasonal(columns, x), pooled(columns));
      case "hamed_rao_modification_test" -> hamedRao(x, option);
      case "yue_wang_modification_test" -> yueWang(x, option);
      case "pre_whitening_modification_test" -> preWhitened(x);
      case "trend_free_pre_whitening_modification_test" -> trendFreePreWhitened(x);
      case "correlated_multivariate_test" -> correlated(columns, seasonal(columns, x));
      case "correlated_seasonal_test" -> {
        double[][] seasons = seasons(x, option);
        yield correlated(seasons, seasonal(seasons, x));
      }
      case "partial_test" -> partial(columns);
      default -> throw new IllegalArgumentException(function);
    };
  }

  private static Outcome outcome(double s, double variance, double z, double tau, double[] slope) {
    return new Outcome(s, variance, z, MannKendall.twoSided(z), tau, slope[0], slope[1]);
  }

  private static Outcome plain(double[] x) {
    MannKendall test = MannKendall.of(Series.of(x));
    return outcome(test.s(), test.variance(), test.z(), test.tau(), slope(x));
  }

  /** Slope and intercept: median less the median time's part of the slope. */
  private static double[] slope(double[] x) {
    Series series = Series.of(x);
    double slope = SenSlope.of(series, 1).slope();
    return new double[] {slope, intercept(x, slope)};
  }

  private static double intercept(double[] x, double slope) {
    double[] times = new double[x.length];
    int known = 0;
    for (int at = 0; at < x.length; at++) {
      if (!Double.isNaN(x[at])) {
        times[known++] = at;
      }
    }
    return median(closed(x)) - median(Arrays.copyOf(times, known)) * slope;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return SenSlope.median(sorted);
  }

  /** Gaps closed up. */
  private static double[] closed(double[] x) {
    return Arrays.stream(x).filter(value -> !Double.isNaN(value)).toArray();
  }

  private static Outcome hamedRao(double[] x, int lag) {
    double[] known = closed(x);
    MannKendall test = MannKendall.of(Series.of(known));
    int lags = lag < 0 ? known.length - 1 : lag;
    double variance =
        test.variance() == 0
            ? 0
            : HamedRao.uncapped(Series.of(known), slope(x)[0], test.variance(), lags, SIGNIFICANT);
    return outcome(
        test.s(), variance, MannKendall.standardised(test.s(), variance), test.tau(), slope(x));
  }

  private static Outcome yueWang(double[] x, int lag) {
    double[] known = closed(x);
    int n = known.length;
    MannKendall test = MannKendall.of(Series.of(known));
    double[] rest = lessTrend(known, slope(x)[0]);
    int lags = lag < 0 ? n - 1 : lag;
    double sum = 0;
    for (int at = 1; at <= lags; at++) {
      sum += (1 - at / (double) n) * Autoregression.correlation(rest, at);
    }
    double variance = test.variance() * (1 + 2 * sum);
    return outcome(
        test.s(), variance, MannKendall.standardised(test.s(), variance), test.tau(), slope(x));
  }

  private static double[] lessTrend(double[] known, double slope) {
    return Series.of(known).less(slope).values();
  }

  private static Outcome preWhitened(double[] x) {
    return plain(whitened(closed(x)));
  }

  private static double[] whitened(double[] known) {
    double correlation = Autoregression.correlation(known, 1);
    double[] white = new double[known.length - 1];
    for (int at = 0; at < white.length; at++) {
      white[at] = known[at + 1] - known[at] * correlation;
    }
    return white;
  }

  private static Outcome trendFreePreWhitened(double[] x) {
    double[] known = closed(x);
    double slope = slope(x)[0];
    double[] white = whitened(lessTrend(known, slope));
    for (int at = 0; at < white.length; at++) {
      white[at] += (at + 1) * slope;
    }
    return plain(white);
  }

  private static double[][] seasons(double[] x, int period) {
    int years = (x.length + period - 1) / period;
    double[][] seasons = new double[period][years];
    for (int at = 0; at < years * period; at++) {
      seasons[at % period][at / period] = at < x.length ? x[at] : Double.NaN;
    }
    return seasons;
  }

  private static Outcome seasonal(double[][] seasons, double[] x) {
    List<Series> series = new ArrayList<>();
    for (double[] season : seasons) {
      series.add(Series.of(season));
    }
    SeasonalMannKendall test = SeasonalMannKendall.of(series);
    double intercept = intercept(x, test.slope() / seasons.length);
    return new Outcome(
        test.s(), test.variance(), test.z(), test.p(), test.tau(), test.slope(), intercept);
  }

  /** Row by row, as pymannkendall's regional test takes its slope. */
  private static double[] pooled(double[][] columns) {
    List<Double> slopes = new ArrayList<>();
    for (double[] column : columns) {
      for (int later = 1; later < column.length; later++) {
        for (int earlier = 0; earlier < later; earlier++) {
          double slope = (column[later] - column[earlier]) / (later - earlier);
          if (!Double.isNaN(slope)) {
            slopes.add(slope);
          }
        }
      }
    }
    return slopes.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Outcome withSlopeOf(Outcome outcome, double[] slopes) {
    return new Outcome(
        outcome.s(),
        outcome.variance(),
        outcome.z(),
        outcome.p(),
        outcome.tau(),
        median(slopes),
        outcome.intercept());
  }

  /** Dietz and Killeen's covariances between seasons; rows with a gap are left out. */
  private static Outcome correlated(double[][] seasons, Outcome slopes) {
    double[][] whole = wholeRows(seasons);
    int n = whole[0].length;
    double s = 0;
    double variance = 0;
    for (double[] one : whole) {
      s += MannKendall.score(one, n);
      for (double[] other : whole) {
        variance += covariance(one, other);
      }
    }
    double z = variance == 0 ? 0 : s / Math.sqrt(variance);
    double tau = s / (whole.length * n * (n - 1) / 2.0);
    return new Outcome(
        s, variance, z, MannKendall.twoSided(z), tau, slopes.slope(), slopes.intercept());
  }

  private static double[][] wholeRows(double[][] columns) {
    int[] rows =
        java.util.stream.IntStream.range(0, columns[0].length)
            .filter(row -> Arrays.stream(columns).noneMatch(column -> Double.isNaN(column[row])))
            .toArray();
    double[][] whole = new double[columns.length][];
    for (int column = 0; column < columns.length; column++) {
      double[] its = columns[column];
      whole[column] = Arrays.stream(rows).mapToDouble(row -> its[row]).toArray();
    }
    return whole;
  }

  private static double covariance(double[] one, double[] other) {
    int n = one.length;
    double concordance = 0;
    for (int later = 1; later < n; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        concordance += Math.signum((one[later] - one[earlier]) * (other[later] - other[earlier]));
      }
    }
    double[] ranks = Ranks.midRanks(one);
    double[] otherRanks = Ranks.midRanks(other);
    double products = 0;
    for (int at = 0; at < n; at++) {
      products += ranks[at] * otherRanks[at];
    }
    return (concordance + 4 * products - n * (n + 1.0) * (n + 1.0)) / 3;
  }

  private static Outcome partial(double[][] columns) {
    double[][] whole = wholeRows(columns);
    int n = whole[0].length;
    double withoutTies = MannKendall.variance(n, new int[0]);
    double rho = covariance(whole[0], whole[1]) / withoutTies;
    double own = MannKendall.score(whole[0], n);
    double s = own - rho * MannKendall.score(whole[1], n);
    double variance = (1 - rho * rho) * withoutTies;
    double z = variance == 0 ? 0 : s / Math.sqrt(variance);
    return outcome(s, variance, z, own / (n * (n - 1) / 2.0), slope(columns[0]));
  }

  private static Map<String, double[][]> data(Path folder) throws IOException {
    Map<String, double[][]> data = new LinkedHashMap<>();
    double[] trend = new double[360];
    double[] none = new double[360];
    Arrays.setAll(trend, at -> at);
    data.put("NoTrendData", new double[][] {none});
    data.put("TrendData", new double[][] {trend});
    data.put("NoTrend2dData", new double[][] {none, none});
    data.put("arbitrary_1d_data", columns(folder.resolve("arbitrary_1d.csv")));
    data.put("arbitrary_2d_data", columns(folder.resolve("arbitrary_2d.csv")));
    return data;
  }

  private static double[][] columns(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int width = lines.get(0).split(",").length;
    double[][] columns = new double[width][lines.size() - 1];
    for (int row = 1; row < lines.size(); row++) {
      String[] cells = lines.get(row).replace("\"", "").split(",", -1);
      for (int column = 0; column < width; column++) {
        boolean empty = cells[column].isBlank() || cells[column].equalsIgnoreCase("nan");
        columns[column][row - 1] = empty ? Double.NaN : Double.parseDouble(cells[column]);
      }
    }
    return columns;
  }

  private static List<Expected> expected(Path folder) throws IOException {
    List<Expected> all = new ArrayList<>();
    List<String> lines = Files.readAllLines(folder.resolve("expected_results.csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",(?=([^\"]*\"[^\"]*\")*[^\"]*$)");
      all.add(new Expected(cells[0], cells[1].replace("\"", ""), cells[2], cells[3]));
    }
    return all;
  }
}
