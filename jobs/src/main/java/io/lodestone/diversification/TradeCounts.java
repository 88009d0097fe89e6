package io.lodestone.diversification;

import io.lodestone.exchange.Rows;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Two sums over all flows, made in one pass without a shuffle: how many importers an exporter of a
 * product has in a year, and what an importer buys of a supplier in a year. A task sums in arrays,
 * for the rows of a year lie together, and sends what is not zero.
 */
final class TradeCounts {
  private static final int ENTRY = 2 * Integer.BYTES + Double.BYTES;
  private static final int ENTRIES = 8192;

  private final Cells cells;
  private final JavaRDD<byte[]> sums;

  /** Takes what one task has summed in a cell; others may have more of the same. */
  @FunctionalInterface
  interface Taker {

    /**
     * Takes a sum.
     *
     * @param year counted from the first
     * @param cell as {@link Cells} number it
     */
    void take(int year, int cell, double sum);
  }

  /**
   * The numbers of what is summed: first the exporters of all products, then the pairs of
   * countries.
   *
   * @param products number of each product
   * @param countries number of each country
   * @param exporters of each product, ascending
   * @param first number of the first exporter of each product, and the number of all
   */
  record Cells(
      Map<String, Integer> products, Map<String, Integer> countries, int[][] exporters, int[] first)
      implements Serializable {
    static Cells of(
        Map<String, Integer> products, Map<String, Integer> countries, int[][] exporters) {
      int[] first = new int[exporters.length + 1];
      for (int product = 0; product < exporters.length; product++) {
        first[product + 1] = first[product] + exporters[product].length;
      }
      return new Cells(products, countries, exporters, first);
    }

    int all() {
      return exporterCells() + countries.size() * countries.size();
    }

    int exporterCells() {
      return first[exporters.length];
    }

    int pair(int importer, int supplier) {
      return exporterCells() + importer * countries.size() + supplier;
    }
  }

  /**
   * Of flows.
   *
   * @param flows rows importer, product, supplier, year and the DOUBLE that is summed by pair, null
   *     for what is not
   * @param first year
   */
  TradeCounts(Dataset<Row> flows, Cells cells, int first, int years) {
    this.cells = cells;
    FlatMapFunction<Iterator<InternalRow>, byte[]> sum =
        rows -> new Sums(cells, first, years).of(rows);
    this.sums = Rows.internal(flows).mapPartitions(sum);
  }

  void forEach(Taker exporters, Taker pairs) {
    WorldCells.forEach(
        sums,
        part -> {
          int year = part.getInt();
          int cell = part.getInt();
          (cell < cells.exporterCells() ? exporters : pairs).take(year, cell, part.getDouble());
        });
  }

  /** What one task sums. */
  private static final class Sums {
    private final Cells cells;
    private final int firstYear;
    private final double[][] sums;
    private final Map<UTF8String, Integer> products = new HashMap<>();
    private final Map<UTF8String, Integer> countries = new HashMap<>();

    Sums(Cells cells, int firstYear, int years) {
      this.cells = cells;
      this.firstYear = firstYear;
      this.sums = new double[years][];
      cells.products().forEach((name, at) -> products.put(UTF8String.fromString(name), at));
      cells.countries().forEach((name, at) -> countries.put(UTF8String.fromString(name), at));
    }

    Iterator<byte[]> of(Iterator<InternalRow> rows) {
      while (rows.hasNext()) {
        add(rows.next());
      }
      List<byte[]> parts = new ArrayList<>();
      ByteBuffer part = ByteBuffer.allocate(ENTRIES * ENTRY);
      for (int year = 0; year < sums.length; year++) {
        for (int cell = 0; sums[year] != null && cell < sums[year].length; cell++) {
          if (sums[year][cell] != 0) {
            part.putInt(year).putInt(cell).putDouble(sums[year][cell]);
          }
          if (!part.hasRemaining()) {
            parts.add(part.array());
            part = ByteBuffer.allocate(ENTRIES * ENTRY);
          }
        }
      }
      parts.add(Arrays.copyOf(part.array(), part.position()));
      return parts.iterator();
    }

    private void add(InternalRow row) {
      Integer supplier = countries.get(row.getUTF8String(2));
      if (supplier == null) {
        return;
      }
      int year = row.getInt(3) - firstYear;
      if (sums[year] == null) {
        sums[year] = new double[cells.all()];
      }
      Integer product = products.get(row.getUTF8String(1));
      int place = product == null ? -1 : Arrays.binarySearch(cells.exporters()[product], supplier);
      if (place >= 0) {
        sums[year][cells.first()[product] + place]++;
      }
      if (!row.isNullAt(4)) {
        sums[year][cells.pair(countries.get(row.getUTF8String(0)), supplier)] += row.getDouble(4);
      }
    }
  }
}
