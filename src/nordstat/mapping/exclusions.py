"""Reads ``exclusions/``: what a correspondence leaves out, or contradicts, on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nordstat.errors import MappingError
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.codelist import SchemeVersion

FOLDER = "exclusions"
UNREACHED = ("correspondence", "target_code", "reason")
REVERSALS = ("correspondence", "source_code", "via", "reason")


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What is meant to be as it is.

    Attributes
    ----------
    unreached : dict of (correspondence, target code) to Row
        Targets no source code leads to.
    reversals : dict of (correspondence, source code, via) to Row
        Codes whose direct table knows better than the chain through another version.
    """

    unreached: dict[tuple[str, str], Row]
    reversals: dict[tuple[str, str, SchemeVersion], Row]


def read_exclusions(folders: Iterable[Path], faults: Faults) -> Exclusions:
    """Give the exclusions of layered folders; each folder adds to those below it."""
    found = Exclusions({}, {})
    for folder in folders:
        for row in _rows(folder / FOLDER / "unreached.csv", UNREACHED, faults):
            found.unreached[row["correspondence"], row["target_code"]] = row
        for row in _rows(folder / FOLDER / "reversals.csv", REVERSALS, faults):
            try:
                key = row["correspondence"], row["source_code"], row.parsed("via", SchemeVersion.parse)
            except MappingError as fault:
                faults.keep(fault)
                continue
            found.reversals[key] = row
    return found


def _rows(path: Path, columns: tuple[str, ...], faults: Faults) -> Iterable[Row]:
    if not path.is_file():
        return
    for row in read_rows(path, required=columns, faults=faults):
        if row["reason"].strip():
            yield row
        else:
            faults.keep(row.fault("reason is empty", "Say why it is meant to be so."))
