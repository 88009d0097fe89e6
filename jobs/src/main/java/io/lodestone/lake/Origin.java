package io.lodestone.lake;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What rows of a table were made from; its text is the fingerprint of the commit.
 *
 * @param recipe fingerprint of program, settings and configuration
 * @param inputs versions of the tables that were read
 */
public record Origin(String recipe, Map<String, Long> inputs) {
  private static final Pattern TEXT = Pattern.compile("(\\w+)((?: \\w+@\\d+)*)");

  /** Whether another has the same recipe and names the same inputs. */
  public boolean isLike(Origin other) {
    return recipe.equals(other.recipe) && inputs.keySet().equals(other.inputs.keySet());
  }

  /** As a commit notes it: the recipe, then {@code table@version}. */
  public String text() {
    StringBuilder text = new StringBuilder(recipe);
    new TreeMap<>(inputs)
        .forEach((table, version) -> text.append(' ').append(table).append('@').append(version));
    return text.toString();
  }

  /** The origin of a text; empty if it is none. */
  public static Optional<Origin> of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, Long> inputs = new TreeMap<>();
    for (String input : matcher.group(2).strip().split(" ")) {
      if (!input.isEmpty()) {
        String[] parts = input.split("@");
        inputs.put(parts[0], Long.valueOf(parts[1]));
      }
    }
    return Optional.of(new Origin(matcher.group(1), inputs));
  }
}
