package io.lodestone.diversification;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Cells of the world's trade on their way to the driver, which has arrays for them: ten millions of
 * product, country, year and two numbers. Tasks number and pack them, all cores at once; the driver
 * takes them a part at a time.
 */
final class WorldCells {
  private static final int BYTES = 3 * Integer.BYTES + 2 * Double.BYTES;
  private static final int CELLS = 8192;

  private final Dataset<byte[]> packed;

  /** Takes a cell. */
  @FunctionalInterface
  interface Taker {
    void take(int product, int country, int year, double first, double second);
  }

  /**
   * Of rows product, country, year and two DOUBLE; those of a product or country without a number
   * are left out.
   */
  WorldCells(Dataset<Row> rows, Map<String, Integer> products, Map<String, Integer> countries) {
    MapPartitionsFunction<Row, byte[]> pack = cells -> new Packing(cells, products, countries);
    this.packed = rows.mapPartitions(pack, Encoders.BINARY());
  }

  void forEach(Taker taker) {
    forEach(
        packed.toJavaRDD(),
        part ->
            taker.take(
                part.getInt(), part.getInt(), part.getInt(), part.getDouble(), part.getDouble()));
  }

  /** Hands over what tasks have packed, part by part, until each is empty. */
  static void forEach(JavaRDD<byte[]> packed, Consumer<ByteBuffer> taker) {
    JavaRDD<byte[]> kept = packed.persist(StorageLevel.DISK_ONLY());
    try {
      // All partitions side by side; the iterator would make one after the other.
      kept.count();
      for (Iterator<byte[]> parts = kept.toLocalIterator(); parts.hasNext(); ) {
        ByteBuffer part = ByteBuffer.wrap(parts.next());
        while (part.hasRemaining()) {
          taker.accept(part);
        }
      }
    } finally {
      kept.unpersist();
    }
  }

  private static final class Packing implements Iterator<byte[]> {
    private final Iterator<Row> cells;
    private final Map<String, Integer> products;
    private final Map<String, Integer> countries;

    Packing(Iterator<Row> cells, Map<String, Integer> products, Map<String, Integer> countries) {
      this.cells = cells;
      this.products = products;
      this.countries = countries;
    }

    @Override
    public boolean hasNext() {
      return cells.hasNext();
    }

    @Override
    public byte[] next() {
      if (!cells.hasNext()) {
        throw new NoSuchElementException();
      }
      ByteBuffer part = ByteBuffer.allocate(CELLS * BYTES);
      while (cells.hasNext() && part.hasRemaining()) {
        Row cell = cells.next();
        Integer product = products.get(cell.getString(0));
        Integer country = countries.get(cell.getString(1));
        if (product != null && country != null) {
          part.putInt(product).putInt(country).putInt(cell.getInt(2));
          part.putDouble(cell.getDouble(3)).putDouble(cell.getDouble(4));
        }
      }
      byte[] filled = new byte[part.position()];
      part.flip().get(filled);
      return filled;
    }
  }
}
