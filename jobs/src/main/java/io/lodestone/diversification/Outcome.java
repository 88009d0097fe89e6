package io.lodestone.diversification;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a fit found: the part of a row of the table {@code model} that only the model knows. */
final class Outcome {

  /** A window of the split, as a key of metrics. */
  enum Window {
    TRAIN,
    VALIDATION,
    TEST
  }

  /**
   * A coefficient with its 90 % interval, bounds null where the fit gives none.
   *
   * @param term covariate, or (intercept)
   */
  record Coefficient(String term, double estimate, Double low, Double high) {}

  /**
   * A tenth of the predictions.
   *
   * @param rows weighted
   */
  record Bin(double predicted, double observed, double rows) {}

  /**
   * How often held-out outcomes fell into an interval.
   *
   * @param horizon in years
   * @param nominal how often they should
   * @param origins independent years from which was forecast
   */
  record Coverage(int horizon, double nominal, double observed, int origins, long rows) {}

  final long rows;
  final long sample;
  final Map<String, String> chosen = new TreeMap<>();
  final Map<Window, Map<String, Double>> metrics = new TreeMap<>();
  final Map<Window, Map<String, Double>> naive = new TreeMap<>();
  final List<Bin> calibration = new ArrayList<>();
  final List<Coverage> coverage = new ArrayList<>();
  final List<Coefficient> coefficients = new ArrayList<>();
  Optional<Skill> skill = Optional.empty();
  Optional<Skill> testSkill = Optional.empty();

  /**
   * Without any metric yet.
   *
   * @param rows that could have been fitted on
   * @param sample rows that were
   */
  Outcome(long rows, long sample) {
    this.rows = rows;
    this.sample = sample;
  }

  /** Notes a hyper-parameter that the fit chose, or how it got along. */
  Outcome chosen(String name, Object value) {
    chosen.put(name, String.valueOf(value));
    return this;
  }

  /** Notes a metric of the model and of the naive forecast on a window. */
  Outcome metric(Window window, String name, double ofModel, double ofNaive) {
    metrics.computeIfAbsent(window, key -> new TreeMap<>()).put(name, ofModel);
    naive.computeIfAbsent(window, key -> new TreeMap<>()).put(name, ofNaive);
    return this;
  }

  /** Notes a metric that the naive forecast does not have. */
  Outcome metric(Window window, String name, double ofModel) {
    metrics.computeIfAbsent(window, key -> new TreeMap<>()).put(name, ofModel);
    return this;
  }

  /** Notes the skill that the gate decides on; without one, nothing is forecast and none asked. */
  Outcome skill(Skill onValidation) {
    skill = Optional.of(onValidation);
    return this;
  }

  /** Notes both skills of a model of which the validation window has rows. */
  Outcome skills(Map<Split.Fold, Skill> byFold) {
    skill = Optional.of(byFold.get(Split.Fold.VALIDATION));
    testSkill = Optional.ofNullable(byFold.get(Split.Fold.TEST));
    return this;
  }

  /** Notes the skill on the test window, if the records reach it. */
  Outcome testSkill(Skill onTest) {
    testSkill = Optional.of(onTest);
    return this;
  }
}
