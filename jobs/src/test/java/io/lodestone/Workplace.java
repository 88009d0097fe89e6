package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lodestone.lake.Lake;
import io.lodestone.lake.Table;
import io.lodestone.nightly.Nightly;
import io.lodestone.nightly.Plan;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A records folder, a lake of real Delta tables and settings, and the pipeline on them. */
public final class Workplace {
  /** Columns that UN Comtrade always gives, as many as its source needs. */
  public static final String COMTRADE =
      "typeCode,freqCode,refYear,refMonth,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,netWgt,primaryValue";

  /**
   * Modification times count up from here, a second a file, so that "later" is never a matter of
   * luck.
   */
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final SparkSession spark;
  private final Path folder;
  private final Map<String, String> settings = new TreeMap<>();
  private Scope scope = Scope.CHANGES;
  private Optional<Settings.Nights> nights = Optional.empty();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private int written;

  /** Works below a folder, with its records and lake there unless they are set otherwise. */
  public Workplace(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
    set("records", records().toString());
    set("lake", folder.resolve("lake").toString());
  }

  public SparkSession spark() {
    return spark;
  }

  public Path folder() {
    return folder;
  }

  /** The records folder; it exists from the first file on. */
  public Path records() {
    return folder.resolve("records");
  }

  /** Sets {@code spark.lodestone.NAME}. */
  public Workplace set(String name, String value) {
    settings.put(Settings.PREFIX + name, value);
    return this;
  }

  /** What the following runs make again although nothing has changed. */
  public Workplace again(Scope again) {
    scope = again;
    return this;
  }

  /** The settings as they are given on a command line. */
  public Map<String, String> given() {
    return Map.copyOf(settings);
  }

  public Settings settings() {
    Settings parsed = Settings.parse(settings);
    return nights.map(parsed::with).orElse(parsed);
  }

  /** Settings of the nights that no user could give, such as a history of seconds. */
  public Workplace nights(Settings.Nights own) {
    nights = Optional.of(own);
    return this;
  }

  /** Deletes all records. */
  public void clear() throws IOException {
    if (Files.exists(records())) {
      try (Stream<Path> files = Files.walk(records())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Writes a file below records, line by line; {@code .gz} is packed. */
  public Workplace file(String path, String... lines) {
    return bytes(path, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a Comtrade file below records: its usual header, then the lines. */
  public Workplace comtrade(String path, String... lines) {
    return file(path, Stream.concat(Stream.of(COMTRADE), Stream.of(lines)).toArray(String[]::new));
  }

  /** As {@link #file}, byte by byte. */
  public Workplace bytes(String path, byte[] content) {
    try {
      Path file = records().resolve(path);
      Files.createDirectories(file.getParent());
      try (OutputStream plain = Files.newOutputStream(file);
          OutputStream out = path.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
        out.write(content);
      }
      return modified(path, written++);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Copies files of elsewhere into a folder below records. */
  public Workplace copy(String below, List<Path> files) {
    try {
      Files.createDirectories(records().resolve(below));
      for (Path file : files) {
        Files.write(records().resolve(below).resolve(file.getFileName()), Files.readAllBytes(file));
      }
      return this;
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Gives a file a modification time: so many seconds after the first. */
  public Workplace modified(String path, int seconds) {
    try {
      Files.setLastModifiedTime(records().resolve(path), FileTime.from(FIRST.plusSeconds(seconds)));
      return this;
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  public Workplace delete(String path) {
    try {
      Files.delete(records().resolve(path));
      return this;
    } catch (IOException absent) {
      throw new UncheckedIOException(absent);
    }
  }

  /** Writes a file of the configuration, which starts as a copy of the shipped one. */
  public Workplace conf(String path, String... lines) {
    Path conf = folder.resolve("conf");
    try {
      if (!Files.exists(conf)) {
        ConfFiles shipped = ConfFiles.load(java.util.Optional.empty(), null);
        for (Map.Entry<String, String> text : shipped.texts().entrySet()) {
          Files.createDirectories(conf.resolve(text.getKey()).getParent());
          Files.writeString(conf.resolve(text.getKey()), text.getValue());
        }
        set("conf", conf.toString());
      }
      Files.writeString(conf.resolve(path), String.join("\n", lines) + "\n");
      return this;
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** A file of the configuration as it stands. */
  public String conf(String path) {
    return ConfFiles.load(settings().conf(), spark.sparkContext().hadoopConfiguration()).text(path);
  }

  /** Runs the whole pipeline; returns whether any table changed. */
  public boolean run() {
    return run(Pipeline.STEPS);
  }

  /** Runs one step; returns whether it changed a table. */
  public boolean run(String step) {
    return run(List.of(Pipeline.named(step).orElseThrow()));
  }

  private boolean run(List<Pipeline.Step> steps) {
    return Pipeline.run(with(lake()), steps);
  }

  private Pipeline.Run with(Lake lake) {
    Settings parsed = settings();
    ConfFiles conf = ConfFiles.load(parsed.conf(), spark.sparkContext().hadoopConfiguration());
    return new Pipeline.Run(
        lake, parsed, conf, Goods.load(conf), Source.load(conf), scope, progress());
  }

  /** Runs a night of the steps that need no models: with gate and publication. */
  public Nightly.Ended nightly(String run) {
    return nightly(run, steps("ingest", "dependency"), Clock.systemUTC());
  }

  /** The steps of these names. */
  public static List<Pipeline.Step> steps(String... names) {
    return Stream.of(names).map(name -> Pipeline.named(name).orElseThrow()).toList();
  }

  /** As {@link #nightly(String)}, with steps and a clock of the test. */
  public Nightly.Ended nightly(String run, List<Pipeline.Step> steps, Clock clock) {
    Lake lake = new Lake(spark, settings().lake(), run, progress());
    return Nightly.run(with(lake), steps, "nightly", clock);
  }

  /** Maintains the lake, whether or not that is due. */
  public Nightly.Ended maintain(String run) {
    return Nightly.maintain(
        with(new Lake(spark, settings().lake(), run, progress())), "maintain", Clock.systemUTC());
  }

  /** What a night would do, as it is printed. */
  public String plan() {
    ByteArrayOutputStream plan = new ByteArrayOutputStream();
    Plan.print(with(lake()), Pipeline.STEPS, new PrintStream(plan, true, StandardCharsets.UTF_8));
    return plan.toString(StandardCharsets.UTF_8);
  }

  private Progress progress() {
    return new Progress(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  /** What the runs have printed since the last call. */
  public String printed() {
    String text = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    return text;
  }

  /** The failure that work ends with; a test fails if it ends otherwise. */
  public static Failure failure(ThrowingCallable work) {
    Throwable thrown = catchThrowable(work);
    assertThat(thrown).isInstanceOf(Failure.class);
    assertThat(thrown.getMessage()).as("sentences without line breaks").doesNotContain("\n");
    return (Failure) thrown;
  }

  public Lake lake() {
    return new Lake(spark, settings().lake(), "test", progress());
  }

  public Dataset<Row> table(Table table) {
    return lake().read(table);
  }

  /** Rows of a table as text, the columns joined by blanks, sorted. */
  public List<String> rows(Table table, String where, String... columns) {
    return texts(table(table).where(where).selectExpr(columns).collectAsList());
  }

  /** Everything that stands in a table, as {@link #rows} gives it. */
  public List<String> rows(Table table) {
    return texts(table(table).collectAsList());
  }

  /** Versions of all tables by name; absent ones are left out. */
  public Map<String, Long> versions() {
    Map<String, Long> versions = new TreeMap<>();
    for (Table table : Tables.ALL) {
      lake().version(table).ifPresent(version -> versions.put(table.name(), version));
    }
    return versions;
  }

  /** Rows as text, the columns joined by blanks, sorted. */
  public static List<String> texts(List<Row> rows) {
    List<String> texts = new ArrayList<>();
    for (Row row : rows) {
      List<String> fields = new ArrayList<>();
      for (int field = 0; field < row.size(); field++) {
        fields.add(String.valueOf(row.get(field)));
      }
      texts.add(fields.stream().collect(Collectors.joining(" ")));
    }
    return texts.stream().sorted().toList();
  }
}
