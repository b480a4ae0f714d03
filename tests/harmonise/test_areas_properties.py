"""What must hold for any counts and any correspondence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nordstat.harmonise.areas import convert
from nordstat.mapping.composition import compose
from nordstat.model.codelist import CodeRelation, Correspondence, Evidence, Link, SchemeVersion

SOURCES = ("0101", "0104", "0136", "0301", "1103", "1507")
TARGETS = ("0301", "1103", "3101", "3103")
FURTHER = ("30", "31")
A, B, C, D = (SchemeVersion("NO-KOMMUNE", version) for version in ("2017", "2018", "2019", "2020"))
COUNTS = st.integers(0, 10**7)

untimed = settings(deadline=None, max_examples=40)


def whole_units(
    source: SchemeVersion, target: SchemeVersion, codes: tuple[str, ...], goals: tuple[str, ...]
) -> st.SearchStrategy[Correspondence]:
    """Correspondences in which every code goes whole to one other."""
    return st.tuples(*(st.sampled_from(goals) for _ in codes)).map(
        lambda chosen: Correspondence(
            source,
            target,
            tuple(
                Link(
                    code,
                    goal,
                    CodeRelation.EXACT if chosen.count(goal) == 1 else CodeRelation.NARROWER,
                )
                for code, goal in zip(codes, chosen, strict=True)
            ),
        )
    )


@st.composite
def correspondences(draw: st.DrawFn) -> Correspondence:
    """Correspondences with whole units, units shared out, and units without counterpart."""
    links: list[Link] = []
    for code in SOURCES:
        kind = draw(st.sampled_from(["whole", "shared", "none"]))
        if kind == "none":
            links.append(Link(code, "", CodeRelation.NONE))
        elif kind == "whole":
            links.append(Link(code, draw(st.sampled_from(TARGETS)), CodeRelation.NARROWER))
        else:
            share = draw(st.integers(1, 999)) / 1000
            first, second = draw(st.permutations(TARGETS))[:2]
            links.append(Link(code, first, CodeRelation.PARTIAL, share, evidence=Evidence.DERIVED))
            links.append(Link(code, second, CodeRelation.PARTIAL, 1 - share, evidence=Evidence.DERIVED))
    return Correspondence(A, B, tuple(links))


@st.composite
def tables(draw: st.DrawFn, *, gaps: bool = False) -> pd.DataFrame:
    """Counts by region, sex and period, every cell there; with gaps, some are empty."""
    cells = pd.MultiIndex.from_product([SOURCES, ["M", "F"], ["2018", "2019"]], names=["region", "sex", "time_period"])
    cell = st.one_of(COUNTS, st.none()) if gaps else COUNTS
    values = draw(st.lists(cell, min_size=len(cells), max_size=len(cells)))
    return cells.to_frame(index=False).assign(persons=pd.array(values, dtype="Int64"))


@st.composite
def flows(draw: st.DrawFn) -> pd.DataFrame:
    """A matrix of flows with the interval of each cell and a true number inside it."""
    cells = pd.MultiIndex.from_product([SOURCES, SOURCES], names=["home", "work"]).to_frame(index=False)
    size = len(cells)
    lows, firsts, seconds = (
        np.array(draw(st.lists(st.integers(0, 1000), min_size=size, max_size=size)), float) for _ in range(3)
    )
    inside = np.array(draw(st.lists(st.integers(0, 10), min_size=size, max_size=size))) / 10
    return cells.assign(
        obs_value=lows + firsts,
        obs_low=lows,
        obs_high=lows + firsts + seconds,
        truth=lows + inside * (firsts + seconds),
    )


def converted(frame: pd.DataFrame, way: Correspondence, **options: Any) -> pd.DataFrame:
    return convert(frame, "region", way, measures="persons", on_unmapped="keep", **options).frame


@untimed
@given(tables(gaps=True), correspondences())
def test_everything_is_accounted_for(frame: pd.DataFrame, way: Correspondence) -> None:
    """In is out, unmapped and withheld, in every period, and out is the sum of the result."""
    found = convert(frame, "region", way, measures="persons", on_unmapped="keep")
    for row in found.balance:
        there = frame.loc[frame["time_period"] == row.period, "persons"]
        out = found.frame.loc[found.frame["time_period"] == row.period, "persons"]
        assert row.closes
        assert row.total_in == there.sum()
        assert row.total_out == pytest.approx(out.sum())
        assert row.missing == there.isna().sum()
    assert found.unmapped["persons"].sum() == sum(row.unmapped for row in found.balance)


@untimed
@given(tables(), whole_units(A, B, SOURCES, TARGETS))
def test_whole_units_keep_the_total_exactly(frame: pd.DataFrame, way: Correspondence) -> None:
    """Without weights not even the last unit moves."""
    assert converted(frame, way)["persons"].sum() == frame["persons"].sum()


@untimed
@given(
    tables(),
    whole_units(A, B, SOURCES, TARGETS),
    whole_units(B, C, TARGETS, TARGETS),
    whole_units(C, D, TARGETS, FURTHER),
)
def test_composition_is_associative(
    frame: pd.DataFrame, first: Correspondence, second: Correspondence, third: Correspondence
) -> None:
    """Step by step, or by a table composed from either end: the same counts."""
    steps = converted(frame, first, absent="zero")
    for way in (second, third):
        steps = converted(steps, way, absent="zero")
    left, right = compose(compose(first, second), third), compose(first, compose(second, third))
    for way in (left, right):
        pd.testing.assert_frame_equal(
            _numbers(converted(frame, way, absent="zero")), _numbers(steps), check_categorical=False
        )


@untimed
@given(tables(), correspondences())
def test_conversion_commutes_with_aggregation(frame: pd.DataFrame, way: Correspondence) -> None:
    """Both sexes added up before the conversion, or after it: the same counts."""
    before = frame.groupby(["region", "time_period"], as_index=False)["persons"].sum()
    after = converted(frame, way).groupby(["region", "time_period"], as_index=False, observed=True)["persons"].sum()
    pd.testing.assert_frame_equal(
        _numbers(converted(before, way)), _numbers(after), check_dtype=False, check_categorical=False
    )


@untimed
@given(tables(gaps=True), correspondences(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(frame: pd.DataFrame, way: Correspondence, random: Any) -> None:
    """Shuffled rows give the same frame, in the same order."""
    order = list(range(len(frame)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(converted(frame.iloc[order], way), converted(frame, way))


@untimed
@given(tables(gaps=True), correspondences())
def test_the_storage_of_codes_does_not_matter(frame: pd.DataFrame, way: Correspondence) -> None:
    """Categories, with some that do not occur and in another order, give the same as text."""
    kind = pd.CategoricalDtype([*reversed(SOURCES), "9999"])
    pd.testing.assert_frame_equal(converted(frame.astype({"region": kind}), way), converted(frame, way))


@untimed
@given(tables(gaps=True), correspondences())
def test_periods_do_not_touch_each_other(frame: pd.DataFrame, way: Correspondence) -> None:
    """Each period converted on its own gives its part of the whole."""
    whole = converted(frame, way)
    for period, part in frame.groupby("time_period"):
        wanted = whole[whole["time_period"] == period].reset_index(drop=True)
        pd.testing.assert_frame_equal(converted(part, way), wanted, check_dtype=False)


@untimed
@given(flows(), correspondences())
def test_intervals_contain_the_value_and_the_truth(frame: pd.DataFrame, way: Correspondence) -> None:
    """Whatever was inside its interval before both ends were converted is inside it after."""
    options: dict[str, Any] = {"period": None, "on_unmapped": "keep"}
    shown = convert(frame.drop(columns="truth"), ["home", "work"], way, measures="obs_value", **options).frame
    true = convert(frame[["home", "work", "truth"]], ["home", "work"], way, measures="truth", **options).frame
    for inside in (shown["obs_value"], true["truth"]):
        assert (shown["obs_low"] <= inside * (1 + 1e-12) + 1e-9).all()
        assert (inside <= shown["obs_high"] * (1 + 1e-12) + 1e-9).all()


@untimed
@given(flows(), correspondences(), st.lists(st.booleans(), min_size=36, max_size=36))
def test_a_hidden_cell_never_gives_a_number_too_small(
    frame: pd.DataFrame, way: Correspondence, hidden: list[bool]
) -> None:
    """With cells suppressed, no value is shown but the true one, and the low end is never above it."""
    options: dict[str, Any] = {"period": None, "on_unmapped": "keep"}
    columns = ["obs_value", "obs_low", "obs_high"]
    exact = frame.drop(columns="truth").assign(obs_low=frame["obs_value"], obs_high=frame["obs_value"])
    veiled = exact.copy()
    veiled.loc[hidden, columns] = np.nan
    shown, true = (
        convert(part, ["home", "work"], way, measures="obs_value", **options).frame for part in (veiled, exact)
    )
    known = shown["obs_value"].notna()
    np.testing.assert_allclose(shown.loc[known, "obs_value"], true.loc[known, "obs_value"])
    assert (shown["obs_low"].fillna(0) <= true["obs_value"] * (1 + 1e-12) + 1e-9).all()
    assert (shown.loc[~known, "obs_high"].isna()).all()


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The keys and the counts, without what says how they came about."""
    keys = [name for name in ("region", "sex", "time_period") if name in frame]
    return frame[[*keys, "persons"]].astype({"region": "str"})
