"""No lake, an empty table, one that came after the run, a good without data, a lake of another version: a sentence each."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import polars as pl
from deltalake import DeltaTable, write_deltalake
from jupyter_client import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

lake = Path(sys.argv[1]).resolve()
books = [nbformat.read(path, 4) for path in sys.argv[2:]]
kernel, failures = KernelManager(kernel_name="python3"), []


def said(book, **parameters):
    """What a notebook says in an error and in paragraphs."""
    book = nbformat.from_dict(book)
    cell = next(cell for cell in book.cells if "parameters" in cell.metadata.get("tags", []))
    cell.source += "".join(f"\n{name} = {value!r}" for name, value in parameters.items())
    try:
        NotebookClient(book, km=kernel, timeout=300, extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": "notebooks"}}).execute()
    except CellExecutionError:
        pass
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    return "\n".join(line for output in outputs for line in [*output.get("traceback", []), output.get("data", {}).get("text/html", "")])


def expect(sentence, book, **parameters):
    text = said(book, **parameters)
    if sentence not in text or "Traceback" in text or "File " in text:
        failures.append(f"{book.cells[0].source[0:60]!r} {parameters}: wanted '{sentence}', got\n{text[-1500:]}")


def copied(name):
    shutil.rmtree(name, ignore_errors=True)
    shutil.copytree(lake / "dependency", f"{name}/dependency")
    return str(Path(name).resolve())


for book in books:
    expect("There is no lake at", book, lake="nowhere")
    expect("nothing about imports of XXX", book, importer="XXX")
for book in [*books[1:5], *books[7:]]:
    expect("has no rows for", book, good="no-such-good", lake=str(lake))
empty = copied("empty")
write_deltalake(f"{empty}/supplier", pl.read_delta(str(lake / "supplier")).head(0))
expect("Table supplier has no rows", books[1], lake=empty)
expect("no table trend yet", books[2], lake=empty)
Path(empty, "_published.json").write_text(json.dumps({"run": "early", "tables": {"dependency": DeltaTable(f"{empty}/dependency").version()}}))
expect("no table supplier yet", books[1], lake=empty)
lacking = Path("lacking").resolve()
for name, book in ("supplier", books[0]), ("supplier", books[4]), ("entry", books[4]):
    shutil.rmtree(lacking, ignore_errors=True)
    lacking.mkdir()
    for table in lake.glob("[a-z]*"):
        if table.name != name:
            (lacking / table.name).symlink_to(table)
    expect(f"no table {name} yet", book, lake=str(lacking))
bare = "bare"
Path(bare).mkdir(exist_ok=True)
expect("has no table dependency", books[0], lake=str(Path(bare).resolve()))
other = str(Path("other").resolve())
shutil.rmtree(other, ignore_errors=True)
write_deltalake(f"{other}/dependency", pl.read_delta(str(lake / "dependency")).drop("hhi"))
expect("has no column hhi: the lake was made by another version", books[0], lake=other)
expect("published no run yet", books[0], lake=other, run="2026-01-01")
kernel.shutdown_kernel(now=True)
for asked, sentence in {
    "--lake=nowhere": "There is no lake at",
    "--importer=XXX": "nothing about imports of XXX",
    "--source=elsewhere": "Source elsewhere says nothing",
    "--run=2020": "There is no published run 2020",
    "--goods=no-such-good": "There is no good 'no-such-good'",
}.items():
    brief = subprocess.run([sys.executable, "notebooks/brief.py", f"--lake={lake}", asked], capture_output=True, text=True)
    if brief.returncode != 2 or sentence not in brief.stderr or brief.stderr.count("\n") > 1:
        failures.append(f"brief {asked}: exit code {brief.returncode}, {brief.stderr}")
for name in (empty, bare, other, lacking):
    shutil.rmtree(name)
print("Bad input is answered in sentences." if not failures else "")
sys.exit("\n".join(failures) or 0)
