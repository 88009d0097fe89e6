package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GapsTest {
  private static Gaps load(String... lines) {
    TreeMap<String, String> texts = new TreeMap<>(ConfFiles.load(Optional.empty(), null).texts());
    texts.put(
        "gaps.csv",
        "source,reporter,flow,code,from_year,to_year,reason\n" + String.join("\n", lines) + "\n");
    ConfFiles conf = new ConfFiles("a test", texts);
    return Gaps.load(conf, Goods.load(conf), "HS2012", Set.of("baci", "comtrade"));
  }

  private static String refused(String line) {
    return failure(() -> load("baci,JPN,import,28,2013,2014,cut", line)).getMessage();
  }

  @Test
  void shipsAListOfNone() {
    ConfFiles shipped = ConfFiles.load(Optional.empty(), null);
    assertThat(shipped.text("gaps.csv")).contains("source,reporter,flow,code");
    assertThat(Gaps.load(shipped, Goods.load(shipped), "HS2012", Set.of()).isEmpty()).isTrue();
  }

  @Test
  void knowsNoneWithoutTheFile() {
    TreeMap<String, String> texts = new TreeMap<>(ConfFiles.load(Optional.empty(), null).texts());
    texts.remove("gaps.csv");
    ConfFiles conf = new ConfFiles("a test", texts);
    assertThat(Gaps.load(conf, Goods.load(conf), "HS2012", Set.of()).isEmpty()).isTrue();
  }

  @Test
  void hidesWhatBeginsWithTheCodeAndGoodsWithAMemberInIt() {
    Gaps gaps = load("comtrade,JPN,import,2805,2013,2014,the query was cut at its limit");
    assertThat(gaps.hideImports("comtrade", "JPN", "280530", 2013)).isTrue();
    assertThat(gaps.hideImports("comtrade", "JPN", "280530", 2014)).isTrue();
    assertThat(gaps.hideImports("comtrade", "JPN", "rare-earths", 2014)).isTrue();
    assertThat(gaps.hideImports("comtrade", "JPN", "280530", 2012)).isFalse();
    assertThat(gaps.hideImports("comtrade", "JPN", "280530", 2015)).isFalse();
    assertThat(gaps.hideImports("comtrade", "JPN", "284690", 2013)).isFalse();
    assertThat(gaps.hideImports("comtrade", "JPN", "natural-graphite", 2013)).isFalse();
    assertThat(gaps.hideImports("comtrade", "DEU", "280530", 2013)).isFalse();
    assertThat(gaps.hideImports("baci", "JPN", "280530", 2013)).isFalse();
    assertThat(gaps.hideExports("comtrade", "JPN", "280530", 2013)).isFalse();
    assertThat(gaps.reasons("comtrade", "JPN", "280530", 2013))
        .containsExactly("the query was cut at its limit");
    assertThat(gaps.importers("comtrade", "280530", 2013)).containsExactly("JPN");
    assertThat(gaps.importers("comtrade", "280530", 2012)).isEmpty();
    assertThat(gaps.importers("comtrade", "284690", 2013)).isEmpty();
  }

  /** HS2022 has two codes where HS2012 has 810600; a national line is that of its reporter. */
  @Test
  void hidesGoodsOfWhichTheBaseRevisionHasAnotherCode() {
    Gaps bismuth = load("comtrade,JPN,import,810600,2023,2023,cut");
    for (String good : new String[] {"bismuth", "bismuth-high-purity", "bismuth-other"}) {
      assertThat(bismuth.hideImports("comtrade", "JPN", good, 2023)).as(good).isTrue();
    }
    Gaps magnets =
        load("comtrade,JPN,import,8505,2013,2013,cut", "comtrade,DEU,import,8505,2013,2013,cut");
    String european = "neodymium-samarium-magnets";
    assertThat(magnets.hideImports("comtrade", "DEU", european, 2013)).isTrue();
    assertThat(magnets.hideImports("comtrade", "JPN", european, 2013)).isFalse();
  }

  @Test
  void isAnotherListWhereItHidesOtherThings() {
    String two = load("baci,JPN,import,28,2013,2014,a", "baci,DEU,export,81,2013,2013,b").text();
    assertThat(load("baci,DEU,export,81,2013,2013,b", "baci,JPN,import,28,2013,2014,c").text())
        .isEqualTo(two);
    assertThat(load("baci,DEU,import,81,2013,2013,b", "baci,JPN,import,28,2013,2014,c").text())
        .isNotEqualTo(two);
  }

  @Test
  void saysWhichFieldCannotBeUsed() {
    assertThat(refused("bacy,JPN,import,28,2013,2014,cut"))
        .startsWith("Cannot use gaps.csv: line 3 has the source 'bacy'; write one of [");
    assertThat(refused("baci,JP,import,28,2013,2014,cut"))
        .isEqualTo(
            "Cannot use gaps.csv: line 3 has the reporter 'JP'; write an ISO 3166 alpha-3 code.");
    assertThat(refused("baci,JPN,imports,28,2013,2014,cut"))
        .isEqualTo("Cannot use gaps.csv: line 3 has the flow 'imports'; write import or export.");
    assertThat(refused("baci,JPN,import,280,2013,2014,cut"))
        .isEqualTo(
            "Cannot use gaps.csv: line 3 has the code '280'; write a chapter, a heading or six digits, leading zeros included.");
    assertThat(refused("baci,JPN,import,28,13,2014,cut"))
        .isEqualTo("Cannot use gaps.csv: line 3 has the from_year '13'; write a year.");
    assertThat(refused("baci,JPN,import,28,2014,2013,cut"))
        .isEqualTo(
            "Cannot use gaps.csv: line 3 has the to_year '2013'; write a year that is not before from_year.");
    assertThat(refused("baci,JPN,import,28,2013,2014,"))
        .isEqualTo("Cannot use gaps.csv: line 3 has the reason ''; say what is missing, and why.");
  }
}
