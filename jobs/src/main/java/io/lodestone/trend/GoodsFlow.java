package io.lodestone.trend;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.lodestone.records.Goods;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of flow that belong to goods, with the good's id in place of the product; a row stands
 * once for every good that it belongs to.
 *
 * <p>A member in the base revision is matched by {@code product}; one in another revision by the
 * code as reported in that revision; a national line by its reporter and the digits that the code
 * begins with.
 */
final class GoodsFlow {
  /** Members of the EU since 2020; its eight-digit lines are the same for all. */
  private static final Object[] EUROPEAN_UNION = {
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV",
    "HUN", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN",
    "SWE"
  };

  private static final StructType MEMBER =
      new StructType()
          .add("good", DataTypes.StringType)
          .add("member_code", DataTypes.StringType)
          .add("member_revision", DataTypes.StringType)
          .add("member_reporter", DataTypes.StringType)
          .add("member_national", DataTypes.StringType)
          .add("by_product", DataTypes.BooleanType);

  private GoodsFlow() {}

  /**
   * The rows.
   *
   * @param base the base revision, or {@code reported}
   */
  static Dataset<Row> of(Dataset<Row> flow, Goods goods, String base) {
    List<Row> members = new ArrayList<>();
    for (Goods.Member member : goods.members()) {
      boolean byProduct =
          !member.isNational()
              && (member.revision().equals(base) || base.equals(io.lodestone.Settings.AS_REPORTED));
      members.add(
          RowFactory.create(
              member.good(),
              member.code(),
              member.revision(),
              member.reporter(),
              member.nationalCode(),
              byProduct));
    }
    Object[] codes = goods.members().stream().map(Goods.Member::code).distinct().toArray();
    Dataset<Row> table = flow.sparkSession().createDataFrame(members, MEMBER);
    Column national =
        col("reporter")
            .equalTo(col("member_reporter"))
            .or(col("member_reporter").equalTo("EU").and(col("reporter").isin(EUROPEAN_UNION)))
            .and(col("code").startsWith(col("member_national")));
    Column asReported =
        col("member_national")
            .equalTo("")
            .and(col("hs6").equalTo(col("member_code")))
            .and(col("hs_revision").equalTo(col("member_revision")));
    Column matches =
        col("by_product")
            .and(col("product").equalTo(col("member_code")))
            .or(
                col("by_product")
                    .equalTo(lit(false))
                    .and(asReported.or(col("member_national").notEqual("").and(national))));
    return flow.filter(col("product").isin(codes).or(col("hs6").isin(codes)))
        .join(broadcast(table), matches, "inner")
        .withColumn("product", col("good"))
        .drop(
            "good",
            "member_code",
            "member_revision",
            "member_reporter",
            "member_national",
            "by_product");
  }
}
