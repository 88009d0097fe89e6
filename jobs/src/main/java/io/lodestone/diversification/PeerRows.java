package io.lodestone.diversification;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lodestone.Failure;
import io.lodestone.Progress;
import io.lodestone.Settings;
import io.lodestone.lake.Lake;
import io.lodestone.records.Goods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * For the benchmark: fits the entry model's logistic regression and the expected flow's Poisson
 * regression, both by plain maximum likelihood, and writes their rows as CSV beside the
 * coefficients and seconds, for another program to fit the same.
 */
public final class PeerRows {
  private PeerRows() {}

  /** Writes {@code logistic.csv}, {@code poisson.csv} and {@code mllib.json} into a folder. */
  public static void write(
      Lake lake, Settings.Models settings, Goods goods, Path folder, Progress progress) {
    String source =
        Fit.sources(lake).stream()
            .max(java.util.Comparator.comparingLong(name -> links(lake, settings, goods, name)))
            .orElseThrow(
                () -> Failure.usage("Cannot compare fits: the lake is empty; run it first."));
    Map<String, Object> fits = new LinkedHashMap<>();
    try (SourceTables tables = SourceTables.of(lake, source, settings, goods)) {
      Dataset<Row> entries = rows(new Entry(1).panel(tables), col("label"), lit(0.0)).persist();
      progress.line("logistic: %,d rows", entries.count());
      long started = System.nanoTime();
      LogisticRegressionModel logistic =
          new LogisticRegression()
              .setWeightCol("weight")
              .setMaxIter(500)
              .setTol(1e-12)
              .fit(entries);
      fits.put(
          "logistic",
          fit(
              entries,
              started,
              Entry.FEATURES,
              logistic.coefficients().toArray(),
              logistic.intercept()));
      csv(entries, Entry.FEATURES, folder.resolve("logistic.csv"));
      entries.unpersist();
      Dataset<Row> flows =
          rows(
                  new ExpectedFlow(ExpectedFlow.Basis.VALUE).panel(tables),
                  col("actual"),
                  col("offset"))
              .persist();
      progress.line("poisson: %,d rows", flows.count());
      started = System.nanoTime();
      GeneralizedLinearRegressionModel poisson =
          new GeneralizedLinearRegression()
              .setFamily("poisson")
              .setLink("log")
              .setWeightCol("weight")
              .setOffsetCol("offset")
              .setMaxIter(100)
              .setTol(1e-12)
              .fit(flows);
      fits.put(
          "poisson",
          fit(
              flows,
              started,
              ExpectedFlow.FEATURES,
              poisson.coefficients().toArray(),
              poisson.intercept()));
      csv(flows, ExpectedFlow.FEATURES, folder.resolve("poisson.csv"));
      flows.unpersist();
      new ObjectMapper().writeValue(folder.resolve("mllib.json").toFile(), fits);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static long links(Lake lake, Settings.Models settings, Goods goods, String source) {
    try (SourceTables tables = SourceTables.of(lake, source, settings, goods)) {
      return tables.links();
    }
  }

  private static Dataset<Row> rows(Dataset<Row> panel, Column label, Column offset) {
    return panel
        .filter(col("fold").equalTo(Split.Fold.TRAIN.name()))
        .select(label.as("label"), col("weight"), offset.as("offset"), col("features"));
  }

  private static Map<String, Object> fit(
      Dataset<Row> rows, long started, String[] terms, double[] coefficients, double intercept) {
    Map<String, Object> fit = new LinkedHashMap<>();
    fit.put("seconds", (System.nanoTime() - started) / 1e9);
    fit.put("rows", rows.count());
    fit.put("terms", List.of(terms));
    fit.put("coefficients", coefficients);
    fit.put("intercept", intercept);
    return fit;
  }

  private static void csv(Dataset<Row> rows, String[] terms, Path folder) {
    Column values = functions.vector_to_array(col("features"), "float64");
    Column[] columns = new Column[terms.length + 3];
    columns[0] = col("label");
    columns[1] = col("weight");
    columns[2] = col("offset");
    for (int term = 0; term < terms.length; term++) {
      columns[term + 3] = values.getItem(term).as(terms[term]);
    }
    rows.select(columns)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .option("header", "true")
        .csv(folder.toUri().toString());
  }
}
