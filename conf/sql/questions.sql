-- Twenty questions of analysts. One dialect for spark-sql, a JDBC client of the Thrift server, and DuckDB.
-- Write your source, importer and good in place of those here: '%comtrade' is the sample's source and the real one.

-- 1. On whom does Japan depend for magnets, year by year?
SELECT year, basis, top_supplier, top_share, hhi, dependent_state, dependent_since
FROM dependency
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earth-magnets'
ORDER BY basis, year;

-- 2. Which goods does Japan buy by more than half from one supplier, by weight, in the last whole year?
SELECT product, top_supplier, top_share, hhi, is_basket
FROM dependency
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product_kind = 'good' AND basis = 'quantity' AND top_share > 0.5
  AND year = (SELECT MAX(year) FROM dependency WHERE source LIKE '%comtrade' AND importer = 'JPN' AND months = 12)
ORDER BY top_share DESC, product;

-- 3. Who stands in a state of dependence for rare-earth magnets, and since when?
SELECT importer, dependent_since, top_supplier, top_share
FROM dependency
WHERE source LIKE '%comtrade' AND product = 'rare-earth-magnets' AND basis = 'quantity' AND dependent_state
  AND year = (SELECT MAX(year) FROM dependency WHERE source LIKE '%comtrade' AND months = 12)
ORDER BY dependent_since, importer;

-- 4. Where do value and weight stand on different sides of 0.4?
SELECT v.importer, v.product, v.year, v.hhi AS hhi_value, q.hhi AS hhi_quantity
FROM dependency v
JOIN dependency q ON q.source = v.source AND q.importer = v.importer AND q.product = v.product
  AND q.product_kind = v.product_kind AND q.year = v.year AND q.basis = 'quantity'
WHERE v.source LIKE '%comtrade' AND v.basis = 'value' AND v.product_kind = 'good' AND v.year = 2024
  AND (v.hhi > 0.4) <> (q.hhi > 0.4)
ORDER BY v.importer, v.product;

-- 5. Has the number of effective suppliers grown between 2010 and 2025?
SELECT product,
  MAX(CASE WHEN year = 2010 THEN effective_suppliers END) AS in_2010,
  MAX(CASE WHEN year = 2025 THEN effective_suppliers END) AS in_2025
FROM dependency
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product_kind = 'good' AND basis = 'quantity'
GROUP BY product
ORDER BY product;

-- 6. Which suppliers of rare earths to Japan are there today that were not in 2010?
SELECT supplier, quantity_kg, share_total_quantity
FROM supplier
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earths' AND year = 2025
  AND supplier NOT IN (
    SELECT supplier FROM supplier WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earths' AND year = 2010)
ORDER BY quantity_kg DESC, supplier;

-- 7. What does a kilogram of magnets cost, by supplier?
SELECT supplier, unit_value, quantity_kg
FROM supplier
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earth-magnets' AND year = 2025
ORDER BY unit_value DESC, supplier;

-- 8. And if China, Hong Kong and Macao count as one supplier?
SELECT year, SUM(share_total_quantity) AS share_total_quantity
FROM supplier
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earth-magnets' AND supplier IN ('CHN', 'HKG', 'MAC')
GROUP BY year
ORDER BY year;

-- 9. Who exports magnets to the world?
SELECT exporter, quantity_kg, value
FROM world_trade
WHERE source LIKE '%comtrade' AND product = 'rare-earth-magnets' AND year = 2024 AND world_basis = 'mirror'
ORDER BY value DESC, exporter
LIMIT 10;

-- 10. Which importers buy the largest part of their rare-earth metals from China?
SELECT importer, share_total_quantity, quantity_kg
FROM supplier
WHERE source LIKE '%comtrade' AND product = 'rare-earth-metals' AND supplier = 'CHN' AND year = 2025
ORDER BY share_total_quantity DESC, importer;

-- 11. How many goods of each importer diversify, and how many do not?
SELECT importer, verdict, COUNT(*) AS goods
FROM trend
WHERE source LIKE '%comtrade' AND product_kind = 'good' AND basis = 'quantity' AND measure = 'hhi'
GROUP BY importer, verdict
ORDER BY importer, verdict;

-- 12. What is the verdict on Japan's goods, and how sure is it?
SELECT product, verdict, sen_slope, sen_low, sen_high, trend_p, q_value
FROM trend
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product_kind = 'good' AND basis = 'quantity' AND measure = 'hhi'
ORDER BY trend_p, product;

-- 13. Which suppliers moved Japan's concentration in rare earths most?
SELECT from_year, to_year, name, kind, contribution
FROM change
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earths' AND basis = 'quantity' AND part = 'supplier'
  AND to_year - from_year > 1
ORDER BY ABS(contribution) DESC, name;

-- 14. When did spells of dependence begin and end?
SELECT *
FROM dependence_spell
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earth-magnets';

-- 15. Who could supply magnets instead, and how much?
SELECT rank, supplier, probability, reachable_share, own_dependence, reason
FROM candidate
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earth-magnets'
ORDER BY rank;

-- 16. How likely does a share fall below half, and has that forecast been validated?
SELECT product, measure, year, p05, p50, p95, p_below_50, validation
FROM forecast
WHERE source LIKE '%comtrade' AND importer = 'JPN' AND product = 'rare-earth-magnets' AND basis = 'quantity'
ORDER BY measure, year;

-- 17. What did the control of December 2023 do to monthly imports of graphite?
SELECT year, month, SUM(quantity_kg) AS quantity_kg
FROM flow
WHERE source LIKE '%comtrade' AND reporter = 'JPN' AND partner = 'CHN' AND flow = 'import' AND product = '250410'
  AND month IS NOT NULL AND year IN (2023, 2024)
GROUP BY year, month
ORDER BY year, month;

-- 18. Where do our totals miss the published ones by more than one percent?
SELECT source, COUNT(*) AS cells, COUNT(CASE WHEN ABS(gap) > 0.01 THEN 1 END) AS missed
FROM reconciliation
GROUP BY source
ORDER BY source;

-- 19. What could not be read?
SELECT source, file, line, reason
FROM reject
ORDER BY source, file, line;

-- 20. From which files comes a number, and what became of their records?
SELECT f.path, f.first_period, f.last_period, f.used, f.rejected, f.duplicate, f.superseded
FROM source_file f
WHERE f.path IN (
  SELECT file FROM flow WHERE source LIKE '%comtrade' AND reporter = 'JPN' AND product = '850511' AND year = 2024)
ORDER BY f.path;
