"""Values: dense, sparse or as text, each attached to its own cell or refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from decode.documents import dataset, dimension, text
from nordstat.decode import read_jsonstat
from nordstat.errors import DecodeError, ShapeMismatchError, UnknownStatusError


def numbers(value: Any, **changes: Any) -> list[float | None]:
    """The values of a document, ``None`` where there is none."""
    found = read_jsonstat(text(dataset(value=value, **changes))).values
    return [None if np.isnan(number) else number for number in found.tolist()]


@pytest.mark.fault("J04")
@pytest.mark.parametrize(("value", "told"), [([1] * 5, "5 values for 6 cells"), ([1] * 7, "7 values for 6 cells")])
def test_too_few_or_too_many_values_are_refused(value: list[int], told: str) -> None:
    """The number of values is the product of the sizes; the fault gives both."""
    with pytest.raises(ShapeMismatchError, match=told) as caught:
        numbers(value)
    assert caught.value.where == "value"


@pytest.mark.fault("J08")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"1": 7, "5": 0}, [None, 7, None, None, None, 0]),
        ({"5": 1.5, "0": None}, [None, None, None, None, None, 1.5]),
        ({"2": "3", "0": ".."}, [None, None, 3, None, None, None]),
        ({}, [None] * 6),
    ],
)
def test_cell_absent_from_a_sparse_object_is_missing(value: dict[str, Any], expected: list[float | None]) -> None:
    """A cell that a sparse object leaves out is missing and never zero; so are all cells of an empty one."""
    assert expected == numbers(value)


@pytest.mark.fault("J08")
@pytest.mark.parametrize("key", ["6", "-1", "999999999999999999", "9999999999999999999", "1" * 5000])
def test_position_outside_the_cube_is_refused(key: str) -> None:
    """A value that belongs to no cell is not dropped."""
    with pytest.raises(DecodeError, match=r"in a cube of 6 cells|is no position"):
        numbers({"0": 1, key: 2})


@pytest.mark.parametrize("key", ["", "01", "+1", " 1", "1.0", "1e0", "a", "١", "-0", "1_0"])
def test_position_not_plainly_written_is_refused(key: str) -> None:
    """A position has one spelling, so that no two keys can mean one cell."""
    with pytest.raises(DecodeError, match="is no position"):
        numbers({"0": 1, key: 2})


def test_position_that_is_no_text_is_refused() -> None:
    """In a parsed document a key may be a number; JSON has none."""
    with pytest.raises(DecodeError, match="'0' is no position"):
        read_jsonstat(dataset(value={0: 1}))


def test_empty_cube_has_no_cells() -> None:
    """A dimension without categories makes a cube without cells."""
    empty = {"Region": dimension([]), "Tid": dimension(["2021", "2022", "2023"])}
    assert numbers([], dimension=empty, size=[0, 3]) == []


def test_sparse_document_cannot_claim_any_number_of_cells() -> None:
    """A few bytes may not make the process ask for terabytes."""
    ids = [f"d{place}" for place in range(12)]
    wide = {name: dimension([str(code) for code in range(100)]) for name in ids}
    with pytest.raises(ShapeMismatchError, match="a cube holds at most"):
        numbers({}, id=ids, size=[100] * 12, dimension=wide, role=None)


@pytest.mark.fault("J13")
def test_numbers_as_text_are_parsed() -> None:
    """A text in JSON's own number format is that number."""
    assert numbers(["1", "-2.5", "0", "1.2e3", None, 6]) == [1, -2.5, 0, 1200, None, 6]


@pytest.mark.fault("J13")
def test_sign_among_the_values_becomes_the_status() -> None:
    """A known sign in the place of a number leaves the value missing and is kept as the status."""
    cube = read_jsonstat(dataset(value=["1", "..", ":", "-", 5, "6"]))
    assert [
        (symbol, None if np.isnan(value) else value)
        for value, symbol in (cube.cell(Region=r, Tid=t) for r in ("1784", "1715") for t in ("2021", "2022", "2023"))
    ] == [("", 1), ("..", None), (":", None), ("-", None), ("", 5), ("", 6)]


@pytest.mark.fault("J13")
@pytest.mark.parametrize(
    "strange", ["x", "n/a", "", " ", "A1B1C1", "NaN", "inf", "1x", "(17)", "....x", "1e9999999999"]
)
def test_unknown_text_among_the_values_stops_the_reading(strange: str) -> None:
    """A text that is neither a number nor a known sign is refused, with its cell."""
    with pytest.raises(UnknownStatusError, match="neither a number nor a known sign") as caught:
        numbers([1, 2, strange, 4, 5, 6])
    assert caught.value.where == "value[2]"


@pytest.mark.fault("J18")
@pytest.mark.parametrize(
    "written",
    ["2,6", "17 000", "17\u2009000", "17\u00a0000", "17\u202f000", "\u22123", "17.000,5", "+3", "03", "1.", ".5"],
)
def test_number_written_for_people_is_refused(written: str) -> None:
    """A decimal comma, spaces in thousands and a typographic minus are refused, never read as another number."""
    with pytest.raises(DecodeError, match="is no JSON number") as caught:
        numbers([1, written, 3, 4, 5, 6])
    assert caught.value.where == "value[1]"


@pytest.mark.parametrize("strange", [True, False, [1], {"a": 1}])
@pytest.mark.parametrize("others", [[2, 3, 4, 5, 6], [2.5, None, 4, 5, 6], ["2", 3, 4, 5, 6]])
def test_value_of_another_type_is_refused(strange: Any, others: list[Any]) -> None:
    """A truth value is no number, nor is an array or an object."""
    with pytest.raises(DecodeError, match="no number but"):
        numbers([strange, *others])


@pytest.mark.parametrize(
    ("strange", "told"),
    [(Decimal("1.5"), "no number but Decimal"), (b"1", "no number but bytes"), ("\ud800", "neither")],
)
def test_value_no_json_text_can_hold_is_refused(strange: Any, told: str) -> None:
    """A parsed document may hold what JSON cannot; it is refused in words too."""
    with pytest.raises(DecodeError, match=told):
        read_jsonstat(dataset(value=[strange, 2, 3, 4, 5, 6]))


@pytest.mark.parametrize("only", [True, False])
def test_truth_values_alone_are_no_numbers(only: bool) -> None:
    """An array of nothing but truth values is refused too."""
    with pytest.raises(DecodeError, match="no number but bool"):
        numbers([only] * 6)


@pytest.mark.parametrize("value", [None, 6, "6", True])
def test_value_that_is_neither_array_nor_object_is_refused(value: Any) -> None:
    """A dataset without values, or with one for all, is no cube."""
    with pytest.raises(DecodeError, match="value: an array or an object of numbers is meant"):
        numbers(value)


@pytest.mark.parametrize("exact", [2**53, -(2**53), "9007199254740992", "-9007199254740992", 2**53 - 1])
@pytest.mark.parametrize("others", [[1, 2, 3, 4, 5], [1.5, None, 3, 4, 5]])
def test_largest_exact_number_is_kept(exact: int | str, others: list[Any]) -> None:
    """Up to 2**53 every whole number is itself in a double."""
    assert int(exact) == numbers([exact, *others])[0]


@pytest.mark.parametrize(
    "large", [2**53 + 1, -(2**53) - 1, 2**63, 2**64, "9007199254740993", 1e16, "1e400", "1" * 5000, -(2**70)]
)
@pytest.mark.parametrize("others", [[1, 2, 3, 4, 5], [1.5, None, 3, 4, 5], ["1", 2, 3, 4, 5]])
def test_number_that_would_lose_digits_is_refused(large: int | str | float, others: list[Any]) -> None:
    """Beyond 2**53 a double loses whole numbers, so the document is refused instead."""
    with pytest.raises(DecodeError, match=r"beyond 2\*\*53") as caught:
        numbers([large, *others])
    assert caught.value.where == "value[0]"


@pytest.mark.parametrize("value", [[1, 2, 3, 4, 5, 6], [1.5, 2, 3, 4, 5, 6], [None, 2, 3, 4, 5, 6], {"0": 1}])
def test_arrays_of_a_cube_cannot_be_written_to(value: Any) -> None:
    """A cube is frozen, its arrays included; a frame made of it has its own memory."""
    cube = read_jsonstat(dataset(value=value, status=":"))
    assert cube.status is not None
    for array in (cube.values, cube.status):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    frame = cube.to_frame()
    frame.loc[0, "value"] = 99.0
    assert cube.values[0] != 99.0
