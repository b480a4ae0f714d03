"""Gathers the evidence for and against one figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nordstat.errors import NotComparableError
from nordstat.model.definition import FacetDifference, Relation
from nordstat.model.figure import Measure
from nordstat.model.interval import Interval
from nordstat.model.period import Period
from nordstat.model.text import Text, same
from nordstat.model.verdict import Evidence, EvidenceKind, Outcome
from nordstat.reconcile.additivity import sums
from nordstat.reconcile.bridge import bridge
from nordstat.reconcile.candidates import Corpus, Item, bears_on, may_bear_on, same_publication, same_time
from nordstat.reconcile.compare import bound_outcome, outcome, predicted_sign
from nordstat.reconcile.words import WORDS, enumerated, number, say

_PER_CENT = 0.01


def gather(item: Item, corpus: Corpus) -> tuple[Evidence, ...]:
    """Give every piece of evidence that bears on a figure, best first."""
    direct = tuple(_same(item, corpus))
    derived = [*_derived(item, corpus), *sums(item, corpus)]
    found = [*direct, *_bridged(item, direct, corpus), *derived, *_bounds(item, corpus)]
    return tuple(sorted(found, key=lambda piece: _rank(piece, item)))


def _same(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    """Give the same quantity at the same time, as other figures have it."""
    pool = corpus.levels if item.is_level else corpus.relatives
    for other in pool.get(item.quantity, ()):
        if other is item or other.figure.measure.is_level != item.is_level or not _same_base(item, other):
            continue
        if not item.is_level and other.figure.measure is not item.figure.measure:
            continue
        if not bears_on(other, item):
            continue
        differences = corpus.differences(item, other)
        yield _evidence(
            _kind(item, other, differences),
            item,
            other.interval,
            sources=(other.figure.id,),
            definition=other.figure.key.definition,
            period=other.period,
            differences=differences,
            text=same(f"{other.figure.citation.publisher}, {other.figure.citation.title}"),
        )


def _bridged(item: Item, direct: Iterable[Evidence], corpus: Corpus) -> Iterator[Evidence]:
    """Give the numbers of other definitions, led to the figure's own."""
    for piece in direct:
        if piece.kind is not EvidenceKind.FACETS:
            continue
        try:
            led = bridge(
                corpus.item(piece.sources[0]),
                item.figure.key.definition,
                corpus,
                without=frozenset({item.figure.id}),
            )
        except NotComparableError:
            continue
        way = enumerated(say("step", step=taken.step.id, method=WORDS[taken.method]) for taken in led.steps)
        yield replace(
            piece,
            kind=EvidenceKind.BRIDGED,
            outcome=outcome(item.interval, led.result),
            sources=(*piece.sources, *sorted({name for taken in led.steps for name in taken.evidence})),
            interval=led.result,
            text=say("led", number=number(piece.sources[0], piece.interval), way=way),
        )


def _derived(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    """Give the quantity as it follows from two other figures."""
    if item.is_level:
        yield from _level_from_relatives(item, corpus)
    else:
        yield from _relative_from_levels(item, corpus)


def _level_from_relatives(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    """Give a count as share times base, as part over share, as base plus change and as later value less change."""
    for relative in corpus.relatives.get(item.quantity, ()):
        if may_bear_on(relative, relative.period, item):
            for base in corpus.counts_of(relative.base, relative.base_period, but=item):
                yield from _computed(item, corpus, relative, base, _upper(relative, base.interval))
    for relative in corpus.relatives_by_base.get(item.quantity, ()):
        if may_bear_on(relative, relative.base_period, item):
            for top in corpus.counts_of(relative.quantity, relative.period, but=item):
                yield from _computed(item, corpus, relative, top, _lower(relative, top.interval))


def _relative_from_levels(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    """Give a share or a change from the two counts it is made of."""
    for top in corpus.counts_of(item.quantity, item.period, but=item):
        for base in corpus.counts_of(item.base, item.base_period, but=item):
            if base is top or corpus.differences(item, top):
                continue
            bases = corpus.definition_differences(item.base_definition, base.figure.key.definition)
            if bases and not _all_unstated(bases):
                continue
            yield _evidence(
                EvidenceKind.DENOMINATOR if bases else EvidenceKind.DERIVED,
                item,
                _relative(item, top.interval, base.interval),
                sources=(top.figure.id, base.figure.id),
                definition=top.figure.key.definition,
                period=base.period if top.period is None else top.period,
                text=say("against", top=top.named, base=base.named),
            )


def _computed(item: Item, corpus: Corpus, relative: Item, other: Item, interval: Interval) -> Iterator[Evidence]:
    """Give a count that follows from a relative figure and another count of the same definitions."""
    top, base = (item, other) if relative.quantity == item.quantity else (other, item)
    bases = corpus.definition_differences(relative.base_definition, base.figure.key.definition)
    if corpus.differences(top, relative) or (bases and not _all_unstated(bases)):
        return
    yield _evidence(
        EvidenceKind.DENOMINATOR if bases else EvidenceKind.DERIVED,
        item,
        interval,
        sources=(relative.figure.id, other.figure.id),
        definition=relative.figure.key.definition,
        period=other.period if relative.period is None else relative.period,
        text=say("together", first=relative.named, second=other.named),
    )


def _all_unstated(bases: tuple[FacetDifference, ...]) -> bool:
    """Tell whether a relative figure leaves open what it is taken from, so that an official base is only tried."""
    return bool(bases) and all(difference.relation is Relation.UNSTATED for difference in bases)


def _bounds(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    """Give the closest whole the figure is part of, and the largest part of it; and every one that is broken."""
    if not item.is_level or item.period is None:
        return
    for at_most in (True, False):
        bounds = sorted(_wholes_or_parts(item, corpus, at_most=at_most), key=lambda piece: _tightness(piece, at_most))
        broken = [piece for piece in bounds if piece.outcome is Outcome.AGAINST_PREDICTION]
        yield from broken or bounds[:1]


def _wholes_or_parts(item: Item, corpus: Corpus, *, at_most: bool) -> Iterator[Evidence]:
    inside = corpus.containment.part_of
    for quantity, others in corpus.levels.items():
        if not (inside(item.quantity, quantity) if at_most else inside(quantity, item.quantity)):
            continue
        for other in others:
            if other.period is None or not same_time(item.period, other.period):
                continue
            differences = corpus.differences(item, other)
            if differences and predicted_sign(differences) != (-1 if at_most else 1):
                continue
            yield Evidence(
                kind=EvidenceKind.BOUND,
                outcome=bound_outcome(item.interval, other.interval, at_most=at_most),
                sources=(other.figure.id,),
                interval=Interval(0.0, other.interval.high) if at_most else Interval(other.interval.low, None),
                definition=other.figure.key.definition,
                period=str(other.period),
                differences=differences,
                text=say("whole" if at_most else "part", number=other.named),
            )


def _evidence(  # noqa: PLR0913 - the parts of one value
    kind: EvidenceKind,
    item: Item,
    interval: Interval,
    *,
    sources: tuple[str, ...],
    definition: str,
    period: Period | None,
    text: Text,
    differences: tuple[FacetDifference, ...] = (),
) -> Evidence:
    timeless = kind is not EvidenceKind.DENOMINATOR and item.period != period and _rough(item.period, period)
    said = outcome(item.interval, interval, differences)
    return Evidence(
        kind=EvidenceKind.NEAREST if timeless else kind,
        outcome=Outcome.NO_PREDICTION if timeless else said,
        sources=sources,
        interval=interval,
        definition=definition,
        period=str(period or ""),
        differences=differences,
        text=text,
    )


def _rough(first: Period | None, second: Period | None) -> bool:
    """Tell whether one of two periods is not stated, or only as a range of years."""
    return any(period is None or period.rough for period in (first, second))


def _kind(item: Item, other: Item, differences: tuple[FacetDifference, ...]) -> EvidenceKind:
    if differences:
        return EvidenceKind.FACETS
    return EvidenceKind.SAME_PUBLICATION if same_publication(item, other) else EvidenceKind.SAME


def _same_base(item: Item, other: Item) -> bool:
    return (item.base, item.base_definition) == (other.base, other.base_definition) and (
        item.figure.measure is Measure.SHARE or same_time(item.base_period, other.base_period)
    )


def _upper(relative: Item, base: Interval) -> Interval:
    """Give what stands above the line: the part of a base, or the later value."""
    if relative.figure.measure is Measure.SHARE:
        return relative.interval.scaled(_PER_CENT) * base
    if relative.figure.measure is Measure.GROWTH:
        return (relative.interval + Interval.point(100)).scaled(_PER_CENT) * base
    return relative.interval + base


def _lower(relative: Item, top: Interval) -> Interval:
    """Give what stands below the line: the base of a part, or the earlier value."""
    if relative.figure.measure is Measure.SHARE:
        return top / relative.interval.scaled(_PER_CENT)
    if relative.figure.measure is Measure.GROWTH:
        return top / (relative.interval + Interval.point(100)).scaled(_PER_CENT)
    return top - relative.interval


def _relative(item: Item, top: Interval, base: Interval) -> Interval:
    if item.figure.measure is Measure.SHARE:
        return (top / base).scaled(100)
    if item.figure.measure is Measure.GROWTH:
        return (top / base).scaled(100) - Interval.point(100)
    return top - base


def _tightness(piece: Evidence, at_most: bool) -> float:  # noqa: FBT001 - one of the two ends
    return piece.interval.ceiling if at_most else -piece.interval.floor


_KINDS = {kind: place for place, kind in enumerate(EvidenceKind)}
_TELLING = {Outcome.DISAGREES, Outcome.AGAINST_PREDICTION}


def _rank(piece: Evidence, item: Item) -> tuple[int, int, int, int, float, tuple[str, ...]]:
    """Order evidence: what decides first, then how close it is in definition, then in number, then by id."""
    decides = 0 if piece.outcome in _TELLING else 1 if piece.outcome is Outcome.AGREES else 2
    differing = 0 if piece.kind is EvidenceKind.NEAREST else len(piece.differences)
    return decides, _KINDS[piece.kind], differing, len(piece.sources), item.interval.gap(piece.interval), piece.sources
