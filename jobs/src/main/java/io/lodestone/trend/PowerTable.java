package io.lodestone.trend;

import io.lodestone.trend.statistics.AutoregressiveNoise;
import io.lodestone.trend.statistics.Series;
import java.util.EnumMap;
import java.util.Map;

/**
 * How often the tests and the verdict speak, of series of which the truth is known: sixteen yearly
 * HHIs about 0.5 with stationary autoregressive noise of standard deviation 0.04, without a trend,
 * with a fall of 0.20 over the window, or with a fall of 0.15 after the eighth year.
 *
 * <p>Each series is a family of its own, so that q is its p.
 */
public final class PowerTable {
  /** Simulated series a line of the table in the README. */
  public static final int SIMULATIONS = 10_000;

  public static final long SEED = 20261124;

  private static final int YEARS = 16;
  private static final int STEP_AFTER = 8;
  private static final double LEVEL = 0.5;
  private static final double NOISE = 0.04;
  private static final double FALL = 0.20;
  private static final double STEP = 0.15;
  private static final double NOMINAL = 0.05;
  private static final double[] RHOS = {0, 0.3, 0.5, 0.8};

  /** What is true of the series. */
  enum Truth {
    NO_CHANGE("no change"),
    TREND("falls by 0.20"),
    SHIFT("falls by 0.15 in one year");

    private final String text;

    Truth(String text) {
      this.text = text;
    }

    double level(int year) {
      return switch (this) {
        case NO_CHANGE -> LEVEL;
        case TREND -> LEVEL - FALL * year / (YEARS - 1);
        case SHIFT -> year < STEP_AFTER ? LEVEL : LEVEL - STEP;
      };
    }
  }

  /** Shares of the simulated series of one truth and rho. */
  static final class Line {
    private final Truth truth;
    private final double rho;
    private int simulations;
    private int mannKendall;
    private int trend;
    private int supF;
    private int breaks;
    private int persistent;
    private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);

    private Line(Truth truth, double rho) {
      this.truth = truth;
      this.rho = rho;
    }

    private void add(SeriesTests tests) {
      simulations++;
      mannKendall += tests.mannKendall().p() < NOMINAL ? 1 : 0;
      trend += tests.trendP() < NOMINAL ? 1 : 0;
      supF += tests.supFP() < NOMINAL ? 1 : 0;
      breaks += tests.breakYears().length > 0 ? 1 : 0;
      persistent += tests.rho() > Verdict.PERSISTENT ? 1 : 0;
      Verdict verdict =
          Verdict.of(tests.whollyKnown(tests.trendP(), tests.rho() > Verdict.PERSISTENT));
      verdicts.merge(verdict, 1, Integer::sum);
    }

    double trend() {
      return (double) trend / simulations;
    }

    double supF() {
      return (double) supF / simulations;
    }

    double verdict(Verdict verdict) {
      return (double) verdicts.getOrDefault(verdict, 0) / simulations;
    }

    private String text() {
      double n = simulations / 100.0;
      return "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |"
          .formatted(
              truth.text,
              rho,
              mannKendall / n,
              trend / n,
              supF / n,
              breaks / n,
              persistent / n,
              100 * verdict(Verdict.DIVERSIFYING),
              100 * verdict(Verdict.CONCENTRATING),
              100 * verdict(Verdict.STABLE),
              100 * verdict(Verdict.RELAPSING),
              100 * verdict(Verdict.REBOUNDING),
              100 * verdict(Verdict.UNDETERMINED));
    }
  }

  private PowerTable() {}

  /** Simulates one line. */
  static Line simulate(Truth truth, double rho, int simulations, long seed) {
    AutoregressiveNoise noise =
        new AutoregressiveNoise(seed + 31 * truth.ordinal() + Math.round(1000 * rho));
    Line line = new Line(truth, rho);
    double scale = NOISE * Math.sqrt(1 - rho * rho);
    for (int simulation = 0; simulation < simulations; simulation++) {
      double[] values = noise.path(rho, YEARS);
      for (int year = 0; year < YEARS; year++) {
        values[year] = Math.min(1, Math.max(0, truth.level(year) + scale * values[year]));
      }
      line.add(SeriesTests.of(Series.of(values), true));
    }
    return line;
  }

  /** The table in Markdown, in percent. */
  public static String markdown(int simulations, long seed) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| truth | rho | mk_p < 0.05 | trend_p < 0.05 | sup_f_p < 0.05 | break_years | persistent | diversifying | concentrating | stable | relapsing | rebounding | undetermined |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Truth truth : Truth.values()) {
      for (double rho : RHOS) {
        text.append(simulate(truth, rho, simulations, seed).text()).append('\n');
      }
    }
    return text.toString();
  }
}
