package io.lodestone.diversification;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.Tables;
import io.lodestone.records.Goods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The ten best alternatives to the leading supplier of every importer's product, by value.
 *
 * <p>An alternative j can reach r = (F + theta (X - F)) / M of the importer's imports M: its flow F
 * and a part theta of what it exports to others. It takes g = min(r - s_j, s_L) from the leading
 * supplier L, and HHI becomes H - s_L^2 - s_j^2 + (s_L - g)^2 + (s_j + g)^2. Ranked by probability
 * times g times (1 - own dependence): the probability is that of {@code entry} without a link and
 * of {@code link_survival} with one; the own dependence is the part of L in j's imports of the
 * stage before, since a country that only refines what L sells is no way out. It is 0 for a country
 * that reports imports but none of that stage. Of one that does not report, or whose imports of
 * that stage are unknown, it is unknown, and supposed to be the median of the alternatives of which
 * it is known; 0 where a product has no stage before it.
 *
 * <p>Example: H = 0.66 with s_L = 0.8 and s_j = 0.1, r = 0.3: g = 0.2, and H becomes 0.66 - 0.64 -
 * 0.01 + 0.36 + 0.09 = 0.46.
 */
final class Candidates {
  /** Part of its exports to others that a supplier redirects, the middle of 0.1 to 0.3. */
  private static final double THETA = 0.2;

  private static final int BEST = 10;

  /** Spark's name for a join that does not sort what it joins. */
  private static final String HASHED = "shuffle_hash";

  /** Stages of a chain in their order; a good of mixed stages has none before it. */
  private static final List<String> STAGES =
      List.of("ore", "compound", "metal", "alloy", "magnet", "product");

  private Candidates() {}

  /** Rows of the table, of the source and its as-of year. */
  static Dataset<Row> rows(
      SourceTables tables, Dataset<Row> entry, Dataset<Row> survival, Dataset<Row> expected) {
    int asOf = tables.asOfYear();
    Column here = col("source").equalTo(tables.source());
    Dataset<Row> entries = entry.filter(here.and(col("as_of_year").equalTo(asOf)));
    int horizon = entries.isEmpty() ? 0 : entries.agg(max("horizon")).first().getInt(0);
    Dataset<Row> beginning = entries.filter(col("horizon").equalTo(horizon));
    Dataset<Row> staying = survival.filter(here.and(col("as_of_year").equalTo(asOf)));
    Dataset<Row> possible =
        beginning
            .select(
                col("importer"),
                col("product"),
                col("product_kind"),
                col("supplier"),
                col("probability"),
                lit(false).as("has_link"))
            .union(
                staying.select(
                    col("importer"),
                    col("product"),
                    col("product_kind"),
                    col("supplier"),
                    col(horizon == 1 ? "p_1" : "p_3"),
                    lit(true)));
    return ofProducts(tables, possible)
        .join(
            hashed(tables, leaders(tables, asOf)),
            seq("importer", "product", "product_kind"),
            "inner")
        .filter(col("supplier").notEqual(col("top_supplier")))
        .join(
            hashed(tables, flows(tables, asOf)),
            seq("importer", "product", "product_kind", "supplier"),
            "left")
        .join(
            hashed(tables, exports(tables, asOf)),
            seq("product", "product_kind", "supplier"),
            "left")
        .transform(rows -> withOwnDependence(rows, tables, asOf))
        .transform(Candidates::withGain)
        .withColumn(
            "rank",
            row_number()
                .over(
                    ofMarket()
                        .orderBy(
                            col("probability")
                                .multiply(col("gain"))
                                .multiply(lit(1.0).minus(col("supposed_dependence")))
                                .desc(),
                            col("supplier"))))
        .filter(col("rank").leq(BEST))
        .join(
            ofProducts(
                tables,
                expected
                    .filter(here.and(col("year").equalTo(asOf)).and(col("basis").equalTo("value")))
                    .select("importer", "product", "product_kind", "supplier", "expected")),
            seq("importer", "product", "product_kind", "supplier"),
            "left")
        .withColumn("reason", reason(horizon))
        .withColumn("model_version", ofKind("model_version", staying, beginning))
        .withColumn("method", ofKind("method", staying, beginning))
        .withColumn("source", lit(tables.source()))
        .withColumn("as_of_year", lit(asOf))
        .select(
            Tables.CANDIDATE.columns().stream()
                .map(column -> col(column.name()).cast(column.type()))
                .toArray(Column[]::new))
        .toDF(Tables.CANDIDATE.columnNames());
  }

  /**
   * In parts by product, so that one shuffle of the millions of pairs serves all joins of them; of
   * a few, what is joined is sent to every task instead.
   */
  private static Dataset<Row> ofProducts(SourceTables tables, Dataset<Row> rows) {
    int partitions = tables.partitions();
    return partitions == 1
        ? rows
        : rows.repartition(partitions, col("product"), col("product_kind"));
  }

  private static Dataset<Row> hashed(SourceTables tables, Dataset<Row> rows) {
    return tables.partitions() == 1 ? rows : ofProducts(tables, rows).hint(HASHED);
  }

  /** An importer's product; sorted by one number first, which is quicker than by three strings. */
  private static WindowSpec ofMarket() {
    Column[] market = {col("importer"), col("product"), col("product_kind")};
    return Window.partitionBy(xxhash64(market), market[0], market[1], market[2]);
  }

  /** What all rows of one model have in common. */
  private static Column ofKind(String column, Dataset<Row> staying, Dataset<Row> beginning) {
    return when(col("has_link"), ofFirst(column, staying)).otherwise(ofFirst(column, beginning));
  }

  private static Column ofFirst(String column, Dataset<Row> rows) {
    List<Row> first = rows.select(column).takeAsList(1);
    return first.isEmpty() ? lit(null) : lit(first.get(0).getString(0));
  }

  private static Dataset<Row> leaders(SourceTables tables, int asOf) {
    Dataset<Row> ofYear = tables.dependency().filter(col("year").equalTo(asOf));
    Dataset<Row> weights =
        ofYear
            .filter(col("basis").equalTo("quantity"))
            .select(
                col("importer"),
                col("product"),
                col("product_kind"),
                col("total").cast("DOUBLE").as("total_quantity"));
    return ofYear
        .filter(col("basis").equalTo("value").and(col("hhi").isNotNull()).and(col("total").gt(0)))
        .select(
            col("importer"),
            col("product"),
            col("product_kind"),
            col("total").cast("DOUBLE").as("total"),
            col("hhi"),
            col("top_supplier"),
            col("top_share"))
        .join(weights, seq("importer", "product", "product_kind"), "left");
  }

  private static Dataset<Row> flows(SourceTables tables, int asOf) {
    return tables
        .supplier()
        .filter(col("year").equalTo(asOf))
        .select(
            col("importer"),
            col("product"),
            col("product_kind"),
            col("supplier"),
            col("value").cast("DOUBLE").as("flow"),
            col("share_value").as("share"),
            col("unit_value"));
  }

  private static Dataset<Row> exports(SourceTables tables, int asOf) {
    return tables
        .worldTrade()
        .filter(col("year").equalTo(asOf))
        .select(
            col("product"),
            col("product_kind"),
            col("exporter").as("supplier"),
            col("value").cast("DOUBLE").as("exports"),
            when(
                    col("quantity_kg").gt(0),
                    col("value").cast("DOUBLE").divide(col("quantity_kg").cast("DOUBLE")))
                .as("world_unit_value"));
  }

  private static Dataset<Row> withGain(Dataset<Row> rows) {
    Column flow = coalesce(col("flow"), lit(0.0));
    Column share = coalesce(col("share"), lit(0.0));
    Column spare = greatest(coalesce(col("exports"), lit(0.0)).minus(flow), lit(0.0));
    Column paid = col("total").divide(col("total_quantity"));
    return rows.withColumn("share", share)
        .withColumn(
            "reachable_share",
            least(flow.plus(spare.multiply(THETA)).divide(col("total")), lit(1.0)))
        .withColumn(
            "gain",
            least(greatest(col("reachable_share").minus(col("share")), lit(0.0)), col("top_share")))
        .withColumn(
            "hhi_after",
            col("hhi")
                .minus(square(col("top_share")))
                .minus(square(col("share")))
                .plus(square(col("top_share").minus(col("gain"))))
                .plus(square(col("share").plus(col("gain")))))
        .withColumn(
            "unit_value_premium",
            when(
                col("total_quantity").gt(0),
                coalesce(col("unit_value"), col("world_unit_value")).divide(paid).minus(1)));
  }

  private static Column square(Column column) {
    return column.multiply(column);
  }

  /**
   * Adds the part of the leading supplier in the alternative's imports of the stage before, null
   * where unknown, and what is supposed then.
   */
  static Dataset<Row> withOwnDependence(Dataset<Row> rows, SourceTables tables, int asOf) {
    Dataset<Row> upstream =
        tables
            .spark()
            .createDataFrame(
                stagesBefore(tables.goods()),
                new StructType().add("product", "STRING").add("before", "STRING"));
    Dataset<Row> bought =
        tables
            .supplier()
            .filter(col("year").equalTo(asOf).and(col("product_kind").equalTo("good")))
            .select(
                col("importer"),
                col("product").as("before"),
                col("supplier").as("top_supplier"),
                col("value").cast("DOUBLE").as("value"))
            .join(broadcast(upstream), seq("before"), "inner")
            .groupBy(col("product"), col("importer").as("supplier"), col("top_supplier"))
            .agg(sum("value").as("from_top"));
    Dataset<Row> unknown =
        tables
            .dependency()
            .filter(
                col("year")
                    .equalTo(asOf)
                    .and(col("product_kind").equalTo("good"))
                    .and(col("basis").equalTo("value"))
                    .and(col("total").isNull()))
            .select(col("importer").as("supplier"), col("product").as("before"))
            .join(broadcast(upstream), seq("before"), "inner")
            .select("product", "supplier")
            .distinct();
    Dataset<Row> all =
        tables
            .dependency()
            .filter(
                col("year")
                    .equalTo(asOf)
                    .and(col("months").equalTo(SourceTables.WHOLE_YEAR))
                    .and(col("total").gt(0)))
            .select(col("importer").as("supplier"))
            .distinct()
            .crossJoin(bought.select("product").distinct())
            .join(broadcast(unknown), seq("product", "supplier"), "left_anti")
            .join(
                bought.groupBy("product", "supplier").agg(sum("from_top").as("from_all")),
                seq("product", "supplier"),
                "left")
            .select(
                col("product"),
                col("supplier"),
                coalesce(col("from_all"), lit(0.0)).as("from_all"));
    Column known =
        when(col("from_all").gt(0), coalesce(col("from_top"), lit(0.0)).divide(col("from_all")))
            .when(col("from_all").equalTo(0), 0.0);
    return rows.join(broadcast(all), seq("product", "supplier"), "left")
        .join(broadcast(bought), seq("product", "supplier", "top_supplier"), "left")
        .join(
            broadcast(
                upstream.select("product").distinct().withColumn("has_stage_before", lit(true))),
            seq("product"),
            "left")
        .withColumn("own_dependence", known)
        .withColumn(
            "supposed_dependence",
            coalesce(
                col("own_dependence"),
                percentile(col("own_dependence"), lit(0.5)).over(ofMarket()),
                lit(0.0)));
  }

  /** Products, goods and HS6, with the goods of the nearest earlier stage that are no baskets. */
  static List<Row> stagesBefore(Goods goods) {
    Map<String, Goods.Member> clean = new TreeMap<>();
    for (Goods.Member member : goods.members()) {
      if (!member.isNational() && !goods.basketGoods().contains(member.good())) {
        clean.putIfAbsent(member.good(), member);
      }
    }
    Map<String, Goods.Member> products = new TreeMap<>();
    for (Goods.Member member : goods.members()) {
      products.putIfAbsent(member.good(), member);
      if (!member.isNational() && STAGES.contains(member.stage())) {
        products.putIfAbsent(member.code(), member);
      }
    }
    List<Row> pairs = new ArrayList<>();
    products.forEach(
        (product, member) -> {
          int nearest =
              clean.values().stream()
                  .filter(other -> other.chain().equals(member.chain()))
                  .mapToInt(other -> STAGES.indexOf(other.stage()))
                  .filter(stage -> stage >= 0 && stage < STAGES.indexOf(member.stage()))
                  .max()
                  .orElse(-1);
          clean.values().stream()
              .filter(other -> other.chain().equals(member.chain()))
              .filter(other -> STAGES.indexOf(other.stage()) == nearest && nearest >= 0)
              .forEach(other -> pairs.add(RowFactory.create(product, other.good())));
        });
    return pairs;
  }

  private static Column reason(int horizon) {
    Column chance =
        when(
                col("has_link").and(col("share").equalTo(0)),
                format_string(
                    "%s pauses and supplies in %d years with a chance of %.0f %%",
                    col("supplier"), lit(horizon == 1 ? 1 : 3), col("probability").multiply(100)))
            .when(
                col("has_link"),
                format_string(
                    "%s supplies %.1f %% and keeps on for %d years with a chance of %.0f %%",
                    col("supplier"),
                    col("share").multiply(100),
                    lit(horizon == 1 ? 1 : 3),
                    col("probability").multiply(100)))
            .otherwise(
                format_string(
                    "%s begins to supply within %d years with a chance of %.0f %%",
                    col("supplier"), lit(horizon), col("probability").multiply(100)));
    return concat(
        chance,
        format_string(", could reach %.1f %%", col("reachable_share").multiply(100)),
        when(
                col("expected").isNotNull(),
                format_string(
                    " (an average supplier of its size: %.1f %%)",
                    least(col("expected").divide(col("total")), lit(1.0)).multiply(100)))
            .otherwise(""),
        when(
                col("unit_value_premium").isNotNull(),
                format_string(
                    ", at %+.0f %% of the unit value", col("unit_value_premium").multiply(100)))
            .otherwise(""),
        when(
                col("own_dependence").isNotNull(),
                format_string(
                    ", and buys %.0f %% of the stage before from %s itself",
                    col("own_dependence").multiply(100), col("top_supplier")))
            .when(
                col("has_stage_before"),
                format_string(
                    ", and what it buys of the stage before from %s itself is unknown",
                    col("top_supplier")))
            .otherwise(""),
        lit("."));
  }

  private static Seq<String> seq(String... names) {
    return CollectionConverters.asScala(List.of(names)).toSeq();
  }
}
