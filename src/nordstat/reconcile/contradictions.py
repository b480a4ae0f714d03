"""Contradictions: numbers of the evidence that cannot all hold, found without being told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from nordstat.model.verdict import Evidence, EvidenceKind, Finding, Outcome
from nordstat.reconcile.candidates import Corpus, Item


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two numbers, or a sum or a share and its terms, that cannot all hold.

    Attributes
    ----------
    items : tuple of Item
        The numbers, each with its source.
    piece : Evidence
        Why: what the first of them would be by the others.
    """

    items: tuple[Item, ...]
    piece: Evidence

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the numbers."""
        return tuple(item.figure.id for item in self.items)

    @property
    def reason(self) -> str:
        """What cannot be, in words."""
        first = self.items[0]
        other = f"{self.piece.interval} by {', '.join(self.ids[1:])}"
        facets = ", ".join(dict.fromkeys(difference.facet for difference in self.piece.differences))
        differing = f"; they differ, or may, in {facets}" if facets else ""
        return f"{first.figure.id} is {first.interval}, and {other} ({self.piece.kind}){differing}"

    @property
    def sources(self) -> tuple[str, ...]:
        """Where each number stands."""
        return tuple(f"{item.figure.id} {item.interval}: {item.figure.citation}" for item in self.items)

    def __str__(self) -> str:
        return "\n".join([self.reason, *(f"  {source}" for source in self.sources)])


def contradictions(findings: Iterable[Finding], corpus: Corpus) -> tuple[Contradiction, ...]:
    """Give every set of numbers that cannot all hold, each once, in the order of the findings.

    Parameters
    ----------
    findings : iterable of Finding
        Verdicts with their evidence.
    corpus : Corpus
        The evidence they rest on.
    """
    found: dict[frozenset[str], Contradiction] = {}
    for finding in findings:
        for piece in filter(_contradicts, finding.evidence):
            ids = (finding.figure.id, *piece.sources)
            items = tuple(corpus.item(name) for name in dict.fromkeys(ids))
            found.setdefault(frozenset(ids), Contradiction(items, piece))
    return tuple(found.values())


def contradiction_table(found: Iterable[Contradiction]) -> pd.DataFrame:
    """Give contradictions as a frame: ``figures``, ``reason``, ``sources``."""
    rows = [(" ".join(one.ids), one.reason, "\n".join(one.sources)) for one in found]
    return pd.DataFrame.from_records(rows, columns=["figures", "reason", "sources"])


def _contradicts(piece: Evidence) -> bool:
    """Tell whether a piece rules a figure out; a bridge that does not close only leaves something unexplained."""
    if piece.outcome is Outcome.AGAINST_PREDICTION:
        return True
    return piece.outcome is Outcome.DISAGREES and piece.kind is not EvidenceKind.BRIDGED
