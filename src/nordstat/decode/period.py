"""Time codes of PxWeb: read as SDMX periods, and put in the order of the days they cover."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nordstat.errors import DecodeError
from nordstat.model.period import Period

_CODE = re.compile(r"([0-9]{4})(?:([HKMQU])([0-9]+))?")
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})")
_FREQ = {"K": "-Q", "Q": "-Q", "M": "-", "U": "-W"}
"""K and U are quarter and week at SCB and SSB in every language; other offices write Q."""


def read_period(code: str) -> Period:
    """Give the period a time code names.

    Parameters
    ----------
    code : str
        ``2023``, ``2023K1``, ``2023Q1``, ``2023M01``, ``2023U09`` or ``2022-2023``. The last may be a school year
        or an average, so it becomes the rough period of all these years.

    Raises
    ------
    DecodeError
        For any other code; a half-year has no place in the project's periods.

    Examples
    --------
    >>> read_period("2016K4").text, read_period("2016U47").text, read_period("2022-2023").text
    ('2016-Q4', '2016-W47', '2022-01-01/P2Y')
    """
    try:
        return Period.parse(_sdmx(code))
    except ValueError:
        raise DecodeError(
            f"the time code {code!r} names no period",
            hint="Known forms: 2023, 2023K1, 2023Q1, 2023M01, 2023U09, 2022-2023.",
        ) from None


def chronological(codes: Iterable[str]) -> tuple[str, ...]:
    """Give time codes in the order of the days they cover, the shorter period first where both begin together.

    Raises
    ------
    DecodeError
        For a code that names no period, and for two that name the same.
    """
    by_period: dict[Period, str] = {}
    for code in codes:
        if (first := by_period.setdefault(read_period(code), code)) != code:
            raise DecodeError(f"{first!r} and {code!r} name the same period")
    return tuple(by_period[period] for period in sorted(by_period))


def _sdmx(code: str) -> str:
    if years := _YEARS.fullmatch(code):
        first, last = map(int, years.groups())
        return f"{first:04}-01-01/P{last - first + 1}Y"
    if not (found := _CODE.fullmatch(code)):
        raise ValueError(code)
    year, freq, number = found.groups()
    if freq == "H":
        raise DecodeError(
            f"the time code {code!r} names a half-year, which nordstat has no period for",
            hint="Ask the service for quarters or years.",
        )
    return f"{year}{_FREQ[freq]}{number}" if freq else year
