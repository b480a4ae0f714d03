"""The known answers: what the library must find by itself in the shipped evidence."""

from __future__ import annotations

import pytest

from nordstat.errors import SettingsError
from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.model.verdict import EvidenceKind, Outcome, Verdict
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.denominators import denominators
from nordstat.reconcile.reconciliation import Reconciliation, reconcile


def test_every_published_figure_has_a_verdict_and_a_sentence(verdicts: Reconciliation, shipped: Mappings) -> None:
    """Each of the 241 figures of the file has one verdict and one sentence that names it."""
    assert 241 == len(verdicts) == len(shipped.figures)
    for finding in verdicts.findings:
        assert finding.figure.id in finding.sentence
        assert finding.sentence.endswith(".")


@pytest.mark.fault("R01")
def test_founding_share_does_not_fit_the_official_denominator(verdicts: Reconciliation, corpus: Corpus) -> None:
    """Just over 4,000 over 2.6 % implies 150,943 to 176,471 employed; RAMS 2021 has 129,489."""
    for figure in ("F282", "F283"):
        finding = verdicts[figure]
        assert finding.verdict is Verdict.INCONSISTENT
        assert "[150,943, 176,471]" in finding.sentence
        assert "129,489" in finding.sentence
    implied = denominators(corpus.item("F283"), corpus)[0]
    assert implied.numerator == "F282"
    assert implied.implied.floor == pytest.approx(150_943, abs=1)
    assert implied.implied.ceiling == pytest.approx(176_471, abs=1)
    assert not implied.fitting


def test_denominator_is_listed_with_and_without_the_commuters(corpus: Corpus) -> None:
    """Of 129,489 the 4,000 are 3.09-3.48 %, with the commuters added 3.00-3.36 %; 2.6 % would be 3,302-3,431."""
    alone, with_commuters = denominators(corpus.item("F283"), corpus)[0].tried

    assert (round(alone.share.floor, 3), round(alone.share.ceiling, 3)) == (3.089, 3.475)
    assert (round(with_commuters.share.floor, 2), round(with_commuters.share.ceiling, 2)) == (3.00, 3.36)
    assert (round(alone.count.floor), round(alone.count.ceiling)) == (3_302, 3_431)
    assert with_commuters.with_commuters


def test_founding_17_000_is_not_called_confirmed(verdicts: Reconciliation) -> None:
    """[16,500, 17,500] holds neither 17,749 nor 12,000; the year is not stated and frequency is measured by nobody."""
    finding = verdicts["F281"]

    assert finding.verdict is Verdict.NOT_COMPARABLE
    assert Interval(16_500, 17_500) == finding.interval
    for words in ("17,749", "2016-Q4", "[11,500, 12,500]", "2020-Q4", "no period", "measured by nobody"):
        assert words in finding.sentence


@pytest.mark.parametrize(("first", "second", "vague"), [("F066", "F080", "F080"), ("F013", "F017", "F017")])
def test_same_flow_and_year_with_another_number_is_a_disagreement(
    verdicts: Reconciliation, first: str, second: str, vague: str
) -> None:
    """Two numbers for one flow and year that cannot both hold disagree; the vague one is named."""
    for figure, other in ((first, second), (second, first)):
        finding = verdicts[figure]
        assert finding.verdict is Verdict.INCONSISTENT
        assert other in finding.best.sources
        assert f"{vague} does not say how it counts" in finding.sentence
        assert "not a proven one" in finding.sentence


def test_change_over_time_is_no_contradiction(verdicts: Reconciliation) -> None:
    """28,000 in 2009 and 27,000 in 2010 are two years, and neither is evidence against the other."""
    assert all(piece.sources[0] != "F083" for piece in verdicts["F065"].evidence)
    assert all(piece.sources[0] != "F065" for piece in verdicts["F083"].evidence)


def test_wider_definition_must_give_the_larger_number(verdicts: Reconciliation) -> None:
    """Main job lies below any income in the year, and the facets that say so are named."""
    piece = next(piece for piece in verdicts["F011"].evidence if piece.sources == ("F010",))

    assert piece.kind is EvidenceKind.FACETS
    assert piece.outcome is Outcome.AS_PREDICTED
    assert {"job", "reference"} == {difference.facet for difference in piece.differences}


def test_share_of_a_level_is_checked_by_multiplication(verdicts: Reconciliation) -> None:
    """13 % of 32,500 holds the 4,291 of the same study."""
    piece = next(piece for piece in verdicts["F010"].evidence if piece.sources == ("F009", "F007"))

    assert piece.outcome is Outcome.AGREES
    assert piece.interval.floor == pytest.approx(4_056.25)
    assert piece.interval.ceiling == pytest.approx(4_394.25)


def test_points_are_never_matched_with_another_denominator(verdicts: Reconciliation) -> None:
    """3.1 percentage points of an employment rate have the population below, so the founding share is no evidence."""
    assert all("F283" not in piece.sources for piece in verdicts["F094"].evidence)
    assert all("F094" not in piece.sources for piece in verdicts["F283"].evidence)


def test_same_publication_is_no_independent_confirmation(verdicts: Reconciliation) -> None:
    """A figure that only agrees with the table it was taken from says so."""
    finding = verdicts["F152"]

    assert finding.verdict is Verdict.CONSISTENT
    assert finding.best.kind is EvidenceKind.SAME_PUBLICATION
    assert "no independent number was found" in finding.sentence


def test_independent_offices_agree_where_they_do(verdicts: Reconciliation) -> None:
    """Nordic and Finnish publications of one number agree within the rounding of the coarser."""
    for figure, other in (("F101", "F118"), ("F108", "F114"), ("F127", "F117")):
        assert verdicts[figure].verdict is Verdict.CONSISTENT
        assert (other,) == verdicts[figure].best.sources
        assert verdicts[figure].best.kind is EvidenceKind.SAME


def test_unknown_id_is_refused(corpus: Corpus) -> None:
    """An id that is neither a figure nor a group is refused, naming the groups."""
    with pytest.raises(SettingsError, match="varmland-seed"):
        reconcile(corpus, ["F999"])


def test_group_gives_its_figures_in_order(corpus: Corpus) -> None:
    """A group stands for its figures."""
    assert [finding.figure.id for finding in reconcile(corpus, ["varmland-seed"]).findings] == ["F281", "F282", "F283"]
