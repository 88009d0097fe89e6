package io.lodestone.dependency;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.lodestone.Progress;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.exchange.Exchange;
import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Rows;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * From flow to the tables {@code supplier}, {@code world_trade}, {@code dependency} and {@code
 * series_before}.
 *
 * <p>Flow is read in the order in which it lies, a file a task, so that all records of a product in
 * a year come one after another. A first pass makes cells and sums and sends them by product: there
 * all years, importers and sources of a product meet, which is all that coverage, the world's
 * concentration and the states of series need. A second pass writes the suppliers, which need
 * nothing from elsewhere. The tables are written side by side.
 *
 * <p>Where it is known which slices of flow have changed, suppliers of these are made again, and
 * world trade and dependency of a {@link Renewal}: the years from the first changed one on. Earlier
 * years come into the exchange as the tables hold them; where only years have changed that no
 * importer of a source reports whole, in the few words of {@code series_before}, so that a month
 * costs the same after eight years and after sixteen. What else may hang on a change is looked for:
 * a mirror's coverage of an earlier year, since it rests on the usual imports of all whole years.
 * All slices at once are the same passes with nothing to take over.
 */
public final class Dependency {
  private static final String STEP = "dependency";

  /** Cells that a task holds and sorts: about 100 MB. */
  private static final long MOST_CELLS = 500_000;

  /** A year of a source, as it changed in flow. */
  private record Slice(int source, int year) implements java.io.Serializable {}

  private final Lake lake;
  private final Setting setting;
  private final GoodMembers members;
  private final Progress progress;

  private Dependency(
      Lake lake,
      Settings settings,
      Goods goods,
      Gaps gaps,
      Map<String, Source> sources,
      Progress progress) {
    this.lake = lake;
    this.setting = Setting.of(sources, goods, gaps);
    this.members = new GoodMembers(goods, setting.goods(), settings.hsBase());
    this.progress = progress;
  }

  /**
   * Makes the tables again, or what has changed of them.
   *
   * @param changed values of the partition columns of flow's slices that have changed since; empty
   *     to make everything again
   */
  public static void run(
      Lake lake,
      Settings settings,
      Goods goods,
      Gaps gaps,
      Map<String, Source> sources,
      Optional<Set<Map<String, String>>> changed,
      Progress progress,
      String fingerprint) {
    Dependency dependency = new Dependency(lake, settings, goods, gaps, sources, progress);
    if (changed.isEmpty()) {
      dependency.makeEverything(fingerprint);
    } else {
      dependency.makeAgain(dependency.slices(changed.get()), fingerprint);
    }
  }

  private Set<Slice> slices(Set<Map<String, String>> partitions) {
    Map<String, Integer> numbers = setting.sourceNumbers();
    return partitions.stream()
        .map(
            values ->
                new Slice(numbers.get(values.get("source")), Integer.parseInt(values.get("year"))))
        .collect(Collectors.toSet());
  }

  private void makeEverything(String fingerprint) {
    Renewal renewal = Renewal.ofEverything(setting.sources().size());
    Sent sent = fromFlow(renewal.predicate(setting.sources()));
    write(sent, renewal, Optional.empty(), "true", Map.of(), Renewal.NOTHING, renewal, fingerprint);
  }

  private void makeAgain(Set<Slice> changed, String fingerprint) {
    Setting its = setting;
    List<String> sources = setting.sources();
    Renewal first = renewal(changed);
    Sent sent = fromFlow(first.predicate(sources));
    Map<Integer, Integer> lastWhole = lastWholeYears();
    List<Integer> whole = withWholeYears(sent, first, lastWhole);
    Renewal open = first.of(whole);
    Renewal settled =
        first.of(first.inPart().stream().filter(source -> !whole.contains(source)).toList());
    sent = withPast(sent, open.earlier(sources));
    sent = withPast(withBefore(sent, settled), settled.earlier(sources, lastWhole));
    // What an importer usually buys is known of whole years only.
    boolean usualMayChange =
        whole.stream().anyMatch(source -> setting.worlds().get(source).equals(WorldTrade.MIRROR));
    Map<Long, Double> covered = usualMayChange ? coverages(sent, first, whole) : Map.of();
    MirrorChanges mirrors =
        MirrorChanges.of(
            usualMayChange ? mirrors(open.earlier(sources)).collectAsList() : List.of(),
            covered,
            setting);
    Renewal renewal = first;
    for (Map.Entry<Integer, Integer> source : mirrors.firstCrossed().entrySet()) {
      renewal = renewal.and(source.getKey(), source.getValue());
    }
    if (!mirrors.firstCrossed().isEmpty()) {
      sent = sent.and(fromFlow(renewal.beyond(first, sources)));
    }
    String reconciled = renewal.reconciled(setting);
    if (!reconciled.equals(Renewal.NOTHING)) {
      sent =
          sent.and(
              fromTable(
                  Tables.WORLD_TRADE,
                  "(%s) AND world_basis = '%s'".formatted(reconciled, WorldTrade.BACI),
                  StoredPass.WORLD,
                  (rows, at, findings) -> StoredPass.ofWorld(rows, at, its, findings)));
    }
    progress.line(
        "%s: %,d slices of flow have changed; made again: %s",
        STEP, changed.size(), renewal.predicate(sources));
    write(
        sent,
        renewal,
        Optional.of(changed),
        Renewal.anyOf(
            changed.stream()
                .map(slice -> Renewal.slice(sources.get(slice.source()), slice.year()))
                .sorted()
                .toList()),
        covered,
        mirrors.beside(renewal),
        open,
        fingerprint);
  }

  /** Adds years of series as the table holds them. */
  private Sent withPast(Sent sent, String slices) {
    Setting its = setting;
    return slices.equals(Renewal.NOTHING)
        ? sent
        : sent.and(
            fromTable(
                Tables.DEPENDENCY,
                slices,
                StoredPass.PAST,
                (rows, at, findings) -> StoredPass.ofPast(rows, at, its, findings)));
  }

  /** Adds what stands for the years of series up to the last whole one of their source. */
  private Sent withBefore(Sent sent, Renewal renewal) {
    Setting its = setting;
    String slices = renewal.ofSources(setting.sources());
    return slices.equals(Renewal.NOTHING)
        ? sent
        : sent.and(
            fromTable(
                Tables.SERIES_BEFORE,
                slices,
                StoredPass.BEFORE,
                (rows, at, findings) -> StoredPass.ofBefore(rows, at, its, findings)));
  }

  /** By source the last year of which an importer reported all months; that of the tables. */
  private Map<Integer, Integer> lastWholeYears() {
    Map<String, Integer> numbers = setting.sourceNumbers();
    Map<Integer, Integer> last = new HashMap<>();
    lake.read(Tables.SERIES_BEFORE)
        .groupBy("source")
        .agg(functions.max("until"))
        .collectAsList()
        .forEach(row -> last.put(numbers.get(row.getString(0)), row.getInt(1)));
    return last;
  }

  /** From a changed year on, and after one of BACI in all sources, since it is the world of all. */
  private Renewal renewal(Set<Slice> changed) {
    Renewal renewal = Renewal.ofNothing(setting.sources().size());
    for (Slice slice : changed) {
      renewal = renewal.and(slice.source(), slice.year());
      if (setting.worlds().get(slice.source()).equals(WorldTrade.BACI)) {
        for (int source = 0; source < setting.sources().size(); source++) {
          renewal = renewal.and(source, slice.year());
        }
      }
    }
    return renewal;
  }

  /**
   * What has been sent by product.
   *
   * @param flow what passes over flow found; past: what passes over tables found
   */
  private record Sent(
      Exchange exchange,
      List<Gathered<FlowPass.Findings>> flow,
      List<Gathered<FlowPass.Findings>> past) {

    Sent and(Sent other) {
      return new Sent(exchange.and(other.exchange), both(flow, other.flow), both(past, other.past));
    }

    private static List<Gathered<FlowPass.Findings>> both(
        List<Gathered<FlowPass.Findings>> some, List<Gathered<FlowPass.Findings>> others) {
      return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Records by bin. */
    long[] sizes() {
      long[] sizes = new long[ProductBins.all()];
      for (Gathered<FlowPass.Findings> gathered : both(flow, past)) {
        for (FlowPass.Findings found : gathered.value().values()) {
          for (int bin = 0; bin < sizes.length; bin++) {
            sizes[bin] += found.sent()[bin];
          }
        }
      }
      return sizes;
    }

    Reporting reporting(Renewal renewal) {
      ReportingBits bits = new ReportingBits();
      flow.forEach(found -> found.value().values().forEach(task -> bits.add(task.reporting())));
      past.forEach(
          found -> found.value().values().forEach(task -> bits.addPast(task.reporting(), renewal)));
      return new Reporting(bits);
    }
  }

  private Rows.Scan flow(String slices) {
    return Rows.scan(lake.readInOrder(Tables.FLOW).where(slices), ProductYears.COLUMNS);
  }

  private Sent fromFlow(String slices) {
    Gathered<FlowPass.Findings> findings = Gathered.in(lake.spark().sparkContext());
    Rows.Scan flow = flow(slices);
    Setting its = setting;
    GoodMembers itsMembers = members;
    int[] places = flow.places();
    FlatMapFunction<Iterator<InternalRow>, Tuple2<Integer, byte[]>> pass =
        rows -> {
          ReportingBits reporting = new ReportingBits();
          ProductYears groups =
              new ProductYears(rows, places, its.sourceNumbers(), itsMembers, reporting);
          return new FlowPass(groups, reporting, its, findings);
        };
    Exchange exchange = Exchange.of(flow.rows().mapPartitions(pass), ProductBins.all());
    exchange.send();
    return new Sent(exchange, List.of(findings), List.of());
  }

  /** A pass over stored rows, made on the executor. */
  private interface Stored extends java.io.Serializable {
    StoredPass of(Iterator<InternalRow> rows, int[] at, Gathered<FlowPass.Findings> findings);
  }

  private Sent fromTable(Table table, String slices, List<String> columns, Stored stored) {
    Gathered<FlowPass.Findings> findings = Gathered.in(lake.spark().sparkContext());
    Rows.Scan scan = Rows.scan(lake.read(table).where(slices), columns);
    int[] places = scan.places();
    FlatMapFunction<Iterator<InternalRow>, Tuple2<Integer, byte[]>> pass =
        rows -> stored.of(rows, places, findings);
    Exchange exchange = Exchange.of(scan.rows().mapPartitions(pass), ProductBins.all());
    exchange.send();
    return new Sent(exchange, List.of(), List.of(findings));
  }

  /**
   * Sources of which an importer has a whole year in what is made again, or had one. Else what
   * earlier years say is what it was, and a mirror's coverage of them too: a year under way says
   * nothing of what is usual.
   */
  private List<Integer> withWholeYears(
      Sent sent, Renewal renewal, Map<Integer, Integer> lastWhole) {
    Map<Integer, Integer> now = sent.reporting(renewal).lastWholeYears();
    return renewal.inPart().stream()
        .filter(
            source ->
                renewal.includes(source, now.getOrDefault(source, 0))
                    || renewal.includes(source, lastWhole.getOrDefault(source, 0)))
        .toList();
  }

  /**
   * Coverage of mirrors by slice and product, of years before those that are made again.
   *
   * @param sources of which all years are known
   */
  private Map<Long, Double> coverages(Sent sent, Renewal renewal, List<Integer> sources) {
    Setting its = setting;
    Reporting reporting = sent.reporting(renewal);
    Map<Long, Double> coverages = new HashMap<>();
    OfProducts<Map<Long, Double>> ofTask =
        rows -> {
          Map<Long, Double> found = new WorldTrade(rows, its, reporting).coverages();
          found
              .keySet()
              .removeIf(
                  key ->
                      !sources.contains(Packed.sourceOfSlice(key))
                          || renewal.includes(Packed.sourceOfSlice(key), Packed.yearOfSlice(key)));
          return List.of(found).iterator();
        };
    products(sent, renewal, reporting, ofTask)
        .ifPresent(rows -> rows.collect().forEach(coverages::putAll));
    return coverages;
  }

  /** By slice and product what mirrors are said to cover, a row each. */
  private Dataset<Row> mirrors(String slices) {
    return lake.read(Tables.WORLD_TRADE)
        .where(slices)
        .where(col("world_basis").equalTo(WorldTrade.MIRROR))
        .select("source", "year", "product", "coverage")
        .distinct();
  }

  /** Rows of mirrors with the coverage of today. */
  private Dataset<Row> covered(Dataset<Row> rows, Map<Long, Double> coverages) {
    StructType schema =
        StructType.fromDDL(
            "source STRING, year INT, product STRING, world_basis STRING, now DOUBLE");
    List<Row> now = new ArrayList<>();
    coverages.forEach(
        (key, covered) ->
            now.add(
                RowFactory.create(
                    setting.sources().get(Packed.sourceOfSlice(key)),
                    Packed.yearOfSlice(key),
                    setting.product(Packed.productOfSlice(key)),
                    WorldTrade.MIRROR,
                    covered)));
    return rows.join(
            broadcast(lake.spark().createDataFrame(now, schema)),
            CollectionConverters.asScala(List.of("source", "year", "product", "world_basis"))
                .toSeq(),
            "left")
        .withColumn("coverage", col("now"))
        .select(
            Stream.of(Tables.WORLD_TRADE.columnNames()).map(functions::col).toArray(Column[]::new));
  }

  /**
   * Writes the tables.
   *
   * @param changed slices of suppliers; empty for all
   * @param suppliers the same as a predicate
   * @param covered coverage of mirrors by slice and product
   * @param coveredAnew slices of world trade of which only the coverage has changed
   * @param open of which sources what the years up to the last whole one say may be another
   */
  private void write(
      Sent sent,
      Renewal renewal,
      Optional<Set<Slice>> changed,
      String suppliers,
      Map<Long, Double> covered,
      String coveredAnew,
      Renewal open,
      String fingerprint) {
    String slices = renewal.predicate(setting.sources());
    Reporting reporting = sent.reporting(renewal);
    Together.run(
        () ->
            lake.replace(
                Tables.SUPPLIER, suppliers(sent, changed, suppliers), suppliers, STEP, fingerprint),
        () -> {
          Dataset<Row> computed = worldTrade(sent, renewal, reporting);
          if (coveredAnew.equals(Renewal.NOTHING)) {
            lake.replace(Tables.WORLD_TRADE, computed, slices, STEP, fingerprint);
          } else {
            lake.replace(
                Tables.WORLD_TRADE,
                computed.unionByName(
                    covered(lake.read(Tables.WORLD_TRADE).where(coveredAnew), covered)),
                "%s OR %s".formatted(slices, coveredAnew),
                STEP,
                fingerprint);
          }
        },
        () ->
            lake.replace(
                Tables.DEPENDENCY, dependency(sent, renewal, reporting), slices, STEP, fingerprint),
        () -> {
          String sources = open.isEverything() ? "true" : open.ofSources(setting.sources());
          if (sources.equals(Renewal.NOTHING)) {
            lake.keep(Tables.SERIES_BEFORE, STEP, fingerprint);
          } else {
            lake.replace(
                Tables.SERIES_BEFORE,
                before(sent, renewal, reporting, open),
                sources,
                STEP,
                fingerprint);
          }
        });
  }

  private Dataset<Row> suppliers(Sent sent, Optional<Set<Slice>> changed, String slices) {
    Setting its = setting;
    Rows.Scan flow = flow(slices);
    long[] sizes = sent.sizes();
    boolean all = changed.isEmpty();
    Set<Slice> wanted = changed.orElse(Set.of());
    int[] places = flow.places();
    FlatMapFunction<Iterator<InternalRow>, InternalRow> ofProducts =
        rows -> {
          ProductYears groups =
              new ProductYears(
                  rows, places, its.sourceNumbers(), GoodMembers.none(), new ReportingBits());
          return new SupplierRows(() -> group(groups), its);
        };
    FlatMapFunction<Iterator<Tuple2<Integer, byte[]>>, InternalRow> ofGoods =
        blocks -> {
          Deque<SupplierRows.Group> groups = new ArrayDeque<>();
          ProductRows.received(blocks)
              .forEachGood(
                  good -> {
                    if (all || wanted.contains(new Slice(good.source(), good.year()))) {
                      groups.add(
                          new SupplierRows.Group(
                              good.source(), good.year(), good.product(), good.cells().imports()));
                    }
                  });
          return new SupplierRows(groups::poll, its);
        };
    JavaRDD<InternalRow> rows = flow.rows().mapPartitions(ofProducts);
    List<int[]> tasks =
        Exchange.tasks(
            ProductBins.PRODUCTS,
            bin -> sizes[ProductBins.GOODS * ProductBins.PRODUCTS + bin],
            MOST_CELLS);
    if (!tasks.isEmpty()) {
      List<int[]> bins =
          tasks.stream()
              .map(
                  products ->
                      IntStream.of(products)
                          .map(bin -> ProductBins.GOODS * ProductBins.PRODUCTS + bin)
                          .toArray())
              .toList();
      rows = rows.union(sent.exchange().received(bins).mapPartitions(ofGoods));
    }
    return Rows.dataset(lake.spark(), rows, Tables.SUPPLIER.schema());
  }

  private static SupplierRows.Group group(ProductYears groups) {
    if (!groups.next()) {
      return null;
    }
    ProductCells cells = ProductCells.ofProduct();
    for (int place = 0; place < groups.size(); place++) {
      cells.add(groups.record(place));
    }
    return new SupplierRows.Group(
        groups.source(), groups.year(), groups.product(), cells.imports());
  }

  private Dataset<Row> worldTrade(Sent sent, Renewal renewal, Reporting reporting) {
    Setting its = setting;
    return ofProducts(
        sent,
        renewal,
        reporting,
        rows -> new WorldTradeRows(new WorldTrade(rows, its, reporting), its, renewal),
        Tables.WORLD_TRADE.schema());
  }

  private Dataset<Row> dependency(Sent sent, Renewal renewal, Reporting reporting) {
    Setting its = setting;
    return ofProducts(
        sent,
        renewal,
        reporting,
        rows -> new DependencyRows(cursor(rows, its, reporting), its),
        Tables.DEPENDENCY.schema());
  }

  private Dataset<Row> before(Sent sent, Renewal renewal, Reporting reporting, Renewal open) {
    Setting its = setting;
    Map<Integer, Integer> lastWhole = new HashMap<>(reporting.lastWholeYears());
    lastWhole.keySet().removeIf(source -> !open.has(source));
    return ofProducts(
        sent,
        renewal,
        reporting,
        rows -> new SeriesBeforeRows(cursor(rows, its, reporting), its, lastWhole),
        Tables.SERIES_BEFORE.schema());
  }

  private static SeriesCursor cursor(ProductRows rows, Setting setting, Reporting reporting) {
    return new SeriesCursor(rows, new WorldTrade(rows, setting, reporting), setting, reporting);
  }

  /** What is made of the products of a task. */
  private interface OfProducts<T> extends java.io.Serializable {
    Iterator<T> of(ProductRows received);
  }

  private Dataset<Row> ofProducts(
      Sent sent,
      Renewal renewal,
      Reporting reporting,
      OfProducts<InternalRow> make,
      StructType schema) {
    return products(sent, renewal, reporting, make)
        .map(rows -> Rows.dataset(lake.spark(), rows, schema))
        .orElseGet(() -> lake.spark().createDataFrame(List.of(), schema));
  }

  /** All that was sent, some products a task; empty if nothing was. */
  private <T> Optional<JavaRDD<T>> products(
      Sent sent, Renewal renewal, Reporting reporting, OfProducts<T> make) {
    long[] sizes = sent.sizes();
    long cells =
        IntStream.range(0, ProductBins.PRODUCTS).mapToLong(bin -> weight(sizes, bin)).sum();
    int cores = lake.spark().sparkContext().defaultParallelism();
    List<int[]> tasks =
        Exchange.tasks(
            ProductBins.PRODUCTS,
            bin -> weight(sizes, bin),
            Math.min(MOST_CELLS, Math.max(1, cells / cores + cells / ProductBins.PRODUCTS)));
    if (tasks.isEmpty()) {
      return Optional.empty();
    }
    Setting its = setting;
    FlatMapFunction<Iterator<Tuple2<Integer, byte[]>>, T> toRows =
        blocks ->
            make.of(
                ProductRows.received(blocks)
                    .madeAgain(renewal)
                    .withGoods(its.worlds())
                    .reported(reporting)
                    .withGaps(its, reporting, renewal));
    return Optional.of(
        sent.exchange()
            .received(tasks.stream().map(ProductBins::ofProducts).toList())
            .mapPartitions(toRows));
  }

  /** What the products of a bin weigh: cells, and records of which several make one. */
  private static long weight(long[] sizes, int products) {
    return sizes[ProductBins.CELLS * ProductBins.PRODUCTS + products]
        + cells(sizes[ProductBins.WORLD * ProductBins.PRODUCTS + products])
        + cells(sizes[ProductBins.OWN * ProductBins.PRODUCTS + products])
        + cells(sizes[ProductBins.GOODS * ProductBins.PRODUCTS + products])
        + cells(sizes[ProductBins.PAST * ProductBins.PRODUCTS + products])
        + cells(sizes[ProductBins.BEFORE * ProductBins.PRODUCTS + products]);
  }

  /** Rounded up: a bin of weight 0 belongs to no task. */
  private static long cells(long records) {
    return (records + RECORDS_OF_A_CELL - 1) / RECORDS_OF_A_CELL;
  }

  private static final int RECORDS_OF_A_CELL = 4;
}
