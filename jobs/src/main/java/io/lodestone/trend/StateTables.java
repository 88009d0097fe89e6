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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * The tables {@code dependence_spell} and {@code dependence_churn}.
 *
 * <p>Of a night only series whose states have changed are looked at: their spells take the place of
 * those that stand, and what they did is counted as it was and as it is, of which the difference is
 * added to the counts that stand. An importer that has come to report a year or a kind of product,
 * or no longer does, is made anew, since every series of it may have come or gone then.
 */
final class StateTables {
  private final Lake lake;
  private final String step;
  private final Progress progress;
  private final String fingerprint;

  StateTables(Lake lake, String step, Progress progress, String fingerprint) {
    this.lake = lake;
    this.step = step;
    this.progress = progress;
    this.fingerprint = fingerprint;
  }

  /**
   * Rows to look at.
   *
   * @param rows in the shape of {@link StateInput}
   * @param kept spells that stand as they are
   * @param churn counts to which is added what is found in the rows
   * @param reported years of all importers that are made again
   * @param importers all that are made again
   */
  private record Work(
      Dataset<Row> rows,
      Dataset<Row> kept,
      ChurnRows churn,
      ReportedYears reported,
      String importers) {}

  /** Makes all rows. */
  void makeAll() {
    label();
    Dataset<Row> dependency = lake.read(Tables.DEPENDENCY);
    List<Row> counts = StateInput.counts(dependency).collectAsList();
    ChurnRows churn = new ChurnRows();
    churn.addKnown(counts, 1);
    ReportedYears reported = ReportedYears.of(counts);
    int tasks = tasks(reported, counts.stream().mapToLong(StateTables::rows).sum());
    write(
        new Work(
            StateInput.arranged(ofAll(dependency), tasks),
            lake.read(Tables.DEPENDENCE_SPELL).limit(0),
            churn,
            reported,
            "true"));
  }

  /** Makes the rows again of which the input has changed. */
  void makeAgain(Since since) {
    label();
    Dataset<Row> changed =
        since
            .differing(
                read ->
                    StateInput.ordered(StateInput.marked(read.apply(Tables.DEPENDENCY)))
                        .withColumn(Since.HASH, StateInput.HASH),
                List.of("source", "importer", StateInput.ORDER))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      makeAgain(since, changed);
    } finally {
      changed.unpersist();
    }
  }

  private void makeAgain(Since since, Dataset<Row> changed) {
    List<Row> importers =
        changed.groupBy("source", "importer").agg(functions.sum("rows").as("rows")).collectAsList();
    if (importers.isEmpty()) {
      lake.keep(Tables.DEPENDENCE_SPELL, step, fingerprint);
      lake.keep(Tables.DEPENDENCE_CHURN, step, fingerprint);
      return;
    }
    Dataset<Row> now = since.written(since.now(), Tables.DEPENDENCY);
    Dataset<Row> before = since.written(since.before(), Tables.DEPENDENCY);
    List<Row> counts = StateInput.counts(now).collectAsList();
    List<Row> countsBefore = StateInput.counts(before).collectAsList();
    Set<List<String>> others = reportingOthers(counts, countsBefore);
    List<Row> anew = importers.stream().filter(row -> others.contains(importer(row))).toList();
    List<Row> again = importers.stream().filter(row -> !others.contains(importer(row))).toList();
    String ofAgain = Importers.are(again);

    Dataset<Row> dependency = lake.read(Tables.DEPENDENCY);
    Dataset<Row> ofAnew = dependency.where(Importers.are(anew));
    Dataset<Row> spells = StateInput.ordered(lake.read(Tables.DEPENDENCE_SPELL).where(ofAgain));
    Dataset<Row> series =
        broadcast(
            changed
                .where(ofAgain)
                .join(
                    StateInput.ordered(now.where("dependent_state"))
                        .select(StateInput.ORDER)
                        .union(spells.select(StateInput.ORDER)),
                    StateInput.BY_ORDER,
                    "left_semi")
                .select(StateInput.ORDER));
    String slices = since.slices().get(Tables.DEPENDENCY.name());
    Dataset<Row> rows =
        StateInput.sided(dependency.where(not(functions.expr(slices))), StateInput.BOTH)
            .union(StateInput.sided(now, StateInput.NOW))
            .union(StateInput.sided(before, StateInput.BEFORE))
            .where(ofAgain)
            .join(series, StateInput.BY_ORDER, "left_semi")
            .union(ofAll(ofAnew));

    List<Row> countsAnew = StateInput.counts(ofAnew).collectAsList();
    List<Row> stored = lake.read(Tables.DEPENDENCE_CHURN).where(ofAgain).collectAsList();
    Set<List<String>> alike = new HashSet<>(again.stream().map(StateTables::importer).toList());
    ChurnRows churn = new ChurnRows();
    churn.addStored(stored);
    churn.addKnown(of(alike, counts), 1);
    churn.addKnown(of(alike, countsBefore), -1);
    churn.addKnown(countsAnew, 1);
    List<Row> years = new ArrayList<>(stored);
    years.addAll(countsAnew);
    ReportedYears reported = ReportedYears.of(years);
    long most =
        importers.stream().mapToLong(StateTables::rows).sum()
            * years.stream().map(row -> row.<Integer>getAs("year")).distinct().count();
    write(
        new Work(
            StateInput.arranged(rows, tasks(reported, most)),
            spells.join(series, StateInput.BY_ORDER, "left_anti").drop(StateInput.ORDER),
            churn,
            reported,
            Importers.are(importers)));
  }

  private void label() {
    lake.label(step, Tables.DEPENDENCE_CHURN, "states that have changed");
  }

  /** All rows of series that were ever in the state. */
  private static Dataset<Row> ofAll(Dataset<Row> dependency) {
    return StateInput.sided(dependency, StateInput.NOW)
        .join(broadcast(StateInput.everIn(dependency)), StateInput.BY_ORDER, "left_semi");
  }

  private int tasks(ReportedYears reported, long rows) {
    return Trends.tasks(reported.importers(), rows, lake.spark());
  }

  private static long rows(Row row) {
    return row.<Long>getAs("rows");
  }

  private static List<String> importer(Row row) {
    return List.of(row.getString(0), row.getString(1));
  }

  private static List<Row> of(Set<List<String>> importers, List<Row> counts) {
    return counts.stream().filter(row -> importers.contains(importer(row))).toList();
  }

  /** Importers with other years, kinds of products or bases than before. */
  private static Set<List<String>> reportingOthers(List<Row> counts, List<Row> countsBefore) {
    Map<List<Object>, List<String>> once = new HashMap<>();
    counts.forEach(row -> once.put(reports(row), importer(row)));
    for (Row row : countsBefore) {
      if (once.remove(reports(row)) == null) {
        once.put(reports(row), importer(row));
      }
    }
    return new HashSet<>(once.values());
  }

  private static List<Object> reports(Row row) {
    return List.of(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
  }

  private void write(Work work) {
    progress.line(
        "%s: spells and lists of %,d importers are looked at", step, work.reported.importers());
    ReportedYears reported = work.reported;
    Gathered<ChurnRows> gathered = Gathered.in(lake.spark().sparkContext());
    FlatMapFunction<Iterator<InternalRow>, InternalRow> spells =
        rows -> new StateRows(rows, reported, gathered);
    lake.replace(
        Tables.DEPENDENCE_SPELL,
        Rows.dataset(
                lake.spark(),
                Rows.internal(work.rows).mapPartitions(spells),
                Tables.DEPENDENCE_SPELL.schema())
            .unionByName(work.kept)
            // An importer is a folder: one file of it, not one of every task.
            .repartition(col("source"), col("importer")),
        work.importers,
        step,
        fingerprint);
    ChurnRows churn = work.churn;
    gathered.value().values().forEach(churn::add);
    lake.replace(
        Tables.DEPENDENCE_CHURN,
        Rows.dataset(
            lake.spark(),
            JavaSparkContext.fromSparkContext(lake.spark().sparkContext())
                .parallelize(churn.rows(reported), 1),
            Tables.DEPENDENCE_CHURN.schema()),
        work.importers,
        step,
        fingerprint);
  }
}
