package io.lodestone.diversification;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.try_divide;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Tables;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * How much a country should supply of an importer's product, going by what the year before showed:
 * a Poisson regression with log link on flows with their zeros.
 *
 * <p>E y_ijk,t = exp(offset + x'b + a_i + a_j + a_k): the offset is the proportional expectation ln
 * (X_jk M_ik / X_k) of the year before, all three without the pair's own flow, so that the target
 * is in none of them; x the pair's other trade, whether it had a flow in the year before and how
 * far above the offset (a coefficient of 1 would repeat it), the exporter's destinations,
 * comparative advantage, unit value and growth, the market's growth; a the effects of importer,
 * supplier and product; one that training did not show has the mean effect by flows, as goods have
 * of their members. The effects come from {@link PoissonEffects}; a step of the GLM by MLlib takes
 * them as an offset and gives the coefficients, and must leave the deviance where it stands.
 *
 * <p>Rows are drawn as {@link FlowDrawing} says, zeros too, and weighted by the inverse of their
 * rate. The naive forecast is last year's flow, mixed with as much of the proportional expectation
 * as is best on the training window, since a zero that must stay zero cannot be scored. Flows are
 * in millions.
 */
final class ExpectedFlow implements ModelKind {
  static final String[] FEATURES = {
    "ln_other_trade",
    "had_flow",
    "ln_flow_before",
    "ln_destinations",
    "ln_rca",
    "unit_value_gap",
    "exporter_growth",
    "market_growth"
  };

  /** What is measured. */
  enum Basis {
    VALUE,
    QUANTITY;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final double MILLION = 1e6;

  /** Margins without the pair itself are at least a thousand: a pair can be all there is. */
  private static final double LEAST_MARGIN = 1e3;

  /** Parts of the proportional expectation that the naive forecast may hold. */
  private static final double[] MIXTURES = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3};

  private static final int FEWEST_ROWS = 200;
  private static final double STANDS = 1e-8;
  private static final StructType SCHEMA =
      new StructType()
          .add("importer", "STRING")
          .add("product", "STRING")
          .add("product_kind", "STRING")
          .add("supplier", "STRING")
          .add("year", "INT")
          .add("fold", "STRING")
          .add("actual", "DOUBLE")
          .add("before", "DOUBLE")
          .add("offset", "DOUBLE")
          .add("weight", "DOUBLE")
          .add("features", SQLDataTypes.VectorType());

  /** Places of the columns of a row. */
  static final int ACTUAL = SCHEMA.fieldIndex("actual");

  static final int BEFORE = SCHEMA.fieldIndex("before");
  static final int OFFSET = SCHEMA.fieldIndex("offset");
  static final int WEIGHT = SCHEMA.fieldIndex("weight");
  static final int COVARIATES = SCHEMA.fieldIndex("features");

  private final Basis basis;

  ExpectedFlow(Basis basis) {
    this.basis = basis;
  }

  @Override
  public String name() {
    return "expected-flow-" + basis.text();
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.EXPECTED_FLOW);
  }

  @Override
  public String slice() {
    return "basis = '" + basis.text() + "'";
  }

  // ---- rows ----

  /** Flows and zeros to fit and measure on, of HS6 products. */
  Dataset<Row> panel(SourceTables tables) {
    return panel(tables, drawing(tables));
  }

  private Dataset<Row> panel(SourceTables tables, FlowDrawing drawing) {
    Split split = tables.split();
    long seed = tables.settings().seed();
    Basis measured = basis;
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          if (market.isGood) {
            return;
          }
          for (int country : world.exporters(market.productNumber)) {
            FlowDrawing.Lot lot = drawing.lot(seed, market, country);
            for (int year = split.first() + 1; year <= split.last(); year++) {
              Split.Fold fold = split.fold(year - 1, 1);
              if (fold != Split.Fold.NONE
                  && lot.wins(most(market, year - world.first(), measured))) {
                row(world, heading, market, country, year, measured, fold.name(), lot, out);
              }
            }
          }
        };
    return Markets.rows(tables, drawing.groupRate(), rows, SCHEMA);
  }

  /**
   * That of a sample of as many rows as the setting says, by what a pilot of few shows of sizes.
   */
  private FlowDrawing drawing(SourceTables tables) {
    long sample = tables.settings().sample();
    double most = tables.possibleRows() + tables.links();
    if (most <= sample) {
      return FlowDrawing.EVERYTHING;
    }
    FlowDrawing pilot = FlowDrawing.pilot(sample, most, tables.links());
    MapFunction<Row, Integer> magnitude =
        row ->
            Math.getExponent(
                size(row.getDouble(ACTUAL), row.getDouble(BEFORE), row.getDouble(OFFSET)));
    // A row a power of two, of which there are two thousand.
    List<Row> found =
        panel(tables, pilot)
            .map(magnitude, Encoders.INT())
            .groupBy("value")
            .count()
            .collectAsList();
    return pilot.forSample(sample, found);
  }

  /** The largest that a flow, the one before it or what is expected of it can be, in millions. */
  private static double most(Market market, int at, Basis basis) {
    double[] totals = basis == Basis.VALUE ? market.total : market.totalQuantity;
    return Math.max(LEAST_MARGIN, Math.max(totals[at - 1], totals[at])) / MILLION;
  }

  /** What a row of these columns may weigh in the deviance, in millions. */
  private static double size(double actual, double before, double offset) {
    return Math.max(Math.exp(offset), Math.max(before, actual));
  }

  private Dataset<Row> possible(SourceTables tables, int year) {
    Basis measured = basis;
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          for (int country : world.exporters(market.productNumber)) {
            row(world, heading, market, country, year, measured, "", FlowDrawing.Lot.ALL, out);
          }
        };
    return Markets.rows(tables, 1, rows, SCHEMA);
  }

  private static double flow(Market market, int country, int at, Basis basis) {
    Market.Supplier supplier = market.suppliers.get(country);
    if (supplier == null) {
      return 0;
    }
    return basis == Basis.VALUE ? supplier.value[at] : supplier.quantity[at];
  }

  /** Whether there was a flow that is not measured: a value without a weight, or the reverse. */
  private static boolean isUnknown(Market market, int country, int at, Basis basis) {
    Basis other = basis == Basis.VALUE ? Basis.QUANTITY : Basis.VALUE;
    return flow(market, country, at, basis) <= 0 && flow(market, country, at, other) > 0;
  }

  /** A row of a flow in a year; all but {@code actual} is of the year before. */
  private static void row(
      WorldSupply world,
      Heading heading,
      Market market,
      int country,
      int year,
      Basis basis,
      String fold,
      FlowDrawing.Lot lot,
      Consumer<Row> out) {
    int at = year - 1 - world.first();
    if (at < 0
        || country == market.importerNumber
        || !market.isKnown(at, at + 1)
        || isUnknown(market, country, at, basis)
        || isUnknown(market, country, at + 1, basis)) {
      return;
    }
    int product = market.productNumber;
    int place = world.place(product, country);
    boolean byValue = basis == Basis.VALUE;
    double exports =
        world.get(
            product, place, year - 1, byValue ? WorldSupply.Fact.VALUE : WorldSupply.Fact.QUANTITY);
    double imports = byValue ? market.total[at] : market.totalQuantity[at];
    double all = byValue ? world.world(product, year - 1) : world.worldQuantity(product, year - 1);
    if (exports <= 0 || imports <= 0 || all <= 0) {
      return;
    }
    double before = flow(market, country, at, basis);
    double rca = world.get(product, place, year - 1, WorldSupply.Fact.RCA);
    if (before <= 0
        && !Entry.isPossible(exports / all, rca, heading.presence(market, country, at))) {
      return;
    }
    double offset =
        Math.log(Math.max(exports - before, LEAST_MARGIN))
            + Math.log(Math.max(imports - before, LEAST_MARGIN))
            - Math.log(Math.max(all - before, LEAST_MARGIN))
            - Math.log(MILLION);
    double actual = flow(market, country, at + 1, basis);
    double size = size(actual / MILLION, before / MILLION, offset);
    if (!lot.wins(size)) {
      return;
    }
    double other = world.trade(market.importerNumber, country, year - 1);
    if (!market.isGood) {
      other = Math.max(0, other - flow(market, country, at, Basis.VALUE));
    }
    double exportsBefore =
        at == 0
            ? 0
            : world.get(
                product,
                place,
                year - 2,
                byValue ? WorldSupply.Fact.VALUE : WorldSupply.Fact.QUANTITY);
    double importsBefore =
        at == 0 ? 0 : byValue ? market.total[at - 1] : market.totalQuantity[at - 1];
    double unitValue = world.get(product, place, year - 1, WorldSupply.Fact.UNIT_VALUE);
    double paid = market.totalQuantity[at] > 0 ? market.total[at] / market.totalQuantity[at] : 0;
    out.accept(
        RowFactory.create(
            market.importer,
            market.product,
            market.isGood ? "good" : "hs6",
            world.country(country),
            year,
            fold,
            actual / MILLION,
            before / MILLION,
            offset,
            lot.weight(size),
            Vectors.dense(
                Math.log1p(other / 1e3),
                before > 0 ? 1 : 0,
                before > 0 ? Math.log(before / MILLION) - offset : 0,
                Math.log1p(world.get(product, place, year - 1, WorldSupply.Fact.DESTINATIONS)),
                Math.log(rca + 0.01),
                unitValue > 0 && paid > 0
                    ? Math.max(-3, Math.min(3, Math.log(unitValue / paid)))
                    : 0,
                growth(exportsBefore, exports),
                growth(importsBefore, imports))));
  }

  private static double growth(double before, double after) {
    return before > 0 ? Math.max(-1, Math.min(1, Math.log(after / before))) : 0;
  }

  // ---- fit ----

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    tables.split().require(1, 1);
    return SourceTables.kept(tables.forFit(panel(tables)), panel -> fit(tables, panel, folder));
  }

  private Outcome fit(SourceTables tables, Dataset<Row> panel, Path folder) {
    Dataset<Row> train = panel.filter(col("fold").equalTo(Split.Fold.TRAIN.name()));
    Covariates covariates = Covariates.varying(train);
    Packed packed = Packed.of(train, covariates);
    if (packed.rows() < FEWEST_ROWS || packed.flows() < FEWEST_ROWS / 4) {
      throw new NotFitted(
          "%d rows of training with %d flows, fewer than %d and %d"
              .formatted(packed.rows(), packed.flows(), FEWEST_ROWS, FEWEST_ROWS / 4));
    }
    if (panel
        .filter(col("fold").equalTo(Split.Fold.VALIDATION.name()).and(col("actual").gt(0)))
        .isEmpty()) {
      throw new NotFitted("no flow of validation");
    }
    PoissonEffects.Fit effects = packed.fit();
    List<Row> effectRows = packed.effectRows(effects);
    Outcome outcome = new Outcome(Math.round(packed.weights()), packed.rows());
    outcome.chosen("rounds_of_effects", effects.rounds());
    outcome.coefficients.addAll(packed.estimates(effects, tables.settings().seed()));
    tables
        .spark()
        .createDataFrame(effectRows, GroupEffects.SCHEMA)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(folder + "/effects");
    return fit(tables, panel, GroupEffects.of(effectRows), covariates, effects, outcome, folder);
  }

  /**
   * One more step of the GLM by MLlib, with the effects in its offset, which must leave the
   * deviance where it is: iteratively reweighted least squares from where the effects stand. (The
   * GLM as MLlib has it begins at the flows and takes whole steps: on flows of seven orders of
   * magnitude it runs off.)
   *
   * @throws NotFitted if the step moves it
   */
  private static Outcome fit(
      SourceTables tables,
      Dataset<Row> panel,
      GroupEffects effects,
      Covariates covariates,
      PoissonEffects.Fit stood,
      Outcome outcome,
      Path folder) {
    Dataset<Row> train = panel.filter(col("fold").equalTo(Split.Fold.TRAIN.name()));
    double mixture = mixture(train);
    ExpectedForecast before = new ExpectedForecast(effects, stood.beta(), 0, mixture);
    LinearRegressionModel model =
        new LinearRegression()
            .setSolver("normal")
            .setLabelCol("working_response")
            .setWeightCol("working_weight")
            .fit(covariates.of(working(train, before)));
    ExpectedForecast forecast =
        new ExpectedForecast(
            effects, covariates.coefficients(model.coefficients()), model.intercept(), mixture);
    double moved =
        Math.abs(
            losses(train, forecast).agg(sum("model_loss")).first().getDouble(0) - stood.deviance());
    if (!(moved <= STANDS * Math.abs(stood.deviance()))) {
      throw new NotFitted(
          "no convergence: with the effects given, the GLM moves the deviance by %.3g from %.6g"
              .formatted(moved, stood.deviance()));
    }
    try {
      model.write().overwrite().save(new Path(folder, "poisson").toString());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    covariates.save(tables.spark(), folder + "/covariates");
    outcome.chosen("naive_mixture", mixture);
    tables
        .spark()
        .createDataFrame(
            List.of(RowFactory.create(mixture)), new StructType().add("mixture", "DOUBLE"))
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(folder + "/naive");
    return SourceTables.kept(
        losses(panel, forecast), kept -> measure(kept, outcome, tables.settings().seed()));
  }

  /** The working response x'b + (y - mu) / mu and its weight w mu, of training rows. */
  private static Dataset<Row> working(Dataset<Row> train, ExpectedForecast forecast) {
    MapFunction<Row, Row> working =
        row -> {
          double mu = forecast.model(row);
          return RowFactory.create(
              forecast.ofCovariates(row) + (row.getDouble(ACTUAL) - mu) / mu,
              row.getDouble(WEIGHT) * mu,
              row.get(COVARIATES));
        };
    return train.map(
        working,
        Encoders.row(
            new StructType()
                .add("working_response", "DOUBLE")
                .add("working_weight", "DOUBLE")
                .add("features", SQLDataTypes.VectorType())));
  }

  /** Rows with both forecasts and what their deviances are. */
  private static Dataset<Row> losses(Dataset<Row> rows, ExpectedForecast forecast) {
    return rows.map(forecast, Encoders.row(ExpectedForecast.SCHEMA))
        .withColumn("model_loss", deviance(col("model")))
        .withColumn("naive_loss", deviance(col("naive")));
  }

  private static Column deviance(Column mu) {
    return when(col("actual").gt(0), col("actual").multiply(log(col("actual").divide(mu))))
        .otherwise(0.0)
        .minus(col("actual").minus(mu))
        .multiply(2)
        .multiply(col("weight"));
  }

  private static double mixture(Dataset<Row> train) {
    Column[] losses =
        Arrays.stream(MIXTURES)
            .mapToObj(
                mixture ->
                    sum(
                        deviance(
                            col("before")
                                .multiply(1 - mixture)
                                .plus(exp(col("offset")).multiply(mixture)))))
            .toArray(Column[]::new);
    Row found = train.select(losses).first();
    int best = 0;
    for (int place = 1; place < MIXTURES.length; place++) {
      best = found.getDouble(place) < found.getDouble(best) ? place : best;
    }
    return MIXTURES[best];
  }

  private static Outcome measure(Dataset<Row> rows, Outcome outcome, long seed) {
    for (Row row :
        rows.groupBy("fold")
            .agg(
                sum("model_loss").divide(sum("weight")),
                sum("naive_loss").divide(sum("weight")),
                error("model"),
                error("naive"),
                total("model"),
                total("naive"))
            .collectAsList()) {
      outcome.metric(window(row), "deviance", row.getDouble(1), row.getDouble(2));
      if (!row.isNullAt(3)) {
        outcome
            .metric(window(row), "absolute_error_share", row.getDouble(3), row.getDouble(4))
            .metric(window(row), "total_ratio", row.getDouble(5), row.getDouble(6));
      }
    }
    return outcome.skills(
        Skill.byFold(rows.filter(col("fold").notEqual(Split.Fold.TRAIN.name())), seed));
  }

  private static Outcome.Window window(Row row) {
    return Outcome.Window.valueOf(row.getString(0));
  }

  /** Sum of absolute errors over the sum of flows; null in a window without any. */
  private static Column error(String forecast) {
    return try_divide(
        sum(col("weight").multiply(abs(col(forecast).minus(col("actual"))))),
        sum(col("weight").multiply(col("actual"))));
  }

  private static Column total(String forecast) {
    return try_divide(
        sum(col("weight").multiply(col(forecast))), sum(col("weight").multiply(col("actual"))));
  }

  // ---- score ----

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    SparkSession spark = tables.spark();
    String folder = fitted.folder().toString();
    LinearRegressionModel model = LinearRegressionModel.load(folder + "/poisson");
    ExpectedForecast forecast =
        new ExpectedForecast(
            GroupEffects.of(
                    spark
                        .read()
                        .schema(GroupEffects.SCHEMA)
                        .parquet(folder + "/effects")
                        .collectAsList())
                .withGoods(tables.goods()),
            Covariates.load(spark, folder + "/covariates").coefficients(model.coefficients()),
            model.intercept(),
            spark.read().parquet(folder + "/naive").first().getDouble(0));
    boolean ofModel = fitted.method() == Method.MODEL;
    String text = basis.text();
    MapPartitionsFunction<Row, Row> scored = rows -> new Scored(rows, forecast, ofModel, text);
    return Map.of(
        Tables.EXPECTED_FLOW,
        possible(tables, tables.asOfYear())
            .mapPartitions(scored, Encoders.row(ModelKind.rowsOf(Tables.EXPECTED_FLOW))));
  }

  /** Rows of the table, the suppliers of an importer's product ranked. */
  private static final class Scored extends GroupedRows {
    private final ExpectedForecast forecast;
    private final boolean ofModel;
    private final String basis;

    Scored(Iterator<Row> rows, ExpectedForecast forecast, boolean ofModel, String basis) {
      super(rows);
      this.forecast = forecast;
      this.ofModel = ofModel;
      this.basis = basis;
    }

    private record Supplier(Row row, double actual, double expected) {}

    @Override
    void group() {
      String importer = row.getString(0);
      String product = row.getString(1);
      List<Supplier> suppliers = new ArrayList<>();
      while (row != null && row.getString(1).equals(product) && row.getString(0).equals(importer)) {
        suppliers.add(
            new Supplier(
                row,
                row.getDouble(ACTUAL) * MILLION,
                (ofModel ? forecast.model(row) : forecast.naive(row)) * MILLION));
        take();
      }
      suppliers.sort(
          Comparator.comparingDouble((Supplier one) -> one.actual() - one.expected())
              .thenComparing(one -> one.row().getString(3)));
      for (int rank = 1; rank <= suppliers.size(); rank++) {
        Supplier supplier = suppliers.get(rank - 1);
        give(
            RowFactory.create(
                importer,
                product,
                supplier.row().getString(2),
                supplier.row().getString(3),
                supplier.row().getInt(4),
                basis,
                supplier.actual(),
                supplier.expected(),
                rank));
      }
    }
  }

  /** The training rows in arrays on the driver: a sample is a few million rows at most. */
  private static final class Packed {
    private final double[] y;
    private final double[] weight;
    private final double[] offset;
    private final double[][] x;
    private final int[][] groups;
    private final List<Map<String, Integer>> numbers;

    private Packed(
        double[] y,
        double[] weight,
        double[] offset,
        double[][] x,
        int[][] groups,
        List<Map<String, Integer>> numbers) {
      this.y = y;
      this.weight = weight;
      this.offset = offset;
      this.x = x;
      this.groups = groups;
      this.numbers = numbers;
    }

    /** Of training rows; a covariate that does not vary is 0 throughout. */
    static Packed of(Dataset<Row> train, Covariates covariates) {
      int size = Math.toIntExact(train.count());
      double[] y = new double[size];
      double[] weight = new double[size];
      double[] offset = new double[size];
      double[][] x = new double[FEATURES.length][size];
      int[][] groups = new int[GroupEffects.GROUPINGS.size()][size];
      List<Map<String, Integer>> numbers = new ArrayList<>();
      GroupEffects.GROUPINGS.forEach(grouping -> numbers.add(new HashMap<>()));
      int row = 0;
      for (Iterator<Row> rows =
              train
                  .select(
                      "importer", "supplier", "product", "actual", "weight", "offset", "features")
                  .toLocalIterator();
          rows.hasNext(); ) {
        Row next = rows.next();
        for (int grouping = 0; grouping < groups.length; grouping++) {
          Map<String, Integer> of = numbers.get(grouping);
          Integer number = of.putIfAbsent(next.getString(grouping), of.size());
          groups[grouping][row] = number == null ? of.size() - 1 : number;
        }
        y[row] = next.getDouble(3);
        weight[row] = next.getDouble(4);
        offset[row] = next.getDouble(5);
        Vector features = next.getAs(6);
        for (int feature : covariates.places()) {
          x[feature][row] = features.apply(feature);
        }
        row++;
      }
      return new Packed(y, weight, offset, x, groups, numbers);
    }

    int rows() {
      return y.length;
    }

    long flows() {
      return Arrays.stream(y).filter(flow -> flow > 0).count();
    }

    double weights() {
      return Arrays.stream(weight).sum();
    }

    PoissonEffects.Fit fit() {
      return PoissonEffects.fit(y, weight, offset, x, groups);
    }

    List<Row> effectRows(PoissonEffects.Fit fit) {
      List<Row> rows = new ArrayList<>();
      for (int grouping = 0; grouping < groups.length; grouping++) {
        String of = GroupEffects.GROUPINGS.get(grouping);
        double[] effects = fit.effects()[grouping];
        double[] flows = new double[effects.length];
        for (int row = 0; row < y.length; row++) {
          flows[groups[grouping][row]] += weight[row] * y[row];
        }
        numbers
            .get(grouping)
            .forEach(
                (name, number) ->
                    rows.add(RowFactory.create(of, name, effects[number], flows[number])));
      }
      return rows;
    }

    /** Intervals from the covariates without what the groups explain. */
    List<Outcome.Coefficient> estimates(PoissonEffects.Fit fit, long seed) {
      Iterator<Row> rows =
          new Iterator<>() {
            private int row;

            @Override
            public boolean hasNext() {
              return row < y.length;
            }

            @Override
            public Row next() {
              double[] partialled = new double[FEATURES.length];
              double eta = fit.eta()[row];
              for (int feature = 0; feature < FEATURES.length; feature++) {
                partialled[feature] = fit.partialled()[feature][row];
                eta -= fit.beta()[feature] * partialled[feature];
              }
              long pair =
                  (groups[0][row] * (long) numbers.get(1).size() + groups[1][row])
                          * numbers.get(2).size()
                      + groups[2][row];
              return RowFactory.create(pair, y[row], weight[row++], eta, Vectors.dense(partialled));
            }
          };
      return Estimates.of(rows, Estimates.Family.POISSON, fit.beta(), 0, FEATURES, 0, seed).stream()
          .filter(found -> !found.term().equals("(intercept)"))
          .toList();
    }
  }
}
