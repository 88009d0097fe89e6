package io.lodestone.bench;

import io.lodestone.records.Countries;
import io.lodestone.records.Goods;
import io.lodestone.records.PartnerKind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A world of trade in BACI's layout, made of chance: sixteen files {@code t,i,j,k,v,q}, one a year,
 * sorted by exporter i, importer j and product k, with v in thousand dollars and q in tonnes, both
 * with three decimals, q at times {@code NA}.
 *
 * <p>Skewed as trade is: sizes of countries and products follow Zipf's law, values spread like a
 * log-normal, an importer has from 1 to 150 suppliers of a product, 9 on average, and who supplies
 * follows the size of the exporter and an advantage in the product. A smaller world has fewer pairs
 * of importer and product, not fewer suppliers a pair. Links last for years, with gaps. Beside what
 * BACI has there are goods returned to their country, so that they are tried too, and code 697,
 * which is no country.
 *
 * <p>Every draw is a hash of the seed and of what it is drawn for, so that a world is the same on
 * every machine and in any order of drawing. In memory is one number a link, eight bytes.
 */
final class TradeWorld {
  static final int FIRST_YEAR = 2010;
  static final int YEARS = 16;

  private static final int COUNTRIES = 200;
  private static final int MOST_SUPPLIERS = 150;
  private static final double MEAN_SUPPLIERS = 9;

  /**
   * A product of the watch list is traded by so many times more pairs than chance would have it.
   */
  private static final double WATCHED = 5;

  /** Links drawn for each that trades in a year. */
  private static final double SPARE = 1.3;

  private static final int PRODUCT_BITS = 13;
  private static final int COUNTRY_BITS = 8;
  private static final String AREA = "697";

  /** Great traders, the greatest first; the order of the others does not matter. */
  private static final List<String> GREAT =
      List.of(
          "CHN", "USA", "DEU", "JPN", "NLD", "FRA", "ITA", "KOR", "GBR", "HKG", "MEX", "BEL", "CAN",
          "TWN", "SGP", "IND", "ESP", "POL", "CHE", "VNM", "MYS", "THA", "BRA", "AUS", "RUS", "ARE",
          "TUR", "IDN", "CZE", "AUT", "SWE", "SAU", "HUN", "IRL", "ZAF", "PHL", "NOR", "DNK", "CHL",
          "FIN");

  /** What BACI writes in place of the ISO numeric code. */
  private static final Map<String, Integer> OWN_CODES =
      Map.of("FRA", 251, "NOR", 579, "IND", 699, "CHE", 757, "USA", 842, "TWN", 490);

  private static final double ZIPF = 1.05;
  private static final double ADVANTAGE = 1.7;
  private static final double RETURNED = 0.01;
  private static final double NO_QUANTITY = 0.01;

  private final long seed;
  private final long rows;
  private final int[] codes;
  private final double[] sizes;
  private final boolean[] areas;
  private final String[] products;
  private final double[] weights;
  private final boolean[] watched;
  private final float[][] advantages;

  TradeWorld(long seed, long rows, Countries countries, Goods goods) {
    this.seed = seed;
    this.rows = rows;
    SortedMap<Integer, Double> traders = traders(countries);
    this.codes = traders.keySet().stream().mapToInt(Integer::intValue).toArray();
    this.sizes = traders.values().stream().mapToDouble(Double::doubleValue).toArray();
    this.areas = new boolean[codes.length];
    for (int country = 0; country < codes.length; country++) {
      areas[country] = codes[country] == Integer.parseInt(AREA);
    }
    SortedSet<String> watch = new TreeSet<>();
    goods.members().stream()
        .filter(member -> member.revision().equals("HS2012"))
        .forEach(member -> watch.add(member.code()));
    this.products = products(watch);
    this.watched = new boolean[products.length];
    this.weights = new double[products.length];
    for (int product = 0; product < products.length; product++) {
      watched[product] = watch.contains(products[product]);
      weights[product] = Math.pow(1 + uniform(1, product, 0, 0) * products.length, -0.8);
    }
    this.advantages = new float[codes.length][products.length];
    for (int country = 0; country < codes.length; country++) {
      for (int product = 0; product < products.length; product++) {
        advantages[country][product] =
            (float) (sizes[country] * Math.exp(ADVANTAGE * normal(2, country, product, 0)));
      }
    }
  }

  private static SortedMap<Integer, Double> traders(Countries countries) {
    SortedMap<String, Integer> known = new TreeMap<>();
    countries
        .scheme("baci")
        .forEach(
            (code, meaning) -> {
              if (meaning.kind() == PartnerKind.COUNTRY && code.matches("[1-9]\\d*")) {
                known.merge(
                    countries.names().get(meaning.number()), Integer.valueOf(code), Math::min);
              }
            });
    known.putAll(OWN_CODES);
    List<String> order = new ArrayList<>(GREAT);
    known.keySet().stream().filter(name -> !GREAT.contains(name)).forEach(order::add);
    SortedMap<Integer, Double> sizes = new TreeMap<>();
    for (int rank = 0; rank < COUNTRIES; rank++) {
      sizes.put(known.get(order.get(rank)), Math.pow(rank + 1, -ZIPF));
    }
    sizes.put(Integer.valueOf(AREA), Math.pow(COUNTRIES / 4.0, -ZIPF));
    return sizes;
  }

  /**
   * The watch list and others, in all chapters; more in those of chemicals, machines and
   * electronics.
   */
  private static String[] products(SortedSet<String> watch) {
    SortedSet<String> products = new TreeSet<>(watch);
    for (int chapter = 1; chapter <= 97; chapter++) {
      int many =
          switch (chapter) {
            case 77 -> 0;
            case 29, 84, 85 -> 250;
            case 28, 39, 61, 62, 72, 73, 90 -> 100;
            default -> 40;
          };
      for (int number = 0; number < many; number++) {
        products.add("%02d%02d%02d".formatted(chapter, 1 + number / 6, 10 + number % 6 * 10));
      }
    }
    return products.toArray(String[]::new);
  }

  /** Writes the files into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    long[] links = links();
    try {
      IntStream.range(0, YEARS).parallel().forEach(year -> writeYear(folder, year, links));
    } catch (UncheckedIOException unwritable) {
      throw unwritable.getCause();
    }
  }

  /** Exporter, importer and product of every link that ever trades, sorted. */
  private long[] links() {
    long wanted = Math.max(16, (long) (SPARE * rows / YEARS));
    double scale = scale(MEAN_SUPPLIERS, true);
    double[] total = suppliers(scale);
    double share = wanted / (total[0] + WATCHED * total[1]);
    if (share > 1 / WATCHED) {
      share = Math.min(1, (wanted - Math.min(wanted, total[1])) / total[0]);
    }
    if (share == 1) {
      scale = scale(1.01 * wanted, false);
    }
    long[] links = new long[(int) (1.2 * wanted) + 10_000];
    int count = 0;
    double[] scores = new double[codes.length];
    // A share drawn by chance may fall a little short: then pairs are added until there are enough.
    for (double from = 0, to = share;
        count < wanted && from < 1;
        from = to, to = Math.min(1, to + 0.02 * share)) {
      for (int importer = 0; importer < codes.length; importer++) {
        for (int product = 0; product < products.length && !areas[importer]; product++) {
          double factor = watched[product] ? WATCHED : 1;
          double chance = uniform(3, importer, product, 0) / factor;
          if (chance < from || chance >= to) {
            continue;
          }
          int suppliers = suppliers(importer, product, scale);
          if (suppliers == 0) {
            continue;
          }
          for (int exporter = 0; exporter < codes.length; exporter++) {
            double pull = advantages[exporter][product] * (exporter == importer ? RETURNED : 1);
            scores[exporter] =
                -Math.log(uniform(4, exporter, importer, product)) / Math.pow(pull, 0.7);
          }
          double[] sorted = scores.clone();
          Arrays.sort(sorted);
          for (int exporter = 0; exporter < codes.length; exporter++) {
            if (scores[exporter] <= sorted[suppliers - 1]) {
              if (count == links.length) {
                links = Arrays.copyOf(links, count + count / 4);
              }
              links[count++] =
                  ((long) exporter << COUNTRY_BITS | importer) << PRODUCT_BITS | product;
            }
          }
        }
      }
    }
    long[] all = Arrays.copyOf(links, count);
    Arrays.parallelSort(all);
    return all;
  }

  /** Suppliers that an importer has of a product when trade is scaled. */
  private int suppliers(int importer, int product, double scale) {
    double size = Math.sqrt(sizes[importer] * weights[product]);
    return (int) Math.min(MOST_SUPPLIERS, scale * size * Math.exp(normal(5, importer, product, 0)));
  }

  /** All suppliers of products outside and on the watch list, and the pairs that have any. */
  private double[] suppliers(double scale) {
    double[] total = new double[3];
    for (int importer = 0; importer < codes.length; importer++) {
      for (int product = 0; product < products.length; product++) {
        int suppliers = areas[importer] ? 0 : suppliers(importer, product, scale);
        total[watched[product] ? 1 : 0] += suppliers;
        total[2] += suppliers > 0 ? 1 : 0;
      }
    }
    return total;
  }

  /**
   * The scale at which the mean number of suppliers of a pair, or the number of links, is reached.
   */
  private double scale(double wanted, boolean mean) {
    double low = 1;
    double high = 1e7;
    while (high / low > 1.01) {
      double middle = Math.sqrt(low * high);
      double[] total = suppliers(middle);
      double reached = (total[0] + total[1]) / (mean ? Math.max(1, total[2]) : 1);
      if (reached < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private void writeYear(Path folder, int year, long[] links) {
    Path file = folder.resolve("BACI_HS12_Y" + (FIRST_YEAR + year) + "_V202601.csv");
    long needed = rows / YEARS + (year < rows % YEARS ? 1 : 0);
    if (needed > links.length) {
      throw new IllegalArgumentException(
          "The world has no more than " + (long) YEARS * links.length + " rows");
    }
    try (Lines lines = new Lines(Files.newOutputStream(file))) {
      lines.text("t,i,j,k,v,q\n");
      byte[] start = ((FIRST_YEAR + year) + ",").getBytes(StandardCharsets.US_ASCII);
      for (int place = 0; needed > 0; place++) {
        // Of those that are left, exactly as many as are needed.
        if (drawn(links[place], year) * (links.length - place) < needed) {
          needed--;
          lines.bytes(start);
          line(lines, links[place], year);
        }
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Uniform in [0, 1), and near to itself from one year to the next: links last. */
  private double drawn(long link, int year) {
    if (uniform(6, link, year, 0) < 0.08) {
      return uniform(7, link, year, 0);
    }
    double drawn = uniform(8, link, 0, 0) + 0.02 * year;
    return drawn < 1 ? drawn : drawn - 1;
  }

  private void line(Lines lines, long link, int year) throws IOException {
    int product = (int) (link & (1 << PRODUCT_BITS) - 1);
    int importer = (int) (link >> PRODUCT_BITS) & (1 << COUNTRY_BITS) - 1;
    int exporter = (int) (link >> PRODUCT_BITS + COUNTRY_BITS);
    double growth = 0.02 + 0.08 * normal(9, exporter, product, 0);
    double value =
        2e7
            * Math.pow(sizes[importer], 0.9)
            * Math.pow(weights[product], 0.8)
            * Math.pow(advantages[exporter][product], 1.2)
            * (importer == exporter ? RETURNED : 1)
            * Math.exp(normal(10, link, 0, 0) + growth * year + 0.3 * normal(11, link, year, 0));
    double price =
        Math.exp(
            1
                + 1.5 * normal(12, product, 0, 0)
                + 0.4 * normal(13, link, 0, 0)
                + 0.1 * normal(14, link, year, 0));
    lines.number(codes[exporter]);
    lines.text(",");
    lines.number(codes[importer]);
    lines.text(",");
    lines.text(products[product]);
    lines.text(",");
    lines.thousandths(Math.max(1, Math.round(1000 * value)));
    lines.text(",");
    if (uniform(15, link, year, 0) < NO_QUANTITY) {
      lines.text("NA");
    } else {
      lines.thousandths(Math.round(1000 * value / price));
    }
    lines.text("\n");
  }

  private double uniform(int purpose, long one, long other, long third) {
    return (hash(purpose, one, other, third) >>> 11) * 0x1.0p-53;
  }

  /** Nearly normal: the sum of four uniform numbers, scaled. */
  private double normal(int purpose, long one, long other, long third) {
    long hash = hash(purpose, one, other, third);
    double sum = (hash & 0xffff) + (hash >>> 16 & 0xffff) + (hash >>> 32 & 0xffff) + (hash >>> 48);
    return (sum / 0x1.0p16 - 2) * 1.7320508;
  }

  private long hash(int purpose, long one, long other, long third) {
    long hash = mixed(seed * 31 + purpose);
    hash = mixed(hash ^ one);
    hash = mixed(hash ^ other * 0x9e3779b97f4a7c15L);
    return third == 0 ? hash : mixed(hash ^ third * 0xd1b54a32d192ed03L);
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mixed(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  /** Text as bytes, without an object a line. */
  private static final class Lines implements AutoCloseable {
    private static final int LONGEST = 64;

    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private final byte[] digits = new byte[20];
    private int length;

    Lines(OutputStream out) {
      this.out = out;
    }

    @SuppressWarnings("deprecation")
    void text(String text) throws IOException {
      flushUnlessRoom();
      text.getBytes(0, text.length(), buffer, length);
      length += text.length();
    }

    void bytes(byte[] bytes) throws IOException {
      flushUnlessRoom();
      System.arraycopy(bytes, 0, buffer, length, bytes.length);
      length += bytes.length;
    }

    void number(long number) throws IOException {
      flushUnlessRoom();
      int place = digits.length;
      do {
        digits[--place] = (byte) ('0' + number % 10);
        number /= 10;
      } while (number > 0);
      System.arraycopy(digits, place, buffer, length, digits.length - place);
      length += digits.length - place;
    }

    void thousandths(long number) throws IOException {
      number(number / 1000);
      int rest = (int) (number % 1000);
      buffer[length++] = '.';
      buffer[length++] = (byte) ('0' + rest / 100);
      buffer[length++] = (byte) ('0' + rest / 10 % 10);
      buffer[length++] = (byte) ('0' + rest % 10);
    }

    private void flushUnlessRoom() throws IOException {
      if (length + LONGEST > buffer.length) {
        out.write(buffer, 0, length);
        length = 0;
      }
    }

    @Override
    public void close() throws IOException {
      out.write(buffer, 0, length);
      out.close();
    }
  }
}
