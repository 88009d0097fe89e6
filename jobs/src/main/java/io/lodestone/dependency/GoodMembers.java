package io.lodestone.dependency;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.udf;

import io.lodestone.records.Goods;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF5;
import org.apache.spark.sql.types.DataTypes;

/**
 * Which goods a record of {@code flow} belongs to.
 *
 * <p>A member whose code the base revision has too, under whatever digits, is matched by {@code
 * product}; one that it splits or merges by the code as reported in the member's revision; a
 * national line by its reporter and the digits that the code begins with.
 */
public final class GoodMembers implements Serializable {
  private static final int[] NONE = {};

  private record Member(
      int good, String code, String revision, String reporter, String national, String product)
      implements Serializable {
    boolean matches(
        String itsProduct, String hs6, String hsRevision, String itsReporter, String itsCode) {
      if (product != null) {
        return itsProduct.equals(product);
      }
      if (national.isEmpty()) {
        return hs6.equals(code) && hsRevision.equals(revision);
      }
      return Goods.reports(itsReporter, reporter) && itsCode.startsWith(national);
    }
  }

  private final Map<String, List<Member>> byCode = new HashMap<>();

  /**
   * Of a watch list.
   *
   * @param ids goods by number
   * @param base the base revision, or {@code reported}
   */
  GoodMembers(Goods goods, List<String> ids, String base) {
    Map<Goods.Member, String> products = goods.products(base);
    for (Goods.Member member : goods.members()) {
      byCode
          .computeIfAbsent(products.getOrDefault(member, member.code()), code -> new ArrayList<>())
          .add(
              new Member(
                  ids.indexOf(member.good()),
                  member.code(),
                  member.revision(),
                  member.reporter(),
                  member.nationalCode(),
                  products.get(member)));
    }
  }

  private GoodMembers() {}

  /**
   * The rows of flow that belong to goods, with the good's id in place of the product: a row stands
   * once for every good that it belongs to, however many members of the good it fits.
   */
  public static Dataset<Row> rows(Dataset<Row> flow, Goods goods, String base) {
    List<String> ids = goods.members().stream().map(Goods.Member::good).distinct().toList();
    GoodMembers members = new GoodMembers(goods, ids, base);
    UDF5<String, String, String, String, String, String[]> belongsTo =
        (product, hs6, revision, reporter, code) ->
            Arrays.stream(members.of(product, hs6, revision, reporter, code))
                .mapToObj(ids::get)
                .toArray(String[]::new);
    Object[] codes = members.byCode.keySet().toArray();
    return flow.filter(col("product").isin(codes).or(col("hs6").isin(codes)))
        .withColumn(
            "product",
            explode(
                udf(belongsTo, DataTypes.createArrayType(DataTypes.StringType))
                    .apply(
                        col("product"),
                        col("hs6"),
                        col("hs_revision"),
                        col("reporter"),
                        col("code"))));
  }

  /** Of an empty watch list. */
  static GoodMembers none() {
    return new GoodMembers();
  }

  /** Whether any member has a code: only then may a record of it belong to a good. */
  boolean know(String code) {
    return byCode.containsKey(code);
  }

  /** Numbers of the goods, each once. */
  int[] of(String product, String hs6, String revision, String reporter, String code) {
    int[] found = matching(byCode.get(product), product, hs6, revision, reporter, code, NONE);
    return hs6.equals(product)
        ? found
        : matching(byCode.get(hs6), product, hs6, revision, reporter, code, found);
  }

  private static int[] matching(
      List<Member> members,
      String product,
      String hs6,
      String revision,
      String reporter,
      String code,
      int[] before) {
    int[] found = before;
    if (members != null) {
      for (Member member : members) {
        int good = member.good();
        if (member.matches(product, hs6, revision, reporter, code)
            && Arrays.stream(found).noneMatch(known -> known == good)) {
          found = Arrays.copyOf(found, found.length + 1);
          found[found.length - 1] = good;
        }
      }
    }
    return found;
  }
}
