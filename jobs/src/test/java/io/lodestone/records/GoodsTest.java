package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GoodsTest {
  private static final String HEADER =
      "good,code,revision,reporter,national_code,chain,stage,basket,name_en,name_zh_hant,name_ja\n";

  private static Goods load(String lines) {
    TreeMap<String, String> texts = new TreeMap<>();
    texts.put("goods.csv", HEADER + lines);
    return Goods.load(new ConfFiles("a test", texts));
  }

  @Test
  void knowsWhichCodesAnotherRevisionHasToo() {
    Goods shipped = Goods.load(ConfFiles.load(Optional.empty(), null));
    Map<Goods.Member, String> base = shipped.products("HS2012");
    Map<Goods.Member, String> later = shipped.products("HS2022");
    assertThat(base.values()).contains("280530", "850511").doesNotContain("810610");
    assertThat(later.values()).contains("280530", "810610", "810690").doesNotContain("810600");
    assertThat(shipped.products("reported")).hasSizeGreaterThanOrEqualTo(base.size());
  }

  @Test
  void gathersTheMembersOfAGood() {
    Goods goods =
        load(
            "graphite,250410,HS2012,,,graphite,ore,false,Graphite,石墨,黒鉛\n"
                + "# a comment\n"
                + "graphite,250490,HS2012,,,graphite,ore,false,Graphite,石墨,黒鉛\n"
                + "magnets,850511,HS2012,USA,8505110070,re,magnet,true,Magnets,磁鐵,磁石\n");
    assertThat(goods.members()).hasSize(3);
    assertThat(goods.names()).containsEntry("graphite", "Graphite");
    assertThat(goods.members().get(2).isNational()).isTrue();
    assertThat(goods.basketGoods()).containsExactly("magnets");
    assertThat(goods.basketCodes()).containsExactly("850511");
  }

  @Test
  void refusesTwoRowsThatContradictEachOther() {
    assertThat(
            failure(
                () ->
                    load(
                        "graphite,250410,HS2012,,,graphite,ore,false,Graphite,石墨,黒鉛\n"
                            + "graphite,250490,HS2012,,,graphite,metal,false,Graphite,石墨,黒鉛\n")))
        .hasMessage(
            "Cannot use goods.csv: lines 2 and 3 contradict each other: graphite has the stage 'ore' and 'metal'; give it one.");
  }

  @Test
  void refusesOneCodeTwice() {
    assertThat(
            failure(
                () ->
                    load(
                        "graphite,250410,HS2012,,,graphite,ore,false,Graphite,石墨,黒鉛\n"
                            + "graphite,250410,HS2012,,,graphite,ore,false,Graphite,石墨,黒鉛\n")))
        .hasMessage(
            "Cannot use goods.csv: lines 2 and 3 both give graphite the code 250410; keep one.");
  }

  @Test
  void saysWhichFieldCannotBeUsed() {
    String rest = ",graphite,ore,false,Graphite,石墨,黒鉛\n";
    assertThat(failure(() -> load("Natural Graphite,250410,HS2012,," + rest)))
        .hasMessage(
            "Cannot use goods.csv: line 2 has the good 'Natural Graphite'; write lower-case words joined by hyphens.");
    assertThat(failure(() -> load("graphite,25041,HS2012,," + rest)))
        .hasMessage(
            "Cannot use goods.csv: line 2 has the code '25041'; write six digits, leading zeros included.");
    assertThat(failure(() -> load("graphite,250410,HS12,," + rest)))
        .hasMessageStartingWith(
            "Cannot use goods.csv: line 2 has the revision 'HS12'; write one of [HS1992,");
    assertThat(failure(() -> load("graphite,250410,HS2012,CHN," + rest)))
        .hasMessage(
            "Cannot use goods.csv: line 2 has the national_code ''; a reporter and its national code go together.");
    assertThat(failure(() -> load("graphite,250410,HS2012,CHN,25059010" + rest)))
        .hasMessage(
            "Cannot use goods.csv: line 2 has the national_code '25059010'; write 7 to 12 digits that begin with the code.");
    assertThat(failure(() -> load("graphite,250410,HS2012,,,graphite,ore,no,Graphite,石墨,黒鉛\n")))
        .hasMessage("Cannot use goods.csv: line 2 has the basket 'no'; write true or false.");
    assertThat(failure(() -> load("graphite,250410,HS2012\n")))
        .hasMessage("Cannot read goods.csv in a test: line 2 has 3 fields, the header has 11.");
  }

  @Test
  void shipsTheWatchListInThreeLanguages() {
    ConfFiles shipped = ConfFiles.load(Optional.empty(), null);
    Goods goods = Goods.load(shipped);
    assertThat(goods.names()).containsKeys("rare-earths", "rare-earth-magnets", "natural-graphite");
    assertThat(ConfTable.read(shipped, "goods.csv").lines())
        .allSatisfy(
            line -> {
              assertThat(line.get("name_en")).isNotEmpty();
              assertThat(line.get("name_zh_hant")).isNotEmpty();
              assertThat(line.get("name_ja")).isNotEmpty();
            });
  }
}
