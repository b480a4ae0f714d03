"""Verdicts: how a figure stands to the evidence, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nordstat.model.definition import FacetDifference
from nordstat.model.figure import Figure
from nordstat.model.interval import Interval
from nordstat.model.text import Text


class Verdict(StrEnum):
    """How a figure stands to the evidence, at its stated precision."""

    CONSISTENT = "consistent"
    EXPLAINED = "explained"
    PARTLY_EXPLAINED = "partly_explained"
    INCONSISTENT = "inconsistent"
    NOT_COMPARABLE = "not_comparable"
    NO_EVIDENCE = "no_evidence"


class EvidenceKind(StrEnum):
    """How a piece of evidence bears on a figure."""

    SAME = "same"
    """Same quantity by the same definition, in another publication."""
    SAME_PUBLICATION = "same_publication"
    """Same quantity, printed again in the same publication: a check of the transcription."""
    DERIVED = "derived"
    """Same quantity, computed from other figures: a share of a level, a sum, a difference."""
    BRIDGED = "bridged"
    """Another definition, carried over by a bridge."""
    BOUND = "bound"
    """A whole of which the figure is a part, or a part of it."""
    DENOMINATOR = "denominator"
    """An official denominator tried under a share whose own is not stated."""
    FACETS = "facets"
    """Same flow and period by a definition that differs in some facets."""
    NEAREST = "nearest"
    """The nearest number where the figure states no period."""


class Outcome(StrEnum):
    """What one piece of evidence says."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    AS_PREDICTED = "as_predicted"
    AGAINST_PREDICTION = "against_prediction"
    NO_PREDICTION = "no_prediction"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence for or against a figure.

    Attributes
    ----------
    kind : EvidenceKind
        How it bears on the figure.
    outcome : Outcome
        What it says.
    sources : tuple of str
        Figure and row ids it is made from; the first is the closest to the figure.
    interval : Interval
        The quantity by this evidence, in the figure's unit.
    definition : str
        Definition it counts by.
    period : str
        Period, empty where it has none.
    differences : tuple of FacetDifference
        Facets that differ from the figure's definition.
    text : Text
        How it was made, in words.
    """

    kind: EvidenceKind
    outcome: Outcome
    sources: tuple[str, ...]
    interval: Interval
    definition: str
    period: str
    differences: tuple[FacetDifference, ...] = ()
    text: Text = Text("", "", "")  # noqa: RUF009 - frozen

    def to_dict(self) -> dict[str, Any]:
        """Give the evidence as it stands in JSON."""
        return {
            "kind": str(self.kind),
            "outcome": str(self.outcome),
            "sources": list(self.sources),
            "interval": [self.interval.low, self.interval.high],
            "definition": self.definition,
            "period": self.period or None,
            "facets_differing": [difference.facet for difference in self.differences],
            "text": self.text.en,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one figure.

    Attributes
    ----------
    figure : Figure
        The figure.
    interval : Interval
        What it stands for.
    verdict : Verdict
        How it stands to the evidence.
    said : Text
        The verdict in one plain sentence.
    evidence : tuple of Evidence
        Best first.
    """

    figure: Figure
    interval: Interval
    verdict: Verdict
    said: Text
    evidence: tuple[Evidence, ...]

    @property
    def sentence(self) -> str:
        """The verdict in one plain sentence, in English."""
        return self.said.en

    @property
    def best(self) -> Evidence | None:
        """The evidence that decided, where there is any."""
        return self.evidence[0] if self.evidence else None

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as ``nordstat reconcile --json`` prints it; ``null`` is an open end."""
        facets: Mapping[str, None] = dict.fromkeys(
            difference.facet for piece in self.evidence[:1] for difference in piece.differences
        )
        return {
            "figure": self.figure.id,
            "interval": [self.interval.low, self.interval.high],
            "verdict": str(self.verdict),
            "sentence": self.said.en,
            "sentence_sv": self.said.sv,
            "sentence_nb": self.said.nb,
            "evidence": [piece.to_dict() for piece in self.evidence],
            "facets_differing": list(facets),
        }
