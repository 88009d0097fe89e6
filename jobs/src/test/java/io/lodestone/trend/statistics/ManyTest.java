package io.lodestone.trend.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Q-values, the bootstrap and the decompositions. */
class ManyTest {

  @Test
  void givesTheWorkedQValuesAndLeavesOutWhatIsNotTested() {
    double[] p = {0.04, Double.NaN, 0.01, 0.02};
    assertThat(FalseDiscovery.benjaminiHochberg(p))
        .containsExactly(new double[] {0.04, Double.NaN, 0.03, 0.03}, within(1e-15));
    double harmonic = 1 + 1 / 2.0 + 1 / 3.0;
    assertThat(FalseDiscovery.benjaminiYekutieli(p)[2]).isCloseTo(0.03 * harmonic, within(1e-15));
    assertThat(FalseDiscovery.holm(p))
        .containsExactly(new double[] {0.04, Double.NaN, 0.03, 0.04}, within(1e-15));
    assertThat(FalseDiscovery.benjaminiHochberg(new double[0])).isEmpty();
  }

  @Test
  void stopsAtTwentyExceedancesAndNeverSaysLessThanOneInAThousand() {
    double[] rising = new double[16];
    Arrays.setAll(rising, at -> at);
    Series series = Series.of(rising);
    MannKendall test = MannKendall.of(series);
    assertThat(TrendBootstrap.p(series, test.s(), test.variance(), 0)).isEqualTo(0.001);
    double[] flat = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
    MannKendall none = MannKendall.of(Series.of(flat));
    double p = TrendBootstrap.p(Series.of(flat), none.s(), none.variance(), 0);
    assertThat(20 / p).as("draws").isCloseTo(Math.round(20 / p), within(1e-9)).isLessThan(60);
  }

  @Test
  void asksMoreOfASeriesThatRemembers() {
    double[] values = {
      .52, .50, .51, .47, .49, .46, .48, .45, .44, .46, .43, .44, .42, .43, .41, .42
    };
    Series series = Series.of(values);
    MannKendall test = MannKendall.of(series);
    assertThat(TrendBootstrap.p(series, test.s(), test.variance(), 0.9))
        .isGreaterThan(TrendBootstrap.p(series, test.s(), test.variance(), 0));
  }

  @Test
  void givesAGappySeriesThePathsOfItsOwnYears() {
    double[] values = {5, Double.NaN, 4, 6, 3, Double.NaN, Double.NaN, 4, 2, 3, 1, 2};
    Series series = Series.of(values);
    MannKendall test = MannKendall.of(series);
    double p = TrendBootstrap.p(series, test.s(), test.variance(), 0.3);
    assertThat(p).isBetween(0.001, 0.05);
    assertThat(TrendBootstrap.p(series, test.s(), test.variance(), 0.3)).as("again").isEqualTo(p);
  }

  @Test
  void isNearlyUnbiasedAboutRho() {
    for (double rho : new double[] {0, 0.3, 0.5}) {
      AutoregressiveNoise noise = new AutoregressiveNoise(5);
      double sum = 0;
      for (int trial = 0; trial < 4000; trial++) {
        Series series = Series.of(noise.path(rho, 16));
        sum += Autoregression.rho(series, SenSlope.of(series, 1).slope());
      }
      assertThat(sum / 4000).as("rho %s", rho).isCloseTo(rho, within(0.08));
    }
  }

  @Test
  void splitsTheWorkedChangeOfConcentration() {
    double[] parts =
        Decomposition.ofConcentration(new double[] {.7, .1, .2}, new double[] {.6, .2, .2});
    assertThat(parts).containsExactly(new double[] {-0.032, -0.068, 0}, within(1e-12));
  }

  @Test
  void partsAddUpAndTheOrderOfSuppliersChangesNothing() {
    SplittableRandom random = new SplittableRandom(2);
    for (int trial = 0; trial < 500; trial++) {
      int suppliers = 1 + random.nextInt(12);
      double[] before = shares(random, suppliers);
      double[] after = shares(random, suppliers);
      double[] parts = Decomposition.ofConcentration(before, after);
      double change =
          Arrays.stream(after).map(s -> s * s).sum() - Arrays.stream(before).map(s -> s * s).sum();
      assertThat(Arrays.stream(parts).sum()).isCloseTo(change, within(1e-12));
      double[] turned = Decomposition.ofConcentration(reversed(before), reversed(after));
      assertThat(reversed(turned)).containsExactly(parts, within(1e-12));

      double[] sharesBefore = random.doubles(suppliers).toArray();
      double[] sharesAfter = random.doubles(suppliers).toArray();
      if (suppliers > 1) {
        // One item is new: its weight was 0 and its share unknown.
        before[1] += before[0];
        before[0] = 0;
        sharesBefore[0] = Double.NaN;
      }
      Decomposition.Basket basket =
          Decomposition.ofBasket(before, sharesBefore, after, sharesAfter);
      assertThat(basket.within() + basket.between())
          .isCloseTo(whole(after, sharesAfter) - whole(before, sharesBefore), within(1e-12));
    }
    Decomposition.ValueShare parts = Decomposition.ofValueShare(0.5, 0.4, 0.6, 0.3);
    assertThat(parts.volume() + parts.price()).isCloseTo(Math.log(0.6 / 0.5), within(1e-12));
  }

  @Test
  void countsAnItemThatComesWhollyAsBetween() {
    Decomposition.Basket basket =
        Decomposition.ofBasket(
            new double[] {1, 0},
            new double[] {0.5, Double.NaN},
            new double[] {0.8, 0.2},
            new double[] {0.5, 0.9});
    assertThat(basket.within()).isCloseTo(0, within(1e-15));
    assertThat(basket.between()).isCloseTo(0.08, within(1e-15));
  }

  private static double whole(double[] weights, double[] shares) {
    double sum = 0;
    for (int item = 0; item < weights.length; item++) {
      sum += weights[item] == 0 ? 0 : weights[item] * shares[item];
    }
    return sum;
  }

  private static double[] shares(SplittableRandom random, int suppliers) {
    double[] amounts = random.doubles(suppliers).map(d -> d < 0.2 ? 0 : d).toArray();
    amounts[0] += 0.01;
    double all = Arrays.stream(amounts).sum();
    return Arrays.stream(amounts).map(amount -> amount / all).toArray();
  }

  private static double[] reversed(double[] values) {
    double[] reversed = new double[values.length];
    Arrays.setAll(reversed, at -> values[values.length - 1 - at]);
    return reversed;
  }
}
