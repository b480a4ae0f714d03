"""The selection PxWebApi v2 makes up where it is asked for none: it looks whole and is not.

The algorithm is Bjarte3 of PxTools/PxWebApi@92f4cfa4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .selection import Placement, Wanted
from .tables import METRIC, ServedDimension, ServedTable


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
