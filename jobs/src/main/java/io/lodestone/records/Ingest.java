package io.lodestone.records;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Brings the tables {@code flow}, {@code source_file}, {@code reject} and {@code reconciliation} to
 * the state of the records folder.
 *
 * <p>Files that are new or changed are read twice: a survey counts what every file holds, which
 * decides whether the run goes on and which slices (source, year) it touches; then the touched
 * slices are made again from all files that touch them, so that a withdrawn or corrected file
 * leaves nothing behind. {@code source_file} is written last: a run that dies before it is simply
 * done again.
 */
public final class Ingest {
  private static final String STEP = "ingest";

  /** A file of which a larger share of rows does not look like its source is shifted as a whole. */
  private static final double SHIFTED_SHARE = 0.5;

  private final Lake lake;
  private final SparkSession spark;
  private final Settings settings;
  private final Scope scope;
  private final Progress progress;
  private final ConfFiles conf;
  private final Map<String, Source> sources;
  private final Countries countries;
  private final Conversions conversions;

  private Ingest(Lake lake, Settings settings, ConfFiles conf, Scope scope, Progress progress) {
    this.lake = lake;
    this.spark = lake.spark();
    this.settings = settings;
    this.scope = scope;
    this.progress = progress;
    this.conf = conf;
    this.sources = Source.load(conf);
    this.countries = Countries.load(conf);
    this.conversions = Conversions.load(conf, settings.hsBase());
  }

  /**
   * Runs the step; returns whether any table changed.
   *
   * @param scope years whose files are read again although they have not changed
   * @throws Failure if the folder or its files cannot be trusted; tables of results are as they
   *     were
   */
  public static boolean run(
      Lake lake, Settings settings, ConfFiles conf, Scope scope, Progress progress) {
    return new Ingest(lake, settings, conf, scope, progress).run();
  }

  private boolean run() {
    List<SourceFile> listed =
        Listing.of(settings.records(), sources, spark.sparkContext().hadoopConfiguration());
    Map<String, FileState> before = states();
    if (listed.isEmpty() && before.isEmpty()) {
      throw Failure.usage(
          "Cannot read %s: it holds no files; put the records of a source into a folder such as %s/comtrade."
              .formatted(settings.records(), settings.records()));
    }
    Map<String, SourceFile> now =
        listed.stream().collect(Collectors.toMap(SourceFile::path, file -> file));
    List<SourceFile> changed =
        listed.stream().filter(file -> !isUnchanged(before.get(file.path()), file)).toList();
    List<FileState> gone =
        before.values().stream().filter(state -> !now.containsKey(state.file().path())).toList();
    requireFewWithdrawn(before, gone);
    requireOneWorld(listed);
    if (changed.isEmpty() && gone.isEmpty()) {
      progress.line("ingest: nothing to do, all %,d files are loaded and unchanged", listed.size());
      return false;
    }
    progress.line(
        "ingest: %,d of %,d files are new or changed, %,d are gone; reading them",
        changed.size(), listed.size(), gone.size());

    Map<String, FileState> after = new TreeMap<>(survey(changed));
    Dataset<Row> rejects = rejects(after, before, gone);
    List<String> excess = excess(after);
    listed.stream()
        .filter(file -> !after.containsKey(file.path()))
        .forEach(file -> after.put(file.path(), before.get(file.path())));
    if (!excess.isEmpty()) {
      Map<String, FileState> pending = new TreeMap<>(before);
      after.forEach(
          (path, state) ->
              pending.put(
                  path,
                  changed.contains(state.file()) ? keepYears(state, before.get(path)) : state));
      lake.replace(Tables.REJECT, rejects, "true", STEP, "");
      writeStates(pending);
      throw Failure.data(
          "Cannot load %s: %s. See the table reject; correct the files or raise the limit. Nothing else has changed."
              .formatted(settings.records(), String.join("; ", excess)));
    }

    SortedSet<FlowLoad.Slice> touched = touched(after, before, changed, gone);
    Map<String, FileState> placed = new TreeMap<>();
    after.forEach((path, state) -> placed.put(path, settled(state, now.get(path))));
    lake.replace(Tables.REJECT, rejects, "true", STEP, "");
    if (!touched.isEmpty()) {
      load(placed, touched);
    }
    writeStates(placed);
    progress.line(
        "ingest: %,d records used of %,d read",
        placed.values().stream().mapToLong(FileState::candidates).sum()
            - placed.values().stream()
                .flatMap(state -> state.years().stream())
                .mapToLong(year -> year.duplicate() + year.superseded())
                .sum(),
        placed.values().stream().mapToLong(FileState::read).sum());
    return true;
  }

  /** How the records folder differs from what is loaded; nothing is read but the listing. */
  public static Changes changes(Lake lake, Settings settings, ConfFiles conf, Progress progress) {
    return new Ingest(lake, settings, conf, Scope.CHANGES, progress).changes();
  }

  private Changes changes() {
    List<SourceFile> listed =
        Listing.of(settings.records(), sources, spark.sparkContext().hadoopConfiguration());
    Map<String, FileState> before = states();
    Set<String> now = listed.stream().map(SourceFile::path).collect(Collectors.toSet());
    List<String> other =
        listed.stream()
            .filter(file -> !isUnchanged(before.get(file.path()), file))
            .map(SourceFile::path)
            .toList();
    List<String> gone = before.keySet().stream().filter(path -> !now.contains(path)).toList();
    SortedSet<FlowLoad.Slice> slices = new TreeSet<>();
    other.forEach(path -> addSlices(slices, before.get(path)));
    gone.forEach(path -> addSlices(slices, before.get(path)));
    return new Changes(
        other.stream().filter(path -> !before.containsKey(path)).toList(),
        other.stream().filter(before::containsKey).toList(),
        gone,
        slices.stream().map(slice -> slice.source() + " " + slice.year()).toList());
  }

  private boolean isUnchanged(FileState before, SourceFile file) {
    return before != null
        && before.isUnchanged(file, definition(file.source()))
        && before.years().stream().noneMatch(year -> scope.includes(year.year()));
  }

  private final Map<String, String> definitions = new HashMap<>();

  private String definition(String source) {
    return definitions.computeIfAbsent(
        source,
        name -> {
          List<String> parts =
              new ArrayList<>(
                  List.of(
                      Fingerprint.ofProgram(),
                      settings.hsBase(),
                      sources.get(name).toString(),
                      conf.text("countries.csv")));
          conf.names("hs", ".csv").forEach(table -> parts.add(conf.text(table)));
          return Fingerprint.of(parts);
        });
  }

  private Map<String, FileState> states() {
    Map<String, FileState> states = new TreeMap<>();
    for (Row row : lake.read(Tables.SOURCE_FILE).collectAsList()) {
      FileState state = FileState.of(row);
      states.put(state.file().path(), state);
    }
    return states;
  }

  private void requireFewWithdrawn(Map<String, FileState> before, List<FileState> gone) {
    long loaded = before.values().stream().filter(Ingest::isLoaded).count();
    long withdrawn = gone.stream().filter(Ingest::isLoaded).count();
    if (withdrawn > settings.withdrawnMax() * loaded) {
      throw Failure.data(
          "Cannot go on: %,d of the %,d loaded files are gone from %s, more than spark.lodestone.withdrawn.max = %s; if they were meant to go, raise that setting for this run, else bring the folder back. Nothing has changed."
              .formatted(withdrawn, loaded, settings.records(), settings.withdrawnMax()));
    }
  }

  private static boolean isLoaded(FileState state) {
    return state.status().equals(FileState.LOADED);
  }

  private void requireOneWorld(List<SourceFile> listed) {
    Set<String> names = listed.stream().map(SourceFile::source).collect(Collectors.toSet());
    List<String> synthetic =
        names.stream().filter(name -> sources.get(name).synthetic()).sorted().toList();
    List<String> real =
        names.stream().filter(name -> !sources.get(name).synthetic()).sorted().toList();
    if (!synthetic.isEmpty() && !real.isEmpty()) {
      throw Failure.usage(
          "Cannot load %s: it mixes synthetic sources %s with real ones %s; keep them in folders and lakes of their own."
              .formatted(settings.records(), synthetic, real));
    }
  }

  /** What every changed file holds; none is loaded yet. */
  private Map<String, FileState> survey(List<SourceFile> changed) {
    lake.label(STEP, Tables.SOURCE_FILE, "survey of %,d files".formatted(changed.size()));
    Map<String, FileState> states = new TreeMap<>();
    Map<String, SourceFile.Inspection> inspections = inspect(changed);
    for (Map.Entry<String, List<SourceFile>> entry : bySource(changed).entrySet()) {
      Source source = sources.get(entry.getKey());
      List<SourceFile> readable = new ArrayList<>();
      for (SourceFile file : entry.getValue()) {
        SourceFile.Inspection inspection = inspections.get(file.path());
        String error = inspection.error();
        if (error == null) {
          String misfit = RawRecords.misfit(source, inspection.header());
          error = misfit.isEmpty() ? null : misfit;
        }
        if (error == null) {
          readable.add(file);
        } else {
          states.put(file.path(), FileState.rejected(file, inspection, definition(source.name())));
          wholeFileReasons.put(file.path(), error);
        }
      }
      if (!readable.isEmpty()) {
        states.putAll(countRecords(source, readable, inspections));
      }
    }
    return states;
  }

  private final Map<String, String> wholeFileReasons = new TreeMap<>();
  private final Map<String, Long> rejectReasons = new TreeMap<>();

  private Map<String, SourceFile.Inspection> inspect(List<SourceFile> files) {
    if (files.isEmpty()) {
      return Map.of();
    }
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    Map<String, FileReading.Text> texts = new HashMap<>();
    sources.forEach(
        (name, source) ->
            texts.put(
                name,
                new FileReading.Text(
                    source.encoding(), source.options().getOrDefault("sep", ","))));
    Function<SourceFile, SourceFile.Inspection> inspect =
        file -> FileReading.inspect(file, texts.get(file.source()), configuration.value());
    int tasks = Math.min(files.size(), 16 * spark.sparkContext().defaultParallelism());
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(files, tasks)
        .map(inspect)
        .collect()
        .stream()
        .collect(Collectors.toMap(SourceFile.Inspection::path, inspection -> inspection));
  }

  private static Map<String, List<SourceFile>> bySource(List<SourceFile> files) {
    return files.stream()
        .collect(
            Collectors.groupingBy(SourceFile::source, LinkedHashMap::new, Collectors.toList()));
  }

  private RawRecords reader(Source source) {
    return new RawRecords(
        spark,
        source,
        countries,
        conversions,
        settings.hsBase(),
        Year.now(ZoneOffset.UTC).getValue());
  }

  private Map<String, FileState> countRecords(
      Source source, List<SourceFile> files, Map<String, SourceFile.Inspection> inspections) {
    lake.label(
        STEP,
        Tables.SOURCE_FILE,
        "survey of %,d files of %s".formatted(files.size(), source.name()));
    List<RawRecords.Numbered> numbered = new ArrayList<>();
    for (SourceFile file : files) {
      numbered.add(
          new RawRecords.Numbered(numbered.size(), file, inspections.get(file.path()).header()));
    }
    Column period = col("year_number").multiply(100).plus(coalesce(col("month_number"), lit(0)));
    RawRecords reader = reader(source);
    List<Row> counts =
        reader
            .of(numbered)
            .groupBy(RawRecords.FILE, "year_number", RawRecords.RULE, "aggregate")
            .agg(count(lit(1)), min(period), max(period))
            .collectAsList();
    if (counts.stream().anyMatch(row -> row.isNullAt(0))) {
      throw new IllegalStateException(
          "Cannot tell the files of %s apart: Spark calls them otherwise than the listing, such as %s"
              .formatted(source.name(), files.get(0).uri()));
    }
    Map<Integer, List<Row>> byFile =
        counts.stream().collect(Collectors.groupingBy(row -> row.getInt(0)));
    Map<String, FileState> states = new TreeMap<>();
    for (RawRecords.Numbered file : numbered) {
      SourceFile.Inspection inspection = inspections.get(file.file().path());
      states.put(
          file.file().path(),
          surveyed(
              reader,
              file.file(),
              inspection,
              byFile.getOrDefault(file.number(), List.of()),
              definition(source.name())));
    }
    return states;
  }

  private FileState surveyed(
      RawRecords reader,
      SourceFile file,
      SourceFile.Inspection inspection,
      List<Row> counts,
      String definition) {
    long read = 0;
    long rejected = 0;
    long misfits = 0;
    int first = Integer.MAX_VALUE;
    int last = 0;
    Map<String, Long> aggregates = new TreeMap<>();
    Map<String, Long> reasons = new TreeMap<>();
    SortedMap<Integer, Long> years = new TreeMap<>();
    for (Row row : counts) {
      long records = row.getLong(4);
      read += records;
      if (row.isNullAt(2)) {
        years.merge(row.getInt(1), records, Long::sum);
      } else {
        RawRecords.Rule rule = reader.rule(row.getInt(2));
        String reason = rule.reason().isEmpty() ? row.getString(3) : rule.reason();
        if (rule.verdict() == RawRecords.Verdict.REJECT) {
          rejected += records;
          reasons.merge(reason, records, Long::sum);
          misfits += reason.equals(RawRecords.MISFIT) ? records : 0;
          continue;
        }
        aggregates.merge(reason, records, Long::sum);
        if (reason.equals(RawRecords.WORLD) || reason.equals(RawRecords.YEAR)) {
          years.merge(row.getInt(1), 0L, Long::sum);
        }
      }
      if (!row.isNullAt(5)) {
        first = Math.min(first, row.getInt(5));
        last = Math.max(last, row.getInt(6));
      }
    }
    if (misfits > SHIFTED_SHARE * read) {
      wholeFileReasons.put(
          file.path(),
          "%,d of its %,d rows are not what the source %s expects; the data seem to be shifted against the header"
              .formatted(misfits, read, file.source()));
      return FileState.rejected(file, inspection, definition);
    }
    reasons.forEach((reason, records) -> rejectReasons.merge(reason, records, Long::sum));
    List<FileState.YearCount> yearCounts = new ArrayList<>();
    years.forEach((year, records) -> yearCounts.add(new FileState.YearCount(year, records, 0, 0)));
    return new FileState(
        file,
        inspection.checksum(),
        inspection.header(),
        FileState.PENDING,
        inspection.lines(),
        read,
        rejected,
        aggregates,
        last == 0 ? null : period(first),
        last == 0 ? null : period(last),
        yearCounts,
        definition);
  }

  private static String period(int yearAndMonth) {
    int month = yearAndMonth % 100;
    return month == 0
        ? "%04d".formatted(yearAndMonth / 100)
        : "%04d-%02d".formatted(yearAndMonth / 100, month);
  }

  /** The whole table reject: what stands of it, and the rejects of the changed files. */
  private Dataset<Row> rejects(
      Map<String, FileState> surveyed, Map<String, FileState> before, List<FileState> gone) {
    List<String> replaced = new ArrayList<>(surveyed.keySet());
    gone.forEach(state -> replaced.add(state.file().path()));
    Dataset<Row> standing =
        before.isEmpty()
            ? lake.read(Tables.REJECT).limit(0)
            : lake.read(Tables.REJECT)
                .join(
                    spark
                        .createDataset(replaced, org.apache.spark.sql.Encoders.STRING())
                        .toDF("file"),
                    scala.jdk.javaapi.CollectionConverters.asScala(List.of("file")).toSeq(),
                    "left_anti");
    List<Row> whole = new ArrayList<>();
    wholeFileReasons.forEach(
        (path, reason) ->
            whole.add(
                org.apache.spark.sql.RowFactory.create(
                    surveyed.get(path).file().source(), path, null, null, reason)));
    Dataset<Row> all =
        standing
            .select("source", "file", "line", "raw", "reason")
            .unionByName(spark.createDataFrame(whole, Tables.REJECT.schema()));
    Map<String, List<FileState>> withRejects =
        surveyed.values().stream()
            .filter(state -> state.rejected() > 0 && !state.status().equals(FileState.REJECTED))
            .collect(Collectors.groupingBy(state -> state.file().source()));
    for (Map.Entry<String, List<FileState>> entry : withRejects.entrySet()) {
      List<RawRecords.Numbered> files = new ArrayList<>();
      List<String> paths = new ArrayList<>();
      for (FileState state : entry.getValue()) {
        files.add(new RawRecords.Numbered(files.size(), state.file(), state.header()));
        paths.add(state.file().path());
      }
      RawRecords reader = reader(sources.get(entry.getKey()));
      all =
          all.unionByName(
              reader
                  .numbered(files)
                  .filter(reader.isRejected())
                  .select(
                      lit(entry.getKey()).as("source"),
                      PackedRecord.oneOf(paths, col(RawRecords.FILE)).as("file"),
                      col(RawRecords.LINE).as("line"),
                      col(RawRecords.RAW).as("raw"),
                      col(RawRecords.MESSAGE).as("reason")));
    }
    return all.coalesce(1);
  }

  /** What goes beyond the limits, in words; empty if nothing does. */
  private List<String> excess(Map<String, FileState> surveyed) {
    List<String> excess = new ArrayList<>();
    long read = 0;
    long rejected = 0;
    for (FileState state : surveyed.values()) {
      if (!state.status().equals(FileState.REJECTED)) {
        read += state.read();
        rejected += state.rejected();
      }
    }
    if (rejected > settings.rejectsMax() * read) {
      excess.add(
          "%,d of %,d records are rejected, more than spark.lodestone.rejects.max = %s (%s)"
              .formatted(rejected, read, settings.rejectsMax(), byReason(rejectReasons)));
    }
    if (wholeFileReasons.size() > settings.filesRejectedMax() * surveyed.size()) {
      Map<String, Long> reasons =
          wholeFileReasons.values().stream()
              .collect(
                  Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
      excess.add(
          "%,d of %,d files are rejected, more than spark.lodestone.files.rejected.max = %s (%s)"
              .formatted(
                  wholeFileReasons.size(),
                  surveyed.size(),
                  settings.filesRejectedMax(),
                  byReason(reasons)));
    }
    return excess;
  }

  private static String byReason(Map<String, Long> reasons) {
    int most = 5;
    String first =
        reasons.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(most)
            .map(entry -> "%s: %,d".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    return reasons.size() > most ? first + ", and others" : first;
  }

  /** A file that is not loaded yet keeps the slices of its last load, to be made again later. */
  private static FileState keepYears(FileState state, FileState before) {
    if (before == null) {
      return state;
    }
    SortedMap<Integer, FileState.YearCount> years = new TreeMap<>();
    before
        .years()
        .forEach(year -> years.put(year.year(), new FileState.YearCount(year.year(), 0, 0, 0)));
    state.years().forEach(year -> years.put(year.year(), year));
    return state.withYears(List.copyOf(years.values()));
  }

  private SortedSet<FlowLoad.Slice> touched(
      Map<String, FileState> after,
      Map<String, FileState> before,
      List<SourceFile> changed,
      List<FileState> gone) {
    SortedSet<FlowLoad.Slice> touched = new TreeSet<>();
    for (SourceFile file : changed) {
      addSlices(touched, after.get(file.path()));
      addSlices(touched, before.get(file.path()));
    }
    gone.forEach(state -> addSlices(touched, state));
    return touched;
  }

  private static void addSlices(Set<FlowLoad.Slice> slices, FileState state) {
    if (state != null) {
      state
          .years()
          .forEach(year -> slices.add(new FlowLoad.Slice(state.file().source(), year.year())));
    }
  }

  private static FileState settled(FileState state, SourceFile file) {
    return new FileState(
        file,
        state.checksum(),
        state.header(),
        state.status().equals(FileState.REJECTED) ? FileState.REJECTED : FileState.LOADED,
        state.lines(),
        state.read(),
        state.rejected(),
        state.aggregates(),
        state.firstPeriod(),
        state.lastPeriod(),
        state.years(),
        state.definition());
  }

  /**
   * Makes the touched slices of flow and reconciliation again and counts what became of records.
   */
  private void load(Map<String, FileState> states, SortedSet<FlowLoad.Slice> touched) {
    List<FileState> files =
        states.values().stream()
            .filter(Ingest::isLoaded)
            .filter(
                state ->
                    state.years().stream()
                        .anyMatch(
                            year ->
                                touched.contains(
                                    new FlowLoad.Slice(state.file().source(), year.year()))))
            .sorted(
                Comparator.<FileState>comparingLong(state -> state.file().modified())
                    .thenComparing(state -> state.file().path()))
            .toList();
    List<String> paths = files.stream().map(state -> state.file().path()).toList();
    SortedMap<FlowLoad.Slice, Long> rows = new TreeMap<>();
    touched.forEach(slice -> rows.put(slice, 0L));
    Map<String, List<RawRecords.Numbered>> bySource = new TreeMap<>();
    for (int number = 0; number < files.size(); number++) {
      FileState state = files.get(number);
      bySource
          .computeIfAbsent(state.file().source(), source -> new ArrayList<>())
          .add(new RawRecords.Numbered(number, state.file(), state.header()));
      for (FileState.YearCount year : state.years()) {
        rows.computeIfPresent(
            new FlowLoad.Slice(state.file().source(), year.year()),
            (slice, records) -> records + year.candidates());
      }
    }
    List<FlowLoad.Input> inputs = new ArrayList<>();
    List<Dataset<Row>> yearTotals = new ArrayList<>();
    bySource.forEach(
        (name, numbered) -> {
          RawRecords reader = reader(sources.get(name));
          Object[] years =
              touched.stream()
                  .filter(slice -> slice.source().equals(name))
                  .map(FlowLoad.Slice::year)
                  .toArray();
          Dataset<Row> records = reader.of(numbered).filter(col("year_number").isin(years));
          inputs.add(
              new FlowLoad.Input(
                  sources.get(name),
                  records.filter(RawRecords.isUsed().or(reader.is(RawRecords.WORLD))),
                  reader));
          boolean publishesYears =
              files.stream()
                  .anyMatch(
                      state ->
                          state.file().source().equals(name)
                              && state.aggregates().containsKey(RawRecords.YEAR));
          if (publishesYears) {
            yearTotals.add(
                Reconciliation.yearTotals(
                    name,
                    records.filter(reader.is(RawRecords.YEAR)),
                    sources.get(name).valueScale(),
                    countries));
          }
        });
    String slices = predicate(touched);
    String fingerprint =
        Fingerprint.of(
            files.stream()
                .map(state -> state.file().path() + state.checksum() + state.definition())
                .toList());
    FlowLoad flow =
        new FlowLoad(inputs, countries, paths, rows, spark.sparkContext().defaultParallelism());
    if (inputs.isEmpty()) {
      lake.replace(Tables.FLOW, lake.read(Tables.FLOW).limit(0), slices, STEP, fingerprint);
    } else {
      lake.replace(Tables.FLOW, flow.rows(), slices, STEP, fingerprint);
    }
    account(states, files, flow, touched);
    Dataset<Row> written = lake.read(Tables.FLOW).where(slices);
    lake.replace(
        Tables.RECONCILIATION,
        publishTotals(files)
            ? Reconciliation.rows(written, yearTotals)
            : lake.read(Tables.RECONCILIATION).limit(0),
        slices,
        STEP,
        fingerprint);
  }

  /** Whether any file brings a total to compare with: World rows, years, or years beside months. */
  private static boolean publishTotals(List<FileState> files) {
    long annual =
        files.stream()
            .flatMap(state -> Stream.of(state.firstPeriod(), state.lastPeriod()))
            .filter(Ingest::isAnnual)
            .count();
    return annual > 0 && annual < 2L * files.size()
        || files.stream()
            .map(FileState::aggregates)
            .anyMatch(
                reasons ->
                    reasons.containsKey(RawRecords.WORLD) || reasons.containsKey(RawRecords.YEAR));
  }

  private static boolean isAnnual(String period) {
    return period != null && period.length() == 4;
  }

  private static String predicate(Set<FlowLoad.Slice> slices) {
    return slices.stream()
        .collect(
            Collectors.groupingBy(
                FlowLoad.Slice::source,
                TreeMap::new,
                Collectors.mapping(
                    slice -> String.valueOf(slice.year()), Collectors.joining(", "))))
        .entrySet()
        .stream()
        .map(
            entry -> "(source = '%s' AND year IN (%s))".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(" OR "));
  }

  /**
   * Compares what stands in flow with what competed for a place. Where records are missing, they
   * must be duplicates, superseded or added up; anything else is a lost record and fails the run.
   */
  private void account(
      Map<String, FileState> states,
      List<FileState> files,
      FlowLoad flow,
      Set<FlowLoad.Slice> touched) {
    record Place(String path, int year) {}

    lake.label(STEP, Tables.SOURCE_FILE, "account of " + predicate(touched));

    Map<Place, Long> standing = new HashMap<>();
    lake.read(Tables.FLOW)
        .where(predicate(touched))
        .filter(col("partner_kind").notEqual(PartnerKind.WORLD.text()))
        .groupBy("file", "year")
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> standing.put(new Place(row.getString(0), row.getInt(1)), row.getLong(2)));
    Map<Place, Map<String, Long>> fallen = new HashMap<>();
    boolean complete =
        files.stream()
            .allMatch(
                state ->
                    state.years().stream()
                        .filter(
                            year ->
                                touched.contains(
                                    new FlowLoad.Slice(state.file().source(), year.year())))
                        .allMatch(
                            year ->
                                standing.getOrDefault(
                                        new Place(state.file().path(), year.year()), 0L)
                                    == year.candidates()));
    if (!complete) {
      for (Row row : flow.fallen()) {
        fallen
            .computeIfAbsent(
                new Place(files.get(row.getInt(0)).file().path(), row.getInt(1)),
                place -> new HashMap<>())
            .merge(row.getString(2), row.getLong(3), Long::sum);
      }
    }
    for (FileState state : files) {
      List<FileState.YearCount> years = new ArrayList<>();
      for (FileState.YearCount year : state.years()) {
        if (!touched.contains(new FlowLoad.Slice(state.file().source(), year.year()))) {
          years.add(year);
          continue;
        }
        Place place = new Place(state.file().path(), year.year());
        Map<String, Long> fates = fallen.getOrDefault(place, Map.of());
        long duplicate = fates.getOrDefault(Uniqueness.DUPLICATE, 0L);
        long superseded = fates.getOrDefault(Uniqueness.SUPERSEDED, 0L);
        long found =
            standing.getOrDefault(place, 0L)
                + duplicate
                + superseded
                + fates.getOrDefault(Uniqueness.ADDED_UP, 0L);
        if (found != year.candidates()) {
          throw new IllegalStateException(
              "Cannot account for %s in %d: %,d records should stand in flow or be set aside, %,d do"
                  .formatted(place.path(), year.year(), year.candidates(), found));
        }
        years.add(new FileState.YearCount(year.year(), year.candidates(), duplicate, superseded));
      }
      states.put(state.file().path(), state.withYears(years));
    }
  }

  private void writeStates(Map<String, FileState> states) {
    List<Row> rows = states.values().stream().map(FileState::toRow).toList();
    lake.replace(
        Tables.SOURCE_FILE,
        spark.createDataFrame(rows, Tables.SOURCE_FILE.schema()).coalesce(1),
        "true",
        STEP,
        "");
  }
}
