package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Numbers that others published or computed, reproduced from their raw files through the Delta
 * tables: six sources side by side in one lake, codes as reported.
 */
@ExtendWith(SharedSpark.class)
final class RealRecordsTest {
  private static final double PRECISE = 1e-6;

  /** Partners of UN Comtrade that are no country: not elsewhere specified, bunkers, free zones. */
  private static final Set<String> NO_COUNTRY = Set.of("_X", "E19", "X1", "X2", "XX");

  private static final Set<String> GROUPS = Set.of("97", "975");

  private static Workplace lake;
  private static Map<String, Row> cells;

  @BeforeAll
  static void load(Workplace workplace) {
    Path batteries = SharedData.folder("comtrade-battery-chain");
    Path fish = SharedData.folder("comtrade-monthly-fish");
    Path magnets = SharedData.folder("us-rare-earth-magnets");
    Path risk = SharedData.folder("geopolrisk");
    Path shifted = SharedData.folder("shifted-header-comtrade");
    Path seafood = SharedData.folder("baci-derived-seafood-hs12-2018");
    Path japan = SharedData.folder("japan-customs-reference");
    lake =
        workplace
            .set("hs.base", "reported")
            .copy(
                "comtrade/battery chain",
                SharedData.files(batteries.resolve("consolidated"), ".gz"))
            .copy("comtrade/shifted", List.of(shifted.resolve("trade_data.csv")))
            .copy("fish", SharedData.files(fish, ".csv.gz"))
            .conf("sources/fish.sql", "-- Monthly Comtrade files.", "-- like: comtrade")
            .copy("us-imports", List.of(magnets.resolve("us_imports_by_supplier_2018_2025.csv")))
            .conf(
                "sources/us-imports.sql",
                "-- Imports of the United States by supplier, four columns.",
                "-- header: hs6, year, partner_iso3, import_value_usd",
                "-- countries: comtrade",
                "-- currency: USD",
                "-- revision: 'HS2017'",
                "SELECT 'USA' AS reporter, partner_iso3 AS partner, 'import' AS flow, year,",
                "  hs6 AS code, import_value_usd AS value",
                "FROM raw")
            .copy("raw-materials", List.of(risk.resolve("geopolrisk_testcase_usa_2022_trade.csv")))
            .conf(
                "sources/raw-materials.sql",
                "-- BACI rows of raw materials; codes of one material stand together, 250410;250490.",
                "-- header: Year, Exporting Country, Importing Country, rawMaterial, Resource HSCODE,",
                "--   Trade Value (1000 USD), Quantity (mTonnes), ...",
                "-- countries: baci",
                "-- currency: USD",
                "-- value_scale: 1000",
                "-- quantity_scale: 1000",
                "-- revision: 'HS2012'",
                "-- valuation: 'FOB'",
                "SELECT `Importing Country` AS reporter, `Exporting Country` AS partner,",
                "  'import' AS flow, Year AS year,",
                "  substring_index(`Resource HSCODE`, ';', 1) AS code,",
                "  `Trade Value (1000 USD)` AS value, `Quantity (mTonnes)` AS quantity_kg",
                "FROM raw")
            .copy(
                "seafood",
                List.of(
                    seafood.resolve("standardized_baci_seafood_hs12_y2018_including_value.csv")))
            .conf(
                "sources/seafood.sql",
                "-- header: exporter_iso3c, importer_iso3c, hs6, year, hs_version, total_q, total_v, ...",
                "-- countries: baci",
                "-- currency: USD",
                "-- value_scale: 1000",
                "-- quantity_scale: 1000",
                "SELECT importer_iso3c AS reporter, exporter_iso3c AS partner, 'import' AS flow, year,",
                "  hs6 AS code, concat('HS20', substring(hs_version, 3)) AS revision,",
                "  total_v AS value, total_q AS quantity_kg",
                "FROM raw")
            .copy(
                "customs-offices",
                List.of(
                    japan.resolve("estat_sample_2026_jan_may.csv"),
                    japan.resolve("oec_export_by_customs_office_2017_sample.csv")));
    lake.conf(
        "sources/customs-offices.sql",
        lake.conf("sources/japan-customs.sql")
            .replace("Exp or Imp, Year,", "Exp or Imp, Year, [Custom],"));
    lake.run("ingest");
    lake.run("dependency");
    cells = new HashMap<>();
    for (Row row : lake.table(Tables.DEPENDENCY).collectAsList()) {
      cells.put(
          String.join(
              " ",
              row.<String>getAs("source"),
              row.getAs("importer"),
              row.getAs("product"),
              String.valueOf(row.<Integer>getAs("year")),
              row.getAs("basis")),
          row);
    }
  }

  private static Row cell(
      String source, String importer, String product, String year, String basis) {
    String key = String.join(" ", source, importer, product, year, basis);
    Row cell = cells.get(key);
    assertThat(cell).as(key).isNotNull();
    return cell;
  }

  private static String country(String iso) {
    return iso.equals("S19") ? "TWN" : iso;
  }

  private static boolean differs(Row cell, String column, String expected) {
    Object ours = cell.getAs(column);
    if (expected.isEmpty()) {
      return ours != null;
    }
    double number =
        ours instanceof BigDecimal exact
            ? exact.doubleValue()
            : ours == null ? Double.NaN : (Double) ours;
    double wanted = Double.parseDouble(expected);
    return !(Math.abs(number - wanted) <= PRECISE * Math.max(1, Math.abs(wanted)));
  }

  @Test
  void agreesWithEveryCellOfTheBatteryChain() {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int comparedByWeight = 0;
    // Among equals, others name another first than we do.
    Set<String> first =
        Set.copyOf(
            lake.rows(
                Tables.SUPPLIER,
                "source = 'comtrade' AND product_kind = 'hs6' AND rank_value = 1",
                "importer",
                "product",
                "year",
                "supplier"));
    for (Map<String, String> line :
        SharedData.csv(
            SharedData.folder("comtrade-battery-chain").resolve("expected_concentration.csv"))) {
      if (line.get("cmdCode").length() != 6 || GROUPS.contains(line.get("reporterCode"))) {
        continue;
      }
      compared++;
      String importer = country(line.get("reporterISO"));
      String key = importer + " " + line.get("cmdCode") + " " + line.get("refYear");
      Row value = cell("comtrade", importer, line.get("cmdCode"), line.get("refYear"), "value");
      Row quantity =
          cell("comtrade", importer, line.get("cmdCode"), line.get("refYear"), "quantity");
      if (differs(value, "total", line.get("sumPartnersValue"))) {
        wrong.add(key + " total");
      }
      if (differs(value, "hhi", line.get("hhiValueNamedForeign"))) {
        wrong.add(key + " hhi by value");
      }
      if (differs(value, "share_self", line.get("shareSelf"))) {
        wrong.add(key + " share_self");
      }
      boolean allNamed =
          Double.parseDouble(line.get("shareNes")) == 0
              && Double.parseDouble(line.get("shareSelf")) == 0;
      if (allNamed) {
        comparedByWeight++;
        if (differs(quantity, "hhi", line.get("hhiWeightAllPartners"))) {
          wrong.add(key + " hhi by weight");
        }
      }
      String top = country(line.get("topPartnerISO"));
      boolean named = !NO_COUNTRY.contains(top) && !top.equals(importer);
      if (named && !first.contains(key + " " + top)) {
        wrong.add(key + " top supplier " + top + " and not " + value.getAs("top_supplier"));
      }
      if (value.getAs("hhi") != null && !first.contains(key + " " + value.getAs("top_supplier"))) {
        wrong.add(
            key + " top supplier " + value.getAs("top_supplier") + ", who is not ranked first");
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isEqualTo(21_120);
    assertThat(comparedByWeight).isEqualTo(18_956);
  }

  @Test
  void findsTheTwoGapsOfParaguayAndNoOther() {
    assertThat(
            lake.rows(
                Tables.RECONCILIATION,
                "source = 'comtrade' AND NOT abs(gap) <= 0.005",
                "kind",
                "reporter",
                "year",
                "code"))
        .containsExactly("world PRY 2024 850760", "world PRY 2024 850790");
    assertThat(lake.table(Tables.RECONCILIATION).where("source = 'comtrade'").count())
        .isGreaterThanOrEqualTo(21_120);
  }

  @Test
  void accountsForEveryRowOfEveryFile() {
    List<Row> files = lake.table(Tables.SOURCE_FILE).collectAsList();
    assertThat(files).hasSize(36 + 1 + 2 + 1 + 1 + 1 + 2);
    for (Row file : files) {
      assertThat(file.<Long>getAs("read"))
          .as(file.<String>getAs("path"))
          .isEqualTo(
              file.<Long>getAs("used")
                  + file.<Long>getAs("rejected")
                  + file.<Long>getAs("aggregate")
                  + file.<Long>getAs("duplicate")
                  + file.<Long>getAs("superseded"));
    }
    assertThat(
            lake.rows(
                Tables.SOURCE_FILE,
                "source = 'comtrade' AND status = 'loaded'",
                "sum(read)",
                "sum(rejected)"))
        .containsExactly("230141 0");
    assertThat(lake.rows(Tables.SOURCE_FILE, "source = 'fish'", "sum(read)", "sum(rejected)"))
        .containsExactly("344433 0");
    assertThat(lake.rows(Tables.SOURCE_FILE, "true", "sum(used)"))
        .isEqualTo(lake.rows(Tables.FLOW, "partner_kind <> 'world'", "count(*)"));
    assertThat(
            lake.rows(
                Tables.SOURCE_FILE,
                "source = 'fish'",
                "sum(aggregate_reasons['kind of processing or part of a country, added up'])"))
        .as("kinds of processing that stand in the row of another")
        .containsExactly("20");
  }

  @Test
  void keepsEveryIndexBetweenItsBounds() {
    assertThat(
            lake.rows(
                Tables.DEPENDENCY,
                "NOT (hhi_low <= hhi + 1e-12 AND hhi <= hhi_high + 1e-12) OR NOT hhi_high <= 1 + 1e-12"
                    + " OR NOT (1 <= hhi * suppliers + 1e-12 AND hhi <= 1 + 1e-12)",
                "source",
                "importer",
                "product",
                "year",
                "basis"))
        .isEmpty();
  }

  @Test
  void addsSharesUpToOne() {
    assertThat(
            lake.table(Tables.SUPPLIER)
                .groupBy("source", "importer", "product", "product_kind", "year")
                .agg(
                    org.apache.spark.sql.functions.expr("sum(share_value)").as("by_value"),
                    org.apache.spark.sql.functions.expr("sum(share_quantity)").as("by_quantity"))
                .where("abs(by_value - 1) > 1e-9 OR abs(by_quantity - 1) > 1e-9")
                .collectAsList())
        .isEmpty();
  }

  @Test
  void mirrorsTheWorldFromTheImportersReports() {
    Map<String, BigDecimal> exported = new TreeMap<>();
    for (Row row :
        lake.table(Tables.WORLD_TRADE)
            .where("source = 'comtrade' AND world_basis = 'mirror' AND product_kind = 'hs6'")
            .groupBy("product", "year")
            .agg(org.apache.spark.sql.functions.sum("value"))
            .collectAsList()) {
      exported.put(row.getString(0) + " " + row.getInt(1), row.getDecimal(2));
    }
    Map<String, BigDecimal> imported = new TreeMap<>();
    for (Row row :
        lake.table(Tables.SUPPLIER)
            .where("source = 'comtrade' AND product_kind = 'hs6'")
            .groupBy("product", "year")
            .agg(org.apache.spark.sql.functions.sum("value"))
            .collectAsList()) {
      imported.put(row.getString(0) + " " + row.getInt(1), row.getDecimal(2));
    }
    assertThat(exported).isNotEmpty().isEqualTo(imported);
  }

  @Test
  void addsMonthsOfFishToYearsWithoutForeignImports() {
    Map<String, double[]> allPartners = new HashMap<>();
    for (Row row :
        lake.spark()
            .sql(
                "SELECT reporter, code, year, sum(v), sum(v * v), sum(w), sum(w * w), max(m) FROM ("
                    + "SELECT reporter, code, year, partner, cast(sum(value) AS DOUBLE) AS v,"
                    + " cast(sum(quantity_kg) AS DOUBLE) AS w, 0 AS m FROM delta.`"
                    + lake.lake().path(Tables.FLOW)
                    + "` WHERE source = 'fish' AND flow = 'import' AND partner_kind <> 'world'"
                    + " GROUP BY reporter, code, year, partner) GROUP BY reporter, code, year")
            .collectAsList()) {
      double[] sums = new double[4];
      for (int place = 0; place < sums.length; place++) {
        sums[place] = row.isNullAt(3 + place) ? 0 : row.getDouble(3 + place);
      }
      allPartners.put(row.getString(0) + " " + row.getString(1) + " " + row.getInt(2), sums);
    }
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int allNamed = 0;
    for (Map<String, String> line :
        SharedData.csv(
            SharedData.folder("comtrade-monthly-fish")
                .resolve("expected_annual_import_concentration.csv"))) {
      compared++;
      String importer = country(line.get("reporterISO"));
      String key = importer + " " + line.get("cmdCode") + " " + line.get("refYear");
      Row value = cell("fish", importer, line.get("cmdCode"), line.get("refYear"), "value");
      Row quantity = cell("fish", importer, line.get("cmdCode"), line.get("refYear"), "quantity");
      double[] sums = allPartners.get(key);
      assertThat(sums[1] / sums[0] / sums[0])
          .as(key + " by value, over all partners")
          .isCloseTo(Double.parseDouble(line.get("hhiValue")), within(PRECISE));
      if (!line.get("hhiWeight").isEmpty()) {
        assertThat(sums[3] / sums[2] / sums[2])
            .as(key + " by weight, over all partners")
            .isCloseTo(Double.parseDouble(line.get("hhiWeight")), within(PRECISE));
      }
      if (differs(value, "total", line.get("importValue"))) {
        wrong.add(key + " value");
      }
      double weight =
          quantity.getAs("total") == null ? 0 : quantity.<BigDecimal>getAs("total").doubleValue();
      if (Math.abs(weight - Double.parseDouble(line.get("importNetWgt")))
          > PRECISE * Math.max(1, weight)) {
        wrong.add(key + " weight");
      }
      if (!value.getAs("period").equals("monthly")
          || value.<Integer>getAs("months") < Integer.parseInt(line.get("monthsReported"))) {
        wrong.add(key + " months " + value.getAs("months"));
      }
      if (isZero(value, "share_unspecified") && isZero(value, "share_self")) {
        allNamed++;
        if (differs(value, "hhi", line.get("hhiValue"))) {
          wrong.add(key + " hhi by value");
        }
        if (differs(quantity, "hhi", line.get("hhiWeight"))) {
          wrong.add(key + " hhi by weight");
        }
        if (differs(value, "top_share", line.get("topShare"))) {
          wrong.add(key + " top share");
        }
      }
      String top = country(line.get("topPartnerISO"));
      if (!NO_COUNTRY.contains(top)
          && !top.equals(importer)
          && !top.equals(value.getAs("top_supplier"))) {
        wrong.add(key + " top supplier " + top + " and not " + value.getAs("top_supplier"));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isEqualTo(1_670);
    assertThat(allNamed).isGreaterThan(1_300);
  }

  private static boolean isZero(Row cell, String column) {
    return Objects.equals(cell.<Double>getAs(column), 0.0);
  }

  @Test
  void keepsForeignImportsApartFromImports() {
    assertThat(
            lake.rows(
                Tables.FLOW,
                "source = 'fish' AND flow IN ('import', 'foreign_import', 're_import', 'domestic_export')",
                "flow"))
        .hasSize(150_460 + 18_859 + 524 + 27_111);
  }

  @Test
  void agreesWithThePublishedConcentrationOfRareEarthsAndMagnets() {
    int compared = 0;
    for (Map<String, String> line :
        SharedData.csv(
            SharedData.folder("us-rare-earth-magnets")
                .resolve("fct_concentration_re_magnets.csv"))) {
      String key = line.get("canonical_product_id") + " " + line.get("year");
      Row cell =
          cell("us-imports", "USA", line.get("canonical_product_id"), line.get("year"), "value");
      assertThat(cell.<BigDecimal>getAs("total"))
          .as(key)
          .isEqualByComparingTo(line.get("total_import_value_usd"));
      assertThat(10_000 * cell.<Double>getAs("hhi"))
          .as(key)
          .isCloseTo(Double.parseDouble(line.get("hhi")), within(1e-5));
      assertThat(cell.<String>getAs("top_supplier"))
          .as(key)
          .isEqualTo(line.get("top1_partner_iso3"));
      assertThat(cell.<Double>getAs("top_share"))
          .as(key)
          .isCloseTo(Double.parseDouble(line.get("top1_share")), within(PRECISE));
      assertThat(cell.<Double>getAs("cr3"))
          .as(key)
          .isCloseTo(Double.parseDouble(line.get("top3_share")), within(PRECISE));
      assertThat(cell.<Integer>getAs("suppliers"))
          .as(key)
          .isEqualTo(Integer.parseInt(line.get("supplier_count")));
      assertThat(cell.<Double>getAs("effective_suppliers"))
          .as(key)
          .isCloseTo(Double.parseDouble(line.get("effective_suppliers")), within(PRECISE));
      compared++;
    }
    assertThat(compared).isEqualTo(32);
  }

  @Test
  void reproducesTheWorkedChecksOfRawMaterials() {
    Map<String, double[]> worked =
        Map.of(
            "natural-graphite", new double[] {0.559019, 0.300057},
            "260200", new double[] {0.443200, 0.474739},
            "260400", new double[] {0.512617, 0.739767});
    worked.forEach(
        (product, indices) -> {
          assertThat(cell("raw-materials", "USA", product, "2022", "value").<Double>getAs("hhi"))
              .as(product + " by value")
              .isCloseTo(indices[0], within(PRECISE));
          assertThat(cell("raw-materials", "USA", product, "2022", "quantity").<Double>getAs("hhi"))
              .as(product + " by quantity")
              .isCloseTo(indices[1], within(PRECISE));
        });
  }

  @Test
  void countsTaiwanAsASupplierInEverySource() {
    assertThat(
            lake
                .rows(Tables.SUPPLIER, "supplier = 'TWN' AND product_kind = 'hs6'", "source")
                .stream()
                .distinct())
        .containsExactly("comtrade", "fish", "raw-materials", "seafood", "us-imports");
  }

  @Test
  void computesSeafoodAsAFewLinesDo() {
    Map<String, Map<String, Double>> bySupplier = new TreeMap<>();
    Map<String, Double> returned = new TreeMap<>();
    for (Map<String, String> line :
        SharedData.csv(
            SharedData.folder("baci-derived-seafood-hs12-2018")
                .resolve("standardized_baci_seafood_hs12_y2018_including_value.csv"))) {
      String key = line.get("importer_iso3c") + " " + line.get("hs6");
      double value = Double.parseDouble(line.get("total_v"));
      if (line.get("exporter_iso3c").equals(line.get("importer_iso3c"))) {
        returned.merge(key, value, Double::sum);
      } else if (!line.get("importer_iso3c").equals("NEI")) {
        bySupplier
            .computeIfAbsent(key, cell -> new TreeMap<>())
            .merge(line.get("exporter_iso3c"), value, Double::sum);
      }
    }
    bySupplier.forEach(
        (key, values) -> {
          double total = values.values().stream().mapToDouble(value -> value).sum();
          double hhi =
              values.values().stream().mapToDouble(value -> value * value / total / total).sum();
          String[] names = key.split(" ");
          Row cell = cell("seafood", names[0], names[1], "2018", "value");
          if (total > 0) {
            assertThat(cell.<Double>getAs("hhi")).as(key).isCloseTo(hhi, within(PRECISE));
            assertThat(cell.<BigDecimal>getAs("total").doubleValue())
                .as(key)
                .isCloseTo(
                    1000 * (total + returned.getOrDefault(key, 0.0)), within(0.01 * values.size()));
          }
        });
    assertThat(bySupplier).hasSizeGreaterThan(500);
    assertThat(lake.rows(Tables.REJECT, "source = 'seafood'", "reason"))
        .hasSize(12)
        .containsOnly("the reporter 'NEI' is no country that conf/countries.csv or ISO knows");
  }

  @Test
  void readsTheSamplesOfJapanAndAddsTheirMonthsUp() {
    assertThat(
            lake.rows(
                Tables.RECONCILIATION,
                "source = 'customs-offices'",
                "kind",
                "code",
                "year",
                "published = ours",
                "gap"))
        .containsExactly(
            "year 010121000 2017 true 0.0",
            "year 010129000 2017 true 0.0",
            "year 852351000 2026 true 0.0");
    assertThat(
            lake.rows(
                Tables.FLOW,
                "source = 'customs-offices' AND code = '852351000'",
                "reporter",
                "partner",
                "flow",
                "year",
                "month",
                "value",
                "currency",
                "valuation",
                "hs_revision"))
        .containsExactly(
            "JPN TWN export 2026 1 544477000.000 JPY FOB HS2022",
            "JPN TWN export 2026 2 92551000.000 JPY FOB HS2022",
            "JPN TWN export 2026 3 355826000.000 JPY FOB HS2022",
            "JPN TWN export 2026 4 664647000.000 JPY FOB HS2022",
            "JPN TWN export 2026 5 390151000.000 JPY FOB HS2022");
  }

  @Test
  void rejectsTheShiftedFileWithAReason() {
    assertThat(
            lake.rows(
                Tables.SOURCE_FILE,
                "path LIKE '%trade_data%'",
                "status",
                "used",
                "rejected",
                "read"))
        .containsExactly("rejected 0 8639 8639");
    assertThat(
            lake.rows(
                Tables.REJECT, "source = 'comtrade'", "source", "file", "line", "raw", "reason"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith(
            "comtrade comtrade/shifted/trade_data.csv null null the header does not fit the source comtrade: it lacks reporterCode");
  }
}
