"""Figures: numbers somebody printed, with everything needed to compare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from nordstat.model.period import Period
from nordstat.model.precision import Precision
from nordstat.model.provenance import Citation

TOTAL = "_T"

BASE_FIELDS = (
    "numerator",
    "definition",
    "measure",
    "time_period",
    "residence_scheme",
    "residence_area",
    "work_scheme",
    "work_area",
    "sex",
    "age_low",
    "age_high",
    "occupation",
    "industry",
    "background",
)
"""Fields in which the base of a share or a change may differ; ``numerator`` is the measure above the line."""


class Measure(StrEnum):
    """What kind of number it is.

    The last three are computed from two levels, the figure's own key and its ``base``.
    """

    PERSONS = "persons"
    JOBS = "jobs"
    EMPLOYED = "employed"
    POPULATION = "population"
    IN_COMMUTERS = "in_commuters"
    OUT_COMMUTERS = "out_commuters"
    SHARE = "share"
    DIFFERENCE = "difference"
    GROWTH = "growth"

    @property
    def is_level(self) -> bool:
        """Whether the number counts something, and is not a share or a change."""
        return self not in (Measure.SHARE, Measure.DIFFERENCE, Measure.GROWTH)


@dataclass(frozen=True, slots=True)
class Key:
    """What a number is about: definition, flow, period and breakdown.

    Attributes
    ----------
    definition : str
        Definition id.
    residence_scheme, residence_area : str
        Where they live: ``SE-LAN:2007`` and ``17``.
    work_scheme, work_area : str
        Where they work.
    period : Period or None
        ``None`` where the source states none.
    sex : str
        T, M or F.
    age_low, age_high : int or None
        Inclusive; ``None`` is an open end.
    occupation, industry, background : str
        Code with its scheme, or ``_T``.
    uncoded : str
        Words of a breakdown that has no certain code; a number with such words is never a total.
    """

    definition: str
    residence_scheme: str
    residence_area: str
    work_scheme: str
    work_area: str
    period: Period | None
    sex: str = "T"
    age_low: int | None = None
    age_high: int | None = None
    occupation: str = TOTAL
    industry: str = TOTAL
    background: str = TOTAL
    uncoded: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number.

    Attributes
    ----------
    id : str
        ``F012`` for a published figure, ``ssb-kortsys-2011q4:5`` for line 5 of a transcribed table.
    kind : {"figure", "transcribed"}
        Which of the two.
    key : Key
        What the number is about.
    measure : Measure
        What kind of number it is.
    unit_measure : str
        PS, JOBS or PC.
    base : mapping of str to str
        For shares and changes: the fields in which the base differs from the key.
    value : float or None
        As printed; ``None`` where a symbol stands.
    precision : Precision
        How exactly it was printed.
    symbol : str
        The symbol as published (``-``, ``..``), empty for a number.
    reporter : str
        Whose count it is: SCB, SSB, NORDIC, ...
    citation : Citation
        Where it stands.
    words : str
        The population in the source's words.
    group : str
        Group of figures it belongs to, such as ``varmland-seed``.
    labels : mapping of str to str
        Words for areas, ages, industries and occupations that have no certain code.
    vintage : str
        When the source said it was updated, where it said so.
    note : str
        Remarks.
    file : Path
        File it was read from.
    line : int
        Line in that file.
    """

    id: str
    kind: str
    key: Key
    measure: Measure
    unit_measure: str
    base: Mapping[str, str]
    value: float | None
    precision: Precision
    symbol: str
    reporter: str
    citation: Citation
    words: str
    group: str
    labels: Mapping[str, str]
    vintage: str
    note: str
    file: Path
    line: int

    @property
    def level_measure(self) -> Measure:
        """The measure of the level behind the figure: its own, or that of a share's numerator."""
        return self.measure if self.measure.is_level else Measure(self.base.get("numerator", Measure.PERSONS))

    @property
    def base_key(self) -> Key:
        """What a share or a change is taken from.

        Raises
        ------
        ValueError
            For an age or a period in ``base`` that cannot be read.
        """
        changes: dict[str, Any] = {
            field: value for field, value in self.base.items() if field not in {"numerator", "measure", "time_period"}
        }
        for field in {"age_low", "age_high"} & set(changes):
            changes[field] = int(changes[field]) if changes[field] else None
        if "time_period" in self.base:
            changes["period"] = Period.parse(self.base["time_period"])
        return replace(self.key, **changes)

    @property
    def base_measure(self) -> Measure:
        """The measure of the base."""
        return Measure(self.base.get("measure", self.level_measure))
