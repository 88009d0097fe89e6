package io.lodestone.diversification;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.records.Goods;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Streams the markets of a source, an importer's products of one HS heading at a time. All that a
 * model needs of a market comes by in one group, and all it needs of the world is a {@link
 * WorldSupply} in every task, so that candidates are made group by group and no product of
 * countries, countries and products is ever materialised.
 *
 * <p>A good goes with the heading of its first member.
 */
final class Markets {

  /** Digits of a heading. */
  private static final int HEADING = 4;

  /** Groups are drawn in this many parts. */
  private static final int PARTS = 1_000_000;

  private static final String HS6 = "hs6";
  private static final StructType HEADING_ROW =
      new StructType().add("importer", "STRING").add("markets", "BINARY");

  private Markets() {}

  /** Makes rows of one market. */
  @FunctionalInterface
  interface RowsOfMarket extends Serializable {

    /**
     * Hands over the rows of a market.
     *
     * @param heading all markets of the importer in the heading
     */
    void of(WorldSupply world, Heading heading, Market market, Consumer<Row> out);
  }

  /**
   * Rows of all markets, or of a part of them.
   *
   * @param rate part of the groups (importer, heading) that is drawn, 0 to 1
   * @param schema of the rows
   */
  static Dataset<Row> rows(SourceTables tables, double rate, RowsOfMarket rows, StructType schema) {
    Broadcast<WorldSupply> world = tables.world();
    Map<String, Set<String>> members = new HashMap<>();
    for (Goods.Member member : tables.goods().members()) {
      members.computeIfAbsent(member.good(), good -> new HashSet<>()).add(member.code());
    }
    Market.LinkRule rule =
        new Market.LinkRule(
            tables.settings().linkValue(),
            tables.settings().linkShare(),
            tables.settings().linkYears());
    MapPartitionsFunction<Row, Row> stream =
        headings -> new OfHeadings(headings, world.value(), members, rule, rows);
    return headings(tables, rate).mapPartitions(stream, Encoders.row(schema));
  }

  /** Headings as {@link Heading#pack} leaves them, which every model reads. */
  private static Dataset<Row> headings(SourceTables tables, double rate) {
    Broadcast<WorldSupply> world = tables.world();
    MapPartitionsFunction<Row, Row> pack = flows -> new Packing(flows, world.value());
    return tables.shared(
        "markets of rate " + rate,
        () -> flows(tables, rate).mapPartitions(pack, Encoders.row(HEADING_ROW)));
  }

  /**
   * Flows and totals in groups, which lie in the order of one number: of several columns Spark
   * sorts far slower.
   */
  private static Dataset<Row> flows(SourceTables tables, double rate) {
    Column isDrawn =
        rate >= 1
            ? lit(true)
            : pmod(
                    xxhash64(
                        col("importer"), heading(tables.goods()), lit(tables.settings().seed())),
                    lit((long) PARTS))
                .lt((long) (rate * PARTS));
    Dataset<Row> flows =
        YearFlows.of(
                // Before they are packed: no filter of Spark's finds its way below that.
                tables.supplier().filter(isDrawn),
                col("value").cast("DOUBLE"),
                col("quantity_kg").cast("DOUBLE"),
                col("share_value"))
            .select(
                col("importer"),
                heading(tables.goods()),
                col("product"),
                col("product_kind").notEqual(HS6).as("is_good"),
                col("year"),
                col("flows"),
                lit(null).cast("DOUBLE").as("value"),
                lit(null).cast("DOUBLE").as("quantity"),
                lit(null).cast("DOUBLE").as("hhi"));
    Dataset<Row> totals =
        tables
            .dependency()
            .filter(isDrawn.and(col("basis").equalTo("value").or(col("total").isNotNull())))
            .select(
                col("importer"),
                heading(tables.goods()),
                col("product"),
                col("product_kind").notEqual(HS6).as("is_good"),
                col("year"),
                lit(null).cast("BINARY").as("flows"),
                when(col("basis").equalTo("value"), col("total").cast("DOUBLE")).as("value"),
                when(col("basis").equalTo("quantity"), col("total").cast("DOUBLE")).as("quantity"),
                col("hhi"));
    return flows
        .union(totals)
        .withColumn("group", xxhash64(col("importer"), col("heading")))
        .repartition(tables.partitions(), col("group"))
        .sortWithinPartitions("group");
  }

  /** The first four digits of a product's code; of a good, those of its first member. */
  static Column heading(Goods goods) {
    Map<String, String> ofGoods = new TreeMap<>();
    goods
        .members()
        .forEach(member -> ofGoods.putIfAbsent(member.good(), member.code().substring(0, HEADING)));
    List<Column> pairs = new ArrayList<>();
    ofGoods.forEach(
        (good, heading) -> {
          pairs.add(lit(good));
          pairs.add(lit(heading));
        });
    Column ofGood =
        pairs.isEmpty()
            ? col("product")
            : coalesce(map(pairs.toArray(Column[]::new)).getItem(col("product")), col("product"));
    return when(col("product_kind").equalTo(HS6), substring(col("product"), 1, HEADING))
        .otherwise(ofGood)
        .as("heading");
  }

  /** Packs flows, an importer's heading at a time. */
  private static final class Packing extends GroupedRows {
    private static final int YEAR = 4;
    private static final int FLOWS = 5;
    private static final int VALUE = 6;
    private static final int QUANTITY = 7;
    private static final int HHI = 8;
    private static final int GROUP = 9;
    private final WorldSupply world;

    Packing(Iterator<Row> flows, WorldSupply world) {
      super(flows);
      this.world = world;
    }

    @Override
    void group() {
      long group = row.getLong(GROUP);
      // Nearly always one; but two headings may have one number.
      Map<String, Heading> headings = new TreeMap<>();
      while (row != null && row.getLong(GROUP) == group) {
        String importer = row.getString(0);
        Heading heading =
            headings.computeIfAbsent(
                importer + row.getString(1), absent -> new Heading(importer, world));
        Market market = heading.market(row.getString(2), row.getBoolean(3));
        int year = row.getInt(YEAR) - world.first();
        if (year >= 0 && year <= world.last() - world.first()) {
          add(market, year);
        }
        take();
      }
      headings
          .values()
          .forEach(heading -> give(RowFactory.create(heading.importer(), heading.pack())));
    }

    private void add(Market market, int year) {
      if (!row.isNullAt(FLOWS)) {
        YearFlows.forEach(
            row.getAs(FLOWS),
            3,
            (supplier, numbers) -> {
              int country = world.country(supplier);
              if (country >= 0) {
                Market.Supplier flow = market.supplier(country);
                flow.value[year] = orZero(numbers[0]);
                flow.quantity[year] = orZero(numbers[1]);
                flow.share[year] = orZero(numbers[2]);
              }
            });
      } else if (!row.isNullAt(QUANTITY)) {
        market.totalQuantity[year] = row.getDouble(QUANTITY);
      } else if (row.isNullAt(VALUE)) {
        market.known[year] = false;
      } else {
        market.total[year] = row.getDouble(VALUE);
        market.hhi[year] = row.isNullAt(HHI) ? 1 : row.getDouble(HHI);
      }
    }

    private static double orZero(double number) {
      return Double.isNaN(number) ? 0 : number;
    }
  }

  /** Makes rows of headings, one at a time. */
  private static final class OfHeadings extends GroupedRows {
    private final WorldSupply world;
    private final Map<String, Set<String>> members;
    private final Market.LinkRule rule;
    private final RowsOfMarket rows;

    OfHeadings(
        Iterator<Row> headings,
        WorldSupply world,
        Map<String, Set<String>> members,
        Market.LinkRule rule,
        RowsOfMarket rows) {
      super(headings);
      this.world = world;
      this.members = members;
      this.rule = rule;
      this.rows = rows;
    }

    @Override
    void group() {
      Heading heading = Heading.unpack(row.getString(0), row.getAs(1), members, world, rule);
      heading.markets().forEach(market -> rows.of(world, heading, market, this::give));
      take();
    }
  }
}
