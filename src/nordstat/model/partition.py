"""Partitions: what adds up to what, and nothing is left over or counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nordstat.model.quantity import EVERYWHERE, NOT_REGISTERED, Area, Quantity

Place = tuple[Area, ...]
"""One code, or the residence and the work place of a flow."""


class Axis(StrEnum):
    """What a partition divides."""

    AREA = "area"
    """Where people live, or where they work."""
    FLOW = "flow"
    """Where they live and where they work, together."""
    BACKGROUND = "background"
    INDUSTRY = "industry"
    OCCUPATION = "occupation"
    SEX = "sex"


@dataclass(frozen=True, slots=True)
class Partition:
    """A whole and the parts that make it up.

    Attributes
    ----------
    id : str
        Name.
    axis : Axis
        What it divides.
    whole : Place
        The whole.
    parts : tuple of Place
        All of its parts; together they are the whole, and no two have anybody in common.
    """

    id: str
    axis: Axis
    whole: Place
    parts: tuple[Place, ...]


@dataclass(frozen=True)
class Partitions:
    """The partitions in force, found by whole and by part.

    Attributes
    ----------
    all : tuple of Partition
        In the order read.
    """

    all: tuple[Partition, ...] = ()

    @cached_property
    def of_whole(self) -> Mapping[tuple[Axis, Place], tuple[Partition, ...]]:
        """Partitions of a whole."""
        return _grouped([((partition.axis, partition.whole), partition) for partition in self.all])

    @cached_property
    def of_part(self) -> Mapping[tuple[Axis, Place], tuple[Partition, ...]]:
        """Partitions with a part."""
        return _grouped([((partition.axis, part), partition) for partition in self.all for part in partition.parts])

    def reached_from(self, parts: Iterable[tuple[Axis, Place]]) -> frozenset[tuple[Axis, Place]]:
        """Give these parts, and the wholes that they lie in however many steps up."""
        reached = set(parts)
        waiting = set(reached)
        while waiting:
            axis, place = waiting.pop()
            wholes = {(axis, partition.whole) for partition in self.of_part.get((axis, place), ())}
            waiting |= wholes - reached
            reached |= wholes
        return frozenset(reached)


def places(quantity: Quantity) -> Iterator[tuple[Axis, Place]]:
    """Give every code of a quantity that can be a whole or a part.

    The origin of a flow is also a country background; all of them together are everybody who is not registered.
    """
    yield Axis.SEX, (("SEX", quantity.sex),)
    yield Axis.INDUSTRY, (_area(quantity.industry),)
    yield Axis.OCCUPATION, (_area(quantity.occupation),)
    yield Axis.BACKGROUND, (_area(quantity.background),)
    yield Axis.BACKGROUND, (EVERYWHERE if quantity.origin == NOT_REGISTERED else quantity.origin,)
    yield Axis.AREA, (quantity.origin,)
    yield Axis.AREA, (quantity.work,)
    yield Axis.FLOW, (quantity.origin, quantity.work)


def _area(code: str) -> Area:
    scheme, colon, value = code.partition(":")
    return (scheme, value) if colon else ("", code)


def _grouped(
    pairs: list[tuple[tuple[Axis, Place], Partition]],
) -> dict[tuple[Axis, Place], tuple[Partition, ...]]:
    found: dict[tuple[Axis, Place], tuple[Partition, ...]] = {}
    for key, partition in pairs:
        found[key] = (*found.get(key, ()), partition)
    return found
