package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Settings;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A lake does not grow with its nights: files, log and cost stay as they are. */
@Tag("trial")
@ExtendWith(SharedSpark.class)
final class NightsTest {

  private static final int LONG = 40;

  /**
   * What a night left.
   *
   * @param files of rows of the table that has most of them
   * @param log files of the longest log
   * @param seconds that the night took
   */
  private record Night(long files, long log, double seconds) {}

  @Test
  void keepsFilesLogAndCostFlat(Workplace workplace) throws IOException {
    Trials trials = Trials.of("nights", 1);
    int nights = (int) trials.toMake().count();
    // A "day" of a few seconds: the history holds some thirty nights, and a night in seven
    // maintains; of the few of a test run, every one does.
    Duration history = Duration.ofSeconds(trials.isLong() ? 150 : 10);
    workplace.nights(
        new Settings.Nights(1, history, 24, Duration.ofMinutes(2), history.dividedBy(4)));
    workplace.set("lost.max", "1").set("withdrawn.max", "1").set("rejects.max", "1");
    Arrivals arrivals = new Arrivals(1, workplace);
    arrivals.begin(4);
    workplace.nightly("first");
    List<Night> made = new ArrayList<>();
    for (int night = 0; night < nights; night++) {
      arrivals.revise();
      long started = System.nanoTime();
      workplace.nightly("night-%03d".formatted(night));
      double seconds = (System.nanoTime() - started) / 1e9;
      long files = 0;
      long log = 0;
      for (Table table : Tables.ALL) {
        Path folder = workplace.folder().resolve("lake").resolve(table.name());
        files = Math.max(files, count(folder, ".parquet"));
        log = Math.max(log, count(folder.resolve("_delta_log"), ""));
      }
      made.add(new Night(files, log, seconds));
      trials.made(
          "night %d, most files of a table %d, of a log %d, %.1f s"
              .formatted(night, files, log, seconds));
    }
    if (nights >= LONG) {
      // The first half fills the history; what follows must look alike.
      List<Night> early = made.subList(nights / 2, 3 * nights / 4);
      List<Night> late = made.subList(3 * nights / 4, nights);
      assertThat(most(late, Night::files)).isLessThanOrEqualTo(1.25 * most(early, Night::files));
      assertThat(most(late, Night::log)).isLessThanOrEqualTo(1.25 * most(early, Night::log));
      assertThat(median(late)).isLessThanOrEqualTo(1.25 * median(early));
    }
    assertThat(most(made, Night::log))
        .as("a maintained log holds the nights of the history and those to the next checkpoint")
        .isLessThan(200);
  }

  private static double most(List<Night> nights, ToLongFunction<Night> count) {
    return nights.stream().mapToLong(count).max().orElse(0);
  }

  private static double median(List<Night> nights) {
    return nights.stream()
        .mapToDouble(Night::seconds)
        .sorted()
        .skip(nights.size() / 2)
        .findFirst()
        .orElse(0);
  }

  private static long count(Path folder, String suffix) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .filter(file -> suffix.isEmpty() || !file.toString().contains("_delta_log"))
          .count();
    }
  }
}
