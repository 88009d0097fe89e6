package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Column;
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
   * From the losses of single rows.
   *
   * @param losses rows with {@code model_loss} and {@code naive_loss}, already weighted
   * @param cluster columns that make a cluster
   */
  static Skill of(Dataset<Row> losses, long seed, String... cluster) {
    Column[] columns = Arrays.stream(cluster).map(name -> col(name)).toArray(Column[]::new);
    List<Row> sums =
        losses
            .groupBy(pmod(xxhash64(columns), lit((long) MOST_CLUSTERS)).as("cluster"))
            .agg(sum("model_loss").as("model_loss"), sum("naive_loss").as("naive_loss"))
            .orderBy("cluster")
            .collectAsList();
    double[] model = sums.stream().mapToDouble(row -> row.getDouble(1)).toArray();
    double[] naive = sums.stream().mapToDouble(row -> row.getDouble(2)).toArray();
    return of(model, naive, seed);
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
