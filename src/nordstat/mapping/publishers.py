"""Reads ``publishers.csv``: under which terms a publisher's numbers are used, and when they were read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nordstat.errors import MappingError
from nordstat.mapping.rows import Faults, read_rows

COLUMNS = ("publisher", "licence", "retrieved", "note")


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher and its terms.

    Attributes
    ----------
    name : str
        As in the figures files.
    licence : str
        SPDX identifier, or the terms in words.
    retrieved : date
        When the publications were last read.
    note : str
        How the terms are known.
    """

    name: str
    licence: str
    retrieved: date
    note: str


def read_publishers(folders: Iterable[Path], faults: Faults) -> dict[str, Publisher]:
    """Give the publishers in force, by name; a later folder replaces a name of an earlier one."""
    publishers: dict[str, Publisher] = {}
    for path in (folder / "publishers.csv" for folder in folders):
        own: dict[str, Publisher] = {}
        for row in read_rows(path, required=COLUMNS, faults=faults) if path.is_file() else ():
            try:
                publisher = Publisher(
                    row.filled("publisher"),
                    row.filled("licence"),
                    date.fromisoformat(row.filled("retrieved")),
                    row["note"],
                )
            except (MappingError, ValueError) as error:
                faults.keep(error if isinstance(error, MappingError) else row.fault(f"retrieved: {error}"))
                continue
            if publisher.name in own:
                faults.keep(row.fault(f"publisher {publisher.name!r} stands twice"))
            own[publisher.name] = publisher
        publishers |= own
    return publishers
