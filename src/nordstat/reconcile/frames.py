"""Checks of whole frames: the numbers, what they can stand for, and the groups they fall into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nordstat.errors import ReconciliationError, SettingsError
from nordstat.harmonise.intervals import ssb_rounded
from nordstat.model.table import Disclosure
from nordstat.schema.columns import KEY

Floats = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.intp]]


def ends(frame: pd.DataFrame, disclosure: Disclosure, noise: float | None) -> tuple[Floats, Floats]:
    """Give the ends of what each count of a frame can stand for; a count that is not there can be anything.

    Parameters
    ----------
    frame : DataFrame
        Observations: ``obs_value``, and ``obs_low`` and ``obs_high`` where they are known.
    disclosure : Disclosure
        How the table hides small counts, beyond what the ends say already.
    noise : float or None
        The most by which noise moves a count; needed where the table is protected by noise.

    Raises
    ------
    SettingsError
        Where noise is needed and not said, or said and not needed.
    """
    value = numbers(frame["obs_value"])
    low = numbers(frame["obs_low"]) if "obs_low" in frame else value
    high = numbers(frame["obs_high"]) if "obs_high" in frame else value
    if disclosure is Disclosure.SSB_0_3:
        rounded_low, rounded_high = ssb_rounded(value)
        low, high = np.fmin(low, rounded_low), np.fmax(high, rounded_high)
    reach = _noise(disclosure, noise)
    return np.where(np.isnan(low), 0.0, np.maximum(low - reach, 0.0)), np.where(np.isnan(high), np.inf, high + reach)


def _noise(disclosure: Disclosure, noise: float | None) -> float:
    if (noise is None) is (disclosure is Disclosure.SCB_BAS_NOISE):
        raise SettingsError(
            "the table is protected by noise: say how far it moves a count"
            if noise is None
            else f"noise={noise} is for tables protected by noise, and this one is {disclosure}",
            hint="SCB does not publish how far; `noise=` is your assumption, and the result rests on it.",
        )
    return noise or 0.0


def distance(first: tuple[Any, Any], second: tuple[Any, Any]) -> Floats:
    """Give how far intervals are apart, 0 where they have a number in common."""
    (low, high), (other_low, other_high) = ((np.asarray(end, np.float64) for end in pair) for pair in (first, second))
    return np.maximum(np.maximum(other_low - high, low - other_high), 0.0)


def keys_of(frame: pd.DataFrame, *, but: Sequence[str]) -> list[str]:
    """Give the columns that make a cell of a frame one cell, without some of them and their schemes."""
    left_out = {*but, *(f"{column.removesuffix('_area')}_scheme" for column in but)}
    return [column for column in KEY if column in frame and column not in left_out]


def groups(frame: pd.DataFrame, keys: Sequence[str]) -> Places:
    """Give the number of the group of each row; rows without any key are one group."""
    if not keys:
        return np.zeros(len(frame), np.intp)
    grouped = frame.groupby(list(keys), dropna=False, sort=False, observed=True)
    return np.asarray(grouped.ngroup(), np.intp)


def numbers(column: pd.Series[Any]) -> Floats:
    """Give a column as plain numbers, not a number where it is empty."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def refuse_empty(matched: int, what: str) -> None:
    """Refuse a check that looked at nothing: it would pass whatever the numbers are.

    Raises
    ------
    ReconciliationError
        Where no cell was matched.
    """
    if not matched:
        raise ReconciliationError(
            f"the check matched no cell: {what}", hint="Compare the codes asked for with those in the frame."
        )


def refuse_repeated(group: Places, code: Any, words: pd.Series[Any]) -> None:
    """Refuse a number that stands twice in one sum: it would be counted twice.

    Raises
    ------
    ReconciliationError
        Naming the first, by its word.
    """
    twice = pd.DataFrame({"group": group, "code": np.asarray(code)}).duplicated().to_numpy()
    if twice.any():
        raise ReconciliationError(
            f"{words.iloc[int(twice.argmax())]!r} stands twice in one sum ({int(twice.sum()):,} such rows)",
            hint="Its key is not unique: see nordstat.schema.observations.check_observations.",
        )
