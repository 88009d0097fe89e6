package io.lodestone.diversification;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An importer's markets of one HS heading. Between two models it lies in one array of bytes: sixty
 * million flows as rows are read by every model anew, in a minute each.
 */
final class Heading {
  private final String importer;
  private final WorldSupply world;
  private final Map<String, Set<String>> members;
  private final Map<String, Market> markets = new TreeMap<>();

  /** By year and country: HS6 products of the heading with a link; null until it is asked for. */
  private int[][] links;

  /** Without markets yet, to be packed. */
  Heading(String importer, WorldSupply world) {
    this(importer, world, Map.of());
  }

  private Heading(String importer, WorldSupply world, Map<String, Set<String>> members) {
    this.importer = importer;
    this.world = world;
    this.members = members;
  }

  String importer() {
    return importer;
  }

  /** The market of a product, made at the first call. */
  Market market(String product, boolean isGood) {
    return markets.computeIfAbsent(product, absent -> new Market(importer, product, isGood, world));
  }

  /** By product. */
  Collection<Market> markets() {
    return markets.values();
  }

  /**
   * Other products of the heading, in HS6 digits, in which a country has a link with the importer
   * in a year.
   *
   * @param year counted from the first
   */
  int presence(Market market, int country, int year) {
    int presence = links(year, country);
    for (Market own : markets.values()) {
      if (!own.isGood && isOf(own, market) && own.hasLink(country, year, year)) {
        presence--;
      }
    }
    return presence;
  }

  /** Whether a market is the other one, or that of a member of it. */
  private boolean isOf(Market own, Market market) {
    return own == market || members.getOrDefault(market.product, Set.of()).contains(own.product);
  }

  private int links(int year, int country) {
    if (links == null) {
      links = new int[world.last() - world.first() + 1][];
    }
    if (links[year] == null) {
      int[] ofYear = new int[world.countries()];
      for (Market market : markets.values()) {
        if (!market.isGood) {
          market.suppliers.forEach((supplier, flow) -> ofYear[supplier] += flow.link[year] ? 1 : 0);
        }
      }
      links[year] = ofYear;
    }
    return links[year][country];
  }

  // ---- as bytes ----

  /** All markets, for {@link #unpack}. */
  byte[] pack() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(markets.size());
      for (Market market : markets.values()) {
        byte[] product = market.product.getBytes(StandardCharsets.UTF_8);
        out.writeInt(product.length);
        out.write(product);
        out.writeBoolean(market.isGood);
        market.write(out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * What {@link #pack} gave, with its links.
   *
   * @param members products that each good is made of
   */
  static Heading unpack(
      String importer,
      byte[] bytes,
      Map<String, Set<String>> members,
      WorldSupply world,
      Market.LinkRule rule) {
    Heading heading = new Heading(importer, world, members);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    for (int left = in.getInt(); left > 0; left--) {
      byte[] product = new byte[in.getInt()];
      in.get(product);
      Market market = heading.market(new String(product, StandardCharsets.UTF_8), in.get() != 0);
      market.read(in);
      market.decideLinks(rule);
    }
    return heading;
  }
}
