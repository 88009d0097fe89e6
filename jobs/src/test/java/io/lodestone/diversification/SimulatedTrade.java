package io.lodestone.diversification;

import io.lodestone.Tables;
import io.lodestone.lake.Column;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Trade of an invented world with known laws: a link ends with the hazard 1 - exp(-exp(-1 - 0.7 ln
 * age)), and a country without one begins to supply with log odds of -7 + 0.5 ln (its exports in
 * thousands). Written as the tables that models read.
 */
final class SimulatedTrade {
  static final int FIRST = 2010;
  static final int LAST = 2025;
  static final double AGE = -0.7;
  private static final int YEARS = LAST - FIRST + 1;

  /** Flows by importer, product and supplier, by year. */
  final Map<List<String>, double[]> flows =
      new TreeMap<>(java.util.Comparator.comparing(List::toString));

  static SimulatedTrade of(int countries, int products, long seed) {
    SimulatedTrade trade = new SimulatedTrade();
    SplittableRandom random = new SplittableRandom(seed);
    for (int product = 0; product < products; product++) {
      String code = "28%02d%d0".formatted(10 + product / 4, 1 + product % 4);
      for (int supplier = 0; supplier < countries; supplier += 1 + (product % 2)) {
        double size = Math.exp(6 + 6 * random.nextDouble());
        for (int importer = 0; importer < countries; importer++) {
          if (importer != supplier) {
            double[] flow = trade.pair(random, size * (0.5 + random.nextDouble()));
            trade.flows.put(List.of(name(importer), code, name(supplier)), flow);
          }
        }
      }
    }
    return trade;
  }

  static String name(int country) {
    return "C" + (char) ('A' + country / 26) + (char) ('A' + country % 26);
  }

  private double[] pair(SplittableRandom random, double size) {
    double[] flow = new double[YEARS];
    int age = random.nextDouble() < 0.3 ? 1 + random.nextInt(5) : 0;
    for (int year = 0; year < YEARS; year++) {
      if (age > 0) {
        flow[year] = 2_000 + size * 100 * (0.8 + 0.4 * random.nextDouble());
        double hazard = -Math.expm1(-Math.exp(-1 + AGE * Math.log(age)));
        age = random.nextDouble() < hazard ? 0 : age + 1;
      } else {
        double odds = Math.exp(-7 + 0.5 * Math.log(size));
        age = random.nextDouble() < odds / (1 + odds) ? 1 : 0;
      }
    }
    return flow;
  }

  /** Leaves out the years after one. */
  SimulatedTrade changedAfter(int year) {
    SimulatedTrade changed = new SimulatedTrade();
    flows.forEach(
        (pair, flow) -> {
          double[] other = flow.clone();
          for (int later = year + 1 - FIRST; later < YEARS; later++) {
            other[later] = (pair.hashCode() + later) % 3 == 0 ? 0 : 5_000 + 3 * flow[later];
          }
          changed.flows.put(pair, other);
        });
    return changed;
  }

  void write(Lake lake) {
    write(lake, "baci");
  }

  /** As all that a source says. */
  void write(Lake lake, String source) {
    List<Row> supplier = new ArrayList<>();
    List<Row> world = new ArrayList<>();
    List<Row> dependency = new ArrayList<>();
    Map<List<String>, double[]> exports =
        new TreeMap<>(java.util.Comparator.comparing(List::toString));
    Map<List<String>, Map<String, double[]>> markets =
        new TreeMap<>(java.util.Comparator.comparing(List::toString));
    flows.forEach(
        (pair, flow) -> {
          double[] sum =
              exports.computeIfAbsent(List.of(pair.get(2), pair.get(1)), key -> new double[YEARS]);
          for (int year = 0; year < YEARS; year++) {
            sum[year] += flow[year];
          }
          markets
              .computeIfAbsent(List.of(pair.get(0), pair.get(1)), key -> new TreeMap<>())
              .put(pair.get(2), flow);
        });
    exports.forEach(
        (key, flow) -> {
          for (int year = 0; year < YEARS; year++) {
            if (flow[year] > 0) {
              world.add(
                  row(
                      Tables.WORLD_TRADE,
                      Map.of(
                          "source",
                          source,
                          "exporter",
                          key.get(0),
                          "product",
                          key.get(1),
                          "product_kind",
                          "hs6",
                          "year",
                          FIRST + year,
                          "world_basis",
                          "baci",
                          "value",
                          decimal(flow[year]),
                          "quantity_kg",
                          decimal(flow[year] / 10))));
            }
          }
        });
    markets.forEach(
        (key, suppliers) -> {
          for (int year = 0; year < YEARS; year++) {
            market(source, key, suppliers, year, supplier, dependency);
          }
        });
    write(lake, source, Tables.SUPPLIER, supplier);
    write(lake, source, Tables.WORLD_TRADE, world);
    write(lake, source, Tables.DEPENDENCY, dependency);
  }

  private static void market(
      String source,
      List<String> key,
      Map<String, double[]> suppliers,
      int year,
      List<Row> supplier,
      List<Row> dependency) {
    double total = suppliers.values().stream().mapToDouble(flow -> flow[year]).sum();
    if (total == 0) {
      return;
    }
    double hhi = 0;
    String top = "";
    double most = 0;
    for (Map.Entry<String, double[]> of : suppliers.entrySet()) {
      double flow = of.getValue()[year];
      hhi += flow / total * (flow / total);
      if (flow > most) {
        most = flow;
        top = of.getKey();
      }
      if (flow > 0) {
        supplier.add(
            row(
                Tables.SUPPLIER,
                Map.of(
                    "source",
                    source,
                    "importer",
                    key.get(0),
                    "product",
                    key.get(1),
                    "product_kind",
                    "hs6",
                    "year",
                    FIRST + year,
                    "supplier",
                    of.getKey(),
                    "value",
                    decimal(flow),
                    "quantity_kg",
                    decimal(flow / 10),
                    "share_value",
                    flow / total,
                    "unit_value",
                    10.0)));
      }
    }
    for (String basis : List.of("value", "quantity")) {
      Map<String, Object> values = new TreeMap<>();
      values.put("source", source);
      values.put("importer", key.get(0));
      values.put("product", key.get(1));
      values.put("product_kind", "hs6");
      values.put("year", FIRST + year);
      values.put("basis", basis);
      values.put("total", decimal(basis.equals("value") ? total : total / 10));
      values.put("hhi", hhi);
      values.put("hhi_low", hhi);
      values.put("hhi_high", hhi);
      values.put("top_supplier", top);
      values.put("top_share", most / total);
      values.put("cr1", most / total);
      values.put("world_hhi", 0.2 + 0.01 * (key.get(1).hashCode() % 7));
      values.put("months", 12);
      dependency.add(row(Tables.DEPENDENCY, values));
    }
  }

  private static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
  }

  private static Row row(Table table, Map<String, Object> values) {
    return RowFactory.create(table.columns().stream().map(Column::name).map(values::get).toArray());
  }

  private static void write(Lake lake, String source, Table table, List<Row> rows) {
    lake.replace(
        table,
        lake.spark().createDataFrame(rows, table.schema()),
        "source = '%s'".formatted(source),
        "test",
        "test");
  }
}
