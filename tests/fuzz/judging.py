"""How a reading of JSON-stat is judged: it is refused with an error of the tree, or right in every cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fuzz import oracle
from nordstat.decode import read_jsonstat
from nordstat.errors import DecodeError
from nordstat.model.cube import Cube


def judge(document: Any, second_reading: Callable[[Any], oracle.Cells] = oracle.read) -> bool:
    """Read a document, and tell whether it was accepted: then every cell is as the second reading has it."""
    try:
        found = _cells_of(read_jsonstat(document))
    except DecodeError:
        return False
    expected = second_reading(document)
    assert found == expected
    assert list(found) == list(expected)
    return True


def _cells_of(cube: Cube) -> oracle.Cells:
    """Every cell of a cube by its codes, out of the frame."""
    frame = cube.to_frame().astype(object)
    rows = frame.where(frame.notna(), None).itertuples(index=False, name=None)
    return {row[:-2]: (row[-2], row[-1]) for row in rows}
