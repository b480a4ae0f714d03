"""Reads ``breaks.csv``: where the series of an office do not compare as they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from nordstat.errors import MappingError
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.table import Break
from nordstat.schema.columns import OBS_STATUS

COLUMNS = ("id", "reporter", "definition", "date", "kind", "what", "effect", "source")


def read_breaks(folders: Iterable[Path], definitions: Collection[str], faults: Faults) -> dict[str, Break]:
    """Give the breaks in force, by id; a later folder replaces an id of an earlier one."""
    breaks: dict[str, Break] = {}
    for folder in folders:
        path = folder / "breaks.csv"
        if path.is_file():
            breaks |= _read(path, definitions, faults)
    return breaks


def _read(path: Path, definitions: Collection[str], faults: Faults) -> dict[str, Break]:
    own: dict[str, Break] = {}
    for row in read_rows(path, required=COLUMNS, faults=faults):
        try:
            found = _break(row)
        except MappingError as fault:
            faults.keep(fault)
            continue
        for unknown in sorted(set(found.definitions) - set(definitions)):
            faults.keep(row.fault(f"unknown definition {unknown!r}", "See mappings/definitions."))
        if found.id in own:
            faults.keep(row.fault(f"break {found.id!r} stands twice"))
        own[found.id] = found
    return own


def _break(row: Row) -> Break:
    return Break(
        id=row.filled("id"),
        reporter=row.filled("reporter"),
        definitions=tuple(filter(None, row["definition"].split(";"))),
        day=row.parsed("date", date.fromisoformat),
        kind=row.one_of("kind", OBS_STATUS),
        what=row.filled("what"),
        effect=row.filled("effect"),
        source=row.filled("source"),
    )
