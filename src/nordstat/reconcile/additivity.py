"""Additivity: parts against wholes, as evidence for a figure and as a check of a whole frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from nordstat.model.figure import TOTAL
from nordstat.model.quantity import EVERYWHERE, Quantity
from nordstat.model.table import Disclosure
from nordstat.model.text import Text
from nordstat.model.verdict import Evidence, EvidenceKind, Outcome
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.compare import bound_outcome, outcome
from nordstat.reconcile.frames import distance, ends, groups, keys_of, numbers, refuse_empty, refuse_repeated
from nordstat.reconcile.parts import Known, counted, splits, splits_with, together
from nordstat.reconcile.words import WORDS, joined, say

TOLERANCE = 1e-6
"""Sums of decimals may differ by this much and are still equal."""

_NAMED = 4
"""So many numbers are named one by one in a sentence; of more, their count."""


def sums(item: Item, corpus: Corpus) -> tuple[Evidence, ...]:
    """Give a count as the sum of its parts, as a whole less its other parts, and from who goes out and comes in.

    A part that nobody counted leaves the sum open: it bounds the figure and never equals it. Counts protected by noise
    need not add up, and are left aside.
    """
    dated = item.period is not None and not item.period.rough
    if not item.is_level or not dated or item.figure.key.definition in corpus.noisy:
        return ()
    found = [*_as_whole(item, corpus), *_as_part(item, corpus), *_from_movement(item, corpus)]
    unique = {(piece.kind, frozenset(piece.sources)): piece for piece in found}.values()
    equal = [piece for piece in unique if piece.kind is EvidenceKind.DERIVED]
    bounds = [piece for piece in unique if piece.kind is EvidenceKind.BOUND]
    return (*equal, *_telling(bounds))


def _as_whole(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    for split in splits(item.quantity, item, corpus):
        parts = together(split, item, corpus)
        if len(parts.items) > 1:
            text = say("sum" if parts.whole else "some_parts", parts=_listed(parts.items, "plus"))
            yield _evidence(item, parts, text, at_most=False)


def _as_part(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    for split in splits_with(item.quantity, item, corpus):
        whole = counted(split.whole, item, corpus)
        others = together(split, item, corpus, but=item.quantity)
        if whole is None or not others.items:
            continue
        rest = Known(whole.interval - others.interval, (*whole.items, *others.items), others.whole)
        counts = {"whole": _listed(whole.items, "or"), "parts": _listed(others.items, "plus")}
        text = say("rest" if others.whole else "some_rest", **counts)
        yield _evidence(item, rest, text, at_most=True)


def _from_movement(item: Item, corpus: Corpus) -> Iterator[Evidence]:
    """Give one of four counts from the other three: who lives in a place, less who leaves it, with who comes to it."""
    place = _place(item.quantity)
    roles = {role: counted(quantity, item, corpus) for role, quantity in place.items() if quantity != item.quantity}
    others = {role: number for role, number in roles.items() if number is not None}
    own = next((role for role, quantity in place.items() if quantity == item.quantity), "")
    if not own or len(others) < 3:
        return
    added, taken = _ADDED[own]
    interval = others[added[0]].interval + others[added[1]].interval - others[taken].interval
    kept = [number for role in added for number in others[role].items]
    text = say("movement", added=_listed(kept, "plus"), taken=_listed(others[taken].items, "or"))
    yield _evidence(item, Known(interval, (*kept, *others[taken].items)), text, at_most=False)


_ADDED = {
    "living": (("working", "out"), "in"),
    "working": (("living", "in"), "out"),
    "out": (("living", "in"), "working"),
    "in": (("working", "out"), "living"),
}


def _place(quantity: Quantity) -> dict[str, Quantity]:
    """Give the four counts of the place of a quantity; none where it is no count of one place."""
    if quantity.kind not in {"employed", "in_commuters", "out_commuters"} or EVERYWHERE not in {
        quantity.origin,
        quantity.work,
    }:
        return {}
    place = quantity.work if quantity.origin == EVERYWHERE else quantity.origin
    return {
        "living": replace(quantity, kind="employed", origin=place, work=EVERYWHERE),
        "working": replace(quantity, kind="employed", origin=EVERYWHERE, work=place),
        "out": replace(quantity, kind="out_commuters", origin=place, work=EVERYWHERE),
        "in": replace(quantity, kind="in_commuters", origin=EVERYWHERE, work=place),
    }


def _evidence(item: Item, found: Known, text: Text, *, at_most: bool) -> Evidence:
    said = (
        outcome(item.interval, found.interval)
        if found.whole
        else bound_outcome(item.interval, found.interval, at_most=at_most)
    )
    return Evidence(
        kind=EvidenceKind.DERIVED if found.whole else EvidenceKind.BOUND,
        outcome=said,
        sources=tuple(number.figure.id for number in found.items),
        interval=found.interval,
        definition=item.figure.key.definition,
        period=str(item.period or ""),
        text=_noted(text, (item, *found.items)) if said in {Outcome.DISAGREES, Outcome.AGAINST_PREDICTION} else text,
    )


def _telling(bounds: Iterable[Evidence]) -> list[Evidence]:
    """Give the bounds that are broken, else the closest on each side."""
    bounds = list(bounds)
    broken = [piece for piece in bounds if piece.outcome is Outcome.AGAINST_PREDICTION]
    below = [piece for piece in bounds if piece.interval.high is None]
    above = [piece for piece in bounds if piece.interval.high is not None]
    closest = [
        *sorted(below, key=lambda piece: -piece.interval.floor)[:1],
        *sorted(above, key=lambda piece: piece.interval.ceiling)[:1],
    ]
    return broken or closest


def _listed(items: Iterable[Item], between: str) -> Text:
    items = list(items)
    if len(items) > _NAMED:
        return say("numbers", count=str(len(items)))
    return joined((item.named for item in items), WORDS[between])


def _noted(text: Text, items: Iterable[Item]) -> Text:
    """Add what the sources say about the numbers that do not fit; a revision may explain it."""
    notes = [f"{item.figure.id}: {item.figure.note}" for item in items if item.figure.note]
    return say("notes", text=text, notes="; ".join(notes)) if notes else text


@dataclass(frozen=True, slots=True)
class Additivity:
    """Totals of a frame against the sums of their parts.

    Attributes
    ----------
    table : DataFrame
        One row a total: its key, ``total`` as published, the ends of what it and the sum can stand for
        (``total_low``, ``total_high``, ``sum_low``, ``sum_high``, the last infinite where a part is missing or
        hidden), how many parts are ``missing``, how far the two are ``apart``, and the ``outcome``: adds_up, open
        (a part is missing or hidden and nothing contradicts) or differs.
    """

    table: pd.DataFrame

    @property
    def failing(self) -> pd.DataFrame:
        """The totals that no true counts behind the published ones can add up to."""
        return self.table[self.table["outcome"] == "differs"]

    def __str__(self) -> str:
        counts = self.table["outcome"].value_counts()
        said = ", ".join(f"{counts.get(outcome, 0):,} {outcome}" for outcome in ("adds_up", "open", "differs"))
        return f"{len(self.table):,} totals: {said}"


def check_additivity(
    frame: pd.DataFrame,
    over: str,
    *,
    total: str = TOTAL,
    parts: Sequence[str] | None = None,
    disclosure: Disclosure = Disclosure.NONE,
    noise: float | None = None,
) -> Additivity:
    """Give each total of a table of observations against the sum of its parts.

    Parameters
    ----------
    frame : DataFrame
        Observations of one table.
    over : str
        Column that holds the total and its parts: ``sex``, ``background``, ``work_area``.
    total : str, optional
        Code of the total in that column.
    parts : sequence of str, optional
        Codes that make up the total; every other code of the column where it is not said.
    disclosure : Disclosure, optional
        How the table hides small counts where the ends of the frame do not say: with ``ssb-0-3`` a sum may lie 2 above
        for each 0 shown and 2 below for each 3.
    noise : float, optional
        The most by which noise moves one count, for tables protected by noise.

    Raises
    ------
    ReconciliationError
        Where no total has a part, so that nothing would be checked, and where a part stands twice.
    SettingsError
        For noise that is missing or not wanted.
    """
    codes = frame[over].astype(object)
    expected = sorted(set(codes.dropna()) - {total}) if parts is None else list(parts)
    frame = frame[codes.isin({total, *expected})]
    codes, group = frame[over].astype(object), groups(frame, keys_of(frame, but=[over]))
    refuse_repeated(group, codes, codes)
    is_total = (codes == total).to_numpy()
    low, high = ends(frame, disclosure, noise)
    size = int(group.max(initial=-1)) + 1
    sum_low, sum_high = (np.bincount(group[~is_total], end[~is_total], size)[group[is_total]] for end in (low, high))
    missing = len(expected) - np.bincount(group[~is_total], minlength=size)[group[is_total]]
    refuse_empty(int((missing < len(expected)).sum()), f"no total {total!r} of {over} has one of {expected[:5]}")
    table = frame.loc[is_total, keys_of(frame, but=[over])].reset_index(drop=True)
    return Additivity(
        table.assign(
            total=numbers(frame["obs_value"])[is_total],
            total_low=low[is_total],
            total_high=high[is_total],
            sum_low=sum_low,
            sum_high=np.where(missing > 0, np.inf, sum_high),
            missing=missing,
        ).pipe(_judged)
    )


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    apart = distance((table["total_low"], table["total_high"]), (table["sum_low"], table["sum_high"]))
    unsure = np.isinf(table[["total_high", "sum_high"]]).any(axis=1)
    outcome = np.select([apart > TOLERANCE, unsure], ["differs", "open"], "adds_up")
    return table.assign(apart=apart, outcome=pd.Categorical(outcome, categories=["adds_up", "open", "differs"]))
