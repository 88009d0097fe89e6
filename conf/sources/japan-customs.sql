-- Japan Customs, trade statistics by commodity and country: a line a code, country and direction,
-- with the year and its months side by side. The year is reconciled against its months and never
-- added to them. A month with nothing but zeros is no record. Values are thousand yen, imports CIF
-- by country of origin, exports FOB by destination. Codes have nine digits of Japan's own tariff,
-- which took each HS revision on 1 January of the revision's year.
-- Files by customs office (with a column Custom) are not this source.
-- header: Exp or Imp, Year, HS, Country, Unit1, Unit2, Quantity1-Year, Quantity2-Year, Value-Year,
--   [Quantity1-Jan], [Quantity2-Jan], [Value-Jan],
--   [Quantity1-Feb], [Quantity2-Feb], [Value-Feb],
--   [Quantity1-Mar], [Quantity2-Mar], [Value-Mar],
--   [Quantity1-Apr | Quantity1-Apl], [Quantity2-Apr | Quantity2-Apl], [Value-Apr | Value-Apl],
--   [Quantity1-May], [Quantity2-May], [Value-May],
--   [Quantity1-Jun], [Quantity2-Jun], [Value-Jun],
--   [Quantity1-Jul], [Quantity2-Jul], [Value-Jul],
--   [Quantity1-Aug], [Quantity2-Aug], [Value-Aug],
--   [Quantity1-Sep], [Quantity2-Sep], [Value-Sep],
--   [Quantity1-Oct], [Quantity2-Oct], [Value-Oct],
--   [Quantity1-Nov], [Quantity2-Nov], [Value-Nov],
--   [Quantity1-Dec], [Quantity2-Dec], [Value-Dec]
-- countries: japan-customs
-- currency: JPY
-- value_scale: 1000
-- digits: 9
-- expect: `Exp or Imp` IN ('1', '2') AND length(trim(Year)) = 4
SELECT
  'JPN' AS reporter,
  Country AS partner,
  CASE `Exp or Imp` WHEN '1' THEN 'export' WHEN '2' THEN 'import' ELSE `Exp or Imp` END AS flow,
  Year AS year,
  CASE WHEN period <> 'year' THEN period END AS month,
  replace(HS, "'", '') AS code,
  CASE
    WHEN Year >= '2028' THEN 'HS2028'
    WHEN Year >= '2022' THEN 'HS2022'
    WHEN Year >= '2017' THEN 'HS2017'
    WHEN Year >= '2012' THEN 'HS2012'
    WHEN Year >= '2007' THEN 'HS2007'
    WHEN Year >= '2002' THEN 'HS2002'
    WHEN Year >= '1996' THEN 'HS1996'
    ELSE 'HS1992'
  END AS revision,
  amount AS value,
  CASE
    WHEN trim(Unit2) = 'KG' THEN second
    WHEN trim(Unit1) = 'KG' THEN first
    WHEN trim(Unit2) = 'MT' THEN coalesce(string(try_cast(second AS DECIMAL(18,3)) * 1000), second)
    WHEN trim(Unit1) = 'MT' THEN coalesce(string(try_cast(first AS DECIMAL(18,3)) * 1000), first)
    WHEN trim(Unit2) = 'GR' THEN coalesce(string(try_cast(second AS DECIMAL(18,3)) / 1000), second)
    WHEN trim(Unit1) = 'GR' THEN coalesce(string(try_cast(first AS DECIMAL(18,3)) / 1000), first)
  END AS quantity_kg,
  CASE `Exp or Imp` WHEN '1' THEN 'FOB' ELSE 'CIF' END AS valuation,
  CASE `Exp or Imp` WHEN '1' THEN 'destination' ELSE 'origin' END AS partner_concept,
  CASE WHEN period = 'year' THEN 'year' END AS aggregate
FROM raw
LATERAL VIEW stack(13,
  'year', `Quantity1-Year`, `Quantity2-Year`, `Value-Year`,
  '1', `Quantity1-Jan`, `Quantity2-Jan`, `Value-Jan`,
  '2', `Quantity1-Feb`, `Quantity2-Feb`, `Value-Feb`,
  '3', `Quantity1-Mar`, `Quantity2-Mar`, `Value-Mar`,
  '4', `Quantity1-Apr`, `Quantity2-Apr`, `Value-Apr`,
  '5', `Quantity1-May`, `Quantity2-May`, `Value-May`,
  '6', `Quantity1-Jun`, `Quantity2-Jun`, `Value-Jun`,
  '7', `Quantity1-Jul`, `Quantity2-Jul`, `Value-Jul`,
  '8', `Quantity1-Aug`, `Quantity2-Aug`, `Value-Aug`,
  '9', `Quantity1-Sep`, `Quantity2-Sep`, `Value-Sep`,
  '10', `Quantity1-Oct`, `Quantity2-Oct`, `Value-Oct`,
  '11', `Quantity1-Nov`, `Quantity2-Nov`, `Value-Nov`,
  '12', `Quantity1-Dec`, `Quantity2-Dec`, `Value-Dec`
) AS period, first, second, amount
WHERE period = 'year'
  OR NOT (coalesce(trim(first), '0') IN ('0', '') AND coalesce(trim(second), '0') IN ('0', '')
    AND coalesce(trim(amount), '0') IN ('0', ''))
