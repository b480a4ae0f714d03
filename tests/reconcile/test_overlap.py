"""People who may stand in two registers at once."""

from __future__ import annotations

import pytest

from nordstat.errors import SettingsError
from nordstat.model.bridge import Method
from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.overlap import either


@pytest.mark.fault("R14")
def test_two_registers_together_are_never_the_plain_sum(corpus: Corpus) -> None:
    """22,700 linked and 21,400 by SSB are at least the larger and at most the sum, with the overlap as a step."""
    found = either(corpus.item("F099"), corpus.item("F188"))

    assert found.result == Interval(22_650, 44_150)
    assert found.both == Interval(0, 21_450)
    assert found.method is Method.ASSUMED
    assert "- counted in both: [0, 21,450], assumed" in str(found)


@pytest.mark.fault("R14")
def test_measured_overlap_is_taken_off_with_its_source(corpus: Corpus) -> None:
    """With 20,000 known to stand in both, 44,050 to 44,150 entries are 24,050 to 24,150 people."""
    found = either(corpus.item("F099"), corpus.item("F188"), both=Interval.point(20_000), source="a linkage")

    assert found.result == Interval(24_050, 24_150)
    assert found.method is Method.MEASURED


def test_everybody_in_both_is_the_larger_count(corpus: Corpus) -> None:
    """However large the overlap, there are no fewer people than one register alone has."""
    found = either(corpus.item("F099"), corpus.item("F188"), both=Interval(21_400, 21_450), source="a linkage")

    assert found.result.floor == 22_650


@pytest.mark.fault("R14")
@pytest.mark.parametrize(
    ("both", "source", "words"),
    [
        (Interval.point(20_000), "", "without a source"),
        (Interval.point(30_000), "a linkage", "cannot stand in both"),
        (Interval(-5, 5), "a linkage", "cannot stand in both"),
    ],
)
def test_overlap_that_cannot_be_is_refused(corpus: Corpus, both: Interval, source: str, words: str) -> None:
    """An overlap needs a source and fits into the smaller count."""
    with pytest.raises(SettingsError, match=words):
        either(corpus.item("F099"), corpus.item("F188"), both=both, source=source)


def test_counts_of_different_flows_or_times_have_no_overlap(corpus: Corpus) -> None:
    """Sweden to Norway and Sweden to Finland, or 2015 and 2016, are not asked."""
    for other in ("F101", "F190"):
        with pytest.raises(SettingsError, match="not of one flow at one time"):
            either(corpus.item("F099"), corpus.item(other))
