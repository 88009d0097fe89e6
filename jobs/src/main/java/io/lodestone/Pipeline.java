package io.lodestone;

import io.lodestone.dependency.Dependency;
import io.lodestone.diversification.Fit;
import io.lodestone.diversification.Models;
import io.lodestone.diversification.Score;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Origin;
import io.lodestone.lake.Publication;
import io.lodestone.lake.Since;
import io.lodestone.lake.Table;
import io.lodestone.records.Countries;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import io.lodestone.records.Ingest;
import io.lodestone.records.Source;
import io.lodestone.trend.MonthlyTrends;
import io.lodestone.trend.Trends;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The whole pipeline: which step reads which tables and writes which, in order. */
public final class Pipeline {

  /**
   * A step.
   *
   * @param name of the job that runs it alone
   * @param meaning one line for help
   * @param reads tables that it reads
   * @param writes tables that only it writes
   * @param action does the work; returns whether it changed a table
   */
  public record Step(
      String name, String meaning, List<Table> reads, List<Table> writes, Action action) {}

  /** The work of a step. */
  @FunctionalInterface
  public interface Action {
    boolean run(Run run, Step step);
  }

  /** What a step works with. */
  public record Run(
      Lake lake,
      Settings settings,
      ConfFiles conf,
      Goods goods,
      Map<String, Source> sources,
      Scope scope,
      Progress progress) {

    /** What the records are known to lack. */
    Gaps gaps() {
      return Gaps.load(conf, goods, settings.hsBase(), sources.keySet());
    }
  }

  /** All steps. Records flow one way, each table has one writer. */
  public static final List<Step> STEPS =
      List.of(
          new Step(
              "ingest",
              "customs files to flow, with what was rejected and how totals reconcile",
              List.of(),
              List.of(Tables.FLOW, Tables.SOURCE_FILE, Tables.REJECT, Tables.RECONCILIATION),
              (run, step) ->
                  Ingest.run(run.lake(), run.settings(), run.conf(), run.scope(), run.progress())),
          new Step(
              "dependency",
              "flow to suppliers, world trade, dependency and what it says of later years",
              List.of(Tables.FLOW),
              List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY, Tables.SERIES_BEFORE),
              Pipeline::dependency),
          new Step(
              "trend",
              "dependency and suppliers by year to trends, what drove them, and spells of dependence",
              List.of(Tables.SUPPLIER, Tables.DEPENDENCY),
              List.of(
                  Tables.CHANGE, Tables.DEPENDENCE_SPELL, Tables.DEPENDENCE_CHURN, Tables.TREND),
              Pipeline::trend),
          new Step(
              "trend-monthly",
              "flow by month to seasonal trends",
              List.of(Tables.FLOW),
              List.of(Tables.TREND_MONTHLY),
              Pipeline::trendMonthly),
          new Step(
              "fit",
              "models of diversification, tested out of time against naive forecasts",
              List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY),
              List.of(Tables.MODEL, Tables.COEFFICIENT),
              (run, step) ->
                  Fit.run(
                      run.lake(),
                      run.settings(),
                      run.goods(),
                      run.gaps(),
                      run.scope(),
                      run.progress())),
          new Step(
              "score",
              "what the published models say of the last complete year",
              List.of(Tables.SUPPLIER, Tables.WORLD_TRADE, Tables.DEPENDENCY, Tables.MODEL),
              Models.tables(),
              Pipeline::score));

  private Pipeline() {}

  /** The step of a name, if there is one. */
  public static Optional<Step> named(String name) {
    return STEPS.stream().filter(step -> step.name().equals(name)).findFirst();
  }

  /**
   * Runs steps in their order; returns whether any table changed.
   *
   * @throws Failure before anything is written if a table that they write has another schema
   */
  public static boolean run(Run run, List<Step> steps) {
    run.lake().requireSafeCommits();
    require(run, steps);
    boolean changed = false;
    for (Step step : steps) {
      changed |= run(run, step);
    }
    return changed;
  }

  /**
   * Whether steps can write where they are to write.
   *
   * @throws Failure if a table that they write has another schema, or a setting or gap names what
   *     there is not
   */
  public static void require(Run run, List<Step> steps) {
    run.settings().requireSuppliers(Countries.load(run.conf()).names());
    run.gaps();
    steps.forEach(step -> step.writes().forEach(run.lake()::requireSchema));
  }

  /** Runs one step; returns whether it changed a table. */
  public static boolean run(Run run, Step step) {
    run.lake().label(step.name(), step.writes().get(0), "what is to be made again");
    return step.action().run(run, step);
  }

  private static boolean dependency(Run run, Step step) {
    List<String> parts =
        new ArrayList<>(List.of(run.settings().hsBase(), run.goods().text(), run.gaps().text()));
    run.sources().values().forEach(source -> parts.add(source.name() + source.world()));
    return unlessDone(
        run,
        step,
        parts,
        origin ->
            Dependency.run(
                run.lake(),
                run.settings(),
                run.goods(),
                run.gaps(),
                run.sources(),
                before(run, step, origin)
                    .flatMap(before -> changed(run, before, origin, Tables.FLOW)),
                run.progress(),
                origin.text()));
  }

  private static List<String> trendSettings(Run run) {
    return List.of(
        run.settings().trend().toString(),
        run.settings().hsBase(),
        run.goods().text(),
        run.gaps().text());
  }

  private static boolean trendMonthly(Run run, Step step) {
    return unlessDone(
        run,
        step,
        trendSettings(run),
        origin ->
            MonthlyTrends.run(
                run.lake(),
                run.settings(),
                run.goods(),
                run.gaps(),
                since(run, step, origin),
                run.progress(),
                origin.text()));
  }

  private static boolean trend(Run run, Step step) {
    return unlessDone(
        run,
        step,
        trendSettings(run),
        origin ->
            Trends.run(
                run.lake(),
                run.settings(),
                run.goods(),
                run.gaps(),
                run.scope(),
                since(run, step, origin),
                run.progress(),
                origin.text()));
  }

  private static boolean score(Run run, Step step) {
    List<Table> written = Score.written(run.lake());
    if (written.isEmpty()) {
      run.progress().line("%s: no model is fitted, its tables stay as they are", step.name());
      return false;
    }
    Step itself = new Step(step.name(), step.meaning(), step.reads(), written, step.action());
    return unlessDone(
        run,
        itself,
        List.of(run.settings().models().toString(), run.goods().text()),
        origin ->
            Score.run(
                run.lake(),
                run.settings().models(),
                run.goods(),
                since(run, itself, origin),
                run.progress(),
                origin.text()));
  }

  /**
   * What the outputs of a step were made from, where all were made from the same by the same recipe
   * as today; empty where everything is to be made again.
   */
  private static Optional<Origin> before(Run run, Step step, Origin origin) {
    if (run.scope().all()) {
      return Optional.empty();
    }
    Set<Optional<String>> texts =
        step.writes().stream().map(run.lake()::fingerprint).collect(Collectors.toSet());
    return texts.size() > 1
        ? Optional.empty()
        : texts.iterator().next().flatMap(Origin::of).filter(origin::isLike);
  }

  /** Slices of an input that have changed since, as values of its partition columns. */
  private static Optional<Set<Map<String, String>>> changed(
      Run run, Origin before, Origin origin, Table input) {
    return run.lake()
        .log(input)
        .changedPartitions(
            input.partitions(),
            before.inputs().get(input.name()),
            origin.inputs().get(input.name()));
  }

  /**
   * Slices of all inputs that have changed since, and the inputs as they were; empty where that
   * cannot be told, or where they can no longer be read as they were, which is certain only of what
   * is published.
   */
  private static Optional<Since> since(Run run, Step step, Origin origin) {
    Optional<Origin> before = before(run, step, origin);
    Map<String, Long> published =
        run.lake().published().map(Publication::versions).orElse(Map.of());
    if (before.isEmpty() || !published.entrySet().containsAll(before.get().inputs().entrySet())) {
      return Optional.empty();
    }
    Map<String, String> slices = new TreeMap<>();
    for (Table input : step.reads()) {
      changed(run, before.get(), origin, input)
          .ifPresent(changed -> slices.put(input.name(), input.partitionsAre(changed)));
    }
    return slices.size() < step.reads().size()
        ? Optional.empty()
        : Optional.of(new Since(run.lake(), run.lake().at(before.get().inputs()), slices));
  }

  /**
   * Runs work unless the last commit of every output says that it came from the same input
   * versions, settings, configuration and program.
   */
  private static boolean unlessDone(
      Run run, Step step, List<String> settings, Consumer<Origin> work) {
    List<String> parts = new ArrayList<>(settings);
    parts.add(Fingerprint.ofProgram());
    Map<String, Long> inputs = new TreeMap<>();
    for (Table table : step.reads()) {
      if (!run.lake().exists(table)) {
        throw Failure.usage(
            "Cannot run %s: the lake has no table %s yet; run `ingest` first."
                .formatted(step.name(), table.name()));
      }
      inputs.put(table.name(), run.lake().content(table).getAsLong());
    }
    Origin origin = new Origin(Fingerprint.of(parts), inputs);
    if (!run.scope().all()
        && step.writes().stream()
            .allMatch(table -> run.lake().fingerprint(table).equals(Optional.of(origin.text())))) {
      run.progress()
          .line("%s: nothing to do, its inputs and settings have not changed", step.name());
      return false;
    }
    run.progress().line("%s: computing", step.name());
    work.accept(origin);
    return true;
  }
}
