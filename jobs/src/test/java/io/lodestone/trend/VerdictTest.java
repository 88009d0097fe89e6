package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.trend.statistics.Series;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final double NO_Q = 0.5;

  /** Sixteen covered years that change by some amount, with an interval of 0.02 about it. */
  private static Verdict.Facts trend(double change, double q) {
    return facts(Measure.HHI, 0.5, 0.5 + change, change, q, false);
  }

  private static Verdict.Facts facts(
      String measure, double first, double last, double change, double q, boolean persistent) {
    return new Verdict.Facts(
        measure,
        16,
        16,
        1,
        1,
        first,
        last,
        Math.min(first, last),
        Math.max(first, last),
        change,
        change - 0.02,
        change + 0.02,
        q,
        persistent);
  }

  private static Verdict.Facts path(
      String measure, double first, double last, double least, double greatest) {
    return new Verdict.Facts(
        measure, 16, 16, 1, 1, first, last, least, greatest, 0, -0.2, 0.2, NO_Q, false);
  }

  private static Verdict.Facts known(int years, double coverage, double least) {
    return new Verdict.Facts(
        Measure.HHI, years, 16, coverage, least, .5, .5, .5, .5, 0, 0, 0, 1, false);
  }

  @Test
  void needsEightYears() {
    assertThat(Verdict.of(known(7, 1, 1))).isEqualTo(Verdict.TOO_SHORT);
    assertThat(Verdict.of(known(8, 1, 1))).isEqualTo(Verdict.LOW_COVERAGE);
  }

  @Test
  void needsTwoThirdsOfTheYearsAndMostOfTheTradeInThem() {
    assertThat(Verdict.of(known(11, 1, 1))).isEqualTo(Verdict.STABLE);
    assertThat(Verdict.of(known(10, 1, 1))).isEqualTo(Verdict.LOW_COVERAGE);
    assertThat(Verdict.of(known(16, 0.79, 0.79))).isEqualTo(Verdict.LOW_COVERAGE);
    assertThat(Verdict.of(known(16, 0.95, 0.3))).isEqualTo(Verdict.LOW_COVERAGE);
    assertThat(Verdict.of(known(16, Double.NaN, Double.NaN))).isEqualTo(Verdict.LOW_COVERAGE);
  }

  @Test
  void callsAFallThatWasTakenBackRelapsingBeforeItAsksForATrend() {
    assertThat(Verdict.of(path(Measure.HHI, 0.60, 0.55, 0.50, 0.62))).isEqualTo(Verdict.RELAPSING);
    assertThat(Verdict.of(path(Measure.HHI, 0.60, 0.54, 0.50, 0.62)))
        .as("less than half taken back")
        .isEqualTo(Verdict.UNDETERMINED);
    assertThat(Verdict.of(path(Measure.HHI, 0.60, 0.60, 0.51, 0.62)))
        .as("a fall of less than 0.10")
        .isEqualTo(Verdict.UNDETERMINED);
  }

  @Test
  void callsTheMirrorImageRebounding() {
    assertThat(Verdict.of(path(Measure.HHI, 0.50, 0.55, 0.49, 0.60))).isEqualTo(Verdict.REBOUNDING);
  }

  private static Verdict ofShares(double... shares) {
    return Verdict.of(SeriesTests.of(Series.of(shares), true).whollyKnown(0.01, false));
  }

  @Test
  void callsASteepFallOrRiseByItsDirectionHoweverFarItsFirstYearsAreApart() {
    double[] falling = new double[16];
    double[] rising = new double[16];
    for (int year = 0; year < falling.length; year++) {
      falling[year] = 0.95 * Math.pow(0.85, year);
      rising[year] = 1 - falling[year];
    }
    assertThat(ofShares(falling)).isEqualTo(Verdict.DIVERSIFYING);
    assertThat(ofShares(rising)).isEqualTo(Verdict.CONCENTRATING);
    assertThat(ofShares(.9, .88, .9, .6, .5, .5, .6, .7, .8, .8)).isEqualTo(Verdict.RELAPSING);
    assertThat(
            ofShares(
                .69, .64, .66, .70, .65, .68, .66, .64, .67, .69, .66, .65, .68, .66, .70, .53))
        .as("a fall of the last year has not been taken back")
        .isNotEqualTo(Verdict.RELAPSING);
  }

  @Test
  void callsATrendOnlyWhatIsBothSureAndLarge() {
    assertThat(Verdict.of(trend(-0.05, 0.09))).isEqualTo(Verdict.DIVERSIFYING);
    assertThat(Verdict.of(trend(0.05, 0.09))).isEqualTo(Verdict.CONCENTRATING);
    assertThat(Verdict.of(trend(-0.06, 0.10))).isEqualTo(Verdict.UNDETERMINED);
    assertThat(Verdict.of(trend(-0.02, 0.001))).as("sure and small").isEqualTo(Verdict.STABLE);
    assertThat(Verdict.of(trend(-0.04, 0.001))).isEqualTo(Verdict.UNDETERMINED);
  }

  @Test
  void saysNothingThatRestsOnATestOfAPersistentSeries() {
    assertThat(Verdict.of(facts(Measure.HHI, .5, .4, -.08, .001, true)))
        .isEqualTo(Verdict.UNDETERMINED);
    assertThat(Verdict.of(facts(Measure.HHI, .5, .5, 0, .5, true))).isEqualTo(Verdict.UNDETERMINED);
  }

  /** At HHI 0.4 there are 2.5 suppliers, and 0.05 of HHI is 0.3125 of a supplier. */
  @Test
  void turnsSignsRoundForEffectiveSuppliers() {
    String measure = Measure.EFFECTIVE_SUPPLIERS;
    assertThat(Verdict.of(facts(measure, 2.5, 2.9, 0.33, 0.01, false)))
        .isEqualTo(Verdict.DIVERSIFYING);
    assertThat(Verdict.of(facts(measure, 2.5, 2.1, -0.33, 0.01, false)))
        .isEqualTo(Verdict.CONCENTRATING);
    assertThat(Verdict.of(facts(measure, 2.5, 2.6, 0.1, 0.5, false))).isEqualTo(Verdict.STABLE);
    assertThat(Verdict.of(path(measure, 2.5, 2.6, 2.4, 3.2))).isEqualTo(Verdict.RELAPSING);
    assertThat(Verdict.of(path(measure, 2.5, 2.4, 1.8, 2.6))).isEqualTo(Verdict.REBOUNDING);
  }
}
