package io.lodestone.records;

import io.lodestone.exchange.Block;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/**
 * Totals of years that stand in files beside their months, summed over partners: one row a source,
 * reporter, flow, code and year. As of months, of several files that name one the latest counts.
 */
final class YearTotals {
  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;

  static final StructType SCHEMA =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("reporter", DataTypes.StringType)
          .add("flow", DataTypes.StringType)
          .add("code", DataTypes.StringType)
          .add("year", DataTypes.IntegerType)
          .add("published", DataTypes.createDecimalType(DIGITS, DECIMALS));

  private record Cell(int source, int reporter, int flow, long code, int year)
      implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      return java.util.Comparator.comparingInt(Cell::source)
          .thenComparingInt(Cell::reporter)
          .thenComparingInt(Cell::flow)
          .thenComparingLong(Cell::code)
          .thenComparingInt(Cell::year)
          .compare(this, other);
    }
  }

  private YearTotals() {}

  /** The rows of the slices whose blocks a task holds. */
  static Iterator<InternalRow> rows(
      Iterator<Tuple2<Integer, byte[]>> blocks, FlowRows.Names names) {
    Block records = FlowRows.loaded(blocks, names);
    // What becomes of totals is nobody's question: they are no records of flow.
    Uniqueness unique = new Uniqueness(records, new Fates(names.kinds()));
    long[] words = records.words();
    Map<Cell, Long> sums = new TreeMap<>();
    for (int place = unique.next(); place >= 0; place = unique.next()) {
      long key = words[place + PackedRecord.KEY];
      Cell cell =
          new Cell(
              PackedRecord.source(key),
              PackedRecord.reporter(key),
              PackedRecord.flow(key),
              words[place + PackedRecord.CODE],
              PackedRecord.year(key));
      sums.merge(cell, words[place + PackedRecord.VALUE], Uniqueness::sum);
    }
    return sums.entrySet().stream().map(sum -> row(sum.getKey(), sum.getValue(), names)).iterator();
  }

  private static InternalRow row(Cell cell, long value, FlowRows.Names names) {
    byte[] code = Long.toString(cell.code()).getBytes(StandardCharsets.US_ASCII);
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(names.sources().get(cell.source())),
          UTF8String.fromString(names.countries().get(cell.reporter())),
          UTF8String.fromString(PackedRecord.FLOWS.get(cell.flow())),
          UTF8String.fromBytes(code, 1, code.length - 1),
          cell.year(),
          value == Judge.NONE ? null : Decimal.createUnsafe(value, DIGITS, DECIMALS)
        });
  }
}
