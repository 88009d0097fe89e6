package io.lodestone.records;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Fingerprint;
import io.lodestone.Progress;
import io.lodestone.Scope;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.lake.Together;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Brings the tables {@code flow}, {@code source_file}, {@code reject} and {@code reconciliation} to
 * the state of the records folder.
 *
 * <p>Files that are new or changed are read once: their records are counted and sent to the bins of
 * an exchange. The counts decide whether the run goes on and which slices (source, year) it
 * touches; then the touched slices are made again from all files that touch them, so that a
 * withdrawn or corrected file leaves nothing behind. {@code source_file} is written last: a run
 * that dies before it is simply done again.
 */
public final class Ingest {
  private static final String STEP = "ingest";

  private final Lake lake;
  private final SparkSession spark;
  private final Settings settings;
  private final Scope scope;
  private final int thisYear;
  private final Progress progress;
  private final ConfFiles conf;
  private final Map<String, Source> sources;
  private final Countries countries;
  private final Conversions conversions;

  private Ingest(
      Lake lake, Settings settings, ConfFiles conf, Scope scope, int thisYear, Progress progress) {
    this.lake = lake;
    this.spark = lake.spark();
    this.settings = settings;
    this.scope = scope;
    this.thisYear = thisYear;
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
    return run(lake, settings, conf, scope, presentYear(), progress);
  }

  /** As the other, in a year; records of later ones are rejected. */
  static boolean run(
      Lake lake, Settings settings, ConfFiles conf, Scope scope, int thisYear, Progress progress) {
    return new Ingest(lake, settings, conf, scope, thisYear, progress).run();
  }

  private static int presentYear() {
    return Year.now(ZoneOffset.UTC).getValue();
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

    number(listed);
    Reading reading = read(changed);
    survey = Survey.of(changed, reading, file -> numbers.get(file.path()), this::definition);
    Map<String, FileState> after = new TreeMap<>(survey.states());
    after.replaceAll(
        (path, state) -> hasRejectsForTheirYear(reading, path) ? state.readIn(thisYear) : state);
    List<String> excess = survey.excess(settings, before);
    boolean rejectsChange = rejectsChange(after, before, gone);
    listed.stream()
        .filter(file -> !after.containsKey(file.path()))
        .forEach(file -> after.put(file.path(), before.get(file.path())));
    if (!excess.isEmpty()) {
      Map<String, FileState> pending = new TreeMap<>(before);
      after.forEach(
          (path, state) ->
              pending.put(
                  path,
                  changed.contains(state.file())
                      ? keepYears(state, before.get(path)).ofStoppedRun(before.get(path))
                      : state));
      writeRejects(after, changed, before, gone);
      writeStates(pending);
      throw Failure.data(
          "Cannot load %s: %s. See `./lodestone show reject --run %s`; correct the files or raise the limit. Nothing else has changed."
              .formatted(settings.records(), String.join("; ", excess), lake.run()));
    }

    SortedSet<FlowLoad.Slice> touched = touched(after, before, changed, gone);
    Map<String, FileState> placed = new TreeMap<>();
    after.forEach((path, state) -> placed.put(path, settled(state, now.get(path))));
    Together.run(
        () -> {
          if (rejectsChange) {
            writeRejects(after, changed, before, gone);
          }
        },
        () -> {
          if (!touched.isEmpty()) {
            load(placed, touched, reading, changed);
          }
        });
    requireUnchanged(
        listed.stream()
            .filter(file -> changed.contains(file) || touches(after.get(file.path()), touched))
            .toList());
    writeStates(placed);
    progress.line(
        "ingest: %,d records used of %,d read",
        placed.values().stream().mapToLong(FileState::used).sum(),
        placed.values().stream().mapToLong(FileState::read).sum());
    return true;
  }

  /** Whether it is to be read again when the year has moved on. */
  private boolean hasRejectsForTheirYear(Reading reading, String path) {
    FileTally tally = reading.tallies().get(numbers.get(path));
    return tally != null && tally.rejects().containsKey(Reason.YEAR_OUT_OF_RANGE.text());
  }

  /** How the records folder differs from what is loaded; nothing is read but the listing. */
  public static Changes changes(Lake lake, Settings settings, ConfFiles conf, Progress progress) {
    return new Ingest(lake, settings, conf, Scope.CHANGES, presentYear(), progress).changes();
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

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> paths = new ArrayList<>();

  /** Numbers the files, later ones higher: by modification time, then by path. */
  private void number(List<SourceFile> listed) {
    listed.stream()
        .sorted(Comparator.comparingLong(SourceFile::modified).thenComparing(SourceFile::path))
        .forEach(
            file -> {
              numbers.put(file.path(), paths.size());
              paths.add(file.path());
            });
    bins =
        FlowBins.of(
            listed.stream().map(SourceFile::source).distinct().sorted().toList(), thisYear, listed);
  }

  private FlowBins bins;
  private Survey survey;

  private RawLines.Numbered numbered(SourceFile file) {
    return new RawLines.Numbered(numbers.get(file.path()), file);
  }

  private Reading read(List<SourceFile> files) {
    lake.label(STEP, Tables.SOURCE_FILE, "survey of %,d files".formatted(files.size()));
    List<Reading.Wanted> wanted = new ArrayList<>();
    bySource(files)
        .forEach(
            (name, ofSource) ->
                wanted.add(
                    new Reading.Wanted(
                        reader(name), ofSource.stream().map(this::numbered).toList(), Set.of())));
    return Reading.of(spark.sparkContext(), wanted, bins);
  }

  private boolean isUnchanged(FileState before, SourceFile file) {
    return before != null
        && before.isUnchanged(file, definition(file.source()), thisYear)
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
          Conversions.files(conf).forEach(table -> parts.add(conf.text(table)));
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

  /** Files that were read are still the files that were listed. */
  private void requireUnchanged(List<SourceFile> read) {
    Set<SourceFile> now =
        Set.copyOf(
            Listing.of(settings.records(), sources, spark.sparkContext().hadoopConfiguration()));
    List<String> others =
        read.stream().filter(file -> !now.contains(file)).map(SourceFile::path).toList();
    if (!others.isEmpty()) {
      throw Failure.data(
          "Cannot load %s: %s changed while it was read; run again when it is whole%s."
              .formatted(
                  settings.records(),
                  others.get(0),
                  others.size() == 1 ? "" : ", as are %,d others".formatted(others.size() - 1)));
    }
  }

  private static boolean touches(FileState state, Set<FlowLoad.Slice> touched) {
    return state.years().stream().anyMatch(year -> touched.contains(slice(state, year)));
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

  private static Map<String, List<SourceFile>> bySource(List<SourceFile> files) {
    return files.stream()
        .collect(
            Collectors.groupingBy(SourceFile::source, LinkedHashMap::new, Collectors.toList()));
  }

  private SourceReading reader(String source) {
    return new SourceReading(
        spark, sources.get(source), countries, conversions, settings.hsBase(), thisYear);
  }

  /** Whether the table reject would be another. */
  private boolean rejectsChange(
      Map<String, FileState> surveyed, Map<String, FileState> before, List<FileState> gone) {
    return !lake.exists(Tables.REJECT)
        || Stream.of(surveyed.values(), gone)
            .flatMap(states -> states.stream())
            .anyMatch(FileState::hasRejects)
        || surveyed.keySet().stream()
            .map(before::get)
            .anyMatch(state -> state != null && state.hasRejects());
  }

  /** The whole table reject: what stands of it, and the rejects of the changed files. */
  private void writeRejects(
      Map<String, FileState> surveyed,
      List<SourceFile> changed,
      Map<String, FileState> before,
      List<FileState> gone) {
    List<String> replaced = new ArrayList<>(changed.stream().map(SourceFile::path).toList());
    gone.forEach(state -> replaced.add(state.file().path()));
    List<Row> whole = new ArrayList<>();
    survey
        .wholeFileReasons()
        .forEach(
            (path, reason) ->
                whole.add(
                    RowFactory.create(
                        surveyed.get(path).file().source(), path, null, null, reason)));
    Dataset<Row> all = spark.createDataFrame(whole, Tables.REJECT.schema());
    if (!before.isEmpty()) {
      all =
          all.unionByName(
              lake.read(Tables.REJECT)
                  .join(
                      spark.createDataset(replaced, Encoders.STRING()).toDF("file"),
                      CollectionConverters.asScala(List.of("file")).toSeq(),
                      "left_anti")
                  .select("source", "file", "line", "raw", "reason"));
    }
    Map<String, List<SourceFile>> withRejects =
        bySource(
            changed.stream()
                .filter(
                    file -> {
                      FileState state = surveyed.get(file.path());
                      return state.rejected() > 0 && !state.status().equals(FileState.REJECTED);
                    })
                .toList());
    for (Map.Entry<String, List<SourceFile>> entry : withRejects.entrySet()) {
      all =
          all.unionByName(
              reader(entry.getKey())
                  .rejects(entry.getValue().stream().map(this::numbered).toList()));
    }
    lake.replace(Tables.REJECT, all.coalesce(1), "true", STEP, "");
  }

  /** A file that is not loaded yet keeps the slices of its last load, to be made again later. */
  private static FileState keepYears(FileState state, FileState before) {
    if (before == null) {
      return state;
    }
    SortedMap<Integer, FileState.YearCount> years = new TreeMap<>();
    before
        .years()
        .forEach(year -> years.put(year.year(), new FileState.YearCount(year.year(), 0, 0, 0, 0)));
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
  private void load(
      Map<String, FileState> states,
      SortedSet<FlowLoad.Slice> touched,
      Reading ofChanged,
      List<SourceFile> changed) {
    List<FileState> files =
        states.values().stream()
            .filter(Ingest::isLoaded)
            .filter(
                state ->
                    state.years().stream().anyMatch(year -> touched.contains(slice(state, year))))
            .sorted(Comparator.comparingInt(state -> numbers.get(state.file().path())))
            .toList();
    Reading others = readOthers(files, touched, changed);
    others.inspections().values().stream()
        .filter(inspection -> inspection.error() != null)
        .findFirst()
        .ifPresent(
            inspection -> {
              throw Failure.data(
                  "Cannot load %s: %s was loaded before and cannot be read any more, though it has not changed: %s. Nothing has changed."
                      .formatted(settings.records(), inspection.path(), inspection.error()));
            });
    Reading reading = ofChanged.and(others);
    Set<Integer> rejected =
        survey.wholeFileReasons().keySet().stream().map(numbers::get).collect(Collectors.toSet());
    FlowRows.Names names =
        new FlowRows.Names(
            bins.sources(),
            bins.sources().stream().map(name -> sources.get(name).currency()).toList(),
            countries.names(),
            countries.kinds(),
            paths,
            rejected.stream().mapToInt(Integer::intValue).sorted().toArray());
    String slices = predicate(touched);
    String fingerprint =
        Fingerprint.of(
            files.stream()
                .map(state -> state.file().path() + state.checksum() + state.definition())
                .toList());
    FlowLoad flow = new FlowLoad(spark, reading, bins, names, rejected);
    boolean publishTotals = publishTotals(files, touched);
    Runnable writeFlow =
        () -> {
          Dataset<Row> rows = files.isEmpty() ? none(Tables.FLOW) : flow.rows();
          lake.replace(Tables.FLOW, rows, slices, STEP, fingerprint);
          account(states, files, flow.fates(), touched);
        };
    if (publishTotals) {
      writeFlow.run();
      lake.replace(
          Tables.RECONCILIATION,
          Reconciliation.rows(lake.read(Tables.FLOW).where(slices), flow.yearTotals()),
          slices,
          STEP,
          fingerprint);
    } else {
      Together.run(
          writeFlow,
          () ->
              lake.replace(
                  Tables.RECONCILIATION, none(Tables.RECONCILIATION), slices, STEP, fingerprint));
    }
  }

  private static FlowLoad.Slice slice(FileState state, FileState.YearCount year) {
    return new FlowLoad.Slice(state.file().source(), year.year());
  }

  private Dataset<Row> none(Table table) {
    return spark.createDataFrame(List.of(), table.schema());
  }

  /** Unchanged files that speak of the touched slices too. */
  private Reading readOthers(
      List<FileState> files, SortedSet<FlowLoad.Slice> touched, List<SourceFile> changed) {
    Set<String> read = changed.stream().map(SourceFile::path).collect(Collectors.toSet());
    List<SourceFile> others =
        files.stream().map(FileState::file).filter(file -> !read.contains(file.path())).toList();
    List<Reading.Wanted> wanted = new ArrayList<>();
    bySource(others)
        .forEach(
            (name, ofSource) ->
                wanted.add(
                    new Reading.Wanted(
                        reader(name),
                        ofSource.stream().map(this::numbered).toList(),
                        touched.stream()
                            .filter(slice -> slice.source().equals(name))
                            .map(FlowLoad.Slice::year)
                            .collect(Collectors.toSet()))));
    return Reading.of(spark.sparkContext(), wanted, bins);
  }

  /** Whether any file brings a total to compare with: World rows, years, or years beside months. */
  private static boolean publishTotals(List<FileState> files, Set<FlowLoad.Slice> touched) {
    Set<FlowLoad.Slice> annual = new HashSet<>();
    Set<FlowLoad.Slice> monthly = new HashSet<>();
    for (FileState file : files) {
      Set<String> reasons = file.aggregates().keySet();
      if (reasons.contains(Reason.WORLD.text()) || reasons.contains(Reason.YEAR.text())) {
        return true;
      }
      if (file.firstPeriod() != null) {
        List<String> ends = List.of(file.firstPeriod(), file.lastPeriod());
        // Between two years anything may lie; in one year the annual period comes first.
        boolean mayHoldBoth = !year(ends.get(0)).equals(year(ends.get(1)));
        if (mayHoldBoth || ends.stream().anyMatch(Ingest::isAnnual)) {
          addSlices(annual, file);
        }
        if (mayHoldBoth || !ends.stream().allMatch(Ingest::isAnnual)) {
          addSlices(monthly, file);
        }
      }
    }
    annual.retainAll(monthly);
    return annual.stream().anyMatch(touched::contains);
  }

  private static boolean isAnnual(String period) {
    return period.equals(year(period));
  }

  private static String year(String period) {
    return period.substring(0, 4);
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
      Fates fates,
      Set<FlowLoad.Slice> touched) {
    for (FileState state : files) {
      int file = numbers.get(state.file().path());
      List<FileState.YearCount> years = new ArrayList<>();
      for (FileState.YearCount year : state.years()) {
        if (!touched.contains(slice(state, year))) {
          years.add(year);
          continue;
        }
        long duplicate = fates.of(file, year.year(), Fates.DUPLICATE);
        long superseded = fates.of(file, year.year(), Fates.SUPERSEDED);
        long addedUp = fates.of(file, year.year(), Fates.ADDED_UP);
        long found = fates.of(file, year.year(), Fates.STANDING) + duplicate + superseded + addedUp;
        if (found != year.candidates()) {
          throw new IllegalStateException(
              "Cannot account for %s in %d: %,d records should stand in flow or be set aside, %,d do"
                  .formatted(state.file().path(), year.year(), year.candidates(), found));
        }
        years.add(
            new FileState.YearCount(
                year.year(), year.candidates(), duplicate, superseded, addedUp));
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
