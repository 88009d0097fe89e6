package io.lodestone.dependency;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Import records in the order of source, year, product, importer and supplier, gathered to a {@link
 * Cell} each and given out as rows.
 *
 * <p>Fails when a product and importer come back, since the cell would have been cut in two.
 */
final class ImportCells implements Iterator<Row> {
  /** What a record must carry; the order of the columns. */
  static final StructType INPUT =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("year", DataTypes.IntegerType)
          .add("product", DataTypes.StringType)
          .add("importer", DataTypes.StringType)
          .add("supplier", DataTypes.StringType)
          .add("kind", DataTypes.IntegerType)
          .add("value", DataTypes.createDecimalType(20, 3))
          .add("quantity_kg", DataTypes.createDecimalType(18, 3))
          .add("estimated", DataTypes.IntegerType)
          .add("mapping", DataTypes.IntegerType)
          .add("valuation", DataTypes.IntegerType);

  private static final int SOURCE = 0;
  private static final int YEAR = 1;
  private static final int PRODUCT = 2;
  private static final int IMPORTER = 3;
  private static final int SUPPLIER = 4;
  private static final int KIND = 5;
  private static final int VALUE = 6;
  private static final int QUANTITY = 7;
  private static final int ESTIMATED = 8;
  private static final int MAPPING = 9;
  private static final int VALUATION = 10;

  /**
   * A cell with its key.
   *
   * @param product six digits or the id of a good
   */
  record Keyed(String source, int year, String product, String importer, Cell cell) {}

  private final Iterator<Row> records;
  private final Function<Keyed, Iterator<Row>> toRows;
  private Iterator<Row> ready = java.util.Collections.emptyIterator();
  private Row ahead;

  ImportCells(Iterator<Row> records, Function<Keyed, Iterator<Row>> toRows) {
    this.records = records;
    this.toRows = toRows;
    this.ahead = records.hasNext() ? records.next() : null;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && ahead != null) {
      ready = toRows.apply(gather());
    }
    return ready.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  private Keyed gather() {
    Row first = ahead;
    String source = first.getString(SOURCE);
    int year = first.getInt(YEAR);
    String product = first.getString(PRODUCT);
    String importer = first.getString(IMPORTER);
    Cell cell = new Cell();
    int order = 0;
    while (ahead != null && order == 0) {
      cell.add(
          ahead.getString(SUPPLIER),
          ahead.getInt(KIND),
          thousandths(ahead, VALUE),
          thousandths(ahead, QUANTITY),
          ahead.getInt(ESTIMATED),
          ahead.getInt(MAPPING),
          ahead.getInt(VALUATION));
      ahead = records.hasNext() ? records.next() : null;
      if (ahead != null) {
        order = compare(ahead, source, year, product, importer);
        if (order < 0) {
          throw new IllegalStateException(
              "Cannot compute dependency: %s %d %s %s came after %s %s; the table flow is not in its order, load it again"
                  .formatted(
                      ahead.getString(SOURCE),
                      ahead.getInt(YEAR),
                      ahead.getString(PRODUCT),
                      ahead.getString(IMPORTER),
                      product,
                      importer));
        }
      }
    }
    return new Keyed(source, year, product, importer, cell);
  }

  private static int compare(Row row, String source, int year, String product, String importer) {
    int order = row.getString(PRODUCT).compareTo(product);
    if (order == 0) {
      order = row.getString(IMPORTER).compareTo(importer);
    }
    if (row.getInt(YEAR) != year || !row.getString(SOURCE).equals(source)) {
      // Another file, or the next slice of a sorted stream.
      return 1;
    }
    return order;
  }

  private static long thousandths(Row row, int column) {
    if (row.isNullAt(column)) {
      return Cell.UNKNOWN;
    }
    BigDecimal amount = row.getDecimal(column);
    return amount.unscaledValue().longValueExact();
  }
}
