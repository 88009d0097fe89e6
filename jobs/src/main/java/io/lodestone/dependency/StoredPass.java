package io.lodestone.dependency;

import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Sending;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * What the tables say of slices that are not made again, sent to the bins of {@link ProductBins}
 * beside what is computed from {@code flow}.
 */
final class StoredPass extends Sending {
  /** What is read of {@code dependency}. */
  static final List<String> PAST =
      List.of(
          "source",
          "year",
          "importer",
          "product",
          "product_kind",
          "basis",
          "total",
          "months",
          "hhi",
          "world_hhi",
          "imports_over_exports",
          "is_dependent");

  /** What is read of {@code world_trade}. */
  static final List<String> WORLD =
      List.of("source", "year", "exporter", "product", "product_kind", "value", "quantity_kg");

  /** What is read of {@code series_before}. */
  static final List<String> BEFORE =
      List.of("source", "until", "importer", "product", "product_kind", "basis", "usual", "state");

  /** Takes what it needs of a row. */
  private interface Taking {
    void take(InternalRow row);
  }

  private final Iterator<InternalRow> rows;
  private final int[] at;
  private final Gathered<FlowPass.Findings> findings;
  private final Taking taking;
  private final Words sources;
  private final Words countries = new Words((word, none) -> Packed.country(word), 0);
  private final Words products;
  private final Words bases;
  private final ReportingBits reporting = new ReportingBits();
  private final ProductBins bins = new ProductBins();

  private StoredPass(
      Iterator<InternalRow> rows,
      int[] at,
      Setting setting,
      Gathered<FlowPass.Findings> findings,
      BiConsumer<StoredPass, InternalRow> taking) {
    this.rows = rows;
    this.at = at;
    this.findings = findings;
    Map<String, Integer> numbers = setting.sourceNumbers();
    this.sources = new Words((word, none) -> numbers.get(word), 0);
    this.products = new Words((word, none) -> setting.productNumber(word), 0);
    this.bases = new Words((word, none) -> word.equals("value") ? Cell.VALUE : Cell.QUANTITY, 0);
    this.taking = row -> taking.accept(this, row);
  }

  /**
   * Earlier years of series, from {@code dependency}.
   *
   * @param at places of {@link #PAST} in the rows
   */
  static StoredPass ofPast(
      Iterator<InternalRow> rows, int[] at, Setting setting, Gathered<FlowPass.Findings> findings) {
    return new StoredPass(rows, at, setting, findings, StoredPass::takePast);
  }

  /**
   * Exporters of a reconciled world, from {@code world_trade}.
   *
   * @param at places of {@link #WORLD} in the rows
   */
  static StoredPass ofWorld(
      Iterator<InternalRow> rows, int[] at, Setting setting, Gathered<FlowPass.Findings> findings) {
    return new StoredPass(rows, at, setting, findings, StoredPass::takeWorld);
  }

  /**
   * What stands for years of series, from {@code series_before}.
   *
   * @param at places of {@link #BEFORE} in the rows
   */
  static StoredPass ofBefore(
      Iterator<InternalRow> rows, int[] at, Setting setting, Gathered<FlowPass.Findings> findings) {
    return new StoredPass(rows, at, setting, findings, StoredPass::takeBefore);
  }

  @Override
  protected boolean advance() {
    if (rows.hasNext()) {
      taking.take(rows.next());
      return true;
    }
    findings.add(TaskContext.getPartitionId(), new FlowPass.Findings(reporting, bins.close()));
    return false;
  }

  @Override
  protected Tuple2<Integer, byte[]> poll() {
    return bins.poll();
  }

  private void takePast(InternalRow row) {
    int source = sources.number(row.getUTF8String(at[0]));
    int year = row.getInt(at[1]);
    int importer = countries.number(row.getUTF8String(at[2]));
    int product = products.number(row.getUTF8String(at[3]));
    int basis = bases.number(row.getUTF8String(at[5]));
    Boolean leaving =
        Rule.isLeaving(fraction(row, at[8]), fraction(row, at[9]), fraction(row, at[10]));
    Boolean dependent = row.isNullAt(at[11]) ? null : row.getBoolean(at[11]);
    boolean isWhole = row.getInt(at[7]) == Reporting.MONTHS;
    reporting.addStored(source, importer, year, isWhole);
    bins.addPast(
        Packed.bySeries(source, importer, product, year),
        product,
        thousandths(row, at[6]),
        PastRecord.tags(basis, isWhole, dependent, leaving));
  }

  private void takeBefore(InternalRow row) {
    int product = products.number(row.getUTF8String(at[3]));
    bins.addBefore(
        Packed.bySeries(
            sources.number(row.getUTF8String(at[0])),
            countries.number(row.getUTF8String(at[2])),
            product,
            row.getInt(at[1])),
        product,
        bases.number(row.getUTF8String(at[5])),
        thousandths(row, at[6]),
        row.getLong(at[7]));
  }

  private void takeWorld(InternalRow row) {
    int product = products.number(row.getUTF8String(at[3]));
    bins.addWorld(
        Packed.bySlice(
            sources.number(row.getUTF8String(at[0])),
            row.getInt(at[1]),
            product,
            countries.number(row.getUTF8String(at[2]))),
        product,
        thousandths(row, at[5]),
        thousandths(row, at[6]));
  }

  private static Double fraction(InternalRow row, int place) {
    return row.isNullAt(place) ? null : row.getDouble(place);
  }

  private static long thousandths(InternalRow row, int place) {
    return row.isNullAt(place) ? Cell.UNKNOWN : row.getDecimal(place, 18, 3).toUnscaledLong();
  }
}
