"""Compares two definitions facet by facet, and two intervals in the light of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from nordstat.errors import SettingsError
from nordstat.model.definition import UNSTATED, Definition, Facet, FacetDifference, Relation
from nordstat.model.interval import Interval
from nordstat.model.verdict import Outcome

SYSTEM = "system"


def facet_differences(
    first: Definition, second: Definition, facets: Mapping[str, Facet]
) -> tuple[FacetDifference, ...]:
    """Give every facet in which two definitions differ, or may differ because one does not say.

    The same definition differs from itself in nothing, unless its counting system is unstated: two figures that both
    do not say how they count need not count the same.
    """
    if first.id == second.id and first.facets[SYSTEM] != UNSTATED:
        return ()
    found = (
        FacetDifference(
            facet.id,
            first.facets[facet.id],
            second.facets[facet.id],
            facet.relation(first.facets[facet.id], second.facets[facet.id]),
        )
        for facet in facets.values()
    )
    return tuple(difference for difference in found if difference.relation is not Relation.EQUAL)


def predicted_sign(differences: Iterable[FacetDifference]) -> int | None:
    """Give the sign that the facets together predict for first minus second, if they predict one.

    Returns
    -------
    int or None
        -1, +1, or ``None`` where a facet predicts nothing or two pull in opposite directions.
    """
    signs = {difference.sign for difference in differences}
    return signs.pop() if len(signs) == 1 else None


def outcome(figure: Interval, evidence: Interval, differences: tuple[FacetDifference, ...] = ()) -> Outcome:
    """Tell what an interval of evidence says of a figure's interval.

    Two numbers of which one does not say how it counts purport to be the same: if they cannot both hold, that is a
    disagreement, with the unstated concept as its possible and unproven reason. If they can, it proves nothing.
    """
    if not differences:
        return Outcome.AGREES if figure.overlaps(evidence) else Outcome.DISAGREES
    if all(difference.relation is Relation.UNSTATED for difference in differences):
        return Outcome.NO_PREDICTION if figure.overlaps(evidence) else Outcome.DISAGREES
    sign = predicted_sign(differences)
    if sign is None:
        return Outcome.NO_PREDICTION
    return bound_outcome(figure, evidence, at_most=sign < 0)


def bound_outcome(figure: Interval, evidence: Interval, *, at_most: bool) -> Outcome:
    """Tell whether a figure that may be at most (or must be at least) the evidence can be so."""
    holds = figure.floor <= evidence.ceiling if at_most else evidence.floor <= figure.ceiling
    return Outcome.AS_PREDICTED if holds else Outcome.AGAINST_PREDICTION


@dataclass(frozen=True, slots=True)
class DefinitionComparison:
    """Two definitions, facet by facet.

    Attributes
    ----------
    first, second : str
        Definition ids.
    differences : tuple of FacetDifference
        Facets that differ, or may differ because one does not say.
    """

    first: str
    second: str
    differences: tuple[FacetDifference, ...]

    @property
    def sign(self) -> int | None:
        """Sign predicted for first minus second: -1, +1, or ``None`` where nothing is predicted."""
        return predicted_sign(self.differences)

    @property
    def table(self) -> pd.DataFrame:
        """One row a facet that differs: the two values, how they stand to each other, and the sign predicted."""
        return pd.DataFrame(
            {
                "facet": [difference.facet for difference in self.differences],
                self.first: [difference.first for difference in self.differences],
                self.second: [difference.second for difference in self.differences],
                "relation": [str(difference.relation) for difference in self.differences],
                "sign": pd.array([difference.sign for difference in self.differences], dtype="Int8"),
            }
        )

    def __str__(self) -> str:
        predicted = {
            -1: "smaller",
            1: "larger",
            None: "not predicted: facets that predict nothing, or against each other",
        }
        head = f"{self.first} against {self.second}: {predicted[self.sign]}"
        return "\n".join([head, *(f"  {difference}" for difference in self.differences)])

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, escape=True)


def compare(
    first: str, second: str, *, definitions: Mapping[str, Definition], facets: Mapping[str, Facet]
) -> DefinitionComparison:
    """Give two definitions facet by facet.

    Raises
    ------
    SettingsError
        For an unknown definition, naming the nearest.
    """
    for name in (first, second):
        if name not in definitions:
            near = ", ".join(get_close_matches(name, definitions, cutoff=0.4) or definitions)
            raise SettingsError(f"no such definition: {name}", hint=f"Did you mean {near}?")
    return DefinitionComparison(first, second, facet_differences(definitions[first], definitions[second], facets))
