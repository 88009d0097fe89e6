package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows in, verdict out: what each rule of the gate measures, and what it does with it. */
@ExtendWith(SharedSpark.class)
final class GateTest {
  private static final Gate GATE =
      new Gate(Settings.parse(Map.of()), List.of("280530"), LocalDate.parse("2026-11-25"));

  private static Dataset<Row> rows(Workplace workplace, String columns, String... values) {
    return workplace
        .spark()
        .sql("SELECT * FROM VALUES %s AS t(%s)".formatted(String.join(", ", values), columns));
  }

  /** What was found amiss: severity and sentence. */
  private static List<String> amiss(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> !finding.passed())
        .map(finding -> finding.rule().severity().text() + " " + finding.message())
        .toList();
  }

  @Test
  void warnsOfAStaleSource(Workplace workplace) {
    assertThat(
            amiss(
                GATE.ofFiles(
                    rows(
                        workplace,
                        "status, source, last_period",
                        "('loaded', 'baci', '2024-11')",
                        "('rejected', 'comtrade', '2026-11')",
                        "('loaded', 'comtrade', '2024-10')",
                        "('loaded', 'comtrade', '2023')"))))
        .containsExactly(
            "warn fresh: 25 months since the last period, limit 24, in source_file where source = 'comtrade'");
  }

  @Test
  void stopsForRejectsOfTheFilesThatWereRead(Workplace workplace) {
    String columns = "path, status, source, size, modified, definition, read, rejected, years";
    String known =
        "('known', 'loaded', 'baci', 1, 1, 'a', 100, 90, array(named_struct('year', 2020)))";
    Dataset<Row> published =
        rows(
            workplace,
            columns,
            known,
            "('larger', 'loaded', 'baci', 1, 1, 'a', 100, 0, array(named_struct('year', 2020)))",
            "('read otherwise', 'loaded', 'baci', 1, 1, 'a', 100, 0, array(named_struct('year', 2020)))");
    Dataset<Row> now =
        rows(
            workplace,
            columns,
            known,
            "('larger', 'loaded', 'baci', 2, 1, 'a', 100, 1, array(named_struct('year', 2020)))",
            "('read otherwise', 'loaded', 'baci', 1, 1, 'b', 100, 2, array(named_struct('year', 2020)))",
            "('new', 'loaded', 'baci', 1, 1, 'a', 100, 3, array(named_struct('year', 2020)))",
            "('shifted', 'rejected', 'baci', 1, 1, 'a', 100, 100, array())",
            "('good', 'loaded', 'comtrade', 1, 1, 'a', 100, 1, array(named_struct('year', 2020)))");
    String sentence =
        "stop rejects: %s of the records of the files that were read rejected, limit 0.01000, in source_file where source = 'baci'";
    assertThat(amiss(GATE.ofRead(now, published, Scope.CHANGES)))
        .containsExactly(sentence.formatted("0.02000"));
    assertThat(amiss(GATE.ofRead(now, published, Scope.years("2021"))))
        .containsExactly(sentence.formatted("0.02000"));
    assertThat(amiss(GATE.ofRead(now, published, Scope.years("2020"))))
        .as("read again")
        .containsExactly(sentence.formatted("0.2400"));
    assertThat(amiss(GATE.ofRead(now, published, Scope.EVERYTHING)))
        .containsExactly(sentence.formatted("0.2400"));
  }

  @Test
  void stopsWhereMostRecordsOfASliceAreGone(Workplace workplace) {
    String columns = "status, source, years";
    Dataset<Row> published =
        rows(
            workplace,
            columns,
            "('loaded', 'baci', array(named_struct('year', 2020, 'candidates', 10L), named_struct('year', 2021, 'candidates', 4L)))",
            "('loaded', 'comtrade', array(named_struct('year', 2020, 'candidates', 7L)))");
    Dataset<Row> now =
        rows(
            workplace,
            columns,
            "('loaded', 'baci', array(named_struct('year', 2020, 'candidates', 5L), named_struct('year', 2021, 'candidates', 1L)))");
    assertThat(amiss(GATE.ofRecords(now, published)))
        .containsExactly(
            "stop coverage: 1 of the published records of the slice gone, limit 0.5000, in source_file where source = 'comtrade' AND year = 2020",
            "stop coverage: 0.7500 of the published records of the slice gone, limit 0.5000, in source_file where source = 'baci' AND year = 2021");
  }

  @Test
  void warnsOfTotalsThatDoNotReconcile(Workplace workplace) {
    assertThat(
            amiss(
                GATE.ofTotals(
                    rows(
                        workplace,
                        "kind, source, year, ours, published",
                        "('world', 'comtrade', 2020, 90, 100)",
                        "('world', 'comtrade', 2021, 96, 100)",
                        "('heading', 'comtrade', 2021, 1, 100)"))))
        .containsExactly(
            "warn totals: 0.1000 of the published totals missing or too much, limit 0.05000, in reconciliation where source = 'comtrade' AND year = 2020");
  }

  @Test
  void stopsForAnImpossibleHhiAndWarnsOfWhatVanished(Workplace workplace) {
    String columns = "source, year, importer, product, product_kind, total, hhi, suppliers";
    Dataset<Row> published =
        rows(
            workplace,
            columns,
            "('baci', 2020, 'JPN', 'graphite', 'good', 5, 1D, 1)",
            "('baci', 2020, 'KOR', '250410', 'hs6', 5, 1D, 1)",
            "('baci', 2021, 'KOR', '250410', 'hs6', 5, 1D, 1)");
    Dataset<Row> now =
        rows(
            workplace,
            columns,
            "('baci', 2020, 'JPN', '250410', 'hs6', 5, 1.2D, 1)",
            "('baci', 2020, 'JPN', '250490', 'hs6', 5, 0.3333333333333333D, 3)",
            "('baci', 2020, 'JPN', '250510', 'hs6', 5, 0.3D, 3)");
    assertThat(amiss(GATE.ofCells(now, published)))
        .containsExactly(
            "stop hhi_bounds: 2 rows with an HHI below 1/n or above 1, limit 0, in dependency where source = 'baci' AND year = 2020",
            "warn importers: 1 importers of the published rows vanished, limit 0, in dependency where source = 'baci' AND year = 2020",
            "warn importers: 1 importers of the published rows vanished, limit 0, in dependency where source = 'baci' AND year = 2021",
            "warn goods: 1 goods of the published rows vanished, limit 0, in dependency where source = 'baci' AND year = 2020");
  }

  @Test
  void warnsOfJumpsAndOfWholeMultiplesOfTheYearBefore(Workplace workplace) {
    assertThat(
            amiss(
                GATE.ofSeries(
                    rows(
                        workplace,
                        "source, year, importer, product, product_kind, basis, total, months",
                        "('baci', 2019, 'JPN', 'graphite', 'good', 'value', 2000000BD, 12)",
                        "('baci', 2020, 'JPN', 'graphite', 'good', 'value', 6000000BD, 12)",
                        "('baci', 2021, 'JPN', 'graphite', 'good', 'value', 600000000BD, 12)",
                        "('baci', 2022, 'JPN', 'graphite', 'good', 'value', 600000001BD, 12)",
                        // A year under way, a year missing, too small, another slice: no matter.
                        "('baci', 2023, 'JPN', 'graphite', 'good', 'value', 100BD, 3)",
                        "('baci', 2024, 'JPN', 'graphite', 'good', 'value', 1200000002BD, 12)",
                        "('baci', 2020, 'KOR', 'graphite', 'good', 'value', 300BD, 12)",
                        "('baci', 2021, 'KOR', 'graphite', 'good', 'value', 600BD, 12)",
                        "('comtrade', 2019, 'JPN', 'graphite', 'good', 'value', 2000000BD, 12)",
                        "('comtrade', 2020, 'JPN', 'graphite', 'good', 'value', 6000000BD, 12)"),
                    "source = 'baci' AND year >= 2020")))
        .containsExactly(
            "warn jumps: 1 sizeable goods that are a hundred times, or a hundredth of, the year before, limit 0, in dependency where source = 'baci' AND importer = 'JPN' AND year = 2021",
            "warn multiples: 1 sizeable goods whose total is exactly 2 to 12 times that of the year before, limit 0, in dependency where source = 'baci' AND importer = 'JPN' AND year = 2020");
  }

  @Test
  void readsOnlyTheWrittenSlicesAndTheYearsBefore(Workplace workplace, @TempDir Path folder)
      throws IOException {
    rows(
            workplace,
            "source, year, importer, product, product_kind, basis, total, months",
            "('baci', 2018, 'JPN', 'graphite', 'good', 'value', 1000000BD, 12)",
            "('baci', 2019, 'JPN', 'graphite', 'good', 'value', 2000000BD, 12)",
            "('baci', 2020, 'JPN', 'graphite', 'good', 'value', 6000000BD, 12)",
            "('comtrade', 2020, 'JPN', 'graphite', 'good', 'value', 6000000BD, 12)")
        .write()
        .format("delta")
        .partitionBy("source", "year")
        .save(folder.toString());
    for (String unread : List.of("source=baci/year=2018", "source=comtrade/year=2020")) {
      FileUtils.deleteDirectory(folder.resolve(unread).toFile());
    }
    assertThat(
            amiss(
                GATE.ofSeries(
                    workplace.spark().read().format("delta").load(folder.toString()),
                    "source = 'baci' AND year >= 2020")))
        .singleElement()
        .asString()
        .startsWith("warn multiples: 1 sizeable goods");
  }

  @Test
  void warnsOfWholeMultiplesOfWhatThePartnerReports(Workplace workplace) {
    assertThat(
            amiss(
                GATE.ofFlow(
                    rows(
                        workplace,
                        "source, year, month, product, reporter, partner, partner_kind, flow, quantity_kg",
                        "('comtrade', 2020, NULL, '280530', 'JPN', 'CHN', 'country', 'import', 3003000)",
                        "('comtrade', 2020, NULL, '280530', 'CHN', 'JPN', 'country', 'export', 1000000)",
                        "('comtrade', 2020, NULL, '280530', 'KOR', 'CHN', 'country', 'import', 2500000)",
                        "('comtrade', 2020, NULL, '280530', 'CHN', 'KOR', 'country', 'export', 1000000)",
                        // By months and as a year: no matter. By months alone: they add up.
                        "('comtrade', 2020, NULL, '280530', 'DEU', 'CHN', 'country', 'import', 1000000)",
                        "('comtrade', 2020, 1, '280530', 'DEU', 'CHN', 'country', 'import', 400000)",
                        "('comtrade', 2020, 2, '280530', 'DEU', 'CHN', 'country', 'import', 600000)",
                        "('comtrade', 2020, NULL, '280530', 'CHN', 'DEU', 'country', 'export', 1000000)",
                        "('comtrade', 2020, 1, '280530', 'FRA', 'CHN', 'country', 'import', 800000)",
                        "('comtrade', 2020, 2, '280530', 'FRA', 'CHN', 'country', 'import', 1200000)",
                        "('comtrade', 2020, NULL, '280530', 'CHN', 'FRA', 'country', 'export', 1000000)",
                        "('comtrade', 2020, NULL, '999999', 'KOR', 'CHN', 'country', 'import', 2000000)",
                        "('comtrade', 2020, NULL, '999999', 'CHN', 'KOR', 'country', 'export', 1000000)"))))
        .containsExactlyInAnyOrder(
            "warn mirror: 1 sizeable products whose weight is 2 to 12 times what the partner reports, within half a percent, limit 0, in flow where source = 'comtrade' AND importer = 'JPN' AND year = 2020",
            "warn mirror: 1 sizeable products whose weight is 2 to 12 times what the partner reports, within half a percent, limit 0, in flow where source = 'comtrade' AND importer = 'FRA' AND year = 2020");
  }
}
