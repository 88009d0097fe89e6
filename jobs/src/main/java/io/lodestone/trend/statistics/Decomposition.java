package io.lodestone.trend.statistics;

/**
 * Why a concentration or a share changed, in parts that add up to the whole exactly.
 *
 * <p>Shares are fractions in [0, 1]. Nothing here is an estimate; the order of the parts is the
 * order of what came in.
 */
public final class Decomposition {
  private Decomposition() {}

  /**
   * What each supplier adds to the change of the HHI: (s_1 - s_0)(s_1 + s_0 - H_0 - H_1).
   *
   * <p>The sum is that of (s_1 - s_0)(s_1 + s_0) = H_1 - H_0, since changes of shares add up to 0;
   * and a small newcomer's gain lowers the HHI, as it should. Source: this identity; that the terms
   * are taken about H_0 + H_1, which changes their sum by nothing, is a choice of Lodestone.
   *
   * <p>Worked: 0.7, 0.1, 0.2 to 0.6, 0.2, 0.2: H falls from 0.54 to 0.44 by -0.032, -0.068 and 0.
   *
   * @param before shares that add up to 1; 0 for who did not supply
   * @param after shares of the same suppliers
   */
  public static double[] ofConcentration(double[] before, double[] after) {
    double first = squares(before);
    double last = squares(after);
    double[] parts = new double[before.length];
    for (int at = 0; at < parts.length; at++) {
      parts[at] = (after[at] - before[at]) * (after[at] + before[at] - first - last);
    }
    return parts;
  }

  private static double squares(double[] shares) {
    double sum = 0;
    for (double share : shares) {
      sum += share * share;
    }
    return sum;
  }

  /**
   * What a basket's share owes to its items' own shares and to their weights.
   *
   * @param within sum over items of the mean weight times the change of the item's share
   * @param between sum over items of the mean share times the change of the item's weight
   */
  public record Basket(double within, double between) {}

  /**
   * A basket's share is the sum of w s over its items. An item that is absent in one year (weight
   * 0, share NaN) takes its other year's share, so that its whole effect is between. Source: the
   * within and between of Griliches and Regev (1995), weights and shares at their means.
   *
   * <p>Worked: weights 0.5, 0.5 to 0.25, 0.75 with the shares 0.8, 0.4 to 0.8, 0.6: the share goes
   * from 0.6 to 0.65, within 0.125, between -0.075.
   *
   * @param weightsBefore of the items, adding up to 1
   * @param sharesBefore of one supplier in each item; NaN where the item is absent
   */
  public static Basket ofBasket(
      double[] weightsBefore, double[] sharesBefore, double[] weightsAfter, double[] sharesAfter) {
    double within = 0;
    double between = 0;
    for (int item = 0; item < weightsBefore.length; item++) {
      double before = Double.isNaN(sharesBefore[item]) ? sharesAfter[item] : sharesBefore[item];
      double after = Double.isNaN(sharesAfter[item]) ? sharesBefore[item] : sharesAfter[item];
      if (Double.isNaN(before)) {
        continue;
      }
      within += (weightsBefore[item] + weightsAfter[item]) / 2 * (after - before);
      between += (before + after) / 2 * (weightsAfter[item] - weightsBefore[item]);
    }
    return new Basket(within, between);
  }

  /**
   * What the change of the logarithm of a supplier's share of the value owes to its share of the
   * volume and to its price beside the average: ln s^v = ln s^q + ln(uv_j / uv_average). Source:
   * this identity, since s^v / s^q = (v_j / q_j) / (V / Q).
   *
   * @param volume change of ln s^q
   * @param price change of ln(s^v / s^q), which is the relative unit value
   */
  public record ValueShare(double volume, double price) {}

  /** All four shares are positive. */
  public static ValueShare ofValueShare(
      double valueBefore, double quantityBefore, double valueAfter, double quantityAfter) {
    return new ValueShare(
        Math.log(quantityAfter / quantityBefore),
        Math.log(valueAfter / quantityAfter) - Math.log(valueBefore / quantityBefore));
  }
}
