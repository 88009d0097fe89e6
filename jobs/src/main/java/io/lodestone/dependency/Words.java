package io.lodestone.dependency;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.spark.unsafe.types.UTF8String;

/** Numbers of words of which there are few: each is read once, the one asked for last at once. */
final class Words {
  private final BiFunction<String, Integer, Integer> meaning;
  private final int otherwise;
  private final Map<UTF8String, Integer> known = new HashMap<>();
  private UTF8String last;
  private int lastNumber;

  /** Words with what they mean; the second argument of {@code meaning} is the number of others. */
  Words(BiFunction<String, Integer, Integer> meaning, int otherwise) {
    this.meaning = meaning;
    this.otherwise = otherwise;
  }

  int number(UTF8String word) {
    if (!word.equals(last)) {
      Integer found = known.get(word);
      if (found == null) {
        found = meaning.apply(word.toString(), otherwise);
        known.put(word.clone(), found);
      }
      last = word.clone();
      lastNumber = found;
    }
    return lastNumber;
  }
}
