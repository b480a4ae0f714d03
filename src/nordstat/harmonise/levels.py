"""Levels of a classification: codes with their scheme in front, and never two levels in one column."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import pandas as pd

from nordstat.errors import SchemaViolationError
from nordstat.harmonise.areas import Conversion
from nordstat.harmonise.codes import TOTAL, listed, read_codes


@dataclass(frozen=True, slots=True, eq=False)
class Levelled:
    """Counts at one level of a classification, and what the way there costs.

    Attributes
    ----------
    conversion : Conversion
        The counts, with their balance and reasons; codes carry their scheme, as in ``ISCO:2``.
    level : str
        The level, in words.
    loss : str
        What is lost on the way, in one sentence.
    experimental : bool
        Whether the level is finer than the evidence supports.
    """

    conversion: Conversion
    level: str
    loss: str
    experimental: bool

    @property
    def label(self) -> str:
        """The level as it must stand beside every number."""
        return f"{self.level}, experimental" if self.experimental else self.level

    @property
    def frame(self) -> pd.DataFrame:
        """The converted counts."""
        return self.conversion.frame


def without_scheme(frame: pd.DataFrame, column: str, prefix: str) -> pd.DataFrame:
    """Give the frame with the bare codes of one scheme in a column; codes without a scheme stay as they are."""
    codes = read_codes(frame, column)
    bare = [code.removeprefix(f"{prefix}:") for code in codes.codes]
    return frame.assign(**{column: pd.Series(pd.Index(bare).take(codes.positions), index=frame.index)})


def with_scheme(conversion: Conversion, column: str, prefix: str) -> Conversion:
    """Give the conversion with the scheme in front of every code of a column but the total."""
    codes = conversion.frame[column]
    named = codes.cat.rename_categories(lambda code: code if code == TOTAL else f"{prefix}:{code}")
    return replace(conversion, frame=conversion.frame.assign(**{column: named}))


def refuse_mixed_levels(frame: pd.DataFrame, column: str, *, unknown: Collection[str]) -> None:
    """Refuse a column with codes of different length: a group and its own parts would be counted twice.

    Parameters
    ----------
    frame : DataFrame
        Counts.
    column : str
        Column of bare codes.
    unknown : collection of str
        Codes of what is not known, which stand beside any level.
    """
    codes = read_codes(frame, column)
    levels: dict[int, list[str]] = {}
    for code in codes.codes:
        if code != TOTAL and code not in unknown:
            levels.setdefault(len(code), []).append(code)
    if len(levels) > 1:
        words = "; ".join(f"{length} characters: {listed(found)}" for length, found in sorted(levels.items()))
        mixed = frame[~frame[column].isin(levels[max(levels)])]
        raise SchemaViolationError(
            f"{column!r} mixes levels ({words})",
            failures=mixed,
            hint="Keep one level: a group and its parts together count people twice.",
        )
