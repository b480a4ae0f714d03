"""Quantities: what a number measures, apart from who counts it and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Area = tuple[str, str]
"""Scheme without version, and code."""

EVERYWHERE: Area = ("", "_T")
NOT_REGISTERED: Area = ("AREA", "ABROAD_NO")
"""Whoever works in Norway without being registered there, wherever they live."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number measures.

    Attributes
    ----------
    kind : str
        ``commuters`` for persons and jobs (the unit is a facet), else the measure.
    origin : Area
        Where they come from: the residence, or the country background where residence is not known.
    work : Area
        Where they work.
    sex : str
        T, M or F.
    age : tuple or None
        Bounds; ``None`` is the whole range of the definition.
    occupation, industry, background, uncoded : str
        As in the key; ``background`` is ``_T`` where it has become the origin.
    """

    kind: str
    origin: Area
    work: Area
    sex: str
    age: tuple[int | None, int | None] | None
    occupation: str
    industry: str
    background: str
    uncoded: str


@dataclass(frozen=True, slots=True)
class Containment:
    """Which code lies inside which, across schemes.

    Attributes
    ----------
    above : mapping of Area to frozenset of Area
        Every area that holds an area, however many steps up; the area itself is not among them.
    """

    above: Mapping[Area, frozenset[Area]]

    def holds(self, whole: Area, part: Area) -> bool:
        """Tell whether the first holds the second and is not the same."""
        return whole != part and (whole == EVERYWHERE or whole in self.above.get(part, frozenset()))

    def part_of(self, part: Quantity, whole: Quantity) -> bool:
        """Tell whether one quantity is counted within another: equal or smaller in everything, smaller in something."""
        if part.kind != whole.kind or part == whole or whole.uncoded not in {part.uncoded, ""}:
            return False
        return (
            (part.origin == whole.origin or self.holds(whole.origin, part.origin))
            and (part.work == whole.work or self.holds(whole.work, part.work))
            and whole.sex in {part.sex, "T"}
            and (whole.age is None or whole.age == part.age or _inside(part.age, whole.age))
            and self._inside(part.occupation, whole.occupation)
            and self._inside(part.industry, whole.industry)
            and self._inside(part.background, whole.background)
        )

    def _inside(self, part: str, whole: str) -> bool:
        return whole in {part, "_T"} or self.holds(_area(whole), _area(part))


def _area(code: str) -> Area:
    scheme, _, value = code.partition(":")
    return scheme, value


def _inside(part: tuple[int | None, int | None] | None, whole: tuple[int | None, int | None]) -> bool:
    if part is None:
        return False
    low = whole[0] is None or (part[0] is not None and part[0] >= whole[0])
    high = whole[1] is None or (part[1] is not None and part[1] <= whole[1])
    return low and high
