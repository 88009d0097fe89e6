package io.lodestone.records;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What the source publishes as a total against the sum of what it publishes in detail.
 *
 * <p>Grain: a cell with a published total. {@code world}: the World row of a reporter, flow, code
 * and period against the sum of its partners (groups of partners left out, since they stand beside
 * their members). {@code year}: the value of a year against the sum of its months, all partners
 * together; the year is an annual record, or the total column of a wide file. {@code gap} = (ours -
 * published) / published. A total without any detail has {@code ours} 0.
 */
final class Reconciliation {
  private static final DataType AMOUNT = DataTypes.createDecimalType(18, 3);
  private static final String[] CELL = {"source", "reporter", "flow", "code", "year", "month"};

  private Reconciliation() {}

  /**
   * The table's rows.
   *
   * @param flow rows of flow, World rows included
   * @param yearTotals rows of {@link YearTotals}, where there are any
   */
  static Dataset<Row> rows(Dataset<Row> flow, Optional<Dataset<Row>> yearTotals) {
    Dataset<Row> years = annualAgainstMonths(flow);
    if (yearTotals.isPresent()) {
      years = years.unionByName(wideAgainstMonths(yearTotals.get(), flow));
    }
    return world(flow)
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
    Column isPart =
        col("partner_kind").notEqual(PartnerKind.GROUP.text()).and(isWorld.equalTo(false));
    return flow.groupBy(Arrays.stream(CELL).map(name -> col(name)).toArray(Column[]::new))
        .agg(
            sum(when(isWorld, col("value"))).cast(AMOUNT).as("published"),
            sum(when(isPart, col("value")).otherwise(lit(BigDecimal.ZERO))).cast(AMOUNT).as("ours"))
        .filter(col("published").isNotNull())
        .withColumn("kind", lit("world"));
  }

  private static Dataset<Row> parts(Dataset<Row> flow) {
    return flow.filter(
        col("partner_kind")
            .isin(
                PartnerKind.COUNTRY.text(),
                PartnerKind.SELF.text(),
                PartnerKind.UNSPECIFIED.text()));
  }

  private static Dataset<Row> annualAgainstMonths(Dataset<Row> flow) {
    return parts(flow)
        .groupBy("source", "reporter", "flow", "code", "year")
        .agg(
            sum(when(col("month").isNull(), col("value"))).cast(AMOUNT).as("published"),
            sum(when(col("month").isNotNull(), col("value"))).cast(AMOUNT).as("ours"))
        .filter(col("published").isNotNull().and(col("ours").isNotNull()))
        .withColumn("month", lit(null).cast("INT"))
        .withColumn("kind", lit("year"));
  }

  private static Dataset<Row> wideAgainstMonths(Dataset<Row> totals, Dataset<Row> flow) {
    String[] cell = {"source", "reporter", "flow", "code", "year"};
    Dataset<Row> months =
        parts(flow)
            .filter(col("month").isNotNull())
            .groupBy(Arrays.stream(cell).map(name -> col(name)).toArray(Column[]::new))
            .agg(sum(col("value")).cast(AMOUNT).as("ours"));
    return totals
        .join(months, scala.jdk.javaapi.CollectionConverters.asScala(List.of(cell)).toSeq(), "left")
        .withColumn(
            "ours",
            org.apache.spark.sql.functions.coalesce(col("ours"), lit(BigDecimal.ZERO).cast(AMOUNT)))
        .withColumn("month", lit(null).cast("INT"))
        .withColumn("kind", lit("year"));
  }
}
