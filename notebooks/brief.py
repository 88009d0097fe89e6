"""Executes the notebooks with parameters into static pages at LAKE/_brief/RUN/IMPORTER/LANGUAGE."""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from look import FONTS
from nbclient.exceptions import CellExecutionError
from page import Page
from pages import complete, put, write, written
from settings import DEFAULTS, Stop, store


def asked_for():
    parser = argparse.ArgumentParser(prog="./lodestone brief", description=__doc__)
    for name in ("lake", "source", "basis", "run"):
        parser.add_argument(f"--{name}", default="", help=f"default: {DEFAULTS[name] or 'see conf/brief.toml'}")
    parser.add_argument("--importer", default=DEFAULTS["importer"], help="alpha-3 codes, set apart by commas")
    parser.add_argument("--goods", default="", help="ids of goods.csv, set apart by commas, or all; default: the ten of the first page")
    parser.add_argument("--output", help="folder to write to in place of the lake")
    asked = parser.parse_args()
    asked.lake, asked.output = (place and (place if "://" in place else os.path.abspath(place)) for place in (asked.lake, asked.output))
    asked.goods = [good for good in asked.goods.split(",") if good]
    return asked


def brief(importer, asked):
    """The pages of an importer in all languages, each in a Python of its own; pages of a published run are kept."""
    reading = {name: getattr(asked, name) for name in ("lake", "source", "basis", "run")}
    pages = [Page(**reading, importer=importer, language=language) for language in FONTS]
    page, run = pages[0], pages[0].lake.run
    for good in asked.goods:
        if good != "all" and good not in page.names:
            raise Stop(f"There is no good '{good}' in goods.csv: write ids of it, or all.")
    place = asked.output or f"{page.lake.place}/_brief/{run or 'unpublished'}"
    if "://" not in place:
        Path(place).mkdir(parents=True, exist_ok=True)
    target = store(place)
    # Pages of another basis or source than conf/brief.toml names stand beside the others.
    folder = "-".join([importer, *(value for value in (asked.basis, asked.source) if value not in ("", DEFAULTS["basis"], DEFAULTS["source"]))])
    kept = [path for path in written(target) if run and path.parts[0] == folder]
    if not asked.goods and all(complete(target, f"{folder}/{language}/index.html", kept) for language in FONTS):
        print(f"The brief of {importer} in run {run} is kept as it was published: {place}/index.html")
        return
    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(write, target, folder, page, asked.goods, kept) for page in pages]:
            done.result()
    contents = {}
    for path in written(target):
        if len(path.parts) == 3 and path.parts[1] == "en" and path.stem not in ("index", "quality"):
            contents.setdefault(path.parts[0], []).append(path.stem)
    started = page.lake.read("run", "started", run=run)["started"][0] if run else None
    said = lambda one: [("synthetic", one.word("synthetic"))] * one.synthetic + [("parameters", one.word("run_said", run=run, date=f"{started:%Y-%m-%d %H:%M}")) for _ in filter(None, [run])]
    body = [f'<p class="{key}" lang="{one.language}">{escape(text)}</p>' for one in pages for key, text in said(one)]
    put(target, "index.html", page, body=body, title=" · ".join(page.word("all") for page in pages), links=[], contents=contents, pages=pages)
    print(f"Wrote {place}/index.html")


def main():
    """The exit codes are those of the jobs: 2 for what was asked, 4 for a fault."""
    try:
        asked = asked_for()
        for importer in filter(None, asked.importer.split(",")):
            brief(importer, asked)
    except Stop as sentence:
        print(sentence, file=sys.stderr)
        return 2
    except CellExecutionError as failed:
        print(failed.evalue or failed, file=sys.stderr)
        return 2 if failed.ename == "Stop" else 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
