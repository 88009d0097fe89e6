"""What all notebooks show in one way: parameters, names, sentences, tables with a download, charts."""

import json
import re
from html import escape
from zlib import crc32

import altair as alt
import look
import polars as pl
import vl_convert
from IPython.display import HTML, display
from lake import DEFAULTS, Lake, Stop, conf_file
from names import Names
from sheet import table_html


class Page(Names):
    """asked: the notebook's parameters; empty ones are taken from conf/brief.toml."""

    def __init__(self, **asked):
        self.asked = {name: asked.get(name) or value for name, value in DEFAULTS.items()}
        super().__init__(self.asked["language"])
        self.lake = Lake(self.asked["lake"], self.asked["run"])
        self.importer, self.good = self.asked["importer"], self.asked["good"]
        self.basis = self.asked["basis"]
        self.source = self.asked["source"] or self.chosen_source()
        definition = conf_file(f"sources/{self.source}.sql")
        self.synthetic = definition.is_file() and "-- synthetic: true" in definition.read_text("utf-8")
        alt.theme.register("lodestone", enable=True)(look.theme(self.language))

    def parameters(self):
        said = {"importer": f"{self.country(self.importer)} ({self.importer})", "good": f"{self.name(self.good)} ({self.good})", "source": self.source,
                "basis": self.word(self.basis), "run": self.lake.run or self.word("unpublished"), "language": look.SPOKEN[self.language]}
        self.say("parameters", "; ".join(f"{self.word(name)}: {text}" for name, text in {**self.asked, **said}.items()))
        if self.synthetic:
            self.say("synthetic")

    def chosen_source(self):
        """A world source before a national one, as ./lodestone run prints its result."""
        rows = self.lake.read("dependency", "source", importer=self.importer, basis=self.basis)
        if rows is None:
            raise Stop(f"The lake at {self.lake.place} has no table dependency: run ./lodestone run first.")
        sources = rows["source"].unique().sort().to_list()
        if not sources:
            raise Stop(f"The lake holds nothing about imports of {self.importer} by {self.basis}.")
        return max(sources, key=lambda name: (name.endswith("comtrade"), name.endswith("japan-customs")))

    def coverage(self, cells):
        """What the rows of dependency behind a chart cover."""
        last = cells.sort("year").tail(1).to_dicts()[0]
        return self.word("coverage", whole=cells.filter(months=12).height, years=cells.height, last=last["year"],
                         unspecified=last["share_unspecified"] or 0, weighed=last["share_with_quantity"] or 0)

    def read(self, table, *columns, **equal):
        """Rows of a table for the page's source; a sentence and an empty frame where there are none."""
        rows = self.lake.read(table, *columns, **equal)
        if rows is None or rows.is_empty():
            self.say("no_table" if rows is None else "no_rows", table=table,
                     what=", ".join(str(value) for value in equal.values()))
        return pl.DataFrame(schema=list(columns)) if rows is None else rows

    def goods_with_data(self):
        rows = self.lake.read("dependency", "product", "hhi", source=self.source, importer=self.importer, basis=self.basis, product_kind="good")
        return rows.filter(pl.col("hhi").is_not_null())["product"].unique().sort().to_list()

    def checks(self):
        """What the gate of the run found."""
        rows = self.read("check")
        return rows.filter(run=self.lake.run) if "run" in rows.columns else rows

    def before(self):
        """Shares and states as the run before this one published them; empty where there was none."""
        earlier = self.lake.before()
        rows = None if earlier is None else earlier.read(
            "dependency", "product", "year", "top_share", "dependent_state",
            source=self.source, importer=self.importer, basis=self.basis, product_kind="good", months=12)
        return pl.DataFrame() if rows is None else rows.filter(year=rows["year"].max()).select(
            "product", top_share_before="top_share", dependent_before="dependent_state")

    def say(self, key, *text, **values):
        display(HTML(f'<p class="{escape(key)}">{escape(self.word(key, **values))} {escape(" ".join(text))}</p>'))

    def title(self, key):
        display(HTML(f"<h2>{escape(self.word(key))}</h2>"))

    def table(self, rows, file, caption, shown=None, **links):
        """rows are downloaded and, unless shown is given, displayed; links: ids of goods behind a column."""
        display(HTML(table_html(rows, f"{self.importer}-{file}", caption, self.word, shown, links)))

    def show(self, chart, title, *notes):
        """A chart as vector graphics under its title, with source, basis and coverage below it."""
        svg = vl_convert.vegalite_to_svg(json.dumps(chart.to_dict(), default=float))
        if not re.search(r'role-mark[^>]*><path[^>]* d="M', svg):
            raise Stop(f"The chart '{title}' is empty.")
        # Vega numbers gradients by what it drew before; a page must not depend on that.
        svg = re.sub(r"gradient_\d+", f"gradient_{crc32(title.encode())}", svg)
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
        below = [f"{self.word('source')}: {self.source}" + (f" ({self.word('synthetic')})" if self.synthetic else ""),
                 f"{self.word('basis')}: {self.word(self.basis)}", *notes]
        display(HTML(f"<figure><h3>{escape(title)}</h3><div class='scroll' tabindex='0' role='region' aria-label='{escape(title)}'>{svg}</div>"
                     f"<figcaption>{escape(' · '.join(filter(None, below)))}</figcaption></figure>"))
