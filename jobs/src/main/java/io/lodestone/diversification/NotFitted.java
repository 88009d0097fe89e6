package io.lodestone.diversification;

/**
 * Why a model cannot be fitted on these records: too few rows, a class that never occurs,
 * separation, a singular design, no convergence, records too short for the split. It becomes the
 * reason in the table {@code model}; the tables that need the model keep their last good content.
 */
final class NotFitted extends RuntimeException {

  /** A sentence without full stop, e.g. "12 rows of training, fewer than 200". */
  NotFitted(String reason) {
    super(reason);
  }
}
