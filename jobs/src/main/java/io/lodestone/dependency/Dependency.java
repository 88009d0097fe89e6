package io.lodestone.dependency;

import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.exchange.Exchange;
import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Rows;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * From flow to the tables {@code supplier}, {@code world_trade} and {@code dependency}.
 *
 * <p>Flow is read in the order in which it lies, a file a task, so that all records of a product in
 * a year come one after another. A first pass makes cells and sums and sends them by product: there
 * all years, importers and sources of a product meet, which is all that coverage, the world's
 * concentration and the states of series need. A second pass writes the suppliers, which need
 * nothing from elsewhere. The three tables are written side by side.
 */
public final class Dependency {
  private static final String STEP = "dependency";

  /** Cells that a task holds and sorts: about 100 MB. */
  private static final long MOST_CELLS = 500_000;

  private final Lake lake;
  private final Setting setting;
  private final GoodMembers members;
  private final Rows.Scan flow;

  private Dependency(Lake lake, Settings settings, Goods goods, Map<String, Source> sources) {
    this.lake = lake;
    this.setting = Setting.of(sources, goods);
    this.members = new GoodMembers(goods, setting.goods(), settings.hsBase());
    this.flow = Rows.scan(lake.readInOrder(Tables.FLOW), ProductYears.COLUMNS);
  }

  /** Makes the three tables again. */
  public static void run(
      Lake lake, Settings settings, Goods goods, Map<String, Source> sources, String fingerprint) {
    new Dependency(lake, settings, goods, sources).write(fingerprint);
  }

  private void write(String fingerprint) {
    Gathered<FlowPass.Findings> findings = Gathered.in(lake.spark().sparkContext());
    Exchange exchange = Exchange.of(cells(findings), ProductBins.all());
    exchange.send();
    ReportingBits bits = new ReportingBits();
    long[] sizes = new long[ProductBins.all()];
    for (FlowPass.Findings found : findings.value().values()) {
      bits.add(found.reporting());
      for (int bin = 0; bin < sizes.length; bin++) {
        sizes[bin] += found.sent()[bin];
      }
    }
    Reporting reporting = new Reporting(bits);
    Together.run(
        () -> replace(Tables.SUPPLIER, suppliers(exchange, sizes), fingerprint),
        () -> replace(Tables.WORLD_TRADE, worldTrade(exchange, sizes, reporting), fingerprint),
        () -> replace(Tables.DEPENDENCY, dependency(exchange, sizes, reporting), fingerprint));
  }

  private void replace(Table table, Dataset<Row> rows, String fingerprint) {
    lake.replace(table, rows, "true", STEP, fingerprint);
  }

  private JavaRDD<Tuple2<Integer, byte[]>> cells(Gathered<FlowPass.Findings> findings) {
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
    return flow.rows().mapPartitions(pass);
  }

  private Dataset<Row> suppliers(Exchange exchange, long[] sizes) {
    Setting its = setting;
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
                  good ->
                      groups.add(
                          new SupplierRows.Group(
                              good.source(), good.year(), good.product(), good.cells().imports())));
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
      rows = rows.union(exchange.received(bins).mapPartitions(ofGoods));
    }
    return Rows.dataset(lake.spark(), rows, Tables.SUPPLIER.schema());
  }

  private static SupplierRows.Group group(ProductYears groups) {
    if (!groups.next()) {
      return null;
    }
    ProductCells cells = new ProductCells();
    for (int place = 0; place < groups.size(); place++) {
      cells.add(groups.record(place));
    }
    return new SupplierRows.Group(
        groups.source(), groups.year(), groups.product(), cells.imports());
  }

  private Dataset<Row> worldTrade(Exchange exchange, long[] sizes, Reporting reporting) {
    Setting its = setting;
    return ofProducts(
        exchange,
        sizes,
        rows -> new WorldTradeRows(new WorldTrade(rows, its, reporting), its),
        Tables.WORLD_TRADE.schema());
  }

  private Dataset<Row> dependency(Exchange exchange, long[] sizes, Reporting reporting) {
    Setting its = setting;
    return ofProducts(
        exchange,
        sizes,
        rows -> new DependencyRows(rows, new WorldTrade(rows, its, reporting), its, reporting),
        Tables.DEPENDENCY.schema());
  }

  /** Rows made of the products of a task. */
  private interface OfProducts extends java.io.Serializable {
    Iterator<InternalRow> rows(ProductRows received);
  }

  private Dataset<Row> ofProducts(
      Exchange exchange, long[] sizes, OfProducts make, StructType schema) {
    long cells =
        IntStream.range(0, ProductBins.PRODUCTS).mapToLong(bin -> weight(sizes, bin)).sum();
    int cores = lake.spark().sparkContext().defaultParallelism();
    List<int[]> tasks =
        Exchange.tasks(
            ProductBins.PRODUCTS,
            bin -> weight(sizes, bin),
            Math.min(MOST_CELLS, Math.max(1, cells / cores + cells / ProductBins.PRODUCTS)));
    if (tasks.isEmpty()) {
      return lake.spark().createDataFrame(List.of(), schema);
    }
    List<String> worlds = setting.worlds();
    FlatMapFunction<Iterator<Tuple2<Integer, byte[]>>, InternalRow> toRows =
        blocks -> make.rows(ProductRows.received(blocks).withGoods(worlds));
    return Rows.dataset(
        lake.spark(),
        exchange
            .received(tasks.stream().map(ProductBins::ofProducts).toList())
            .mapPartitions(toRows),
        schema);
  }

  /** What the products of a bin weigh: cells, and records of which several make one. */
  private static long weight(long[] sizes, int products) {
    return sizes[ProductBins.CELLS * ProductBins.PRODUCTS + products]
        + cells(sizes[ProductBins.WORLD * ProductBins.PRODUCTS + products])
        + cells(sizes[ProductBins.OWN * ProductBins.PRODUCTS + products])
        + cells(sizes[ProductBins.GOODS * ProductBins.PRODUCTS + products]);
  }

  /** Rounded up: a bin of weight 0 belongs to no task. */
  private static long cells(long records) {
    return (records + RECORDS_OF_A_CELL - 1) / RECORDS_OF_A_CELL;
  }

  private static final int RECORDS_OF_A_CELL = 4;
}
