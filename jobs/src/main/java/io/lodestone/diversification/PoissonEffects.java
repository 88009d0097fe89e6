package io.lodestone.diversification;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Poisson maximum likelihood with log link and fixed effects of several groupings, in plain arrays:
 * mu = exp(offset + x'b + sum of the effects).
 *
 * <p>Group effects have a closed form given the rest, exp(a_g) = sum y / sum mu without a_g; they
 * alternate with a step for b until the deviance stands. The step for b is Newton's on covariates
 * from which the groups are partialled out with the weights mu (Correia, Guimaraes, Zylkin 2020),
 * since a step with the effects held still creeps where covariates and groups go together.
 * (Demeaning y is invalid in Poisson; here only the covariates are demeaned, for the step.)
 *
 * <p>A group without any flow has the effect minus infinity; it is kept at {@link #NONE}.
 */
final class PoissonEffects {
  /** Effect of a group without any flow: a factor of e^-20. */
  static final double NONE = -20;

  private static final double STANDS = 1e-10;

  /**
   * A round is a few passes over arrays. Where groups hardly overlap, the deviance closes in by a
   * constant factor: quantities of a few headings over few years need about 260 rounds.
   */
  private static final int MOST_ROUNDS = 500;

  private static final int MOST_SWEEPS = 60;

  /**
   * How far covariates are partialled out for a step, and at the end for the bootstrap. A step
   * needs little: whatever is left of a group in a covariate, the effects take up after it.
   */
  private static final double ROUGHLY = 1e-3;

  private static final double EXACTLY = 1e-9;

  /** Largest step of a coefficient in one round; a fit far off would overflow. */
  private static final double LONGEST_STEP = 2;

  /**
   * A step that goes beyond the minimum is halved at most so often; the likelihood is concave, so
   * that a short enough one leads down.
   */
  private static final int MOST_HALVED = 20;

  /** A part of the deviance that is rounding. */
  private static final double ROUNDING = 1e-12;

  /** A covariate of which the groups leave less than this part is theirs, and takes no step. */
  private static final double ABSORBED = 1e-12;

  private final double[] y;
  private final double[] weight;
  private final double[] offset;
  private final double[][] x;
  private final int[][] groups;
  private final int[] sizes;
  private final double[] eta;
  private final double[] mu;

  /** Covariates less what partialling out took; the next round goes on from there. */
  private final double[][] rest;

  /** What partialling out took from every covariate, by covariate, grouping and group. */
  private final double[][][] taken;

  /**
   * What came out.
   *
   * @param beta coefficients
   * @param effects by grouping and group
   * @param deviance 2 sum w (y ln(y/mu) - (y - mu))
   * @param partialled covariates without what the groups explain, for the bootstrap
   * @param eta linear predictors
   */
  record Fit(
      double[] beta,
      double[][] effects,
      double deviance,
      int rounds,
      double[][] partialled,
      double[] eta) {}

  private PoissonEffects(
      double[] y, double[] weight, double[] offset, double[][] x, int[][] groups) {
    this.y = y;
    this.weight = weight;
    this.offset = offset;
    this.x = x;
    this.groups = groups;
    this.sizes =
        Arrays.stream(groups).mapToInt(of -> Arrays.stream(of).max().orElse(-1) + 1).toArray();
    this.eta = new double[y.length];
    this.mu = new double[y.length];
    this.rest = Arrays.stream(x).map(double[]::clone).toArray(double[][]::new);
    this.taken = new double[x.length][groups.length][];
    for (double[][] ofTerm : taken) {
      Arrays.setAll(ofTerm, grouping -> new double[sizes[grouping]]);
    }
  }

  /**
   * Fits.
   *
   * @param x covariates, {@code [covariate][row]}
   * @param groups group of every row, {@code [grouping][row]}
   * @throws NotFitted if the deviance still moves after {@value #MOST_ROUNDS} rounds, or is no
   *     number
   */
  static Fit fit(double[] y, double[] weight, double[] offset, double[][] x, int[][] groups) {
    return new PoissonEffects(y, weight, offset, x, groups).fit();
  }

  private Fit fit() {
    double[] beta = new double[x.length];
    double[][] effects = new double[groups.length][];
    for (int grouping = 0; grouping < groups.length; grouping++) {
      effects[grouping] = new double[sizes[grouping]];
    }
    double deviance = settle(beta, effects);
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      if (!Double.isFinite(deviance)) {
        throw new NotFitted("no convergence: the deviance is no number in round " + round);
      }
      partialOut(ROUGHLY);
      Step step = step();
      double before = deviance;
      double part = Math.min(1, LONGEST_STEP / step.longest());
      double[] nextBeta;
      double[][] nextEffects;
      int halved = -1;
      do {
        nextBeta = beta.clone();
        nextEffects = Arrays.stream(effects).map(double[]::clone).toArray(double[][]::new);
        step.take(halved < MOST_HALVED ? part : 0, nextBeta, nextEffects);
        deviance = settle(nextBeta, nextEffects);
        part /= 2;
        halved++;
      } while (!(deviance <= before + ROUNDING * Math.abs(before)) && halved <= MOST_HALVED);
      beta = nextBeta;
      effects = nextEffects;
      // A shortened step says nothing of where the deviance stands, but for one of nothing.
      boolean whole = halved == 0 && step.longest() <= LONGEST_STEP || halved > MOST_HALVED;
      if (whole
          && round > 1
          && Math.abs(before - deviance) <= STANDS * Math.max(Math.abs(deviance), 1e-12)) {
        partialOut(EXACTLY);
        return new Fit(beta, effects, deviance, round, rest, eta);
      }
    }
    throw new NotFitted(
        "no convergence: the deviance still moves after %d rounds".formatted(MOST_ROUNDS));
  }

  /** Brings the effects, one grouping after the other, to where the rest wants them; deviance. */
  private double settle(double[] beta, double[][] effects) {
    predict(beta, effects);
    for (int grouping = 0; grouping < groups.length; grouping++) {
      update(effects[grouping], groups[grouping]);
    }
    return deviance();
  }

  private void predict(double[] beta, double[][] effects) {
    for (int row = 0; row < y.length; row++) {
      double sum = offset[row];
      for (int term = 0; term < beta.length; term++) {
        sum += beta[term] * x[term][row];
      }
      for (int grouping = 0; grouping < groups.length; grouping++) {
        sum += effects[grouping][groups[grouping][row]];
      }
      eta[row] = sum;
      mu[row] = Math.exp(sum);
    }
  }

  /** The closed form, given all else. */
  private void update(double[] effects, int[] group) {
    double[] flow = new double[effects.length];
    double[] expected = new double[effects.length];
    for (int row = 0; row < y.length; row++) {
      flow[group[row]] += weight[row] * y[row];
      expected[group[row]] += weight[row] * mu[row];
    }
    double[] move = new double[effects.length];
    for (int of = 0; of < effects.length; of++) {
      if (expected[of] > 0) {
        double moved = flow[of] > 0 ? effects[of] + Math.log(flow[of] / expected[of]) : NONE;
        move[of] = moved - effects[of];
        effects[of] = moved;
      }
    }
    for (int row = 0; row < y.length; row++) {
      eta[row] += move[group[row]];
      mu[row] = Math.exp(eta[row]);
    }
  }

  /**
   * Takes their weighted group means from the covariates, grouping by grouping, until none is above
   * a part of the covariate's largest value.
   */
  private void partialOut(double part) {
    // A covariate is changed by one thread, in the order of its rows.
    IntStream.range(0, x.length).parallel().forEach(term -> partialOut(term, part));
  }

  private void partialOut(int term, double part) {
    double scale = Arrays.stream(x[term]).map(Math::abs).max().orElse(1) + 1e-300;
    double moved = Double.POSITIVE_INFINITY;
    for (int sweep = 0; sweep < MOST_SWEEPS && moved > part * scale; sweep++) {
      moved = 0;
      for (int grouping = 0; grouping < groups.length; grouping++) {
        moved = Math.max(moved, demean(rest[term], groups[grouping], taken[term][grouping]));
      }
    }
  }

  private double demean(double[] column, int[] group, double[] taken) {
    double[] sum = new double[taken.length];
    double[] all = new double[taken.length];
    for (int row = 0; row < column.length; row++) {
      double w = weight[row] * mu[row];
      sum[group[row]] += w * column[row];
      all[group[row]] += w;
    }
    double moved = 0;
    for (int of = 0; of < taken.length; of++) {
      sum[of] = all[of] > 0 ? sum[of] / all[of] : 0;
      taken[of] += sum[of];
      moved = Math.max(moved, Math.abs(sum[of]));
    }
    for (int row = 0; row < column.length; row++) {
      column[row] -= sum[group[row]];
    }
    return moved;
  }

  /** Newton's step of the coefficients, of what the groups leave of the covariates. */
  private Step step() {
    int size = x.length;
    double[][] information = new double[size][size];
    double[] score = new double[size];
    double[] raw = new double[size];
    for (int row = 0; row < y.length; row++) {
      double w = weight[row] * mu[row];
      double residual = weight[row] * (y[row] - mu[row]);
      for (int left = 0; left < size; left++) {
        score[left] += rest[left][row] * residual;
        raw[left] += w * x[left][row] * x[left][row];
        for (int right = 0; right <= left; right++) {
          information[left][right] += w * rest[left][row] * rest[right][row];
        }
      }
    }
    for (int term = 0; term < size; term++) {
      if (information[term][term] <= ABSORBED * raw[term]) {
        score[term] = 0;
        Arrays.fill(information[term], 0);
        for (int right = term; right < size; right++) {
          information[right][term] = 0;
        }
      }
    }
    return new Step(Estimates.solve(information, score), taken);
  }

  /**
   * A step of the coefficients, and of the effects against them by what the groups explain.
   *
   * @param taken as it is of {@link PoissonEffects}, until the next partialling out
   */
  private record Step(double[] of, double[][][] taken) {
    double longest() {
      return Arrays.stream(of).map(Math::abs).max().orElse(0);
    }

    void take(double part, double[] beta, double[][] effects) {
      for (int term = 0; term < of.length; term++) {
        double moved = part * of[term];
        beta[term] += moved;
        for (int grouping = 0; grouping < effects.length; grouping++) {
          for (int group = 0; group < effects[grouping].length; group++) {
            effects[grouping][group] -= moved * taken[term][grouping][group];
          }
        }
      }
    }
  }

  private double deviance() {
    double deviance = 0;
    for (int row = 0; row < y.length; row++) {
      double of = y[row] > 0 ? y[row] * Math.log(y[row] / mu[row]) : 0;
      deviance += 2 * weight[row] * (of - (y[row] - mu[row]));
    }
    return deviance;
  }
}
