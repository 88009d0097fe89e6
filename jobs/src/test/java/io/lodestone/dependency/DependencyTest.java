package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A small world in every shipped format and one of a user's own, through the whole pipeline. */
@ExtendWith(SharedSpark.class)
final class DependencyTest {
  private static final String[] ANNUAL = {
    // Japan: the worked example, with a group beside its members and the published total.
    "C,A,2018,52,392,M,0,H4,280530,40,100",
    "C,A,2018,52,392,M,156,H4,280530,10,70",
    "C,A,2018,52,392,M,704,H4,280530,30,20",
    "C,A,2018,52,392,M,842,H4,280530,,10",
    "C,A,2018,52,392,M,97,H4,280530,,55",
    "C,A,2018,52,392,M,156,H4,284610,100,100",
    "C,A,2018,52,392,X,410,H4,280530,,50",
    "C,A,2018,52,392,RX,410,H4,280530,,20",
    // Unspecified areas and returned goods; a year without the product; nobody named.
    "C,A,2019,52,392,M,36,H4,280530,,60",
    "C,A,2019,52,392,M,392,H4,280530,,25",
    "C,A,2019,52,392,M,899,H4,280530,,15",
    "C,A,2020,52,392,M,152,H4,283691,,5",
    "C,A,2021,52,392,M,899,H4,280530,,40",
    // A year for which BACI knows the world.
    "C,A,2016,52,392,M,156,H4,280530,,50",
    "C,A,2016,52,392,M,704,H4,280530,,50",
    // Germany reports the product in one year only.
    "C,A,2018,52,276,M,156,H4,280530,,100",
    "C,A,2019,52,276,M,152,H4,283691,,5",
    // Korea: annual records beside months.
    "C,A,2018,52,410,M,704,H4,250510,,22",
    "C,A,2018,52,410,M,458,H4,250510,,1",
    "C,M,2018,1,410,M,704,H4,250510,,10",
    "C,M,2018,2,410,M,704,H4,250510,,12",
    "C,M,2018,1,410,M,458,H4,250590,,5",
    "C,M,2018,3,410,M,458,H4,250590,,6",
    // One member of a good in annual records, another in months.
    "C,A,2018,52,410,M,508,H4,250410,,10",
    "C,M,2018,1,410,M,508,H4,250410,,9",
    "C,M,2018,1,410,M,156,H4,250490,,4",
    "C,M,2018,2,410,M,508,H4,250490,,6",
    // The Philippines: the total of a year beside partners by month.
    "C,A,2018,52,608,M,0,H4,810411,,70",
    "C,M,2018,1,608,M,156,H4,810411,,40",
    "C,M,2018,2,608,M,643,H4,810411,,20",
    // Malaysia: a year of which only the total is published, beside another product's partners.
    "C,A,2018,52,458,M,152,H4,282520,,30",
    "C,A,2019,52,458,M,0,H4,282520,,33",
    "C,A,2019,52,458,M,156,H4,260200,,4",
    // France publishes nothing but a total.
    "C,A,2018,52,251,M,0,H4,282520,,12",
    // Singapore passes on what it buys, and makes something else.
    "C,A,2018,52,702,M,156,H4,811010,,100",
    "C,A,2018,52,702,X,392,H4,811010,,80",
    "C,A,2018,52,702,RX,392,H4,811010,,80",
    "C,A,2018,52,702,X,392,H4,811292,,10",
    "C,A,2018,52,702,DX,392,H4,811292,,10",
    // Thailand: annual exports beside months, imports annual only.
    "C,A,2018,52,764,X,410,H4,280461,,50",
    "C,M,2018,1,764,X,410,H4,280461,,20",
    "C,M,2018,2,764,X,410,H4,280461,,30",
    // Taiwan, by the code that others call a residual.
    "C,A,2018,52,490,M,156,H4,850519,,1",
    "C,A,2018,52,490,M,392,H4,850519,,3",
    // Bismuth, in two codes since HS2022.
    "C,A,2022,52,764,M,156,H6,810610,,6",
    "C,A,2022,52,764,M,156,H6,810690,,4",
    "C,A,2022,52,764,M,704,H6,810690,,10",
  };

  private static Workplace world;

  private static Workplace others(Workplace workplace) {
    return workplace
        .file(
            "comtrade/nine.csv",
            "typeCode,freqCode,refYear,refMonth,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,cmdCode,customsCode,motCode,netWeight,isNetWgtEstimated,cifvalue,fobvalue,primaryValue",
            "C,A,2018,52,764,M,156,0,H4,280461,C00,0,5,False,100,,100",
            "C,A,2018,52,764,M,156,156,H4,280461,C00,0,3,False,60,,60",
            "C,A,2018,52,764,M,156,344,H4,280461,C00,0,2,False,40,,40",
            "C,A,2018,52,764,M,156,0,H4,280461,C00,2100,3,False,60,,60",
            "C,A,2018,52,764,M,156,0,H4,280461,C00,3200,2,False,40,,40",
            "C,A,2018,52,764,M,156,0,H4,280461,C01,0,5,False,100,,100",
            "C,A,2018,52,764,M,156,156,H4,280461,C01,2100,3,False,60,,60",
            "C,A,2018,52,764,M,156,344,H4,280461,C01,3200,2,False,40,,40",
            "C,A,2018,52,764,M,156,344,H4,280461,C00,3200,2,False,40,,40",
            "C,A,2018,52,764,M,410,0,H4,280461,C00,0,5,True,,100,100")
        .file(
            "baci/BACI_HS12_Y2016_V202601.csv",
            "t,i,j,k,v,q",
            "2016,156,392,280530,9,1",
            "2016,156,276,280530,6,1",
            "2016,704,392,280530,5,1")
        .file(
            "japan-customs/2019.csv",
            "Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year,Quantity1-Jan,Quantity2-Jan,Value-Jan,Quantity1-Feb,Quantity2-Feb,Value-Feb,Quantity1-Mar,Quantity2-Mar,Value-Mar,Quantity1-Apl,Quantity2-Apl,Value-Apl",
            "2,2019,'280530000',105,  ,MT,0,3,300,0,1,100,0,0,0,0,2,150,0,0,50",
            "2,2019,'280530000',106,NO,KG,7,500,90,7,500,100,0,0,0,0,0,0,0,0,0",
            "1,2019,'280530000',218,NO,KG,0,50,100,0,50,100,0,0,0,0,0,0,0,0,0",
            "1,2019,'280530000',523,NO,KG,0,20,40,0,20,40,0,0,0,0,0,0,0,0,0")
        .file(
            "japan-customs/2019-january.csv",
            "Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year,Quantity1-Jan,Quantity2-Jan,Value-Jan",
            "1,2019,'280530000',523,NO,KG,0,20,30,0,20,30")
        .modified("japan-customs/2019-january.csv", -100)
        .file(
            "us-imports/magnets.csv",
            "hts10,year,country,usd",
            "8505110070,2018,CHN,30",
            "8505110050,2018,CHN,10",
            "8505110050,2018,JPN,10")
        .conf(
            "sources/us-imports.sql",
            "-- A source of a user's own, without Java.",
            "-- header: hts10, year, country, usd",
            "-- countries: comtrade",
            "-- currency: USD",
            "-- revision: 'HS2012'",
            "-- digits: 10",
            "SELECT 'USA' AS reporter, country AS partner, 'import' AS flow, year, hts10 AS code, usd AS value",
            "FROM raw");
  }

  @BeforeAll
  static void run(Workplace workplace) {
    world = others(workplace.comtrade("comtrade/annual.csv", ANNUAL));
    assertThat(world.run()).isTrue();
  }

  private static List<String> cells(String where, String... columns) {
    return world.rows(Tables.DEPENDENCY, where, columns);
  }

  @Test
  void squaresTheSharesOfTheWorkedExample() {
    assertThat(
            cells(
                "source = 'comtrade' AND importer = 'JPN' AND product = '280530' AND year = 2018",
                "basis",
                "total",
                "suppliers",
                "round(hhi, 9)",
                "round(hhi_low, 9)",
                "round(hhi_high, 9)",
                "round(effective_suppliers, 6)",
                "round(hhi_normalised, 9)",
                "round(cr1, 9)",
                "round(cr3, 9)",
                "round(entropy, 6)",
                "top_supplier",
                "round(top_share, 9)"))
        .containsExactly(
            "quantity 40.000 2 0.625 0.625 0.625 1.6 0.25 0.75 1.0 0.562335 VNM 0.75",
            "value 100.000 3 0.54 0.54 0.54 1.851852 0.31 0.7 1.0 0.801819 CHN 0.7");
  }

  @Test
  void listsTheSuppliersWithTheirSharesAndRanks() {
    assertThat(
            world.rows(
                Tables.SUPPLIER,
                "source = 'comtrade' AND importer = 'JPN' AND product = '280530' AND year IN (2018, 2019)",
                "year",
                "supplier",
                "value",
                "quantity_kg",
                "round(share_value, 9)",
                "round(share_quantity, 9)",
                "round(share_total_value, 9)",
                "round(share_total_quantity, 9)",
                "round(unit_value, 6)",
                "rank_value",
                "rank_quantity"))
        .containsExactly(
            "2018 CHN 70.000 10.000 0.7 0.25 0.7 0.25 7.0 1 2",
            "2018 USA 10.000 null 0.1 null 0.1 null null 3 null",
            "2018 VNM 20.000 30.000 0.2 0.75 0.2 0.75 0.666667 2 1",
            "2019 AUS 60.000 null 1.0 null 0.8 null null 1 null");
  }

  @Test
  void widensTheBoundsByWhatIsNotSpecified() {
    assertThat(
            cells(
                "source = 'comtrade' AND importer = 'JPN' AND product = '280530' AND basis = 'value' AND year IN (2019, 2021)",
                "year",
                "total",
                "suppliers",
                "hhi",
                "round(hhi_low, 9)",
                "round(hhi_high, 9)",
                "round(share_unspecified, 9)",
                "round(share_self, 9)",
                "top_supplier"))
        .containsExactly(
            "2019 100.000 1 1.0 0.64 1.0 0.2 0.25 AUS", "2021 40.000 0 null null 1.0 1.0 0.0 null");
  }

  @Test
  void hasNoRowForAProductThatIsNotImported() {
    assertThat(
            cells(
                "source = 'comtrade' AND importer = 'JPN' AND year = 2020 AND product_kind = 'hs6'",
                "product",
                "basis",
                "total"))
        .containsExactly("283691 quantity null", "283691 value 5.000");
  }

  @Test
  void knowsNoSuppliersWhereOnlyATotalIsPublished() {
    for (String product : List.of("282520", "lithium-hydroxide")) {
      assertThat(
              cells(
                  "importer = 'MYS' AND product = '%s' AND basis = 'value'".formatted(product),
                  "year",
                  "period",
                  "months",
                  "mapping",
                  "total",
                  "suppliers",
                  "hhi",
                  "hhi_high",
                  "share_unspecified",
                  "is_import_concentrated",
                  "is_net_importer",
                  "dependent_state"))
          .as(product)
          .containsExactly(
              "2018 annual 12 same 30.000 1 1.0 1.0 0.0 true null null",
              "2019 annual 12 same null null null null null null null null");
    }
    assertThat(cells("importer = 'FRA'", "year"))
        .as("a year of totals alone is one that is not reported")
        .isEmpty();
  }

  /** Of one code of graphite the partners, of the other nothing but the World row. */
  @Test
  void doesNotTakeSomeMembersForTheWholeGood(Workplace workplace) {
    workplace
        .comtrade(
            "comtrade/graphite.csv",
            "C,A,2018,52,392,M,0,H4,250410,,100",
            "C,A,2018,52,392,M,156,H4,250410,,100",
            "C,A,2018,52,392,M,0,H4,250490,,40",
            "C,A,2019,52,392,M,0,H4,250410,,100",
            "C,A,2019,52,392,M,156,H4,250410,,100",
            "C,A,2019,52,392,M,0,H4,250490,,40",
            "C,A,2019,52,392,M,508,H4,250490,,40")
        .run("ingest");
    workplace.run("dependency");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "product = 'natural-graphite' AND basis = 'value'",
                "year",
                "total",
                "suppliers",
                "top_supplier"))
        .containsExactly("2018 null null null", "2019 140.000 2 CHN");
    assertThat(
            workplace.rows(
                Tables.SUPPLIER, "product = 'natural-graphite'", "year", "supplier", "value"))
        .containsExactly("2019 CHN 100.000", "2019 MOZ 40.000");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY, "product = '250410' AND basis = 'value'", "year", "total"))
        .containsExactly("2018 100.000", "2019 100.000");
  }

  @Test
  void judgesDependenceByTheThreeConditions() {
    assertThat(
            cells(
                "source = 'comtrade' AND product = '280530' AND basis = 'value'",
                "importer",
                "year",
                "round(world_hhi, 9)",
                "round(imports_over_exports, 6)",
                "no_exports",
                "exports_basis",
                "is_import_concentrated",
                "is_world_concentrated",
                "is_net_importer",
                "is_dependent"))
        .containsExactly(
            "DEU 2018 0.735 null true mirror true true true true",
            "JPN 2016 0.625 null null null true true null null",
            "JPN 2018 0.735 3.333333 false domestic true true true true",
            "JPN 2019 null null null null true null null null",
            "JPN 2021 null null null null null null null null");
  }

  @Test
  void sumsTheWorldsExportsOnEachBasis() {
    assertThat(
            world.rows(
                Tables.WORLD_TRADE,
                "product = '280530' AND year IN (2016, 2018, 2019)",
                "source",
                "year",
                "world_basis",
                "exporter",
                "value",
                "quantity_kg",
                "round(coverage, 6)"))
        .containsExactly(
            "baci 2016 baci CHN 15000.000 2000.000 null",
            "baci 2016 baci VNM 5000.000 1000.000 null",
            "comtrade 2016 mirror CHN 50.000 null 0.5",
            "comtrade 2016 mirror VNM 50.000 null 0.5",
            "comtrade 2018 mirror CHN 170.000 10.000 1.0",
            "comtrade 2018 mirror USA 10.000 null 1.0",
            "comtrade 2018 mirror VNM 20.000 30.000 1.0",
            "comtrade 2018 own JPN 30.000 null null",
            "comtrade 2019 mirror AUS 60.000 null 0.5",
            "japan-customs 2019 own JPN 140000.000 70.000 null");
  }

  @Test
  void addsTheMembersOfAGood() {
    assertThat(
            cells(
                "source = 'comtrade' AND importer = 'JPN' AND product_kind = 'good' AND year = 2018 AND basis = 'value'",
                "product",
                "total",
                "round(hhi, 9)",
                "top_supplier",
                "is_basket"))
        .containsExactly(
            "cerium-compounds 100.000 1.0 CHN false",
            "rare-earth-metals 100.000 0.54 CHN false",
            "rare-earths 200.000 0.735 CHN false");
  }

  @Test
  void marksABasket() {
    assertThat(
            cells(
                "importer = 'TWN' AND basis = 'value'",
                "product",
                "total",
                "hhi",
                "top_supplier",
                "is_basket"))
        .containsExactly("850519 4.000 0.625 JPN true", "other-magnets 4.000 0.625 JPN true");
  }

  @Test
  void tellsNationalLinesOfOneCodeApart() {
    assertThat(
            cells(
                "source = 'us-imports' AND basis = 'value'",
                "importer",
                "product",
                "total",
                "round(hhi, 9)",
                "top_supplier",
                "currency",
                "valuation",
                "is_basket"))
        .containsExactly(
            "USA 850511 50.000 0.68 CHN USD null true",
            "USA neodymium-iron-boron-magnets 30.000 1.0 CHN USD null false",
            "USA rare-earth-magnets 50.000 0.68 CHN USD null true",
            "USA samarium-cobalt-magnets 20.000 0.5 CHN USD null false");
  }

  @Test
  void bringsCodesOfANewerRevisionTogetherAndSaysSo() {
    assertThat(
            world.rows(
                Tables.FLOW,
                "year = 2022",
                "code",
                "hs6",
                "hs_revision",
                "product",
                "mapping",
                "partner"))
        .containsExactly(
            "810610 810610 HS2022 810600 merged CHN",
            "810690 810690 HS2022 810600 merged CHN",
            "810690 810690 HS2022 810600 merged VNM");
    assertThat(
            cells(
                "importer = 'THA' AND year = 2022 AND basis = 'value'",
                "product",
                "total",
                "hhi",
                "mapping"))
        .containsExactly(
            "810600 20.000 0.5 merged",
            "bismuth 20.000 0.5 merged",
            "bismuth-high-purity 6.000 1.0 merged",
            "bismuth-other 14.000 0.5918367346938775 merged");
  }

  @Test
  void letsAnnualRecordsWinOverTheirMonthsAndOverNoOthers() {
    assertThat(
            cells(
                "importer = 'KOR' AND basis = 'value'",
                "product",
                "total",
                "round(hhi, 9)",
                "period",
                "months"))
        .as("Korea reports months 1 to 3")
        .containsExactly(
            "250410 10.000 1.0 annual 12",
            "250490 10.000 0.52 monthly 3",
            "250510 23.000 0.916824197 annual 12",
            "250590 11.000 1.0 monthly 3",
            "natural-graphite 20.000 0.68 monthly 3",
            "other-natural-sands 11.000 1.0 monthly 3",
            "silica-sands 23.000 0.916824197 annual 12");
    assertThat(
            world.rows(
                Tables.RECONCILIATION,
                "reporter = 'KOR'",
                "kind",
                "code",
                "published",
                "ours",
                "round(gap, 6)"))
        .containsExactly("year 250410 10.000 9.000 -0.1", "year 250510 23.000 22.000 -0.043478");
  }

  @Test
  void keepsTheMonthsOfPartnersBesideThePublishedTotalOfTheYear() {
    assertThat(
            cells(
                "importer = 'PHL' AND product = '810411' AND basis = 'value'",
                "total",
                "top_supplier",
                "round(hhi, 9)",
                "period",
                "months"))
        .containsExactly("60.000 CHN 0.555555556 monthly 2");
    assertThat(
            world.rows(
                Tables.RECONCILIATION,
                "reporter = 'PHL'",
                "kind",
                "month",
                "published",
                "ours",
                "round(gap, 6)"))
        .containsExactly("year null 70.000 60.000 -0.142857");
  }

  @Test
  void knowsThatWhatIsOnlyPassedOnIsNotExported() {
    assertThat(
            cells(
                "importer = 'SGP' AND product = '811010' AND basis = 'value'",
                "no_exports",
                "exports_basis",
                "is_net_importer"))
        .containsExactly("true domestic true");
  }

  @Test
  void countsAnnualExportsBesideTheirMonthsOnce() {
    assertThat(
            world.rows(
                Tables.WORLD_TRADE,
                "world_basis = 'own' AND exporter = 'THA'",
                "product",
                "year",
                "value"))
        .containsExactly("280461 2018 50.000", "polysilicon 2018 50.000");
  }

  @Test
  void takesOneOfNineRowsAPartner() {
    assertThat(
            world.rows(
                Tables.FLOW,
                "reporter = 'THA' AND year = 2018 AND flow = 'import'",
                "partner",
                "value",
                "quantity_kg",
                "valuation",
                "quantity_estimated",
                "partner_concept"))
        .containsExactly("CHN 100.000 5.000 CIF false origin", "KOR 100.000 5.000 FOB true origin");
    assertThat(
            cells(
                "importer = 'THA' AND product = '280461' AND basis = 'value'",
                "total",
                "valuation",
                "share_estimated",
                "share_with_quantity"))
        .containsExactly("200.000 null 0.5 1.0");
    assertThat(
            world
                .table(Tables.SOURCE_FILE)
                .where("path = 'comtrade/nine.csv'")
                .selectExpr("read", "used", "aggregate", "to_json(aggregate_reasons)")
                .collectAsList()
                .toString())
        .isEqualTo(
            "[[10,2,8,{\"breakdown by customs procedure\":1,\"breakdown by mode of transport\":2,\"breakdown by second partner\":5}]]");
  }

  @Test
  void turnsTheMonthsOfAWideFileIntoRecords() {
    assertThat(
            world.rows(
                Tables.FLOW,
                "source = 'japan-customs'",
                "partner",
                "month",
                "code",
                "hs_revision",
                "value",
                "currency",
                "quantity_kg",
                "valuation"))
        .containsExactly(
            "CHN 1 280530000 HS2017 100000.000 JPY 1000.000 CIF",
            "CHN 3 280530000 HS2017 150000.000 JPY 2000.000 CIF",
            "CHN 4 280530000 HS2017 50000.000 JPY null CIF",
            "ESP 1 280530000 HS2017 140000.000 JPY 70.000 FOB",
            "TWN 1 280530000 HS2017 100000.000 JPY 500.000 CIF");
    assertThat(
            cells(
                "source = 'japan-customs' AND product = '280530' AND basis = 'value'",
                "total",
                "currency",
                "hhi",
                "period",
                "months"))
        .containsExactly("400000.000 JPY 0.625 monthly 3");
    assertThat(
            world.rows(
                Tables.RECONCILIATION,
                "source = 'japan-customs'",
                "kind",
                "published",
                "ours",
                "round(gap, 6)"))
        .as("the printed year of the second line is less than its months")
        .containsExactly("year 140000.000 140000.000 0.0", "year 390000.000 400000.000 0.025641");
    assertThat(
            world
                .table(Tables.SOURCE_FILE)
                .where("source = 'japan-customs'")
                .orderBy("path")
                .selectExpr("path", "read", "used", "aggregate", "superseded")
                .collectAsList()
                .toString())
        .as("a part of Spain is added to it; an older file counts neither in months nor in years")
        .isEqualTo("[[japan-customs/2019-january.csv,2,0,1,1], [japan-customs/2019.csv,10,5,5,0]]");
  }

  @Test
  void keepsAGroupApartFromItsMembers() {
    assertThat(
            world.rows(
                Tables.FLOW,
                "partner_kind IN ('group', 'world')",
                "partner",
                "partner_kind",
                "value"))
        .containsExactly(
            "x-0 world 100.000",
            "x-0 world 12.000",
            "x-0 world 33.000",
            "x-0 world 70.000",
            "x-97 group 55.000");
    assertThat(world.rows(Tables.SUPPLIER, "supplier LIKE 'x-%' OR supplier = importer", "*"))
        .isEmpty();
    assertThat(
            world.rows(
                Tables.RECONCILIATION, "kind = 'world'", "reporter", "published", "ours", "gap"))
        .containsExactly(
            "FRA 12.000 0.000 -1.0", "JPN 100.000 100.000 0.0", "MYS 33.000 0.000 -1.0");
  }

  @Test
  void givesTheSameRowsInWhateverOrderTheRecordsCome(Workplace workplace) {
    List<String> reversed = new ArrayList<>(Arrays.asList(ANNUAL));
    Collections.reverse(reversed);
    int half = reversed.size() / 2;
    others(workplace)
        .comtrade(
            "comtrade/z.csv.gz", reversed.subList(half, reversed.size()).toArray(String[]::new))
        .comtrade("comtrade/tree/2018/a.csv", reversed.subList(0, half).toArray(String[]::new))
        .run();
    for (Table table :
        List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY, Tables.RECONCILIATION)) {
      assertThat(workplace.rows(table)).as(table.name()).isEqualTo(world.rows(table));
    }
  }
}
