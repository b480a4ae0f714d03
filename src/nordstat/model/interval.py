"""Intervals: what a printed number stands for."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Self


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval; ``None`` is an open end.

    Attributes
    ----------
    low, high : float or None
        Ends in the unit of the number; ``None`` where nothing bounds it.
    """

    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        if self.floor > self.ceiling:
            raise ValueError(f"an interval cannot run from {self.low} down to {self.high}")

    @classmethod
    def point(cls, value: float) -> Self:
        """Give the interval of an exact number."""
        return cls(value, value)

    @property
    def floor(self) -> float:
        """The low end, minus infinity where it is open."""
        return -inf if self.low is None else self.low

    @property
    def ceiling(self) -> float:
        """The high end, infinity where it is open."""
        return inf if self.high is None else self.high

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are known."""
        return self.low is not None and self.high is not None

    def contains(self, value: float) -> bool:
        """Tell whether a number lies inside, ends included."""
        return self.floor <= value <= self.ceiling

    def overlaps(self, other: Interval) -> bool:
        """Tell whether the two have a number in common."""
        return self.floor <= other.ceiling and other.floor <= self.ceiling

    def within(self, other: Interval) -> bool:
        """Tell whether the whole of this interval lies inside the other."""
        return other.floor <= self.floor and self.ceiling <= other.ceiling

    def below(self, other: Interval) -> bool:
        """Tell whether every number here is smaller than every number there."""
        return self.ceiling < other.floor

    def gap(self, other: Interval) -> float:
        """Give how far apart the two are, 0 where they overlap."""
        return max(self.floor - other.ceiling, other.floor - self.ceiling, 0.0)

    def __add__(self, other: Interval) -> Interval:
        return _closed(self.floor + other.floor, self.ceiling + other.ceiling)

    def __sub__(self, other: Interval) -> Interval:
        return _closed(self.floor - other.ceiling, self.ceiling - other.floor)

    def __mul__(self, other: Interval) -> Interval:
        """Multiply two non-negative intervals: counts, shares and factors."""
        _non_negative(self, other)
        return _closed(_times(self.floor, other.floor), _times(self.ceiling, other.ceiling))

    def __truediv__(self, other: Interval) -> Interval:
        """Divide two non-negative intervals; a divisor that may be zero leaves the top open."""
        _non_negative(self, other)
        high = self.ceiling / other.floor if other.floor > 0 else inf
        return _closed(self.floor / other.ceiling if other.ceiling > 0 else 0.0, high)

    def scaled(self, factor: float) -> Interval:
        """Give the interval in another unit (``factor`` > 0)."""
        return _closed(self.floor * factor, self.ceiling * factor)

    def __str__(self) -> str:
        return self.written("en")

    def written(self, language: str) -> str:
        """Give the interval as people write numbers in a language: en, sv or nb."""
        signs = _SIGNS[language]
        if self.low is not None and self.low == self.high:
            return _figure(self.low, signs)
        left = f"({signs.open}" if self.low is None else f"[{_figure(self.low, signs)}"
        right = f"{signs.open})" if self.high is None else f"{_figure(self.high, signs)}]"
        return f"{left}{signs.between} {right}"


def hull(*intervals: Interval) -> Interval:
    """Give the smallest interval that holds all of them."""
    return _closed(min(i.floor for i in intervals), max(i.ceiling for i in intervals))


def _closed(low: float, high: float) -> Interval:
    return Interval(None if low == -inf else low, None if high == inf else high)


def _times(left: float, right: float) -> float:
    return 0.0 if left == 0 or right == 0 else left * right


def _non_negative(*intervals: Interval) -> None:
    for interval in intervals:
        if interval.floor < 0:
            raise ValueError(f"{interval} may be negative: products and ratios are for counts and shares")


@dataclass(frozen=True, slots=True)
class _Signs:
    """How a language writes numbers: what stands between thousands, before decimals, and between two ends."""

    thousands: str
    decimals: str
    between: str
    open: str


_SIGNS = {
    "en": _Signs(",", ".", ",", "open"),
    "sv": _Signs("\N{NO-BREAK SPACE}", ",", ";", "öppet"),
    "nb": _Signs("\N{NO-BREAK SPACE}", ",", ";", "åpent"),
}


def _figure(value: float, signs: _Signs) -> str:
    """Write a number as people do: thousands apart, no needless decimals."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", signs.thousands)
    return f"{value:.4g}".replace(".", signs.decimals)
