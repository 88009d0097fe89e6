package io.lodestone.trend;

import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.dependency.Rule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A small world: rows of supplier, and of dependency computed from them. */
final class World {
  private final List<Row> suppliers = new ArrayList<>();
  private final List<Row> dependencies = new ArrayList<>();
  private String source = "test";

  /** The source of the years that follow. */
  World from(String name) {
    source = name;
    return this;
  }

  /**
   * A year of a product.
   *
   * @param state in the state of dependence; null where unknown
   * @param amounts supplier and amount in turn; value and kilograms are equal
   */
  World year(
      String importer, String product, String kind, int year, Boolean state, Object... amounts) {
    return year(importer, product, kind, year, 12, state, amounts);
  }

  World year(
      String importer,
      String product,
      String kind,
      int year,
      int months,
      Boolean state,
      Object... amounts) {
    Map<String, Double> bySupplier = new LinkedHashMap<>();
    double all = 0;
    for (int at = 0; at < amounts.length; at += 2) {
      double amount = ((Number) amounts[at + 1]).doubleValue();
      bySupplier.put((String) amounts[at], amount);
      all += amount;
    }
    double hhi = 0;
    String top = null;
    for (Map.Entry<String, Double> supplier : bySupplier.entrySet()) {
      double share = supplier.getValue() / all;
      hhi += share * share;
      top = top == null || supplier.getValue() > bySupplier.get(top) ? supplier.getKey() : top;
      suppliers.add(
          row(
              Tables.SUPPLIER.columnNames(),
              Map.of(
                  "source", source,
                  "importer", importer,
                  "product", product,
                  "product_kind", kind,
                  "year", year,
                  "supplier", supplier.getKey(),
                  "value", BigDecimal.valueOf(supplier.getValue()),
                  "quantity_kg", BigDecimal.valueOf(supplier.getValue()),
                  "share_value", share,
                  "share_quantity", share)));
    }
    for (String basis : List.of("value", "quantity")) {
      Map<String, Object> fields = new TreeMap<>();
      fields.put("source", source);
      fields.put("importer", importer);
      fields.put("product", product);
      fields.put("product_kind", kind);
      fields.put("year", year);
      fields.put("basis", basis);
      fields.put("hhi", bySupplier.isEmpty() ? null : hhi);
      fields.put("hhi_low", bySupplier.isEmpty() ? null : hhi);
      fields.put("hhi_high", bySupplier.isEmpty() ? null : hhi);
      fields.put("top_supplier", top);
      fields.put("months", months);
      fields.put("share_unspecified", 0.0);
      fields.put("share_with_quantity", 1.0);
      fields.put("dependent_state", state);
      fields.put("world_hhi", 0.5);
      dependencies.add(row(Tables.DEPENDENCY.columnNames(), fields));
    }
    return this;
  }

  /** Another value in the rows of dependency of the year that was added last. */
  World with(String column, Object value) {
    String[] columns = Tables.DEPENDENCY.columnNames();
    for (int at = dependencies.size() - SeriesInput.BASES.size(); at < dependencies.size(); at++) {
      Map<String, Object> fields = named(columns, dependencies.get(at));
      fields.put(column, value);
      dependencies.set(at, row(columns, fields));
    }
    return this;
  }

  private static Row row(String[] columns, Map<String, Object> fields) {
    return RowFactory.create(Arrays.stream(columns).map(fields::get).toArray());
  }

  World write(Workplace workplace) {
    workplace
        .lake()
        .replace(
            Tables.SUPPLIER,
            workplace.spark().createDataFrame(suppliers, Tables.SUPPLIER.schema()),
            "true",
            "test",
            "test");
    workplace
        .lake()
        .replace(
            Tables.DEPENDENCY,
            workplace.spark().createDataFrame(dependencies, Tables.DEPENDENCY.schema()),
            "true",
            "test",
            "test");
    return this;
  }

  /** The rows in the shape and order in which a pass reads them, without Spark. */
  List<Row> input() {
    return input(List.of());
  }

  /** The same, with rows of the trend that stands. */
  List<Row> input(List<Row> trend) {
    List<Row> rows = new ArrayList<>();
    for (Row row : trend) {
      Map<String, Object> fields = named(Tables.TREND.columnNames(), row);
      fields.keySet().retainAll(List.of("source", "importer", "product_kind", "product"));
      fields.put("row_kind", SeriesInput.OF_EARLIER_TREND);
      fields.put("earlier", row);
      rows.add(shaped(fields));
    }
    for (Row row : dependencies) {
      Map<String, Object> fields = named(Tables.DEPENDENCY.columnNames(), row);
      fields.put("row_kind", SeriesInput.OF_DEPENDENCY);
      fields.put("basis", SeriesInput.BASES.indexOf((String) fields.get("basis")));
      fields.put("name", fields.get("top_supplier"));
      rows.add(shaped(fields));
    }
    for (Row row : suppliers) {
      Map<String, Object> fields = named(Tables.SUPPLIER.columnNames(), row);
      fields.put("row_kind", SeriesInput.OF_SUPPLIER);
      fields.put("name", fields.get("supplier"));
      fields.put("value", ((BigDecimal) fields.get("value")).doubleValue());
      fields.put("quantity", ((BigDecimal) fields.get("quantity_kg")).doubleValue());
      rows.add(shaped(fields));
    }
    rows.sort(Comparator.comparingLong(row -> row.getLong(SeriesInput.ORDER)));
    return rows;
  }

  /** The rows in the shape and order in which states are followed, without Spark. */
  List<Row> states() {
    return dependencies.stream()
        .map(
            row -> {
              Map<String, Object> fields = named(Tables.DEPENDENCY.columnNames(), row);
              fields.put("import_dispersed", isBelow(fields.get("hhi"), Rule.DISPERSED));
              fields.put("world_dispersed", isBelow(fields.get("world_hhi"), Rule.DISPERSED));
              fields.put(
                  "net_exporter", isBelow(fields.get("imports_over_exports"), Rule.NET_EXPORTER));
              return row(StateInput.SCHEMA.fieldNames(), fields);
            })
        .sorted(
            Comparator.comparing(
                    (Row row) ->
                        List.of(
                                StateInput.IMPORTER,
                                StateInput.PRODUCT_KIND,
                                StateInput.PRODUCT,
                                StateInput.BASIS)
                            .stream()
                            .map(row::getString)
                            .collect(Collectors.joining("|")))
                .thenComparing(row -> row.getInt(StateInput.YEAR)))
        .toList();
  }

  private static boolean isBelow(Object number, double bound) {
    return number != null && (Double) number < bound;
  }

  private static Map<String, Object> named(String[] columns, Row row) {
    Map<String, Object> fields = new TreeMap<>();
    for (int at = 0; at < columns.length; at++) {
      fields.put(columns[at], row.get(at));
    }
    return fields;
  }

  private static Row shaped(Map<String, Object> fields) {
    long importer = fields.get("importer").hashCode() & 0xFFFFFL;
    long kind = fields.get("product_kind").equals("good") ? 1L << 39 : 0;
    long product = fields.get("product").hashCode() & 0x7FFFFFFFL;
    fields.put("series_order", importer << SeriesInput.PRODUCT_BITS | kind | product);
    fields.put("row_hash", (long) fields.toString().hashCode());
    return row(SeriesInput.SCHEMA.fieldNames(), fields);
  }
}
