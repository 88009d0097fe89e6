package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Failure;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Both steps on an invented world: what they write, what they keep, what they do again. */
@ExtendWith(SharedSpark.class)
final class FitAndScoreTest {

  @Test
  void fitsScoresAndDoesNothingTheSecondTime(Workplace workplace) {
    SimulatedTrade.of(24, 8, 1).write(workplace.lake());

    assertThat(workplace.run("fit")).isTrue();
    assertThat(workplace.run("score")).isTrue();

    assertThat(workplace.rows(Tables.LINK_SURVIVAL, "NOT (p_1 > p_3 AND p_3 > p_5)", "p_1"))
        .isEmpty();
    // In this world a country's exports decide, and the naive forecast knows them.
    boolean passed =
        workplace.rows(Tables.MODEL, "name = 'entry-1'", "status").equals(List.of(Fit.PUBLISHED));
    assertThat(
            workplace
                .table(Tables.ENTRY)
                .where("horizon = 1")
                .select("method")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(passed ? "model" : "naive");
    assertThat(workplace.rows(Tables.ENTRY, "horizon = 3", "supplier")).isNotEmpty();
    assertThat(workplace.rows(Tables.CANDIDATE, "rank = 1", "reason")).isNotEmpty();
    Map<String, Long> versions = workplace.versions();

    assertThat(workplace.run("fit")).isFalse();
    assertThat(workplace.run("score")).isFalse();
    assertThat(workplace.printed())
        .contains("fit: nothing to do, all models of these settings are fitted")
        .contains("score: nothing to do, its inputs, models and settings have not changed");
    assertThat(workplace.versions()).isEqualTo(versions);
  }

  @Test
  void saysWhyNothingCouldBeFittedAndKeepsTheTables(Workplace workplace) {
    SimulatedTrade.of(6, 1, 2).write(workplace.lake());

    assertThat(workplace.run("fit")).isTrue();

    List<String> reasons = workplace.rows(Tables.MODEL, "name = 'entry-1'", "status", "reason");
    assertThat(reasons).hasSize(1);
    assertThat(reasons.get(0)).startsWith("not_fitted ").contains("fewer than 200");
    workplace.run("score");
    assertThat(workplace.lake().exists(Tables.ENTRY)).isFalse();

    workplace.set("models.required", "true");
    Failure failure = Workplace.failure(() -> workplace.run("fit"));
    assertThat(failure.exitCode()).isEqualTo(3);
    assertThat(failure).hasMessageContaining("baci entry-1 (");
  }
}
