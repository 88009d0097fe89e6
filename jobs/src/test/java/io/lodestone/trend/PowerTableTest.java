package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The shape of the README's table, with fewer simulations. */
class PowerTableTest {
  private static final int SIMULATIONS = 1_000;

  @Test
  void holdsItsSizeWithoutMemoryAndFindsAFall() {
    PowerTable.Line none = PowerTable.simulate(PowerTable.Truth.NO_CHANGE, 0, SIMULATIONS, 1);
    assertThat(none.trend()).isBetween(0.03, 0.09);
    assertThat(none.supF()).isBetween(0.03, 0.08);
    assertThat(none.verdict(Verdict.DIVERSIFYING)).isLessThan(0.06);
    PowerTable.Line fall = PowerTable.simulate(PowerTable.Truth.TREND, 0, SIMULATIONS, 1);
    assertThat(fall.trend()).isGreaterThan(0.95);
    assertThat(fall.verdict(Verdict.DIVERSIFYING)).isGreaterThan(0.95);
    assertThat(fall.verdict(Verdict.CONCENTRATING)).isZero();
    PowerTable.Line shift = PowerTable.simulate(PowerTable.Truth.SHIFT, 0, SIMULATIONS, 1);
    assertThat(shift.supF()).isGreaterThan(0.9);
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(PowerTable.markdown(20, 5)).isEqualTo(PowerTable.markdown(20, 5));
  }
}
