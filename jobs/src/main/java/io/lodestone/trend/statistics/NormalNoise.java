package io.lodestone.trend.statistics;

import java.util.SplittableRandom;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/** Normal random numbers from a seed, the same on every machine and Java. */
final class NormalNoise {
  private final ZigguratSampler.NormalizedGaussian normal;

  NormalNoise(long seed) {
    UniformRandomProvider uniform = new SplittableRandom(seed)::nextLong;
    this.normal = ZigguratSampler.NormalizedGaussian.of(uniform);
  }

  double next() {
    return normal.sample();
  }

  /** Fills part of an array with a stationary x_t = rho x_(t-1) + e_t, e standard normal. */
  void autoregression(double rho, double[] path, int from, int length) {
    double value = next() / Math.sqrt(1 - rho * rho);
    path[from] = value;
    for (int at = 1; at < length; at++) {
      value = rho * value + next();
      path[from + at] = value;
    }
  }
}
