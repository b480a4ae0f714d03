"""Values and symbols of a JSON-stat dataset, as flat arrays in cube order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nordstat.errors import DecodeError, ShapeMismatchError, UnknownStatusError

MAX_EXACT = 2**53
"""Beyond it a double no longer tells neighbouring whole numbers apart."""

SIGNS = frozenset({"-", ".", "..", "...", "....", ".....", "......", ":", "*"})
"""Signs that may stand among the values as text.

Dots and the dash are those of the PC-Axis file format, the colon SSB's and Eurostat's, the asterisk the sum symbol
in SCB's files; what an office means by them is in its legend.
"""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")
_NUMBER_FOR_PEOPLE = re.compile(r"[\d\s.,'\u2212+-]*\d[\d\s.,'\u2212+-]*")
_POSITION = re.compile(r"0|[1-9][0-9]{0,17}")

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.signedinteger[Any]]


def plain_numbers(values: list[Any]) -> pa.DoubleArray | None:
    """Give an array of numbers and nulls as an Arrow array; ``None`` where anything else stands in it.

    Arrow infers one type for all elements, so text and booleans among them do not pass, and its cast refuses a
    whole number that a double cannot hold.
    """
    try:
        array = pa.array(values)
        if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_null(array.type)):
            return None
        array = array.cast(pa.float64())
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        return None
    ends = pc.min_max(array).as_py().values()
    beyond = any(end is not None and abs(end) > MAX_EXACT for end in ends)
    return None if beyond or pc.any(pc.is_nan(array)).as_py() else array


def read_values(value: Any, cells: int) -> tuple[Floats, dict[int, str]]:
    """Give the numbers in cube order, NaN where there is none, and the signs that stood among them by position.

    Parameters
    ----------
    value : Arrow array, list or dict
        ``value`` of a dataset, as an array or as an object of positions.
    cells : int
        Product of the sizes.

    Raises
    ------
    ShapeMismatchError
        For too few or too many values, and for a position outside the cube.
    UnknownStatusError
        For a text that is neither a number nor a sign.
    DecodeError
        For anything else that is no number, and for numbers a double cannot hold.
    """
    if isinstance(value, Mapping):
        positions = _positions(value, cells, "value")
        values, signs = _cells(list(value.values()), positions)
        numbers = np.full(cells, np.nan)
        numbers[positions] = values
        return numbers, signs
    if not isinstance(value, list | pa.Array):
        found = "nothing" if value is None else type(value).__name__
        raise DecodeError(f"an array or an object of numbers is meant, {found} found", where="value")
    if len(value) != cells:
        hint = "A metadata document has no values; read_metadata reads its dimensions." if not len(value) else ""
        raise ShapeMismatchError(f"{len(value):,} values for {cells:,} cells", where="value", hint=hint)
    return _cells(value, range(cells))


def read_symbols(status: Any, cells: int, signs: Mapping[int, str]) -> tuple[Codes | None, tuple[str, ...]]:
    """Give the status of each cell as a position in the symbols met (-1 for none), and these symbols, sorted.

    Parameters
    ----------
    status : str, list, dict or None
        ``status`` of a dataset: one text for all cells, an array with one element or one a cell, or an object of
        positions.
    cells : int
        Product of the sizes.
    signs : mapping of int to str
        Signs that stood among the values.

    Raises
    ------
    ShapeMismatchError
        For too few or too many elements, and for a position outside the cube.
    DecodeError
        For an element that is no text, and for a status other than the sign in the value's place.
    """
    positions, texts = _published(status, cells)
    if strange := set(map(type, texts)) - {str, NoneType}:
        found = ", ".join(sorted(kind.__name__ for kind in strange))
        raise DecodeError(f"a status is a text; {found} found", where="status")
    symbols = tuple(sorted({*texts, *signs.values()} - {None, ""}))
    if not symbols:
        return None, ()
    code = {None: -1, "": -1} | {symbol: position for position, symbol in enumerate(symbols)}
    codes = np.full(cells, -1, dtype=np.min_scalar_type(-len(symbols)))
    codes[positions] = np.fromiter(map(code.__getitem__, texts), codes.dtype, len(texts))
    for position, sign in signs.items():
        if codes[position] not in {-1, code[sign]}:
            raise DecodeError(
                f"the value is {sign!r} and the status {symbols[codes[position]]!r}", where=f"value[{position}]"
            )
        codes[position] = code[sign]
    return codes, symbols


def _cells(values: list[Any] | pa.DoubleArray, positions: Iterable[int]) -> tuple[Floats, dict[int, str]]:
    packed = plain_numbers(values) if isinstance(values, list) else values
    if packed is not None:
        return _numpy(packed), {}
    numbers = np.full(len(values), np.nan)
    signs = {}
    for place, (position, value) in enumerate(zip(positions, values, strict=True)):
        if isinstance(value, str) and value in SIGNS:
            signs[int(position)] = value
        elif value is not None:
            numbers[place] = _number(value, f"value[{position}]")
    return numbers, signs


def _number(value: Any, where: str) -> float:
    """Read one number that is not plain: text, or one to be refused."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise _no_number(value, where)
        value = Decimal(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise DecodeError(f"no number but {type(value).__name__}", where=where)
    if not -MAX_EXACT <= value <= MAX_EXACT:
        raise DecodeError(
            f"{str(value)[:40]} is not finite or beyond 2**53, where a double loses whole numbers", where=where
        )
    return float(value)


def _no_number(text: str, where: str) -> DecodeError:
    if _NUMBER_FOR_PEOPLE.fullmatch(text):
        return DecodeError(
            f"{text[:40]!r} is no JSON number",
            where=where,
            hint="Decimal commas, spaces between thousands and typographic minus signs are not read as numbers.",
        )
    return UnknownStatusError(
        f"{text[:40]!r} is neither a number nor a known sign",
        where=where,
        hint=f"Signs that may stand among the values: {' '.join(sorted(SIGNS))}",
    )


def _published(status: Any, cells: int) -> tuple[slice | npt.NDArray[np.int64], Sequence[Any]]:
    """Give where the status of a dataset stands, and what it says there."""
    if status is None:
        return slice(0), ()
    if isinstance(status, str):
        return slice(None), (status,)
    if isinstance(status, Mapping):
        return _positions(status, cells, "status"), list(status.values())
    if not isinstance(status, list):
        raise DecodeError(f"a text, an array or an object is meant, {type(status).__name__} found", where="status")
    if len(status) not in {1, cells}:
        raise ShapeMismatchError(f"{len(status):,} elements for {cells:,} cells", where="status")
    return slice(None), status


def _positions(members: Mapping[Any, Any], cells: int, where: str) -> npt.NDArray[np.int64]:
    """Read the keys of a sparse object; plainly written, so that no two can mean one cell."""
    try:
        positions = np.fromiter(map(int, members), np.int64, len(members))
    except (ValueError, OverflowError, TypeError):
        positions = np.empty(0, np.int64)
    if list(map(str, positions.tolist())) != list(members) or (positions < 0).any():
        strange = [key for key in members if not (isinstance(key, str) and _POSITION.fullmatch(key))]
        raise DecodeError(f"{str(strange[0])[:40]!r} is no position; {len(strange):,} such keys", where=where)
    outside = positions[positions >= cells]
    if outside.size:
        raise ShapeMismatchError(
            f"position {outside[0]:,} in a cube of {cells:,} cells; {outside.size:,} outside it", where=where
        )
    return positions


def _numpy(array: pa.DoubleArray) -> Floats:
    numbers: Floats = array.to_numpy(zero_copy_only=False)
    return numbers
