package io.lodestone.diversification.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Forecasts of simulated series, made from what was known. */
final class HorizonForecastTest {
  private static final int YEARS = 16;
  private static final int TRAIN = 8;

  /** A series with its importer and product. */
  private record Simulated(String importer, String product, double[] shares) {
    History history() {
      return new History(shares, LogitShare.USUAL, 0);
    }
  }

  private static List<Simulated> world(double rho, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Simulated> world = new ArrayList<>();
    for (int number = 0; number < 1200; number++) {
      double mean = random.nextGaussian();
      double deviation = rho < 1 ? 0.4 * random.nextGaussian() / Math.sqrt(1 - rho * rho) : 0;
      double[] shares = new double[YEARS];
      for (int year = 0; year < YEARS; year++) {
        shares[year] = LogitShare.share(mean + deviation);
        deviation = rho * deviation + 0.4 * random.nextGaussian();
      }
      world.add(new Simulated("I" + number % 40, "P" + number / 40, shares));
    }
    return world;
  }

  /** The forecast for a horizon as it would have been made at an origin. */
  private static HorizonForecast forecast(List<Simulated> world, int origin, int horizon) {
    double[] scaleSums = new double[PoolScale.size(YEARS)];
    world.forEach(series -> PoolScale.add(scaleSums, series.history()));
    double[] pool = PoolScale.byYear(scaleSums);
    double[] sums = new double[Reversion.size(YEARS)];
    world.forEach(
        series ->
            Reversion.add(
                sums,
                series.history(),
                pool,
                Reversion.weights(series.importer(), series.product(), 1)));
    Reversion[][] fits = new Reversion[1][Reversion.HORIZONS];
    for (int ahead = 1; ahead <= Reversion.HORIZONS; ahead++) {
      fits[0][ahead - 1] = Reversion.of(sums, YEARS, origin, ahead);
    }
    double[] counts = new double[ErrorCounts.size(1)];
    world.forEach(series -> ErrorCounts.add(counts, series.history(), pool, fits, origin));
    return new HorizonForecast(
        horizon,
        pool[origin],
        fits[0][horizon - 1],
        ErrorCounts.ofModel(counts, 0, horizon),
        ErrorCounts.ofNaive(counts, 0, horizon));
  }

  private static double[] quantiles(HorizonForecast forecast, Simulated series, boolean naive) {
    return naive
        ? forecast.naive(series.history(), TRAIN)
        : forecast.model(series.history(), TRAIN);
  }

  private static double coverage(List<Simulated> world, HorizonForecast forecast, boolean naive) {
    int held = 0;
    for (Simulated series : world) {
      double[] quantiles = quantiles(forecast, series, naive);
      double outcome = series.shares()[TRAIN + forecast.horizon()];
      held +=
          outcome >= HorizonForecast.at(quantiles, 0.05)
                  && outcome <= HorizonForecast.at(quantiles, 0.95)
              ? 1
              : 0;
    }
    return (double) held / world.size();
  }

  private static double error(List<Simulated> world, HorizonForecast forecast, boolean naive) {
    double sum = 0;
    for (Simulated series : world) {
      double median = HorizonForecast.at(quantiles(forecast, series, naive), 0.5);
      sum += Math.abs(median - series.shares()[TRAIN + forecast.horizon()]);
    }
    return sum / world.size();
  }

  @Test
  void coversNineOfTenOutcomesAtEveryHorizonAndBeatsTheNaiveForecastWhereSharesReturn() {
    List<Simulated> world = world(0.6, 5);
    for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
      HorizonForecast forecast = forecast(world, TRAIN, horizon);
      assertThat(coverage(world, forecast, false))
          .as("model, horizon %d", horizon)
          .isBetween(0.85, 0.95);
      assertThat(coverage(world, forecast, true))
          .as("naive, horizon %d", horizon)
          .isBetween(0.84, 0.96);
      assertThat(error(world, forecast, false)).isLessThan(error(world, forecast, true));
    }
  }

  @Test
  void saysLittleElseThanTheNaiveForecastOfARandomWalk() {
    List<Simulated> world = world(1, 6);
    HorizonForecast forecast = forecast(world, TRAIN, 1);

    assertThat(forecast.fit().gap()).isCloseTo(0, within(0.05));
    assertThat(forecast.fit().momentum()).isCloseTo(0, within(0.05));
    assertThat(coverage(world, forecast, false)).isBetween(0.86, 0.94);
  }

  @Test
  void looksPastNoYear() {
    List<Simulated> world = world(0.7, 7);
    List<Simulated> otherFuture =
        world.stream()
            .map(
                series -> {
                  double[] shares = Arrays.copyOf(series.shares(), YEARS);
                  for (int year = TRAIN + 1; year < YEARS; year++) {
                    shares[year] = 1 - shares[year] / 3;
                  }
                  return new Simulated(series.importer(), series.product(), shares);
                })
            .toList();

    for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
      HorizonForecast before = forecast(world, TRAIN, horizon);
      HorizonForecast after = forecast(otherFuture, TRAIN, horizon);
      assertThat(after.fit()).isEqualTo(before.fit());
      for (int place = 0; place < world.size(); place += 100) {
        assertThat(quantiles(after, otherFuture.get(place), false))
            .containsExactly(quantiles(before, world.get(place), false));
        assertThat(quantiles(after, otherFuture.get(place), true))
            .containsExactly(quantiles(before, world.get(place), true));
      }
    }
  }

  @Test
  void centresTheNaiveForecastOnTheLastValue() {
    List<Simulated> world = world(0.9, 8);
    HorizonForecast forecast = forecast(world, TRAIN, 2);
    Simulated series = world.get(3);

    double[] quantiles = forecast.naive(series.history(), TRAIN);

    assertThat(HorizonForecast.at(quantiles, 0.5)).isCloseTo(series.shares()[TRAIN], within(1e-3));
    assertThat(quantiles).isSorted();
    assertThat(HorizonForecast.below(quantiles, 0)).isEqualTo(0.5 / 200);
    assertThat(HorizonForecast.below(quantiles, 1)).isEqualTo(199.5 / 200);
  }

  @Test
  void saysNothingWhereThePoolIsSmall() {
    HorizonForecast forecast = forecast(world(0.7, 9).subList(0, 5), TRAIN, 1);

    assertThat(forecast.hasModel()).isFalse();
    assertThat(forecast.hasNaive()).isFalse();
  }

  @Test
  void keepsAFloorByWhatWasKnown() {
    double[] shares = {0.01, 0.02, 0.02, 0.4, 0.4, Double.NaN};
    History history = new History(shares, LogitShare.USUAL, 0.05);

    assertThat(history.isOrigin(2)).as("0.02 is below").isFalse();
    assertThat(history.isOrigin(3)).as("0.4 is not").isTrue();
    assertThat(history.isOrigin(5)).as("unknown").isFalse();
    assertThat(history.momentum(4)).isZero();
    assertThat(history.gap(4)).isNegative();
  }
}
