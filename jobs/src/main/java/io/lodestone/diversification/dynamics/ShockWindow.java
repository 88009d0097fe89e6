package io.lodestone.diversification.dynamics;

import java.util.List;

/**
 * Years in which shares moved for reasons that are not adjustment: a covariate of it.
 *
 * @param name as a term of the table coefficient
 * @param from first year
 * @param to last year
 */
public record ShockWindow(String name, int from, int to) {
  private static final int STILL_OPEN = 9999;

  /**
   * China's export quotas on rare earths and the rush of 2010-11; the ruling and the end of the
   * quotas in 2015; the pandemic of 2020; the licences on gallium, germanium, graphite and rare
   * earths from 2023 on.
   */
  public static final List<ShockWindow> ALL =
      List.of(
          new ShockWindow("shock:2010-2011", 2010, 2011),
          new ShockWindow("shock:2015", 2015, 2015),
          new ShockWindow("shock:2020", 2020, 2020),
          new ShockWindow("shock:2023-", 2023, STILL_OPEN));

  /** 1 in the window, 0 outside of it. */
  double indicator(int year) {
    return year >= from && year <= to ? 1 : 0;
  }
}
