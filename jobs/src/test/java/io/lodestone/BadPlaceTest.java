package io.lodestone;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lodestone.lake.Table;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Folders, lakes and configurations that cannot be used: one clear sentence, tables as they were.
 */
@ExtendWith(SharedSpark.class)
final class BadPlaceTest {
  private static final String ROW = "C,A,2020,52,392,M,156,H4,280530,70,700";

  @Test
  void refusesARecordsFolderWithoutFiles(Workplace workplace) throws IOException {
    Files.createDirectories(workplace.records().resolve("comtrade"));
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot read %s: it holds no files; put the records of a source into a folder such as %s/comtrade."
                .formatted(workplace.records(), workplace.records()));
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void refusesARecordsFolderThatDoesNotExist(Workplace workplace) {
    Failure failure = failure(workplace::run);
    assertThat(failure)
        .hasMessageEndingWith("does not exist; name the folder that holds one folder a source.");
    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void refusesSyntheticRecordsBesideRealOnes(Workplace workplace) {
    workplace.comtrade("comtrade/a.csv", ROW).comtrade("synthetic-comtrade/a.csv", ROW);
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot load %s: it mixes synthetic sources [synthetic-comtrade] with real ones [comtrade]; keep them in folders and lakes of their own."
                .formatted(workplace.records()));
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void refusesALakeWithATableOfAnotherSchema(Workplace workplace) {
    workplace.comtrade("comtrade/a.csv", ROW);
    Table flow = Tables.FLOW;
    workplace
        .spark()
        .range(3)
        .toDF("id")
        .write()
        .format("delta")
        .save(workplace.lake().path(flow).toString());
    Failure failure = failure(workplace::run);
    assertThat(failure)
        .hasMessageStartingWith(
            "Cannot use the table %s: it has id BIGINT, which this program does not write, and lacks source STRING, year INT, "
                .formatted(workplace.lake().path(flow)))
        .hasMessageEndingWith("choose another spark.lodestone.lake or move the old one away.");
    assertThat(workplace.versions())
        .as("tables as they were")
        .containsOnlyKeys("flow")
        .containsEntry("flow", 0L);
  }

  @Test
  void refusesGoodsThatContradictEachOtherBeforeAnyTableChanges(Workplace workplace) {
    workplace
        .comtrade("comtrade/a.csv", ROW)
        .conf(
            "goods.csv",
            "good,code,revision,reporter,national_code,chain,stage,basket,name_en,name_zh_hant,name_ja",
            "earths,280530,HS2012,,,re,metal,false,Earths,x,x",
            "earths,284610,HS2012,,,re,compound,false,Earths,x,x");
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot use goods.csv: lines 2 and 3 contradict each other: earths has the stage 'metal' and 'compound'; give it one.");
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void refusesASelectThatDoesNotWork(Workplace workplace) {
    workplace
        .file("own/a.csv", "a,b", "1,2")
        .conf(
            "sources/own.sql",
            "-- header: a, b",
            "-- countries: comtrade",
            "-- currency: USD",
            "SELECT c AS reporter FROM raw");
    assertThat(failure(workplace::run))
        .hasMessage("Cannot use sources/own.sql: there is no column `c`; its columns are [a, b].");
    workplace.conf(
        "sources/own.sql",
        "-- header: a, b",
        "-- countries: comtrade",
        "-- currency: USD",
        "SELECT a AS reporter, b AS partner FROM raw");
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot use sources/own.sql: its SELECT gives no column flow; it gives [reporter, partner].");
    workplace.conf(
        "sources/own.sql",
        "-- header: a, b",
        "-- countries: comtrade",
        "-- currency: USD",
        "SELECT (a AS reporter FROM raw");
    assertThat(failure(workplace::run))
        .hasMessage("Cannot use sources/own.sql: its SQL cannot be read at or near 'FROM'.");
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void namesTheValueThatASelectCannotTake(Workplace workplace) {
    workplace
        .file("own/a.csv", "a,b", "2020,1.5", "2020,many")
        .conf(
            "sources/own.sql",
            "-- header: a, b",
            "-- countries: comtrade",
            "-- currency: USD",
            "SELECT '392' AS reporter, '156' AS partner, 'import' AS flow, a AS year, '280530' AS code, 2 * CAST(b AS DOUBLE) AS value FROM raw");
    assertThat(Failure.in(catchThrowable(workplace::run)))
        .get()
        .extracting(Throwable::getMessage, Failure::exitCode)
        .containsExactly(
            "Cannot use sources/own.sql: its SELECT cannot take a value: The value 'many' of the type \"STRING\" cannot be cast to \"DOUBLE\" because it is malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead. A SELECT gives strings as they stand, which the ingest casts, rejecting what is none line by line.",
            2);
    assertThat(workplace.versions()).isEmpty();
  }

  @Test
  void asksForIngestBeforeDependency(Workplace workplace) {
    assertThat(failure(() -> workplace.run("dependency")))
        .hasMessage("Cannot run dependency: the lake has no table flow yet; run `ingest` first.");
  }
}
