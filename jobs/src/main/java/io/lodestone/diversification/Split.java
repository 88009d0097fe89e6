package io.lodestone.diversification;

/**
 * The windows of a fit, by time only. A label window ends inside of its fold: a row as of year a
 * with a label over a+1 to a+h trains if a+h is no later than {@code trainUntil}, validates if a+1
 * is later and a+h no later than {@code validateUntil}, and tests if a+1 is later than that.
 *
 * @param first first year of the records
 * @param trainUntil last year that a fit sees, labels included
 * @param validateUntil last year of the window on which the gate decides
 * @param last last complete year of the records
 */
record Split(int first, int trainUntil, int validateUntil, int last)
    implements java.io.Serializable {

  /** The fold of a row by its as-of year and the length of its label window. */
  enum Fold {
    TRAIN,
    VALIDATION,
    TEST,
    /** The label window lies across two folds or ends after the records. */
    NONE
  }

  /** Where a row belongs whose label covers the {@code horizon} years after {@code asOf}. */
  Fold fold(int asOf, int horizon) {
    int from = asOf + 1;
    int to = asOf + horizon;
    if (to > last) {
      return Fold.NONE;
    }
    if (to <= trainUntil) {
      return Fold.TRAIN;
    }
    if (from > trainUntil && to <= validateUntil) {
      return Fold.VALIDATION;
    }
    return from > validateUntil ? Fold.TEST : Fold.NONE;
  }

  /** Held-out label windows of a horizon that share no year, each of them inside of one fold. */
  int independentOrigins(int horizon) {
    int validated = Math.max(0, Math.min(validateUntil, last) - trainUntil);
    int tested = Math.max(0, last - Math.max(validateUntil, trainUntil));
    return validated / horizon + tested / horizon;
  }

  /**
   * Checks that there are years to train and to validate on.
   *
   * @param history years before the as-of year that the features need
   * @throws NotFitted if the records are too short for the split
   */
  void require(int history, int horizon) {
    int origins = trainUntil - horizon - (first + history) + 1;
    if (origins < 1) {
      throw new NotFitted(
          "the records are too short for the split: %d to %d hold %d years to train on with labels of %d years until %d, fewer than 1"
              .formatted(first, last, Math.max(0, origins), horizon, trainUntil));
    }
    if (trainUntil + horizon > Math.min(validateUntil, last)) {
      throw new NotFitted(
          "the records are too short for the split: no label of %d years lies within %d to %d"
              .formatted(horizon, trainUntil + 1, Math.min(validateUntil, last)));
    }
  }
}
