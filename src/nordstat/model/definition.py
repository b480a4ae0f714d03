"""Definitions: what a count counts, as facets a machine can compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Relation(StrEnum):
    """How the first of two facet values stands to the second."""

    EQUAL = "equal"
    NARROWER = "narrower"
    WIDER = "wider"
    OVERLAP = "overlap"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Facet:
    """One aspect of a definition, with its values and which of them contains which.

    Attributes
    ----------
    id : str
        Name of the facet.
    label : str
        What it asks.
    values : mapping of str to str
        Value id -> what it means.
    contains : frozenset of tuple of str
        Pairs (wider, narrower), closed under transitivity.
    names : mapping of str to str
        Language -> what a sentence calls it; the id where there is none.
    """

    id: str
    label: str
    values: Mapping[str, str]
    contains: frozenset[tuple[str, str]] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    def relation(self, first: str, second: str) -> Relation:
        """Tell how the first value stands to the second."""
        if UNSTATED in (first, second):
            return Relation.EQUAL if first == second == NOT_APPLICABLE else Relation.UNSTATED
        if first == second:
            return Relation.EQUAL
        if (second, first) in self.contains:
            return Relation.NARROWER
        if (first, second) in self.contains:
            return Relation.WIDER
        return Relation.OVERLAP


UNSTATED = "unstated"
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Definition:
    """Who is counted, and how.

    Attributes
    ----------
    id : str
        Name used in every table, such as ``ssb-nonresident-refweek``.
    labels : mapping of str to str
        Language (en, sv, nb) -> short label.
    description : str
        The definition in words.
    facets : mapping of str to str
        Facet id -> value id; every facet of ``facets.toml`` has a value.
    reporters : tuple of str
        Offices that count by it.
    source : str
        Where the definition is stated.
    """

    id: str
    labels: Mapping[str, str]
    description: str
    facets: Mapping[str, str]
    reporters: tuple[str, ...] = ()
    source: str = ""

    def label(self, language: str = "en") -> str:
        """Give the label in a language, in English where there is none."""
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class FacetDifference:
    """One facet in which two definitions differ.

    Attributes
    ----------
    facet : str
        Facet id.
    first, second : str
        The two values.
    relation : Relation
        How the first stands to the second.
    """

    facet: str
    first: str
    second: str
    relation: Relation = field(compare=False)

    @property
    def sign(self) -> int | None:
        """Sign predicted for first minus second: -1, +1, or ``None`` where nothing is predicted."""
        return {Relation.NARROWER: -1, Relation.WIDER: 1}.get(self.relation)

    def __str__(self) -> str:
        return f"{self.facet}: {self.first} / {self.second} ({self.relation})"
