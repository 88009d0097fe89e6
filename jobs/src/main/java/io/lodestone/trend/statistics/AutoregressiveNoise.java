package io.lodestone.trend.statistics;

import java.util.SplittableRandom;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * Stationary normal first-order autoregressions x_t = rho x_(t-1) + e_t, e standard normal, from a
 * seed: the same on every machine and Java.
 */
public final class AutoregressiveNoise {
  private final ZigguratSampler.NormalizedGaussian normal;

  /** Starts from a seed. */
  public AutoregressiveNoise(long seed) {
    UniformRandomProvider uniform = new SplittableRandom(seed)::nextLong;
    this.normal = ZigguratSampler.NormalizedGaussian.of(uniform);
  }

  /** A new path of so many periods. */
  public double[] path(double rho, int length) {
    double[] path = new double[length];
    fill(rho, path, 0, length);
    return path;
  }

  /** Fills part of an array with a new path. */
  void fill(double rho, double[] path, int from, int length) {
    double value = normal.sample() / Math.sqrt(1 - rho * rho);
    path[from] = value;
    for (int at = 1; at < length; at++) {
      value = rho * value + normal.sample();
      path[from + at] = value;
    }
  }
}
