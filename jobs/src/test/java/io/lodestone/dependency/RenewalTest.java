package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Scope;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What changes in flow is made again with what hangs on it, and nothing else. */
@ExtendWith(SharedSpark.class)
final class RenewalTest {
  private static final List<Table> MADE =
      List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY, Tables.SERIES_BEFORE);

  /** A year of the world: Japan and Korea buy from China and Viet Nam. */
  private static void year(Workplace workplace, int year, int japanFromChina) {
    workplace
        .comtrade(
            "comtrade/%d-392.csv".formatted(year),
            "C,A,%d,52,392,M,156,H4,280530,,%d".formatted(year, japanFromChina),
            "C,A,%d,52,392,M,704,H4,280530,,%d".formatted(year, 100 - japanFromChina),
            "C,A,%d,52,392,X,410,H4,280530,,1".formatted(year))
        .comtrade(
            "comtrade/%d-410.csv".formatted(year),
            "C,A,%d,52,410,M,156,H4,280530,,9".formatted(year),
            "C,A,%d,52,410,M,392,H4,280530,,1".formatted(year));
  }

  private static void make(Workplace workplace) {
    workplace.run("ingest");
    workplace.run("dependency");
  }

  private static Map<String, List<String>> contents(Workplace workplace) {
    Map<String, List<String>> contents = new TreeMap<>();
    MADE.forEach(table -> contents.put(table.name(), workplace.rows(table)));
    return contents;
  }

  /** Compares with all made again, in the same lake, whose next change is then one of that. */
  private static void requireAsMadeAtOnce(Workplace workplace) {
    Map<String, List<String>> step = contents(workplace);
    workplace.again(Scope.EVERYTHING).run("dependency");
    workplace.again(Scope.CHANGES);
    assertThat(step).containsExactlyInAnyOrderEntriesOf(contents(workplace));
  }

  @Test
  void makesAgainWhatHangsOnAChangeAndNothingElse(Workplace workplace) {
    workplace.set("withdrawn.max", "1");
    for (int year = 2016; year <= 2020; year++) {
      year(workplace, year, 90);
    }
    make(workplace);
    assertThat(workplace.printed()).doesNotContain("made again");

    year(workplace, 2018, 50);
    make(workplace);
    assertThat(workplace.printed())
        .contains(
            "1 slices of flow have changed; made again: (source = 'comtrade' AND year >= 2018)");
    requireAsMadeAtOnce(workplace);
    workplace.printed();

    // A month of a year under way changes no other year.
    workplace.comtrade(
        "comtrade/2021-03.csv",
        "C,M,2021,3,392,M,156,H4,280530,,7",
        "C,M,2021,3,410,M,156,H4,280530,,7");
    make(workplace);
    assertThat(workplace.printed())
        .contains("made again: (source = 'comtrade' AND year >= 2021)", "kept series_before");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "year = 2021 AND basis = 'value' AND product = '280530'",
                "importer",
                "months"))
        .containsExactly("JPN 1", "KOR 1");
    requireAsMadeAtOnce(workplace);
    workplace.printed();

    // Nor does one of the year after, though the year before it is not whole; a product is new.
    workplace.comtrade(
        "comtrade/2022-01.csv",
        "C,M,2022,1,392,M,156,H4,280530,,7",
        "C,M,2022,1,410,M,156,H4,280530,,7",
        "C,M,2022,1,410,M,156,H4,850511,,7");
    make(workplace);
    assertThat(workplace.printed())
        .contains("made again: (source = 'comtrade' AND year >= 2022)", "kept series_before");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "year = 2022 AND basis = 'value' AND importer = 'JPN'",
                "geodep IS NULL",
                "dependent_since"))
        .as("what the years before say")
        .containsOnly("false 2016");
    requireAsMadeAtOnce(workplace);
    workplace.printed();

    // Germany is missing from the years before, so that the mirror no longer covers them.
    workplace.comtrade("comtrade/2020-276.csv", "C,A,2020,52,276,M,156,H4,280530,,1000");
    make(workplace);
    assertThat(workplace.printed())
        .as("the world of the first year has become unknown")
        .contains("made again: (source = 'comtrade' AND year >= 2016)");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "importer = 'JPN' AND basis = 'value' AND year = 2016 AND product = '280530'",
                "world_hhi"))
        .containsExactly("null");
    requireAsMadeAtOnce(workplace);
    workplace.printed();

    // BACI knows the world of a year, for all sources.
    workplace.file("baci/BACI_HS12_Y2019_V202601.csv", "t,i,j,k,v,q", "2019,156,392,280530,9,1");
    make(workplace);
    assertThat(workplace.printed()).contains("(source = 'comtrade' AND year >= 2019)");
    requireAsMadeAtOnce(workplace);

    workplace.comtrade("comtrade/2020-276.csv", "C,A,2020,52,276,M,156,H4,280530,,999");
    make(workplace);
    requireAsMadeAtOnce(workplace);

    workplace.delete("comtrade/2020-276.csv");
    make(workplace);
    assertThat(workplace.rows(Tables.SUPPLIER, "importer = 'DEU' AND source = 'comtrade'", "year"))
        .isEmpty();
    requireAsMadeAtOnce(workplace);
  }

  @Test
  void looksAtEarlierYearsAgainWhenAYearBecomesWholeOrIsNoLonger(Workplace workplace) {
    workplace.set("withdrawn.max", "1");
    for (int year = 2016; year <= 2018; year++) {
      year(workplace, year, 90);
    }
    for (int month = 1; month <= 11; month++) {
      germanMonth(workplace, month);
    }
    make(workplace);
    assertThat(worldOf2016(workplace)).as("a year under way says nothing").isEqualTo("1.0 true");
    workplace.printed();

    germanMonth(workplace, 12);
    make(workplace);
    assertThat(workplace.printed()).contains("made again: (source = 'comtrade' AND year >= 2016)");
    assertThat(worldOf2016(workplace)).isEqualTo("0.08 false");
    requireAsMadeAtOnce(workplace);
    workplace.printed();

    workplace.delete("comtrade/2019-12-276.csv");
    make(workplace);
    assertThat(workplace.printed()).contains("made again: (source = 'comtrade' AND year >= 2016)");
    assertThat(worldOf2016(workplace)).isEqualTo("1.0 true");
    requireAsMadeAtOnce(workplace);
    workplace.printed();

    workplace.delete("comtrade/2019-11-276.csv");
    make(workplace);
    assertThat(workplace.printed()).contains("made again: (source = 'comtrade' AND year >= 2019)");
    requireAsMadeAtOnce(workplace);
  }

  private static void germanMonth(Workplace workplace, int month) {
    workplace.comtrade(
        "comtrade/2019-%02d-276.csv".formatted(month),
        "C,M,2019,%d,276,M,156,H4,280530,,100".formatted(month));
  }

  /** Coverage of the mirror, and whether Japan's world is known. */
  private static String worldOf2016(Workplace workplace) {
    return workplace
            .rows(
                Tables.WORLD_TRADE,
                "year = 2016 AND product = '280530' AND exporter = 'CHN'",
                "round(coverage, 2)")
            .get(0)
        + " "
        + workplace
            .rows(
                Tables.DEPENDENCY,
                "importer = 'JPN' AND basis = 'value' AND year = 2016 AND product = '280530'",
                "world_hhi IS NOT NULL")
            .get(0);
  }
}
