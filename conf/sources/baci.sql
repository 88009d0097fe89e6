-- BACI (CEPII): reconciled flows, one file a year, named BACI_HS12_Y2018_V202501.csv. The revision
-- is in the file's name. Values are FOB in thousand USD, quantities in tonnes.
-- header: t, i, j, k, v, q
-- countries: baci
-- currency: USD
-- value_scale: 1000
-- quantity_scale: 1000
-- revision: CASE regexp_extract(_file, 'HS([0-9][0-9])', 1)
--   WHEN '92' THEN 'HS1992' WHEN '96' THEN 'HS1996'
--   ELSE concat('HS20', regexp_extract(_file, 'HS([0-9][0-9])', 1)) END
-- valuation: 'FOB'
-- partner_concept: 'origin'
-- world: baci
-- expect: length(trim(t)) = 4
SELECT
  j AS reporter,
  i AS partner,
  'import' AS flow,
  t AS year,
  k AS code,
  v AS value,
  CASE WHEN trim(q) = 'NA' THEN NULL ELSE q END AS quantity_kg
FROM raw
