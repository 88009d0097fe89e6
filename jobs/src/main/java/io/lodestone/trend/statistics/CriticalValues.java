package io.lodestone.trend.statistics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Simulated critical values of {@link SupF} for a level that may break once, by the number of
 * observations n (with the trimming of {@link LevelBreaks#shortestSegment}) and the rho of a
 * stationary normal autoregression without a break; rho 0 is independent noise.
 *
 * <p>They are simulated by {@code ./lodestone critical-values} and shipped as a table, which names
 * its seed, draws and date. Between two values of n or rho a critical value lies on the straight
 * line; between two probabilities p lies on the straight line of ln p. Beyond the table its nearest
 * edge counts: a rho above the greatest, or below the least, is taken for it, and p is at least the
 * least probability of the table.
 */
public final class CriticalValues {
  /** Upper tail probabilities of the table's columns. */
  static final double[] TAILS = {0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};

  static final double[] RHOS = {
    -0.4, -0.2, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95
  };

  /** Every length of a yearly series, then wider steps. */
  static final int[] LENGTHS = {
    8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 32, 36, 40, 50,
    60, 80, 100, 150, 200
  };

  /** Draws a cell of the shipped table. */
  public static final int DRAWS = 100_000;

  /** Seed of the shipped table. */
  public static final long SEED = 20261124;

  private static final String RESOURCE = "sup_f.csv";

  private static final class Shipped {
    private static final CriticalValues TABLE = read();
  }

  /** By length and rho: the critical values of the tails. */
  private final double[][][] values;

  private CriticalValues(double[][][] values) {
    this.values = values;
  }

  /** The table that is shipped. */
  public static CriticalValues shipped() {
    return Shipped.TABLE;
  }

  /**
   * Probability of a greater F without a break; NaN where F or rho is or where n is below {@code
   * 8}.
   */
  public double p(double f, int n, double rho) {
    if (Double.isNaN(f) || Double.isNaN(rho) || n < LENGTHS[0]) {
      return Double.NaN;
    }
    double before = 0;
    double tailBefore = 1;
    for (int tail = 0; tail < TAILS.length; tail++) {
      double critical = critical(tail, n, rho);
      if (f < critical) {
        double part = (f - before) / (critical - before);
        return Math.exp(
            Math.log(tailBefore) + part * (Math.log(TAILS[tail]) - Math.log(tailBefore)));
      }
      before = critical;
      tailBefore = TAILS[tail];
    }
    return tailBefore;
  }

  /**
   * The F that is exceeded with a probability.
   *
   * @param probability one of the table's
   */
  public double critical(double probability, int n, double rho) {
    int tail = Arrays.binarySearch(reversed(TAILS), probability);
    if (tail < 0) {
      throw new IllegalArgumentException("the table has no column for " + probability);
    }
    return critical(TAILS.length - 1 - tail, n, rho);
  }

  private static double[] reversed(double[] values) {
    double[] reversed = new double[values.length];
    for (int at = 0; at < values.length; at++) {
      reversed[at] = values[values.length - 1 - at];
    }
    return reversed;
  }

  private double critical(int tail, int n, double rho) {
    int length = below(n);
    double lengthPart = part(LENGTHS[length], LENGTHS[next(length, LENGTHS.length)], n);
    int step = below(rho);
    double rhoPart = part(RHOS[step], RHOS[next(step, RHOS.length)], rho);
    int longer = next(length, LENGTHS.length);
    int higher = next(step, RHOS.length);
    double atRho = mix(values[length][step][tail], values[length][higher][tail], rhoPart);
    double longerAtRho = mix(values[longer][step][tail], values[longer][higher][tail], rhoPart);
    return mix(atRho, longerAtRho, lengthPart);
  }

  private static int next(int at, int size) {
    return Math.min(at + 1, size - 1);
  }

  private static int below(int n) {
    int at = 0;
    while (at + 1 < LENGTHS.length && LENGTHS[at + 1] <= n) {
      at++;
    }
    return at;
  }

  private static int below(double rho) {
    int at = 0;
    while (at + 1 < RHOS.length && RHOS[at + 1] <= rho) {
      at++;
    }
    return at;
  }

  private static double part(double from, double to, double at) {
    return to == from ? 0 : Math.max(0, Math.min(1, (at - from) / (to - from)));
  }

  private static double mix(double one, double other, double part) {
    return one + part * (other - one);
  }

  /**
   * Simulates a table.
   *
   * @param draws a cell
   * @param lengths numbers of observations, all of {@link #LENGTHS} for a table that can be shipped
   */
  static List<String> simulate(long seed, int draws, int... lengths) {
    List<String> lines = new ArrayList<>();
    for (int n : lengths) {
      for (double rho : RHOS) {
        double[] critical = simulate(seed, draws, n, LevelBreaks.shortestSegment(n), rho);
        StringBuilder line = new StringBuilder().append(n).append(',').append(rho);
        for (double value : critical) {
          line.append(',').append("%.4f".formatted(value));
        }
        lines.add(line.toString());
      }
    }
    return lines;
  }

  /** Critical values of all tails for one n, shortest segment and rho. */
  static double[] simulate(long seed, int draws, int n, int shortest, double rho) {
    AutoregressiveNoise noise =
        new AutoregressiveNoise(seed + 1_000_003L * n + Math.round(rho * 1000));
    double[] statistics = new double[draws];
    double[] path = new double[n];
    for (int draw = 0; draw < draws; draw++) {
      noise.fill(rho, path, 0, n);
      statistics[draw] = SupF.of(path, shortest).f();
    }
    Arrays.sort(statistics);
    double[] critical = new double[TAILS.length];
    for (int tail = 0; tail < TAILS.length; tail++) {
      critical[tail] = statistics[(int) Math.ceil((1 - TAILS[tail]) * draws) - 1];
    }
    return critical;
  }

  /**
   * The text of a whole table.
   *
   * @param date on which it was simulated, as it will stand in the table
   */
  public static String table(long seed, int draws, String date) {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Critical values of sup-F, a level that breaks once, by ./lodestone critical-values\n");
    text.append("# seed %d, %d draws a cell, %s\n".formatted(seed, draws, date));
    text.append("n,rho");
    for (double tail : TAILS) {
      text.append(',').append(tail);
    }
    text.append('\n');
    simulate(seed, draws, LENGTHS).forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static CriticalValues read() {
    double[][][] values = new double[LENGTHS.length][RHOS.length][];
    try (InputStream stream = CriticalValues.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      List<String> rows = lines.lines().filter(line -> line.matches("\\d.*")).toList();
      for (int row = 0; row < rows.size(); row++) {
        double[] cells =
            Arrays.stream(rows.get(row).split(",")).mapToDouble(Double::parseDouble).toArray();
        int length = row / RHOS.length;
        int rho = row % RHOS.length;
        if (cells[0] != LENGTHS[length] || cells[1] != RHOS[rho]) {
          throw new IllegalStateException(
              "Cannot read %s: row %d is for %s; simulate the table again"
                  .formatted(RESOURCE, row + 1, rows.get(row)));
        }
        values[length][rho] = Arrays.copyOfRange(cells, 2, cells.length);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return new CriticalValues(values);
  }
}
