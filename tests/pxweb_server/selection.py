"""What PxWebApi v2 makes of a selection: the expressions, the traps and the words of each refusal.

Follows the order of checks of PxTools/PxWebApi@92f4cfa4 (SelectionHandler, SelectionExpressions, Bjarte3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from .answers import Problem
from .cubes import Axis, Category, categories
from .tables import METRIC, ServedDimension, ServedTable

Positions = list[int]


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


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection the service accepts.

    Attributes
    ----------
    axes : tuple of Axis
        In table order.
    codelists : mapping of str to str
        Dimension code -> code list applied.
    """

    axes: tuple[Axis, ...]
    codelists: Mapping[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """Number of cells of the answer."""
        return prod(len(axis) for axis in self.axes if axis.categories)


def select(table: ServedTable, wanted: Sequence[Wanted], most: int) -> Selected:
    """Expand and check a selection, in the order the service checks it.

    Raises
    ------
    Problem
        In the service's own words.
    """
    asked = _variables(table, wanted)
    if any(not dimension.elimination and dimension.code not in asked for dimension in table.dimensions):
        raise Problem.titled("Missing selection for mandantory variable")
    axes = tuple(_axis(table, dimension, asked.get(dimension.code)) for dimension in table.dimensions)
    lists = {code: item.codelist for code, item in asked.items() if item.codelist}
    selected = Selected(axes, lists)
    if selected.cells > most:
        raise Problem.titled("Too many cells selected", detail="Too many cells selected")
    return selected


def expand(dimension: ServedDimension, among: Sequence[Category], expressions: Sequence[str]) -> Positions:
    """Positions in ``among`` that codes and expressions of one variable name, ascending."""
    exact = {category.code: place for place, category in reversed(list(enumerate(among)))}
    folded = {category.code.casefold(): place for place, category in reversed(list(enumerate(among)))}
    literal, spread = [], set[int]()
    for text in expressions:
        place = exact.get(text, folded.get(text.casefold()))
        if place is None:
            spread.update(_expression(dimension, folded, among, text))
        else:
            literal.append(place)
    if len(set(literal)) < len(literal):
        raise Problem(500, body=b"")  # SSB, SCB and Latvia, 2026-09-09: the same literal twice breaks the server
    return sorted(spread.union(literal))


def _variables(table: ServedTable, wanted: Sequence[Wanted]) -> dict[str, Wanted]:
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
            raise Problem(500, body=b"")
        asked[dimension.code] = item
    return asked


def _axis(table: ServedTable, dimension: ServedDimension, item: Wanted | None) -> Axis:
    if item is None:
        return Axis(dimension)
    codelist = table.codelist(dimension.code, item.codelist)
    among = categories(dimension, codelist)
    places = expand(dimension, among, item.codes)
    eliminable = dimension.elimination if codelist is None else codelist.elimination or dimension.elimination
    if not places and not eliminable:
        raise Problem.titled("Missing selection for mandantory variable")
    return Axis(dimension, tuple(among[place] for place in places))


def _expression(
    dimension: ServedDimension, places: Mapping[str, int], among: Sequence[Category], text: str
) -> Sequence[int]:
    last = len(among)
    for name, pattern, meaning in _FUNCTIONS:
        if text.casefold().startswith(f"{name}("):
            found = re.match(pattern, text, re.IGNORECASE)
            if found is None:
                raise Problem.titled("Illegal selection expression")
            return meaning(dimension, places, last, *(group for group in found.groups() if group is not None))
    if "?" in text:
        shape = re.compile(re.escape(text).replace(r"\?", "."), re.IGNORECASE)
        return [place for place, category in enumerate(among) if shape.fullmatch(category.code)]
    if "*" in text:
        return _wildcard(among, text)
    raise Problem.titled("Non-existent value")


def _wildcard(among: Sequence[Category], text: str) -> Sequence[int]:
    bare = text.strip("*").casefold()
    if text.count("*") > 2 or "*" in bare or (text.count("*") == 2 and not (text[0] == "*" == text[-1])):
        raise Problem.titled("Illegal selection expression")
    fits: Callable[[str], bool] = lambda code: bare in code  # noqa: E731 - one of three shapes of the same test
    if not text.endswith("*"):
        fits = lambda code: code.endswith(bare)  # noqa: E731
    elif not text.startswith("*"):
        fits = lambda code: code.startswith(bare)  # noqa: E731
    return [place for place, category in enumerate(among) if fits(category.code.casefold())]


def _place(places: Mapping[str, int], code: str) -> int:
    if code.casefold() not in places:
        raise Problem.titled("Non-existent value")
    return places[code.casefold()]


def _first(count: str, offset: str, last: int) -> Sequence[int]:
    return range(min(int(offset), last), min(int(offset) + int(count), last))


def _latest(count: str, offset: str, last: int) -> Sequence[int]:
    return range(max(last - int(offset) - int(count), 0), max(last - int(offset), 0))


def _top(dimension: ServedDimension, _: Mapping[str, int], last: int, count: str, offset: str = "0") -> Sequence[int]:
    return (_latest if dimension.time else _first)(count, offset, last)


def _bottom(
    dimension: ServedDimension, _: Mapping[str, int], last: int, count: str, offset: str = "0"
) -> Sequence[int]:
    return (_first if dimension.time else _latest)(count, offset, last)


def _from(_: ServedDimension, places: Mapping[str, int], last: int, code: str) -> Sequence[int]:
    return range(_place(places, code), last)


def _to(_: ServedDimension, places: Mapping[str, int], last: int, code: str) -> Sequence[int]:
    return range(_place(places, code) + 1)


def _range(_: ServedDimension, places: Mapping[str, int], last: int, first: str, final: str) -> Sequence[int]:
    low, high = sorted((_place(places, first), _place(places, final)))
    return range(low, high + 1)


_FUNCTIONS: tuple[tuple[str, str, Callable[..., Sequence[int]]], ...] = (
    ("range", r"range\(([^,]+),([^,)]+)\)\Z", _range),
    ("top", r"top\(([1-9]\d*)(?:,(\d+))?\)\Z", _top),
    ("bottom", r"bottom\(([1-9]\d*)(?:,(\d+))?\)\Z", _bottom),
    ("from", r"from\(([^,]+)\)\Z", _from),
    ("to", r"to\(([^,]+)\)\Z", _to),
)


def default_selection(table: ServedTable) -> tuple[list[Wanted], Placement]:
    """Give the selection the service makes up where it is asked for none.

    With more than one value set on a variable the first is applied, and of most variables only the first value is
    taken: the answer looks whole and is not.
    """
    lists = {dimension.code: _first_valueset(table, dimension) for dimension in table.dimensions}
    metric = next((dimension for dimension in table.dimensions if dimension.code == METRIC), None)
    rest = [dimension for dimension in table.dimensions if dimension is not metric and not dimension.time]
    take = _Taking(table, lists)
    if metric is None or table.time is None:
        return take.mandatory([dimension for dimension in table.dimensions if not dimension.elimination], [])
    if not rest:
        return take.two(metric, table.time)
    if len(rest) == 1:
        return take.three(metric, table.time, rest[0])
    mandatory = [dimension for dimension in rest if not dimension.elimination]
    if len(mandatory) > 1:
        return take.mandatory(mandatory, [metric, table.time])
    ends = (mandatory or rest[:1])[0], [d for d in rest if d.elimination][-1]
    return take.ends(*ends, [metric, table.time])


def _first_valueset(table: ServedTable, dimension: ServedDimension) -> str:
    sets = [codelist.id for codelist in table.codelists.get(dimension.code, ()) if codelist.type == "Valueset"]
    return sets[0] if sets else ""


@dataclass(frozen=True, slots=True)
class _Taking:
    table: ServedTable
    lists: Mapping[str, str]

    def codes(self, dimension: ServedDimension) -> tuple[str, ...]:
        codelist = self.table.codelist(dimension.code, self.lists[dimension.code])
        return dimension.codes if codelist is None else tuple(codelist.values)

    def some(self, dimension: ServedDimension, most: int) -> Wanted:
        codes = self.codes(dimension)[-most:] if dimension.time else self.codes(dimension)[:most]
        return Wanted(dimension.code, codes, self.lists[dimension.code])

    def two(self, metric: ServedDimension, time: ServedDimension) -> tuple[list[Wanted], Placement]:
        stub, heading = (time, metric) if len(metric) < 6 else (metric, time)
        wanted = [self.some(item, 13 if item.time or item is heading else 1500) for item in (stub, heading)]
        return wanted, Placement([heading.code], [stub.code])

    def three(
        self, metric: ServedDimension, time: ServedDimension, other: ServedDimension
    ) -> tuple[list[Wanted], Placement]:
        if len(metric) == 1:
            wanted = [self.some(metric, 1), self.some(time, 13), self.some(other, 1500)]
            return wanted, Placement([metric.code, time.code], [other.code])
        return self.ends(metric, other, [time])

    def mandatory(
        self, mandatory: Sequence[ServedDimension], heading: Sequence[ServedDimension]
    ) -> tuple[list[Wanted], Placement]:
        return self.ends(mandatory[0], mandatory[-1], [*heading, *mandatory[1:-1]])

    def ends(
        self, one: ServedDimension, two: ServedDimension, heading: Sequence[ServedDimension]
    ) -> tuple[list[Wanted], Placement]:
        stub, top = (one, two) if len(self.codes(one)) > len(self.codes(two)) else (two, one)
        wanted = [*(self.some(item, 1) for item in heading), self.some(stub, 1500), self.some(top, 13)]
        held = {item.variable for item in wanted}
        gone = [Wanted(d.code, (), self.lists[d.code]) for d in self.table.dimensions if d.code not in held]
        return [*wanted, *gone], Placement([*(item.code for item in heading), top.code], [stub.code])
