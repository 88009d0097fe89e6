package io.lodestone.nightly;

import io.lodestone.Pipeline;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Publication;
import io.lodestone.lake.Table;
import io.lodestone.records.Changes;
import io.lodestone.records.Ingest;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a night would do, by what is published, to which it brings the tables back first; nothing is
 * written, and no file is read.
 */
public final class Plan {
  private static final int MOST_FILES = 20;

  private Plan() {}

  /** Prints files, slices and steps. */
  public static void print(Pipeline.Run run, List<Pipeline.Step> steps, PrintStream out) {
    Lake published = AsOf.published(run.lake());
    Changes changes = Ingest.changes(published, run.settings(), run.conf(), run.progress());
    files(out, "new", changes.added());
    files(out, "changed", changes.changed());
    files(out, "gone", changes.gone());
    out.printf(
        "slices: %s%s%n",
        changes.slices().isEmpty() ? "none known" : String.join(", ", changes.slices()),
        changes.added().isEmpty()
            ? ""
            : ", and those of the new files, which are known when they are read");
    boolean sameRecipe =
        run.lake().published().map(Publication::recipe).equals(Optional.of(Nightly.recipe(run)));
    String otherwise =
        sameRecipe
            ? "nothing to do, what it reads and how stands as it was published"
            : "runs if it concerns what has changed in settings, configuration or the program";
    Set<Table> written = new HashSet<>();
    for (Pipeline.Step step : steps) {
      boolean runs =
          step.reads().isEmpty()
              ? !changes.isEmpty()
              : step.reads().stream().anyMatch(written::contains);
      boolean made = step.writes().stream().allMatch(published::exists);
      if (runs || !made) {
        written.addAll(step.writes());
      }
      out.printf(
          "step %s: %s%n",
          step.name(),
          runs
              ? "runs, what it reads is to change"
              : made ? otherwise : "runs, its tables are not there yet");
    }
  }

  private static void files(PrintStream out, String what, List<String> paths) {
    out.printf("%s files: %,d%n", what, paths.size());
    paths.stream().limit(MOST_FILES).forEach(path -> out.printf("  %s%n", path));
    if (paths.size() > MOST_FILES) {
      out.printf("  and %,d more%n", paths.size() - MOST_FILES);
    }
  }
}
