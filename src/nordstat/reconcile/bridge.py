"""Bridges: leads a number from its own definition to another, step by step, with what remains always shown."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from nordstat.errors import NotComparableError
from nordstat.model.bridge import Method, Step, TakenStep
from nordstat.model.definition import Definition
from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.compare import facet_differences
from nordstat.reconcile.steps import NoSizeError, take

MAX_STEPS = 4
_WORSE = {Method.MEASURED: 0, Method.ESTIMATED: 1, Method.ASSUMED: 2}

Facets = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bridge:
    """The way of one number to another definition.

    Attributes
    ----------
    item : Item
        The number.
    to : str
        Definition it is led to.
    steps : tuple of TakenStep
        In the order taken.
    target : Item or None
        A count of the same flow and time by that definition, where the evidence has one.
    """

    item: Item
    to: str
    steps: tuple[TakenStep, ...]
    target: Item | None

    @property
    def result(self) -> Interval:
        """What the number is by the other definition."""
        return self.steps[-1].after if self.steps else self.item.interval

    @property
    def method(self) -> Method:
        """The weakest method on the way."""
        return max((step.method for step in self.steps), key=_WORSE.__getitem__, default=Method.MEASURED)

    @property
    def residual(self) -> Interval | None:
        """What the steps leave unexplained: the target less the result; ``None`` where there is no target."""
        return self.target.interval - self.result if self.target else None

    @property
    def closes(self) -> bool | None:
        """Whether the steps explain the whole difference, the residual holding zero; ``None`` without a target."""
        return self.residual.contains(0) if self.residual else None

    @property
    def residual_at_middle(self) -> float | None:
        """The residual between the middles, which closes the identity number + steps + residual = target."""
        return middle(self.target.interval) - middle(self.result) if self.target else None

    @property
    def explained_share(self) -> float | None:
        """1 less the size of the residual over the size of the whole difference; ``None`` where there is none."""
        if self.target is None or self.residual_at_middle is None:
            return None
        whole = middle(self.target.interval) - middle(self.item.interval)
        return None if whole == 0 else 1 - abs(self.residual_at_middle) / abs(whole)

    @property
    def ranking(self) -> tuple[TakenStep, ...]:
        """The steps by the size of their contribution, the largest first."""
        return tuple(sorted(self.steps, key=lambda step: -abs(step.contribution)))

    @property
    def sensitivity(self) -> tuple[tuple[str, float], ...]:
        """How much of the width of the result each step brings in alone, the widest first."""
        widths = ((taken.step.id, _width(taken.after) - _width(taken.before)) for taken in self.steps)
        return tuple(sorted(widths, key=lambda pair: -pair[1]))

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.item.figure.id} {self.item.interval} ({self.item.figure.key.definition}, {self.item.period})"
        for taken in self.steps:
            way = " (backwards)" if taken.backwards else ""
            evidence = f", from {', '.join(taken.evidence)}" if taken.evidence else ""
            yield f"  {taken.step.id}{way}: {taken.step.form} {taken.size}, {taken.method}{evidence} -> {taken.after}"
        yield f"= {self.result} ({self.to}, {self.method})"
        if self.target is not None and self.residual_at_middle is not None:
            share = self.explained_share
            said = "" if share is None else f"; between the middles {share:.0%} of the difference is explained"
            holds = "holds zero" if self.closes else "does not hold zero"
            yield f"  against {self.target.figure.id} {self.target.interval}: residual {self.residual} {holds}{said}"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


def bridge(item: Item, to: str, corpus: Corpus, *, without: frozenset[str] = frozenset()) -> Bridge:
    """Lead a number to another definition by the fewest and best-evidenced steps.

    The count that the result is held against measures none of the steps: it would only confirm itself.

    Parameters
    ----------
    item : Item
        A count.
    to : str
        Definition to reach.
    corpus : Corpus
        The evidence.
    without : frozenset of str, optional
        Figures no step may be measured from, so that a figure does not explain itself.

    Raises
    ------
    NotComparableError
        Where a facet differs and no step, or no step with a size for this flow, leads across.
    """
    start, end = corpus.definition(item), corpus.definitions[to]
    target = _target(item, to, corpus, without)
    unusable = without | {target.figure.id} if target else without
    ways = _ways(start.facets, end.facets, corpus.steps)
    taken = [bridged for way in ways if (bridged := _along(item, way, corpus, unusable)) is not None]
    if not taken:
        raise NotComparableError(
            f"nothing leads {item.figure.id} from {item.figure.key.definition} to {to}",
            facets=_unbridged(start, end, corpus),
            hint="Add a step to bridges/ in a mappings folder of your own, with its evidence.",
        )
    return Bridge(item, to, min(taken, key=_cost), target)


def middle(interval: Interval) -> float:
    """Give the middle of an interval, or its closed end where one is open."""
    if interval.low is not None and interval.high is not None:
        return (interval.low + interval.high) / 2
    return interval.low if interval.low is not None else interval.high or 0.0


Way = tuple[tuple[Step, bool], ...]


def _ways(start: Facets, end: Facets, steps: Mapping[str, Step]) -> list[Way]:
    """Give every shortest way through the facets, and those one step longer, which may be better known."""
    frontier: list[tuple[Facets, Way]] = [(start, ())]
    found: list[Way] = []
    for length in count(1):
        found += [way for facets, way in frontier if facets == end]
        if length > MAX_STEPS or (found and len(found[0]) < length - 1):
            return found
        frontier = [
            (after, (*way, (step, backwards)))
            for facets, way in frontier
            for step in steps.values()
            if all(step is not used for used, _ in way)
            for backwards in (False, True)
            if (after := _moved(facets, step, end, backwards=backwards)) is not None
        ]
    return found


def _moved(facets: Facets, step: Step, end: Facets, *, backwards: bool) -> Facets | None:
    """Give the facets after a step, or ``None`` where it cannot be taken from here or moves away from the end."""
    after = dict(facets)
    for facet, sides in step.changes.items():
        before, later = reversed(sides) if backwards else sides
        if facets[facet] not in before:
            return None
        after[facet] = end[facet] if end[facet] in later else later[0]
    return after if any(after[facet] == end[facet] != facets[facet] for facet in step.changes) else None


def _along(item: Item, way: Way, corpus: Corpus, without: frozenset[str]) -> tuple[TakenStep, ...] | None:
    interval, taken = item.interval, []
    for step, backwards in way:
        try:
            size, method, evidence, after = take(step, item, interval, corpus, backwards=backwards, without=without)
        except NoSizeError:
            return None
        taken.append(
            TakenStep(step, backwards, size, method, evidence, interval, after, middle(after) - middle(interval))
        )
        interval = after
    return tuple(taken)


def _cost(steps: tuple[TakenStep, ...]) -> tuple[int, int, float, tuple[str, ...]]:
    width = _width(steps[-1].after) if steps else 0.0
    return len(steps), sum(_WORSE[step.method] for step in steps), width, tuple(step.step.id for step in steps)


def _width(interval: Interval) -> float:
    return interval.ceiling - interval.floor


def _target(item: Item, to: str, corpus: Corpus, without: frozenset[str]) -> Item | None:
    for other in corpus.counts_of(item.quantity, item.period, but=item):
        certain = other.period is not None and not other.period.rough
        if certain and other.figure.key.definition == to and other.figure.id not in without:
            return other
    return None


def _unbridged(start: Definition, end: Definition, corpus: Corpus) -> list[str]:
    """Give the facets that differ and that no step changes in the way needed."""
    differing = [difference.facet for difference in facet_differences(start, end, corpus.facets)]
    return [
        facet
        for facet in differing
        if not any(
            {start.facets[facet], end.facets[facet]} <= {value for side in step.changes[facet] for value in side}
            for step in corpus.steps.values()
            if facet in step.changes
        )
    ] or differing
