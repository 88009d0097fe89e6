package io.lodestone.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.lodestone.Pipeline;
import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import io.lodestone.lake.Write;
import io.lodestone.records.Goods;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The quality gate: what a run has made, against what is published. Every table is looked at in one
 * scan, of the slices that the run has written; a rule is a number per slice that must not exceed
 * its limit.
 */
final class Gate {
  /** Slack for binary fractions in an HHI that is exactly 1/n. */
  private static final double ROUNDING = 1e-9;

  /** A good that an importer buys for less may well grow or shrink a hundredfold. */
  private static final long SIZEABLE = 1_000_000;

  /** Tables that are looked at side by side: a query waits for its plan more than for its rows. */
  private static final int LANES = 2;

  private static final int IMPLAUSIBLE = 100;

  /** Records loaded twice to a dozen times: once for every month, at most. */
  private static final int MULTIPLES = 12;

  /** Of a shipment's weight the two customs rarely agree better. */
  private static final double AGREEMENT = 0.005;

  private final LocalDate today;
  private final List<String> watched;
  private final Rule rejects;
  private final Rule stale;
  private final Rule lost;
  private final Rule unreconciled;
  private final Rule hhi;
  private final Rule importers;
  private final Rule goods;
  private final Rule jumps;
  private final Rule multiples;
  private final Rule mirror;

  /**
   * The rules.
   *
   * @param watched six-digit codes whose weights are held against the partner's
   * @param today in UTC
   */
  Gate(Settings settings, List<String> watched, LocalDate today) {
    this.today = today;
    this.watched = watched;
    this.rejects =
        Rule.stop(
            "rejects",
            Tables.SOURCE_FILE,
            settings.rejectsMax(),
            "of the records of the files that were read rejected");
    this.stale =
        Rule.warn(
            "fresh",
            Tables.SOURCE_FILE,
            settings.nights().staleMonths(),
            "months since the last period");
    this.lost =
        Rule.stop(
            "coverage",
            Tables.SOURCE_FILE,
            settings.nights().lostMax(),
            "of the published records of the slice gone");
    this.unreconciled =
        Rule.warn(
            "totals", Tables.RECONCILIATION, 0.05, "of the published totals missing or too much");
    this.hhi =
        Rule.stop("hhi_bounds", Tables.DEPENDENCY, 0, "rows with an HHI below 1/n or above 1");
    this.importers =
        Rule.warn("importers", Tables.DEPENDENCY, 0, "importers of the published rows vanished");
    this.goods = Rule.warn("goods", Tables.DEPENDENCY, 0, "goods of the published rows vanished");
    this.jumps =
        Rule.warn(
            "jumps",
            Tables.DEPENDENCY,
            0,
            "sizeable goods that are a hundred times, or a hundredth of, the year before");
    this.multiples =
        Rule.warn(
            "multiples",
            Tables.DEPENDENCY,
            0,
            "sizeable goods whose total is exactly 2 to 12 times that of the year before");
    this.mirror =
        Rule.warn(
            "mirror",
            Tables.FLOW,
            0,
            "sizeable products whose weight is 2 to 12 times what the partner reports, within half a percent");
  }

  /**
   * What the rules say.
   *
   * @param run whose steps are done and whose tables are not yet published
   * @param published the lake as it was published before
   * @param today in UTC
   */
  static List<Finding> findings(Pipeline.Run run, Lake published, LocalDate today) {
    Lake lake = run.lake();
    Gate gate =
        new Gate(
            run.settings(),
            run.goods().members().stream().map(Goods.Member::code).distinct().toList(),
            today);
    List<Supplier<List<Finding>>> parts = new ArrayList<>();
    Dataset<Row> files = lake.read(Tables.SOURCE_FILE);
    if (lake.exists(Tables.SOURCE_FILE)) {
      parts.add(
          () -> {
            lake.label("gate", Tables.SOURCE_FILE, "freshness");
            return gate.ofFiles(files);
          });
    }
    written(lake, Tables.SOURCE_FILE)
        .ifPresent(
            slices ->
                parts.add(
                    () -> {
                      lake.label("gate", Tables.SOURCE_FILE, "rejects, coverage");
                      Dataset<Row> before = published.readAlike(Tables.SOURCE_FILE);
                      return both(
                          gate.ofRead(files, before, run.scope()), gate.ofRecords(files, before));
                    }));
    written(lake, Tables.RECONCILIATION)
        .ifPresent(
            slices ->
                parts.add(
                    () -> {
                      lake.label("gate", Tables.RECONCILIATION, slices);
                      return gate.ofTotals(lake.read(Tables.RECONCILIATION).where(slices));
                    }));
    written(lake, Tables.DEPENDENCY)
        .ifPresent(
            slices ->
                parts.add(
                    () -> {
                      lake.label("gate", Tables.DEPENDENCY, slices);
                      Dataset<Row> dependency = lake.read(Tables.DEPENDENCY);
                      return both(
                          gate.ofCells(
                              dependency.where(slices),
                              published.readAlike(Tables.DEPENDENCY).where(slices)),
                          gate.ofSeries(dependency, slices));
                    }));
    written(lake, Tables.FLOW)
        .ifPresent(
            slices ->
                parts.add(
                    () -> {
                      lake.label("gate", Tables.FLOW, slices);
                      return gate.ofFlow(lake.read(Tables.FLOW).where(slices));
                    }));
    Map<Integer, List<Finding>> found = new ConcurrentSkipListMap<>();
    Together.each(
        IntStream.range(0, parts.size()).boxed().toList(),
        LANES,
        part -> found.put(part, parts.get(part).get()));
    return found.values().stream().flatMap(List::stream).toList();
  }

  private static List<Finding> both(List<Finding> some, List<Finding> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** The slices of a table that the run has replaced, if it has. */
  private static Optional<String> written(Lake lake, Table table) {
    List<String> slices =
        lake.writes().stream()
            .filter(write -> write.table().equals(table.name()))
            .map(Write::slice)
            .toList();
    return slices.isEmpty() ? Optional.empty() : Optional.of(anyOf(slices));
  }

  private static String anyOf(List<String> slices) {
    return slices.stream().map("(%s)"::formatted).collect(Collectors.joining(" OR "));
  }

  /** Rows of source_file: fresh by source. */
  List<Finding> ofFiles(Dataset<Row> files) {
    String lastMonth =
        "max(try_cast(left(last_period, 4) AS INT) * 12 + coalesce(try_cast(substring(last_period, 6, 2) AS INT), 12))";
    int thisMonth = today.getYear() * 12 + today.getMonthValue();
    Dataset<Row> bySource =
        files
            .where("status = 'loaded'")
            .groupBy("source")
            .agg(expr("%d - %s".formatted(thisMonth, lastMonth)).cast("DOUBLE").as(stale.name()));
    return numbers(bySource, List.of("source"), stale);
  }

  /**
   * Rows of source_file, and those that are published: rejects by source of the files that the run
   * has read, since they are not as they were when they were published, are read otherwise now, or
   * are of its scope. What was read before was judged before.
   */
  List<Finding> ofRead(Dataset<Row> files, Dataset<Row> published, Scope scope) {
    String[] same = {"path", "size", "modified", "definition"};
    Column inScope =
        scope.all()
            ? lit(true)
            : exists(col("years"), year -> year.getField("year").isInCollection(scope.years()));
    Dataset<Row> bySource =
        files
            .join(published.selectExpr(same).withColumn("known", lit(true)), by(same), "left")
            .where("status = 'loaded'")
            .where(col("known").isNull().or(inScope))
            .groupBy("source")
            .agg(expr("try_divide(sum(rejected), sum(read))").as(rejects.name()));
    return numbers(bySource, List.of("source"), rejects);
  }

  /** Rows of source_file, and those that are published: coverage by source and year. */
  List<Finding> ofRecords(Dataset<Row> files, Dataset<Row> published) {
    return numbers(
        records(published)
            .join(records(files).withColumnRenamed("records", "now"), by("source", "year"), "left")
            .withColumn(lost.name(), expr("try_divide(records - coalesce(now, 0), records)")),
        List.of("source", "year"),
        lost);
  }

  private static Dataset<Row> records(Dataset<Row> files) {
    return files
        .where("status = 'loaded'")
        .select(col("source"), expr("explode(years)").as("of"))
        .groupBy(col("source"), col("of.year").as("year"))
        .agg(expr("sum(of.candidates)").as("records"));
  }

  /** Rows of reconciliation: totals by source and year. */
  List<Finding> ofTotals(Dataset<Row> rows) {
    return numbers(
        rows.where("kind = 'world'")
            .groupBy("source", "year")
            .agg(
                expr("double(try_divide(sum(abs(ours - published)), sum(published)))")
                    .as(unreconciled.name())),
        List.of("source", "year"),
        unreconciled);
  }

  /** Rows of dependency, and what is published of them: by source and year what is amiss. */
  List<Finding> ofCells(Dataset<Row> rows, Dataset<Row> published) {
    String outside = "hhi > 1 + %1$s OR hhi < 1D / suppliers - %1$s".formatted(ROUNDING);
    Dataset<Row> now =
        rows.groupBy("source", "year")
            .agg(
                expr("double(count_if(%s))".formatted(outside)).as(hhi.name()),
                present("importer", "true").as("importers_now"),
                present("product", "product_kind = 'good'").as("goods_now"));
    Dataset<Row> before =
        published
            .groupBy("source", "year")
            .agg(
                present("importer", "true").as("importers_before"),
                present("product", "product_kind = 'good'").as("goods_before"));
    return numbers(
        now.join(before, by("source", "year"), "outer")
            .withColumn(importers.name(), vanished("importers"))
            .withColumn(goods.name(), vanished("goods")),
        List.of("source", "year"),
        hhi,
        importers,
        goods);
  }

  private static Column present(String column, String where) {
    return expr("collect_set(%s) FILTER (WHERE total > 0 AND %s)".formatted(column, where));
  }

  private static Column vanished(String what) {
    return expr(
        "double(coalesce(size(array_except(%1$s_before, coalesce(%1$s_now, array()))), 0))"
            .formatted(what));
  }

  /**
   * Jumps and multiples of some slices of dependency by source, importer and year. Of a night only
   * these slices and the years before them are read, however long the history is.
   */
  List<Finding> ofSeries(Dataset<Row> dependency, String slices) {
    String both = "total_before > 0 AND total > 0";
    String jump =
        "greatest(total, total_before) >= %d AND (total >= %2$d * total_before OR total_before >= %2$d * total)"
            .formatted(SIZEABLE, IMPLAUSIBLE);
    String multiple =
        "total_before >= %d AND total BETWEEN 2 * total_before AND %d * total_before AND total %% total_before = 0"
            .formatted(SIZEABLE, MULTIPLES);
    Dataset<Row> wholeYears =
        dependency
            .where("product_kind = 'good' AND months = 12")
            .select("source", "importer", "product", "basis", "year", "total");
    Dataset<Row> yearsBefore =
        wholeYears
            .withColumn("year", expr("year + 1"))
            .withColumnRenamed("total", "total_before")
            .where(slices);
    Dataset<Row> bySeries =
        wholeYears
            .where(slices)
            .join(yearsBefore, by("source", "importer", "product", "basis", "year"), "left")
            .groupBy("source", "importer", "year")
            .agg(
                expr("double(count_if(%s AND (%s)))".formatted(both, jump)).as(jumps.name()),
                expr("double(count_if(%s AND (%s)))".formatted(both, multiple))
                    .as(multiples.name()));
    return numbers(bySeries, List.of("source", "importer", "year"), jumps, multiples);
  }

  /**
   * Rows of flow: mirror by source, importer and year, over the products of the watch list. Annual
   * records win over months.
   */
  List<Finding> ofFlow(Dataset<Row> flow) {
    String multiple =
        "exported >= %d AND round(imported / exported) BETWEEN 2 AND %d AND abs(imported / exported / round(imported / exported) - 1) <= %s"
            .formatted(SIZEABLE, MULTIPLES, AGREEMENT);
    Dataset<Row> mirrored =
        flow.where("partner_kind = 'country' AND flow IN ('import', 'export')")
            .where(col("product").isin(watched.toArray()))
            .groupBy("source", "year", "product", "reporter", "partner", "flow")
            .agg(
                expr("if(bool_or(month IS NULL), sum(quantity_kg) FILTER (WHERE month IS NULL), sum(quantity_kg))")
                    .as("quantity_kg"))
            .groupBy(
                col("source"),
                col("year"),
                col("product"),
                expr("if(flow = 'import', reporter, partner)").as("importer"),
                expr("if(flow = 'import', partner, reporter)").as("exporter"))
            .agg(
                expr("double(sum(quantity_kg) FILTER (WHERE flow = 'import'))").as("imported"),
                expr("double(sum(quantity_kg) FILTER (WHERE flow = 'export'))").as("exported"))
            .groupBy("source", "importer", "year")
            .agg(expr("double(count_if(%s))".formatted(multiple)).as(mirror.name()));
    return numbers(mirrored, List.of("source", "importer", "year"), mirror);
  }

  private static Seq<String> by(String... columns) {
    return CollectionConverters.asScala(Arrays.asList(columns)).toSeq();
  }

  /** One finding for every slice beyond a rule's limit; for a rule without one, the worst slice. */
  private static List<Finding> numbers(Dataset<Row> rows, List<String> slice, Rule... rules) {
    List<Row> groups = rows.collectAsList();
    List<Finding> findings = new ArrayList<>();
    for (Rule rule : rules) {
      List<Finding> all =
          groups.stream()
              .filter(row -> row.getAs(rule.name()) != null)
              .map(
                  row -> {
                    double number = ((Number) row.getAs(rule.name())).doubleValue();
                    return new Finding(rule, number <= rule.limit(), predicate(row, slice), number);
                  })
              .sorted(Comparator.comparing(Finding::number).reversed())
              .toList();
      List<Finding> failed = all.stream().filter(finding -> !finding.passed()).toList();
      if (!failed.isEmpty()) {
        findings.addAll(failed);
      } else {
        findings.add(all.isEmpty() ? new Finding(rule, true, null, null) : all.get(0));
      }
    }
    return findings;
  }

  private static String predicate(Row row, List<String> slice) {
    return slice.stream()
        .map(
            name ->
                row.getAs(name) instanceof String text
                    ? "%s = '%s'".formatted(name, text)
                    : "%s = %s".formatted(name, row.<Object>getAs(name)))
        .collect(Collectors.joining(" AND "));
  }
}
