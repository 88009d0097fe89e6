package io.lodestone.dependency;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.shiftleft;
import static org.apache.spark.sql.functions.when;

import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.lake.Lake;
import io.lodestone.records.Goods;
import io.lodestone.records.Mappings;
import io.lodestone.records.PartnerKind;
import io.lodestone.records.Source;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * From flow to the tables {@code supplier}, {@code world_trade} and {@code dependency}.
 *
 * <p>Rows of HS6 products are read in the order in which they lie, a file a task, and no cell is
 * shuffled before it is a row; rows of goods are few and are sorted. Then one exchange by importer
 * brings the years of a series together with the importer's exports.
 */
public final class Dependency {
  private static final String HS6 = "hs6";
  private static final String GOOD = "good";
  private static final String STEP = "dependency";

  /** By the number that a cell carries; 0 is unknown. */
  private static final List<String> VALUATIONS = List.of("", "CIF", "FOB");

  private final Lake lake;
  private final Settings settings;
  private final Goods goods;
  private final Map<String, Source> sources;
  private final Dataset<Row> flow;
  private final Dataset<Row> effectiveFlow;
  private final Dataset<Row> goodsFlow;
  private final Reporting reporting;

  private Dependency(Lake lake, Settings settings, Goods goods, Map<String, Source> sources) {
    this.lake = lake;
    this.settings = settings;
    this.goods = goods;
    this.sources = sources;
    this.flow = lake.read(Tables.FLOW);
    this.reporting = Reporting.of(flow);
    this.effectiveFlow = effective(flow, reporting);
    // The months of one member are no part of the year of another.
    this.goodsFlow = GoodsFlow.of(effectiveFlow, goods, settings.hsBase());
  }

  /** Makes the three tables again. */
  public static void run(
      Lake lake, Settings settings, Goods goods, Map<String, Source> sources, String fingerprint) {
    new Dependency(lake, settings, goods, sources).write(fingerprint);
  }

  private void write(String fingerprint) {
    Dataset<Row> hs6Imports =
        effective(lake.readInOrder(Tables.FLOW), reporting).transform(Dependency::imports);
    Dataset<Row> goodImports =
        goodsFlow
            .transform(Dependency::imports)
            // Rows are few; a cached table keeps its partitions, of which Spark would make 200.
            .repartition(
                lake.spark().sparkContext().defaultParallelism(), col("source"), col("year"))
            .sortWithinPartitions("source", "year", "product", "importer", "supplier")
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      lake.replace(
          Tables.SUPPLIER,
          suppliers(hs6Imports, HS6).unionByName(suppliers(goodImports, GOOD)),
          "true",
          STEP,
          fingerprint);
      lake.replace(
          Tables.WORLD_TRADE, worldTrade(hs6Imports, goodImports), "true", STEP, fingerprint);
      lake.replace(
          Tables.DEPENDENCY, dependency(hs6Imports, goodImports), "true", STEP, fingerprint);
    } finally {
      goodImports.unpersist();
    }
  }

  /** Without the months of what stands in annual records too. */
  private static Dataset<Row> effective(Dataset<Row> flow, Reporting reporting) {
    if (!reporting.hasAnnualBesideMonths()) {
      return flow;
    }
    String[] cell = {"source", "year", "product", "reporter", "flow"};
    Dataset<Row> annual =
        ofMixedReporters(flow.filter(col("month").isNull()), reporting)
            .select(columns(cell))
            .distinct()
            .withColumn("has_annual", lit(true));
    // A broadcast keeps the order of flow; annual records beside months are few.
    return flow.join(broadcast(annual), seq(cell), "left")
        .filter(col("month").isNull().or(col("has_annual").isNull()))
        .drop("has_annual");
  }

  /** Records of reporters and years with annual and monthly records side by side. */
  private static Dataset<Row> ofMixedReporters(Dataset<Row> flow, Reporting reporting) {
    Dataset<Row> mixed =
        reporting
            .table(flow.sparkSession())
            .filter(col("mixed"))
            .select(col("source"), col("year"), col("importer").as("reporter"));
    return flow.join(broadcast(mixed), seq("source", "year", "reporter"), "left_semi");
  }

  /** Import records in the columns of {@link ImportCells#INPUT}; groups and World rows left out. */
  private static Dataset<Row> imports(Dataset<Row> rows) {
    Column kind =
        when(col("partner_kind").equalTo(PartnerKind.COUNTRY.text()), Cell.COUNTRY)
            .when(col("partner_kind").equalTo(PartnerKind.SELF.text()), Cell.SELF)
            .when(col("partner_kind").equalTo(PartnerKind.UNSPECIFIED.text()), Cell.UNSPECIFIED);
    Column mapping = lit(null).cast("INT");
    List<String> mappings = Mappings.ALL;
    for (int number = mappings.size() - 1; number >= 0; number--) {
      mapping = when(col("mapping").equalTo(mappings.get(number)), number).otherwise(mapping);
    }
    Column valuation = lit(0);
    for (int number = VALUATIONS.size() - 1; number > 0; number--) {
      valuation =
          when(col("valuation").equalTo(VALUATIONS.get(number)), number).otherwise(valuation);
    }
    return rows.filter(col("flow").equalTo("import"))
        .filter(
            col("partner_kind")
                .isin(
                    PartnerKind.COUNTRY.text(),
                    PartnerKind.SELF.text(),
                    PartnerKind.UNSPECIFIED.text()))
        .select(
            col("source"),
            col("year"),
            col("product"),
            col("reporter").as("importer"),
            col("partner").as("supplier"),
            kind.as("kind"),
            col("value"),
            col("quantity_kg"),
            coalesce(
                    when(col("quantity_estimated"), 2)
                        .otherwise(when(col("quantity_estimated").equalTo(false), 1)),
                    lit(0))
                .as("estimated"),
            mapping.as("mapping"),
            valuation.as("valuation"));
  }

  private static final int DIGITS = 18;
  private static final int DECIMALS = 3;
  private static final DataType AMOUNT = DataTypes.createDecimalType(DIGITS, DECIMALS);

  private static final StructType SUPPLIER_ROW =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("importer", DataTypes.StringType)
          .add("product", DataTypes.StringType)
          .add("year", DataTypes.IntegerType)
          .add("supplier", DataTypes.StringType)
          .add("value", AMOUNT)
          .add("quantity_kg", AMOUNT)
          .add("share_value", DataTypes.DoubleType)
          .add("share_quantity", DataTypes.DoubleType)
          .add("share_total_value", DataTypes.DoubleType)
          .add("share_total_quantity", DataTypes.DoubleType)
          .add("unit_value", DataTypes.DoubleType)
          .add("rank_value", DataTypes.IntegerType)
          .add("rank_quantity", DataTypes.IntegerType);

  private static Dataset<Row> suppliers(Dataset<Row> imports, String kind) {
    MapPartitionsFunction<Row, Row> cells = rows -> new ImportCells(rows, Dependency::supplierRows);
    return imports
        .mapPartitions(cells, Encoders.row(SUPPLIER_ROW))
        .withColumn("product_kind", lit(kind))
        .select(columns(Tables.SUPPLIER.columnNames()));
  }

  private static Iterator<Row> supplierRows(ImportCells.Keyed keyed) {
    Cell cell = keyed.cell();
    List<Cell.Supplier> suppliers = cell.suppliers();
    long[] named = {cell.named(Cell.VALUE), cell.named(Cell.QUANTITY)};
    long[] foreign = {cell.foreign(Cell.VALUE), cell.foreign(Cell.QUANTITY)};
    Integer[] valueRanks = cell.ranks(Cell.VALUE);
    Integer[] quantityRanks = cell.ranks(Cell.QUANTITY);
    return IntStream.range(0, suppliers.size())
        .mapToObj(
            place -> {
              Cell.Supplier supplier = suppliers.get(place);
              long value = supplier.amount(Cell.VALUE);
              long quantity = supplier.amount(Cell.QUANTITY);
              return RowFactory.create(
                  keyed.source(),
                  keyed.importer(),
                  keyed.product(),
                  keyed.year(),
                  supplier.name,
                  decimal(value),
                  decimal(quantity),
                  Cell.ratio(value, named[Cell.VALUE]),
                  Cell.ratio(quantity, named[Cell.QUANTITY]),
                  Cell.ratio(value, foreign[Cell.VALUE]),
                  Cell.ratio(quantity, foreign[Cell.QUANTITY]),
                  Cell.ratio(value, quantity),
                  valueRanks[place],
                  quantityRanks[place]);
            })
        .iterator();
  }

  private static Decimal decimal(long thousandths) {
    return thousandths == Cell.UNKNOWN ? null : Decimal.createUnsafe(thousandths, DIGITS, DECIMALS);
  }

  private Dataset<Row> worldTrade(Dataset<Row> hs6Imports, Dataset<Row> goodImports) {
    return WorldTrade.rows(
        hs6Imports
            .withColumn("product_kind", lit(HS6))
            .unionByName(goodImports.withColumn("product_kind", lit(GOOD))),
        reporting.hasExports()
            ? Optional.of(exports(effectiveFlow, HS6).unionByName(exports(goodsFlow, GOOD)))
            : Optional.empty(),
        reporting.table(lake.spark()),
        sourcesWith("mirror"),
        sourcesWith("baci"));
  }

  private Dataset<Row> exports(Dataset<Row> rows, String kind) {
    return rows.filter(col("flow").isin("export", "re_export", "domestic_export"))
        .filter(
            col("partner_kind").isin(PartnerKind.COUNTRY.text(), PartnerKind.UNSPECIFIED.text()))
        .select(
            col("source"),
            col("year"),
            col("product"),
            lit(kind).as("product_kind"),
            col("reporter"),
            col("flow"),
            col("value"),
            col("quantity_kg"));
  }

  private List<String> sourcesWith(String world) {
    return sources.values().stream()
        .filter(source -> source.world().equals(world))
        .map(Source::name)
        .toList();
  }

  private Dataset<Row> dependency(Dataset<Row> hs6Imports, Dataset<Row> goodImports) {
    SparkSession spark = lake.spark();
    Dataset<Row> world = lake.read(Tables.WORLD_TRADE);
    Dataset<Row> cells = cells(hs6Imports, HS6).unionByName(cells(goodImports, GOOD));
    Map<String, int[]> years = reporting.importYears();
    MapPartitionsFunction<Row, Row> states = rows -> new SeriesStates(rows, years);
    return cells
        .transform(rows -> withReporting(rows, reporting.table(spark)))
        .transform(this::withPeriod)
        .transform(rows -> withWorld(rows, world))
        .transform(rows -> withExports(rows, world, reporting.table(spark)))
        .withColumn(ORDER, order())
        .repartition(col("importer_number"))
        .sortWithinPartitions(ORDER)
        .select(columns(SeriesStates.INPUT.fieldNames()))
        .mapPartitions(states, Encoders.row(SeriesStates.OUTPUT))
        .transform(this::described);
  }

  /**
   * Importer, product and year as one number: Spark sorts by it without looking at a row. Goods
   * come behind all six-digit codes.
   */
  private Column order() {
    String[] ids = goods.names().keySet().toArray(String[]::new);
    Column product =
        when(col("product_kind").equalTo(HS6), col("product").cast("BIGINT"))
            .otherwise(
                org.apache
                    .spark
                    .sql
                    .functions
                    .array_position(lit(ids), col("product"))
                    .plus(LARGEST_CODE));
    Column series =
        shiftleft(col("importer_number").cast("BIGINT"), PRODUCT_BITS).bitwiseOR(product);
    return shiftleft(series, YEAR_BITS).bitwiseOR(col("year").cast("BIGINT"));
  }

  private static final String ORDER = "_order";
  private static final int LARGEST_CODE = 1_000_000;
  private static final int PRODUCT_BITS = 21;
  private static final int YEAR_BITS = 12;

  private static final StructType CELL_ROW = cellRow();

  private static StructType cellRow() {
    StructType schema = new StructType();
    for (org.apache.spark.sql.types.StructField field : SeriesStates.INPUT.fields()) {
      if (field.name().equals("months")) {
        break;
      }
      schema = field.name().equals("product_kind") ? schema : schema.add(field);
    }
    for (String basis : List.of("value", "quantity")) {
      for (org.apache.spark.sql.types.StructField field : SeriesStates.INPUT.fields()) {
        if (field.name().startsWith(basis + "_") && !field.name().endsWith("_world_hhi")) {
          schema = schema.add(field);
        }
      }
    }
    return schema;
  }

  private static Dataset<Row> cells(Dataset<Row> imports, String kind) {
    MapPartitionsFunction<Row, Row> cells =
        rows -> new ImportCells(rows, keyed -> List.of(cellRow(keyed)).iterator());
    return imports
        .mapPartitions(cells, Encoders.row(CELL_ROW))
        .withColumn("product_kind", lit(kind));
  }

  private static Row cellRow(ImportCells.Keyed keyed) {
    Cell cell = keyed.cell();
    Object[] fields = new Object[CELL_ROW.size()];
    int place = 0;
    fields[place++] = keyed.source();
    fields[place++] = keyed.importer();
    fields[place++] = keyed.product();
    fields[place++] = keyed.year();
    fields[place++] = cell.shareWithQuantity();
    fields[place++] = cell.shareEstimated();
    fields[place++] = cell.weakestMapping();
    fields[place++] = cell.valuation();
    for (int basis = Cell.VALUE; basis <= Cell.QUANTITY; basis++) {
      Cell.Concentration concentration = cell.concentration(basis);
      long total = cell.total(basis);
      fields[place++] = total == Cell.UNKNOWN ? null : total;
      fields[place++] = concentration.suppliers();
      fields[place++] = concentration.hhi();
      fields[place++] = concentration.cr1();
      fields[place++] = concentration.cr3();
      fields[place++] = concentration.entropy();
      fields[place++] = concentration.topSupplier();
      fields[place++] = cell.shareUnspecified(basis);
      fields[place++] = cell.shareSelf(basis);
    }
    return RowFactory.create(fields);
  }

  private static Dataset<Row> withReporting(Dataset<Row> cells, Dataset<Row> reporting) {
    return cells.join(
        broadcast(
            reporting.select(
                "source",
                "importer",
                "year",
                "months",
                "annual",
                "reported_months",
                "own_exports",
                "importer_number")),
        seq("source", "importer", "year"),
        "inner");
  }

  /** A cell of months is monthly though its importer has annual records of other products. */
  private Dataset<Row> withPeriod(Dataset<Row> cells) {
    if (!reporting.hasAnnualBesideMonths()) {
      return cells.drop("reported_months");
    }
    Dataset<Row> monthly =
        monthlyCells(effectiveFlow, HS6).unionByName(monthlyCells(goodsFlow, GOOD));
    Column isMonthly = col("has_months").isNotNull();
    return cells
        .join(
            broadcast(monthly),
            seq("source", "year", "product_kind", "product", "importer"),
            "left")
        .withColumn("annual", col("annual").and(not(isMonthly)))
        .withColumn("months", when(isMonthly, col("reported_months")).otherwise(col("months")))
        .drop("has_months", "reported_months");
  }

  private Dataset<Row> monthlyCells(Dataset<Row> rows, String kind) {
    return ofMixedReporters(rows, reporting)
        .filter(col("month").isNotNull().and(col("flow").equalTo("import")))
        .select(
            col("source"),
            col("year"),
            lit(kind).as("product_kind"),
            col("product"),
            col("reporter").as("importer"))
        .distinct()
        .withColumn("has_months", lit(true));
  }

  /**
   * Adds the world's concentration: of BACI for the years in which it is loaded, else of the
   * source's own mirror where it covers the world.
   */
  private Dataset<Row> withWorld(Dataset<Row> cells, Dataset<Row> world) {
    List<String> bacis = sourcesWith("baci");
    List<Integer> baciYears =
        world
            .filter(col("world_basis").equalTo(WorldTrade.BACI))
            .select("year")
            .distinct()
            .collectAsList()
            .stream()
            .map(row -> row.getInt(0))
            .toList();
    Dataset<Row> concentration = WorldTrade.concentration(world);
    Column ofBaci = col("source").isin(bacis.toArray());
    Dataset<Row> everySource =
        lake.spark()
            .createDataset(
                flow.select("source").distinct().as(Encoders.STRING()).collectAsList(),
                Encoders.STRING())
            .toDF("source");
    Dataset<Row> chosen =
        concentration
            .filter(ofBaci)
            .drop("source")
            .crossJoin(everySource)
            .unionByName(
                concentration.filter(
                    ofBaci
                        .equalTo(false)
                        .and(col("year").isin(baciYears.toArray()).equalTo(false))));
    Column own = col("own_exports");
    Column known =
        when(own, SeriesStates.EXPORTS_OWN)
            .when(ofBaci, SeriesStates.EXPORTS_OF_BACI)
            .when(
                col("source").isin(sourcesWith("mirror").toArray()).and(col("mirror_covered")),
                SeriesStates.EXPORTS_OF_MIRROR)
            .otherwise(SeriesStates.EXPORTS_UNKNOWN);
    Dataset<Row> covered =
        concentration
            .filter(ofBaci.equalTo(false))
            .select(
                col("source"),
                col("product_kind"),
                col("product"),
                col("year"),
                lit(true).as("mirror_covered"));
    Seq<String> key = seq("source", "product_kind", "product", "year");
    return cells
        .join(broadcast(chosen), key, "left")
        .join(broadcast(covered), key, "left")
        .withColumn("exports_known", known)
        .drop("own_exports", "mirror_covered");
  }

  /** Adds rows that carry what the importers export. */
  private static Dataset<Row> withExports(
      Dataset<Row> cells, Dataset<Row> world, Dataset<Row> reporting) {
    Dataset<Row> exports =
        world
            .join(
                broadcast(
                    reporting.select(
                        col("source"),
                        col("importer").as("exporter"),
                        col("year"),
                        col("re_exports_known"),
                        col("importer_number"))),
                seq("source", "exporter", "year"),
                "inner")
            .select(
                col("source"),
                col("exporter").as("importer"),
                col("product_kind"),
                col("product"),
                col("year"),
                lit(false).as("is_cell"),
                thousandths("value").as("exports_value"),
                thousandths("quantity_kg").as("exports_quantity"),
                col("world_basis"),
                col("re_exports_known"),
                col("importer_number"));
    return cells.withColumn("is_cell", lit(true)).unionByName(exports, true);
  }

  private static Column thousandths(String amount) {
    return col(amount).multiply(lit(1000)).cast("BIGINT");
  }

  /** From numbers to the table's columns. */
  private Dataset<Row> described(Dataset<Row> rows) {
    Column named = lit(1.0).minus(col("share_unspecified"));
    Column squares = col("hhi").multiply(named).multiply(named);
    Column unspecified = col("share_unspecified");
    Column largest = col("cr1").multiply(named);
    Column perSupplier = lit(1.0).divide(col("suppliers"));
    Column basket =
        when(col("product_kind").equalTo(GOOD), col("product").isin(goods.basketGoods().toArray()))
            .otherwise(col("product").isin(goods.basketCodes().toArray()));
    List<String> mappings = Mappings.ALL;
    return rows.withColumn("hhi_low", squares)
        .withColumn(
            "hhi_high",
            coalesce(
                squares
                    .plus(lit(2.0).multiply(largest).multiply(unspecified))
                    .plus(unspecified.multiply(unspecified)),
                when(unspecified.gt(0), unspecified.multiply(unspecified))))
        .withColumn(
            "hhi_normalised",
            when(
                col("suppliers").gt(1),
                col("hhi").minus(perSupplier).divide(lit(1.0).minus(perSupplier))))
        .withColumn("effective_suppliers", lit(1.0).divide(col("hhi")))
        .withColumn("top_share", col("cr1"))
        .withColumn("period", when(col("annual"), "annual").otherwise("monthly"))
        .withColumn("currency", currency())
        .withColumn("valuation", lit(new String[] {null, "CIF", "FOB"}).getItem(col("valuation")))
        .withColumn("mapping", lit(mappings.toArray(String[]::new)).getItem(col("mapping")))
        .withColumn("is_basket", basket)
        .select(columns(Tables.DEPENDENCY.columnNames()));
  }

  /** A source has one currency. */
  private Column currency() {
    Column currency = lit(null).cast("STRING");
    for (Source source : sources.values()) {
      currency = when(col("source").equalTo(source.name()), source.currency()).otherwise(currency);
    }
    return currency;
  }

  private static Column[] columns(String... names) {
    return Arrays.stream(names).map(name -> col(name)).toArray(Column[]::new);
  }

  private static Seq<String> seq(String... names) {
    return CollectionConverters.asScala(List.of(names)).toSeq();
  }
}
