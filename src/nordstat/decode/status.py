"""What the symbols of a cube mean, by the legend of the office that printed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nordstat.errors import DecodeError, UnknownStatusError

if TYPE_CHECKING:
    import pandas as pd

    from nordstat.model.cube import Cube
    from nordstat.model.symbol import Symbol

NORMAL, UNEXPLAINED, FREE = "A", "O", "F"
"""A normal number; no number and no reason given; no word about confidentiality (SDMX)."""


def read_status(cube: Cube, legend: Mapping[str, Symbol]) -> pd.DataFrame:
    """Give the observed value and the flags of each cell, one row a cell in cube order.

    Null, 0, ``-`` and ``..`` come out as four things: missing without a reason (O), zero (A), zero with the symbol
    (A, ``-``) where the legend says that it is one, and missing for the legend's reason.

    Parameters
    ----------
    cube : Cube
        As read.
    legend : mapping of str to Symbol
        Symbols of the office that published the cube.

    Returns
    -------
    DataFrame
        ``obs_value`` (float64), ``obs_status``, ``conf_status`` and ``obs_status_source`` (categoricals; the last
        is the symbol as published, null where the cell has none).

    Raises
    ------
    UnknownStatusError
        For a symbol the legend does not have.
    DecodeError
        For a number beside a symbol that says there is none, or that stands for another number.
    """
    import pandas as pd

    if unknown := [symbol for symbol in cube.symbols if symbol not in legend]:
        raise UnknownStatusError(
            f"no meaning is known for {', '.join(map(repr, unknown))}",
            where=cube.label,
            hint=f"Add it to symbols.csv with its source; the legend has {' '.join(legend)}",
        )
    meant = [legend[symbol] for symbol in cube.symbols]
    code = np.full(len(cube.values), -1, dtype=np.int8) if cube.status is None else cube.status
    stands_for = _looked_up([np.nan if symbol.value is None else symbol.value for symbol in meant], np.nan, code)
    numbers = np.asarray(cube.values)
    no_number = np.isnan(numbers)
    says_missing = _looked_up([symbol.is_missing for symbol in meant], False, code)
    wrong = ~no_number & (says_missing | (~np.isnan(stands_for) & (stands_for != numbers)))
    if wrong.any():
        raise _contradiction(cube, code, wrong)
    values = np.where(no_number, stands_for, numbers)
    obs_status = _looked_up([symbol.obs_status for symbol in meant], NORMAL, code)
    obs_status = np.where(np.isnan(values) & ~says_missing, UNEXPLAINED, obs_status)
    return pd.DataFrame(
        {
            "obs_value": values,
            "obs_status": pd.Categorical(obs_status),
            "conf_status": pd.Categorical(_looked_up([symbol.conf_status for symbol in meant], FREE, code)),
            "obs_status_source": pd.Categorical.from_codes(code, pd.Index(cube.symbols, dtype=object)),
        }
    )


def _looked_up(by_symbol: Sequence[Any], without: Any, code: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give for each cell what its symbol says; a cell without one has code -1, the last element."""
    cells: npt.NDArray[Any] = np.array([*by_symbol, without])[code]
    return cells


def _contradiction(cube: Cube, code: npt.NDArray[Any], wrong: npt.NDArray[np.bool_]) -> DecodeError:
    numbers, first = np.asarray(cube.values), int(np.flatnonzero(wrong)[0])
    place = zip(cube.dimensions, np.unravel_index(first, cube.shape), strict=True)
    symbol = cube.symbols[code[first]]
    return DecodeError(
        f"the number {numbers[first]:g} beside {symbol!r}, which means another; {wrong.sum():,} such cells",
        where=", ".join(f"{dimension.id}={dimension.codes[position]}" for dimension, position in place),
    )
