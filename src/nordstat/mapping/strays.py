"""Files of a mappings folder that no reader looks for: a misspelt name must not lose what is in the file."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path, PurePath

from nordstat.mapping.rows import Faults

PLACES = (
    "breaks.csv",
    "columns.csv",
    "datapackage.json",
    "facets.toml",
    "klass.csv",
    "licences.csv",
    "partitions.csv",
    "publishers.csv",
    "symbols.csv",
    "bridges/*.toml",
    "codelists/*/*.csv",
    "correspondences/*.csv",
    "definitions/*.toml",
    "exclusions/reversals.csv",
    "exclusions/unreached.csv",
    "figures/*.csv",
    "figures/tables/*.csv",
    "groups/*.csv",
    "tables/*.toml",
)
_DATA = {".csv", ".tsv", ".toml", ".json", ".yaml", ".yml"}


def find_strays(folders: Iterable[Path], faults: Faults) -> None:
    """Find every file of data that lies where nothing is read; hidden files and texts for people may lie anywhere."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder)
            if _is_data(place) and path.is_file() and not any(_matches(place, pattern) for pattern in PLACES):
                faults.add("nothing reads this file", file=path, hint=_nearest(place))


def _is_data(place: PurePath) -> bool:
    return place.suffix.casefold() in _DATA and not any(part.startswith(".") for part in place.parts)


def _matches(place: PurePath, pattern: str) -> bool:
    return len(PurePath(pattern).parts) == len(place.parts) and place.match(pattern)


def _nearest(place: PurePath) -> str:
    near = get_close_matches(place.as_posix().casefold(), PLACES, n=2)
    return (
        f"Is it meant as {' or '.join(near)}?" if near else "Files of data lie in the places mappings/README.md names."
    )
