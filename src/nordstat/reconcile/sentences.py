"""Says a verdict in one plain sentence that a civil servant may quote, in English, Swedish and Norwegian."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nordstat.model.definition import UNSTATED, Facet, Relation
from nordstat.model.text import LANGUAGES, Text, same
from nordstat.model.verdict import Evidence, EvidenceKind, Outcome, Verdict
from nordstat.reconcile.breaks import crossings
from nordstat.reconcile.candidates import Corpus, Item, same_publication
from nordstat.reconcile.denominators import denominators
from nordstat.reconcile.words import WORDS, enumerated, joined, number, say


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
    def printed(self) -> Text:
        """The figure and what it stands for."""
        return say("printed", number=self.item.named, unit=WORDS[self.item.figure.unit_measure])

    @property
    def closest(self) -> Text:
        """The number nearest to the figure in the decisive piece."""
        return number(self.first.sources[0], self.first.interval)

    @property
    def facets(self) -> Text:
        """The facets in which the decisive piece differs."""
        names = dict.fromkeys(difference.facet for difference in self.first.differences)
        return enumerated(_name(self.corpus.facets[name]) for name in names)

    def label(self, definition: str) -> Text:
        """Give what a definition is called."""
        return Text(*(self.corpus.definitions[definition].label(language) for language in LANGUAGES))


def sentence_for(case: Case, verdict: Verdict) -> Text:
    """Give the sentence for a verdict."""
    return _SENTENCES[verdict](case)


def _inconsistent(case: Case) -> Text:
    first = case.first
    if first.kind is EvidenceKind.DENOMINATOR:
        return _denominator(case)
    if first.kind is EvidenceKind.BOUND:
        return say("cannot_be", printed=case.printed, text=first.text)
    if first.outcome is Outcome.AGAINST_PREDICTION:
        return say("wrong_side", printed=case.printed, number=case.closest, facets=case.facets)
    alone = len(first.sources) == 1
    other = case.closest if alone else say("made_from", interval=first.interval, text=first.text)
    when = say("when", period=str(case.item.period)) if case.item.period else _NOTHING
    return say("not_both", printed=case.printed, other=other, when=when, reason=_unstated_reason(case))


def _denominator(case: Case) -> Text:
    piece, item = case.first, case.item
    share = case.corpus.item(piece.sources[0]) if item.is_level else item
    numerator = item.figure.id if item.is_level else piece.sources[0]
    tried = next(found for found in denominators(share, case.corpus) if found.numerator == numerator)
    official = next(base for base in tried.tried if base.source == piece.sources[1] and not base.with_commuters)
    return say(
        "implies",
        numerator=numerator,
        share=share.figure.id,
        implied=tried.implied,
        source=official.source,
        label=case.label(official.definition),
        year=official.period[:4],
        base=official.base,
        over=official.share,
        count=official.count,
    )


def _consistent(case: Case) -> Text:
    agreeing = [piece for piece in case.evidence if piece.outcome is Outcome.AGREES]
    first = next((piece for piece in agreeing if case.is_independent(piece)), None)
    if first is None:
        first = agreeing[0]
        computed = say("computed_all", interval=first.interval, text=first.text)
        what = same(first.sources[0]) if first.kind is EvidenceKind.SAME_PUBLICATION else computed
        return say("same_publication", printed=case.printed, what=what)
    if first.kind is EvidenceKind.SAME:
        agreed = number(first.sources[0], first.interval)
        return say("same_definition", printed=case.printed, number=agreed, text=first.text)
    return say("computed", printed=case.printed, interval=first.interval, text=first.text)


def _explained(case: Case) -> Text:
    return say("explained", printed=case.printed, interval=case.first.interval, text=case.first.text)


def _partly(case: Case) -> Text:
    first = case.first
    if first.kind is EvidenceKind.BRIDGED:
        return say("partly", printed=case.printed, interval=first.interval, text=first.text)
    return say("right_side", printed=case.printed, number=case.closest, facets=case.facets)


def _not_comparable(case: Case) -> Text:
    first = case.first
    differing = say("differs", facets=case.facets) if first.differences else WORDS["another_time"]
    what = say(
        "other",
        sources=joined(map(same, first.sources), WORDS["with"]),
        interval=first.interval,
        label=case.label(first.definition),
        period=first.period,
    )
    if first.kind is not EvidenceKind.NEAREST:
        return say("no_prediction", printed=case.printed, what=what, differing=differing)
    if case.item.period is not None and not case.item.period.rough:
        return say("beside", printed=case.printed, what=what, differing=differing)
    time = WORDS["no_period" if case.item.period is None else "no_certain_period"]
    return say("nearest", printed=case.printed, time=time, what=what, differing=differing, passing=_passing(case))


def _passing(case: Case) -> Text:
    weekly = case.corpus.definition(case.item).facets["frequency"] in {"weekly", "daily"}
    unmeasured = WORDS["unmeasured"] if weekly else _NOTHING
    found = crossings(case.item, case.corpus)
    if not found:
        return unmeasured
    earlier, later = (_dated(end) for end in (found[-1].earlier, found[-1].later))
    label = case.label(found[-1].earlier.figure.key.definition)
    return say("passing", label=label, earlier=earlier, later=later, more=unmeasured)


def _no_evidence(case: Case) -> Text:
    bound = say("allowed", text=case.first.text) if case.evidence else _NOTHING
    return say("no_evidence", printed=case.printed, bound=bound)


def _unstated_reason(case: Case) -> Text:
    differences = case.first.differences
    if not differences or any(difference.relation is not Relation.UNSTATED for difference in differences):
        return _NOTHING
    own = case.corpus.definition(case.item).facets
    vague = case.item.figure.id if UNSTATED in own.values() else case.first.sources[0]
    return say("vague", id=vague)


def _dated(item: Item) -> Text:
    return say("dated", number=item.named, period=str(item.period))


def _name(facet: Facet) -> Text:
    return Text(*(facet.names.get(language, facet.id) for language in LANGUAGES))


_NOTHING = same("")

_SENTENCES: Mapping[Verdict, Callable[[Case], Text]] = {
    Verdict.INCONSISTENT: _inconsistent,
    Verdict.CONSISTENT: _consistent,
    Verdict.EXPLAINED: _explained,
    Verdict.PARTLY_EXPLAINED: _partly,
    Verdict.NOT_COMPARABLE: _not_comparable,
    Verdict.NO_EVIDENCE: _no_evidence,
}
