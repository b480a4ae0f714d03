"""Bridges: the worked examples, the identity, and what a bridge refuses."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from nordstat.errors import NotComparableError
from nordstat.model.bridge import Form, Method
from nordstat.model.interval import Interval
from nordstat.model.verdict import EvidenceKind, Outcome, Verdict
from nordstat.reconcile.bridge import bridge, middle
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.reconcile.steps import measured_size

MEASURED = [
    ("mainjob-anyincome", "F084", 2.018, 2.132),
    ("mainjob-anyincome", "F001", 2.183, 2.195),
    ("mainjob-anyincome", "F010", 3.179, 3.433),
    ("refweek-year", "F201", 1.874, 1.890),
    ("persons-jobs", "F218", 1.034, 1.041),
    ("background-residence", "F099", 0.241, 0.261),
]


@pytest.mark.parametrize(("step", "after", "low", "high"), MEASURED)
def test_measured_step_is_computed_from_its_figures(
    corpus: Corpus, step: str, after: str, low: float, high: float
) -> None:
    """Each measured step gives the factor, or the share, of the worked examples."""
    found = corpus.steps[step]
    measurement = next(m for m in found.measurements if m.after == (after,))

    size = measured_size(found, measurement, corpus)

    assert size.floor == pytest.approx(low, abs=6e-4)
    assert size.ceiling == pytest.approx(high, abs=6e-4)


def test_both_ways_in_2009_give_at_least_1_704(corpus: Corpus) -> None:
    """Over 50,000 against 28,000 and 800 is a factor of at least 1.704."""
    step = corpus.steps["mainjob-anyincome"]
    measurement = next(m for m in step.measurements if m.after == ("F079",))

    assert measured_size(step, measurement, corpus).floor == pytest.approx(1.7036, abs=1e-4)


def test_nearly_60_000_with_any_income_is_25_800_to_29_730_with_the_main_job(corpus: Corpus) -> None:
    """F093 over the factor of 2010 is an estimate, because the factor is of another year."""
    led = bridge(corpus.item("F093"), "nordic-mainjob", corpus)

    assert (round(led.result.floor), round(led.result.ceiling)) == (25_796, 29_730)
    assert Method.ESTIMATED is led.method
    assert led.steps[0].backwards


def test_17_749_in_2016_is_18_913_to_19_010_residents_of_sweden(corpus: Corpus) -> None:
    """With the share of 2015, SSB's count of 2016 leads to an estimate; no linked count stands beside it."""
    led = bridge(corpus.item("F190"), "nordic-mobility", corpus)

    assert (round(led.result.floor), round(led.result.ceiling)) == (18_913, 19_010)
    assert Method.ESTIMATED is led.method
    assert led.target is None
    assert led.residual is None


def test_2015_lies_between_the_swedish_background_and_that_plus_the_norwegian(
    corpus: Corpus, verdicts: Reconciliation
) -> None:
    """22,700 lies between 21,400 and 26,430: found without the step that 22,700 itself measures."""
    led = bridge(corpus.item("F188"), "nordic-mobility", corpus)

    assert Interval(21_400, 26_430) == led.result
    assert led.target is corpus.item("F099")
    assert led.closes
    assert all("F099" not in taken.evidence for taken in led.steps)
    assert verdicts["F099"].verdict is verdicts["F188"].verdict is Verdict.EXPLAINED


@pytest.mark.fault("R16")
@pytest.mark.parametrize(
    ("figure", "to"),
    [
        ("F093", "nordic-mainjob"),
        ("F188", "nordic-mobility"),
        ("F099", "ssb-nonresident-refweek"),
        ("F083", "nordic-anyincome"),
        ("F220", "ssb-nonresident-year"),
        ("F065", "ssb-nonresident-refweek"),
    ],
)
def test_number_plus_steps_plus_residual_is_the_target(corpus: Corpus, figure: str, to: str) -> None:
    """The identity holds: A and the contributions make the result, and the residual makes it B."""
    led = bridge(corpus.item(figure), to, corpus)

    total = middle(led.item.interval) + sum(taken.contribution for taken in led.steps)

    assert total == pytest.approx(middle(led.result))
    if led.target is not None and led.residual_at_middle is not None:
        assert total + led.residual_at_middle == pytest.approx(middle(led.target.interval))


@pytest.mark.fault("R16")
@pytest.mark.parametrize(
    ("figure", "to"),
    [("F012", "ssb-nonresident-year"), ("F220", "ssb-nonresident-year"), ("F065", "ssb-nonresident-refweek")],
)
def test_the_order_the_steps_are_written_in_is_of_no_account(corpus: Corpus, figure: str, to: str) -> None:
    """With the files of steps read backwards the bridge is the same: same steps, each contribution, same end."""
    backwards = replace(corpus, steps=dict(reversed(corpus.steps.items())))

    assert bridge(corpus.item(figure), to, backwards) == bridge(corpus.item(figure), to, corpus)


@pytest.mark.fault("R16")
def test_what_two_steps_do_together_is_in_the_later_one(corpus: Corpus) -> None:
    """Each step begins where the one before ended, so no effect of two together is left between them."""
    led = bridge(corpus.item("F012"), "ssb-nonresident-year", corpus)

    assert len(led.steps) > 1
    assert led.steps[0].before == led.item.interval
    for earlier, later in pairwise(led.steps):
        assert later.before == earlier.after
        assert later.contribution == middle(later.after) - middle(earlier.after)


@pytest.mark.fault("R08")
def test_facet_without_a_step_is_refused_by_name(corpus: Corpus) -> None:
    """A weekly test that nobody measures is refused, and so is a subpopulation no step leads out of."""
    with pytest.raises(NotComparableError) as caught:
        bridge(corpus.item("F190"), "eu-frontier-worker", corpus)

    assert "frequency" in caught.value.facets


def _with_other(corpus: Corpus, item: Item, facet: str, value: str) -> Corpus:
    """Add a definition that differs from that of an item in one facet."""
    own = corpus.definition(item)
    other = replace(own, id="other", facets={**own.facets, facet: value})
    return replace(corpus, definitions={**corpus.definitions, "other": other})


@pytest.mark.parametrize(
    ("facet", "value"),
    [
        pytest.param("reference", "week", marks=pytest.mark.fault("R08")),
        pytest.param("workers", "all_employed", marks=pytest.mark.fault("R09")),
        pytest.param("age", "15-74", marks=pytest.mark.fault("R09")),
        ("unit", "jobs"),
        ("system", "lfs"),
    ],
)
def test_single_facet_without_a_step_is_refused(corpus: Corpus, facet: str, value: str) -> None:
    """Two definitions alike in all but one facet are still not comparable, and that facet is named."""
    item = corpus.item("F093")
    stepless = replace(_with_other(corpus, item, facet, value), steps={})

    with pytest.raises(NotComparableError) as caught:
        bridge(item, "other", stepless)

    assert list(caught.value.facets) == [facet]


@pytest.mark.fault("R09")
def test_workers_differ_only_by_a_named_step(corpus: Corpus) -> None:
    """From wage earners to all employed there is one named step, and it has no upper end."""
    item = corpus.item("F093")

    led = bridge(item, "other", _with_other(corpus, item, "workers", "all_employed"))

    (taken,) = led.steps
    assert (taken.step.id, taken.step.form) == ("employees-all-employed", Form.FACTOR)
    assert Interval(1.0, None) == taken.size
    assert led.result == Interval(item.interval.low, None)


def test_figure_never_measures_the_step_that_judges_it(verdicts: Reconciliation) -> None:
    """No bridged evidence for a figure rests on that figure."""
    for finding in verdicts.findings:
        for piece in finding.evidence:
            if piece.kind is EvidenceKind.BRIDGED:
                assert finding.figure.id not in piece.sources


@pytest.mark.fault("R06")
def test_bridge_that_does_not_close_shows_what_remains(verdicts: Reconciliation) -> None:
    """169,000 in 2022 and what jobs lead to are 2,300 to 5,800 apart: partly explained, never matched by force."""
    finding = verdicts["F202"]
    piece = next(piece for piece in finding.evidence if piece.kind is EvidenceKind.BRIDGED)

    assert finding.verdict is Verdict.PARTLY_EXPLAINED
    assert Outcome.DISAGREES is piece.outcome
    assert finding.interval.below(piece.interval)


@pytest.mark.fault("R06")
def test_what_a_bridge_leaves_unexplained_is_told_with_its_ends(corpus: Corpus) -> None:
    """169,000 in 2022 leads to 1,270 to 3,179 jobs fewer than SSB counts: the residual holds no zero, and stands."""
    led = bridge(corpus.item("F202"), "ssb-nonresident-jobs", corpus)

    assert led.target is corpus.item("F220")
    assert led.residual is not None
    assert (round(led.residual.floor), round(led.residual.ceiling)) == (1_270, 3_179)
    assert led.closes is False
    assert "residual [1,270, 3,179] does not hold zero" in str(led)


def test_sensitivity_ranks_the_steps_by_the_width_they_bring_in(corpus: Corpus) -> None:
    """The step with the wider size stands first."""
    led = bridge(corpus.item("F220"), "ssb-nonresident-year", corpus)

    assert [width for _, width in led.sensitivity] == sorted((width for _, width in led.sensitivity), reverse=True)
    assert {"persons-jobs", "refweek-year"} == {step for step, _ in led.sensitivity}
