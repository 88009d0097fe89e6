package io.lodestone.sample;

/**
 * Noise that is the same on every run and every machine.
 *
 * <p>A draw is a function of its question and of what it is asked about (countries, product, year)
 * and of nothing else, so the order in which the world is built does not matter, and a product or a
 * country that is added changes no other. {@link StrictMath} throughout: {@link Math} may differ in
 * the last bit between machines, and the last bit of a weight becomes another byte in a file.
 */
final class Chance {
  private Chance() {}

  /** A number in [0, 1). */
  static double uniform(String question, long... about) {
    return (mixed(question, about) >>> 11) * 0x1.0p-53;
  }

  /** A draw from the standard normal distribution (Box and Muller). */
  static double normal(String question, long... about) {
    long bits = mixed(question, about);
    double radius = ((bits >>> 11) + 1) * 0x1.0p-53;
    double angle = (scrambled(bits + 1) >>> 11) * 0x1.0p-53;
    return StrictMath.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * StrictMath.PI * angle);
  }

  /**
   * A factor around 1.
   *
   * @param spread standard deviation of its logarithm
   */
  static double factor(double spread, String question, long... about) {
    return StrictMath.exp(spread * normal(question, about));
  }

  private static long mixed(String question, long... about) {
    long state = scrambled(question.hashCode());
    for (long key : about) {
      state = scrambled(state ^ scrambled(key));
    }
    return state;
  }

  /** The finaliser of SplitMix64. */
  private static long scrambled(long value) {
    long state = value + 0x9E3779B97F4A7C15L;
    state = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    state = (state ^ (state >>> 27)) * 0x94D049BB133111EBL;
    return state ^ (state >>> 31);
  }
}
