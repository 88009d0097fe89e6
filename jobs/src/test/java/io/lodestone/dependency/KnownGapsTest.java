package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a download is known to lack is unknown: neither zero nor what little came. */
@ExtendWith(SharedSpark.class)
final class KnownGapsTest {
  private static final String HEADER = "source,reporter,flow,code,from_year,to_year,reason";
  private static final String JAPAN =
      "comtrade,JPN,import,2805,2015,2016,the query was cut at its limit of rows";

  /** Ore for Japan and Germany from 2013 on, but Japan's years 2015 (a part) and 2016 (nothing). */
  private static Workplace world(Workplace workplace) {
    List<String> lines = new ArrayList<>();
    for (int year = 2013; year <= 2018; year++) {
      if (year != 2016) {
        lines.add("C,A,%d,52,392,M,156,H4,280530,9,90".formatted(year));
      }
      if (year != 2015 && year != 2016) {
        lines.add("C,A,%d,52,392,M,704,H4,280530,1,10".formatted(year));
      }
      lines.add("C,A,%d,52,392,M,156,H4,250410,5,50".formatted(year));
      lines.add("C,A,%d,52,276,M,156,H4,280530,3,30".formatted(year));
    }
    return workplace.comtrade("comtrade/all.csv", lines.toArray(String[]::new));
  }

  private static List<String> japan(Workplace workplace, String product) {
    return workplace.rows(
        Tables.DEPENDENCY,
        "importer = 'JPN' AND basis = 'value' AND product = '%s'".formatted(product),
        "year",
        "total",
        "suppliers",
        "hhi",
        "top_supplier");
  }

  @Test
  void makesEverythingOfTheYearUnknown(Workplace workplace) {
    world(workplace).conf("gaps.csv", HEADER, JAPAN).run("ingest");
    workplace.run("dependency");
    for (String product : List.of("280530", "rare-earth-metals")) {
      assertThat(japan(workplace, product))
          .as(product)
          .containsExactly(
              "2013 100.000 2 0.8200000000000001 CHN",
              "2014 100.000 2 0.8200000000000001 CHN",
              "2015 null null null null",
              "2016 null null null null",
              "2017 100.000 2 0.8200000000000001 CHN",
              "2018 100.000 2 0.8200000000000001 CHN");
    }
    assertThat(japan(workplace, "250410")).hasSize(6).noneMatch(row -> row.contains("null"));
    assertThat(
            workplace.rows(
                Tables.SUPPLIER,
                "importer = 'JPN' AND product = '280530' AND year BETWEEN 2014 AND 2016",
                "year",
                "supplier",
                "value",
                "share_value",
                "share_total_value",
                "rank_value"))
        .containsExactly(
            "2014 CHN 90.000 0.9 0.9 1",
            "2014 VNM 10.000 0.1 0.1 2",
            "2015 CHN 90.000 null null null");
    assertThat(workplace.rows(Tables.DEPENDENCY, "importer = 'DEU' AND basis = 'value'", "total"))
        .as("six years of a product and of the two goods that it belongs to")
        .hasSize(18)
        .containsOnly("30.000");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "importer = 'DEU' AND basis = 'value' AND product = '280530' AND world_hhi IS NULL",
                "year"))
        .as("a mirror without Japan covers too little of the world")
        .containsExactly("2015", "2016");
  }

  @Test
  void isNoYearOfNoImports(Workplace workplace) {
    world(workplace).run("ingest");
    workplace.run("dependency");
    assertThat(japan(workplace, "280530"))
        .as("without the list 2015 is what came, and 2016 nothing")
        .hasSize(5)
        .contains("2015 90.000 1 1.0 CHN");
    workplace.conf("gaps.csv", HEADER, JAPAN).run("dependency");
    assertThat(japan(workplace, "280530")).hasSize(6).contains("2016 null null null null");
    assertThat(workplace.run("dependency")).as("again").isFalse();
  }

  /** Of two missing years the first keeps the state, and the second makes it unknown. */
  @Test
  void endsNoSpell(Workplace workplace) {
    world(workplace).conf("gaps.csv", HEADER, JAPAN).run("ingest");
    workplace.run("dependency");
    workplace.run("trend");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_SPELL,
                "importer = 'JPN' AND product = '280530' AND basis = 'value'",
                "start_year",
                "confirmed_year",
                "end_year",
                "ended_by",
                "censored",
                "started_before"))
        .containsExactly("2013 2014 2015 null true true", "2017 2018 2018 null true true");
  }

  /**
   * A small importer, without which the world is known: it is what takes others out of the state.
   */
  @Test
  void isMissingAlsoWhereTheWorldIsKnown(Workplace workplace) {
    List<String> lines = new ArrayList<>();
    for (int year = 2013; year <= 2018; year++) {
      boolean spread = year == 2015 || year == 2016;
      lines.add("C,A,%d,52,410,M,156,H4,280530,,5".formatted(year));
      lines.add("C,A,%d,52,276,M,156,H4,280530,,%d".formatted(year, spread ? 30 : 90));
      lines.add("C,A,%d,52,276,M,704,H4,280530,,%d".formatted(year, spread ? 35 : 5));
      lines.add("C,A,%d,52,276,M,842,H4,280530,,%d".formatted(year, spread ? 35 : 5));
    }
    workplace
        .comtrade("comtrade/all.csv", lines.toArray(String[]::new))
        .conf("gaps.csv", HEADER, "comtrade,KOR,import,280530,2015,2016,not asked for")
        .run("ingest");
    workplace.run("dependency");
    workplace.run("trend");
    String korea = "importer = 'KOR' AND product = '280530' AND basis = 'value'";
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                korea,
                "year",
                "world_hhi > 0.4",
                "no_exports",
                "is_dependent",
                "geodep",
                "dependent_state"))
        .containsExactly(
            "2013 true true true null false",
            "2014 true true true null true",
            "2015 null null null null true",
            "2016 null null null null null",
            "2017 true true true null null",
            "2018 true true true null true");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_SPELL, korea, "start_year", "end_year", "ended_by", "censored"))
        .containsExactly("2013 2015 null true", "2017 2018 null true");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "importer = 'DEU' AND product = '280530' AND basis = 'value' AND year = 2015",
                "world_hhi < 0.35"))
        .containsExactly("true");
  }

  /** Its sum over importers lacks one, and there is no saying how much. */
  @Test
  void leavesTheWorldOfBaciUnknown(Workplace workplace) {
    for (int year = 2013; year <= 2014; year++) {
      workplace.file(
          "baci/BACI_HS12_Y%d_V202601.csv".formatted(year),
          "t,i,j,k,v,q",
          year + ",156,392,280530,90,9",
          year + ",156,276,280530,30,3",
          year + ",410,392,280530,1,1",
          year + ",156,410,280530,1,1");
    }
    workplace
        .conf("gaps.csv", HEADER, "baci,JPN,import,2805,2014,2014,the file was cut")
        .run("ingest");
    workplace.run("dependency");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "importer = 'KOR' AND product = '280530' AND basis = 'value'",
                "year",
                "world_hhi IS NULL",
                "no_exports"))
        .containsExactly("2013 false false", "2014 true null");
  }

  /** Nobody buys the product before the year after the gap. */
  @Test
  void mayHideAnOlderBeginning(Workplace workplace) {
    List<String> lines = new ArrayList<>();
    for (int year = 2013; year <= 2018; year++) {
      lines.add("C,A,%d,52,392,M,156,H4,250410,5,50".formatted(year));
      if (year >= 2015) {
        lines.add("C,A,%d,52,392,M,156,H4,280530,9,90".formatted(year));
        lines.add("C,A,%d,52,276,M,156,H4,280530,3,30".formatted(year));
      }
    }
    workplace.comtrade("comtrade/all.csv", lines.toArray(String[]::new)).run("ingest");
    workplace.run("dependency");
    workplace.run("trend");
    String[] spell = {"start_year", "started_before"};
    String where = "importer = 'JPN' AND product = '280530' AND basis = 'value'";
    assertThat(workplace.rows(Tables.DEPENDENCE_SPELL, where, spell)).containsExactly("2015 false");
    workplace.conf(
        "gaps.csv", HEADER, "comtrade,JPN,import,280530,2014,2014,a file that cannot be read");
    workplace.run("dependency");
    workplace.run("trend");
    assertThat(workplace.rows(Tables.DEPENDENCE_SPELL, where, spell)).containsExactly("2015 true");
  }

  @Test
  void leavesExportsToTheMirror(Workplace workplace) {
    world(workplace)
        .comtrade(
            "comtrade/exports.csv",
            "C,A,2014,52,276,X,392,H4,280530,,7",
            "C,A,2014,52,276,X,392,H4,250410,,7")
        .run("ingest");
    workplace.run("dependency");
    String germany = "importer = 'DEU' AND product = '280530' AND year = 2014 AND basis = 'value'";
    String[] exports = {"exports_basis", "no_exports"};
    assertThat(workplace.rows(Tables.DEPENDENCY, germany, exports)).containsExactly("gross false");
    workplace.conf("gaps.csv", HEADER, "comtrade,DEU,export,28,2014,2014,not asked for");
    workplace.run("dependency");
    assertThat(workplace.rows(Tables.DEPENDENCY, germany, exports)).containsExactly("mirror true");
    assertThat(workplace.rows(Tables.WORLD_TRADE, "world_basis = 'own'", "exporter", "product"))
        .containsExactly("DEU 250410", "DEU natural-graphite");
  }

  @Test
  void countsNoMonth(Workplace workplace) {
    List<String> lines = new ArrayList<>();
    for (int year = 2013; year <= 2016; year++) {
      for (int month = 1; month <= 12; month++) {
        lines.add("C,M,%d,%d,392,M,156,H4,280530,9,90".formatted(year, month));
      }
    }
    workplace
        .comtrade("comtrade/months.csv", lines.toArray(String[]::new))
        .conf("gaps.csv", HEADER, JAPAN)
        .run("ingest");
    workplace.run("trend-monthly");
    assertThat(
            workplace.rows(
                Tables.TREND_MONTHLY, "measure = 'hhi' AND basis = 'value'", "product", "months"))
        .contains("280530 24", "rare-earth-metals 24");
  }

  /** Whatever came when, and though the product is first seen after the gap. */
  @Test
  void areTheSameNightByNight(Workplace workplace) {
    String lake = workplace.folder().resolve("lake").toString();
    workplace
        .set("lake", lake)
        .conf("gaps.csv", HEADER, JAPAN, "comtrade,KOR,import,28,2014,2017,not asked for");
    List<Runnable> nights =
        List.of(
            () -> world(workplace),
            () ->
                workplace
                    .comtrade(
                        "comtrade/korea.csv",
                        "C,A,2016,52,410,M,156,H4,250410,,8",
                        "C,A,2017,52,410,M,156,H4,250410,,8",
                        "C,A,2018,52,410,M,156,H4,280530,,8")
                    .comtrade("comtrade/france.csv", "C,A,2017,52,251,M,156,H4,284690,,8"),
            () -> workplace.comtrade("comtrade/month.csv", "C,M,2019,1,392,M,156,H4,280530,1,5"));
    List<Table> tables =
        List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY, Tables.SERIES_BEFORE);
    for (int night = 0; night < nights.size(); night++) {
      nights.get(night).run();
      workplace.set("lake", lake).run("ingest");
      workplace.run("dependency");
      List<List<String>> nightly = tables.stream().map(workplace::rows).toList();
      workplace.set("lake", lake + "-at-once-" + night).run("ingest");
      workplace.run("dependency");
      assertThat(nightly).isEqualTo(tables.stream().map(workplace::rows).toList());
    }
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "importer = 'KOR' AND basis = 'value' AND product = '280530'",
                "year",
                "total"))
        .containsExactly("2016 null", "2017 null", "2018 8.000");
  }
}
