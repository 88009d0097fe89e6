package io.lodestone.nightly;

import static org.apache.spark.sql.functions.col;

import io.lodestone.Progress;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Publication;
import io.lodestone.lake.Table;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps a lake from growing: deletes files of rows that no version of the history shows, logs of
 * versions before it, and fits that it does not name, and makes one file of each journal.
 *
 * <p>The other tables need no compaction: a step writes a slice as a whole and in order, so that a
 * table has as many files after a thousand nights as after the first. They are never given to
 * OPTIMIZE, which would put several slices' files into one that two tasks read.
 */
final class Maintenance {
  private Maintenance() {}

  /**
   * Maintains the lake.
   *
   * @param history how far back the tables of a run stay readable
   * @param now the present
   */
  static void run(
      Lake lake, Publication published, Duration history, Instant now, Progress progress) {
    Instant since = now.minus(history);
    if (lake.exists(Tables.CHECK)) {
      lake.rewrite(Tables.CHECK, col("checked").geq(Timestamp.from(since)));
    }
    if (lake.exists(Tables.RUN)) {
      lake.rewrite(Tables.RUN, org.apache.spark.sql.functions.lit(true));
    }
    Map<String, Long> oldest = AsOf.oldestVersions(lake, published, since);
    int logs = 0;
    for (Table table : Tables.ALL) {
      if (lake.exists(table)) {
        lake.vacuum(table, history);
        logs +=
            lake.log(table)
                .clear(oldest.getOrDefault(table.name(), lake.version(table).getAsLong()));
      }
    }
    int fits = lake.deleteFolders("models/*/*/*", fits(lake, published, oldest), since);
    progress.line(
        "maintain: kept what the runs of %d days show, deleted %,d files of logs and %,d fits",
        history.toDays(), logs, fits);
  }

  /**
   * Where the fits lie that the table model names, as it was when the history begins or is
   * published. A fit from before the history that a version in between names, one of these does:
   * its row only goes where the whole table does.
   */
  private static Set<String> fits(Lake lake, Publication published, Map<String, Long> oldest) {
    return Stream.of(
            lake.at(published.versions()).read(Tables.MODEL),
            lake.at(oldest).readAlike(Tables.MODEL))
        .flatMap(rows -> rows.select("path").collectAsList().stream())
        .map(row -> row.getString(0))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }
}
