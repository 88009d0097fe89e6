package io.lodestone.diversification;

import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Fits every kind of model for every source that has none yet, lets the gate decide, and appends to
 * the tables {@code model} and {@code coefficient}. A fit with the same settings, goods, seed,
 * input and program is never made again, so that its test window is read once; a rebuild makes all
 * tables anew, which are another input.
 */
public final class Fit {
  static final String PUBLISHED = "published";
  static final String FAILED_GATE = "failed_gate";
  static final String NOT_FITTED = "not_fitted";

  private static final String STEP = "fit";
  static final List<Table> INPUTS = List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY);

  private final Lake lake;
  private final Settings.Models settings;
  private final String hsBase;
  private final Goods goods;
  private final Gaps gaps;
  private final Scope scope;
  private final Progress progress;
  private final Map<String, Long> inputs = new TreeMap<>();

  private Fit(
      Lake lake, Settings settings, Goods goods, Gaps gaps, Scope scope, Progress progress) {
    this.lake = lake;
    this.settings = settings.models();
    this.hsBase = settings.hsBase();
    this.goods = goods;
    this.gaps = gaps;
    this.scope = scope;
    this.progress = progress;
  }

  /**
   * Fits what is missing; returns whether anything was.
   *
   * @param scope everything, where all is to be fitted again
   * @throws Failure if a model could not be fitted and {@code spark.lodestone.models.required} is
   *     true
   */
  public static boolean run(
      Lake lake, Settings settings, Goods goods, Gaps gaps, Scope scope, Progress progress) {
    return new Fit(lake, settings, goods, gaps, scope, progress).run();
  }

  private boolean run() {
    for (Table table : INPUTS) {
      inputs.put(
          table.name(),
          lake.content(table)
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "Cannot run fit: the lake has no table %s yet; run `dependency` first."
                              .formatted(table.name()))));
    }
    List<Row> before = lake.read(Tables.MODEL).collectAsList();
    List<Row> models = new ArrayList<>();
    List<Row> coefficients = new ArrayList<>();
    for (String source : sources(lake)) {
      List<ModelKind> missing =
          Models.KINDS.stream().filter(kind -> isMissing(before, source, kind)).toList();
      if (!missing.isEmpty()) {
        fit(source, missing, models, coefficients);
      }
    }
    if (models.isEmpty()) {
      progress.line(
          "fit: nothing to do, all models of these settings are fitted; spark.lodestone.models.refit=changed fits again where tables have changed");
    } else {
      write(before, models, coefficients);
    }
    List<Row> all = new ArrayList<>(before);
    all.addAll(models);
    requireFitted(all);
    return !models.isEmpty();
  }

  /** Sources with any dependency, sorted. */
  static List<String> sources(Lake lake) {
    return lake.read(Tables.DEPENDENCY).select("source").distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** The latest fit of a kind of model for a source. */
  static Optional<Row> latest(List<Row> models, String source, String name) {
    return models.stream()
        .filter(row -> row.getAs("source").equals(source) && row.getAs("name").equals(name))
        .max(
            java.util.Comparator.<Row, Timestamp>comparing(row -> row.getAs("fitted_at"))
                .thenComparing(row -> row.<String>getAs("version")));
  }

  /** Whose forecast the tables of a fit carry. */
  static ModelKind.Method method(Row model) {
    return model.getAs("status").equals(PUBLISHED)
        ? ModelKind.Method.MODEL
        : ModelKind.Method.NAIVE;
  }

  private boolean isMissing(List<Row> before, String source, ModelKind kind) {
    Optional<Row> latest = latest(before, source, kind.name());
    if (latest.isEmpty() || scope.all()) {
      return true;
    }
    Row row = latest.get();
    Map<String, String> its = row.getJavaMap(row.fieldIndex("settings"));
    boolean same =
        row.getAs("code").equals(Fingerprint.ofProgram())
            && its.entrySet().containsAll(settingsOfFits().entrySet());
    boolean onThese = row.getJavaMap(row.fieldIndex("inputs")).equals(inputs);
    boolean asksForTheSameInput = settings.refit() == Settings.Refit.CHANGED || isUnfitted(row);
    return !same || (asksForTheSameInput && !onThese);
  }

  /** The settings that decide what a fit is; of the watch list and the gaps, their fingerprints. */
  private Map<String, String> settingsOfFits() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("hs.base", hsBase);
    texts.put("goods", Fingerprint.of(List.of(goods.text())));
    texts.put("gaps", Fingerprint.of(List.of(gaps.text())));
    texts.put("train.until", String.valueOf(settings.trainUntil()));
    texts.put("validate.until", String.valueOf(settings.validateUntil()));
    texts.put("sample", String.valueOf(settings.sample()));
    texts.put("seed", String.valueOf(settings.seed()));
    texts.put("link.value", String.valueOf(settings.linkValue()));
    texts.put("link.share", String.valueOf(settings.linkShare()));
    texts.put("link.years", String.valueOf(settings.linkYears()));
    return texts;
  }

  private void fit(String source, List<ModelKind> kinds, List<Row> models, List<Row> coefficients) {
    try (SourceTables tables = SourceTables.of(lake, source, settings, goods)) {
      Optional<String> refusal = refusal(tables);
      Map<ModelKind, Made> made = new ConcurrentHashMap<>();
      Together.each(
          kinds,
          refusal.isPresent() ? 1 : tables.lanes(),
          kind -> made.put(kind, fit(tables, kind, refusal)));
      for (ModelKind kind : kinds) {
        models.add(made.get(kind).model());
        coefficients.addAll(made.get(kind).coefficients());
      }
    }
  }

  /** The rows of a fit. */
  private record Made(Row model, List<Row> coefficients) {}

  private Made fit(SourceTables tables, ModelKind kind, Optional<String> refusal) {
    String source = tables.source();
    List<String> parts = new ArrayList<>(List.of(source, kind.name()));
    parts.add(settingsOfFits().toString());
    parts.add(inputs.toString());
    parts.add(Fingerprint.ofProgram());
    String version = Fingerprint.of(parts);
    String folder = "models/%s/%s/%s".formatted(source, kind.name(), version);
    Made made;
    try {
      if (refusal.isPresent()) {
        throw new NotFitted(refusal.get());
      }
      lake.label(STEP, Tables.MODEL, kind.name() + " of " + source);
      Outcome outcome = kind.fit(tables, lake.folder(folder));
      Row model = row(tables, kind, version, folder, outcome);
      made =
          new Made(
              model,
              outcome.coefficients.stream()
                  .map(found -> coefficient(source, kind, model, found))
                  .toList());
    } catch (NotFitted reason) {
      made = new Made(row(tables, kind, version, reason.getMessage()), List.of());
    }
    progress.line(
        "fit: %s %s: %s, %s",
        source, kind.name(), made.model().getAs("status"), made.model().getAs("reason"));
    return made;
  }

  private static Optional<String> refusal(SourceTables tables) {
    try {
      tables.requireWorld();
      return Optional.empty();
    } catch (NotFitted reason) {
      return Optional.of(reason.getMessage());
    }
  }

  private Row row(SourceTables tables, ModelKind kind, String version, String reason) {
    return row(tables, kind, version, null, new Outcome(0, 0), NOT_FITTED, reason);
  }

  private Row row(
      SourceTables tables, ModelKind kind, String version, String folder, Outcome outcome) {
    if (outcome.skill.isEmpty()) {
      return row(
          tables, kind, version, folder, outcome, PUBLISHED, "describes and forecasts nothing");
    }
    Skill skill = outcome.skill.get();
    String reason =
        "skill over the naive forecast on validation %.3f, 90 %% interval %.3f to %.3f"
            .formatted(skill.estimate(), skill.low(), skill.high());
    return row(
        tables, kind, version, folder, outcome, skill.passes() ? PUBLISHED : FAILED_GATE, reason);
  }

  private Row row(
      SourceTables tables,
      ModelKind kind,
      String version,
      String folder,
      Outcome outcome,
      String status,
      String reason) {
    Split split = tables.split();
    Map<String, String> texts = settingsOfFits();
    texts.putAll(outcome.chosen);
    boolean tested = split.last() > split.validateUntil();
    Optional<Skill> skill = outcome.skill;
    Optional<Skill> test = outcome.testSkill;
    Object[] values = {
      tables.source(),
      kind.name(),
      version,
      Timestamp.from(Instant.now().truncatedTo(ChronoUnit.MILLIS)),
      scala(texts),
      settings.seed(),
      split.first(),
      kind.trainedTo(tables),
      split.trainUntil() + 1,
      split.validateUntil(),
      split.validateUntil() + 1,
      tested ? split.last() : null,
      outcome.rows,
      outcome.sample,
      scala(outcome.metrics.getOrDefault(Outcome.Window.TRAIN, Map.of())),
      scala(outcome.metrics.getOrDefault(Outcome.Window.VALIDATION, Map.of())),
      scala(outcome.metrics.getOrDefault(Outcome.Window.TEST, Map.of())),
      scala(outcome.naive.getOrDefault(Outcome.Window.TRAIN, Map.of())),
      scala(outcome.naive.getOrDefault(Outcome.Window.VALIDATION, Map.of())),
      scala(outcome.naive.getOrDefault(Outcome.Window.TEST, Map.of())),
      skill.map(Skill::estimate).orElse(null),
      skill.map(Skill::low).orElse(null),
      skill.map(Skill::high).orElse(null),
      test.map(Skill::estimate).orElse(null),
      test.map(Skill::low).orElse(null),
      test.map(Skill::high).orElse(null),
      outcome.calibration.stream()
          .map(bin -> RowFactory.create(bin.predicted(), bin.observed(), bin.rows()))
          .toArray(),
      outcome.coverage.stream()
          .map(
              found ->
                  RowFactory.create(
                      found.horizon(),
                      found.nominal(),
                      found.observed(),
                      found.origins(),
                      found.rows()))
          .toArray(),
      scala(inputs),
      Fingerprint.ofProgram(),
      folder,
      status,
      reason
    };
    return new org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema(
        values, Tables.MODEL.schema());
  }

  private static <V> scala.collection.Map<String, V> scala(Map<String, V> map) {
    return CollectionConverters.asScala(new TreeMap<>(map));
  }

  private static Row coefficient(
      String source, ModelKind kind, Row model, Outcome.Coefficient found) {
    return RowFactory.create(
        source,
        kind.name(),
        model.getAs("version"),
        method(model).text(),
        found.term(),
        found.estimate(),
        found.low(),
        found.high(),
        Math.exp(found.estimate()));
  }

  private void write(List<Row> before, List<Row> models, List<Row> coefficients) {
    List<Row> allModels = new ArrayList<>(before);
    // That a source cannot be fitted is said once, not for every change of its tables.
    allModels.removeIf(
        row -> isUnfitted(row) && models.stream().anyMatch(made -> isUnfitted(made, row)));
    allModels.addAll(models);
    List<Row> allCoefficients = new ArrayList<>(lake.read(Tables.COEFFICIENT).collectAsList());
    allCoefficients.addAll(coefficients);
    String fingerprint =
        Fingerprint.of(allModels.stream().map(row -> row.<String>getAs("version")).toList());
    // The row is what publishes a fit: it comes last.
    if (!coefficients.isEmpty()) {
      write(Tables.COEFFICIENT, allCoefficients, fingerprint);
    }
    write(Tables.MODEL, allModels, fingerprint);
  }

  private static boolean isUnfitted(Row row) {
    return row.getAs("status").equals(NOT_FITTED);
  }

  /** Whether it says so of the same kind of model for the same source as another row. */
  private static boolean isUnfitted(Row row, Row other) {
    return isUnfitted(row)
        && row.getAs("source").equals(other.getAs("source"))
        && row.getAs("name").equals(other.getAs("name"));
  }

  private void write(Table table, List<Row> rows, String fingerprint) {
    lake.replace(
        table,
        lake.spark().createDataFrame(rows, table.schema()).coalesce(1),
        "true",
        STEP,
        fingerprint);
  }

  /** Of every source and kind, what was fitted last. */
  private void requireFitted(List<Row> models) {
    List<String> unfitted =
        sources(lake).stream()
            .flatMap(
                source ->
                    Models.KINDS.stream()
                        .flatMap(kind -> latest(models, source, kind.name()).stream()))
            .filter(Fit::isUnfitted)
            .map(
                row ->
                    "%s %s (%s)"
                        .formatted(row.getAs("source"), row.getAs("name"), row.getAs("reason")))
            .toList();
    if (settings.required() && !unfitted.isEmpty()) {
      throw Failure.data(
          "Cannot fit %d models: %s; give longer records or unset spark.lodestone.models.required."
              .formatted(unfitted.size(), String.join("; ", unfitted)));
    }
  }
}
