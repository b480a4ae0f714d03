"""Says a verdict in one plain sentence that a civil servant may quote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nordstat.model.definition import UNSTATED, FacetDifference, Relation
from nordstat.model.verdict import Evidence, EvidenceKind, Outcome, Verdict
from nordstat.reconcile.breaks import crossings
from nordstat.reconcile.candidates import Corpus, Item, same_publication
from nordstat.reconcile.denominators import denominators

_UNITS = {"PS": "persons", "JOBS": "jobs", "PC": "per cent"}


@dataclass(frozen=True, slots=True)
class Case:
    """A figure with its evidence, the decisive piece first.

    Attributes
    ----------
    item : Item
        The figure.
    evidence : sequence of Evidence
        What bears on it.
    corpus : Corpus
        The evidence as a whole.
    """

    item: Item
    evidence: Sequence[Evidence]
    corpus: Corpus

    @property
    def first(self) -> Evidence:
        """The decisive piece."""
        return self.evidence[0]

    def is_independent(self, piece: Evidence) -> bool:
        """Tell whether a piece rests on a number of another publication."""
        return any(not same_publication(self.item, self.corpus.item(source)) for source in piece.sources)

    @property
    def printed(self) -> str:
        """The figure and what it stands for."""
        return f"{self.item.figure.id} {self.item.interval} {_UNITS[self.item.figure.unit_measure]}"


def sentence_for(case: Case, verdict: Verdict) -> str:
    """Give the sentence for a verdict."""
    return _SENTENCES[verdict](case)


def _inconsistent(case: Case) -> str:
    first = case.first
    if first.kind is EvidenceKind.DENOMINATOR:
        return _denominator(case)
    if first.kind is EvidenceKind.BOUND:
        return f"{case.printed} cannot be: {first.text}."
    if first.outcome is Outcome.AGAINST_PREDICTION:
        return (
            f"{case.printed} lies on the wrong side of {first.sources[0]} {first.interval}: the definitions "
            f"({_facets(first.differences)}) predict the other order."
        )
    alone = len(first.sources) == 1
    other = f"{first.sources[0]} {first.interval}" if alone else f"{first.interval}, from {first.text},"
    when = f" in {case.item.period}" if case.item.period else ""
    return f"{case.printed} and {other} for the same flow{when} cannot both hold{_unstated_reason(case)}."


def _denominator(case: Case) -> str:
    piece, item = case.first, case.item
    share = case.corpus.item(piece.sources[0]) if item.is_level else item
    numerator = item.figure.id if item.is_level else piece.sources[0]
    tried = next(found for found in denominators(share, case.corpus) if found.numerator == numerator)
    official = next(base for base in tried.tried if base.source == piece.sources[1] and not base.with_commuters)
    label = case.corpus.definitions[official.definition].label()
    return (
        f"{numerator} over {share.figure.id} implies a base of {tried.implied}; the official one ({official.source}, "
        f"{label}, {official.period[:4]}) is {official.base}, of which {numerator} is {official.share} per cent and "
        f"{share.figure.id} is {official.count}; which of the three numbers is off cannot be told from them."
    )


def _consistent(case: Case) -> str:
    agreeing = [piece for piece in case.evidence if piece.outcome is Outcome.AGREES]
    first = next((piece for piece in agreeing if case.is_independent(piece)), None)
    if first is None:
        first = agreeing[0]
        printed = first.kind is EvidenceKind.SAME_PUBLICATION
        what = first.sources[0] if printed else f"{first.interval}, computed from {first.text}, all"
        return f"{case.printed} agrees with {what} of the same publication; no independent number was found."
    if first.kind is EvidenceKind.SAME:
        return f"{case.printed} agrees with {first.sources[0]} {first.interval} by the same definition ({first.text})."
    return f"{case.printed} agrees with {first.interval}, computed from {first.text}."


def _explained(case: Case) -> str:
    return f"{case.printed} agrees with {case.first.interval}, which is {case.first.text}."


def _partly(case: Case) -> str:
    first = case.first
    if first.kind is EvidenceKind.BRIDGED:
        return f"{case.printed} differs from {first.interval}, which is {first.text}: the rest is not explained."
    return (
        f"{case.printed} lies on the side of {first.sources[0]} {first.interval} that the definitions predict "
        f"({_facets(first.differences)}); by how much they should differ is not measured."
    )


def _not_comparable(case: Case) -> str:
    first = case.first
    differing = f"differs in {_facets(first.differences)}" if first.differences else "may be of another time"
    label = case.corpus.definitions[first.definition].label()
    what = f"{' with '.join(first.sources)} {first.interval} ({label}, {first.period})"
    if first.kind is not EvidenceKind.NEAREST:
        return f"{case.printed} cannot be held against {what}, which {differing}: together they predict nothing."
    if case.item.period is not None and not case.item.period.rough:
        return f"{case.printed} has only {what} beside it, whose time is not certain and which {differing}."
    when = "no period" if case.item.period is None else "no certain period"
    return f"{case.printed} states {when}; the nearest number, {what}, {differing}{_passing(case)}."


def _passing(case: Case) -> str:
    weekly = case.corpus.definition(case.item).facets["frequency"] in {"weekly", "daily"}
    unmeasured = "; how often people cross is measured by nobody" if weekly else ""
    found = crossings(case.item, case.corpus)
    if not found:
        return unmeasured
    label = case.corpus.definition(found[-1].earlier).label()
    return f"; the series {label!r} passes through it between {found[-1]}, with no figure between them{unmeasured}"


def _no_evidence(case: Case) -> str:
    bounds = f" ({case.first.text} does not contradict it)" if case.evidence else ""
    return f"{case.printed}: no other number in the evidence measures this{bounds}."


def _unstated_reason(case: Case) -> str:
    differences = case.first.differences
    if not differences or any(difference.relation is not Relation.UNSTATED for difference in differences):
        return ""
    own = case.corpus.definition(case.item).facets
    vague = case.item.figure.id if UNSTATED in own.values() else case.first.sources[0]
    return f"; {vague} does not say how it counts: another concept is a possible reason, not a proven one"


def _facets(differences: Sequence[FacetDifference]) -> str:
    names = list(dict.fromkeys(difference.facet for difference in differences))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_SENTENCES: Mapping[Verdict, Callable[[Case], str]] = {
    Verdict.INCONSISTENT: _inconsistent,
    Verdict.CONSISTENT: _consistent,
    Verdict.EXPLAINED: _explained,
    Verdict.PARTLY_EXPLAINED: _partly,
    Verdict.NOT_COMPARABLE: _not_comparable,
    Verdict.NO_EVIDENCE: _no_evidence,
}
