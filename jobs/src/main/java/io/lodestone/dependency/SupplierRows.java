package io.lodestone.dependency;

import io.lodestone.Tables;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of the table {@code supplier}, a cell after the other. One row object is given out again and
 * again.
 */
final class SupplierRows implements Iterator<InternalRow> {
  private static final StructType SCHEMA = Tables.SUPPLIER.schema();
  private static final int SOURCE = SCHEMA.fieldIndex("source");
  private static final int IMPORTER = SCHEMA.fieldIndex("importer");
  private static final int PRODUCT = SCHEMA.fieldIndex("product");
  private static final int PRODUCT_KIND = SCHEMA.fieldIndex("product_kind");
  private static final int YEAR = SCHEMA.fieldIndex("year");
  private static final int SUPPLIER = SCHEMA.fieldIndex("supplier");
  private static final int VALUE = SCHEMA.fieldIndex("value");
  private static final int QUANTITY = SCHEMA.fieldIndex("quantity_kg");
  private static final int SHARE_VALUE = SCHEMA.fieldIndex("share_value");
  private static final int SHARE_QUANTITY = SCHEMA.fieldIndex("share_quantity");
  private static final int SHARE_TOTAL_VALUE = SCHEMA.fieldIndex("share_total_value");
  private static final int SHARE_TOTAL_QUANTITY = SCHEMA.fieldIndex("share_total_quantity");
  private static final int UNIT_VALUE = SCHEMA.fieldIndex("unit_value");
  private static final int RANK_VALUE = SCHEMA.fieldIndex("rank_value");
  private static final int RANK_QUANTITY = SCHEMA.fieldIndex("rank_quantity");
  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;

  /** A product of one source in one year. */
  record Group(int source, int year, int product, List<ProductCells.Imports> imports) {}

  private final Supplier<Group> groups;
  private final Setting setting;
  private final UTF8String[] sources;
  private final GenericInternalRow row = new GenericInternalRow(SCHEMA.size());
  private Iterator<ProductCells.Imports> cells = Collections.emptyIterator();
  private Cell cell;
  private int place;
  private long[] named;
  private long[] foreign;
  private int[] valueRanks;
  private int[] quantityRanks;
  private boolean ended;
  private Group group;

  /**
   * Rows of groups.
   *
   * @param groups gives the next group, or null behind the last
   */
  SupplierRows(Supplier<Group> groups, Setting setting) {
    this.groups = groups;
    this.setting = setting;
    this.sources = Setting.texts(setting.sources());
  }

  @Override
  public boolean hasNext() {
    while (!ended && (cell == null || place == cell.suppliers().size())) {
      if (cells.hasNext()) {
        start(cells.next());
      } else {
        start(groups.get());
      }
    }
    return !ended;
  }

  private void start(Group group) {
    cell = null;
    if (group == null) {
      ended = true;
      return;
    }
    this.group = group;
    cells = group.imports().iterator();
    row.update(SOURCE, sources[group.source()]);
    row.update(YEAR, group.year());
    row.update(PRODUCT, UTF8String.fromString(setting.product(group.product())));
    row.update(PRODUCT_KIND, UTF8String.fromString(Setting.productKind(group.product())));
  }

  private void start(ProductCells.Imports imports) {
    cell = imports.cell();
    place = 0;
    row.update(IMPORTER, Packed.countryText(imports.importer()));
    named = new long[] {cell.named(Cell.VALUE), cell.named(Cell.QUANTITY)};
    foreign = new long[] {cell.foreignToShare(Cell.VALUE), cell.foreignToShare(Cell.QUANTITY)};
    valueRanks = cell.ranks(Cell.VALUE);
    quantityRanks = cell.ranks(Cell.QUANTITY);
    if (setting.hidesImports(group.source(), imports.importer(), group.product(), group.year())) {
      // Amounts are what the records say; of what they are a part is unknown.
      Arrays.fill(named, Cell.UNKNOWN);
      Arrays.fill(foreign, Cell.UNKNOWN);
      Arrays.fill(valueRanks, 0);
      Arrays.fill(quantityRanks, 0);
    }
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Cell.Supplier supplier = cell.suppliers().get(place);
    long value = supplier.amount(Cell.VALUE);
    long quantity = supplier.amount(Cell.QUANTITY);
    row.update(SUPPLIER, Packed.countryText(Packed.country(supplier.name)));
    row.update(VALUE, decimal(value));
    row.update(QUANTITY, decimal(quantity));
    row.update(SHARE_VALUE, Cell.ratio(value, named[Cell.VALUE]));
    row.update(SHARE_QUANTITY, Cell.ratio(quantity, named[Cell.QUANTITY]));
    row.update(SHARE_TOTAL_VALUE, Cell.ratio(value, foreign[Cell.VALUE]));
    row.update(SHARE_TOTAL_QUANTITY, Cell.ratio(quantity, foreign[Cell.QUANTITY]));
    row.update(UNIT_VALUE, Cell.ratio(value, quantity));
    row.update(RANK_VALUE, rank(valueRanks[place]));
    row.update(RANK_QUANTITY, rank(quantityRanks[place]));
    place++;
    return row;
  }

  private static Integer rank(int rank) {
    return rank == 0 ? null : Integer.valueOf(rank);
  }

  private static Decimal decimal(long thousandths) {
    return thousandths == Cell.UNKNOWN ? null : Decimal.createUnsafe(thousandths, DIGITS, DECIMALS);
  }
}
