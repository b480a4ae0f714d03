"""The tables of a release, read back with the types they were written with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from nordstat.errors import ReleaseError
from nordstat.release.canonical import ROWS, batches, csv_header, csv_rows, texts
from nordstat.release.descriptor import Table
from nordstat.schema.columns import Column
from nordstat.schema.frame import conform

_MISSING: dict[Any, Any] = {
    pa.string(): pd.StringDtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def csv_lines(frame: pd.DataFrame, table: Table) -> Iterator[bytes | memoryview]:
    """Give the bytes of a table's CSV file, piece by piece."""
    yield csv_header([column.name for column in table.columns])
    for batch in batches(frame, table.columns, key=table.key):
        yield csv_rows(texts(batch))


def read_csv(path: Path, table: Table) -> pd.DataFrame:
    """Give a CSV table of a release.

    Raises
    ------
    ReleaseError
        For a file with other columns than the descriptor names, or that is no CSV.
    """
    names = [column.name for column in table.columns]
    try:
        read = pc.read_csv(
            path,
            parse_options=pc.ParseOptions(newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from None
    if read.column_names != names:
        raise ReleaseError("has other columns than datapackage.json names", where=str(path))
    return conform(as_frame(read), table.columns)


def read_parquet(path: Path) -> pd.DataFrame:
    """Give the observations of a release, text columns of few words as categories."""
    return as_frame(pq.read_table(path, memory_map=True))


def parquet_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """Give the observations of a release a batch at a time, without holding them all."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(ROWS)


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Give an Arrow table as a frame in which an empty cell is an empty cell, whatever the type."""
    frame: pd.DataFrame = table.unify_dictionaries().to_pandas(types_mapper=_MISSING.get, split_blocks=True)
    return frame


def as_today(frame: pd.DataFrame, columns: tuple[Column, ...], *, layout: int) -> pd.DataFrame:
    """Give a table of an older layout with today's columns: later ones empty, earlier ones left out.

    Parameters
    ----------
    frame : DataFrame
        As the older nordstat wrote it.
    columns : tuple of Column
        Today's.
    layout : int
        Layout the release says it has.

    Raises
    ------
    ReleaseError
        Where a column is absent that may never be empty.
    """
    absent = [column for column in columns if column.name not in frame.columns]
    needed = [column.name for column in absent if not column.nullable]
    if needed:
        raise ReleaseError(f"layout {layout} has no {', '.join(needed)}, which every table of today has")
    filled = frame.assign(**{column.name: pd.Series(pd.NA, frame.index, dtype="object") for column in absent})
    return conform(filled[[column.name for column in columns]], columns)
