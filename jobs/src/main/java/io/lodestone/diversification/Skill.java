package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Skill of a forecast over the naive one: 1 - loss of the model / loss of the naive forecast, with
 * a 90 % interval from a bootstrap that draws whole clusters (an importer's product with all its
 * suppliers and years), since their errors are not independent.
 *
 * @param estimate on the clusters as they are
 * @param low 5th percentile of the bootstrap; the gate asks that it be above 0
 * @param high 95th percentile
 */
record Skill(double estimate, double low, double high) {
  private static final int DRAWS = 500;

  /** More clusters than this are put together by chance; the interval hardly moves. */
  private static final int MOST_CLUSTERS = 20_000;

  /** Whether the model is worth publishing. */
  boolean passes() {
    return low > 0;
  }

  /**
   * Of every fold, from the losses of single rows, importers' products drawn whole.
   *
   * @param losses rows with {@code fold}, {@code importer}, {@code product}, and {@code model_loss}
   *     and {@code naive_loss}, already weighted
   */
  static Map<Split.Fold, Skill> byFold(Dataset<Row> losses, long seed) {
    return losses
        .groupBy(
            col("fold"),
            pmod(xxhash64(col("importer"), col("product")), lit((long) MOST_CLUSTERS))
                .as("cluster"))
        .agg(sum("model_loss"), sum("naive_loss"))
        .orderBy("fold", "cluster")
        .collectAsList()
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> Split.Fold.valueOf(row.getString(0)),
                () -> new EnumMap<>(Split.Fold.class),
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    sums ->
                        of(
                            sums.stream().mapToDouble(row -> row.getDouble(2)).toArray(),
                            sums.stream().mapToDouble(row -> row.getDouble(3)).toArray(),
                            seed))));
  }

  /**
   * From the summed losses of clusters.
   *
   * @throws NotFitted if the naive forecast is perfect or there is no row, so that nothing can be
   *     said
   */
  static Skill of(double[] model, double[] naive, long seed) {
    double estimate = 1 - Arrays.stream(model).sum() / Arrays.stream(naive).sum();
    if (!Double.isFinite(estimate)) {
      throw new NotFitted(
          "%d clusters in the window, on which the naive forecast has the loss %s"
              .formatted(naive.length, Arrays.stream(naive).sum()));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] skills = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      double modelLoss = 0;
      double naiveLoss = 0;
      for (int place = 0; place < model.length; place++) {
        int drawn = random.nextInt(model.length);
        modelLoss += model[drawn];
        naiveLoss += naive[drawn];
      }
      // A draw without any loss of the naive forecast speaks against the model.
      skills[draw] = naiveLoss > 0 ? 1 - modelLoss / naiveLoss : Double.NEGATIVE_INFINITY;
    }
    Arrays.sort(skills);
    return new Skill(estimate, skills[DRAWS / 20 - 1], skills[DRAWS - DRAWS / 20]);
  }
}
