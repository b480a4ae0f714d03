"""The one way a table becomes bytes: rows in key order, explicit types, the same on every machine.

Neither pandas nor pyarrow formats a number or orders a row here, so another version of either writes the same CSV.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nordstat.errors import ReleaseError
from nordstat.schema.columns import Column, Kind
from nordstat.schema.keys import order

ROWS = 131_072
"""Rows taken at a time; also the rows of a Parquet row group."""

_WHOLE = 2.0**53
_TYPES = {
    Kind.CATEGORY: pa.dictionary(pa.int32(), pa.string()),
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}


def arrow_schema(columns: Sequence[Column], metadata: Mapping[str, str] | None = None) -> pa.Schema:
    """Give the Arrow schema of a table, with no trace of the library that made it."""
    fields = [
        pa.field(
            column.name, _TYPES[column.kind], nullable=column.nullable, metadata={"description": column.description}
        )
        for column in columns
    ]
    return pa.schema(fields, metadata=metadata)


def batches(frame: pd.DataFrame, columns: Sequence[Column], *, key: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Give a frame's rows in key order, a batch at a time.

    Parameters
    ----------
    frame : DataFrame
        Already validated; the key is unique, so the order is total.
    columns : sequence of Column
        Columns to give, in this order.
    key : sequence of str
        Columns that order the rows.
    """
    schema = arrow_schema(columns)
    encoders = [_encoder(frame[column.name], column.kind) for column in columns]
    rows = order(frame, key)
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        yield pa.RecordBatch.from_arrays([encode(part) for encode in encoders], schema=schema)


def csv_header(names: Sequence[str]) -> bytes:
    """Give the first line of a CSV file."""
    return (",".join(names) + "\n").encode()


def csv_rows(texts: Sequence[pa.Array], *, delimiter: str = ",", end: str = "\n") -> memoryview:
    """Give the lines of columns already turned to text; an empty cell is nothing between two delimiters."""
    lines = pc.binary_join_element_wise(*texts, delimiter, null_handling="replace", null_replacement="")
    closed = pc.binary_join_element_wise(lines, "", end)
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(closed)], closed), "")
    return memoryview(joined[0].as_buffer())


def texts(batch: pa.RecordBatch) -> list[pa.Array]:
    """Give a batch's columns as text: 17749 and not 17749.0, 2.6 as 2.6, quotes only where CSV needs them."""
    return [text(column) for column in batch.columns]


def text(column: pa.Array) -> pa.Array:
    """Give one column as CSV text."""
    if pa.types.is_dictionary(column.type):
        return quoted(column.dictionary).take(column.indices)
    if pa.types.is_string(column.type):
        return quoted(column)
    if pa.types.is_floating(column.type):
        return number_text(column)
    return pc.cast(column, pa.string())


def quoted(column: pa.Array, *, delimiter: str = ",") -> pa.Array:
    """Give text with quotes round what CSV would misread, and no others."""
    needs = pc.match_substring_regex(column, f'[{delimiter}"\n\r]')
    if not pc.any(needs).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), column)


def number_text(column: pa.Array) -> pa.Array:
    """Give numbers in their shortest exact form, whole ones without a point."""
    numbers = column.to_numpy(zero_copy_only=False)
    whole = np.abs(numbers) < _WHOLE
    whole &= np.trunc(numbers) == numbers
    text = pc.cast(pa.array(np.where(whole, numbers, 0).astype(np.int64)), pa.string())
    broken = ~whole & ~np.isnan(numbers)
    if broken.any():
        distinct, places = np.unique(numbers[broken], return_inverse=True)
        written = pa.array([repr(float(number)) for number in distinct], pa.string())
        text = pc.replace_with_mask(text, pa.array(broken), written.take(pa.array(places)))
    return pc.if_else(pa.array(np.isnan(numbers)), pa.scalar(None, pa.string()), text)


def json_text(value: Any) -> str:
    """Give a value as JSON: keys sorted, whole numbers without a point, no NaN.

    Raises
    ------
    ReleaseError
        For something JSON has no word for.
    """
    try:
        return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ReleaseError(f"cannot be written as JSON: {error}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError(f"a key that is not text among {', '.join(map(repr, value))}")
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and abs(value) < _WHOLE and value.is_integer():
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if value is pd.NA else value


def _encoder(series: pd.Series[Any], kind: Kind) -> Callable[[np.ndarray[Any, Any]], pa.Array]:
    """Give what turns some rows of a column into an Arrow array, its dictionary sorted and without unused words."""
    if not isinstance(series.dtype, pd.CategoricalDtype):
        return lambda rows: pa.array(series.take(rows), type=_TYPES[kind], from_pandas=True)
    codes = series.cat.codes.to_numpy()
    used = np.bincount(codes + np.int64(1), minlength=len(series.cat.categories) + 1)[1:] > 0
    words = np.asarray(series.cat.categories, dtype=object)
    kept = sorted(words[used])
    places = np.full(len(words) + 1, -1, dtype=np.int32)
    places[:-1][used] = np.argsort(np.argsort(words[used]))
    dictionary = pa.array(kept, pa.string())

    def encode(rows: np.ndarray[Any, Any]) -> pa.Array:
        indices = places[codes[rows]]
        column = pa.DictionaryArray.from_arrays(pa.array(indices, mask=indices < 0), dictionary)
        return column if kind is Kind.CATEGORY else column.dictionary_decode()

    return encode
