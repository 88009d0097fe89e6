package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.lodestone.Tables;
import io.lodestone.diversification.frontier.Frontier;
import io.lodestone.lake.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Better mixes of suppliers for the goods of the watch list: the table {@code mix}. The arithmetic
 * is {@link Frontier}; nothing is fitted and nothing forecast.
 *
 * <p>Shares are by quantity, of the last complete year. A supplier may keep what it delivers and
 * add its cap: theta times its exports to others, over the importer's imports. Costs are unit
 * values: of the supplier's deliveries to the importer, or of all its exports where it delivers
 * nothing; they stay as they are whatever is bought, which is the less true the more is moved. A
 * present supplier without a value costs the importer's mean, and the rows say so; another one is
 * left out. Exporters that could add less than {@link #LEAST_CAP} are left out too, and of many
 * those with the largest limits are kept.
 *
 * <p>Exporters of a good come as one list, so that no pair of countries is ever a row before the
 * optimum names it.
 */
final class MixModel implements ModelKind {
  /** A thousandth of the importer's imports replaces nobody. */
  private static final double LEAST_CAP = 0.001;

  private static final int MOST_SUPPLIERS = 40;
  private static final int POINTS = 6;

  /** Smaller shares are the solver's noise. */
  private static final double NOISE = 1e-6;

  private static final StructType ROW = ModelKind.rowsOf(Tables.MIX);

  @Override
  public String name() {
    return "mix";
  }

  @Override
  public List<Table> tables() {
    return List.of(Tables.MIX);
  }

  @Override
  public int trainedTo(SourceTables tables) {
    return tables.asOfYear();
  }

  @Override
  public Outcome fit(SourceTables tables, Path folder) {
    long cells = imports(tables).count();
    if (cells == 0) {
      throw new NotFitted(
          "no good of the watch list has imports by weight in %d".formatted(tables.asOfYear()));
    }
    return new Outcome(cells, cells)
        .chosen("points", POINTS)
        .chosen("most suppliers", MOST_SUPPLIERS)
        .chosen("theta", tables.settings().theta());
  }

  @Override
  public Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted) {
    int year = tables.asOfYear();
    double[] thetas = tables.settings().theta().stream().mapToDouble(Double::doubleValue).toArray();
    Dataset<Row> exports =
        tables
            .worldTrade()
            .filter(ofGoods(year))
            .groupBy("product")
            .agg(
                sort_array(
                        collect_list(
                            struct(
                                col("exporter"),
                                col("quantity_kg").cast("DOUBLE"),
                                col("value").cast("DOUBLE"))))
                    .as("exports"));
    FlatMapFunction<Row, Row> mixes = cell -> mixes(cell, year, thetas);
    return Map.of(
        Tables.MIX,
        imports(tables)
            .join(exports, CollectionConverters.asScala(List.of("product")).toSeq(), "left")
            .select("importer", "product", "imports", "exports")
            // Few bytes, of which Spark would make one task, and a hundred optima a row.
            .repartition(tables.partitions(), col("importer"), col("product"))
            .flatMap(mixes, Encoders.row(ROW)));
  }

  private static org.apache.spark.sql.Column ofGoods(int year) {
    return col("product_kind")
        .equalTo("good")
        .and(col("year").equalTo(lit(year)))
        .and(col("quantity_kg").gt(0));
  }

  /** A row an importer and good of which all imports are known, with its suppliers. */
  private static Dataset<Row> imports(SourceTables tables) {
    Dataset<Row> known =
        tables
            .dependency()
            .filter(
                col("product_kind")
                    .equalTo("good")
                    .and(col("year").equalTo(lit(tables.asOfYear())))
                    .and(col("basis").equalTo("quantity"))
                    .and(col("total").isNotNull()))
            .select("importer", "product");
    return tables
        .supplier()
        .filter(ofGoods(tables.asOfYear()))
        .join(
            known,
            CollectionConverters.asScala(List.of("importer", "product")).toSeq(),
            "left_semi")
        .groupBy("importer", "product")
        .agg(
            sort_array(
                    collect_list(
                        struct(
                            col("supplier"),
                            col("quantity_kg").cast("DOUBLE"),
                            col("value").cast("DOUBLE"))))
                .as("imports"));
  }

  /** A supplier of an importer, present or possible; unit cost NaN if unknown. */
  private record Possible(String supplier, double shareNow, double unitCost, double toOthers) {
    double cap(double theta) {
      return theta * toOthers;
    }

    double limit(double theta) {
      return shareNow + cap(theta);
    }
  }

  private static Iterator<Row> mixes(Row cell, int year, double[] thetas) {
    String importer = cell.getString(0);
    List<Row> imports = cell.getList(2);
    List<Row> exports = cell.isNullAt(3) ? List.of() : cell.getList(3);
    double demand = imports.stream().mapToDouble(row -> row.getDouble(1)).sum();
    Map<String, Possible> possible = new TreeMap<>();
    List<String> unpriced = new ArrayList<>();
    double mean = mean(imports);
    for (Row row : imports) {
      double cost = unitCost(row);
      if (Double.isNaN(cost)) {
        unpriced.add(row.getString(0));
        cost = mean;
      }
      possible.put(
          row.getString(0), new Possible(row.getString(0), row.getDouble(1) / demand, cost, 0));
    }
    if (Double.isNaN(mean)) {
      return List.of(
              note(cell, year, thetas[0], "no supplier has a unit value, so nothing has a cost"))
          .iterator();
    }
    for (Row row : exports) {
      String exporter = row.getString(0);
      Possible now = possible.get(exporter);
      double shareNow = now == null ? 0 : now.shareNow();
      double toOthers = Math.max(0, row.getDouble(1) / demand - shareNow);
      double cost = now == null ? unitCost(row) : now.unitCost();
      if (!exporter.equals(importer) && !Double.isNaN(cost)) {
        possible.put(exporter, new Possible(exporter, shareNow, cost, toOthers));
      }
    }
    String assumed =
        unpriced.isEmpty()
            ? ""
            : "no unit value of %s: the importer's mean is taken"
                .formatted(String.join(", ", unpriced));
    List<Row> rows = new ArrayList<>();
    int last = 0;
    for (double theta : thetas) {
      last = mixes(cell, year, theta, last, possible.values().stream().toList(), assumed, rows);
    }
    return rows.iterator();
  }

  /** Adds the points of one theta; returns the number of the last. */
  private static int mixes(
      Row cell,
      int year,
      double theta,
      int last,
      List<Possible> all,
      String assumed,
      List<Row> rows) {
    List<Possible> chosen =
        all.stream()
            .filter(one -> one.shareNow() > 0 || one.cap(theta) >= LEAST_CAP)
            .sorted(
                Comparator.comparing((Possible one) -> one.shareNow() > 0 ? 0 : 1)
                    .thenComparing(one -> -one.limit(theta))
                    .thenComparing(Possible::supplier))
            .limit(MOST_SUPPLIERS)
            .toList();
    double[] costs = chosen.stream().mapToDouble(Possible::unitCost).toArray();
    double[] limits = chosen.stream().mapToDouble(one -> one.limit(theta)).toArray();
    Frontier.Result frontier = Frontier.of(costs, limits, POINTS);
    if (frontier.points().isEmpty()) {
      rows.add(note(cell, year, theta, frontier.note()));
    }
    for (Frontier.Point mix : frontier.points()) {
      add(cell, year, theta, ++last, mix, chosen, assumed, rows);
    }
    return last;
  }

  private static void add(
      Row cell,
      int year,
      double theta,
      int point,
      Frontier.Point mix,
      List<Possible> suppliers,
      String note,
      List<Row> rows) {
    for (int place = 0; place < suppliers.size(); place++) {
      Possible supplier = suppliers.get(place);
      if (mix.shares()[place] > NOISE || supplier.shareNow() > 0) {
        rows.add(
            RowFactory.create(
                cell.getString(0),
                cell.getString(1),
                "good",
                year,
                theta,
                point,
                supplier.supplier(),
                mix.shares()[place],
                supplier.shareNow(),
                mix.hhi(),
                mix.unitCost(),
                supplier.cap(theta),
                note));
      }
    }
  }

  private static Row note(Row cell, int year, double theta, String note) {
    return RowFactory.create(
        cell.getString(0),
        cell.getString(1),
        "good",
        year,
        theta,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        note);
  }

  private static double unitCost(Row row) {
    return row.isNullAt(2) || !(row.getDouble(2) > 0)
        ? Double.NaN
        : row.getDouble(2) / row.getDouble(1);
  }

  /** Value over quantity of the suppliers that have both; NaN if none has. */
  private static double mean(List<Row> imports) {
    double value = 0;
    double quantity = 0;
    for (Row row : imports) {
      if (!Double.isNaN(unitCost(row))) {
        value += row.getDouble(2);
        quantity += row.getDouble(1);
      }
    }
    return quantity > 0 ? value / quantity : Double.NaN;
  }
}
