package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;

import io.lodestone.exchange.Rows;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What an importer buys of a product in a year, packed before it is shuffled: the rows of {@code
 * supplier} lie so that all of a cell come one after the other, and one row in place of seven is
 * sent and sorted. Where they do not, a cell comes in several rows.
 */
final class YearFlows {
  /** A cell and its flows. */
  private static final StructType SCHEMA =
      new StructType()
          .add("importer", "STRING")
          .add("product", "STRING")
          .add("product_kind", "STRING")
          .add("year", "INT")
          .add("flows", "BINARY");

  private static final String[] CELL = {"importer", "product", "product_kind", "year", "supplier"};

  private YearFlows() {}

  /** Takes the flow from one supplier. */
  @FunctionalInterface
  interface Taker {

    /**
     * Takes a flow.
     *
     * @param numbers in the order of their columns, NaN where one is unknown; overwritten by the
     *     next flow
     */
    void take(String supplier, double[] numbers);
  }

  /**
   * Rows importer, product, product_kind, year and flows, for {@link #forEach}.
   *
   * @param supplier rows of the table supplier
   * @param numbers what is kept of a flow, as DOUBLE
   */
  static Dataset<Row> of(Dataset<Row> supplier, Column... numbers) {
    int count = numbers.length;
    Dataset<Row> selected =
        supplier.select(
            Stream.concat(
                    Stream.of(CELL).map(name -> col(name)),
                    IntStream.range(0, count).mapToObj(at -> numbers[at].as("number_" + at)))
                .toArray(Column[]::new));
    FlatMapFunction<Iterator<InternalRow>, InternalRow> pack = rows -> new Packing(rows, count);
    return Rows.dataset(
        supplier.sparkSession(), Rows.internal(selected).mapPartitions(pack), SCHEMA);
  }

  /**
   * Hands over the flows of a cell.
   *
   * @param count of the numbers that {@link #of} was given
   */
  static void forEach(byte[] flows, int count, Taker taker) {
    double[] numbers = new double[count];
    ByteBuffer in = ByteBuffer.wrap(flows);
    while (in.hasRemaining()) {
      int length = in.getShort();
      String supplier = new String(flows, in.position(), length, StandardCharsets.UTF_8);
      in.position(in.position() + length);
      for (int at = 0; at < count; at++) {
        numbers[at] = in.getDouble();
      }
      taker.take(supplier, numbers);
    }
  }

  private static final class Packing implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final int count;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private InternalRow row;

    Packing(Iterator<InternalRow> rows, int count) {
      this.rows = rows;
      this.count = count;
      take();
    }

    private void take() {
      row = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return row != null;
    }

    @Override
    public InternalRow next() {
      UTF8String importer = row.getUTF8String(0).copy();
      UTF8String product = row.getUTF8String(1).copy();
      UTF8String kind = row.getUTF8String(2).copy();
      int year = row.getInt(3);
      bytes.reset();
      while (row != null
          && row.getInt(3) == year
          && row.getUTF8String(1).equals(product)
          && row.getUTF8String(0).equals(importer)
          && row.getUTF8String(2).equals(kind)) {
        add();
        take();
      }
      return new GenericInternalRow(
          new Object[] {importer, product, kind, year, bytes.toByteArray()});
    }

    private void add() {
      byte[] supplier = row.getUTF8String(CELL.length - 1).getBytes();
      try {
        out.writeShort(supplier.length);
        out.write(supplier);
        for (int at = CELL.length; at < CELL.length + count; at++) {
          out.writeDouble(row.isNullAt(at) ? Double.NaN : row.getDouble(at));
        }
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
  }
}
