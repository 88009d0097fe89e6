package io.lodestone.dependency;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which slices (source, year) of {@code world_trade} and {@code dependency} a run makes again: of
 * every source all from one year on, since a state hangs on the years before it. Years before are
 * taken as the tables hold them.
 */
final class Renewal implements Serializable {
  private static final int NEVER = Integer.MAX_VALUE;

  private final int[] from;

  private Renewal(int[] from) {
    this.from = from;
  }

  /** All slices of so many sources. */
  static Renewal ofEverything(int sources) {
    return new Renewal(new int[sources]);
  }

  /** No slice of so many sources. */
  static Renewal ofNothing(int sources) {
    int[] from = new int[sources];
    Arrays.fill(from, NEVER);
    return new Renewal(from);
  }

  /** These and a source from a year on. */
  Renewal and(int source, int year) {
    int[] more = from.clone();
    more[source] = Math.min(more[source], year);
    return new Renewal(more);
  }

  /** The same slices of some sources, and nothing of others. */
  Renewal of(Collection<Integer> sources) {
    int[] some = from.clone();
    for (int source = 0; source < some.length; source++) {
      some[source] = sources.contains(source) ? some[source] : NEVER;
    }
    return new Renewal(some);
  }

  /** Whether anything of a source is made again. */
  boolean has(int source) {
    return from[source] < NEVER;
  }

  boolean includes(int source, int year) {
    return year >= from[source];
  }

  boolean isEverything() {
    return Arrays.stream(from).allMatch(year -> year == 0);
  }

  /** Numbers of sources of which something is made again and something is not. */
  List<Integer> inPart() {
    return IntStream.range(0, from.length)
        .filter(source -> from[source] > 0 && from[source] < NEVER)
        .boxed()
        .toList();
  }

  /** The slices as a predicate over partitions. */
  String predicate(List<String> sources) {
    return isEverything() ? "true" : ofSources(sources, "%s AND year >= %d");
  }

  /** The earlier years of the same sources. */
  String earlier(List<String> sources) {
    return ofSources(sources, "%s AND year < %d");
  }

  /** The same, but of each source only those after a year; all where it has none. */
  String earlier(List<String> sources, Map<Integer, Integer> after) {
    return anyOf(
        inPart().stream()
            .filter(source -> after.getOrDefault(source, 0) + 1 < from[source])
            .map(
                source ->
                    "%s AND year > %d AND year < %d"
                        .formatted(
                            sourceIs(sources.get(source)),
                            after.getOrDefault(source, 0),
                            from[source]))
            .toList());
  }

  /** All rows of sources of which something is made again. */
  String ofSources(List<String> sources) {
    return anyOf(inPart().stream().map(source -> sourceIs(sources.get(source))).toList());
  }

  private String ofSources(List<String> sources, String condition) {
    return anyOf(
        inPart().stream()
            .map(source -> condition.formatted(sourceIs(sources.get(source)), from[source]))
            .toList());
  }

  /** The slices that another renewal lacks. */
  String beyond(Renewal other, List<String> sources) {
    return anyOf(
        inPart().stream()
            .filter(source -> from[source] < other.from[source])
            .map(
                source ->
                    "%s AND year >= %d AND year < %d"
                        .formatted(sourceIs(sources.get(source)), from[source], other.from[source]))
            .toList());
  }

  /** Slices of reconciled sources that are not made again but are the world of some that are. */
  String reconciled(Setting setting) {
    int first = Arrays.stream(from).min().orElse(NEVER);
    return anyOf(
        IntStream.range(0, from.length)
            .filter(source -> setting.worlds().get(source).equals(WorldTrade.BACI))
            .filter(source -> first < from[source])
            .mapToObj(
                source ->
                    "%s AND year >= %d AND year < %d"
                        .formatted(sourceIs(setting.sources().get(source)), first, from[source]))
            .toList());
  }

  /** A slice as a predicate over partitions. */
  static String slice(String source, int year) {
    return "%s AND year = %d".formatted(sourceIs(source), year);
  }

  /** What fulfils any of some predicates. */
  static String anyOf(Collection<String> predicates) {
    return predicates.isEmpty()
        ? NOTHING
        : predicates.stream().map("(%s)"::formatted).collect(Collectors.joining(" OR "));
  }

  /** A predicate over partitions that no slice fulfils. */
  static final String NOTHING = "source = '' AND year = 0";

  private static String sourceIs(String source) {
    return "source = '%s'".formatted(source.replace("'", "\\'"));
  }
}
