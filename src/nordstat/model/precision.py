"""Precision: how exactly a figure was printed, as a closed set of phrases.

The interval each phrase stands for is worked out in `nordstat.harmonise.intervals`; a phrase that is not
listed here is refused by whoever reads it, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self


class Closeness(StrEnum):
    """On which side of the printed number the true one lies."""

    EXACT = "exact"
    ABOUT = "about"
    ABOVE = "just over"
    BELOW = "nearly"
    MORE = "more than"
    LESS = "less than"
    RANGE = "range"


_PHRASES = {
    "exact": Closeness.EXACT,
    "rounded": Closeness.ABOUT,
    "about": Closeness.ABOUT,
    "approximately": Closeness.ABOUT,
    "around": Closeness.ABOUT,
    "roughly": Closeness.ABOUT,
    "just over": Closeness.ABOVE,
    "nearly": Closeness.BELOW,
    "almost": Closeness.BELOW,
    "just under": Closeness.BELOW,
    "more than": Closeness.MORE,
    "over": Closeness.MORE,
    "less than": Closeness.LESS,
    "under": Closeness.LESS,
}
_UNITS = {"thousands": 1000.0, "hundreds": 100.0, "tens": 10.0, "units": 1.0}
_NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_FRACTIONS = {"half": Fraction(1, 2), "a third": Fraction(1, 3), "a quarter": Fraction(1, 4)}
_UNIT = re.compile(r"(?P<phrase>[a-z ]+?) \((?P<unit>[a-z]+|[0-9.]+)\)")
_RANGE = re.compile(r"range (?P<low>[0-9.]+)-(?P<high>[0-9.]+)")
_SHARE = re.compile(r"(?P<part>[a-z]+) in (?P<whole>[a-z]+)")


@dataclass(frozen=True, slots=True)
class Precision:
    """How a number was printed.

    Attributes
    ----------
    text : str
        The phrase as written in the figures file.
    closeness : Closeness
        Side on which the true number lies.
    unit : float or None
        Rounding unit where the phrase names it.
    fraction : Fraction or None
        The simple fraction behind words such as "one in four"; the number printed is then its percentage.
    fraction_of_ten : bool
        Whether the fraction was said "in ten", so that its neighbours are tenths.
    bounds : tuple of float or None
        Printed ends of a range.
    """

    text: str
    closeness: Closeness
    unit: float | None = None
    fraction: Fraction | None = None
    fraction_of_ten: bool = False
    bounds: tuple[float, float] | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a phrase of precision.

        Raises
        ------
        ValueError
            For a phrase that has no agreed meaning.
        """
        if text in _PHRASES:
            return cls(text, _PHRASES[text])
        if found := _RANGE.fullmatch(text):
            low, high = float(found["low"]), float(found["high"])
            if low > high:
                raise ValueError(f"the range of {text!r} runs downwards")
            return cls(text, Closeness.RANGE, bounds=(low, high))
        if (found := _UNIT.fullmatch(text)) and found["phrase"] in _PHRASES:
            return cls(text, _PHRASES[found["phrase"]], unit=_unit(text, found["unit"]))
        if fraction := _fraction(text):
            return cls(text, *fraction)
        raise ValueError(
            f"the precision {text!r} has no agreed meaning; known phrases: {', '.join(sorted(_PHRASES))}, "
            "each also with a unit as in 'rounded (hundreds)', 'one in four', 'nearly half', 'range 30-35'"
        )


def _unit(text: str, unit: str) -> float:
    if unit in _UNITS:
        return _UNITS[unit]
    try:
        value = float(unit)
    except ValueError:
        raise ValueError(f"{text!r} names no unit; write thousands, hundreds, tens, units or a number") from None
    if value <= 0:
        raise ValueError(f"the unit in {text!r} must be above zero")
    return value


def _fraction(text: str) -> tuple[Closeness, None, Fraction, bool] | None:
    """Read "one in four", "nearly half", "just over a third"."""
    if (found := _SHARE.fullmatch(text)) and {found["part"], found["whole"]} <= set(_NUMBER_WORDS):
        whole = _NUMBER_WORDS[found["whole"]]
        part = Fraction(_NUMBER_WORDS[found["part"]], whole)
        return (Closeness.ABOUT, None, part, whole == 10) if part < 1 else None
    for words, fraction in _FRACTIONS.items():
        if text == words:
            return Closeness.ABOUT, None, fraction, False
        phrase = text.removesuffix(f" {words}")
        if phrase != text and phrase in _PHRASES:
            return _PHRASES[phrase], None, fraction, False
    return None
