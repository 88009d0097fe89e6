package io.lodestone.dependency;

import io.lodestone.exchange.Block;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import scala.Tuple2;

/**
 * What a task received of its products, the goods among them gathered to cells like any product.
 */
final class ProductRows {
  private final Block cells = new Block(CellRecord.WIDTH);
  private final Block world = new Block(ProductBins.WORLD_WIDTH);
  private final Block own = new Block(ProductBins.OWN_WIDTH);
  private final Block goods = new Block(ProductBins.GOODS_WIDTH);
  private final Block past = new Block(PastRecord.WIDTH);
  private final Block before = new Block(ProductBins.BEFORE_WIDTH);

  /** A good of one source in one year. */
  record Good(int source, int year, int product, ProductCells cells) {}

  /** Appends a record of a key and amounts. */
  static void append(Block block, long key, long[]... amounts) {
    int place = block.append();
    long[] words = block.words();
    words[place++] = key;
    for (long[] some : amounts) {
      for (long amount : some) {
        words[place++] = amount;
      }
    }
  }

  /** Takes all blocks of a task. */
  static ProductRows received(Iterator<Tuple2<Integer, byte[]>> blocks) {
    ProductRows rows = new ProductRows();
    Block[] byContents = {rows.cells, rows.world, rows.own, rows.goods, rows.past, rows.before};
    while (blocks.hasNext()) {
      Tuple2<Integer, byte[]> block = blocks.next();
      byContents[ProductBins.contents(block._1())].append(block._2());
    }
    return rows;
  }

  /** Gathers the goods, one source and year at a time, and hands them on. */
  void forEachGood(Consumer<Good> consumer) {
    int[] order = goods.sortedBy(0);
    long[] words = goods.words();
    int next = 0;
    FlowRecord record = new FlowRecord();
    while (next < order.length) {
      long first = words[order[next]];
      ProductCells gathered = ProductCells.ofGood();
      while (next < order.length
          && words[order[next]] >>> Packed.COUNTRY_BITS == first >>> Packed.COUNTRY_BITS) {
        int from = next;
        long key = words[order[next]];
        while (next < order.length && words[order[next]] == key) {
          next++;
        }
        Integer[] ofReporter = Arrays.stream(order, from, next).boxed().toArray(Integer[]::new);
        Arrays.sort(ofReporter, (one, other) -> byTags(words, one, other));
        record.reporter = Packed.countryOfSlice(key);
        for (int place : ofReporter) {
          record.untag(words[place + 1]);
          record.value = words[place + 2];
          record.quantity = words[place + 3];
          gathered.add(record);
        }
      }
      consumer.accept(
          new Good(
              Packed.sourceOfSlice(first),
              Packed.yearOfSlice(first),
              Packed.productOfSlice(first),
              gathered));
    }
  }

  /** By flow and partner, then by all else, so that the order of files does not matter. */
  private static int byTags(long[] words, int one, int other) {
    for (int word = 1; word < ProductBins.GOODS_WIDTH; word++) {
      int order = Long.compare(words[one + word], words[other + word]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /**
   * Adds the goods to cells and exports.
   *
   * @param worlds by source, whether its imports say anything about the world's exports
   */
  ProductRows withGoods(List<String> worlds) {
    forEachGood(
        good -> {
          for (ProductCells.Imports imports : good.cells().imports()) {
            CellRecord.append(
                cells,
                Packed.bySeries(good.source(), imports.importer(), good.product(), good.year()),
                imports.cell(),
                imports.hasMonths());
          }
          if (!worlds.get(good.source()).equals(WorldTrade.NONE)) {
            bySupplier(good.cells().imports())
                .forEach(
                    (exporter, amounts) ->
                        append(
                            world,
                            Packed.bySlice(good.source(), good.year(), good.product(), exporter),
                            amounts));
          }
          good.cells()
              .own()
              .forEach(
                  (exporter, exports) ->
                      append(
                          own,
                          Packed.bySlice(good.source(), good.year(), good.product(), exporter),
                          exports.gross,
                          exports.re,
                          exports.domestic));
        });
    return this;
  }

  /** Forgets the cells of totals of years in which the importer publishes nothing but totals. */
  ProductRows reported(Reporting reporting) {
    cells.keep(
        place -> {
          long key = cells.words()[place];
          return !CellRecord.isUnknown(cells.words(), place)
              || reporting.hasImports(
                  Packed.sourceOfSeries(key),
                  Packed.countryOfSeries(key),
                  Packed.yearOfSeries(key));
        });
    return this;
  }

  /**
   * Makes unknown what lies in a known gap: cells of imports, and a reporter's own exports.
   *
   * <p>A year that the importer reports without a row of the product gets a cell in which all is
   * unknown, else it would be a year of no imports: where anybody has the product in that year, or
   * the importer in an earlier one. Later years do not count, so that they change no earlier one.
   */
  ProductRows withGaps(Setting setting, Reporting reporting, Renewal renewal) {
    if (setting.gaps().isEmpty()) {
      return this;
    }
    SortedSet<Long> hidden = inGapsBesideOthers(setting, reporting);
    Map<Long, Integer> firstYears = new HashMap<>();
    hidden.forEach(
        key -> firstYears.merge(Packed.series(key), Packed.yearOfSeries(key), Math::min));
    for (Block block : List.of(cells, past, before)) {
      forEachKey(
          block, key -> firstYears.merge(Packed.series(key), Packed.yearOfSeries(key), Math::min));
    }
    firstYears.forEach(
        (series, first) -> {
          long any = Packed.key(series);
          int source = Packed.sourceOfSeries(any);
          int importer = Packed.countryOfSeries(any);
          int product = Packed.productOfSeries(any);
          for (int year : reporting.importYears(source, importer)) {
            if (year >= first
                && renewal.includes(source, year)
                && setting.hidesImports(source, importer, product, year)) {
              hidden.add(Packed.bySeries(source, importer, product, year));
            }
          }
        });
    cells.keep(place -> !hidden.contains(cells.words()[place]));
    hidden.forEach(key -> CellRecord.append(cells, key, new Cell(), false));
    own.keep(
        place -> {
          long key = own.words()[place];
          return !setting.hidesExports(
              Packed.sourceOfSlice(key),
              Packed.countryOfSlice(key),
              Packed.productOfSlice(key),
              Packed.yearOfSlice(key));
        });
    return this;
  }

  /** Cells in gaps, of products that anybody has in the year. */
  private SortedSet<Long> inGapsBesideOthers(Setting setting, Reporting reporting) {
    Set<Long> slices = new HashSet<>();
    forEachKey(
        cells,
        key ->
            slices.add(
                Packed.bySlice(
                    Packed.sourceOfSeries(key),
                    Packed.yearOfSeries(key),
                    Packed.productOfSeries(key),
                    0)));
    SortedSet<Long> hidden = new TreeSet<>();
    for (long slice : slices) {
      int source = Packed.sourceOfSlice(slice);
      int product = Packed.productOfSlice(slice);
      int year = Packed.yearOfSlice(slice);
      for (int importer : setting.hidden(source, product, year)) {
        if (reporting.hasImports(source, importer, year)) {
          hidden.add(Packed.bySeries(source, importer, product, year));
        }
      }
    }
    return hidden;
  }

  private static void forEachKey(Block block, LongConsumer consumer) {
    for (int place = 0; place < block.records() * block.width(); place += block.width()) {
      consumer.accept(block.words()[place]);
    }
  }

  /** Forgets what the tables say of slices that are made again. */
  ProductRows madeAgain(Renewal renewal) {
    past.keep(
        place -> {
          long key = past.words()[place];
          return !renewal.includes(Packed.sourceOfSeries(key), Packed.yearOfSeries(key));
        });
    return this;
  }

  /** Sums over all importers by supplier and basis. */
  static Map<Integer, long[]> bySupplier(List<ProductCells.Imports> imports) {
    Map<String, long[]> sums = new HashMap<>();
    for (ProductCells.Imports some : imports) {
      for (Cell.Supplier supplier : some.cell().suppliers()) {
        long[] amounts =
            sums.computeIfAbsent(supplier.name, absent -> new long[] {Cell.UNKNOWN, Cell.UNKNOWN});
        amounts[Cell.VALUE] = Cell.sum(amounts[Cell.VALUE], supplier.amount(Cell.VALUE));
        amounts[Cell.QUANTITY] = Cell.sum(amounts[Cell.QUANTITY], supplier.amount(Cell.QUANTITY));
      }
    }
    Map<Integer, long[]> byNumber = new TreeMap<>();
    sums.forEach((name, amounts) -> byNumber.put(Packed.country(name), amounts));
    return byNumber;
  }

  Block cells() {
    return cells;
  }

  /** Years of series that are taken as the tables hold them. */
  Block past() {
    return past;
  }

  /** What stands for years of series that are not given one by one. */
  Block before() {
    return before;
  }

  Block world() {
    return world;
  }

  Block own() {
    return own;
  }
}
