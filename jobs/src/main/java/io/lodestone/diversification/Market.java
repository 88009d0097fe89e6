package io.lodestone.diversification;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * An importer's product over the years: what it buys in all, and what from whom. Years are counted
 * from the first year of {@link WorldSupply}.
 *
 * <p>A link is a flow of at least a value and a share of the imports, that has kept both for a
 * number of years (settings). A supplier without a row in a known year supplies nothing. A year is
 * known if the importer reports all its months and anybody in the world traded the product: a
 * source without the product in a whole year has not fetched it, and nothing ends or begins there.
 */
final class Market {

  /**
   * What counts as a link.
   *
   * @param value least value a year
   * @param share least share of the imports
   * @param years in a row
   */
  record LinkRule(double value, double share, int years) implements java.io.Serializable {}

  /** The flows of one supplier by year; 0 where there was none. */
  static final class Supplier {
    final double[] value;
    final double[] quantity;
    final double[] share;
    boolean[] link;

    Supplier(int years) {
      value = new double[years];
      quantity = new double[years];
      share = new double[years];
    }

    /** The years with a row, which are few of all. */
    private void write(DataOutputStream out) throws IOException {
      int rows = 0;
      for (int year = 0; year < value.length; year++) {
        rows += hasRow(year) ? 1 : 0;
      }
      out.writeInt(rows);
      for (int year = 0; year < value.length; year++) {
        if (hasRow(year)) {
          out.writeInt(year);
          out.writeDouble(value[year]);
          out.writeDouble(quantity[year]);
          out.writeDouble(share[year]);
        }
      }
    }

    private boolean hasRow(int year) {
      return value[year] != 0 || quantity[year] != 0 || share[year] != 0;
    }

    private void read(ByteBuffer in) {
      for (int left = in.getInt(); left > 0; left--) {
        int year = in.getInt();
        value[year] = in.getDouble();
        quantity[year] = in.getDouble();
        share[year] = in.getDouble();
      }
    }

    private void decide(LinkRule rule) {
      link = new boolean[value.length];
      int run = 0;
      for (int year = 0; year < value.length; year++) {
        run = value[year] >= rule.value() && share[year] >= rule.share() ? run + 1 : 0;
        link[year] = run >= rule.years();
      }
    }
  }

  final String importer;
  final String product;
  final boolean isGood;
  final int importerNumber;
  final int productNumber;
  final double[] total;
  final double[] totalQuantity;
  final double[] hhi;
  final boolean[] known;
  final Map<Integer, Supplier> suppliers = new TreeMap<>();
  private final int years;

  Market(String importer, String product, boolean isGood, WorldSupply world) {
    this.importer = importer;
    this.product = product;
    this.isGood = isGood;
    this.importerNumber = world.country(importer);
    this.productNumber = world.product(product);
    this.years = world.last() - world.first() + 1;
    this.total = new double[years];
    this.totalQuantity = new double[years];
    this.hhi = new double[years];
    this.known = new boolean[years];
    for (int year = 0; year < years; year++) {
      known[year] =
          world.reports(importerNumber, world.first() + year)
              && world.world(productNumber, world.first() + year) > 0;
    }
  }

  Supplier supplier(int country) {
    return suppliers.computeIfAbsent(country, absent -> new Supplier(years));
  }

  /** Writes all that {@link #read} needs beside what the constructor is given. */
  void write(DataOutputStream out) throws IOException {
    for (int year = 0; year < years; year++) {
      out.writeBoolean(known[year]);
      out.writeDouble(total[year]);
      out.writeDouble(totalQuantity[year]);
      out.writeDouble(hhi[year]);
    }
    out.writeInt(suppliers.size());
    for (Map.Entry<Integer, Supplier> one : suppliers.entrySet()) {
      out.writeInt(one.getKey());
      one.getValue().write(out);
    }
  }

  void read(ByteBuffer in) {
    for (int year = 0; year < years; year++) {
      known[year] = in.get() != 0;
      total[year] = in.getDouble();
      totalQuantity[year] = in.getDouble();
      hhi[year] = in.getDouble();
    }
    for (int left = in.getInt(); left > 0; left--) {
      supplier(in.getInt()).read(in);
    }
  }

  void decideLinks(LinkRule rule) {
    suppliers.values().forEach(supplier -> supplier.decide(rule));
  }

  /** Whether all years of a span are known. */
  boolean isKnown(int from, int to) {
    for (int year = from; year <= to; year++) {
      if (year < 0 || year >= years || !known[year]) {
        return false;
      }
    }
    return true;
  }

  /** Whether a country has a link in any year of a span. */
  boolean hasLink(int country, int from, int to) {
    Supplier supplier = suppliers.get(country);
    if (supplier == null) {
      return false;
    }
    for (int year = Math.max(0, from); year <= Math.min(to, years - 1); year++) {
      if (supplier.link[year]) {
        return true;
      }
    }
    return false;
  }

  /** Suppliers with a link in a year. */
  int links(int year) {
    return (int) suppliers.values().stream().filter(supplier -> supplier.link[year]).count();
  }

  /** First known year; the number of years if there is none. */
  int firstKnown() {
    for (int year = 0; year < years; year++) {
      if (known[year]) {
        return year;
      }
    }
    return years;
  }
}
