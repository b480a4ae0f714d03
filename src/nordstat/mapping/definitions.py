"""Reads ``facets.toml`` and ``definitions/*.toml``: what can be counted, and how it compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nordstat.mapping.rows import Faults, read_listed, toml_line
from nordstat.mapping.shapes import list_of_texts, misshapen, named_texts
from nordstat.model.definition import NOT_APPLICABLE, UNSTATED, Definition, Facet

EVERYWHERE = {UNSTATED: "the source does not say", NOT_APPLICABLE: "the question does not arise"}
_REQUIRED = ("id", "label", "description", "source", "facets")
_OPTIONAL = ("reporters",)
_KINDS = {"id": str, "label": dict, "description": str, "source": str, "facets": dict, "reporters": list}
_FACET_KINDS = {"id": str, "label": str, "name": dict, "values": dict, "contains": list}


def read_facets(folders: Iterable[Path], faults: Faults) -> dict[str, Facet]:
    """Give the facets of the lowest folder that has them, by id.

    Facets are the frame of every comparison, so a layer adds values to a facet and never replaces one.
    """
    facets: dict[str, Facet] = {}
    for folder in folders:
        path = folder / "facets.toml"
        if not path.is_file():
            continue
        for entry in read_listed(path, "facet", faults):
            facet = _facet(path, entry, faults)
            if facet is not None:
                facets[facet.id] = _widened(facets[facet.id], facet) if facet.id in facets else facet
    return facets


def read_definitions(folders: Iterable[Path], facets: Mapping[str, Facet], faults: Faults) -> dict[str, Definition]:
    """Give the definitions in force, by id; a later folder replaces an id of an earlier one."""
    definitions: dict[str, Definition] = {}
    for folder in folders:
        own: dict[str, Definition] = {}
        for path in sorted((folder / "definitions").glob("*.toml")):
            for entry in read_listed(path, "definition", faults):
                definition = _definition(path, entry, facets, faults)
                if definition is None:
                    continue
                if definition.id in own:
                    faults.add(f"definition {definition.id!r} stands twice", file=path, line=_line(path, entry))
                own[definition.id] = definition
        definitions |= own
    return definitions


def _facet(path: Path, entry: Mapping[str, Any], faults: Faults) -> Facet | None:
    before = len(faults.found)
    line = _line(path, entry)
    for what in _misshapen_facet(entry):
        faults.add(f"facet {entry.get('id', '?')!r}: {what}", file=path, line=line)
    if len(faults.found) > before:
        return None
    values = entry.get("values", {})
    if not entry.get("id") or not values:
        faults.add("a facet needs an id and values", file=path, line=line)
        return None
    pairs = {(wider, narrower) for wider, narrower in entry.get("contains", [])}
    for value in sorted({value for pair in pairs for value in pair} - set(values)):
        faults.add(f"facet {entry['id']!r} has no value {value!r}", file=path, line=line)
    closed = _closure(pairs)
    for wider, narrower in sorted(closed):
        if (narrower, wider) in closed:
            faults.add(f"{wider!r} and {narrower!r} contain each other in facet {entry['id']!r}", file=path, line=line)
    known = {**values, **EVERYWHERE}
    return Facet(entry["id"], entry.get("label", ""), known, frozenset(closed), dict(entry.get("name", {})))


def _misshapen_facet(entry: Mapping[str, Any]) -> Iterator[str]:
    for field in sorted(set(entry) - set(_FACET_KINDS)):
        yield f"unknown field {field!r}"
    yield from misshapen(entry, _FACET_KINDS)
    for field in ("values", "name"):
        if not named_texts(entry.get(field, {})):
            yield f"{field!r} must give a text for every name"
    contains = entry.get("contains", [])
    if not (isinstance(contains, list) and all(list_of_texts(pair, length=2) for pair in contains)):
        yield "'contains' is written [[wider, narrower], ...]"


def _closure(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Add what follows: week in November and November in the year make week in the year."""
    closed = set(pairs)
    while True:
        more = {(a, d) for a, b in closed for c, d in closed if b == c} - closed
        if not more:
            return closed
        closed |= more


def _widened(facet: Facet, more: Facet) -> Facet:
    return Facet(
        facet.id,
        facet.label,
        {**more.values, **facet.values},
        frozenset(_closure({*facet.contains, *more.contains})),
        {**more.names, **facet.names},
    )


def _definition(path: Path, entry: Mapping[str, Any], facets: Mapping[str, Facet], faults: Faults) -> Definition | None:
    before = len(faults.found)
    line = _line(path, entry)
    for field in _REQUIRED:
        if not entry.get(field):
            faults.add(f"a definition needs {field!r}", file=path, line=line, hint=f"Fields: {', '.join(_REQUIRED)}")
    for field in sorted(set(entry) - {*_REQUIRED, *_OPTIONAL}):
        faults.add(f"unknown field {field!r}", file=path, line=line)
    for what in _misshapen(entry):
        faults.add(f"definition {entry.get('id', '?')!r}: {what}", file=path, line=line)
    if len(faults.found) > before:
        return None
    if "en" not in entry["label"]:
        faults.add(f"definition {entry['id']!r} has no English label", file=path, line=line)
    _check_facets(path, entry, facets, faults)
    if len(faults.found) > before:
        return None
    return Definition(
        id=entry["id"],
        labels=dict(entry["label"]),
        description=entry["description"],
        facets={facet: entry["facets"][facet] for facet in facets},
        reporters=tuple(entry.get("reporters", ())),
        source=entry["source"],
    )


def _misshapen(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from misshapen(entry, _KINDS)
    for field in ("label", "facets"):
        if not named_texts(entry.get(field, {})):
            yield f"{field!r} must give a text for every name"
    if not list_of_texts(entry.get("reporters", [])):
        yield "'reporters' must be a list of texts"


def _check_facets(path: Path, entry: Mapping[str, Any], facets: Mapping[str, Facet], faults: Faults) -> None:
    line, given = _line(path, entry), entry["facets"]
    for facet in sorted(set(facets) - set(given)):
        faults.add(
            f"definition {entry['id']!r} says nothing of facet {facet!r}",
            file=path,
            line=line,
            hint=f"Write one of {', '.join(facets[facet].values)}.",
        )
    for facet in sorted(set(given) - set(facets)):
        faults.add(f"definition {entry['id']!r} names the unknown facet {facet!r}", file=path, line=line)
    for facet in sorted(set(given) & set(facets)):
        if given[facet] not in facets[facet].values:
            faults.add(
                f"definition {entry['id']!r}: facet {facet!r} has no value {given[facet]!r}",
                file=path,
                line=line,
                hint=f"Write one of {', '.join(facets[facet].values)}.",
            )


def _line(path: Path, entry: Mapping[str, Any]) -> int:
    return toml_line(path, "id", f'"{entry.get("id", "")}"')
