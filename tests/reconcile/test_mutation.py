"""A wrong number is caught: every figure with comparable evidence, moved 30 % outside its interval.

Comparable is what counts the same by the same definition (rule 1 of the method): another print of it, a sum or a share
of such numbers, a denominator. A number led over a bridge is not comparable but led; how often that catches is printed
beside, and bounds nothing: a factor measured for another flow is known to within a factor of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from nordstat.model.interval import Interval
from nordstat.model.verdict import Evidence, EvidenceKind, Finding, Outcome, Verdict
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.reconcile.verdict import judge

SEED = 2026
FURTHER = 0.30
COMPARABLE = {EvidenceKind.SAME, EvidenceKind.SAME_PUBLICATION, EvidenceKind.DERIVED, EvidenceKind.DENOMINATOR}
WORSE = {
    Verdict.CONSISTENT: {Verdict.INCONSISTENT},
    Verdict.EXPLAINED: {Verdict.PARTLY_EXPLAINED, Verdict.INCONSISTENT},
}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A figure moved, with the evidence that agreed with it before, and what became of its verdict."""

    before: Finding
    moved: Interval
    evidence: tuple[Evidence, ...]
    after: Verdict

    @property
    def caught(self) -> bool:
        return self.after in WORSE[self.before.verdict]

    def __str__(self) -> str:
        against = " and ".join(f"{piece.interval} ({piece.kind})" for piece in self.evidence)
        return f"{self.before.figure.id} {self.before.interval} moved to {self.moved}, against {against}"


def _moved(interval: Interval, *, up: bool) -> Interval:
    """Move an interval, its width kept, so that its near end lies 30 % beyond the far end of the original."""
    low, high = interval.floor, interval.ceiling
    if up:
        return Interval(high * (1 + FURTHER), high * (1 + FURTHER) + (high - low))
    return Interval(max(low * (1 - FURTHER) - (high - low), 0.0), low * (1 - FURTHER))


def _mutations(verdicts: Reconciliation, corpus: Corpus, kinds: Iterable[EvidenceKind]) -> list[Mutation]:
    """Move every figure that agrees with evidence of some kinds, up and down, in an order the seed fixes."""
    found = []
    for place in np.random.default_rng(SEED).permutation(len(verdicts.findings)):
        finding = verdicts.findings[place]
        agreeing = tuple(piece for piece in finding.evidence if piece.kind in kinds and piece.outcome is Outcome.AGREES)
        if finding.verdict not in WORSE or not agreeing or not finding.interval.is_bounded:
            continue
        item = corpus.item(finding.figure.id)
        for up in (True, False):
            moved = replace(item, interval=_moved(item.interval, up=up))
            changed = replace(corpus, items=tuple(moved if other is item else other for other in corpus.items))
            found.append(Mutation(finding, moved.interval, agreeing, judge(moved, changed).verdict))
    return found


@pytest.fixture(scope="module")
def comparable(verdicts: Reconciliation, corpus: Corpus) -> list[Mutation]:
    """Figures with evidence of the same definition."""
    return _mutations(verdicts, corpus, COMPARABLE)


@pytest.fixture(scope="module")
def led(verdicts: Reconciliation, corpus: Corpus) -> list[Mutation]:
    """Figures that agree with a number led over a bridge."""
    return _mutations(verdicts, corpus, {EvidenceKind.BRIDGED})


def _missed(mutations: list[Mutation]) -> list[Mutation]:
    return [mutation for mutation in mutations if not mutation.caught]


def _told(what: str, mutations: list[Mutation]) -> str:
    missed = _missed(mutations)
    rate = 1 - len(missed) / len(mutations)
    figures = len({mutation.before.figure.id for mutation in mutations})
    lines = "".join(f"\n  missed: {mutation}" for mutation in missed)
    return f"\n{what}: {figures} figures moved up and down, {rate:.1%} of {len(mutations)} caught{lines}"


def test_95_per_cent_of_wrong_numbers_are_caught(
    comparable: list[Mutation], led: list[Mutation], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the figures with comparable evidence, moved up and down, at least 95 % turn; the rate is always printed."""
    with capsys.disabled():
        print(_told("comparable evidence", comparable), _told("led over a bridge", led))

    assert len(comparable) >= 180
    assert len(_missed(comparable)) <= 0.05 * len(comparable)


def test_number_is_only_missed_where_the_evidence_holds_it(comparable: list[Mutation], led: list[Mutation]) -> None:
    """A moved figure that is not caught lies inside everything it is held against: no evidence was overlooked."""
    missed = _missed([*comparable, *led])

    assert missed
    for mutation in missed:
        assert all(piece.interval.overlaps(mutation.moved) for piece in mutation.evidence)
