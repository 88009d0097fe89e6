package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.Progress;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Since;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Goods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes what the models in use say of the last complete year, of every source whose records or
 * models have changed. A model that failed the gate gives the naive forecast; one that could not be
 * fitted gives nothing, and the rows of its source and kind stay as they are. A source that has
 * gone has no rows.
 */
public final class Score {
  private static final String STEP = "score";

  private final Lake lake;
  private final Settings.Models settings;
  private final Goods goods;
  private final Optional<List<String>> changed;
  private final Object[] present;
  private final String fingerprint;

  private Score(
      Lake lake,
      Settings.Models settings,
      Goods goods,
      Optional<List<String>> changed,
      String fingerprint) {
    this.lake = lake;
    this.settings = settings;
    this.goods = goods;
    this.changed = changed;
    this.present = Fit.sources(lake).toArray();
    this.fingerprint = fingerprint;
  }

  /**
   * Scores the sources that have changed, or all of them.
   *
   * @param since what has changed, if that is known
   */
  public static void run(
      Lake lake,
      Settings.Models settings,
      Goods goods,
      Optional<Since> since,
      Progress progress,
      String fingerprint) {
    Optional<List<String>> changed = since.map(Score::changed);
    changed.ifPresent(
        sources ->
            progress.line(
                "%s: %s changed",
                STEP, sources.isEmpty() ? "no source" : String.join(", ", sources)));
    new Score(lake, settings, goods, changed, fingerprint).run();
  }

  /** Tables of the models in use; none where no model is fitted. */
  public static List<Table> written(Lake lake) {
    return tables(uses(lake));
  }

  private static List<Table> tables(List<Use> uses) {
    return Models.tables().stream().filter(table -> isOf(uses, table)).toList();
  }

  /** A kind of model with its fit for a source. */
  private record Use(String source, ModelKind kind, ModelKind.Fitted fitted) {}

  private static List<String> changed(Since since) {
    return since
        .changed(
            read -> SourceTables.hashes(read).union(hashes(read.apply(Tables.MODEL))),
            List.of("source"))
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** Of models that say anything. */
  private static Dataset<Row> hashes(Dataset<Row> models) {
    return models
        .filter(col("status").notEqual(Fit.NOT_FITTED))
        .select(
            col("source"),
            Since.hash("name", "version", "fitted_at", "status", "path").as("row_hash"));
  }

  private void run() {
    List<Use> all = uses(lake);
    List<Table> written = tables(all);
    List<Use> uses = all.stream().filter(use -> isChanged(use.source())).toList();
    Map<String, SourceTables> sources = new TreeMap<>();
    uses.forEach(
        use ->
            sources.computeIfAbsent(
                use.source(), source -> SourceTables.of(lake, source, settings, goods)));
    try {
      int lanes = sources.values().stream().mapToInt(SourceTables::lanes).min().orElse(1);
      Map<Use, Map<Table, Dataset<Row>>> scored = new ConcurrentHashMap<>();
      Together.each(
          uses,
          lanes,
          use -> {
            Table table = use.kind().tables().get(0);
            lake.label(STEP, table, use.kind().name() + " of " + use.source());
            scored.put(use, use.kind().score(sources.get(use.source()), use.fitted()));
          });
      Map<Table, Dataset<Row>> rows = new TreeMap<>(java.util.Comparator.comparing(Table::name));
      Map<Table, Column> replaced = new TreeMap<>(java.util.Comparator.comparing(Table::name));
      for (Use use : uses) {
        scored
            .get(use)
            .forEach(
                (table, found) -> {
                  rows.merge(table, complete(table, use, found), Dataset::union);
                  replaced.merge(table, slice(use), Column::or);
                });
      }
      Together.each(
          written.stream().filter(table -> table != Tables.CANDIDATE).toList(),
          lanes,
          table ->
              replace(
                  table,
                  Optional.ofNullable(rows.get(table)),
                  replaced.getOrDefault(table, lit(false))));
      if (written.contains(Tables.CANDIDATE)) {
        candidates(uses, sources);
      }
    } finally {
      sources.values().forEach(SourceTables::close);
    }
  }

  private boolean isChanged(String source) {
    return changed.isEmpty() || changed.get().contains(source);
  }

  /** Joins what has just been written. */
  private void candidates(List<Use> uses, Map<String, SourceTables> sources) {
    List<SourceTables> joined =
        sources.values().stream().filter(tables -> areJoined(uses, tables.source())).toList();
    Optional<Dataset<Row>> rows =
        joined.stream()
            .map(
                tables ->
                    Candidates.rows(
                        tables,
                        lake.read(Tables.ENTRY),
                        lake.read(Tables.LINK_SURVIVAL),
                        lake.read(Tables.EXPECTED_FLOW)))
            .reduce(Dataset::unionByName);
    replace(
        Tables.CANDIDATE,
        rows,
        col("source").isin(joined.stream().map(SourceTables::source).toArray()));
  }

  /** Whether a source has what candidates are joined of: suppliers without a link and with one. */
  private static boolean areJoined(List<Use> uses, String source) {
    return Stream.of(Tables.ENTRY, Tables.LINK_SURVIVAL)
        .allMatch(
            table ->
                uses.stream()
                    .anyMatch(
                        use -> use.source().equals(source) && use.kind().tables().contains(table)));
  }

  /** Replaces the partitions of the changed sources, but for rows that nothing replaces. */
  private void replace(Table table, Optional<Dataset<Row>> rows, Column replaced) {
    String slice = changed.map(sources -> are(table, sources)).orElse("true");
    Dataset<Row> kept =
        lake.read(table).where(slice).filter(not(replaced).and(col("source").isin(present)));
    lake.replace(
        table, rows.map(found -> found.unionByName(kept)).orElse(kept), slice, STEP, fingerprint);
  }

  private static String are(Table table, List<String> sources) {
    return sources.isEmpty()
        ? "source = ''"
        : table.partitionsAre(sources.stream().map(source -> Map.of("source", source)).toList());
  }

  private static boolean isOf(List<Use> uses, Table table) {
    return uses.stream()
        .anyMatch(
            use ->
                use.kind().tables().contains(table)
                    || (table == Tables.CANDIDATE && areJoined(uses, use.source())));
  }

  private static List<Use> uses(Lake lake) {
    List<Row> models = lake.read(Tables.MODEL).collectAsList();
    List<Use> uses = new ArrayList<>();
    for (String source : Fit.sources(lake)) {
      for (ModelKind kind : Models.KINDS) {
        Fit.latest(models, source, kind.name())
            .filter(row -> !row.getAs("status").equals(Fit.NOT_FITTED))
            .map(Score::requireOfThisProgram)
            .ifPresent(row -> uses.add(new Use(source, kind, fitted(lake, row))));
      }
    }
    return uses;
  }

  /** Another program may have left another kind of fit. */
  private static Row requireOfThisProgram(Row row) {
    if (!row.getAs("code").equals(Fingerprint.ofProgram())) {
      throw Failure.usage(
          "Cannot score with %s of %s: another version of the program has fitted it; run `fit` first."
              .formatted(row.getAs("name"), row.getAs("source")));
    }
    return row;
  }

  private static ModelKind.Fitted fitted(Lake lake, Row row) {
    return new ModelKind.Fitted(
        row.getAs("version"), lake.folder(row.getAs("path")), Fit.method(row));
  }

  private static Dataset<Row> complete(Table table, Use use, Dataset<Row> rows) {
    return rows.withColumn("source", lit(use.source()))
        .withColumn("model_version", lit(use.fitted().version()))
        .withColumn("method", lit(use.fitted().method().text()))
        .select(
            table.columns().stream()
                .map(column -> col(column.name()).cast(column.type()))
                .toArray(Column[]::new))
        .toDF(table.columnNames());
  }

  private static Column slice(Use use) {
    return col("source").equalTo(use.source()).and(expr(use.kind().slice()));
  }
}
