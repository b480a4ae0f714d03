"""Which verdicts rest on a convention or an assumption."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.model.verdict import Verdict
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.sensitivity import ONE_SIDED, Change, Sensitivity, sensitivity


@pytest.fixture(scope="module")
def found(corpus: Corpus, shipped: Mappings) -> Sensitivity:
    """What turns in the shipped evidence."""
    return sensitivity(corpus, pipeline.corpus(shipped, one_sided=1.0))


def test_every_convention_and_assumption_is_tried(found: Sensitivity) -> None:
    """One-sided phrases a whole unit wide, and each assumed step at each of its ends."""
    assert {(one.what, one.at) for one in found.variations} == {
        (ONE_SIDED, "a whole unit"),
        ("background-residence-bounds", "share_of_group 0"),
        ("background-residence-bounds", "share_of_group 1"),
        ("employees-all-employed", "factor 1"),
    }
    assert found.untried == ("employees-all-employed has an open end",)


def test_bounds_of_2015_carry_two_verdicts(found: Sensitivity) -> None:
    """That none, or all, of the Norwegian group lives in Sweden would each leave 22,700 and 21,400 unexplained."""
    expected = {
        Change("F099", Verdict.EXPLAINED, Verdict.PARTLY_EXPLAINED),
        Change("F188", Verdict.EXPLAINED, Verdict.PARTLY_EXPLAINED),
    }

    for one in found.variations:
        assert set(one.changes) == (expected if one.what == "background-residence-bounds" else set())


def test_half_unit_or_whole_unit_turns_no_verdict(found: Sensitivity) -> None:
    """The convention for "just over" and "nearly" decides nothing in the shipped evidence."""
    phrases = next(one for one in found.variations if one.what == ONE_SIDED)

    assert phrases.changes == ()


def test_verdict_that_rests_on_the_convention_is_named(corpus: Corpus, shipped: Mappings) -> None:
    """Were 900 the number of Norwegians to Sweden in 2009, just over 800 would contradict it at half a unit only."""
    wider = pipeline.corpus(shipped, one_sided=1.0)

    def with_another(evidence: Corpus) -> Corpus:
        item = evidence.item("F066")
        other = replace(item, interval=Interval.point(890), figure=replace(item.figure, id="X1", kind="transcribed"))
        kept = tuple(item for item in evidence.items if item.figure.id != "F080")
        return replace(evidence, items=(*kept, other))

    found = sensitivity(with_another(corpus), with_another(wider))

    assert Change("F066", Verdict.INCONSISTENT, Verdict.CONSISTENT) in found.variations[0].changes
    assert found.ranking[-1].changes == ()


def test_ranking_is_printed_with_what_turns(found: Sensitivity) -> None:
    """The variation that turns most verdicts stands first, and every change is told."""
    printed = str(found).splitlines()

    assert printed[0] == "  2  background-residence-bounds at share_of_group 0"
    assert printed[1].strip() == "F099: explained -> partly_explained"
    assert printed[-1] == "  -  employees-all-employed has an open end"
    assert found.table["verdicts"].tolist() == [2, 2, 0, 0]
