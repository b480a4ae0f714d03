"""Keys as numbers: the order and the sameness of rows, without comparing text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

_ROOM = 2**62


def packed(frame: pd.DataFrame, columns: Sequence[str]) -> list[np.ndarray[Any, Any]]:
    """Rows as a few arrays of whole numbers.

    Comparing two rows by these numbers, left to right, is comparing them by the columns, left to right: text by
    code point, numbers by size, an empty cell before all others. The order in which a column lists its categories
    plays no part.
    """
    arrays, size = [np.zeros(len(frame), dtype=np.int64)], 1
    for name in columns:
        ranks, count = _ranks(frame[name])
        if count == 1:
            continue
        if size > _ROOM // count:
            arrays.append(np.zeros(len(frame), dtype=np.int64))
            size = 1
        arrays[-1] *= count
        arrays[-1] += ranks
        size *= count
    return arrays


def order(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray[Any, Any]:
    """Positions of the rows in ascending order of the columns; equal rows keep their places."""
    return np.lexsort(packed(frame, columns)[::-1])


def repeated(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray[Any, Any]:
    """Mask of the rows whose key another row has too."""
    arrays = packed(frame, columns)
    if len(arrays) == 1 and pd.Index(arrays[0]).is_unique:
        return np.zeros(len(frame), dtype=bool)
    return pd.DataFrame(dict(enumerate(arrays))).duplicated(keep=False).to_numpy()


def ascending(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Whether every row's key is greater than the key of the row before."""
    equal = np.ones(max(len(frame) - 1, 0), dtype=bool)
    for array in packed(frame, columns):
        before, after = array[:-1], array[1:]
        if (equal & (before > after)).any():
            return False
        equal &= before == after
    return not equal.any()


def _ranks(series: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], int]:
    """Give each cell's rank, 0 for an empty one, and how many ranks there are; a constant column has one."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, words = series.cat.codes.to_numpy(), np.asarray(series.cat.categories, dtype=object)
        places = np.zeros(len(words) + 1, dtype=np.int64)  # the last place serves code -1, an empty cell
        places[np.argsort(words)] = np.arange(1, len(words) + 1)
    else:
        codes, found = pd.factorize(series, sort=True)
        places = np.append(np.arange(1, len(found) + 1), 0)
    if (codes == codes[:1]).all():
        return codes, 1
    return places[codes], len(places)
