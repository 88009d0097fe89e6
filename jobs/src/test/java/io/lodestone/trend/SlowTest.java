package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.trend.statistics.CriticalValues;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was simulated once and written down comes out again: {@code ./lodestone test slow}. */
@Tag("slow")
class SlowTest {

  @Test
  void simulatesTheShippedCriticalValuesAgainToTheLastDigit() throws IOException {
    try (InputStream stream = CriticalValues.class.getResourceAsStream("sup_f.csv")) {
      String shipped = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      String date = shipped.lines().skip(1).findFirst().orElseThrow().replaceFirst(".*, ", "");
      assertThat(CriticalValues.table(CriticalValues.SEED, CriticalValues.DRAWS, date))
          .isEqualTo(shipped);
    }
  }

  @Test
  void simulatesTheSizeAndPowerOfTheReadmeAgain() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .contains(PowerTable.markdown(PowerTable.SIMULATIONS, PowerTable.SEED));
  }
}
