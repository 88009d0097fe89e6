package io.lodestone.trend;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.try_divide;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Progress;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.dependency.GoodMembers;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Since;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import io.lodestone.trend.statistics.SeasonalMannKendall;
import io.lodestone.trend.statistics.Series;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * From flow to {@code trend_monthly}: seasonal trends of the HHI and of the shares of the suppliers
 * of interest, over the months of importers that report by month.
 *
 * <p>A month counts in which the importer's records of the product name a supplier with a positive
 * amount; another is a gap. A supplier without a record in such a month supplied nothing; the share
 * of one whose records have no weight is a gap by quantity. Annual records do not enter, and months
 * count whether or not annual records stand beside them. No month counts that lies in a known gap
 * of the records.
 */
public final class MonthlyTrends {
  private static final String STEP = "trend-monthly";
  private static final int MONTHS = 12;
  private static final String[] SERIES = {"source", "importer", "product_kind", "product"};
  private static final String[] READ = {
    "source",
    "importer",
    "reporter",
    "partner",
    "code",
    "hs6",
    "hs_revision",
    "product",
    "year",
    "month",
    "value",
    "quantity_kg"
  };

  private MonthlyTrends() {}

  /**
   * Makes the rows of every (source, importer) again whose monthly records have changed, or of all
   * of them.
   *
   * @param since what has changed, if that is known
   * @throws io.lodestone.Failure if no row of flow lies in the window
   */
  public static void run(
      Lake lake,
      Settings settings,
      Goods goods,
      Gaps gaps,
      Optional<Since> since,
      Progress progress,
      String fingerprint) {
    Settings.Trend window = settings.trend();
    Trends.requireYears(lake, Tables.FLOW, window, STEP);
    List<String> suppliers = window.suppliers();
    int fromYear = window.fromYear();
    int toYear = window.toYear();
    Since.Input input = read -> read.apply(Tables.FLOW).transform(flow -> months(flow, window));
    String slices =
        since
            .map(its -> its.changed(input, List.of("source", "importer")))
            .map(
                changed -> {
                  progress.line("%s: %,d importers have changed", STEP, changed.size());
                  return Importers.are(changed);
                })
            .orElse("true");
    Dataset<Row> flow = input.apply(lake::read).where(slices);
    Dataset<Row> rows =
        ofKind(flow, "hs6")
            .unionByName(ofKind(GoodMembers.rows(flow, goods, settings.hsBase()), "good"))
            .filter(not(gaps.hideImports()))
            .transform(all -> cells(all, suppliers))
            .groupBy(columns(SERIES))
            .agg(
                collect_list(struct(col("year"), col("month"), col("value"), col("quantity")))
                    .as("cells"))
            .flatMap(
                (FlatMapFunction<Row, Row>)
                    series -> tests(series, suppliers, fromYear, toYear).iterator(),
                Encoders.row(Tables.TREND_MONTHLY.schema()))
            // An importer is a folder: one file of it, not one of every task.
            .repartition(col("source"), col("importer"));
    lake.replace(Tables.TREND_MONTHLY, rows, slices, STEP, fingerprint);
  }

  /** All that is read of flow: what importers report by month of countries, in the window. */
  private static Dataset<Row> months(Dataset<Row> flow, Settings.Trend window) {
    return flow.filter(col("month").isNotNull().and(col("flow").equalTo("import")))
        .filter(col("partner_kind").equalTo("country"))
        .filter(Trends.isIn(window))
        .withColumn("importer", col("reporter"))
        .select(columns(READ));
  }

  private static Dataset<Row> ofKind(Dataset<Row> flow, String kind) {
    return flow.select(
        col("source"),
        col("importer"),
        lit(kind).as("product_kind"),
        col("product"),
        col("year"),
        col("month"),
        col("partner").as("supplier"),
        col("value"),
        col("quantity_kg").as("quantity"));
  }

  /**
   * A row a month, with the HHI and the shares of the suppliers of interest as an array a basis;
   * null where no supplier has a positive amount. Decimals are summed before they become doubles,
   * and squares in the order of suppliers: the same records give the same bits, whatever else is
   * made with them.
   */
  private static Dataset<Row> cells(Dataset<Row> rows, List<String> suppliers) {
    Column[] month = columns("source", "importer", "product_kind", "product", "year", "month");
    Column[] supplier = new Column[month.length + 1];
    System.arraycopy(month, 0, supplier, 0, month.length);
    supplier[month.length] = col("supplier");
    Dataset<Row> bySupplier =
        rows.groupBy(supplier).agg(sum("value").as("value"), sum("quantity").as("quantity"));
    return bySupplier
        .groupBy(month)
        .agg(measures("value", suppliers), measures("quantity", suppliers));
  }

  private static Column measures(String basis, List<String> suppliers) {
    Column known = coalesce(col(basis), lit(BigDecimal.ZERO));
    Column all = sum(known).cast("DOUBLE");
    Column amount = known.cast("DOUBLE");
    Column squares =
        aggregate(
            array_sort(collect_list(struct(col("supplier"), amount.as("amount")))),
            lit(0.0),
            (sum, its) -> sum.plus(its.getField("amount").multiply(its.getField("amount"))));
    List<Column> measures = new ArrayList<>();
    measures.add(try_divide(squares, all.multiply(all)));
    for (String supplier : suppliers) {
      Column its = col("supplier").equalTo(supplier);
      Column unweighed = max(when(its.and(col(basis).isNull()), lit(true)));
      measures.add(when(unweighed.isNull(), sum(when(its, amount).otherwise(0.0)).divide(all)));
    }
    return when(all.gt(0), array(measures.toArray(Column[]::new))).as(basis);
  }

  private static List<Row> tests(Row series, List<String> suppliers, int fromYear, int toYear) {
    List<Row> cells = CollectionConverters.asJava(series.<Row>getSeq(SERIES.length));
    List<Row> rows = new ArrayList<>();
    for (int basis = 0; basis < SeriesInput.BASES.size(); basis++) {
      rows.add(test(series, cells, basis, 0, Measure.HHI, null, fromYear, toYear));
      for (int place = 0; place < suppliers.size(); place++) {
        String supplier = suppliers.get(place);
        if (!supplier.equals(series.getString(1))) {
          rows.add(
              test(
                  series,
                  cells,
                  basis,
                  place + 1,
                  Measure.SHARE + supplier,
                  supplier,
                  fromYear,
                  toYear));
        }
      }
    }
    return rows;
  }

  private static Row test(
      Row series,
      List<Row> cells,
      int basis,
      int place,
      String measure,
      String supplier,
      int fromYear,
      int toYear) {
    int years = toYear - fromYear + 1;
    double[][] values = new double[MONTHS][years];
    for (double[] season : values) {
      Arrays.fill(season, Double.NaN);
    }
    String first = null;
    String last = null;
    for (Row cell : cells) {
      if (!cell.isNullAt(2 + basis)) {
        Object value = cell.<Object>getSeq(2 + basis).apply(place);
        if (value == null) {
          continue;
        }
        int year = cell.getInt(0);
        int month = cell.getInt(1);
        values[month - 1][year - fromYear] = (Double) value;
        String period = "%d-%02d".formatted(year, month);
        first = first == null || period.compareTo(first) < 0 ? period : first;
        last = last == null || period.compareTo(last) > 0 ? period : last;
      }
    }
    List<Series> seasons = new ArrayList<>();
    int known = 0;
    for (double[] season : values) {
      seasons.add(Series.of(season));
      known += seasons.get(seasons.size() - 1).size();
    }
    SeasonalMannKendall test = SeasonalMannKendall.of(seasons);
    boolean tested = !Double.isNaN(test.slope());
    return RowFactory.create(
        series.getString(0),
        series.getString(1),
        series.getString(3),
        series.getString(2),
        SeriesInput.BASES.get(basis),
        measure,
        supplier,
        fromYear,
        toYear,
        known,
        first,
        last,
        tested ? test.s() : null,
        tested ? test.variance() : null,
        tested ? test.z() : null,
        tested ? test.p() : null,
        tested ? test.tau() : null,
        tested ? test.slope() : null);
  }

  private static Column[] columns(String... names) {
    return Arrays.stream(names).map(name -> col(name)).toArray(Column[]::new);
  }
}
