package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Settings;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A lake does not grow with its nights: files, log and cost stay as they are. */
@ExtendWith(SharedSpark.class)
final class NightsTest {

  /**
   * What a night left.
   *
   * @param files below the folder of the lake's largest count of them, without its log
   * @param log files of its log
   * @param seconds that the night took
   */
  private record Night(long files, long log, double seconds) {}

  @Test
  void keepsFilesLogAndCostFlat(Workplace workplace) throws IOException {
    Trials trials = Trials.of("nights", 6);
    int nights = (int) trials.toMake().count();
    // A "day" of a few seconds: the history holds some nights, and a night in three maintains.
    Duration history = Duration.ofSeconds(trials.isLong() ? 60 : 10);
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
      for (Table table : Journal.published()) {
        Path folder = workplace.folder().resolve("lake").resolve(table.name());
        files = Math.max(files, count(folder, ".parquet"));
        log = Math.max(log, count(folder.resolve("_delta_log"), ""));
      }
      made.add(new Night(files, log, seconds));
      trials.made(
          "night %d, most files of a table %d, of a log %d, %.1f s"
              .formatted(night, files, log, seconds));
    }
    if (nights > 0) {
      // Nights of a history, the checkpoints among them, and what a week of no maintenance adds.
      assertThat(made.get(made.size() - 1).files()).isLessThan(400);
      assertThat(made.get(made.size() - 1).log()).isLessThan(200);
    }
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
