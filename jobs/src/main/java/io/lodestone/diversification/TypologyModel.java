package io.lodestone.diversification;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.stddev_pop;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.Tables;
import io.lodestone.lake.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Which kinds of dependency there are: the table {@code typology}, by k-means on seven indicators
 * of an importer's product in the last complete year.
 *
 * <p>Indicators: HHI by value, HHI by quantity, the largest share (CR1) and the world's HHI by
 * value; trend, the least-squares slope of HHI by value over the last {@link #WINDOW} years;
 * volatility, the standard deviation about it; and unit-value premium, the log of the importer's
 * unit value over the median of all importers. Each is taken as standard deviations from the mean
 * of the six-digit products, cut at +-3 so that one odd unit value makes no cluster of its own. An
 * importer's product of which one is unknown is in no cluster and has no row.
 *
 * <p>The number of clusters, {@link #FEWEST} to {@link #MOST}, is that with the greatest mean
 * silhouette (squared Euclidean distance). Clusters are numbered by the HHI of their centres, the
 * highest first, and named by what sets a centre apart by half a standard deviation or more. They
 * describe; nothing is forecast and no gate applies.
 */
final class TypologyModel implements ModelKind {
  private static final int WINDOW = 10;
  private static final int FEWEST_YEARS = 4;
  private static final int FEWEST = 3;
  private static final int MOST = 7;
  private static final double CUT = 3;
  private static final int FEWEST_ROWS = 50;
  private static final int WHOLE_YEAR = 12;

  /** Sums depend on how rows are split: by key, in one part, or in so many where they are many. */
  private static final int PARTS = 4;

  /** A fit counts as it stands after so many steps. */
  private static final int ITERATIONS = 10;

  private static final double APART = 0.5;

  /** The three levels come first: a name gives them one word. */
  private static final String[] INDICATORS = {
    "hhi_value", "hhi_quantity", "cr1", "world_hhi", "trend", "volatility", "premium"
  };

  private static final int LEVELS = 3;

  /** Columns before the indicators: importer, product, product_kind. */
  private static final int KEY = 3;

  /** What a centre far above and far below the mean is called. */
  private static final String[][] WORDS = {
    {"concentrated world market", "open world market"},
    {"rising concentration", "falling concentration"},
    {"volatile", "steady"},
    {"dearer than others pay", "cheaper than others pay"}
  };

  private static final StructType SAVED =
      new StructType()
          .add("cluster", DataTypes.IntegerType)
          .add("name", DataTypes.StringType)
          .add("centre", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("means", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("deviations", DataTypes.createArrayType(DataTypes.DoubleType, false));

  private static final StructType ROW = ModelKind.rowsOf(Tables.TYPOLOGY);

  @Override
  public String name() {
    return "typology";
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.TYPOLOGY);
  }

  /**
   * A row an importer and product, with the seven indicators; those with an unknown one left out.
   */
  static Dataset<Row> indicators(Dataset<Row> dependency, int year) {
    Column last = col("year").equalTo(year);
    String inValue = "basis = 'value'";
    Dataset<Row> cells =
        dependency
            .filter(
                col("months")
                    .equalTo(WHOLE_YEAR)
                    .and(col("hhi").isNotNull())
                    .and(last.or(expr(inValue)))
                    .and(col("year").gt(year - WINDOW))
                    .and(col("year").leq(year)))
            .withColumn("is_value", expr(inValue))
            .withColumn("is_last", last)
            .groupBy("product_kind", "importer", "product")
            .agg(
                expr("max(hhi) FILTER (WHERE is_value AND is_last)").as("hhi_value"),
                expr("max(hhi) FILTER (WHERE NOT is_value AND is_last)").as("hhi_quantity"),
                expr("max(cr1) FILTER (WHERE is_value AND is_last)").as("cr1"),
                expr("max(world_hhi) FILTER (WHERE is_value AND is_last)").as("world_hhi"),
                expr("count(*) FILTER (WHERE is_value)").as("years"),
                expr("regr_slope(hhi, year) FILTER (WHERE is_value)").as("trend"),
                expr("regr_syy(hhi, year) FILTER (WHERE is_value)"
                        + " - try_divide(pow(regr_sxy(hhi, year) FILTER (WHERE is_value), 2),"
                        + " regr_sxx(hhi, year) FILTER (WHERE is_value))")
                    .as("residual"),
                expr("try_divide(max(total) FILTER (WHERE is_value AND is_last),"
                        + " max(total) FILTER (WHERE NOT is_value AND is_last))")
                    .cast("DOUBLE")
                    .as("unit_value"))
            .filter(col("years").geq(FEWEST_YEARS).and(col("unit_value").gt(0)))
            .withColumn("volatility", expr("sqrt(greatest(residual, 0) / (years - 2))"));
    Dataset<Row> world =
        cells
            .groupBy("product_kind", "product")
            .agg(expr("percentile(unit_value, 0.5)").as("world_unit_value"));
    return cells
        .join(
            // Products are few next to importers' products.
            broadcast(world),
            scala.jdk.javaapi.CollectionConverters.asScala(List.of("product_kind", "product"))
                .toSeq())
        .withColumn("premium", log(col("unit_value").divide(col("world_unit_value"))))
        .select(
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of("importer", "product", "product_kind"),
                    Arrays.stream(INDICATORS))
                .map(name -> col(name))
                .toArray(Column[]::new))
        .na()
        .drop(INDICATORS);
  }

  private static Dataset<Row> indicators(SourceTables tables) {
    return tables.shared(
        "typology indicators",
        () ->
            indicators(tables.dependency(), tables.asOfYear())
                .repartition(tables.partitions() == 1 ? 1 : PARTS, col("importer"), col("product"))
                .sortWithinPartitions("product_kind", "importer", "product"));
  }

  /** Means and standard deviations of the indicators. */
  private record Standard(double[] means, double[] deviations) {
    static Standard of(Dataset<Row> rows) {
      List<Column> columns = new ArrayList<>();
      for (String name : INDICATORS) {
        columns.add(avg(name));
        columns.add(stddev_pop(name));
      }
      Row found = rows.agg(count(lit(1)), columns.toArray(Column[]::new)).first();
      if (found.getLong(0) < FEWEST_ROWS) {
        throw new NotFitted(
            "%d importers' products with all indicators, fewer than %d"
                .formatted(found.getLong(0), FEWEST_ROWS));
      }
      double[] means = new double[INDICATORS.length];
      double[] deviations = new double[INDICATORS.length];
      for (int place = 0; place < INDICATORS.length; place++) {
        means[place] = found.getDouble(1 + 2 * place);
        deviations[place] = found.getDouble(2 + 2 * place);
        if (!(deviations[place] > 0)) {
          throw new NotFitted(
              "the indicator %s is the same everywhere".formatted(INDICATORS[place]));
        }
      }
      return new Standard(means, deviations);
    }

    /** In standard deviations from the mean, cut. */
    Column column(int place) {
      Column standard = col(INDICATORS[place]).minus(means[place]).divide(deviations[place]);
      return greatest(lit(-CUT), least(lit(CUT), standard)).as(INDICATORS[place]);
    }
  }

  @Override
  public int trainedTo(SourceTables tables) {
    return tables.asOfYear();
  }

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    Dataset<Row> known = indicators(tables).filter(col("product_kind").equalTo("hs6"));
    Standard standard = Standard.of(known);
    long rows = known.count();
    Dataset<Row> points = points(sample(known, rows, tables.settings().sample()), standard);
    try {
      Outcome outcome = new Outcome(rows, Math.min(rows, tables.settings().sample()));
      ClusteringEvaluator silhouette = new ClusteringEvaluator();
      KMeansModel best = null;
      double highest = Double.NEGATIVE_INFINITY;
      for (int clusters = FEWEST; clusters <= MOST; clusters++) {
        KMeansModel model =
            new KMeans()
                .setK(clusters)
                .setMaxIter(ITERATIONS)
                .setSeed(tables.settings().seed())
                .fit(points);
        double found = silhouette.evaluate(model.transform(points));
        outcome.chosen("silhouette %d".formatted(clusters), "%.4f".formatted(found));
        if (found > highest) {
          highest = found;
          best = model;
        }
      }
      save(tables, best.clusterCenters(), standard, folder);
      return outcome.chosen("clusters", best.clusterCenters().length);
    } finally {
      points.unpersist();
    }
  }

  private static Dataset<Row> sample(Dataset<Row> rows, long all, long most) {
    if (all <= most) {
      return rows;
    }
    int parts = 10_000;
    long kept = Math.max(1, parts * most / all);
    return rows.filter(pmod(xxhash64(col("importer"), col("product")), lit((long) parts)).lt(kept));
  }

  private static Dataset<Row> points(Dataset<Row> rows, Standard standard) {
    Column[] columns = new Column[INDICATORS.length];
    Arrays.setAll(columns, standard::column);
    return new VectorAssembler()
        .setInputCols(INDICATORS)
        .setOutputCol("features")
        .transform(rows.select(columns))
        .select("features")
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static void save(SourceTables tables, Vector[] centres, Standard standard, Path folder) {
    List<double[]> sorted =
        Arrays.stream(centres)
            .map(Vector::toArray)
            .sorted(Comparator.comparing((double[] centre) -> -centre[0]))
            .toList();
    List<String> names = names(sorted);
    List<Row> rows = new ArrayList<>();
    for (int cluster = 0; cluster < sorted.size(); cluster++) {
      rows.add(
          RowFactory.create(
              cluster + 1,
              names.get(cluster),
              sorted.get(cluster),
              standard.means(),
              standard.deviations()));
    }
    tables
        .spark()
        .createDataFrame(rows, SAVED)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.toString());
  }

  /**
   * Names by centres: the level of concentration, then what else is at least half a standard
   * deviation from the mean, the farthest first, two at most unless more are needed to tell two
   * clusters apart.
   */
  static List<String> names(List<double[]> centres) {
    List<String> names = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (double[] centre : centres) {
      String name = "";
      for (int words = 2;
          words <= WORDS.length && (name.isEmpty() || taken.contains(name));
          words++) {
        name = name(centre, words);
      }
      for (int number = 2; taken.contains(name); number++) {
        name = "%s (%d)".formatted(name(centre, WORDS.length), number);
      }
      taken.add(name);
      names.add(name);
    }
    return names;
  }

  private static String name(double[] centre, int words) {
    double level = (centre[0] + centre[1] + centre[2]) / LEVELS;
    List<String> parts = new ArrayList<>();
    parts.add(
        level >= APART
            ? "concentrated imports"
            : level <= -APART ? "many suppliers" : "average concentration");
    java.util.stream.IntStream.range(LEVELS, centre.length)
        .boxed()
        .filter(place -> Math.abs(centre[place]) >= APART)
        .sorted(Comparator.comparing(place -> -Math.abs(centre[place])))
        .limit(words)
        .forEach(place -> parts.add(WORDS[place - LEVELS][centre[place] > 0 ? 0 : 1]));
    return String.join(", ", parts);
  }

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    List<Row> saved =
        tables
            .spark()
            .read()
            .parquet(fitted.folder().toString())
            .orderBy("cluster")
            .collectAsList();
    String[] names = saved.stream().map(row -> row.getString(1)).toArray(String[]::new);
    double[][] centres =
        saved.stream().map(row -> doubles(row.getList(2))).toArray(double[][]::new);
    Standard standard =
        new Standard(doubles(saved.get(0).getList(3)), doubles(saved.get(0).getList(4)));
    List<Column> columns = new ArrayList<>();
    List.of("importer", "product", "product_kind").forEach(name -> columns.add(col(name)));
    for (int place = 0; place < INDICATORS.length; place++) {
      columns.add(standard.column(place));
    }
    int year = tables.asOfYear();
    MapFunction<Row, Row> nearest = row -> nearest(row, year, centres, names);
    return Map.of(
        Tables.TYPOLOGY,
        indicators(tables).select(columns.toArray(Column[]::new)).map(nearest, Encoders.row(ROW)));
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Row nearest(Row row, int year, double[][] centres, String[] names) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < centres.length; cluster++) {
      double squares = 0;
      for (int place = 0; place < INDICATORS.length; place++) {
        squares += Math.pow(row.getDouble(KEY + place) - centres[cluster][place], 2);
      }
      if (squares < least) {
        least = squares;
        best = cluster;
      }
    }
    return RowFactory.create(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        year,
        best + 1,
        names[best],
        Math.sqrt(least));
  }
}
