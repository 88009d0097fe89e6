"""Executes notebooks cold: no error, no empty or missing chart; says when the first chart was there, and with --within SECONDS wants it by then."""

import argparse
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CHARTS = {"01": 1, "02": 2, "03": 2, "04": 2, "05": 3, "06": 3, "07": 1, "08": 1, "09": 1}
failures = []


def executed(path):
    """A notebook with its outputs, and the seconds to its first chart."""
    book, first = nbformat.read(path, 4), None
    started = time.monotonic()

    def seen(cell, cell_index, execute_reply):
        nonlocal first
        if first is None and "<svg" in str(cell.get("outputs")):
            first = time.monotonic() - started

    NotebookClient(book, timeout=300, extra_arguments=["--log-level=ERROR"], on_cell_executed=seen, resources={"metadata": {"path": "notebooks"}}).execute()
    return book, first or time.monotonic() - started


parser = argparse.ArgumentParser()
parser.add_argument("--within", type=float, default=float("inf"))
parser.add_argument("notebooks", nargs="+")
options = parser.parse_args()
for path in options.notebooks:
    name, charts, said = Path(path).stem, 0, []
    book, first = executed(path)
    for cell in book.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            drawn = re.findall(r"<svg.*?</svg>", html, re.S)
            charts += len(drawn)
            failures += [f"{name}: an empty chart" for svg in drawn if not re.search(r'role-mark[^>]*><path[^>]* d="M', svg)]
            said += re.findall(r'<p class="no_(?:table|rows)">(.*?)</p>', html)
    print(f"{name}: {charts} charts, the first after {first:.1f} s", *said, sep="\n  ")
    if charts < CHARTS[name[:2]]:
        failures.append(f"{name}: {charts} charts, {CHARTS[name[:2]]} expected")
    if first > options.within:
        failures.append(f"{name}: the first chart after {first:.1f} s, at most {options.within:g} wanted")
sys.exit("\n".join(failures) or 0)
