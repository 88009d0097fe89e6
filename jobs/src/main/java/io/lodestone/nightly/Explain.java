package io.lodestone.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.lodestone.Failure;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Walks a row back: to the run that wrote it, the rows of flow that it was made from, the files
 * that brought those, and the runs that loaded them.
 */
public final class Explain {
  /** In which column of flow the value of a column of another table is found. */
  private static final Map<String, String> IN_FLOW =
      Map.of(
          "source", "source",
          "year", "year",
          "importer", "reporter",
          "reporter", "reporter",
          "supplier", "partner",
          "exporter", "partner",
          "partner", "partner",
          "code", "code",
          "month", "month",
          "file", "file");

  private static final int MOST_FILES = 20;
  private static final int CHECKSUM = 12;

  private final Lake lake;
  private final Goods goods;
  private final Gaps gaps;
  private final PrintStream out;
  private final Set<String> runs = new TreeSet<>();

  private Explain(Lake lake, Goods goods, Gaps gaps, PrintStream out) {
    this.lake = lake;
    this.goods = goods;
    this.gaps = gaps;
    this.out = out;
  }

  /**
   * Prints where a row comes from.
   *
   * @param lake as it is published
   * @param gaps in which the row may lie
   * @param key SQL predicate that holds for one row
   * @throws Failure if it is none, or holds for no row or for several
   */
  public static void print(
      Lake lake, Goods goods, Gaps gaps, Table table, String key, PrintStream out) {
    new Explain(lake, goods, gaps, out).print(table, key);
  }

  private void print(Table table, String key) {
    if (!lake.exists(table)) {
      throw Failure.usage(
          "Cannot explain %s: %s does not exist; run the pipeline first or name another spark.lodestone.lake."
              .formatted(table.name(), lake.path(table)));
    }
    lake.label("explain", table, key);
    Dataset<Row> rows = lake.read(table, key, "explain");
    List<Row> found = rows.select(col("*"), col(FILE_NAME).as(FILE)).limit(2).collectAsList();
    if (found.size() != 1) {
      throw Failure.usage(
          "Cannot explain %s where %s: %s; give the whole key, %s."
              .formatted(
                  table.name(),
                  key,
                  found.isEmpty() ? "there is no such row" : "there are several such rows",
                  String.join(", ", table.key())));
    }
    Row row = found.get(0);
    out.printf("%s%n", table.name());
    for (String column : table.columnNames()) {
      Object value = row.getAs(column);
      if (value != null) {
        out.printf("  %-24s %s%n", column, value);
      }
    }
    out.printf("  %-24s %s%n", "written by", writer(table, row.getAs(FILE), rows));
    if (!table.equals(Tables.FLOW)) {
      knownGaps(row, table);
      flow(row, table);
    } else {
      files(lake.read(Tables.SOURCE_FILE).where(col("path").equalTo(row.<String>getAs("file"))));
    }
    runs();
  }

  private static final String FILE_NAME = "_metadata.file_name";
  private static final String FILE = "_file";

  /** Why the row knows nothing of the imports, where that is why. */
  private void knownGaps(Row row, Table table) {
    if (List.of(table.columnNames())
        .containsAll(List.of("source", "importer", "product", "year"))) {
      gaps.reasons(
              row.getAs("source"),
              row.getAs("importer"),
              row.getAs("product"),
              row.<Integer>getAs("year"))
          .forEach(reason -> out.printf("  %-24s %s%n", "in a known gap", reason));
    }
  }

  /** The rows of flow that have the row's source, year, countries and products. */
  private void flow(Row row, Table table) {
    Dataset<Row> rows = lake.read(Tables.FLOW);
    for (String column : table.columnNames()) {
      if (IN_FLOW.containsKey(column) && row.getAs(column) != null) {
        rows = rows.filter(col(inFlow(row, table, column)).equalTo(lit(row.<Object>getAs(column))));
      }
    }
    if (Arrays.asList(table.columnNames()).contains("product")) {
      rows = rows.filter(isOf(row.getAs("product")));
    }
    List<Row> files =
        rows.groupBy("file")
            .agg(
                count(lit(1)).as("rows"),
                sum("value").as("value"),
                sum("quantity_kg").as("quantity_kg"),
                collect_set(FILE_NAME).as(FILE))
            .orderBy("file")
            .collectAsList();
    Set<String> written = new TreeSet<>();
    files.forEach(file -> written.addAll(file.getList(4)));
    Set<String> writers = new TreeSet<>();
    for (String name : written) {
      writers.add(writer(Tables.FLOW, name, rows.where(col(FILE_NAME).equalTo(name))));
    }
    out.printf(
        "from flow, %,d rows%n", files.stream().mapToLong(file -> file.<Long>getAs("rows")).sum());
    writers.forEach(writer -> out.printf("  %-24s %s%n", "written by", writer));
    files(
        lake.read(Tables.SOURCE_FILE)
            .where(
                col("path")
                    .isin(files.stream().map(file -> file.<String>getAs("file")).toArray())));
  }

  /**
   * What a country says of its own exports it has reported; of others' imports it is the partner.
   */
  private static String inFlow(Row row, Table table, String column) {
    boolean isOwn = table.equals(Tables.WORLD_TRADE) && row.getAs("world_basis").equals("own");
    return isOwn && column.equals("exporter") ? "reporter" : IN_FLOW.get(column);
  }

  private Column isOf(String product) {
    Object[] codes =
        goods.members().stream()
            .filter(member -> member.good().equals(product))
            .map(Goods.Member::code)
            .toArray();
    return codes.length == 0
        ? col("product").equalTo(product)
        : col("product").isin(codes).or(col("hs6").isin(codes));
  }

  private void files(Dataset<Row> states) {
    List<Row> files =
        states
            .select("path", "status", "size", "modified", "checksum", "used", "read")
            .orderBy("path")
            .collectAsList();
    out.printf("from files, %,d%n", files.size());
    files.stream()
        .limit(MOST_FILES)
        .forEach(
            file ->
                out.printf(
                    "  %s  %s, %,d bytes of %s, sha256 %s..., %,d of %,d records used%n",
                    file.get(0),
                    file.get(1),
                    file.getLong(2),
                    file.getTimestamp(3).toInstant(),
                    file.isNullAt(4) ? "unknown" : file.getString(4).substring(0, CHECKSUM),
                    file.getLong(5),
                    file.getLong(6)));
    if (files.size() > MOST_FILES) {
      out.printf("  and %,d more%n", files.size() - MOST_FILES);
    }
  }

  /**
   * The run and version that first brought a file of a table; where the log no longer reaches back
   * to it, the last published run that replaced the slice in which its rows lie.
   */
  private String writer(Table table, String file, Dataset<Row> rows) {
    OptionalLong version = lake.log(table).versionThatAdded(file);
    Optional<String> run =
        version.isPresent()
            ? lake.log(table).runOf(version.getAsLong())
            : lastThatReplaced(table, rows);
    run.ifPresent(runs::add);
    return version.isPresent()
        ? "run %s, version %d".formatted(run.orElse("an unknown run"), version.getAsLong())
        : run.map("run %s, before the log begins"::formatted)
            .orElse("a run before the history begins");
  }

  private Optional<String> lastThatReplaced(Table table, Dataset<Row> rows) {
    if (!lake.exists(Tables.RUN)) {
      return Optional.empty();
    }
    List<Row> published =
        lake.read(Tables.RUN)
            .where(col("outcome").equalTo(Journal.PUBLISHED))
            .select(col("run"), col("slices").getItem(table.name()).as("slices"))
            .where(col("slices").isNotNull())
            .orderBy(col("started").desc())
            .collectAsList();
    Row lies =
        rows.limit(1)
            .select(
                published.stream()
                    .map(run -> expr(run.<String>getAs("slices")))
                    .toArray(Column[]::new))
            .first();
    return IntStream.range(0, published.size())
        .filter(index -> Boolean.TRUE.equals(lies.get(index)))
        .mapToObj(index -> published.get(index).getString(0))
        .findFirst();
  }

  private void runs() {
    if (!lake.exists(Tables.RUN)) {
      return;
    }
    String described =
        lake
            .read(Tables.RUN)
            .where(col("run").isin(runs.toArray()))
            .orderBy("started")
            .select("run", "job", "outcome", "started")
            .collectAsList()
            .stream()
            .map(
                run ->
                    "  %s  %s, %s, %s"
                        .formatted(
                            run.get(0), run.get(1), run.get(2), run.getTimestamp(3).toInstant()))
            .collect(Collectors.joining(System.lineSeparator()));
    if (!described.isEmpty()) {
      out.printf("by runs%n%s%n", described);
    }
  }
}
