package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.lake.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done stays done, and what has changed is done again. */
@Tag("nights")
@ExtendWith(SharedSpark.class)
final class RunTwiceTest {

  private static Workplace records(Workplace workplace) {
    return workplace
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2020,52,392,M,0,H4,280530,100,1000",
            "C,A,2020,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,704,H4,280530,20,200",
            "C,A,2020,52,392,M,842,H4,280530,10,100")
        .file("baci/BACI_HS12_Y2020_V202601.csv", "t,i,j,k,v,q", "2020,156,392,280530,0.7,0.07");
  }

  private static Map<String, List<String>> contents(Workplace workplace) {
    Map<String, List<String>> contents = new TreeMap<>();
    for (Table table : Tables.ALL) {
      contents.put(table.name(), workplace.rows(table));
    }
    return contents;
  }

  /** The steps that an edit of records or configuration touches first. */
  private static boolean make(Workplace workplace) {
    boolean changed = workplace.run("ingest");
    return workplace.run("dependency") | changed;
  }

  @Test
  void changesNoRowAndNoVersionWhenNothingHasChanged(Workplace workplace) {
    records(workplace);
    assertThat(workplace.run()).isTrue();
    Map<String, List<String>> before = contents(workplace);
    Map<String, Long> versions = workplace.versions();
    workplace.printed();

    assertThat(workplace.run()).isFalse();

    assertThat(workplace.printed())
        .contains("ingest: nothing to do, all 2 files are loaded and unchanged")
        .contains("dependency: nothing to do, its inputs and settings have not changed");
    assertThat(workplace.versions()).isEqualTo(versions);
    assertThat(contents(workplace)).isEqualTo(before);
  }

  @Test
  void redoesWhatAnEditTouchesAndNothingElse(Workplace workplace) {
    make(records(workplace));
    Map<String, Long> first = workplace.versions();
    workplace.printed();

    workplace.conf(
        "goods.csv",
        "good,code,revision,reporter,national_code,chain,stage,basket,name_en,name_zh_hant,name_ja",
        "own-metal,280530,HS2012,,,own,metal,true,Own metal,x,x");
    assertThat(make(workplace)).isTrue();
    assertThat(workplace.printed())
        .contains("ingest: nothing to do, all 2 files are loaded and unchanged")
        .contains("dependency: computing");
    Map<String, Long> second = workplace.versions();
    for (String table : List.of("flow", "source_file", "reject", "reconciliation")) {
      assertThat(second).as(table).containsEntry(table, first.get(table));
    }
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "product_kind = 'good' AND source = 'comtrade'",
                "product",
                "basis",
                "is_basket"))
        .containsExactly("own-metal quantity true", "own-metal value true");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY, "product = '280530' AND source = 'comtrade'", "is_basket"))
        .containsExactly("true", "true");

    workplace.conf(
        "sources/comtrade.sql",
        workplace
            .conf("sources/comtrade.sql")
            .replace("primaryValue AS value", "2 * primaryValue AS value"));
    assertThat(make(workplace)).isTrue();
    assertThat(workplace.printed())
        .contains("ingest: 1 of 2 files are new or changed, 0 are gone")
        .contains("dependency: computing");
    assertThat(
            workplace.rows(
                Tables.FLOW, "partner_kind = 'country'", "source", "partner", "cast(value AS INT)"))
        .containsExactly(
            "baci CHN 700", "comtrade CHN 1400", "comtrade USA 200", "comtrade VNM 400");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "product = '280530' AND source = 'comtrade' AND basis = 'value'",
                "total",
                "round(hhi, 9)"))
        .as("twice the values, the same shares")
        .containsExactly("2000.000 0.54");

    Map<String, Long> third = workplace.versions();
    workplace.set("hs.base", "reported");
    assertThat(make(workplace)).isTrue();
    assertThat(workplace.printed()).contains("ingest: 2 of 2 files are new or changed");
    assertThat(workplace.versions().get("flow")).isGreaterThan(third.get("flow"));
  }
}
