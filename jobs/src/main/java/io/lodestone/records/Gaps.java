package io.lodestone.records;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;

/**
 * What a download is known not to hold, {@code conf/gaps.csv}. There a product without a row is not
 * zero but unknown, and so is one with rows, since they may be a part.
 *
 * <p>Grain: source, reporter, flow, code and years. A good lies in a gap where one of its members
 * does. A folder of configuration without the file knows no gaps.
 */
public final class Gaps implements Serializable {
  private static final String FILE = "gaps.csv";
  private static final List<String> FLOWS = List.of("import", "export");

  /** A gap by HS6 product, and the goods that have a member in it. */
  private record Gap(
      String source,
      String reporter,
      String flow,
      String code,
      int fromYear,
      int toYear,
      String reason,
      List<String> goods)
      implements Serializable {

    boolean holds(String product, int year) {
      return fromYear <= year
          && year <= toYear
          && (product.startsWith(code) || goods.contains(product));
    }
  }

  private final List<Gap> gaps;
  private final Map<List<String>, List<Gap>> byReporter = new HashMap<>();

  private Gaps(List<Gap> gaps) {
    this.gaps = List.copyOf(gaps);
    for (Gap gap : gaps) {
      byReporter
          .computeIfAbsent(List.of(gap.source, gap.reporter, gap.flow), absent -> new ArrayList<>())
          .add(gap);
    }
  }

  /** Of a download that has all it was asked for. */
  public static Gaps none() {
    return new Gaps(List.of());
  }

  /**
   * Reads them.
   *
   * @param base the base revision, in which codes are meant, or {@code reported}
   * @param sources names that a line may give
   * @throws Failure for a line that cannot be used
   */
  public static Gaps load(ConfFiles conf, Goods goods, String base, Set<String> sources) {
    if (!conf.texts().containsKey(FILE)) {
      return none();
    }
    ConfTable table =
        ConfTable.read(
            conf, FILE, "source", "reporter", "flow", "code", "from_year", "to_year", "reason");
    List<String> countries = Countries.load(conf).names();
    Conversions conversions = Conversions.load(conf, base);
    List<Gap> gaps = new ArrayList<>();
    for (ConfTable.Line line : table.lines()) {
      require(line, "source", sources.contains(line.get("source")), "write one of " + sources);
      require(
          line,
          "reporter",
          countries.contains(line.get("reporter")),
          "write an ISO 3166 alpha-3 code");
      require(line, "flow", FLOWS.contains(line.get("flow")), "write import or export");
      require(
          line,
          "code",
          line.get("code").matches("\\d{2}|\\d{4}|\\d{6}"),
          "write a chapter, a heading or six digits, leading zeros included");
      require(line, "from_year", line.get("from_year").matches("\\d{4}"), "write a year");
      require(
          line,
          "to_year",
          line.get("to_year").matches("\\d{4}")
              && line.get("to_year").compareTo(line.get("from_year")) >= 0,
          "write a year that is not before from_year");
      require(line, "reason", !line.get("reason").isEmpty(), "say what is missing, and why");
      gaps.add(
          new Gap(
              line.get("source"),
              line.get("reporter"),
              line.get("flow"),
              line.get("code"),
              Integer.parseInt(line.get("from_year")),
              Integer.parseInt(line.get("to_year")),
              line.get("reason"),
              goodsIn(line.get("code"), line.get("reporter"), goods, conversions, base)));
    }
    return new Gaps(gaps);
  }

  private static void require(ConfTable.Line line, String column, boolean holds, String advice) {
    if (!holds) {
      throw ConfTable.unusable(FILE, line, column, line.get(column), advice);
    }
  }

  private static List<String> goodsIn(
      String code, String reporter, Goods goods, Conversions conversions, String base) {
    return goods.members().stream()
        .filter(member -> !member.isNational() || Goods.reports(reporter, member.reporter()))
        .filter(
            member ->
                conversions
                    .target(member.revision(), member.code(), base)
                    .product()
                    .startsWith(code))
        .map(Goods.Member::good)
        .distinct()
        .sorted()
        .toList();
  }

  public boolean isEmpty() {
    return gaps.isEmpty();
  }

  private Stream<Gap> of(String source, String reporter, String flow, String product, int year) {
    return byReporter.getOrDefault(List.of(source, reporter, flow), List.of()).stream()
        .filter(gap -> gap.holds(product, year));
  }

  /** Whether nothing is known of a product's imports by an importer in a year. */
  public boolean hideImports(String source, String importer, String product, int year) {
    return of(source, importer, "import", product, year).findAny().isPresent();
  }

  /** Why nothing is known of them, for people; empty outside of all gaps. */
  public List<String> reasons(String source, String importer, String product, int year) {
    return of(source, importer, "import", product, year).map(Gap::reason).toList();
  }

  /** Whether nothing is known of what an exporter says of its exports of a product in a year. */
  public boolean hideExports(String source, String exporter, String product, int year) {
    return of(source, exporter, "export", product, year).findAny().isPresent();
  }

  /** Importers of a source of which a product's imports are not known in a year. */
  public List<String> importers(String source, String product, int year) {
    return gaps.stream()
        .filter(
            gap ->
                gap.source.equals(source) && gap.flow.equals("import") && gap.holds(product, year))
        .map(Gap::reporter)
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether a row with source, importer, product and year tells of imports that lie in a gap. */
  public Column hideImports() {
    return gaps.stream()
        .filter(gap -> gap.flow.equals("import"))
        .map(
            gap ->
                col("source")
                    .equalTo(gap.source)
                    .and(col("importer").equalTo(gap.reporter))
                    .and(col("year").between(gap.fromYear, gap.toYear))
                    .and(
                        col("product")
                            .startsWith(gap.code)
                            .or(col("product").isInCollection(gap.goods))))
        .reduce(lit(false), Column::or);
  }

  /** All that decides what they hide, for fingerprints. */
  public String text() {
    return gaps.stream()
        .sorted(Comparator.comparing(Gap::toString))
        .map(
            gap ->
                String.join(
                    ",",
                    gap.source,
                    gap.reporter,
                    gap.flow,
                    gap.code,
                    gap.fromYear + "-" + gap.toYear,
                    String.join(" ", gap.goods)))
        .reduce("", (some, next) -> some + next + "\n");
  }
}
