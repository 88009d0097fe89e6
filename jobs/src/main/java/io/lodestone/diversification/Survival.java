package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Tables;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Whether a link lasts: a discrete-time hazard (binomial, complementary log-log link) on
 * link-years.
 *
 * <p>A row is a link that stands in a year; the event is that it stands neither in the next year
 * nor in the one after, since a pause of one year ends no link. Where one of the two is not known
 * (a gap in the importer's reports or in the product's, the end of the records) the row is
 * censored, not ended, and the link is of unknown age after the gap. The hazard of a year is h = 1
 * - exp(-exp(x'b)), exp(b) the hazard ratios, and the link still stands h years later with p_h =
 * product over k of (1 - hazard at age + k), its other covariates held as they are.
 *
 * <p>A link that stood in the first known year is as old as it was seen or older ({@code
 * age_unknown}): a category of its own with an age effect of its own. The age effect includes
 * selection: the weak links end first, so that it falls even where no single link grows stronger.
 *
 * <p>A link that stood in the year before the as-of year and not in it may pause or have ended: it
 * is scored as of the year in which it stood. That it still stands in the next year has the chance
 * that links of training had which were missing for a year, the same for all; from then on it ages
 * as others do.
 *
 * <p>The naive forecast is the life table: the part of links that ended, by age in years, links of
 * known and of unknown age apart. Ages from {@link #OLDEST} on are one; an age with too few
 * link-years has what links of all ages have.
 */
final class Survival implements ModelKind {
  static final String[] FEATURES = {
    "ln_age",
    "age_unknown",
    "ln_years_seen_if_unknown",
    "ln_initial_value",
    "ln_value",
    "share",
    "ln_suppliers",
    "ln_destinations",
    "unit_value_gap",
    "spell_number",
    "ln_world_share"
  };

  private static final int LN_AGE = 0;
  private static final int LN_SEEN = 2;

  /** Years after the as-of year that decide whether a link has ended. */
  private static final int LABEL = 2;

  private static final int LAST_HORIZON = 5;
  private static final int FEWEST_ROWS = 200;
  private static final int FEWEST_EVENTS = 20;

  /** Beyond, a life table of 16 years is thin, and the hazard hardly changes. */
  private static final int OLDEST = 10;

  /** With fewer link-years, a 90 % interval of the part that ended is wider than 0.15. */
  private static final int FEWEST_OF_AGE = 100;

  private static final int MOST_ITERATIONS = 50;
  private static final StructType SCHEMA =
      new StructType()
          .add("importer", "STRING")
          .add("product", "STRING")
          .add("product_kind", "STRING")
          .add("supplier", "STRING")
          .add("as_of_year", "INT")
          .add("fold", "STRING")
          .add("age", "INT")
          .add("age_unknown", "BOOLEAN")
          .add("missing", "DOUBLE")
          .add("label", "DOUBLE")
          .add("weight", "DOUBLE")
          .add("features", SQLDataTypes.VectorType());

  @Override
  public String name() {
    return "survival";
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.LINK_SURVIVAL);
  }

  // ---- rows ----

  /** Link-years to fit and measure on, of HS6 products. */
  Dataset<Row> panel(SourceTables tables) {
    Split split = tables.split();
    Drawing drawing = Drawing.of(tables.settings().sample(), tables.links());
    long seed = tables.settings().seed();
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          if (market.isGood) {
            return;
          }
          for (int country : market.suppliers.keySet()) {
            if (!drawing.draws(seed, market, country)) {
              continue;
            }
            for (int year = split.first(); year + LABEL <= split.last(); year++) {
              Split.Fold fold = split.fold(year, LABEL);
              int at = year - world.first();
              if (fold != Split.Fold.NONE && market.isKnown(at, at + LABEL)) {
                row(
                    world,
                    market,
                    country,
                    year,
                    year,
                    fold.name(),
                    market.hasLink(country, at + 1, at + 1) ? 0.0 : 1.0,
                    market.hasLink(country, at + 1, at + LABEL) ? 0.0 : 1.0,
                    drawing.weight(),
                    out);
              }
            }
          }
        };
    return Markets.rows(tables, drawing.groupRate(), rows, SCHEMA);
  }

  /** Links of a year and those that may pause in it, of HS6 products and goods. */
  Dataset<Row> links(SourceTables tables, int asOf) {
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          for (int country : market.suppliers.keySet()) {
            int at = asOf - world.first();
            boolean missing = market.known[at] && !market.hasLink(country, at, at);
            int year = missing ? asOf - 1 : asOf;
            row(world, market, country, year, asOf, "", missing ? 1.0 : 0.0, 0.0, 1.0, out);
          }
        };
    return Markets.rows(tables, 1, rows, SCHEMA);
  }

  /**
   * A row of a link that stands in a year.
   *
   * @param asOf the year, or the next one, up to which the age counts
   * @param missing 1 if it does not stand in the next year
   */
  private static void row(
      WorldSupply world,
      Market market,
      int country,
      int year,
      int asOf,
      String fold,
      double missing,
      double label,
      double weight,
      Consumer<Row> out) {
    int at = year - world.first();
    if (!market.hasLink(country, at, at)) {
      return;
    }
    Market.Supplier flow = market.suppliers.get(country);
    int start = start(market, flow, at);
    int age = asOf - world.first() - start + 1;
    boolean unknown = start == market.firstKnown() || !market.isKnown(start - 1, start - 1);
    int place = world.place(market.productNumber, country);
    double exports = world.get(market.productNumber, place, year, WorldSupply.Fact.VALUE);
    double all = world.world(market.productNumber, year);
    double paid = market.totalQuantity[at] > 0 ? market.total[at] / market.totalQuantity[at] : 0;
    double own = flow.quantity[at] > 0 ? flow.value[at] / flow.quantity[at] : 0;
    out.accept(
        RowFactory.create(
            market.importer,
            market.product,
            market.isGood ? "good" : "hs6",
            world.country(country),
            asOf,
            fold,
            age,
            unknown,
            missing,
            label,
            weight,
            Vectors.dense(
                unknown ? 0 : Math.log(age),
                unknown ? 1 : 0,
                unknown ? Math.log(age) : 0,
                Math.log1p(flow.value[start] / 1e3),
                Math.log1p(flow.value[at] / 1e3),
                flow.share[at],
                Math.log(market.links(at)),
                Math.log1p(
                    world.get(market.productNumber, place, year, WorldSupply.Fact.DESTINATIONS)),
                own > 0 && paid > 0 ? Math.max(-3, Math.min(3, Math.log(own / paid))) : 0,
                spells(market, flow, at),
                Math.log((all > 0 ? exports / all : 0) + 1e-6))));
  }

  /** First year of the spell that a link belongs to; pauses of one known year are closed. */
  private static int start(Market market, Market.Supplier flow, int at) {
    int start = at;
    while (true) {
      if (start >= 1 && flow.link[start - 1]) {
        start--;
      } else if (start >= 2 && flow.link[start - 2] && market.known[start - 1]) {
        start -= 2;
      } else {
        return start;
      }
    }
  }

  /** Which spell of the pair it is, 1 for the first; an unknown year ends none. */
  private static int spells(Market market, Market.Supplier flow, int at) {
    int spells = 0;
    int gap = LABEL;
    for (int year = 0; year <= at; year++) {
      if (flow.link[year]) {
        if (gap >= LABEL) {
          spells++;
        }
        gap = 0;
      } else if (market.known[year]) {
        gap++;
      }
    }
    return spells;
  }

  // ---- fit ----

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    tables.split().require(0, LABEL);
    return SourceTables.kept(tables.forFit(panel(tables)), panel -> fit(tables, panel, folder));
  }

  private static Outcome fit(SourceTables tables, Dataset<Row> panel, Path folder) {
    Map<String, long[]> counts = new HashMap<>();
    double population = 0;
    for (Row row :
        panel.groupBy("fold").agg(count(lit(1)), sum("label"), sum("weight")).collectAsList()) {
      counts.put(row.getString(0), new long[] {row.getLong(1), Math.round(row.getDouble(2))});
      if (row.getString(0).equals(Split.Fold.TRAIN.name())) {
        population = row.getDouble(3);
      }
    }
    long[] training = counts.getOrDefault(Split.Fold.TRAIN.name(), new long[2]);
    long[] validation = counts.getOrDefault(Split.Fold.VALIDATION.name(), new long[2]);
    if (training[0] < FEWEST_ROWS || validation[0] < FEWEST_ROWS / 4) {
      throw new NotFitted(
          "%d link-years of training and %d of validation, fewer than %d and %d"
              .formatted(training[0], validation[0], FEWEST_ROWS, FEWEST_ROWS / 4));
    }
    if (training[1] < FEWEST_EVENTS || training[0] - training[1] < FEWEST_EVENTS) {
      throw new NotFitted(
          "a class that hardly occurs: %d of %d link-years of training end, at least %d of each class are needed"
              .formatted(training[1], training[0], FEWEST_EVENTS));
    }
    Dataset<Row> train = panel.filter(col("fold").equalTo(Split.Fold.TRAIN.name()));
    Covariates covariates = Covariates.varying(train);
    GeneralizedLinearRegressionModel model = hazard(covariates, train);
    double[] coefficients = covariates.coefficients(model.coefficients());
    Outcome outcome = new Outcome(Math.round(population), training[0]);
    outcome.coefficients.addAll(
        Estimates.of(
            train
                .select(
                    concat(col("importer"), col("product"), col("supplier")),
                    col("label"),
                    col("weight"),
                    lit(0.0),
                    col("features"))
                .toLocalIterator(),
            Estimates.Family.HAZARD,
            coefficients,
            model.intercept(),
            FEATURES,
            0,
            tables.settings().seed()));
    Dataset<Row> lifeTable =
        train
            .rollup(col("age_unknown"), least(col("age"), lit(OLDEST)).as("age"))
            .agg(
                sum(col("weight").multiply(col("label"))).divide(sum("weight")).as("naive"),
                expr("try_divide(SUM(weight * label), SUM(weight * missing))").as("of_missing"),
                count(lit(1)).as("rows"))
            .filter(col("age").isNull().or(col("rows").geq(FEWEST_OF_AGE)));
    try {
      model.write().overwrite().save(new Path(folder, "hazard").toString());
      covariates.save(tables.spark(), covariates(folder));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    lifeTable.coalesce(1).write().mode("overwrite").parquet(naive(folder));
    Dataset<Row> forecasts =
        panel
            .withColumn("naive", lifeTableAt(lifeTable(tables, folder), 0))
            .withColumn("model", hazardAt(coefficients, model.intercept(), 0));
    measureOldLinks(forecasts, outcome);
    return Probabilities.measured(forecasts, outcome, tables.settings().seed());
  }

  /**
   * Links that stood in the first year are nearly all of the trade: they are measured apart too.
   */
  private static void measureOldLinks(Dataset<Row> forecasts, Outcome outcome) {
    for (Row row :
        forecasts
            .filter(col("age_unknown"))
            .groupBy("fold")
            .agg(meanLogLoss("model"), meanLogLoss("naive"))
            .collectAsList()) {
      outcome.metric(
          Outcome.Window.valueOf(row.getString(0)),
          "log_loss_age_unknown",
          row.getDouble(1),
          row.getDouble(2));
    }
  }

  private static Column meanLogLoss(String forecast) {
    return sum(Probabilities.logLoss(col("label"), Probabilities.clipped(col(forecast)))
            .multiply(col("weight")))
        .divide(sum("weight"));
  }

  private static GeneralizedLinearRegressionModel hazard(
      Covariates covariates, Dataset<Row> train) {
    return covariates.fit(
        new GeneralizedLinearRegression()
            .setFamily("binomial")
            .setLink("cloglog")
            .setWeightCol("weight")
            .setMaxIter(MOST_ITERATIONS)
            .setTol(1e-9),
        train);
  }

  /** Hazard of a link when it is some years older. */
  private static Column hazardAt(double[] coefficients, double intercept, int older) {
    Column features = functions.vector_to_array(col("features"), "float64");
    Column eta = lit(intercept);
    for (int feature = 0; feature < FEATURES.length; feature++) {
      Column value = features.getItem(feature);
      Column aged = log(col("age").plus(older));
      if (feature == LN_AGE) {
        value = when(col("age_unknown"), 0.0).otherwise(aged);
      } else if (feature == LN_SEEN) {
        value = when(col("age_unknown"), aged).otherwise(0.0);
      }
      eta = eta.plus(value.multiply(coefficients[feature]));
    }
    return lit(1.0).minus(exp(exp(eta).multiply(-1)));
  }

  /**
   * Part that ended, and part of those missing for a year that ended: of all links, then of those
   * of known and unknown age, then of each age.
   */
  private static List<Row> lifeTable(SourceTables tables, Path folder) {
    return tables
        .spark()
        .read()
        .parquet(naive(folder))
        .orderBy(col("age_unknown").asc_nulls_first(), col("age").asc_nulls_first())
        .collectAsList();
  }

  /** What the life table says of a link when it is some years older. */
  private static Column lifeTableAt(List<Row> lifeTable, int older) {
    Column hazard = lit(null).cast("DOUBLE");
    for (Row row : lifeTable) {
      Column isOfRow = row.isNullAt(0) ? lit(true) : col("age_unknown").equalTo(row.getBoolean(0));
      if (!row.isNullAt(1)) {
        isOfRow = isOfRow.and(least(col("age").plus(older), lit(OLDEST)).equalTo(row.getInt(1)));
      }
      hazard = when(isOfRow, row.getDouble(2)).otherwise(hazard);
    }
    return hazard;
  }

  private static String covariates(Path folder) {
    return new Path(folder, "covariates").toString();
  }

  private static String naive(Path folder) {
    return new Path(folder, "naive").toString();
  }

  // ---- score ----

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    return Map.of(Tables.LINK_SURVIVAL, score(tables, fitted, tables.asOfYear()));
  }

  /** Rows of the table link_survival as of a year. */
  Dataset<Row> score(SourceTables tables, Fitted fitted, int asOf) {
    GeneralizedLinearRegressionModel model =
        GeneralizedLinearRegressionModel.load(new Path(fitted.folder(), "hazard").toString());
    double[] coefficients =
        Covariates.load(tables.spark(), covariates(fitted.folder()))
            .coefficients(model.coefficients());
    List<Row> lifeTable = lifeTable(tables, fitted.folder());
    double ofMissing = lifeTable.get(0).getDouble(3);
    Column stands = lit(1.0);
    Column[] survival = new Column[LAST_HORIZON + 1];
    for (int year = 1; year <= LAST_HORIZON; year++) {
      Column hazard =
          fitted.method() == Method.MODEL
              ? hazardAt(coefficients, model.intercept(), year - 1)
              : lifeTableAt(lifeTable, year - 1);
      if (year == 1) {
        hazard = when(col("missing").equalTo(1), ofMissing).otherwise(hazard);
      }
      stands = stands.multiply(lit(1.0).minus(hazard));
      survival[year] = stands;
    }
    return links(tables, asOf)
        .select(
            col("importer"),
            col("product"),
            col("product_kind"),
            col("supplier"),
            col("as_of_year"),
            col("age"),
            col("age_unknown"),
            survival[1].as("p_1"),
            survival[3].as("p_3"),
            survival[5].as("p_5"));
  }
}
