package io.lodestone.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the written files back and holds them against what is published. */
final class SampleTest {
  private static final Set<String> RARE_EARTHS = Set.of("280530", "284610", "284690");
  private static final Set<String> MEMBERS =
      Set.of(
          "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV",
          "HUN", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN",
          "SWE");
  private static final String WORLD = "W00";

  /** Every code of the watch list, methods.md section 9. */
  private static final Set<String> WATCH_LIST =
      Set.of(
          "280530", "284610", "284690", "850511", "850519", "720299", "360690", "253090", "261220",
          "811292", "811299", "282560", "283691", "282520", "260500", "282200", "810520", "261100",
          "284180", "810110", "284990", "250410", "250490", "380110", "250510", "250590", "261710",
          "282580", "811010", "810600", "810411", "810419", "260200", "811100", "711011", "711019",
          "711021", "711029", "711031", "711039", "711041", "711049", "810820", "252921", "252922",
          "280461", "280469");

  @TempDir static Path folder;

  private static long written;
  private static List<PrintedFile> comtrade;
  private static List<PrintedFile> baci;
  private static List<PrintedFile> customs;
  private static List<Line> lines;

  /** A line of Comtrade that stands for trade and not for its parts. */
  private record Line(
      String file,
      String reporter,
      String flow,
      String partner,
      String code,
      int year,
      String period,
      double kilograms,
      BigDecimal value) {
    boolean isMonthly() {
      return period.length() == 6;
    }
  }

  @BeforeAll
  static void write() throws IOException {
    written = Sample.write(new Configuration(), hadoop(folder));
    comtrade = PrintedFile.below(folder.resolve("synthetic-comtrade"));
    baci = PrintedFile.below(folder.resolve("synthetic-baci"));
    customs = PrintedFile.below(folder.resolve("synthetic-japan-customs"));
    lines = comtrade.stream().flatMap(SampleTest::lines).toList();
  }

  @Test
  void writesTheSameBytesOnEveryRun(@TempDir Path other) throws IOException {
    Map<String, String> first = digests(folder);
    assertThat(Sample.write(new Configuration(), hadoop(other))).isEqualTo(written);
    assertThat(digests(other)).isEqualTo(first);
    assertThat(Sample.write(new Configuration(), hadoop(other))).isEqualTo(written);
    assertThat(digests(other)).isEqualTo(first);
  }

  @Test
  void isSmallAndSaysThatItIsSynthetic() throws IOException {
    long bytes = 0;
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        assertThat(path.getFileName().toString()).contains("synthetic");
        bytes += Files.size(path);
      }
    }
    assertThat(bytes).isLessThan(40_000_000);
    assertThat(written).isBetween(150_000L, 300_000L);
    long read =
        Stream.of(comtrade, baci, customs)
            .flatMap(List::stream)
            .mapToLong(file -> file.rows().size())
            .sum();
    assertThat(read).isEqualTo(written);
  }

  @Test
  void coversTheWatchListInEveryYear() {
    for (PrintedFile file : baci) {
      assertThat(file.wholeRows().stream().map(row -> row.get(3)).collect(Collectors.toSet()))
          .as(file.name())
          .isEqualTo(WATCH_LIST);
    }
    assertThat(baci).hasSize(16);
  }

  @ParameterizedTest
  @CsvSource({
    "2010, CHN, 81.61",
    "2011, CHN, 68.37",
    "2012, CHN, 58",
    "2014, CHN, 59.64",
    "2018, CHN, 58",
    "2018, VNM, 14",
    "2018, FRA, 11",
    "2018, MYS, 10",
    "2024, CHN, 71"
  })
  void meetsJapansPublishedShares(int year, String supplier, double percent) {
    Map<String, Double> monthly =
        suppliers(
            line ->
                line.reporter().equals("JPN")
                    && line.flow().equals("M")
                    && line.year() == year
                    && RARE_EARTHS.contains(line.code()));
    assertThat(percent(monthly, supplier)).as("Comtrade").isCloseTo(percent, within(1.0));
    assertThat(percent(baciSuppliers(year, Set.of("JPN")), supplier))
        .as("BACI")
        .isCloseTo(percent, within(1.0));
    assertThat(percent(customsSuppliers(year), supplier))
        .as("Japan Customs")
        .isCloseTo(percent, within(1.0));
  }

  @Test
  void meetsJapansPublishedTonnes() {
    assertThat(tonnes(customsSuppliers(2014))).isCloseTo(22307, within(25.0));
  }

  @Test
  void bringsMalaysiaIntoJapansRareEarths() {
    assertThat(customsSuppliers(2012)).doesNotContainKey("MYS");
    assertThat(customsSuppliers(2013).get("MYS") / 1000).isCloseTo(9, within(0.1));
    assertThat(customsSuppliers(2014).get("MYS") / 1000).isCloseTo(1218, within(1.0));
    assertThat(baciSuppliers(2012, Set.of("JPN"))).doesNotContainKey("MYS");
    assertThat(baciSuppliers(2014, Set.of("JPN")).get("MYS") / 1000).isCloseTo(1218, within(1.0));
  }

  @ParameterizedTest
  @CsvSource({
    "2023, 18300, CHN, 39.0",
    "2023, 18300, MYS, 33.1",
    "2023, 18300, RUS, 22.0",
    "2024, 12900, CHN, 46.3",
    "2024, 12900, RUS, 28.4",
    "2024, 12900, MYS, 19.9"
  })
  void meetsTheUnionsPublishedShares(int year, double tonnes, String supplier, double percent) {
    Map<String, Double> members =
        suppliers(
            line ->
                MEMBERS.contains(line.reporter())
                    && !MEMBERS.contains(line.partner())
                    && line.flow().equals("M")
                    && line.year() == year
                    && RARE_EARTHS.contains(line.code()));
    Map<String, Double> group =
        suppliers(
            line ->
                line.reporter().equals("EUR")
                    && line.year() == year
                    && RARE_EARTHS.contains(line.code()));
    Map<String, Double> reconciled = new TreeMap<>(baciSuppliers(year, MEMBERS));
    reconciled.keySet().removeAll(MEMBERS);
    for (Map<String, Double> source : List.of(members, group, reconciled)) {
      assertThat(tonnes(source)).isCloseTo(tonnes, within(tonnes / 100));
      assertThat(percent(source, supplier)).isCloseTo(percent, within(1.0));
    }
  }

  @ParameterizedTest
  @CsvSource({"CHN, 70", "MYS, 13", "JPN, 6", "EST, 5"})
  void meetsThePublishedSharesOfTheUnitedStates(String supplier, double percent) {
    Map<String, Double> suppliers =
        suppliers(
            line ->
                line.reporter().equals("USA")
                    && line.flow().equals("M")
                    && line.year() >= 2020
                    && line.year() <= 2023
                    && RARE_EARTHS.contains(line.code()));
    assertThat(percent(suppliers, supplier)).isCloseTo(percent, within(1.0));
  }

  @Test
  void printsWorldLinesThatEqualTheSumOfTheirPartners() {
    Map<List<String>, BigDecimal> published = new HashMap<>();
    Map<List<String>, BigDecimal> sums = new HashMap<>();
    Map<List<String>, Double> publishedWeights = new HashMap<>();
    Map<List<String>, Double> weights = new HashMap<>();
    for (Line line : lines) {
      if (line.code().equals("TOTAL")) {
        continue;
      }
      List<String> cell =
          List.of(line.file(), line.reporter(), line.flow(), line.code(), line.period());
      boolean world = line.partner().equals(WORLD);
      (world ? published : sums).merge(cell, line.value(), BigDecimal::add);
      (world ? publishedWeights : weights).merge(cell, line.kilograms(), Double::sum);
    }
    assertThat(sums.keySet()).isEqualTo(published.keySet()).hasSizeGreaterThan(10_000);
    sums.forEach(
        (cell, sum) -> assertThat(sum).as("%s", cell).isEqualByComparingTo(published.get(cell)));
    assertThat(weights).isEqualTo(publishedWeights);
  }

  @Test
  void printsMonthsThatAddUpToTheYearInJapanCustomsFiles() {
    for (PrintedFile file : customs) {
      int months = file.columns().size() / 3 - 3;
      assertThat(months).as(file.name()).isEqualTo(file.name().contains("2025") ? 9 : 12);
      for (List<String> row : file.wholeRows()) {
        for (int amount = 0; amount < 3; amount++) {
          long sum = 0;
          for (int month = 1; month <= months; month++) {
            sum += Long.parseLong(row.get(6 + 3 * month + amount));
          }
          assertThat(sum).as("%s", row).isEqualTo(Long.parseLong(row.get(6 + amount)));
        }
      }
    }
  }

  @Test
  void printsMonthsOfChinasControlledExportsThatAddUpToItsYears() {
    Map<List<String>, BigDecimal> months = new HashMap<>();
    Map<List<String>, BigDecimal> years = new HashMap<>();
    for (Line line : lines) {
      if (line.reporter().equals("CHN") && line.flow().equals("X")) {
        List<String> cell = List.of(line.partner(), line.code(), "" + line.year());
        (line.isMonthly() ? months : years).merge(cell, line.value(), BigDecimal::add);
      }
    }
    assertThat(months).hasSizeGreaterThan(200);
    months.forEach(
        (cell, sum) -> assertThat(sum).as("%s", cell).isEqualByComparingTo(years.get(cell)));
  }

  @ParameterizedTest
  @CsvSource({
    "202309, 2206, 12198",
    "202310, 2576, 11780",
    "202311, 8517, 40518",
    "202312, 20, 2726",
    "202401, 839, 4177",
    "202402, 1666, 5063",
    "202403, 2296, 10296"
  })
  void showsTheControlOnGraphite(String month, double toJapan, double toTheWorld) {
    assertThat(sold("250410", "JPN", month)).isCloseTo(toJapan, within(0.5));
    assertThat(bought("JPN", Set.of("250410"), month)).isCloseTo(toJapan, within(0.5));
    assertThat(sold("250410", WORLD, month)).isCloseTo(toTheWorld, within(0.5));
  }

  @Test
  void showsTheOtherControlsInJapansMonths() {
    assertThat(sold("850511", WORLD, "202505") / sold("850511", WORLD, "202405"))
        .isCloseTo(0.26, within(0.01));
    assertThat(bought("JPN", Set.of("850511"), "202505"))
        .isLessThan(0.4 * bought("JPN", Set.of("850511"), "202503"));
    assertThat(bought("JPN", Set.of("850511"), "202508"))
        .isGreaterThan(0.8 * bought("JPN", Set.of("850511"), "202503"));
    assertThat(bought("JPN", Set.of("811010"), "202410"))
        .isLessThan(0.1 * bought("JPN", Set.of("811010"), "202408"));
    assertThat(bought("TWN", Set.of("811010"), "202410"))
        .isLessThan(0.1 * bought("TWN", Set.of("811010"), "202408"));
    Set<String> bismuth = Set.of("810610", "810690");
    assertThat(bought("JPN", bismuth, "202503")).isLessThan(0.6 * bought("JPN", bismuth, "202411"));
    assertThat(bought("JPN", RARE_EARTHS, "201011"))
        .isLessThan(0.3 * bought("JPN", RARE_EARTHS, "201008"));
    double july = bought("JPN", Set.of("811292"), "202307");
    assertThat(bought("JPN", Set.of("811292"), "202308")).isBetween(0.4 * july, 0.9 * july);
  }

  @Test
  void dropsGalliumAndGermaniumToZeroInTheNationalLine() {
    PrintedFile file = customs("2023_import");
    List<String> china =
        file.wholeRows().stream()
            .filter(row -> row.get(2).equals("'811292910'") && row.get(3).equals("105"))
            .findFirst()
            .orElseThrow();
    assertThat(china.get(file.at("Quantity2-Jul"))).isNotEqualTo("0");
    assertThat(china.get(file.at("Quantity2-Aug"))).isEqualTo("0");
    assertThat(china.get(file.at("Value-Aug"))).isEqualTo("0");
  }

  @Test
  void diversifiesOresAndLeavesSeparationMetalAndMagnetsConcentrated() {
    for (String ore : List.of("250410", "260500", "261100", "261220", "253090", "283691")) {
      assertThat(concentration(ore, 2025) - concentration(ore, 2010)).as(ore).isLessThan(-0.05);
    }
    for (String kept : List.of("280530", "850511")) {
      assertThat(concentration(kept, 2025)).as(kept).isGreaterThan(0.6);
      assertThat(concentration(kept, 2025) - concentration(kept, 2010))
          .as(kept)
          .isBetween(-0.07, 0.07);
    }
    assertThat(concentration("284690", 2025)).isGreaterThan(0.4);
    assertThat(concentration("284690", 2025) - concentration("284690", 2012))
        .isBetween(-0.05, 0.05);
  }

  @Test
  void keepsChinasShareOfJapansMagnetsAboutFourFifths() {
    for (int year = 2010; year <= 2025; year++) {
      int given = year;
      Map<String, Double> suppliers =
          suppliers(
              line ->
                  line.reporter().equals("JPN")
                      && line.flow().equals("M")
                      && line.year() == given
                      && line.code().equals("850511"));
      assertThat(percent(suppliers, "CHN")).as("%d", year).isBetween(76.0, 86.0);
    }
  }

  @Test
  void printsTheQuirksOfComtrade() {
    assertThat(comtrade).allSatisfy(file -> assertThat(file.columns()).hasSize(47));
    assertThat(comtrade).anyMatch(file -> file.header().startsWith("\uFEFF"));
    assertThat(comtrade).anyMatch(file -> file.header().startsWith("\""));
    assertThat(comtrade).anyMatch(file -> file.at("netWeight") >= 0);
    assertThat(comtrade).filteredOn(file -> file.name().endsWith(".zst")).hasSize(1);
    assertThat(comtrade).filteredOn(file -> file.name().endsWith(".csv")).hasSizeGreaterThan(3);
    assertThat(lines.stream().map(Line::flow).distinct())
        .containsExactlyInAnyOrder("M", "X", "RX", "DX", "FM");
    assertThat(lines.stream().map(Line::partner).distinct())
        .contains("_X ", "X1 ", "XX ", "S19", WORLD);
    assertThat(lines).anyMatch(line -> line.partner().equals(line.reporter()));
    assertThat(lines.stream().map(Line::code).distinct())
        .contains("810600", "810610", "810690", "811231", "2846", "TOTAL");
  }

  @Test
  void keepsReExportsWithinExports() {
    Map<List<String>, BigDecimal> exports = new HashMap<>();
    lines.stream()
        .filter(line -> line.flow().equals("X"))
        .forEach(line -> exports.merge(key(line), line.value(), BigDecimal::max));
    assertThat(lines)
        .filteredOn(line -> line.flow().equals("RX"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.value()).isLessThan(exports.get(key(line))));
  }

  @Test
  void printsNineLinesAPartnerOnce() {
    PrintedFile nine =
        comtrade.stream()
            .filter(file -> file.name().contains("nine_lines"))
            .findFirst()
            .orElseThrow();
    Map<List<String>, Long> counts =
        nine.rows().stream()
            .collect(
                Collectors.groupingBy(
                    row ->
                        List.of(
                            row.get(nine.at("flowCode")),
                            row.get(nine.at("cmdCode")),
                            row.get(nine.at("partnerCode"))),
                    Collectors.counting()));
    assertThat(counts.values()).containsOnly(9L);
  }

  @Test
  void printsTheQuirksOfTheOtherFormats() {
    assertThat(customs("2013_import").header()).contains("Value-Apl");
    assertThat(customs("2014_import").header()).contains("Value-Apr");
    assertThat(customs("2014_import").rows())
        .extracting(row -> row.get(4) + "/" + row.get(5))
        .contains("  /KG", "  /MT", "  /GR", "NO/KG");
    assertThat(baci)
        .allSatisfy(
            file -> assertThat(file.rows()).anyMatch(row -> row.get(5).equals("           NA")));
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static List<String> key(Line line) {
    return List.of(line.reporter(), line.partner(), line.code(), line.period());
  }

  /** Lines that stand for trade; the handful of bad ones is recognised by what is wrong. */
  private static Stream<Line> lines(PrintedFile file) {
    int weight = Math.max(file.at("netWgt"), file.at("netWeight"));
    List<Line> good = new ArrayList<>();
    for (List<String> row : file.wholeRows()) {
      boolean total =
          row.get(file.at("partner2Code")).equals("0")
              && row.get(file.at("motCode")).equals("0")
              && row.get(file.at("customsCode")).equals("C00");
      String value = row.get(file.at("primaryValue"));
      String code = row.get(file.at("cmdCode"));
      String year = row.get(file.at("refYear"));
      boolean bad =
          value.equals("n/a")
              || value.startsWith("-")
              || code.length() == 5 && !code.equals("TOTAL")
              || year.equals("2202")
              || row.get(file.at("partnerCode")).equals("9999")
              || row.get(file.at("reporterCode")).equals("9998");
      if (total && !bad) {
        String kilograms = row.get(weight);
        good.add(
            new Line(
                file.name(),
                row.get(file.at("reporterISO")).replace("S19", "TWN"),
                row.get(file.at("flowCode")),
                row.get(file.at("partnerISO")),
                code,
                Integer.parseInt(year),
                row.get(file.at("period")),
                kilograms.isEmpty() ? 0 : Double.parseDouble(kilograms),
                new BigDecimal(value)));
      }
    }
    return good.stream();
  }

  private static Map<String, Double> suppliers(Predicate<Line> concerned) {
    Map<String, Double> suppliers = new TreeMap<>();
    lines.stream()
        .filter(line -> !line.partner().equals(WORLD))
        .filter(concerned)
        .forEach(line -> suppliers.merge(line.partner(), line.kilograms(), Double::sum));
    return suppliers;
  }

  private static Map<String, Double> baciSuppliers(int year, Set<String> importers) {
    Map<Integer, String> countries =
        Country.all().stream().collect(Collectors.toMap(Country::code, Country::iso));
    Map<String, Double> suppliers = new TreeMap<>();
    for (PrintedFile file : baci) {
      if (!file.name().contains("_Y" + year + "_")) {
        continue;
      }
      for (List<String> row : file.rows()) {
        String exporter = countries.get(Integer.parseInt(row.get(1)));
        if (exporter != null
            && !row.get(4).strip().equals("abc")
            && importers.contains(countries.get(Integer.parseInt(row.get(2))))
            && RARE_EARTHS.contains(row.get(3))) {
          suppliers.merge(exporter, 1000 * Double.parseDouble(row.get(5).strip()), Double::sum);
        }
      }
    }
    return suppliers;
  }

  private static Map<String, Double> customsSuppliers(int year) {
    Map<String, String> countries =
        Country.all().stream()
            .collect(Collectors.toMap(country -> "" + country.customsCode(), Country::iso));
    Map<String, Double> suppliers = new TreeMap<>();
    for (List<String> row : customs(year + "_import").wholeRows()) {
      if (RARE_EARTHS.contains(row.get(2).substring(1, 7)) && countries.containsKey(row.get(3))) {
        suppliers.merge(countries.get(row.get(3)), Double.parseDouble(row.get(7)), Double::sum);
      }
    }
    return suppliers;
  }

  private static PrintedFile customs(String part) {
    return customs.stream().filter(file -> file.name().contains(part)).findFirst().orElseThrow();
  }

  private static double tonnes(Map<String, Double> suppliers) {
    return suppliers.values().stream().mapToDouble(Double::doubleValue).sum() / 1000;
  }

  private static double percent(Map<String, Double> suppliers, String supplier) {
    return suppliers.getOrDefault(supplier, 0.0) / 10 / tonnes(suppliers);
  }

  private static double concentration(String code, int year) {
    Map<String, Double> suppliers =
        suppliers(
            line ->
                line.reporter().equals("JPN")
                    && line.flow().equals("M")
                    && line.year() == year
                    && line.code().equals(code));
    return suppliers.keySet().stream()
        .mapToDouble(supplier -> Math.pow(percent(suppliers, supplier) / 100, 2))
        .sum();
  }

  /** What China says that it sold in a month, tonnes. */
  private static double sold(String code, String partner, String month) {
    return monthTonnes(
        line ->
            line.reporter().equals("CHN")
                && line.flow().equals("X")
                && line.partner().equals(partner)
                && line.code().equals(code)
                && line.period().equals(month));
  }

  /** What an importer says that it bought from China in a month, tonnes. */
  private static double bought(String importer, Set<String> codes, String month) {
    return monthTonnes(
        line ->
            line.reporter().equals(importer)
                && line.flow().equals("M")
                && line.partner().equals("CHN")
                && codes.contains(line.code())
                && line.period().equals(month));
  }

  private static double monthTonnes(Predicate<Line> concerned) {
    return lines.stream().filter(concerned).mapToDouble(Line::kilograms).sum() / 1000;
  }

  private static Map<String, String> digests(Path root) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        digests.put(root.relativize(path).toString(), digest(Files.readAllBytes(path)));
      }
    }
    return digests;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
