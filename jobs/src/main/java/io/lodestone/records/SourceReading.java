package io.lodestone.records;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.lodestone.Failure;
import io.lodestone.Tables;
import io.lodestone.exchange.Bins;
import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Rows;
import io.lodestone.exchange.Sending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Reads the files of one source: lines to columns, the source's SELECT, a judge, packed records.
 *
 * <p>A file is read from its first byte to its last by one task, which also takes its checksum and
 * counts its records; so nothing is read twice but the files that have rejects.
 */
final class SourceReading {
  /** Bytes of files that are worth a task of their own. */
  private static final long ENOUGH_BYTES = 32L << 20;

  private static final int TASKS_PER_CORE = 16;
  private static final String FITS = "_fits";

  /** Columns of a judged row before those of the SELECT. */
  private static final List<String> CARRIED =
      List.of(RawLines.FILE, RawLines.LINE, RawLines.RAW, RawLines.BROKEN);

  private static final int FILE = 0;
  private static final int LINE = 1;
  private static final int RAW = 2;
  private static final int FIRST_TEXT = CARRIED.size() + 1;

  private final SparkSession spark;
  private final Source source;
  private final Countries countries;
  private final Conversions conversions;
  private final String base;
  private final int latestYear;

  SourceReading(
      SparkSession spark,
      Source source,
      Countries countries,
      Conversions conversions,
      String base,
      int latestYear) {
    this.spark = spark;
    this.source = source;
    this.countries = countries;
    this.conversions = conversions;
    this.base = base;
    this.latestYear = latestYear;
  }

  /**
   * Records that stand in flow or are totals of years, packed, by bin.
   *
   * @param wanted years; empty for all
   * @param inspections receives what the bytes of each file are, by its number
   * @param tallies receives what the records of each file are, by its number
   */
  JavaRDD<Tuple2<Integer, byte[]>> packed(
      List<RawLines.Numbered> files,
      Set<Integer> wanted,
      FlowBins bins,
      Gathered<SourceFile.Inspection> inspections,
      Gathered<FileTally> tallies) {
    Judge.Meaning meaning = meaning(files);
    String name = source.name();
    int number = bins.source(name);
    FlatMapFunction<Iterator<InternalRow>, Tuple2<Integer, byte[]>> pack =
        rows ->
            new Packing(
                new SelectedRows(rows, name),
                new Judge(meaning, FIRST_TEXT),
                number,
                wanted,
                bins,
                tallies);
    return Rows.internal(selected(files, RawLines.Detail.FILE, inspections)).mapPartitions(pack);
  }

  /** Rows of the table {@code reject} for the records of files that are rejected. */
  Dataset<Row> rejects(List<RawLines.Numbered> files) {
    Judge.Meaning meaning = meaning(files);
    Map<Integer, String> paths = new HashMap<>();
    files.forEach(file -> paths.put(file.number(), file.file().path()));
    String name = source.name();
    Gathered<SourceFile.Inspection> ignored = Gathered.in(spark.sparkContext());
    FlatMapFunction<Iterator<InternalRow>, InternalRow> find =
        selected -> {
          Iterator<InternalRow> rows = new SelectedRows(selected, name);
          Judge judge = new Judge(meaning, FIRST_TEXT);
          List<InternalRow> rejects = new ArrayList<>();
          while (rows.hasNext()) {
            InternalRow row = rows.next();
            Reason verdict = judge.judge(row, row.getInt(FILE));
            if (verdict != null && !verdict.isAggregate()) {
              rejects.add(
                  new GenericInternalRow(
                      new Object[] {
                        UTF8String.fromString(name),
                        UTF8String.fromString(paths.get(row.getInt(FILE))),
                        row.getLong(LINE),
                        row.getUTF8String(RAW).clone(),
                        UTF8String.fromString(judge.message(verdict))
                      }));
            }
          }
          return rejects.iterator();
        };
    return Rows.dataset(
        spark,
        Rows.internal(selected(files, RawLines.Detail.LINE, ignored)).mapPartitions(find),
        Tables.REJECT.schema());
  }

  private Judge.Meaning meaning(List<RawLines.Numbered> files) {
    return new Judge.Meaning(
        source,
        new HashMap<>(countries.scheme(source.countries())),
        conversions.byRevision(),
        base,
        latestYear,
        attributes(files));
  }

  /** What the source says of whole files: by number of the file and name of the attribute. */
  private Map<Integer, Map<String, String>> attributes(List<RawLines.Numbered> files) {
    Map<Integer, Map<String, String>> attributes = new HashMap<>();
    if (source.fileAttributes().isEmpty()) {
      return attributes;
    }
    StructType schema =
        new StructType()
            .add(RawLines.FILE, DataTypes.IntegerType, false)
            .add(RawLines.PATH, DataTypes.StringType, false);
    List<Row> rows = new ArrayList<>();
    files.forEach(file -> rows.add(RowFactory.create(file.number(), file.file().path())));
    Map<String, String> expressions = new TreeMap<>(source.fileAttributes());
    List<String> selected = new ArrayList<>(List.of(RawLines.FILE));
    expressions.forEach(
        (name, expression) -> selected.add("CAST(%s AS STRING) AS %s".formatted(expression, name)));
    try {
      for (Row row :
          spark
              .createDataFrame(rows, schema)
              .selectExpr(selected.toArray(String[]::new))
              .collectAsList()) {
        Map<String, String> ofFile = new HashMap<>();
        int place = 1;
        for (String name : expressions.keySet()) {
          String text = row.getString(place++);
          if (text != null && !text.isBlank()) {
            ofFile.put(name, text.strip());
          }
        }
        attributes.put(row.getInt(0), ofFile);
      }
    } catch (Exception invalid) {
      throw unusable(invalid, List.of(RawLines.PATH));
    }
    return attributes;
  }

  /** What the SELECT makes of the lines, as text, behind what each line carries. */
  private Dataset<Row> selected(
      List<RawLines.Numbered> files,
      RawLines.Detail detail,
      Gathered<SourceFile.Inspection> inspections) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    Source itsSource = source;
    FlatMapFunction<Iterator<List<RawLines.Numbered>>, InternalRow> toLines =
        bundles ->
            new RawLines(
                bundles.next().iterator(), itsSource, detail, configuration.value(), inspections);
    List<List<RawLines.Numbered>> bundles = bundles(files);
    JavaRDD<InternalRow> lines =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(bundles, bundles.size())
            .mapPartitions(toLines);
    Dataset<Row> raw = Rows.dataset(spark, lines, RawLines.schema(source));
    Dataset<Row> selected = query(raw);
    List<String> found = Arrays.asList(selected.columns());
    for (String column : Judge.REQUIRED) {
      if (!found.contains(column)) {
        throw Failure.usage(
            "Cannot use sources/%s.sql: its SELECT gives no column %s; it gives %s."
                .formatted(source.name(), column, found.subList(FIRST_TEXT, found.size())));
      }
    }
    List<Column> columns = new ArrayList<>();
    CARRIED.forEach(name -> columns.add(col(name)));
    columns.add(col(FITS));
    for (String column : Judge.COLUMNS) {
      Column text = found.contains(column) ? col(column) : lit(null);
      columns.add(text.cast("STRING").as(column));
    }
    return selected.select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> query(Dataset<Row> raw) {
    raw.createOrReplaceTempView("raw");
    String fits = source.expect().isEmpty() ? "TRUE" : "(" + source.expect() + ")";
    try {
      return spark.sql(
          "SELECT %s, %s AS %s, %s"
              .formatted(String.join(", ", CARRIED), fits, FITS, source.select()));
    } catch (Exception invalid) {
      throw unusable(
          invalid, source.header().stream().map(Source.HeaderColumn::canonical).toList());
    } finally {
      spark.catalog().dropTempView("raw");
    }
  }

  /** What is wrong with the source's SQL, in terms of what its author wrote. */
  private RuntimeException unusable(Exception invalid, List<String> columns) {
    if (!(invalid instanceof AnalysisException analysis)) {
      return invalid instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException(invalid);
    }
    String condition = String.valueOf(analysis.getCondition());
    String reason;
    if (condition.startsWith("UNRESOLVED_COLUMN")) {
      reason =
          "there is no column %s; its columns are %s"
              .formatted(analysis.getMessageParameters().get("objectName"), columns);
    } else if (condition.equals("PARSE_SYNTAX_ERROR")) {
      reason =
          "its SQL cannot be read at or near %s"
              .formatted(analysis.getMessageParameters().get("error"));
    } else {
      reason = withoutOwnColumns(firstLine(invalid));
    }
    return Failure.usage(
        "Cannot use sources/%s.sql: %s.".formatted(source.name(), reason.replaceAll("\\.$", "")),
        invalid);
  }

  /** Rows of a SELECT, which may meet a value that it cannot take. */
  private record SelectedRows(Iterator<InternalRow> rows, String source)
      implements Iterator<InternalRow> {
    @Override
    public boolean hasNext() {
      try {
        return rows.hasNext();
      } catch (RuntimeException met) {
        throw explained(met);
      }
    }

    @Override
    public InternalRow next() {
      try {
        return rows.next();
      } catch (RuntimeException met) {
        throw explained(met);
      }
    }

    private RuntimeException explained(RuntimeException met) {
      if (!(met instanceof SparkThrowable)) {
        return met;
      }
      return Failure.usage(
          "Cannot use sources/%s.sql: its SELECT cannot take a value: %s A SELECT gives strings as they stand, which the ingest casts, rejecting what is none line by line."
              .formatted(source, withoutOwnColumns(firstLine(met))),
          met);
    }
  }

  private static String withoutOwnColumns(String text) {
    String shorter = text.replaceAll("^\\[[A-Z_.0-9]+\\] ", "").replaceAll(" SQLSTATE: \\w+$", "");
    for (String own : CARRIED) {
      shorter = shorter.replace("`" + own + "`, ", "");
    }
    return shorter;
  }

  private static String firstLine(Exception exception) {
    return String.valueOf(exception.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("");
  }

  /** Files by task, about as many bytes each, the largest first. */
  private List<List<RawLines.Numbered>> bundles(List<RawLines.Numbered> files) {
    long bytes = files.stream().mapToLong(file -> file.file().size()).sum();
    long most =
        Math.max(
            (long) TASKS_PER_CORE * spark.sparkContext().defaultParallelism(),
            bytes / ENOUGH_BYTES);
    int tasks = (int) Math.min(files.size(), most);
    record Bundle(List<RawLines.Numbered> files, long[] bytes) {}
    PriorityQueue<Bundle> bundles =
        new PriorityQueue<>(Comparator.comparingLong(bundle -> bundle.bytes()[0]));
    for (int task = 0; task < tasks; task++) {
      bundles.add(new Bundle(new ArrayList<>(), new long[1]));
    }
    files.stream()
        .sorted(Comparator.<RawLines.Numbered>comparingLong(file -> file.file().size()).reversed())
        .forEach(
            file -> {
              Bundle smallest = bundles.poll();
              smallest.files().add(file);
              smallest.bytes()[0] += file.file().size();
              bundles.add(smallest);
            });
    return bundles.stream()
        .sorted(Comparator.<Bundle>comparingLong(bundle -> bundle.bytes()[0]).reversed())
        .map(Bundle::files)
        .toList();
  }

  /** Judged rows into packed records by bin, counted file by file. */
  private static final class Packing extends Sending {
    private final Iterator<InternalRow> rows;
    private final Judge judge;
    private final int source;
    private final Set<Integer> wanted;
    private final FlowBins plan;
    private final Gathered<FileTally> tallies;
    private final Bins bins = new Bins(PackedRecord.WIDTH);
    private int file = -1;
    private FileTally tally;
    private int lastBin = -1;
    private long inLastBin;

    Packing(
        Iterator<InternalRow> rows,
        Judge judge,
        int source,
        Set<Integer> wanted,
        FlowBins plan,
        Gathered<FileTally> tallies) {
      this.rows = rows;
      this.judge = judge;
      this.source = source;
      this.wanted = wanted;
      this.plan = plan;
      this.tallies = tallies;
    }

    @Override
    protected boolean advance() {
      if (rows.hasNext()) {
        add(rows.next());
        return true;
      }
      startFile(-1);
      bins.close();
      return false;
    }

    @Override
    protected Tuple2<Integer, byte[]> poll() {
      return bins.poll();
    }

    private void add(InternalRow row) {
      int itsFile = row.getInt(FILE);
      if (itsFile != file) {
        startFile(itsFile);
      }
      Reason verdict = judge.judge(row, itsFile);
      tally.add(verdict, judge);
      if (verdict != null && verdict != Reason.WORLD && verdict != Reason.YEAR) {
        return;
      }
      int year = judge.year();
      if (!wanted.isEmpty() && !wanted.contains(year)) {
        return;
      }
      int bin =
          verdict == Reason.YEAR
              ? plan.totals(source, year)
              : plan.bin(source, year, judge.product());
      judge.pack(bins.of(bin), PackedRecord.slice(source, year), itsFile);
      if (bin != lastBin) {
        settleBin();
        lastBin = bin;
      }
      inLastBin++;
    }

    private void settleBin() {
      if (inLastBin > 0) {
        tally.sent(lastBin, inLastBin);
        inLastBin = 0;
      }
    }

    private void startFile(int next) {
      if (tally != null) {
        settleBin();
        tally.settle();
        tallies.add(file, tally);
      }
      lastBin = -1;
      file = next;
      tally = new FileTally();
    }
  }
}
