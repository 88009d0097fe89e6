package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Failure;
import io.lodestone.JobLabels;
import io.lodestone.Pipeline;
import io.lodestone.Scope;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Both steps on an invented world: what they write, what they keep, what they do again. */
@ExtendWith(SharedSpark.class)
final class FitAndScoreTest {

  @Test
  void fitsScoresAndDoesNothingTheSecondTime(Workplace workplace) {
    SimulatedTrade.of(24, 8, 1).write(workplace.lake());

    assertThat(workplace.run("fit")).isTrue();
    try (JobLabels labels = new JobLabels(workplace.spark().sparkContext())) {
      assertThat(workplace.run("score")).isTrue();
      assertThat(labels.seen())
          .contains("score | score: entry, entry-1 of baci")
          .contains("score | score: link_survival, survival of baci");
    }

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
        .contains("score: nothing to do, its inputs and settings have not changed");
    assertThat(workplace.versions()).isEqualTo(versions);
  }

  @Test
  void fitsAgainForAnotherWatchListOrBaseRevisionAndInARebuild(Workplace workplace) {
    SimulatedTrade.of(6, 1, 2).write(workplace.lake());
    assertThat(workplace.run("fit")).isTrue();
    workplace.conf("goods.csv", workplace.conf("goods.csv") + "# looked at again");
    assertThat(workplace.run("fit")).as("another watch list").isTrue();
    workplace.set("hs.base", "HS2017");
    assertThat(workplace.run("fit")).as("another base revision").isTrue();
    assertThat(workplace.rows(Tables.MODEL, "name = 'survival'", "settings['hs.base']"))
        .contains("HS2017");
    assertThat(workplace.run("fit")).isFalse();
    assertThat(workplace.again(Scope.EVERYTHING).run("fit")).as("a rebuild").isTrue();
    assertThat(workplace.rows(Tables.MODEL, "name = 'survival'", "status"))
        .as("that it cannot be fitted stands there once")
        .containsExactly(Fit.NOT_FITTED);
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

  /** A night in which these sources are read. */
  private static void night(Workplace workplace, String run, Map<String, SimulatedTrade> trades) {
    Pipeline.Step records =
        new Pipeline.Step(
            "records",
            "",
            List.of(),
            Fit.INPUTS,
            (its, step) -> {
              trades.forEach((source, trade) -> trade.write(its.lake(), source));
              return true;
            });
    List<Pipeline.Step> steps = new ArrayList<>(List.of(records));
    steps.addAll(Workplace.steps("fit", "score"));
    workplace.nightly(run, steps, Clock.systemUTC());
  }

  private static Map<String, List<String>> scores(Workplace workplace) {
    Map<String, List<String>> scores = new TreeMap<>();
    for (Table table : Models.tables()) {
      if (workplace.lake().exists(table)) {
        scores.put(table.name(), workplace.rows(table));
      }
    }
    return scores;
  }

  private static Map<String, List<String>> filesOf(Workplace workplace, String source) {
    Map<String, List<String>> files = new TreeMap<>();
    for (Table table : Models.tables()) {
      if (workplace.lake().exists(table)) {
        files.put(
            table.name(),
            Stream.of(workplace.table(table).where("source = '%s'".formatted(source)).inputFiles())
                .sorted()
                .toList());
      }
    }
    return files;
  }

  @Tag("slow")
  @Test
  void scoresOnlyTheSourceThatHasChanged(Workplace workplace) {
    SimulatedTrade trade = SimulatedTrade.of(24, 8, 1);
    SimulatedTrade other = SimulatedTrade.of(24, 8, 2);
    night(workplace, "first", Map.of("baci", trade, "mirrored", other));
    Map<String, List<String>> scores = scores(workplace);
    Map<String, List<String>> files = filesOf(workplace, "baci");
    assertThat(files.keySet()).contains("entry", "forecast", "candidate");
    assertThat(files.get("candidate")).isNotEmpty();
    assertThat(filesOf(workplace, "mirrored").get("candidate")).isNotEmpty();

    workplace.printed();
    night(workplace, "same", Map.of("baci", trade));
    assertThat(workplace.printed())
        .as("the same rows, written again")
        .contains("no source changed");
    assertThat(filesOf(workplace, "baci")).isEqualTo(files);

    night(workplace, "changed", Map.of("mirrored", other.changedAfter(2024)));
    assertThat(workplace.printed()).contains("score: mirrored changed");
    assertThat(filesOf(workplace, "baci")).isEqualTo(files);
    Map<String, List<String>> changed = scores(workplace);
    assertThat(changed.get("candidate")).isNotEqualTo(scores.get("candidate"));
    workplace.again(Scope.EVERYTHING).run("score");
    assertThat(filesOf(workplace, "baci")).as("a full run").isNotEqualTo(files);
    assertThat(scores(workplace)).isEqualTo(changed);

    night(workplace.again(Scope.CHANGES), "gone", Map.of("mirrored", new SimulatedTrade()));
    assertThat(workplace.table(Tables.CANDIDATE).select("source").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("baci");
  }
}
