package io.lodestone.sample;

import io.lodestone.sample.ComtradeLine.Amounts;
import io.lodestone.sample.ComtradeLine.Breakdown;
import io.lodestone.sample.ComtradeLine.Party;
import io.lodestone.sample.ComtradeLine.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What reporters record of the world, with what happens to records on the way: exporters weigh and
 * value otherwise than importers, part of the trade has no known partner or comes back to its own
 * country, weights are missing, zero or estimated, some value imports FOB, some print re-exports
 * and foreign imports beside the totals that contain them.
 *
 * <p>Lines are sorted by flow, code, month and partner. Each code and month is headed by its World
 * line, the sum of its partners' printed values and weights.
 */
final class ComtradeReports {
  private static final Party AREAS_NOT_SPECIFIED = new Party(899, "_X ", "Areas, nes");
  private static final Party BUNKERS = new Party(837, "X1 ", "Bunkers");
  private static final Party SPECIAL_CATEGORIES = new Party(839, "XX ", "Special Categories");

  /** The EU as a reporter of its own, beside its members. */
  private static final Party EUROPEAN_UNION = new Party(97, "EUR", "European Union");

  /** Reporters that value imports FOB. */
  private static final Set<String> IMPORTS_FOB = Set.of("AUS", "ZAF");

  /** Reporters that print re-exports (RX) beside the exports that contain them. */
  private static final Set<String> RE_EXPORTERS = Set.of("HKG", "SGP", "CAN", "GBR");

  /** Reporters that print domestic exports (DX) too: exports less re-exports. */
  private static final Set<String> DOMESTIC_EXPORTERS = Set.of("CAN");

  /** Reporters that print foreign imports (FM) beside the imports that contain them. */
  private static final Set<String> FOREIGN_IMPORTERS = Set.of("CAN", "NZL");

  /** Reporters whose own goods come back to them. */
  private static final Set<String> RETURNERS =
      Set.of("CHN", "DEU", "USA", "GBR", "FRA", "KOR", "ITA", "TWN");

  /** Reporters that take up a revision in the year in which it enters into force. */
  private static final Set<String> PUNCTUAL = Set.of("JPN", "TWN", "CHN", "USA", "KOR", "CAN");

  /** Demand below which a reporter's weights are sometimes estimated by UN Comtrade. */
  private static final double SMALL_REPORTER = 4;

  private final World world;

  ComtradeReports(World world) {
    this.world = world;
  }

  /** Whether lines are by year or by month. */
  private enum Grain {
    YEAR,
    MONTH;

    static Grain of(Country reporter) {
      return reporter.isMonthly() ? MONTH : YEAR;
    }
  }

  /**
   * A flow as one side records it: one number a year or twelve.
   *
   * @param cif null where the side does not value so; likewise fob
   */
  private record Recorded(
      Party reporter,
      String flow,
      Party partner,
      int edition,
      long[] kilograms,
      long[] cif,
      long[] fob) {}

  /** Imports of a reporter's year: flow M, and FM where the reporter prints it. */
  List<ComtradeLine> imports(Country reporter, int year) {
    boolean givesFob = IMPORTS_FOB.contains(reporter.iso());
    boolean givesBoth = reporter == Country.UNITED_STATES;
    List<ComtradeLine> lines = new ArrayList<>();
    for (Flow flow : world.importsOf(reporter, year)) {
      Recorded recorded =
          new Recorded(
              Party.of(reporter),
              "M",
              Party.of(flow.exporter()),
              edition(reporter, year),
              flow.kilograms(),
              givesFob ? null : flow.cif(),
              givesFob || givesBoth ? flow.fob() : null);
      lines.addAll(lines(flow, recorded, Grain.of(reporter)));
    }
    lines.replaceAll(line -> line.with(weighed(line, reporter)));
    lines.addAll(withoutSupplier(lines, reporter));
    if (FOREIGN_IMPORTERS.contains(reporter.iso())) {
      lines.addAll(
          List.copyOf(lines).stream()
              .filter(line -> line.partner().code() != reporter.code())
              .map(line -> line.withFlow("FM"))
              .toList());
    }
    return withWorld(lines);
  }

  /** Exports of a reporter's year: flow X, and RX and DX where the reporter prints them. */
  List<ComtradeLine> exports(Country reporter, int year) {
    List<ComtradeLine> lines = new ArrayList<>();
    for (Flow flow : world.exportsOf(reporter, year)) {
      lines.addAll(lines(flow, exported(flow), Grain.of(reporter)));
    }
    if (RE_EXPORTERS.contains(reporter.iso())) {
      for (ComtradeLine line : List.copyOf(lines)) {
        Amounts again = line.amounts().part(reExported(line));
        lines.add(line.withFlow("RX").with(again));
        if (DOMESTIC_EXPORTERS.contains(reporter.iso())) {
          lines.add(line.withFlow("DX").with(line.amounts().minus(again)));
        }
      }
    }
    return withWorld(lines);
  }

  /** China's exports of controlled goods by month; they add up to its annual lines. */
  List<ComtradeLine> controlledExports(int year) {
    List<ComtradeLine> lines = new ArrayList<>();
    for (Flow flow : world.exportsOf(Country.CHINA, year)) {
      if (ControlEvents.CONTROLLED.contains(flow.product().code())) {
        lines.addAll(lines(flow, exported(flow), Grain.MONTH));
      }
    }
    return withWorld(lines);
  }

  /** The EU's imports from outside, the sum of its members'. */
  List<ComtradeLine> europeanImports(int year) {
    Map<String, ComtradeLine> sums = new LinkedHashMap<>();
    for (Country member : Country.all()) {
      for (Flow flow : world.importsOf(member, year)) {
        if (member.european() && !flow.exporter().european()) {
          Recorded recorded =
              new Recorded(
                  EUROPEAN_UNION,
                  "M",
                  Party.of(flow.exporter()),
                  PrintedCode.editionIn(year),
                  flow.kilograms(),
                  flow.cif(),
                  null);
          for (ComtradeLine line : lines(flow, recorded, Grain.YEAR)) {
            sums.merge(line.code() + line.partner().code(), line, ComtradeReports::added);
          }
        }
      }
    }
    return withWorld(sums.values());
  }

  /** Nine lines a partner: the total, and its parts by transport, second partner and procedure. */
  static List<ComtradeLine> nineFold(List<ComtradeLine> lines) {
    // Sent through one country or straight from another; never through the world, the total.
    Party through = Party.of(Country.of("SGP"));
    Party straight = Party.of(Country.CHINA);
    List<ComtradeLine> nine = new ArrayList<>();
    for (ComtradeLine line : lines) {
      ComtradeLine small = line.with(line.amounts().part(0.25));
      ComtradeLine large = line.with(line.amounts().minus(small.amounts()));
      nine.add(line);
      nine.add(small.with(new Breakdown(Party.WORLD, "C00", 1000, "Air")));
      nine.add(large.with(new Breakdown(Party.WORLD, "C00", 2100, "Sea")));
      nine.add(small.with(new Breakdown(through, "C00", 0, "TOTAL MOT")));
      nine.add(large.with(new Breakdown(straight, "C00", 0, "TOTAL MOT")));
      nine.add(small.with(new Breakdown(Party.WORLD, "C01", 0, "TOTAL MOT")));
      nine.add(large.with(new Breakdown(Party.WORLD, "C04", 0, "TOTAL MOT")));
      nine.add(small.with(new Breakdown(through, "C01", 1000, "Air")));
      nine.add(large.with(new Breakdown(straight, "C04", 2100, "Sea")));
    }
    return nine;
  }

  /** Lines above six digits: the heading 2846 by partner, and TOTAL with the world. */
  static List<ComtradeLine> aggregates(List<ComtradeLine> lines) {
    Map<Integer, ComtradeLine> headings = new LinkedHashMap<>();
    Map<String, ComtradeLine> totals = new LinkedHashMap<>();
    for (ComtradeLine line : lines) {
      if (line.code().startsWith("2846")) {
        headings.merge(
            line.partner().code(),
            line.withCode("2846", "Compounds, of rare-earth metals, yttrium or scandium"),
            ComtradeReports::added);
      }
      if (line.isWorld()) {
        totals.merge(
            line.flow(), line.withCode("TOTAL", "All Commodities"), ComtradeReports::added);
      }
    }
    List<ComtradeLine> aggregates = new ArrayList<>(headings.values());
    aggregates.addAll(totals.values());
    return aggregates;
  }

  /** The exporter's own record of a flow: its own scale, and some rare earths unrecorded. */
  private static Recorded exported(Flow flow) {
    Country exporter = flow.exporter();
    long[] about = {exporter.code(), flow.importer().code(), flow.product().number(), flow.year()};
    double seen = 1;
    if (exporter == Country.CHINA && RareEarths.CODES.contains(flow.product().code())) {
      seen = flow.year() <= 2013 ? 0.78 : 0.93;
    }
    // The weights of controlled goods are published for the exporter's side.
    boolean isExact =
        exporter == Country.CHINA && ControlEvents.CONTROLLED.contains(flow.product().code());
    double weight = isExact ? 1 : seen * Chance.factor(0.03, "exporter's weight", about);
    double value = seen * Chance.factor(0.03, "exporter's value", about);
    return new Recorded(
        Party.of(exporter),
        "X",
        Party.of(flow.importer()),
        edition(exporter, flow.year()),
        scaled(flow.kilograms(), weight),
        null,
        scaled(flow.fob(), value));
  }

  private static long[] scaled(long[] amounts, double factor) {
    long[] scaled = new long[amounts.length];
    for (int at = 0; at < amounts.length; at++) {
      scaled[at] = StrictMath.round(amounts[at] * factor);
    }
    return scaled;
  }

  private static double reExported(ComtradeLine line) {
    return 0.1
        + 0.7
            * Chance.uniform(
                "re-exports",
                line.reporter().code(),
                line.partner().code(),
                Long.parseLong(line.code()),
                line.year());
  }

  /** The lines of a flow: one a printed code and period in which there was trade. */
  private static List<ComtradeLine> lines(Flow flow, Recorded recorded, Grain grain) {
    List<PrintedCode> codes = PrintedCode.of(flow.product(), recorded.edition());
    long[][] kilograms = PrintedCode.divided(codes, recorded.kilograms());
    long[][] cif = recorded.cif() == null ? null : PrintedCode.divided(codes, recorded.cif());
    long[][] fob = recorded.fob() == null ? null : PrintedCode.divided(codes, recorded.fob());
    List<ComtradeLine> lines = new ArrayList<>();
    for (int code = 0; code < codes.size(); code++) {
      if (grain == Grain.YEAR) {
        Amounts year =
            new Amounts(
                Weight.REPORTED,
                PrintedCode.sum(kilograms[code]),
                cif == null ? Amounts.NOT_GIVEN : PrintedCode.sum(cif[code]),
                fob == null ? Amounts.NOT_GIVEN : PrintedCode.sum(fob[code]));
        add(lines, flow, recorded, codes.get(code), 0, year);
        continue;
      }
      for (int month = 0; month < 12; month++) {
        Amounts amounts =
            new Amounts(
                Weight.REPORTED,
                kilograms[code][month],
                cif == null ? Amounts.NOT_GIVEN : cif[code][month],
                fob == null ? Amounts.NOT_GIVEN : fob[code][month]);
        add(lines, flow, recorded, codes.get(code), month + 1, amounts);
      }
    }
    return lines;
  }

  private static void add(
      List<ComtradeLine> lines,
      Flow flow,
      Recorded recorded,
      PrintedCode code,
      int month,
      Amounts amounts) {
    if (amounts.kilograms() > 0) {
      lines.add(
          new ComtradeLine(
              recorded.reporter(),
              recorded.flow(),
              recorded.partner(),
              flow.year(),
              month,
              revision(recorded.edition()),
              code.code(),
              code.description(),
              amounts,
              Breakdown.TOTAL));
    }
  }

  /** The revision that a reporter uses: some are up to three years late. */
  private static int edition(Country reporter, int year) {
    double late = PUNCTUAL.contains(reporter.iso()) ? 0 : Chance.uniform("late", reporter.code());
    int years = late < 0.55 ? 0 : late < 0.8 ? 1 : late < 0.92 ? 2 : 3;
    return PrintedCode.editionIn(year - years);
  }

  private static String revision(int edition) {
    return switch (edition) {
      case 2007 -> "H3";
      case 2012 -> "H4";
      case 2017 -> "H5";
      default -> "H6";
    };
  }

  /** The weight as it is printed; that of published shares stays, and every monthly one. */
  private static Amounts weighed(ComtradeLine line, Country reporter) {
    Amounts amounts = line.amounts();
    if (RareEarths.arePublished(reporter, line.code()) || reporter.isMonthly()) {
      return amounts;
    }
    long[] about = {
      reporter.code(), line.partner().code(), Long.parseLong(line.code()), line.year()
    };
    double gap = Chance.uniform("weight", about);
    boolean isZeroYear = reporter.iso().equals("MEX") && line.year() == 2013;
    boolean isMissingYear = reporter.iso().equals("PAK") && line.year() == 2011;
    if (isZeroYear || gap < 0.012) {
      return new Amounts(Weight.ZERO, 0, amounts.cif(), amounts.fob());
    }
    if (isMissingYear || gap < 0.02) {
      return new Amounts(Weight.MISSING, 0, amounts.cif(), amounts.fob());
    }
    if (reporter.size() <= SMALL_REPORTER
        && Chance.uniform("estimate", about[0], about[2], about[3]) < 0.12) {
      // By one unit value for all partners, so that shares by weight repeat those by value.
      long kilograms = 1 + amounts.primary() / (1000 * estimate(line));
      return new Amounts(Weight.ESTIMATED, kilograms, amounts.cif(), amounts.fob());
    }
    return amounts;
  }

  /** The standard unit value of an estimate, whole US dollars a kilogram, at least one. */
  private static long estimate(ComtradeLine line) {
    Product product = Product.of(line.code());
    return product == null ? 10 : Math.max(1, (long) product.priceIn(line.year()));
  }

  /** Imports beside those from known countries: from nowhere in particular, or come home again. */
  private static List<ComtradeLine> withoutSupplier(
      Collection<ComtradeLine> lines, Country reporter) {
    if (reporter == Country.JAPAN) {
      return List.of();
    }
    List<ComtradeLine> others = new ArrayList<>();
    for (ComtradeLine sum : totals(lines)) {
      if (RareEarths.arePublished(reporter, sum.code())) {
        continue;
      }
      long[] about = {reporter.code(), Long.parseLong(sum.code()), sum.year(), sum.month()};
      double unknown = Chance.uniform("unspecified", about);
      if (unknown < 0.05) {
        Party party =
            unknown < 0.035 ? AREAS_NOT_SPECIFIED : unknown < 0.045 ? SPECIAL_CATEGORIES : BUNKERS;
        others.add(sum.with(party).with(sum.amounts().part(0.002 + unknown)));
      }
      if (RETURNERS.contains(reporter.iso()) && Chance.uniform("returned", about) < 0.15) {
        double part = 0.005 + 0.03 * Chance.uniform("part returned", about);
        others.add(sum.with(Party.of(reporter)).with(sum.amounts().part(part)));
      }
    }
    others.removeIf(line -> line.amounts().primary() <= 0);
    return others;
  }

  private static List<ComtradeLine> withWorld(Collection<ComtradeLine> lines) {
    List<ComtradeLine> all = new ArrayList<>(lines);
    all.addAll(totals(lines));
    all.sort(
        Comparator.comparing(ComtradeLine::flow)
            .thenComparing(ComtradeLine::code)
            .thenComparing(ComtradeLine::month)
            .thenComparing(line -> line.partner().code()));
    return all;
  }

  /** The sums over partners, by flow, code and month. */
  private static Collection<ComtradeLine> totals(Collection<ComtradeLine> lines) {
    Map<String, ComtradeLine> totals = new LinkedHashMap<>();
    for (ComtradeLine line : lines) {
      totals.merge(
          line.flow() + line.code() + "/" + line.month(),
          line.with(Party.WORLD),
          ComtradeReports::added);
    }
    return totals.values();
  }

  private static ComtradeLine added(ComtradeLine one, ComtradeLine other) {
    return one.with(one.amounts().plus(other.amounts()));
  }
}
