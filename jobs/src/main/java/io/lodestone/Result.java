package io.lodestone;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;

import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import io.lodestone.trend.Measure;
import io.lodestone.trend.VerdictSentence;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The few lines that end {@code ./lodestone run}. */
final class Result {
  private static final String IMPORTER = "JPN";
  private static final String GOOD = "rare-earths";
  private static final String MAGNETS = "rare-earth-magnets";
  private static final int ALTERNATIVES = 3;
  private static final int MOST_GOODS = 5;
  private static final int WHOLE_YEAR = 12;

  private Result() {}

  static void print(
      Lake lake, Goods goods, Map<String, Source> sources, Settings settings, PrintStream out) {
    Dataset<Row> dependency =
        lake.read(Tables.DEPENDENCY)
            .filter(col("hhi").isNotNull().and(col("months").equalTo(WHOLE_YEAR)));
    List<Row> cells =
        dependency.groupBy("source", "importer", "product_kind").count().collectAsList();
    if (cells.isEmpty()) {
      out.println("No importer has a whole year with a named supplier yet.");
      tables(lake, settings, out);
      return;
    }
    Row chosen = cells.stream().max(Comparator.comparing(Result::preference)).orElseThrow();
    String source = chosen.getString(0);
    String importer = chosen.getString(1);
    String kind = chosen.getString(2);
    boolean synthetic = sources.get(source).synthetic();
    out.println();
    out.printf(
        "%s, source %s%s%n",
        importer, source, synthetic ? " (SYNTHETIC: invented records, not statistics)" : "");
    Dataset<Row> rows =
        dependency
            .filter(col("source").equalTo(source))
            .filter(col("importer").equalTo(importer))
            .filter(col("product_kind").equalTo(kind))
            .filter(col("basis").equalTo("quantity"));
    String basis = "quantity";
    if (rows.isEmpty()) {
      basis = "value";
      rows =
          dependency
              .filter(col("source").equalTo(source))
              .filter(col("importer").equalTo(importer))
              .filter(col("product_kind").equalTo(kind))
              .filter(col("basis").equalTo("value"));
    }
    film(lake, goods, rows, source, importer, basis, out);
    verdict(lake, goods, source, importer, kind, basis, out);
    worst(goods, rows, basis, out);
    tables(lake, settings, out);
    outlook(lake, goods, source, out);
  }

  /** Japan first, goods before codes, a world source before a national one, then most rows. */
  private static String preference(Row row) {
    String source = row.getString(0);
    return "%b %b %b %b %012d %s %s"
        .formatted(
            row.getString(1).equals(IMPORTER),
            row.getString(2).equals("good"),
            source.endsWith("comtrade"),
            source.endsWith("japan-customs"),
            row.getLong(3),
            source,
            row.getString(1));
  }

  private static void film(
      Lake lake,
      Goods goods,
      Dataset<Row> rows,
      String source,
      String importer,
      String basis,
      PrintStream out) {
    List<Row> years =
        rows.filter(col("product").equalTo(GOOD))
            .orderBy("year")
            .select("year", "top_supplier", "top_share", "hhi", "total")
            .collectAsList();
    if (years.isEmpty()) {
      return;
    }
    Row last = years.get(years.size() - 1);
    String supplier = last.getString(1);
    Map<Integer, Double> shares =
        lake
            .read(Tables.SUPPLIER)
            .filter(col("source").equalTo(source))
            .filter(col("importer").equalTo(importer))
            .filter(col("product").equalTo(GOOD))
            .filter(col("supplier").equalTo(supplier))
            .select("year", "share_total_" + basis)
            .collectAsList()
            .stream()
            .filter(row -> !row.isNullAt(1))
            .collect(Collectors.toMap(row -> row.getInt(0), row -> row.getDouble(1)));
    List<String> parts = new ArrayList<>();
    for (Row year : List.of(years.get(0), last)) {
      Double share = shares.get(year.getInt(0));
      parts.add(
          "%s in %d (HHI %.3f)"
              .formatted(
                  share == null ? "none" : "%.1f %%".formatted(100 * share),
                  year.getInt(0),
                  year.getDouble(3)));
    }
    out.printf(
        "%s: top supplier %s, share of the total by %s %s%n",
        goods.names().getOrDefault(GOOD, GOOD), supplier, basis, String.join(", ", parts));
  }

  /** Of the good that the film shows, else of the importer's first product. */
  private static void verdict(
      Lake lake,
      Goods goods,
      String source,
      String importer,
      String kind,
      String basis,
      PrintStream out) {
    lake.read(Tables.TREND)
        .filter(col("source").equalTo(source).and(col("importer").equalTo(importer)))
        .filter(col("product_kind").equalTo(kind).and(col("basis").equalTo(basis)))
        .filter(col("measure").equalTo(Measure.HHI))
        .orderBy(col("product").equalTo(GOOD).desc(), col("product"))
        .limit(1)
        .collectAsList()
        .forEach(
            row -> {
              String product = row.getAs("product");
              out.println(VerdictSentence.of(row, goods.names().getOrDefault(product, product)));
            });
  }

  private static void worst(Goods goods, Dataset<Row> rows, String basis, PrintStream out) {
    int year = rows.select("year").orderBy(desc("year")).limit(1).collectAsList().get(0).getInt(0);
    out.printf("Most dependent goods in %d, by %s:%n", year, basis);
    rows.filter(col("year").equalTo(year))
        .orderBy(desc("hhi"), col("product"))
        .limit(MOST_GOODS)
        .select("product", "top_supplier", "top_share", "hhi", "is_dependent", "is_basket")
        .collectAsList()
        .forEach(
            row ->
                out.printf(
                    "  %-44s %s %5.1f %%  HHI %.3f  %s%s%n",
                    goods.names().getOrDefault(row.getString(0), row.getString(0)),
                    row.getString(1),
                    100 * row.getDouble(2),
                    row.getDouble(3),
                    row.isNullAt(4)
                        ? "dependent: unknown"
                        : row.getBoolean(4) ? "dependent" : "not dependent by the rule",
                    row.getBoolean(5) ? ", a basket" : ""));
  }

  /**
   * The last sentence: who could supply magnets instead, and how likely the dependence halves by
   * itself.
   */
  private static void outlook(Lake lake, Goods goods, String source, PrintStream out) {
    Dataset<Row> magnets =
        lake.read(Tables.CANDIDATE)
            .filter(col("source").equalTo(source))
            .filter(col("importer").equalTo(IMPORTER))
            .filter(col("product").equalTo(MAGNETS));
    List<Row> best =
        magnets
            .filter(col("rank").leq(ALTERNATIVES))
            .orderBy("rank")
            .select("supplier", "probability", "reachable_share", "method", "as_of_year")
            .collectAsList();
    if (best.isEmpty()) {
      out.printf(
          "%s for %s: no alternative is scored; `./lodestone show model` says why.%n",
          goods.names().getOrDefault(MAGNETS, MAGNETS), IMPORTER);
      return;
    }
    List<String> parts = new ArrayList<>();
    for (Row row : best) {
      parts.add(
          "%s (chance %.0f %%, could reach %.0f %%%s)"
              .formatted(
                  row.getString(0),
                  100 * row.getDouble(1),
                  100 * row.getDouble(2),
                  row.getString(3).equals("model") ? "" : ", a naive forecast"));
    }
    out.printf(
        "%s for %s, as of %d: the best alternatives are %s; %s.%n",
        goods.names().getOrDefault(MAGNETS, MAGNETS),
        IMPORTER,
        best.get(0).getInt(4),
        String.join(", ", parts),
        half(lake, source));
  }

  /**
   * The probability of falling under half, at the farthest horizon that was validated; of a model
   * that passed its test where there is one, else of the naive forecast, which is called so.
   */
  private static String half(Lake lake, String source) {
    List<Row> found =
        lake.read(Tables.FORECAST)
            .filter(col("source").equalTo(source))
            .filter(col("importer").equalTo(IMPORTER))
            .filter(col("product").equalTo(MAGNETS))
            .filter(col("measure").equalTo("top_share"))
            .filter(col("validation").equalTo("validated").and(col("p_below_50").isNotNull()))
            .orderBy(col("method").equalTo("model").desc(), desc("year"), desc("basis"))
            .limit(1)
            .select("year", "p_below_50", "basis", "method")
            .collectAsList();
    if (found.isEmpty()) {
      return "no forecast of the leading share was validated, so nothing is said of when it falls under half";
    }
    Row row = found.get(0);
    String chance =
        "the leading share by %s falls under half by %d with a probability of %.0f %%"
            .formatted(row.getString(2), row.getInt(0), 100 * row.getDouble(1));
    return row.getString(3).equals("model")
        ? chance
        : "no model of the leading share passed its test; going by how far shares have moved before (a naive forecast), "
            + chance;
  }

  private static void tables(Lake lake, Settings settings, PrintStream out) {
    out.printf(
        "Tables in %s: %s. Look: ./lodestone show dependency \"importer = 'JPN'\"%n",
        lake.path(Tables.FLOW).getParent(),
        Tables.ALL.stream().map(Table::name).collect(Collectors.joining(", ")));
  }
}
