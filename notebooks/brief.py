"""Executes the notebooks with parameters into static pages at LAKE/_brief/RUN/IMPORTER/LANGUAGE."""

import argparse
import os
import re
import sys
from pathlib import Path

import jinja2
import nbformat
import obstore
from jupyter_client import KernelManager
from lake import DEFAULTS, HOME, Stop, store
from look import FONTS, SPOKEN
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from page import Page

FOLDER = HOME / "notebooks"
FIRST, QUALITY = ["01-what-to-worry-about"], ["06-data-quality"]
A_GOOD = ["02-where-imports-come-from", "03-the-film", "04-the-chain", "05-who-could-supply-instead"]
TEMPLATE = jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER), autoescape=True).get_template("brief.html.j2")


def displayed(names, parameters, kernel):
    """What notebooks display one after the other; those after the first use what it has set up."""
    cells = []
    for name in names:
        for cell in nbformat.read(FOLDER / f"{name}.ipynb", 4).cells:
            tags = {*cell.metadata.get("tags", [])}
            if "parameters" in tags:
                cell.source = "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
            cell.id = f"{name[:2]}-{cell.id}"
            if cell.cell_type == "code" and (name == names[0] or not tags & {"parameters", "once"}):
                cells.append(cell)
    book = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(book, km=kernel, timeout=600, extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(FOLDER)}}).execute()
    outputs = (output for cell in book.cells for output in cell.outputs)
    return [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]


def written(target, page, goods, kernel):
    """Writes the pages of an importer in a language: the answer, one page a good, the quality of the data."""
    parameters = {**page.asked, "source": page.source}
    answer = displayed(FIRST, parameters, kernel)
    goods = page.goods_with_data() if goods == ["all"] else goods or re.findall(r"data-good='(.*?)'", "".join(answer))
    for name in ["index", *goods, "quality"]:
        if name == "index":
            parts, title = answer, page.word("worry")
        elif name == "quality":
            parts, title = displayed(QUALITY, parameters, kernel), page.word("quality")
        else:
            parts, title = displayed(A_GOOD, {**parameters, "good": name}, kernel), page.name(name)
        link = lambda found: f"<a href='{found[1]}.html'>{found[2]}</a>" if found[1] in goods else found[2]
        parts = [re.sub(r"<span data-good='(.*?)'>(.*?)</span>", link, part) for part in parts]
        links = [(page.word(key), href, page.language) for key, href in [("all", "../../index.html"), ("worry", "index.html"), ("quality", "quality.html")]]
        links += [(SPOKEN[other], f"../{other}/{name}.html", other) for other in FONTS if other != page.language]
        put(target, f"{page.importer}/{page.language}/{name}.html", page, title=f"{page.country(page.importer)} · {title}", links=links, body=parts)


def put(target, name, page, **shown):
    html = TEMPLATE.render(language=page.language, fonts=FONTS[page.language], **shown)
    obstore.put(target, name, html.encode())


def main():
    parser = argparse.ArgumentParser(prog="./lodestone brief", description=__doc__)
    for name in ("lake", "source", "basis", "run"):
        parser.add_argument(f"--{name}", default="", help=f"default: {DEFAULTS[name] or 'see conf/brief.toml'}")
    parser.add_argument("--importer", default=DEFAULTS["importer"], help="alpha-3 codes, set apart by commas")
    parser.add_argument("--goods", default="", help="ids of goods.csv, set apart by commas, or all; default: the ten of the first page")
    parser.add_argument("--output", help="folder to write to in place of the lake")
    given = parser.parse_args()
    if given.lake and "://" not in given.lake:
        given.lake = os.path.abspath(given.lake)
    asked = {name: getattr(given, name) for name in ("lake", "source", "basis", "run")}
    kernel = KernelManager(kernel_name="python3")
    for importer in given.importer.split(","):
        pages = [Page(**asked, importer=importer, language=language) for language in FONTS]
        run = pages[0].lake.run or "unpublished"
        place = given.output and os.path.abspath(given.output) or f"{pages[0].lake.place}/_brief/{run}"
        target = store(place)
        kept = {Path(found["path"]) for batch in obstore.list(target) for found in batch}
        if pages[0].lake.run and Path(f"{importer}/en/quality.html") in kept:
            print(f"The brief of {importer} in run {run} is kept as it was published: {place}/index.html")
            continue
        for page in pages:
            written(target, page, [good for good in given.goods.split(",") if good], kernel)
        kept = {Path(found["path"]) for batch in obstore.list(target) for found in batch}
        contents = {}
        for path in sorted(kept):
            if len(path.parts) == 3 and path.parts[1] == "en" and path.stem not in ("index", "quality"):
                contents.setdefault(path.parts[0], []).append(path.stem)
        put(target, "index.html", pages[0], title=" · ".join(page.word("all") for page in pages), links=[], contents=contents, pages=pages)
        print(f"Wrote {place}/index.html")


if __name__ == "__main__":
    try:
        main()
    except Stop as sentence:
        sys.exit(str(sentence))
    except CellExecutionError as failed:
        sys.exit(failed.evalue or str(failed))
