package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lodestone.Failure;
import io.lodestone.Pipeline;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.ForeignLease;
import io.lodestone.lake.Publication;
import io.lodestone.lake.Table;
import io.lodestone.records.Ingest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A night publishes all or nothing, whatever stops it. */
@Tag("nights")
@ExtendWith(SharedSpark.class)
final class NightlyTest {
  private static Workplace records(Workplace workplace) {
    return workplace
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2020,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,704,H4,280530,20,200",
            "C,A,2020,52,392,M,842,H4,280530,10,100")
        .comtrade("comtrade/2021.csv", "C,A,2021,52,392,M,156,H4,280530,60,600");
  }

  static Map<String, List<String>> contents(Workplace workplace) {
    Map<String, List<String>> contents = new TreeMap<>();
    Journal.published().forEach(table -> contents.put(table.name(), workplace.rows(table)));
    return contents;
  }

  /** Versions of the tables that are published; journals grow with every night. */
  private static Map<String, Long> versions(Workplace workplace) {
    Map<String, Long> versions = workplace.versions();
    Tables.JOURNALS.forEach(journal -> versions.remove(journal.name()));
    return versions;
  }

  /** What stood in the first row of flow of that year as a run left it. */
  static int valueOf2021(Workplace workplace, String run) {
    return AsOf.run(workplace.lake(), run, workplace.settings(), Instant.now())
        .read(Tables.FLOW)
        .where("year = 2021")
        .selectExpr("int(value)")
        .first()
        .getInt(0);
  }

  private static List<String> runs(Workplace workplace) {
    return workplace.rows(Tables.RUN, "true", "run", "job", "outcome");
  }

  /** Steps of which the last writes and then fails. */
  private static List<Pipeline.Step> failing(String message) {
    List<Pipeline.Step> steps = new ArrayList<>(Workplace.steps("ingest", "dependency"));
    steps.add(
        new Pipeline.Step(
            "failing",
            "fails",
            List.of(),
            List.of(Tables.CANDIDATE),
            (run, step) -> {
              throw new IllegalStateException(message);
            }));
    return steps;
  }

  private static Path lake(Workplace workplace) {
    return workplace.folder().resolve("lake");
  }

  /** As a run of another machine leaves its lease that was killed long ago. */
  private static void leaveLease(Workplace workplace, long token, String run) throws IOException {
    Instant then = Instant.parse("2026-01-01T00:00:00Z");
    ForeignLease.take(lake(workplace), token, run, then);
  }

  @Test
  void publishesOneVersionOfEveryTableAndThenNothingNew(Workplace workplace) {
    records(workplace);
    Nightly.Ended first = workplace.nightly("first");
    assertThat(first.outcome()).isEqualTo("published");
    Publication published = workplace.lake().published().orElseThrow();
    assertThat(published.run()).isEqualTo("first");
    assertThat(published.versions()).isEqualTo(versions(workplace));
    assertThat(published.versions().values())
        .as("one commit creates the table, one brings the rows of the run, if there are any")
        .allMatch(version -> version <= 1);
    Map<String, List<String>> before = contents(workplace);

    assertThat(workplace.nightly("second").outcome()).isEqualTo("unchanged");
    assertThat(contents(workplace)).isEqualTo(before);
    assertThat(workplace.lake().published()).contains(published);
    assertThat(runs(workplace))
        .containsExactly("first nightly published", "second nightly unchanged");
    assertThat(workplace.rows(Tables.RUN, "run = 'first'", "rows['flow']", "outputs['flow']"))
        .containsExactly("4 1");
    assertThat(
            workplace.rows(Tables.CHECK, "run = 'second'", "rule", "severity", "passed", "table"))
        .as("a night that reads no file judges none")
        .containsExactly("fresh warn false source_file");

    workplace.comtrade("comtrade/2021.csv", "C,A,2021,52,392,M,156,H4,280530,30,300");
    assertThat(workplace.nightly("third").changed()).isTrue();
    assertThat(versions(workplace).values())
        .as("a night commits once to a table")
        .allMatch(version -> version <= 2);
    assertThat(valueOf2021(workplace, "first")).isEqualTo(600);
    Instant later = Instant.now().plus(Duration.ofDays(91));
    assertThat(
            Workplace.failure(
                () -> AsOf.run(workplace.lake(), "first", workplace.settings(), later)))
        .hasMessageContaining("the oldest readable run is none");
  }

  @Test
  void changesNothingWhenItIsStopped(Workplace workplace) throws IOException {
    records(workplace).nightly("first");
    Map<String, List<String>> before = contents(workplace);
    Publication published = workplace.lake().published().orElseThrow();

    workplace.comtrade("comtrade/2020.csv", "C,A,2020,52,392,M,156,H4,280530,70,700");
    Failure stopped = Workplace.failure(() -> workplace.nightly("stopped"));
    assertThat(stopped.exitCode()).isEqualTo(3);
    RunEnded ended = RunEnded.in(stopped).orElseThrow();
    assertThat(List.of(ended.run(), ended.outcome())).containsExactly("stopped", "stopped");
    assertThat(stopped)
        .hasMessage(
            "Cannot publish the run stopped: coverage: 0.6667 of the published records of the slice gone, limit 0.5000, in source_file where source = 'comtrade' AND year = 2020. What is published has not changed; see `./lodestone show check \"run = 'stopped'\"`.");
    assertThat(contents(workplace)).isEqualTo(before);
    assertThat(workplace.lake().published()).contains(published);
    assertThat(
            AsOf.run(workplace.lake(), "stopped", workplace.settings(), Instant.now())
                .read(Tables.FLOW)
                .count())
        .as("what stopped the run can be looked at")
        .isEqualTo(2);

    workplace.set("lost.max", "1");
    assertThatThrownBy(() -> workplace.nightly("faulty", failing("a disk"), Clock.systemUTC()))
        .hasMessage("a disk");
    assertThat(contents(workplace)).isEqualTo(before);

    leaveLease(workplace, 100, "killed");
    workplace.run("ingest");
    assertThat(workplace.rows(Tables.FLOW)).isNotEqualTo(before.get("flow"));
    assertThat(workplace.plan())
        .as("what the killed run wrote is no matter")
        .contains("changed files: 1\n  comtrade/2020.csv")
        .contains("slices: comtrade 2020\n");
    assertThat(workplace.nightly("last").changed()).isTrue();
    assertThat(workplace.plan())
        .as("a night of some steps does not say that the others would change nothing")
        .contains("step dependency: runs if it concerns what has changed");
    assertThat(runs(workplace))
        .containsExactly(
            "faulty nightly failed",
            "first nightly published",
            "killed other killed",
            "last nightly published",
            "stopped nightly stopped");
    ByteArrayOutputStream history = new ByteArrayOutputStream();
    History.print(workplace.lake(), new PrintStream(history, true, StandardCharsets.UTF_8));
    assertThat(history.toString(StandardCharsets.UTF_8))
        .containsPattern("last .*published.*\\n    program: .*\\n    settings: .*lost\\.max=1")
        .containsPattern("versions: .*flow \\d+ to \\d+")
        .containsPattern("slices: .*flow: .*year");
    assertThat(workplace.rows(Tables.FLOW, "year = 2020", "partner")).containsExactly("CHN");
  }

  /** A night that cannot write its row, and what it ends with. */
  private static RunEnded withoutRow(Workplace workplace, String run) throws IOException {
    Path row = Files.createFile(lake(workplace).resolve(Tables.RUN.name()));
    Throwable failed = catchThrowable(() -> workplace.nightly(run));
    Files.delete(row);
    return RunEnded.in(failed).orElseThrow();
  }

  @Test
  void leavesItsLeaseToTheNextRunWhereItCannotWriteRows(Workplace workplace) throws IOException {
    records(workplace);
    leaveLease(workplace, 100, "killed");
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    List<Pipeline.Step> steps = Workplace.steps("ingest", "dependency");

    assertThat(withoutRow(workplace, "healing").outcome()).isEqualTo("failed");
    assertThat(workplace.nightly("first", steps, later).outcome()).isEqualTo("published");
    assertThat(runs(workplace))
        .as("a run that could not heal leaves that to the next")
        .containsExactly(
            "first nightly published", "healing nightly killed", "killed other killed");
  }

  @Test
  void isPublishedAlsoWhereOnlyTheNextRunCanSaySo(Workplace workplace) throws IOException {
    records(workplace);
    Files.createDirectories(lake(workplace));
    RunEnded ended = withoutRow(workplace, "first");
    assertThat(List.of(ended.run(), ended.outcome())).containsExactly("first", "published");
    assertThat(workplace.lake().published().orElseThrow().run()).isEqualTo("first");
    Map<String, List<String>> before = contents(workplace);

    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    assertThat(
            workplace.nightly("second", Workplace.steps("ingest", "dependency"), later).outcome())
        .isEqualTo("unchanged");
    assertThat(contents(workplace)).isEqualTo(before);
    assertThat(runs(workplace))
        .containsExactly("first nightly published", "second nightly unchanged");
  }

  @Test
  void publishesNothingOfAFileThatChangesWhileItIsRead(Workplace workplace) {
    records(workplace).nightly("first");
    Map<String, List<String>> before = contents(workplace);
    workplace.comtrade("comtrade/2022.csv", "C,A,2022,52,392,M,156,H4,280530,50,500");
    Pipeline.Step ingest = Workplace.steps("ingest").get(0);
    // Between the listing, which the line follows, and the reading.
    Pipeline.Step meanwhile =
        new Pipeline.Step(
            ingest.name(),
            ingest.meaning(),
            ingest.reads(),
            ingest.writes(),
            (run, step) ->
                Ingest.run(
                    run.lake(),
                    run.settings(),
                    run.conf(),
                    run.scope(),
                    new Progress(
                        new PrintStream(OutputStream.nullOutputStream()) {
                          @Override
                          public PrintStream printf(String format, Object... values) {
                            if (String.valueOf(values[1]).endsWith("reading them")) {
                              workplace.comtrade(
                                  "comtrade/2022.csv",
                                  "C,A,2022,52,392,M,156,H4,280530,5,50",
                                  "C,A,2022,52,392,M,704,H4,280530,5,50");
                            }
                            return this;
                          }
                        })));
    Failure stopped =
        Workplace.failure(
            () -> workplace.nightly("meanwhile", List.of(meanwhile), Clock.systemUTC()));
    assertThat(stopped.exitCode()).isEqualTo(3);
    assertThat(stopped)
        .hasMessage(
            "Cannot load %s: comtrade/2022.csv changed while it was read; run again when it is whole."
                .formatted(workplace.records()));
    assertThat(contents(workplace)).isEqualTo(before);
    assertThat(workplace.rows(Tables.CHECK, "run = 'meanwhile'", "rule", "severity", "message"))
        .containsExactly("records stop " + stopped.getMessage());

    assertThat(workplace.nightly("next").changed()).isTrue();
    assertThat(workplace.rows(Tables.FLOW, "year = 2022", "partner")).containsExactly("CHN", "VNM");
  }

  @Test
  void refusesALakeOfAnOlderLayoutAndRebuildsItWhole(Workplace workplace) {
    Table older =
        Table.named("dependency", "As an older version wrote it")
            .key("source", "importer")
            .partitionedBy("source")
            .column("source", "STRING", "Source")
            .column("importer", "STRING", "Importer");
    workplace
        .spark()
        .createDataFrame(List.of(RowFactory.create("comtrade", "JPN")), older.schema())
        .write()
        .format("delta")
        .partitionBy("source")
        .save(workplace.lake().path(older).toString());
    records(workplace);
    Failure refused = Workplace.failure(() -> workplace.nightly("refused"));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.getMessage())
        .startsWith("Cannot use the table ")
        .contains("make the lake again from its records with `rebuild`");

    workplace.again(Scope.EVERYTHING);
    assertThatThrownBy(() -> workplace.nightly("faulty", failing("a disk"), Clock.systemUTC()))
        .hasMessage("a disk");
    assertThat(
            Workplace.texts(
                workplace
                    .spark()
                    .read()
                    .format("delta")
                    .load(workplace.lake().path(older).toString())
                    .collectAsList()))
        .as("the older table stands as it stood")
        .containsExactly("comtrade JPN");

    assertThat(workplace.nightly("rebuilt").outcome()).isEqualTo("published");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "product = '280530' AND basis = 'value'",
                "year",
                "top_supplier",
                "cast(total AS INT)"))
        .containsExactly("2020 CHN 1000", "2021 CHN 600");
    assertThatThrownBy(
            () ->
                workplace
                    .spark()
                    .sql(
                        "UPDATE delta.`%s` SET hhi = 2"
                            .formatted(workplace.lake().path(Tables.DEPENDENCY))))
        .as("checks hold in a table of the new layout")
        .hasMessageContaining("hhi_in_bounds");
    workplace.again(Scope.CHANGES);
    assertThat(workplace.nightly("next").outcome()).isEqualTo("unchanged");
  }

  @Test
  void doesNotStartWhileAnotherRunHoldsTheLease(Workplace workplace) throws IOException {
    records(workplace);
    ForeignLease.take(lake(workplace), 7, "other", Instant.now());
    Failure busy = Workplace.failure(() -> workplace.nightly("second"));
    assertThat(busy.exitCode()).isEqualTo(5);
    assertThat(busy.getMessage()).startsWith("Cannot start: the run other (other, since ");
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void startsOnNoLakeFromWhichAPublishedTableIsGone(Workplace workplace) throws IOException {
    records(workplace);
    List<Pipeline.Step> steps = Workplace.steps("ingest");
    workplace.nightly("first", steps, Clock.systemUTC());
    Path table = lake(workplace).resolve("reconciliation");
    Files.move(table, workplace.folder().resolve("away"));

    Failure gone = Workplace.failure(() -> workplace.nightly("second", steps, Clock.systemUTC()));
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone)
        .hasMessageContaining("of the table reconciliation is published, and the table is gone");
  }
}
