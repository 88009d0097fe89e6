-- The tables flow, supplier, world_trade and dependency from BACI files, as DuckDB makes them best.
-- Runs in a folder with records/baci/*.csv and, in peer/, countries.csv, members.csv (of goods) and
-- baskets.csv; writes Parquet into peer/. Definitions are those of the pipeline's tables.

CREATE TYPE country AS ENUM (SELECT DISTINCT country FROM read_csv('peer/countries.csv') ORDER BY country);

CREATE TYPE file AS ENUM (SELECT 'baci/' || parse_filename(file) FROM glob('records/baci/*.csv'));

CREATE TYPE kind AS ENUM ('country', 'self', 'unspecified');

CREATE TYPE basis AS ENUM ('value', 'quantity');

CREATE TEMP TABLE area AS
SELECT code::SMALLINT AS code, country::country AS country, kind::kind AS kind
FROM read_csv('peer/countries.csv', types = {'code': 'INTEGER'});

-- Products by number: an HS6 code is its own, goods follow behind them.
CREATE TEMP TABLE good AS
SELECT good, (1000000 + row_number() OVER (ORDER BY good))::INTEGER AS product
FROM (SELECT DISTINCT good FROM read_csv('peer/members.csv'));

CREATE TEMP TABLE member AS
SELECT code::INTEGER AS code, product
FROM read_csv('peer/members.csv', types = {'code': 'VARCHAR'}) JOIN good USING (good);

-- Whole dollars and kilograms: thousandths of a thousand dollars and of a tonne. No weight beside a
-- value is an unknown one. Sorted once, so that flow can be read by year and product; whatever is
-- grouped later lies together.
CREATE TEMP TABLE import AS
SELECT
  t AS year,
  k AS product,
  importer.country AS importer,
  supplier.country AS supplier,
  CASE WHEN importer.country = supplier.country THEN 'self' ELSE supplier.kind END AS kind,
  (v * 1000)::BIGINT AS value,
  (CASE WHEN q > 0 OR v = 0 THEN q END * 1000)::BIGINT AS quantity,
  (CASE WHEN q > 0 OR v = 0 THEN v ELSE 0 END * 1000)::BIGINT AS weighed,
  ('baci/' || parse_filename(filename))::file AS file
FROM read_csv('records/baci/*.csv', header = true, nullstr = 'NA', filename = true,
    columns = {'t': 'SMALLINT', 'i': 'SMALLINT', 'j': 'SMALLINT', 'k': 'INTEGER', 'v': 'DECIMAL(15,3)', 'q': 'DECIMAL(15,3)'})
  JOIN area supplier ON supplier.code = i
  JOIN area importer ON importer.code = j
ORDER BY year, product, importer, supplier;

COPY (
  SELECT
    'baci' AS source, year, NULL::INTEGER AS month, importer AS reporter, supplier AS partner,
    kind AS partner_kind, 'import' AS flow, lpad(product::VARCHAR, 6, '0') AS code, code AS hs6,
    'HS2012' AS hs_revision, code AS product, 'same' AS mapping, value::DECIMAL(18, 3) AS value,
    'USD' AS currency, 'FOB' AS valuation, quantity::DECIMAL(18, 3) AS quantity_kg,
    NULL::BOOLEAN AS quantity_estimated, 'origin' AS partner_concept, file
  FROM import
) TO 'peer/flow.parquet';

-- Goods beside products; a weight is unknown only where no record has one, and weighed is the part
-- of the value whose records carry a weight.
INSERT INTO import
SELECT
  year, member.product, importer, supplier, kind, sum(value)::BIGINT, sum(quantity)::BIGINT,
  sum(weighed)::BIGINT, NULL
FROM import JOIN member ON import.product = member.code
GROUP BY ALL;

CREATE TEMP TABLE cell AS
SELECT
  year, product, importer,
  sum(value)::BIGINT AS value_total,
  sum(quantity)::BIGINT AS quantity_total,
  sum(value) FILTER (kind = 'country')::BIGINT AS value_named,
  sum(quantity) FILTER (kind = 'country')::BIGINT AS quantity_named,
  sum(value) FILTER (kind <> 'self')::BIGINT AS value_foreign,
  sum(quantity) FILTER (kind <> 'self')::BIGINT AS quantity_foreign,
  sum(weighed)::BIGINT AS weighed,
  count(*) FILTER (kind = 'country') > 0 AS has_named,
  coalesce(bool_and(quantity IS NULL) FILTER (kind = 'unspecified'), false) AS is_unspecified_untold,
  coalesce(bool_and(quantity IS NULL) FILTER (kind = 'self'), false) AS is_self_untold
FROM import
GROUP BY ALL;

CREATE TEMP TABLE share AS
SELECT
  year, product, importer, supplier, value, quantity,
  value / nullif(value_named, 0) AS share_value,
  quantity / nullif(quantity_named, 0) AS share_quantity,
  value / nullif(value_foreign, 0) AS share_total_value,
  CASE WHEN NOT is_unspecified_untold THEN quantity / nullif(quantity_foreign, 0) END AS share_total_quantity,
  value / nullif(quantity, 0) AS unit_value,
  (rank() OVER by_value)::SMALLINT AS rank_value,
  (CASE WHEN quantity IS NOT NULL THEN rank() OVER by_quantity END)::SMALLINT AS rank_quantity,
  (row_number() OVER by_value)::SMALLINT AS place_value,
  (row_number() OVER by_quantity)::SMALLINT AS place_quantity
FROM import JOIN cell USING (year, product, importer)
WHERE kind = 'country'
WINDOW
  by_value AS (PARTITION BY year, product, importer ORDER BY value DESC),
  by_quantity AS (PARTITION BY year, product, importer ORDER BY quantity DESC NULLS LAST);

CREATE TEMP TABLE label AS
SELECT product, name, kind, name IN (SELECT product FROM read_csv('peer/baskets.csv', types = {'product': 'VARCHAR'})) AS is_basket
FROM (
  SELECT DISTINCT product, lpad(product::VARCHAR, 6, '0') AS name, 'hs6' AS kind FROM cell WHERE product < 1000000
  UNION ALL
  SELECT product, good, 'good' FROM good);

COPY (
  SELECT
    'baci' AS source, importer, label.name AS product, label.kind AS product_kind, year, supplier,
    value::DECIMAL(18, 3) AS value, quantity::DECIMAL(18, 3) AS quantity_kg, share_value,
    share_quantity, share_total_value, share_total_quantity, unit_value,
    rank_value::INTEGER AS rank_value, rank_quantity::INTEGER AS rank_quantity
  FROM share JOIN label USING (product)
) TO 'peer/supplier.parquet';

CREATE TEMP TABLE export AS
SELECT year, product, supplier AS exporter, sum(value)::BIGINT AS value, sum(quantity)::BIGINT AS quantity
FROM import
WHERE kind = 'country'
GROUP BY ALL;

DROP TABLE import;

COPY (
  SELECT
    'baci' AS source, exporter, label.name AS product, label.kind AS product_kind, year,
    'baci' AS world_basis, value::DECIMAL(18, 3) AS value, quantity::DECIMAL(18, 3) AS quantity_kg,
    NULL::DOUBLE AS coverage
  FROM export JOIN label USING (product)
) TO 'peer/world_trade.parquet';

CREATE TEMP TABLE world AS
SELECT
  year, product,
  sum(value::DOUBLE * value) / nullif(sum(value)::DOUBLE, 0) ** 2 AS value_hhi,
  sum(quantity::DOUBLE * quantity) / nullif(sum(quantity)::DOUBLE, 0) ** 2 AS quantity_hhi
FROM export
GROUP BY ALL;

CREATE TEMP TABLE concentration AS
SELECT
  year, product, importer,
  count(*) FILTER (value > 0) AS value_suppliers,
  sum(share_value * share_value) AS value_hhi,
  max(share_value) AS value_cr1,
  sum(share_value) FILTER (place_value <= 3) AS value_cr3,
  -sum(share_value * ln(share_value)) FILTER (share_value > 0) AS value_entropy,
  min(supplier) FILTER (rank_value = 1 AND share_value > 0) AS value_top,
  CASE WHEN count(quantity) > 0 THEN count(*) FILTER (quantity > 0) END AS quantity_suppliers,
  sum(share_quantity * share_quantity) AS quantity_hhi,
  max(share_quantity) AS quantity_cr1,
  sum(share_quantity) FILTER (place_quantity <= 3) AS quantity_cr3,
  -sum(share_quantity * ln(share_quantity)) FILTER (share_quantity > 0) AS quantity_entropy,
  min(supplier) FILTER (rank_quantity = 1 AND share_quantity > 0) AS quantity_top
FROM share
GROUP BY ALL;

DROP TABLE share;

-- One row a cell and basis, with the rule of one year in three-valued logic. An importer without a
-- row of world exports exports nothing; one whose rows carry no weight exports an unknown weight.
CREATE TEMP TABLE measured AS
WITH wide AS (
  SELECT
    cell.*, concentration.* EXCLUDE (year, product, importer),
    world.value_hhi AS value_world_hhi, world.quantity_hhi AS quantity_world_hhi,
    CASE WHEN export.product IS NULL THEN 0 ELSE export.value END AS value_exports,
    CASE WHEN export.product IS NULL THEN 0 ELSE export.quantity END AS quantity_exports
  FROM cell
    LEFT JOIN concentration USING (year, product, importer)
    LEFT JOIN world USING (year, product)
    LEFT JOIN export ON export.year = cell.year AND export.product = cell.product AND export.exporter = cell.importer),
long AS (
  SELECT
    year, product, importer, 'value'::basis AS basis, value_total AS total,
    value_named AS named, value_foreign AS outside, value_suppliers AS suppliers, value_hhi AS hhi,
    value_cr1 AS cr1, value_cr3 AS cr3, value_entropy AS entropy, value_top AS top_supplier,
    value_world_hhi AS world_hhi, value_exports AS exports,
    weighed / nullif(value_total, 0) AS share_with_quantity, has_named,
    false AS is_unspecified_untold, false AS is_self_untold
  FROM wide
  UNION ALL
  SELECT
    year, product, importer, 'quantity', quantity_total, quantity_named, quantity_foreign,
    quantity_suppliers, quantity_hhi, quantity_cr1, quantity_cr3, quantity_entropy, quantity_top,
    quantity_world_hhi, quantity_exports, weighed / nullif(value_total, 0), has_named,
    is_unspecified_untold, is_self_untold
  FROM wide)
SELECT
  *, hhi > 0.4 AND world_hhi > 0.4 AND total > exports AS dependent,
  coalesce(hhi < 0.35 OR world_hhi < 0.35 OR total / nullif(exports, 0) < 0.9, false) AS leaving
FROM long;

-- Most series are never dependent, always known and without gaps: they are out of the state in every
-- year. Only the others are followed.
CREATE TEMP TABLE series AS
WITH gap AS (
  SELECT importer, count(DISTINCT year) <= max(year) - min(year) AS has_gap
  FROM cell
  GROUP BY ALL)
SELECT
  product, importer, basis, min(year) AS first, max(year) AS last,
  bool_or(dependent IS NOT false) OR any_value(has_gap) AS is_followed
FROM measured JOIN gap USING (importer)
GROUP BY ALL;

-- With zeros: the years in which an importer reports and has no row of a product that it imports
-- before and after.
CREATE TEMP TABLE judged AS
SELECT year, product, importer, basis, dependent, leaving
FROM measured JOIN series USING (product, importer, basis)
WHERE is_followed
UNION ALL
SELECT reported.year, product, importer, basis, false, true
FROM series JOIN (SELECT DISTINCT importer, year FROM cell) reported USING (importer)
WHERE is_followed AND reported.year BETWEEN first AND last
  AND NOT EXISTS (
    FROM cell WHERE cell.year = reported.year AND cell.product = series.product AND cell.importer = series.importer);

-- The state. Among known years, 2 dependent ones of 3 enter and 2 leaving ones of 3 leave, and no 3
-- years do both: the state is what the last such event says. More than one missing year starts anew,
-- unknown until three years are known.
CREATE TEMP TABLE state AS
WITH known AS (
  SELECT *, year - lag(year) OVER series > 2 AS restart
  FROM judged
  WHERE dependent IS NOT NULL
  WINDOW series AS (PARTITION BY product, importer, basis ORDER BY year)),
run AS (
  SELECT *, count(*) FILTER (restart) OVER (PARTITION BY product, importer, basis ORDER BY year) AS run
  FROM known),
event AS (
  SELECT
    product, importer, basis, run, year, row_number() OVER runs AS place,
    min(year) FILTER (dependent) OVER three AS first_dependent,
    CASE
      WHEN count(*) FILTER (dependent) OVER three >= 2 THEN true
      WHEN count(*) FILTER (leaving) OVER three >= 2 THEN false
    END AS enters
  FROM run
  WINDOW
    runs AS (PARTITION BY product, importer, basis, run ORDER BY year),
    three AS (PARTITION BY product, importer, basis, run ORDER BY year ROWS 2 PRECEDING)),
followed AS (
  SELECT *, coalesce(last_value(enters IGNORE NULLS) OVER runs, false) AS is_in
  FROM event
  WINDOW runs AS (PARTITION BY product, importer, basis, run ORDER BY year)),
entered AS (
  SELECT *, CASE WHEN is_in AND NOT coalesce(lag(is_in) OVER runs, false) THEN first_dependent END AS entry
  FROM followed
  WINDOW runs AS (PARTITION BY product, importer, basis, run ORDER BY year))
SELECT
  product, importer, basis, year,
  CASE WHEN is_in OR run = 0 OR place >= 3 THEN is_in END AS dependent_state,
  CASE WHEN is_in THEN last_value(entry IGNORE NULLS) OVER runs END AS dependent_since
FROM entered
WINDOW runs AS (PARTITION BY product, importer, basis, run ORDER BY year);

CREATE TEMP TABLE verdict AS
SELECT
  product, importer, basis, year,
  CASE WHEN count(dependent) OVER three = 3 AND min(year) OVER three = year - 2
    THEN count(*) FILTER (dependent) OVER three >= 2 END AS geodep,
  coalesce(now.dependent_state, before.dependent_state) AS dependent_state,
  coalesce(now.dependent_since, before.dependent_since) AS dependent_since
FROM judged
  LEFT JOIN state now USING (product, importer, basis, year)
  LEFT JOIN state before
    ON judged.dependent IS NULL AND before.product = judged.product
    AND before.importer = judged.importer AND before.basis = judged.basis
    AND before.year = judged.year - 1
WINDOW three AS (PARTITION BY product, importer, basis ORDER BY year ROWS 2 PRECEDING);

COPY (
  WITH shared AS (
    SELECT *,
      CASE WHEN NOT is_unspecified_untold
        THEN (outside - coalesce(named, 0)) / nullif(outside, 0) END AS share_unspecified,
      CASE WHEN NOT is_self_untold
        THEN (total - coalesce(outside, 0)) / nullif(total, 0) END AS share_self
    FROM measured)
  SELECT
    'baci' AS source, importer, label.name AS product, label.kind AS product_kind, year, basis,
    total::DECIMAL(18, 3) AS total, 'USD' AS currency, 'FOB' AS valuation,
    CASE WHEN has_named THEN suppliers ELSE 0 END::INTEGER AS suppliers, hhi,
    CASE WHEN hhi IS NOT NULL AND share_unspecified IS NULL THEN 0
      ELSE hhi * (1 - share_unspecified) ** 2 END AS hhi_low,
    CASE WHEN hhi IS NOT NULL AND share_unspecified IS NULL THEN 1
      WHEN hhi IS NULL AND share_unspecified > 0 THEN share_unspecified ** 2
      ELSE hhi * (1 - share_unspecified) ** 2
        + 2 * cr1 * (1 - share_unspecified) * share_unspecified + share_unspecified ** 2 END AS hhi_high,
    share_unspecified, share_self,
    CASE WHEN suppliers > 1 THEN (hhi - 1 / suppliers) / (1 - 1 / suppliers) END AS hhi_normalised,
    1 / hhi AS effective_suppliers, cr1, CASE WHEN cr3 > 1 THEN 1 ELSE cr3 END AS cr3, entropy,
    top_supplier, cr1 AS top_share, 'annual' AS period, 12 AS months, share_with_quantity,
    NULL::DOUBLE AS share_estimated, 'same' AS mapping, is_basket, world_hhi,
    total / nullif(exports, 0) AS imports_over_exports, exports = 0 AS no_exports,
    CASE WHEN exports IS NOT NULL THEN 'baci' END AS exports_basis,
    hhi > 0.4 AS is_import_concentrated, world_hhi > 0.4 AS is_world_concentrated,
    total > exports AS is_net_importer, dependent AS is_dependent,
    CASE WHEN is_followed THEN geodep WHEN year >= first + 2 THEN false END AS geodep,
    CASE WHEN is_followed THEN dependent_state ELSE false END AS dependent_state,
    dependent_since::INTEGER AS dependent_since
  FROM shared
    JOIN series USING (product, importer, basis)
    LEFT JOIN verdict USING (product, importer, basis, year)
    JOIN label USING (product)
) TO 'peer/dependency.parquet';
