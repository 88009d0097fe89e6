"""A chart as vector graphics: complete in itself, the same each time, and never empty."""

import json
import re
from html import escape
from zlib import crc32

import vl_convert
from settings import Stop

DRAWN = re.compile(r'role-mark[^>]*><path[^>]* d="M')


def svg(chart, title):
    drawn = vl_convert.vegalite_to_svg(json.dumps(chart.to_dict(), default=float))
    if not DRAWN.search(drawn):
        raise Stop(f"The chart '{title}' is empty.")
    # Vega numbers gradients by what it drew before; a page must not depend on that.
    drawn = re.sub(r"gradient_\d+", f"gradient_{crc32(title.encode())}", drawn)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)


def figure(chart, title, below):
    """The chart under its title, and what it rests on below it; wider ones scroll."""
    return (f"<figure><h3>{escape(title)}</h3>"
            f"<div class='scroll' tabindex='0' role='region' aria-label='{escape(title)}'>{svg(chart, title)}</div>"
            f"<figcaption>{escape(below)}</figcaption></figure>")
