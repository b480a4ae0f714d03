"""Turns the evidence for a figure into a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from nordstat.model.verdict import Evidence, EvidenceKind, Finding, Outcome, Verdict
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.evidence import gather
from nordstat.reconcile.sentences import Case, sentence_for

_SAME_QUANTITY = {
    EvidenceKind.SAME,
    EvidenceKind.SAME_PUBLICATION,
    EvidenceKind.DERIVED,
    EvidenceKind.DENOMINATOR,
}


def judge(item: Item, corpus: Corpus) -> Finding:
    """Give the verdict on one figure."""
    evidence = gather(item, corpus)
    verdict = verdict_of(evidence)
    decisive = _decisive(evidence, verdict)
    ordered = (*decisive, *(piece for piece in evidence if piece not in decisive))
    return Finding(item.figure, item.interval, verdict, sentence_for(Case(item, ordered, corpus), verdict), ordered)


def verdict_of(evidence: Sequence[Evidence]) -> Verdict:
    """Give the verdict that pieces of evidence make together.

    The same quantity disagreeing outweighs any agreement: two numbers that cannot both hold are inconsistent even where
    a third sides with one of them. A whole or a part can refute a figure; by allowing it, it proves nothing.
    """
    same = [piece.outcome for piece in evidence if piece.kind in _SAME_QUANTITY]
    outcomes = [piece.outcome for piece in evidence]
    if Outcome.AGAINST_PREDICTION in outcomes or Outcome.DISAGREES in same or _unexplained(evidence):
        return Verdict.INCONSISTENT
    if Outcome.AGREES in same:
        return Verdict.CONSISTENT
    if any(piece.kind is EvidenceKind.BRIDGED and piece.outcome is Outcome.AGREES for piece in evidence):
        return Verdict.EXPLAINED
    compared = [piece for piece in evidence if piece.kind is not EvidenceKind.BOUND]
    if any(piece.kind is EvidenceKind.BRIDGED or piece.outcome is Outcome.AS_PREDICTED for piece in compared):
        return Verdict.PARTLY_EXPLAINED
    return Verdict.NOT_COMPARABLE if compared else Verdict.NO_EVIDENCE


def _unexplained(evidence: Sequence[Evidence]) -> bool:
    """Tell whether a number of the same flow and time differs, and one of the two does not say how it counts."""
    return any(piece.kind is EvidenceKind.FACETS and piece.outcome is Outcome.DISAGREES for piece in evidence)


_DECIDES = {
    Verdict.INCONSISTENT: (Outcome.DISAGREES, Outcome.AGAINST_PREDICTION),
    Verdict.CONSISTENT: (Outcome.AGREES,),
    Verdict.EXPLAINED: (Outcome.AGREES,),
    Verdict.PARTLY_EXPLAINED: (Outcome.AS_PREDICTED, Outcome.DISAGREES),
    Verdict.NOT_COMPARABLE: (Outcome.NO_PREDICTION,),
    Verdict.NO_EVIDENCE: (),
}


def _decisive(evidence: Sequence[Evidence], verdict: Verdict) -> tuple[Evidence, ...]:
    wanted = _DECIDES[verdict]
    return tuple(
        piece
        for piece in evidence
        if piece.outcome in wanted and (piece.kind is not EvidenceKind.BOUND or verdict is Verdict.INCONSISTENT)
    )
