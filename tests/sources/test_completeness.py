"""Whether an answer is a whole cube, and the one that was asked for."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import orjson
import pytest

from nordstat.model.selection import Choice, Query
from nordstat.sources.body import BrokenBodyError
from nordstat.sources.completeness import check_cube

RECORDED = [
    "scb_v2/TAB6471_data.json",
    "ssb_v1/data_05300_no_jsonstat2_2022.json",
    "ssb_v1/data_07459_en_jsonstat2.json",
    "ssb_v1/data_07459_no_jsonstat2.json",
    "ssb_v1/data_13861_no_jsonstat2.json",
    "ssb_v2/data_09654_no_v2beta.json",
]


def asked_for(document: dict[str, Any]) -> Query:
    """The query that a document answers, made of the codes in it."""
    choices = tuple(
        Choice(variable, tuple(document["dimension"][variable]["category"]["index"])) for variable in document["id"]
    )
    return Query("SSB", "1", choices)


@pytest.fixture(params=RECORDED)
def document(request: pytest.FixtureRequest, reference: Path) -> dict[str, Any]:
    """An answer as an office gave it."""
    return orjson.loads((reference / "recorded" / request.param).read_bytes())


@pytest.mark.corpus
def test_recorded_answers_are_whole(document: dict[str, Any]) -> None:
    """Answers of both offices, of 2022 to 2026, pass, and tell when they were updated."""
    assert check_cube(document, asked_for(document)) == document["updated"]


@pytest.mark.corpus
@pytest.mark.fault("H07")
def test_recorded_answers_short_of_a_cell_are_not(document: dict[str, Any]) -> None:
    """One cell less, one code other, or one variable more is noticed."""
    query = asked_for(document)
    short, other = copy.deepcopy(document), copy.deepcopy(document)
    short["value"].pop()
    index = other["dimension"][other["id"][-1]]["category"]["index"]
    index["9999"] = index.pop(next(iter(index)))
    more = Query("SSB", "1", (*query.choices, Choice("Extra", ("1",))))
    for broken, question in ((short, query), (other, query), (document, more)):
        with pytest.raises(BrokenBodyError):
            check_cube(broken, question)


def test_a_dimension_that_was_made_up_passes() -> None:
    """Where the contents are eliminated the server makes up a dimension of one code."""
    made_up = {"category": {"index": {"EliminatedValue": 0}}}
    dimension = {"Tid": {"category": {"index": ["2022"]}}, "ContentsCode": made_up}
    document = {"id": ["ContentsCode", "Tid"], "size": [1, 1], "dimension": dimension, "value": {"0": 1}}
    assert check_cube(document, Query("SSB", "1", (Choice("Tid", ("2022",)),))) == ""
    document["size"] = [2, 1]
    with pytest.raises(BrokenBodyError, match="nobody asked for"):
        check_cube(document, Query("SSB", "1", (Choice("Tid", ("2022",)),)))
