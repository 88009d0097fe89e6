package io.lodestone.trend;

import io.lodestone.Tables;
import io.lodestone.exchange.Rows;
import io.lodestone.trend.statistics.FalseDiscovery;
import io.lodestone.trend.statistics.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code trend}: every measure of a series on both bases, tested as it comes; the q-values
 * and verdicts when all series of the importer are there.
 *
 * <p>A series whose input hash stands in its earlier rows is not tested again: its rows are taken
 * over, and only their q-values and verdicts are new.
 */
final class TrendRows implements SeriesPass.Reader {
  private static final StructType SCHEMA = Tables.TREND.schema();
  private static final int SOURCE = SCHEMA.fieldIndex("source");
  private static final int IMPORTER = SCHEMA.fieldIndex("importer");
  private static final int PRODUCT_KIND = SCHEMA.fieldIndex("product_kind");
  private static final int BASIS = SCHEMA.fieldIndex("basis");
  private static final int MEASURE = SCHEMA.fieldIndex("measure");
  private static final int YEARS = SCHEMA.fieldIndex("years");
  private static final int COVERAGE = SCHEMA.fieldIndex("coverage");
  private static final int COVERAGE_LEAST = SCHEMA.fieldIndex("coverage_least");
  private static final int FIRST_MEAN = SCHEMA.fieldIndex("first_mean");
  private static final int LAST_MEAN = SCHEMA.fieldIndex("last_mean");
  private static final int LEAST = SCHEMA.fieldIndex("least");
  private static final int GREATEST = SCHEMA.fieldIndex("greatest");
  private static final int TREND_P = SCHEMA.fieldIndex("trend_p");
  private static final int PERSISTENT = SCHEMA.fieldIndex("persistent");
  private static final int CHANGE = SCHEMA.fieldIndex("sen_change");
  private static final int CHANGE_LOW = SCHEMA.fieldIndex("sen_change_low");
  private static final int CHANGE_HIGH = SCHEMA.fieldIndex("sen_change_high");
  private static final int Q = SCHEMA.fieldIndex("q_value");
  private static final int Q_BY = SCHEMA.fieldIndex("q_value_by");
  private static final int P_HOLM = SCHEMA.fieldIndex("p_holm");
  private static final int VERDICT = SCHEMA.fieldIndex("verdict");
  private static final int HASH = SCHEMA.fieldIndex("input_hash");

  private final List<String> measures;
  private final int fromYear;
  private final int toYear;

  /** Rows of an importer by source, importer, product_kind, basis and measure. */
  private final Map<String, List<Object[]>> families = new LinkedHashMap<>();

  TrendRows(List<String> measures, int fromYear, int toYear) {
    this.measures = measures;
    this.fromYear = fromYear;
    this.toYear = toYear;
  }

  @Override
  public List<InternalRow> series(ObservedSeries series) {
    if (isUnchanged(series)) {
      series.earlier().forEach(row -> keep(fields(row)));
      return List.of();
    }
    for (int basis = 0; basis < SeriesInput.BASES.size(); basis++) {
      for (String measure : measures) {
        String supplier = supplier(series, basis, measure);
        // Goods that come back to their importer are no dependence on a supplier.
        if (!series.importer().equals(supplier)) {
          keep(tested(series, basis, measure, supplier));
        }
      }
    }
    return List.of();
  }

  private static boolean isUnchanged(ObservedSeries series) {
    for (InternalRow row : series.earlier()) {
      if (row.getLong(HASH) != series.hash()) {
        return false;
      }
    }
    return !series.earlier().isEmpty();
  }

  private static Object[] fields(InternalRow row) {
    Object[] fields = new Object[SCHEMA.size()];
    for (int field = 0; field < fields.length; field++) {
      fields[field] = row.get(field, SCHEMA.apply(field).dataType());
    }
    return fields;
  }

  private static String supplier(ObservedSeries series, int basis, String measure) {
    if (measure.equals(Measure.FIRST_TOP)) {
      return series.firstTop(basis);
    }
    return measure.startsWith(Measure.SHARE) ? measure.substring(Measure.SHARE.length()) : null;
  }

  private void keep(Object[] fields) {
    String family =
        String.join(
            "|",
            fields[SOURCE].toString(),
            fields[IMPORTER].toString(),
            fields[PRODUCT_KIND].toString(),
            fields[BASIS].toString(),
            fields[MEASURE].toString());
    families.computeIfAbsent(family, key -> new ArrayList<>()).add(fields);
  }

  /** In the order of the table's columns. */
  private Object[] tested(ObservedSeries series, int basis, String measure, String supplier) {
    Series values = series.series(basis, measure, supplier);
    SeriesTests tests = SeriesTests.of(values, Measure.isShare(measure));
    double coverage = 0;
    double leastCoverage = 1;
    for (int at = 0; at < values.size(); at++) {
      double ofYear = series.coverage(basis, values.time(at) - fromYear);
      coverage += ofYear;
      leastCoverage = Math.min(leastCoverage, ofYear);
    }
    boolean any = tests.years() > 0;
    boolean tested = tests.years() > 1;
    return new Object[] {
      series.source(),
      series.importer(),
      series.product(),
      series.kind(),
      SeriesInput.BASES.get(basis),
      measure,
      supplier,
      fromYear,
      toYear,
      tests.years(),
      series.partialYears(basis),
      orNull(coverage / values.size()),
      any ? leastCoverage : null,
      any ? tests.firstYear() : null,
      any ? tests.lastYear() : null,
      orNull(tests.firstValue()),
      orNull(tests.lastValue()),
      orNull(tests.firstMean()),
      orNull(tests.lastMean()),
      orNull(tests.least()),
      orNull(tests.greatest()),
      tested ? tests.mannKendall().s() : null,
      orNull(tests.mannKendall().variance()),
      orNull(tests.mannKendall().z()),
      orNull(tests.mannKendall().p()),
      orNull(tests.mannKendall().pNormal()),
      orNull(tests.mannKendall().tau()),
      orNull(tests.hamedRaoP()),
      orNull(tests.trendP()),
      orNull(tests.rho()),
      Double.isNaN(tests.rho()) ? null : tests.rho() > Verdict.PERSISTENT,
      orNull(tests.slope()),
      orNull(tests.slopeLow()),
      orNull(tests.slopeHigh()),
      orNull(tests.change()),
      orNull(tests.changeLow()),
      orNull(tests.changeHigh()),
      tests.pettittYear(),
      orNull(tests.pettittP()),
      orNull(tests.pettittPLessTrend()),
      tests.breakYears(),
      tests.segmentMeans(),
      orNull(tests.supF()),
      orNull(tests.supFP()),
      null,
      null,
      null,
      null,
      series.hash()
    };
  }

  @Override
  public List<InternalRow> importer() {
    List<InternalRow> rows = new ArrayList<>();
    for (List<Object[]> family : families.values()) {
      judge(family);
      family.forEach(fields -> rows.add(Rows.of(fields)));
    }
    families.clear();
    return rows;
  }

  private void judge(List<Object[]> family) {
    double[] p = new double[family.size()];
    for (int at = 0; at < p.length; at++) {
      Object[] fields = family.get(at);
      p[at] = facts(fields, Double.NaN).isEligible() ? orNaN(fields[TREND_P]) : Double.NaN;
    }
    double[] q = FalseDiscovery.benjaminiHochberg(p);
    double[] qBy = FalseDiscovery.benjaminiYekutieli(p);
    boolean isWatchList = family.get(0)[PRODUCT_KIND].toString().equals("good");
    double[] holm = isWatchList ? FalseDiscovery.holm(p) : null;
    for (int at = 0; at < p.length; at++) {
      Object[] fields = family.get(at);
      fields[Q] = orNull(q[at]);
      fields[Q_BY] = orNull(qBy[at]);
      fields[P_HOLM] = isWatchList ? orNull(holm[at]) : null;
      fields[VERDICT] = Verdict.of(facts(fields, q[at])).text();
    }
  }

  private Verdict.Facts facts(Object[] fields, double q) {
    return new Verdict.Facts(
        fields[MEASURE].toString(),
        (Integer) fields[YEARS],
        toYear - fromYear + 1,
        orNaN(fields[COVERAGE]),
        orNaN(fields[COVERAGE_LEAST]),
        orNaN(fields[FIRST_MEAN]),
        orNaN(fields[LAST_MEAN]),
        orNaN(fields[LEAST]),
        orNaN(fields[GREATEST]),
        orNaN(fields[CHANGE]),
        orNaN(fields[CHANGE_LOW]),
        orNaN(fields[CHANGE_HIGH]),
        q,
        Boolean.TRUE.equals(fields[PERSISTENT]));
  }

  private static Double orNull(double number) {
    return Double.isNaN(number) ? null : number;
  }

  private static double orNaN(Object number) {
    return number == null ? Double.NaN : (Double) number;
  }
}
