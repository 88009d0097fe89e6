package io.lodestone.diversification;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.Tables;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Whether a country without a link will begin to supply an importer's product within some years.
 *
 * <p>A row is a pair at risk: the country exports the product, the importer buys it, and there was
 * no link in the as-of year and the year before (a pause of one year is no end of a link: such a
 * one is a row of {@link Survival}). Its label is whether a link stands in any of the years of the
 * horizon. Reference: logistic regression; challenger: gradient-boosted trees. Forward chaining
 * inside the training window (fit on its earlier years, compare on its last two origins) chooses
 * the penalty, and the trees only where the lower bound of their skill over the reference is above
 * 0: a hair's breadth on two years is noise, and trees are read with more trouble. {@link Isotonic}
 * on those held-out predictions calibrates the choice. The naive forecast is the same on the
 * country's share of world exports.
 *
 * <p>Possible suppliers are pruned by one rule: RCA of at least 1, or at least 0.1 % of the world's
 * exports, or a link with the importer in another product of the heading. Of the {@code new_links}
 * of the training window, {@code possible} came from a pair that would have been scored the year
 * before; their ratio is the metric {@code pruning_recall}. A new link of a country that exported
 * nothing that year, or to an importer that bought nothing, counts as missed.
 */
final class Entry implements ModelKind {
  static final String[] FEATURES = {
    "ln_exports",
    "ln_rca",
    "density",
    "ln_destinations",
    "ln_presence_in_heading",
    "unit_value_gap",
    "importer_hhi",
    "ln_world_share",
    "ln_other_trade",
    "ln_market",
    "export_growth",
    "supplied_before"
  };

  /** Part of the world's exports above which a country is a possible supplier. */
  static final double PRUNE_SHARE = 0.001;

  /** Years before the as-of year that a row needs. */
  private static final int HISTORY = 1;

  private static final int FEWEST_ROWS = 200;
  private static final int FEWEST_EVENTS = 20;
  private static final double[] PENALTIES = {1e-4, 1e-2};
  private static final int MOST_ITERATIONS = 200;
  private static final int TREES = 20;
  private static final int DEPTH = 3;

  /** Rows that choosing and growing trees need; more would be passed over a hundred times. */
  private static final long ENOUGH = 150_000;

  /** Rows are drawn in so many parts. */
  private static final int DRAWS = 1_000_000;

  /** Trees look for their splits in a part of each partition. */
  private static final int PARTS = 4;

  private static final double ROUGHLY = 1e-5;
  private static final double EXACTLY = 1e-8;
  static final String WORLD_SHARE = "world_share";
  private static final String SCORE = "score";
  static final StructType SCHEMA =
      new StructType()
          .add("importer", "STRING")
          .add("product", "STRING")
          .add("product_kind", "STRING")
          .add("supplier", "STRING")
          .add("as_of_year", "INT")
          .add("fold", "STRING")
          .add("chain", "STRING")
          .add("label", "DOUBLE")
          .add("weight", "DOUBLE")
          .add(WORLD_SHARE, "DOUBLE")
          .add("features", SQLDataTypes.VectorType());

  private final int horizon;

  /**
   * Of a horizon.
   *
   * @param horizon years within which a link starts
   */
  Entry(int horizon) {
    this.horizon = horizon;
  }

  @Override
  public String name() {
    return "entry-" + horizon;
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.ENTRY);
  }

  @Override
  public String slice() {
    return "horizon = " + horizon;
  }

  // ---- rows ----

  /** Rows to fit and measure on, of HS6 products. */
  Dataset<Row> panel(SourceTables tables) {
    Split split = tables.split();
    Drawing drawing = Drawing.of(tables.settings().sample(), tables.possibleRows());
    int years = horizon;
    // As Split.fold, inside the training window: its last two origins against those before.
    int cut = split.trainUntil() - horizon - 1;
    long seed = tables.settings().seed();
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          if (market.isGood) {
            return;
          }
          for (int country : world.exporters(market.productNumber)) {
            if (!drawing.draws(seed, market, country)) {
              continue;
            }
            for (int year = split.first() + HISTORY; year + years <= split.last(); year++) {
              Split.Fold fold = split.fold(year, years);
              int at = year - world.first();
              if (fold != Split.Fold.NONE && market.isKnown(at + 1, at + years)) {
                boolean before = fold == Split.Fold.TRAIN && year + years <= cut;
                boolean after = fold == Split.Fold.TRAIN && year + 1 > cut;
                row(
                    world,
                    heading,
                    market,
                    country,
                    year,
                    fold.name(),
                    before ? "fit" : after ? "compare" : "",
                    market.hasLink(country, at + 1, at + years) ? 1.0 : 0.0,
                    drawing.weight(),
                    out);
              }
            }
          }
        };
    return Markets.rows(tables, drawing.groupRate(), rows, SCHEMA);
  }

  /** Rows to score, of HS6 products and goods, as of a year. */
  Dataset<Row> candidates(SourceTables tables, int asOf) {
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          for (int country : world.exporters(market.productNumber)) {
            row(world, heading, market, country, asOf, "", "", 0.0, 1.0, out);
          }
        };
    return Markets.rows(tables, 1, rows, SCHEMA);
  }

  private static void row(
      WorldSupply world,
      Heading heading,
      Market market,
      int country,
      int year,
      String fold,
      String chain,
      double label,
      double weight,
      Consumer<Row> out) {
    int at = year - world.first();
    if (!isAtRisk(world, market, country, year)) {
      return;
    }
    int place = world.place(market.productNumber, country);
    double exports = world.get(market.productNumber, place, year, WorldSupply.Fact.VALUE);
    double share = exports / world.world(market.productNumber, year);
    double rca = world.get(market.productNumber, place, year, WorldSupply.Fact.RCA);
    int presence = heading.presence(market, country, at);
    if (!isPossible(share, rca, presence)) {
      return;
    }
    double unitValue = world.get(market.productNumber, place, year, WorldSupply.Fact.UNIT_VALUE);
    double paid = market.totalQuantity[at] > 0 ? market.total[at] / market.totalQuantity[at] : 0;
    double gap =
        unitValue > 0 && paid > 0 ? Math.max(-3, Math.min(3, Math.log(unitValue / paid))) : 0;
    double before = world.get(market.productNumber, place, year - 1, WorldSupply.Fact.VALUE);
    double other = world.trade(market.importerNumber, country, year);
    Market.Supplier flow = market.suppliers.get(country);
    if (flow != null && !market.isGood) {
      other = Math.max(0, other - flow.value[at]);
    }
    Vector features =
        Vectors.dense(
            Math.log1p(exports / 1e3),
            Math.log(rca + 0.01),
            world.get(market.productNumber, place, year, WorldSupply.Fact.DENSITY),
            Math.log1p(world.get(market.productNumber, place, year, WorldSupply.Fact.DESTINATIONS)),
            Math.log1p(presence),
            gap,
            market.hhi[at],
            Math.log(share + 1e-6),
            Math.log1p(other / 1e3),
            Math.log1p(market.total[at] / 1e3),
            Math.max(-2, Math.min(2, Math.log1p(exports / 1e3) - Math.log1p(before / 1e3))),
            market.hasLink(country, 0, at) ? 1 : 0);
    out.accept(
        RowFactory.create(
            market.importer,
            market.product,
            market.isGood ? "good" : "hs6",
            world.country(country),
            year,
            fold,
            chain,
            label,
            weight,
            Math.log(share + 1e-6),
            features));
  }

  /** Whether a country exports what the importer buys, and had no link with it for two years. */
  private static boolean isAtRisk(WorldSupply world, Market market, int country, int year) {
    int at = year - world.first();
    int place = world.place(market.productNumber, country);
    return country != market.importerNumber
        && world.get(market.productNumber, place, year, WorldSupply.Fact.VALUE) > 0
        && market.total[at] > 0
        && market.isKnown(at - HISTORY, at)
        && !market.hasLink(country, at - HISTORY, at);
  }

  private static boolean isPossible(
      WorldSupply world, Heading heading, Market market, int country, int year) {
    int product = market.productNumber;
    int place = world.place(product, country);
    return isPossible(
        world.get(product, place, year, WorldSupply.Fact.VALUE) / world.world(product, year),
        world.get(product, place, year, WorldSupply.Fact.RCA),
        heading.presence(market, country, year - world.first()));
  }

  /** The pruning rule. */
  static boolean isPossible(double worldShare, double rca, int presence) {
    return rca >= 1 || worldShare >= PRUNE_SHARE || presence > 0;
  }

  /**
   * New links of the training window.
   *
   * @param all in a year that is known, after two known years without one
   * @param possible those of which a row would have been scored the year before
   */
  record NewLinks(long all, long possible) {}

  /** Of HS6 products, in the groups that are drawn. */
  static NewLinks newLinks(SourceTables tables) {
    Split split = tables.split();
    StructType schema = new StructType().add("all", "BIGINT").add("possible", "BIGINT");
    Markets.RowsOfMarket rows =
        (world, heading, market, out) -> {
          long all = 0;
          long possible = 0;
          for (int country : market.isGood ? List.<Integer>of() : market.suppliers.keySet()) {
            for (int year = split.first() + HISTORY; year < split.trainUntil(); year++) {
              int at = year - world.first();
              if (country != market.importerNumber
                  && market.isKnown(at - HISTORY, at + 1)
                  && !market.hasLink(country, at - HISTORY, at)
                  && market.hasLink(country, at + 1, at + 1)) {
                all++;
                if (isAtRisk(world, market, country, year)
                    && isPossible(world, heading, market, country, year)) {
                  possible++;
                }
              }
            }
          }
          if (all > 0) {
            out.accept(RowFactory.create(all, possible));
          }
        };
    double rate = Drawing.of(tables.settings().sample(), tables.possibleRows()).groupRate();
    Row sums =
        Markets.rows(tables, rate, rows, schema)
            .agg(coalesce(sum("all"), lit(0L)), coalesce(sum("possible"), lit(0L)))
            .first();
    return new NewLinks(sums.getLong(0), sums.getLong(1));
  }

  // ---- fit ----

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    tables.split().require(HISTORY, horizon);
    return SourceTables.kept(tables.forFit(panel(tables)), panel -> fit(tables, panel, folder));
  }

  private Outcome fit(SourceTables tables, Dataset<Row> panel, Path folder) {
    Counts counts = Counts.of(panel);
    requireBothClasses(counts.fold(Split.Fold.TRAIN), "training", FEWEST_ROWS, FEWEST_EVENTS);
    requireBothClasses(counts.fold(Split.Fold.VALIDATION), "validation", FEWEST_ROWS / 4, 5);
    Count ofTraining = counts.fold(Split.Fold.TRAIN);
    Outcome outcome = new Outcome(Math.round(ofTraining.weight()), ofTraining.rows());
    Dataset<Row> train = panel.filter(col("fold").equalTo(Split.Fold.TRAIN.name()));
    Choice choice = choose(panel, counts, tables.settings().seed(), outcome);
    LogisticRegressionModel logistic = logistic(train, choice.penalty(), EXACTLY);
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
            Estimates.Family.LOGISTIC,
            logistic.coefficients().toArray(),
            logistic.intercept(),
            FEATURES,
            choice.penalty(),
            tables.settings().seed()));
    IsotonicRegressionModel naive = Isotonic.fit(train, WORLD_SHARE, col(WORLD_SHARE));
    try {
      save(logistic, new Path(folder, "logistic"));
      save(naive, new Path(folder, "naive"));
      train
          .select(Summarizer.mean(col("features"), col("weight")).as("means"))
          .coalesce(1)
          .write()
          .mode("overwrite")
          .parquet(new Path(folder, "means").toString());
      Path treesFolder = new Path(folder, "trees");
      Dataset<Row> scored;
      if (choice.hasTrees()) {
        Dataset<Row> fewer = fewer(train, ofTraining.rows(), ENOUGH, tables.settings().seed());
        outcome.chosen("rows of trees", fewer.count());
        GBTClassificationModel trees = trees(fewer, tables.settings().seed());
        save(trees, treesFolder);
        scored = scored(trees, panel, SCORE);
      } else {
        treesFolder
            .getFileSystem(panel.sparkSession().sparkContext().hadoopConfiguration())
            .delete(treesFolder, true);
        scored = scored(logistic, panel, SCORE);
      }
      IsotonicRegressionModel calibration =
          choice.calibration() == null
              ? Isotonic.fit(
                  scored.filter(col("fold").equalTo(Split.Fold.TRAIN.name())),
                  SCORE,
                  Isotonic.logOdds(col(SCORE)))
              : choice.calibration();
      save(calibration, new Path(folder, "calibration"));
      Probabilities.measured(
          forecasts(scored, calibration, naive), outcome, tables.settings().seed());
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    NewLinks newLinks = newLinks(tables);
    return outcome
        .metric(Outcome.Window.TRAIN, "new_links", newLinks.all())
        .metric(Outcome.Window.TRAIN, "possible", newLinks.possible())
        .metric(
            Outcome.Window.TRAIN, "pruning_recall", (double) newLinks.possible() / newLinks.all());
  }

  /** Rows, new links among them, and what the rows stand for. */
  private record Count(long rows, double positive, double weight) {
    static final Count NONE = new Count(0, 0, 0);

    Count plus(Count other) {
      return new Count(rows + other.rows, positive + other.positive, weight + other.weight);
    }

    boolean hasBothClasses(long leastRows, long leastEvents) {
      return rows >= leastRows && positive >= leastEvents && rows - positive >= leastEvents;
    }
  }

  /** By fold and by part of the forward chain. */
  private record Counts(Map<String, Count> folds, Map<String, Count> chain) {
    static Counts of(Dataset<Row> panel) {
      Counts counts = new Counts(new HashMap<>(), new HashMap<>());
      for (Row row :
          panel
              .groupBy("fold", "chain")
              .agg(count(lit(1)), sum("label"), sum("weight"))
              .collectAsList()) {
        Count count = new Count(row.getLong(2), row.getDouble(3), row.getDouble(4));
        counts.folds().merge(row.getString(0), count, Count::plus);
        counts.chain().merge(row.getString(1), count, Count::plus);
      }
      return counts;
    }

    Count fold(Split.Fold fold) {
      return folds.getOrDefault(fold.name(), Count.NONE);
    }

    Count chain(String part) {
      return chain.getOrDefault(part, Count.NONE);
    }
  }

  private static void requireBothClasses(Count counts, String window, long rows, long events) {
    if (counts.rows() < rows) {
      throw new NotFitted("%d rows of %s, fewer than %d".formatted(counts.rows(), window, rows));
    }
    if (!counts.hasBothClasses(rows, events)) {
      throw new NotFitted(
          "a class that hardly occurs: %.0f of %d rows of %s are new links, at least %d of each class are needed"
              .formatted(counts.positive(), counts.rows(), window, events));
    }
  }

  /**
   * What forward chaining chose.
   *
   * @param hasTrees whether they are better than the reference beyond chance
   * @param calibration on held-out predictions; null where there are no earlier years
   */
  private record Choice(double penalty, boolean hasTrees, IsotonicRegressionModel calibration) {}

  private Choice choose(Dataset<Row> panel, Counts counts, long seed, Outcome outcome) {
    if (!counts.chain("fit").hasBothClasses(FEWEST_ROWS, FEWEST_EVENTS)
        || !counts.chain("compare").hasBothClasses(FEWEST_ROWS, FEWEST_EVENTS)) {
      outcome.chosen("forward_chaining", "none, the training window is too short");
      outcome.chosen("model", "logistic").chosen("penalty", PENALTIES[0]);
      return new Choice(PENALTIES[0], false, null);
    }
    Dataset<Row> fit =
        fewer(panel.filter(col("chain").equalTo("fit")), counts.chain("fit").rows(), ENOUGH, seed);
    Dataset<Row> compare =
        fewer(
            panel.filter(col("chain").equalTo("compare")),
            counts.chain("compare").rows(),
            ENOUGH,
            seed);
    outcome.chosen("rows chosen on", fit.count()).chosen("rows compared on", compare.count());
    Dataset<Row> scored = compare;
    for (int place = 0; place < PENALTIES.length; place++) {
      scored = scored(logistic(fit, PENALTIES[place], ROUGHLY), scored, "logistic_" + place);
    }
    return SourceTables.kept(
        scored(trees(fit, seed), scored, "trees"), kept -> choose(kept, seed, outcome));
  }

  /** The reference of the penalty with the least loss, unless trees are better beyond chance. */
  private static Choice choose(Dataset<Row> scored, long seed, Outcome outcome) {
    int place = 0;
    double best = Double.POSITIVE_INFINITY;
    for (int tried = 0; tried < PENALTIES.length; tried++) {
      double loss = scored.agg(sum(loss("logistic_" + tried))).first().getDouble(0);
      if (loss < best) {
        best = loss;
        place = tried;
      }
    }
    Skill challenger =
        Skill.byFold(
                scored
                    .withColumn("model_loss", loss("trees"))
                    .withColumn("naive_loss", loss("logistic_" + place)),
                seed)
            .get(Split.Fold.TRAIN);
    String model = challenger.passes() ? "trees" : "logistic";
    outcome
        .chosen("model", model)
        .chosen("penalty", PENALTIES[place])
        .chosen(
            "skill of trees over logistic",
            "%.3f, 90 %% interval %.3f to %.3f"
                .formatted(challenger.estimate(), challenger.low(), challenger.high()));
    String score = challenger.passes() ? model : "logistic_" + place;
    return new Choice(
        PENALTIES[place],
        challenger.passes(),
        Isotonic.fit(scored.withColumn(SCORE, col(score)), SCORE, Isotonic.logOdds(col(SCORE))));
  }

  /** About as many rows as are wanted, in the same parts and order on any number of cores. */
  static Dataset<Row> fewer(Dataset<Row> rows, long all, long most, long seed) {
    if (all <= most) {
      return rows;
    }
    Column[] key = {col("importer"), col("product"), col("supplier"), col("as_of_year")};
    Column drawn = xxhash64(lit(seed), key[0], key[1], key[2], key[3]);
    return rows.filter(pmod(drawn, lit((long) DRAWS)).lt(DRAWS * most / all))
        .repartition(PARTS, key)
        .sortWithinPartitions(key);
  }

  private static Column loss(String score) {
    return Probabilities.logLoss(col("label"), Probabilities.clipped(col(score)))
        .multiply(col("weight"));
  }

  private static LogisticRegressionModel logistic(
      Dataset<Row> rows, double penalty, double tolerance) {
    LogisticRegressionModel model =
        new LogisticRegression()
            .setWeightCol("weight")
            .setRegParam(penalty)
            .setMaxIter(MOST_ITERATIONS)
            .setTol(tolerance)
            .fit(rows);
    if (model.summary().totalIterations() >= MOST_ITERATIONS) {
      throw new NotFitted("no convergence within %d iterations".formatted(MOST_ITERATIONS));
    }
    return model;
  }

  private static GBTClassificationModel trees(Dataset<Row> rows, long seed) {
    return new GBTClassifier()
        .setWeightCol("weight")
        .setMaxIter(TREES)
        .setMaxDepth(DEPTH)
        .setStepSize(0.3)
        .setMinInstancesPerNode(20)
        .setSeed(seed)
        .fit(rows);
  }

  /** Adds the probability of a new link, not yet calibrated. */
  static Dataset<Row> scored(
      ProbabilisticClassificationModel<Vector, ?> model, Dataset<Row> rows, String name) {
    return model
        .transform(rows)
        .withColumn(name, element_at(functions.vector_to_array(col("probability"), "float64"), 2))
        .drop("rawPrediction", "probability", "prediction");
  }

  static Dataset<Row> forecasts(
      Dataset<Row> scored, IsotonicRegressionModel calibration, IsotonicRegressionModel naive) {
    return naive
        .setPredictionCol("naive")
        .transform(calibration.setPredictionCol("model").transform(scored));
  }

  private static void save(MLWritable model, Path folder) throws IOException {
    model.write().overwrite().save(folder.toString());
  }

  // ---- score ----

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    return Map.of(Tables.ENTRY, score(tables, fitted, tables.asOfYear()));
  }

  /** Rows of the table entry as of a year. */
  Dataset<Row> score(SourceTables tables, Fitted fitted, int asOf) {
    String folder = fitted.folder().toString();
    LogisticRegressionModel logistic = LogisticRegressionModel.load(folder + "/logistic");
    Vector means = tables.spark().read().parquet(folder + "/means").first().<Vector>getAs("means");
    EntryScore score =
        new EntryScore(
            horizon,
            fitted.method() == Method.MODEL,
            hasTrees(tables, fitted) ? GBTClassificationModel.load(folder + "/trees") : logistic,
            IsotonicRegressionModel.load(folder + "/calibration"),
            IsotonicRegressionModel.load(folder + "/naive"),
            logistic.coefficients().toArray(),
            means.toArray());
    return candidates(tables, asOf).map(score, Encoders.row(EntryScore.SCHEMA));
  }

  private static boolean hasTrees(SourceTables tables, Fitted fitted) {
    try {
      Path trees = new Path(fitted.folder(), "trees");
      return trees.getFileSystem(tables.spark().sparkContext().hadoopConfiguration()).exists(trees);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
