package io.lodestone.diversification;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Tables;
import io.lodestone.lake.Table;
import io.lodestone.records.Goods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

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
 * of their members. The effects come from {@link PoissonEffects}; MLlib's GLM takes them as an
 * offset and gives the coefficients, and the two alternate until the deviance stands.
 *
 * <p>Flows and zeros are drawn at rates of their own and weighted by their inverse. The naive
 * forecast is last year's flow, mixed with as much of the proportional expectation as is best on
 * the training window, since a zero that must stay zero cannot be scored. Flows are in millions.
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

  private static final List<String> GROUPINGS = List.of("importer", "supplier", "product");
  private static final int FEWEST_ROWS = 200;
  private static final int MOST_ITERATIONS = 50;
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
  private static final StructType EFFECTS =
      new StructType()
          .add("grouping", "STRING")
          .add("name", "STRING")
          .add("effect", "DOUBLE")
          .add("flow", "DOUBLE");

  /** Mean effect of groups, by their flows of training: without the sentinel of one without any. */
  private static final Column MEAN_EFFECT =
      sum(col("effect").multiply(col("flow"))).divide(sum("flow")).as("effect");

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
    Split split = tables.split();
    double flowRate = rate(tables, tables.links());
    double zeroRate = rate(tables, tables.possibleRows());
    Drawing flows = Drawing.of(tables.settings().sample() / 2, tables.links());
    Drawing zeros = new Drawing(flows.groupRate(), Math.min(1, zeroRate / flows.groupRate()));
    long seed = tables.settings().seed();
    Basis measured = basis;
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          if (market.isGood) {
            return;
          }
          for (int country : world.exporters(market.productNumber)) {
            if (!flows.draws(seed, market, country)) {
              continue;
            }
            boolean zerosToo = zeros.draws(seed, market, country);
            for (int year = split.first() + 1; year <= split.last(); year++) {
              Split.Fold fold = split.fold(year - 1, 1);
              if (fold != Split.Fold.NONE) {
                boolean flowed = flow(market, country, year - world.first(), measured) > 0;
                if (flowed || zerosToo) {
                  double weight = flowed ? flows.weight() : zeros.weight();
                  row(world, heading, market, country, year, measured, fold.name(), weight, out);
                }
              }
            }
          }
        };
    return Markets.rows(tables, flows.groupRate(), rows, SCHEMA);
  }

  private static double rate(SourceTables tables, double population) {
    return Math.min(1, tables.settings().sample() / 2.0 / Math.max(1, population));
  }

  private Dataset<Row> possible(SourceTables tables, int year) {
    Basis measured = basis;
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          for (int country : world.exporters(market.productNumber)) {
            row(world, heading, market, country, year, measured, "", 1.0, out);
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

  /** A row of a flow in a year; all but {@code actual} is of the year before. */
  private static void row(
      WorldSupply world,
      Markets.Heading heading,
      Market market,
      int country,
      int year,
      Basis basis,
      String fold,
      double weight,
      Consumer<Row> out) {
    int at = year - 1 - world.first();
    if (at < 0 || country == market.importerNumber || !market.isKnown(at, at + 1)) {
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
            flow(market, country, at + 1, basis) / MILLION,
            before / MILLION,
            offset,
            weight,
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
    return SourceTables.kept(panel(tables), panel -> fit(tables, panel, folder));
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
    if (panel.filter(col("fold").equalTo(Split.Fold.VALIDATION.name())).isEmpty()) {
      throw new NotFitted("no row of validation");
    }
    PoissonEffects.Fit effects = packed.fit();
    Dataset<Row> table = tables.spark().createDataFrame(packed.effectRows(effects), EFFECTS);
    Outcome outcome = new Outcome(Math.round(packed.weights()), packed.rows());
    outcome.chosen("rounds_of_effects", effects.rounds());
    outcome.coefficients.addAll(packed.estimates(effects, tables.settings().seed()));
    table.coalesce(1).write().mode("overwrite").parquet(folder + "/effects");
    return SourceTables.kept(
        withEffects(panel, table),
        rows -> fit(tables, rows, covariates, effects.deviance(), outcome, folder));
  }

  /**
   * MLlib's GLM with the effects in its offset, which must leave the deviance where it is.
   *
   * @throws NotFitted if the GLM still moves it
   */
  private static Outcome fit(
      SourceTables tables,
      Dataset<Row> rows,
      Covariates covariates,
      double deviance,
      Outcome outcome,
      Path folder) {
    Dataset<Row> train = rows.filter(col("fold").equalTo(Split.Fold.TRAIN.name()));
    GeneralizedLinearRegressionModel model =
        covariates.fit(
            new GeneralizedLinearRegression()
                .setFamily("poisson")
                .setLink("log")
                .setLabelCol("actual")
                .setWeightCol("weight")
                .setOffsetCol("full_offset")
                .setMaxIter(MOST_ITERATIONS)
                .setTol(1e-10),
            train);
    double moved = Math.abs(model.summary().deviance() - deviance);
    if (!(moved <= STANDS * Math.abs(deviance))) {
      throw new NotFitted(
          "no convergence: with the effects given, the GLM moves the deviance by %.3g from %.6g"
              .formatted(moved, deviance));
    }
    try {
      model.write().overwrite().save(new Path(folder, "poisson").toString());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    covariates.save(tables.spark(), folder + "/covariates");
    double mixture = mixture(train);
    outcome.chosen("naive_mixture", mixture);
    tables
        .spark()
        .createDataFrame(
            List.of(RowFactory.create(mixture)), new StructType().add("mixture", "DOUBLE"))
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(folder + "/naive");
    Dataset<Row> losses =
        forecasts(rows, model, covariates, mixture)
            .select(
                col("fold"),
                col("importer"),
                col("product"),
                col("weight"),
                col("actual"),
                col("model"),
                col("naive"),
                deviance(col("model")).as("model_loss"),
                deviance(col("naive")).as("naive_loss"));
    return SourceTables.kept(losses, kept -> measure(kept, outcome, tables.settings().seed()));
  }

  /**
   * Adds the offset with all effects. A group that the fit never saw has the mean effect of its
   * grouping: effects are not normalised, so that 0 is no average.
   *
   * @param effects grouping, name, effect, and flow: what the group has in training, weighted
   */
  static Dataset<Row> withEffects(Dataset<Row> rows, Dataset<Row> effects) {
    Map<String, Double> means = new HashMap<>();
    for (Row mean :
        effects.filter(col("flow").gt(0)).groupBy("grouping").agg(MEAN_EFFECT).collectAsList()) {
      means.put(mean.getString(0), mean.getDouble(1));
    }
    Dataset<Row> joined = rows;
    Column offset = col("offset");
    for (String grouping : GROUPINGS) {
      joined =
          joined.join(
              broadcast(
                  effects
                      .filter(col("grouping").equalTo(grouping))
                      .select(col("name").as(grouping), col("effect").as(grouping + "_effect"))),
              CollectionConverters.asScala(List.of(grouping)).toSeq(),
              "left");
      offset = offset.plus(coalesce(col(grouping + "_effect"), lit(means.get(grouping))));
    }
    return joined.withColumn("full_offset", offset);
  }

  /** Adds both forecasts to rows with their effects. */
  private static Dataset<Row> forecasts(
      Dataset<Row> rows,
      GeneralizedLinearRegressionModel model,
      Covariates covariates,
      double mixture) {
    double[] coefficients = covariates.coefficients(model);
    Column features = functions.vector_to_array(col("features"), "float64");
    Column eta = col("full_offset").plus(model.intercept());
    for (int feature = 0; feature < FEATURES.length; feature++) {
      eta = eta.plus(features.getItem(feature).multiply(coefficients[feature]));
    }
    return rows.withColumn("model", exp(eta)).withColumn("naive", naive(mixture));
  }

  private static Column naive(double mixture) {
    return col("before").multiply(1 - mixture).plus(exp(col("offset")).multiply(mixture));
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
            .mapToObj(mixture -> sum(deviance(naive(mixture))))
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
      outcome
          .metric(window(row), "deviance", row.getDouble(1), row.getDouble(2))
          .metric(window(row), "absolute_error_share", row.getDouble(3), row.getDouble(4))
          .metric(window(row), "total_ratio", row.getDouble(5), row.getDouble(6));
    }
    return outcome.skills(
        Skill.byFold(rows.filter(col("fold").notEqual(Split.Fold.TRAIN.name())), seed));
  }

  private static Outcome.Window window(Row row) {
    return Outcome.Window.valueOf(row.getString(0));
  }

  /** Sum of absolute errors over the sum of flows. */
  private static Column error(String forecast) {
    return sum(col("weight").multiply(abs(col(forecast).minus(col("actual")))))
        .divide(sum(col("weight").multiply(col("actual"))));
  }

  private static Column total(String forecast) {
    return sum(col("weight").multiply(col(forecast)))
        .divide(sum(col("weight").multiply(col("actual"))));
  }

  // ---- score ----

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    SparkSession spark = tables.spark();
    String folder = fitted.folder().toString();
    Dataset<Row> effects =
        ofGoods(spark.read().schema(EFFECTS).parquet(folder + "/effects"), tables.goods());
    double mixture = spark.read().parquet(folder + "/naive").first().getDouble(0);
    Dataset<Row> forecasts =
        forecasts(
            withEffects(possible(tables, tables.asOfYear()), effects),
            GeneralizedLinearRegressionModel.load(folder + "/poisson"),
            Covariates.load(spark, folder + "/covariates"),
            mixture);
    Column expected = col(fitted.method() == Method.MODEL ? "model" : "naive").multiply(MILLION);
    Dataset<Row> rows =
        forecasts
            .withColumn("basis", lit(basis.text()))
            .withColumn("expected", expected)
            .withColumn("actual", col("actual").multiply(MILLION))
            .withColumn(
                "gap_rank",
                row_number()
                    .over(
                        Window.partitionBy("importer", "product")
                            .orderBy(
                                col("expected").minus(col("actual")).desc(), col("supplier"))));
    return Map.of(Tables.EXPECTED_FLOW, rows);
  }

  /** Adds goods, which have the mean effect of their members; their flows are those of members. */
  static Dataset<Row> ofGoods(Dataset<Row> effects, Goods goods) {
    List<Row> members = new ArrayList<>();
    goods.members().stream()
        .filter(member -> !member.isNational())
        .forEach(member -> members.add(RowFactory.create(member.good(), member.code())));
    Dataset<Row> named =
        effects
            .sparkSession()
            .createDataFrame(members, new StructType().add("good", "STRING").add("name", "STRING"));
    Dataset<Row> ofGoods =
        effects
            .filter(col("grouping").equalTo("product").and(col("flow").gt(0)))
            .join(broadcast(named), CollectionConverters.asScala(List.of("name")).toSeq(), "inner")
            .groupBy(col("good"))
            .agg(MEAN_EFFECT)
            .select(
                lit("product").as("grouping"),
                col("good").as("name"),
                col("effect"),
                lit(0.0).as("flow"));
    return effects.union(ofGoods);
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
      int[][] groups = new int[GROUPINGS.size()][size];
      List<Map<String, Integer>> numbers = new ArrayList<>();
      GROUPINGS.forEach(grouping -> numbers.add(new HashMap<>()));
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
        String of = GROUPINGS.get(grouping);
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
