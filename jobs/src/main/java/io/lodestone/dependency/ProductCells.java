package io.lodestone.dependency;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One product of one source in one year, from its records: the imports of every importer as cells,
 * the sums that its importers report by supplier, and what exporters report themselves.
 */
final class ProductCells {
  /** An importer's cell. */
  static final class Imports {
    private final int importer;
    private Cell cell = new Cell();
    private boolean isUnknown;
    private boolean hasMonths;
    private boolean hasMonthsOfTotals;

    private Imports(int importer) {
      this.importer = importer;
    }

    int importer() {
      return importer;
    }

    Cell cell() {
      return cell;
    }

    /** Whether any of its records is of a month, or of its totals where it has no other. */
    boolean hasMonths() {
      return cell.isEmpty() ? hasMonthsOfTotals : hasMonths;
    }
  }

  /** Amounts by kind of export and basis. */
  static final class Exports {
    final long[] gross = {Cell.UNKNOWN, Cell.UNKNOWN};
    final long[] re = {Cell.UNKNOWN, Cell.UNKNOWN};
    final long[] domestic = {Cell.UNKNOWN, Cell.UNKNOWN};

    private long[] of(int flow) {
      return switch (flow) {
        case FlowRecord.EXPORT -> gross;
        case FlowRecord.RE_EXPORT -> re;
        default -> domestic;
      };
    }
  }

  private final boolean ofGood;
  private final List<Imports> imports = new java.util.ArrayList<>();
  private final Map<Integer, Exports> own = new TreeMap<>();

  private ProductCells(boolean ofGood) {
    this.ofGood = ofGood;
  }

  /** Of all records of a product. */
  static ProductCells ofProduct() {
    return new ProductCells(false);
  }

  /** Of the records of a good, of whose members a total is one that has no parts. */
  static ProductCells ofGood() {
    return new ProductCells(true);
  }

  /**
   * Takes a record; those of an importer come one after another, and those of a supplier within
   * them. An importer of which there are only totals has a cell in which all is unknown: where
   * there were none, it would be taken to import nothing. So has a good of which one member is
   * known by its total alone: the sum of the others is not it.
   */
  void add(FlowRecord record) {
    if (record.isTotalOfImports()) {
      Imports its = importsOf(record.reporter);
      its.hasMonthsOfTotals |= record.month > 0;
      if (ofGood && !its.isUnknown) {
        int mapping = its.cell.weakestMapping();
        its.isUnknown = true;
        its.cell = new Cell();
        its.cell.addTotal(mapping);
      }
      its.cell.addTotal(record.mapping);
    } else if (record.isImport()) {
      Imports last = importsOf(record.reporter);
      if (last.isUnknown) {
        last.cell.addTotal(record.mapping);
        return;
      }
      last.hasMonths |= record.month > 0;
      last.cell.add(
          record.kind == Cell.COUNTRY ? Packed.countryName(record.partner) : "",
          record.kind,
          record.value,
          record.quantity,
          record.estimated,
          record.mapping,
          record.valuation);
    } else if (record.isExport()) {
      long[] sums = own.computeIfAbsent(record.reporter, absent -> new Exports()).of(record.flow);
      sums[Cell.VALUE] = Cell.sum(sums[Cell.VALUE], record.value);
      sums[Cell.QUANTITY] = Cell.sum(sums[Cell.QUANTITY], record.quantity);
    }
  }

  private Imports importsOf(int importer) {
    Imports last = imports.isEmpty() ? null : imports.get(imports.size() - 1);
    if (last == null || last.importer != importer) {
      last = new Imports(importer);
      imports.add(last);
    }
    return last;
  }

  /** Cells in the order of their importers. */
  List<Imports> imports() {
    return imports;
  }

  /** What exporters report, by exporter. */
  Map<Integer, Exports> own() {
    return own;
  }
}
