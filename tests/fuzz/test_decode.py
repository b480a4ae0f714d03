"""JSON-stat of any kind: read as a second reading has it, or refused; never a wrong cell, never another error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fuzz import oracle
from fuzz.documents import broken, damaged, doubled, valid
from fuzz.effort import effort
from fuzz.judging import judge

CORPUS = sorted((Path(__file__).parent / "corpus" / "decode").iterdir())


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
