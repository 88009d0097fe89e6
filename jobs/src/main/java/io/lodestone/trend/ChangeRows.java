package io.lodestone.trend;

import io.lodestone.exchange.Rows;
import io.lodestone.trend.statistics.Decomposition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of {@code change}: between the first and the last whole year of the window with an HHI for
 * every series, and between each such year and the next for goods.
 *
 * <p>Parts: every supplier whose share changed (of the change of the HHI); volume and price (of the
 * change of ln of the value share) for the first year's top supplier and the suppliers of interest,
 * where all four shares are positive; within and between (of the change of the share) for the same
 * suppliers in a good of several six-digit codes. A good with national lines, or with codes of
 * another revision, has no within and between: its codes do not add up from {@code supplier}.
 *
 * <p>A supplier without a known weight has no part in the HHI by quantity: it counts as a share of
 * 0 and its kind is null.
 */
final class ChangeRows implements SeriesPass.Reader {
  /** How far the items of a good may add up to something else than the good. */
  private static final double EXACT = 1e-9;

  private final List<String> ofInterest;

  /** Six-digit codes by good, for goods of several that add up. */
  private final Map<String, List<String>> codesByGood;

  private final Set<String> codes = new LinkedHashSet<>();
  private final Map<String, ObservedSeries> members = new HashMap<>();

  ChangeRows(List<String> ofInterest, Map<String, List<String>> codesByGood) {
    this.ofInterest = ofInterest;
    this.codesByGood = codesByGood;
    codesByGood.values().forEach(codes::addAll);
  }

  @Override
  public List<InternalRow> series(ObservedSeries series) {
    boolean isGood = series.kind().equals("good");
    if (!isGood && codes.contains(series.product())) {
      members.put(key(series, series.product()), series);
    }
    List<InternalRow> rows = new ArrayList<>();
    for (int basis = 0; basis < SeriesInput.BASES.size(); basis++) {
      int[] known = series.knownYears(basis);
      if (known.length < 2) {
        continue;
      }
      change(series, basis, known[0], known[known.length - 1], rows);
      for (int next = 1; isGood && known.length > 2 && next < known.length; next++) {
        change(series, basis, known[next - 1], known[next], rows);
      }
    }
    return rows;
  }

  @Override
  public List<InternalRow> importer() {
    members.clear();
    return List.of();
  }

  private static String key(ObservedSeries series, String product) {
    return series.source() + "|" + series.importer() + "|" + product;
  }

  private void change(ObservedSeries series, int basis, int from, int to, List<InternalRow> rows) {
    suppliers(series, basis, from, to, rows);
    Set<String> names = new LinkedHashSet<>();
    names.add(series.firstTop(basis));
    names.addAll(ofInterest);
    names.remove(series.importer());
    for (String name : names) {
      if (basis == SeriesInput.VALUE) {
        valueShare(series, name, from, to, rows);
      }
      if (codesByGood.containsKey(series.product())) {
        basket(series, basis, name, from, to, rows);
      }
    }
  }

  private static void suppliers(
      ObservedSeries series, int basis, int from, int to, List<InternalRow> rows) {
    List<String> suppliers = series.suppliers().stream().sorted().toList();
    double[] before = new double[suppliers.size()];
    double[] after = new double[suppliers.size()];
    for (int at = 0; at < before.length; at++) {
      before[at] = zeroIfUnknown(series.share(basis, suppliers.get(at), from));
      after[at] = zeroIfUnknown(series.share(basis, suppliers.get(at), to));
    }
    double[] parts = Decomposition.ofConcentration(before, after);
    for (int at = 0; at < parts.length; at++) {
      if (before[at] != after[at]) {
        rows.add(row(series, basis, from, to, "supplier", suppliers.get(at), parts[at]));
      }
    }
  }

  private static double zeroIfUnknown(double share) {
    return Double.isNaN(share) ? 0 : share;
  }

  private static void valueShare(
      ObservedSeries series, String name, int from, int to, List<InternalRow> rows) {
    double valueBefore = series.share(SeriesInput.VALUE, name, from);
    double quantityBefore = series.share(SeriesInput.QUANTITY, name, from);
    double valueAfter = series.share(SeriesInput.VALUE, name, to);
    double quantityAfter = series.share(SeriesInput.QUANTITY, name, to);
    if (valueBefore > 0 && quantityBefore > 0 && valueAfter > 0 && quantityAfter > 0) {
      Decomposition.ValueShare parts =
          Decomposition.ofValueShare(valueBefore, quantityBefore, valueAfter, quantityAfter);
      rows.add(row(series, SeriesInput.VALUE, from, to, "volume", name, parts.volume()));
      rows.add(row(series, SeriesInput.VALUE, from, to, "price", name, parts.price()));
    }
  }

  private void basket(
      ObservedSeries series, int basis, String name, int from, int to, List<InternalRow> rows) {
    List<ObservedSeries> items = new ArrayList<>();
    for (String code : codesByGood.get(series.product())) {
      ObservedSeries item = members.get(key(series, code));
      if (item != null) {
        items.add(item);
      }
    }
    double[][] weights = {weights(items, basis, from), weights(items, basis, to)};
    double[][] shares = {shares(items, basis, name, from), shares(items, basis, name, to)};
    if (addsUp(weights[0], shares[0], series.share(basis, name, from))
        && addsUp(weights[1], shares[1], series.share(basis, name, to))) {
      Decomposition.Basket parts =
          Decomposition.ofBasket(weights[0], shares[0], weights[1], shares[1]);
      rows.add(row(series, basis, from, to, "within", name, parts.within()));
      rows.add(row(series, basis, from, to, "between", name, parts.between()));
    }
  }

  private static double[] weights(List<ObservedSeries> items, int basis, int at) {
    double[] weights = new double[items.size()];
    double all = 0;
    for (int item = 0; item < weights.length; item++) {
      for (String supplier : items.get(item).suppliers()) {
        weights[item] += zeroIfUnknown(items.get(item).amount(basis, supplier, at));
      }
      all += weights[item];
    }
    for (int item = 0; item < weights.length; item++) {
      weights[item] /= all;
    }
    return weights;
  }

  private static double[] shares(List<ObservedSeries> items, int basis, String name, int at) {
    double[] shares = new double[items.size()];
    for (int item = 0; item < shares.length; item++) {
      double share = items.get(item).share(basis, name, at);
      boolean unweighed = Double.isNaN(share) && !Double.isNaN(items.get(item).hhi(basis, at));
      shares[item] = unweighed ? 0 : share;
    }
    return shares;
  }

  private static boolean addsUp(double[] weights, double[] shares, double whole) {
    double sum = 0;
    for (int item = 0; item < weights.length; item++) {
      sum += weights[item] == 0 ? 0 : weights[item] * shares[item];
    }
    return Math.abs(sum - whole) <= EXACT;
  }

  private static InternalRow row(
      ObservedSeries series,
      int basis,
      int from,
      int to,
      String part,
      String name,
      double contribution) {
    return Rows.of(
        series.source(),
        series.importer(),
        series.product(),
        series.kind(),
        SeriesInput.BASES.get(basis),
        series.year(from),
        series.year(to),
        part,
        name,
        contribution,
        kind(series.share(basis, name, from), series.share(basis, name, to)));
  }

  private static String kind(double before, double after) {
    if (Double.isNaN(before) || Double.isNaN(after) || before == after) {
      return null;
    }
    if (before == 0) {
      return "entry";
    }
    if (after == 0) {
      return "exit";
    }
    return after > before ? "gain" : "loss";
  }
}
