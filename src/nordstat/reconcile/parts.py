"""Parts and wholes: the ways a quantity divides, and what the evidence holds of the parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from nordstat.model.interval import Interval, hull
from nordstat.model.partition import Axis, Partition, Place, places
from nordstat.model.quantity import EVERYWHERE, NOT_REGISTERED, Area, Quantity
from nordstat.reconcile.candidates import Corpus, Item

_NOT_OVER_AREAS = {"in_commuters", "out_commuters"}
"""Kinds that do not add up over areas: who crosses a border between two parts crosses none of the whole."""


@dataclass(frozen=True, slots=True)
class Split:
    """One way a quantity divides.

    Attributes
    ----------
    partition : str
        Id of the partition.
    whole : Quantity
        The whole.
    parts : tuple of Quantity
        Its parts, those of which something may have been counted.
    all_there : bool
        Whether these are all.
    """

    partition: str
    whole: Quantity
    parts: tuple[Quantity, ...]
    all_there: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the evidence holds of a quantity, or of several together.

    Attributes
    ----------
    interval : Interval
        The count; open above where a part is missing.
    items : tuple of Item
        Numbers it was made from.
    whole : bool
        Whether nothing is missing.
    """

    interval: Interval
    items: tuple[Item, ...]
    whole: bool = True


_NOTHING = Known(Interval(0.0, None), (), whole=False)


def known(items: Sequence[Item]) -> Known:
    """Give what several numbers of one quantity say together: the sharpest, or all where they cannot all hold."""
    sharpest = min(items, key=lambda item: (item.interval.ceiling - item.interval.floor, item.figure.id))
    if all(item.interval.overlaps(sharpest.interval) for item in items):
        return Known(sharpest.interval, (sharpest,))
    return Known(hull(*(item.interval for item in items)), tuple(items))


def counted(quantity: Quantity, item: Item, corpus: Corpus) -> Known | None:
    """Give what the evidence holds of a quantity, by the definition and at the time of an item; not the item itself."""
    numbers = [
        number
        for number in corpus.alike(item).of.get(quantity, ())
        if number is not item and not corpus.differences(item, number)
    ]
    return known(numbers) if numbers else None


def together(split: Split, item: Item, corpus: Corpus, *, but: Quantity | None = None) -> Known:
    """Give what the evidence holds of the parts of a whole, by the definition and at the time of an item.

    Parameters
    ----------
    split : Split
        The parts.
    item : Item
        Whose definition and time count; it is no part itself.
    corpus : Corpus
        The evidence.
    but : Quantity, optional
        A part to leave out.
    """
    found = [_part(part, item, corpus) for part in split.parts if part != but]
    return _added(found if split.all_there else [*found, _NOTHING])


def splits(whole: Quantity, item: Item, corpus: Corpus) -> Iterator[Split]:
    """Give the ways a quantity divides, counted by the definition of an item, of which a part was counted."""
    for way in _ways(whole):
        for partition in corpus.partitions.of_whole.get((way.axis, way.place), ()):
            split = _split(whole, way, partition, item, corpus)
            if split.parts:
                yield split


def splits_with(part: Quantity, item: Item, corpus: Corpus) -> Iterator[Split]:
    """Give the ways in which larger quantities that were counted divide so that one of the parts is this one."""
    for way in _ways(part):
        for partition in corpus.partitions.of_part.get((way.axis, way.place), ()):
            for whole in _wholes(way, partition):
                if whole in corpus.alike(item).of:
                    split = _split(whole, way, partition, item, corpus)
                    if part in split.parts:
                        yield split


@dataclass(frozen=True, slots=True)
class _Way:
    """A code of a quantity that can be a whole or a part, and how to put another in its place.

    ``facing`` is the other end of a flow, where the code is one end.
    """

    axis: Axis
    place: Place
    put: Callable[[Place], Quantity]
    facing: Area | None = None


def _ways(quantity: Quantity) -> Iterator[_Way]:
    put: tuple[Callable[[Place], Quantity], ...] = (
        lambda place: replace(quantity, sex=place[0][1]),
        lambda place: replace(quantity, industry=_code(place[0])),
        lambda place: replace(quantity, occupation=_code(place[0])),
        lambda place: replace(quantity, background=_code(place[0])),
        lambda place: replace(quantity, origin=place[0]),
        lambda place: replace(quantity, origin=place[0]),
        lambda place: replace(quantity, work=place[0]),
        lambda place: replace(quantity, origin=place[0], work=place[1]),
    )
    facing = (None, None, None, None, None, quantity.work, quantity.origin, None)
    over_areas = quantity.kind not in _NOT_OVER_AREAS
    for (axis, place), function, end in zip(places(quantity), put, facing, strict=True):
        if over_areas or axis not in {Axis.AREA, Axis.FLOW}:
            yield _Way(axis, place, function, end)


def _split(whole: Quantity, way: _Way, partition: Partition, item: Item, corpus: Corpus) -> Split:
    crossing = _crossing(partition, way, item, corpus)
    reached = corpus.alike(item).reached
    there = [part for part in crossing if (way.axis, part) in reached]
    return Split(partition.id, whole, tuple(map(way.put, there)), len(there) == len(crossing))


def _crossing(partition: Partition, way: _Way, item: Item, corpus: Corpus) -> Sequence[Place]:
    """Give the parts that count: of commuters between areas, who lives and works in the same one is none.

    Where the origin is a country background everybody counts: people of every background work in Norway.
    """
    by_residence = corpus.definition(item).facets["country_key"] == "residence"
    home, holds = way.facing, corpus.containment.holds
    if way.axis is not Axis.AREA or home is None or not by_residence or item.quantity.kind != "commuters":
        return partition.parts
    return [part for part in partition.parts if part[0] != home and not holds(part[0], home)]


def _wholes(way: _Way, partition: Partition) -> Iterator[Quantity]:
    """Give what a whole can be: all country backgrounds together are written in two ways."""
    yield way.put(partition.whole)
    if way.axis is Axis.BACKGROUND and partition.whole == (EVERYWHERE,):
        yield way.put((NOT_REGISTERED,))


def _part(part: Quantity, item: Item, corpus: Corpus) -> Known:
    """Give a part as it was counted, else as far as its own parts were, else as unknown."""
    number = counted(part, item, corpus)
    if number is not None:
        return number
    finer = (_finer(split, item, corpus) for split in splits(part, item, corpus))
    return max(finer, key=lambda found: (found.whole, found.interval.floor), default=_NOTHING)


def _finer(split: Split, item: Item, corpus: Corpus) -> Known:
    found = [counted(part, item, corpus) or _NOTHING for part in split.parts]
    return _added(found if split.all_there else [*found, _NOTHING])


def _added(found: Sequence[Known]) -> Known:
    return Known(
        reduce(Interval.__add__, (one.interval for one in found), Interval.point(0)),
        tuple(number for one in found for number in one.items),
        all(one.whole for one in found),
    )


def _code(area: Area) -> str:
    return ":".join(filter(None, area))
