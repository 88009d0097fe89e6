package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Since;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Trends in a lake: what is made again, what is refused. */
@ExtendWith(SharedSpark.class)
final class TrendsTest {
  private static final String GOODS_HEADER =
      "good,code,revision,reporter,national_code,chain,stage,basket,name_en,name_zh_hant,name_ja";

  private static Workplace window(Workplace workplace, String years) {
    return workplace
        .set("years", years)
        .conf(
            "goods.csv",
            GOODS_HEADER,
            "pair,111111,HS2012,,,own,metal,false,Pair,x,x",
            "pair,222222,HS2012,,,own,metal,false,Pair,x,x");
  }

  private static String trends(Workplace workplace) {
    return trends(workplace, Scope.CHANGES, Optional.empty());
  }

  /**
   * What has changed in some slices is made again.
   *
   * @param before whose lake holds the inputs as they were
   */
  private static String trendsSince(Workplace before, Workplace now, Map<String, String> slices) {
    Since since = new Since(now.lake(), before.lake(), slices);
    return trends(now, Scope.CHANGES, Optional.of(since));
  }

  private static String trends(Workplace workplace, Scope scope, Optional<Since> since) {
    java.io.ByteArrayOutputStream printed = new java.io.ByteArrayOutputStream();
    Trends.run(
        workplace.lake(),
        workplace.settings(),
        Goods.load(
            io.lodestone.ConfFiles.load(
                workplace.settings().conf(),
                workplace.spark().sparkContext().hadoopConfiguration())),
        Gaps.none(),
        scope,
        since,
        new Progress(new PrintStream(printed)),
        "test");
    return printed.toString();
  }

  /**
   * Sixteen years in which China's share falls and swings, another product and a second importer.
   */
  private static World sixteenYears(double lastShareOfGermany) {
    World world = new World();
    for (int year = 2010; year <= 2025; year++) {
      int passed = year - 2010;
      double share = 80 - 2.5 * passed + (passed % 3 == 1 ? 2 : 0);
      world.year("JPN", "111111", "hs6", year, true, "CHN", share, "VNM", 100 - share);
      world.year(
          "JPN", "222222", "hs6", year, false, "CHN", 50 + passed % 2, "VNM", 50 - passed % 2);
      double german = year == 2025 ? lastShareOfGermany : 60 + passed % 4;
      world.year("DEU", "111111", "hs6", year, false, "CHN", german, "FRA", 100 - german);
    }
    return world;
  }

  @Test
  void redoesOnlyTheImportersThatChangedAndGivesTheRowsOfAFullRun(
      Workplace workplace, Workplace other) {
    sixteenYears(63).write(workplace);
    assertThat(trends(window(workplace, "2010-2025"))).contains("2 of 2 importers have changed");
    List<String> japan = workplace.rows(Tables.TREND, "importer = 'JPN'", "*");
    assertThat(
            workplace.rows(
                Tables.TREND, "measure = 'hhi' AND basis = 'value'", "importer", "product"))
        .containsExactly("DEU 111111", "JPN 111111", "JPN 222222");

    assertThat(trends(workplace)).as("nothing has changed").contains("0 of 2 importers");
    assertThat(workplace.rows(Tables.TREND, "importer = 'JPN'", "*")).isEqualTo(japan);

    sixteenYears(20).write(workplace);
    assertThat(trends(workplace)).contains("1 of 2 importers have changed");
    sixteenYears(20).write(other);
    trends(window(other, "2010-2025"));
    assertAlike(workplace, other);
    assertThat(workplace.rows(Tables.TREND, "importer = 'JPN'", "*")).isEqualTo(japan);

    World later =
        sixteenYears(20)
            .year("DEU", "111111", "hs6", 2026, true, "CHN", 90, "FRA", 10)
            .year("DEU", "333333", "hs6", 2026, true, "CHN", 1);
    later.write(workplace);
    Map<String, String> changed = Map.of("dependency", "year >= 2026", "supplier", "year >= 2026");
    assertThat(trendsSince(other, workplace, changed))
        .as("a year after the window")
        .contains(
            "0 of all importers have changed", "spells and lists of 1 importers are looked at");
    later.write(other);
    trends(other, Scope.EVERYTHING, Optional.empty());
    assertAlike(workplace, other);
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_SPELL,
                "importer = 'DEU' AND basis = 'value'",
                "product",
                "start_year"))
        .containsExactly("111111 2026", "333333 2026");
  }

  @Test
  void followsTheStateAloneWhereOnlyTheWorldOrTheStateHasChanged(
      Workplace workplace, Workplace other) {
    window(workplace, "2010-2025");
    window(other, "2010-2025");
    sixteenYears(63).write(workplace);
    sixteenYears(63).write(other);
    trends(workplace);
    Map<String, String> all = Map.of("dependency", "true", "supplier", "true");

    sixteenYears(63).with("world_hhi", 0.45).write(workplace);
    assertThat(trendsSince(other, workplace, all))
        .as("the same side of the bound")
        .contains("0 of all importers")
        .doesNotContain("looked at");

    // Germany's last year, in the window.
    sixteenYears(63).with("world_hhi", 0.1).write(workplace);
    assertThat(trendsSince(other, workplace, all))
        .as("never in the state")
        .contains("0 of all importers")
        .doesNotContain("looked at");
    sixteenYears(63).with("dependent_state", true).write(workplace);
    assertThat(trendsSince(other, workplace, all))
        .contains("0 of all importers", "lists of 1 importers are looked at");
    sixteenYears(63).with("dependent_state", true).write(other);
    trends(other, Scope.EVERYTHING, Optional.empty());
    assertAlike(workplace, other);
  }

  @Test
  void countsWhatAYearOfASeriesChangesBesideYearsThatStand(Workplace workplace, Workplace other) {
    World longer = sixteenYears(63);
    for (int year = 2010; year <= 2025; year++) {
      longer.year("JPN", "333333", "hs6", year, true, "CHN", 9, "VNM", 1);
    }
    longer.write(window(workplace, "2010-2025"));
    longer.write(window(other, "2010-2025"));
    trends(workplace);
    longer.with("dependent_state", false).with("world_hhi", 0.1).write(workplace);
    Map<String, String> last = Map.of("dependency", "year >= 2025", "supplier", "year >= 2025");
    assertThat(trendsSince(other, workplace, last))
        .contains("0 of all importers have changed", "lists of 1 importers are looked at");
    longer.write(other);
    trends(other, Scope.EVERYTHING, Optional.empty());
    assertAlike(workplace, other);
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_SPELL,
                "importer = 'JPN' AND basis = 'value'",
                "product",
                "start_year",
                "end_year",
                "ended_by"))
        .containsExactly("111111 2010 2025 null", "333333 2010 2024 world_hhi");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_CHURN,
                "importer = 'JPN' AND basis = 'value' AND year >= 2024",
                "year",
                "known",
                "dependent",
                "departed"))
        .containsExactly("2024 3 2 0", "2025 3 1 1");
  }

  /** Lists of two sources and of one that goes. */
  private static World listed(boolean isLater) {
    World world = new World();
    for (int year = 2010; year <= 2025; year++) {
      world.from("other").year("JPN", "111111", "hs6", year, year < 2015, "CHN", 9, "VNM", 1);
      if (!isLater) {
        world.from("gone").year("JPN", "111111", "hs6", year, true, "CHN", 9, "VNM", 1);
      }
      world.from("test").year("FRA", "111111", "hs6", year, year > 2020, "CHN", 9, "VNM", 1);
      world.year("DEU", "333333", "hs6", year, year > 2012, "CHN", 9, "VNM", 1);
      world.year("JPN", "222222", "hs6", year, year > 2018, "CHN", 9, "VNM", 1);
    }
    if (isLater) {
      world.with("dependent_state", false);
      world.year("DEU", "333333", "hs6", 2026, true, "CHN", 9, "VNM", 1);
    }
    return world;
  }

  @Test
  void keepsWhatStandsBesideSeriesImportersAndSourcesThatChange(
      Workplace workplace, Workplace other) {
    listed(false).write(window(workplace, "2010-2025"));
    listed(false).write(window(other, "2010-2025"));
    trends(workplace);
    long kept = workplace.lake().version(Tables.DEPENDENCE_SPELL).getAsLong();
    listed(true).write(workplace);
    Map<String, String> all = Map.of("dependency", "true", "supplier", "true");
    assertThat(trendsSince(other, workplace, all))
        .as("Japan's series, and all of Germany, which reports a year more")
        .contains("lists of 2 importers are looked at");
    assertThat(workplace.lake().version(Tables.DEPENDENCE_SPELL)).hasValue(kept + 1);
    listed(true).write(other);
    trends(other, Scope.EVERYTHING, Optional.empty());
    assertAlike(workplace, other);
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_SPELL,
                "basis = 'value'",
                "source",
                "importer",
                "start_year",
                "end_year"))
        .containsExactly(
            "other JPN 2010 2014",
            "test DEU 2013 2026",
            "test FRA 2021 2025",
            "test JPN 2019 2024");
  }

  private static void assertAlike(Workplace one, Workplace other) {
    for (io.lodestone.lake.Table table :
        List.of(Tables.TREND, Tables.CHANGE, Tables.DEPENDENCE_SPELL, Tables.DEPENDENCE_CHURN)) {
      assertThat(one.rows(table)).as(table.name()).isEqualTo(other.rows(table)).isNotEmpty();
    }
  }

  @Test
  void failsWithTheKeyOfAYearThatStandsTwice(Workplace workplace) {
    World world = sixteenYears(60);
    world.year("DEU", "111111", "hs6", 2012, false, "USA", 1);
    world.write(workplace);
    Failure failed =
        Failure.in(catchThrowable(() -> trends(window(workplace, "2010-2025")))).orElseThrow();
    assertThat(failed)
        .hasMessageMatching(
            "Cannot compute trend: the table dependency has two rows for source test, importer DEU, product 111111 \\(hs6\\), year 2012, (value|quantity); run dependency again, and report it if they return.");
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(workplace.lake().version(Tables.TREND)).isEmpty();
  }

  @Test
  void refusesAWindowWithoutData(Workplace workplace) {
    sixteenYears(60).write(workplace);
    assertThat(Workplace.failure(() -> trends(window(workplace, "1995-1999"))))
        .hasMessage(
            "Cannot compute trend: no row of dependency lies in spark.lodestone.years = 1995-1999; name years that the records cover.");
    workplace.comtrade("comtrade/m.csv", "C,M,2020,1,392,M,156,H4,111111,1,1");
    workplace.run("ingest");
    assertThat(Workplace.failure(() -> workplace.run("trend-monthly")))
        .hasMessage(
            "Cannot compute trend-monthly: no row of flow lies in spark.lodestone.years = 1995-1999; name years that the records cover.");
    assertThat(workplace.lake().version(Tables.TREND_MONTHLY)).isEmpty();
  }

  @Test
  void comparesJanuariesWithJanuariesWhereASourceIsMonthly(Workplace workplace) {
    List<String> lines = new ArrayList<>();
    for (int year = 2020; year <= 2023; year++) {
      for (int month = 1; month <= 12; month++) {
        int china = 50 + 5 * (year - 2020) + (month == 1 ? 20 : 0);
        lines.add("C,M,%d,%d,392,M,156,H4,111111,%d,%d".formatted(year, month, china, china));
        String weight = year == 2020 && month == 1 ? "" : "80";
        lines.add("C,M,%d,%d,392,M,156,H6,222222,%s,80".formatted(year, month, weight));
        lines.add("C,M,%d,%d,392,M,704,H6,222222,20,20".formatted(year, month));
        lines.add(
            "C,M,%d,%d,392,M,704,H4,111111,%d,%d".formatted(year, month, 100 - china, 100 - china));
      }
    }
    window(workplace, "2010-2025")
        .conf(
            "goods.csv",
            GOODS_HEADER,
            "twice,111111,HS2012,,,own,metal,false,Twice,x,x",
            "twice,222222,HS2012,,,own,metal,false,Twice,x,x",
            "twice,222222,HS2022,,,own,metal,false,Twice,x,x")
        .comtrade("comtrade/m.csv", lines.toArray(String[]::new));
    workplace.run("ingest");
    workplace.run("trend-monthly");
    assertThat(
            workplace.rows(
                Tables.TREND_MONTHLY,
                "product = '111111' AND measure = 'share:CHN' AND basis = 'quantity'",
                "importer",
                "months",
                "first_period",
                "last_period",
                "mk_s",
                "mk_tau",
                "round(sen_slope, 9)"))
        .containsExactly("JPN 48 2020-01 2023-12 72 1.0 0.05");
    assertThat(
            workplace.rows(
                Tables.TREND_MONTHLY,
                "product = '222222' AND measure = 'share:CHN'",
                "basis",
                "months",
                "first_period",
                "mk_s"))
        .as("a weight that is not known is no zero")
        .containsExactly("quantity 47 2020-02 0", "value 48 2020-01 0");
    assertThat(
            workplace.rows(
                Tables.TREND_MONTHLY,
                "product = 'twice' AND measure = 'share:CHN' AND basis = 'value'",
                "months",
                "round(sen_slope, 9)"))
        .as("a record that fits two members of a good counts once")
        .containsExactly("48 0.025");
    assertThat(workplace.run("trend-monthly")).as("nothing has changed").isFalse();
  }

  private static void months(Workplace workplace, String reporter, int first, String... more) {
    List<String> lines = new ArrayList<>(List.of(more));
    for (int year = 2020; year <= 2021; year++) {
      for (int month = 1; month <= 12; month++) {
        int china = first + 7 * month % 11 + 3 * (year - 2020);
        for (String product : List.of("111111", "222222")) {
          lines.add(
              "C,M,%d,%d,%s,M,156,H4,%s,%d,%d"
                  .formatted(year, month, reporter, product, china, china));
          lines.add("C,M,%d,%d,%s,M,704,H4,%s,20,20".formatted(year, month, reporter, product));
        }
      }
    }
    workplace.comtrade("comtrade/%s.csv".formatted(reporter), lines.toArray(String[]::new));
  }

  private static void night(Workplace workplace, String run) {
    workplace.nightly(run, Workplace.steps("ingest", "trend-monthly"), java.time.Clock.systemUTC());
  }

  private static List<String> monthlyFilesOf(Workplace workplace, String importer) {
    return Stream.of(
            workplace
                .table(Tables.TREND_MONTHLY)
                .where(org.apache.spark.sql.functions.col("importer").equalTo(importer))
                .inputFiles())
        .sorted()
        .toList();
  }

  @Test
  void redoesOnlyTheImportersWhoseMonthsChanged(Workplace workplace) {
    window(workplace, "2010-2025").set("lost.max", "1").set("withdrawn.max", "1");
    months(workplace, "392", 10);
    months(workplace, "251", 15);
    night(workplace, "first");
    List<String> japan = monthlyFilesOf(workplace, "JPN");
    List<String> france = monthlyFilesOf(workplace, "FRA");
    assertThat(List.of(japan, france)).allSatisfy(files -> assertThat(files).hasSize(1));

    workplace.printed();
    months(
        workplace,
        "251",
        15,
        "C,M,2022,1,251,X,156,H4,111111,5,5",
        "C,A,2021,52,251,M,156,H4,111111,5,5",
        "C,M,2009,1,251,M,156,H4,111111,5,5");
    night(workplace, "others");
    assertThat(workplace.printed())
        .as("exports, years and what lies before the window")
        .contains("trend-monthly: 0 importers have changed");
    assertThat(monthlyFilesOf(workplace, "FRA")).isEqualTo(france);

    months(workplace, "251", 40);
    night(workplace, "revised");
    assertThat(workplace.printed()).contains("trend-monthly: 1 importers have changed");
    assertThat(monthlyFilesOf(workplace, "JPN")).isEqualTo(japan);
    assertThat(monthlyFilesOf(workplace, "FRA")).hasSize(1).doesNotContainAnyElementsOf(france);
    List<String> made = workplace.rows(Tables.TREND_MONTHLY);
    workplace.again(Scope.EVERYTHING).run("trend-monthly");
    assertThat(made).isEqualTo(workplace.rows(Tables.TREND_MONTHLY));

    night(workplace.again(Scope.CHANGES).delete("comtrade/251.csv"), "withdrawn");
    assertThat(workplace.table(Tables.TREND_MONTHLY).select("importer").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("JPN");
  }
}
