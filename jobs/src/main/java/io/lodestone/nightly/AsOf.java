package io.lodestone.nightly;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;

import io.lodestone.Failure;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Publication;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** The lake as a run left it, and as it is published. */
public final class AsOf {
  private AsOf() {}

  /** The lake as it is published; as it lies there if no run has published yet. */
  public static Lake published(Lake lake) {
    Optional<Publication> published = lake.published();
    return published.isEmpty() ? lake : lake.at(withJournals(lake, published.get().versions()));
  }

  /**
   * The lake as a run left it, also one that was not published.
   *
   * @param now when it is asked
   * @throws Failure if there is no such run, or it lies further back than {@code
   *     spark.lodestone.history.days} or than what was kept when the lake was last maintained; the
   *     oldest readable one is named
   */
  public static Lake run(Lake lake, String run, Settings settings, Instant now) {
    List<Row> rows =
        lake.read(Tables.RUN)
            .select("run", "started", "outputs")
            .orderBy(desc("started"))
            .collectAsList();
    Instant history = now.minus(settings.nights().history());
    Instant kept = lake.published().map(Publication::readableSince).orElse(Instant.EPOCH);
    Instant oldest = kept.isAfter(history) ? kept : history;
    List<Row> readable =
        rows.stream()
            .filter(row -> row.<Timestamp>getAs("started").toInstant().isAfter(oldest))
            .toList();
    Row found =
        rows.stream()
            .filter(row -> row.getString(0).equals(run))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.usage(
                        "Cannot read as of the run '%s': the lake %s knows no such run; see `./lodestone history`."
                            .formatted(run, lake.root())));
    if (!readable.contains(found)) {
      throw Failure.usage(
          "Cannot read as of the run %s: it started on %s, and the tables are kept since %s, by spark.lodestone.history.days = %d now or fewer when the lake was maintained; the oldest readable run is %s."
              .formatted(
                  run,
                  found.<Timestamp>getAs("started").toInstant(),
                  oldest.truncatedTo(ChronoUnit.SECONDS),
                  settings.nights().history().toDays(),
                  readable.isEmpty() ? "none" : readable.get(readable.size() - 1).getString(0)));
    }
    Map<String, Long> versions =
        new TreeMap<>(CollectionConverters.<String, Long>asJava(found.<String, Long>getMap(2)));
    return lake.at(withJournals(lake, versions));
  }

  private static Map<String, Long> withJournals(Lake lake, Map<String, Long> versions) {
    Map<String, Long> all = new TreeMap<>(versions);
    Tables.JOURNALS.forEach(
        table -> lake.version(table).ifPresent(version -> all.put(table.name(), version)));
    return all;
  }

  /** The versions that must stay readable: those of every run since an instant, by table. */
  static Map<String, Long> oldestVersions(Lake lake, Publication published, Instant since) {
    Map<String, Long> oldest = new TreeMap<>(published.versions());
    lake.read(Tables.RUN)
        .filter(col("started").geq(Timestamp.from(since)))
        .select("outputs", "inputs")
        .collectAsList()
        .forEach(
            row -> {
              for (int map = 0; map < 2; map++) {
                CollectionConverters.<String, Long>asJava(row.<String, Long>getMap(map))
                    .forEach((table, version) -> oldest.merge(table, version, Math::min));
              }
            });
    return oldest;
  }
}
