"""Compares two definitions facet by facet, and two intervals in the light of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
