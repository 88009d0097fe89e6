"""What the first page says of a night, against the tables of both runs. `night.py LAKE RUN-BEFORE`; revise.py made the night."""

import json
import re
import sys
from html import unescape
from pathlib import Path

import polars as pl
from deltalake import DeltaTable

lake, before = sys.argv[1:]
published = json.loads(Path(lake, "_published.json").read_text())
outputs = dict(pl.read_delta(f"{lake}/run").filter(run=before)["outputs"][0])
of = {"source": "synthetic-comtrade", "importer": "JPN"}
good = {**of, "product_kind": "good", "basis": "quantity"}


def told(versions, product):
    rows = [
        pl.scan_delta(DeltaTable(f"{lake}/{table}", version=versions[table])).filter(product=product, **which).select(columns).collect().row(0)
        for table, which, columns in (
            ("dependency", {**good, "year": 2025}, ["top_share", "top_supplier", "dependent_state", "dependent_since"]),
            ("trend", {**good, "measure": "hhi"}, ["verdict"]),
            ("candidate", {**of, "rank": 1}, ["supplier", pl.format("{}, {}", *((100 * pl.col(name)).round(0, mode="half_to_even").cast(int) for name in ("reachable_share", "probability")))]),
        )
    ]
    return rows[0][0], {"largest supplier was": rows[0][1], "dependent since was": rows[0][2:], "direction was": rows[1], "best alternative was": rows[2]}


failures, moved = [], {}
page = Path(lake, "_brief", published["run"], "JPN/en/index.html").read_text()
if f"Since the run before, {before}" not in page:
    failures.append(f"the first page does not name the run before, {before}")
for product, row in re.findall(r"<a href='([\w-]+).html'>(.*?)</tr>", page):
    said = unescape(re.sub("<.*?>", "", row.split("<td")[-1])).split(">", 1)[-1]
    (now, words), (then, earlier) = told(published["tables"], product), told(outputs, product)
    moved[product] = round(100 * (now - then), 1)
    wanted = [f"{moved[product]:+.1f} percentage points"] if abs(now - then) >= 0.0005 else []
    wanted += [phrase for phrase in words if words[phrase] != earlier[phrase]]
    parts = [] if said == "unchanged" else said.split("; ")
    if len(parts) != len(wanted) or not all(part.startswith(phrase) for part, phrase in zip(sorted(parts), sorted(wanted))):
        failures.append(f"{product}: the page says '{said}', the tables {wanted}")
# 40 % less of what was 7,142,023 of 8,854,793 kg.
if len(moved) != 10 or [product for product, points in moved.items() if points] != ["rare-earth-magnets"] or moved["rare-earth-magnets"] != -9.2:
    failures.append(f"shares moved otherwise than by the revised records: {moved}")
print("The first page says what the night changed." if not failures else "")
sys.exit("\n".join(failures) or 0)
