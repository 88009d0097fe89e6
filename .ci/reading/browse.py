"""Opens every page of a brief in headless Chromium: console, requests, links, downloads, axe at two widths."""

import base64
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# What a drawing with a label is made of is presentational.
DRAWINGS = {"exclude": [["svg > *"]]}
ROOT = Path(sys.argv[1]).resolve()
PAGES = sorted(ROOT.rglob("*.html"))


def opened(width):
    """What is wrong with the pages at a width, the places that they link to, and how many files they offer."""
    failures, links, downloads = [], set(), 0
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS).new_page(viewport={"width": width, "height": 900})
        where = ["", width]
        page.on("console", lambda message: failures.append(f"{where}: console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: failures.append(f"{where}: {error}"))
        page.on("dialog", lambda dialog: failures.append(f"{where}: a script ran"))
        page.on("request", lambda request: request.url.startswith("data:") or request.is_navigation_request() or failures.append(f"{where}: request {request.url}"))
        for path in PAGES:
            where[0] = str(path.relative_to(ROOT))
            page.goto(path.as_uri())
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                failures.append(f"{where}: wider than the window")
            for found in Axe().run(page, DRAWINGS, {"resultTypes": ["violations"]}).response["violations"]:
                if found["impact"] in ("serious", "critical"):
                    failures.append(f"{where}: axe {found['id']} {found['nodes'][0]['html'][:120]}")
            for href in page.eval_on_selector_all("a", "all => all.map(a => a.href)"):
                if href.startswith("data:text/csv"):
                    downloads += 1
                    if not base64.b64decode(href.split(",", 1)[1]).startswith(b"\xef\xbb\xbf"):
                        failures.append(f"{where}: a CSV without a byte-order mark")
                elif href not in links:
                    links.add(href)
                    if not Path(unquote(urlsplit(href).path)).is_file():
                        failures.append(f"{where}: broken link {href}")
        with page.expect_download() as download:
            page.goto(next(path for path in PAGES if path.parent.name == "en").as_uri())
            page.locator("a[download]").first.click()
        rows = Path(download.value.path()).read_bytes().decode("utf-8-sig").splitlines()
        name = download.value.suggested_filename
    print(f"{width} pixels: {len(PAGES)} pages, {len(links)} links, {downloads} downloads, {name} with {len(rows)} lines")
    return failures


with ProcessPoolExecutor() as processes:
    failures = [failure for found in processes.map(opened, (1280, 390)) for failure in found]
if len(PAGES) < 7:
    failures.append("too few pages")
sys.exit("\n".join(dict.fromkeys(failures)) or 0)
