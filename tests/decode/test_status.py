"""Status symbols: kept in every form, and read by the legend of the office that printed them."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from decode.documents import dataset, text
from nordstat.decode import read_jsonstat, read_status
from nordstat.errors import DecodeError, ShapeMismatchError, UnknownStatusError
from nordstat.model.cube import Cube
from nordstat.model.symbol import Symbol

SSB = {
    symbol.symbol: symbol
    for symbol in (
        Symbol(".", "Ikke mulig å oppgi tall", "M"),
        Symbol("..", "Tallgrunnlag mangler", "O"),
        Symbol(":", "Vises ikke av konfidensialitetshensyn", "Q", "C"),
        Symbol("-", "Null", "A", value=0.0),
        Symbol("*", "Foreløpig tall", "P"),
    )
}
MISSING = [None] * 6


def cube(value: Any, status: Any = None) -> Cube:
    return read_jsonstat(text(dataset(value=value, status=status)))


def symbols(found: Cube) -> list[str | None]:
    column = found.to_frame()["status"].astype(object)
    return column.where(column.notna(), None).tolist()


@pytest.mark.fault("J15")
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("..", [".."] * 6),
        ([".."], [".."] * 6),
        ([None, "..", ":", None, "", ".."], [None, "..", ":", None, None, ".."]),
        ({"5": "..", "1": "..", "2": ":"}, [None, "..", ":", None, None, ".."]),
        ({}, [None] * 6),
        (None, [None] * 6),
        ("", [None] * 6),
    ],
)
def test_every_form_of_status_reads_the_same(status: Any, expected: list[str | None]) -> None:
    """One text for all, an array with one element or one a cell, and an object of positions."""
    assert expected == symbols(cube(MISSING, status))


@pytest.mark.fault("J14")
@pytest.mark.parametrize("count", [3, 200])
def test_as_many_symbols_come_out_as_went_in(count: int) -> None:
    """No status is lost on the way to the frame, however many there are and however many kinds."""
    region = {"category": {"index": [f"{code:04}" for code in range(count)]}}
    status = {str(position): f"s{position}" for position in range(1, count)}
    document = dataset(id=["Region"], size=[count], role=None, dimension={"Region": region}, value={}, status=status)
    frame = read_jsonstat(document).to_frame()
    assert Counter(status.values()) == Counter(frame["status"].dropna())


@pytest.mark.fault("J14")
def test_symbol_beside_a_number_is_kept() -> None:
    """SSB may put a status on a cell that has a value; both are kept."""
    assert cube([1, 2, 3, 4, 5, 6], {"2": "*"}).cell(Region="1784", Tid="2023") == (3.0, "*")


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        ([".."] * 5, ShapeMismatchError, "5 elements for 6 cells"),
        ([], ShapeMismatchError, "0 elements for 6 cells"),
        ({"6": ".."}, ShapeMismatchError, "position 6 in a cube of 6 cells"),
        ({"a": ".."}, DecodeError, "'a' is no position"),
        ({"value": [".."], "category": {}}, DecodeError, "is no position"),
        ({"0": 1}, DecodeError, "a status is a text; int found"),
        ([1, 2, 3, 4, 5, 6], DecodeError, "a status is a text; int found"),
        ({"0": ["a"]}, DecodeError, "a status is a text; list found"),
        (5, DecodeError, "a text, an array or an object is meant"),
    ],
)
def test_status_that_does_not_fit_is_refused(status: Any, error: type[DecodeError], told: str) -> None:
    """A status for no cell, for too few, or that is no text, is refused with its place."""
    with pytest.raises(error, match=told) as caught:
        cube(MISSING, status)
    assert caught.value.where == "status"


def test_sign_and_status_of_a_cell_must_agree() -> None:
    """A sign in the value's place and another in the status contradict each other; the same one does not."""
    with pytest.raises(DecodeError, match=r"the value is '\.\.' and the status ':'"):
        cube(["..", 2, 3, 4, 5, 6], {"0": ":"})
    assert symbols(cube(["..", 2, 3, 4, 5, 6], {"0": "..", "1": ":"})) == ["..", ":", None, None, None, None]


@pytest.mark.fault("J17")
def test_null_zero_dash_and_dots_are_four_things() -> None:
    """Missing without a reason, zero, true zero by its symbol, and not available stay apart."""
    frame = read_status(cube([None, 0, None, None, 5, None], {"2": "-", "3": "..", "5": ":"}), SSB)
    expected = pd.DataFrame(
        {
            "obs_value": [np.nan, 0.0, 0.0, np.nan, 5.0, np.nan],
            "obs_status": ["O", "A", "A", "O", "A", "Q"],
            "conf_status": ["F", "F", "F", "F", "F", "C"],
            "obs_status_source": [np.nan, np.nan, "-", "..", np.nan, ":"],
        }
    )
    pd.testing.assert_frame_equal(expected, frame, check_dtype=False, check_categorical=False)


@pytest.mark.fault("J08")
@pytest.mark.parametrize(("value", "expected"), [({}, "OOOOOO"), ({"1": 0, "4": 7}, "OAOOAO")])
def test_cell_absent_from_a_sparse_object_is_missing_without_a_reason(value: dict[str, int], expected: str) -> None:
    """Whatever a sparse object leaves out is O; a zero that it holds is an ordinary number."""
    assert "".join(read_status(cube(value), SSB)["obs_status"]) == expected


@pytest.mark.fault("J14")
def test_each_symbol_reaches_its_status() -> None:
    """Counts of published symbols, of OBS_STATUS and of CONF_STATUS belong together."""
    frame = read_status(cube([1, 2, None, None, None, None], {"1": "*", "2": ".", "3": ":", "4": ":", "5": "-"}), SSB)
    assert frame["obs_status"].value_counts().to_dict() == {"A": 2, "P": 1, "M": 1, "Q": 2}
    assert frame["conf_status"].value_counts().to_dict() == {"F": 4, "C": 2}
    assert frame["obs_status_source"].value_counts().to_dict() == {"*": 1, ".": 1, ":": 2, "-": 1}


def test_symbol_without_a_number_or_a_reason_is_missing() -> None:
    """A provisional cell without a number is missing for a reason nobody gave."""
    frame = read_status(cube(MISSING, {"0": "*"}), SSB)
    assert frame["obs_status"].tolist() == ["O"] * 6


@pytest.mark.fault("J13")
def test_symbol_unknown_to_the_legend_stops_the_reading() -> None:
    """A symbol whose meaning nobody wrote down is not guessed; the fault names all of them and the table."""
    with pytest.raises(UnknownStatusError, match=r"no meaning is known for '\.\.\.\.', 'x'") as caught:
        read_status(cube(MISSING, {"0": "x", "1": "....", "2": ".."}), SSB)
    assert caught.value.where == "Pendlare till Norge"


def test_symbols_come_out_as_the_text_they_are() -> None:
    """Symbols are kept as plain Python texts under every pandas, in the cube's order, used or not."""
    source = read_status(cube(MISSING, {"0": "*", "1": ".."}), SSB)["obs_status_source"]
    assert source.cat.categories.dtype == object
    assert list(source.cat.categories) == ["*", ".."]
    assert source.cat.codes.dtype == np.int8


def test_dash_means_what_the_legend_says() -> None:
    """A dash is a zero only where the office says so."""
    legend = {"-": Symbol("-", "not applicable", "M")}
    frame = read_status(cube(MISSING, "-"), legend)
    assert math.isnan(frame["obs_value"].iloc[0])
    assert frame["obs_status"].iloc[0] == "M"


@pytest.mark.parametrize(("symbol", "value"), [("..", 0), (":", 4), ("-", 1)])
def test_number_beside_a_symbol_that_denies_it_is_refused(symbol: str, value: int) -> None:
    """A number beside "not available", or beside a zero sign that it is not, contradicts itself; with its cell."""
    with pytest.raises(DecodeError, match="1 such cells") as caught:
        read_status(cube([1, 2, 3, 4, value, 6], {"0": "*", "4": symbol}), SSB)
    assert caught.value.where == "Region=1715, Tid=2022"
    assert caught.value.what.startswith(f"the number {value} beside {symbol!r}, which means another")


def test_zero_beside_its_own_sign_is_no_contradiction() -> None:
    """A zero with the sign for zero is one zero."""
    assert read_status(cube([0, 2, 3, 4, 5, 6], {"0": "-"}), SSB)["obs_value"].iloc[0] == 0.0


def test_cube_without_symbols_is_normal_or_unexplained() -> None:
    """Without a status column every number is normal and every hole unexplained."""
    frame = read_status(cube([1, None, 3, 4, 5, 6]), SSB)
    assert frame["obs_status"].tolist() == ["A", "O", "A", "A", "A", "A"]
    assert frame["obs_status_source"].isna().all()


def test_reading_the_status_changes_nothing_in_the_cube() -> None:
    """Values filled in by the legend are the frame's own."""
    found = cube(MISSING, "-")
    read_status(found, SSB)
    assert np.isnan(found.values).all()


def test_status_takes_a_byte_a_cell() -> None:
    """The codes of a few symbols are stored as small as they can be."""
    found = cube(MISSING, "-").status
    assert found is not None
    assert found.dtype == np.int8
