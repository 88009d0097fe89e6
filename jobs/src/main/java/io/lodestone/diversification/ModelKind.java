package io.lodestone.diversification;

import io.lodestone.lake.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One kind of model, listed in {@link Models#KINDS}. {@link Fit} asks it for a fit a source,
 * decides by the gate and writes the tables {@code model} and {@code coefficient}; {@link Score}
 * asks it for rows and writes its tables.
 */
interface ModelKind {

  /** Name in the table {@code model}, e.g. entry-1. */
  String name();

  /** Tables that {@link #score} gives rows of. */
  List<Table> tables();

  /** SQL predicate over its tables that, beside the source, tells its rows from other kinds'. */
  default String slice() {
    return "true";
  }

  /**
   * Fits on the training window, measures on the others, and saves all that {@link #score} needs,
   * also what the naive forecast needs, below {@code folder}.
   *
   * @param folder does not exist yet, or is left from a run that died: overwrite it
   * @throws NotFitted with the reason if these records do not allow a fit
   */
  Outcome fit(SourceTables tables, Path folder);

  /** Columns that {@link Score} adds to the rows of every kind. */
  Set<String> ADDED = Set.of("source", "model_version", "method");

  /** The columns of a table without {@link #ADDED}. */
  static StructType rowsOf(Table table) {
    return new StructType(
        Arrays.stream(table.schema().fields())
            .filter(field -> !ADDED.contains(field.name()))
            .toArray(StructField[]::new));
  }

  /** Last year that the fit in use sees, label windows included. */
  default int trainedTo(SourceTables tables) {
    return tables.split().trainUntil();
  }

  /** Rows of every table of {@link #tables}, without the columns {@link #ADDED}. */
  Map<Table, Dataset<Row>> score(SourceTables tables, Fitted fitted);

  /**
   * A fit that {@link Fit} has made.
   *
   * @param folder where it saved what it needs
   * @param method whether its tables carry the model's forecast or the naive one
   */
  record Fitted(String version, Path folder, Method method) {}

  /** Whose forecast a table carries. */
  enum Method {
    MODEL,
    NAIVE;

    /** As the column {@code method} says it. */
    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
