package io.lodestone.trend;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The states of dependence of one series on one basis, by year, as {@code dependency} gives them.
 *
 * @param years with a row, ascending
 * @param state in it or not; null where unknown
 */
record States(
    String source,
    String importer,
    String product,
    String kind,
    int basis,
    int[] years,
    Boolean[] state,
    Integer[] since,
    double[] hhi,
    boolean[] worldDispersed,
    boolean[] netExporter) {

  static States of(ObservedSeries series, int basis) {
    List<InternalRow> rows = series.states(basis);
    int n = rows.size();
    int[] years = new int[n];
    Boolean[] state = new Boolean[n];
    Integer[] since = new Integer[n];
    double[] hhi = new double[n];
    boolean[] worldDispersed = new boolean[n];
    boolean[] netExporter = new boolean[n];
    for (int at = 0; at < n; at++) {
      InternalRow row = rows.get(at);
      years[at] = row.getInt(SeriesInput.YEAR);
      state[at] = row.isNullAt(SeriesInput.STATE) ? null : row.getBoolean(SeriesInput.STATE);
      since[at] = row.isNullAt(SeriesInput.SINCE) ? null : row.getInt(SeriesInput.SINCE);
      hhi[at] = ObservedSeries.orNaN(row, SeriesInput.CONCENTRATION);
      worldDispersed[at] = row.getBoolean(SeriesInput.WORLD_DISPERSED);
      netExporter[at] = row.getBoolean(SeriesInput.NET_EXPORTER);
    }
    return new States(
        series.source(),
        series.importer(),
        series.product(),
        series.kind(),
        basis,
        years,
        state,
        since,
        hhi,
        worldDispersed,
        netExporter);
  }

  boolean wasEverIn() {
    for (Boolean in : state) {
      if (Boolean.TRUE.equals(in)) {
        return true;
      }
    }
    return false;
  }

  /** States of the series of an importer, and the years in which it reports anything. */
  static final class OfImporter {
    private final List<States> series = new ArrayList<>();
    private final TreeSet<Integer> years = new TreeSet<>();

    void add(States states) {
      series.add(states);
    }

    void addYears(States states) {
      for (int year : states.years()) {
        years.add(year);
      }
    }

    List<States> series() {
      return series;
    }

    TreeSet<Integer> years() {
      return years;
    }
  }
}
