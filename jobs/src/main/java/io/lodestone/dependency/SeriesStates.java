package io.lodestone.dependency;

import java.util.ArrayList;
import java.util.List;

/**
 * What needs all years of a series, on one basis: the rule of dependence, GeoDep over three years,
 * and the state.
 *
 * <p>A year that the importer reports without a row of the product has imports of 0: it is known
 * and not dependent. A year that the importer does not report is missing.
 */
final class SeriesStates {
  /**
   * A year with a row of the product.
   *
   * @param imports thousandths, or {@link Cell#UNKNOWN}
   * @param hhi of the imports; null where unknown
   * @param worldHhi of the world's exports; null where unknown
   * @param exports of the importer, as imports are
   */
  record Year(int year, long imports, Double hhi, Double worldHhi, long exports) {}

  /**
   * An earlier year with a row of the product, of which the verdict is known; null as there.
   *
   * @param imports thousandths, or {@link Cell#UNKNOWN}
   * @param isWhole whether all its months are reported
   */
  record Past(int year, long imports, boolean isWhole, Boolean dependent, Boolean leaving) {}

  /**
   * What the years of a series up to one say of later ones.
   *
   * @param state the rule in the last reported years before the bits of {@link
   *     DependenceState#pack}
   */
  record Before(int until, long state) {}

  /** What follows for a year; null where unknown. */
  record Verdict(
      Double importsOverExports,
      Boolean importConcentrated,
      Boolean worldConcentrated,
      Boolean netImporter,
      Boolean dependent,
      Boolean geodep,
      Boolean state,
      Integer since) {}

  private final DependenceState state;
  private final Recent recent;

  private SeriesStates(DependenceState state, Recent recent) {
    this.state = state;
    this.recent = recent;
  }

  /**
   * One verdict a year.
   *
   * @param before what stands for the years up to one; null where all are given
   * @param past ascending, all before {@code years}
   * @param years ascending
   * @param reported years that the importer reports, ascending
   */
  static List<Verdict> of(Before before, List<Past> past, List<Year> years, int[] reported) {
    SeriesStates states =
        before == null
            ? new SeriesStates(new DependenceState(), new Recent())
            : new SeriesStates(
                DependenceState.unpack(before.state(), before.until()),
                Recent.unpack(before.state() >>> DependenceState.PACKED_BITS, before.until()));
    int first = before == null ? first(past, years) : before.until() + 1;
    return states.take(past, years, reported, first, years.get(years.size() - 1).year());
  }

  /**
   * What the years up to one say of later ones; of at least one year.
   *
   * @param until a year after which nothing is given
   */
  static Before before(List<Past> past, List<Year> years, int[] reported, int until) {
    SeriesStates states = new SeriesStates(new DependenceState(), new Recent());
    states.take(past, years, reported, first(past, years), until);
    return new Before(
        until, states.recent.pack(until) << DependenceState.PACKED_BITS | states.state.pack(until));
  }

  private static int first(List<Past> past, List<Year> years) {
    return past.isEmpty() ? years.get(0).year() : past.get(0).year();
  }

  private List<Verdict> take(
      List<Past> past, List<Year> years, int[] reported, int first, int last) {
    List<Verdict> verdicts = new ArrayList<>(years.size());
    int known = 0;
    int next = 0;
    for (int year : reported) {
      if (year > last) {
        break;
      }
      if (year < first) {
        continue;
      }
      if (known < past.size() && past.get(known).year() == year) {
        Past before = past.get(known++);
        recent.add(year, before.dependent());
        state.next(year, before.dependent(), before.leaving());
      } else if (next < years.size() && years.get(next).year() == year) {
        verdicts.add(verdict(years.get(next++)));
      } else {
        // Reported, without the product: imports are 0.
        recent.add(year, false);
        state.next(year, false, true);
      }
    }
    return verdicts;
  }

  private Verdict verdict(Year year) {
    Double ratio = Cell.ratio(year.imports(), year.exports());
    Boolean concentrated = Rule.above(year.hhi(), Rule.CONCENTRATED);
    Boolean worldConcentrated = Rule.above(year.worldHhi(), Rule.CONCENTRATED);
    Boolean netImporter = Rule.isNetImporter(year.imports(), year.exports());
    Boolean dependent = Rule.all(concentrated, worldConcentrated, netImporter);
    Boolean leaving = Rule.isLeaving(year.hhi(), year.worldHhi(), ratio);
    recent.add(year.year(), dependent);
    state.next(year.year(), dependent, leaving);
    return new Verdict(
        ratio,
        concentrated,
        worldConcentrated,
        netImporter,
        dependent,
        recent.geodep(),
        state.at(year.year()),
        state.since(year.year()));
  }

  /** The rule in the last three reported years. */
  private static final class Recent {
    private static final int WINDOW = 3;
    private static final int ENOUGH = 2;

    private final int[] years = new int[WINDOW];
    private final Boolean[] dependent = new Boolean[WINDOW];
    private int added;

    private static final int AGE_BITS = DependenceState.AGE_BITS;
    private static final int OLD = DependenceState.OLD;
    private static final int UNKNOWN = 2;

    /** As {@link DependenceState#pack}. */
    long pack(int until) {
      int kept = Math.min(added, WINDOW);
      long packed = kept;
      for (int back = WINDOW; back > 0; back--) {
        int place = (added - back + WINDOW) % WINDOW;
        boolean taken = back <= kept;
        Boolean was = taken ? dependent[place] : null;
        packed = packed << AGE_BITS | (taken ? Math.min(OLD, until - years[place]) : 0);
        packed = packed << 2 | (was == null ? UNKNOWN : was ? 1 : 0);
      }
      return packed;
    }

    /** The years that {@link #pack} packed. */
    static Recent unpack(long packed, int until) {
      Recent recent = new Recent();
      recent.added = (int) (packed >>> WINDOW * (AGE_BITS + 2));
      for (int back = recent.added; back > 0; back--) {
        long bits = packed >>> (back - 1) * (AGE_BITS + 2);
        int place = recent.added - back;
        int was = (int) bits & 3;
        recent.years[place] = until - ((int) (bits >>> 2) & OLD);
        recent.dependent[place] = was == UNKNOWN ? null : Boolean.valueOf(was == 1);
      }
      return recent;
    }

    void add(int year, Boolean isDependent) {
      years[added % WINDOW] = year;
      dependent[added % WINDOW] = isDependent;
      added++;
    }

    /** In at least 2 of the last year and the two before; null unless all three are known. */
    Boolean geodep() {
      if (added < WINDOW) {
        return null;
      }
      int count = 0;
      int last = years[(added - 1) % WINDOW];
      for (int place = 0; place < WINDOW; place++) {
        if (dependent[place] == null || years[place] <= last - WINDOW) {
          return null;
        }
        count += dependent[place] ? 1 : 0;
      }
      return count >= ENOUGH;
    }
  }
}
