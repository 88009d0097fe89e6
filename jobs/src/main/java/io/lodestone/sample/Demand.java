package io.lodestone.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every importer buys of a product in a year, and from whom, before any export control.
 *
 * <p>A total is the world's tonnage times the importer's weight; it is divided among suppliers by
 * the world's supply, the neighbourhood, a lasting taste of the pair and a slow noise of the year.
 * Small links come and go in spells of a few years, as they do in trade. Large importers buy
 * everything from up to a dozen suppliers, small ones a few products from three or four.
 */
final class Demand {
  /** Demand from which an importer buys every product. */
  private static final double BUYS_EVERYTHING = 24;

  /** Percent of the world's supply below which a supplier's links come and go. */
  private static final double SMALL_SUPPLIER = 2;

  /** Part of the spells in which a small supplier trades with an importer. */
  private static final double SPELL = 0.34;

  /** Share of an importer's total below which a supplier is not recorded. */
  private static final double LEAST_SHARE = 0.004;

  /**
   * A share that one supplier holds with one importer, whatever the world's supply says.
   *
   * @param share fraction of the importer's weight in 2010 and 2025
   */
  private record Hold(Country importer, String product, Country supplier, Product.Span share) {}

  private static final List<Hold> HOLDS =
      List.of(
          new Hold(Country.JAPAN, "850511", Country.CHINA, new Product.Span(0.79, 0.83)),
          new Hold(Country.TAIWAN, "850511", Country.CHINA, new Product.Span(0.75, 0.8)),
          new Hold(Country.JAPAN, "250410", Country.CHINA, new Product.Span(0.93, 0.74)),
          new Hold(Country.JAPAN, "253090", Country.of("AUS"), new Product.Span(0.12, 0.3)),
          new Hold(Country.JAPAN, "283691", Country.of("CHL"), new Product.Span(0.76, 0.47)),
          new Hold(Country.JAPAN, "811292", Country.CHINA, new Product.Span(0.44, 0.43)),
          new Hold(Country.JAPAN, "811010", Country.CHINA, new Product.Span(0.84, 0.7)),
          new Hold(Country.JAPAN, "810600", Country.CHINA, new Product.Span(0.66, 0.62)));

  private final Map<Product, Map<Country, Double>> weights = new HashMap<>();
  private final Map<Product, Map<Country, Double>> anchors = new HashMap<>();

  Demand() {
    for (Product product : Product.all()) {
      weights.put(product, weights(product));
    }
    for (ControlEvents.Anchor anchor : ControlEvents.ANCHORS) {
      Product product = Product.of(anchor.product());
      double planned = 0;
      for (Country importer : Country.all()) {
        if (anchor.market().includes(importer)) {
          planned += purchases(importer, product, anchor.year()).getOrDefault(Country.CHINA, 0.0);
        }
      }
      for (Country importer : Country.all()) {
        if (anchor.market().includes(importer)) {
          anchors
              .computeIfAbsent(product, key -> new HashMap<>())
              .put(importer, anchor.tonnesPerMonth() * 12 * 1000 / planned);
        }
      }
    }
  }

  /** Kilograms by supplier; empty where the importer buys none of it. */
  Map<Country, Double> purchases(Country importer, Product product, int year) {
    Double weight = weights.get(product).get(importer);
    if (weight == null || isGap(importer, product, year)) {
      return Map.of();
    }
    double kilograms =
        product.tonnes().at(year)
            * 1000
            * weight
            * anchors.getOrDefault(product, Map.of()).getOrDefault(importer, 1.0)
            * slow(0.09, "demand", year, importer.code(), product.number());
    Map<Country, Double> shares = shares(importer, product, year);
    shares.replaceAll((supplier, share) -> share * kilograms);
    return shares;
  }

  private static Map<Country, Double> weights(Product product) {
    Map<Country, Double> weights = new LinkedHashMap<>();
    for (Country importer : Country.all()) {
      if (buys(importer, product)) {
        Product.Span own = product.supply().getOrDefault(importer, new Product.Span(0, 0));
        weights.put(
            importer,
            importer.size()
                * (1 - 0.9 * own.at(2018) / 100)
                * Chance.factor(0.6, "taste", importer.code(), product.number()));
      }
    }
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    weights.replaceAll((importer, weight) -> weight / sum);
    return weights;
  }

  private static boolean buys(Country importer, Product product) {
    double range =
        importer.size() >= BUYS_EVERYTHING
            ? 1
            : importer.size() == 0 ? 0 : 0.03 + 0.011 * importer.size();
    return Chance.uniform("range", importer.code(), product.number()) < range;
  }

  private static boolean isGap(Country importer, Product product, int year) {
    return importer.size() < BUYS_EVERYTHING
        && Chance.uniform("gap", importer.code(), product.number(), year) < 0.03;
  }

  private static Map<Country, Double> shares(Country importer, Product product, int year) {
    List<Map.Entry<Country, Double>> offers = new ArrayList<>();
    product
        .supply()
        .forEach(
            (supplier, supply) -> {
              double percent = supply.at(year);
              if (supplier != importer && percent > 0) {
                double offer = percent * affinity(importer, supplier, product, year);
                if (isActive(importer, supplier, product, year, percent)) {
                  offers.add(Map.entry(supplier, offer));
                }
              }
            });
    offers.sort(
        Map.Entry.<Country, Double>comparingByValue(Comparator.reverseOrder())
            .thenComparing(entry -> entry.getKey().iso()));
    Map<Country, Double> shares = new LinkedHashMap<>();
    double all = offers.stream().mapToDouble(Map.Entry::getValue).sum();
    for (Map.Entry<Country, Double> offer :
        offers.subList(0, Math.min(offers.size(), mostSuppliers(importer, product)))) {
      if (offer.getValue() / all >= LEAST_SHARE) {
        shares.put(offer.getKey(), offer.getValue());
      }
    }
    hold(importer, product, year, shares);
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    shares.replaceAll((supplier, share) -> share / sum);
    return shares;
  }

  private static double affinity(Country importer, Country supplier, Product product, int year) {
    return (importer.region() == supplier.region() ? 1.8 : 1)
        * Chance.factor(0.5, "ties", importer.code(), supplier.code(), product.number())
        * slow(0.12, "drift", year, importer.code(), supplier.code(), product.number());
  }

  /** A small link lives in spells of three years, which begin in different years. */
  private static boolean isActive(
      Country importer, Country supplier, Product product, int year, double percent) {
    if (percent >= SMALL_SUPPLIER) {
      return true;
    }
    long phase =
        (long) (3 * Chance.uniform("phase", importer.code(), supplier.code(), product.number()));
    return Chance.uniform(
            "spell", importer.code(), supplier.code(), product.number(), (year + phase) / 3)
        < SPELL;
  }

  private static int mostSuppliers(Country importer, Product product) {
    return (int)
        (2.1
            + 0.42 * StrictMath.sqrt(importer.size())
            + 2.5 * Chance.uniform("suppliers", importer.code(), product.number()));
  }

  private static void hold(
      Country importer, Product product, int year, Map<Country, Double> shares) {
    for (Hold hold : HOLDS) {
      if (hold.importer() == importer && hold.product().equals(product.code())) {
        shares.remove(hold.supplier());
        double others = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        double share =
            hold.share().at(year)
                + 0.012 * Chance.normal("hold", importer.code(), product.number(), year);
        shares.put(hold.supplier(), others * share / (1 - share));
      }
    }
  }

  /** A factor around 1 that neighbouring years share in part. */
  private static double slow(double spread, String question, int year, long... about) {
    long[] keys = Arrays.copyOf(about, about.length + 1);
    double sum = 0;
    for (int back = 0; back < 3; back++) {
      keys[about.length] = year - back;
      sum += Chance.normal(question, keys);
    }
    return StrictMath.exp(spread * sum / StrictMath.sqrt(3));
  }
}
