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
import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Rows;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
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
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
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
 * <p>One scan says which importers of which source have changed since their rows were made; one
 * exchange brings together all that is known of each of them; each table is one pass over that.
 * {@code trend} is written last: until then its hashes say that the importers are still to be done.
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
  private final Scope scope;
  private final Optional<Since> since;
  private final List<String> measures;
  private final Progress progress;
  private final String recipe;

  /**
   * How the tables stood that the present rows were made from.
   *
   * @param lake with the tables as they were
   * @param slices by table, a predicate that holds where they have changed since
   */
  public record Since(Lake lake, Map<String, String> slices) {}

  private Trends(
      Lake lake,
      Settings settings,
      Goods goods,
      Scope scope,
      Optional<Since> since,
      Progress progress) {
    this.lake = lake;
    this.settings = settings.trend();
    this.hsBase = settings.hsBase();
    this.goods = goods;
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
      Scope scope,
      Optional<Since> since,
      Progress progress,
      String fingerprint) {
    new Trends(lake, settings, goods, scope, since, progress).write(fingerprint);
  }

  private void write(String fingerprint) {
    requireYears(lake, Tables.DEPENDENCY, settings, STEP);
    Dataset<Row> input = input(lake, Map.of());
    boolean anew = scope.all() || !WRITTEN.stream().allMatch(lake::exists);
    Dataset<Row> earlier = anew ? lake.read(Tables.TREND).limit(0) : lake.read(Tables.TREND);
    Slices slices;
    Slices states;
    if (anew) {
      slices = Slices.everything(input);
      states = slices;
    } else if (since.isPresent()) {
      Compared compared = new Compared(input(lake, since.get().slices()), before());
      slices = compared.slices("window_hash", "window_rows");
      states = compared.slices("hash", "input_rows");
    } else {
      slices = Slices.of(slices(input), earlier, measures.get(0), lake.spark());
      states = Slices.everything(input);
    }
    progress.line(
        "%s: %,d of %s importers have changed, spells and lists of %,d are looked at",
        STEP,
        slices.changed().size(),
        slices.all() < 0 ? "all" : "%,d".formatted(slices.all()),
        states.changed().size());
    // One set of rows: the tables after the first find the exchange done.
    JavaRDD<InternalRow> grouped =
        Rows.internal(grouped(input.unionByName(SeriesInput.ofEarlier(earlier)), slices));
    int from = settings.fromYear();
    int to = settings.toYear();
    List<String> suppliers = settings.suppliers();
    Map<String, List<String>> codes = codesByGood();
    List<String> measured = measures;
    write(Tables.CHANGE, grouped, () -> new ChangeRows(suppliers, codes), slices, fingerprint);
    // The lists are short: a row an importer, year, kind and basis, found on the way to the spells.
    Gathered<List<InternalRow>> churn = Gathered.in(lake.spark().sparkContext());
    JavaRDD<InternalRow> ofStates =
        states == slices ? grouped : Rows.internal(grouped(states(), states));
    write(Tables.DEPENDENCE_SPELL, ofStates, () -> new StateRows(churn), states, fingerprint);
    List<InternalRow> lists = churn.value().values().stream().flatMap(List::stream).toList();
    JavaRDD<InternalRow> ofLists =
        JavaSparkContext.fromSparkContext(lake.spark().sparkContext()).parallelize(lists, 1);
    write(Tables.DEPENDENCE_CHURN, ofLists, states, fingerprint);
    write(Tables.TREND, grouped, () -> new TrendRows(measured, from, to), slices, fingerprint);
  }

  private Dataset<Row> before() {
    return input(since.get().lake(), since.get().slices());
  }

  private List<Row> slices(Dataset<Row> input) {
    return SeriesInput.slices(input, settings.fromYear(), settings.toYear()).collectAsList();
  }

  /** All that states are followed in. */
  private Dataset<Row> states() {
    return SeriesInput.ofDependency(lake.read(Tables.DEPENDENCY), recipe);
  }

  /** Slices as they are and as they were; what is not there has the hash 0 of 0 rows. */
  private final class Compared {
    private final Map<String, Row> now = new TreeMap<>();
    private final Map<String, Row> before = new TreeMap<>();

    Compared(Dataset<Row> now, Dataset<Row> before) {
      Trends.this.slices(now).forEach(slice -> this.now.put(key(slice), slice));
      Trends.this.slices(before).forEach(slice -> this.before.put(key(slice), slice));
    }

    /** Hash and number: two rows alike cancel out in the hash. */
    private boolean differ(String key, String hash, String rows) {
      return of(now, key, hash) != of(before, key, hash)
          || of(now, key, rows) != of(before, key, rows);
    }

    private long of(Map<String, Row> slices, String key, String column) {
      return slices.containsKey(key) ? slices.get(key).<Long>getAs(column) : 0;
    }

    Slices slices(String hash, String rows) {
      List<Row> changed =
          now.keySet().stream().filter(key -> differ(key, hash, rows)).map(now::get).toList();
      Set<String> gone = new TreeSet<>(before.keySet());
      gone.removeAll(now.keySet());
      gone.removeIf(key -> !differ(key, hash, rows));
      int years = settings.toYear() - settings.fromYear() + 1;
      long read = changed.stream().mapToLong(slice -> slice.<Long>getAs("input_rows")).sum();
      return new Slices(
          Slices.UNKNOWN,
          changed,
          gone,
          read * years,
          lake.spark().sparkContext().defaultParallelism());
    }
  }

  private static String key(Row slice) {
    return slice.getString(0) + "|" + slice.getString(1);
  }

  /** What is read, or slices of it by table. */
  private Dataset<Row> input(Lake from, Map<String, String> slices) {
    return SeriesInput.ofDependency(slice(from, Tables.DEPENDENCY, slices), recipe)
        .unionByName(
            SeriesInput.ofSuppliers(
                slice(from, Tables.SUPPLIER, slices),
                settings.fromYear(),
                settings.toYear(),
                recipe));
  }

  private static Dataset<Row> slice(Lake from, Table table, Map<String, String> slices) {
    return from.read(table).where(slices.getOrDefault(table.name(), "true"));
  }

  /** Makes a reader on the executor. */
  private interface Readers extends Supplier<SeriesPass.Reader>, java.io.Serializable {}

  private void write(
      Table table,
      JavaRDD<InternalRow> grouped,
      Readers readers,
      Slices slices,
      String fingerprint) {
    int from = settings.fromYear();
    int to = settings.toYear();
    FlatMapFunction<Iterator<InternalRow>, InternalRow> pass =
        rows -> new SeriesPass(rows, from, to, readers.get());
    write(table, grouped.mapPartitions(pass), slices, fingerprint);
  }

  private void write(Table table, JavaRDD<InternalRow> rows, Slices slices, String fingerprint) {
    lake.replace(
        table,
        Rows.dataset(lake.spark(), rows, table.schema()),
        slices.predicate(),
        STEP,
        fingerprint);
  }

  /**
   * Before any work: whether the window has anything to work on.
   *
   * @throws Failure if a table has rows, and none of them lies in the window
   */
  static void requireYears(Lake lake, Table table, Settings.Trend window, String step) {
    Dataset<Row> rows = lake.read(table);
    Column inWindow = col("year").geq(window.fromYear()).and(col("year").leq(window.toYear()));
    if (rows.filter(inWindow).isEmpty() && !rows.isEmpty()) {
      throw Failure.usage(
          "Cannot compute %s: no row of %s lies in %syears = %d-%d; name years that the records cover."
              .formatted(step, table.name(), Settings.PREFIX, window.fromYear(), window.toYear()));
    }
  }

  /** Rows of the changed importers, an importer in one task and a series in one stretch. */
  private static Dataset<Row> grouped(Dataset<Row> rows, Slices slices) {
    return rows.filter(slices.condition())
        .repartition(slices.tasks(), col("source"), col("importer"))
        .sortWithinPartitions("series_order");
  }

  /** Goods of several six-digit codes that stand in supplier as they are. */
  private Map<String, List<String>> codesByGood() {
    Map<String, List<String>> codes = new TreeMap<>();
    Set<String> others = new HashSet<>();
    for (Goods.Member member : goods.members()) {
      boolean asItStands =
          !member.isNational()
              && (hsBase.equals(Settings.AS_REPORTED) || member.revision().equals(hsBase));
      if (!asItStands) {
        others.add(member.good());
      } else if (!codes
          .computeIfAbsent(member.good(), good -> new ArrayList<>())
          .contains(member.code())) {
        codes.get(member.good()).add(member.code());
      }
    }
    codes.keySet().removeAll(others);
    codes.values().removeIf(list -> list.size() < 2);
    return codes;
  }

  /** The importers whose rows are made again. */
  private record Slices(int all, List<Row> changed, Set<String> gone, long rows, int parallelism) {

    private static final int UNKNOWN = -1;

    /** By the hashes that the trend was made from. */
    static Slices of(List<Row> slices, Dataset<Row> trend, String anyMeasure, SparkSession spark) {
      Map<String, Long> before = new HashMap<>();
      for (Row slice : SeriesInput.slicesOfEarlier(trend, anyMeasure).collectAsList()) {
        before.put(key(slice), slice.getLong(2));
      }
      List<Row> changed = new ArrayList<>();
      long rows = 0;
      for (Row slice : slices) {
        Long was = before.remove(key(slice));
        if (!slice.<Long>getAs("window_hash").equals(was)) {
          changed.add(slice);
          rows += slice.<Long>getAs("input_rows");
        }
      }
      return new Slices(
          slices.size(), changed, before.keySet(), rows, spark.sparkContext().defaultParallelism());
    }

    /** All there are; what they are made from need not be looked at. */
    static Slices everything(Dataset<Row> input) {
      List<Row> all =
          input.groupBy("source", "importer").agg(count(lit(1)).as("rows")).collectAsList();
      return new Slices(
          all.size(),
          all,
          Set.of(),
          all.stream().mapToLong(slice -> slice.getLong(2)).sum(),
          input.sparkSession().sparkContext().defaultParallelism());
    }

    int tasks() {
      return (int) Math.max(parallelism, Math.min(Math.max(1, changed.size()), rows / ROWS_A_TASK));
    }

    private Map<String, Set<String>> importersBySource() {
      Map<String, Set<String>> importers = new TreeMap<>();
      for (Row slice : changed) {
        importers
            .computeIfAbsent(slice.getString(0), source -> new TreeSet<>())
            .add(slice.getString(1));
      }
      for (String slice : gone) {
        String[] parts = slice.split("\\|");
        importers.computeIfAbsent(parts[0], source -> new TreeSet<>()).add(parts[1]);
      }
      return importers;
    }

    /** For reading. */
    Column condition() {
      Column condition = lit(false);
      for (Map.Entry<String, Set<String>> source : importersBySource().entrySet()) {
        condition =
            condition.or(
                col("source")
                    .equalTo(source.getKey())
                    .and(col("importer").isin(source.getValue().toArray())));
      }
      return condition;
    }

    /** For writing; what is replaced where nothing has changed is nothing. */
    String predicate() {
      if (changed.size() == all) {
        return "true";
      }
      List<String> parts = new ArrayList<>();
      importersBySource()
          .forEach(
              (source, importers) ->
                  parts.add(
                      "(source = '%s' AND importer IN (%s))"
                          .formatted(
                              quoted(source),
                              String.join(
                                  ", ",
                                  importers.stream()
                                      .map(name -> "'" + quoted(name) + "'")
                                      .toList()))));
      return parts.isEmpty() ? "source = '' AND importer = ''" : String.join(" OR ", parts);
    }

    private static String quoted(String text) {
      return text.replace("'", "\\'");
    }
  }
}
