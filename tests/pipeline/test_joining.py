"""Joining: every cell in its place by its codes, or a refusal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nordstat.errors import ShapeMismatchError
from nordstat.model.cube import Cube, Dimension
from nordstat.model.part import part_of
from nordstat.pipeline.joining import joined

CODES = {"A": ("a", "b", "c"), "B": ("x", "y")}


def cube(**codes: str) -> Cube:
    """A part of the whole table, cell ``(row, column)`` holding ``10 * row + column``; ``A="ab"`` names its codes."""
    told = {name: tuple(codes.get(name, "".join(CODES[name]))) for name in CODES}
    rows = [CODES["A"].index(code) for code in told["A"]]
    columns = [CODES["B"].index(code) for code in told["B"]]
    return Cube(
        label="part",
        source="",
        updated="2026",
        dimensions=tuple(Dimension(name, name, codes, tuple(c.upper() for c in codes)) for name, codes in told.items()),
        values=np.array([10.0 * row + column for row in rows for column in columns]),
    )


def with_symbol(made: Cube, place: int, symbol: str) -> Cube:
    flags = np.full(len(made.values), -1, dtype=np.int8)
    flags[place] = 0
    return replace(made, status=flags, symbols=(symbol,))


def test_parts_in_any_order_give_the_whole() -> None:
    """Neither the order of the parts, nor that of their codes, nor that of their dimensions plays a part."""
    turned = part_of(cube(A="cb", B="y"), {"B": ["y"], "A": ["c", "b"]})
    whole = joined([cube(A="cb", B="x"), turned, cube(A="a")], CODES, label="whole")

    assert whole.label == "whole"
    assert whole.values.tolist() == cube().values.tolist()
    assert whole.dimension("A").labels == ("A", "B", "C")


def test_symbols_of_all_parts_are_kept() -> None:
    """A symbol one part has and another has not stays at its cell."""
    whole = joined([with_symbol(cube(A="a"), 1, ":"), cube(A="b"), with_symbol(cube(A="c"), 0, "..")], CODES)

    assert whole.symbols == ("..", ":")
    assert whole.status is not None
    assert whole.status.tolist() == [-1, 1, -1, -1, 0, -1]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([cube(A="ab"), cube(A="bc")], "leave 0 empty and fill 2 twice"),
        ([cube(A="ab"), cube(A="c", B="x")], "leave 1 empty and fill 0 twice"),
        ([cube(A="a"), cube(A="b")], r"codes of A that are asked for or given, not both: \['c'\]"),
        ([cube(A="ab"), replace(cube(A="c"), dimensions=cube().dimensions[:1])], "not every part has the dimension B"),
    ],
)
def test_parts_that_do_not_make_a_whole_are_refused(parts: list[Cube], words: str) -> None:
    """A cell that is missing or told twice, a code or a dimension that is missing: no cube."""
    with pytest.raises(ShapeMismatchError, match=words):
        joined(parts, CODES)


def test_a_part_of_a_cube_needs_codes_it_has() -> None:
    """A code the cube lacks is an error, not an empty row."""
    with pytest.raises(KeyError, match="z"):
        part_of(cube(), {"A": ["z"], "B": ["x"]})
