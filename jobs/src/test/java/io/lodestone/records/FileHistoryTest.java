package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files that come, change and go, and the limits at which a run stops. */
@ExtendWith(SharedSpark.class)
final class FileHistoryTest {

  private static String china(int year, int value) {
    return "C,A,%d,52,392,M,156,H4,280530,,%d".formatted(year, value);
  }

  private static String vietnam(int year, int value) {
    return "C,A,%d,52,392,M,704,H4,280530,,%d".formatted(year, value);
  }

  private static List<String> flow(Workplace workplace) {
    return workplace.rows(Tables.FLOW, "true", "year", "partner", "cast(value AS INT)", "file");
  }

  private static List<String> files(Workplace workplace) {
    return workplace.rows(
        Tables.SOURCE_FILE,
        "true",
        "path",
        "status",
        "read",
        "used",
        "rejected",
        "duplicate",
        "superseded");
  }

  /** Runs the step in a year; returns what it prints. */
  private static String ingest(Workplace workplace, int year, Scope scope) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Ingest.run(
        workplace.lake(),
        workplace.settings(),
        ConfFiles.load(workplace.settings().conf(), null),
        scope,
        year,
        new Progress(new PrintStream(printed, true, StandardCharsets.UTF_8)));
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void readsRecordsOfAYearToComeAgainWhenItHasCome(Workplace workplace) {
    workplace
        .set("rejects.max", "1")
        .comtrade("comtrade/a.csv", china(2020, 1), china(2021, 2))
        .comtrade("comtrade/b.csv", vietnam(2020, 3));
    ingest(workplace, 2020, Scope.CHANGES);
    assertThat(workplace.rows(Tables.REJECT, "true", "file", "reason"))
        .containsExactly("comtrade/a.csv the year '2021' is not between 1988 and 2020");
    assertThat(ingest(workplace, 2020, Scope.CHANGES)).contains("nothing to do");

    assertThat(ingest(workplace, 2021, Scope.CHANGES))
        .contains("ingest: 1 of 2 files are new or changed, 0 are gone");
    assertThat(flow(workplace))
        .containsExactly(
            "2020 CHN 1 comtrade/a.csv", "2020 VNM 3 comtrade/b.csv", "2021 CHN 2 comtrade/a.csv");
    assertThat(workplace.rows(Tables.REJECT)).isEmpty();
    assertThat(ingest(workplace, 2022, Scope.CHANGES)).contains("nothing to do");
    List<String> incremental = workplace.rows(Tables.SOURCE_FILE);
    ingest(workplace, 2022, Scope.EVERYTHING);
    assertThat(workplace.rows(Tables.SOURCE_FILE)).as("as a full run").isEqualTo(incremental);
  }

  @Test
  void readsTheFilesOfAskedYearsAgainAndNoOther(Workplace workplace) {
    workplace
        .comtrade("comtrade/a.csv", china(2019, 1), china(2020, 2))
        .comtrade("comtrade/b.csv", vietnam(2020, 3))
        .comtrade("comtrade/c.csv", china(2021, 4));
    ingest(workplace, 2022, Scope.CHANGES);
    List<String> flows = workplace.rows(Tables.FLOW);
    List<String> files = workplace.rows(Tables.SOURCE_FILE);
    assertThat(ingest(workplace, 2022, Scope.years("2019")))
        .contains("ingest: 1 of 3 files are new or changed");
    assertThat(ingest(workplace, 2022, Scope.years("2020-2021")))
        .contains("ingest: 3 of 3 files are new or changed");
    assertThat(ingest(workplace, 2022, Scope.years("2012"))).contains("nothing to do");
    assertThat(workplace.rows(Tables.FLOW)).isEqualTo(flows);
    assertThat(workplace.rows(Tables.SOURCE_FILE)).isEqualTo(files);
  }

  @Test
  void followsFilesThatOverlapChangeAndGo(Workplace workplace) {
    workplace
        .comtrade("comtrade/a.csv", china(2019, 1), china(2020, 10), vietnam(2020, 20))
        .comtrade("comtrade/b.csv", china(2020, 10), vietnam(2020, 21))
        .comtrade("comtrade/c.csv", china(2021, 30), vietnam(2021, 40))
        .comtrade("comtrade/d.csv", china(2021, 31), vietnam(2021, 40))
        .modified("comtrade/c.csv", 100)
        .modified("comtrade/d.csv", 100);
    workplace.run("ingest");
    assertThat(flow(workplace))
        .as("the later file wins, then the greater path")
        .containsExactly(
            "2019 CHN 1 comtrade/a.csv",
            "2020 CHN 10 comtrade/b.csv",
            "2020 VNM 21 comtrade/b.csv",
            "2021 CHN 31 comtrade/d.csv",
            "2021 VNM 40 comtrade/d.csv");
    assertThat(files(workplace))
        .containsExactly(
            "comtrade/a.csv loaded 3 1 0 1 1",
            "comtrade/b.csv loaded 2 2 0 0 0",
            "comtrade/c.csv loaded 2 0 0 1 1",
            "comtrade/d.csv loaded 2 2 0 0 0");

    workplace.modified("comtrade/a.csv", 200).comtrade("comtrade/c.csv", china(2022, 50));
    workplace.modified("comtrade/c.csv", 300);
    workplace.run("ingest");
    assertThat(workplace.printed()).contains("ingest: 2 of 4 files are new or changed, 0 are gone");
    assertThat(flow(workplace))
        .as("a.csv is the later one now, and c.csv speaks of another year")
        .containsExactly(
            "2019 CHN 1 comtrade/a.csv",
            "2020 CHN 10 comtrade/a.csv",
            "2020 VNM 20 comtrade/a.csv",
            "2021 CHN 31 comtrade/d.csv",
            "2021 VNM 40 comtrade/d.csv",
            "2022 CHN 50 comtrade/c.csv");
    assertThat(files(workplace))
        .containsExactly(
            "comtrade/a.csv loaded 3 3 0 0 0",
            "comtrade/b.csv loaded 2 0 0 1 1",
            "comtrade/c.csv loaded 1 1 0 0 0",
            "comtrade/d.csv loaded 2 2 0 0 0");

    workplace.delete("comtrade/a.csv");
    Map<String, Long> versions = workplace.versions();
    Failure refused = failure(() -> workplace.run("ingest"));
    assertThat(refused)
        .hasMessage(
            "Cannot go on: 1 of the 4 loaded files are gone from %s, more than spark.lodestone.withdrawn.max = 0.1; if they were meant to go, raise that setting for this run, else bring the folder back. Nothing has changed."
                .formatted(workplace.records()));
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(workplace.versions()).isEqualTo(versions);

    workplace.set("withdrawn.max", "0.25").run("ingest");
    assertThat(flow(workplace))
        .as("what a.csv had superseded stands again, and its year of its own is gone")
        .containsExactly(
            "2020 CHN 10 comtrade/b.csv",
            "2020 VNM 21 comtrade/b.csv",
            "2021 CHN 31 comtrade/d.csv",
            "2021 VNM 40 comtrade/d.csv",
            "2022 CHN 50 comtrade/c.csv");
    assertThat(files(workplace))
        .containsExactly(
            "comtrade/b.csv loaded 2 2 0 0 0",
            "comtrade/c.csv loaded 1 1 0 0 0",
            "comtrade/d.csv loaded 2 2 0 0 0");
  }

  @Test
  void stopsAtTheLimitsAndChangesOnlyWhatSaysWhy(Workplace workplace) {
    String[] good = new String[20];
    for (int year = 0; year < good.length; year++) {
      good[year] = china(2000 + year, 10 + year);
    }
    workplace.comtrade("comtrade/good.csv", good).run("ingest");
    List<String> flow = flow(workplace);
    Map<String, Long> versions = workplace.versions();

    workplace
        .comtrade(
            "comtrade/bad.csv", china(2020, 1), china(2020, -1), china(1900, 1), china(2999, 1))
        .file("comtrade/worse.csv", "a,b", "1,2");
    Failure stopped = failure(() -> workplace.run("ingest"));
    assertThat(stopped)
        .hasMessage(
            ("Cannot load %s: 3 of 4 records are rejected, more than spark.lodestone.rejects.max = 0.01"
                    + " (the year is out of range: 2, the value is negative: 1);"
                    + " 1 of 2 files are rejected, more than spark.lodestone.files.rejected.max = 0.1"
                    + " (the header does not fit the source comtrade: it lacks typeCode, freqCode, refYear, refMonth, reporterCode, flowCode, partnerCode, classificationCode, cmdCode, netWgt or netWeight, primaryValue: 1)."
                    + " See `./lodestone show reject --run test`; correct the files or raise the limit. Nothing else has changed.")
                .formatted(workplace.records()));
    assertThat(stopped.exitCode()).isEqualTo(3);
    assertThat(workplace.versions())
        .containsEntry("flow", versions.get("flow"))
        .containsEntry("reconciliation", versions.get("reconciliation"));
    assertThat(flow(workplace)).isEqualTo(flow);
    assertThat(workplace.rows(Tables.REJECT, "true", "file", "line"))
        .containsExactly(
            "comtrade/bad.csv 3",
            "comtrade/bad.csv 4",
            "comtrade/bad.csv 5",
            "comtrade/worse.csv null");
    assertThat(files(workplace))
        .containsExactly(
            "comtrade/bad.csv pending 4 1 3 0 0",
            "comtrade/good.csv loaded 20 20 0 0 0",
            "comtrade/worse.csv rejected 1 0 1 0 0");

    assertThat(failure(() -> workplace.run("ingest")))
        .as("a second run stops as the first did")
        .hasMessageContaining("3 of 4 records are rejected")
        .hasMessageContaining("1 of 2 files are rejected");

    workplace.set("rejects.max", "0.75").set("files.rejected.max", "0.5");
    workplace.run("ingest");
    assertThat(flow(workplace)).hasSize(21).contains("2020 CHN 1 comtrade/bad.csv");
    assertThat(files(workplace))
        .containsExactly(
            "comtrade/bad.csv loaded 4 1 3 0 0",
            "comtrade/good.csv loaded 20 20 0 0 0",
            "comtrade/worse.csv rejected 1 0 1 0 0");
    assertThat(workplace.rows(Tables.REJECT)).hasSize(4);
  }

  @Test
  void doesNotStopForeverAtAFileThatIsRejectedAgain(Workplace workplace) {
    for (int file = 0; file < 10; file++) {
      workplace.comtrade("comtrade/%d.csv".formatted(file), china(2010 + file, 1));
    }
    workplace.file("japan-customs/bad.csv", "a,b", "1,2").run("ingest");
    assertThat(flow(workplace)).hasSize(10);

    workplace.conf(
        "sources/japan-customs.sql",
        workplace.conf("sources/japan-customs.sql").replace("currency: JPY", "currency: USD"));
    assertThat(workplace.run("ingest")).as("read again, as the only file").isTrue();
    assertThat(flow(workplace)).hasSize(10);
    assertThat(workplace.rows(Tables.REJECT, "line IS NULL", "file"))
        .containsExactly("japan-customs/bad.csv");

    // A run between that others stop takes nothing of that back.
    workplace
        .conf(
            "sources/japan-customs.sql",
            workplace.conf("sources/japan-customs.sql").replace("currency: USD", "currency: EUR"))
        .comtrade("comtrade/more.csv", china(2021, -1));
    assertThat(failure(() -> workplace.run("ingest"))).hasMessageContaining("is negative: 1");
    workplace.comtrade("comtrade/more.csv", china(2021, 1)).run("ingest");
    assertThat(flow(workplace)).hasSize(11);
  }
}
