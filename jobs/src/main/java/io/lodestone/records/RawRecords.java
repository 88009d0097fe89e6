package io.lodestone.records;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Failure;
import io.lodestone.Settings;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The records of one source's files, each with the verdict whether it is used.
 *
 * <p>Two readings give the same records: {@link #of} for the many, by Spark's CSV reader, and
 * {@link #numbered} with line number and text, for files that have rejects. Columns of both: those
 * of {@link #columns}.
 */
final class RawRecords {
  static final String FILE = "_file_number";
  static final String LINE = "_line";
  static final String RAW = "_raw";

  /** Number of the first of {@link #rules} that applies to the record; null for one to use. */
  static final String RULE = "_rule";

  static final String MESSAGE = "_message";

  /** Reason of the published total of all partners: stands in flow, is never counted as used. */
  static final String WORLD = "world";

  /** Reason of the published total of a year whose months stand beside it. */
  static final String YEAR = "year";

  /** Reason of a record that is not what the source expects. */
  static final String MISFIT = "the row does not look like one of this source";

  /** What a rule makes of a record. */
  enum Verdict {
    /** It is a total or a part of others. */
    AGGREGATE,
    /** It cannot be read. */
    REJECT
  }

  private static final String PATH = "_file";
  private static final String FILE_URI = "_uri";

  /**
   * What Spark takes for a pattern unless it is escaped. (Its switch against patterns, tried
   * before, reads the other files of a list twice as soon as one of them has such a name.)
   */
  private static final Pattern GLOB = Pattern.compile("[\\[\\]{}*?\\\\]");

  private static final Pattern LOCAL = Pattern.compile("file:/+");
  private static final String FITS = "_fits";
  private static final String CORRUPT = "_corrupt_record";
  private static final String AMOUNT = "DECIMAL(18,3)";

  /** No flow of a year is larger, and sums of such amounts still fit. */
  private static final long LARGEST_AMOUNT = 100_000_000_000_000L;

  private static final int LONGEST_CODE = 12;
  private static final List<String> NO_CHAPTERS = List.of("00", "77");
  private static final List<String> REQUIRED =
      List.of("reporter", "partner", "flow", "year", "code", "value");
  private static final List<String> OPTIONAL =
      List.of(
          "month",
          "quantity_kg",
          "quantity_estimated",
          "revision",
          "valuation",
          "partner_concept",
          "aggregate");
  private static final List<String> ALL =
      Stream.concat(REQUIRED.stream(), OPTIONAL.stream()).toList();

  /**
   * A file that is read, with its number in this run and its header.
   *
   * @param number later files have greater numbers, by modification time, then by path
   */
  record Numbered(int number, SourceFile file, List<String> header) implements Serializable {}

  private final SparkSession spark;
  private final Source source;
  private final Countries countries;
  private final Conversions conversions;
  private final String base;
  private final int latestYear;
  private final List<Rule> rules;

  RawRecords(
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
    this.rules = rulesOf();
  }

  /** Whether a header fits the source; the text says what does not, or is empty. */
  static String misfit(Source source, List<String> header) {
    List<String> missing = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (Source.HeaderColumn column : source.header()) {
      known.addAll(column.names());
      if (!column.optional() && column.names().stream().noneMatch(header::contains)) {
        missing.add(String.join(" or ", column.names()));
      }
    }
    List<String> unknown = header.stream().filter(name -> !known.contains(name)).toList();
    List<String> twice =
        header.stream()
            .filter(name -> header.indexOf(name) != header.lastIndexOf(name))
            .distinct()
            .toList();
    List<String> faults = new ArrayList<>();
    if (!missing.isEmpty()) {
      faults.add("it lacks " + String.join(", ", missing));
    }
    if (!unknown.isEmpty() && !source.furtherColumns()) {
      faults.add("it has " + String.join(", ", unknown));
    }
    if (!twice.isEmpty()) {
      faults.add("it repeats " + String.join(", ", twice));
    }
    return faults.isEmpty()
        ? ""
        : "the header does not fit the source " + source.name() + ": " + String.join("; ", faults);
  }

  /** The records of files; {@link #LINE} and {@link #RAW} are null. */
  Dataset<Row> of(List<Numbered> files) {
    Dataset<Row> raw = null;
    for (Map.Entry<List<String>, List<Numbered>> group : byHeader(files).entrySet()) {
      String[] uris =
          group.getValue().stream()
              .map(
                  file ->
                      GLOB.matcher(new Path(URI.create(file.file().uri())).toString())
                          .replaceAll("\\\\$0"))
              .toArray(String[]::new);
      Dataset<Row> read =
          spark
              .read()
              .schema(schema(group.getKey()))
              .options(csvOptions())
              .option("header", "true")
              .option("enforceSchema", "true")
              .csv(uris);
      List<Column> columns = canonical(group.getKey());
      columns.add(col("_metadata.file_path").as(FILE_URI));
      raw = union(raw, read.select(columns.toArray(Column[]::new)));
    }
    Dataset<Row> placed =
        raw.join(broadcast(fileTable(files)), seq(FILE_URI), "left")
            .withColumn(LINE, lit(null).cast("BIGINT"))
            .withColumn(RAW, lit(null).cast("STRING"));
    return judge(select(placed));
  }

  /** The same records with line number, text and a message in words for rejects. */
  Dataset<Row> numbered(List<Numbered> files) {
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    StructType lineSchema =
        new StructType()
            .add(FILE, DataTypes.IntegerType, false)
            .add(LINE, DataTypes.LongType, false)
            .add(RAW, DataTypes.StringType, false);
    Dataset<Row> raw = null;
    for (Map.Entry<List<String>, List<Numbered>> group : byHeader(files).entrySet()) {
      String encoding = source.encoding();
      FlatMapFunction<Numbered, Row> toLines = file -> lines(file, encoding, configuration.value());
      Dataset<Row> lines =
          spark.createDataset(
              org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext())
                  .parallelize(group.getValue(), group.getValue().size())
                  .flatMap(toLines)
                  .rdd(),
              Encoders.row(lineSchema));
      List<Column> columns = canonical(group.getKey());
      columns.add(col(FILE));
      columns.add(col(LINE));
      columns.add(col(RAW));
      raw =
          union(
              raw,
              lines
                  .withColumn(
                      "_parsed",
                      from_csv(col(RAW), lit(schema(group.getKey()).toDDL()), csvOptions()))
                  .select(col(FILE), col(LINE), col(RAW), col("_parsed.*"))
                  .select(columns.toArray(Column[]::new)));
    }
    Dataset<Row> placed = raw.join(broadcast(fileTable(files).drop(FILE_URI).distinct()), FILE);
    return judge(select(placed)).withColumn(MESSAGE, message());
  }

  private static java.util.Iterator<Row> lines(
      Numbered file, String encoding, Configuration configuration) {
    java.util.Iterator<FileReading.NumberedLine> lines =
        FileReading.lines(file.file(), encoding, configuration);
    boolean[] headerSeen = new boolean[1];
    Iterable<FileReading.NumberedLine> all = () -> lines;
    return java.util.stream.StreamSupport.stream(all.spliterator(), false)
        .filter(line -> !line.text().isBlank())
        .filter(
            line -> {
              boolean data = headerSeen[0];
              headerSeen[0] = true;
              return data;
            })
        .map(line -> RowFactory.create(file.number(), line.number(), line.text()))
        .iterator();
  }

  private static Map<List<String>, List<Numbered>> byHeader(List<Numbered> files) {
    Map<List<String>, List<Numbered>> groups = new LinkedHashMap<>();
    files.forEach(
        file -> groups.computeIfAbsent(file.header(), header -> new ArrayList<>()).add(file));
    return groups;
  }

  private static Dataset<Row> union(Dataset<Row> before, Dataset<Row> next) {
    return before == null ? next : before.unionByName(next);
  }

  private Map<String, String> csvOptions() {
    Map<String, String> options = new HashMap<>();
    options.put("escape", "\"");
    options.put("encoding", source.encoding());
    options.put("mode", "PERMISSIVE");
    options.put("columnNameOfCorruptRecord", CORRUPT);
    // A pruned reader does not notice a short row.
    options.put("columnPruning", "false");
    options.putAll(source.options());
    return options;
  }

  /** The header by position. */
  private static StructType schema(List<String> header) {
    StructType schema = new StructType();
    for (String name : header) {
      schema = schema.add(name, DataTypes.StringType);
    }
    return schema.add(CORRUPT, DataTypes.StringType);
  }

  /** The source's columns under the names that its SELECT uses; null where the file lacks one. */
  private List<Column> canonical(List<String> header) {
    List<Column> columns = new ArrayList<>();
    for (Source.HeaderColumn column : source.header()) {
      Column found =
          column.names().stream()
              .filter(header::contains)
              .findFirst()
              .map(name -> col("`" + name.replace("`", "``") + "`"))
              .orElse(lit(null).cast("STRING"));
      columns.add(found.as(column.canonical()));
    }
    columns.add(col(CORRUPT));
    return columns;
  }

  /**
   * A file's number, path and the attributes that are the same for all its records, by every name
   * that Spark gives to the file: it writes local ones as file:/ or file:///.
   */
  private Dataset<Row> fileTable(List<Numbered> files) {
    StructType schema =
        new StructType()
            .add(FILE, DataTypes.IntegerType, false)
            .add(FILE_URI, DataTypes.StringType, false)
            .add(PATH, DataTypes.StringType, false);
    List<Row> rows = new ArrayList<>();
    for (Numbered file : files) {
      String uri = file.file().uri();
      List<String> names =
          LOCAL.matcher(uri).lookingAt()
              ? List.of(
                  LOCAL.matcher(uri).replaceFirst("file:/"),
                  LOCAL.matcher(uri).replaceFirst("file:///"))
              : List.of(uri);
      names.forEach(name -> rows.add(RowFactory.create(file.number(), name, file.file().path())));
    }
    Dataset<Row> table = spark.createDataFrame(rows, schema);
    for (Map.Entry<String, String> attribute : source.fileAttributes().entrySet()) {
      table = table.withColumn("_" + attribute.getKey(), expr(attribute.getValue()));
    }
    return table;
  }

  private static Seq<String> seq(String name) {
    return CollectionConverters.asScala(List.of(name)).toSeq();
  }

  private Dataset<Row> select(Dataset<Row> raw) {
    raw.createOrReplaceTempView("raw");
    List<String> carried = new ArrayList<>(List.of(FILE, LINE, RAW, CORRUPT));
    source.fileAttributes().keySet().forEach(attribute -> carried.add("_" + attribute));
    String fits = source.expect().map(predicate -> "(" + predicate + ")").orElse("TRUE");
    Dataset<Row> selected;
    try {
      selected =
          spark.sql(
              "SELECT %s, %s AS %s, %s"
                  .formatted(String.join(", ", carried), fits, FITS, source.select()));
    } catch (Exception invalid) {
      if (invalid instanceof AnalysisException) {
        throw Failure.usage(
            "Cannot use sources/%s.sql: %s".formatted(source.name(), firstLine(invalid)), invalid);
      }
      throw invalid;
    } finally {
      spark.catalog().dropTempView("raw");
    }
    List<String> found = Arrays.asList(selected.columns());
    for (String column : REQUIRED) {
      if (!found.contains(column)) {
        throw Failure.usage(
            "Cannot use sources/%s.sql: its SELECT gives no column %s; it gives %s."
                .formatted(source.name(), column, found.subList(carried.size() + 1, found.size())));
      }
    }
    for (String column : OPTIONAL) {
      if (!found.contains(column)) {
        boolean ofFile = source.fileAttributes().containsKey(column);
        selected = selected.withColumn(column, ofFile ? col("_" + column) : lit(null));
      }
    }
    List<Column> texts =
        new ArrayList<>(List.of(col(FILE), col(LINE), col(RAW), col(CORRUPT), col(FITS)));
    for (String column : ALL) {
      texts.add(nullif(trim(col(column).cast("STRING")), lit("")).as(column));
    }
    return selected.select(texts.toArray(Column[]::new));
  }

  private static String firstLine(Exception exception) {
    return String.valueOf(exception.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("");
  }

  /** Adds what the texts mean, and the rule that applies. */
  private Dataset<Row> judge(Dataset<Row> texts) {
    Column rule = null;
    for (int number = 0; number < rules.size(); number++) {
      Column applies = rules.get(number).applies();
      rule = rule == null ? when(applies, lit(number)) : rule.when(applies, lit(number));
    }
    return texts.transform(this::withCountries).transform(this::withNumbers).withColumn(RULE, rule);
  }

  private Column message() {
    Column message = null;
    for (int number = 0; number < rules.size(); number++) {
      Column applies = col(RULE).equalTo(number);
      Column words = rules.get(number).message();
      message = message == null ? when(applies, words) : message.when(applies, words);
    }
    return message;
  }

  /** Whether a record is to be used. */
  static Column isUsed() {
    return col(RULE).isNull();
  }

  /** Whether the rule of this reason applies to a record. */
  Column is(String reason) {
    return col(RULE).equalTo(numberOf(reason));
  }

  /** Whether a record is rejected. */
  Column isRejected() {
    Object[] numbers =
        java.util.stream.IntStream.range(0, rules.size())
            .filter(number -> rules.get(number).verdict() == Verdict.REJECT)
            .boxed()
            .toArray();
    return col(RULE).isin(numbers);
  }

  private int numberOf(String reason) {
    for (int number = 0; number < rules.size(); number++) {
      if (reason.equals(rules.get(number).reason())) {
        return number;
      }
    }
    throw new IllegalArgumentException(reason);
  }

  /** The rule of a number. */
  Rule rule(int number) {
    return rules.get(number);
  }

  private Dataset<Row> withCountries(Dataset<Row> texts) {
    return texts
        .join(
            broadcast(countryTable("reporter")),
            col("reporter").equalTo(col("reporter_code")),
            "left")
        .join(
            broadcast(countryTable("partner")),
            col("partner").equalTo(col("partner_code")),
            "left");
  }

  private Dataset<Row> countryTable(String role) {
    StructType schema =
        new StructType()
            .add(role + "_code", DataTypes.StringType, false)
            .add(role + "_number", DataTypes.IntegerType, false)
            .add(role + "_kind", DataTypes.IntegerType, false);
    List<Row> rows = new ArrayList<>();
    countries
        .scheme(source.countries())
        .forEach(
            (code, meaning) ->
                rows.add(RowFactory.create(code, meaning.number(), meaning.kind().ordinal())));
    return spark.createDataFrame(rows, schema);
  }

  private Dataset<Row> withNumbers(Dataset<Row> texts) {
    Column flowName = substring_index(col("flow"), ":", 1);
    Column variant =
        when(flowName.equalTo(col("flow")), lit(0))
            .otherwise(index(PackedRecord.VARIANTS, substring_index(col("flow"), ":", -1)));
    Column estimated =
        when(col("quantity_estimated").isNull(), lit(0))
            .when(col("quantity_estimated").equalTo("true"), lit(2))
            .when(col("quantity_estimated").equalTo("false"), lit(1));
    return texts
        .withColumn("year_number", col("year").try_cast("INT"))
        .withColumn("month_number", col("month").try_cast("INT"))
        .withColumn("code_number", concat(lit("1"), col("code")).try_cast("BIGINT"))
        .withColumn("flow_number", index(PackedRecord.FLOWS, flowName))
        .withColumn("variant_number", variant)
        .withColumn("amount", col("value").try_cast(AMOUNT))
        .withColumn("weight", col("quantity_kg").try_cast(AMOUNT))
        .withColumn("revision_number", index(Settings.HS_REVISIONS, col("revision")))
        .withColumn("valuation_number", indexOrNone(PackedRecord.VALUATIONS, col("valuation")))
        .withColumn("concept_number", indexOrNone(PackedRecord.CONCEPTS, col("partner_concept")))
        .withColumn("estimated_number", estimated);
  }

  private static Column index(List<String> texts, Column text) {
    Column index = lit(null).cast("INT");
    for (int number = texts.size() - 1; number >= 0; number--) {
      index = when(text.equalTo(texts.get(number)), lit(number)).otherwise(index);
    }
    return index;
  }

  private static Column indexOrNone(List<String> texts, Column text) {
    return when(text.isNull(), lit(0)).otherwise(index(texts, text));
  }

  /** Adds product and mapping. */
  private Dataset<Row> withProduct(Dataset<Row> numbers) {
    Column hs6 = substring(col("code"), 1, 6).try_cast("INT");
    Dataset<Row> coded = numbers.withColumn("hs6_number", hs6);
    int same = Mappings.ALL.indexOf("same");
    if (base.equals(Settings.AS_REPORTED)) {
      return coded
          .withColumn("product_number", col("hs6_number"))
          .withColumn("mapping_number", lit(same));
    }
    Column silent =
        when(col("revision_number").equalTo(Settings.HS_REVISIONS.indexOf(base)), lit(same))
            .otherwise(Mappings.ALL.indexOf("unmapped"));
    return coded
        .join(
            broadcast(conversionTable()),
            col("revision_number")
                .equalTo(col("from_revision"))
                .and(col("hs6_number").equalTo(col("from_hs6"))),
            "left")
        .withColumn("product_number", coalesce(col("to_product"), col("hs6_number")))
        .withColumn("mapping_number", coalesce(col("to_mapping"), silent))
        .drop("from_revision", "from_hs6", "to_product", "to_mapping");
  }

  private Dataset<Row> conversionTable() {
    StructType schema =
        new StructType()
            .add("from_revision", DataTypes.IntegerType, false)
            .add("from_hs6", DataTypes.IntegerType, false)
            .add("to_product", DataTypes.IntegerType, false)
            .add("to_mapping", DataTypes.IntegerType, false);
    List<Row> rows = new ArrayList<>();
    conversions
        .byRevision()
        .forEach(
            (revision, targets) ->
                targets.forEach(
                    (hs6, target) ->
                        rows.add(
                            RowFactory.create(
                                revision,
                                Integer.parseInt(hs6),
                                Integer.parseInt(target.product()),
                                target.mapping()))));
    return spark.createDataFrame(rows, schema);
  }

  /**
   * One thing that can be wrong with a record, or that makes it a total of others.
   *
   * @param reason in general; empty where the source's SELECT says it, in the column aggregate
   * @param message with the values
   */
  record Rule(Verdict verdict, Column applies, String reason, Column message) {}

  private static Rule reject(String reason, Column applies, Object... message) {
    return new Rule(Verdict.REJECT, applies, reason, sentence(message));
  }

  private static Rule aggregate(String reason, Column applies) {
    return new Rule(Verdict.AGGREGATE, applies, reason, lit(reason));
  }

  private static Column sentence(Object... parts) {
    Column[] columns =
        Arrays.stream(parts)
            .map(
                part ->
                    part instanceof Column column
                        ? coalesce(column.cast("STRING"), lit("nothing"))
                        : lit(part))
            .toArray(Column[]::new);
    return concat(columns);
  }

  /** The rules, in the order in which they are asked; the first that applies gives the verdict. */
  private List<Rule> rulesOf() {
    Column digits = length(col("code"));
    Column noCode =
        col("code_number").isNull().or(digits.gt(LONGEST_CODE)).or(col("code").contains("+"));
    int unspecified = PartnerKind.UNSPECIFIED.ordinal();
    int world = PartnerKind.WORLD.ordinal();
    Column lastYear = lit(latestYear);
    return List.of(
        reject(
            "the row does not have the fields of the header",
            col(CORRUPT).isNotNull(),
            "the row does not have the fields of the header"),
        reject(
            MISFIT,
            not(col(FITS).eqNullSafe(true)),
            "the row does not fulfil what the source expects: " + source.expect().orElse("")),
        aggregate("", col("aggregate").isNotNull().and(col("aggregate").notEqual(YEAR))),
        reject(
            "unknown flow",
            col("flow_number").isNull().or(col("variant_number").isNull()),
            "the flow '",
            col("flow"),
            "' is none of " + String.join(", ", PackedRecord.FLOWS)),
        reject(
            "the year is no year",
            col("year_number").isNull(),
            "the year '",
            col("year"),
            "' is no number"),
        reject(
            "the year is out of range",
            col("year_number").lt(PackedRecord.FIRST_YEAR).or(col("year_number").gt(lastYear)),
            "the year '",
            col("year"),
            "' is not between " + PackedRecord.FIRST_YEAR + " and " + latestYear),
        reject(
            "the month is no month",
            col("month")
                .isNotNull()
                .and(coalesce(not(col("month_number").between(1, 12)), lit(true))),
            "the month '",
            col("month"),
            "' is not between 1 and 12"),
        reject(
            "the code is no commodity code",
            col("code").isNull().or(noCode),
            "the code '",
            col("code"),
            "' is no commodity code of up to " + LONGEST_CODE + " digits"),
        lostZero(digits),
        aggregate("heading", digits.lt(6)),
        reject(
            "unknown code",
            substring(col("code"), 1, 2).isin(NO_CHAPTERS.toArray()),
            "the code '",
            col("code"),
            "' lies in no chapter of the Harmonized System"),
        reject(
            "unknown reporter",
            coalesce(col("reporter_kind").isin(unspecified, world), lit(true)),
            "the reporter '",
            col("reporter"),
            "' is no country that conf/countries.csv or ISO knows"),
        aggregate("group reporter", col("reporter_kind").equalTo(PartnerKind.GROUP.ordinal())),
        reject(
            "unknown partner",
            col("partner_kind").isNull(),
            "the partner '",
            col("partner"),
            "' is no country or area that conf/countries.csv or ISO knows"),
        reject(
            "unknown HS revision",
            col("revision_number").isNull(),
            "the revision '",
            col("revision"),
            "' is none of " + String.join(", ", Settings.HS_REVISIONS)),
        reject(
            "unknown valuation",
            col("valuation_number").isNull(),
            "the valuation '",
            col("valuation"),
            "' is neither CIF nor FOB"),
        reject(
            "unknown partner concept",
            col("concept_number").isNull(),
            "the partner concept '",
            col("partner_concept"),
            "' is none of origin, consignment, destination"),
        reject(
            "unknown estimation flag",
            col("estimated_number").isNull(),
            "quantity_estimated '",
            col("quantity_estimated"),
            "' is neither true nor false"),
        reject(
            "the value is no number",
            col("value").isNotNull().and(col("amount").isNull()),
            "the value '",
            col("value"),
            "' is no number of at most 15 digits before the point"),
        reject(
            "the value is negative",
            col("amount").lt(0),
            "the value '",
            col("value"),
            "' is negative"),
        reject(
            "the value is too large",
            col("amount").gt(lit(LARGEST_AMOUNT / source.valueScale())),
            "the value '",
            col("value"),
            "' is too large to be one"),
        reject(
            "the quantity is no number",
            col("quantity_kg").isNotNull().and(col("weight").isNull()),
            "the quantity '",
            col("quantity_kg"),
            "' is no number of at most 15 digits before the point"),
        reject(
            "the quantity is negative",
            col("weight").lt(0),
            "the quantity '",
            col("quantity_kg"),
            "' is negative"),
        reject(
            "the quantity is too large",
            col("weight").gt(lit(LARGEST_AMOUNT / source.quantityScale())),
            "the quantity '",
            col("quantity_kg"),
            "' is too large to be one"),
        reject(
            "neither value nor quantity",
            col("amount").isNull().and(col("weight").isNull()),
            "the row has neither value nor quantity"),
        aggregate(YEAR, col("aggregate").equalTo(YEAR)),
        aggregate(WORLD, col("partner_kind").equalTo(world)));
  }

  private Rule lostZero(Column digits) {
    if (source.digits() > 0) {
      return reject(
          "the code has lost digits",
          digits.notEqual(source.digits()),
          "the code '",
          col("code"),
          "' has not the "
              + source.digits()
              + " digits of this source: a leading zero may be lost");
    }
    return reject(
        "the code has an odd number of digits",
        digits.mod(lit(2)).equalTo(1),
        "the code '",
        col("code"),
        "' has an odd number of digits: a leading zero is lost");
  }

  /** Records that stand in flow, packed; only for records that are used or of partner world. */
  Dataset<Row> packed(Dataset<Row> records, Column slice) {
    Column value = thousandths("amount", source.valueScale());
    Column weight = thousandths("weight", source.quantityScale());
    Column quantity =
        when(weight.equalTo(0L).and(value.gt(0L)), lit(null).cast("BIGINT")).otherwise(weight);
    Column attributes =
        PackedRecord.attributes(
            col("revision_number"),
            col("valuation_number"),
            col("concept_number"),
            col("estimated_number"));
    return withProduct(records)
        .select(
            PackedRecord.key(
                    slice,
                    col("product_number"),
                    col("reporter_number"),
                    col("flow_number"),
                    col("partner_number"),
                    coalesce(col("month_number"), lit(0)))
                .as(PackedRecord.KEY),
            col("code_number").as(PackedRecord.CODE),
            col(FILE).as(PackedRecord.FILE),
            value.as(PackedRecord.VALUE),
            quantity.as(PackedRecord.QUANTITY),
            PackedRecord.tags(attributes, col("mapping_number"), col("variant_number"))
                .as(PackedRecord.TAGS));
  }

  private static Column thousandths(String amount, int scale) {
    return col(amount).multiply(lit(1000)).cast("BIGINT").multiply(lit((long) scale));
  }
}
