package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import io.lodestone.records.Goods;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When a link is known to begin, to last and to end. */
@ExtendWith(SharedSpark.class)
final class LinksTest {
  private static final String PRODUCT = "281110";

  /** Six countries that sell each other two products, every year the same. */
  private static SimulatedTrade steady() {
    SimulatedTrade trade = new SimulatedTrade();
    for (String product : List.of(PRODUCT, "282110")) {
      for (int importer = 0; importer < 6; importer++) {
        for (int supplier = 0; supplier < 6; supplier++) {
          if (importer != supplier) {
            double[] flow = new double[SimulatedTrade.LAST - SimulatedTrade.FIRST + 1];
            Arrays.fill(flow, 1e5 * (1 + supplier));
            trade.flows.put(
                List.of(SimulatedTrade.name(importer), product, SimulatedTrade.name(supplier)),
                flow);
          }
        }
      }
    }
    return trade;
  }

  private static int at(int year) {
    return year - SimulatedTrade.FIRST;
  }

  private static SourceTables tables(Workplace workplace) {
    return SourceTables.of(
        workplace.lake(),
        "baci",
        workplace.settings().models(),
        Goods.load(ConfFiles.load(Optional.empty(), null)));
  }

  /** The same source with other rows. */
  private static SourceTables with(
      SourceTables all, Dataset<Row> supplier, Dataset<Row> dependency) {
    return new SourceTables(
        "baci", all.settings(), all.goods(), supplier, all.worldTrade(), dependency);
  }

  private static List<String> texts(Dataset<Row> rows, String... columns) {
    return Workplace.texts(
        rows.filter(col("product").equalTo(PRODUCT)).selectExpr(columns).collectAsList());
  }

  /** Country A buys nothing from F; all others buy from all, but none in the years of the gap. */
  private static SimulatedTrade withGap() {
    SimulatedTrade trade = steady();
    trade.flows.put(List.of("CAA", PRODUCT, "CAF"), new double[at(SimulatedTrade.LAST) + 1]);
    trade.flows.forEach(
        (pair, flow) -> {
          if (pair.get(1).equals(PRODUCT)) {
            Arrays.fill(flow, at(2013), at(2016), 0);
          }
        });
    return trade;
  }

  @Test
  void neitherEndsNorBeginsLinksWhereASourceLacksAProduct(Workplace workplace) {
    withGap().write(workplace.lake());

    try (SourceTables tables = tables(workplace)) {
      assertThat(
              texts(
                  new Entry(1).panel(tables).filter("fold = 'TRAIN'"),
                  "as_of_year",
                  "supplier",
                  "label"))
          .containsExactly("2011 CAF 0.0", "2017 CAF 0.0");
      Dataset<Row> spells =
          new Survival()
              .panel(tables)
              .filter("importer = 'CAA' AND supplier = 'CAB' AND fold = 'TRAIN'")
              .withColumn(
                  "spell", functions.vector_to_array(col("features"), "float64").getItem(9));
      assertThat(texts(spells, "as_of_year", "label", "age", "age_unknown", "spell"))
          .containsExactly("2010 0.0 1 true 1.0", "2016 0.0 1 true 1.0");
      assertThat(Entry.newLinks(tables)).isEqualTo(new Entry.NewLinks(0, 0));
    }
  }

  @Test
  void knowsNothingOfAYearOfWhichAnImporterReportsSomeMonths(Workplace workplace) {
    steady().write(workplace.lake());

    try (SourceTables all = tables(workplace);
        SourceTables partial =
            with(
                all,
                all.supplier(),
                all.dependency()
                    .withColumn(
                        "months",
                        when(col("importer").equalTo("CAA").and(col("year").equalTo(2014)), 7)
                            .otherwise(col("months"))))) {
      Dataset<Row> years =
          new Survival()
              .panel(partial)
              .filter("importer = 'CAA' AND supplier = 'CAB' AND fold = 'TRAIN'");
      assertThat(texts(years, "as_of_year", "label"))
          .containsExactly("2010 0.0", "2011 0.0", "2015 0.0", "2016 0.0");
    }
  }

  /** CAA buys from CAB in 2014 for a value whose weight nobody gave. */
  @Test
  void takesAWeightThatIsMissingForNoZero(Workplace workplace) {
    steady().write(workplace.lake());
    Column missing =
        col("importer")
            .equalTo("CAA")
            .and(col("supplier").equalTo("CAB"))
            .and(col("year").equalTo(2014));

    try (SourceTables all = tables(workplace);
        SourceTables partial =
            with(
                all,
                all.supplier()
                    .withColumn("quantity_kg", when(not(missing), col("quantity_kg")))
                    .withColumn("share_value", when(not(missing), col("share_value"))),
                all.dependency())) {
      String pair = "importer = 'CAA' AND supplier = 'CAB' AND fold = 'TRAIN'";
      assertThat(
              texts(
                  new ExpectedFlow(ExpectedFlow.Basis.QUANTITY).panel(partial).filter(pair),
                  "year"))
          .containsExactly("2011", "2012", "2013", "2016", "2017", "2018");
      assertThat(
              texts(new ExpectedFlow(ExpectedFlow.Basis.VALUE).panel(partial).filter(pair), "year"))
          .contains("2014", "2015");
      Dataset<Row> series = ShareSeries.of(partial).filter("importer = 'CAA'");
      assertThat(
              texts(
                  series.filter("basis = 'value' AND measure = 'share:CAB'"),
                  "shares[3] > 0",
                  "shares[4] IS NULL",
                  "shares[5] > 0"))
          .containsExactly("true true true");
    }
  }

  /** CAA buys nothing from CAB before 2013, CAC buys nothing at all before 2014. */
  @Test
  void countsNewLinksThatNoRowWasScoredForAsMissed(Workplace workplace) {
    SimulatedTrade trade = steady();
    Arrays.fill(trade.flows.get(List.of("CAA", PRODUCT, "CAB")), 0, at(2013), 0);
    trade.flows.forEach(
        (pair, flow) -> {
          if (pair.subList(0, 2).equals(List.of("CAC", PRODUCT))) {
            Arrays.fill(flow, 0, at(2014), 0);
          }
        });
    trade.write(workplace.lake());

    try (SourceTables tables = tables(workplace)) {
      assertThat(Entry.newLinks(tables)).isEqualTo(new Entry.NewLinks(6, 1));
    }
  }

  /**
   * CAB sells CAA nothing in the last year, CAC sells nobody anything in it; CAF in the last two.
   */
  @Test
  void scoresASupplierThatMayPauseAmongLinks(Workplace workplace) {
    SimulatedTrade trade = steady();
    int last = at(SimulatedTrade.LAST);
    trade.flows.forEach(
        (pair, flow) -> {
          if (pair.equals(List.of("CAA", PRODUCT, "CAB"))
              || pair.subList(1, 3).equals(List.of(PRODUCT, "CAC"))) {
            flow[last] = 0;
          }
        });
    Arrays.fill(trade.flows.get(List.of("CAA", PRODUCT, "CAF")), last - 1, last + 1, 0);
    trade.write(workplace.lake());

    try (SourceTables tables = tables(workplace)) {
      Dataset<Row> entry = new Entry(1).candidates(tables, SimulatedTrade.LAST);
      Dataset<Row> links = new Survival().links(tables, SimulatedTrade.LAST);
      assertThat(texts(entry.filter("importer = 'CAA'"), "supplier")).containsExactly("CAF");
      assertThat(
              texts(links.filter("importer = 'CAA'"), "supplier", "as_of_year", "age", "missing"))
          .containsExactly(
              "CAB 2025 16 1.0", "CAC 2025 16 1.0", "CAD 2025 16 0.0", "CAE 2025 16 0.0");
    }
  }

  private static void link(Market market, int country, int year) {
    Market.Supplier flow = market.supplier(country);
    flow.value[year] = 5e5;
    flow.quantity[year] = 70;
    flow.share[year] = 0.25;
    market.total[year] = 2e6;
    market.totalQuantity[year] = 300;
    market.hhi[year] = 0.4;
    market.known[year] = false;
  }

  @Test
  void countsLinksInOtherProductsOfTheHeadingAndReadsWhatItPacked(Workplace workplace) {
    steady().write(workplace.lake());

    try (SourceTables tables = tables(workplace)) {
      WorldSupply world = tables.world().value();
      int supplier = world.country("CAB");
      Heading packed = new Heading("CAA", world);
      link(packed.market(PRODUCT, false), supplier, 3);
      link(packed.market("281120", false), supplier, 3);
      link(packed.market("acids", true), supplier, 3);

      Heading heading =
          Heading.unpack(
              "CAA",
              packed.pack(),
              Map.of("acids", Set.of("281120")),
              world,
              new Market.LinkRule(1e4, 0.01, 1));
      assertThat(heading.markets())
          .usingRecursiveComparison()
          .ignoringFieldsMatchingRegexes(".*link")
          .isEqualTo(packed.markets());
      assertThat(heading.markets().stream().map(market -> heading.presence(market, supplier, 3)))
          .as("a product of the other one, a good of those that it is not made of")
          .containsExactly(1, 1, 1);
      assertThat(heading.presence(heading.market(PRODUCT, false), supplier, 4)).isZero();
      assertThat(heading.presence(heading.market(PRODUCT, false), world.country("CAC"), 3))
          .isZero();
    }
  }
}
