package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.trend.statistics.Series;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** All tests of a series together: what the odd ones give, and what must not matter. */
class SeriesTestsTest {
  private static final double[] SHARES = {
    .81, .80, .83, .78, .77, .79, .74, .75, .70, .72, .69, .70, .66, .67, .63, .65
  };

  @Test
  void saysNothingOfASeriesWithoutAValue() {
    double[] unknown = new double[16];
    Arrays.fill(unknown, Double.NaN);
    SeriesTests none = SeriesTests.of(Series.of(unknown), true);
    assertThat(none.years()).isZero();
    assertThat(
            new double[] {
              none.firstValue(),
              none.lastValue(),
              none.mannKendall().p(),
              none.trendP(),
              none.rho(),
              none.slope(),
              none.slopeLow(),
              none.change(),
              none.pettittP(),
              none.supF(),
              none.supFP(),
              none.firstMean(),
              none.least()
            })
        .containsOnly(Double.NaN);
    assertThat(none.breakYears()).isEmpty();
    assertThat(none.segmentMeans()).isEmpty();
    assertThat(Verdict.of(none.whollyKnown(Double.NaN, false))).isEqualTo(Verdict.TOO_SHORT);
  }

  @Test
  void findsAllZeroAsWellAsOneSupplierThroughoutStable() {
    for (double level : new double[] {0, 0.4, 1}) {
      double[] values = new double[16];
      Arrays.fill(values, level);
      SeriesTests constant = SeriesTests.of(Series.of(values), true);
      assertThat(constant.mannKendall().s()).isZero();
      assertThat(constant.mannKendall().variance()).isZero();
      assertThat(
              new double[] {
                constant.mannKendall().p(),
                constant.mannKendall().pNormal(),
                constant.trendP(),
                constant.pettittP(),
                constant.supFP()
              })
          .as("level %s: nothing speaks of a trend or a shift", level)
          .containsOnly(1);
      assertThat(
              new double[] {
                constant.slope(),
                constant.slopeLow(),
                constant.slopeHigh(),
                constant.change(),
                constant.rho(),
                constant.supF()
              })
          .containsOnly(0);
      assertThat(constant.breakYears()).isEmpty();
      assertThat(constant.segmentMeans()).containsExactly(new double[] {level}, within(1e-15));
      assertThat(Verdict.of(constant.whollyKnown(1, false))).isEqualTo(Verdict.STABLE);
    }
  }

  @Test
  void leavesOutWhatIsUnknownAndKeepsTheYearsOfTheRest() {
    double[] gappy = SHARES.clone();
    gappy[3] = Double.NaN;
    gappy[9] = Double.NaN;
    SeriesTests tests = SeriesTests.of(Series.of(gappy), true);
    assertThat(tests.years()).isEqualTo(14);
    assertThat(tests.lastYear()).isEqualTo(15);
    assertThat(tests.change())
        .as("the change over all years, not over the known ones")
        .isCloseTo(15 * tests.slope(), within(1e-15));
    assertThat(tests.hamedRaoP()).as("autocorrelations of a series with gaps").isNaN();
    assertThat(tests.trendP()).isBetween(0.001, 0.05);
    double[] closed = Arrays.stream(gappy).filter(value -> !Double.isNaN(value)).toArray();
    assertThat(SeriesTests.of(Series.of(closed), true).slope())
        .as("as if the years without records had never been")
        .isLessThan(tests.slope());
  }

  @Test
  void givesOneValueNoTestAndTwoNoInterval() {
    SeriesTests one = SeriesTests.of(Series.of(.5), true);
    assertThat(one.firstValue()).isEqualTo(.5);
    assertThat(new double[] {one.mannKendall().p(), one.slope(), one.rho(), one.supF()})
        .containsOnly(Double.NaN);
    assertThat(one.segmentMeans()).containsExactly(.5);
    assertThat(SeriesTests.of(Series.of(.5, .6), true).slope()).isCloseTo(.1, within(1e-15));
  }

  /** Powers of two change no digit of a double, so that not even a tie can turn. */
  @Test
  void keepsEveryPWhereASeriesIsScaledShiftedOrReversed() {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 40; trial++) {
      double[] values = new double[16];
      double[] moved = new double[16];
      double[] reversed = new double[16];
      for (int year = 0; year < values.length; year++) {
        values[year] = random.nextInt(512) / 1024.0 - year * (trial % 4) / 64.0;
        moved[year] = 4 * values[year] + 32;
        reversed[values.length - 1 - year] = values[year];
      }
      SeriesTests tests = SeriesTests.of(Series.of(values), false);
      SeriesTests scaled = SeriesTests.of(Series.of(moved), false);
      assertThat(scaled.mannKendall()).isEqualTo(tests.mannKendall());
      assertThat(scaled.trendP()).isEqualTo(tests.trendP());
      assertThat(scaled.pettittP()).isEqualTo(tests.pettittP());
      assertThat(scaled.hamedRaoP()).isCloseTo(tests.hamedRaoP(), within(1e-9));
      assertThat(scaled.supF()).isCloseTo(tests.supF(), within(1e-9 * tests.supF()));
      assertThat(scaled.supFP()).isCloseTo(tests.supFP(), within(1e-9));
      assertThat(scaled.slope()).isCloseTo(4 * tests.slope(), within(1e-12));
      assertThat(scaled.rho()).isCloseTo(tests.rho(), within(1e-9));

      SeriesTests turned = SeriesTests.of(Series.of(reversed), false);
      assertThat(turned.mannKendall().s()).isEqualTo(-tests.mannKendall().s());
      assertThat(turned.mannKendall().p()).isEqualTo(tests.mannKendall().p());
      assertThat(turned.slope()).isCloseTo(-tests.slope(), within(1e-12));
      assertThat(turned.slopeLow()).isCloseTo(-tests.slopeHigh(), within(1e-12));
      assertThat(turned.pettittP()).isCloseTo(tests.pettittP(), within(1e-12));
      assertThat(turned.supF()).isCloseTo(tests.supF(), within(1e-9 * tests.supF()));
    }
  }
}
