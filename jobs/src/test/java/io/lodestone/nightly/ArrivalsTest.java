package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import io.lodestone.lake.Column;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Night by night or all at once: the same tables, whatever arrived, was revised or withdrawn. */
@Tag("trial")
@ExtendWith(SharedSpark.class)
final class ArrivalsTest {
  private static final int FILES = 4;

  /** All rows of the tables that are published, as the latest versions hold them. */
  static Map<String, List<String>> contents(Workplace workplace) {
    return contents(workplace, workplace.lake());
  }

  static Map<String, List<String>> contents(Workplace workplace, Lake lake) {
    Map<String, List<String>> contents = new TreeMap<>();
    // A model is fitted once a version and says when: its tables differ by their nature.
    for (Table table :
        Journal.published().stream()
            .filter(table -> table.columns().stream().noneMatch(ArrivalsTest::isOfAModel))
            .toList()) {
      contents.put(table.name(), Workplace.texts(lake.read(table).collectAsList()));
    }
    return contents;
  }

  private static boolean isOfAModel(Column column) {
    return column.name().equals("model_version") || column.name().equals("fitted_at");
  }

  private static Workplace open(Workplace workplace) {
    return workplace
        .set("withdrawn.max", "1")
        .set("rejects.max", "1")
        .set("lost.max", "1")
        .set("lake", workplace.folder().resolve("lake").toString());
  }

  private static void night(Workplace workplace, String run) {
    workplace.nightly(
        run,
        Workplace.steps("ingest", "dependency", "trend", "trend-monthly"),
        java.time.Clock.systemUTC());
  }

  @Test
  void makesNightByNightWhatARebuildMakesAtOnce(Workplace workplace) throws IOException {
    Trials trials = Trials.of("arrivals", 1);
    for (long seed : trials.toMake().toArray()) {
      int nights = 2 + new Random(seed).nextInt(trials.isLong() ? 5 : 1);
      String lake = workplace.folder().resolve("lake-" + seed).toString();
      open(workplace)
          .set("lake", lake)
          .set("records", workplace.folder().resolve("records").toString());
      workplace.clear();
      Arrivals arrivals = new Arrivals(seed, workplace);
      arrivals.begin(FILES);
      night(workplace, "first");
      List<String> changes = new ArrayList<>();
      for (int night = 0; night < nights; night++) {
        changes.add(arrivals.change());
        night(workplace, "night-" + night);
      }
      Map<String, List<String>> nightly = contents(workplace);
      night(workplace.set("lake", lake + "-at-once"), "once");
      assertThat(nightly)
          .as("seed %d: %s", seed, changes)
          .containsExactlyInAnyOrderEntriesOf(contents(workplace));
      trials.made(
          "seed %d, %d nights, equal, %d rows by month"
              .formatted(seed, nights, nightly.get("trend_monthly").size()));
    }
  }
}
