package io.lodestone;

import io.lodestone.lake.Table;
import java.util.List;

/**
 * Every table of the lake: grain, key, columns, checks. The pipeline that writes them is {@link
 * Pipeline}.
 */
public final class Tables {

  /** A single value as printed. */
  private static final String VALUE = "DECIMAL(20,3)";

  /** Eighteen digits fit a long, which makes them several times cheaper than more. */
  private static final String AMOUNT = "DECIMAL(18,3)";

  private static final String SOURCE =
      "Folder below records that the rows come from, e.g. comtrade";
  private static final String PRODUCT =
      "Six digits in the base HS revision, or the id of a good in goods.csv";
  private static final String PRODUCT_KIND = "hs6 or good";

  /** Trade flows as the customs reported them. */
  public static final Table FLOW =
      Table.named(
              "flow",
              "One row per source, reporter, partner, flow, year, month and code as reported")
          .key("source", "year", "product", "reporter", "flow", "partner", "month", "code")
          .partitionedBy("source", "year")
          .column("source", "STRING", SOURCE)
          .column("year", "INT", "Calendar year")
          .column("month", "INT", "1 to 12; null in annual records")
          .column(
              "reporter",
              "STRING",
              "Country whose customs reported, ISO 3166 alpha-3; TWN is Taiwan")
          .column(
              "partner",
              "STRING",
              "The other country, ISO 3166 alpha-3, or x- and the source's code where it is no country")
          .column(
              "partner_kind",
              "STRING",
              "country, self (goods returned to the reporter), unspecified, group, or world (the published total; never add it to its parts)")
          .column(
              "flow",
              "STRING",
              "import, export, re_import, re_export, foreign_import, domestic_export or processing; re_export and domestic_export are contained in export, re_import and foreign_import in import, processing in both")
          .column(
              "code", "STRING", "Commodity code as reported: leading zeros and all national digits")
          .column("hs6", "STRING", "First six digits of code")
          .column("hs_revision", "STRING", "HS revision as reported, e.g. HS2017")
          .column("product", "STRING", "hs6 in the base revision (spark.lodestone.hs.base)")
          .column("mapping", "STRING", "How hs6 became product: same, merged, split or unmapped")
          .column("value", VALUE, "Value in currency; null where the record has none")
          .column("currency", "STRING", "ISO 4217 code of value")
          .column("valuation", "STRING", "CIF or FOB; null where the record does not say")
          .column(
              "quantity_kg",
              AMOUNT,
              "Net weight in kilograms; null where unknown, and where 0 stands beside a positive value")
          .column(
              "quantity_estimated",
              "BOOLEAN",
              "Whether the source estimated the weight; null where it does not say")
          .column(
              "partner_concept",
              "STRING",
              "What partner means: origin, consignment or destination; null where the source does not say")
          .column("file", "STRING", "File of the row, relative to the records folder")
          .check("value_not_negative", "value IS NULL OR value >= 0")
          .check("quantity_not_negative", "quantity_kg IS NULL OR quantity_kg >= 0")
          .check("month_in_year", "month IS NULL OR (month >= 1 AND month <= 12)");

  /** What became of every file. */
  public static final Table SOURCE_FILE =
      Table.named(
              "source_file",
              "One row per file seen; read = used + rejected + aggregate + duplicate + superseded")
          .key("path")
          .column("path", "STRING", "Path relative to the records folder")
          .column("source", "STRING", SOURCE)
          .column("size", "BIGINT", "Bytes")
          .column("modified", "TIMESTAMP", "Modification time as the file system gives it")
          .column(
              "checksum",
              "STRING",
              "SHA-256 of the bytes as they lie there, in hexadecimal; null where the file could not be read")
          .column("header", "STRING", "Names of its columns")
          .column(
              "status",
              "STRING",
              "loaded, rejected (as a whole) or pending (the run that read it stopped)")
          .column("lines", "BIGINT", "Data lines below the header")
          .column(
              "read",
              "BIGINT",
              "Records that the source's SELECT made of the lines; a wide line makes several")
          .column("used", "BIGINT", "Records that stand in flow")
          .column("rejected", "BIGINT", "Records in reject")
          .column(
              "aggregate",
              "BIGINT",
              "Totals and breakdowns of other records; those of partner world stand in flow")
          .column("aggregate_reasons", "MAP<STRING, BIGINT>", "The same by reason")
          .column(
              "duplicate",
              "BIGINT",
              "Records that stand identically in another record that is used")
          .column("superseded", "BIGINT", "Records whose key has other values in a later file")
          .column("first_period", "STRING", "Earliest period, YYYY or YYYY-MM")
          .column("last_period", "STRING", "Latest period, YYYY or YYYY-MM")
          .column(
              "years",
              "ARRAY<STRUCT<year: INT, candidates: BIGINT, duplicate: BIGINT, superseded: BIGINT, added_up: BIGINT>>",
              "Slices (source, year) that the file touches, with the records that compete for a place in flow")
          .column(
              "definition",
              "STRING",
              "Fingerprint of all that decides how the file is read: its source, countries, conversion tables, base revision and program; `stopped` of a rejected file whose run stopped")
          .check("accounted", "read = used + rejected + aggregate + duplicate + superseded");

  /** What could not be read. */
  public static final Table REJECT =
      Table.named(
              "reject",
              "One row per rejected record, or per file rejected as a whole (line is null)")
          .key("file", "line")
          .column("source", "STRING", SOURCE)
          .column("file", "STRING", "Path relative to the records folder")
          .column("line", "BIGINT", "Line in the file, the header being 1; null for a whole file")
          .column("raw", "STRING", "The line as it stands; null for a whole file")
          .column("reason", "STRING", "Why, in words, with the value");

  /** Published totals against ours. */
  public static final Table RECONCILIATION =
      Table.named("reconciliation", "One row per cell for which the source publishes a total")
          .key("source", "reporter", "flow", "code", "year", "month", "kind")
          .partitionedBy("source", "year")
          .column("source", "STRING", SOURCE)
          .column("reporter", "STRING", "ISO 3166 alpha-3")
          .column("flow", "STRING", "import, export, ...")
          .column("code", "STRING", "Commodity code as reported")
          .column("year", "INT", "Calendar year")
          .column("month", "INT", "1 to 12; null for a year")
          .column(
              "kind",
              "STRING",
              "world (the World row against the sum of partners) or year (the year against the sum of its months)")
          .column("published", AMOUNT, "The source's own total, in its currency")
          .column("ours", AMOUNT, "Sum of the rows of flow")
          .column("gap", "DOUBLE", "(ours - published) / published; null where published is 0");

  /** Who supplies. */
  public static final Table SUPPLIER =
      Table.named(
              "supplier", "One row per source, importer, product, year and supplier with a flow")
          .key("source", "product_kind", "product", "importer", "year", "supplier")
          .partitionedBy("source", "year")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("year", "INT", "Calendar year")
          .column(
              "supplier",
              "STRING",
              "ISO 3166 alpha-3; never the importer, an unspecified area or a group")
          .column(
              "value",
              AMOUNT,
              "Imports from the supplier in the source's currency; null where no record has a value")
          .column(
              "quantity_kg",
              AMOUNT,
              "Imports from the supplier in kilograms; null where no record has a weight")
          .column(
              "share_value",
              "DOUBLE",
              "value / value of all named suppliers, 0 to 1; null in a known gap, as are all shares and ranks")
          .column(
              "share_quantity",
              "DOUBLE",
              "quantity_kg / quantity_kg of all named suppliers, 0 to 1")
          .column(
              "share_total_value",
              "DOUBLE",
              "value / (named + unspecified), 0 to 1: the share that is usually published")
          .column("share_total_quantity", "DOUBLE", "quantity_kg / (named + unspecified), 0 to 1")
          .column("unit_value", "DOUBLE", "value / quantity_kg, currency per kilogram")
          .column("rank_value", "INT", "1 for the largest by value; equal values share a rank")
          .column(
              "rank_quantity", "INT", "1 for the largest by weight; equal weights share a rank");

  /** Who supplies the world. */
  public static final Table WORLD_TRADE =
      Table.named(
              "world_trade",
              "One row per source, exporter, product, year and basis of the world total")
          .key("source", "product_kind", "product", "exporter", "year", "world_basis")
          .partitionedBy("source", "year")
          .column("source", "STRING", SOURCE)
          .column("exporter", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("year", "INT", "Calendar year")
          .column(
              "world_basis",
              "STRING",
              "baci (reconciled flows), mirror (what importers report by origin) or own (the exporter's own reports, less re-exports where it reports them)")
          .column("value", AMOUNT, "Exports to the world in the source's currency")
          .column(
              "quantity_kg",
              AMOUNT,
              "Exports to the world in kilograms; null where no record has a weight")
          .column(
              "coverage",
              "DOUBLE",
              "mirror: usual imports (median of whole years) of the importers that report the product this year / those of all importers, by value, 0 to 1; null for baci and own");

  /** On whom an importer depends. */
  public static final Table DEPENDENCY =
      Table.named("dependency", "One row per source, importer, product, year and basis")
          .key("source", "importer", "product_kind", "product", "year", "basis")
          .partitionedBy("source", "year")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("year", "INT", "Calendar year")
          .column(
              "basis", "STRING", "value or quantity: what every figure of the row is measured by")
          .column(
              "total",
              AMOUNT,
              "Imports: named suppliers, unspecified areas and returned goods; in currency, or kilograms on the basis quantity; null where unknown, as where only the World row is published or in a gap of conf/gaps.csv")
          .column("currency", "STRING", "ISO 4217 code of values; null where the records differ")
          .column("valuation", "STRING", "CIF or FOB; null where the records differ or do not say")
          .column(
              "suppliers",
              "INT",
              "Named suppliers with a positive flow; null where none of them has a weight, or only a total is published")
          .column(
              "hhi",
              "DOUBLE",
              "Herfindahl-Hirschman index over named suppliers, sum of squared shares, 0 to 1; null without one")
          .column("hhi_low", "DOUBLE", "Least HHI that the unspecified part allows")
          .column("hhi_high", "DOUBLE", "Greatest HHI that the unspecified part allows")
          .column("share_unspecified", "DOUBLE", "Unspecified / (named + unspecified), 0 to 1")
          .column("share_self", "DOUBLE", "Goods returned to the importer / total, 0 to 1")
          .column(
              "hhi_normalised",
              "DOUBLE",
              "(HHI - 1/n) / (1 - 1/n) over n suppliers; null for n = 1; in no verdict")
          .column("effective_suppliers", "DOUBLE", "1 / HHI")
          .column("cr1", "DOUBLE", "Share of the largest supplier, 0 to 1")
          .column("cr3", "DOUBLE", "Share of the three largest suppliers, 0 to 1")
          .column("entropy", "DOUBLE", "-sum s ln s over named suppliers, in nats")
          .column("top_supplier", "STRING", "Largest supplier; among equals the first by code")
          .column("top_share", "DOUBLE", "Its share among named suppliers, 0 to 1")
          .column("period", "STRING", "annual or monthly records")
          .column(
              "months",
              "INT",
              "Months of the year in which the importer reports; 12 for annual records")
          .column(
              "share_with_quantity",
              "DOUBLE",
              "Share of the value whose records carry a weight, 0 to 1")
          .column(
              "share_estimated",
              "DOUBLE",
              "Share of the value whose weight the source estimated, 0 to 1; null where the source never says")
          .column("mapping", "STRING", "Weakest mapping of the rows: same, merged, split, unmapped")
          .column(
              "is_basket",
              "BOOLEAN",
              "Whether goods.csv marks the product as holding more than the named thing; false where goods.csv does not name it")
          .column(
              "world_hhi",
              "DOUBLE",
              "HHI of world exports, same year and basis; null where the world is not covered")
          .column(
              "imports_over_exports",
              "DOUBLE",
              "Imports / exports of the importer; null without exports or where they are unknown")
          .column(
              "no_exports",
              "BOOLEAN",
              "Whether the importer is known to export none; null where its exports are unknown")
          .column(
              "exports_basis",
              "STRING",
              "Whose word the exports are: domestic (own reports less re-exports), gross (own reports, re-exports not told apart), baci or mirror; null where unknown")
          .column("is_import_concentrated", "BOOLEAN", "hhi > 0.4; null where unknown")
          .column("is_world_concentrated", "BOOLEAN", "world_hhi > 0.4; null where unknown")
          .column(
              "is_net_importer",
              "BOOLEAN",
              "Imports exceed exports; null where exports are unknown")
          .column(
              "is_dependent",
              "BOOLEAN",
              "All three; false if one is false, null if none is false and one is unknown (rule of CEPII GeoDep for one year)")
          .column(
              "geodep",
              "BOOLEAN",
              "is_dependent in at least 2 of this year and the two before; null unless all three are known")
          .column(
              "dependent_state",
              "BOOLEAN",
              "Whether the importer is in a state of dependence: enters when 2 of the last 3 known years are dependent, leaves below 0.35; null where unknown")
          .column(
              "dependent_since",
              "INT",
              "First qualifying year of the present state; null outside of it")
          .check("hhi_in_bounds", "hhi IS NULL OR (hhi > 0 AND hhi <= 1.000000001)")
          .check(
              "hhi_between_its_bounds",
              "hhi IS NULL OR (hhi_low <= hhi + 1e-9 AND hhi <= hhi_high + 1e-9)")
          .check(
              "top_share_in_bounds",
              "top_share IS NULL OR (top_share > 0 AND top_share <= 1.000000001)")
          .check("basis_known", "basis IN ('value', 'quantity')");

  /** What years that are whole say of later ones. */
  public static final Table SERIES_BEFORE =
      Table.named(
              "series_before",
              "One row per source, importer, product and basis with a row of dependency up to the source's last whole year: what these years say of later ones, read by a night in their place")
          .key("source", "importer", "product_kind", "product", "basis")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column("until", "INT", "The source's last year of which an importer reports all months")
          .column(
              "usual",
              AMOUNT,
              "Median of total over whole years, of which coverage of a mirror is made; null without one and on the basis quantity")
          .column(
              "state",
              "BIGINT",
              "Rule and state of dependence in the last known years, packed for the program");

  private static final String MODEL_VERSION = "Version of the fit, as in model";
  private static final String METHOD =
      "model, or naive where the model did not beat the naive forecast";
  private static final String METRICS = "MAP<STRING, DOUBLE>";
  private static final String SCORED_PRODUCT_KIND =
      "hs6 or good; models are fitted on hs6 and applied to both";

  /** What every fit was, found and was worth. */
  public static final Table MODEL =
      Table.named("model", "One row per source, model and version: a fit")
          .key("source", "name", "version")
          .column("source", "STRING", SOURCE)
          .column("name", "STRING", "What is modelled, e.g. entry-1")
          .column("version", "STRING", "Fingerprint of settings, seed, input versions and program")
          .column("fitted_at", "TIMESTAMP", "When; the latest row of a model is the one in use")
          .column("settings", "MAP<STRING, STRING>", "Settings and chosen hyper-parameters")
          .column("seed", "BIGINT", "Seed of every random choice")
          .column("train_from", "INT", "First year that the fit saw")
          .column("train_to", "INT", "Last year that the fit in use saw, label windows included")
          .column("validate_from", "INT", "First year of the window on which the gate decided")
          .column("validate_to", "INT", "Its last year")
          .column("test_from", "INT", "First year of the window that is read once a version")
          .column("test_to", "INT", "Its last year; null where the records end before it")
          .column("rows", "BIGINT", "Rows that could have been fitted on")
          .column("sample", "BIGINT", "Rows that were, weighted by the inverse of their rate")
          .column("metrics_train", METRICS, "Metrics of the model on the training window")
          .column("metrics_validation", METRICS, "Metrics of the model on the validation window")
          .column("metrics_test", METRICS, "Metrics of the model on the test window")
          .column("naive_train", METRICS, "The same of the naive forecast")
          .column("naive_validation", METRICS, "The same of the naive forecast")
          .column("naive_test", METRICS, "The same of the naive forecast")
          .column(
              "skill",
              "DOUBLE",
              "1 - loss of the model / loss of the naive forecast, on validation; null where there is nothing to forecast")
          .column(
              "skill_low",
              "DOUBLE",
              "Lower bound of its 90 % interval, bootstrap clustered by importer and product; published only above 0")
          .column("skill_high", "DOUBLE", "Upper bound of it")
          .column("skill_test", "DOUBLE", "Skill on the test window")
          .column("skill_test_low", "DOUBLE", "Lower bound of its 90 % interval")
          .column("skill_test_high", "DOUBLE", "Upper bound of it")
          .column(
              "calibration",
              "ARRAY<STRUCT<predicted: DOUBLE, observed: DOUBLE, rows: DOUBLE>>",
              "Mean prediction and mean outcome by tenth of the predictions, on validation; rows are weighted")
          .column(
              "coverage",
              "ARRAY<STRUCT<horizon: INT, nominal: DOUBLE, observed: DOUBLE, origins: INT, rows: BIGINT>>",
              "How often outcomes of held-out years fell into an interval, by horizon in years")
          .column("inputs", "MAP<STRING, BIGINT>", "Versions of the tables that it was fitted on")
          .column("code", "STRING", "Fingerprint of the program")
          .column("path", "STRING", "Where the fit lies, relative to the lake; null without one")
          .column("status", "STRING", "published, failed_gate or not_fitted")
          .column("reason", "STRING", "Why")
          .check("status_known", "status IN ('published', 'failed_gate', 'not_fitted')");

  /** What a fit estimated. */
  public static final Table COEFFICIENT =
      Table.named("coefficient", "One row per source, model, version and term")
          .key("source", "model", "model_version", "term")
          .column("source", "STRING", SOURCE)
          .column("model", "STRING", "Name in the table model")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", "Of the tables of the fit: " + METHOD)
          .column("term", "STRING", "Covariate, or (intercept)")
          .column("estimate", "DOUBLE", "Coefficient on the scale of the link function")
          .column("low", "DOUBLE", "Lower bound of its 90 % interval, bootstrap clustered by pair")
          .column("high", "DOUBLE", "Upper bound of it")
          .column(
              "exp_estimate", "DOUBLE", "exp(estimate): hazard ratio, odds ratio or rate ratio");

  /** How much a supplier would supply if it were an average one of its size. */
  public static final Table EXPECTED_FLOW =
      Table.named("expected_flow", "One row per source, importer, product, supplier and basis")
          .key("source", "product_kind", "product", "importer", "supplier", "basis")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", SCORED_PRODUCT_KIND)
          .column("supplier", "STRING", "ISO 3166 alpha-3")
          .column("year", "INT", "Year of the flow; expected from what the year before showed")
          .column("basis", "STRING", "value or quantity")
          .column(
              "actual", "DOUBLE", "The flow: the source's currency, or kilograms; 0 without one")
          .column("expected", "DOUBLE", "What the model expects, in the same unit")
          .column(
              "gap_rank",
              "INT",
              "1 for the supplier of an importer and product with the largest expected - actual")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD)
          .check("expected_not_negative", "expected >= 0");

  /** Who may begin to supply. */
  public static final Table ENTRY =
      Table.named(
              "entry",
              "One row per source, importer, product, possible supplier without a link, and horizon")
          .key("source", "product_kind", "product", "importer", "supplier", "horizon")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", SCORED_PRODUCT_KIND)
          .column("supplier", "STRING", "Country without a link, ISO 3166 alpha-3")
          .column("as_of_year", "INT", "Year whose knowledge the probability rests on")
          .column("horizon", "INT", "1 or 3: years after as_of_year within which a link starts")
          .column("probability", "DOUBLE", "That it does, calibrated, 0 to 1")
          .column(
              "reasons",
              "STRING",
              "The features that weigh most against an average pair, with their values")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD)
          .check("probability_in_bounds", "probability >= 0 AND probability <= 1");

  /** Whether a link will last. */
  public static final Table LINK_SURVIVAL =
      Table.named("link_survival", "One row per source, importer, product and supplier with a link")
          .key("source", "product_kind", "product", "importer", "supplier")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", SCORED_PRODUCT_KIND)
          .column("supplier", "STRING", "ISO 3166 alpha-3")
          .column("as_of_year", "INT", "Year in which the link stands")
          .column("age", "INT", "Years that the link has lasted; at least so many if age_unknown")
          .column(
              "age_unknown",
              "BOOLEAN",
              "Whether it stood in the first year of the importer's records")
          .column("p_1", "DOUBLE", "Probability that it still stands a year later, 0 to 1")
          .column("p_3", "DOUBLE", "The same three years later")
          .column("p_5", "DOUBLE", "The same five years later")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD)
          .check("survival_falls", "p_1 <= 1 AND p_3 <= p_1 AND p_5 <= p_3 AND p_5 >= 0");

  /** How fast shares return. */
  public static final Table ADJUSTMENT =
      Table.named("adjustment", "One row per source, product and basis")
          .key("source", "product_kind", "product", "basis")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column(
              "half_life",
              "DOUBLE",
              "Years until half of a main supplier's deviation from its long-run share (logit) is gone; null where no return is shown or nothing could be estimated")
          .column("half_life_low", "DOUBLE", "Lower bound of its 90 % interval; null with it")
          .column("half_life_high", "DOUBLE", "Upper bound of it")
          .column(
              "rho",
              "DOUBLE",
              "Share of a deviation that is still there a year later, half-panel jackknife; half_life = ln 0.5 / ln rho")
          .column("rho_low", "DOUBLE", "Lower bound of its 90 % interval, clustered by importer")
          .column(
              "rho_high",
              "DOUBLE",
              "Upper bound of it; what panels without return give, 1 - 6 / ((T + 1) (T + 2)) at T steps a series, or more shows no return")
          .column(
              "pool",
              "STRING",
              "product, or heading where the product alone has too few importers or years: what it was estimated on")
          .column("importers", "INT", "Importers in the pool")
          .column("series", "BIGINT", "Series (importer, product and main supplier) in the pool")
          .column("steps", "BIGINT", "Steps from one year to the next in the pool")
          .column(
              "note", "STRING", "no return shown, or why nothing was estimated; empty otherwise")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD)
          .check(
              "half_life_in_its_interval",
              "half_life IS NULL OR (half_life_low <= half_life AND half_life <= half_life_high)");

  /** Where a dependency may stand in the next years. */
  public static final Table FORECAST =
      Table.named("forecast", "One row per source, importer, product, basis, measure and year")
          .key("source", "product_kind", "product", "importer", "basis", "measure", "year")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", SCORED_PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column(
              "measure",
              "STRING",
              "hhi, top_share (the share of whoever leads), or share:XXX of the supplier XXX")
          .column("year", "INT", "Year that is forecast, one of the five after as_of_year")
          .column("as_of_year", "INT", "Last complete year: nothing later was known")
          .column("horizon", "INT", "year - as_of_year, 1 to 5")
          .column("last_value", "DOUBLE", "The measure in as_of_year, 0 to 1")
          .column("p05", "DOUBLE", "5th percentile of the measure, 0 to 1")
          .column("p25", "DOUBLE", "25th percentile")
          .column("p50", "DOUBLE", "Median")
          .column("p75", "DOUBLE", "75th percentile")
          .column("p95", "DOUBLE", "95th percentile")
          .column("p_below_65", "DOUBLE", "Probability that the measure is below 0.65")
          .column("p_below_50", "DOUBLE", "Probability that it is below 0.50")
          .column("p_below_40", "DOUBLE", "Probability that it is below 0.40")
          .column(
              "validation",
              "STRING",
              "validated: at least 3 independent origins on held-out years, on which the 90 % interval held at least 80 % of the outcomes; else unvalidated, no figure for a sentence")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD)
          .check("percentiles_rise", "p05 <= p25 AND p25 <= p50 AND p50 <= p75 AND p75 <= p95")
          .check("in_bounds", "p05 >= 0 AND p95 <= 1")
          .check("validation_known", "validation IN ('validated', 'unvalidated')");

  /** Which kinds of dependency there are. */
  public static final Table TYPOLOGY =
      Table.named("typology", "One row per source, importer and product")
          .key("source", "product_kind", "product", "importer")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", SCORED_PRODUCT_KIND)
          .column("year", "INT", "Last complete year")
          .column("cluster", "INT", "1 for the cluster with the most concentrated imports by value")
          .column("name", "STRING", "What sets its centre apart from the average, in words")
          .column("distance", "DOUBLE", "To the centre, in standard deviations of the indicators")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD);

  /** Better mixes of suppliers. */
  public static final Table MIX =
      Table.named("mix", "One row per source, importer, good, point and supplier")
          .key("source", "product", "importer", "point", "supplier")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", "Id of a good in goods.csv")
          .column("product_kind", "STRING", "good")
          .column("year", "INT", "Last complete year, whose quantities and prices are taken")
          .column("theta", "DOUBLE", "Part of its exports to others that a supplier could redirect")
          .column(
              "point",
              "INT",
              "1 for the cheapest mix of the smallest theta, then to its least concentrated, then those of the next theta; 0 where there is none")
          .column("supplier", "STRING", "ISO 3166 alpha-3")
          .column("share", "DOUBLE", "Share by quantity in the mix of the point, 0 to 1")
          .column("share_now", "DOUBLE", "Share by quantity at present")
          .column("hhi", "DOUBLE", "Sum of squared shares of the point")
          .column(
              "unit_cost",
              "DOUBLE",
              "Mean unit value of the mix of the point, the source's currency per kilogram")
          .column(
              "cap",
              "DOUBLE",
              "theta * the supplier's exports to others than this importer / the importer's imports, by quantity: what it could add to share_now")
          .column(
              "note", "STRING", "Why there is no better mix, and what was assumed; empty otherwise")
          .column("model_version", "STRING", MODEL_VERSION)
          .column("method", "STRING", METHOD)
          .check("within_capacity", "share IS NULL OR share <= share_now + cap + 1e-6")
          .check("share_in_bounds", "share IS NULL OR (share >= 0 AND share <= 1.000001)");

  /** Who could supply instead of the leading supplier. */
  public static final Table CANDIDATE =
      Table.named(
              "candidate",
              "One row per source, importer, product and alternative to its leading supplier, the ten best")
          .key("source", "product_kind", "product", "importer", "supplier")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", SCORED_PRODUCT_KIND)
          .column("rank", "INT", "1 for the best alternative of an importer and product")
          .column("supplier", "STRING", "The alternative; never the leading supplier")
          .column(
              "probability",
              "DOUBLE",
              "That it supplies within 3 years (within 1 year where no model of 3 years could be fitted): entry, or survival where it has a link")
          .column(
              "reachable_share",
              "DOUBLE",
              "Share of the importer's imports that it could reach, 0 to 1: what it supplies and a fifth of what it exports to others")
          .column(
              "unit_value_premium",
              "DOUBLE",
              "Its unit value / the importer's average - 1; null without weights")
          .column(
              "hhi_after",
              "DOUBLE",
              "HHI of the importer if the alternative took its reachable share from the leading supplier")
          .column(
              "own_dependence",
              "DOUBLE",
              "Share of the leading supplier in the alternative's imports at the stage before, 0 to 1; 0 where it reports and imports none of it; null without a stage before, or where it does not report: ranked as the median of the other alternatives, and the reason says unknown")
          .column("reason", "STRING", "One sentence")
          .column("as_of_year", "INT", "Year whose knowledge the row rests on")
          .column(
              "model_version",
              "STRING",
              "Version of the fit that the probability is from, as in model")
          .column("method", "STRING", METHOD);

  /** Which way a dependency goes. */
  public static final Table TREND =
      Table.named(
              "trend",
              "One row per source, importer, product, basis and measure over the years of the window")
          .key("source", "importer", "product_kind", "product", "basis", "measure")
          .partitionedBy("source", "importer")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column(
              "measure",
              "STRING",
              "hhi, effective_suppliers, share:first_top (of the first year's top supplier) or share:CHN and the like")
          .column(
              "supplier", "STRING", "Whose share is meant; null for hhi and effective_suppliers")
          .column("from_year", "INT", "First year of the window (spark.lodestone.years)")
          .column("to_year", "INT", "Last year of the window")
          .column("years", "INT", "Years with a value; gaps and partial years are not among them")
          .column("years_partial", "INT", "Years left out because months < 12")
          .column(
              "coverage",
              "DOUBLE",
              "Share of the trade in these years that the measure knows: named suppliers, on the basis quantity times the share with a weight; mean, 0 to 1")
          .column("coverage_least", "DOUBLE", "The same of the year in which it is least")
          .column("first_year", "INT", "First year with a value")
          .column("last_year", "INT", "Last year with a value")
          .column("first_value", "DOUBLE", "Value of first_year")
          .column("last_value", "DOUBLE", "Value of last_year")
          .column("first_mean", "DOUBLE", "Mean of the first three years with a value")
          .column("last_mean", "DOUBLE", "Mean of the last three years with a value")
          .column(
              "least",
              "DOUBLE",
              "Least value of the years between the first three and the last three")
          .column(
              "greatest",
              "DOUBLE",
              "Greatest value of the years between the first three and the last three")
          .column("mk_s", "INT", "Mann-Kendall's S; null for fewer than two years")
          .column("mk_var", "DOUBLE", "Variance of S without a trend, corrected for ties")
          .column("mk_z", "DOUBLE", "S standardised, with continuity correction")
          .column(
              "mk_p",
              "DOUBLE",
              "Two-sided p: exact over all arrangements for ten years or fewer, else normal; supposes independent years")
          .column("mk_p_normal", "DOUBLE", "Two-sided p by the normal distribution")
          .column("mk_tau", "DOUBLE", "S / (n(n-1)/2), Kendall's tau-a")
          .column(
              "mk_p_hamed_rao",
              "DOUBLE",
              "p with Hamed and Rao's variance, never below mk_var's; for reference; null with gaps")
          .column(
              "trend_p",
              "DOUBLE",
              "p by a bootstrap from an autoregression without a trend; null for fewer than eight years")
          .column(
              "rho",
              "DOUBLE",
              "Autoregression of the series less its Sen slope, corrected for bias, within 0.99 of 0")
          .column(
              "persistent",
              "BOOLEAN",
              "rho > 0.8: not to be told from a random walk, no p is sound")
          .column("sen_slope", "DOUBLE", "Median change a year, by the actual years")
          .column("sen_low", "DOUBLE", "Lower end of its 95 % interval, for independent years")
          .column("sen_high", "DOUBLE", "Upper end of its 95 % interval, for independent years")
          .column("sen_change", "DOUBLE", "sen_slope times the years from first_year to last_year")
          .column("sen_change_low", "DOUBLE", "Lower end of its 90 % interval")
          .column("sen_change_high", "DOUBLE", "Upper end of its 90 % interval")
          .column(
              "pettitt_year",
              "INT",
              "Last year of the old level; null unless pettitt_p and pettitt_p_detrended are both below 0.05")
          .column("pettitt_p", "DOUBLE", "Pettitt's p of a shift of level")
          .column("pettitt_p_detrended", "DOUBLE", "The same of the series less its Sen slope")
          .column(
              "break_years",
              "ARRAY<INT>",
              "Last years of the old levels; empty unless sup_f_p < 0.05 and levels fit better than a straight line")
          .column("segment_means", "ARRAY<DOUBLE>", "Means of the values between the breaks")
          .column(
              "sup_f",
              "DOUBLE",
              "Greatest F over all places at which the level may break, on logits of hhi and shares")
          .column(
              "sup_f_p",
              "DOUBLE",
              "Its p, simulated for as many years and the autoregression rho; at least 0.001")
          .column(
              "q_value",
              "DOUBLE",
              "Benjamini-Hochberg q of trend_p among the importer's products of this source, measure, basis and product_kind; null if too short or not covered")
          .column(
              "q_value_by", "DOUBLE", "The same by Benjamini-Yekutieli, right under any dependence")
          .column(
              "p_holm",
              "DOUBLE",
              "Of goods: trend_p by Holm among the importer's watch list, so that below 0.05 no call of the list is false, but for one list in twenty; null for hs6 and where q_value is")
          .column(
              "verdict",
              "STRING",
              "diversifying, concentrating, rebounding, relapsing, stable, undetermined, too_short or low_coverage; the rule is Verdict.java")
          .column(
              "input_hash",
              "BIGINT",
              "Hash of the rows of dependency and supplier that the series came from; equal ones are not tested again")
          .check(
              "shares_in_bounds",
              "measure = 'effective_suppliers' OR first_value IS NULL OR (first_value >= 0 AND first_value <= 1.000000001)")
          .check("p_in_bounds", "trend_p IS NULL OR (trend_p > 0 AND trend_p <= 1)")
          .check("q_not_below_p", "q_value IS NULL OR q_value >= trend_p - 1e-12");

  /** Who and what changed a concentration or a share. */
  public static final Table CHANGE =
      Table.named(
              "change",
              "One row per source, importer, product, basis, pair of years, part and name; the window's ends for everything, year by year for goods")
          .key(
              "source",
              "importer",
              "product_kind",
              "product",
              "basis",
              "from_year",
              "to_year",
              "part",
              "name")
          .partitionedBy("source", "importer")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column(
              "from_year",
              "INT",
              "The earlier year: the first whole one with an HHI, or the one before")
          .column("to_year", "INT", "The later year")
          .column(
              "part",
              "STRING",
              "supplier (of the change of the HHI), within and between (of the change of the name's share in a good of several codes), volume and price (of the change of ln of the name's share of the value)")
          .column("name", "STRING", "The supplier, ISO 3166 alpha-3")
          .column(
              "contribution",
              "DOUBLE",
              "What the part adds; all suppliers add up to the change of the HHI, within and between to that of the share, volume and price to that of its logarithm")
          .column(
              "kind",
              "STRING",
              "Of the supplier's share in the earlier and later year: entry (from none), exit (to none), gain or loss; null where it stayed the same")
          .check("part_known", "part IN ('supplier', 'within', 'between', 'volume', 'price')");

  /** How long importers stayed dependent. */
  public static final Table DEPENDENCE_SPELL =
      Table.named(
              "dependence_spell",
              "One row per source, importer, product, basis and unbroken run of years in dependent_state")
          .key("source", "importer", "product_kind", "product", "basis", "start_year")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column("start_year", "INT", "First qualifying year (dependent_since)")
          .column("confirmed_year", "INT", "Year in which the state was entered")
          .column("end_year", "INT", "Last year known to be in the state")
          .column("years", "INT", "end_year - start_year + 1")
          .column(
              "ended_by",
              "STRING",
              "What took it out of the state, joined by +: import_hhi, world_hhi, exports, no_imports; null while censored")
          .column(
              "censored",
              "BOOLEAN",
              "Whether its end was not seen: it lasts, or a gap in the records follows")
          .column(
              "started_before",
              "BOOLEAN",
              "Whether it may be older: the year before was not seen, or its state is unknown")
          .check("years_add_up", "years = end_year - start_year + 1");

  /** How the list of dependent products changes. */
  public static final Table DEPENDENCE_CHURN =
      Table.named(
              "dependence_churn",
              "One row per source, importer, product_kind, basis and year that the importer reports")
          .key("source", "importer", "product_kind", "basis", "year")
          .partitionedBy("source")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column("year", "INT", "Calendar year")
          .column("known", "INT", "Products whose state is known")
          .column("dependent", "INT", "Products in the state of dependence")
          .column(
              "entered",
              "INT",
              "Of these, known not to be in it the year before; null without that year")
          .column("found", "INT", "Of these, unknown the year before; null without that year")
          .column(
              "departed", "INT", "In it the year before and now known not to be, or not imported")
          .column("lost", "INT", "In it the year before and now unknown")
          .column(
              "churn", "DOUBLE", "departed / dependent of the year before; null where that is 0");

  /** What the runs did. */
  public static final Table RUN =
      Table.named("run", "One row per run that held the lease of the lake")
          .key("started", "run")
          .column("run", "STRING", "Id, which every commit of the run carries")
          .column("job", "STRING", "nightly, rebuild, the name of a step, ...")
          .column("started", "TIMESTAMP", "When it took the lease")
          .column("ended", "TIMESTAMP", "When it ended; null where it was killed")
          .column(
              "outcome",
              "STRING",
              "published, unchanged (there was nothing to do), stopped (by bad data), failed, or killed (it left its lease behind)")
          .column("message", "STRING", "Why it stopped or failed; null where it did not")
          .column("settings", "MAP<STRING, STRING>", "Its spark.lodestone settings")
          .column("program", "STRING", "Fingerprint of the program's code")
          .column("inputs", "MAP<STRING, BIGINT>", "Version of every table when the run started")
          .column(
              "outputs",
              "MAP<STRING, BIGINT>",
              "Version of every table as the run left it; if it was not published, the tables were restored afterwards")
          .column("rows", "MAP<STRING, BIGINT>", "Rows written, by table")
          .column("slices", "MAP<STRING, STRING>", "Rows replaced, as a predicate, by table")
          .column("seconds", "MAP<STRING, DOUBLE>", "Wall time in seconds, by step");

  /** What the gate found. */
  public static final Table CHECK =
      Table.named(
              "check",
              "One row per run, rule and slice that the rule found fault with; one with slice null where it found none, and one of the rule records where records stopped the run before the gate")
          .key("checked", "run", "rule", "slice")
          .column("run", "STRING", "Id of the run")
          .column("checked", "TIMESTAMP", "When")
          .column("rule", "STRING", "Name of the rule")
          .column("severity", "STRING", "stop (nothing is published) or warn")
          .column("passed", "BOOLEAN", "Whether the number keeps to the limit")
          .column("table", "STRING", "Table that was looked at")
          .column("slice", "STRING", "Rows that fail, as a predicate; null where none do")
          .column(
              "number",
              "DOUBLE",
              "What the rule measures; the worst slice where none fails, null where there was nothing to measure")
          .column("limit", "DOUBLE", "What the number must not exceed")
          .column("message", "STRING", "The same in words");

  /** Tables to which runs add rows whether or not they publish; they are never restored. */
  public static final List<Table> JOURNALS = List.of(RUN, CHECK);

  /** Trends within the year's months. */
  public static final Table TREND_MONTHLY =
      Table.named(
              "trend_monthly",
              "One row per source, importer, product, basis and measure of importers that report by month")
          .key("source", "importer", "product_kind", "product", "basis", "measure")
          .partitionedBy("source", "importer")
          .column("source", "STRING", SOURCE)
          .column("importer", "STRING", "ISO 3166 alpha-3")
          .column("product", "STRING", PRODUCT)
          .column("product_kind", "STRING", PRODUCT_KIND)
          .column("basis", "STRING", "value or quantity")
          .column("measure", "STRING", "hhi, or share:CHN and the like")
          .column("supplier", "STRING", "Whose share is meant; null for hhi")
          .column("from_year", "INT", "First year of the window (spark.lodestone.years)")
          .column("to_year", "INT", "Last year of the window")
          .column("months", "INT", "Months with a value; others are gaps")
          .column("first_period", "STRING", "First of them, YYYY-MM")
          .column("last_period", "STRING", "Last of them, YYYY-MM")
          .column(
              "mk_s",
              "INT",
              "Seasonal Mann-Kendall's S: Januaries against Januaries and so on; null without two years of any month")
          .column("mk_var", "DOUBLE", "Its variance, seasons taken for independent")
          .column("mk_z", "DOUBLE", "S standardised, with continuity correction")
          .column(
              "mk_p",
              "DOUBLE",
              "Two-sided normal p; too small where months move together or years remember")
          .column("mk_tau", "DOUBLE", "S over the pairs within months")
          .column("sen_slope", "DOUBLE", "Median change a year within months");

  /** All tables, in the order in which the pipeline writes them. */
  public static final List<Table> ALL =
      List.of(
          FLOW,
          SOURCE_FILE,
          REJECT,
          RECONCILIATION,
          SUPPLIER,
          WORLD_TRADE,
          DEPENDENCY,
          SERIES_BEFORE,
          TREND,
          CHANGE,
          DEPENDENCE_SPELL,
          DEPENDENCE_CHURN,
          TREND_MONTHLY,
          MODEL,
          COEFFICIENT,
          EXPECTED_FLOW,
          ENTRY,
          LINK_SURVIVAL,
          ADJUSTMENT,
          FORECAST,
          TYPOLOGY,
          MIX,
          CANDIDATE,
          RUN,
          CHECK);

  private Tables() {}

  /**
   * The table of a name.
   *
   * @throws Failure naming the known ones
   */
  public static Table named(String name) {
    return ALL.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "Cannot show '%s': there is no such table; the tables are %s."
                        .formatted(
                            name, String.join(", ", ALL.stream().map(Table::name).toList()))));
  }
}
