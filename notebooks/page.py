"""What all notebooks show in one way: parameters, sentences, tables with a download, charts."""

from html import escape

import altair as alt
import look
import polars as pl
from chart import figure
from IPython.display import HTML, display
from lake import Lake
from names import Names
from settings import DEFAULTS, HOME, Stop, text_of
from sheet import table_html


class Page(Names):
    """asked: the notebook's parameters; empty ones are taken from conf/brief.toml."""

    def __init__(self, **asked):
        self.asked = {name: asked.get(name) or value for name, value in DEFAULTS.items()}
        super().__init__(self.asked["language"])
        self.lake = Lake(self.asked["lake"], self.asked["run"])
        self.importer, self.good, self.basis = (self.asked[name] for name in ("importer", "good", "basis"))
        self.source = self.chosen_source(self.asked["source"])
        self.synthetic = "-- synthetic: true" in (text_of(f"sources/{self.source}.sql") or "")
        alt.theme.register("lodestone", enable=True)(look.theme(self.language))

    def chosen_source(self, asked):
        """Unless one is asked for a world source before a national one, as ./lodestone run prints its result."""
        rows = self.lake.read("dependency", "source", importer=self.importer, basis=self.basis)
        if rows is None:
            raise Stop(f"The lake at {self.lake.place} has no table dependency: run ./lodestone run first.")
        sources = rows["source"].unique().sort().to_list()
        if not sources:
            raise Stop(f"The lake holds nothing about imports of {self.importer} by {self.basis}.")
        if asked and asked not in sources:
            raise Stop(f"Source {asked} says nothing about imports of {self.importer} by {self.basis}: write {' or '.join(sources)}.")
        return asked or max(sources, key=lambda name: (name.endswith("comtrade"), name.endswith("japan-customs")))

    def parameters(self, *unused):
        """Those that the page obeys."""
        said = {"lake": self.lake.place, "importer": self.noted(self.country(self.importer), self.importer), "good": self.noted(self.name(self.good), self.good),
                "source": self.source, "basis": self.word(self.basis), "run": self.lake.run or self.word("unpublished"),
                "language": look.SPOKEN[self.language]}
        self.say("parameters", text=self.word("semicolon").join(self.pair(name, text) for name, text in {**self.asked, **said}.items() if name not in unused))
        if self.synthetic:
            self.say("synthetic")

    def read(self, table, *columns, **equal):
        """Rows of a table; a sentence and an empty frame where there are none."""
        rows = self.lake.read(table, *columns, **equal)
        if rows is None or rows.is_empty():
            self.say("no_table" if rows is None else "no_rows", table=table,
                     what=", ".join(str(value) for value in equal.values()))
        return pl.DataFrame(schema=list(columns)) if rows is None else rows

    def say(self, key, *more, **values):
        text = (" " if self.language == "en" else "").join([self.word(key, **values), *more])
        display(HTML(f'<p class="{escape(key)}">{escape(text)}</p>'))

    def explain(self, year):
        """The command that walks a year of the page's good back to its files."""
        key = f"source = '{self.source}' AND importer = '{self.importer}' AND product = '{self.good}' AND product_kind = 'good' AND year = {year} AND basis = '{self.basis}'"
        return f'./lodestone explain dependency "{key}"' + ("" if self.lake.place == str(HOME / "lake") else f" --conf spark.lodestone.lake={self.lake.place}")

    def title(self, key):
        display(HTML(f"<h2>{escape(self.word(key))}</h2>"))

    def table(self, rows, file, caption, shown=None, **links):
        """rows are downloaded and, unless shown is given, displayed; links: ids of goods behind a column."""
        display(HTML(table_html(rows, f"{self.importer}-{file}", caption, self.word, shown, links)))

    def show(self, chart, title, *notes, source=None, basis=None):
        """A chart with source, basis and coverage below it; those of the page unless the chart has its own."""
        source = source or self.source
        below = [self.pair("source", self.noted(source, self.word("synthetic")) if self.synthetic else source),
                 self.pair("basis", self.word(basis or self.basis)), *filter(None, notes)]
        display(HTML(figure(chart, title, self.word("semicolon").join(below))))

    def coverage(self, cells):
        """What the rows of dependency behind a chart cover."""
        known = cells.filter(pl.col("share_with_quantity").is_not_null())
        last = (known if len(known) else cells).sort("year").tail(1).to_dicts()[0]
        return self.word("coverage", whole=known.filter(months=12).height, years=cells.height, last=last["year"],
                         unspecified=last["share_unspecified"] or 0, weighed=last["share_with_quantity"] or 0)
