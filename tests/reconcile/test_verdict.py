"""What pieces of evidence make together."""

from __future__ import annotations

import pytest

from nordstat.model.interval import Interval
from nordstat.model.verdict import Evidence, EvidenceKind, Outcome, Verdict
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.evidence import gather
from nordstat.reconcile.verdict import judge, verdict_of

SAME_QUANTITY = (
    EvidenceKind.SAME,
    EvidenceKind.SAME_PUBLICATION,
    EvidenceKind.DERIVED,
    EvidenceKind.DENOMINATOR,
)


def _piece(kind: EvidenceKind, outcome: Outcome) -> Evidence:
    return Evidence(kind, outcome, ("F001",), Interval.point(1), "every-job", "2020")


def _verdict(*pieces: tuple[EvidenceKind, Outcome]) -> Verdict:
    return verdict_of([_piece(*piece) for piece in pieces])


@pytest.mark.parametrize("kind", SAME_QUANTITY)
def test_same_quantity_settles_it(kind: EvidenceKind) -> None:
    """By the same definition, derived or over a denominator: agreeing is consistent, disagreeing is not."""
    assert _verdict((kind, Outcome.AGREES)) is Verdict.CONSISTENT
    assert _verdict((kind, Outcome.DISAGREES)) is Verdict.INCONSISTENT


@pytest.mark.parametrize("kind", SAME_QUANTITY)
def test_one_disagreement_outweighs_any_agreement(kind: EvidenceKind) -> None:
    """Two numbers that cannot both hold are inconsistent even where a third sides with one of them."""
    agreeing = [(EvidenceKind.SAME, Outcome.AGREES), (EvidenceKind.BRIDGED, Outcome.AGREES)]

    assert _verdict(*agreeing, (kind, Outcome.DISAGREES)) is Verdict.INCONSISTENT


@pytest.mark.parametrize("kind", [EvidenceKind.BOUND, EvidenceKind.FACETS])
def test_broken_prediction_refutes(kind: EvidenceKind) -> None:
    """A part larger than its whole, and a narrower count larger than the wider one, outweigh an agreement."""
    assert _verdict((EvidenceKind.SAME, Outcome.AGREES), (kind, Outcome.AGAINST_PREDICTION)) is Verdict.INCONSISTENT


def test_unexplained_difference_of_the_same_flow_refutes() -> None:
    """Another number for the same flow and time, where one does not say how it counts, is a disagreement."""
    assert _verdict((EvidenceKind.FACETS, Outcome.DISAGREES)) is Verdict.INCONSISTENT


def test_number_of_another_time_that_differs_refutes_nothing() -> None:
    """The nearest number where a figure states no period cannot contradict it."""
    assert _verdict((EvidenceKind.NEAREST, Outcome.DISAGREES)) is Verdict.NOT_COMPARABLE


@pytest.mark.parametrize("kind", [EvidenceKind.FACETS, EvidenceKind.NEAREST, EvidenceKind.BOUND])
def test_other_quantity_that_agrees_confirms_nothing(kind: EvidenceKind) -> None:
    """Only the same quantity makes a figure consistent, and only a bridge explains it."""
    assert _verdict((kind, Outcome.AGREES)) not in {Verdict.CONSISTENT, Verdict.EXPLAINED}


def test_bridge_that_arrives_explains() -> None:
    """A number carried over by a bridge that agrees explains the difference; the same quantity comes before it."""
    bridged = (EvidenceKind.BRIDGED, Outcome.AGREES)

    assert _verdict(bridged) is Verdict.EXPLAINED
    assert _verdict(bridged, (EvidenceKind.SAME, Outcome.AGREES)) is Verdict.CONSISTENT


def test_bridge_that_does_not_arrive_explains_in_part() -> None:
    """The residual of a bridge is not explained, and refutes nothing."""
    assert _verdict((EvidenceKind.BRIDGED, Outcome.DISAGREES)) is Verdict.PARTLY_EXPLAINED


def test_kept_prediction_explains_in_part() -> None:
    """A difference with the sign its facets predict is explained in part; without a prediction it is not comparable."""
    unpredicted = (EvidenceKind.FACETS, Outcome.NO_PREDICTION)

    assert _verdict(unpredicted, (EvidenceKind.FACETS, Outcome.AS_PREDICTED)) is Verdict.PARTLY_EXPLAINED
    assert _verdict(unpredicted) is Verdict.NOT_COMPARABLE


def test_bound_that_is_kept_proves_nothing() -> None:
    """A whole that allows a figure is no evidence for it, alone or beside what cannot be compared."""
    kept = (EvidenceKind.BOUND, Outcome.AS_PREDICTED)

    assert _verdict(kept) is Verdict.NO_EVIDENCE
    assert _verdict(kept, (EvidenceKind.FACETS, Outcome.NO_PREDICTION)) is Verdict.NOT_COMPARABLE


def test_nothing_makes_no_evidence() -> None:
    """Without a piece of evidence there is none."""
    assert _verdict() is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("figure", "verdict", "order"),
    [
        ("F220", Verdict.CONSISTENT, [1, 0, 2]),
        ("F097", Verdict.NOT_COMPARABLE, [2, 0, 1]),
        ("F196", Verdict.PARTLY_EXPLAINED, [1, 2, 0]),
    ],
)
def test_evidence_that_decides_comes_first_and_none_is_lost(
    corpus: Corpus, figure: str, verdict: Verdict, order: list[int]
) -> None:
    """A bridge before the agreement that made it consistent, and a bound before a comparison, step back."""
    item = corpus.item(figure)
    gathered = gather(item, corpus)

    finding = judge(item, corpus)

    assert (finding.figure, finding.interval, finding.verdict) == (item.figure, item.interval, verdict)
    assert finding.evidence == tuple(gathered[place] for place in order)
    assert figure in finding.sentence
