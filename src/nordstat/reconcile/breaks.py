"""Series: numbers of one definition over time, and where they pass through a figure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Corpus, Item


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two neighbouring numbers of a series between which it passes through an interval.

    Attributes
    ----------
    earlier, later : Item
        The numbers; nothing of the same series lies between them in the evidence.
    """

    earlier: Item
    later: Item


def crossings(item: Item, corpus: Corpus) -> tuple[Crossing, ...]:
    """Give where the series of a figure's own quantity pass through its interval without a number inside it."""
    found = []
    for series in series_of(item, corpus).values():
        if any(number.interval.overlaps(item.interval) for number in series):
            continue
        found += [Crossing(a, b) for a, b in pairwise(series) if _passes(a.interval, item.interval, b.interval)]
    return tuple(found)


def series_of(item: Item, corpus: Corpus) -> dict[str, list[Item]]:
    """Give the dated counts of a figure's quantity by definition, each in order of time."""
    series: dict[str, list[Item]] = {}
    for number in corpus.levels.get(item.quantity, ()):
        if number is not item and number.period is not None and not number.period.rough:
            series.setdefault(number.figure.key.definition, []).append(number)
    return {definition: _in_time(numbers) for definition, numbers in sorted(series.items())}


def _in_time(numbers: list[Item]) -> list[Item]:
    """Order numbers by time; of the same number printed twice, keep one."""
    ordered = sorted(numbers, key=lambda number: (str(number.period), number.figure.id))
    return list({(number.period, number.interval): number for number in reversed(ordered)}.values())[::-1]


def _passes(first: Interval, through: Interval, second: Interval) -> bool:
    return (through.below(first) and second.below(through)) or (first.below(through) and through.below(second))
