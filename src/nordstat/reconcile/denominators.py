"""Denominators: which official base would make a share true; listed, never chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nordstat.model.figure import Measure
from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Corpus, Item, same_publication


@dataclass(frozen=True, slots=True)
class Denominator:
    """An official number tried as the base of a share.

    Attributes
    ----------
    source : str
        Id of the number.
    definition, period : str
        What it counts, and when.
    with_commuters : bool
        Whether the commuters of the numerator were added to it.
    base : Interval
        The number, in its own unit.
    share : Interval
        The numerator over it, per cent.
    count : Interval
        What the share would be of it.
    fits : bool
        Whether the share as printed and the share over this base have a number in common.
    """

    source: str
    definition: str
    period: str
    with_commuters: bool
    base: Interval
    share: Interval
    count: Interval
    fits: bool


@dataclass(frozen=True, slots=True)
class Denominators:
    """What the base of a share would have to be, and what the official ones are.

    Attributes
    ----------
    share : str
        Id of the share.
    numerator : str
        Id of the count above the line.
    implied : Interval
        Numerator over share.
    tried : tuple of Denominator
        Official bases, each alone and with the commuters added.
    """

    share: str
    numerator: str
    implied: Interval
    tried: tuple[Denominator, ...]

    @property
    def fitting(self) -> tuple[Denominator, ...]:
        """The bases over which the share would be true."""
        return tuple(denominator for denominator in self.tried if denominator.fits)


def denominators(share: Item, corpus: Corpus) -> tuple[Denominators, ...]:
    """Give, for each count that can stand above the line, the base a share implies and the official ones.

    Parameters
    ----------
    share : Item
        A share of a level.
    corpus : Corpus
        The evidence.

    Returns
    -------
    tuple of Denominators
        The count of the share's own publication first.
    """
    if share.figure.measure is not Measure.SHARE or share.base is None:
        return ()
    tops = sorted(
        corpus.counts_of(share.quantity, share.period, but=share),
        key=lambda top: (not same_publication(top, share), top.figure.id),
    )
    return tuple(_tried(share, top, corpus) for top in tops)


def _tried(share: Item, top: Item, corpus: Corpus) -> Denominators:
    tried = (
        denominator
        for base in corpus.counts_of(share.base, share.base_period, but=share)
        for denominator in _with_and_without(share, top, base)
    )
    implied = top.interval / share.interval.scaled(0.01)
    return Denominators(share.figure.id, top.figure.id, implied, tuple(tried))


def _with_and_without(share: Item, top: Item, base: Item) -> Iterator[Denominator]:
    for with_commuters in (False, True):
        whole = base.interval + top.interval if with_commuters else base.interval
        over = (_over_sum(top.interval, base.interval) if with_commuters else top.interval / whole).scaled(100)
        yield Denominator(
            source=base.figure.id,
            definition=base.figure.key.definition,
            period=str(base.period or ""),
            with_commuters=with_commuters,
            base=whole,
            share=over,
            count=share.interval.scaled(0.01) * whole,
            fits=over.overlaps(share.interval),
        )


def _over_sum(top: Interval, base: Interval) -> Interval:
    """Give t / (b + t); the count stands on both sides, so its ends go together."""
    low = top.floor / (base.ceiling + top.floor) if base.high is not None else 0.0
    high = top.ceiling / (base.floor + top.ceiling) if top.high is not None else 1.0
    return Interval(low, high)
