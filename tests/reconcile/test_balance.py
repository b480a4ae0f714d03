"""Balancing: what adds up afterwards, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from nordstat.errors import CannotBalanceError, SettingsError
from nordstat.model.interval import Interval
from nordstat.reconcile.balance import Balanced, Constraint, adjust, rake

ROWS, COLUMNS = ["Arvika", "Eda"], ["Oslo", "Kongsvinger"]


def _matrix(cells: list[list[float]]) -> pd.DataFrame:
    return pd.DataFrame(cells, index=ROWS, columns=COLUMNS)


def _fitted(balanced: Balanced) -> pd.DataFrame:
    return balanced.table.pivot_table(index="row", columns="column", values="balanced").loc[ROWS, COLUMNS]


def test_matrix_is_fitted_to_its_margins() -> None:
    """Rows and columns add up to the totals, and the odds ratio of the cells stays as it was."""
    matrix = _matrix([[40.0, 10.0], [20.0, 30.0]])

    balanced = rake(matrix, pd.Series({"Eda": 60.0, "Arvika": 60.0}), pd.Series({"Oslo": 80.0, "Kongsvinger": 40.0}))

    fitted = _fitted(balanced)
    assert fitted.sum(axis=1).to_numpy() == pytest.approx([60, 60])
    assert fitted.sum(axis=0).to_numpy() == pytest.approx([80, 40])
    odds = [m.iloc[0, 0] * m.iloc[1, 1] / (m.iloc[0, 1] * m.iloc[1, 0]) for m in (matrix, fitted)]
    assert odds[0] == pytest.approx(odds[1])


def test_originals_stand_beside_and_balanced_numbers_are_estimates() -> None:
    """Every balanced number is flagged E and has the number it came from."""
    balanced = rake(_matrix([[40.0, 10.0], [20.0, 30.0]]), pd.Series(50.0, ROWS), pd.Series([60.0, 40.0], COLUMNS))

    assert set(balanced.table["obs_status"]) == {"E"}
    assert balanced.table["value"].tolist() == [40, 10, 20, 30]
    assert balanced.table["standard_units"].isna().all()


@pytest.mark.fault("R04")
def test_margins_that_disagree_are_refused() -> None:
    """100 by rows and 100.01 by columns cannot both hold, and both numbers are told."""
    with pytest.raises(CannotBalanceError, match=r"rows add up to 100, columns to 100\.01"):
        rake(_matrix([[1.0, 1.0], [1.0, 1.0]]), pd.Series(50.0, ROWS), pd.Series([50.01, 50.0], COLUMNS))


@pytest.mark.fault("R05")
def test_row_of_zeros_with_a_total_is_refused_by_name() -> None:
    """Nobody from Eda, and 10 of them: Eda is named; so is a column of zeros."""
    with pytest.raises(CannotBalanceError, match="row Eda") as caught:
        rake(_matrix([[40.0, 10.0], [0.0, 0.0]]), pd.Series([50.0, 10.0], ROWS), pd.Series([50.0, 10.0], COLUMNS))
    assert caught.value.names == ("Eda",)
    with pytest.raises(CannotBalanceError, match="column Kongsvinger"):
        rake(_matrix([[40.0, 0.0], [20.0, 0.0]]), pd.Series([50.0, 10.0], ROWS), pd.Series([50.0, 10.0], COLUMNS))


@pytest.mark.fault("R05")
def test_row_of_zeros_without_a_total_stays_zero() -> None:
    """Nobody from Eda and a total of 0 is no contradiction."""
    balanced = rake(_matrix([[40.0, 10.0], [0.0, 0.0]]), pd.Series([60.0, 0.0], ROWS), pd.Series([50.0, 10.0], COLUMNS))

    assert _fitted(balanced).loc["Eda"].tolist() == [0, 0]


def test_zeros_that_leave_no_way_are_refused() -> None:
    """Arvika only to Oslo and Eda only to Kongsvinger cannot make 30 and 70 of 50 and 50."""
    with pytest.raises(CannotBalanceError, match="leave no way") as caught:
        rake(_matrix([[40.0, 0.0], [0.0, 30.0]]), pd.Series([50.0, 50.0], ROWS), pd.Series([30.0, 70.0], COLUMNS))

    assert set(caught.value.names) == {*ROWS}


def test_large_matrix_is_fitted() -> None:
    """290 by 357 cells, a third of them zero, meet margins of another matrix of the same zeros."""
    random = np.random.default_rng(4)
    there = random.random((290, 357)) > 1 / 3
    cells, target = (random.gamma(0.5, 40.0, there.shape) * there for _ in range(2))
    matrix = pd.DataFrame(cells)

    balanced = rake(matrix, pd.Series(target.sum(axis=1)), pd.Series(target.sum(axis=0)))

    fitted = balanced.table["balanced"].to_numpy().reshape(there.shape)
    assert fitted.sum(axis=1) == pytest.approx(target.sum(axis=1), rel=1e-6)
    assert fitted.sum(axis=0) == pytest.approx(target.sum(axis=0), rel=1e-6)
    assert (fitted[~there] == 0).all()


def test_cell_that_would_move_too_far_stops_the_fit() -> None:
    """With standard deviations known, a cell moves no more than two of them unless it is accepted by name."""
    matrix, rows, columns = (
        _matrix([[40.0, 10.0], [20.0, 30.0]]),
        pd.Series(60.0, ROWS),
        pd.Series([80.0, 40.0], COLUMNS),
    )
    deviations = _matrix([[20.0, 20.0], [2.0, 20.0]])

    with pytest.raises(CannotBalanceError, match="Eda / Oslo") as caught:
        rake(matrix, rows, columns, deviations=deviations)
    assert caught.value.names == ("Eda / Oslo",)
    assert rake(matrix, rows, columns, deviations=deviations, accepted=[("Eda", "Oslo")]).chi_square > 4


@pytest.mark.parametrize(
    ("matrix", "rows", "words"),
    [
        ([[1.0, -1.0], [1.0, 1.0]], [1.0, 1.0], "cells are missing, negative"),
        ([[1.0, np.nan], [1.0, 1.0]], [1.0, 1.0], "cells are missing, negative"),
        ([[1.0, 1.0], [1.0, 1.0]], [-1.0, 3.0], "totals of rows"),
    ],
)
def test_numbers_that_are_no_counts_are_refused(matrix: list[list[float]], rows: list[float], words: str) -> None:
    """A hidden cell is not filled with 0, and a count is not negative."""
    with pytest.raises(SettingsError, match=words):
        rake(_matrix(matrix), pd.Series(rows, ROWS), pd.Series(1.0, COLUMNS))


def test_totals_of_other_rows_are_refused() -> None:
    """Totals are matched by label, and a label that one of them lacks is named."""
    with pytest.raises(SettingsError, match="Torsby"):
        rake(_matrix([[1.0, 1.0], [1.0, 1.0]]), pd.Series(1.0, ["Arvika", "Torsby"]), pd.Series(1.0, COLUMNS))


SUM = Constraint("both ways", {"total": 1, "out": -1, "back": -1})


def test_uncertain_figures_move_most() -> None:
    """100 short by 6 over two figures whose variances are as 1 to 4 move by 1.2 and 4.8, and the exact total stays."""
    balanced = adjust({"total": Interval.point(106), "out": Interval(57, 63), "back": Interval(34, 46)}, [SUM])

    moved = balanced.table.set_index("figure")["adjustment"]
    assert moved.to_dict() == pytest.approx({"total": 0.0, "out": 1.2, "back": 4.8})
    assert balanced.table["balanced"].tolist() == pytest.approx([106, 61.2, 44.8])
    assert set(balanced.table["obs_status"]) == {"E"}


def test_adjustments_are_told_in_standard_units() -> None:
    """An interval of width 12 has a standard deviation of 3.46: a move of 4.8 is 1.39 of it; chi-square adds up."""
    balanced = adjust({"total": Interval.point(106), "out": Interval(57, 63), "back": Interval(34, 46)}, [SUM])

    units = balanced.table.set_index("figure")["standard_units"]
    assert units.to_dict() == pytest.approx({"total": 0.0, "out": 1.2 / 3**0.5, "back": 4.8 / 12**0.5})
    assert balanced.chi_square == pytest.approx(0.48 + 1.92)


def test_figure_that_would_move_more_than_two_units_stops_it() -> None:
    """130 against 100 is no rounding: both figures are named, and only an acceptance by name lets them move."""
    estimates = {"total": Interval.point(130), "out": Interval(57, 63), "back": Interval(34, 46)}

    with pytest.raises(CannotBalanceError, match=r"out \(\+3\.5\), back \(\+6\.9\)") as caught:
        adjust(estimates, [SUM])
    assert caught.value.names == ("out", "back")
    assert adjust(estimates, [SUM], accepted=["out", "back"]).table["balanced"].tolist() == pytest.approx([130, 66, 64])


def test_exact_figures_that_contradict_are_refused() -> None:
    """16,862 is not 15,844 + 1,070, and nothing may move: the sum is named."""
    estimates = {"total": Interval.point(16_862), "out": Interval.point(15_844), "back": Interval.point(1_070)}

    with pytest.raises(CannotBalanceError, match="leave no room for: both ways"):
        adjust(estimates, [SUM])


def test_sum_said_twice_changes_nothing() -> None:
    """A redundant constraint is no contradiction."""
    estimates = {"total": Interval.point(106), "out": Interval(57, 63), "back": Interval(34, 46)}

    once, twice = adjust(estimates, [SUM]), adjust(estimates, [SUM, SUM])

    assert once.table["balanced"].tolist() == pytest.approx(twice.table["balanced"].tolist())


def test_open_end_has_no_variance() -> None:
    """More than 50,000 cannot be balanced, and is named."""
    with pytest.raises(CannotBalanceError, match="no variance: total"):
        adjust({"total": Interval(50_000, None), "out": Interval(1, 2), "back": Interval(1, 2)}, [SUM])


def test_constraint_on_an_unknown_figure_is_refused() -> None:
    """A sum of figures that are not there is refused, and so is balancing without any sum."""
    with pytest.raises(SettingsError, match="unknown figures: back, out"):
        adjust({"total": Interval(1, 2)}, [SUM])
    with pytest.raises(SettingsError, match="no constraint"):
        adjust({"total": Interval(1, 2)}, [])


NEGATIVE = {"total": Interval.point(100), "out": Interval(60, 180), "back": Interval(0, 10), "rest": Interval(0, 60)}
THREE = Constraint("all", {"total": 1, "out": -1, "back": -1, "rest": -1})
ALSO = Constraint("at least", {"out": 1}, total=110)


@pytest.mark.fault("R11")
def test_negative_figure_is_listed_never_clipped() -> None:
    """Least squares that would make a count negative says which, and how to go on."""
    with pytest.raises(CannotBalanceError, match="negative: rest") as caught:
        adjust(NEGATIVE, [THREE, ALSO])

    assert caught.value.names == ("rest",)
    assert "bounded=True" in caught.value.hint


@pytest.mark.fault("R11")
def test_bounded_solution_needs_the_sums_and_no_negative_figure() -> None:
    """Where the sums cannot hold without a negative figure, that is the answer."""
    pytest.importorskip("osqp")

    with pytest.raises(CannotBalanceError, match="no solution without a negative figure"):
        adjust(NEGATIVE, [THREE, ALSO], bounded=True)


@pytest.mark.fault("R11")
def test_bounded_solution_holds_every_sum_with_no_figure_below_zero() -> None:
    """With 15 too many, the small figure stops at zero and the others take the rest."""
    pytest.importorskip("osqp")
    estimates = {"total": Interval(85, 95), "out": Interval(96, 100), "back": Interval(0, 20), "rest": Interval(0, 4)}

    with pytest.raises(CannotBalanceError, match="negative"):
        adjust(estimates, [THREE])
    balanced = adjust(estimates, [THREE], bounded=True, accepted=list(estimates)).table.set_index("figure")["balanced"]

    assert balanced["total"] == pytest.approx(balanced["out"] + balanced["back"] + balanced["rest"], abs=1e-6)
    assert balanced.min() >= 0
    assert balanced["back"] == pytest.approx(0, abs=1e-6)


def test_absent_solver_is_named_with_its_extra() -> None:
    """Without OSQP, bounded balancing says what to install; everything else works."""
    script = """
import sys
sys.modules["osqp"] = None
from nordstat.errors import SettingsError
from nordstat.model.interval import Interval
from nordstat.reconcile.balance import Constraint, adjust
both = Constraint("both", {"a": 1, "b": 1}, total=-1)
try:
    adjust({"a": Interval(0, 4), "b": Interval(0, 4)}, [both], bounded=True)
except SettingsError as error:
    print(error.hint)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "pip install nordstat[balance]"
