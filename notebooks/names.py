"""What things are called in a language: fixed texts, goods, countries, measures, events."""

import re
from textwrap import wrap

import look
import polars as pl
from babel import Locale
from babel.core import get_global
from settings import HOME, Stop, rows_of

WORDS = pl.read_csv(HOME / "notebooks/words.csv", infer_schema=False)
CODES = rows_of("goods.csv")
GOODS = CODES.unique("good", keep="first", maintain_order=True)


class Names:
    """language: en, zh-Hant or ja."""

    def __init__(self, language):
        if language not in look.FONTS:
            raise Stop(f"There is no language '{language}': write one of {', '.join(look.FONTS)}.")
        self.language, self.column = language, language.lower().replace("-", "_")
        self.goods = GOODS
        self.words = dict(WORDS.select("key", self.column).iter_rows())
        self.names = dict(GOODS.select("good", f"name_{self.column}").iter_rows())
        self.places = Locale.parse(language, sep="-").territories

    def word(self, key, **values):
        return self.words.get(key, key).format(**values)

    def pair(self, key, text):
        return self.word("pair", name=self.word(key), text=text)

    def noted(self, text, note):
        return self.word("noted", text=text, note=note)

    def phrases(self, text):
        """A list of fixed phrases, which a number may follow."""
        parts = re.split(r"[;,] |\+(?=[a-z])", text or "")
        return self.word("comma").join(re.sub(r"^.+?(?= [+-]\d|$)", lambda found: self.word(found[0]), part) for part in parts)

    def name(self, good):
        return self.names.get(good, good)

    def codes(self, good):
        """The codes of a good: of a revision of the HS, or a national line of one reporter."""
        rows = CODES.filter(good=good).iter_rows(named=True)
        return self.word("comma").join(self.noted(row["national_code"] or row["code"], row["reporter"] or row["revision"]) for row in rows)

    def country(self, code):
        two = (get_global("territory_aliases").get(code) or [code])[0]
        return look.SHORT.get((code, self.language)) or self.places.get(two, code)

    def chance(self, candidate):
        """A candidate's probability: that its link lasts, or that one begins, as its reason says."""
        return self.word("begins" if self.begins(candidate) else "lasts", probability=candidate["probability"])

    def begins(self, candidate):
        return " begins to supply " in (candidate["reason"] or "")

    def since(self, year, first):
        """Where a state began in the first year that is known, it may be older."""
        return self.word("or_earlier", year=year) if year == first else str(year or self.word("unknown"))

    def measure(self, name):
        part = name.removeprefix("share:")
        return self.word(name) if part == name else self.word("first_top_share") if part == "first_top" else self.word("share_of", country=self.country(part))

    def years(self, value):
        return self.word("no_end") if value is None or value > 100 else f"{value:.1f}"

    def p(self, value):
        return "p –" if value is None else "p < 0.01" if value < 0.01 else f"p = {value:.2f}"

    def events(self, chain, first, last):
        """Controls on a chain's exports, on a scale of years."""
        rows = rows_of("events.csv").filter(pl.col("chain") == (chain or ""), pl.col("date").str.slice(0, 4).cast(int).is_between(first or 0, last or 0)).sort("date")
        at = [int(day[:4]) + (int(day[5:7]) - 1) / 12 for day in rows["date"]]
        marks = [chr(0x2460 + number) for number in range(len(at))]
        text = [f"{mark} {day} {name}" for mark, day, name in zip(marks, rows["date"], rows[f"name_{self.column}"])]
        return pl.DataFrame({"at": at, "mark": marks, "text": text})

    def wrapped(self, text, width=34):
        """Lines for an axis, set apart by a bar: words in English, characters elsewhere."""
        lines = wrap(text, width) if self.language == "en" else re.findall(rf".{{1,{width // 2}}}[）、]*", text)
        return "|".join(lines)
