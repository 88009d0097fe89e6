package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedData;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.sample.Sample;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What models that know the past say of years that came later: {@code ./lodestone test slow}. */
@Tag("slow")
@ExtendWith(SharedSpark.class)
final class OutOfTimeTest {

  /**
   * Trained until 2021, measured from 2022 on: all metrics are printed. The last year that four of
   * five importers report is 2023, so that the years from 2022 on make one window: a link that
   * stands in 2021 is known to have ended in 2023 at the earliest. The gate reads that window,
   * which changes no number of it, and no test window is left behind it. A link of three years
   * cannot be learned from the years 2018 to 2021, of which the first has no year before it.
   */
  @Test
  void printsTheMetricsOfTheBatteryChain(Workplace workplace) {
    List<Row> models = models(workplace, 2021, 2023);
    assertThat(models)
        .filteredOn(model -> model.getAs("status").equals(Fit.NOT_FITTED))
        .extracting(model -> model.getAs("name") + ": " + model.getAs("reason"))
        .containsExactly(
            "entry-3: the records are too short for the split: 2018 to 2023 hold 0 years to train on with labels of 3 years until 2021, fewer than 1");
    assertThat(models)
        .filteredOn(model -> model.getAs("skill") != null)
        .as("what forecasts was measured on 2022 and 2023")
        .allMatch(
            model ->
                model.<Integer>getAs("validate_from") == 2022
                    && !model.getJavaMap(model.fieldIndex("naive_validation")).isEmpty())
        .extracting(model -> model.<String>getAs("name"))
        .containsExactly(
            "entry-1",
            "expected-flow-quantity",
            "expected-flow-value",
            "forecast-hhi",
            "forecast-share",
            "forecast-top_share",
            "survival");
  }

  /** Trained until 2020, the gate on 2021, and 2022 to 2024 read once: all metrics are printed. */
  @Test
  void readsATestWindowOfTheBatteryChain(Workplace workplace) {
    assertThat(models(workplace, 2020, 2021))
        .filteredOn(model -> model.getAs("skill") != null)
        .as("what forecasts was tested on 2022 to 2024")
        .isNotEmpty()
        .allMatch(
            model ->
                model.getAs("skill_test") != null
                    && model.<Integer>getAs("test_from") == 2022
                    && model.<Integer>getAs("test_to") >= 2023);
  }

  /** Rows of the table model of the battery chain, one a kind, all of whose metrics it prints. */
  private static List<Row> models(Workplace workplace, int trainUntil, int validateUntil) {
    workplace
        .set("hs.base", "reported")
        .set("models.train.until", String.valueOf(trainUntil))
        .set("models.validate.until", String.valueOf(validateUntil))
        .copy(
            "comtrade/battery chain",
            SharedData.files(
                SharedData.folder("comtrade-battery-chain").resolve("consolidated"), ".gz"));
    List.of("ingest", "dependency", "fit", "score").forEach(workplace::run);

    List<Row> models = workplace.table(Tables.MODEL).orderBy("name").collectAsList();
    for (Row model : models) {
      System.out.printf(
          "%s: %s, %s; test %.3f, %.3f to %.3f; %d of %d rows, settings %s%n",
          model.getAs("name"),
          model.getAs("status"),
          model.getAs("reason"),
          model.<Double>getAs("skill_test"),
          model.<Double>getAs("skill_test_low"),
          model.<Double>getAs("skill_test_high"),
          model.<Long>getAs("sample"),
          model.<Long>getAs("rows"),
          model.getJavaMap(model.fieldIndex("settings")));
      for (String window : List.of("train", "validation", "test")) {
        Map<String, Double> ofModel =
            new TreeMap<>(model.getJavaMap(model.fieldIndex("metrics_" + window)));
        Map<String, Double> ofNaive = model.getJavaMap(model.fieldIndex("naive_" + window));
        ofModel.forEach(
            (name, value) ->
                System.out.printf(
                    "  %-10s %-24s %10.4f  naive %s%n", window, name, value, ofNaive.get(name)));
      }
    }
    assertThat(models).hasSize(Models.KINDS.size());
    return models;
  }

  /**
   * Malaysia sells Japan no rare earths in 2012, 9 t in 2013 and 1,218 t in 2014. As of 2012, with
   * the model trained on 2010 to 2012, it is in the top tenth of all pairs without a link; pairs of
   * equal probability, which an isotonic regression makes many of, count half.
   */
  @Test
  void seesMalaysiasEntryOf2014In2012(Workplace workplace) throws IOException {
    workplace
        .set("models.train.until", "2012")
        .set("models.validate.until", "2013")
        .set("models.as.of", "2012");
    Sample.write(new Configuration(), new Path(workplace.records().toUri()));
    List.of("ingest", "dependency", "fit", "score").forEach(workplace::run);

    for (String source : List.of("synthetic-baci", "synthetic-comtrade")) {
      String here = "source = '%s' AND horizon = 1 AND as_of_year = 2012".formatted(source);
      List<Row> found =
          workplace
              .table(Tables.ENTRY)
              .where(here)
              .where("importer = 'JPN' AND supplier = 'MYS'")
              .where("product IN ('284610', '284690', 'rare-earths')")
              .selectExpr("product", "probability", "method", "reasons", "product_kind")
              .collectAsList();
      assertThat(found).hasSize(3);
      for (Row row : found) {
        double probability = row.getDouble(1);
        Row rank =
            workplace
                .table(Tables.ENTRY)
                .where(here + " AND product_kind = '%s'".formatted(row.getString(4)))
                .selectExpr(
                    "avg(IF(probability > %1$s, 1, IF(probability = %1$s, 0.5, 0)))"
                        .formatted(probability),
                    "count(*)")
                .first();
        System.out.printf(
            "%s, Malaysia to Japan, %s at 2012: probability %.4f (%s: %s), %.1f %% of %d pairs are above%n",
            source,
            row.getString(0),
            probability,
            row.getString(2),
            row.getString(3),
            100 * ((Number) rank.get(0)).doubleValue(),
            rank.getLong(1));
        assertThat(((Number) rank.get(0)).doubleValue())
            .as("%s %s", source, row.getString(0))
            .isLessThan(0.10);
      }
    }
  }
}
