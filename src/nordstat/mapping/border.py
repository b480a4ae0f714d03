"""Reads ``groups/border-municipalities.csv``: which municipalities touch across the border."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nordstat.errors import MappingError, UnknownCodeError
from nordstat.mapping.codelist import Codelists, find_code
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.codelist import Evidence, SchemeVersion

FILE = "groups/border-municipalities.csv"
COLUMNS = ("se_code", "no_code", "border_km", "evidence", "source")
SWEDISH, NORWEGIAN = SchemeVersion("SE-KOMMUN", "2007"), SchemeVersion("NO-KOMMUNE", "2024")


@dataclass(frozen=True, slots=True)
class BorderPair:
    """Two municipalities that touch.

    Attributes
    ----------
    swedish, norwegian : str
        Codes of ``SE-KOMMUN:2007`` and ``NO-KOMMUNE:2024``.
    border_km : float or None
        Rough length of the common border.
    evidence : Evidence
        How it is known.
    """

    swedish: str
    norwegian: str
    border_km: float | None
    evidence: Evidence


def read_border(folders: Iterable[Path], codelists: Codelists, faults: Faults) -> tuple[BorderPair, ...]:
    """Give the pairs of municipalities that touch; the highest folder that has the file says all of them."""
    paths = [folder / FILE for folder in folders if (folder / FILE).is_file()]
    pairs: dict[tuple[str, str], BorderPair] = {}
    for row in read_rows(paths[-1], required=COLUMNS, faults=faults) if paths else ():
        try:
            pair = _pair(row, codelists)
            if (pair.swedish, pair.norwegian) in pairs:
                raise row.fault(f"{pair.swedish} and {pair.norwegian} stand twice")
        except MappingError as fault:
            faults.keep(fault)
            continue
        pairs[pair.swedish, pair.norwegian] = pair
    return tuple(pairs.values())


def _pair(row: Row, codelists: Codelists) -> BorderPair:
    try:
        swedish = find_code(codelists.find(SWEDISH), row["se_code"]).code
        norwegian = find_code(codelists.find(NORWEGIAN), row["no_code"]).code
    except UnknownCodeError as error:
        raise row.fault(error.what, error.hint) from None
    return BorderPair(swedish, norwegian, row.number("border_km"), row.choice("evidence", Evidence))
