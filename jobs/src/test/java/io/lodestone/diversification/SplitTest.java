package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Windows by time. */
final class SplitTest {

  /** Six held-out years, but no window of two years lies across the end of 2021. */
  @Test
  void countsOriginsWhoseWindowsShareNoYearInEachFold() {
    Split split = new Split(2010, 2018, 2021, 2024);

    assertThat(IntStream.rangeClosed(1, 5).map(split::independentOrigins))
        .containsExactly(6, 2, 2, 0, 0);
    assertThat(new Split(2010, 2018, 2021, 2020).independentOrigins(1)).isEqualTo(2);
  }
}
