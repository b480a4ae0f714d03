"""Frames against the column dictionary: what is checked at every border."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nordstat.errors import SchemaViolationError
from nordstat.schema.columns import Column, Kind
from nordstat.schema.keys import repeated

if TYPE_CHECKING:
    import pandera.pandas as pa

DTYPES = {
    Kind.CATEGORY: "category",
    Kind.TEXT: "string",
    Kind.WHOLE: "Int64",
    Kind.NUMBER: "Float64",
    Kind.FLAG: "boolean",
}
"""How each kind of column is stored in a frame; text may be stored as categories too."""

_WORDS = {
    "not_nullable": "may not be empty",
    "column_in_dataframe": "is missing",
    "column_in_schema": "is no column of this table",
}
_SHOWN = 10
_TEXTUAL = ("string", "empty")


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over several columns.

    Attributes
    ----------
    column : str
        The column a failure is reported under.
    words : str
        What must hold, as the end of a sentence that starts with the column.
    fails : callable
        From frame to a mask of the rows that fail.
    """

    column: str
    words: str
    fails: Callable[[pd.DataFrame], np.ndarray[Any, Any]]


def within(low: str, value: str, high: str) -> Rule:
    """Rule that a value lies in its interval; an empty end is open, and an empty value lies anywhere."""

    def fails(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        a, b, c = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in (low, value, high))
        return (a > b) | (b > c) | (a > c)

    return Rule(value, f"lies outside {low} to {high}", fails)


def unique(*key: str, column: str, words: str) -> Rule:
    """Rule that no two rows have the same key."""
    return Rule(column, words, lambda frame: repeated(frame, key))


def validate(
    frame: pd.DataFrame, columns: Sequence[Column], *, what: str = "table", rules: Sequence[Rule] = ()
) -> pd.DataFrame:
    """Give the frame itself, once every column is what the dictionary says.

    Parameters
    ----------
    frame : DataFrame
        Table to check.
    columns : sequence of Column
        Its columns, in any order.
    what : str
        Name of the table, for the report.
    rules : sequence of Rule
        Conditions over several columns, checked once the columns themselves hold.

    Raises
    ------
    SchemaViolationError
        With one line a failing check, and every failing row in ``failures``.
    """
    failures = _column_failures(frame, tuple(columns))
    if failures.empty:
        failures = _rule_failures(frame, rules)
    if failures.empty:
        return frame
    raise SchemaViolationError(
        f"{what}: {_report(failures)}", failures=failures, hint="Look at the rows named; nothing was written."
    )


def conform(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Give a frame with every known column stored as the dictionary says, and empty text made an empty cell.

    Nothing else changes: a column the dictionary lacks stays as it is, and a missing one stays missing.

    Raises
    ------
    SchemaViolationError
        For a cell that cannot be stored so.
    """
    known = {column.name: column for column in columns}
    return pd.DataFrame(
        {name: _stored(frame[name], known[name]) if name in known else frame[name] for name in frame.columns},
        index=frame.index,
    )


def inferred(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Columns of a table outside the dictionary: numbers and flags where a column holds them, else text."""
    return tuple(Column(str(name), _kind(frame[name]), "", nullable=True) for name in frame.columns)


@cache
def _schema(columns: tuple[Column, ...]) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    return pa.DataFrameSchema({column.name: _field(column) for column in columns}, strict=True)


def _field(column: Column) -> pa.Column:
    import pandera.pandas as pa

    checks = []
    if column.kind is Kind.CATEGORY:  # pandera's own check of the type looks at every category
        checks.append(pa.Check(_is_categorical, error="is not stored as category"))
    if column.kind in (Kind.CATEGORY, Kind.TEXT):
        checks.append(pa.Check(_holds_text, error="holds something that is not text, or empty text"))
    if column.kind is Kind.NUMBER:
        checks.append(pa.Check(_finite, error="holds no finite number"))
    if allowed := column.values:  # noqa: PD011 - the closed set of a column, no frame
        checks.append(pa.Check(_one_of(allowed), error=f"is not one of {', '.join(allowed)}"))
    dtype = None if column.kind in (Kind.CATEGORY, Kind.TEXT) else DTYPES[column.kind]
    return pa.Column(dtype, checks, nullable=column.nullable)


def _holds_text(series: pd.Series[Any]) -> pd.Series[bool] | bool:
    if isinstance(series.dtype, pd.CategoricalDtype):
        words = series.cat.categories
        return words.inferred_type in _TEXTUAL and ("" not in words or series != "")
    return pd.api.types.infer_dtype(series, skipna=True) in _TEXTUAL and series != ""


def _is_categorical(series: pd.Series[Any]) -> bool:
    return isinstance(series.dtype, pd.CategoricalDtype)


def _finite(series: pd.Series[Any]) -> pd.Series[bool] | bool:
    numbers = series.to_numpy(np.float64, na_value=0.0)
    finite = np.isfinite(numbers)
    return bool(finite.all()) or pd.Series(finite, index=series.index)


def _one_of(values: tuple[str, ...]) -> Callable[[pd.Series[Any]], pd.Series[bool] | bool]:
    def check(series: pd.Series[Any]) -> pd.Series[bool] | bool:
        if isinstance(series.dtype, pd.CategoricalDtype) and set(series.cat.categories) <= set(values):
            return True
        return series.isin(values)

    return check


def _column_failures(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    import pandera.errors

    try:
        with warnings.catch_warnings():
            # pandera 0.35 joins empty parts in its report, which pandas 2.3 warns about.
            warnings.filterwarnings("ignore", "The behavior of DataFrame concatenation", FutureWarning)
            _schema(columns).validate(frame, lazy=True, inplace=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases.astype(object)
        missing = cases["column"].isna() | cases["check"].isin(["column_in_dataframe", "column_in_schema"])
        return pd.DataFrame(
            {
                "column": cases["failure_case"].where(missing, cases["column"]).astype(str),
                "check": [_WORDS.get(check, _dtype_words(check)) for check in cases["check"].astype(str)],
                "value": cases["failure_case"],
                "row": cases["index"],
            }
        )
    return pd.DataFrame(columns=["column", "check", "value", "row"])


def _dtype_words(check: str) -> str:
    return f"is not stored as {check.removeprefix('dtype(').strip(chr(39) + '()')}" if "dtype" in check else check


def _rule_failures(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    found = [pd.DataFrame(columns=["column", "check", "value", "row"])]
    for rule in rules:
        mask = rule.fails(frame)
        if mask.any():
            cases = frame.loc[mask, rule.column]
            found.append(pd.DataFrame({"value": cases.astype(object), "row": cases.index}, index=None))
            found[-1].insert(0, "check", rule.words)
            found[-1].insert(0, "column", rule.column)
    return pd.concat(found[1:], ignore_index=True) if len(found) > 1 else found[0]


def _report(failures: pd.DataFrame) -> str:
    groups = failures.groupby(["column", "check"], sort=False)
    lines = [_line(f"{column} {check}", cases) for (column, check), cases in list(groups)[:_SHOWN]]
    more = [f"and {groups.ngroups - _SHOWN} more"] if groups.ngroups > _SHOWN else []
    return "\n  - ".join([f"{groups.ngroups} {'check fails' if groups.ngroups == 1 else 'checks fail'}", *lines, *more])


def _line(words: str, cases: pd.DataFrame) -> str:
    rows = cases["row"].dropna()
    if rows.empty:
        return words
    more = f" and {len(rows) - 1:,} more rows" if len(rows) > 1 else ""
    return f"{words}: {cases['value'].iloc[0]!r} in row {rows.iloc[0]}{more}"


def _stored(series: pd.Series[Any], column: Column) -> pd.Series[Any]:
    try:
        if column.kind in (Kind.CATEGORY, Kind.TEXT):
            return _as_text(series, column.kind)
        return series.astype(DTYPES[column.kind])  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError) as error:
        raise SchemaViolationError(
            f"{column.name} cannot be stored as {column.kind}: {error}", failures=pd.DataFrame()
        ) from None


def _as_text(series: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.remove_categories([""]) if "" in series.cat.categories else series
    text = series.astype("string")
    text = text.mask(text == "")
    return text.astype("category") if kind is Kind.CATEGORY else text


def _kind(series: pd.Series[Any]) -> Kind:
    if pd.api.types.is_bool_dtype(series.dtype):
        return Kind.FLAG
    if pd.api.types.is_integer_dtype(series.dtype):
        return Kind.WHOLE
    if pd.api.types.is_float_dtype(series.dtype):
        return Kind.NUMBER
    return Kind.TEXT
