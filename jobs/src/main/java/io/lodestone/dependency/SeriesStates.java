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

  /** An earlier year with a row of the product, of which the verdict is known; null as there. */
  record Past(int year, Boolean dependent, Boolean leaving) {}

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

  private SeriesStates() {}

  /**
   * One verdict a year.
   *
   * @param past ascending, all before {@code years}
   * @param years ascending
   * @param reported years that the importer reports, ascending
   */
  static List<Verdict> of(List<Past> past, List<Year> years, int[] reported) {
    List<Verdict> verdicts = new ArrayList<>(years.size());
    DependenceState state = new DependenceState();
    Recent recent = new Recent();
    int first = past.isEmpty() ? years.get(0).year() : past.get(0).year();
    int known = 0;
    int next = 0;
    for (int year : reported) {
      if (next == years.size()) {
        break;
      }
      if (year < first) {
        continue;
      }
      if (known < past.size() && past.get(known).year() == year) {
        Past before = past.get(known++);
        recent.add(year, before.dependent());
        state.next(year, before.dependent(), before.leaving());
        continue;
      }
      if (years.get(next).year() != year) {
        // Reported, without the product: imports are 0.
        recent.add(year, false);
        state.next(year, false, true);
        continue;
      }
      verdicts.add(verdict(years.get(next++), state, recent));
    }
    return verdicts;
  }

  private static Verdict verdict(Year year, DependenceState state, Recent recent) {
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
