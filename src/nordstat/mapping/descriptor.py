"""Writes and verifies ``mappings/datapackage.json``: a Data Package v2 that lists every file with its sha256.

Sources and licences come from ``licences.csv``, types and descriptions of columns from ``columns.csv``; both lie in
the same folder. The same files give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nordstat.mapping.rows import Faults, Row, read_rows

FILE = "datapackage.json"
LICENCES = ("path", "source", "source_url", "retrieved", "licence", "licence_title", "licence_url")
COLUMNS = ("column", "type", "description")

_PROFILES = "https://datapackage.org/profiles/2.0"
_MEDIATYPES = {"csv": "text/csv", "toml": "application/toml", "md": "text/markdown"}
_AGAIN = "If it is meant, describe the folder again with nordstat.mapping.descriptor.write_descriptor."
_TYPES = frozenset({"string", "number", "integer", "date"})
_ABOUT = {
    "$schema": f"{_PROFILES}/datapackage.json",
    "name": "nordstat-mappings",
    "title": "Classifications, definitions and cited figures of cross-border commuting between Sweden and Norway",
    "description": "What nordstat knows besides the tables of the offices: code lists and correspondences, definitions "
    "of commuters as facets, cited figures and transcribed tables, each row with its source.",
}


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """What is said about files and columns: rows of licences.csv, and column -> row of columns.csv."""

    licences: Sequence[Row]
    columns: dict[str, Row]


def write_descriptor(folder: Path) -> Path:
    """Write ``datapackage.json`` for a mappings folder as it is now, and give its path.

    Parameters
    ----------
    folder : Path
        Mappings folder with ``licences.csv`` and ``columns.csv``.

    Raises
    ------
    MappingErrors
        For each file without a licence and each column without a description.
    """
    faults = Faults()
    dictionary = _read_dictionary(folder, faults)
    resources = [_resource(folder, path, dictionary, faults) for path in _files(folder)]
    faults.raise_if_any("the mappings cannot be described")
    licences = {licence["title"]: licence for resource in resources for licence in resource["licenses"]}
    package = _ABOUT | {"licenses": [licences[title] for title in sorted(licences)], "resources": resources}
    target = folder / FILE
    target.write_bytes(json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n")
    return target


def verify_descriptor(folder: Path, faults: Faults) -> None:
    """Compare a mappings folder with its descriptor.

    Parameters
    ----------
    folder : Path
        Mappings folder.
    faults : Faults
        Collects files that are not listed, are missing, or no longer are what the descriptor says.
    """
    listed = _listed(folder / FILE, faults)
    if listed is None:
        return
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name in sorted(listed.keys() - found.keys()):
        faults.add(f"{FILE} lists it, but it is not there", file=folder / name, hint=_AGAIN)
    for name in sorted(found.keys() - listed.keys()):
        faults.add(f"{FILE} does not list it", file=found[name], hint=_AGAIN)
    for name in sorted(found.keys() & listed.keys()):
        if listed[name] != _sha256(found[name]):
            faults.add(f"it has been edited: its sha256 is not the one in {FILE}", file=found[name], hint=_AGAIN)


def _files(folder: Path) -> list[Path]:
    """Give the files of a folder, sorted by path; the descriptor itself and hidden files are no part of it."""
    found = [path for path in folder.rglob("*") if path.is_file() and path != folder / FILE]
    visible = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return sorted(visible, key=lambda path: path.relative_to(folder).as_posix())


def _listed(path: Path, faults: Faults) -> dict[str, str] | None:
    try:
        resources = json.loads(path.read_text("utf-8"))["resources"]
        listed = [(str(resource["path"]), str(resource["hash"])) for resource in resources]
    except OSError as error:
        faults.add(f"cannot be read: {error.strerror}", file=path, hint=_AGAIN)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        faults.add(f"not a descriptor of this folder: {error!r}", file=path, hint=_AGAIN)
    else:
        for name, times in Counter(name for name, _ in listed).items():
            if times > 1:
                faults.add(f"lists {name} {times} times", file=path, hint=_AGAIN)
        return dict(listed)
    return None


def _resource(folder: Path, path: Path, dictionary: _Dictionary, faults: Faults) -> dict[str, Any]:
    name = path.relative_to(folder).as_posix()
    rows = _licences_of(name, dictionary.licences)
    if not rows:
        faults.add("no source and licence is known for it", file=path, hint="Add a row to licences.csv.")
    kind = path.suffix.removeprefix(".")
    table = {"type": "table"} if kind == "csv" else {}
    schema = {"schema": _schema(path, dictionary, faults)} if kind == "csv" else {}
    return {
        "name": name.lower().removesuffix(f".{kind}").replace("/", "-") + ("" if kind == "csv" else f"-{kind}"),
        "path": name,
        **table,
        "format": kind,
        "mediatype": _MEDIATYPES.get(kind, "application/octet-stream"),
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": _sha256(path),
        **schema,
        "sources": [_filled(title=row["source"], path=row["source_url"], retrieved=row["retrieved"]) for row in rows],
        "licenses": list(_licences(rows)),
    }


def _licences_of(name: str, rows: Sequence[Row]) -> list[Row]:
    """Give the rows of the longest pattern that fits a file."""
    fitting = [row for row in rows if fnmatchcase(name, row["path"])]
    longest = max((len(row["path"]) for row in fitting), default=0)
    return [row for row in fitting if len(row["path"]) == longest]


def _licences(rows: Sequence[Row]) -> Iterator[dict[str, str]]:
    licences = (_filled(name=row["licence"], title=row["licence_title"], path=row["licence_url"]) for row in rows)
    yield from {licence["title"]: licence for licence in licences}.values()


def _schema(path: Path, dictionary: _Dictionary, faults: Faults) -> dict[str, Any]:
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream), [])
    for column in header:
        if column not in dictionary.columns:
            faults.add(f"nothing says what column {column!r} is", file=path, line=1, hint="Add a row to columns.csv.")
    described = [dictionary.columns[column] for column in header if column in dictionary.columns]
    fields = [{"name": row["column"], "type": row["type"], "description": row["description"]} for row in described]
    return {"fields": fields, "missingValues": [""]}


def _read_dictionary(folder: Path, faults: Faults) -> _Dictionary:
    licences = list(read_rows(folder / "licences.csv", required=LICENCES, faults=faults))
    columns: dict[str, Row] = {}
    for row in read_rows(folder / "columns.csv", required=COLUMNS, faults=faults):
        if row["column"] in columns:
            faults.keep(row.fault(f"column {row['column']!r} stands twice"))
        if row["type"] not in _TYPES:
            faults.keep(row.fault(f"type {row['type']!r} is not one of {', '.join(sorted(_TYPES))}"))
        columns[row["column"]] = row
    return _Dictionary(licences, columns)


def _filled(**parts: str) -> dict[str, str]:
    return {name: text for name, text in parts.items() if text}


def _sha256(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
