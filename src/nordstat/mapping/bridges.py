"""Reads ``bridges/*.toml``: the steps between definitions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

from nordstat.mapping.rows import Faults, read_listed, toml_line
from nordstat.mapping.shapes import list_of_texts, misshapen, named_texts
from nordstat.model.bridge import Form, Measurement, Method, Step
from nordstat.model.definition import Facet
from nordstat.model.interval import Interval
from nordstat.model.period import Period

ALTERNATIVE = "|"
_REQUIRED = ("id", "title", "changes", "form", "method", "rationale")
_OPTIONAL = ("evidence", "low", "high", "group", "source", "period")
_KINDS: dict[str, type] = dict.fromkeys(("id", "title", "form", "method", "rationale", "source", "period"), str)
_KINDS |= {"changes": dict, "evidence": list, "group": dict}
_SIDES = {"to": "after", "from": "before", "more": "more", "group": "group"}


def read_bridges(
    folders: Iterable[Path], facets: Mapping[str, Facet], figures: Collection[str], faults: Faults
) -> dict[str, Step]:
    """Give the steps in force, by id; a later folder replaces an id of an earlier one."""
    steps: dict[str, Step] = {}
    for folder in folders:
        own: dict[str, Step] = {}
        for path in sorted((folder / "bridges").glob("*.toml")):
            for entry in read_listed(path, "step", faults):
                line = toml_line(path, "id", f'"{entry.get("id", "")}"')
                wrong = list(_misshapen(entry)) or list(_inconsistencies(entry, facets, figures))
                if not wrong and entry["id"] in own:
                    wrong.append("stands twice")
                for what in wrong:
                    faults.add(f"step {entry.get('id', '?')!r}: {what}", file=path, line=line)
                if not wrong:
                    own[entry["id"]] = _step(path, line, entry)
        steps |= own
    return steps


def _misshapen(entry: Mapping[str, Any]) -> Iterator[str]:
    if wrong := list(misshapen(entry, _KINDS)):
        yield from wrong
        return
    for field in _REQUIRED:
        if not entry.get(field):
            yield f"{field!r} is missing"
    for field in sorted(set(entry) - {*_REQUIRED, *_OPTIONAL}):
        yield f"unknown field {field!r}"
    if not all(list_of_texts(pair, length=2) for pair in entry.get("changes", {}).values()):
        yield "changes are written facet = [before, after]"
    sides = [each.values() if isinstance(each, dict) else [each] for each in entry.get("evidence", [])]
    if not all(list_of_texts(ids) for side in sides for ids in side):
        yield "evidence is written { to = [figures], from = [figures] }"
    if not named_texts(entry.get("group", {})):
        yield "'group' must give a text for every name"
    for kind, field in ((Form, "form"), (Method, "method")):
        if entry.get(field) and entry[field] not in set(kind):
            yield f"{field} {entry[field]!r} is not one of {', '.join(kind)}"


def _inconsistencies(entry: Mapping[str, Any], facets: Mapping[str, Facet], figures: Collection[str]) -> Iterator[str]:
    for facet, values in entry["changes"].items():
        for value in (value for side in values for value in side.split(ALTERNATIVE)):
            if facet not in facets or value not in facets[facet].values:
                yield f"facet {facet!r} has no value {value!r}"
    evidence = entry.get("evidence", [])
    for measurement in evidence:
        for side, ids in measurement.items():
            if side not in _SIDES:
                yield f"evidence has sides {', '.join(_SIDES)}, not {side!r}"
            for unknown in sorted(set(ids) - set(figures)):
                yield f"evidence names the unknown figure {unknown!r}"
    if entry["form"] == Form.SHARE_OF_GROUP and not entry.get("group"):
        yield "a share of a group needs the group"
    yield from _wrong_size(entry, measured=bool(evidence))


def _wrong_size(entry: Mapping[str, Any], *, measured: bool) -> Iterator[str]:
    """Find a size typed in where it must be computed, or an assumption without its source, period or size."""
    if entry["method"] != Method.ASSUMED:
        if not measured:
            yield f"a step that is {entry['method']} needs evidence"
        if "low" in entry or "high" in entry:
            yield f"a step that is {entry['method']} is computed from its evidence; delete low and high"
        return
    for field in ("source", "period"):
        if not entry.get(field):
            yield f"an assumed step needs its {field}"
    if "low" not in entry and "high" not in entry:
        yield "an assumed step needs low or high"
    sizes = {field: entry[field] for field in ("low", "high") if field in entry}
    strange = [field for field, size in sizes.items() if type(size) not in (int, float) or not 0 <= size < inf]
    for field in strange:
        yield f"{field} is {sizes[field]!r}, not a number from zero up"
    if not strange and list(sizes.values()) != sorted(sizes.values()):
        yield f"low {entry['low']} is above high {entry['high']}"
    try:
        Period.parse(entry.get("period", ""))
    except ValueError as error:
        yield f"period: {error}"


def _step(path: Path, line: int, entry: Mapping[str, Any]) -> Step:
    assumed = entry["method"] == Method.ASSUMED
    return Step(
        id=entry["id"],
        title=entry["title"],
        changes={
            facet: (tuple(before.split(ALTERNATIVE)), tuple(after.split(ALTERNATIVE)))
            for facet, (before, after) in entry["changes"].items()
        },
        form=Form(entry["form"]),
        method=Method(entry["method"]),
        rationale=entry["rationale"],
        measurements=tuple(
            Measurement(**{"after": (), "before": ()} | {_SIDES[side]: tuple(ids) for side, ids in measurement.items()})
            for measurement in entry.get("evidence", [])
        ),
        assumed=Interval(entry.get("low"), entry.get("high")) if assumed else None,
        group=dict(entry.get("group", {})),
        source=entry.get("source", ""),
        period=entry.get("period", ""),
        file=path,
        line=line,
    )
