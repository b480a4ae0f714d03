"""Intervals: from a printed number and its precision, or from disclosure control, to what it can stand for.

The unit of a printed number is the place of its last non-zero digit, unless the phrase names it: 17,000 is printed to
the thousand, 2.6 to the tenth. The half unit of the one-sided phrases is a convention (a writer past the half would
have used the next number); a whole unit is the alternative that the sensitivity table tries.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from nordstat.model.interval import Interval
from nordstat.model.precision import Closeness, Precision

ONE_SIDED_UNITS = 0.5
_SIMPLE = sorted({Fraction(part, whole) for whole in range(1, 6) for part in range(whole + 1)})

Floats = np.ndarray[Any, np.dtype[np.float64]]


def interval_of(value: float, precision: Precision, *, one_sided: float = ONE_SIDED_UNITS) -> Interval:
    """Give the interval a printed number stands for.

    Parameters
    ----------
    value : float
        As printed.
    precision : Precision
        How it was printed.
    one_sided : float, optional
        Width of "just over" and "nearly", in units.

    Returns
    -------
    Interval
        In the unit of the number; never below zero for a number that is not.

    Examples
    --------
    >>> str(interval_of(17000, Precision.parse("about")))
    '[16,500, 17,500]'
    >>> str(interval_of(4000, Precision.parse("just over")))
    '[4,000, 4,500]'
    """
    if precision.bounds is not None:
        return Interval(*precision.bounds)
    if precision.fraction is not None:
        below, value, above = _neighbours(precision.fraction, of_ten=precision.fraction_of_ten)
    else:
        unit = precision.unit or unit_of(value)
        reach = unit / 2 if precision.closeness is Closeness.ABOUT else unit * one_sided
        below, above = _apart(value, -reach), _apart(value, reach)
        below = max(below, 0.0) if value >= 0 else below
    return {
        Closeness.EXACT: Interval(value, value),
        Closeness.ABOUT: Interval(below, above),
        Closeness.ABOVE: Interval(value, above),
        Closeness.BELOW: Interval(below, value),
        Closeness.MORE: Interval(value, None),
        Closeness.LESS: Interval(0.0 if value >= 0 else None, value),
    }[precision.closeness]


def unit_of(value: float) -> float:
    """Give the place of the last non-zero digit of a number as printed.

    Examples
    --------
    >>> unit_of(22700.0), unit_of(2.6), unit_of(0.0)
    (100.0, 0.1, 1.0)
    """
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return float(Decimal(10) ** int(exponent))


def ssb_rounded(shown: Floats) -> tuple[Floats, Floats]:
    """Give the ends of counts in which SSB turned every 1 and 2 into 0 or 3.

    Parameters
    ----------
    shown : ndarray of float64
        Counts as published, NaN where there is none.

    Returns
    -------
    low, high : ndarray of float64
        0 stands for [0, 2], 3 for [1, 3], anything else for itself.

    Examples
    --------
    >>> low, high = ssb_rounded(np.array([0.0, 3.0, 6.0]))
    >>> low.tolist(), high.tolist()
    ([0.0, 1.0, 6.0], [2.0, 3.0, 6.0])
    """
    return np.where(shown == 3, 1.0, shown), np.where(shown == 0, 2.0, shown)


def _neighbours(fraction: Fraction, *, of_ten: bool) -> tuple[float, float, float]:
    """Give a simple fraction in per cent, with the midpoints towards its neighbours: tenths if it was said "in ten"."""
    if of_ten:
        lower, upper = fraction - Fraction(1, 10), fraction + Fraction(1, 10)
    else:
        place = _SIMPLE.index(fraction)
        lower, upper = _SIMPLE[place - 1], _SIMPLE[place + 1]
    below, above = (fraction + lower) / 2, (fraction + upper) / 2
    return float(100 * below), float(100 * fraction), float(100 * above)


def _apart(value: float, reach: float) -> float:
    """Add in decimal, so that 2.6 and a twentieth make 2.65."""
    return float(Decimal(repr(float(value))) + Decimal(repr(float(reach))))
