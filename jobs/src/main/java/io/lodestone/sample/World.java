package io.lodestone.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The synthetic world: all true flows of the watch list, 2010 to 2025.
 *
 * <p>Demand says what would be bought, the published rare earths replace it where there are any,
 * and export controls change months. A flow is kept by month if one of its countries reports
 * monthly (Japan, Taiwan), or if China sells a controlled product from 2022 on; a year is then the
 * sum of its months, in every format.
 */
final class World {
  /** Value in US dollars a year from which a link has trade in most months. */
  private static final double STEADY = 1.5e8;

  private final List<Flow> flows = new ArrayList<>();
  private final Map<Country, Map<Integer, List<Flow>>> imports = new HashMap<>();
  private final Map<Country, Map<Integer, List<Flow>>> exports = new HashMap<>();

  private World() {}

  /** Builds the world; it is the same every time. */
  static World build() {
    World world = new World();
    Demand demand = new Demand();
    for (int year = Product.FIRST_YEAR; year <= Product.LAST_YEAR; year++) {
      for (Product product : Product.all()) {
        world.trade(product, year, purchases(product, year, demand));
      }
    }
    return world;
  }

  /** All flows, by year, product, importer and exporter. */
  List<Flow> flows() {
    return List.copyOf(flows);
  }

  List<Flow> importsOf(Country importer, int year) {
    return imports.getOrDefault(importer, Map.of()).getOrDefault(year, List.of());
  }

  List<Flow> exportsOf(Country exporter, int year) {
    return exports.getOrDefault(exporter, Map.of()).getOrDefault(year, List.of());
  }

  private static Map<Country, Map<Country, Double>> purchases(
      Product product, int year, Demand demand) {
    Map<Country, Map<Country, Double>> purchases = new LinkedHashMap<>();
    for (Country importer : Country.all()) {
      purchases.put(importer, demand.purchases(importer, product, year));
    }
    if (RareEarths.CODES.contains(product.code())) {
      purchases.putAll(RareEarths.purchases(product, year, demand));
    }
    return purchases;
  }

  /** A flow while its months are still being moved; kilograms. */
  private static final class Draft {
    final Country exporter;
    final Country importer;
    final double planned;
    final double[] months;

    Draft(Country exporter, Country importer, double planned, double[] months) {
      this.exporter = exporter;
      this.importer = importer;
      this.planned = planned;
      this.months = months;
    }

    double actual() {
      double sum = 0;
      for (double month : months) {
        sum += month;
      }
      return sum;
    }

    void scale(double factor) {
      for (int month = 0; month < months.length; month++) {
        months[month] *= factor;
      }
    }
  }

  private void trade(Product product, int year, Map<Country, Map<Country, Double>> purchases) {
    List<Draft> drafts = new ArrayList<>();
    purchases.forEach(
        (importer, suppliers) ->
            suppliers.forEach(
                (exporter, kilograms) ->
                    drafts.add(
                        new Draft(
                            exporter,
                            importer,
                            kilograms,
                            months(exporter, importer, product, year, kilograms)))));
    if (ControlEvents.CONTROLLED.contains(product.code())
        && year >= ControlEvents.FIRST_MONTHLY_YEAR) {
      control(product, year, drafts);
    }
    drafts.stream()
        .map(draft -> flow(draft, product, year))
        .filter(flow -> flow.kilogramsOfYear() > 0)
        .sorted(
            Comparator.<Flow>comparingInt(flow -> flow.importer().code())
                .thenComparingInt(flow -> flow.exporter().code()))
        .forEach(this::add);
  }

  private void add(Flow flow) {
    flows.add(flow);
    imports
        .computeIfAbsent(flow.importer(), key -> new HashMap<>())
        .computeIfAbsent(flow.year(), key -> new ArrayList<>())
        .add(flow);
    exports
        .computeIfAbsent(flow.exporter(), key -> new HashMap<>())
        .computeIfAbsent(flow.year(), key -> new ArrayList<>())
        .add(flow);
  }

  private static double[] months(
      Country exporter, Country importer, Product product, int year, double kilograms) {
    boolean controlled =
        exporter == Country.CHINA && ControlEvents.CONTROLLED.contains(product.code());
    if (!importer.isMonthly()
        && !exporter.isMonthly()
        && !(controlled && year >= ControlEvents.FIRST_MONTHLY_YEAR)) {
      return new double[] {kilograms};
    }
    boolean steady =
        controlled
            || RareEarths.arePublished(importer, product.code()) && exporter == Country.CHINA;
    double part =
        steady ? 1 : 0.03 + 0.97 * StrictMath.sqrt(kilograms * product.priceIn(year) / STEADY);
    double[] months = new double[12];
    double sum = 0;
    for (int month = 1; month <= 12; month++) {
      long[] about = {exporter.code(), importer.code(), product.number(), year, month};
      if (Chance.uniform("month", about) < part || month == anyMonth(about)) {
        months[month - 1] =
            season(exporter, month)
                * Chance.factor(0.12, "weight of a month", about)
                * (importer == Country.JAPAN
                    ? ControlEvents.autumnOf2010(product, exporter, year, month)
                    : 1);
        sum += months[month - 1];
      }
    }
    for (int month = 0; month < 12; month++) {
      months[month] *= kilograms / sum;
    }
    return months;
  }

  /** The one month in which the smallest link trades. */
  private static int anyMonth(long[] about) {
    return 1 + (int) (12 * Chance.uniform("only month", about[0], about[1], about[2], about[3]));
  }

  /** Chinese New Year empties February; its goods leave in January and March. */
  private static double season(Country exporter, int month) {
    if (exporter != Country.CHINA && exporter != Country.TAIWAN) {
      return 1;
    }
    return switch (month) {
      case 1, 3 -> 1.08;
      case 2 -> 0.75;
      default -> 1;
    };
  }

  /** Cuts China's months, meets the published ones, and lets importers buy elsewhere. */
  private static void control(Product product, int year, List<Draft> drafts) {
    for (Draft draft : drafts) {
      if (draft.exporter == Country.CHINA) {
        for (int month = 1; month <= 12; month++) {
          draft.months[month - 1] *= ControlEvents.volume(product, year, month);
        }
      }
    }
    for (ControlEvents.Month published : ControlEvents.MONTHS) {
      if (published.product().equals(product.code()) && published.year() == year) {
        meet(published, drafts);
      }
    }
    for (Draft china : drafts) {
      if (china.exporter == Country.CHINA) {
        double lost = china.planned - china.actual();
        double elsewhere =
            drafts.stream()
                .filter(draft -> draft.importer == china.importer && draft != china)
                .mapToDouble(Draft::actual)
                .sum();
        if (lost > 0 && elsewhere > 0) {
          double factor = 1 + ControlEvents.replaced(product) * lost / elsewhere;
          drafts.stream()
              .filter(draft -> draft.importer == china.importer && draft != china)
              .forEach(draft -> draft.scale(factor));
        }
      }
    }
  }

  private static void meet(ControlEvents.Month published, List<Draft> drafts) {
    List<Draft> concerned =
        drafts.stream()
            .filter(
                draft ->
                    draft.exporter == Country.CHINA && published.market().includes(draft.importer))
            .toList();
    int month = published.month() - 1;
    double sum = concerned.stream().mapToDouble(draft -> draft.months[month]).sum();
    concerned.forEach(draft -> draft.months[month] *= published.tonnes() * 1000 / sum);
  }

  private static Flow flow(Draft draft, Product product, int year) {
    long[] pair = {draft.exporter.code(), draft.importer.code(), product.number()};
    double price =
        product.priceIn(year)
            * (draft.exporter == Country.CHINA ? 0.85 : 1.05)
            * Chance.factor(0.2, "quality", draft.exporter.code(), product.number())
            * Chance.factor(0.1, "terms", pair)
            * Chance.factor(0.05, "terms of a year", pair[0], pair[1], pair[2], year);
    double freight =
        1 + (product.isBulk() ? 0.14 : 0.04) * Chance.factor(0.3, "freight", pair[0], pair[1]);
    int length = draft.months.length;
    long[] kilograms = new long[length];
    long[] fob = new long[length];
    long[] cif = new long[length];
    for (int at = 0; at < length; at++) {
      kilograms[at] = StrictMath.round(draft.months[at]);
      double noise =
          length == 1
              ? 1
              : Chance.factor(0.05, "terms of a month", pair[0], pair[1], pair[2], year, at);
      double dollars =
          kilograms[at]
              * price
              * noise
              * (length == 1
                  ? priceOfYear(product, draft.exporter, year)
                  : ControlEvents.price(product, draft.exporter, year, at + 1));
      fob[at] = StrictMath.round(dollars * 1000);
      cif[at] = StrictMath.round(dollars * freight * 1000);
    }
    return new Flow(draft.exporter, draft.importer, product, year, kilograms, fob, cif);
  }

  private static double priceOfYear(Product product, Country exporter, int year) {
    double sum = 0;
    for (int month = 1; month <= 12; month++) {
      sum += ControlEvents.price(product, exporter, year, month);
    }
    return sum / 12;
  }
}
