"""Keys as numbers."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from nordstat.schema.keys import ascending, order, packed, repeated

CELL = st.one_of(st.none(), st.sampled_from(["", "0301", "17", "SE", "Å", "å", "Ö", "z"]))
AGE = st.one_of(st.none(), st.integers(0, 99))
ROWS = st.lists(st.tuples(CELL, AGE, CELL), max_size=12)
COLUMNS = ["area", "age", "note"]


def framed(rows: list[tuple[str | None, int | None, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"area": "category", "age": "Int64", "note": "string"})


def by_python(rows: list[tuple[str | None, int | None, str | None]]) -> list[tuple[object, ...]]:
    return [tuple((cell is not None, cell) if cell is not None else (False,) for cell in row) for row in rows]


@settings(deadline=None)
@given(ROWS)
def test_order_is_the_order_of_the_cells(rows: list[tuple[str | None, int | None, str | None]]) -> None:
    """Rows come in the order Python gives the same tuples, empty cells first."""
    keys = by_python(rows)
    assert list(order(framed(rows), COLUMNS)) == sorted(range(len(rows)), key=lambda row: keys[row])


@settings(deadline=None)
@given(ROWS)
def test_repeated_marks_every_row_of_a_doubled_key(rows: list[tuple[str | None, int | None, str | None]]) -> None:
    """A row is marked when another row is equal to it."""
    assert list(repeated(framed(rows), COLUMNS)) == [rows.count(row) > 1 for row in rows]


@settings(deadline=None)
@given(ROWS)
def test_ascending_means_sorted_without_doubles(rows: list[tuple[str | None, int | None, str | None]]) -> None:
    """Only a strictly growing sequence of keys is ascending."""
    keys = by_python(rows)
    assert ascending(framed(rows), COLUMNS) == (keys == sorted(set(keys)))


def test_the_order_of_categories_plays_no_part() -> None:
    """Categories listed the other way round give the same order of rows."""
    frame = pd.DataFrame({"area": pd.Categorical(["b", "a"], categories=["b", "a"])})
    assert list(order(frame, ["area"])) == [1, 0]


def test_a_key_too_wide_for_one_number_takes_several() -> None:
    """Forty columns of three values do not fit one 64-bit number, and still compare right."""
    wide = pd.DataFrame({f"c{number}": pd.Categorical(["a", "b", "a"]) for number in range(40)})
    wide.insert(39, "last", pd.Categorical(["x", "y", "x"], categories=["y", "x"]))
    assert len(packed(wide, list(wide.columns))) > 1
    assert list(repeated(wide, list(wide.columns))) == [True, False, True]
    assert list(order(wide, list(wide.columns))) == [0, 2, 1]
