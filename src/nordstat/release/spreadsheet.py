"""A copy of a table for a spreadsheet, apart from the machine files.

UTF-8 with a byte order mark, semicolons, and a decimal comma where the reader's country has one. Text that a
spreadsheet would run as a formula, or take for a number or a date (0301, 2016-11), is led in by an apostrophe; numbers
are left alone, -1 too.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nordstat.release.canonical import ROWS, csv_rows, quoted, text
from nordstat.schema.columns import Kind
from nordstat.schema.frame import conform, inferred

_MISREAD = r"^\s*[=+\-@\t\r\n]|^\s*\d[\d\s.,:/%eE+-]*$"


def export_spreadsheet(frame: pd.DataFrame, path: Path | str, *, decimal: str = ",") -> Path:
    """Give a CSV file that Excel and LibreOffice open as it is meant.

    Parameters
    ----------
    frame : DataFrame
        Any table.
    path : Path or str
        File to write.
    decimal : {",", "."}
        Decimal mark.
    """
    columns = inferred(frame)
    with Path(path).open("wb") as file:
        file.write(codecs.BOM_UTF8)
        file.write(_lines([_words(pa.array([column.name])) for column in columns]))
        for start in range(0, len(frame), ROWS):
            part = conform(frame.iloc[start : start + ROWS], columns)
            file.write(_lines([_cells(part[column.name], column.kind, decimal) for column in columns]))
    return Path(path)


def _lines(cells: list[pa.Array]) -> memoryview:
    return csv_rows(cells, delimiter=";", end="\r\n")


def _cells(series: pd.Series[Any], kind: Kind, decimal: str) -> pa.Array:
    if kind is Kind.TEXT:
        return _words(pa.array(series.astype("string"), pa.string(), from_pandas=True))
    numbers = text(pa.array(series, from_pandas=True))
    return pc.replace_substring(numbers, ".", decimal) if kind is Kind.NUMBER else numbers


def _words(words: pa.Array) -> pa.Array:
    led = pc.binary_join_element_wise("'", words, "")
    return quoted(pc.if_else(pc.match_substring_regex(words, _MISREAD), led, words), delimiter=";")
