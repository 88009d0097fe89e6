package io.lodestone.records;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A row of the table {@code source_file}.
 *
 * @param file where it lies, size and modification time
 * @param checksum of the bytes; null where they could not be read
 * @param header names of its columns
 * @param status loaded, rejected or pending
 * @param lines data lines
 * @param read records that the SELECT made of them
 * @param rejected records that could not be read
 * @param aggregates totals and breakdowns by reason
 * @param firstPeriod earliest period, or null
 * @param lastPeriod latest period, or null
 * @param years slices that it touches
 * @param definition fingerprint of how it is read; with the year in which it was, where records
 *     were rejected for theirs
 */
record FileState(
    SourceFile file,
    String checksum,
    List<String> header,
    String status,
    long lines,
    long read,
    long rejected,
    Map<String, Long> aggregates,
    String firstPeriod,
    String lastPeriod,
    List<YearCount> years,
    String definition) {

  static final String LOADED = "loaded";
  static final String REJECTED = "rejected";
  static final String PENDING = "pending";

  /** The definition of a file that has not been read. */
  private static final String NONE = "";

  /** In place of a definition: of a file that a run rejected and stopped. */
  private static final String STOPPED = "stopped";

  /**
   * Records of a file in a year that compete for a place in flow, and what became of them.
   *
   * @param candidates records with the verdict used
   * @param duplicate of them, those that stand identically elsewhere
   * @param superseded of them, those with other values in a later file
   * @param addedUp of them, those that are part of the row of another kind of processing or of the
   *     country
   */
  record YearCount(int year, long candidates, long duplicate, long superseded, long addedUp) {}

  /** Reason of aggregates that stand in flow as part of a row. */
  private static final String ADDED_UP = "kind of processing or part of a country, added up";

  /** Of a file that is rejected as a whole; one that could not be opened is tried again. */
  static FileState rejected(SourceFile file, SourceFile.Inspection inspection, String definition) {
    return new FileState(
        file,
        inspection.checksum(),
        inspection.header(),
        REJECTED,
        inspection.lines(),
        inspection.lines(),
        inspection.lines(),
        Map.of(),
        null,
        null,
        List.of(),
        inspection.isFinal() ? definition : NONE);
  }

  private FileState with(String newStatus, List<YearCount> newYears, String newDefinition) {
    return new FileState(
        file,
        checksum,
        header,
        newStatus,
        lines,
        read,
        rejected,
        aggregates,
        firstPeriod,
        lastPeriod,
        newYears,
        newDefinition);
  }

  FileState withStatus(String newStatus) {
    return with(newStatus, years, definition);
  }

  FileState withYears(List<YearCount> newYears) {
    return with(status, newYears, definition);
  }

  /** The same of a file with records of years that were yet to come when it was read. */
  FileState readIn(int year) {
    return with(status, years, readIn(definition, year));
  }

  private static String readIn(String definition, int year) {
    return definition + " in " + year;
  }

  /**
   * Whether it would be read as it was.
   *
   * @param thisYear the present one, after which records are rejected
   */
  boolean isUnchanged(SourceFile now, String definitionNow, int thisYear) {
    return !status.equals(PENDING)
        && isOf(now)
        && (definition.equals(definitionNow) || definition.equals(readIn(definitionNow, thisYear)));
  }

  /** The same, of a run that stops: a file that it rejects is judged again with those beside it. */
  FileState ofStoppedRun(FileState before) {
    return status.equals(REJECTED) && !isStillRejected(before)
        ? with(status, years, STOPPED)
        : this;
  }

  /** Whether it is rejected as a whole, and was by a run that went on. */
  boolean isStillRejected(FileState before) {
    return before != null
        && status.equals(REJECTED)
        && before.status.equals(REJECTED)
        && !before.definition.equals(STOPPED)
        && before.isOf(file);
  }

  private boolean isOf(SourceFile now) {
    return file.size() == now.size() && file.modified() == now.modified();
  }

  private long sum(java.util.function.ToLongFunction<YearCount> count) {
    return years.stream().mapToLong(count).sum();
  }

  /** Records that have a row in flow. */
  long used() {
    return sum(year -> year.candidates() - year.duplicate() - year.superseded() - year.addedUp());
  }

  /** Whether the table reject has rows of the file. */
  boolean hasRejects() {
    return rejected > 0 || status.equals(REJECTED);
  }

  /** Totals and parts of others by reason, those that are only known from the load included. */
  private Map<String, Long> allAggregates() {
    Map<String, Long> all = new TreeMap<>(aggregates);
    long addedUp = sum(YearCount::addedUp);
    if (addedUp > 0) {
      all.put(ADDED_UP, addedUp);
    }
    return all;
  }

  /** In the column order of the table; a pending file has used none of its candidates yet. */
  Row toRow() {
    long duplicate = sum(YearCount::duplicate);
    long superseded = sum(YearCount::superseded);
    List<Row> yearRows = new ArrayList<>();
    years.forEach(
        year ->
            yearRows.add(
                RowFactory.create(
                    year.year(),
                    year.candidates(),
                    year.duplicate(),
                    year.superseded(),
                    year.addedUp())));
    Map<String, Long> allAggregates = allAggregates();
    return RowFactory.create(
        file.path(),
        file.source(),
        file.size(),
        new Timestamp(file.modified()),
        checksum,
        String.join(",", header),
        status,
        lines,
        read,
        used(),
        rejected,
        allAggregates.values().stream().mapToLong(Long::longValue).sum(),
        allAggregates,
        duplicate,
        superseded,
        firstPeriod,
        lastPeriod,
        yearRows,
        definition);
  }

  /** The state that a row describes; where the file lies now is not known from it. */
  static FileState of(Row row) {
    List<YearCount> years = new ArrayList<>();
    for (Row year : row.<Row>getList(row.fieldIndex("years"))) {
      years.add(
          new YearCount(
              year.getInt(0), year.getLong(1), year.getLong(2), year.getLong(3), year.getLong(4)));
    }
    Map<String, Long> aggregates =
        new TreeMap<>(
            CollectionConverters.<String, Long>asJava(
                row.<String, Long>getMap(row.fieldIndex("aggregate_reasons"))));
    aggregates.remove(ADDED_UP);
    String header = row.getAs("header");
    SourceFile file =
        new SourceFile(
            row.getAs("source"),
            row.getAs("path"),
            null,
            row.<Long>getAs("size"),
            row.<Timestamp>getAs("modified").getTime());
    return new FileState(
        file,
        row.getAs("checksum"),
        header.isEmpty() ? List.of() : List.of(header.split(",")),
        row.getAs("status"),
        row.<Long>getAs("lines"),
        row.<Long>getAs("read"),
        row.<Long>getAs("rejected"),
        aggregates,
        row.getAs("first_period"),
        row.getAs("last_period"),
        years,
        row.getAs("definition"));
  }
}
