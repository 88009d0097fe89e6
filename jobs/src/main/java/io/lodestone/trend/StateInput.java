package io.lodestone.trend;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.lodestone.dependency.Rule;
import io.lodestone.lake.Since;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What spells and churn read of {@code dependency}: a row per source, importer, product, basis and
 * year, of all years, since a spell may be older than the window.
 *
 * <p>Of the HHI, of the world's HHI and of the trade balance only the side of a bound is read, so
 * that one reporter's month, which moves the last two a little for all importers, changes no other
 * importer's rows.
 */
final class StateInput {
  static final StructType SCHEMA =
      StructType.fromDDL(
          "source STRING, importer STRING, product_kind STRING, product STRING, basis STRING,"
              + " year INT, dependent_state BOOLEAN, dependent_since INT,"
              + " import_dispersed BOOLEAN, world_dispersed BOOLEAN, net_exporter BOOLEAN");

  /** The schema and the side of a row. */
  static final StructType SIDED = SCHEMA.add("side", "INT");

  /** Sides: a row as it was, one that is as it was, and one as it is now. */
  static final int BEFORE = -1;

  static final int BOTH = 0;
  static final int NOW = 1;

  static final int SOURCE = SCHEMA.fieldIndex("source");
  static final int IMPORTER = SCHEMA.fieldIndex("importer");
  static final int PRODUCT_KIND = SCHEMA.fieldIndex("product_kind");
  static final int PRODUCT = SCHEMA.fieldIndex("product");
  static final int BASIS = SCHEMA.fieldIndex("basis");
  static final int YEAR = SCHEMA.fieldIndex("year");
  static final int STATE = SCHEMA.fieldIndex("dependent_state");
  static final int SINCE = SCHEMA.fieldIndex("dependent_since");
  static final int IMPORT_DISPERSED = SCHEMA.fieldIndex("import_dispersed");
  static final int WORLD_DISPERSED = SCHEMA.fieldIndex("world_dispersed");
  static final int NET_EXPORTER = SCHEMA.fieldIndex("net_exporter");
  static final int SIDE = SIDED.fieldIndex("side");

  /** The columns of a series on one basis. */
  static final int[] SERIES = {SOURCE, IMPORTER, PRODUCT_KIND, PRODUCT, BASIS};

  /** Of all that is read of a row. */
  static final Column HASH = Since.hash(SCHEMA.fieldNames());

  /** Column that brings a series together; some share it with another. */
  static final String ORDER = "series_order";

  static final Seq<String> BY_ORDER = CollectionConverters.asScala(List.of(ORDER)).toSeq();

  /** Importers with one order are told apart by who reads them; products would be lost. */
  static final Seq<String> BY_PRODUCT =
      CollectionConverters.asScala(List.of(ORDER, "product")).toSeq();

  private StateInput() {}

  /** Adds on which side of the bounds of leaving a row lies; no where that is unknown. */
  static Dataset<Row> marked(Dataset<Row> dependency) {
    return dependency
        .withColumn("import_dispersed", isBelow("hhi", Rule.DISPERSED))
        .withColumn("world_dispersed", isBelow("world_hhi", Rule.DISPERSED))
        .withColumn("net_exporter", isBelow("imports_over_exports", Rule.NET_EXPORTER));
  }

  private static Column isBelow(String column, double bound) {
    return coalesce(col(column).lt(bound), lit(false));
  }

  /** By source, importer, product_kind, basis and year: {@code rows}, {@code known} states. */
  static Dataset<Row> counts(Dataset<Row> dependency) {
    return dependency
        .groupBy("source", "importer", "product_kind", "basis", "year")
        .agg(count(lit(1)).as("rows"), count(col("dependent_state")).as("known"));
  }

  /**
   * By source, importer, product_kind, basis and year: rows {@code now} and {@code before}, and how
   * many more {@code known} states there are.
   */
  static Dataset<Row> differences(Dataset<Row> now, Dataset<Row> before) {
    Column side = col("side");
    return now.withColumn("side", lit(NOW))
        .union(before.withColumn("side", lit(BEFORE)))
        .groupBy("source", "importer", "product_kind", "basis", "year")
        .agg(
            count_if(side.equalTo(NOW)).as("now"),
            count_if(side.equalTo(BEFORE)).as("before"),
            coalesce(sum(when(col("dependent_state").isNotNull(), side)), lit(0L)).as("known"));
  }

  /** Adds {@link #ORDER}. */
  static Dataset<Row> ordered(Dataset<Row> rows) {
    return rows.withColumn(ORDER, SeriesInput.order());
  }

  /**
   * Series that were ever in the state, of which spells and churn say more than that it is known.
   */
  static Dataset<Row> everIn(Dataset<Row> dependency) {
    return ordered(dependency).where("dependent_state").select(ORDER).distinct();
  }

  /** Rows with their side and {@link #ORDER}. */
  static Dataset<Row> sided(Dataset<Row> dependency, int side) {
    return ordered(marked(dependency))
        .withColumn("side", lit(side))
        .select(columns(Stream.concat(Stream.of(ORDER), names())));
  }

  /** An importer in one task, a series in one stretch and by year. */
  static Dataset<Row> arranged(Dataset<Row> sided, int tasks) {
    return sided
        .repartition(tasks, col("source"), col("importer"))
        .sortWithinPartitions(
            columns(
                Stream.of(ORDER, "source", "importer", "product_kind", "product", "basis", "year")))
        .select(columns(names()));
  }

  private static Stream<String> names() {
    return Stream.of(SIDED.fieldNames());
  }

  private static Column[] columns(Stream<String> names) {
    return names.map(functions::col).toArray(Column[]::new);
  }
}
