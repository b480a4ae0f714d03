"""The one way a table becomes bytes."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordstat.errors import ReleaseError
from nordstat.release.canonical import csv_rows, json_text, number_text, text
from nordstat.release.markdown import cell, table

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1))
def test_any_text_survives_the_csv(rows: list[tuple[str, str]]) -> None:
    """Python's own reader gives back every comma, quote, line break and letter."""
    columns = [text(pa.array(column)) for column in zip(*rows, strict=True)]
    read = list(csv.reader(io.StringIO(bytes(csv_rows(columns)).decode(), newline="")))
    assert [tuple(row) for row in read] == rows


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), NUMBER)))
def test_any_number_survives_the_csv(numbers: list[float | None]) -> None:
    """The text of a number reads back as exactly that number, and nothing as nothing."""
    written = number_text(pa.array(numbers, pa.float64())).to_pylist()
    assert [None if word is None else float(word) for word in written] == numbers


@settings(deadline=None)
@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_whole_numbers_have_no_point(number: int) -> None:
    """17749 is 17749."""
    assert number_text(pa.array([float(number)])).to_pylist() == [str(number)]


def test_quotes_stand_only_where_needed() -> None:
    """Plain text is plain."""
    words = ["plain", "a,b", 'say "x"', "line\nbreak", "=1+1", None]
    assert text(pa.array(words)).to_pylist() == ["plain", '"a,b"', '"say ""x"""', '"line\nbreak"', "=1+1", None]


def test_flags_are_true_and_false() -> None:
    """As JSON and the package schema write them."""
    assert text(pa.array([True, False, None])).to_pylist() == ["true", "false", None]


def test_json_is_sorted_and_exact() -> None:
    """Keys in order, whole numbers whole, dates as text, letters as they are."""
    told = {"b": 17749.0, "a": [np.float64(2.6), np.int64(3), pd.NA, pd.Timestamp("2026-11-01").date()], "å": True}
    assert json.loads(json_text(told)) == {"a": [2.6, 3, None, "2026-11-01"], "b": 17749, "å": True}
    assert json_text(told) == json_text(dict(reversed(told.items())))
    assert "17749.0" not in json_text(told)
    assert "å" in json_text(told)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "a"}, {"a": object()}])
def test_json_has_no_word_for_some_things(value: object) -> None:
    """They are refused, never written as something else."""
    with pytest.raises(ReleaseError, match="cannot be written as JSON"):
        json_text(value)


@pytest.mark.fault("E03")
@settings(deadline=None)
@given(st.lists(TEXT, min_size=1))
def test_a_markdown_table_keeps_its_shape(words: list[str]) -> None:
    """Pipes, line breaks, dollar signs and backticks in a label add no cell and no line."""
    lines = table(["label", "n"], [[cell(word), 1] for word in words]).splitlines()
    assert len(lines) == len(words) + 2
    assert all(line.replace("\\|", "").count("|") == 3 for line in lines)


def test_markup_in_a_markdown_cell_is_text() -> None:
    """A script in a label is shown, not run."""
    assert "<script>" not in cell("<script>alert(1)</script>")


@pytest.mark.fault("E03")
def test_signs_of_markdown_are_escaped() -> None:
    """A backtick, a dollar sign, a star or a bracket in a label is shown as it is."""
    assert cell("`a` $b$ *c* [d]_e_") == r"\`a\` \$b\$ \*c\* \[d\]\_e\_"
