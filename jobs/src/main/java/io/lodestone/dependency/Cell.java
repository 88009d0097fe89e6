package io.lodestone.dependency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The imports of one product by one importer in one year, and what they say about dependence.
 *
 * <p>Symbols as in Herfindahl (1950), Hirschman (1945) and the definitions of CEPII's GeoDep: x_j
 * the imports from named supplier j, N their sum, U imports from unspecified areas, R goods
 * returned (self). s_j = x_j / N; HHI = sum s_j^2; CR3 = the three largest s_j; entropy = -sum s_j
 * ln s_j; share_total of j = x_j / (N + U); share_unspecified = U / (N + U); share_self = R / (N +
 * U + R).
 *
 * <p>Worked: suppliers with 70, 20 and 10 give HHI 0.49 + 0.04 + 0.01 = 0.54.
 *
 * <p>Amounts are thousandths of a unit of currency or of a kilogram, so that sums are exact. An
 * amount is unknown where no record has it; unknown is never zero. Suppliers come in the order of
 * their codes, so that sums of fractions do not depend on the order of the files.
 */
final class Cell {
  /** An amount that no record gave. */
  static final long UNKNOWN = Long.MIN_VALUE;

  static final int VALUE = 0;
  static final int QUANTITY = 1;

  /** Kinds of partner, as numbers. */
  static final int COUNTRY = 0;

  static final int SELF = 1;
  static final int UNSPECIFIED = 2;

  /** Suppliers whose number is unknown. */
  static final int UNTOLD = -1;

  private static final int AT_TOP = 3;

  /** A named supplier with its amounts by basis. */
  static final class Supplier {
    final String name;
    final long[] amounts = {UNKNOWN, UNKNOWN};

    Supplier(String name) {
      this.name = name;
    }

    long amount(int basis) {
      return amounts[basis];
    }
  }

  private final List<Supplier> suppliers = new ArrayList<>();
  private final long[] unspecified = {UNKNOWN, UNKNOWN};
  private final long[] self = {UNKNOWN, UNKNOWN};
  private long valueWithQuantity;
  private long valueEstimated;
  private long valueJudged = UNKNOWN;
  private int weakestMapping;
  private int valuation;
  private boolean valuations;
  private boolean started;

  /**
   * Adds one record; records of one supplier come one after another.
   *
   * @param estimated 0 where the source does not say, 1 measured, 2 estimated
   * @param itsValuation a number of the valuation, 0 where the source does not say
   */
  void add(
      String partner,
      int kind,
      long value,
      long quantity,
      int estimated,
      int mapping,
      int itsValuation) {
    long[] amounts =
        switch (kind) {
          case COUNTRY -> supplier(partner).amounts;
          case SELF -> self;
          default -> unspecified;
        };
    amounts[VALUE] = sum(amounts[VALUE], value);
    amounts[QUANTITY] = sum(amounts[QUANTITY], quantity);
    long known = value == UNKNOWN ? 0 : value;
    valueWithQuantity += quantity == UNKNOWN ? 0 : known;
    valueEstimated += estimated == 2 ? known : 0;
    valueJudged = estimated == 0 ? valueJudged : sum(valueJudged, known);
    weakestMapping = Math.max(weakestMapping, mapping);
    if (!started) {
      valuation = itsValuation;
      started = true;
    }
    valuations |= valuation != itsValuation;
  }

  /** Notes a published total, which says that there are imports and nothing of their parts. */
  void addTotal(int mapping) {
    weakestMapping = Math.max(weakestMapping, mapping);
  }

  /** Whether no record is a part of it. */
  boolean isEmpty() {
    return !started;
  }

  private Supplier supplier(String name) {
    int last = suppliers.size() - 1;
    if (last < 0 || !suppliers.get(last).name.equals(name)) {
      suppliers.add(new Supplier(name));
      last++;
    }
    return suppliers.get(last);
  }

  static long sum(long one, long other) {
    if (one == UNKNOWN) {
      return other;
    }
    return other == UNKNOWN ? one : Math.addExact(one, other);
  }

  List<Supplier> suppliers() {
    return suppliers;
  }

  int weakestMapping() {
    return weakestMapping;
  }

  /** Number of the valuation of all records; 0 where they differ or do not say. */
  int valuation() {
    return valuations ? 0 : valuation;
  }

  /** Share of the value whose records carry a weight; null without value. */
  Double shareWithQuantity() {
    return ratio(valueWithQuantity, total(VALUE));
  }

  /** Share of the value whose weight is estimated; null where the source never says. */
  Double shareEstimated() {
    return valueJudged == UNKNOWN ? null : ratio(valueEstimated, total(VALUE));
  }

  /** N: the sum over named suppliers. */
  long named(int basis) {
    long named = UNKNOWN;
    for (Supplier supplier : suppliers) {
      named = sum(named, supplier.amounts[basis]);
    }
    return named;
  }

  /** N + U. */
  long foreign(int basis) {
    return sum(named(basis), unspecified[basis]);
  }

  /** N + U + R. */
  long total(int basis) {
    return sum(foreign(basis), self[basis]);
  }

  /** Null where nobody gave the weight of the unspecified part. */
  Double shareUnspecified(int basis) {
    return share(unspecified, foreign(basis), basis);
  }

  /** Null where nobody gave the weight of what was returned. */
  Double shareSelf(int basis) {
    return share(self, total(basis), basis);
  }

  private static Double share(long[] part, long whole, int basis) {
    boolean isNone = part[VALUE] == UNKNOWN && part[QUANTITY] == UNKNOWN;
    return ratio(isNone && whole != UNKNOWN ? 0 : part[basis], whole);
  }

  /** N + U as a whole to take shares of; unknown where U is there and has no amount. */
  long foreignToShare(int basis) {
    return shareUnspecified(basis) == null ? UNKNOWN : foreign(basis);
  }

  /** part / whole; null where either is unknown or the whole is not positive. */
  static Double ratio(long part, long whole) {
    return part == UNKNOWN || whole == UNKNOWN || whole <= 0 ? null : (double) part / whole;
  }

  /**
   * Concentration over named suppliers.
   *
   * @param suppliers with a positive amount; {@link #UNTOLD} where there are some and none has one,
   *     and where only a total is published
   * @param hhi null without a named supplier, as are the others
   */
  record Concentration(
      int suppliers, Double hhi, Double cr1, Double cr3, Double entropy, String topSupplier) {}

  Concentration concentration(int basis) {
    long named = named(basis);
    if (named == UNKNOWN || named <= 0) {
      return new Concentration(
          named == UNKNOWN && (isEmpty() || !suppliers.isEmpty()) ? UNTOLD : 0,
          null,
          null,
          null,
          null,
          null);
    }
    int positive = 0;
    double hhi = 0;
    double entropy = 0;
    double[] largest = new double[AT_TOP];
    Supplier top = null;
    for (Supplier supplier : suppliers) {
      long amount = supplier.amounts[basis];
      if (amount == UNKNOWN || amount == 0) {
        continue;
      }
      positive++;
      double share = (double) amount / named;
      hhi += share * share;
      entropy -= share * Math.log(share);
      if (top == null || amount > top.amounts[basis]) {
        top = supplier;
      }
      insert(largest, share);
    }
    return new Concentration(
        positive,
        hhi,
        largest[0],
        Math.min(1, Arrays.stream(largest).sum()),
        Math.max(0, entropy),
        top.name);
  }

  private static void insert(double[] largest, double share) {
    for (int place = 0; place < largest.length; place++) {
      if (share > largest[place]) {
        double smaller = largest[place];
        largest[place] = share;
        share = smaller;
      }
    }
  }

  /** Rank of each supplier, 1 for the largest; equals share a rank; 0 where unknown. */
  int[] ranks(int basis) {
    int count = suppliers.size();
    int[] order = new int[count];
    for (int place = 0; place < count; place++) {
      long amount = suppliers.get(place).amounts[basis];
      int position = place;
      // Insertion: a cell has few suppliers.
      while (position > 0 && suppliers.get(order[position - 1]).amounts[basis] < amount) {
        order[position] = order[position - 1];
        position--;
      }
      order[position] = place;
    }
    int[] ranks = new int[count];
    int rank = 0;
    for (int position = 0; position < count; position++) {
      long amount = suppliers.get(order[position]).amounts[basis];
      if (amount == UNKNOWN) {
        break;
      }
      boolean equal = position > 0 && suppliers.get(order[position - 1]).amounts[basis] == amount;
      rank = equal ? rank : position + 1;
      ranks[order[position]] = rank;
    }
    return ranks;
  }
}
