"""Bridges: the steps that lead from one definition to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nordstat.model.interval import Interval


class Form(StrEnum):
    """How a step changes a number."""

    FACTOR = "factor"
    """Multiply."""
    SHARE_OF_GROUP = "share_of_group"
    """Add a share of another group of people, counted by the definition the step starts from."""


class Method(StrEnum):
    """How well a step is known; the best first."""

    MEASURED = "measured"
    """Both sides were counted, for this flow and this time."""
    ESTIMATED = "estimated"
    """Measured for another flow or another time."""
    ASSUMED = "assumed"
    """An assumption, with its reason."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Figures from which a step is computed; several on one side are added.

    Attributes
    ----------
    after, before : tuple of str
        Figures of the definition the step leads to, and of the one it starts from.
    more : tuple of str
        Figures that say by how much the later exceeds the earlier, where ``after`` is empty.
    group : tuple of str
        Counts of the group of which a share is added.
    """

    after: tuple[str, ...]
    before: tuple[str, ...]
    more: tuple[str, ...] = ()
    group: tuple[str, ...] = ()

    @property
    def figures(self) -> frozenset[str]:
        """Every figure the measurement rests on."""
        return frozenset((*self.after, *self.before, *self.more, *self.group))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a bridge, as the mappings describe it.

    Attributes
    ----------
    id, title : str
        Name, and what it does.
    changes : mapping of str to (tuple of str, tuple of str)
        Facet -> values before and after; of several, the first is the one the step was measured for.
    form : Form
        How it changes a number.
    method : Method
        How well it is known at best.
    rationale : str
        Why it may be taken.
    measurements : tuple of Measurement
        What a measured step is computed from.
    assumed : Interval or None
        Size of an assumed step.
    group : mapping of str to str
        Fields of the key that make the group of which a share is added.
    source, period : str
        Of an assumed step.
    file, line : Path, int
        Where it stands.
    """

    id: str
    title: str
    changes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    form: Form
    method: Method
    rationale: str
    measurements: tuple[Measurement, ...]
    assumed: Interval | None
    group: Mapping[str, str]
    source: str
    period: str
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step as taken for one number.

    Attributes
    ----------
    step : Step
        Which one.
    backwards : bool
        Whether it was taken from its end to its beginning.
    size : Interval
        Factor, or share of the group.
    method : Method
        How well it is known for this number.
    evidence : tuple of str
        Figures its size was computed from.
    before, after : Interval
        The number before and after.
    contribution : float
        Change of the middle of the interval, in the unit of the number.
    """

    step: Step
    backwards: bool
    size: Interval
    method: Method
    evidence: tuple[str, ...]
    before: Interval
    after: Interval
    contribution: float
