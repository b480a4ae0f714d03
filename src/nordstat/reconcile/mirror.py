"""Mirrors: one flow as two offices count it, and how far they are apart (SIMS 15.1.1, asymmetry coefficient).

The first is the office that sees the flow go out, the second the one that sees it come in. Neither is preferred, and
the two are never averaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from nordstat.errors import ReconciliationError
from nordstat.model.figure import Measure
from nordstat.reconcile.bridge import middle
from nordstat.reconcile.candidates import Corpus, Item, same_publication, same_time
from nordstat.reconcile.frames import Floats, numbers, refuse_empty

FLOW = (
    "measure",
    "time_period",
    "residence_area",
    "work_area",
    "sex",
    "age_low",
    "age_high",
    "occupation",
    "industry",
    "background",
)
"""What makes two numbers the same flow, whoever counts it and how."""

BOTH_ZERO = "both are 0"


@dataclass(frozen=True, slots=True)
class Mirror:
    """Flows as two offices count them.

    Attributes
    ----------
    first, second : str
        The offices.
    table : DataFrame
        One row a flow: the two numbers and definitions, ``difference`` (first less second), ``signed`` asymmetry
        (-2 to 2), its size ``absolute``, the ``reason`` where there is none, and ``obs_status``: E where only one side
        counts the flow, so that what is known of it is an estimate.
    """

    first: str
    second: str
    table: pd.DataFrame

    @property
    def aggregate(self) -> float | None:
        """Sum of the sizes of the differences over half the sum of both sides, where both count; else ``None``."""
        both = self.table[[self.first, self.second]].dropna()
        half = float(both.to_numpy().sum()) / 2
        return float(both[self.first].sub(both[self.second]).abs().sum()) / half if half else None

    def __str__(self) -> str:
        measured = int(self.table["absolute"].notna().sum())
        overall = "no flow with both" if self.aggregate is None else f"aggregate asymmetry {self.aggregate:.3f}"
        return f"{self.first} and {self.second}: {len(self.table):,} flows, {measured:,} counted by both, {overall}"


def asymmetry(first: Floats, second: Floats) -> Floats:
    """Give (first - second) over the average of the two, not a number where a side is missing or both are 0.

    Examples
    --------
    >>> asymmetry(np.array([110.0, 0.0, 5.0]), np.array([90.0, 0.0, np.nan]))
    array([0.2, nan, nan])
    """
    half = (first + second) / 2
    signed: Floats = np.divide(first - second, half, out=np.full(len(half), np.nan), where=half > 0)
    return signed


def mirror(
    frame: pd.DataFrame,
    first: str,
    second: str,
    *,
    definitions: tuple[str | None, str | None] = (None, None),
    on: Sequence[str] = FLOW,
) -> Mirror:
    """Give every flow as two offices count it.

    Parameters
    ----------
    frame : DataFrame
        Observations; shares and changes play no part.
    first, second : str
        Reporters: the office of the origin, and that of the destination.
    definitions : tuple of str, optional
        Definition of each, needed where an office counts a flow by several.
    on : sequence of str, optional
        Columns that make two numbers the same flow; those the frame does not have play no part.

    Raises
    ------
    ReconciliationError
        Where neither has a number, and where one of them has several for one flow.
    """
    keys = [column for column in on if column in frame]
    if "measure" in frame:
        frame = frame[[Measure(measure).is_level for measure in frame["measure"]]]
    sides = [
        _side(frame, office, definition, keys) for office, definition in zip((first, second), definitions, strict=True)
    ]
    joined = sides[0].merge(sides[1], on=keys, how="outer", sort=True)
    refuse_empty(len(joined), f"neither {first} nor {second} has a number")
    signed = asymmetry(numbers(joined[first]), numbers(joined[second]))
    missing = [joined[office].isna().to_numpy() for office in (first, second)]
    alone = missing[0] | missing[1]
    reasons = [missing[0] & missing[1], *missing, np.isnan(signed)]
    words = ["neither shows a number", f"{first} shows no number", f"{second} shows no number", BOTH_ZERO]
    return Mirror(
        first,
        second,
        joined.assign(
            difference=joined[first] - joined[second],
            signed=signed,
            absolute=np.abs(signed),
            reason=np.select(reasons, [np.array(word) for word in words], np.array("")),
            obs_status=np.where(alone, "E", "A"),
        ),
    )


def mirrored_figures(corpus: Corpus) -> pd.DataFrame:
    """Give every two numbers of the evidence that two reporters have of one flow and time, from different publications.

    Returns
    -------
    DataFrame
        ``first`` and ``second`` (ids), their reporters, definitions and middles, ``signed`` and ``absolute``
        asymmetry, and whether their intervals have a number in common (``may_agree``).
    """
    pairs = [pair for items in corpus.levels.values() for pair in _pairs(items)]
    table = pd.DataFrame.from_records(
        [_pair(first, second) for first, second in pairs],
        columns=[*(f"{side}{what}" for side in ("first", "second") for what in _ASKED), "period", "may_agree"],
    ).rename(columns={"first_id": "first", "second_id": "second"})
    signed = asymmetry(table["first_value"].to_numpy(float), table["second_value"].to_numpy(float))
    return table.assign(signed=signed, absolute=np.abs(signed)).sort_values(["first", "second"], ignore_index=True)


_ASKED = ("_id", "_reporter", "_definition", "_value")


def _pairs(items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    dated = [item for item in items if item.period is not None and not item.period.rough]
    for pair in combinations(dated, 2):
        first, second = sorted(pair, key=lambda item: (item.figure.reporter, item.figure.id))
        if first.figure.reporter == second.figure.reporter or same_publication(first, second):
            continue
        if same_time(first.period, second.period):
            yield first, second


def _pair(first: Item, second: Item) -> tuple[object, ...]:
    told = (
        (item.figure.id, item.figure.reporter, item.figure.key.definition, middle(item.interval))
        for item in (first, second)
    )
    return *(value for one in told for value in one), str(first.period), first.interval.overlaps(second.interval)


def _side(frame: pd.DataFrame, office: str, definition: str | None, keys: list[str]) -> pd.DataFrame:
    own = frame[frame["reporter"] == office]
    if definition is not None:
        own = own[own["definition"] == definition]
    own = pd.DataFrame(
        {
            **{key: own[key].astype(object) for key in keys},
            office: numbers(own["obs_value"]),
            f"{office}_definition": own["definition"].astype(object),
        }
    ).drop_duplicates()
    twice = own[own.duplicated(keys, keep=False)]
    if len(twice):
        found = ", ".join(sorted(set(twice[f"{office}_definition"])))
        raise ReconciliationError(
            f"{office} has several numbers for one flow ({len(twice):,} rows; definitions: {found})",
            hint="Say which with `definitions=`; where it is one definition, keep one source or vintage.",
        )
    return own
