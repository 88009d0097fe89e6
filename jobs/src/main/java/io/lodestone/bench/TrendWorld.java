package io.lodestone.bench;

import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A generated world of {@code supplier} and {@code dependency} alone: series of sixteen years, each
 * with two to six suppliers. In a third of the series the first supplier's share falls, in a third
 * it rises; one year in fifty is missing, and of one series in ten the weights are.
 */
final class TrendWorld {
  static final int FROM_YEAR = 2010;
  static final int TO_YEAR = 2025;
  private static final int YEARS = TO_YEAR - FROM_YEAR + 1;
  private static final int IMPORTERS = 180;
  private static final String SOURCE = "generated";
  private static final String[] NAMES = {"CHN", "VNM", "USA", "DEU", "KOR", "AUS"};

  private TrendWorld() {}

  /** Writes both tables. */
  static void write(Lake lake, long series) {
    Dataset<Long> ids = lake.spark().range(0, series, 1, 8);
    lake.replace(
        Tables.SUPPLIER,
        ids.flatMap(
            (FlatMapFunction<Long, Row>) id -> suppliers(id),
            Encoders.row(Tables.SUPPLIER.schema())),
        "true",
        "bench",
        "bench");
    lake.replace(
        Tables.DEPENDENCY,
        ids.flatMap(
            (FlatMapFunction<Long, Row>) id -> dependencies(id),
            Encoders.row(Tables.DEPENDENCY.schema())),
        "true",
        "bench",
        "bench");
  }

  /** Amounts of a year by supplier; null where the importer has no row. */
  private static double[][] amounts(long id) {
    SplittableRandom random = new SplittableRandom(id);
    int suppliers = 2 + random.nextInt(NAMES.length - 1);
    double share = 0.3 + 0.4 * random.nextDouble();
    double slope = 0.012 * (id % 3 - 1);
    double[][] amounts = new double[YEARS][];
    double noise = 0;
    for (int year = 0; year < YEARS; year++) {
      noise = 0.4 * noise + 0.05 * (random.nextDouble() - 0.5);
      double first = Math.min(0.97, Math.max(0.02, share + slope * year + noise));
      double[] its = new double[suppliers];
      its[0] = Math.rint(1_000_000 * first);
      for (int other = 1; other < suppliers; other++) {
        its[other] = Math.rint(1_000_000 * (1 - first) / (suppliers - 1));
      }
      amounts[year] = random.nextInt(50) == 0 ? null : its;
    }
    return amounts;
  }

  private static String importer(long id) {
    int number = (int) (id % IMPORTERS);
    return "" + (char) ('A' + number / 26) + (char) ('A' + number % 26) + "X";
  }

  private static String product(long id) {
    return "%06d".formatted(100_000 + id / IMPORTERS);
  }

  private static boolean isWeighed(long id) {
    return id % 10 != 7;
  }

  private static double sum(double[] amounts) {
    double sum = 0;
    for (double amount : amounts) {
      sum += amount;
    }
    return sum;
  }

  private static Iterator<Row> suppliers(long id) {
    List<Row> rows = new ArrayList<>();
    double[][] amounts = amounts(id);
    String[] names = Tables.SUPPLIER.columnNames();
    for (int year = 0; year < YEARS; year++) {
      if (amounts[year] == null) {
        continue;
      }
      double all = sum(amounts[year]);
      for (int supplier = 0; supplier < amounts[year].length; supplier++) {
        BigDecimal amount = BigDecimal.valueOf((long) amounts[year][supplier]);
        Object[] fields = new Object[Tables.SUPPLIER.columns().size()];
        set(names, fields, "source", SOURCE);
        set(names, fields, "importer", importer(id));
        set(names, fields, "product", product(id));
        set(names, fields, "product_kind", "hs6");
        set(names, fields, "year", FROM_YEAR + year);
        set(names, fields, "supplier", NAMES[supplier]);
        set(names, fields, "value", amount);
        set(names, fields, "share_value", amounts[year][supplier] / all);
        if (isWeighed(id)) {
          set(names, fields, "quantity_kg", amount);
          set(names, fields, "share_quantity", amounts[year][supplier] / all);
        }
        rows.add(RowFactory.create(fields));
      }
    }
    return rows.iterator();
  }

  private static Iterator<Row> dependencies(long id) {
    List<Row> rows = new ArrayList<>();
    double[][] amounts = amounts(id);
    String[] names = Tables.DEPENDENCY.columnNames();
    for (int year = 0; year < YEARS; year++) {
      if (amounts[year] == null) {
        continue;
      }
      double all = sum(amounts[year]);
      double hhi = 0;
      int top = 0;
      for (int supplier = 0; supplier < amounts[year].length; supplier++) {
        hhi += amounts[year][supplier] / all * (amounts[year][supplier] / all);
        top = amounts[year][supplier] > amounts[year][top] ? supplier : top;
      }
      for (String basis : List.of("value", "quantity")) {
        boolean known = basis.equals("value") || isWeighed(id);
        Object[] fields = new Object[names.length];
        set(names, fields, "source", SOURCE);
        set(names, fields, "importer", importer(id));
        set(names, fields, "product", product(id));
        set(names, fields, "product_kind", "hs6");
        set(names, fields, "year", FROM_YEAR + year);
        set(names, fields, "basis", basis);
        set(names, fields, "months", 12);
        set(names, fields, "dependent_state", hhi > 0.4);
        if (known) {
          set(names, fields, "hhi", hhi);
          set(names, fields, "hhi_low", hhi);
          set(names, fields, "hhi_high", hhi);
          set(names, fields, "top_supplier", NAMES[top]);
          set(names, fields, "share_unspecified", 0.0);
        }
        rows.add(RowFactory.create(fields));
      }
    }
    return rows.iterator();
  }

  private static void set(String[] names, Object[] fields, String name, Object value) {
    for (int at = 0; at < names.length; at++) {
      if (names[at].equals(name)) {
        fields[at] = value;
        return;
      }
    }
    throw new IllegalArgumentException(name);
  }
}
