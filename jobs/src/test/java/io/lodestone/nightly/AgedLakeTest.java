package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaLog$;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A lake that is older than a week, which is as far back as Delta goes unless it is told to. */
@Tag("nights")
@ExtendWith(SharedSpark.class)
final class AgedLakeTest {
  private static final Pattern DELETED = Pattern.compile("(\"deletionTimestamp\":)(\\d+)");

  /**
   * As if all that lies in the lake had been written so long before, and deleted so long before.
   */
  private static void age(Workplace workplace, Duration written, Duration deleted)
      throws IOException {
    try (Stream<Path> files = Files.walk(workplace.folder().resolve("lake"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.getFileName().toString().endsWith(".crc")) {
          // Checksums of what is written anew, by Hadoop and by Delta.
          Files.delete(file);
          continue;
        }
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        if (file.getFileName().toString().matches("\\d{20}\\.json")
            && file.getParent().endsWith("_delta_log")) {
          Files.writeString(
              file,
              DELETED
                  .matcher(Files.readString(file))
                  .replaceAll(
                      found ->
                          found.group(1) + (Long.parseLong(found.group(2)) - deleted.toMillis())));
        }
        Files.setLastModifiedTime(file, FileTime.from(modified.minus(written)));
      }
    }
    // What is known of the tables is of the files as they were.
    DeltaLog$.MODULE$.clearCache();
  }

  private static void records(Workplace workplace) {
    workplace
        .set("lost.max", "1")
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2020,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,704,H4,280530,30,300")
        .comtrade("comtrade/2021.csv", "C,A,2021,52,392,M,156,H4,280530,60,600");
  }

  @Test
  void isRestoredAndReadAndGoesOnAfterAQuietMonth(Workplace workplace) throws IOException {
    records(workplace);
    workplace.nightly("first");
    Map<String, List<String>> before = NightlyTest.contents(workplace);
    age(workplace, Duration.ofDays(30), Duration.ofDays(30));

    workplace
        .set("lost.max", "0.1")
        .comtrade("comtrade/2020.csv", "C,A,2020,52,392,M,156,H4,280530,70,700");
    assertThat(Workplace.failure(() -> workplace.nightly("stopped")).exitCode()).isEqualTo(3);
    assertThat(NightlyTest.contents(workplace)).as("restored").isEqualTo(before);
    assertThat(AsOf.published(workplace.lake()).read(Tables.FLOW).count()).isEqualTo(3);

    workplace.set("lost.max", "1");
    assertThat(workplace.nightly("next").outcome()).isEqualTo("published");
    assertThat(workplace.rows(Tables.FLOW, "year = 2020", "partner")).containsExactly("CHN");
  }

  @Test
  void showsARunOfTheHistoryAfterItsFilesWereReplacedAndVacuumed(Workplace workplace)
      throws IOException {
    records(workplace);
    workplace.set("history.days", "30").set("maintain.days", "20");
    workplace.nightly("first");
    workplace.comtrade("comtrade/2021.csv", "C,A,2021,52,392,M,156,H4,280530,30,300");
    workplace.nightly("second");
    // Files of a hundred days ago that were replaced ten days ago.
    age(workplace, Duration.ofDays(100), Duration.ofDays(10));

    assertThat(workplace.maintain("maintained").outcome()).isEqualTo("unchanged");
    assertThat(workplace.printed())
        .as("whoever asks for it gets it, due or not")
        .contains("maintain: kept what the runs of 30 days show");
    assertThat(NightlyTest.valueOf2021(workplace, "first")).isEqualTo(600);
  }

  @Test
  void doesNotPromiseWhatWasDeletedUnderAShorterHistory(Workplace workplace) {
    records(workplace);
    workplace.nightly("first");
    workplace.comtrade("comtrade/2021.csv", "C,A,2021,52,392,M,156,H4,280530,30,300");
    workplace.nightly("second");
    DeltaLog.forTable(workplace.spark(), workplace.lake().path(Tables.FLOW).toString())
        .checkpoint();
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(100));
    workplace.nightly("later", Workplace.steps("ingest", "dependency"), later);
    assertThat(workplace.printed()).contains("maintain: kept what the runs of 90 days show");
    assertThat(ExplainTest.explained(workplace, "year = 2020 AND partner = 'CHN'"))
        .as("the log no longer reaches back to the run that wrote it")
        .contains("run first, before the log begins", "  first  nightly, published, ");
    assertThat(ExplainTest.explained(workplace, "year = 2021 AND partner = 'CHN'"))
        .contains("run second, version ", "  second  nightly, published, ");

    workplace.set("history.days", "365");
    assertThat(
            Workplace.failure(
                () -> AsOf.run(workplace.lake(), "first", workplace.settings(), later.instant())))
        .hasMessageContaining("by spark.lodestone.history.days = 365 now or fewer when")
        .hasMessageEndingWith("the oldest readable run is later.");
    AsOf.run(workplace.lake(), "later", workplace.settings(), later.instant());
  }
}
