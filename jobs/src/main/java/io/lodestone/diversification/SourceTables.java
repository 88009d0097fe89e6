package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.lodestone.Failure;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Since;
import io.lodestone.lake.Table;
import io.lodestone.records.Goods;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the models of one source are made from. The columns are those of {@link Tables}. What
 * several kinds of models derive from them is computed once by {@link #shared} and let go by {@link
 * #close}. Several threads may ask.
 */
final class SourceTables implements AutoCloseable {
  /** Months that an importer must report for what it does not show to be zero. */
  static final int WHOLE_YEAR = 12;

  /** A year is complete if this part of the importers of the fullest year report it. */
  private static final double COMPLETE = 0.8;

  /** With fewer importers nothing can be learned from how they differ. */
  private static final int FEWEST_IMPORTERS = 5;

  /** Above it, markets are sorted in more partitions than there are cores. */
  private static final long MANY_LINKS = 2_000_000;

  private static final int LARGE_PARTITIONS = 64;
  private static final int MOST_LANES = 4;
  private static final int LARGE_LANES = 2;
  private static final long FEW_LINKS = 500_000;

  private final SparkSession spark;
  private final String source;
  private final Settings.Models settings;
  private final Goods goods;
  private final Dataset<Row> supplier;
  private final Dataset<Row> worldTrade;
  private final Dataset<Row> dependency;
  private final Map<String, Dataset<Row>> shared = new HashMap<>();
  private Split split;
  private Broadcast<WorldSupply> world;
  private long importers;
  private long links = -1;
  private double possibleRows = -1;

  /** Of rows that are filtered to one source already, of one world basis. */
  SourceTables(
      String source,
      Settings.Models settings,
      Goods goods,
      Dataset<Row> supplier,
      Dataset<Row> worldTrade,
      Dataset<Row> dependency) {
    this.spark = supplier.sparkSession();
    this.source = source;
    this.settings = settings;
    this.goods = goods;
    this.supplier = supplier;
    this.worldTrade = worldTrade;
    this.dependency = dependency;
  }

  /** Of a source of a lake. */
  static SourceTables of(Lake lake, String source, Settings.Models settings, Goods goods) {
    return new SourceTables(
        source,
        settings,
        goods,
        lake.read(Tables.SUPPLIER).filter(col("source").equalTo(source)),
        world(lake.read(Tables.WORLD_TRADE)).filter(col("source").equalTo(source)),
        lake.read(Tables.DEPENDENCY).filter(col("source").equalTo(source)));
  }

  private static Dataset<Row> world(Dataset<Row> worldTrade) {
    return worldTrade.filter(col("world_basis").notEqual("own"));
  }

  /** Source and hash of every row that models are made from: those of a source read no other's. */
  static Dataset<Row> hashes(Function<Table, Dataset<Row>> read) {
    return hashes(read.apply(Tables.SUPPLIER))
        .union(hashes(world(read.apply(Tables.WORLD_TRADE))))
        .union(hashes(read.apply(Tables.DEPENDENCY)));
  }

  private static Dataset<Row> hashes(Dataset<Row> rows) {
    return rows.select(col("source"), Since.hash(rows.columns()).as("row_hash"));
  }

  SparkSession spark() {
    return spark;
  }

  String source() {
    return source;
  }

  Settings.Models settings() {
    return settings;
  }

  Goods goods() {
    return goods;
  }

  /** Rows of the table supplier. */
  Dataset<Row> supplier() {
    return supplier;
  }

  /** Rows of the table world_trade, from reconciled flows or as importers mirror them. */
  Dataset<Row> worldTrade() {
    return worldTrade;
  }

  /** Rows of the table dependency. */
  Dataset<Row> dependency() {
    return dependency;
  }

  /** The windows, which end with the last complete year. */
  synchronized Split split() {
    if (split == null) {
      look();
    }
    return split;
  }

  /** The year from which is scored: that of the setting, else the last complete one. */
  int asOfYear() {
    if (settings.asOf().isEmpty()) {
      return split().last();
    }
    int year = settings.asOf().get();
    if (year <= split().first() || year > split().last()) {
      throw Failure.usage(
          "Cannot use spark.lodestone.models.as.of: '%d' is none of the years %d to %d of %s that have a year before them; write one of these."
              .formatted(year, split().first() + 1, split().last(), source));
    }
    return year;
  }

  /**
   * Whether models of this source can be thought of at all.
   *
   * @throws NotFitted if the source has too few importers, or does not show the world's trade
   */
  void requireWorld() {
    split();
    if (importers < FEWEST_IMPORTERS) {
      throw new NotFitted(
          "%d importers report a whole year, fewer than %d".formatted(importers, FEWEST_IMPORTERS));
    }
    if (worldTrade.isEmpty()) {
      throw new NotFitted("the source does not show the world's trade");
    }
  }

  private void look() {
    List<Row> years =
        dependency
            .filter(col("months").equalTo(WHOLE_YEAR).and(col("total").gt(0)))
            .groupBy("year")
            .agg(count_distinct(col("importer")))
            .orderBy("year")
            .collectAsList();
    importers = years.stream().mapToLong(row -> row.getLong(1)).max().orElse(0);
    int first = years.isEmpty() ? 0 : years.get(0).getInt(0);
    int last =
        years.stream()
            .filter(row -> row.getLong(1) >= COMPLETE * importers)
            .mapToInt(row -> row.getInt(0))
            .max()
            .orElse(0);
    split = new Split(first, settings.trainUntil(), settings.validateUntil(), last);
  }

  /** The dataset of a name, made and kept at the first call. */
  synchronized Dataset<Row> shared(String name, Supplier<Dataset<Row>> made) {
    return shared.computeIfAbsent(
        name,
        absent -> {
          Dataset<Row> kept = made.get().persist(StorageLevel.MEMORY_AND_DISK());
          if (lanes() > 1) {
            // Two models that ask at once would both compute it.
            kept.count();
          }
          return kept;
        });
  }

  /**
   * Rows that a fit goes over a hundred times, in a part a core: of a task of few rows more time
   * goes into sending it.
   */
  Dataset<Row> forFit(Dataset<Row> rows) {
    return rows.coalesce(spark.sparkContext().defaultParallelism());
  }

  /** Keeps rows while something is made of them. */
  static <T> T kept(Dataset<Row> rows, Function<Dataset<Row>, T> use) {
    Dataset<Row> kept = rows.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return use.apply(kept);
    } finally {
      kept.unpersist();
    }
  }

  /** What the world supplies, in every task. */
  synchronized Broadcast<WorldSupply> world() {
    if (world == null) {
      WorldSupply made = WorldSupply.of(this, split().last());
      world = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(made);
    }
    return world;
  }

  /**
   * Partitions for what is grouped: one for little, of which a fit makes hundreds of small jobs,
   * else one a core, and more where a partition would not be sorted in memory.
   */
  int partitions() {
    if (links() < FEW_LINKS) {
      return 1;
    }
    int cores = spark.sparkContext().defaultParallelism();
    return links() > MANY_LINKS ? Math.max(cores, LARGE_PARTITIONS) : cores;
  }

  /**
   * Models that are fitted or scored side by side: where there is little, a model is a hundred
   * small jobs on one core, and its plans take longer than they do; where there is much, the driver
   * works on the rows of one while tasks work on those of another.
   */
  int lanes() {
    int most = partitions() == 1 ? MOST_LANES : LARGE_LANES;
    return Math.min(most, Runtime.getRuntime().availableProcessors());
  }

  /** Rows of the table supplier. */
  synchronized long links() {
    if (links < 0) {
      links = supplier.count();
    }
    return links;
  }

  /**
   * An upper bound of the rows (importer, product, exporter, year) of HS6 products, without making
   * them: markets of a product and year times its exporters.
   */
  synchronized double possibleRows() {
    if (possibleRows < 0) {
      Dataset<Row> exporters =
          worldTrade
              .filter(col("product_kind").equalTo("hs6"))
              .groupBy("product", "year")
              .agg(count(lit(1)).as("exporters"));
      Dataset<Row> markets =
          dependency
              .filter(col("product_kind").equalTo("hs6").and(col("basis").equalTo("value")))
              .groupBy("product", "year")
              .agg(count(lit(1)).as("markets"));
      Row sum =
          exporters
              .join(
                  markets,
                  CollectionConverters.asScala(List.of("product", "year")).toSeq(),
                  "inner")
              .agg(sum(col("exporters").multiply(col("markets")).cast("DOUBLE")))
              .first();
      possibleRows = sum.isNullAt(0) ? 0 : sum.getDouble(0);
    }
    return possibleRows;
  }

  @Override
  public void close() {
    if (world != null) {
      world.destroy();
      world = null;
    }
    shared.values().forEach(Dataset::unpersist);
    shared.clear();
  }
}
