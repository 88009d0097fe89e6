package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.ConfFiles;
import io.lodestone.Settings;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.lake.Table;
import io.lodestone.records.Goods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Adjustment, forecast, typology and mix on worlds whose rows are written here. */
@ExtendWith(SharedSpark.class)
final class OutlookTest {
  private static final StructType DEPENDENCY =
      StructType.fromDDL(
          "product_kind STRING, product STRING, importer STRING, year INT, basis STRING, months INT,"
              + " hhi DOUBLE, top_share DOUBLE, cr1 DOUBLE, world_hhi DOUBLE, total DOUBLE");
  private static final StructType SUPPLIER =
      StructType.fromDDL(
          "product_kind STRING, product STRING, importer STRING, supplier STRING, year INT,"
              + " share_value DOUBLE, share_quantity DOUBLE, quantity_kg DOUBLE, value DOUBLE");
  private static final StructType WORLD_TRADE =
      StructType.fromDDL(
          "product_kind STRING, product STRING, exporter STRING, year INT, quantity_kg DOUBLE,"
              + " value DOUBLE");
  private static final int FIRST = 2010;
  private static final int LAST = 2025;

  @TempDir Path folder;

  /** Rows of the three tables, of one source. */
  private static final class World {
    final List<Row> dependency = new ArrayList<>();
    final List<Row> supplier = new ArrayList<>();
    final List<Row> worldTrade = new ArrayList<>();

    SourceTables tables(SparkSession spark, Map<String, String> settings) {
      return new SourceTables(
          "test",
          Settings.parse(settings).models(),
          Goods.load(ConfFiles.load(Optional.empty(), null)),
          spark.createDataFrame(supplier, SUPPLIER),
          spark.createDataFrame(worldTrade, WORLD_TRADE),
          spark.createDataFrame(dependency, DEPENDENCY));
    }

    /** A year of an importer's product from quantities by supplier, value = quantity * price. */
    void year(
        String kind, String product, String importer, int year, Map<String, double[]> bought) {
      double quantity = bought.values().stream().mapToDouble(one -> one[0]).sum();
      double value = bought.values().stream().mapToDouble(one -> one[0] * one[1]).sum();
      double[] hhi = new double[2];
      double[] top = new double[2];
      bought.forEach(
          (name, one) -> {
            double[] shares = {one[0] * one[1] / value, one[0] / quantity};
            for (int basis = 0; basis < 2; basis++) {
              hhi[basis] += shares[basis] * shares[basis];
              top[basis] = Math.max(top[basis], shares[basis]);
            }
            supplier.add(
                RowFactory.create(
                    kind,
                    product,
                    importer,
                    name,
                    year,
                    shares[0],
                    shares[1],
                    one[0],
                    one[0] * one[1]));
          });
      for (int basis = 0; basis < 2; basis++) {
        dependency.add(
            RowFactory.create(
                kind,
                product,
                importer,
                year,
                ShareSeries.BASES.get(basis),
                12,
                hhi[basis],
                top[basis],
                top[basis],
                0.3 + 0.01 * (product.hashCode() % 7),
                basis == 0 ? value : quantity));
      }
    }
  }

  /** Ten importers, eight products and four suppliers whose shares return with a half-life. */
  private static World world(int last) {
    SplittableRandom random = new SplittableRandom(11);
    World world = new World();
    String[] suppliers = {"CHN", "AUS", "CHL", "VNM"};
    for (int importer = 0; importer < 10; importer++) {
      for (int product = 0; product < 8; product++) {
        double[] means = {1.2, 0.4, 0, -0.4};
        double[] deviations = new double[4];
        for (int year = FIRST; year <= last; year++) {
          Map<String, double[]> bought = new TreeMap<>();
          for (int one = 0; one < suppliers.length; one++) {
            deviations[one] = 0.5 * deviations[one] + 0.5 * random.nextGaussian();
            bought.put(
                suppliers[one],
                new double[] {
                  1000 * Math.exp(means[one] + deviations[one]), 2 + one + 0.1 * importer
                });
          }
          world.year("hs6", "85051" + product, "I%02d".formatted(importer), year, bought);
        }
      }
    }
    world.worldTrade.add(RowFactory.create("hs6", "850510", "CHN", last, 1e6, 1e6));
    return world;
  }

  private org.apache.hadoop.fs.Path place(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  private List<Row> scored(
      ModelKind kind, SourceTables tables, String place, Table table, ModelKind.Method method) {
    return kind.score(tables, new ModelKind.Fitted("v", place(place), method))
        .get(table)
        .collectAsList();
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(Row::toString).sorted().toList();
  }

  @Test
  void makesSeriesOfCompleteYearsWithTrueZeros(SparkSession spark) {
    World world = new World();
    world.year("hs6", "850511", "JPN", 2020, bought("CHN", 60, 1, "VNM", 40, 1));
    world.year("hs6", "850511", "JPN", 2022, bought("CHN", 100, 1));
    world.year("hs6", "850511", "JPN", 2023, bought("CHN", 90, 1, "DEU", 10, 1));
    Row partial = world.dependency.remove(world.dependency.size() - 1);
    world.dependency.add(
        RowFactory.create(
            partial.get(0),
            partial.get(1),
            partial.get(2),
            partial.get(3),
            partial.get(4),
            7,
            partial.get(6),
            partial.get(7),
            partial.get(8),
            partial.get(9),
            partial.get(10)));
    SourceTables tables = world.tables(spark, Map.of());

    List<String> series =
        ShareSeries.of(tables.dependency(), tables.supplier(), tables.goods(), 2020, 2023, 1)
            .collectAsList()
            .stream()
            .map(
                row ->
                    "%s %s %s %s"
                        .formatted(
                            row.getString(1), row.getString(4), row.getString(5), row.getList(7)))
            .sorted()
            .toList();

    assertThat(series)
        .containsExactly(
            "8505 quantity hhi [0.52, null, 1.0, null]",
            "8505 quantity share:CHN [0.6, null, 1.0, null]",
            "8505 quantity share:DEU [0.0, null, 0.0, null]",
            "8505 quantity share:VNM [0.4, null, 0.0, null]",
            "8505 quantity top_share [0.6, null, 1.0, null]",
            "8505 value hhi [0.52, null, 1.0, 0.8200000000000001]",
            "8505 value share:CHN [0.6, null, 1.0, 0.9]",
            "8505 value share:DEU [0.0, null, 0.0, 0.1]",
            "8505 value share:VNM [0.4, null, 0.0, 0.0]",
            "8505 value top_share [0.6, null, 1.0, 0.9]");
  }

  private static Map<String, double[]> bought(Object... fields) {
    Map<String, double[]> bought = new TreeMap<>();
    for (int place = 0; place < fields.length; place += 3) {
      bought.put(
          (String) fields[place],
          new double[] {
            ((Number) fields[place + 1]).doubleValue(), ((Number) fields[place + 2]).doubleValue()
          });
    }
    return bought;
  }

  @Test
  void estimatesHalfLivesByProductAndBasis(SparkSession spark) {
    AdjustmentModel kind = new AdjustmentModel();
    try (SourceTables tables = world(LAST).tables(spark, Map.of())) {
      Outcome outcome = kind.fit(tables, place("adjustment"));
      assertThat(outcome.skill).as("describes").isEmpty();
      List<Row> rows =
          scored(kind, tables, "adjustment", Tables.ADJUSTMENT, ModelKind.Method.MODEL);
      assertThat(rows).hasSize(16);
      for (Row row : rows) {
        assertThat(row.<String>getAs("pool")).isEqualTo("product");
        assertThat(row.<Integer>getAs("importers")).isEqualTo(10);
        assertThat(row.<Double>getAs("rho")).isBetween(0.2, 0.9);
        assertThat(row.<Double>getAs("half_life") == null)
            .isEqualTo(!row.<String>getAs("note").isEmpty());
      }
      assertThat(rows).anyMatch(row -> row.getAs("half_life") != null);

      kind.fit(tables, place("again"));
      assertThat(texts(scored(kind, tables, "again", Tables.ADJUSTMENT, ModelKind.Method.MODEL)))
          .isEqualTo(texts(rows));
    }
  }

  @Test
  void forecastsFiveYearsWithTheMethodThatTheGateAllows(SparkSession spark) {
    ForecastModel kind = new ForecastModel(ShareSeries.TOP_SHARE);
    try (SourceTables tables = world(LAST).tables(spark, Map.of())) {
      Outcome outcome = kind.fit(tables, place("forecast"));
      assertThat(outcome.skill.orElseThrow().estimate())
          .as("shares that return are forecast better than by the last value")
          .isPositive();
      for (Outcome.Window window : Outcome.Window.values()) {
        assertThat(outcome.metrics.get(window)).containsKey("mean_absolute_error_1");
        assertThat(outcome.naive.get(window)).containsKey("mean_absolute_error_1");
      }
      assertThat(outcome.coverage)
          .extracting(Outcome.Coverage::origins)
          .containsExactly(7, 3, 2, 1);
      assertThat(outcome.coverage)
          .allSatisfy(found -> assertThat(found.observed()).isBetween(0.7, 1.0));

      List<Row> model = scored(kind, tables, "forecast", Tables.FORECAST, ModelKind.Method.MODEL);
      assertThat(model).hasSize(10 * 8 * 2 * 5);
      for (Row row : model) {
        int horizon = row.getAs("horizon");
        assertThat(row.<Integer>getAs("year")).isEqualTo(LAST + horizon);
        if (horizon > 2) {
          assertThat(row.<String>getAs("validation")).isEqualTo("unvalidated");
        }
        assertThat(row.<Double>getAs("p05")).isLessThanOrEqualTo(row.getAs("p50")).isGreaterThan(0);
        assertThat(row.<Double>getAs("p_below_40")).isLessThanOrEqualTo(row.getAs("p_below_50"));
      }
      List<Row> naive = scored(kind, tables, "forecast", Tables.FORECAST, ModelKind.Method.NAIVE);
      assertThat(naive)
          .allSatisfy(
              row ->
                  assertThat(row.<Double>getAs("p50"))
                      .isCloseTo(row.getAs("last_value"), within(1e-3)));

      kind.fit(tables, place("again"));
      assertThat(texts(scored(kind, tables, "again", Tables.FORECAST, ModelKind.Method.MODEL)))
          .isEqualTo(texts(model));
    }
  }

  /** A supplier of a few percent that is large after 2021 in one of two futures. */
  private static void addLatecomer(World world, double later) {
    for (Row cell : List.copyOf(world.dependency)) {
      int year = cell.getInt(3);
      if (cell.getString(4).equals("value")) {
        double share = year <= 2021 ? 0.01 + 0.02 * (year % 2) : later;
        world.supplier.add(
            RowFactory.create(
                cell.get(0), cell.get(1), cell.get(2), "DEU", year, share, share, 1.0, 1.0));
      }
    }
  }

  @Test
  void publishesWhatWasKnownThenWhenTheFutureChanges(SparkSession spark) {
    Map<String, String> settings = Map.of("spark.lodestone.models.as.of", "2021");
    World world = world(LAST);
    World other = world(LAST);
    addLatecomer(world, 0.02);
    addLatecomer(other, 0.4);
    other.dependency.replaceAll(
        row ->
            row.getInt(3) <= 2021
                ? row
                : RowFactory.create(
                    row.get(0),
                    row.get(1),
                    row.get(2),
                    row.get(3),
                    row.get(4),
                    row.get(5),
                    1 - row.getDouble(6) / 2,
                    row.get(7),
                    row.get(8),
                    row.get(9),
                    row.get(10)));
    try (SourceTables before = world.tables(spark, settings);
        SourceTables after = other.tables(spark, settings)) {
      for (String measure : List.of(ShareSeries.HHI, ShareSeries.SHARE)) {
        ForecastModel kind = new ForecastModel(measure);
        Outcome known = kind.fit(before, place("forecast"));
        assertThat(texts(scored(kind, after, "forecast", Tables.FORECAST, ModelKind.Method.MODEL)))
            .isEqualTo(
                texts(scored(kind, before, "forecast", Tables.FORECAST, ModelKind.Method.MODEL)));

        Outcome other2021 = kind.fit(after, place("other"));
        for (Outcome.Window window : List.of(Outcome.Window.TRAIN, Outcome.Window.VALIDATION)) {
          Map<String, Double> metrics = other2021.metrics.get(window);
          assertThat(metrics).containsOnlyKeys(known.metrics.get(window).keySet());
          known
              .metrics
              .get(window)
              .forEach(
                  (name, value) ->
                      assertThat(metrics.get(name))
                          .as("%s %s %s", measure, window, name)
                          .isCloseTo(value, within(1e-9)));
        }
      }
    }
  }

  @Test
  void saysThatRecordsAreTooShort(SparkSession spark) {
    try (SourceTables tables = world(2013).tables(spark, Map.of())) {
      assertThatThrownBy(() -> new ForecastModel(ShareSeries.HHI).fit(tables, place("forecast")))
          .isInstanceOf(NotFitted.class)
          .hasMessageContaining("the records are too short for the split");
    }
    World tiny = new World();
    for (int year = FIRST; year <= LAST; year++) {
      tiny.year("hs6", "850511", "JPN", year, bought("CHN", 60 + year % 3, 1, "VNM", 40, 1));
    }
    try (SourceTables tables = tiny.tables(spark, Map.of())) {
      assertThatThrownBy(() -> new ForecastModel(ShareSeries.HHI).fit(tables, place("forecast")))
          .isInstanceOf(NotFitted.class)
          .hasMessage("12 pairs of successive years until 2018, fewer than 100 or all alike");
      assertThatThrownBy(() -> new AdjustmentModel().fit(tables, place("adjustment")))
          .isInstanceOf(NotFitted.class);
      assertThatThrownBy(() -> new TypologyModel().fit(tables, place("typology")))
          .isInstanceOf(NotFitted.class)
          .hasMessage("1 importers' products with all indicators, fewer than 50");
      assertThatThrownBy(() -> new MixModel().fit(tables, place("mix")))
          .isInstanceOf(NotFitted.class)
          .hasMessage("no good of the watch list has imports by weight in 2025");
    }
  }

  @Test
  void putsEveryDependencyIntoANamedKind(SparkSession spark) {
    TypologyModel kind = new TypologyModel();
    try (SourceTables tables = world(LAST).tables(spark, Map.of())) {
      Outcome outcome = kind.fit(tables, place("typology"));
      assertThat(outcome.chosen).containsKeys("clusters", "silhouette 3", "silhouette 7");
      List<Row> rows = scored(kind, tables, "typology", Tables.TYPOLOGY, ModelKind.Method.MODEL);
      assertThat(rows).hasSize(80);
      Map<Integer, List<Row>> byCluster =
          rows.stream().collect(Collectors.groupingBy(row -> row.<Integer>getAs("cluster")));
      assertThat(byCluster).hasSize(Integer.parseInt(outcome.chosen.get("clusters")));
      byCluster
          .values()
          .forEach(
              members ->
                  assertThat(members)
                      .extracting(row -> row.<String>getAs("name"))
                      .containsOnly(members.get(0).<String>getAs("name")));

      kind.fit(tables, place("again"));
      assertThat(texts(scored(kind, tables, "again", Tables.TYPOLOGY, ModelKind.Method.MODEL)))
          .isEqualTo(texts(rows));
    }
  }

  @Test
  void namesClustersByWhatSetsTheirCentresApart() {
    assertThat(
            TypologyModel.names(
                List.of(
                    new double[] {2, 1.5, 1.8, 0.1, 0.9, 0, 0},
                    new double[] {0.1, 0.2, 0, -1, 0.2, 0.6, -2},
                    new double[] {0.1, 0.2, 0, -1, 0.2, 0.6, -1.5},
                    new double[] {-1, -1, -1, 0, 0, 0, 0})))
        .containsExactly(
            "concentrated imports, rising concentration",
            "average concentration, cheaper than others pay, open world market",
            "average concentration, cheaper than others pay, open world market, volatile",
            "many suppliers");
  }

  /** Viet Nam buys 80 % of its metal from China, Malaysia none, and Laos does not report. */
  @Test
  void supposesOfACountryThatDoesNotReportWhatIsUsual(SparkSession spark) {
    World world = new World();
    world.year("good", "rare-earth-metals", "VNM", LAST, bought("CHN", 80, 1, "AUS", 20, 1));
    world.year("hs6", "850511", "MYS", LAST, bought("CHN", 10, 1));
    try (SourceTables tables = world.tables(spark, Map.of())) {
      assertThat(
              texts(
                  Candidates.withOwnDependence(
                          spark.sql(
                              "SELECT 'JPN' AS importer, product, 'hs6' AS product_kind, supplier,"
                                  + " 'CHN' AS top_supplier FROM VALUES ('850511', 'VNM'),"
                                  + " ('850511', 'MYS'), ('850511', 'LAO'), ('280110', 'LAO')"
                                  + " AS t(product, supplier)"),
                          tables,
                          LAST)
                      .select(
                          "product",
                          "supplier",
                          "own_dependence",
                          "supposed_dependence",
                          "has_stage_before")
                      .collectAsList()))
          .containsExactly(
              "[280110,LAO,null,0.0,null]",
              "[850511,LAO,null,0.4,true]",
              "[850511,MYS,0.0,0.0,true]",
              "[850511,VNM,0.8,0.8,true]");
    }
  }

  /** 100 kg: 80 of China at 1, 20 of Viet Nam at 3; Australia sells 50 to others at 2. */
  private static World goods() {
    World world = new World();
    world.year("good", "natural-graphite", "JPN", LAST, bought("CHN", 80, 1, "VNM", 20, 3));
    world.worldTrade.add(RowFactory.create("good", "natural-graphite", "CHN", LAST, 80.0, 80.0));
    world.worldTrade.add(RowFactory.create("good", "natural-graphite", "VNM", LAST, 20.0, 60.0));
    world.worldTrade.add(RowFactory.create("good", "natural-graphite", "AUS", LAST, 50.0, 100.0));
    world.worldTrade.add(RowFactory.create("good", "natural-graphite", "JPN", LAST, 9.0, 9.0));
    return world;
  }

  @Test
  void mixesSuppliersUnderTheirCaps(SparkSession spark) {
    MixModel kind = new MixModel();
    try (SourceTables tables =
        goods().tables(spark, Map.of("spark.lodestone.models.theta", "0.2"))) {
      assertThat(kind.fit(tables, place("mix")).rows).isEqualTo(1);
      List<Row> rows = scored(kind, tables, "mix", Tables.MIX, ModelKind.Method.MODEL);

      Map<Integer, List<Row>> points =
          rows.stream()
              .collect(
                  Collectors.groupingBy(
                      row -> row.<Integer>getAs("point"), TreeMap::new, Collectors.toList()));
      assertThat(points.keySet()).containsExactly(1, 2, 3, 4, 5, 6);
      // Cheapest: China keeps 80, Australia gives 20 % of its 50, Viet Nam the other 10.
      assertThat(shares(points.get(1)))
          .containsExactly("AUS 0.100 cap 0.100", "CHN 0.800 cap 0.000", "VNM 0.100 cap 0.000");
      // Flattest: Viet Nam and Australia to their limits, China the rest.
      assertThat(shares(points.get(6)))
          .containsExactly("AUS 0.100 cap 0.100", "CHN 0.700 cap 0.000", "VNM 0.200 cap 0.000");
      assertThat(points.get(6).get(0).<Double>getAs("hhi")).isCloseTo(0.54, within(1e-3));
      assertThat(points.get(6).get(0).<Double>getAs("unit_cost")).isCloseTo(1.5, within(1e-3));
    }
  }

  private static List<String> shares(List<Row> rows) {
    return rows.stream()
        .map(
            row ->
                "%s %.3f cap %.3f"
                    .formatted(row.getAs("supplier"), row.getAs("share"), row.getAs("cap")))
        .sorted()
        .toList();
  }

  @Test
  void numbersPointsOnFromThetaToThetaAndSaysWhatItAssumed(SparkSession spark) {
    World world = goods();
    world.supplier.replaceAll(
        row ->
            row.getString(3).equals("VNM")
                ? RowFactory.create(
                    row.get(0),
                    row.get(1),
                    row.get(2),
                    row.get(3),
                    row.get(4),
                    0.0,
                    row.get(6),
                    row.get(7),
                    null)
                : row);
    try (SourceTables tables =
        world.tables(spark, Map.of("spark.lodestone.models.theta", "0.1,0.3"))) {
      List<Row> rows = scored(new MixModel(), tables, "mix", Tables.MIX, ModelKind.Method.MODEL);
      assertThat(rows)
          .allMatch(
              row ->
                  row.<String>getAs("note")
                      .equals("no unit value of VNM: the importer's mean is taken"));
      Map<Double, List<Integer>> points = new TreeMap<>();
      rows.forEach(
          row ->
              points
                  .computeIfAbsent(row.getAs("theta"), key -> new ArrayList<>())
                  .add(row.getAs("point")));
      assertThat(points.get(0.1).stream().mapToInt(point -> point).max().orElseThrow())
          .isLessThan(points.get(0.3).stream().mapToInt(point -> point).min().orElseThrow());
    }
  }
}
