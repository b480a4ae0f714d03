"""Frames against the column dictionary."""

from __future__ import annotations

import pandas as pd
import pytest

from nordstat.errors import SchemaViolationError
from nordstat.schema.columns import Column, Kind
from nordstat.schema.frame import DTYPES, conform, inferred, validate

COLUMNS = (
    Column("area", Kind.CATEGORY, ""),
    Column("sex", Kind.CATEGORY, "", values=("T", "M")),
    Column("note", Kind.TEXT, "", nullable=True),
    Column("age", Kind.WHOLE, "", nullable=True),
    Column("value", Kind.NUMBER, "", nullable=True),
    Column("kept", Kind.FLAG, "", nullable=True),
)


def table(**changes: object) -> pd.DataFrame:
    cells = {
        "area": ["0301", "17"],
        "sex": ["T", "M"],
        "note": ["å", None],
        "age": [15, None],
        "value": [2.6, None],
        "kept": [True, None],
    }
    return conform(pd.DataFrame(cells | changes), COLUMNS)


def failures(frame: pd.DataFrame) -> list[tuple[str, str]]:
    with pytest.raises(SchemaViolationError) as caught:
        validate(frame, COLUMNS)
    found = caught.value.failures
    return [(column, check.split(",")[0]) for column, check in zip(found["column"], found["check"], strict=True)]


def test_a_good_frame_comes_back_as_it_is() -> None:
    """Validation gives the very frame it was given."""
    frame = table()
    assert validate(frame, COLUMNS) is frame


def test_conform_stores_each_kind_as_the_dictionary_says() -> None:
    """Every kind of column has one storage type."""
    assert {name: str(dtype) for name, dtype in table().dtypes.items()} == {
        column.name: DTYPES[column.kind] for column in COLUMNS
    }


def test_conform_makes_empty_text_an_empty_cell() -> None:
    """An empty string and an absent text are one thing."""
    assert table(note=["", "x"])["note"].isna().tolist() == [True, False]


def test_conform_empties_an_empty_category() -> None:
    """The same holds for text stored as categories."""
    assert conform(pd.DataFrame({"area": pd.Categorical(["", "17"])}), COLUMNS)["area"].isna().tolist() == [True, False]


def test_conform_keeps_leading_zeros() -> None:
    """Oslo stays 0301."""
    assert table()["area"].tolist() == ["0301", "17"]


def test_conform_names_the_column_it_cannot_store() -> None:
    """A cell that is no number is refused with its column."""
    with pytest.raises(SchemaViolationError, match="age cannot be stored as whole"):
        table(age=["15", "fifteen"])


def test_half_an_age_is_no_whole_number() -> None:
    """15.5 is never rounded to a whole number."""
    with pytest.raises(SchemaViolationError, match="age cannot be stored as whole"):
        table(age=[15.5, 16.0])


def test_all_faults_come_in_one_report() -> None:
    """Several broken columns are reported together, each with its first row."""
    frame = table(sex=["X", "X"], area=[None, "17"])
    with pytest.raises(SchemaViolationError) as caught:
        validate(frame, COLUMNS, what="flows")
    report = str(caught.value)
    assert "flows: 2 checks fail" in report
    assert "area may not be empty" in report
    assert "sex is not one of T, M: 'X' in row 0 and 1 more rows" in report


def test_failures_are_a_frame_of_rows() -> None:
    """A program can read which rows failed, and why."""
    with pytest.raises(SchemaViolationError) as caught:
        validate(table(sex=["T", "X"]), COLUMNS)
    assert caught.value.failures[["column", "value", "row"]].values.tolist() == [["sex", "X", 1]]


def test_a_missing_column_is_named() -> None:
    """A column that is not there is reported by name."""
    assert failures(table().drop(columns="age")) == [("age", "is missing")]


def test_an_unknown_column_is_named() -> None:
    """A column the dictionary does not have is reported by name."""
    assert failures(table().assign(extra=1)) == [("extra", "is no column of this table")]


def test_codes_stored_as_plain_text_are_refused() -> None:
    """A category column is stored as categories."""
    assert failures(table().astype({"area": "string"})) == [("area", "is not stored as category")]


def test_numbers_stored_as_text_are_refused() -> None:
    """The wrong storage type is a fault, never converted on the way."""
    assert failures(table().assign(value=["1", "2"]))[0] == ("value", "is not stored as Float64")


def test_text_stored_as_numbers_is_refused() -> None:
    """A note column of whole numbers is a fault."""
    assert failures(table().assign(note=[1, 2])) == [("note", "holds something that is not text")]


def test_empty_text_is_refused() -> None:
    """Empty text would be the same bytes as an empty cell."""
    assert failures(table().assign(note=["", "x"])) == [("note", "holds something that is not text")]


def test_codes_that_are_numbers_are_refused() -> None:
    """Categories must be text: 301 is not 0301."""
    assert failures(table().assign(area=pd.Categorical([301, 17]))) == [("area", "holds something that is not text")]


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_only_finite_numbers_pass(number: float) -> None:
    """Infinity, and a not-a-number that is not an empty cell, are faults."""
    frame = table()
    frame["value"] = pd.arrays.FloatingArray(pd.Series([1.0, number]).to_numpy(), pd.Series([False, False]).to_numpy())
    assert failures(frame) == [("value", "holds no finite number")]


def test_text_may_be_stored_as_categories() -> None:
    """Text of few distinct values may be kept compact."""
    validate(table().astype({"note": "category"}), COLUMNS)


def test_columns_outside_the_dictionary_are_inferred() -> None:
    """Numbers and flags are recognised; everything else is text."""
    frame = pd.DataFrame({"id": ["F1"], "n": [1], "x": [0.5], "ok": [True]})
    assert [column.kind for column in inferred(frame)] == [Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.FLAG]
