"""Sensitivity: which verdicts rest on a convention or an assumption, found by moving each over its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from nordstat.model.bridge import Step
from nordstat.model.interval import Interval
from nordstat.model.verdict import Verdict
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.reconciliation import Reconciliation, reconcile

ONE_SIDED = "one-sided phrases"


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that turns.

    Attributes
    ----------
    figure : str
        Figure id.
    before, after : Verdict
        As it is, and as it would be.
    """

    figure: str
    before: Verdict
    after: Verdict

    def __str__(self) -> str:
        return f"{self.figure}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class Variation:
    """A convention or an assumption at another place of its range.

    Attributes
    ----------
    what : str
        Convention, or id of the step.
    at : str
        Where it was put.
    changes : tuple of Change
        Verdicts that turn.
    """

    what: str
    at: str
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        told = "".join(f"\n     {change}" for change in self.changes)
        return f"{len(self.changes):>3}  {self.what} at {self.at}{told}"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What was moved, and what turned.

    Attributes
    ----------
    variations : tuple of Variation
        In the order tried.
    untried : tuple of str
        Assumptions with an open end, which cannot be moved there.
    """

    variations: tuple[Variation, ...]
    untried: tuple[str, ...]

    @property
    def ranking(self) -> tuple[Variation, ...]:
        """The variations by how many verdicts turn, the most first."""
        return tuple(sorted(self.variations, key=lambda variation: -len(variation.changes)))

    @property
    def table(self) -> pd.DataFrame:
        """One row a variation, ranked: ``what``, ``at``, how many verdicts turn, and which."""
        rows = [(one.what, one.at, len(one.changes), "; ".join(map(str, one.changes))) for one in self.ranking]
        return pd.DataFrame.from_records(rows, columns=["what", "at", "verdicts", "changes"])

    def __str__(self) -> str:
        return "\n".join([*map(str, self.ranking), *(f"  -  {what}" for what in self.untried)])


def sensitivity(corpus: Corpus, whole_unit: Corpus) -> Sensitivity:
    """Give the verdicts that turn when a convention or an assumption is moved over its range.

    Parameters
    ----------
    corpus : Corpus
        The evidence, "just over" and "nearly" half a unit wide.
    whole_unit : Corpus
        The same with those phrases a whole unit wide.
    """
    before = _verdicts(reconcile(corpus))
    phrases = Variation(ONE_SIDED, "a whole unit", _changes(before, whole_unit))
    steps = (
        Variation(step.id, f"{step.form} {end:.4g}", _changes(before, _with(corpus, step, end)))
        for step, ends in _assumed(corpus)
        for end in ends
        if end is not None
    )
    untried = (f"{step.id} has an open end" for step, ends in _assumed(corpus) if None in ends)
    return Sensitivity((phrases, *steps), tuple(untried))


def _assumed(corpus: Corpus) -> Iterator[tuple[Step, tuple[float | None, float | None]]]:
    for step in corpus.steps.values():
        if step.assumed is not None:
            yield step, (step.assumed.low, step.assumed.high)


def _with(corpus: Corpus, step: Step, size: float) -> Corpus:
    return replace(corpus, steps={**corpus.steps, step.id: replace(step, assumed=Interval.point(size))})


def _changes(before: Mapping[str, Verdict], corpus: Corpus) -> tuple[Change, ...]:
    after = _verdicts(reconcile(corpus))
    return tuple(Change(name, before[name], verdict) for name, verdict in after.items() if verdict != before[name])


def _verdicts(result: Reconciliation) -> dict[str, Verdict]:
    return {finding.figure.id: finding.verdict for finding in result.findings}
