package io.lodestone.trend;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.exchange.Rows;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Since;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * From dependency and supplier to the tables {@code trend}, {@code change}, {@code
 * dependence_spell} and {@code dependence_churn}.
 *
 * <p>A scan says which importers of which source have changed since their rows were made, in what
 * trends and changes read, which lies in the window. For these one exchange brings together all
 * that is known of an importer, and each table is one pass over that. {@code trend} is written
 * after {@code change}: until then its hashes say that the importers are still to be done. Spells
 * and churn are of all years: see {@link StateTables}.
 */
public final class Trends {
  private static final String STEP = "trend";
  private static final List<Table> WRITTEN =
      List.of(Tables.CHANGE, Tables.DEPENDENCE_SPELL, Tables.DEPENDENCE_CHURN, Tables.TREND);

  /** Rows of a task; an importer is never divided. */
  private static final long ROWS_A_TASK = 300_000;

  private final Lake lake;
  private final Settings.Trend settings;
  private final String hsBase;
  private final Goods goods;
  private final Gaps gaps;
  private final Scope scope;
  private final Optional<Since> since;
  private final List<String> measures;
  private final Progress progress;
  private final String recipe;

  private Trends(
      Lake lake,
      Settings settings,
      Goods goods,
      Gaps gaps,
      Scope scope,
      Optional<Since> since,
      Progress progress) {
    this.lake = lake;
    this.settings = settings.trend();
    this.hsBase = settings.hsBase();
    this.goods = goods;
    this.gaps = gaps;
    this.scope = scope;
    this.since = since;
    this.measures = Measure.of(this.settings.measures(), this.settings.suppliers());
    this.progress = progress;
    this.recipe =
        Fingerprint.of(
            List.of(this.settings.toString(), hsBase, goods.text(), Fingerprint.ofProgram()));
  }

  /**
   * Makes the rows of every (source, importer) again whose input has changed, or of all of them.
   *
   * @param scope whether nothing that stands is taken over
   * @param since what has changed, if that is known; else all that is read is looked at
   * @throws Failure if no row of dependency lies in the window, or two rows stand for one year
   */
  public static void run(
      Lake lake,
      Settings settings,
      Goods goods,
      Gaps gaps,
      Scope scope,
      Optional<Since> since,
      Progress progress,
      String fingerprint) {
    new Trends(lake, settings, goods, gaps, scope, since, progress).write(fingerprint);
  }

  private void write(String fingerprint) {
    requireYears(lake, Tables.DEPENDENCY, settings, STEP);
    Dataset<Row> input = input();
    boolean anew = scope.all() || !WRITTEN.stream().allMatch(lake::exists);
    Dataset<Row> earlier = anew ? lake.read(Tables.TREND).limit(0) : lake.read(Tables.TREND);
    Slices slices;
    if (anew) {
      slices = Slices.everything(input);
    } else if (since.isPresent()) {
      slices =
          slices(since.get().differing(this::read, List.of("source", "importer")).collectAsList());
    } else {
      slices = Slices.of(input, earlier, measures.get(0));
    }
    progress.line(
        "%s: %,d of %s importers have changed",
        STEP, slices.changed(), slices.all() < 0 ? "all" : "%,d".formatted(slices.all()));
    // Where all importers have changed, most of their series have: to read what they were costs
    // more.
    Dataset<Row> all =
        slices.isEverything() ? input : input.unionByName(SeriesInput.ofEarlier(earlier));
    StateTables states = new StateTables(lake, gaps, STEP, progress, fingerprint);
    Together.run(
        () -> writeTrends(all, slices, fingerprint),
        () -> since.filter(its -> !anew).ifPresentOrElse(states::makeAgain, states::makeAll));
  }

  /** Changes first: what trends were made from says whether an importer is still to be done. */
  private void writeTrends(Dataset<Row> input, Slices slices, String fingerprint) {
    if (slices.predicate().equals(Importers.NONE)) {
      lake.keep(Tables.CHANGE, STEP, fingerprint);
      lake.keep(Tables.TREND, STEP, fingerprint);
      return;
    }
    // One set of rows: the second table finds the exchange done.
    JavaRDD<InternalRow> grouped = Rows.internal(grouped(input, slices));
    int from = settings.fromYear();
    int to = settings.toYear();
    List<String> suppliers = settings.suppliers();
    Map<String, List<String>> codes = codesByGood();
    List<String> measured = measures;
    FlatMapFunction<Iterator<InternalRow>, InternalRow> changes =
        rows -> new SeriesPass(rows, from, to, new ChangeRows(suppliers, codes));
    FlatMapFunction<Iterator<InternalRow>, InternalRow> trends =
        rows -> new SeriesPass(rows, from, to, new TrendRows(measured, from, to));
    write(Tables.CHANGE, grouped.mapPartitions(changes), slices.predicate(), fingerprint);
    write(Tables.TREND, grouped.mapPartitions(trends), slices.predicate(), fingerprint);
  }

  /** Those that have changed since; of how many is not looked at. */
  private Slices slices(List<Row> changed) {
    int years = settings.toYear() - settings.fromYear() + 1;
    long read = changed.stream().mapToLong(slice -> slice.<Long>getAs("rows")).sum();
    return new Slices(
        Slices.UNKNOWN,
        changed.size(),
        Importers.are(changed),
        tasks(changed.size(), read * years, lake.spark()));
  }

  static int tasks(int importers, long rows, SparkSession spark) {
    return (int)
        Math.max(
            spark.sparkContext().defaultParallelism(),
            Math.min(Math.max(1, importers), rows / ROWS_A_TASK));
  }

  private static String key(Row slice) {
    return slice.getString(0) + "|" + slice.getString(1);
  }

  /** What trends and changes read. */
  private Dataset<Row> input() {
    return SeriesInput.ofDependency(lake.read(Tables.DEPENDENCY), isIn(settings), recipe)
        .unionByName(SeriesInput.ofSuppliers(lake.read(Tables.SUPPLIER), isIn(settings), recipe));
  }

  /** Importers with a hash of what trends and changes read of a row in the window. */
  private Dataset<Row> read(Function<Table, Dataset<Row>> read) {
    return hashed(read.apply(Tables.DEPENDENCY), SeriesInput.READ_OF_DEPENDENCY)
        .unionByName(hashed(read.apply(Tables.SUPPLIER), SeriesInput.READ_OF_SUPPLIER));
  }

  private Dataset<Row> hashed(Dataset<Row> rows, List<String> read) {
    return rows.where(isIn(settings))
        .select(col("source"), col("importer"), SeriesInput.hash(recipe, read).as(Since.HASH));
  }

  private void write(Table table, JavaRDD<InternalRow> rows, String importers, String fingerprint) {
    lake.replace(
        table, Rows.dataset(lake.spark(), rows, table.schema()), importers, STEP, fingerprint);
  }

  /**
   * Before any work: whether the window has anything to work on.
   *
   * @throws Failure if a table has rows, and none of them lies in the window
   */
  static void requireYears(Lake lake, Table table, Settings.Trend window, String step) {
    Dataset<Row> rows = lake.read(table);
    if (rows.filter(isIn(window)).isEmpty() && !rows.isEmpty()) {
      throw Failure.usage(
          "Cannot compute %s: no row of %s lies in %syears = %d-%d; name years that the records cover."
              .formatted(step, table.name(), Settings.PREFIX, window.fromYear(), window.toYear()));
    }
  }

  /** Whether a row's year lies in the window. */
  static Column isIn(Settings.Trend window) {
    return col("year").geq(window.fromYear()).and(col("year").leq(window.toYear()));
  }

  /** Rows of the changed importers, an importer in one task and a series in one stretch. */
  private static Dataset<Row> grouped(Dataset<Row> rows, Slices slices) {
    return rows.where(slices.predicate())
        .repartition(slices.tasks(), col("source"), col("importer"))
        .sortWithinPartitions("series_order");
  }

  /** Goods of several six-digit codes that stand in supplier as they are. */
  private Map<String, List<String>> codesByGood() {
    Map<String, List<String>> codes = new TreeMap<>();
    Set<String> others = new HashSet<>();
    Map<Goods.Member, String> products = goods.products(hsBase);
    for (Goods.Member member : goods.members()) {
      String product = products.get(member);
      if (product == null) {
        others.add(member.good());
      } else if (!codes
          .computeIfAbsent(member.good(), good -> new ArrayList<>())
          .contains(product)) {
        codes.get(member.good()).add(product);
      }
    }
    codes.keySet().removeAll(others);
    codes.values().removeIf(list -> list.size() < 2);
    return codes;
  }

  /**
   * The importers whose rows are made again.
   *
   * @param all how many there are
   * @param changed how many of them are made again
   * @param predicate that holds for these and those that have gone
   * @param tasks that make them
   */
  private record Slices(int all, int changed, String predicate, int tasks) {

    private static final int UNKNOWN = -1;
    private static final String ALL = "true";

    boolean isEverything() {
      return predicate.equals(ALL);
    }

    /** By the hashes that the trend was made from. */
    static Slices of(Dataset<Row> input, Dataset<Row> trend, String anyMeasure) {
      Map<String, Row> before = new HashMap<>();
      for (Row slice : SeriesInput.slicesOfEarlier(trend, anyMeasure).collectAsList()) {
        before.put(key(slice), slice);
      }
      List<Row> slices = SeriesInput.slices(input).collectAsList();
      List<Row> changed = new ArrayList<>();
      long rows = 0;
      for (Row slice : slices) {
        Row was = before.remove(key(slice));
        if (was == null || slice.getLong(2) != was.getLong(2)) {
          changed.add(slice);
          rows += slice.<Long>getAs("rows");
        }
      }
      int number = changed.size();
      changed.addAll(before.values());
      return new Slices(
          slices.size(),
          number,
          number == slices.size() ? ALL : Importers.are(changed),
          Trends.tasks(number, rows, input.sparkSession()));
    }

    /** All there are; what they are made from need not be looked at. */
    static Slices everything(Dataset<Row> input) {
      List<Row> all =
          input.groupBy("source", "importer").agg(count(lit(1)).as("rows")).collectAsList();
      return new Slices(
          all.size(),
          all.size(),
          ALL,
          Trends.tasks(
              all.size(),
              all.stream().mapToLong(slice -> slice.getLong(2)).sum(),
              input.sparkSession()));
    }
  }
}
