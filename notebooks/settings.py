"""What the user configures, read from a folder or an s3:// address."""

import os
import tomllib
from pathlib import Path

import obstore
import polars as pl

HOME = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """Ends a notebook with a sentence in place of a stack trace."""

    def _render_traceback_(self):
        return [str(self)]


def store(place):
    """The files below a folder or an address."""
    if "://" in place:
        return obstore.store.from_url(place.replace("s3a://", "s3://"))
    if not (HOME / place).is_dir():
        raise Stop(f"There is no folder {HOME / place}: make it, or name another.")
    return obstore.store.LocalStore(HOME / place)


def text_of(name):
    """A file of the user's configuration, where it has one of that name, else of the repository's; None without either."""
    for place in (os.environ.get("LODESTONE_CONF") or "conf", "conf"):
        try:
            return bytes(obstore.get(store(place), name).bytes()).decode("utf-8")
        except FileNotFoundError:
            continue
    return None


def rows_of(name):
    """A table of the configuration, as text."""
    return pl.read_csv(text_of(name).encode(), comment_prefix="#", infer_schema=False).fill_null("")


DEFAULTS = tomllib.loads(text_of("brief.toml"))
