"""The copy for a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from nordstat.release.spreadsheet import export_spreadsheet

DANGEROUS = ["=1+1", "+46 54", "-2", "@SUM(A1)", "\tabc", "\rabc", "  =1", "=cmd|'/c calc'!A0"]


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.mark.fault("E01")
@pytest.mark.parametrize("label", DANGEROUS)
def test_text_that_would_run_is_led_in_by_an_apostrophe(label: str, tmp_path: Path) -> None:
    """No text cell begins with a sign a spreadsheet runs."""
    path = export_spreadsheet(pd.DataFrame({"label": [label]}), tmp_path / "t.csv")
    assert cells(path)[1] == [f"'{label}"]


@pytest.mark.fault("E01")
def test_numbers_below_zero_stay_numbers(tmp_path: Path) -> None:
    """-1 in a number column is -1."""
    path = export_spreadsheet(pd.DataFrame({"whole": [-1], "part": [-2.5]}), tmp_path / "t.csv")
    assert cells(path)[1] == ["-1", "-2,5"]


@pytest.mark.fault("E01")
def test_a_column_name_that_would_run_is_escaped_too(tmp_path: Path) -> None:
    """The header is text from data like any other."""
    assert cells(export_spreadsheet(pd.DataFrame({"=A1": [1]}), tmp_path / "t.csv"))[0] == ["'=A1"]


@pytest.mark.fault("E04")
def test_it_opens_in_a_swedish_or_norwegian_excel(tmp_path: Path) -> None:
    """Byte order mark, semicolons, CRLF and a decimal comma."""
    frame = pd.DataFrame({"län": ["Värmland"], "andel": [2.6], "antal": [17749.0]})
    assert export_spreadsheet(frame, tmp_path / "t.csv").read_bytes() == (
        b"\xef\xbb\xbf" + "län;andel;antal\r\nVärmland;2,6;17749\r\n".encode()
    )


@pytest.mark.fault("E04")
def test_the_decimal_mark_can_be_a_point(tmp_path: Path) -> None:
    """For a reader whose country writes 2.6."""
    assert cells(export_spreadsheet(pd.DataFrame({"x": [2.6]}), tmp_path / "t.csv", decimal="."))[1] == ["2.6"]


@pytest.mark.fault("E04")
@pytest.mark.parametrize("code", ["0301", "17", "2016-11", "2016", "1/2", "1E5", "03:21"])
def test_codes_stay_text(code: str, tmp_path: Path) -> None:
    """Oslo does not become 301, and November 2016 no date."""
    assert cells(export_spreadsheet(pd.DataFrame({"code": [code]}), tmp_path / "t.csv"))[1] == [f"'{code}"]


def test_other_text_is_left_alone(tmp_path: Path) -> None:
    """Labels, quarters and identifiers are as they were; a semicolon or a quote is quoted."""
    words = ["Värmland", "2016-Q4", "SSB:03321", 'a;"b"', "3 kommuner"]
    read = cells(export_spreadsheet(pd.DataFrame({"t": words}), tmp_path / "t.csv"))[1:]
    assert [row[0] for row in read] == words


def test_empty_cells_are_empty(tmp_path: Path) -> None:
    """Nothing stands where nothing is known."""
    frame = pd.DataFrame({"t": [None, "a"], "n": [None, 1.0], "c": pd.Categorical([None, "x"])})
    assert cells(export_spreadsheet(frame, tmp_path / "t.csv"))[1] == ["", "", ""]


def test_a_table_may_be_empty(tmp_path: Path) -> None:
    """The header alone."""
    assert cells(export_spreadsheet(pd.DataFrame({"a": []}), tmp_path / "t.csv")) == [["a"]]
