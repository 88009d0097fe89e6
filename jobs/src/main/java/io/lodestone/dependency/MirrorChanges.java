package io.lodestone.dependency;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * Where a mirror covers the world otherwise than the table says, since the usual imports of an
 * importer have changed.
 *
 * @param slices in which any product is covered otherwise, in words of a predicate by slice
 * @param firstCrossed by source, the first year in which a product's world becomes known or unknown
 */
record MirrorChanges(Map<Long, String> slices, Map<Integer, Integer> firstCrossed) {

  /**
   * Compares.
   *
   * @param stored rows of source, year, product and coverage
   * @param covered coverage of today by {@link Packed#bySlice} with country 0
   */
  static MirrorChanges of(List<Row> stored, Map<Long, Double> covered, Setting setting) {
    Map<String, Integer> sources = setting.sourceNumbers();
    Map<Long, String> slices = new HashMap<>();
    Map<Integer, Integer> firstCrossed = new HashMap<>();
    for (Row row : stored) {
      int source = sources.get(row.getString(0));
      int year = row.getInt(1);
      Double before = row.isNullAt(3) ? null : row.getDouble(3);
      Double now =
          covered.get(Packed.bySlice(source, year, setting.productNumber(row.getString(2)), 0));
      if (!Objects.equals(before, now)) {
        slices.put(Packed.bySlice(source, year, 0, 0), Renewal.slice(row.getString(0), year));
      }
      if (WorldTrade.covers(before) != WorldTrade.covers(now)) {
        firstCrossed.merge(source, year, Math::min);
      }
    }
    return new MirrorChanges(slices, firstCrossed);
  }

  /** The slices that are not made again in any case. */
  String beside(Renewal renewal) {
    return Renewal.anyOf(
        slices.entrySet().stream()
            .filter(
                slice ->
                    !renewal.includes(
                        Packed.sourceOfSlice(slice.getKey()), Packed.yearOfSlice(slice.getKey())))
            .map(Map.Entry::getValue)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
