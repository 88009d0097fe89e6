package io.lodestone.nightly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * How often a random trial is made: a few times in a test run, and as often as {@code
 * lodestone.trials} says in a command of its own, which goes on where the record that it left in
 * {@code lodestone.record} ends.
 */
final class Trials {
  private final Path record;
  private final long wanted;

  private Trials(Path record, long wanted) {
    this.record = record;
    this.wanted = wanted;
  }

  /** The trials of a name. */
  static Trials of(String name, long inATestRun) {
    String folder = System.getProperty("lodestone.record", "");
    return new Trials(
        folder.isEmpty() ? null : Path.of(folder, name + ".txt"),
        Long.getLong("lodestone.trials", inATestRun));
  }

  /** Whether they are more than a test run makes. */
  boolean isLong() {
    return record != null;
  }

  /** Numbers of the trials that are still to be made. */
  LongStream toMake() throws IOException {
    return LongStream.range(lines().size(), wanted);
  }

  /**
   * Notes a trial that went well, with its figures. Each has a lake of its own, whose log Delta
   * would keep in memory for an hour: after 25 there was none left.
   */
  void made(String figures) throws IOException {
    DeltaLog.clearCache();
    if (record != null) {
      Files.createDirectories(record.toAbsolutePath().getParent());
      Files.writeString(
          record, figures + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      System.out.printf("%s: %d of %d done, %s%n", record, lines().size(), wanted, figures);
    }
  }

  private List<String> lines() throws IOException {
    return record == null || !Files.exists(record) ? List.of() : Files.readAllLines(record);
  }
}
