"""What all notebooks show in one way: parameters, names, sentences, tables with a download, charts."""

import json
import re
from html import escape
from textwrap import wrap

import altair as alt
import look
import polars as pl
import vl_convert
from babel import Locale
from babel.core import get_global
from IPython.display import HTML, display
from lake import CONF, DEFAULTS, HOME, Lake, Stop, conf
from sheet import table_html

WORDS = pl.read_csv(HOME / "notebooks/words.csv", infer_schema=False)
GOODS = conf("goods.csv").unique("good", keep="first", maintain_order=True)


class Page:
    """asked: the notebook's parameters; empty ones are taken from conf/brief.toml."""

    def __init__(self, **asked):
        self.asked = {name: asked.get(name) or value for name, value in DEFAULTS.items()}
        self.lake = Lake(self.asked["lake"], self.asked["run"])
        self.importer, self.good = self.asked["importer"], self.asked["good"]
        self.basis, self.language = self.asked["basis"], self.asked["language"]
        self.column = column = self.language.lower().replace("-", "_")
        self.goods = GOODS
        self.words = dict(WORDS.select("key", column).iter_rows())
        self.names = dict(GOODS.select("good", f"name_{column}").iter_rows())
        self.places = Locale.parse(self.language, sep="-").territories
        self.source = self.asked["source"] or self.chosen_source()
        definition = CONF / "sources" / f"{self.source}.sql"
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

    def word(self, key, **values):
        return self.words.get(key, key).format(**values)

    def name(self, good):
        return self.names.get(good, good)

    def country(self, code):
        two = (get_global("territory_aliases").get(code) or [code])[0]
        return look.SHORT.get((code, self.language)) or self.places.get(two, code)

    def measure(self, name):
        part = name.removeprefix("share:")
        return self.word(name) if part == name else self.word("first_top_share") if part == "first_top" else self.word("share_of", country=self.country(part))

    def years(self, value):
        return self.word("no_end") if value is None or value > 100 else f"{value:.1f}"

    def p(self, value):
        return "p –" if value is None else "p < 0.01" if value < 0.01 else f"p = {value:.2f}"

    def events(self, chain, first, last):
        """Controls on a chain's exports, on a scale of years."""
        rows = conf("events.csv").filter(pl.col("chain") == (chain or ""), pl.col("date").str.slice(0, 4).cast(int).is_between(first or 0, last or 0)).sort("date")
        at = [int(day[:4]) + (int(day[5:7]) - 1) / 12 for day in rows["date"]]
        marks = [chr(0x2460 + number) for number in range(len(at))]
        text = [f"{mark} {day} {name}" for mark, day, name in zip(marks, rows["date"], rows[f"name_{self.column}"])]
        return pl.DataFrame({"at": at, "mark": marks, "text": text})

    def wrapped(self, text, width=34):
        """Lines for an axis, set apart by a bar: words in English, characters elsewhere."""
        half = width // 2
        lines = wrap(text, width) if self.language == "en" else [text[at : at + half] for at in range(0, len(text), half)]
        return "|".join(lines)

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
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
        below = [f"{self.word('source')}: {self.source}" + (f" ({self.word('synthetic')})" if self.synthetic else ""),
                 f"{self.word('basis')}: {self.word(self.basis)}", *notes]
        display(HTML(f"<figure><h3>{escape(title)}</h3><div class='scroll' tabindex='0' role='region' aria-label='{escape(title)}'>{svg}</div>"
                     f"<figcaption>{escape(' · '.join(filter(None, below)))}</figcaption></figure>"))
