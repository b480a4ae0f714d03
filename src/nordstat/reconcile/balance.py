"""Balancing: numbers moved as little as possible until they add up. Optional, last, and never instead of the originals.

Two methods: iterative proportional fitting for a matrix whose margins are trusted, and Stone's least squares for a few
figures with known intervals. Nothing is balanced that cannot be: margins that disagree, rows without a way, counts that
would turn negative and figures that would have to move further than their intervals allow are refused by name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from nordstat.errors import CannotBalanceError, SettingsError
from nordstat.model.interval import Interval
from nordstat.reconcile.bridge import middle

FURTHEST = 2.0
"""A figure moves no further than this, in standard units, unless it is accepted by name."""

_UNIFORM = 1 / sqrt(12)
"""Standard deviation of a number that lies anywhere in an interval of width 1."""
_CLOSE = 1e-9

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sum that must hold.

    Attributes
    ----------
    name : str
        What it says, for messages.
    terms : mapping of str to float
        Figure -> +1, -1 or another factor.
    total : float
        What the terms add up to; 0 where the total is a figure itself.
    """

    name: str
    terms: Mapping[str, float]
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Balanced:
    """Numbers that add up, beside the originals.

    Attributes
    ----------
    table : DataFrame
        One row a number: ``value`` as it was, ``balanced``, ``adjustment``, the same in ``standard_units`` (empty
        where nothing is known of the precision), and ``obs_status`` E: an estimate, never an observation.
    """

    table: pd.DataFrame

    @property
    def chi_square(self) -> float:
        """Sum of the squares of the adjustments in standard units."""
        return float((self.table["standard_units"].dropna() ** 2).sum())


def rake(
    matrix: pd.DataFrame,
    rows: pd.Series[Any],
    columns: pd.Series[Any],
    *,
    deviations: pd.DataFrame | None = None,
    accepted: Collection[tuple[str, str]] = (),
    iterations: int = 10_000,
) -> Balanced:
    """Give a matrix fitted to its margins by iterative proportional fitting (RAS).

    Parameters
    ----------
    matrix : DataFrame
        Counts.
    rows, columns : Series
        Trusted totals, by the labels of the matrix.
    deviations : DataFrame, optional
        Standard deviation of each cell; without them adjustments have no standard units and nothing is judged.
    accepted : collection of tuple of str, optional
        Cells (row, column) that may move further than 2 standard units.
    iterations : int, optional
        After so many the fit is given up.

    Raises
    ------
    CannotBalanceError
        Where the margins disagree, a row or column of zeros has a positive total, zeros leave no way to a solution,
        or a cell would move too far.
    SettingsError
        For labels that differ, and for numbers that are missing or negative.
    """
    cells, row, column = _checked(matrix, rows, columns)
    _refuse_infeasible(matrix, cells, row, column)
    fitted = _fit(cells, row, column, iterations)
    _refuse_unfitted(matrix, fitted, row, column)
    names = [(str(down), str(across)) for down in matrix.index for across in matrix.columns]
    moved = (fitted - cells).ravel()
    sd = np.full(moved.shape, np.nan) if deviations is None else _numbers(deviations.loc[matrix.index, matrix.columns])
    table = pd.DataFrame(names, columns=["row", "column"]).assign(value=cells.ravel(), balanced=fitted.ravel())
    return _judged(table, names, moved, sd.ravel(), accepted)


def adjust(
    estimates: Mapping[str, Interval],
    constraints: Sequence[Constraint],
    *,
    bounded: bool = False,
    accepted: Collection[str] = (),
) -> Balanced:
    """Give figures moved by Stone's least squares until every sum holds, the uncertain ones most.

    Parameters
    ----------
    estimates : mapping of str to Interval
        What each figure stands for; its variance is that of a number anywhere in the interval, and an exact figure
        does not move.
    constraints : sequence of Constraint
        Sums that must hold.
    bounded : bool, optional
        Whether to solve again with no figure below zero where one would be; needs the extra ``balance``.
    accepted : collection of str, optional
        Figures that may move further than 2 standard units.

    Raises
    ------
    CannotBalanceError
        Where a figure has an open end, the sums contradict each other or the exact figures, a figure would turn
        negative and ``bounded`` is not asked for, or one would move too far.
    SettingsError
        For a constraint on an unknown figure, and where the extra is needed and absent.
    """
    names = list(estimates)
    value, sd = _precision(estimates)
    weights, short = _equations(names, value, constraints)
    steep = weights * sd
    units = steep.T @ np.linalg.pinv(steep @ steep.T, hermitian=True) @ short
    _refuse_contradiction(constraints, weights @ (value + sd * units), weights @ value + short)
    below = value + sd * units < -_CLOSE * max(1.0, float(np.abs(value).max()))
    if below.any():
        units = _bounded_units(names, value, sd, steep, short, below, bounded=bounded)
    table = pd.DataFrame({"figure": names, "value": value, "balanced": value + sd * units})
    return _judged(table, names, sd * units, sd, accepted)


def _judged(
    table: pd.DataFrame, names: Sequence[Any], moved: Floats, sd: Floats, accepted: Collection[Any]
) -> Balanced:
    still = np.isclose(moved, 0.0, atol=_CLOSE)
    with np.errstate(divide="ignore", invalid="ignore"):
        units = np.where(still & ~np.isnan(sd), 0.0, moved / sd)
    far = {name: unit for name, unit in zip(names, units, strict=True) if abs(unit) > FURTHEST and name not in accepted}
    if far:
        raise CannotBalanceError(
            "would have to move more than 2 standard units: "
            + ", ".join(f"{_named(name)} ({unit:+.1f})" for name, unit in far.items()),
            names=[_named(name) for name in far],
            hint="Look for another definition, a break or an error in them; accept them by name where there is none.",
        )
    return Balanced(table.assign(adjustment=moved, standard_units=units, obs_status="E"))


def _checked(matrix: pd.DataFrame, rows: pd.Series[Any], columns: pd.Series[Any]) -> tuple[Floats, Floats, Floats]:
    for what, labels, margin in (("rows", matrix.index, rows), ("columns", matrix.columns, columns)):
        if not (labels.is_unique and margin.index.is_unique and set(labels) == set(margin.index)):
            odd = sorted(map(str, set(labels) ^ set(margin.index)))[:5]
            raise SettingsError(f"the totals of {what} are not those of the matrix: {odd or 'a label stands twice'}")
    cells, row, column = _numbers(matrix), _numbers(rows.loc[matrix.index]), _numbers(columns.loc[matrix.columns])
    for what, numbers in (("cells", cells), ("totals of rows", row), ("totals of columns", column)):
        if not (np.isfinite(numbers) & (numbers >= 0)).all():
            raise SettingsError(f"{what} are missing, negative or not finite", hint="A count is at least 0.")
    return cells, row, column


def _refuse_infeasible(matrix: pd.DataFrame, cells: Floats, row: Floats, column: Floats) -> None:
    if not np.isclose(row.sum(), column.sum(), rtol=_CLOSE, atol=_CLOSE):
        raise CannotBalanceError(
            f"the margins disagree: rows add up to {row.sum():,.10g}, columns to {column.sum():,.10g}",
            hint="Balance the margins first, as a step of its own that is told.",
        )
    for what, labels, sums, margin in (
        ("row", matrix.index, cells.sum(axis=1), row),
        ("column", matrix.columns, cells.sum(axis=0), column),
    ):
        empty = [str(label) for label, total, wanted in zip(labels, sums, margin, strict=True) if total == 0 < wanted]
        if empty:
            raise CannotBalanceError(
                f"only zeros, and a total above zero: {what} {', '.join(empty)}",
                names=empty,
                hint="Zeros stay zeros. Correct the total, or say where the people are.",
            )


def _fit(cells: Floats, row: Floats, column: Floats, iterations: int) -> Floats:
    fitted = cells.copy()
    for _ in range(iterations):
        fitted *= _ratio(row, fitted.sum(axis=1))[:, None]
        fitted *= _ratio(column, fitted.sum(axis=0))[None, :]
        if np.allclose(fitted.sum(axis=1), row, rtol=_CLOSE, atol=_CLOSE):
            break
    return fitted


def _ratio(wanted: Floats, there: Floats) -> Floats:
    return np.asarray(np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0))


def _refuse_unfitted(matrix: pd.DataFrame, fitted: Floats, row: Floats, column: Floats) -> None:
    off = [
        str(label)
        for labels, sums, margin in (
            (matrix.index, fitted.sum(axis=1), row),
            (matrix.columns, fitted.sum(axis=0), column),
        )
        for label, total, wanted in zip(labels, sums, margin, strict=True)
        if not np.isclose(total, wanted, rtol=1e3 * _CLOSE, atol=1e3 * _CLOSE)
    ]
    if off:
        raise CannotBalanceError(
            f"the zeros of the matrix leave no way to these totals: {', '.join(off)}",
            names=off,
            hint="Compare the zeros with the totals of the rows and columns named.",
        )


def _precision(estimates: Mapping[str, Interval]) -> tuple[Floats, Floats]:
    unbounded = [name for name, interval in estimates.items() if not interval.is_bounded]
    if unbounded:
        raise CannotBalanceError(
            f"an open end has no variance: {', '.join(unbounded)}", names=unbounded, hint="Leave them out."
        )
    value = np.array([middle(interval) for interval in estimates.values()])
    width = np.array([interval.ceiling - interval.floor for interval in estimates.values()])
    return value, width * _UNIFORM


def _equations(names: Sequence[str], value: Floats, constraints: Sequence[Constraint]) -> tuple[Floats, Floats]:
    """Give the factors of the constraints, and by how much each falls short."""
    unknown = sorted({name for constraint in constraints for name in constraint.terms} - set(names))
    if unknown or not constraints:
        raise SettingsError(f"constraints on unknown figures: {', '.join(unknown)}" if unknown else "no constraint")
    weights = np.array([[constraint.terms.get(name, 0.0) for name in names] for constraint in constraints])
    return weights, np.array([constraint.total for constraint in constraints]) - weights @ value


def _refuse_contradiction(constraints: Sequence[Constraint], found: Floats, wanted: Floats) -> None:
    close = np.isclose(found, wanted, rtol=1e3 * _CLOSE, atol=1e3 * _CLOSE)
    broken = [constraint.name for constraint, holds in zip(constraints, close, strict=True) if not holds]
    if broken:
        raise CannotBalanceError(
            f"exact figures or other sums leave no room for: {', '.join(broken)}",
            names=broken,
            hint="One of the figures in them is wrong, or less exact than it says.",
        )


def _bounded_units(
    names: Sequence[str],
    value: Floats,
    sd: Floats,
    steep: Floats,
    short: Floats,
    below: np.ndarray[Any, np.dtype[np.bool_]],
    *,
    bounded: bool,
) -> Floats:
    """Give the adjustments in standard units that leave no figure below zero."""
    if not bounded:
        negative = [name for name, hit in zip(names, below, strict=True) if hit]
        raise CannotBalanceError(
            f"least squares makes these negative: {', '.join(negative)}",
            names=negative,
            hint="Ask for bounded=True (needs the extra: pip install nordstat[balance]), or leave a sum out.",
        )
    try:
        import osqp
        from scipy import sparse
    except ImportError:
        raise SettingsError(
            "bounded=True needs the solver OSQP, which is not installed", hint="pip install nordstat[balance]"
        ) from None
    floor = np.divide(-value, sd, out=np.full_like(value, -np.inf), where=sd > 0)
    solver = osqp.OSQP()
    solver.setup(
        P=sparse.identity(len(value), format="csc"),
        q=np.zeros(len(value)),
        A=sparse.vstack([sparse.csc_matrix(steep), sparse.identity(len(value))], format="csc"),
        l=np.concatenate([short, floor]),
        u=np.concatenate([short, np.full(len(value), np.inf)]),
        verbose=False,
        eps_abs=_CLOSE,
        eps_rel=_CLOSE,
        max_iter=200_000,
        polishing=True,
    )
    result = solver.solve(raise_error=False)
    if result.info.status_val != osqp.SolverStatus.OSQP_SOLVED:
        raise CannotBalanceError(
            f"no solution without a negative figure: the solver says {result.info.status!r}",
            names=names,
            hint="The sums need one of the figures below zero; one of them is wrong.",
        )
    # The solver keeps to the bound within its tolerance of 1e-9; a count of -1e-12 is printed as one of 0.
    units: Floats = np.maximum(result.x, floor)
    return units


def _named(name: object) -> str:
    return " / ".join(name) if isinstance(name, tuple) else str(name)


def _numbers(data: pd.DataFrame | pd.Series[Any]) -> Floats:
    return data.to_numpy(dtype=np.float64, na_value=np.nan)
