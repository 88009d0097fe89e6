package io.lodestone.diversification.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Concentration against cost, under caps. */
final class FrontierTest {
  private static final double CLOSE = 2e-4;

  @Test
  void sharesEquallyWhereNothingBindsAndCostsAreAlike() {
    Frontier.Result found = Frontier.of(new double[] {2, 2, 2, 2}, new double[] {1, 1, 1, 1}, 5);

    assertThat(found.note()).isEmpty();
    assertThat(found.points()).hasSize(1);
    assertThat(found.points().get(0).shares())
        .containsExactly(new double[] {.25, .25, .25, .25}, within(CLOSE));
    assertThat(found.points().get(0).hhi()).isCloseTo(0.25, within(CLOSE));
    assertThat(found.points().get(0).unitCost()).isCloseTo(2, within(CLOSE));
  }

  @Test
  void runsFromTheCheapestToTheFlattestMix() {
    Frontier.Result found = Frontier.of(new double[] {1, 3}, new double[] {1, 1}, 3);

    assertThat(found.points()).hasSize(3);
    assertThat(found.points().get(0).shares()).containsExactly(new double[] {1, 0}, within(CLOSE));
    // Half of the way from cost 1 to cost 2 is 1.5: three quarters of the cheap one.
    assertThat(found.points().get(1).shares())
        .containsExactly(new double[] {.75, .25}, within(CLOSE));
    assertThat(found.points().get(1).hhi()).isCloseTo(0.625, within(CLOSE));
    assertThat(found.points().get(2).shares())
        .containsExactly(new double[] {.5, .5}, within(CLOSE));
  }

  @Test
  void keepsToCaps() {
    Frontier.Result found = Frontier.of(new double[] {1, 1, 1}, new double[] {1, 0.1, 0.05}, 4);

    assertThat(found.points().get(0).shares())
        .containsExactly(new double[] {.85, .1, .05}, within(CLOSE));
  }

  @Test
  void saysThatCapsAreInfeasibleAndBySoMuch() {
    Frontier.Result found = Frontier.of(new double[] {1, 2}, new double[] {0.4, 0.33}, 4);

    assertThat(found.points()).isEmpty();
    assertThat(found.note())
        .isEqualTo("infeasible: all suppliers together can deliver 0.730 of the imports");
  }

  @Test
  void meetsTheConditionsOfKarushKuhnAndTuckerAndFallsMonotonously() {
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 0; trial < 60; trial++) {
      int suppliers = 2 + random.nextInt(28);
      double[] costs = new double[suppliers];
      double[] limits = new double[suppliers];
      for (int supplier = 0; supplier < suppliers; supplier++) {
        costs[supplier] = Math.exp(3 * random.nextDouble());
        limits[supplier] = supplier == 0 ? 0.9 : 0.6 * random.nextDouble();
      }
      List<Frontier.Point> points = Frontier.of(costs, limits, 6).points();
      if (Arrays.stream(limits).sum() < 1) {
        assertThat(points).isEmpty();
        continue;
      }
      for (int point = 0; point < points.size(); point++) {
        requireOptimal(points.get(point), costs, limits);
        if (point > 0) {
          assertThat(points.get(point).hhi())
              .isLessThanOrEqualTo(points.get(point - 1).hhi() + CLOSE);
          assertThat(points.get(point).unitCost())
              .isGreaterThanOrEqualTo(points.get(point - 1).unitCost() - CLOSE);
        }
      }
    }
  }

  /**
   * Feasible, and no other feasible mix of the same cost is less concentrated: the optimum of the
   * programme is s = clip(level - price * cost, 0, limit) for the one level and price that meet the
   * sum and the budget, found here by bisection without any solver.
   */
  private static void requireOptimal(Frontier.Point point, double[] costs, double[] limits) {
    double[] shares = point.shares();
    assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(CLOSE));
    for (int supplier = 0; supplier < shares.length; supplier++) {
      assertThat(shares[supplier]).isBetween(0.0, limits[supplier] + CLOSE);
    }
    double low = 0;
    double high = 1e6;
    for (int step = 0; step < 200; step++) {
      double price = (low + high) / 2;
      if (cost(filled(price, costs, limits), costs) > point.unitCost()) {
        low = price;
      } else {
        high = price;
      }
    }
    double least = Arrays.stream(filled(high, costs, limits)).map(share -> share * share).sum();
    assertThat(point.hhi()).isCloseTo(least, within(5e-4));
  }

  private static double cost(double[] shares, double[] costs) {
    double cost = 0;
    for (int supplier = 0; supplier < shares.length; supplier++) {
      cost += shares[supplier] * costs[supplier];
    }
    return cost;
  }

  private static double[] filled(double price, double[] costs, double[] limits) {
    double low = -1;
    double high = 2 + price * Arrays.stream(costs).max().orElseThrow();
    double[] shares = new double[costs.length];
    for (int step = 0; step < 200; step++) {
      double level = (low + high) / 2;
      for (int supplier = 0; supplier < costs.length; supplier++) {
        shares[supplier] = Math.max(0, Math.min(limits[supplier], level - price * costs[supplier]));
      }
      if (Arrays.stream(shares).sum() > 1) {
        high = level;
      } else {
        low = level;
      }
    }
    return shares;
  }
}
