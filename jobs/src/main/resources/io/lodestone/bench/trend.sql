-- Mann-Kendall's S, its variance with ties and Z, Sen's slope and the change of the HHI, of one basis.
COPY (
  WITH d AS (
    SELECT importer, product, year, hhi
    FROM read_parquet('${dependency}', hive_partitioning = true)
    WHERE basis = 'value' AND hhi IS NOT NULL AND months >= 12
  ),
  pairs AS (
    SELECT a.importer, a.product,
      sum(sign(b.hhi - a.hhi))::INT AS mk_s,
      median((b.hhi - a.hhi) / (b.year - a.year)) AS sen_slope
    FROM d a JOIN d b ON a.importer = b.importer AND a.product = b.product AND a.year < b.year
    GROUP BY a.importer, a.product
  ),
  ties AS (
    SELECT importer, product, sum(t)::DOUBLE AS n, sum(t * (t - 1) * (2 * t + 5)) AS tied
    FROM (SELECT importer, product, hhi, count(*) AS t FROM d GROUP BY importer, product, hhi)
    GROUP BY importer, product
  ),
  ends AS (
    SELECT importer, product, arg_max(hhi, year) - arg_min(hhi, year) AS change
    FROM d GROUP BY importer, product
  )
  SELECT importer, product, mk_s, (n * (n - 1) * (2 * n + 5) - tied) / 18 AS mk_var,
    CASE WHEN mk_s = 0 THEN 0 ELSE (mk_s - sign(mk_s)) / sqrt((n * (n - 1) * (2 * n + 5) - tied) / 18) END AS mk_z,
    sen_slope, change
  FROM pairs JOIN ties USING (importer, product) JOIN ends USING (importer, product)
) TO '${peer}' (FORMAT parquet)
