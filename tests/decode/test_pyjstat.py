"""pyjstat as the second opinion: the same cube, or an error that says which engine failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings

from decode.documents import dataset, dimension, text
from decode.test_oracle import documents
from nordstat.decode import read_jsonstat
from nordstat.decode.pyjstat_engine import values_by_pyjstat
from nordstat.errors import DecodeError, ShapeMismatchError

BREAKS = int(pd.__version__.split(".")[0]) >= 3
"""pyjstat 2.4.0 raises KeyError on pandas 3 for a single category without an index."""


def same(document: Any, **choice: Any) -> None:
    ours, theirs = read_jsonstat(document, **choice), read_jsonstat(document, engine="pyjstat", **choice)
    np.testing.assert_array_equal(ours.values, theirs.values)
    pd.testing.assert_frame_equal(ours.to_frame("both"), theirs.to_frame("both"))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"value": {"1": 5, "3": 0}, "status": {"0": ".."}},
        {"value": [None, "..", 3, "4", 5.5, 6]},
        {"status": ["a"]},
    ],
)
def test_second_opinion_is_the_same_cube(changes: dict[str, Any]) -> None:
    """Codes, labels, values and status agree between the engines."""
    same(text(dataset(version="2.0", **changes)))


@settings(deadline=None, max_examples=100)
@given(documents())
def test_engines_agree_on_every_form_pyjstat_reads(document: dict[str, Any]) -> None:
    """pyjstat attaches every value to the same codes, in all forms but those it cannot read."""
    indexed = all("index" in side["category"] for side in document["dimension"].values())
    assume(document["value"] != {} and (indexed or not BREAKS))
    same(text(document | {"version": "2.0"}))


def test_layouts_of_all_versions_reach_the_engine() -> None:
    """A dataset of 2.0 without its class, and one of 1.x that keeps ids and sizes inside, are read by both."""
    new = dataset(**{"class": None})
    older = dataset(**{"class": None, "version": None})
    inner = older["dimension"] | {key: older.pop(key) for key in ("id", "size", "role")}
    for document in (new, older | {"dimension": inner}):
        same(text(document))


def test_engine_that_leaves_a_dimension_out_is_refused() -> None:
    """Rows without a column for each dimension cannot be attached to cells."""
    renamed = dataset(id=["Kommun", "Tid"], role=None)
    renamed["dimension"] = {"Kommun": renamed["dimension"]["Region"], "Tid": renamed["dimension"]["Tid"]}
    with pytest.raises(DecodeError) as caught:
        values_by_pyjstat(dataset(), read_jsonstat(renamed))
    assert caught.value.what == "engine pyjstat disagrees about the codes"
    assert caught.value.where == "dimension.Kommun"


def test_engine_that_attaches_values_to_other_codes_is_refused() -> None:
    """Values are taken from pyjstat only where its rows have the codes of the cube."""
    turned = dataset(dimension=dataset()["dimension"] | {"Region": dimension(["1715", "1784"])})
    with pytest.raises(DecodeError, match="disagrees about the codes") as caught:
        values_by_pyjstat(dataset(), read_jsonstat(turned))
    assert caught.value.where == "dimension.Region"


def test_failure_of_the_engine_names_it() -> None:
    """An engine that fails is named, with its own complaint and the way out."""
    with pytest.raises(DecodeError, match="engine pyjstat failed: ") as caught:
        read_jsonstat(dataset(value={}, version="x"), engine="pyjstat")
    assert 'engine="nordstat"' in caught.value.hint


@pytest.mark.skipif(not BREAKS, reason="pyjstat works on this pandas")
@pytest.mark.fault("J09")
def test_single_category_without_index_fails_in_pyjstat_alone() -> None:
    """On pandas 3 pyjstat cannot read what the default engine can; that is told, not hidden."""
    document = dataset(
        id=["Region"], size=[1], role=None, dimension={"Region": dimension(None, {"1784": "Arvika"})}, value=[7]
    )
    assert read_jsonstat(document).values.tolist() == [7.0]
    with pytest.raises(DecodeError, match="engine pyjstat failed: KeyError"):
        read_jsonstat(document, engine="pyjstat")


@pytest.mark.fault("J05")
@pytest.mark.fault("J06")
@pytest.mark.parametrize(
    "changes", [{"size": [3, 3]}, {"dimension": {"Region": dimension({"1784": 0, "1715": 0}), "Tid": dimension([])}}]
)
def test_contradictory_document_is_refused_before_the_engine_sees_it(changes: dict[str, Any]) -> None:
    """pyjstat ignores sizes, gaps and doubles; they are refused under either engine."""
    with pytest.raises(ShapeMismatchError):
        read_jsonstat(dataset(**changes), engine="pyjstat")


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name",
    [
        "scb_v1/data_BefolkningNy_en_jsonstat1.json",
        "scb_v2/TAB6471_data.json",
        "ssb_v1/data_05300_no_jsonstat2_2022.json",
        "ssb_v1/data_07459_en_jsonstat2.json",
        "ssb_v1/data_07459_no_jsonstat2.json",
        "ssb_v1/data_13861_no_jsonstat2.json",
        "ssb_v1/dataset_29843_en_jsonstat1.json",
        "ssb_v2/data_09654_no_v2beta.json",
        "other_jsonstat/pyjstat_cantabria.json",
        "jsonstat_org_v2/hierarchy.json",
    ],
)
def test_engines_agree_on_recorded_answers(reference: Path, name: str) -> None:
    """Both engines attach every value of a real answer to the same codes."""
    same(reference / "recorded" / name)
