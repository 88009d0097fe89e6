package io.lodestone;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a run makes again although nothing has changed.
 *
 * @param all whether all slices of all tables
 * @param years whose files are read again, with all that depends on them
 */
public record Scope(boolean all, Set<Integer> years) {
  /** What is new or changed, and nothing else. */
  public static final Scope CHANGES = new Scope(false, Set.of());

  /** Everything. */
  public static final Scope EVERYTHING = new Scope(true, Set.of());

  /**
   * Years written as {@code 2015} or {@code 2015-2020}.
   *
   * @throws Failure if they are not
   */
  public static Scope years(String text) {
    if (!text.matches("\\d{4}(-\\d{4})?")) {
      throw Failure.usage(
          "Cannot read --years '%s': write a year such as 2015, or two such as 2015-2020."
              .formatted(text));
    }
    int first = Integer.parseInt(text.substring(0, YEAR));
    int last = Integer.parseInt(text.substring(text.length() - YEAR));
    if (last < first) {
      throw Failure.usage(
          "Cannot read --years '%s': it ends before it starts; write it as %d-%d."
              .formatted(text, last, first));
    }
    Set<Integer> years = new TreeSet<>();
    for (int year = first; year <= last; year++) {
      years.add(year);
    }
    return new Scope(false, years);
  }

  private static final int YEAR = 4;

  /** Whether it takes in a year. */
  public boolean includes(int year) {
    return all || years.contains(year);
  }
}
