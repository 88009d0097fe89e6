package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.records.Goods;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From literal rows of dependency and supplier to trends, changes, spells and churn. */
@ExtendWith(SharedSpark.class)
final class TrendsTest {
  private static final String GOODS_HEADER =
      "good,code,revision,reporter,national_code,chain,stage,basket,name_en,name_zh_hant,name_ja";

  /** A small world: rows of supplier, and of dependency computed from them. */
  private static final class World {
    private final List<Row> suppliers = new ArrayList<>();
    private final List<Row> dependencies = new ArrayList<>();

    /**
     * A year of a product.
     *
     * @param state in the state of dependence; null where unknown
     * @param amounts supplier and amount in turn; value and kilograms are equal
     */
    World year(
        String importer, String product, String kind, int year, Boolean state, Object... amounts) {
      return year(importer, product, kind, year, 12, state, amounts);
    }

    World year(
        String importer,
        String product,
        String kind,
        int year,
        int months,
        Boolean state,
        Object... amounts) {
      Map<String, Double> bySupplier = new LinkedHashMap<>();
      double all = 0;
      for (int at = 0; at < amounts.length; at += 2) {
        double amount = ((Number) amounts[at + 1]).doubleValue();
        bySupplier.put((String) amounts[at], amount);
        all += amount;
      }
      double hhi = 0;
      String top = null;
      for (Map.Entry<String, Double> supplier : bySupplier.entrySet()) {
        double share = supplier.getValue() / all;
        hhi += share * share;
        top = top == null || supplier.getValue() > bySupplier.get(top) ? supplier.getKey() : top;
        suppliers.add(
            row(
                Tables.SUPPLIER.columnNames(),
                Map.of(
                    "source", "test",
                    "importer", importer,
                    "product", product,
                    "product_kind", kind,
                    "year", year,
                    "supplier", supplier.getKey(),
                    "value", BigDecimal.valueOf(supplier.getValue()),
                    "quantity_kg", BigDecimal.valueOf(supplier.getValue()),
                    "share_value", share,
                    "share_quantity", share)));
      }
      for (String basis : List.of("value", "quantity")) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("source", "test");
        fields.put("importer", importer);
        fields.put("product", product);
        fields.put("product_kind", kind);
        fields.put("year", year);
        fields.put("basis", basis);
        fields.put("hhi", bySupplier.isEmpty() ? null : hhi);
        fields.put("hhi_low", bySupplier.isEmpty() ? null : hhi);
        fields.put("hhi_high", bySupplier.isEmpty() ? null : hhi);
        fields.put("top_supplier", top);
        fields.put("months", months);
        fields.put("share_unspecified", 0.0);
        fields.put("share_with_quantity", 1.0);
        fields.put("dependent_state", state);
        fields.put("world_hhi", 0.5);
        dependencies.add(row(Tables.DEPENDENCY.columnNames(), fields));
      }
      return this;
    }

    private static Row row(String[] columns, Map<String, Object> fields) {
      return RowFactory.create(Arrays.stream(columns).map(fields::get).toArray());
    }

    World write(Workplace workplace) {
      workplace
          .lake()
          .replace(
              Tables.SUPPLIER,
              workplace.spark().createDataFrame(suppliers, Tables.SUPPLIER.schema()),
              "true",
              "test",
              "test");
      workplace
          .lake()
          .replace(
              Tables.DEPENDENCY,
              workplace.spark().createDataFrame(dependencies, Tables.DEPENDENCY.schema()),
              "true",
              "test",
              "test");
      return this;
    }
  }

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
    java.io.ByteArrayOutputStream printed = new java.io.ByteArrayOutputStream();
    Trends.run(
        workplace.lake(),
        workplace.settings(),
        Goods.load(
            io.lodestone.ConfFiles.load(
                workplace.settings().conf(),
                workplace.spark().sparkContext().hadoopConfiguration())),
        Scope.CHANGES,
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
  void testsEveryMeasureOfASeriesAndKeepsGapsAndPartialYearsOut(Workplace workplace) {
    int[] years = {2008, 2009, 2010, 2011, 2012, 2014, 2018};
    double[] shares = {90, 85.49, 81.61, 68.37, 58, 59.64, 58};
    World world = new World();
    for (int at = 0; at < years.length; at++) {
      world.year(
          "JPN", "111111", "hs6", years[at], null, "CHN", shares[at], "VNM", 100 - shares[at]);
    }
    world.year("JPN", "111111", "hs6", 2017, 9, null, "CHN", 10, "VNM", 90);
    world.year("JPN", "111111", "hs6", 2016, null);
    world.write(workplace);
    trends(window(workplace, "2008-2018"));

    Row row =
        workplace
            .table(Tables.TREND)
            .where("measure = 'share:first_top' AND basis = 'quantity'")
            .collectAsList()
            .get(0);
    assertThat(row.<String>getAs("supplier")).isEqualTo("CHN");
    assertThat(row.<Integer>getAs("years")).isEqualTo(7);
    assertThat(row.<Integer>getAs("years_partial")).isEqualTo(1);
    assertThat(row.<Integer>getAs("first_year")).isEqualTo(2008);
    assertThat(row.<Integer>getAs("last_year")).isEqualTo(2018);
    assertThat(row.<Integer>getAs("mk_s")).isEqualTo(-18);
    assertThat(row.<Double>getAs("mk_var")).isCloseTo(43.3333, within(5e-5));
    assertThat(row.<Double>getAs("mk_p")).isCloseTo(24 / 5040.0, within(1e-12));
    assertThat(row.<Double>getAs("mk_p_normal")).isCloseTo(0.009809, within(5e-7));
    assertThat(row.<Double>getAs("sen_slope")).isCloseTo(-0.0451, within(1e-9));
    assertThat(row.<Double>getAs("mk_p_hamed_rao")).as("gaps").isNull();
    assertThat(row.<Double>getAs("trend_p")).as("too short").isNull();
    assertThat(row.<String>getAs("verdict")).isEqualTo("too_short");
    assertThat(workplace.rows(Tables.TREND, "basis = 'value'", "measure", "supplier", "years"))
        .containsExactly(
            "effective_suppliers null 7", "hhi null 7", "share:CHN CHN 7", "share:first_top CHN 7");
  }

  @Test
  void redoesOnlyTheImportersThatChangedAndGivesTheRowsOfAFullRun(
      Workplace workplace, Workplace other) {
    sixteenYears(63).write(workplace);
    assertThat(trends(window(workplace, "2010-2025"))).contains("2 of 2 importers have changed");
    List<String> japan = workplace.rows(Tables.TREND, "importer = 'JPN'", "*");
    assertThat(
            workplace.rows(
                Tables.TREND,
                "measure = 'hhi' AND basis = 'value'",
                "importer",
                "product",
                "verdict"))
        .containsExactly("DEU 111111 stable", "JPN 111111 diversifying", "JPN 222222 stable");

    assertThat(trends(workplace)).as("nothing has changed").contains("0 of 2 importers");
    assertThat(workplace.rows(Tables.TREND, "importer = 'JPN'", "*")).isEqualTo(japan);

    sixteenYears(20).write(workplace);
    assertThat(trends(workplace)).contains("1 of 2 importers have changed");
    sixteenYears(20).write(other);
    trends(window(other, "2010-2025"));
    for (io.lodestone.lake.Table table :
        List.of(Tables.TREND, Tables.CHANGE, Tables.DEPENDENCE_SPELL, Tables.DEPENDENCE_CHURN)) {
      assertThat(workplace.rows(table)).as(table.name()).isEqualTo(other.rows(table)).isNotEmpty();
    }
    assertThat(workplace.rows(Tables.TREND, "importer = 'JPN'", "*")).isEqualTo(japan);
  }

  @Test
  void saysWhoChangedTheConcentrationInPartsThatAddUp(Workplace workplace) {
    new World()
        .year("JPN", "111111", "hs6", 2010, null, "CHN", 70, "VNM", 10, "USA", 20)
        .year("JPN", "111111", "hs6", 2015, null, "CHN", 60, "VNM", 20, "USA", 20)
        .year("JPN", "222222", "hs6", 2010, null, "CHN", 30, "USA", 70)
        .year("JPN", "222222", "hs6", 2015, null, "CHN", 50, "AUS", 250)
        .year("JPN", "pair", "good", 2010, null, "CHN", 100, "VNM", 10, "USA", 90)
        .year("JPN", "pair", "good", 2012, null, "CHN", 1)
        .year("JPN", "pair", "good", 2015, null, "CHN", 110, "VNM", 20, "USA", 20, "AUS", 250)
        .write(workplace);
    trends(window(workplace, "2010-2025"));

    assertThat(
            workplace.rows(
                Tables.CHANGE,
                "product = '111111' AND basis = 'value' AND part = 'supplier'",
                "from_year",
                "to_year",
                "name",
                "round(contribution, 9)",
                "kind"))
        .containsExactly("2010 2015 CHN -0.032 loss", "2010 2015 VNM -0.068 gain");
    assertThat(
            workplace.rows(
                Tables.CHANGE,
                "product = '222222' AND basis = 'value' AND part = 'supplier'",
                "name",
                "kind"))
        .containsExactly("AUS entry", "CHN loss", "USA exit");
    assertThat(
            workplace
                .rows(
                    Tables.CHANGE, "product = 'pair' AND part = 'supplier'", "from_year", "to_year")
                .stream()
                .distinct())
        .as("window's ends and year by year")
        .containsExactly("2010 2012", "2010 2015", "2012 2015");
    // China: weights 1/2, 1/2 to 1/4, 3/4, shares 0.7, 0.3 to 0.6, 1/6.
    assertThat(
            workplace.rows(
                Tables.CHANGE,
                "product = 'pair' AND basis = 'quantity' AND to_year - from_year = 5 AND part IN ('within', 'between')",
                "part",
                "name",
                "round(contribution, 9)"))
        .containsExactly("between CHN -0.104166667", "within CHN -0.120833333");
    Map<String, Double> sums = new TreeMap<>();
    for (Row row :
        workplace
            .table(Tables.CHANGE)
            .where("part = 'supplier'")
            .groupBy("product", "basis", "from_year", "to_year")
            .sum("contribution")
            .collectAsList()) {
      sums.put(
          row.getString(0) + row.getString(1) + row.getInt(2) + row.getInt(3), row.getDouble(4));
    }
    assertThat(sums.get("111111value20102015")).isCloseTo(0.44 - 0.54, within(1e-9));
    assertThat(sums.get("pairvalue20102012")).isCloseTo(1 - 0.4550, within(1e-9));
  }

  @Test
  void followsSpellsOfDependenceAndTheChurnOfTheList(Workplace workplace) {
    World world = new World();
    Boolean[] first = {false, true, true, false, null, true, true};
    for (int at = 0; at < first.length; at++) {
      boolean leaving = at == 3;
      Object[] amounts =
          leaving
              ? new Object[] {"CHN", 40, "VNM", 30, "USA", 30, "AUS", 40}
              : new Object[] {"CHN", 80, "VNM", 20};
      world.year("JPN", "111111", "hs6", 2010 + at, first[at], amounts);
    }
    world.year("JPN", "222222", "hs6", 2010, true, "CHN", 1);
    world.year("JPN", "222222", "hs6", 2011, true, "CHN", 1);
    world.write(workplace);
    trends(window(workplace, "2010-2025"));

    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_SPELL,
                "basis = 'value'",
                "product",
                "start_year",
                "end_year",
                "years",
                "ended_by",
                "censored",
                "started_before"))
        .containsExactly(
            "111111 2011 2012 2 import_hhi false false",
            "111111 2015 2016 2 null true false",
            "222222 2010 2011 2 no_imports false true");
    assertThat(
            workplace.rows(
                Tables.DEPENDENCE_CHURN,
                "basis = 'value'",
                "year",
                "known",
                "dependent",
                "entered",
                "departed",
                "lost",
                "churn"))
        .containsExactly(
            "2010 2 1 null null null null",
            "2011 2 2 1 0 0 0.0",
            "2012 1 1 0 1 0 0.5",
            "2013 1 0 0 1 0 1.0",
            "2014 0 0 0 0 0 null",
            "2015 1 1 1 0 0 null",
            "2016 1 1 0 0 0 0.0");
  }

  @Test
  void failsWithTheKeyOfAYearThatStandsTwice(Workplace workplace) {
    World world = sixteenYears(60);
    world.year("DEU", "111111", "hs6", 2012, false, "USA", 1);
    world.write(workplace);
    Throwable thrown =
        org.assertj.core.api.Assertions.catchThrowable(
            () -> trends(window(workplace, "2010-2025")));
    while (thrown != null && !(thrown instanceof Failure)) {
      thrown = thrown.getCause();
    }
    assertThat(thrown)
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot compute trend: the table dependency has two rows for source test, importer DEU, product 111111 (hs6), year 2012, value; run dependency again, and report it if they return.");
    assertThat(((Failure) thrown).exitCode()).isEqualTo(3);
    assertThat(workplace.lake().version(Tables.TREND)).isEmpty();
  }

  @Test
  void refusesAWindowWithoutData(Workplace workplace) {
    sixteenYears(60).write(workplace);
    assertThat(Workplace.failure(() -> trends(window(workplace, "1995-1999"))))
        .hasMessage(
            "Cannot compute trend: no row of dependency lies in spark.lodestone.years = 1995-1999; name years that the records cover.");
  }

  @Test
  void comparesJanuariesWithJanuariesWhereASourceIsMonthly(Workplace workplace) {
    List<String> lines = new ArrayList<>();
    for (int year = 2020; year <= 2023; year++) {
      for (int month = 1; month <= 12; month++) {
        int china = 50 + 5 * (year - 2020) + (month == 1 ? 20 : 0);
        lines.add("C,M,%d,%d,392,M,156,H4,111111,%d,%d".formatted(year, month, china, china));
        lines.add(
            "C,M,%d,%d,392,M,704,H4,111111,%d,%d".formatted(year, month, 100 - china, 100 - china));
      }
    }
    window(workplace, "2010-2025").comtrade("comtrade/m.csv", lines.toArray(String[]::new));
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
    assertThat(workplace.run("trend-monthly")).as("nothing has changed").isFalse();
  }
}
