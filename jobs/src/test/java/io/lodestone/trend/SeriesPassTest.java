package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.Tables;
import io.lodestone.exchange.Gathered;
import io.lodestone.lake.Table;
import io.lodestone.records.Gaps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** From literal rows of dependency and supplier to exact rows, without Spark. */
class SeriesPassTest {
  private static final Map<String, List<String>> PAIR = Map.of("pair", List.of("111111", "222222"));

  /** A row by its columns' names. */
  private record Made(Table table, Row row) {
    @SuppressWarnings("unchecked")
    <T> T get(String column) {
      return (T) row.get(table.schema().fieldIndex(column));
    }

    boolean is(String column, Object value) {
      return value.equals(get(column));
    }

    String text(String... columns) {
      List<String> texts = new ArrayList<>();
      for (String column : columns) {
        Object value = get(column);
        texts.add(
            value instanceof Double number
                ? BigDecimal.valueOf(number)
                    .setScale(9, RoundingMode.HALF_UP)
                    .stripTrailingZeros()
                    .toPlainString()
                : String.valueOf(value));
      }
      return String.join(" ", texts);
    }
  }

  private static List<Made> pass(
      World world, int fromYear, int toYear, SeriesPass.Reader reader, Table table) {
    return made(world.input(), fromYear, toYear, reader, table);
  }

  /** What the states say. */
  private record OfStates(List<Made> spells, List<Made> churn) {}

  private static OfStates states(World world) {
    return states(world, world.states());
  }

  /** Counts of all rows, and a pass over some. */
  private static OfStates states(World world, List<Row> followed) {
    Map<Row, Long> known = new LinkedHashMap<>();
    for (Row row : world.states()) {
      Row group =
          RowFactory.create(
              row.get(StateInput.SOURCE),
              row.get(StateInput.IMPORTER),
              row.get(StateInput.PRODUCT_KIND),
              row.get(StateInput.BASIS),
              row.get(StateInput.YEAR));
      known.merge(group, row.isNullAt(StateInput.STATE) ? 0L : 1L, Long::sum);
    }
    StructType schema =
        StructType.fromDDL(
            "source STRING, importer STRING, product_kind STRING, basis STRING, year INT, known BIGINT");
    List<Row> counts = new ArrayList<>();
    known.forEach(
        (group, number) ->
            counts.add(
                new GenericRowWithSchema(
                    new Object[] {
                      group.get(0), group.get(1), group.get(2), group.get(3), group.get(4), number
                    },
                    schema)));
    ReportedYears reported = ReportedYears.of(counts);
    Gathered<ChurnRows> gathered = new Gathered<>();
    List<Made> spells = new ArrayList<>();
    new StateRows(
            held(sided(followed, StateInput.NOW), StateInput.SIDED),
            reported,
            Gaps.none(),
            gathered)
        .forEachRemaining(
            row ->
                spells.add(new Made(Tables.DEPENDENCE_SPELL, given(row, Tables.DEPENDENCE_SPELL))));
    ChurnRows churn = new ChurnRows();
    churn.addKnown(counts);
    gathered.value().values().forEach(churn::add);
    return new OfStates(
        spells,
        churn.rows(reported).stream()
            .map(row -> new Made(Tables.DEPENDENCE_CHURN, given(row, Tables.DEPENDENCE_CHURN)))
            .toList());
  }

  private static List<Row> sided(List<Row> rows, int side) {
    return rows.stream()
        .map(
            row -> {
              Object[] values =
                  Arrays.copyOf(CollectionConverters.asJava(row.toSeq()).toArray(), row.size() + 1);
              values[row.size()] = side;
              return RowFactory.create(values);
            })
        .toList();
  }

  private static List<Made> made(
      List<Row> input, int fromYear, int toYear, SeriesPass.Reader reader, Table table) {
    List<Made> made = new ArrayList<>();
    new SeriesPass(held(input, SeriesInput.SCHEMA), fromYear, toYear, reader)
        .forEachRemaining(row -> made.add(new Made(table, given(row, table))));
    return made;
  }

  private static Iterator<InternalRow> held(List<Row> rows, StructType schema) {
    scala.Function1<Object, Object> held = CatalystTypeConverters.createToCatalystConverter(schema);
    return rows.stream().map(row -> (InternalRow) held.apply(row)).iterator();
  }

  private static Row given(InternalRow row, Table table) {
    return (Row) CatalystTypeConverters.createToScalaConverter(table.schema()).apply(row);
  }

  private static List<String> texts(List<Made> rows, Predicate<Made> which, String... columns) {
    return rows.stream().filter(which).map(row -> row.text(columns)).sorted().toList();
  }

  @Test
  void testsEveryMeasureOfASeriesAndKeepsGapsAndPartialYearsOut() {
    int[] years = {2008, 2009, 2010, 2011, 2012, 2014, 2018};
    double[] shares = {90, 85.49, 81.61, 68.37, 58, 59.64, 58};
    World world = new World();
    for (int at = 0; at < years.length; at++) {
      world.year(
          "JPN", "111111", "hs6", years[at], null, "CHN", shares[at], "VNM", 100 - shares[at]);
    }
    world.year("JPN", "111111", "hs6", 2017, 9, null, "CHN", 10, "VNM", 90);
    world.year("JPN", "111111", "hs6", 2016, null);
    List<Made> rows =
        pass(
            world,
            2008,
            2018,
            new TrendRows(Measure.of(Measure.ALL, List.of("CHN", "JPN")), 2008, 2018),
            Tables.TREND);
    Made row =
        rows.stream()
            .filter(made -> made.is("measure", "share:first_top") && made.is("basis", "quantity"))
            .findFirst()
            .orElseThrow();
    assertThat(row.text("supplier", "years", "years_partial", "first_year", "last_year", "mk_s"))
        .isEqualTo("CHN 7 1 2008 2018 -18");
    assertThat(row.<Double>get("mk_var")).isCloseTo(43.3333, within(5e-5));
    assertThat(row.<Double>get("mk_p")).isCloseTo(24 / 5040.0, within(1e-12));
    assertThat(row.<Double>get("mk_p_normal")).isCloseTo(0.009809, within(5e-7));
    assertThat(row.<Double>get("sen_slope")).isCloseTo(-0.0451, within(1e-9));
    assertThat(row.<Double>get("mk_p_hamed_rao")).as("gaps").isNull();
    assertThat(row.<Double>get("trend_p")).as("too short").isNull();
    assertThat(row.<String>get("verdict")).isEqualTo("too_short");
    assertThat(texts(rows, made -> made.is("basis", "value"), "measure", "supplier", "years"))
        .as("Japan's share of its own imports is none")
        .containsExactly(
            "effective_suppliers null 7", "hhi null 7", "share:CHN CHN 7", "share:first_top CHN 7");
  }

  @Test
  void saysWhoChangedTheConcentrationInPartsThatAddUp() {
    World world =
        new World()
            .year("JPN", "111111", "hs6", 2010, null, "CHN", 70, "VNM", 10, "USA", 20)
            .year("JPN", "111111", "hs6", 2015, null, "CHN", 60, "VNM", 20, "USA", 20)
            .year("JPN", "222222", "hs6", 2010, null, "CHN", 30, "USA", 70)
            .year("JPN", "222222", "hs6", 2015, null, "CHN", 50, "AUS", 250)
            .year("JPN", "pair", "good", 2010, null, "CHN", 100, "VNM", 10, "USA", 90)
            .year("JPN", "pair", "good", 2012, null, "CHN", 1)
            .year("JPN", "pair", "good", 2015, null, "CHN", 110, "VNM", 20, "USA", 20, "AUS", 250);
    List<Made> rows = pass(world, 2010, 2025, new ChangeRows(List.of("CHN"), PAIR), Tables.CHANGE);

    assertThat(
            texts(
                rows,
                row ->
                    row.is("product", "111111")
                        && row.is("basis", "value")
                        && row.is("part", "supplier"),
                "from_year",
                "to_year",
                "name",
                "contribution",
                "kind"))
        .containsExactly("2010 2015 CHN -0.032 loss", "2010 2015 VNM -0.068 gain");
    assertThat(
            texts(
                rows,
                row ->
                    row.is("product", "222222")
                        && row.is("basis", "value")
                        && row.is("part", "supplier"),
                "name",
                "kind"))
        .containsExactly("AUS entry", "CHN loss", "USA exit");
    assertThat(
            texts(
                    rows,
                    row -> row.is("product", "pair") && row.is("part", "supplier"),
                    "from_year",
                    "to_year")
                .stream()
                .distinct())
        .as("window's ends and year by year")
        .containsExactly("2010 2012", "2010 2015", "2012 2015");
    // China: weights 1/2, 1/2 to 1/4, 3/4, shares 0.7, 0.3 to 0.6, 1/6.
    assertThat(
            texts(
                rows,
                row ->
                    row.is("product", "pair")
                        && row.is("basis", "quantity")
                        && row.is("from_year", 2010)
                        && row.is("to_year", 2015)
                        && (row.is("part", "within") || row.is("part", "between")),
                "part",
                "name",
                "contribution"))
        .containsExactly("between CHN -0.104166667", "within CHN -0.120833333");
    Map<String, Double> sums = new TreeMap<>();
    for (Made row : rows) {
      sums.merge(
          row.text("part", "product", "basis", "from_year", "to_year"),
          row.get("contribution"),
          Double::sum);
    }
    assertThat(sums.get("supplier 111111 value 2010 2015")).isCloseTo(0.44 - 0.54, within(1e-9));
    assertThat(sums.get("supplier pair value 2010 2012")).isCloseTo(1 - 0.4550, within(1e-9));
    assertThat(sums.get("volume 111111 value 2010 2015") + sums.get("price 111111 value 2010 2015"))
        .isCloseTo(Math.log(0.6 / 0.7), within(1e-9));
  }

  private static List<Made> changes(World world) {
    return pass(world, 2010, 2025, new ChangeRows(List.of("S03"), PAIR), Tables.CHANGE);
  }

  @Test
  void namesTheConditionsThatEndedASpell() {
    World world = new World();
    for (int year = 2010; year <= 2014; year++) {
      boolean in = year < 2013;
      world.year("JPN", "111111", "hs6", year, in, "CHN", 80, "VNM", 20);
      world.with("world_hhi", year == 2013 ? 0.1 : 0.5);
      world.year("JPN", "222222", "hs6", year, in, "CHN", 80, "VNM", 20);
      world.with("imports_over_exports", year == 2012 ? 0.8 : 2);
      world.year("JPN", "333333", "hs6", year, in, "CHN", 80, "VNM", 20);
      world.with("imports_over_exports", year == 2010 ? 0.8 : 2);
      world.with("world_hhi", year == 2011 ? 0.1 : 0.5);
    }
    assertThat(
            texts(
                states(world).spells(),
                row -> row.is("basis", "value"),
                "product",
                "end_year",
                "ended_by",
                "censored"))
        .as("in the year in which the state was left or the two before")
        .containsExactly(
            "111111 2012 world_hhi false",
            "222222 2012 exports false",
            "333333 2012 world_hhi false");
  }

  @Test
  void followsSpellsOfDependenceAndTheChurnOfTheList() {
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
    assertThat(
            texts(
                states(world).spells(),
                row -> row.is("basis", "value"),
                "product",
                "start_year",
                "end_year",
                "years",
                "ended_by",
                "censored",
                "started_before"))
        .containsExactly(
            "111111 2011 2012 2 import_hhi false false",
            "111111 2015 2016 2 null true true",
            "222222 2010 2011 2 no_imports false true");
    assertThat(
            texts(
                states(world).churn(),
                row -> row.is("basis", "value"),
                "year",
                "known",
                "dependent",
                "entered",
                "found",
                "departed",
                "lost",
                "churn"))
        .containsExactly(
            "2010 2 1 null null null null null",
            "2011 2 2 1 0 0 0 0",
            "2012 1 1 0 0 1 0 0.5",
            "2013 1 0 0 0 1 0 1",
            "2014 0 0 0 0 0 0 null",
            "2015 1 1 0 1 0 0 null",
            "2016 1 1 0 0 0 0 0");
  }

  @Test
  void saysTheSameOfStatesWithoutALookAtSeriesThatWereNeverInOne() {
    World world = new World();
    SplittableRandom random = new SplittableRandom(5);
    for (int product = 0; product < 60; product++) {
      for (int year = 2010; year <= 2020; year++) {
        Boolean[] states = {null, false, product % 3 == 0, product % 3 == 0};
        if (random.nextInt(4) > 0) {
          world.year(
              product % 2 == 0 ? "JPN" : "DEU",
              "%06d".formatted(product),
              product % 5 == 0 ? "good" : "hs6",
              year,
              states[random.nextInt(4)],
              "CHN",
              1 + random.nextInt(3),
              "VNM",
              1);
        }
      }
    }
    List<Row> everIn =
        world.states().stream()
            .filter(row -> Integer.parseInt(row.getString(StateInput.PRODUCT)) % 3 == 0)
            .toList();
    assertThat(everIn).hasSizeLessThan(world.states().size() / 2);
    OfStates all = states(world);
    OfStates some = states(world, everIn);
    String[] ofSpells = Tables.DEPENDENCE_SPELL.columnNames();
    String[] ofChurn = Tables.DEPENDENCE_CHURN.columnNames();
    assertThat(texts(some.spells(), row -> true, ofSpells))
        .isEqualTo(texts(all.spells(), row -> true, ofSpells))
        .hasSizeGreaterThan(20);
    assertThat(texts(some.churn(), row -> true, ofChurn))
        .isEqualTo(texts(all.churn(), row -> true, ofChurn))
        .hasSize(2 * 2 * 2 * 11);
  }

  @Test
  void goesThroughASingleYearWithoutTheProductAndNotThroughTwo() {
    World world = new World();
    for (int year = 2010; year <= 2016; year++) {
      world.year("JPN", "999999", "hs6", year, false, "CHN", 1, "VNM", 1);
    }
    for (int year : new int[] {2010, 2011, 2013, 2014}) {
      world.year("JPN", "111111", "hs6", year, true, "CHN", 1);
    }
    world.year("JPN", "222222", "hs6", 2015, true, "CHN", 1);
    List<Made> churn = states(world).churn();
    assertThat(
            texts(
                churn, row -> row.is("basis", "value"), "year", "dependent", "entered", "departed"))
        .containsExactly(
            "2010 1 null null",
            "2011 1 0 0",
            "2012 1 0 0",
            "2013 1 0 0",
            "2014 1 0 0",
            "2015 1 1 1",
            "2016 0 0 1");
    assertThat(
            texts(
                states(world).spells(),
                row -> row.is("basis", "value"),
                "product",
                "start_year",
                "end_year",
                "ended_by",
                "censored"))
        .as("one year without it does not end a state, two do")
        .containsExactly("111111 2010 2014 no_imports false", "222222 2015 2015 null true");
  }

  @Test
  void judgesTheTrendsOfAnImporterTogetherByBasisMeasureAndKind() {
    World world = new World();
    for (int year = 2010; year <= 2025; year++) {
      int passed = year - 2010;
      int noise = passed * 7 % 5;
      world.year("JPN", "111111", "hs6", year, null, "CHN", 80 - 3 * passed, "VNM", 20);
      world.year("JPN", "222222", "hs6", year, null, "CHN", 60 + noise, "VNM", 40 - noise);
      world.year("JPN", "333333", "hs6", year, null, "CHN", 1);
      world.year("JPN", "pair", "good", year, null, "CHN", 60 + noise, "VNM", 40 - noise);
      world.year("JPN", "other", "good", year, null, "CHN", 80 - 3 * passed, "VNM", 20);
    }
    List<Made> rows =
        pass(world, 2010, 2025, new TrendRows(List.of(Measure.HHI), 2010, 2025), Tables.TREND);
    Map<String, Made> byProduct = new TreeMap<>();
    rows.stream()
        .filter(row -> row.is("basis", "value"))
        .forEach(row -> byProduct.put(row.get("product"), row));
    double least = byProduct.get("111111").get("trend_p");
    assertThat(least).isLessThan(0.02);
    assertThat(byProduct.get("111111").<Double>get("q_value"))
        .as("of three trends of one kind")
        .isCloseTo(3 * least, within(1e-12));
    assertThat(byProduct.get("111111").<Double>get("q_value_by"))
        .isCloseTo(3 * least * (1 + 1 / 2.0 + 1 / 3.0), within(1e-12));
    assertThat(byProduct.get("pair").<Double>get("q_value"))
        .as("goods are judged among goods")
        .isEqualTo(byProduct.get("pair").<Double>get("trend_p"))
        .isEqualTo(byProduct.get("pair").<Double>get("p_holm"));
    assertThat(byProduct.get("other").<Double>get("p_holm")).isCloseTo(2 * least, within(1e-12));
    assertThat(byProduct.get("111111").<Double>get("p_holm")).as("not on the list").isNull();
    assertThat(byProduct.get("333333").text("mk_s", "mk_p", "sen_slope", "rho", "sup_f_p"))
        .as("one supplier throughout")
        .isEqualTo("0 1 0 0 1");
    assertThat(byProduct.get("333333").<String>get("verdict")).isEqualTo("stable");
  }

  /** A p that no test would give tells a row that was taken over from one that was tested. */
  @Test
  void takesOverTheTestsOfSeriesWhoseRowsAreAsTheyWereAndJudgesAllAgain() {
    World before = new World();
    World after = new World();
    for (int year = 2010; year <= 2025; year++) {
      int noise = year * 7 % 5;
      for (World world : List.of(before, after)) {
        int china = world == after && year == 2025 ? 20 : 60 + noise;
        world.year("JPN", "111111", "hs6", year, null, "CHN", 60 + noise, "VNM", 40 - noise);
        world.year("JPN", "222222", "hs6", year, null, "CHN", china, "VNM", 100 - china);
      }
    }
    TrendRows reader = new TrendRows(List.of(Measure.HHI), 2010, 2025);
    List<Row> stands = new ArrayList<>();
    for (Made made : pass(before, 2010, 2025, reader, Tables.TREND)) {
      Object[] fields = new Object[made.row().size()];
      for (int field = 0; field < fields.length; field++) {
        fields[field] = made.row().get(field);
      }
      fields[Tables.TREND.schema().fieldIndex("trend_p")] = 0.0123;
      stands.add(RowFactory.create(fields));
    }
    List<Made> rows = made(after.input(stands), 2010, 2025, reader, Tables.TREND);
    assertThat(texts(rows, row -> row.is("product", "111111"), "basis", "trend_p", "q_value"))
        .containsExactly("quantity 0.0123 0.0246", "value 0.0123 0.0246");
    assertThat(rows.stream().filter(row -> row.is("product", "222222")))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.<Double>get("trend_p")).isGreaterThan(0.0123));
  }

  /** Of two products with one hash, and of importers one after the other. */
  @Test
  void tellsSeriesApartThatShareAHashAndEndsEveryImporter() {
    World world = new World();
    // "Aa" and "BB" have one hash code.
    for (String product : List.of("Aa", "BB", "other")) {
      for (int year = 2010; year < 2012; year++) {
        world.year("JPN", product, "hs6", year, null, "CHN", 60, "VNM", 40);
        world.year("DEU", product, "hs6", year, null, "CHN", 70, "VNM", 30);
      }
    }
    List<Made> rows =
        pass(world, 2010, 2025, new TrendRows(List.of(Measure.HHI), 2010, 2025), Tables.TREND);
    assertThat(texts(rows, row -> row.is("basis", "value"), "importer", "product", "years"))
        .containsExactly(
            "DEU Aa 2", "DEU BB 2", "DEU other 2", "JPN Aa 2", "JPN BB 2", "JPN other 2");
  }

  @Test
  void saysTheSameOfAChangeInWhateverOrderTheSuppliersCome() {
    World there = new World();
    World back = new World();
    SplittableRandom random = new SplittableRandom(9);
    for (int year = 2010; year <= 2014; year++) {
      Object[] amounts = new Object[24];
      Object[] reversed = new Object[24];
      for (int supplier = 0; supplier < 12; supplier++) {
        amounts[2 * supplier] = "S%02d".formatted(supplier);
        amounts[2 * supplier + 1] = 1 + random.nextInt(1000);
        reversed[22 - 2 * supplier] = amounts[2 * supplier];
        reversed[23 - 2 * supplier] = amounts[2 * supplier + 1];
      }
      there.year("JPN", "pair", "good", year, null, amounts);
      back.year("JPN", "pair", "good", year, null, reversed);
    }
    String[] all = Tables.CHANGE.columnNames();
    assertThat(texts(changes(back), row -> true, all))
        .isEqualTo(texts(changes(there), row -> true, all))
        .hasSizeGreaterThan(100);
  }

  @Test
  void givesTheSameRowsInWhateverOrderTheRowsOfASeriesCome() {
    World world = new World();
    for (int year = 2010; year <= 2025; year++) {
      int china = 80 - 2 * (year - 2010) + year % 3;
      world.year("JPN", "111111", "hs6", year, true, "CHN", china, "VNM", 70 - china / 2, "USA", 9);
    }
    List<Row> backwards = new ArrayList<>(world.input());
    java.util.Collections.reverse(backwards);
    List<Row> there = new ArrayList<>();
    List<Row> back = new ArrayList<>();
    List<String> measures = Measure.of(Measure.ALL, List.of("CHN"));
    new SeriesPass(
            held(world.input(), SeriesInput.SCHEMA),
            2010,
            2025,
            new TrendRows(measures, 2010, 2025))
        .forEachRemaining(row -> there.add(given(row, Tables.TREND)));
    new SeriesPass(
            held(backwards, SeriesInput.SCHEMA), 2010, 2025, new TrendRows(measures, 2010, 2025))
        .forEachRemaining(row -> back.add(given(row, Tables.TREND)));
    assertThat(back).isEqualTo(there).hasSize(8);
  }
}
