package io.lodestone.dependency;

import io.lodestone.Tables;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of the table {@code world_trade} for the products of one task, by source, year, product and
 * exporter, own exports behind. One row object is given out again and again.
 */
final class WorldTradeRows implements Iterator<InternalRow> {
  private static final StructType SCHEMA = Tables.WORLD_TRADE.schema();
  private static final int SOURCE = SCHEMA.fieldIndex("source");
  private static final int EXPORTER = SCHEMA.fieldIndex("exporter");
  private static final int PRODUCT = SCHEMA.fieldIndex("product");
  private static final int PRODUCT_KIND = SCHEMA.fieldIndex("product_kind");
  private static final int YEAR = SCHEMA.fieldIndex("year");
  private static final int WORLD_BASIS = SCHEMA.fieldIndex("world_basis");
  private static final int VALUE = SCHEMA.fieldIndex("value");
  private static final int QUANTITY = SCHEMA.fieldIndex("quantity_kg");
  private static final int COVERAGE = SCHEMA.fieldIndex("coverage");
  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;

  private final WorldTrade world;
  private final Setting setting;
  private final UTF8String[] sources;
  private final GenericInternalRow row = new GenericInternalRow(SCHEMA.size());
  private final Renewal renewal;
  private int next;
  private int lastProduct = -1;

  /**
   * Rows of a world.
   *
   * @param renewal the slices whose rows are given out
   */
  WorldTradeRows(WorldTrade world, Setting setting, Renewal renewal) {
    this.world = world;
    this.renewal = renewal;
    this.setting = setting;
    this.sources = Setting.texts(setting.sources());
  }

  @Override
  public boolean hasNext() {
    while (next < world.size()
        && !renewal.includes(
            Packed.sourceOfSlice(world.key(next)), Packed.yearOfSlice(world.key(next)))) {
      next++;
    }
    return next < world.size();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    long key = world.key(next);
    int product = Packed.productOfSlice(key);
    if (product != lastProduct) {
      lastProduct = product;
      row.update(PRODUCT, UTF8String.fromString(setting.product(product)));
      row.update(PRODUCT_KIND, UTF8String.fromString(Setting.productKind(product)));
    }
    row.update(SOURCE, sources[Packed.sourceOfSlice(key)]);
    row.update(EXPORTER, Packed.countryText(Packed.countryOfSlice(key)));
    row.update(YEAR, Packed.yearOfSlice(key));
    row.update(WORLD_BASIS, UTF8String.fromString(world.basis(next)));
    row.update(VALUE, decimal(world.amount(next, Cell.VALUE)));
    row.update(QUANTITY, decimal(world.amount(next, Cell.QUANTITY)));
    row.update(COVERAGE, world.coverage(next));
    next++;
    return row;
  }

  private static Decimal decimal(long thousandths) {
    return thousandths == Cell.UNKNOWN ? null : Decimal.createUnsafe(thousandths, DIGITS, DECIMALS);
  }
}
