"""Two definitions facet by facet, and what their facets let two intervals say of each other."""

from __future__ import annotations

import pytest

from nordstat.errors import SettingsError
from nordstat.model.definition import UNSTATED, Definition, Facet, FacetDifference, Relation
from nordstat.model.interval import Interval
from nordstat.model.verdict import Outcome
from nordstat.reconcile.compare import (
    bound_outcome,
    compare,
    facet_differences,
    outcome,
    predicted_sign,
)

FACETS = {
    "system": Facet("system", "how it counts", {"register": "", "survey": ""}),
    "jobs": Facet("jobs", "which jobs", {"all": "", "main": ""}, frozenset({("all", "main")})),
}
NARROWER = FacetDifference("jobs", "main", "all", Relation.NARROWER)
WIDER = FacetDifference("jobs", "all", "main", Relation.WIDER)
OVERLAP = FacetDifference("system", "register", "survey", Relation.OVERLAP)
SILENT = FacetDifference("system", UNSTATED, "register", Relation.UNSTATED)
LOW, MIDDLE, HIGH = Interval(1, 2), Interval(2, 3), Interval(3, 4)


def _definition(id: str, system: str = "register", jobs: str = "all") -> Definition:
    return Definition(id, {"en": id}, id, {"system": system, "jobs": jobs})


DEFINITIONS = {
    definition.id: definition
    for definition in (
        _definition("every-job"),
        _definition("main-job", jobs="main"),
        _definition("survey", "survey", "main"),
        _definition("silent-job", UNSTATED),
    )
}


def test_only_the_facets_that_differ_are_given() -> None:
    """An equal facet is left out; a differing one comes with both values and the relation of the first."""
    (found,) = facet_differences(DEFINITIONS["main-job"], DEFINITIONS["every-job"], FACETS)

    assert found == NARROWER
    assert found.relation is Relation.NARROWER


def test_a_definition_that_says_how_it_counts_differs_from_itself_in_nothing() -> None:
    """Another facet it is silent about is then the same silence on both sides."""
    vague = _definition("vague", jobs=UNSTATED)

    assert facet_differences(vague, vague, FACETS) == ()


def test_a_definition_that_is_silent_on_its_system_may_differ_from_itself() -> None:
    """Two figures that both do not say how they count need not count the same."""
    (found,) = facet_differences(DEFINITIONS["silent-job"], DEFINITIONS["silent-job"], FACETS)

    assert (found.facet, found.relation) == ("system", Relation.UNSTATED)


def test_two_definitions_of_one_system_still_differ_in_the_rest() -> None:
    """The short way for a definition and itself is not taken for two definitions that count alike."""
    assert facet_differences(DEFINITIONS["every-job"], DEFINITIONS["main-job"], FACETS) == (WIDER,)


@pytest.mark.parametrize(
    ("differences", "sign"),
    [
        ((NARROWER,), -1),
        ((WIDER, WIDER), 1),
        ((NARROWER, WIDER), None),
        ((NARROWER, OVERLAP), None),
        ((SILENT,), None),
        ((), None),
    ],
)
def test_facets_predict_a_sign_only_together(differences: tuple[FacetDifference, ...], sign: int | None) -> None:
    """One direction is a prediction; two directions, an overlap, silence and no difference are none."""
    assert predicted_sign(differences) == sign


@pytest.mark.parametrize(
    ("figure", "evidence", "differences", "said"),
    [
        (LOW, MIDDLE, (), Outcome.AGREES),
        (LOW, HIGH, (), Outcome.DISAGREES),
        (LOW, MIDDLE, (SILENT,), Outcome.NO_PREDICTION),
        (LOW, HIGH, (SILENT,), Outcome.DISAGREES),
        (LOW, HIGH, (SILENT, OVERLAP), Outcome.NO_PREDICTION),
        (LOW, HIGH, (OVERLAP,), Outcome.NO_PREDICTION),
        (LOW, HIGH, (NARROWER,), Outcome.AS_PREDICTED),
        (HIGH, LOW, (NARROWER,), Outcome.AGAINST_PREDICTION),
        (HIGH, LOW, (WIDER,), Outcome.AS_PREDICTED),
        (LOW, HIGH, (WIDER,), Outcome.AGAINST_PREDICTION),
    ],
)
def test_outcome_follows_from_the_intervals_and_the_facets(
    figure: Interval, evidence: Interval, differences: tuple[FacetDifference, ...], said: Outcome
) -> None:
    """Same definitions agree or not; silence can only disagree; a sign is kept or broken; all else predicts nothing."""
    assert outcome(figure, evidence, differences) is said


@pytest.mark.parametrize(("figure", "evidence", "at_most"), [(MIDDLE, LOW, True), (LOW, MIDDLE, False)])
def test_a_bound_that_is_just_touched_holds(figure: Interval, evidence: Interval, at_most: bool) -> None:
    """One number that both intervals have is enough for at most and for at least."""
    assert bound_outcome(figure, evidence, at_most=at_most) is Outcome.AS_PREDICTED


@pytest.mark.parametrize(
    ("first", "second", "sign", "said"),
    [
        ("main-job", "every-job", -1, "main-job against every-job: smaller"),
        ("every-job", "main-job", 1, "every-job against main-job: larger"),
        (
            "every-job",
            "survey",
            None,
            "every-job against survey: not predicted: facets that predict nothing, or against each other",
        ),
    ],
)
def test_comparison_says_what_is_predicted_and_why(first: str, second: str, sign: int | None, said: str) -> None:
    """The first line names both definitions and the prediction, each further line one facet."""
    comparison = compare(first, second, definitions=DEFINITIONS, facets=FACETS)

    head, *facets = str(comparison).split("\n")
    assert (comparison.sign, head) == (sign, said)
    assert facets == [f"  {difference}" for difference in comparison.differences]


def test_comparison_is_a_table_of_facets() -> None:
    """One row a facet, the two values under the names of their definitions, with relation and sign."""
    table = compare("every-job", "survey", definitions=DEFINITIONS, facets=FACETS).table

    assert list(table.columns) == ["facet", "every-job", "survey", "relation", "sign"]
    assert table.astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["system", "register", "survey", "overlap", None],
        ["jobs", "all", "main", "wider", 1],
    ]


@pytest.mark.fault("E02")
def test_comparison_shows_its_table_in_a_notebook_and_trusts_no_text() -> None:
    """The HTML has a column a definition, no row numbers, and a value that is markup is escaped."""
    odd = DEFINITIONS | {"odd": _definition("odd", "<b>")}

    html = compare("every-job", "odd", definitions=odd, facets=FACETS)._repr_html_()

    assert "<th>odd</th>" in html
    assert "&lt;b&gt;" in html
    assert "<th>0</th>" not in html


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("main-jobs", "Did you mean main-job"),
        ("job", "Did you mean main-job, every-job, silent-job?"),
        ("zzz", "Did you mean every-job, main-job, survey, silent-job?"),
    ],
)
def test_unknown_definition_is_answered_with_the_nearest(asked: str, hint: str) -> None:
    """Either of the two may be misspelt; the nearest are named, all of them where none is near."""
    for pair in ((asked, "survey"), ("survey", asked)):
        with pytest.raises(SettingsError, match=f"no such definition: {asked}") as fault:
            compare(*pair, definitions=DEFINITIONS, facets=FACETS)

        assert fault.value.hint is not None
        assert fault.value.hint.startswith(hint)
