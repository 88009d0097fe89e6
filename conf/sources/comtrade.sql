-- UN Comtrade, current API layout (CSV), annual and monthly, one row a partner or all breakdowns.
-- A record is the total over second partners, modes of transport and customs procedures; the rest
-- are its parts. Partners of imports are countries of origin, of exports the last known
-- destination, as the UN recommends to its reporters; a few reporters differ and the file does not
-- say which.
-- header: typeCode, freqCode, refYear, refMonth, reporterCode, flowCode, partnerCode,
--   [partner2Code], classificationCode, cmdCode, [customsCode], [motCode], netWgt | netWeight,
--   [isNetWgtEstimated], [cifvalue], [fobvalue], primaryValue, [legacyEstimationFlag], ...
-- countries: comtrade
-- currency: USD
-- world: mirror
-- expect: typeCode IN ('C', 'S') AND freqCode IN ('A', 'M')
SELECT
  reporterCode AS reporter,
  partnerCode AS partner,
  CASE trim(flowCode)
    WHEN 'M' THEN 'import'
    WHEN 'X' THEN 'export'
    WHEN 'RM' THEN 're_import'
    WHEN 'RX' THEN 're_export'
    WHEN 'FM' THEN 'foreign_import'
    WHEN 'DX' THEN 'domestic_export'
    WHEN 'MIP' THEN 'processing:MIP'
    WHEN 'MOP' THEN 'processing:MOP'
    WHEN 'MIF' THEN 'processing:MIF'
    WHEN 'XIP' THEN 'processing:XIP'
    WHEN 'XOP' THEN 'processing:XOP'
    WHEN 'XIF' THEN 'processing:XIF'
    ELSE flowCode
  END AS flow,
  refYear AS year,
  CASE WHEN freqCode = 'M' THEN coalesce(refMonth, 'none') END AS month,
  cmdCode AS code,
  CASE trim(classificationCode)
    WHEN 'H0' THEN 'HS1992'
    WHEN 'H1' THEN 'HS1996'
    WHEN 'H2' THEN 'HS2002'
    WHEN 'H3' THEN 'HS2007'
    WHEN 'H4' THEN 'HS2012'
    WHEN 'H5' THEN 'HS2017'
    WHEN 'H6' THEN 'HS2022'
    WHEN 'H7' THEN 'HS2028'
    ELSE classificationCode
  END AS revision,
  primaryValue AS value,
  netWgt AS quantity_kg,
  CASE
    WHEN legacyEstimationFlag IN ('4', '6') OR isNetWgtEstimated IN ('true', 'True', 'TRUE') THEN 'true'
    WHEN isNetWgtEstimated IS NOT NULL THEN 'false'
  END AS quantity_estimated,
  CASE
    WHEN flowCode LIKE 'M%' AND cifvalue = primaryValue THEN 'CIF'
    WHEN fobvalue = primaryValue THEN 'FOB'
    WHEN cifvalue = primaryValue THEN 'CIF'
  END AS valuation,
  CASE
    WHEN flowCode IN ('M', 'RM', 'FM', 'MIP', 'MOP', 'MIF') THEN 'origin'
    ELSE 'destination'
  END AS partner_concept,
  CASE
    WHEN cmdCode = 'TOTAL' THEN 'total of all commodities'
    WHEN coalesce(trim(partner2Code), '0') NOT IN ('0', '') THEN 'breakdown by second partner'
    WHEN coalesce(trim(motCode), '0') NOT IN ('0', '') THEN 'breakdown by mode of transport'
    WHEN coalesce(trim(customsCode), 'C00') NOT IN ('C00', '') THEN 'breakdown by customs procedure'
  END AS aggregate
FROM raw
