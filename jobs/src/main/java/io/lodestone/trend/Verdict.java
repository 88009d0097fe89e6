package io.lodestone.trend;

import java.util.Locale;

/**
 * What sixteen points allow to be said of a series, and the rule that says it.
 *
 * <p>In this order: too short; not enough coverage; a fall or rise that was taken back; a trend
 * that is more than noise and large enough to matter; no change that matters; else nothing can be
 * said.
 *
 * <p>Relapsing and rebounding describe the path and rest on no test: a series that swings by more
 * than 0.10 earns them by chance (how often, the README's table says). Diversifying, concentrating
 * and stable rest on a test or an interval, and a {@code persistent} series, whose memory is too
 * long for either, earns none of them.
 *
 * <p>For HHI and shares less is more diverse. For effective suppliers more is: signs are reversed,
 * and a step in HHI becomes the step in 1/HHI that it makes at HHI 0.4.
 */
public enum Verdict {
  TOO_SHORT,
  LOW_COVERAGE,
  RELAPSING,
  REBOUNDING,
  DIVERSIFYING,
  CONCENTRATING,
  STABLE,
  UNDETERMINED;

  /** With fewer years the smallest attainable p cannot decide anything. */
  public static final int FEWEST_YEARS = 8;

  /** The share of the window's years, and of the trade in them, that must be known. */
  static final double LEAST_YEARS_COVERED = 2.0 / 3;

  static final double LEAST_TRADE_COVERED = 0.8;

  /** With less, a single year is no observation, and one such year can make a turn. */
  static final double LEAST_TRADE_COVERED_IN_A_YEAR = 0.5;

  /** From the mean of the first years to the far end of the path before the last ones. */
  static final double TURN = 0.10;

  /** Of which so much must be taken back by the mean of the last years. */
  static final double TAKEN_BACK = 0.5;

  /** Years that the means of the first and the last years are over. */
  static final int END_YEARS = 3;

  /** The Sen change over the series' years that matters. */
  static final double MATTERS = 0.05;

  /** Of the series called diversifying or concentrating, so many may be noise. */
  static final double FALSE_DISCOVERIES = 0.10;

  /** Level of the interval that must lie within the change that does not matter. */
  static final double STABLE_LEVEL = 0.90;

  /** 0.60 less 0.50 is a fall of 0.10, whatever a double makes of it. */
  private static final double ROUNDING = 1e-9;

  /** Above it a series of sixteen years cannot be told from a random walk. */
  static final double PERSISTENT = 0.8;

  /** d(1/H) = dH / H^2 at the HHI from which imports count as concentrated. */
  private static final double SUPPLIERS_PER_HHI = 1 / (0.4 * 0.4);

  /**
   * What the rule looks at; all of it stands in the row.
   *
   * @param measure hhi, effective_suppliers or a share
   * @param years with a value
   * @param windowYears years of the window
   * @param coverage share of the trade in those years that the measure knows, mean
   * @param coverageLeast the same of the year in which it is least
   * @param firstMean mean of the first three years
   * @param lastMean mean of the last three years
   * @param least of the years between those
   * @param greatest of the same
   * @param change Sen slope times the years from first to last
   * @param changeLow lower end of its 90 % interval
   * @param changeHigh upper end of its 90 % interval
   * @param q Benjamini-Hochberg q-value of the trend; NaN where none was tested
   * @param persistent whether rho is too near 1
   */
  record Facts(
      String measure,
      int years,
      int windowYears,
      double coverage,
      double coverageLeast,
      double firstMean,
      double lastMean,
      double least,
      double greatest,
      double change,
      double changeLow,
      double changeHigh,
      double q,
      boolean persistent) {

    boolean isTooShort() {
      return years < FEWEST_YEARS;
    }

    boolean isCovered() {
      return years >= LEAST_YEARS_COVERED * windowYears
          && coverage >= LEAST_TRADE_COVERED
          && coverageLeast >= LEAST_TRADE_COVERED_IN_A_YEAR;
    }

    /** Whether the trend is one of those that are judged together. */
    boolean isEligible() {
      return !isTooShort() && isCovered();
    }

    /** As if it were an HHI: effective suppliers change sign and unit. */
    private Facts asConcentration() {
      if (!measure.equals(Measure.EFFECTIVE_SUPPLIERS)) {
        return this;
      }
      double unit = -1 / SUPPLIERS_PER_HHI;
      return new Facts(
          Measure.HHI,
          years,
          windowYears,
          coverage,
          coverageLeast,
          unit * firstMean,
          unit * lastMean,
          unit * greatest,
          unit * least,
          unit * change,
          unit * changeHigh,
          unit * changeLow,
          q,
          persistent);
    }
  }

  /** The rule. */
  static Verdict of(Facts facts) {
    Facts seen = facts.asConcentration();
    if (seen.isTooShort()) {
      return TOO_SHORT;
    }
    if (!seen.isCovered()) {
      return LOW_COVERAGE;
    }
    double fall = seen.firstMean() - seen.least();
    if (fall >= TURN - ROUNDING && seen.lastMean() - seen.least() >= TAKEN_BACK * fall - ROUNDING) {
      return RELAPSING;
    }
    double rise = seen.greatest() - seen.firstMean();
    if (rise >= TURN - ROUNDING
        && seen.greatest() - seen.lastMean() >= TAKEN_BACK * rise - ROUNDING) {
      return REBOUNDING;
    }
    if (seen.persistent()) {
      return UNDETERMINED;
    }
    if (seen.q() < FALSE_DISCOVERIES && seen.change() <= -MATTERS + ROUNDING) {
      return DIVERSIFYING;
    }
    if (seen.q() < FALSE_DISCOVERIES && seen.change() >= MATTERS - ROUNDING) {
      return CONCENTRATING;
    }
    if (seen.changeLow() >= -MATTERS - ROUNDING && seen.changeHigh() <= MATTERS + ROUNDING) {
      return STABLE;
    }
    return UNDETERMINED;
  }

  /** The change that matters, in units of a measure. */
  static double matters(String measure) {
    return measure.equals(Measure.EFFECTIVE_SUPPLIERS) ? MATTERS * SUPPLIERS_PER_HHI : MATTERS;
  }

  /** As it stands in the table. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
