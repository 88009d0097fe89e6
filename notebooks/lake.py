"""Reads the tables of a lake as one run published them, and never writes."""

import json
from pathlib import Path

import obstore
import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError
from obstore.exceptions import BaseError
from settings import HOME, Stop, store

# Every run adds to them, and publishes no version of them.
JOURNALS = ("run", "check")


class Lake:
    """place: folder or s3:// address; run: id, or empty for the published one."""

    def __init__(self, place, run=""):
        place = place.replace("s3a://", "s3://").rstrip("/")
        self.place = place if "://" in place else str(HOME / place)
        if "://" not in place and not Path(self.place).is_dir():
            raise Stop(f"There is no lake at {self.place}: make one with ./lodestone run, or name another.")
        self.versions, self.run = {}, ""
        try:
            published = json.loads(bytes(obstore.get(store(self.place), "_published.json").bytes()))
            self.run, self.versions = published["run"], published["tables"]
        except FileNotFoundError:
            if run:
                raise Stop(f"This lake has published no run yet, so that {run} cannot be read.") from None
        except BaseError as error:
            raise Stop(f"The lake at {self.place} cannot be read: {str(error).splitlines()[0]}") from None
        if run and run != self.run:
            self.run, self.versions = run, self.tables_of(run)

    def runs(self):
        """Runs that published, the latest first, with the version of every table that they left."""
        rows = self.read("run", "run", "started", "outcome", "outputs")
        rows = [] if rows is None else rows.filter(outcome="published").sort("started", descending=True).to_dicts()
        return {row["run"]: dict(row["outputs"]) for row in rows}

    def tables_of(self, run):
        runs = self.runs()
        if run not in runs:
            raise Stop(f"There is no published run {run}: the lake can be read as of {', '.join(runs) or 'no run'}.")
        return runs[run]

    def before(self):
        """The lake as the run before this one published it; None where there was none."""
        names = list(self.runs())
        earlier = names[names.index(self.run) + 1 :] if self.run in names else []
        return Lake(self.place, earlier[0]) if earlier else None

    def table(self, name):
        """A Delta table at the version that the run published; None if there was none then."""
        if self.versions and name not in {*self.versions, *JOURNALS}:
            return None
        try:
            return DeltaTable(f"{self.place}/{name}", version=self.versions.get(name))
        except TableNotFoundError:
            return None
        except DeltaError as error:
            raise Stop(f"Table {name} cannot be read as run {self.run or 'now'} left it: {error}") from None

    def read(self, name, *columns, **equal):
        """Rows in which every named column equals its value; None where the lake has no such table."""
        table = self.table(name)
        if table is None:
            return None
        rows = pl.scan_delta(table)
        lacking = (set(columns) | set(equal)) - set(rows.collect_schema())
        if lacking:
            raise Stop(f"Table {name} has no column {', '.join(sorted(lacking))}: the lake was made by another "
                       "version of Lodestone; run this one on it, or check out that one.")
        try:
            return rows.filter(**equal).select(columns or pl.all()).collect()
        except (OSError, pl.exceptions.ComputeError) as error:
            raise Stop(f"Files of table {name} cannot be read as run {self.run or 'now'} left them: {str(error).splitlines()[0]}") from None
