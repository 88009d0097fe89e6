package io.lodestone.diversification;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What every country exports of every product in every year of a source, with its place in the
 * product space, and how much countries trade with each other. Small enough to lie in every task:
 * 200 countries, 5,000 products and 16 years are some 200 MB, most of it exporters' cells.
 *
 * <p>The cells of year y are made from rows of year y alone, so that a feature that reads year y
 * knows nothing of later ones.
 */
final class WorldSupply implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What is known of an exporter of a product in a year. */
  enum Fact {
    /** Exports to the world in the source's currency. */
    VALUE,
    /** Currency a kilogram; 0 where unknown. */
    UNIT_VALUE,
    /** Revealed comparative advantage. */
    RCA,
    /** Density of the product space around it. */
    DENSITY,
    /** Importers that it supplies. */
    DESTINATIONS,
    /** Exports to the world in kilograms; 0 where unknown. */
    QUANTITY
  }

  private static final int FACTS = Fact.values().length;

  private final int first;
  private final int years;
  private final String[] countries;
  private final Map<String, Integer> countryNumbers;
  private final Map<String, Integer> productNumbers;

  /** Exporters of a product by number, ascending. */
  private final int[][] exporters;

  /** By product: exporter's place, year, fact. */
  private final float[][] facts;

  /** World exports by product and year; those by quantity follow those by value. */
  private final double[][] world;

  /** Imports of all products by importer, supplier and year. */
  private final float[] pairs;

  /** Whether an importer reports all months of a year. */
  private final boolean[] reports;

  private WorldSupply(
      int first, int years, List<String> countries, List<String> products, int[][] exporters) {
    this.first = first;
    this.years = years;
    this.countries = countries.toArray(String[]::new);
    this.countryNumbers = numbers(countries);
    this.productNumbers = numbers(products);
    this.exporters = exporters;
    this.facts = new float[exporters.length][];
    for (int product = 0; product < exporters.length; product++) {
      facts[product] = new float[exporters[product].length * years * FACTS];
    }
    this.world = new double[exporters.length][2 * years];
    this.pairs = new float[countries.size() * countries.size() * years];
    this.reports = new boolean[countries.size() * years];
  }

  private static Map<String, Integer> numbers(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : names) {
      numbers.put(name, numbers.size());
    }
    return numbers;
  }

  /** Of a source, until a year and including it. */
  static WorldSupply of(SourceTables tables, int until) {
    int first = tables.split().first();
    Dataset<Row> exports =
        tables
            .worldTrade()
            .filter(col("year").between(first, until).and(col("value").gt(0)))
            .select(
                col("product"),
                col("exporter"),
                col("year"),
                col("value").cast("DOUBLE").as("value"),
                coalesce(col("quantity_kg"), lit(BigDecimal.ZERO)).cast("DOUBLE").as("quantity"));
    Dataset<Row> supplier = tables.supplier().filter(col("year").between(first, until));
    TreeSet<String> countries = new TreeSet<>();
    for (Row row : supplier.select("importer").distinct().collectAsList()) {
      countries.add(row.getString(0));
    }
    Map<String, TreeSet<String>> sellers = new java.util.TreeMap<>();
    for (Row row :
        exports
            .groupBy("product")
            .agg(org.apache.spark.sql.functions.collect_set("exporter"))
            .collectAsList()) {
      List<String> names = row.getList(1);
      sellers.put(row.getString(0), new TreeSet<>(names));
      countries.addAll(names);
    }
    List<String> names = List.copyOf(countries);
    Map<String, Integer> numbers = numbers(names);
    int[][] exporters =
        sellers.values().stream()
            .map(of -> of.stream().mapToInt(numbers::get).toArray())
            .toArray(int[][]::new);
    WorldSupply made =
        new WorldSupply(first, until - first + 1, names, List.copyOf(sellers.keySet()), exporters);
    made.fill(exports, supplier, tables);
    made.place(
        sellers.keySet().stream()
            .filter(product -> product.matches("\\d{6}"))
            .mapToInt(made.productNumbers::get)
            .toArray());
    return made;
  }

  private void fill(Dataset<Row> exports, Dataset<Row> supplier, SourceTables tables) {
    cells(exports)
        .forEach(
            (product, country, year, value, quantity) -> {
              int place = place(product, country);
              set(product, place, year, Fact.VALUE, value);
              set(product, place, year, Fact.QUANTITY, quantity);
              set(product, place, year, Fact.UNIT_VALUE, quantity > 0 ? value / quantity : 0);
              world[product][year - first] += value;
              world[product][years + year - first] += quantity;
            });
    count(supplier);
    for (Row row :
        tables
            .dependency()
            .filter(
                col("year")
                    .between(first, first + years - 1)
                    .and(col("months").equalTo(SourceTables.WHOLE_YEAR))
                    .and(col("total").gt(0)))
            .select("importer", "year")
            .distinct()
            .collectAsList()) {
      Integer importer = countryNumbers.get(row.getString(0));
      if (importer != null) {
        reports[importer * years + row.getInt(1) - first] = true;
      }
    }
  }

  /** How many importers an exporter of a product has, and what a pair of countries trades. */
  private void count(Dataset<Row> supplier) {
    TradeCounts.Cells numbered = TradeCounts.Cells.of(productNumbers, countryNumbers, exporters);
    int[] importersOf = new int[numbered.exporterCells() * years];
    double[] ofPairs = new double[pairs.length];
    new TradeCounts(
            supplier.select(
                col("importer"),
                col("product"),
                col("supplier"),
                col("year"),
                when(col("product_kind").equalTo("hs6"), col("value").cast("DOUBLE"))),
            numbered,
            first,
            years)
        .forEach(
            (year, cell, importers) -> importersOf[cell * years + year] += (int) importers,
            (year, cell, value) ->
                ofPairs[(cell - numbered.exporterCells()) * years + year] += value);
    for (int pair = 0; pair < pairs.length; pair++) {
      pairs[pair] = (float) ofPairs[pair];
    }
    for (int product = 0; product < exporters.length; product++) {
      for (int place = 0; place < exporters[product].length; place++) {
        for (int year = 0; year < years; year++) {
          int cell = numbered.first()[product] + place;
          set(product, place, first + year, Fact.DESTINATIONS, importersOf[cell * years + year]);
        }
      }
    }
  }

  private WorldCells cells(Dataset<Row> rows) {
    return new WorldCells(rows, productNumbers, countryNumbers);
  }

  /** Puts every product, goods too, into the space that the HS6 products span, year by year. */
  private void place(int[] hs6) {
    for (int year = first; year < first + years; year++) {
      double[][] exports = new double[countries.length][hs6.length];
      double[] ofCountry = new double[countries.length];
      double all = 0;
      for (int column = 0; column < hs6.length; column++) {
        int product = hs6[column];
        for (int place = 0; place < exporters[product].length; place++) {
          double value = get(product, place, year, Fact.VALUE);
          exports[exporters[product][place]][column] = value;
          ofCountry[exporters[product][place]] += value;
          all += value;
        }
      }
      long[][] present = ProductSpace.presence(ProductSpace.rca(exports), hs6.length);
      int[][] products = ProductSpace.products(present, countries.length);
      int ofYear = year;
      double allOfYear = all;
      // A product's facts are written by one thread.
      IntStream.range(0, exporters.length)
          .parallel()
          .forEach(product -> place(product, ofYear, ofCountry, allOfYear, present, products));
    }
  }

  /**
   * Puts a product into the space of a year.
   *
   * @param ofCountry exports of HS6 products
   * @param all of all countries together
   * @param present as in {@link ProductSpace#presence}
   * @param products as in {@link ProductSpace#products}
   */
  private void place(
      int product, int year, double[] ofCountry, double all, long[][] present, int[][] products) {
    long[] its = new long[countries.length / Long.SIZE + 1];
    double ofProduct = world[product][year - first];
    for (int place = 0; place < exporters[product].length; place++) {
      int country = exporters[product][place];
      double value = get(product, place, year, Fact.VALUE);
      if (value > 0 && ofCountry[country] > 0) {
        double rca = ProductSpace.rca(value, ofCountry[country], ofProduct, all);
        set(product, place, year, Fact.RCA, rca);
        if (rca >= 1) {
          its[country / Long.SIZE] |= 1L << (country % Long.SIZE);
        }
      }
    }
    int[][] ofExporters =
        Arrays.stream(exporters[product])
            .mapToObj(exporter -> products[exporter])
            .toArray(int[][]::new);
    double[] density = ProductSpace.density(ProductSpace.proximity(its, present), ofExporters);
    for (int place = 0; place < exporters[product].length; place++) {
      set(product, place, year, Fact.DENSITY, density[place]);
    }
  }

  private void set(int product, int place, int year, Fact fact, double value) {
    facts[product][(place * years + year - first) * FACTS + fact.ordinal()] = (float) value;
  }

  /** First year. */
  int first() {
    return first;
  }

  /** Last year. */
  int last() {
    return first + years - 1;
  }

  /** How many countries there are; they are numbered from 0. */
  int countries() {
    return countries.length;
  }

  /** Number of a product; -1 for one that nobody exports. */
  int product(String name) {
    return productNumbers.getOrDefault(name, -1);
  }

  /** Number of a country; -1 for one that neither exports nor imports. */
  int country(String name) {
    return countryNumbers.getOrDefault(name, -1);
  }

  /** Name of a country. */
  String country(int number) {
    return countries[number];
  }

  /** Countries that export a product in any year, by number, ascending. */
  int[] exporters(int product) {
    return product < 0 ? new int[0] : exporters[product];
  }

  /** Place of a country among the exporters of a product; negative if it is none. */
  int place(int product, int country) {
    return product < 0 ? -1 : Arrays.binarySearch(exporters[product], country);
  }

  /** A fact; 0 where there was no export. */
  double get(int product, int place, int year, Fact fact) {
    return place < 0 ? 0 : facts[product][(place * years + year - first) * FACTS + fact.ordinal()];
  }

  /** World exports of a product by value. */
  double world(int product, int year) {
    return product < 0 ? 0 : world[product][year - first];
  }

  /** World exports of a product in kilograms. */
  double worldQuantity(int product, int year) {
    return product < 0 ? 0 : world[product][years + year - first];
  }

  /** Imports of all HS6 products together from a supplier. */
  double trade(int importer, int supplier, int year) {
    return importer < 0 || supplier < 0 ? 0 : pairs[pair(importer, supplier, year)];
  }

  private int pair(int importer, int supplier, int year) {
    return (importer * countries.length + supplier) * years + year - first;
  }

  /** Whether an importer reports all months of a year, so that what it does not show is zero. */
  boolean reports(int importer, int year) {
    return importer >= 0 && reports[importer * years + year - first];
  }
}
