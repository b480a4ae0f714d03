"""What a table spec must hold: names that exist, units that fit, and nothing left open that harmonising needs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from nordstat.mapping.entry import Entry
from nordstat.model.codelist import Codelist
from nordstat.model.figure import TOTAL, Measure
from nordstat.model.table import Concept, DimensionSpec, TableSpec, TimeForm, Verification

FIXABLE = ("residence_scheme", "residence_area", "work_scheme", "work_area")
"""Columns of an observation that a table may give itself."""

_PLACES = {"definition": "definitions", "breaks": "breaks.csv"}
_UNITS = {Measure.JOBS: "JOBS", Measure.SHARE: "PC", Measure.GROWTH: "PC"}
_CODES = {
    Concept.SEX: (re.compile("[TMF]"), "T, M or F"),
    Concept.AGE: (re.compile(r"\d{1,3}(-\d{1,3}|\+)"), "15-74 or 16+"),
    Concept.TIME: (re.compile(r"\d{4}([KQ]\d|M\d\d)?"), "2022, 2022K4 or 2022M11"),
}


@dataclass(frozen=True, slots=True)
class TableContext:
    """What table specs are checked against.

    Attributes
    ----------
    definitions : collection of str
        Ids of definitions.
    codelists : collection of Codelist
        Every codelist in force.
    breaks : collection of str
        Ids of breaks.
    """

    definitions: Collection[str]
    codelists: Collection[Codelist]
    breaks: Collection[str]

    def versions(self, scheme: str) -> list[Codelist]:
        """Give the codelists a scheme means: one with a version, all of them without."""
        return [codelist for codelist in self.codelists if scheme in {str(codelist.id), codelist.id.scheme}]


def check_table(table: TableSpec, entry: Entry, context: TableContext) -> None:
    """Keep everything that is wrong with a table spec, at its line."""
    for field, names, known in (
        ("definition", _definitions(table), context.definitions),
        ("breaks", table.breaks, context.breaks),
    ):
        for name in sorted(set(names) - set(known)):
            entry.wrong(f"unknown {field} {name!r}", name, hint=f"See mappings/{_PLACES[field]}.")
    for measure, unit, word in _measures(table):
        _check_measure(measure, unit, word, entry)
    for dimension in table.dimensions:
        for what in _wrong_codes(dimension, context):
            entry.wrong(f"dimension {dimension.id}: {what}", dimension.id)
    for fixed in (table.fixed, *table.fixed_by.values()):
        for what in _wrong_places(fixed, context):
            entry.wrong(what, "fixed")
    for what in _gaps(table):
        entry.wrong(what)


def _definitions(table: TableSpec) -> list[str]:
    """Give the definitions a table names anywhere."""
    told = table.of_concept(Concept.DEFINITION)
    return [*filter(None, [table.definition]), *(told.codes.values() if told else ()), *table.fixed_by]


def _measures(table: TableSpec) -> Iterator[tuple[str, str, str]]:
    """Give every measure with its unit, and the word of the line it stands on."""
    if table.measure or table.unit_measure or table.verified is Verification.RECORDED:
        yield table.measure, table.unit_measure, "measure"
    for content in table.contents:
        yield content.measure, content.unit_measure, content.code


def _check_measure(measure: str, unit: str, word: str, entry: Entry) -> None:
    if measure not in set(Measure):
        entry.wrong(f"measure {measure!r} is not one of {', '.join(Measure)}", word)
    elif unit != _UNITS.get(Measure(measure), "PS"):
        entry.wrong(f"{measure} are counted in {_UNITS.get(Measure(measure), 'PS')}, not {unit!r}", word)


def _wrong_codes(dimension: DimensionSpec, context: TableContext) -> Iterator[str]:
    lists = {scheme: context.versions(scheme) for scheme in dimension.schemes}
    for scheme, versions in lists.items():
        if not versions:
            yield f"unknown scheme {scheme!r}; see mappings/codelists"
    for code in sorted(set(dimension.codes) & set(dimension.left_out)):
        yield f"code {code!r} is both read and left out"
    if dimension.concept is Concept.DEFINITION:
        return
    form, words = _CODES.get(dimension.concept, (None, ""))
    known = [codelist for versions in lists.values() for codelist in versions]
    for code in dimension.codes.values():
        if form is not None and not form.fullmatch(code):
            yield f"{code!r} cannot be read; write {words}"
        elif form is None and code != TOTAL and not any(code in codelist for codelist in known):
            yield f"no code {code!r} in {', '.join(dimension.schemes) or 'any scheme, as none is named'}"


def _wrong_places(fixed: Mapping[str, str], context: TableContext) -> Iterator[str]:
    for column in sorted(set(fixed) - set(FIXABLE)):
        yield f"{column!r} cannot be fixed; columns: {', '.join(FIXABLE)}"
    for end in ("residence", "work"):
        scheme, area = fixed.get(f"{end}_scheme", ""), fixed.get(f"{end}_area", "")
        if (scheme or area) and not any(area in codelist for codelist in context.versions(scheme)):
            yield f"no code {area!r} in {scheme!r}"


def _gaps(table: TableSpec) -> Iterator[str]:
    """Find what harmonising would miss."""
    if table.verified is Verification.RECORDED:
        if not _definitions(table):
            yield "is recorded, and says nothing of the definition"
        for concept in (Concept.CONTENTS, Concept.TIME):
            if table.of_concept(concept) is None:
                yield f"is recorded, and describes no dimension of concept {concept}"
    for concept in Concept:
        if concept is not Concept.PART and sum(d.concept is concept for d in table.dimensions) > 1:
            yield f"has two dimensions of concept {concept}"
    if table.of_concept(Concept.TIME) and table.time is None:
        yield f"'time' does not say what a time code stands for: {', '.join(TimeForm)}"
    if table.of_concept(Concept.AREA):
        yield from (f"contents {c.code} say no 'side': residence or work" for c in table.contents if not c.side)
