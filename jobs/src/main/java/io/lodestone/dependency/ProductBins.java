package io.lodestone.dependency;

import io.lodestone.exchange.Bins;
import java.util.Map;
import java.util.stream.IntStream;
import scala.Tuple2;

/**
 * The exchange by product: all years, importers and sources of a product meet in one task, so that
 * coverage, the world's concentration and the states of series need no further one.
 *
 * <p>Bins of cells come first, then those of the world's exports, of own exports and of the records
 * of goods, the years of series that are taken as they stand, and what stands for years before
 * them, {@link #PRODUCTS} of each.
 */
final class ProductBins {
  /** Bins of products. */
  static final int PRODUCTS = 64;

  static final int CELLS = 0;
  static final int WORLD = 1;
  static final int OWN = 2;
  static final int GOODS = 3;
  static final int PAST = 4;
  static final int BEFORE = 5;
  private static final int CONTENTS = 6;

  // World: key of Packed.bySlice with the exporter, value, quantity.
  static final int WORLD_WIDTH = 3;
  // Own: the same key, then value and quantity of gross exports, re-exports, domestic exports.
  static final int OWN_WIDTH = 7;
  // Goods: the same key with the reporter, tags of FlowRecord, value, quantity.
  static final int GOODS_WIDTH = 4;
  // Before: key of Packed.bySeries with the last year, basis, usual imports, state.
  static final int BEFORE_BASIS = 1;
  static final int BEFORE_USUAL = 2;
  static final int BEFORE_STATE = 3;
  static final int BEFORE_WIDTH = 4;

  private static final int[] WIDTHS = {
    CellRecord.WIDTH, WORLD_WIDTH, OWN_WIDTH, GOODS_WIDTH, PastRecord.WIDTH, BEFORE_WIDTH
  };
  private static final int MIXER = 0x9E3779B9;

  private final Bins[] bins = IntStream.of(WIDTHS).mapToObj(Bins::new).toArray(Bins[]::new);
  private final long[] sent = new long[CONTENTS * PRODUCTS];

  /** All bins. */
  static int all() {
    return CONTENTS * PRODUCTS;
  }

  /** What a bin holds. */
  static int contents(int bin) {
    return bin / PRODUCTS;
  }

  /** Words of a record of such contents. */
  static int width(int contents) {
    return WIDTHS[contents];
  }

  /** The bins of some products, of all contents. */
  static int[] ofProducts(int[] products) {
    return IntStream.range(0, CONTENTS)
        .flatMap(contents -> IntStream.of(products).map(bin -> contents * PRODUCTS + bin))
        .toArray();
  }

  private static int bin(int contents, int product) {
    return contents * PRODUCTS + (product * MIXER >>> 1) % PRODUCTS;
  }

  /** Sends what is computed of a product that is not a good. */
  void add(ProductYears group, ProductCells cells, Map<Integer, long[]> world) {
    int product = group.product();
    int bin = bin(CELLS, product);
    sent[bin] += cells.imports().size();
    for (ProductCells.Imports imports : cells.imports()) {
      CellRecord.append(
          bins[CELLS].of(bin),
          Packed.bySeries(group.source(), imports.importer(), product, group.year()),
          imports.cell(),
          imports.hasMonths());
    }
    int worldBin = bin(WORLD, product);
    sent[worldBin] += world.size();
    world.forEach(
        (exporter, amounts) ->
            ProductRows.append(
                bins[WORLD].of(worldBin),
                Packed.bySlice(group.source(), group.year(), product, exporter),
                amounts));
    int ownBin = bin(OWN, product);
    sent[ownBin] += cells.own().size();
    cells
        .own()
        .forEach(
            (exporter, exports) ->
                ProductRows.append(
                    bins[OWN].of(ownBin),
                    Packed.bySlice(group.source(), group.year(), product, exporter),
                    exports.gross,
                    exports.re,
                    exports.domestic));
  }

  /** Sends a record that belongs to goods. */
  void add(ProductYears group, FlowRecord record, int[] goods) {
    for (int good : goods) {
      int product = Packed.FIRST_GOOD + good;
      int bin = bin(GOODS, product);
      sent[bin]++;
      ProductRows.append(
          bins[GOODS].of(bin),
          Packed.bySlice(group.source(), group.year(), product, record.reporter),
          new long[] {record.tags(), record.value, record.quantity});
    }
  }

  /** Sends a year of a series that is taken as it stands. */
  void addPast(long key, int product, long total, long tags) {
    int bin = bin(PAST, product);
    sent[bin]++;
    ProductRows.append(bins[PAST].of(bin), key, new long[] {total, tags});
  }

  /** Sends what stands for years of a series. */
  void addBefore(long key, int product, int basis, long usual, long state) {
    int bin = bin(BEFORE, product);
    sent[bin]++;
    ProductRows.append(bins[BEFORE].of(bin), key, new long[] {basis, usual, state});
  }

  /** Sends an exporter of the world. */
  void addWorld(long key, int product, long value, long quantity) {
    int bin = bin(WORLD, product);
    sent[bin]++;
    ProductRows.append(bins[WORLD].of(bin), key, new long[] {value, quantity});
  }

  /** Takes a full block, or null if there is none. */
  Tuple2<Integer, byte[]> poll() {
    for (Bins some : bins) {
      Tuple2<Integer, byte[]> block = some.poll();
      if (block != null) {
        return block;
      }
    }
    return null;
  }

  /** Ends the sending; returns the records sent by bin. */
  long[] close() {
    for (Bins some : bins) {
      some.close();
    }
    return sent;
  }
}
