package io.lodestone.records;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Tables;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the source publishes as a total against the sum of what it publishes in detail.
 *
 * <p>Grain: a cell with a published total. {@code world}: the World row of a reporter, flow, code
 * and period against the sum of its partners (groups of partners left out, since they stand beside
 * their members). {@code year}: the value of a year against the sum of its months, all partners
 * together; the year is an annual record, the World row of a year whose partners stand in months
 * only, or the total column of a wide file. {@code gap} = (ours - published) / published. A total
 * without any detail has {@code ours} 0.
 */
final class Reconciliation {
  private static final DataType AMOUNT = DataTypes.createDecimalType(18, 3);
  private static final String[] CELL = {"source", "reporter", "flow", "code", "year", "month"};
  private static final String[] YEAR = {"source", "reporter", "flow", "code", "year"};
  private static final String[] YEAR_AND_PARTS = {
    "source", "reporter", "flow", "code", "year", "parts"
  };

  private Reconciliation() {}

  /**
   * The table's rows.
   *
   * @param flow rows of flow, World rows included
   * @param yearTotals rows of {@link YearTotals}, where there are any
   */
  static Dataset<Row> rows(Dataset<Row> flow, Optional<Dataset<Row>> yearTotals) {
    Dataset<Row> annual = annualAgainstMonths(flow);
    Dataset<Row> years = annual;
    if (yearTotals.isPresent()) {
      years = years.unionByName(wideAgainstMonths(yearTotals.get(), flow));
    }
    return world(flow)
        .join(
            annual.select(columns(YEAR)).withColumn("parts", lit(0L)),
            seq(YEAR_AND_PARTS),
            "left_anti")
        .drop("parts")
        .unionByName(years)
        .withColumn(
            "gap",
            when(
                col("published").gt(0),
                col("ours")
                    .minus(col("published"))
                    .cast("DOUBLE")
                    .divide(col("published").cast("DOUBLE"))))
        .select(
            Arrays.stream(Tables.RECONCILIATION.columnNames())
                .map(name -> col(name))
                .toArray(Column[]::new))
        .coalesce(1);
  }

  private static Dataset<Row> world(Dataset<Row> flow) {
    Column isWorld = col("partner_kind").equalTo(PartnerKind.WORLD.text());
    return flow.groupBy(columns(CELL))
        .agg(
            sum(when(isWorld, col("value"))).cast(AMOUNT).as("published"),
            sum(when(isPart(), col("value")).otherwise(lit(BigDecimal.ZERO)))
                .cast(AMOUNT)
                .as("ours"),
            // Of a year, so that it can be told from one whose partners stand in months.
            when(col("month").isNull(), sum(when(isPart(), 1L).otherwise(0L))).as("parts"))
        .filter(col("published").isNotNull())
        .withColumn("kind", lit("world"));
  }

  private static Column isPart() {
    return col("partner_kind")
        .isin(PartnerKind.COUNTRY.text(), PartnerKind.SELF.text(), PartnerKind.UNSPECIFIED.text());
  }

  private static Column[] columns(String... names) {
    return Arrays.stream(names).map(functions::col).toArray(Column[]::new);
  }

  private static Seq<String> seq(String... names) {
    return CollectionConverters.asScala(List.of(names)).toSeq();
  }

  private static Dataset<Row> annualAgainstMonths(Dataset<Row> flow) {
    Column isWorld = col("partner_kind").equalTo(PartnerKind.WORLD.text());
    Column isAnnual = col("month").isNull();
    return flow.filter(isPart().or(isWorld.and(isAnnual)))
        .groupBy(columns(YEAR))
        .agg(
            coalesce(
                    sum(when(isAnnual.and(isPart()), col("value"))),
                    sum(when(isWorld, col("value"))))
                .cast(AMOUNT)
                .as("published"),
            sum(when(not(isAnnual), col("value"))).cast(AMOUNT).as("ours"))
        .filter(col("published").isNotNull().and(col("ours").isNotNull()))
        .withColumn("month", lit(null).cast("INT"))
        .withColumn("kind", lit("year"));
  }

  private static Dataset<Row> wideAgainstMonths(Dataset<Row> totals, Dataset<Row> flow) {
    Dataset<Row> months =
        flow.filter(isPart().and(col("month").isNotNull()))
            .groupBy(columns(YEAR))
            .agg(sum(col("value")).cast(AMOUNT).as("ours"));
    return totals
        .join(months, seq(YEAR), "left")
        .withColumn("ours", coalesce(col("ours"), lit(BigDecimal.ZERO).cast(AMOUNT)))
        .withColumn("month", lit(null).cast("INT"))
        .withColumn("kind", lit("year"));
  }
}
