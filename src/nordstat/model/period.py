"""Periods: SDMX time periods and the days they cover.

Forms: ``2016``, ``2016-Q4``, ``2016-11``, ``2016-W47``, ``2016-11-16`` and the ISO 8601 range
``2013-01-01/P2Y`` for a period known only roughly or averaged over years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_FORMS = {
    "A": re.compile(r"([0-9]{4})"),
    "Q": re.compile(r"([0-9]{4})-Q([1-4])"),
    "M": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    "W": re.compile(r"([0-9]{4})-W(0[1-9]|[1-4][0-9]|5[0-3])"),
    "D": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    "R": re.compile(r"([0-9]{4})-01-01/P([1-9][0-9]?)Y"),
}
_RANGE_FREQ = "A"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A time period.

    Attributes
    ----------
    start, end : date
        First day, and the day after the last.
    text : str
        SDMX form.
    freq : str
        SDMX frequency: A, Q, M, W or D.
    rough : bool
        Whether the text is a range of years inside which the true period lies.
    """

    start: date
    end: date
    text: str
    freq: str
    rough: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an SDMX time period.

        Raises
        ------
        ValueError
            For any other text.
        """
        for freq, form in _FORMS.items():
            if found := form.fullmatch(text):
                start, end = _days(freq, [int(part) for part in found.groups()])
                return cls(start, end, text, _RANGE_FREQ if freq == "R" else freq, freq == "R")
        raise ValueError(f"{text!r} is no time period; write 2016, 2016-Q4, 2016-11, 2016-11-16 or 2013-01-01/P2Y")

    @property
    def year(self) -> int:
        """The year the period begins in."""
        return self.start.year

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two share a day."""
        return self.start < other.end and other.start < self.end

    def within(self, other: Period) -> bool:
        """Tell whether every day of this one lies in the other."""
        return other.start <= self.start and self.end <= other.end

    def __str__(self) -> str:
        return self.text


def _days(freq: str, parts: list[int]) -> tuple[date, date]:
    year, rest = parts[0], parts[1:]
    if freq in "AR":
        return date(year, 1, 1), date(year + (rest[0] if rest else 1), 1, 1)
    if freq == "W":
        monday = date.fromisocalendar(year, rest[0], 1)
        return monday, monday + timedelta(days=7)
    if freq == "D":
        day = date(year, *rest)
        return day, day + timedelta(days=1)
    first = rest[0] if freq == "M" else 3 * rest[0] - 2
    length = 1 if freq == "M" else 3
    return date(year, first, 1), _month(year, first + length)


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
