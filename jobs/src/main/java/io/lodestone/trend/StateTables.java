package io.lodestone.trend;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.lodestone.Progress;
import io.lodestone.Tables;
import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Rows;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Since;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Gaps;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The tables {@code dependence_spell} and {@code dependence_churn}.
 *
 * <p>Of a night only series that are or were in the state and have changed are looked at: their
 * spells take the place of those that stand, and what they did is counted as it was and as it is,
 * of which the difference is added to the counts that stand. An importer that has come to report a
 * year or a kind of product, or no longer does, is made anew, since every series of it may have
 * come or gone then.
 */
final class StateTables {
  /** Of more series that have changed all of their importers are looked at: some 50 MB. */
  private static final int MOST_SERIES = 200_000;

  /** Rows of a year of a series: two bases, each as it was and as it is. */
  private static final long SIDES_AND_BASES = 4;

  private final Lake lake;
  private final Gaps gaps;
  private final String step;
  private final Progress progress;
  private final String fingerprint;

  StateTables(Lake lake, Gaps gaps, String step, Progress progress, String fingerprint) {
    this.lake = lake;
    this.gaps = gaps;
    this.step = step;
    this.progress = progress;
    this.fingerprint = fingerprint;
  }

  /**
   * Rows to look at.
   *
   * @param rows in the shape of {@link StateInput}
   * @param most how many they are at most
   * @param kept given the spells of the sources, those that stand as they are
   * @param churn counts to which is added what is found in the rows
   * @param years a row for every year that an importer of them reports
   */
  private record Work(
      Dataset<Row> rows,
      long most,
      UnaryOperator<Dataset<Row>> kept,
      ChurnRows churn,
      List<Row> years) {

    Work and(Work other) {
      churn.add(other.churn);
      return new Work(
          rows.unionByName(other.rows),
          most + other.most,
          spells -> other.kept.apply(kept.apply(spells)),
          churn,
          Stream.concat(years.stream(), other.years.stream()).toList());
    }
  }

  /** Makes all rows. */
  void makeAll() {
    lake.label(step, Tables.DEPENDENCE_CHURN, "known states");
    write(anew("true"), "true", "true");
  }

  /** Makes the rows again of which the input has changed. */
  void makeAgain(Since since) {
    lake.label(step, Tables.DEPENDENCE_CHURN, "states that have changed");
    List<Row> changed = new ArrayList<>();
    List<Row> counts = new ArrayList<>();
    List<Row> stored = new ArrayList<>();
    Together.run(
        () -> changed.addAll(changed(since)),
        () ->
            counts.addAll(
                StateInput.differences(
                        since.written(since.now(), Tables.DEPENDENCY),
                        since.written(since.before(), Tables.DEPENDENCY))
                    .collectAsList()),
        () -> stored.addAll(lake.read(Tables.DEPENDENCE_CHURN).collectAsList()));
    // Of a series that never was in the state only the number of known states counts.
    List<Row> counted =
        Stream.concat(changed.stream(), counts.stream().filter(StateTables::countsOther)).toList();
    if (counted.isEmpty()) {
      lake.keep(Tables.DEPENDENCE_SPELL, step, fingerprint);
      lake.keep(Tables.DEPENDENCE_CHURN, step, fingerprint);
    } else if (changed.size() > MOST_SERIES) {
      List<Row> importers = importers(since);
      String slices = Importers.are(importers);
      write(anew(slices), slices, Importers.sourcesAre(importers));
    } else {
      Set<List<String>> others =
          importers(counts.stream().filter(StateTables::reportsOther).toList());
      List<Row> anew = counted.stream().filter(row -> others.contains(importer(row))).toList();
      List<Row> again = counted.stream().filter(row -> !others.contains(importer(row))).toList();
      Optional<Work> work =
          Stream.concat(
                  again.isEmpty()
                      ? Stream.of()
                      : Stream.of(again(since, again, changed, stored, counts)),
                  anew.isEmpty() ? Stream.of() : Stream.of(anew(Importers.are(anew))))
              .reduce(Work::and);
      write(work.orElseThrow(), Importers.are(counted), Importers.sourcesAre(counted));
    }
  }

  /**
   * Series that have changed and are or were in the state, with their product; enough of them where
   * there are too many.
   */
  private List<Row> changed(Since since) {
    Dataset<Row> ever =
        StateInput.ordered(lake.read(Tables.DEPENDENCE_SPELL))
            .select(StateInput.ORDER)
            .union(
                StateInput.ordered(
                        since.written(since.now(), Tables.DEPENDENCY).where("dependent_state"))
                    .select(StateInput.ORDER));
    Dataset<Row> differing =
        differing(since, List.of("source", "importer", "product", StateInput.ORDER))
            .join(ever, StateInput.BY_ORDER, "left_semi")
            .select("source", "importer", "product", StateInput.ORDER);
    // A limit that is collected takes one partition after the other.
    MapPartitionsFunction<Row, Row> same = rows -> rows;
    return differing
        .limit(MOST_SERIES + 1)
        .mapPartitions(same, Encoders.row(differing.schema()))
        .collectAsList();
  }

  /** Importers that have changed, however many series have. */
  private static List<Row> importers(Since since) {
    return differing(since, List.of("source", "importer")).collectAsList();
  }

  private static Dataset<Row> differing(Since since, List<String> key) {
    return since.differing(
        read ->
            StateInput.ordered(StateInput.marked(read.apply(Tables.DEPENDENCY)))
                .withColumn(Since.HASH, StateInput.HASH),
        key);
  }

  /** All of some importers. */
  private Work anew(String importers) {
    Dataset<Row> dependency = lake.read(Tables.DEPENDENCY).where(importers);
    List<Row> counts = StateInput.counts(dependency).collectAsList();
    ChurnRows churn = new ChurnRows();
    churn.addKnown(counts);
    return new Work(
        StateInput.sided(dependency, StateInput.NOW)
            .join(broadcast(StateInput.everIn(dependency)), StateInput.BY_ORDER, "left_semi"),
        counts.stream().mapToLong(row -> row.<Long>getAs("rows")).sum(),
        spells -> spells.where(not(functions.expr(importers))),
        churn,
        counts);
  }

  /**
   * Some importers, all of which report the years, kinds of products and bases that they did.
   *
   * @param changed series that have changed, theirs among them
   */
  private Work again(
      Since since, List<Row> slices, List<Row> changed, List<Row> stored, List<Row> counts) {
    Set<List<String>> importers = importers(slices);
    List<Row> series = changed.stream().filter(row -> importers.contains(importer(row))).toList();
    List<Row> standing = stored.stream().filter(row -> importers.contains(importer(row))).toList();
    ChurnRows churn = new ChurnRows();
    churn.addStored(standing);
    churn.addKnown(counts.stream().filter(row -> importers.contains(importer(row))).toList());
    Dataset<Row> orders =
        broadcast(
            lake.spark()
                .createDataFrame(
                    series.stream()
                        .map(
                            row ->
                                RowFactory.create(
                                    row.getAs(StateInput.ORDER), row.getAs("product")))
                        .distinct()
                        .toList(),
                    StructType.fromDDL(StateInput.ORDER + " BIGINT, product STRING")));
    Column ofImporters = functions.expr(Importers.are(slices));
    // Of many rows only the product is looked at.
    Column among =
        col("product")
            .isInCollection(
                series.stream().map(row -> row.<String>getAs("product")).distinct().toList())
            .and(ofImporters);
    Column written = functions.expr(since.slices().get(Tables.DEPENDENCY.name()));
    Dataset<Row> rows =
        sided(lake, not(written).and(among), StateInput.BOTH)
            .union(sided(since.now(), written.and(among), StateInput.NOW))
            .union(sided(since.before(), written.and(among), StateInput.BEFORE))
            .join(orders, StateInput.BY_PRODUCT, "left_semi");
    return new Work(
        rows,
        SIDES_AND_BASES
            * series.size()
            * standing.stream().map(row -> row.<Integer>getAs("year")).distinct().count(),
        spells ->
            StateInput.ordered(spells.where(ofImporters))
                .join(orders, StateInput.BY_PRODUCT, "left_anti")
                .drop(StateInput.ORDER)
                .unionByName(spells.where(not(ofImporters))),
        churn,
        standing);
  }

  private static Dataset<Row> sided(Lake lake, Column rows, int side) {
    return StateInput.sided(lake.read(Tables.DEPENDENCY).where(rows), side);
  }

  private static List<String> importer(Row row) {
    return List.of(row.<String>getAs("source"), row.<String>getAs("importer"));
  }

  private static Set<List<String>> importers(List<Row> rows) {
    return rows.stream().map(StateTables::importer).collect(Collectors.toSet());
  }

  /** Whether more or fewer states are known, or it is as in {@link #reportsOther}. */
  private static boolean countsOther(Row row) {
    return row.<Long>getAs("known") != 0 || reportsOther(row);
  }

  /** Whether it is of a year, kind of product and basis that came or went. */
  private static boolean reportsOther(Row row) {
    return (row.<Long>getAs("now") == 0) != (row.<Long>getAs("before") == 0);
  }

  /**
   * Replaces the rows of some sources.
   *
   * @param importers all that is looked at
   * @param sources theirs
   */
  private void write(Work work, String importers, String sources) {
    ReportedYears reported = ReportedYears.of(work.years);
    progress.line(
        "%s: spells and lists of %,d importers are looked at", step, reported.importers());
    int tasks = Trends.tasks(reported.importers(), work.most, lake.spark());
    Gathered<ChurnRows> gathered = Gathered.in(lake.spark().sparkContext());
    Gaps its = gaps;
    FlatMapFunction<Iterator<InternalRow>, InternalRow> spells =
        rows -> new StateRows(rows, reported, its, gathered);
    Dataset<Row> made =
        Rows.dataset(
            lake.spark(),
            Rows.internal(StateInput.arranged(work.rows, tasks)).mapPartitions(spells),
            Tables.DEPENDENCE_SPELL.schema());
    replace(
        Tables.DEPENDENCE_SPELL,
        made.unionByName(work.kept.apply(lake.read(Tables.DEPENDENCE_SPELL).where(sources))),
        sources);
    ChurnRows churn = work.churn;
    gathered.value().values().forEach(churn::add);
    replace(
        Tables.DEPENDENCE_CHURN,
        Rows.dataset(
                lake.spark(),
                JavaSparkContext.fromSparkContext(lake.spark().sparkContext())
                    .parallelize(churn.rows(reported), 1),
                Tables.DEPENDENCE_CHURN.schema())
            .unionByName(
                lake.read(Tables.DEPENDENCE_CHURN)
                    .where(sources)
                    .where(not(functions.expr(importers)))),
        sources);
  }

  /** A file of a source and task. */
  private void replace(Table table, Dataset<Row> rows, String sources) {
    int tasks = lake.spark().sparkContext().defaultParallelism();
    lake.replace(
        table, rows.repartition(tasks, col("source"), col("importer")), sources, step, fingerprint);
  }
}
