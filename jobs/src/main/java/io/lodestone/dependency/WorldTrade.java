package io.lodestone.dependency;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.median;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Exports of every country to the world.
 *
 * <p>Grain: source, exporter, product, year and world_basis. {@code mirror} and {@code baci}: the
 * sum over all importers of what they report by partner, without goods returned, unspecified areas
 * and groups; it has no gaps where exporters do not report. {@code own}: the exporter's reports,
 * domestic exports where it reports them, else exports less re-exports.
 *
 * <p>{@code coverage} of a mirror in a year: the usual imports (median over the years in which it
 * reports the product, by value) of the importers with a row of the product in the year, over those
 * of all importers that ever have one. Below 0.9 the world is not known.
 */
final class WorldTrade {
  static final String MIRROR = "mirror";
  static final String BACI = "baci";
  static final String OWN = "own";

  /** Coverage below which a mirror says nothing about the world. */
  static final double COVERED = 0.9;

  private static final DataType AMOUNT = DataTypes.createDecimalType(18, 3);

  /** Squares of amounts of up to 16 digits before the point, summed without rounding. */
  private static final DataType SQUARES = DataTypes.createDecimalType(38, 6);

  private WorldTrade() {}

  /**
   * The table's rows.
   *
   * @param imports effective import rows with product_kind, importer, supplier, kind
   * @param exports where there are any, effective rows of exports, domestic exports and re-exports
   *     with product_kind
   * @param reporting what is reported, to tell whether domestic exports are
   * @param mirrors sources whose imports mirror the world's exports
   * @param bacis sources of reconciled flows
   */
  static Dataset<Row> rows(
      Dataset<Row> imports,
      Optional<Dataset<Row>> exports,
      Dataset<Row> reporting,
      List<String> mirrors,
      List<String> bacis) {
    Dataset<Row> reconciled =
        reportedBy(imports, bacis)
            .withColumn("world_basis", lit(BACI))
            .withColumn("coverage", lit(null).cast("DOUBLE"));
    Dataset<Row> mirrored = reportedBy(imports, mirrors).withColumn("world_basis", lit(MIRROR));
    Dataset<Row> covered =
        mirrors.isEmpty()
            ? mirrored.withColumn("coverage", lit(null).cast("DOUBLE"))
            : mirrored.join(
                coverage(imports, mirrors),
                seq("source", "product_kind", "product", "year"),
                "left");
    Dataset<Row> imported = reconciled.unionByName(covered);
    return exports
        .map(rows -> imported.unionByName(own(rows, reporting)))
        .orElse(imported)
        .select(
            col("source"),
            col("exporter"),
            col("product"),
            col("product_kind"),
            col("year"),
            col("world_basis"),
            col("value").cast(AMOUNT).as("value"),
            col("quantity_kg").cast(AMOUNT).as("quantity_kg"),
            col("coverage"));
  }

  /**
   * Concentration of the world's exports by value and by quantity.
   *
   * @param world rows of the table, of one basis a source
   */
  static Dataset<Row> concentration(Dataset<Row> world) {
    return world
        .filter(col("world_basis").notEqual(OWN))
        .filter(col("coverage").isNull().or(col("coverage").geq(COVERED)))
        .groupBy("source", "product_kind", "product", "year")
        .agg(hhi("value").as("value_world_hhi"), hhi("quantity_kg").as("quantity_world_hhi"));
  }

  private static Column hhi(String amount) {
    Column exact = col(amount).cast(SQUARES);
    Column squares = sum(col(amount).multiply(col(amount)).cast(SQUARES)).cast("DOUBLE");
    Column total = sum(exact).cast("DOUBLE");
    return when(total.gt(0), squares.divide(total.multiply(total)));
  }

  private static Dataset<Row> reportedBy(Dataset<Row> imports, List<String> sources) {
    return imports
        .filter(col("source").isin(sources.toArray()).and(col("kind").equalTo(Cell.COUNTRY)))
        .groupBy(
            col("source"),
            col("product_kind"),
            col("product"),
            col("year"),
            col("supplier").as("exporter"))
        .agg(
            sum(col("value").cast(AMOUNT)).cast(AMOUNT).as("value"),
            sum("quantity_kg").cast(AMOUNT).as("quantity_kg"));
  }

  private static Dataset<Row> coverage(Dataset<Row> imports, List<String> mirrors) {
    Dataset<Row> cells =
        imports
            .filter(col("source").isin(mirrors.toArray()))
            .groupBy("source", "product_kind", "product", "importer", "year")
            .agg(coalesce(sum("value"), lit(BigDecimal.ZERO)).cast("DOUBLE").as("value"));
    return cells
        .groupBy("source", "product_kind", "product", "importer")
        .agg(median(col("value")).cast(AMOUNT).as("usual"), collect_list("year").as("years"))
        .groupBy("source", "product_kind", "product")
        .agg(
            sum("usual").cast("DOUBLE").as("all_usual"),
            collect_list(struct("usual", "years")).as("importers"))
        .select(
            col("source"),
            col("product_kind"),
            col("product"),
            col("all_usual"),
            explode(col("importers")).as("importer"))
        .select(
            col("source"),
            col("product_kind"),
            col("product"),
            col("all_usual"),
            col("importer.usual").as("usual"),
            explode(col("importer.years")).as("year"))
        .groupBy("source", "product_kind", "product", "year", "all_usual")
        .agg(sum("usual").cast("DOUBLE").as("reported_usual"))
        .select(
            col("source"),
            col("product_kind"),
            col("product"),
            col("year"),
            when(col("all_usual").gt(0), col("reported_usual").divide(col("all_usual")))
                .as("coverage"));
  }

  private static Dataset<Row> own(Dataset<Row> exports, Dataset<Row> reporting) {
    Dataset<Row> sums =
        exports
            .groupBy(
                col("source"), col("product_kind"), col("product"), col("year"), col("reporter"))
            .agg(
                flowSum("value", "export").as("gross_value"),
                flowSum("value", "re_export").as("re_value"),
                flowSum("value", "domestic_export").as("domestic_value"),
                flowSum("quantity_kg", "export").as("gross_quantity"),
                flowSum("quantity_kg", "re_export").as("re_quantity"),
                flowSum("quantity_kg", "domestic_export").as("domestic_quantity"));
    Dataset<Row> who =
        reporting.select(
            col("source"), col("importer").as("reporter"), col("year"), col("domestic_exports"));
    return sums.join(broadcast(who), seq("source", "reporter", "year"), "left")
        .select(
            col("source"),
            col("reporter").as("exporter"),
            col("product"),
            col("product_kind"),
            col("year"),
            domestic("value").as("value"),
            domestic("quantity").as("quantity_kg"),
            lit(OWN).as("world_basis"),
            lit(null).cast("DOUBLE").as("coverage"));
  }

  private static Column flowSum(String amount, String flow) {
    return sum(when(col("flow").equalTo(flow), col(amount)));
  }

  /** Domestic exports where the reporter reports them, else exports less re-exports. */
  private static Column domestic(String amount) {
    Column less =
        greatest(
            col("gross_" + amount).minus(coalesce(col("re_" + amount), lit(BigDecimal.ZERO))),
            lit(BigDecimal.ZERO));
    return when(col("domestic_exports"), col("domestic_" + amount))
        .otherwise(when(col("gross_" + amount).isNotNull(), less));
  }

  private static Seq<String> seq(String... names) {
    return CollectionConverters.asScala(List.of(names)).toSeq();
  }
}
