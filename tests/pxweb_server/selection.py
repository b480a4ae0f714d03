"""What PxWebApi v2 makes of a selection: the expressions, the traps and the words of each refusal.

Follows the order of checks of PxTools/PxWebApi@92f4cfa4 (SelectionHandler and its expressions).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from .answers import Problem
from .cubes import Axis, Category, categories
from .tables import ServedDimension, ServedTable


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of one variable, as the client spelled it."""

    variable: str
    codes: Sequence[str] = ()
    codelist: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """Which variables go into the heading and which into the stub."""

    heading: Sequence[str] = ()
    stub: Sequence[str] = ()


def select(table: ServedTable, wanted: Sequence[Wanted], most: int) -> tuple[Axis, ...]:
    """Expand and check a selection, in the order the service checks it; gives the axes in table order.

    Raises
    ------
    Problem
        In the service's own words.
    """
    asked = by_variable(table, wanted)
    if any(not dimension.elimination and dimension.code not in asked for dimension in table.dimensions):
        raise Problem.titled("Missing selection for mandantory variable")
    axes = tuple(_axis(table, dimension, asked.get(dimension.code)) for dimension in table.dimensions)
    if prod(len(axis) for axis in axes if axis.categories) > most:
        raise Problem.titled("Too many cells selected", detail="Too many cells selected")
    return axes


def by_variable(table: ServedTable, wanted: Sequence[Wanted]) -> dict[str, Wanted]:
    """Sort what is wanted by the table's own codes; variables match in any case, code lists only in their own."""
    known = {dimension.code.casefold(): dimension for dimension in table.dimensions}
    if table.time is not None:
        known.setdefault("time", table.time)
    asked: dict[str, Wanted] = {}
    for item in wanted:
        dimension = known.get(item.variable.casefold())
        if dimension is None:
            raise Problem.titled("Non-existent variable")
        if item.codelist and table.codelist(dimension.code, item.codelist) is None:
            raise Problem.titled("Non-existent codelist")
        if dimension.code in asked:
            raise Problem(500, body=b"")  # nobody has seen what a variable given twice does; nobody should rely on it
        asked[dimension.code] = item
    return asked


def _axis(table: ServedTable, dimension: ServedDimension, item: Wanted | None) -> Axis:
    if item is None:
        return Axis(dimension)
    codelist = table.codelist(dimension.code, item.codelist)
    among = categories(dimension, codelist)
    places = _expand(_Expander(dimension, among), item.codes)
    eliminable = dimension.elimination or (codelist is not None and codelist.elimination)
    if not places and not eliminable:
        raise Problem.titled("Missing selection for mandantory variable")
    return Axis(dimension, tuple(among[place] for place in places))


def _expand(expander: _Expander, texts: Sequence[str]) -> list[int]:
    """Positions that codes and expressions name together, ascending: the table's order, whatever was asked."""
    literal = [place for text in texts if (place := expander.literal(text)) is not None]
    if len(set(literal)) < len(literal):
        raise Problem(500, body=b"")  # SSB, SCB and Latvia, 2026-09-09: the same literal twice
    spread = [expander.expression(text) for text in texts if expander.literal(text) is None]
    return sorted({*literal, *(place for places in spread for place in places)})


class _Expander:
    """Reads codes and expressions over the values of one variable."""

    def __init__(self, dimension: ServedDimension, among: Sequence[Category]) -> None:
        self.time = dimension.time
        self.codes = [category.code.casefold() for category in among]
        self.places: dict[str, int] = {}
        for place, code in enumerate(self.codes):
            self.places.setdefault(code, place)

    def literal(self, text: str) -> int | None:
        return self.places.get(text.casefold())

    def expression(self, text: str) -> Sequence[int]:
        for name, (pattern, meaning) in _FUNCTIONS.items():
            if text.casefold().startswith(f"{name}("):
                found = re.fullmatch(pattern, text, re.IGNORECASE)
                if found is None:
                    raise Problem.titled("Illegal selection expression")
                return meaning(self, *(group or "0" for group in found.groups()))
        if "?" in text:
            shape = re.compile(re.escape(text.casefold()).replace(r"\?", "."))
            return [place for place, code in enumerate(self.codes) if shape.fullmatch(code)]
        if "*" in text:
            return self._wildcard(text.casefold())
        raise Problem.titled("Non-existent value")

    def _wildcard(self, text: str) -> Sequence[int]:
        stars, bare = text.count("*"), text.strip("*")
        ends = (text.startswith("*"), text.endswith("*"))
        if stars > 2 or not any(ends) or (stars == 2 and not all(ends)):
            raise Problem.titled("Illegal selection expression")
        fits: Mapping[tuple[bool, bool], Callable[[str], bool]] = {
            (True, True): lambda code: bare in code,
            (True, False): lambda code: code.endswith(bare),
            (False, True): lambda code: code.startswith(bare),
        }
        return [place for place, code in enumerate(self.codes) if fits[ends](code)]

    def named(self, code: str) -> int:
        place = self.literal(code)
        if place is None:
            raise Problem.titled("Non-existent value")
        return place

    def first(self, count: str, offset: str) -> Sequence[int]:
        return range(len(self.codes))[int(offset) :][: int(count)]

    def last(self, count: str, offset: str) -> Sequence[int]:
        return range(len(self.codes))[::-1][int(offset) :][: int(count)]

    def top(self, count: str, offset: str) -> Sequence[int]:
        """For time the latest, for anything else the first."""
        return self.last(count, offset) if self.time else self.first(count, offset)

    def bottom(self, count: str, offset: str) -> Sequence[int]:
        return self.first(count, offset) if self.time else self.last(count, offset)

    def since(self, code: str) -> Sequence[int]:
        return range(self.named(code), len(self.codes))

    def until(self, code: str) -> Sequence[int]:
        return range(self.named(code) + 1)

    def between(self, one: str, two: str) -> Sequence[int]:
        low, high = sorted((self.named(one), self.named(two)))
        return range(low, high + 1)


_FUNCTIONS: Mapping[str, tuple[str, Callable[..., Sequence[int]]]] = {
    "range": (r"range\(([^,]+),([^,)]+)\)", _Expander.between),
    "top": (r"top\(([1-9]\d*)(?:,(\d+))?\)", _Expander.top),
    "bottom": (r"bottom\(([1-9]\d*)(?:,(\d+))?\)", _Expander.bottom),
    "from": (r"from\(([^,]+)\)", _Expander.since),
    "to": (r"to\(([^,]+)\)", _Expander.until),
}
