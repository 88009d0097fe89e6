"""The pages of one importer in one language: the answer, one page a good, the quality of the data."""

import re
from pathlib import Path

import jinja2
import nbformat
import obstore
from jupyter_client import KernelManager
from look import FONTS, SPOKEN
from nbclient import NotebookClient
from settings import HOME

FOLDER = HOME / "notebooks"
FIRST, QUALITY = ["01-what-to-worry-about"], ["06-data-quality"]
A_GOOD = ["02-where-imports-come-from", "03-the-film", "04-the-chain", "05-who-could-supply-instead"]
TEMPLATE = jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER), autoescape=True).get_template("brief.html.j2")


def put(target, name, page, **shown):
    html = TEMPLATE.render(language=page.language, fonts=FONTS[page.language], **shown)
    obstore.put(target, name, html.encode())


def written(target):
    return sorted(Path(found["path"]) for batch in obstore.list(target) for found in batch)


def complete(target, index, kept):
    """Whether a first page is there, written after all others, with a link for every good that it names."""
    return Path(index) in kept and b"data-good" not in bytes(obstore.get(target, index).bytes())


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
    where = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(book, km=kernel, timeout=600, extra_arguments=["--log-level=ERROR"], resources=where).execute()
    outputs = (output for cell in book.cells for output in cell.outputs)
    return [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]


def every_good(page):
    rows = page.lake.read("dependency", "product", "hhi", source=page.source, importer=page.importer, basis=page.basis, product_kind="good")
    return rows.drop_nulls()["product"].unique().sort().to_list()


def write(target, folder, page, goods, kept):
    """Writes pages that are not kept, and the first page, which links to all; without goods those that it names."""
    kernel, parameters = KernelManager(kernel_name="python3"), {**page.asked, "source": page.source}
    put_page = lambda name, title, parts: put(
        target, f"{folder}/{page.language}/{name}.html", page, title=page.pair(page.country(page.importer), title),
        body=sorted(parts, key=lambda part: 'class="parameters"' in part), links=links(page, name))
    kept = {path.stem for path in kept if path.parts[1] == page.language}
    try:
        answer = displayed(FIRST, parameters, kernel)
        goods = every_good(page) if goods == ["all"] else goods or re.findall(r"data-good='(.*?)'", "".join(answer))
        for name in [good for good in goods if good not in kept]:
            put_page(name, page.name(name), displayed(A_GOOD, {**parameters, "good": name}, kernel))
        if "quality" not in kept:
            put_page("quality", page.word("quality"), displayed(QUALITY, parameters, kernel))
        link = lambda found: f"<a href='{found[1]}.html'>{found[2]}</a>" if found[1] in {*goods, *kept} else found[0]
        put_page("index", page.word("worry"), [re.sub(r"<span data-good='(.*?)'>(.*?)</span>", link, part) for part in answer])
    finally:
        if kernel.has_kernel:
            kernel.shutdown_kernel(now=True)


def links(page, name):
    """To the other pages, and to this one in other languages."""
    fixed = [("all", "../../index.html"), ("worry", "index.html"), ("quality", "quality.html")]
    return [(page.word(key), href, page.language) for key, href in fixed] + [
        (SPOKEN[other], f"../{other}/{name}.html", other) for other in FONTS if other != page.language]
