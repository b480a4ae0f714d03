"""The size of a bridge step: computed from the evidence, for a flow and a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce

from nordstat.model.bridge import Form, Measurement, Method, Step
from nordstat.model.interval import Interval, hull
from nordstat.model.period import Period
from nordstat.reconcile.candidates import Corpus, Item, same_time

Taken = tuple[Interval, Method, tuple[str, ...], Interval]


class NoSizeError(ValueError):
    """A step that has no size for a number: nothing was measured, or the group was not counted."""


def take(
    step: Step, item: Item, interval: Interval, corpus: Corpus, *, backwards: bool, without: frozenset[str]
) -> Taken:
    """Give the size of a step for a number, how well it is known, from what, and the number after it.

    Raises
    ------
    NoSizeError
        Where the step has no size for this number.
    """
    size, method, evidence = _size(step, item, corpus, without)
    if step.form is Form.FACTOR:
        return size, method, evidence, interval / size if backwards else interval * size
    group, exact = _group(step, item, corpus, without)
    part = size * group.interval
    after = _at_least_zero(interval - part) if backwards else interval + part
    known = method if exact or method is Method.ASSUMED else Method.ESTIMATED
    return size, known, (*evidence, group.figure.id), after


def measured_size(step: Step, measurement: Measurement, corpus: Corpus) -> Interval:
    """Give the factor or the share that figures measure."""
    before = _sum(measurement.before, corpus)
    if step.form is Form.SHARE_OF_GROUP:
        return (_sum(measurement.after, corpus) - before) / _sum(measurement.group, corpus)
    after = before + _sum(measurement.more, corpus) if measurement.more else _sum(measurement.after, corpus)
    return after / before


def _size(step: Step, item: Item, corpus: Corpus, without: frozenset[str]) -> tuple[Interval, Method, tuple[str, ...]]:
    """Give the size from the same flow and time, else from the same flow, else from all that was measured."""
    if step.assumed is not None:
        return step.assumed, Method.ASSUMED, ()
    usable = [m for m in step.measurements if not m.figures & without and m.figures <= set(corpus.by_id)]
    same_flow = [m for m in usable if _flow(m, corpus).quantity == item.quantity]
    for measurement in same_flow:
        if same_time(_flow(measurement, corpus).period, item.period) and item.period is not None:
            method = step.method if _as_measured(step, item, corpus) else Method.ESTIMATED
            return measured_size(step, measurement, corpus), method, tuple(sorted(measurement.figures))
    chosen = [min(same_flow, key=lambda m: _apart(_flow(m, corpus).period, item.period))] if same_flow else usable
    if not chosen:
        raise NoSizeError(step.id)
    evidence = tuple(sorted(frozenset[str]().union(*(m.figures for m in chosen))))
    return hull(*(measured_size(step, m, corpus) for m in chosen)), Method.ESTIMATED, evidence


def _as_measured(step: Step, item: Item, corpus: Corpus) -> bool:
    """Tell whether a number counts by the very definition the step was measured for."""
    own = corpus.definition(item).facets
    return all(own[facet] in {before[0], after[0]} for facet, (before, after) in step.changes.items())


def _flow(measurement: Measurement, corpus: Corpus) -> Item:
    return corpus.item((measurement.after or measurement.before)[0])


def _group(step: Step, item: Item, corpus: Corpus, without: frozenset[str]) -> tuple[Item, bool]:
    """Give the count of the group for a number's flow, of the same time or else of the nearest."""
    counted = list(_counts_of_group(step, item, corpus, without))
    if not counted:
        raise NoSizeError(step.id)
    nearest = min(counted, key=lambda other: (_apart(other.period, item.period), other.figure.id))
    return nearest, item.period is not None and same_time(nearest.period, item.period)


def _counts_of_group(step: Step, item: Item, corpus: Corpus, without: frozenset[str]) -> Iterator[Item]:
    scheme, _, code = step.group["background"].partition(":")
    quantity = replace(item.quantity, origin=(scheme, code))
    definitions = {
        corpus.item(name).figure.key.definition for measurement in step.measurements for name in measurement.group
    } or {name for name, definition in corpus.definitions.items() if _starts(step, definition.facets)}
    for other in corpus.levels.get(quantity, ()):
        dated = other.period is not None and not other.period.rough
        if dated and other.figure.key.definition in definitions and other.figure.id not in without:
            yield other


def _starts(step: Step, facets: object) -> bool:
    return isinstance(facets, dict) and all(facets[facet] in before for facet, (before, _) in step.changes.items())


def _sum(ids: tuple[str, ...], corpus: Corpus) -> Interval:
    return reduce(Interval.__add__, (corpus.item(name).interval for name in ids), Interval.point(0))


def _apart(first: Period | None, second: Period | None) -> int:
    if first is None or second is None:
        return 0
    return abs((first.start - second.start).days)


def _at_least_zero(interval: Interval) -> Interval:
    return Interval(max(interval.floor, 0.0), interval.high)
