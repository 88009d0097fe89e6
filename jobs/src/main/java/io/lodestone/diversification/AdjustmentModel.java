package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.lodestone.Tables;
import io.lodestone.diversification.dynamics.Adjustment;
import io.lodestone.diversification.dynamics.LogitShare;
import io.lodestone.diversification.dynamics.SeriesMoments;
import io.lodestone.diversification.dynamics.ShockWindow;
import io.lodestone.lake.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How fast a supplier's share returns to its long-run level, by product and basis: the table {@code
 * adjustment}. The arithmetic is {@link Adjustment}.
 *
 * <p>A series is the share of a main supplier (mean of at least {@link ShareSeries#MAIN} over all
 * its years) in an importer's imports of a product. A year without a flow is an exit or an entry
 * and not a small share: no step leads into it or out of it. A product's series are pooled over
 * importers and suppliers; where they are too few, those of its heading (four digits) are, and the
 * row says so. What came out is estimated on all complete years, describes them and forecasts
 * nothing, so that no gate applies.
 */
final class AdjustmentModel implements ModelKind {
  private static final String NAME = "adjustment";

  private static final StructType ESTIMATE =
      new StructType()
          .add("product_kind", DataTypes.StringType)
          .add("product", DataTypes.StringType)
          .add("basis", DataTypes.StringType)
          .add("half_life", DataTypes.DoubleType)
          .add("half_life_low", DataTypes.DoubleType)
          .add("half_life_high", DataTypes.DoubleType)
          .add("rho", DataTypes.DoubleType)
          .add("rho_low", DataTypes.DoubleType)
          .add("rho_high", DataTypes.DoubleType)
          .add("pool", DataTypes.StringType)
          .add("importers", DataTypes.IntegerType)
          .add("series", DataTypes.LongType)
          .add("steps", DataTypes.LongType)
          .add("note", DataTypes.StringType);

  private static final StructType MOMENTS =
      new StructType()
          .add("basis", DataTypes.StringType)
          .add("importer", DataTypes.StringType)
          .add("numbers", DataTypes.createArrayType(DataTypes.DoubleType, false));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.ADJUSTMENT);
  }

  @Override
  public int trainedTo(SourceTables tables) {
    return tables.split().last();
  }

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    long seed = tables.settings().seed();
    Dataset<Row> series =
        ShareSeries.of(tables).filter(col("measure").startsWith(ShareSeries.SHARE));
    Dataset<Row> estimates =
        series.mapPartitions(
            (MapPartitionsFunction<Row, Row>) rows -> new OfHeadings(rows, seed),
            Encoders.row(ESTIMATE));
    estimates.write().mode(SaveMode.Overwrite).parquet(folder.toString());
    Outcome outcome = outcome(tables.spark().read().parquet(folder.toString()));
    outcome.coefficients.addAll(
        ofAllProducts(series.filter(col("product_kind").equalTo("hs6")), seed));
    return outcome;
  }

  /** Return and shocks over all six-digit products together, by basis. */
  private static List<Outcome.Coefficient> ofAllProducts(Dataset<Row> series, long seed) {
    Map<String, Map<String, SeriesMoments>> pool = new TreeMap<>();
    series
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>) AdjustmentModel::moments, Encoders.row(MOMENTS))
        .collectAsList()
        .forEach(
            row ->
                pool.computeIfAbsent(row.getString(0), absent -> new TreeMap<>())
                    .computeIfAbsent(
                        row.getString(1), absent -> SeriesMoments.none(ShockWindow.ALL))
                    .add(
                        SeriesMoments.of(
                            row.<Double>getList(2).stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray())));
    List<Outcome.Coefficient> coefficients = new ArrayList<>();
    pool.forEach(
        (basis, importers) -> {
          Adjustment found = Adjustment.of(importers.values(), seed);
          found
              .rho()
              .ifPresent(
                  rho ->
                      coefficients.add(
                          new Outcome.Coefficient(
                              "rho by " + basis, rho, found.rhoLow(), found.rhoHigh())));
          for (int place = 0; place < found.shocks().size(); place++) {
            Adjustment.Coefficient shock = found.shocks().get(place);
            if (!Double.isNaN(shock.estimate())) {
              coefficients.add(
                  new Outcome.Coefficient(
                      ShockWindow.ALL.get(place).name() + " by " + basis,
                      shock.estimate(),
                      shock.low(),
                      shock.high()));
            }
          }
        });
    return coefficients;
  }

  /** The moments of a partition, a row an importer and basis. */
  private static Iterator<Row> moments(Iterator<Row> series) {
    Pool pool = new Pool();
    while (series.hasNext()) {
      Row row = series.next();
      double[] shares = ShareSeries.shares(row);
      if (isMain(shares)) {
        pool.add(
            row.getString(4),
            row.getString(3),
            SeriesMoments.of(logits(shares), row.getInt(6), ShockWindow.ALL));
      }
    }
    List<Row> rows = new ArrayList<>();
    pool.byBasis()
        .forEach(
            (basis, importers) ->
                importers.forEach(
                    (importer, moments) ->
                        rows.add(RowFactory.create(basis, importer, moments.numbers()))));
    return rows.iterator();
  }

  private static Outcome outcome(Dataset<Row> estimates) {
    Dataset<Row> own = estimates.filter(col("pool").equalTo("product").and(col("rho").isNotNull()));
    Row counts = own.agg(sum("steps"), max("importers")).first();
    if (counts.isNullAt(0)) {
      throw new NotFitted(
          "no product has %d importers and %d steps from a year to the next"
              .formatted(Adjustment.FEWEST_CLUSTERS, Adjustment.FEWEST_STEPS));
    }
    Outcome outcome = new Outcome(counts.getLong(0), counts.getLong(0));
    estimates
        .groupBy("note")
        .count()
        .collectAsList()
        .forEach(
            row ->
                outcome.chosen(
                    "rows " + (row.getString(0).isEmpty() ? "with a half-life" : row.getString(0)),
                    row.getLong(1)));
    return outcome.chosen("clip", LogitShare.USUAL.clip());
  }

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    return Map.of(Tables.ADJUSTMENT, tables.spark().read().parquet(fitted.folder().toString()));
  }

  /** Importers' moments by basis. */
  private record Pool(Map<String, Map<String, SeriesMoments>> byBasis) {
    Pool() {
      this(new TreeMap<>());
    }

    void add(String basis, String importer, SeriesMoments moments) {
      byBasis
          .computeIfAbsent(basis, absent -> new TreeMap<>())
          .computeIfAbsent(importer, absent -> SeriesMoments.none(ShockWindow.ALL))
          .add(moments);
    }

    Adjustment estimate(String basis, long seed) {
      return Adjustment.of(byBasis.get(basis).values(), seed);
    }
  }

  private static boolean isMain(double[] shares) {
    double[] known = Arrays.stream(shares).filter(share -> !Double.isNaN(share)).toArray();
    return Arrays.stream(known).sum() >= ShareSeries.MAIN * known.length;
  }

  /** An exit is a gap. */
  private static double[] logits(double[] shares) {
    return LogitShare.USUAL.logits(
        Arrays.stream(shares).map(share -> share == 0 ? Double.NaN : share).toArray());
  }

  /** Estimates of a partition's headings. */
  private static final class OfHeadings extends GroupedRows {
    private final long seed;

    OfHeadings(Iterator<Row> series, long seed) {
      super(series);
      this.seed = seed;
    }

    @Override
    void group() {
      Row first = row;
      Pool heading = new Pool();
      Map<String, Pool> products = new TreeMap<>();
      while (row != null
          && row.getString(0).equals(first.getString(0))
          && row.getString(1).equals(first.getString(1))) {
        double[] shares = ShareSeries.shares(row);
        if (isMain(shares)) {
          SeriesMoments moments = SeriesMoments.of(logits(shares), row.getInt(6), ShockWindow.ALL);
          heading.add(row.getString(4), row.getString(3), moments);
          products
              .computeIfAbsent(row.getString(2), absent -> new Pool())
              .add(row.getString(4), row.getString(3), moments);
        }
        take();
      }
      for (String basis : heading.byBasis().keySet()) {
        long chance = seed + 31L * first.getString(1).hashCode() + basis.hashCode();
        Adjustment ofHeading = heading.estimate(basis, chance);
        products.forEach(
            (product, pool) -> {
              if (pool.byBasis().containsKey(basis)) {
                Adjustment own = pool.estimate(basis, chance + 17L * product.hashCode());
                boolean ownIsEnough = own.rho().isPresent() || ofHeading.rho().isEmpty();
                give(
                    estimate(
                        first.getString(0),
                        product,
                        basis,
                        ownIsEnough ? own : ofHeading,
                        ownIsEnough ? "product" : "heading"));
              }
            });
      }
    }

    private static Row estimate(
        String kind, String product, String basis, Adjustment found, String pool) {
      boolean returns = found.returns();
      Double rho = found.rho().orElse(null);
      return RowFactory.create(
          kind,
          product,
          basis,
          returns ? Adjustment.halfLife(rho) : null,
          returns ? Adjustment.halfLife(found.rhoLow()) : null,
          returns ? Adjustment.halfLife(found.rhoHigh()) : null,
          rho,
          rho == null ? null : found.rhoLow(),
          rho == null ? null : found.rhoHigh(),
          pool,
          found.clusters(),
          found.series(),
          found.steps(),
          found.note());
    }
  }
}
