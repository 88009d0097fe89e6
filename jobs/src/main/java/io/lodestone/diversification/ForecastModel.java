package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.Tables;
import io.lodestone.diversification.dynamics.ErrorCounts;
import io.lodestone.diversification.dynamics.History;
import io.lodestone.diversification.dynamics.HorizonForecast;
import io.lodestone.diversification.dynamics.LogitShare;
import io.lodestone.diversification.dynamics.PoolScale;
import io.lodestone.diversification.dynamics.Reversion;
import io.lodestone.lake.Table;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Where a measure of dependence may stand in the next five years: rows of the table {@code
 * forecast}, one kind of model a measure. The arithmetic is {@link Reversion} and {@link
 * HorizonForecast}.
 *
 * <p>It is fitted on six-digit products, both bases together, and applied to goods too. Forward
 * chaining: for every held-out year a forecast is made from each year before it, with the
 * coefficients, scales and errors that were known then. The loss is the absolute error of the
 * median in points of share; the gate takes the worse of two intervals of the skill, one with
 * importers drawn whole and one with products. Published is the fit of the last complete year.
 */
final class ForecastModel implements ModelKind {
  /** Held-out origins whose windows do not overlap, without which a horizon is unvalidated. */
  static final int FEWEST_ORIGINS = 3;

  /** A 90 % interval that holds fewer outcomes validates nothing. */
  static final double LEAST_COVERAGE = 0.8;

  /** Forecast for codes only from this share on; for goods from {@link ShareSeries#MAIN}. */
  private static final double SHARE_OF_CODES = 0.25;

  private static final double NOMINAL = 0.9;
  private static final LogitShare SCALE = LogitShare.USUAL;

  private static final StructType SUMS =
      new StructType().add("sums", DataTypes.createArrayType(DataTypes.DoubleType, false));

  private static final StructType ERRORS =
      new StructType()
          .add("importer", DataTypes.StringType)
          .add("product", DataTypes.StringType)
          .add("window", DataTypes.StringType)
          .add("horizon", DataTypes.IntegerType)
          .add("model_loss", DataTypes.DoubleType)
          .add("naive_loss", DataTypes.DoubleType)
          .add("model_pinball", DataTypes.DoubleType)
          .add("naive_pinball", DataTypes.DoubleType)
          .add("model_covers", DataTypes.DoubleType)
          .add("naive_covers", DataTypes.DoubleType);

  private static final StructType SAVED =
      new StructType()
          .add("horizon", DataTypes.IntegerType)
          .add("pool", DataTypes.DoubleType)
          .add("fit", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("model_errors", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("naive_errors", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("validation", DataTypes.StringType);

  private static final StructType FORECAST = ModelKind.rowsOf(Tables.FORECAST);

  private final String measure;

  /**
   * Of a measure.
   *
   * @param measure as in the table; {@link ShareSeries#SHARE} for those of all suppliers
   */
  ForecastModel(String measure) {
    this.measure = measure;
  }

  @Override
  public String name() {
    return "forecast-" + measure.replace(":", "");
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.FORECAST);
  }

  @Override
  public String slice() {
    return "measure LIKE '%s%%'".formatted(measure);
  }

  private double floor() {
    return measure.equals(ShareSeries.SHARE) ? ShareSeries.MAIN : 0;
  }

  private Dataset<Row> series(SourceTables tables) {
    return ShareSeries.of(tables).filter(col("measure").startsWith(measure));
  }

  @Override
  public int trainedTo(SourceTables tables) {
    return tables.split().last();
  }

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    Split split = tables.split();
    split.require(1, 1);
    Dataset<Row> series = series(tables).filter(col("product_kind").equalTo("hs6"));
    long rows =
        series.agg(sum(size(col("shares")))).collectAsList().stream()
            .mapToLong(row -> row.isNullAt(0) ? 0 : row.getLong(0))
            .sum();
    Dataset<Row> sample = sample(series, rows, tables.settings().sample());
    Chain chain = Chain.of(sample, split, floor(), tables.settings().seed());
    Dataset<Row> errors =
        chain
            .errors(sample, floor())
            .persist(org.apache.spark.storage.StorageLevel.MEMORY_AND_DISK());
    try {
      Outcome outcome = new Outcome(rows, Math.min(rows, tables.settings().sample()));
      measure(errors, split, tables.settings().seed(), outcome);
      save(tables, chain, outcome, folder);
      return outcome.chosen("clip", SCALE.clip());
    } finally {
      errors.unpersist();
    }
  }

  /** Whole products, so that clusters stay whole. */
  private static Dataset<Row> sample(Dataset<Row> series, long rows, long most) {
    if (rows <= most) {
      return series;
    }
    int parts = 10_000;
    long kept = Math.max(1, parts * most / rows);
    return series.filter(pmod(xxhash64(col("product")), lit((long) parts)).lt(kept));
  }

  /** Adds a series to sums. */
  @FunctionalInterface
  private interface Addition extends Serializable {
    void add(double[] sums, Row series, History history);
  }

  /** Sums over all series, in the order of the partitions. */
  private static double[] total(Dataset<Row> series, int length, double floor, Addition addition) {
    List<Row> parts =
        series
            .mapPartitions(
                (MapPartitionsFunction<Row, Row>)
                    rows -> {
                      double[] sums = new double[length];
                      rows.forEachRemaining(row -> addition.add(sums, row, history(row, floor)));
                      return List.of(RowFactory.create((Object) sums)).iterator();
                    },
                Encoders.row(SUMS))
            .collectAsList();
    double[] total = new double[length];
    for (Row part : parts) {
      List<Double> sums = part.getList(0);
      for (int place = 0; place < length; place++) {
        total[place] += sums.get(place);
      }
    }
    return total;
  }

  private static History history(Row series, double floor) {
    return new History(ShareSeries.shares(series), SCALE, floor);
  }

  /**
   * Forecasts as they would have been made at the end of each held-out year, and now.
   *
   * @param firstOrigin last year of training, counted from the first of the series
   * @param folds by year of the series and horizon less 1, the window in which what is forecast
   *     from there lies
   * @param forecasts by origin, from the first, and horizon less 1; the last origin is the last
   *     complete year
   */
  private record Chain(int firstOrigin, String[][] folds, HorizonForecast[][] forecasts)
      implements Serializable {

    static Chain of(Dataset<Row> series, Split split, double floor, long seed) {
      int years = split.last() - split.first() + 1;
      int firstOrigin = split.trainUntil() - split.first();
      int origins = split.last() - split.trainUntil() + 1;
      double[] pool =
          PoolScale.byYear(
              total(
                  series,
                  PoolScale.size(years),
                  floor,
                  (sums, row, history) -> PoolScale.add(sums, history)));
      double[] sums =
          total(
              series,
              Reversion.size(years),
              floor,
              (into, row, history) ->
                  Reversion.add(
                      into,
                      history,
                      pool,
                      Reversion.weights(row.getString(3), row.getString(2), seed)));
      Reversion[][] fits = new Reversion[origins][Reversion.HORIZONS];
      for (int origin = 0; origin < origins; origin++) {
        for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
          fits[origin][horizon - 1] = Reversion.of(sums, years, firstOrigin + origin, horizon);
        }
      }
      if (!fits[0][0].isKnown()) {
        throw new NotFitted(
            "%d pairs of successive years until %d, fewer than %d or all alike"
                .formatted(fits[0][0].rows(), split.trainUntil(), Reversion.FEWEST_ROWS));
      }
      double[] counts =
          total(
              series,
              ErrorCounts.size(origins),
              floor,
              (into, row, history) -> ErrorCounts.add(into, history, pool, fits, firstOrigin));
      HorizonForecast[][] forecasts = new HorizonForecast[origins][Reversion.HORIZONS];
      for (int origin = 0; origin < origins; origin++) {
        for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
          forecasts[origin][horizon - 1] =
              new HorizonForecast(
                  horizon,
                  pool[firstOrigin + origin],
                  fits[origin][horizon - 1],
                  ErrorCounts.ofModel(counts, origin, horizon),
                  ErrorCounts.ofNaive(counts, origin, horizon));
        }
      }
      String[][] folds = new String[years][Reversion.HORIZONS];
      for (int year = 0; year < years; year++) {
        for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
          folds[year][horizon - 1] = split.fold(split.first() + year, horizon).name();
        }
      }
      return new Chain(firstOrigin, folds, forecasts);
    }

    /** The forecasts from the last complete year. */
    HorizonForecast[] now() {
      return forecasts[forecasts.length - 1];
    }

    /**
     * Errors, a row a series, origin and horizon: on held-out years, and of the fit at the end of
     * training on the years that it was made from.
     */
    Dataset<Row> errors(Dataset<Row> series, double floor) {
      FlatMapFunction<Row, Row> ofSeries = row -> errors(row, history(row, floor)).iterator();
      return series.flatMap(ofSeries, Encoders.row(ERRORS));
    }

    private List<Row> errors(Row row, History history) {
      List<Row> errors = new ArrayList<>();
      for (int origin = 0; origin < folds.length; origin++) {
        if (!history.isOrigin(origin)) {
          continue;
        }
        for (HorizonForecast forecast : forecasts[Math.max(0, origin - firstOrigin)]) {
          int target = origin + forecast.horizon();
          String fold = folds[origin][forecast.horizon() - 1];
          if (!fold.equals(Split.Fold.NONE.name())
              && history.isKnown(target)
              && forecast.hasModel()
              && forecast.hasNaive()) {
            double outcome = LogitShare.share(history.level(target));
            double[] model = forecast.model(history, origin);
            double[] naive = forecast.naive(history, origin);
            errors.add(
                RowFactory.create(
                    row.getString(3),
                    row.getString(2),
                    fold,
                    forecast.horizon(),
                    Math.abs(HorizonForecast.at(model, 0.5) - outcome),
                    Math.abs(HorizonForecast.at(naive, 0.5) - outcome),
                    pinball(model, outcome),
                    pinball(naive, outcome),
                    covers(model, outcome),
                    covers(naive, outcome)));
          }
        }
      }
      return errors;
    }
  }

  /** Mean quantile loss at the five published probabilities. */
  private static double pinball(double[] quantiles, double outcome) {
    double sum = 0;
    double[] probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};
    for (double probability : probabilities) {
      double error = outcome - HorizonForecast.at(quantiles, probability);
      sum += error > 0 ? probability * error : (probability - 1) * error;
    }
    return sum / probabilities.length;
  }

  private static double covers(double[] quantiles, double outcome) {
    return outcome >= HorizonForecast.at(quantiles, 0.05)
            && outcome <= HorizonForecast.at(quantiles, 0.95)
        ? 1
        : 0;
  }

  private static void measure(Dataset<Row> errors, Split split, long seed, Outcome outcome) {
    outcome.skill(
        skill(errors, Outcome.Window.VALIDATION, seed)
            .orElseThrow(
                () ->
                    new NotFitted(
                        "no series is known both at an origin and %d to %d"
                            .formatted(split.trainUntil() + 1, split.validateUntil()))));
    skill(errors, Outcome.Window.TEST, seed).ifPresent(outcome::testSkill);
    List<Column> sums = new ArrayList<>();
    for (String name : List.of("loss", "pinball", "covers")) {
      sums.add(sum("model_" + name));
      sums.add(sum("naive_" + name));
    }
    List<Row> rows =
        errors
            .groupBy("horizon", "window")
            .agg(count(lit(1)), sums.toArray(Column[]::new))
            .orderBy("horizon", "window")
            .collectAsList();
    int covers = outcome.skill.orElseThrow().passes() ? 7 : 8;
    for (int horizon = 1; horizon <= Reversion.HORIZONS; horizon++) {
      long count = 0;
      double held = 0;
      for (Row row : rows) {
        if (row.getInt(0) == horizon) {
          metrics(row, outcome);
          if (!row.getString(1).equals(Split.Fold.TRAIN.name())) {
            count += row.getLong(2);
            held += row.getDouble(covers);
          }
        }
      }
      if (count > 0) {
        outcome.coverage.add(
            new Outcome.Coverage(
                horizon, NOMINAL, held / count, split.independentOrigins(horizon), count));
      }
    }
  }

  /** Means of a horizon in a window. */
  private static void metrics(Row row, Outcome outcome) {
    Outcome.Window window = Outcome.Window.valueOf(row.getString(1));
    double count = row.getLong(2);
    String[] names = {"mean_absolute_error_", "pinball_", "coverage_90_"};
    for (int place = 0; place < names.length; place++) {
      outcome.metric(
          window,
          names[place] + row.getInt(0),
          row.getDouble(3 + 2 * place) / count,
          row.getDouble(4 + 2 * place) / count);
    }
  }

  /** The lower of two, importers drawn whole and products drawn whole; none without a row. */
  private static Optional<Skill> skill(Dataset<Row> errors, Outcome.Window window, long seed) {
    Dataset<Row> ofWindow = errors.filter(col("window").equalTo(window.name()));
    return Stream.of("importer", "product")
        .flatMap(
            cluster -> {
              List<Row> sums =
                  ofWindow
                      .groupBy(cluster)
                      .agg(sum("model_loss"), sum("naive_loss"))
                      .orderBy(cluster)
                      .collectAsList();
              return sums.isEmpty()
                  ? Stream.empty()
                  : Stream.of(
                      Skill.of(
                          sums.stream().mapToDouble(row -> row.getDouble(1)).toArray(),
                          sums.stream().mapToDouble(row -> row.getDouble(2)).toArray(),
                          seed));
            })
        .min(Comparator.comparing(Skill::low));
  }

  private void save(SourceTables tables, Chain chain, Outcome outcome, Path folder) {
    List<Row> rows = new ArrayList<>();
    for (HorizonForecast forecast : chain.now()) {
      boolean enough =
          outcome.coverage.stream()
              .anyMatch(
                  found ->
                      found.horizon() == forecast.horizon()
                          && found.origins() >= FEWEST_ORIGINS
                          && found.observed() >= LEAST_COVERAGE);
      Reversion fit = forecast.fit();
      rows.add(
          RowFactory.create(
              forecast.horizon(),
              forecast.pool(),
              new double[] {
                fit.gap(),
                fit.momentum(),
                fit.gapVariance(),
                fit.momentumVariance(),
                fit.covariance(),
                fit.rows()
              },
              forecast.modelErrors(),
              forecast.naiveErrors(),
              enough ? "validated" : "unvalidated"));
      if (fit.isKnown()) {
        outcome.coefficients.add(
            coefficient("gap_" + forecast.horizon(), fit.gap(), fit.gapVariance()));
        outcome.coefficients.add(
            coefficient("momentum_" + forecast.horizon(), fit.momentum(), fit.momentumVariance()));
      }
    }
    tables
        .spark()
        .createDataFrame(rows, SAVED)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.toString());
  }

  private static Outcome.Coefficient coefficient(String term, double estimate, double variance) {
    double reach =
        org.ojalgo.random.Normal.standard().getQuantile(0.95) * Math.sqrt(Math.max(0, variance));
    return new Outcome.Coefficient(term, estimate, estimate - reach, estimate + reach);
  }

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    List<Row> saved =
        tables
            .spark()
            .read()
            .parquet(fitted.folder().toString())
            .orderBy("horizon")
            .collectAsList();
    HorizonForecast[] forecasts =
        saved.stream().map(ForecastModel::forecast).toArray(HorizonForecast[]::new);
    String[] validation = saved.stream().map(row -> row.getString(5)).toArray(String[]::new);
    int asOf = tables.asOfYear();
    int origin = asOf - tables.split().first();
    double floor = floor();
    Method method = fitted.method();
    FlatMapFunction<Row, Row> ofSeries =
        row -> forecasts(row, history(row, floor), origin, asOf, forecasts, validation, method);
    return Map.of(Tables.FORECAST, series(tables).flatMap(ofSeries, Encoders.row(FORECAST)));
  }

  private static HorizonForecast forecast(Row row) {
    List<Double> fit = row.getList(2);
    return new HorizonForecast(
        row.getInt(0),
        row.getDouble(1),
        new Reversion(
            fit.get(0), fit.get(1), fit.get(2), fit.get(3), fit.get(4), fit.get(5).longValue()),
        doubles(row.getList(3)),
        doubles(row.getList(4)));
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static Iterator<Row> forecasts(
      Row series,
      History history,
      int origin,
      int asOf,
      HorizonForecast[] forecasts,
      String[] validation,
      Method method) {
    List<Row> rows = new ArrayList<>();
    boolean wanted =
        origin >= 0
            && origin < history.years()
            && history.isOrigin(origin)
            && (series.getString(0).equals("good")
                || !series.getString(5).startsWith(ShareSeries.SHARE)
                || LogitShare.share(history.level(origin)) >= SHARE_OF_CODES);
    for (int place = 0; wanted && place < forecasts.length; place++) {
      HorizonForecast forecast = forecasts[place];
      boolean can = method == Method.MODEL ? forecast.hasModel() : forecast.hasNaive();
      if (!can) {
        continue;
      }
      double[] quantiles =
          method == Method.MODEL
              ? forecast.model(history, origin)
              : forecast.naive(history, origin);
      rows.add(
          RowFactory.create(
              series.getString(3),
              series.getString(2),
              series.getString(0),
              series.getString(4),
              series.getString(5),
              asOf + forecast.horizon(),
              asOf,
              forecast.horizon(),
              ShareSeries.shares(series)[origin],
              HorizonForecast.at(quantiles, 0.05),
              HorizonForecast.at(quantiles, 0.25),
              HorizonForecast.at(quantiles, 0.5),
              HorizonForecast.at(quantiles, 0.75),
              HorizonForecast.at(quantiles, 0.95),
              HorizonForecast.below(quantiles, 0.65),
              HorizonForecast.below(quantiles, 0.5),
              HorizonForecast.below(quantiles, 0.4),
              validation[place]));
    }
    return rows.iterator();
  }
}
