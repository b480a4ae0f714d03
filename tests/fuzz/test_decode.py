"""JSON-stat of any kind: read as a second reading has it, or refused; never a wrong cell, never another error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fuzz import oracle
from fuzz.documents import broken, damaged, doubled, valid
from fuzz.effort import effort
from nordstat.decode import read_jsonstat
from nordstat.errors import DecodeError
from nordstat.model.cube import Cube

CORPUS = sorted((Path(__file__).parent / "corpus" / "decode").iterdir())


def cells_of(cube: Cube) -> oracle.Cells:
    """Every cell of a cube by its codes, out of the frame."""
    frame = cube.to_frame().astype(object)
    rows = frame.where(frame.notna(), None).itertuples(index=False, name=None)
    return {row[:-2]: (row[-2], row[-1]) for row in rows}


def judge(document: Any, second_reading: Callable[[Any], oracle.Cells] = oracle.read) -> bool:
    """Read a document, and tell whether it was accepted: then every cell is as the second reading has it."""
    try:
        found = cells_of(read_jsonstat(document))
    except DecodeError:
        return False
    expected = second_reading(document)
    assert found == expected
    assert list(found) == list(expected)
    return True


@effort(100)
@given(valid())
def test_what_is_valid_is_read(text: bytes) -> None:
    """A valid document of any form is accepted, and every cell is right."""
    assert judge(text)


@effort(250)
@given(broken())
def test_what_is_broken_is_refused_or_read_right(text: bytes) -> None:
    """A document with places changed is refused, or says the same to both readings."""
    judge(text)


@effort(60)
@given(doubled())
def test_a_key_that_stands_twice_is_refused(text: bytes) -> None:
    """Whatever object it stands in and however it is spelled, a doubled key is never read."""
    assert not judge(text)


@effort(150)
@given(damaged())
def test_what_was_damaged_is_refused_or_read_right(text: bytes) -> None:
    """A text that lost or doubled bytes is refused, or says the same to both readings."""
    judge(text)


@effort(100)
@given(broken() | damaged())
def test_what_somebody_else_parsed_is_refused_or_read_right(text: bytes) -> None:
    """A parsed document is refused, or says the same to both readings: also with NaN or half a character in it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    assert isinstance(document, dict) or judge(document) is False
    if isinstance(document, dict):
        judge(document, oracle.read_parsed)


@effort(100)
@given(st.binary(max_size=64) | st.text(max_size=32).map(str.encode))
@example(b"[" * 100_000)
def test_bytes_that_are_nothing_are_refused(text: bytes) -> None:
    """Any other bytes are refused with an error of the tree."""
    judge(text)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_kept_documents_are_judged_as_before(path: Path) -> None:
    """What once was worth keeping is accepted or refused as its name says."""
    assert judge(path.read_bytes()) is path.name.startswith("read-")
