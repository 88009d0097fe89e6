"""Every fixed text is there in all languages with the same places to fill, and odd text stays text in a CSV."""

import csv
import string
import sys

import polars as pl

sys.path.insert(0, "notebooks")
from sheet import csv_bytes, table_html

failures = []
for row in csv.DictReader(open("notebooks/words.csv", encoding="utf-8")):
    fields = [{name for _, name, _, _ in string.Formatter().parse(row[column]) if name} for column in ("en", "zh_hant", "ja")]
    if not all(row.values()) or fields[1:] != fields[:-1]:
        failures.append(f"words.csv: {row['key']} differs between languages")
odd = pl.DataFrame({"name": ["=1+1", "+1", "-1", "@a", "\tx", "\rx", '<b>"q"</b>', "日本"], "number": [-1.5] * 8})
read = list(csv.reader(csv_bytes(odd).decode("utf-8-sig").splitlines(keepends=True)))
if [row[0] for row in read[1:5]] != ["'=1+1", "'+1", "'-1", "'@a"] or read[7][0] != '<b>"q"</b>' or read[1][1] != "-1.5":
    failures.append(f"csv: {read}")
if "<b>" in table_html(odd, "odd", "<b>", str):
    failures.append("table: markup in a cell reached the page")
sys.exit("\n".join(failures) or 0)
