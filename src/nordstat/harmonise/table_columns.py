"""The columns that the dimensions of a table give: each a small array that spreads over the cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nordstat.harmonise.codes import TOTAL
from nordstat.harmonise.table_dimensions import PLACES, Place, Reading, of_scheme
from nordstat.harmonise.table_versions import versions_of
from nordstat.model.codelist import Codelist
from nordstat.model.table import Concept, TableSpec

Words = npt.NDArray[np.object_]
ENDS = ("residence", "work")
_NOWHERE = np.array(None, dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The cells of a table, before they are rows.

    Attributes
    ----------
    readings : tuple of Reading
        What each axis says.
    counted : ndarray of bool
        For each cell, whether it has a number other than zero.
    table : TableSpec
        How the table reads.
    lists : tuple of Codelist
        Every classification there is.
    """

    readings: tuple[Reading, ...]
    counted: npt.NDArray[np.bool_]
    table: TableSpec
    lists: tuple[Codelist, ...]

    def axis(self, concept: Concept) -> int:
        """Give the axis of a concept that every table has."""
        return next(place for place, reading in enumerate(self.readings) if reading.concept is concept)

    def along(self, axis: int, values: Sequence[Any]) -> Words:
        """Give values as an array that lies along one axis."""
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array.reshape([-1 if place == axis else 1 for place in range(self.counted.ndim)])


def columns_of(grid: Grid) -> dict[str, Words]:
    """Give the columns of the observations that a table and its dimensions say, numbers and statuses aside."""
    found = _constants(grid.table)
    for axis, reading in enumerate(grid.readings):
        if reading.concept in PLACES:
            found |= _places(grid, axis)
        else:
            found |= {name: grid.along(axis, values) for name, values in _said(reading, grid.table).items()}
    return found


def _constants(table: TableSpec) -> dict[str, Words]:
    """Give what is the same in every cell where no dimension says otherwise."""
    said = {
        "reporter": table.office,
        "definition": table.definition or None,
        **{f"{end}_scheme": None for end in ENDS},
        **{f"{end}_area": TOTAL for end in ENDS},
        "sex": "T",
        "age_low": table.age_low,
        "age_high": table.age_high,
        **dict.fromkeys(("occupation", "industry", "background"), TOTAL),
        "mapping_status": "none",
        "source_kind": "table",
        "source": table.id,
        **table.fixed,
    }
    return {name: np.array(value, dtype=object) for name, value in said.items()}


def _said(reading: Reading, table: TableSpec) -> dict[str, Sequence[Any]]:
    """Give the columns a dimension without places says, one value a code."""
    values = reading.values
    if reading.concept is Concept.TIME:
        return {"time_period": [period.text for period in values], "freq": [period.freq for period in values]}
    if reading.concept is Concept.CONTENTS:
        return {name: [getattr(content, name) for content in values] for name in ("measure", "unit_measure")}
    if reading.concept is Concept.AGE:
        return {"age_low": [low for low, _ in values], "age_high": [high for _, high in values]}
    if reading.concept is Concept.DEFINITION:
        return {"definition": values, **_fixed_by(values, table)}
    return {} if reading.concept is Concept.PART else {str(reading.concept): values}


def _fixed_by(definitions: Sequence[str], table: TableSpec) -> dict[str, list[str | None]]:
    """Give the columns that depend on who is counted."""
    names = sorted({name for fixed in table.fixed_by.values() for name in fixed})
    otherwise = {name: table.fixed.get(name, TOTAL if name.endswith("_area") else None) for name in names}
    return {name: [table.fixed_by.get(each, {}).get(name, otherwise[name]) for each in definitions] for name in names}


def _places(grid: Grid, axis: int) -> dict[str, Words]:
    """Give areas and their schemes; an area without a side of its own stands on the side of the contents."""
    reading = grid.readings[axis]
    areas = grid.along(axis, [place.code for place in reading.values])
    schemes = _schemes(grid, axis)
    if reading.concept is not Concept.AREA:
        end = str(reading.concept).removesuffix("_area")
        return {f"{end}_area": areas, f"{end}_scheme": schemes}
    contents = grid.axis(Concept.CONTENTS)
    sides = grid.along(contents, [content.side for content in grid.readings[contents].values])
    columns = {f"{end}_area": np.where(sides == end, areas, TOTAL) for end in ENDS}
    return columns | {f"{end}_scheme": np.where(sides == end, schemes, _NOWHERE) for end in ENDS}


def _schemes(grid: Grid, axis: int) -> Words:
    """Give scheme and version of each place in each period, along these two axes; a total has none."""
    times = grid.axis(Concept.TIME)
    places: Sequence[Place] = grid.readings[axis].values
    periods = grid.readings[times].values
    others = tuple(other for other in range(grid.counted.ndim) if other not in (axis, times))
    counted: npt.NDArray[np.bool_] = np.any(grid.counted, axis=others, keepdims=True)
    by_place = np.moveaxis(counted, (axis, times), (0, 1)).reshape(len(places), len(periods))
    found: Words = np.full(by_place.shape, None, dtype=object)
    for scheme in sorted({place.scheme for place in places if place.scheme}):
        rows = [row for row, place in enumerate(places) if place.scheme == scheme]
        found[rows] = versions_of(
            [places[row].code for row in rows],
            by_place[rows],
            periods=periods,
            lists=of_scheme(scheme, grid.lists),
            table=grid.table,
        )
    return (found if axis < times else found.T).reshape(counted.shape)
