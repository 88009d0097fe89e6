package io.lodestone.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rare earths (metals 280530, cerium compounds 284610, other compounds 284690) of the importers for
 * which shares by weight are published: Japan, the EU's 27 members from outside the EU, and the
 * United States.
 *
 * <p>A table gives total and suppliers of the three codes together in the years that are known or
 * assumed; years between are on the straight line, with a little noise. The totals by supplier are
 * then divided among the three codes by proportional fitting (rows are suppliers and hold exactly,
 * columns are codes). In Japan, China's share of metals and of the separated compounds 284690 is
 * set, high and flat after 2012, and cerium carries the rest of the fall.
 */
final class RareEarths {
  static final List<String> CODES = List.of("280530", "284610", "284690");

  private static final int ROUNDS = 80;

  /** How many members of the EU buy a code from one supplier. */
  private static final int BUYERS = 5;

  /** Suppliers beside the year and the tonnes; the last one takes what is left to 100 percent. */
  private static final String JAPAN =
      """
      year tonnes CHN VNM FRA MYS USA EST KOR IND KAZ THA AUT
      2010 28600 81.61 2.2 5.6 0 2.8 3.1 1.4 0.5 0.8 0.5
      2011 23400 68.37 4.6 10.6 0 4.6 4.9 2.1 0.9 1.5 0.8
      2012 14900 58 9.2 14.8 0 5.4 4.9 2.2 1.3 1.9 0.9
      2013 18000 59.4 9.8 14.6 0.05 4.9 4.4 2 1.4 1.5 0.8
      2014 22307 59.64 10.1 13.2 5.46017842 3.9 2.9 1.5 1.2 0.6 0.7
      2018 19900 58 14 11 10 1.5 1.6 1.2 1.2 0 0.8
      2024 17400 71 9.6 4.6 8.1 1.2 1.1 1.1 1.8 0 0.8
      2025 17000 70.7 9.7 4.5 8.6 1.2 1.1 1 1.9 0 0.8
      """;

  private static final String EUROPEAN_UNION =
      """
      year tonnes CHN RUS MYS USA JPN KOR NOR GBR
      2010 19500 61 24 0 7 4 1 1
      2012 12800 55 28 0.5 8 4 1.2 1
      2014 14200 50 30 7 6 3 1 0.8
      2018 16000 46 27 16 4 2.5 1 0.6
      2021 16500 42 25 25 3 2 0.9 0.5
      2023 18300 39 22 33.1 2.2 1.5 0.8 0.4
      2024 12900 46.3 28.4 19.9 2 1.4 0.7 0.4
      2025 12600 46 28.2 20.4 2 1.4 0.7 0.4
      """;

  /** From 2020 to 2023 together: China 70, Malaysia 13, Japan 6, Estonia 5 percent. */
  private static final String UNITED_STATES =
      """
      year tonnes CHN MYS JPN EST FRA KOR GBR CAN
      2010 12800 87 0 3 2 4 0.8 1.2
      2012 5200 79 0 5 4 6 1 1.5
      2014 10700 76 4 5 5 5 1 1.4
      2018 11000 75 8 5.5 5 3 1 1
      2020 8600 72 11.2 6 5 2.5 0.9 0.9
      2021 9000 71 12.4 6 5 2.4 0.9 0.9
      2022 10800 69.2 13.8 6 5 2.5 0.9 1
      2023 8800 67.9 14.5 6 5 2.9 1 1.1
      2024 8500 69 13.5 6 5 2.8 1 1.1
      2025 8300 69 13.6 6 5 2.8 1 1.1
      """;

  private static final Market JAPANESE = Market.of(JAPAN);
  private static final Market EUROPEAN = Market.of(EUROPEAN_UNION);
  private static final Market AMERICAN = Market.of(UNITED_STATES);

  private RareEarths() {}

  /** Whether the importer's shares of the code are published ones, which nothing may blur. */
  static boolean arePublished(Country importer, String code) {
    return CODES.contains(code)
        && (importer == Country.JAPAN || importer == Country.UNITED_STATES || importer.european());
  }

  /**
   * Kilograms of a year by importer and supplier, of one code.
   *
   * @param demand what the EU's members buy from each other comes from there
   */
  static Map<Country, Map<Country, Double>> purchases(Product product, int year, Demand demand) {
    int code = CODES.indexOf(product.code());
    Map<Country, Map<Country, Double>> purchases = new LinkedHashMap<>();
    purchases.put(Country.JAPAN, column(japanese(year), code));
    purchases.put(Country.UNITED_STATES, column(fitted(AMERICAN, year, 0.06, 0.34), code));
    for (Country member : Country.all()) {
      if (member.european()) {
        Map<Country, Double> inside = new LinkedHashMap<>(demand.purchases(member, product, year));
        inside.keySet().removeIf(supplier -> !supplier.european());
        purchases.put(member, inside);
      }
    }
    column(fitted(EUROPEAN, year, 0.05, 0.4), code)
        .forEach(
            (supplier, kilograms) ->
                buyers(supplier, product, year)
                    .forEach(
                        (member, share) -> purchases.get(member).put(supplier, share * kilograms)));
    return purchases;
  }

  /** A published table: kilograms of the three codes together by supplier. */
  private record Market(List<Country> suppliers, Map<Integer, double[]> years) {
    static Market of(String table) {
      String[] lines = table.split("\n");
      List<Country> suppliers = new ArrayList<>();
      for (String iso : Arrays.asList(lines[0].split(" ")).subList(2, lines[0].split(" ").length)) {
        suppliers.add(Country.of(iso));
      }
      Map<Integer, double[]> years = new LinkedHashMap<>();
      for (String line : Arrays.asList(lines).subList(1, lines.length)) {
        double[] cells = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
        double[] numbers = new double[suppliers.size() + 1];
        numbers[0] = cells[1];
        double left = 100;
        for (int at = 0; at < suppliers.size() - 1; at++) {
          numbers[at + 1] = cells[at + 2];
          left -= cells[at + 2];
        }
        numbers[suppliers.size()] = left;
        years.put((int) cells[0], numbers);
      }
      return new Market(suppliers, years);
    }

    Map<Country, Double> kilograms(int year) {
      int before = year;
      while (!years.containsKey(before)) {
        before--;
      }
      int after = year;
      while (!years.containsKey(after)) {
        after++;
      }
      double[] earlier = years.get(before);
      double[] later = years.get(after);
      double[] numbers = new double[earlier.length];
      double percent = 0;
      for (int at = 0; at < numbers.length; at++) {
        double way = before == after ? 0 : (year - before) / (double) (after - before);
        double noise =
            before == after ? 1 : Chance.factor(0.03, "rare earths", year, at, numbers.length);
        numbers[at] = (earlier[at] + (later[at] - earlier[at]) * way) * noise;
        percent += at == 0 ? 0 : numbers[at];
      }
      Map<Country, Double> kilograms = new LinkedHashMap<>();
      for (int at = 0; at < suppliers.size(); at++) {
        if (numbers[at + 1] > 0) {
          kilograms.put(suppliers.get(at), numbers[0] * 1000 * numbers[at + 1] / percent);
        }
      }
      return kilograms;
    }
  }

  private static Map<Country, double[]> japanese(int year) {
    Map<Country, Double> suppliers = JAPANESE.kilograms(year);
    double total = suppliers.values().stream().mapToDouble(Double::doubleValue).sum();
    double metals = total * new Product.Span(0.21, 0.26).at(year);
    double others = total * new Product.Span(0.41, 0.42).at(year);
    double chinaMetals = metals * new Product.Span(0.94, 0.91).at(year);
    double chinaOthers =
        others
            * switch (year) {
              case 2010 -> 0.74;
              case 2011 -> 0.69;
              default -> new Product.Span(0.645, 0.67).at(year);
            };
    double china = suppliers.remove(Country.CHINA);
    double chinaCerium = china - chinaMetals - chinaOthers;
    Map<Country, double[]> cells =
        fitted(
            suppliers,
            new double[] {
              metals - chinaMetals, total - metals - others - chinaCerium, others - chinaOthers
            });
    cells.put(Country.CHINA, new double[] {chinaMetals, chinaCerium, chinaOthers});
    return cells;
  }

  private static Map<Country, double[]> fitted(
      Market market, int year, double metals, double cerium) {
    Map<Country, Double> suppliers = market.kilograms(year);
    double total = suppliers.values().stream().mapToDouble(Double::doubleValue).sum();
    return fitted(
        suppliers, new double[] {total * metals, total * cerium, total * (1 - metals - cerium)});
  }

  /** Iterative proportional fitting; the rows come last and therefore hold. */
  private static Map<Country, double[]> fitted(Map<Country, Double> rows, double[] columns) {
    Map<Country, double[]> cells = new LinkedHashMap<>();
    rows.keySet().forEach(supplier -> cells.put(supplier, habit(supplier)));
    for (int round = 0; round < ROUNDS; round++) {
      for (int code = 0; code < columns.length; code++) {
        double sum = 0;
        for (double[] row : cells.values()) {
          sum += row[code];
        }
        for (double[] row : cells.values()) {
          row[code] *= columns[code] / sum;
        }
      }
      cells.forEach(
          (supplier, row) -> {
            double sum = row[0] + row[1] + row[2];
            for (int code = 0; code < row.length; code++) {
              row[code] *= rows.get(supplier) / sum;
            }
          });
    }
    return cells;
  }

  /** What a supplier sells most: metals, cerium, other compounds. */
  private static double[] habit(Country supplier) {
    return switch (supplier.iso()) {
      case "CHN" -> new double[] {0.2, 0.35, 0.45};
      case "VNM", "THA" -> new double[] {0.5, 0.15, 0.35};
      case "MYS" -> new double[] {0, 0.4, 0.6};
      case "RUS" -> new double[] {0.01, 0.59, 0.4};
      case "FRA", "IND" -> new double[] {0.02, 0.5, 0.48};
      default -> new double[] {0.08, 0.42, 0.5};
    };
  }

  private static Map<Country, Double> column(Map<Country, double[]> cells, int code) {
    Map<Country, Double> column = new LinkedHashMap<>();
    cells.forEach(
        (supplier, row) -> {
          if (row[code] > 0) {
            column.put(supplier, row[code]);
          }
        });
    return column;
  }

  /** The EU's members that buy from a supplier outside, with their shares of it. */
  private static Map<Country, Double> buyers(Country supplier, Product product, int year) {
    Map<Country, Double> weights = new LinkedHashMap<>();
    for (Country member : Country.all()) {
      if (member.european()) {
        // Russia's concentrate goes to the separation plant in Estonia.
        double route = member.iso().equals("EST") && supplier.iso().equals("RUS") ? 60 : 1;
        weights.put(
            member,
            member.size()
                * route
                * Chance.factor(0.6, "buyer", member.code(), supplier.code(), product.number())
                * Chance.factor(
                    0.1, "buyer's year", member.code(), supplier.code(), product.number(), year));
      }
    }
    Map<Country, Double> buyers = new LinkedHashMap<>();
    weights.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(BUYERS)
        .forEach(entry -> buyers.put(entry.getKey(), entry.getValue()));
    double sum = buyers.values().stream().mapToDouble(Double::doubleValue).sum();
    buyers.replaceAll((member, weight) -> weight / sum);
    return buyers;
  }
}
