"""Coherence: the same quantity in two tables, and the identities that tie the counts of one place together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nordstat.errors import SettingsError
from nordstat.model.figure import TOTAL
from nordstat.model.table import Disclosure
from nordstat.reconcile.frames import (
    Floats,
    Places,
    distance,
    ends,
    groups,
    keys_of,
    numbers,
    refuse_empty,
    refuse_repeated,
)

TOLERANCE = 1e-6
AGREES, DIFFERS, OPEN = "agrees", "differs", "open"


@dataclass(frozen=True, slots=True)
class Coherence:
    """Numbers that should be equal, side by side.

    Attributes
    ----------
    table : DataFrame
        One row a number: its key, both sides, ``difference`` (first less second, as published), how far the intervals
        are ``apart`` (0 where both can hold) and the ``outcome``: agrees, open (something is missing and nothing
        contradicts), differs, or only in one of the two.
    """

    table: pd.DataFrame

    @property
    def differing(self) -> pd.DataFrame:
        """The numbers that cannot be equal, the largest difference first."""
        found = self.table[self.table["outcome"] == DIFFERS]
        return found.sort_values("difference", key=abs, ascending=False, kind="stable")

    @property
    def absolute_difference(self) -> float:
        """Sum of the sizes of all differences."""
        return float(self.differing["difference"].abs().sum())

    def __str__(self) -> str:
        said = ", ".join(f"{count:,} {outcome}" for outcome, count in self.table["outcome"].value_counts().items())
        return f"{len(self.table):,} numbers: {said}; {self.absolute_difference:,.0f} apart in all"


def compare_tables(
    first: pd.DataFrame,
    second: pd.DataFrame,
    on: Sequence[str],
    *,
    names: tuple[str, str] = ("first", "second"),
    disclosures: tuple[Disclosure, Disclosure] = (Disclosure.NONE, Disclosure.NONE),
) -> Coherence:
    """Give the same quantity as two tables have it.

    Parameters
    ----------
    first, second : DataFrame
        Observations of one measure and no totals: each is added up over everything but ``on``.
    on : sequence of str
        Columns that make a number one number in both: ``["time_period", "work_area"]``.
    names : tuple of str, optional
        What the two are called in the result.
    disclosures : tuple of Disclosure, optional
        How each hides small counts, where the ends of its frame do not say.

    Raises
    ------
    ReconciliationError
        Where the two have no key in common, so that nothing would be compared.
    SettingsError
        Where the names are the same.
    """
    if names[0] == names[1]:
        raise SettingsError(f"both tables are called {names[0]!r}", hint="Give each its own name.")
    sides = [_added(frame, on, how) for frame, how in zip((first, second), disclosures, strict=True)]
    joined = sides[0].merge(sides[1], on=list(on), how="outer", suffixes=("_1", "_2"), indicator="_in", sort=True)
    refuse_empty(int((joined["_in"] == "both").sum()), f"{names[0]} and {names[1]} share no {' and '.join(on)}")
    apart = distance((joined["low_1"], joined["high_1"]), (joined["low_2"], joined["high_2"]))
    known = np.isfinite(joined["high_1"]) & np.isfinite(joined["high_2"])
    only = [joined["_in"] == "left_only", joined["_in"] == "right_only"]
    alone = joined["_in"] != "both"
    outcome = np.select(
        [*only, apart > TOLERANCE, ~known], [f"only {names[0]}", f"only {names[1]}", DIFFERS, OPEN], AGREES
    )
    table = joined[list(on)].assign(
        **{name: joined[f"value_{number}"] for number, name in enumerate(names, 1)},
        difference=joined["value_1"] - joined["value_2"],
        apart=np.where(alone, np.nan, apart),
        outcome=outcome,
    )
    return Coherence(table)


def check_movement(frame: pd.DataFrame, *, disclosure: Disclosure = Disclosure.NONE) -> Coherence:
    """Give, for each place, those who work there against its residents less who leaves with who comes.

    Parameters
    ----------
    frame : DataFrame
        Observations: ``employed`` by residence and by place of work, ``out_commuters`` and ``in_commuters``, each with
        ``_T`` at the other end. Flows, which have a place at both ends, are left aside.
    disclosure : Disclosure, optional
        How the table hides small counts, where the ends of the frame do not say.

    Returns
    -------
    Coherence
        ``working`` and ``expected``, one row a place, period and breakdown.

    Raises
    ------
    ReconciliationError
        Where no place has all four numbers, and where one of them stands twice.
    """
    role, place = _role(frame)
    frame, role = frame[role != ""].assign(area=place[role != ""]), role[role != ""]
    keys = [*keys_of(frame, but=["residence_area", "work_area", "measure"]), "area"]
    group = groups(frame, keys)
    refuse_repeated(group, role, frame["area"])
    columns = np.column_stack([numbers(frame["obs_value"]), *ends(frame, disclosure, None)])
    living, out, into, working = (_by_group(columns[role == name], group[role == name], group) for name in _ROLES)
    expected = living + into - out[:, [0, 2, 1]]
    complete = np.isfinite(expected[:, 0]) & np.isfinite(working[:, 0])
    refuse_empty(int(complete.sum()), "no place has residents, who leaves, who comes and who works there")
    apart = distance((working[:, 1], working[:, 2]), (expected[:, 1], expected[:, 2]))
    first = np.unique(group, return_index=True)[1]
    return Coherence(
        frame.iloc[first][keys]
        .reset_index(drop=True)
        .assign(
            working=working[:, 0],
            expected=expected[:, 0],
            difference=working[:, 0] - expected[:, 0],
            apart=apart,
            outcome=np.select([apart > TOLERANCE, ~complete], [DIFFERS, OPEN], AGREES),
        )
    )


_ROLES = ("living", "out", "in", "working")


def _role(frame: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Give which of the four counts each row is, empty for none, and of which place."""
    residence, work, measure = (
        frame[name].astype(str).to_numpy() for name in ("residence_area", "work_area", "measure")
    )
    at_home, at_work = (work == TOTAL) & (residence != TOTAL), (residence == TOTAL) & (work != TOTAL)
    role = np.select(
        [
            at_home & (measure == "employed"),
            at_home & (measure == "out_commuters"),
            at_work & (measure == "in_commuters"),
            at_work & (measure == "employed"),
        ],
        _ROLES,
        "",
    )
    return role, np.where(at_home, residence, work)


def _by_group(columns: Floats, of: Places, group: Places) -> Floats:
    """Give value, low and high end by group; where a group has no such row, anything."""
    spread = np.tile([np.nan, 0.0, np.inf], (int(group.max(initial=-1)) + 1, 1))
    spread[of] = columns
    return spread


def _added(frame: pd.DataFrame, on: Sequence[str], disclosure: Disclosure) -> pd.DataFrame:
    """Add a table up over everything but some columns; a sum with a missing part has no value and no upper end."""
    low, high = ends(frame, disclosure, None)
    keys = {name: frame[name].astype(object).to_numpy() for name in on}
    value = numbers(frame["obs_value"])
    rows = pd.DataFrame({**keys, "value": value, "low": low, "high": high, "missing": np.isnan(value)})
    added = rows.groupby(list(on), dropna=False, sort=False, as_index=False).sum()
    return added.assign(value=added["value"].where(added["missing"] == 0)).drop(columns="missing")
