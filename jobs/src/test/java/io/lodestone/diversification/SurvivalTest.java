package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import io.lodestone.records.Goods;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links of an invented world, whose hazard is known. */
@ExtendWith(SharedSpark.class)
final class SurvivalTest {

  @Test
  void findsTheHazardRatioOfAgeWithinItsIntervalAndBeatsTheLifeTable(Workplace workplace) {
    SimulatedTrade.of(20, 6, 3).write(workplace.lake());
    Goods goods = Goods.load(ConfFiles.load(Optional.empty(), null));
    try (SourceTables tables =
        SourceTables.of(workplace.lake(), "baci", workplace.settings().models(), goods)) {
      Outcome outcome =
          new Survival().fit(tables, new Path(workplace.folder().resolve("model").toUri()));

      Outcome.Coefficient age =
          outcome.coefficients.stream()
              .filter(found -> found.term().equals("ln_age"))
              .findFirst()
              .orElseThrow();
      System.out.printf(
          "hazard by ln age: %.3f, %.3f to %.3f, the truth %.1f; skill %s%n",
          age.estimate(), age.low(), age.high(), SimulatedTrade.AGE, outcome.skill);
      assertThat(age.low()).isLessThanOrEqualTo(SimulatedTrade.AGE);
      assertThat(age.high()).isGreaterThanOrEqualTo(SimulatedTrade.AGE);
      assertThat(outcome.skill.orElseThrow().passes()).isTrue();
      assertThat(outcome.metrics.get(Outcome.Window.TEST)).containsKey("log_loss_age_unknown");
    }
  }
}
