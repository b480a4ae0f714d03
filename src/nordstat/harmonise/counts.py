"""Counts: which columns of a frame are numbers that may be added up, and what the others are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nordstat.errors import SchemaViolationError, SettingsError
from nordstat.harmonise.codes import CodeColumn, listed
from nordstat.harmonise.spread import group, key_of
from nordstat.schema.columns import OBSERVATION

RATES = ("share", "difference", "growth")
"""Measures that do not add up, of those in `nordstat.schema.columns.MEASURES`."""

_RECOMPUTE = "Convert the counts, then recompute shares and differences from them."
_KNOWN = frozenset(column.name for column in OBSERVATION)


@dataclass(frozen=True, slots=True)
class CountColumn:
    """A column of counts, and the columns of the interval each number stands for.

    Attributes
    ----------
    value : str
        Column of numbers.
    low, high : str
        Columns of the ends; empty where the frame has none.
    """

    value: str
    low: str = ""
    high: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns there are."""
        return tuple(name for name in (self.value, self.low, self.high) if name)


def count_columns(frame: pd.DataFrame, measures: Sequence[str]) -> tuple[CountColumn, ...]:
    """Give the value columns of a frame with their ends: ``obs_low`` and ``obs_high`` belong to ``obs_value``.

    Raises
    ------
    SettingsError
        For a measure the frame does not have.
    SchemaViolationError
        For what is no count: shares, differences and growth, text, and numbers below zero.
    """
    if missing := [name for name in measures if name not in frame.columns] or not measures:
        raise SettingsError(
            f"no such value column: {missing}" if measures else "no value column is named",
            hint=f"Name the columns to add up with measures=; the frame has: {', '.join(map(str, frame.columns))}",
        )
    _refuse_rates(frame, measures)
    counted = tuple(_with_ends(frame, name) for name in measures)
    for name in (name for column in counted for name in column.columns):
        _refuse_negative(frame, name)
    return counted


def numbers(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Give a column as floating-point numbers; an empty cell is not a number. Plain numbers are not copied."""
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy(np.float64)
    return column.to_numpy(np.float64, na_value=np.nan)


def refuse_loose_numbers(frame: pd.DataFrame, keys: Iterable[str]) -> None:
    """Refuse to group by a column of decimal numbers that nobody named a measure."""
    loose = [name for name in keys if pd.api.types.is_float_dtype(frame[name].dtype) and name not in _KNOWN]
    if loose:
        raise SchemaViolationError(
            f"columns of decimal numbers that are neither measure nor key: {', '.join(loose)}",
            failures=frame[loose].head(),
            hint=f"Name them in measures= if they are counts, else leave them out. {_RECOMPUTE}",
        )


def refuse_descriptions(frame: pd.DataFrame, keys: Iterable[str], column: CodeColumn, goal: npt.NDArray[Any]) -> None:
    """Refuse a column that only describes the old code, such as its name: grouping by it would keep merged areas apart.

    Parameters
    ----------
    frame : DataFrame
        Table.
    keys : iterable of str
        Columns to group by.
    column : CodeColumn
        Codes to convert.
    goal : ndarray of int
        For each code, the position of its first target.
    """
    for name in (name for name in keys if name not in _KNOWN and not pd.api.types.is_numeric_dtype(frame[name].dtype)):
        key = key_of(frame[name])
        if key[1] == 1:
            continue
        pairs = group([(column.positions, len(column.codes)), key], len(frame)).member
        codes = column.positions[pairs]
        if len(codes) > len(column.codes):
            continue
        apart = group([(goal[codes], int(goal.max()) + 1), (key[0][pairs], key[1])], len(codes))
        if len(apart) > len(np.unique(goal)):
            raise SchemaViolationError(
                f"{name!r} only describes the codes of {column.name!r}: it has one value for each of them",
                failures=frame[[column.name, name]].iloc[pairs].head(),
                hint="Leave it out before the conversion and join the new names to the result: else areas that "
                "become one would stay apart.",
            )


def _with_ends(frame: pd.DataFrame, name: str) -> CountColumn:
    stem = name.removesuffix("_value")
    low, high = (end if end in frame.columns else "" for end in (f"{stem}_low", f"{stem}_high"))
    return CountColumn(name, low, high)


def _refuse_rates(frame: pd.DataFrame, measures: Sequence[str]) -> None:
    if named := [name for name in measures if name in RATES]:
        raise SchemaViolationError(
            f"only counts can be converted, not {', '.join(named)}", failures=frame[named].head(), hint=_RECOMPUTE
        )
    for column, refused in (("measure", RATES), ("unit_measure", ("PC",))):
        rates = frame[frame[column].isin(refused)] if column in frame.columns else frame[:0]
        if len(rates):
            words = listed(sorted(map(str, rates[column].unique())))
            raise SchemaViolationError(
                f"only counts can be converted: {len(rates):,} rows have the {column} {words}",
                failures=rates,
                hint=_RECOMPUTE,
            )


def _refuse_negative(frame: pd.DataFrame, name: str) -> None:
    column = frame[name]
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        raise SchemaViolationError(
            f"{name!r} holds {column.dtype} and no numbers",
            failures=frame[[name]].head(),
            hint="Read the column as numbers; a symbol such as '..' is an empty cell.",
        )
    if (numbers(column) < 0).any():
        raise SchemaViolationError(
            f"{name!r} holds numbers below zero, so it is no count",
            failures=frame.loc[numbers(column) < 0],
            hint=_RECOMPUTE,
        )
