package io.lodestone.dependency;

import io.lodestone.Tables;
import io.lodestone.records.Mappings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of the table {@code dependency} for the products of one task, by source, importer, product
 * and year, two a cell. One row object is given out again and again.
 */
final class DependencyRows implements Iterator<InternalRow> {
  private static final StructType SCHEMA = Tables.DEPENDENCY.schema();
  private static final int SOURCE = at("source");
  private static final int IMPORTER = at("importer");
  private static final int PRODUCT = at("product");
  private static final int PRODUCT_KIND = at("product_kind");
  private static final int YEAR = at("year");
  private static final int BASIS = at("basis");
  private static final int TOTAL = at("total");
  private static final int CURRENCY = at("currency");
  private static final int VALUATION = at("valuation");
  private static final int SUPPLIERS = at("suppliers");
  private static final int HHI = at("hhi");
  private static final int HHI_LOW = at("hhi_low");
  private static final int HHI_HIGH = at("hhi_high");
  private static final int SHARE_UNSPECIFIED = at("share_unspecified");
  private static final int SHARE_SELF = at("share_self");
  private static final int HHI_NORMALISED = at("hhi_normalised");
  private static final int EFFECTIVE_SUPPLIERS = at("effective_suppliers");
  private static final int CR1 = at("cr1");
  private static final int CR3 = at("cr3");
  private static final int ENTROPY = at("entropy");
  private static final int TOP_SUPPLIER = at("top_supplier");
  private static final int TOP_SHARE = at("top_share");
  private static final int PERIOD = at("period");
  private static final int MONTHS = at("months");
  private static final int SHARE_WITH_QUANTITY = at("share_with_quantity");
  private static final int SHARE_ESTIMATED = at("share_estimated");
  private static final int MAPPING = at("mapping");
  private static final int IS_BASKET = at("is_basket");
  private static final int WORLD_HHI = at("world_hhi");
  private static final int IMPORTS_OVER_EXPORTS = at("imports_over_exports");
  private static final int NO_EXPORTS = at("no_exports");
  private static final int EXPORTS_BASIS = at("exports_basis");
  private static final int IS_IMPORT_CONCENTRATED = at("is_import_concentrated");
  private static final int IS_WORLD_CONCENTRATED = at("is_world_concentrated");
  private static final int IS_NET_IMPORTER = at("is_net_importer");
  private static final int IS_DEPENDENT = at("is_dependent");
  private static final int GEODEP = at("geodep");
  private static final int DEPENDENT_STATE = at("dependent_state");
  private static final int DEPENDENT_SINCE = at("dependent_since");

  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;
  private static final int BASES = SeriesCursor.BASES;

  private final Setting setting;
  private final SeriesCursor cursor;
  private final UTF8String[] sources;
  private final UTF8String[] currencies;
  private final UTF8String[] mappings = Setting.texts(Mappings.ALL);
  private final UTF8String[] valuations = Setting.texts(ProductYears.VALUATIONS);
  private final UTF8String[] bases = Setting.texts(List.of("value", "quantity"));
  private final UTF8String annual = UTF8String.fromString("annual");
  private final UTF8String monthly = UTF8String.fromString("monthly");
  private final GenericInternalRow row = new GenericInternalRow(SCHEMA.size());

  private final List<List<SeriesStates.Verdict>> verdicts = new ArrayList<>();
  private int place;
  private int basis = BASES;

  private static int at(String column) {
    return SCHEMA.fieldIndex(column);
  }

  DependencyRows(SeriesCursor cursor, Setting setting) {
    this.setting = setting;
    this.cursor = cursor;
    this.sources = Setting.texts(setting.sources());
    this.currencies = Setting.texts(setting.currencies());
  }

  @Override
  public boolean hasNext() {
    while (basis == BASES) {
      if (!cursor.next()) {
        return false;
      }
      if (cursor.behind() > cursor.first()) {
        basis = 0;
        place = cursor.first();
        verdicts.clear();
      }
    }
    return true;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (verdicts.isEmpty()) {
      begin();
    }
    fill(place++);
    if (place == cursor.behind()) {
      basis++;
      place = cursor.first();
    }
    return row;
  }

  private void begin() {
    for (int some = 0; some < BASES; some++) {
      verdicts.add(
          SeriesStates.of(
              cursor.before(some), cursor.past(some), cursor.years(some), cursor.reported()));
    }
    describe(cursor.source(), cursor.importer(), cursor.product());
  }

  private void describe(int source, int importer, int product) {
    String name = setting.product(product);
    row.update(SOURCE, sources[source]);
    row.update(CURRENCY, currencies[source]);
    row.update(IMPORTER, Packed.countryText(importer));
    row.update(PRODUCT, UTF8String.fromString(name));
    row.update(PRODUCT_KIND, UTF8String.fromString(Setting.productKind(product)));
    row.update(IS_BASKET, setting.baskets().contains(name));
  }

  private void fill(int cell) {
    long tags = cursor.word(cell, CellRecord.TAGS);
    row.update(YEAR, cursor.year(cell));
    row.update(BASIS, bases[basis]);
    row.update(VALUATION, valuations[CellRecord.valuation(tags)]);
    row.update(MAPPING, mappings[CellRecord.mapping(tags)]);
    row.update(PERIOD, cursor.isAnnual(cell) ? annual : monthly);
    row.update(MONTHS, cursor.months(cell));
    row.update(
        SHARE_WITH_QUANTITY,
        CellRecord.fraction(cursor.word(cell, CellRecord.SHARE_WITH_QUANTITY)));
    row.update(SHARE_ESTIMATED, CellRecord.fraction(cursor.word(cell, CellRecord.SHARE_ESTIMATED)));
    fillImports(cell);
    fillVerdict(cell);
  }

  private void fillImports(int cell) {
    long total = cursor.word(cell, basis, CellRecord.TOTAL);
    long counts = cursor.word(cell, basis, CellRecord.SUPPLIERS);
    int suppliers = (int) counts;
    int top = (int) (counts >> Integer.SIZE);
    Double hhi = CellRecord.fraction(cursor.word(cell, basis, CellRecord.HHI));
    Double cr1 = CellRecord.fraction(cursor.word(cell, basis, CellRecord.CR1));
    Double unspecified =
        CellRecord.fraction(cursor.word(cell, basis, CellRecord.SHARE_UNSPECIFIED));
    row.update(TOTAL, total == Cell.UNKNOWN ? null : Decimal.createUnsafe(total, DIGITS, DECIMALS));
    row.update(SUPPLIERS, suppliers == Cell.UNTOLD ? null : suppliers);
    row.update(HHI, hhi);
    row.update(CR1, cr1);
    row.update(TOP_SHARE, cr1);
    row.update(CR3, CellRecord.fraction(cursor.word(cell, basis, CellRecord.CR3)));
    row.update(ENTROPY, CellRecord.fraction(cursor.word(cell, basis, CellRecord.ENTROPY)));
    row.update(TOP_SUPPLIER, top < 0 ? null : Packed.countryText(top));
    row.update(SHARE_UNSPECIFIED, unspecified);
    row.update(SHARE_SELF, CellRecord.fraction(cursor.word(cell, basis, CellRecord.SHARE_SELF)));
    row.update(EFFECTIVE_SUPPLIERS, hhi == null ? null : 1 / hhi);
    row.update(
        HHI_NORMALISED,
        hhi == null || suppliers <= 1 ? null : (hhi - 1.0 / suppliers) / (1.0 - 1.0 / suppliers));
    fillBounds(hhi, cr1, unspecified);
  }

  /**
   * What the unspecified part allows: none of it with a supplier, or all with the largest. One of
   * unknown weight may be nothing beside the named suppliers, or they nothing beside it.
   */
  private void fillBounds(Double hhi, Double cr1, Double unspecified) {
    Double low = null;
    Double high = null;
    if (hhi != null && unspecified != null) {
      double named = 1 - unspecified;
      low = hhi * named * named;
      high = low + 2 * (cr1 * named) * unspecified + unspecified * unspecified;
    } else if (hhi != null) {
      low = 0.0;
      high = 1.0;
    } else if (unspecified != null && unspecified > 0) {
      high = unspecified * unspecified;
    }
    row.update(HHI_LOW, low);
    row.update(HHI_HIGH, high);
  }

  private void fillVerdict(int cell) {
    WorldTrade.Exports its = cursor.exports(cell);
    long amount = its.of(basis);
    SeriesStates.Verdict verdict = verdicts.get(basis).get(cell - cursor.first());
    row.update(WORLD_HHI, cursor.worldHhi(cell, basis));
    row.update(IMPORTS_OVER_EXPORTS, verdict.importsOverExports());
    row.update(NO_EXPORTS, amount == Cell.UNKNOWN ? null : amount == 0);
    row.update(EXPORTS_BASIS, amount == Cell.UNKNOWN ? null : UTF8String.fromString(its.basis()));
    row.update(IS_IMPORT_CONCENTRATED, verdict.importConcentrated());
    row.update(IS_WORLD_CONCENTRATED, verdict.worldConcentrated());
    row.update(IS_NET_IMPORTER, verdict.netImporter());
    row.update(IS_DEPENDENT, verdict.dependent());
    row.update(GEODEP, verdict.geodep());
    row.update(DEPENDENT_STATE, verdict.state());
    row.update(DEPENDENT_SINCE, verdict.since());
  }
}
