package io.lodestone.trend;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.lodestone.trend.statistics.MannKendall;
import io.lodestone.trend.statistics.SenSlope;
import io.lodestone.trend.statistics.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Only Mann-Kendall, Sen's slope and the change of the HHI by value, without suppliers: what can be
 * had of {@code dependency} alone, for a comparison of speed with other programs.
 */
public final class ConcentrationTrends {
  private static final StructType ROW =
      StructType.fromDDL(
          "importer STRING, product STRING, mk_s INT, mk_var DOUBLE, mk_z DOUBLE, mk_p DOUBLE,"
              + " sen_slope DOUBLE, change DOUBLE");
  private static final int WHOLE_YEAR = 12;

  private ConcentrationTrends() {}

  /** One row an importer and product with at least two whole years with an HHI. */
  public static Dataset<Row> of(Dataset<Row> dependency) {
    MapPartitionsFunction<Row, Row> tests = Tests::new;
    return dependency
        .filter(col("basis").equalTo("value").and(col("hhi").isNotNull()))
        .filter(col("months").geq(WHOLE_YEAR))
        .select(
            xxhash64(col("importer"), col("product")).as("series_order"),
            col("importer"),
            col("product"),
            col("year"),
            col("hhi"))
        .repartition(col("series_order"))
        .sortWithinPartitions("series_order")
        .mapPartitions(tests, Encoders.row(ROW));
  }

  /** Series by series; two that share a hash are told apart by their names. */
  private static final class Tests implements Iterator<Row> {
    private final Iterator<Row> rows;
    private Row ahead;
    private Iterator<Row> ready = List.<Row>of().iterator();

    private Tests(Iterator<Row> rows) {
      this.rows = rows;
      this.ahead = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      while (!ready.hasNext() && ahead != null) {
        ready = sharing(ahead.getLong(0)).iterator();
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

    private List<Row> sharing(long order) {
      List<Row> together = new ArrayList<>();
      while (ahead != null && ahead.getLong(0) == order) {
        together.add(ahead);
        ahead = rows.hasNext() ? rows.next() : null;
      }
      List<Row> made = new ArrayList<>(1);
      while (!together.isEmpty()) {
        Row first = together.get(0);
        List<Row> series = new ArrayList<>();
        List<Row> others = new ArrayList<>();
        for (Row row : together) {
          boolean same =
              row.getString(2).equals(first.getString(2))
                  && row.getString(1).equals(first.getString(1));
          (same ? series : others).add(row);
        }
        if (series.size() > 1) {
          made.add(test(series));
        }
        together = others;
      }
      return made;
    }

    private static Row test(List<Row> rows) {
      Row[] byYear = rows.toArray(Row[]::new);
      Arrays.sort(byYear, (one, other) -> one.getInt(3) - other.getInt(3));
      int[] years = new int[byYear.length];
      double[] values = new double[byYear.length];
      for (int at = 0; at < years.length; at++) {
        years[at] = byYear[at].getInt(3);
        values[at] = byYear[at].getDouble(4);
      }
      Series series = Series.of(years, values);
      MannKendall test = MannKendall.of(series);
      return RowFactory.create(
          byYear[0].getString(1),
          byYear[0].getString(2),
          test.s(),
          test.variance(),
          test.z(),
          test.p(),
          SenSlope.of(series, test.variance()).slope(),
          values[values.length - 1] - values[0]);
    }
  }
}
