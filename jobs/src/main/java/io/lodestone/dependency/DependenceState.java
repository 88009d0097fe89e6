package io.lodestone.dependency;

/**
 * The state of dependence of one importer on imports of one product, followed through its years.
 *
 * <p>A year is known when {@code is_dependent} is true or false in it. The state starts out. It is
 * entered when {@code is_dependent} holds in 2 of the last 3 known years and left when in 2 of the
 * last 3 known years the import HHI is below 0.35, or the world HHI is, or imports are below 0.9 of
 * exports: a lower bar than the one for entering, so that a list of dependent goods does not churn
 * with noise. More than one missing year in a row makes the state unknown until three years are
 * known again; it then starts anew. It is dated at the confirming year; {@code since} is the first
 * of the years that confirmed it.
 *
 * <p>Worked: dependent in 2012 and 2014, not in 2013: in from 2014 on, since 2012.
 */
final class DependenceState {
  private static final int WINDOW = 3;
  private static final int CONFIRMING = 2;
  private static final int MOST_MISSING = 1;

  private final int[] years = new int[WINDOW];
  private final boolean[] dependentIn = new boolean[WINDOW];
  private final boolean[] leavingIn = new boolean[WINDOW];
  private int known;
  private Integer lastKnownYear;
  private boolean unknown;
  private boolean in;
  private Integer since;

  /**
   * Takes the next year that the importer reports.
   *
   * @param dependent is_dependent; null where unknown
   * @param leaving whether a condition of leaving holds; null counts as no
   */
  void next(int year, Boolean dependent, Boolean leaving) {
    if (dependent == null) {
      return;
    }
    if (lastKnownYear != null && year - lastKnownYear - 1 > MOST_MISSING) {
      known = 0;
      unknown = true;
      in = false;
      since = null;
    }
    lastKnownYear = year;
    int place = known % WINDOW;
    years[place] = year;
    dependentIn[place] = dependent;
    leavingIn[place] = Boolean.TRUE.equals(leaving);
    known++;
    if (in && count(leavingIn) >= CONFIRMING) {
      in = false;
      since = null;
    } else if (!in && count(dependentIn) >= CONFIRMING) {
      in = true;
      since = firstDependentYear();
    }
    if (in || known >= WINDOW) {
      unknown = false;
    }
  }

  /** Bits of {@link #pack}. */
  static final int PACKED_BITS = 35;

  static final int AGE_BITS = 4;
  static final int OLD = (1 << AGE_BITS) - 1;
  private static final int FIRST_SINCE = 1900;

  /**
   * All that later years ask of the years taken so far. A year that is older than the window allows
   * counts as any other such year.
   *
   * @param until the last year that was or could have been taken
   */
  long pack(int until) {
    int kept = Math.min(known, WINDOW);
    long packed = kept;
    for (int back = WINDOW; back > 0; back--) {
      int place = (known - back + WINDOW) % WINDOW;
      boolean taken = back <= kept;
      packed = packed << AGE_BITS | (taken ? Math.min(OLD, until - years[place]) : 0);
      packed = packed << 1 | (taken && dependentIn[place] ? 1 : 0);
      packed = packed << 1 | (taken && leavingIn[place] ? 1 : 0);
    }
    packed = packed << 1 | (lastKnownYear == null ? 0 : 1);
    packed =
        packed << AGE_BITS | (lastKnownYear == null ? 0 : Math.min(OLD, until - lastKnownYear));
    packed = packed << 1 | (unknown ? 1 : 0);
    packed = packed << 1 | (in ? 1 : 0);
    return packed << Byte.SIZE | (since == null ? 0 : since - FIRST_SINCE);
  }

  /** The state that {@link #pack} packed. */
  static DependenceState unpack(long packed, int until) {
    DependenceState state = new DependenceState();
    int at = PACKED_BITS;
    state.known = Packed.bits(packed, at -= 2, 2);
    for (int back = WINDOW; back > 0; back--) {
      int age = Packed.bits(packed, at -= AGE_BITS, AGE_BITS);
      int dependent = Packed.bits(packed, at -= 1, 1);
      int leaving = Packed.bits(packed, at -= 1, 1);
      if (back <= state.known) {
        int place = (state.known - back + WINDOW) % WINDOW;
        state.years[place] = until - age;
        state.dependentIn[place] = dependent == 1;
        state.leavingIn[place] = leaving == 1;
      }
    }
    boolean wasKnown = Packed.bits(packed, at -= 1, 1) == 1;
    int age = Packed.bits(packed, at -= AGE_BITS, AGE_BITS);
    state.lastKnownYear = wasKnown ? until - age : null;
    state.unknown = Packed.bits(packed, at -= 1, 1) == 1;
    state.in = Packed.bits(packed, at - 1, 1) == 1;
    int since = Packed.bits(packed, 0, Byte.SIZE);
    state.since = since == 0 ? null : FIRST_SINCE + since;
    return state;
  }

  private int count(boolean[] condition) {
    int count = 0;
    for (int place = 0; place < Math.min(known, WINDOW); place++) {
      count += condition[place] ? 1 : 0;
    }
    return count;
  }

  private int firstDependentYear() {
    int first = Integer.MAX_VALUE;
    for (int place = 0; place < Math.min(known, WINDOW); place++) {
      first = dependentIn[place] ? Math.min(first, years[place]) : first;
    }
    return first;
  }

  /** The state at a year that was just taken; null where it is unknown. */
  Boolean at(int year) {
    if (lastKnownYear == null || year - lastKnownYear > MOST_MISSING || unknown) {
      return null;
    }
    return in;
  }

  /** First qualifying year of the present state; null outside of it or where it is unknown. */
  Integer since(int year) {
    return Boolean.TRUE.equals(at(year)) ? since : null;
  }
}
