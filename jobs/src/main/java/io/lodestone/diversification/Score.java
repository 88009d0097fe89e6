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
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Goods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes what the models in use say of the last complete year. A model that failed the gate gives
 * the naive forecast; one that could not be fitted gives nothing, and the rows of its source and
 * kind stay as they are.
 */
public final class Score {
  private static final String STEP = "score";

  private final Lake lake;
  private final Settings.Models settings;
  private final Goods goods;
  private final Progress progress;

  private Score(Lake lake, Settings.Models settings, Goods goods, Progress progress) {
    this.lake = lake;
    this.settings = settings;
    this.goods = goods;
    this.progress = progress;
  }

  /** Scores what has changed; returns whether anything had. */
  public static boolean run(Lake lake, Settings.Models settings, Goods goods, Progress progress) {
    return new Score(lake, settings, goods, progress).run();
  }

  /** A kind of model with its fit for a source. */
  private record Use(String source, ModelKind kind, ModelKind.Fitted fitted) {}

  private boolean run() {
    List<Use> uses = uses();
    if (uses.isEmpty()) {
      progress.line("score: no model is fitted, its tables stay as they are");
      return false;
    }
    String fingerprint = fingerprint();
    List<Table> written = Models.tables().stream().filter(table -> isOf(uses, table)).toList();
    if (written.stream()
        .allMatch(table -> lake.fingerprint(table).equals(Optional.of(fingerprint)))) {
      progress.line("score: nothing to do, its inputs, models and settings have not changed");
      return false;
    }
    progress.line("score: computing");
    Map<String, SourceTables> sources = new TreeMap<>();
    uses.forEach(
        use ->
            sources.computeIfAbsent(
                use.source(), source -> SourceTables.of(lake, source, settings, goods)));
    try {
      int lanes = sources.values().stream().mapToInt(SourceTables::lanes).min().orElseThrow();
      Map<Use, Map<Table, Dataset<Row>>> scored = new ConcurrentHashMap<>();
      Together.each(
          uses,
          lanes,
          use -> scored.put(use, use.kind().score(sources.get(use.source()), use.fitted())));
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
          written.stream().filter(rows::containsKey).toList(),
          lanes,
          table -> replace(table, rows.get(table), replaced.get(table), fingerprint));
      if (written.contains(Tables.CANDIDATE)) {
        candidates(uses, sources, fingerprint);
      }
    } finally {
      sources.values().forEach(SourceTables::close);
    }
    return true;
  }

  /** Joins what has just been written. */
  private void candidates(List<Use> uses, Map<String, SourceTables> sources, String fingerprint) {
    Dataset<Row> rows = null;
    Column replaced = null;
    for (SourceTables tables : sources.values()) {
      if (uses.stream().anyMatch(use -> isOfEntry(use) && use.source().equals(tables.source()))) {
        Dataset<Row> found =
            Candidates.rows(
                tables,
                lake.read(Tables.ENTRY),
                lake.read(Tables.LINK_SURVIVAL),
                lake.read(Tables.EXPECTED_FLOW));
        rows = rows == null ? found : rows.unionByName(found);
        Column slice = col("source").equalTo(tables.source());
        replaced = replaced == null ? slice : replaced.or(slice);
      }
    }
    replace(Tables.CANDIDATE, rows, replaced, fingerprint);
  }

  private static boolean isOfEntry(Use use) {
    return use.kind().tables().contains(Tables.ENTRY);
  }

  private void replace(Table table, Dataset<Row> rows, Column replaced, String fingerprint) {
    Dataset<Row> kept = lake.read(table).filter(not(replaced));
    lake.replace(table, rows.unionByName(kept), "true", STEP, fingerprint);
  }

  private static boolean isOf(List<Use> uses, Table table) {
    return uses.stream()
        .anyMatch(
            use ->
                use.kind().tables().contains(table)
                    || (table == Tables.CANDIDATE && isOfEntry(use)));
  }

  private List<Use> uses() {
    List<Row> models = lake.read(Tables.MODEL).collectAsList();
    List<Use> uses = new ArrayList<>();
    for (String source : Fit.sources(lake)) {
      for (ModelKind kind : Models.KINDS) {
        Fit.latest(models, source, kind.name())
            .filter(row -> !row.getAs("status").equals(Fit.NOT_FITTED))
            .ifPresent(row -> uses.add(new Use(source, kind, fitted(row))));
      }
    }
    return uses;
  }

  private ModelKind.Fitted fitted(Row row) {
    return new ModelKind.Fitted(
        row.getAs("version"),
        lake.folder(row.getAs("path")),
        row.getAs("status").equals(Fit.PUBLISHED)
            ? ModelKind.Method.MODEL
            : ModelKind.Method.NAIVE);
  }

  private String fingerprint() {
    List<String> parts = new ArrayList<>();
    List<Table> inputs = new ArrayList<>(Fit.INPUTS);
    inputs.add(Tables.MODEL);
    for (Table table : inputs) {
      parts.add(
          table.name()
              + lake.content(table)
                  .orElseThrow(
                      () ->
                          Failure.usage(
                              "Cannot run score: the lake has no table %s yet; run `fit` first."
                                  .formatted(table.name()))));
    }
    parts.add(settings.toString());
    parts.add(goods.text());
    parts.add(Fingerprint.ofProgram());
    return Fingerprint.of(parts);
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
