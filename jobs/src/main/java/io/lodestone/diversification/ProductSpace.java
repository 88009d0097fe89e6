package io.lodestone.diversification;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Who is good at what, and what is near it (Hidalgo et al. 2007), in plain arrays.
 *
 * <p>Revealed comparative advantage of country c in product p: RCA = (X_cp / X_c) / (X_p / X).
 * Presence M_cp = 1 where RCA >= 1. Proximity of products p and q: phi_pq = min(P(p|q), P(q|p)) =
 * (countries with both) / max(countries with p, countries with q). Density of c around p: sum_q
 * M_cq phi_pq / sum_q phi_pq, the part of the neighbourhood that c already has.
 *
 * <p>A country or product without exports has RCA 0; a product that nobody has is near to nothing,
 * and density around it is 0.
 */
final class ProductSpace {
  private ProductSpace() {}

  /**
   * Revealed comparative advantage.
   *
   * @param exports by country and product
   */
  static double[][] rca(double[][] exports) {
    int products = exports.length == 0 ? 0 : exports[0].length;
    double[] ofProduct = new double[products];
    double[] ofCountry = new double[exports.length];
    double all = 0;
    for (int country = 0; country < exports.length; country++) {
      for (int product = 0; product < products; product++) {
        ofProduct[product] += exports[country][product];
        ofCountry[country] += exports[country][product];
        all += exports[country][product];
      }
    }
    double[][] rca = new double[exports.length][products];
    for (int country = 0; country < exports.length; country++) {
      for (int product = 0; product < products; product++) {
        if (exports[country][product] > 0) {
          rca[country][product] =
              rca(exports[country][product], ofCountry[country], ofProduct[product], all);
        }
      }
    }
    return rca;
  }

  /** Of one cell. */
  static double rca(double exports, double ofCountry, double ofProduct, double all) {
    return exports / ofCountry / (ofProduct / all);
  }

  /** Which countries have each product, as bits: {@code [product][country / 64]}. */
  static long[][] presence(double[][] rca, int products) {
    long[][] present = new long[products][rca.length / Long.SIZE + 1];
    for (int country = 0; country < rca.length; country++) {
      for (int product = 0; product < products; product++) {
        if (rca[country][product] >= 1) {
          present[product][country / Long.SIZE] |= 1L << (country % Long.SIZE);
        }
      }
    }
    return present;
  }

  /** Proximity of one product to all others, from {@link #presence}. */
  static double[] proximity(long[] product, long[][] present) {
    int countries = count(product);
    double[] proximity = new double[present.length];
    for (int other = 0; other < present.length; other++) {
      int both = 0;
      for (int word = 0; word < product.length; word++) {
        both += Long.bitCount(product[word] & present[other][word]);
      }
      int most = Math.max(countries, count(present[other]));
      proximity[other] = most == 0 ? 0 : (double) both / most;
    }
    return proximity;
  }

  /** Which products each country has, ascending, from {@link #presence}. */
  static int[][] products(long[][] present, int countries) {
    int[][] products = new int[countries][];
    for (int country = 0; country < countries; country++) {
      int word = country / Long.SIZE;
      long bit = 1L << (country % Long.SIZE);
      products[country] =
          IntStream.range(0, present.length)
              .filter(product -> (present[product][word] & bit) != 0)
              .toArray();
    }
    return products;
  }

  /**
   * Density of countries around a product.
   *
   * @param proximity of the product to all products, as of {@link #proximity}
   * @param products that each country has, as of {@link #products}
   */
  static double[] density(double[] proximity, int[][] products) {
    double[] density = new double[products.length];
    double all = Arrays.stream(proximity).sum();
    if (all == 0) {
      return density;
    }
    for (int country = 0; country < products.length; country++) {
      double near = 0;
      for (int product : products[country]) {
        near += proximity[product];
      }
      density[country] = near / all;
    }
    return density;
  }

  private static int count(long[] bits) {
    int count = 0;
    for (long word : bits) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
