package io.lodestone.trend;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The states of dependence of one series on one basis, by year, as {@code dependency} gives them.
 *
 * @param years with a row, ascending
 * @param state in it or not; null where unknown
 * @param since first qualifying year of the state; null outside of it
 * @param importDispersed whether the import HHI lies below the bound of leaving
 * @param worldDispersed whether the world's does
 * @param netExporter whether imports over exports do
 */
record States(
    String source,
    String importer,
    String product,
    String kind,
    String basis,
    int[] years,
    Boolean[] state,
    Integer[] since,
    boolean[] importDispersed,
    boolean[] worldDispersed,
    boolean[] netExporter) {

  /**
   * Of the rows of a series on one basis, in the shape of {@link StateInput}.
   *
   * @param rows by year
   */
  static States of(List<InternalRow> rows) {
    int n = rows.size();
    int[] years = new int[n];
    Boolean[] state = new Boolean[n];
    Integer[] since = new Integer[n];
    boolean[] importDispersed = new boolean[n];
    boolean[] worldDispersed = new boolean[n];
    boolean[] netExporter = new boolean[n];
    for (int at = 0; at < n; at++) {
      InternalRow row = rows.get(at);
      years[at] = row.getInt(StateInput.YEAR);
      state[at] = row.isNullAt(StateInput.STATE) ? null : row.getBoolean(StateInput.STATE);
      since[at] = row.isNullAt(StateInput.SINCE) ? null : row.getInt(StateInput.SINCE);
      importDispersed[at] = row.getBoolean(StateInput.IMPORT_DISPERSED);
      worldDispersed[at] = row.getBoolean(StateInput.WORLD_DISPERSED);
      netExporter[at] = row.getBoolean(StateInput.NET_EXPORTER);
    }
    InternalRow any = rows.get(0);
    return new States(
        any.getUTF8String(StateInput.SOURCE).toString(),
        any.getUTF8String(StateInput.IMPORTER).toString(),
        any.getUTF8String(StateInput.PRODUCT).toString(),
        any.getUTF8String(StateInput.PRODUCT_KIND).toString(),
        any.getUTF8String(StateInput.BASIS).toString(),
        years,
        state,
        since,
        importDispersed,
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
}
