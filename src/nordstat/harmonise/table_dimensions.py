"""The dimensions of a table, code by code, in the concepts its spec gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nordstat.decode.period import read_period
from nordstat.errors import DecodeError, MappingError, UnknownCodeError
from nordstat.harmonise.codes import TOTAL, listed
from nordstat.model.codelist import Codelist
from nordstat.model.expression import nearest
from nordstat.model.period import Period
from nordstat.model.table import Concept, ContentsSpec, DimensionSpec, TableSpec, TimeForm

_AGES = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})|\+)")
_FREQ = {TimeForm.YEAR: "A", TimeForm.YEAR_Q4: "A", TimeForm.QUARTER: "Q", TimeForm.MONTH: "M"}
_CLASSIFIED = (Concept.OCCUPATION, Concept.INDUSTRY, Concept.BACKGROUND)
PLACES = (Concept.RESIDENCE, Concept.WORK, Concept.AREA)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the codes of one dimension say.

    Attributes
    ----------
    id, concept : str, Concept
        The dimension, and what it is about.
    kept : ndarray of int
        Positions of the codes that are read.
    values : tuple
        For each of them what it says: a `Period`, a `ContentsSpec`, a `Place`, a pair of ages, or a code.
    """

    id: str
    concept: Concept
    kept: npt.NDArray[np.intp]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A code of an area and the scheme it belongs to; the scheme of a total is empty."""

    scheme: str
    code: str


def read_dimensions(
    dimensions: Mapping[str, Sequence[str]], table: TableSpec, codelists: Iterable[Codelist]
) -> tuple[tuple[Reading, ...], tuple[MappingError, ...]]:
    """Give what the codes of a table say, and everything that cannot be read, each code by its name.

    Parameters
    ----------
    dimensions : mapping of str to sequence of str
        Id -> codes, in table order.
    table : TableSpec
        How the table reads.
    codelists : iterable of Codelist
        Every classification there is.
    """
    lists = tuple(codelists)
    readings, faults = [], _misfits(dimensions, table)
    for name, codes in dimensions.items():
        if spec := table.dimension(name):
            try:
                readings.append(_reading(spec, codes, table, lists))
            except MappingError as fault:
                faults.append(fault)
    return tuple(readings), tuple(faults)


def gaps(table: TableSpec) -> tuple[str, ...]:
    """Give what a spec does not say and reading the table needs; none where it can be read."""
    contents = table.contents or (ContentsSpec("", table.measure, table.unit_measure),)
    needed = (
        (table.definition or table.of_concept(Concept.DEFINITION), "who is counted (definition)"),
        (table.of_concept(Concept.TIME) and table.time, "what a time code stands for"),
        (table.of_concept(Concept.CONTENTS), "which dimension holds the contents"),
        (all(content.measure and content.unit_measure for content in contents), "what is counted (measure)"),
        (
            not table.of_concept(Concept.AREA) or all(content.side for content in contents),
            "whose place the area is (contents with a side)",
        ),
    )
    return tuple(words for said, words in needed if not said)


def _misfits(dimensions: Mapping[str, Sequence[str]], table: TableSpec) -> list[MappingError]:
    """Find dimensions the spec does not have, and a dimension that nothing can stand in for."""
    known = [dimension.id for dimension in table.dimensions]
    faults = [
        _fault(f"no dimension {name!r} is described; described: {', '.join(known) or 'none'}", table)
        for name in dimensions
        if name not in known
    ]
    needed = (table.of_concept(concept) for concept in (Concept.TIME, Concept.CONTENTS, Concept.DEFINITION))
    faults += [
        _fault(f"the dimension {spec.id} ({spec.concept}) is not there", table)
        for spec in needed
        if spec and spec.id not in dimensions
    ]
    return faults


def _reading(spec: DimensionSpec, codes: Sequence[str], table: TableSpec, lists: tuple[Codelist, ...]) -> Reading:
    read = _reader(spec, table, lists)
    values = [None if code in spec.left_out else read(spec.codes.get(code, code)) for code in codes]
    if spec.concept is Concept.PART:
        kept = [place for place, value in enumerate(values) if value == TOTAL]
        unread = [] if kept else [code for code in codes if code not in spec.left_out]
    else:
        kept = [place for place, value in enumerate(values) if value is not None]
        unread = [c for c, value in zip(codes, values, strict=True) if value is None and c not in spec.left_out]
    if unread:
        raise _unread(unread, spec, table, lists)
    told = tuple(values[place] for place in kept)
    if len(set(told)) < len(told):
        twice = [f"{codes[p]} ({values[p]})" for p in kept if told.count(values[p]) > 1]
        raise _fault(f"codes of {spec.id} that say the same: {listed(twice)}", table)
    return Reading(spec.id, spec.concept, np.array(kept, dtype=np.intp), told)


def _reader(spec: DimensionSpec, table: TableSpec, lists: tuple[Codelist, ...]) -> Callable[[str], Any]:
    """Give the function that reads a code of a dimension, and gives ``None`` for one it cannot read."""
    if spec.concept in PLACES:
        return lambda code: _place(code, spec, lists)
    if spec.concept in _CLASSIFIED:
        return lambda code: _classified(code, spec, lists)
    return {
        Concept.SEX: lambda code: code if code in ("T", "M", "F") else None,
        Concept.AGE: _ages,
        Concept.TIME: lambda code: _period(code, table.time),
        Concept.CONTENTS: lambda code: _contents(code, table),
        Concept.DEFINITION: lambda code: code if code in spec.codes.values() else None,
        Concept.PART: lambda code: code,
    }[spec.concept]


def _place(code: str, spec: DimensionSpec, lists: tuple[Codelist, ...]) -> Place | None:
    if code == TOTAL:
        return Place("", TOTAL)
    scheme = next((scheme for scheme in spec.schemes if any(code in held for held in of_scheme(scheme, lists))), None)
    return Place(scheme, code) if scheme else None


def _classified(code: str, spec: DimensionSpec, lists: tuple[Codelist, ...]) -> str | None:
    place = _place(code, spec, lists)
    if place is None:
        return None
    return f"{place.scheme.partition(':')[0]}:{code}" if place.scheme else TOTAL


def of_scheme(scheme: str, lists: Iterable[Codelist]) -> list[Codelist]:
    """Give the codelists a scheme means: one with a version, all of them without."""
    return [codelist for codelist in lists if scheme in (str(codelist.id), codelist.id.scheme)]


def _ages(code: str) -> tuple[int, int | None] | None:
    found = _AGES.fullmatch(code)
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def _period(code: str, form: TimeForm | None) -> Period | None:
    try:
        period = read_period(code)
    except DecodeError:
        return None
    if form is None or period.rough or period.freq != _FREQ[form]:
        return None
    return Period.parse(f"{period.text}-Q4") if form is TimeForm.YEAR_Q4 else period


def _contents(code: str, table: TableSpec) -> ContentsSpec | None:
    """Give what the contents count; where nobody has seen their code, what the table says of all of them."""
    return table.content(code) if table.contents else ContentsSpec("", table.measure, table.unit_measure)


def _unread(
    codes: Sequence[str], spec: DimensionSpec, table: TableSpec, lists: tuple[Codelist, ...]
) -> UnknownCodeError:
    known = [(code, code) for code in spec.codes]
    known += [(c.code, c.name) for scheme in spec.schemes for held in of_scheme(scheme, lists) for c in held]
    words = listed(codes, lambda code: _with_nearest(code, known))
    versions = ", ".join(spec.schemes)
    return UnknownCodeError(
        f"{table.id}: {len(codes)} {'code' if len(codes) == 1 else 'codes'} of {spec.id} cannot be read as "
        f"{spec.concept}{f' in {versions}' if versions else ''}: {words}",
        file=table.file,
        line=table.line,
        hint=f"Say in dimensions.{spec.id} what each stands for (codes) or why it is not read (left_out), "
        "or add it to a code list.",
        codes=codes,
    )


def _with_nearest(code: str, known: Sequence[tuple[str, str]]) -> str:
    near = nearest(code, known)[:2]
    return f"{code!r} (nearest: {', '.join(near)})" if near else repr(code)


def _fault(what: str, table: TableSpec) -> MappingError:
    return MappingError(f"{table.id}: {what}", file=table.file, line=table.line)
