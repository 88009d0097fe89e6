"""Four readers, one answer. `write LAKE OUT` prints the SQL that lets Spark write what it reads; `compare LAKE OUT` compares."""

import re
import sys
from pathlib import Path

import duckdb
import polars as pl
from deltalake import DeltaTable, QueryBuilder

do, lake, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).resolve()
tables = sorted(path.parent.name for path in lake.glob("*/_delta_log"))
questions = {int(number): text for text in Path("conf/sql/questions.sql").read_text("utf-8").split(";") for number in re.findall(r"^-- (\d+)\.", text, re.M)}


def checksum(rows):
    """Rows and a sum of hashes of their text, whatever order rows and columns come in."""
    texts = []
    for name in sorted(rows.columns):
        column = rows[name]
        if column.dtype.is_temporal():
            column = column.dt.cast_time_unit("us").dt.replace_time_zone(None)
        elif column.dtype.is_nested():
            column = pl.Series(name, [repr(cell if cell is None else list(cell) if isinstance(cell, pl.Series) else cell) for cell in column.to_list()])
        texts.append(column.cast(pl.String))
    return rows.height, pl.DataFrame(texts).hash_rows(1).sum() if rows.height else 0


if do == "write":
    for name in tables:
        print(f"INSERT OVERWRITE DIRECTORY '{out}/{name}' USING parquet SELECT * FROM `{name}`;")
    for number, text in questions.items():
        print(f"INSERT OVERWRITE DIRECTORY '{out}/question-{number}' USING parquet {re.sub('^--.*$', '', text, flags=re.M).strip()};")
    sys.exit()
failures = []
if sorted(questions) != list(range(1, 21)):
    failures.append(f"questions {sorted(questions)}, wanted 1 to 20")
duck = duckdb.connect()
for name in tables:
    table = DeltaTable(str(lake / name))
    features = {*(table.protocol().reader_features or []), *(table.protocol().writer_features or [])}
    failures += [f"{name} uses {feature}" for feature in features & {"deletionVectors", "columnMapping"}]
    rust = QueryBuilder().register(name, table).execute(f'SELECT * FROM "{name}"').read_all()
    duck.register(name, rust)
    duck.execute(f"""COPY "{name}" TO '{out}/{name}.duck' (FORMAT parquet)""")
    sums = {
        "Spark": checksum(pl.read_parquet(f"{out}/{name}/*.parquet")),
        "delta-rs": checksum(pl.DataFrame(rust)),
        "Polars": checksum(pl.scan_delta(table).collect()),
        "DuckDB": checksum(pl.read_parquet(f"{out}/{name}.duck")),
    }
    print(f"{name}: {sums['Spark'][0]} rows, {sums['Spark'][1]:x}")
    if len(set(sums.values())) > 1:
        failures.append(f"{name}: {sums}")
for number, text in questions.items():
    spark = pl.read_parquet(f"{out}/question-{number}/*.parquet")
    duck.execute(f"COPY ({text}) TO '{out}/question-{number}.duck' (FORMAT parquet)")
    both = [rows.select(pl.selectors.by_dtype(pl.String, pl.Boolean), pl.selectors.integer().cast(pl.Int64)) for rows in (spark, pl.read_parquet(f"{out}/question-{number}.duck"))]
    print(f"question {number}: {spark.height} rows")
    if not spark.height or checksum(both[0]) != checksum(both[1]):
        failures.append(f"question {number}: {spark.height} rows, DuckDB {both[1].height}")
sys.exit("\n".join(failures) or 0)
