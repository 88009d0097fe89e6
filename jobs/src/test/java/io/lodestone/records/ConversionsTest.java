package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.Settings;
import io.lodestone.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConversionsTest {

  private static ConfFiles conf(String... namesAndTexts) {
    Map<String, String> texts = new TreeMap<>();
    for (int place = 0; place < namesAndTexts.length; place += 2) {
      texts.put(namesAndTexts[place], namesAndTexts[place + 1]);
    }
    return new ConfFiles("a test", new TreeMap<>(texts));
  }

  private static final ConfFiles INVENTED =
      conf(
          "hs/hs2022-hs2017.csv",
          """
          hs2022,hs2017,relationship
          010110,010110,1:1
          010121,010120,n:1
          010129,010120,n:1
          010200,010201,1:n
          010300,010305,1:1
          010600,010605,1:1
          """,
          "hs/hs2017-hs2012.csv",
          """
          hs2017,hs2012,relationship
          010110,010110,1:1
          010120,010115,1:1
          010201,010201,1:1
          010305,010309,1:1
          010304,010309,1:1
          010400,010410,1:1
          """);

  private static String target(ConfFiles conf, String revision, String hs6, String base) {
    Conversions.Target target = Conversions.load(conf, base).target(revision, hs6, base);
    return target.product() + " " + Mappings.ALL.get(target.mapping());
  }

  @Test
  void keepsACodeOfTheBaseRevision() {
    assertThat(target(INVENTED, "HS2012", "999999", "HS2012")).isEqualTo("999999 same");
    assertThat(target(INVENTED, "HS2022", "010121", "reported")).isEqualTo("010121 same");
  }

  @Test
  void followsTheTablesStepByStep() {
    assertThat(target(INVENTED, "HS2017", "010110", "HS2012")).isEqualTo("010110 same");
    assertThat(target(INVENTED, "HS2022", "010110", "HS2012")).isEqualTo("010110 same");
    assertThat(target(INVENTED, "HS2022", "010300", "HS2012"))
        .as("010304 of HS2017 ends there too, though no code of HS2022 does")
        .isEqualTo("010309 merged");
  }

  @Test
  void marksWhatSharesItsTargetAsMerged() {
    assertThat(target(INVENTED, "HS2022", "010121", "HS2012")).isEqualTo("010115 merged");
    assertThat(target(INVENTED, "HS2022", "010129", "HS2017")).isEqualTo("010120 merged");
    assertThat(target(INVENTED, "HS2017", "010304", "HS2012")).isEqualTo("010309 merged");
  }

  @Test
  void marksWhatWentToSeveralCodesAsSplit() {
    assertThat(target(INVENTED, "HS2022", "010200", "HS2012")).isEqualTo("010201 split");
  }

  @Test
  void keepsTheDigitsWhereATableIsSilentAndMarksThemUnmapped() {
    assertThat(target(INVENTED, "HS2017", "990000", "HS2012")).isEqualTo("990000 unmapped");
    assertThat(target(INVENTED, "HS2022", "010600", "HS2012"))
        .as("the second step is silent on 010605")
        .isEqualTo("010600 unmapped");
    assertThat(target(INVENTED, "HS2002", "010110", "HS2012"))
        .as("there is no table below HS2012")
        .isEqualTo("010110 unmapped");
  }

  @Test
  void usesTheInverseForOlderRecordsWhereItIsOneToOne() {
    assertThat(target(INVENTED, "HS2012", "010410", "HS2017")).isEqualTo("010400 same");
    assertThat(target(INVENTED, "HS2012", "010110", "HS2022")).isEqualTo("010110 same");
  }

  @Test
  void keepsAnOlderCodeUndividedWhereTheInverseIsNot() {
    assertThat(target(INVENTED, "HS2017", "010120", "HS2022")).isEqualTo("010120 split");
    assertThat(target(INVENTED, "HS2012", "010309", "HS2017")).isEqualTo("010309 split");
  }

  @Test
  void prefersATableOfItsOwnToTwoSteps() {
    TreeMap<String, String> texts = new TreeMap<>(INVENTED.texts());
    texts.put("hs/hs2022-hs2012.csv", "hs2022,hs2012\n010300,010377\n");
    assertThat(target(new ConfFiles("a test", texts), "HS2022", "010300", "HS2012"))
        .isEqualTo("010377 same");
  }

  @Test
  void refusesACodeWithTwoTargets() {
    ConfFiles twice = conf("hs/a.csv", "hs2022,hs2017\n010110,010110\n010110,010120\n");
    assertThat(failure(() -> Conversions.load(twice, "HS2012")))
        .hasMessage(
            "Cannot read hs/a.csv in a test: line 3 converts 010110 to 010120, a line before it to 010110; a conversion has one target.");
  }

  @Test
  void refusesCodesThatHaveLostTheirZeros() {
    ConfFiles lost = conf("hs/a.csv", "hs2022,hs2017\n10110,10110\n");
    assertThat(failure(() -> Conversions.load(lost, "HS2012")))
        .hasMessage(
            "Cannot read hs/a.csv in a test: line 2 converts '10110' to '10110'; codes have six digits, leading zeros included.");
  }

  @Test
  void refusesATableThatDoesNotNameANewerAndAnOlderRevision() {
    for (String header : new String[] {"hs2017,hs2022", "from,to", "hs2017"}) {
      assertThat(failure(() -> Conversions.load(conf("hs/a.csv", header + "\n"), "HS2012")))
          .hasMessageStartingWith(
              "Cannot read hs/a.csv in a test: the header must start with a newer and an older revision");
    }
  }

  @Test
  void shipsTheChangesThatTouchTheWatchList() {
    ConfFiles shipped = ConfFiles.load(Optional.empty(), null);
    assertThat(target(shipped, "HS2022", "810610", "HS2012")).isEqualTo("810600 merged");
    assertThat(target(shipped, "HS2022", "250410", "HS2012")).isEqualTo("250410 same");
    assertThat(target(shipped, "HS2007", "850511", "HS2012")).isEqualTo("850511 same");
    for (Goods.Member member : Goods.load(shipped).members()) {
      if (member.revision().equals("HS2012")) {
        for (String older : new String[] {"HS2002", "HS2007"}) {
          assertThat(target(shipped, older, member.code(), "HS2012"))
              .as(member.code() + " of " + older)
              .doesNotEndWith("unmapped");
        }
      }
    }
  }

  @Test
  void readsTheTablesOfTheStatisticsDivisionWhole() throws IOException {
    ConfFiles whole = unsd("conversion");
    Conversions conversions = Conversions.load(whole, "HS2012");
    Map<String, Conversions.Target> ofHs2022 =
        conversions.byRevision().get(Settings.HS_REVISIONS.indexOf("HS2022"));
    Map<String, Conversions.Target> ofHs2017 =
        conversions.byRevision().get(Settings.HS_REVISIONS.indexOf("HS2017"));
    assertThat(ofHs2022).hasSizeGreaterThan(5_500);
    assertThat(ofHs2017).hasSize(5_388);
    assertThat(target(whole, "HS2017", "850760", "HS2012")).isEqualTo("850760 same");
    assertThat(target(whole, "HS2022", "854142", "HS2012")).isEqualTo("854140 merged");
    assertThat(target(whole, "HS2022", "810610", "HS2012")).isEqualTo("810600 merged");

    Set<String> ofBase = new HashSet<>();
    Files.readString(folder().resolve("hs2012_to_hs2007_conversion.csv"))
        .lines()
        .skip(1)
        .forEach(line -> ofBase.add(line.substring(0, 6)));
    assertThat(ofHs2022.values().stream().map(Conversions.Target::product))
        .filteredOn(product -> !ofBase.contains(product))
        .as("all but goods not specified are codes of the base")
        .containsOnly("999999");
  }

  @Test
  void refusesTheCorrelationTablesSinceTheyHaveSeveralTargets() throws IOException {
    ConfFiles correlations = unsd("correlation");
    assertThat(failure(() -> Conversions.load(correlations, "HS2012")))
        .hasMessageContaining("a conversion has one target");
  }

  private static Path folder() {
    return SharedData.folder("hs-concordance").resolve("csv");
  }

  private static ConfFiles unsd(String kind) throws IOException {
    TreeMap<String, String> texts = new TreeMap<>();
    for (Path file : SharedData.files(folder(), kind + ".csv")) {
      texts.put("hs/" + file.getFileName(), Files.readString(file));
    }
    return new ConfFiles("the tables of UNSD", texts);
  }
}
