"""Reads ``klass.csv``: which shipped list is which classification of SSB's Klass, and on which day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nordstat.errors import MappingError, UnknownCodeError
from nordstat.mapping.codelist import Codelists
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.codelist import Codelist

COLUMNS = ("list", "classification", "level", "day", "source")


@dataclass(frozen=True, slots=True)
class KlassEntry:
    """A shipped list and its classification in Klass.

    Attributes
    ----------
    codelist : Codelist
        The shipped list.
    classification : int
        Its number in Klass.
    level : str
        Level of the shipped list that Klass has; empty for all of it.
    day : date
        Day on which Klass is asked for its codes.
    """

    codelist: Codelist
    classification: int
    level: str
    day: date


def read_klass(folders: Iterable[Path], codelists: Codelists, faults: Faults) -> tuple[KlassEntry, ...]:
    """Give the entries in force, by list; a later folder replaces those of an earlier one."""
    entries: dict[str, KlassEntry] = {}
    for path in (folder / "klass.csv" for folder in folders):
        own: dict[str, KlassEntry] = {}
        for row in read_rows(path, required=COLUMNS, faults=faults) if path.is_file() else ():
            try:
                if row["list"] in own:
                    raise row.fault(f"list {row['list']!r} stands twice")
                own[row["list"]] = _entry(row, codelists)
            except MappingError as fault:
                faults.keep(fault)
        entries |= own
    return tuple(entries.values())


def _entry(row: Row, codelists: Codelists) -> KlassEntry:
    try:
        codelist = codelists.find(row.filled("list"))
    except UnknownCodeError as error:
        raise row.fault(f"list: {error.what}", error.hint) from None
    number, day = row.whole("classification"), row.day("day")
    if number is None or day is None:
        raise row.fault("a list needs its classification and a day")
    if row["level"] and not codelist.at_level(row["level"]):
        raise row.fault(f"{codelist.id} has no level {row['level']!r}")
    return KlassEntry(codelist, number, row["level"], day)
