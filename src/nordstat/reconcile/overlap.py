"""Overlap: people who may stand in two registers at once, so that two counts never simply add up."""

from __future__ import annotations

from dataclasses import dataclass

from nordstat.errors import SettingsError
from nordstat.model.bridge import Method
from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Item, same_time


@dataclass(frozen=True, slots=True)
class Either:
    """People who stand in the first register, in the second, or in both.

    Attributes
    ----------
    first, second : Item
        The two counts.
    both : Interval
        How many stand in both: the step that is taken off.
    method : Method
        How that is known.
    source : str
        From where.
    """

    first: Item
    second: Item
    both: Interval
    method: Method
    source: str

    @property
    def result(self) -> Interval:
        """How many people there are, each once."""
        least = max(self.first.interval.floor, self.second.interval.floor)
        together = self.first.interval + self.second.interval
        once = together - self.both
        return Interval(max(least, once.floor), together.high if once.high is None else once.high)

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.first.figure.id} {self.first.interval} ({self.first.figure.key.definition})",
                f"+ {self.second.figure.id} {self.second.interval} ({self.second.figure.key.definition})",
                f"- counted in both: {self.both}, {self.method} ({self.source})",
                f"= {self.result}",
            ]
        )


def either(first: Item, second: Item, *, both: Interval | None = None, source: str = "") -> Either:
    """Give how many people two counts of one flow hold together, each person once.

    Parameters
    ----------
    first, second : Item
        Counts of one flow at one time by two registers.
    both : Interval, optional
        How many stand in both, where somebody measured it; without it anything from nobody to all of the smaller.
    source : str, optional
        Where ``both`` comes from.

    Raises
    ------
    SettingsError
        For counts of different flows or times, and for an overlap without a source or larger than a count.
    """
    if first.quantity != second.quantity or not same_time(first.period, second.period):
        raise SettingsError(
            f"{first.figure.id} and {second.figure.id} are not of one flow at one time",
            hint="Who can stand in both registers is only asked of the same flow.",
        )
    most = min(first.interval.ceiling, second.interval.ceiling)
    if both is None:
        bounds = Interval(0.0, None if most == float("inf") else most)
        return Either(first, second, bounds, Method.ASSUMED, "nobody counted them: from none to all of the smaller")
    if not source.strip():
        raise SettingsError("an overlap without a source", hint="Say where it comes from.")
    if both.floor < 0 or both.floor > most:
        raise SettingsError(f"{both} cannot stand in both: the smaller count is {most:,.10g}")
    return Either(first, second, both, Method.MEASURED, source)
