package io.lodestone.trend.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MannKendallTest {
  /** Japan's rare-earth share from China, percent. */
  private static final Series JAPAN =
      Series.of(
          new int[] {2008, 2009, 2010, 2011, 2012, 2014, 2018},
          new double[] {90, 85.49, 81.61, 68.37, 58, 59.64, 58});

  @Test
  void givesTheCheckVectorExactAndNormal() {
    MannKendall test = MannKendall.of(JAPAN);
    assertThat(test.s()).isEqualTo(-18);
    assertThat(test.variance()).isCloseTo(43.3333, within(5e-5));
    assertThat(test.z()).isCloseTo(-2.582485, within(5e-7));
    assertThat(test.pNormal()).isCloseTo(0.009809, within(5e-7));
    assertThat(test.p()).isCloseTo(24 / 5040.0, within(1e-15));
    assertThat(SenSlope.of(JAPAN, test.variance()).slope()).isCloseTo(-4.51, within(1e-9));
  }

  @Test
  void countsArrangementsAsTryingAllOfThemDoes() {
    for (double[] values :
        List.of(
            new double[] {1, 2, 3, 4, 5, 6, 7},
            new double[] {1, 1, 2, 2, 3, 5},
            new double[] {0, 0, 0, 0, 1, 1, 2},
            new double[] {1, 1, 1, 2},
            new double[] {3, 1})) {
      int[] counts = new int[values.length * values.length];
      int all = arrangements(values.clone(), 0, counts);
      int[] groups = Ranks.groups(values);
      int more = 0;
      for (int s = counts.length - 1; s >= 0; s--) {
        more += counts[s];
        assertThat(ExactKendall.twoSided(groups, -s))
            .as("%s, |S| >= %d", Arrays.toString(values), s)
            .isCloseTo((double) more / all, within(1e-14));
      }
    }
  }

  private static int arrangements(double[] values, int from, int[] counts) {
    if (from == values.length) {
      counts[Math.abs(MannKendall.score(values, values.length))]++;
      return 1;
    }
    int made = 0;
    for (int at = from; at < values.length; at++) {
      swap(values, from, at);
      made += arrangements(values, from + 1, counts);
      swap(values, from, at);
    }
    return made;
  }

  private static void swap(double[] values, int one, int other) {
    double kept = values[one];
    values[one] = values[other];
    values[other] = kept;
  }

  @Test
  void cannotBeSmallForFewYears() {
    assertThat(MannKendall.of(Series.of(1, 2, 3)).p()).isCloseTo(2 / 6.0, within(1e-15));
    assertThat(MannKendall.of(Series.of(1, 2, 3, 4)).p()).isCloseTo(2 / 24.0, within(1e-15));
    assertThat(MannKendall.of(Series.of(1, 2, 3, 4, 5)).p()).isCloseTo(2 / 120.0, within(1e-15));
  }

  @Test
  void usesTheNormalDistributionAboveTenYears() {
    Series ten = Series.of(IntStream.range(0, 10).asDoubleStream().toArray());
    Series eleven = Series.of(IntStream.range(0, 11).asDoubleStream().toArray());
    assertThat(MannKendall.of(ten).p()).isNotEqualTo(MannKendall.of(ten).pNormal());
    assertThat(MannKendall.of(eleven).p()).isEqualTo(MannKendall.of(eleven).pNormal());
  }

  @Test
  void leavesNaNOutAndKeepsTheTimesOfTheRest() {
    Series gap = Series.of(new int[] {2010, 2011, 2012, 2013}, new double[] {1, Double.NaN, 2, 4});
    assertThat(gap.size()).isEqualTo(3);
    assertThat(gap.hasGaps()).isTrue();
    assertThat(SenSlope.of(gap, 1).slope()).isEqualTo(1);
    assertThat(HamedRao.variance(gap, 1, 1)).isNaN();
  }

  @Test
  void hasDefinedResultsForNoneOneAndConstantValues() {
    for (Series series : List.of(Series.of(), Series.of(3), Series.of(Double.NaN, Double.NaN))) {
      assertThat(MannKendall.of(series)).isEqualTo(new MannKendall(0, 0, 0, 1, 1, 0));
      assertThat(SenSlope.of(series, 0).slope()).isNaN();
      assertThat(Autoregression.rho(series, 0)).isNaN();
      assertThat(Pettitt.of(series)).isEqualTo(new Pettitt(0, 0, 1));
      assertThat(SupF.of(series).f()).isNaN();
      assertThat(LevelBreaks.of(series)).isEmpty();
    }
    for (double value : new double[] {0, 1}) {
      double[] same = new double[16];
      Arrays.fill(same, value);
      Series constant = Series.of(same);
      MannKendall test = MannKendall.of(constant);
      assertThat(test).isEqualTo(new MannKendall(0, 0, 0, 1, 1, 0));
      SenSlope sen = SenSlope.of(constant, test.variance());
      assertThat(new double[] {sen.slope(), sen.low(0.95), sen.high(0.95)}).containsOnly(0);
      assertThat(Autoregression.rho(constant, 0)).isZero();
      assertThat(TrendBootstrap.p(constant, 0, 0, 0)).isEqualTo(1);
      assertThat(Pettitt.of(constant).p()).isEqualTo(1);
      assertThat(SupF.of(constant)).isEqualTo(new SupF(0, -1));
      assertThat(CriticalValues.shipped().p(0, 16, 0)).isEqualTo(1);
      assertThat(LevelBreaks.of(constant)).isEmpty();
    }
  }

  @Test
  void refusesTimesThatDoNotIncrease() {
    assertThatThrownBy(() -> Series.of(new int[] {2010, 2010}, new double[] {1, 2}))
        .hasMessage("time 2010 follows 2010; times must increase");
  }

  @Test
  void reversalFlipsTheSignAndScalingAndShiftingChangeNoP() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      int n = 8 + random.nextInt(17);
      double[] values =
          IntStream.range(0, n).mapToDouble(at -> random.nextInt(12) / 16.0).toArray();
      double[] backwards = new double[n];
      double[] moved = new double[n];
      for (int at = 0; at < n; at++) {
        backwards[at] = values[n - 1 - at];
        moved[at] = 4 * values[at] + 2;
      }
      MannKendall test = MannKendall.of(Series.of(values));
      MannKendall reversed = MannKendall.of(Series.of(backwards));
      MannKendall scaled = MannKendall.of(Series.of(moved));
      assertThat(reversed.s()).isEqualTo(-test.s());
      assertThat(reversed.p()).isEqualTo(test.p());
      assertThat(scaled).isEqualTo(test);
      SenSlope sen = SenSlope.of(Series.of(values), test.variance());
      SenSlope ofMoved = SenSlope.of(Series.of(moved), test.variance());
      assertThat(SenSlope.of(Series.of(backwards), test.variance()).slope())
          .isEqualTo(-sen.slope() + 0.0);
      assertThat(ofMoved.slope()).isCloseTo(4 * sen.slope(), within(1e-12));
      assertThat(ofMoved.low(0.9)).isCloseTo(4 * sen.low(0.9), within(1e-12));
      double rho = Autoregression.rho(Series.of(values), sen.slope());
      assertThat(Autoregression.rho(Series.of(moved), ofMoved.slope()))
          .isCloseTo(rho, within(1e-9));
      assertThat(SupF.of(Series.of(moved)).f())
          .isCloseTo(SupF.of(Series.of(values)).f(), within(1e-6));
      assertThat(Pettitt.of(Series.of(moved))).isEqualTo(Pettitt.of(Series.of(values)));
    }
  }

  @Test
  void takesSensIntervalFromTheRanksThatGilbertGives() {
    // N = 45 slopes, Var = 125, C = 1.959964 sqrt(125) = 21.9131: ranks 11.5435 and 34.4565.
    double[] values = {1, 4, 2, 6, 5, 9, 7, 10, 12, 11};
    Series series = Series.of(values);
    double[] slopes = new double[45];
    int place = 0;
    for (int later = 1; later < 10; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        slopes[place++] = (values[later] - values[earlier]) / (later - earlier);
      }
    }
    Arrays.sort(slopes);
    SenSlope sen = SenSlope.of(series, 125);
    assertThat(sen.low(0.95))
        .isCloseTo(slopes[10] + 0.543462 * (slopes[11] - slopes[10]), within(1e-5));
    assertThat(sen.high(0.95))
        .isCloseTo(slopes[33] + 0.456538 * (slopes[34] - slopes[33]), within(1e-5));
    assertThat(SenSlope.of(Series.of(1, 2, 4), 11.0 / 3).low(0.95)).isNaN();
  }

  @Test
  void neverTakesHamedAndRaosVarianceBelowThatOfIndependentYears() {
    Series alternating = Series.of(1, 9, 2, 8, 3, 7, 4, 6, 5, 9, 1, 8, 2, 7, 3, 6);
    MannKendall test = MannKendall.of(alternating);
    assertThat(HamedRao.uncapped(alternating, 0, test.variance(), 15, 1.96))
        .isLessThan(test.variance());
    assertThat(HamedRao.variance(alternating, 0, test.variance())).isEqualTo(test.variance());
  }
}
