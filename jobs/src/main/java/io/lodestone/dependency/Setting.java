package io.lodestone.dependency;

import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What numbers of sources and products stand for, for all tasks.
 *
 * @param sources names by number
 * @param worlds by number of the source, what its imports say about the world's exports: baci,
 *     mirror or none
 * @param currencies by number of the source
 * @param goods ids by number
 * @param baskets six digits and ids of goods that hold more than the named thing
 * @param gaps what the records are known to lack
 */
record Setting(
    List<String> sources,
    List<String> worlds,
    List<String> currencies,
    List<String> goods,
    Set<String> baskets,
    Gaps gaps)
    implements Serializable {

  static final String HS6 = "hs6";
  static final String GOOD = "good";

  static Setting of(Map<String, Source> sources, Goods goods, Gaps gaps) {
    List<Source> sorted =
        sources.values().stream().sorted(java.util.Comparator.comparing(Source::name)).toList();
    Set<String> baskets = new java.util.HashSet<>(goods.basketGoods());
    baskets.addAll(goods.basketCodes());
    return new Setting(
        sorted.stream().map(Source::name).toList(),
        sorted.stream().map(Source::world).toList(),
        sorted.stream().map(Source::currency).toList(),
        goods.names().keySet().stream().sorted().toList(),
        baskets,
        gaps);
  }

  /** Whether what flow holds of an importer's imports is known to lack something. */
  boolean hidesImports(int source, int importer, int product, int year) {
    return !gaps.isEmpty()
        && gaps.hideImports(
            sources.get(source), Packed.countryName(importer), product(product), year);
  }

  /** Importers of which flow is known to lack imports of a product in a year. */
  int[] hidden(int source, int product, int year) {
    return gaps.importers(sources.get(source), product(product), year).stream()
        .mapToInt(Packed::country)
        .toArray();
  }

  /** Whether what flow holds of an exporter's exports is known to lack something. */
  boolean hidesExports(int source, int exporter, int product, int year) {
    return !gaps.isEmpty()
        && gaps.hideExports(
            sources.get(source), Packed.countryName(exporter), product(product), year);
  }

  Map<String, Integer> sourceNumbers() {
    Map<String, Integer> numbers = new HashMap<>();
    IntStream.range(0, sources.size()).forEach(number -> numbers.put(sources.get(number), number));
    return numbers;
  }

  /** Six digits, or the id of a good. */
  String product(int number) {
    return number >= Packed.FIRST_GOOD ? goods.get(number - Packed.FIRST_GOOD) : digits(number);
  }

  /** The number of six digits, or of the id of a good. */
  int productNumber(String product) {
    int good = goods.indexOf(product);
    return good < 0 ? Integer.parseInt(product) : Packed.FIRST_GOOD + good;
  }

  private static String digits(int number) {
    return String.valueOf(number + Packed.FIRST_GOOD).substring(1);
  }

  static String productKind(int number) {
    return number >= Packed.FIRST_GOOD ? GOOD : HS6;
  }

  static UTF8String[] texts(List<String> words) {
    return words.stream()
        .map(word -> word.isEmpty() ? null : UTF8String.fromString(word))
        .toArray(UTF8String[]::new);
  }
}
