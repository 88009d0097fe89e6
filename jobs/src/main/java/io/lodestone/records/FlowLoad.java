package io.lodestone.records;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * From records to rows of {@code flow}: packed, sent once to the task of their slice, sorted by one
 * number, made unique, unpacked.
 *
 * <p>A task holds whole slices (source, year), or a part of a large slice that holds whole
 * products; so no product of a year crosses a file, and later steps read a file as one ordered
 * pass.
 */
final class FlowLoad {
  /** Rows that a task sorts in memory and a file holds: about 300 MB there, 60 MB here. */
  private static final long MOST_ROWS = 4_000_000;

  /** Fewer rows are not worth a task of their own. */
  private static final long FEWEST_ROWS = 200_000;

  /** A slice (source and year). */
  record Slice(String source, int year) implements Comparable<Slice> {
    @Override
    public int compareTo(Slice other) {
      int bySource = source.compareTo(other.source);
      return bySource != 0 ? bySource : Integer.compare(year, other.year);
    }
  }

  /**
   * All records of one source that are to be loaded.
   *
   * @param source how they are read
   * @param records of {@link RawRecords}, restricted to the slices that are made again
   * @param reader that gave them
   */
  record Input(Source source, Dataset<Row> records, RawRecords reader) {}

  private final List<Input> inputs;
  private final List<String> sources;
  private final Countries countries;
  private final List<String> paths;
  private final int[] firstTask;
  private final int[] tasks;
  private final int taskCount;

  /**
   * Plans the tasks.
   *
   * @param rows expected rows by slice
   * @param paths of the files by number
   */
  FlowLoad(
      List<Input> inputs,
      Countries countries,
      List<String> paths,
      SortedMap<Slice, Long> rows,
      int cores) {
    this.inputs = inputs;
    this.sources = inputs.stream().map(input -> input.source().name()).toList();
    this.countries = countries;
    this.paths = paths;
    this.firstTask = new int[sources.size() * PackedRecord.YEARS];
    this.tasks = new int[firstTask.length];
    Arrays.fill(tasks, 1);
    long total = rows.values().stream().mapToLong(Long::longValue).sum();
    long enough = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, total / (2L * cores)));
    int task = 0;
    long inTask = 0;
    for (var entry : rows.entrySet()) {
      int slice = slice(entry.getKey());
      int parts = (int) Math.max(1, (entry.getValue() + MOST_ROWS - 1) / MOST_ROWS);
      if (inTask > 0 && (parts > 1 || inTask + entry.getValue() > enough)) {
        task++;
        inTask = 0;
      }
      firstTask[slice] = task;
      tasks[slice] = parts;
      inTask += entry.getValue();
      if (parts > 1) {
        task += parts;
        inTask = 0;
      }
    }
    this.taskCount = task + 1;
  }

  private int slice(Slice slice) {
    return PackedRecord.slice(sources.indexOf(slice.source()), slice.year());
  }

  /** Rows of flow, in its order. */
  Dataset<Row> rows() {
    MapPartitionsFunction<Row, Row> standing = Uniqueness::standing;
    return unpack(sorted().mapPartitions(standing, Encoders.row(Uniqueness.STANDING)));
  }

  /** How many records of each file (by number) and year have no row of their own, by fate. */
  List<Row> fallen() {
    MapPartitionsFunction<Row, Row> fallen = Uniqueness::fallen;
    Column year =
        PackedRecord.slice(col(PackedRecord.KEY))
            .bitwiseAND(lit(PackedRecord.YEARS - 1))
            .plus(PackedRecord.FIRST_YEAR)
            .as("year");
    return sorted()
        .filter(isNotWorld())
        .mapPartitions(fallen, Encoders.row(Uniqueness.FALLEN))
        .groupBy(col(PackedRecord.FILE), year, col("fate"))
        .agg(count(lit(1)).as("records"))
        .collectAsList();
  }

  private Column isNotWorld() {
    return kind(PackedRecord.partner(col(PackedRecord.KEY))).notEqual(PartnerKind.WORLD.text());
  }

  private Dataset<Row> sorted() {
    Dataset<Row> packed = null;
    for (Input input : inputs) {
      Column slice =
          col("year_number").plus(PackedRecord.slice(sources.indexOf(input.source().name()), 0));
      Dataset<Row> next = input.reader().packed(input.records(), slice);
      packed = packed == null ? next : packed.unionByName(next);
    }
    Column slice = PackedRecord.slice(col(PackedRecord.KEY));
    Column task = lit(firstTask).getItem(slice);
    if (Arrays.stream(tasks).anyMatch(parts -> parts > 1)) {
      task =
          task.plus(
              pmod(hash(PackedRecord.product(col(PackedRecord.KEY))), lit(tasks).getItem(slice)));
    }
    return packed.repartitionById(taskCount, task).sortWithinPartitions(PackedRecord.KEY);
  }

  private Column kind(Column number) {
    return PackedRecord.oneOf(countries.kinds().stream().map(PartnerKind::text).toList(), number);
  }

  private Dataset<Row> unpack(Dataset<Row> packed) {
    Column key = col(PackedRecord.KEY);
    Column tags = col(PackedRecord.TAGS);
    Column source =
        shiftright(PackedRecord.slice(key), Integer.numberOfTrailingZeros(PackedRecord.YEARS));
    Column code = substring(col(PackedRecord.CODE).cast("STRING"), 2, Integer.MAX_VALUE);
    Column reporter = PackedRecord.reporter(key);
    Column partner = PackedRecord.partner(key);
    List<String> currencies = new ArrayList<>();
    inputs.forEach(input -> currencies.add(input.source().currency()));
    return packed.select(
        PackedRecord.oneOf(sources, source).as("source"),
        PackedRecord.slice(key)
            .bitwiseAND(lit(PackedRecord.YEARS - 1))
            .plus(PackedRecord.FIRST_YEAR)
            .as("year"),
        nullif(PackedRecord.month(key), lit(0)).as("month"),
        PackedRecord.oneOf(countries.names(), reporter).as("reporter"),
        PackedRecord.oneOf(countries.names(), partner).as("partner"),
        when(reporter.equalTo(partner), PartnerKind.SELF.text())
            .otherwise(kind(partner))
            .as("partner_kind"),
        PackedRecord.oneOf(PackedRecord.FLOWS, PackedRecord.flow(key)).as("flow"),
        code.as("code"),
        substring(code, 1, 6).as("hs6"),
        PackedRecord.revision(tags).as("hs_revision"),
        substring(PackedRecord.product(key).plus(1_000_000).cast("STRING"), 2, 6).as("product"),
        PackedRecord.mapping(tags).as("mapping"),
        col(PackedRecord.VALUE).as("value"),
        PackedRecord.oneOf(currencies, source).as("currency"),
        PackedRecord.valuation(tags).as("valuation"),
        col(PackedRecord.QUANTITY).as("quantity_kg"),
        when(PackedRecord.estimated(tags).gt(0), PackedRecord.estimated(tags).equalTo(2))
            .as("quantity_estimated"),
        PackedRecord.concept(tags).as("partner_concept"),
        PackedRecord.oneOf(paths, col(PackedRecord.FILE)).as("file"));
  }
}
