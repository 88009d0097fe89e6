package io.lodestone.diversification.dynamics;

/**
 * Shares and concentrations on the logit scale, ln(s / (1 - s)), where a change means the same near
 * 0.1 as near 0.5.
 *
 * <p>Values are clipped to [clip, 1 - clip] first, since the logit of 0 and of 1 is infinite: with
 * the usual 0.005 a share below half a percent counts as half a percent. What lies at the clip does
 * not move, so an estimate over many tiny shares would be one of the clip; {@code adjustment} is
 * therefore estimated on main suppliers only. A share of exactly 0 is an exit and no small share:
 * callers leave it out.
 *
 * @param clip between 0 and 0.5
 */
public record LogitShare(double clip) {

  /** What methods and tests use; 0.001 and 0.02 are the values of the sensitivity check. */
  public static final LogitShare USUAL = new LogitShare(0.005);

  public LogitShare {
    if (!(clip > 0 && clip < 0.5)) {
      throw new IllegalArgumentException("clip %s is not between 0 and 0.5".formatted(clip));
    }
  }

  /** The logit of a share; NaN, which is a gap, stays NaN. */
  public double logit(double share) {
    double clipped = Math.max(clip, Math.min(1 - clip, share));
    return Math.log(clipped / (1 - clipped));
  }

  /** The logits of a series. */
  public double[] logits(double[] shares) {
    double[] logits = new double[shares.length];
    for (int place = 0; place < shares.length; place++) {
      logits[place] = logit(shares[place]);
    }
    return logits;
  }

  /** The share of a logit: 1 / (1 + exp(-x)), never at a bound. */
  public static double share(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
