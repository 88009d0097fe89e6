-- The tables flow, supplier, world_trade and dependency from BACI files, as DuckDB makes them best.
-- Runs in a folder with records/baci/*.csv and, in peer/, countries.csv, members.csv (of goods) and
-- baskets.csv; writes Parquet below peer/. Definitions are those of the pipeline's tables.

SET preserve_insertion_order = false;

CREATE TYPE country AS ENUM (SELECT DISTINCT country FROM read_csv('peer/countries.csv') ORDER BY country);

CREATE TEMP TABLE area AS
SELECT code::SMALLINT AS code, country::country AS country, kind
FROM read_csv('peer/countries.csv', types = {'code': 'INTEGER'});

-- Products by number: an HS6 code is its own, goods follow behind them.
CREATE TEMP TABLE good AS
SELECT good, 1000000 + row_number() OVER (ORDER BY good)::INTEGER AS product
FROM (SELECT DISTINCT good FROM read_csv('peer/members.csv'));

CREATE TEMP TABLE member AS
SELECT code::INTEGER AS code, product
FROM read_csv('peer/members.csv', types = {'code': 'VARCHAR'}) JOIN good USING (good);

-- Whole dollars and kilograms: thousandths of a thousand dollars and of a tonne.
-- weighed: the part of the value whose records carry a weight.
CREATE TEMP TABLE import AS
SELECT
  t AS year,
  k AS product,
  importer.country AS importer,
  supplier.country AS supplier,
  CASE WHEN importer.country = supplier.country THEN 'self' ELSE supplier.kind END::ENUM ('country', 'self', 'unspecified') AS kind,
  (v * 1000)::BIGINT AS value,
  nullif(q * 1000, CASE WHEN v > 0 THEN 0 END)::BIGINT AS quantity,
  regexp_extract(filename, 'baci/.*') AS file
FROM read_csv('records/baci/*.csv', header = true, nullstr = 'NA', filename = true,
    columns = {'t': 'SMALLINT', 'i': 'SMALLINT', 'j': 'SMALLINT', 'k': 'INTEGER', 'v': 'DECIMAL(15,3)', 'q': 'DECIMAL(15,3)'})
  JOIN area supplier ON supplier.code = i
  JOIN area importer ON importer.code = j;

COPY (
  SELECT
    'baci' AS source, year, NULL::INTEGER AS month, importer AS reporter, supplier AS partner,
    kind AS partner_kind, 'import' AS flow, lpad(product::VARCHAR, 6, '0') AS code, code AS hs6,
    'HS2012' AS hs_revision, code AS product, 'same' AS mapping, value::DECIMAL(18, 3) AS value,
    'USD' AS currency, 'FOB' AS valuation, quantity::DECIMAL(18, 3) AS quantity_kg,
    NULL::BOOLEAN AS quantity_estimated, 'origin' AS partner_concept, file
  FROM import
) TO 'peer/flow' (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (year));

-- Goods beside products; a weight is unknown only where no record has one.
CREATE TEMP TABLE trade AS
SELECT year, product, importer, supplier, kind, value, quantity,
  CASE WHEN quantity IS NULL THEN 0 ELSE value END AS weighed
FROM import
UNION ALL
SELECT year, member.product, importer, supplier, kind, sum(value)::BIGINT, sum(quantity)::BIGINT,
  coalesce(sum(value) FILTER (quantity IS NOT NULL), 0)::BIGINT
FROM import JOIN member ON import.product = member.code
GROUP BY ALL;

DROP TABLE import;

CREATE TEMP TABLE cell AS
SELECT
  year, product, importer,
  sum(value)::BIGINT AS value_total,
  sum(quantity)::BIGINT AS quantity_total,
  sum(value) FILTER (kind = 'country')::BIGINT AS value_named,
  sum(quantity) FILTER (kind = 'country')::BIGINT AS quantity_named,
  sum(value) FILTER (kind <> 'self')::BIGINT AS value_foreign,
  sum(quantity) FILTER (kind <> 'self')::BIGINT AS quantity_foreign,
  coalesce(sum(value) FILTER (kind = 'unspecified'), 0)::BIGINT AS value_unspecified,
  coalesce(sum(quantity) FILTER (kind = 'unspecified'), 0)::BIGINT AS quantity_unspecified,
  coalesce(sum(value) FILTER (kind = 'self'), 0)::BIGINT AS value_self,
  coalesce(sum(quantity) FILTER (kind = 'self'), 0)::BIGINT AS quantity_self,
  sum(weighed)::BIGINT AS weighed
FROM trade
GROUP BY ALL;

CREATE TEMP TABLE share AS
SELECT
  year, product, importer, supplier, value, quantity,
  value / nullif(value_named, 0) AS share_value,
  quantity / nullif(quantity_named, 0) AS share_quantity,
  value / nullif(value_foreign, 0) AS share_total_value,
  quantity / nullif(quantity_foreign, 0) AS share_total_quantity,
  value / nullif(quantity, 0) AS unit_value,
  rank() OVER by_value AS rank_value,
  CASE WHEN quantity IS NOT NULL THEN rank() OVER by_quantity END AS rank_quantity,
  row_number() OVER by_value AS place_value,
  row_number() OVER by_quantity AS place_quantity
FROM trade JOIN cell USING (year, product, importer)
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
) TO 'peer/supplier' (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (year));

CREATE TEMP TABLE export AS
SELECT year, product, supplier AS exporter, sum(value)::BIGINT AS value, sum(quantity)::BIGINT AS quantity
FROM trade
WHERE kind = 'country'
GROUP BY ALL;

COPY (
  SELECT
    'baci' AS source, exporter, label.name AS product, label.kind AS product_kind, year,
    'baci' AS world_basis, value::DECIMAL(18, 3) AS value, quantity::DECIMAL(18, 3) AS quantity_kg,
    NULL::DOUBLE AS coverage
  FROM export JOIN label USING (product)
) TO 'peer/world_trade' (FORMAT parquet, COMPRESSION snappy, PER_THREAD_OUTPUT);

CREATE TEMP TABLE world AS
SELECT
  year, product,
  sum(value::DOUBLE ** 2) / nullif(sum(value)::DOUBLE, 0) ** 2 AS value_hhi,
  sum(quantity::DOUBLE ** 2) / nullif(sum(quantity)::DOUBLE, 0) ** 2 AS quantity_hhi
FROM export
GROUP BY ALL;

CREATE TEMP TABLE concentration AS
SELECT
  year, product, importer,
  count(*) FILTER (value > 0) AS value_suppliers,
  sum(share_value * share_value) AS value_hhi,
  max(share_value) AS value_cr1,
  CASE WHEN sum(share_value) >= 0 THEN least(1, sum(share_value) FILTER (place_value <= 3)) END AS value_cr3,
  -sum(share_value * ln(share_value)) FILTER (share_value > 0) AS value_entropy,
  min(supplier) FILTER (rank_value = 1 AND share_value > 0) AS value_top,
  count(*) FILTER (quantity > 0) AS quantity_suppliers,
  sum(share_quantity * share_quantity) AS quantity_hhi,
  max(share_quantity) AS quantity_cr1,
  CASE WHEN sum(share_quantity) >= 0 THEN least(1, sum(share_quantity) FILTER (place_quantity <= 3)) END AS quantity_cr3,
  -sum(share_quantity * ln(share_quantity)) FILTER (share_quantity > 0) AS quantity_entropy,
  min(supplier) FILTER (rank_quantity = 1 AND share_quantity > 0) AS quantity_top
FROM share
GROUP BY ALL;

DROP TABLE share;

-- One row a cell and basis. An importer without a row of world exports exports nothing; one whose
-- rows carry no weight exports an unknown weight.
CREATE TEMP TABLE measured AS
WITH wide AS (
  SELECT
    * EXCLUDE (value_hhi, quantity_hhi), concentration.value_hhi AS value_hhi,
    concentration.quantity_hhi AS quantity_hhi, world.value_hhi AS value_world_hhi,
    world.quantity_hhi AS quantity_world_hhi,
    CASE WHEN export.value IS NULL AND export.product IS NULL THEN 0 ELSE export.value END AS value_exports,
    CASE WHEN export.product IS NULL THEN 0 ELSE export.quantity END AS quantity_exports
  FROM cell
    LEFT JOIN concentration USING (year, product, importer)
    LEFT JOIN world USING (year, product)
    LEFT JOIN export ON export.year = cell.year AND export.product = cell.product AND export.exporter = cell.importer)
SELECT
  year, product, importer, 'value'::ENUM ('value', 'quantity') AS basis, value_total AS total,
  value_foreign AS foreign_total, value_unspecified AS unspecified, value_self AS self,
  coalesce(value_suppliers, 0) AS suppliers, value_hhi AS hhi, value_cr1 AS cr1, value_cr3 AS cr3,
  value_entropy AS entropy, value_top AS top_supplier, value_world_hhi AS world_hhi,
  value_exports AS exports, weighed / nullif(value_total, 0) AS share_with_quantity
FROM wide
UNION ALL
SELECT
  year, product, importer, 'quantity', quantity_total, quantity_foreign, quantity_unspecified,
  quantity_self, coalesce(quantity_suppliers, 0), quantity_hhi, quantity_cr1, quantity_cr3,
  quantity_entropy, quantity_top, quantity_world_hhi, quantity_exports,
  weighed / nullif(value_total, 0)
FROM wide;

-- The rule, in three-valued logic; and zeros, the years in which an importer reports and has no row
-- of a product that it imports before and after.
CREATE TEMP TABLE judged AS
WITH ruled AS (
  SELECT
    year, product, importer, basis,
    hhi > 0.4 AND world_hhi > 0.4 AND total > exports AS dependent,
    coalesce(hhi < 0.35 OR world_hhi < 0.35 OR total / nullif(exports, 0) < 0.9, false) AS leaving
  FROM measured),
spans AS (
  SELECT product, importer, min(year) AS first, max(year) AS last
  FROM cell
  GROUP BY ALL),
reported AS (SELECT DISTINCT importer, year FROM cell),
zeros AS (
  SELECT reported.year, product, importer
  FROM spans JOIN reported USING (importer)
  WHERE reported.year BETWEEN first AND last
    AND NOT EXISTS (
      FROM cell WHERE cell.year = reported.year AND cell.product = spans.product AND cell.importer = spans.importer))
SELECT * FROM ruled
UNION ALL
SELECT year, product, importer, basis, false, true
FROM zeros CROSS JOIN (SELECT unnest(['value', 'quantity']::ENUM ('value', 'quantity')[]) AS basis);

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
  product, importer, basis, year, dependent AS is_dependent,
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
      unspecified / nullif(foreign_total, 0) AS share_unspecified,
      total / nullif(exports, 0) AS imports_over_exports
    FROM measured)
  SELECT
    'baci' AS source, importer, label.name AS product, label.kind AS product_kind, year, basis,
    total::DECIMAL(18, 3) AS total, 'USD' AS currency, 'FOB' AS valuation,
    suppliers::INTEGER AS suppliers, hhi,
    hhi * (1 - share_unspecified) ** 2 AS hhi_low,
    coalesce(
      hhi * (1 - share_unspecified) ** 2
        + 2 * cr1 * (1 - share_unspecified) * share_unspecified + share_unspecified ** 2,
      CASE WHEN share_unspecified > 0 THEN share_unspecified ** 2 END) AS hhi_high,
    share_unspecified, self / nullif(total, 0) AS share_self,
    CASE WHEN suppliers > 1 THEN (hhi - 1 / suppliers) / (1 - 1 / suppliers) END AS hhi_normalised,
    1 / hhi AS effective_suppliers, cr1, cr3, entropy, top_supplier, cr1 AS top_share,
    'annual' AS period, 12 AS months, share_with_quantity, NULL::DOUBLE AS share_estimated,
    'same' AS mapping, is_basket, world_hhi, imports_over_exports, exports = 0 AS no_exports,
    CASE WHEN exports IS NOT NULL THEN 'baci' END AS exports_basis,
    hhi > 0.4 AS is_import_concentrated, world_hhi > 0.4 AS is_world_concentrated,
    total > exports AS is_net_importer, is_dependent, geodep, dependent_state,
    dependent_since::INTEGER AS dependent_since
  FROM shared
    JOIN verdict USING (product, importer, basis, year)
    JOIN label USING (product)
) TO 'peer/dependency' (FORMAT parquet, COMPRESSION snappy, PER_THREAD_OUTPUT);
