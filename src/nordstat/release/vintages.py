"""Vintages: what an office said, when it said it, and what it changed later.

A history is append-only: a value keeps its row for good; what ends is the time it stood. Vintages are instants
(ISO 8601; a bare date is its midnight, UTC) and are compared as such, never as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from nordstat.errors import ReleaseError, SettingsError
from nordstat.model.release import Revisions
from nordstat.schema.columns import KEY
from nordstat.schema.keys import packed

SERIES = tuple(name for name in KEY if name != "vintage")
"""What makes two observations vintages of one number."""

_VALUE, _STATUS, _VINTAGE = "obs_value", "obs_status", "vintage"
_FROM, _TO = "vintage_from", "vintage_to"
_GROUPS = ("source", "measure")
_OUT_OF_LINE = 10


def history(observations: pd.DataFrame, *, key: Sequence[str] = SERIES) -> pd.DataFrame:
    """Give every value with the vintages in which it stood.

    Parameters
    ----------
    observations : DataFrame
        With the key's columns, ``obs_value``, ``obs_status`` and ``vintage``.
    key : sequence of str
        Columns that make a number one number, whatever its vintage.

    Returns
    -------
    DataFrame
        The key, ``obs_value``, ``obs_status``, ``vintage_from`` and ``vintage_to``: the vintage that first said so and
        the one that no longer did, empty while it stands. A vintage that repeats the value adds no row.

    Raises
    ------
    ReleaseError
        Where one vintage gives two values for one number.
    """
    rows = _in_time(observations, key, _VINTAGE)
    same_series, same_instant = (
        rows["_series"].eq(rows["_series"].shift()),
        rows["_instant"].eq(rows["_instant"].shift()),
    )
    same_value = _equal(rows[_VALUE], rows[_VALUE].shift()) & _equal(rows[_STATUS], rows[_STATUS].shift())
    clash = rows[same_series & same_instant & ~same_value]
    if len(clash):
        raise ReleaseError(f"one vintage gives two values: {_named(clash.iloc[0], [*key, _VINTAGE])}")
    kept = rows[~(same_series & same_value)].rename(columns={_VINTAGE: _FROM})
    follows = kept["_series"].eq(kept["_series"].shift(-1))
    kept[_TO] = kept[_FROM].shift(-1).where(follows)
    return kept[[*key, _VALUE, _STATUS, _FROM, _TO]].reset_index(drop=True)


def append(old: pd.DataFrame, observations: pd.DataFrame, *, key: Sequence[str] = SERIES) -> pd.DataFrame:
    """Give a history with newer vintages added; nothing it holds is changed but the end of what no longer stands.

    Raises
    ------
    ReleaseError
        For a vintage that is not newer than what the history holds of the same number.
    """
    known = old.rename(columns={_FROM: _VINTAGE}).drop(columns=_TO)
    new = observations[[*key, _VALUE, _STATUS, _VINTAGE]]
    both = pd.concat([known.assign(_new=False), new.assign(_new=True)], ignore_index=True)
    rows = _in_time(both, key, _VINTAGE)
    newest = rows["_instant"].where(~rows["_new"]).groupby(rows["_series"]).transform("max")
    late = rows[rows["_new"] & (rows["_instant"] <= newest)]
    if len(late):
        raise ReleaseError(
            f"a vintage is no newer than the history: {_named(late.iloc[0], [*key, _VINTAGE])}",
            hint="A history only grows; build it anew from all snapshots to add an older vintage.",
        )
    return history(both, key=key)


def as_of(observations: pd.DataFrame, date: str, *, key: Sequence[str] = SERIES) -> pd.DataFrame:
    """Give the observations as they were known on a day: of each number, the newest vintage up to its end.

    Observations whose source states no vintage are given always; nobody knows when they were not yet said.

    Raises
    ------
    SettingsError
        For a date that is none.
    """
    end = _instant(date) + (pd.Timedelta(days=1) if len(date) == len("2024-01-31") else pd.Timedelta(0))
    rows = _in_time(observations, key, _VINTAGE)
    rows = rows[rows["_instant"].isna() | (rows["_instant"] < end)]
    last = ~rows["_series"].eq(rows["_series"].shift(-1))
    return observations.iloc[np.sort(rows.index[last])]


def revisions(past: pd.DataFrame, *, since: str = "", key: Sequence[str] = SERIES) -> Revisions:
    """Give what was changed in numbers published before.

    Parameters
    ----------
    past : DataFrame
        A history.
    since : str
        Only changes made by this day or later; empty for all.
    key : sequence of str
        Columns that make a number one number.
    """
    rows = _in_time(past, key, _FROM)
    before = rows[[_VALUE, _STATUS]].shift()
    table = rows.rename(columns={_FROM: _VINTAGE, _VALUE: "new", _STATUS: "new_status"}).assign(
        old=before[_VALUE], old_status=before[_STATUS]
    )
    table = table[rows["_series"].eq(rows["_series"].shift())]
    if since:
        table = table[table["_instant"] >= _instant(since)]
    table = table.assign(difference=table["new"] - table["old"], kind=_kinds(table["old"], table["new"]))
    shown = [*key, _VINTAGE, "old", "new", "old_status", "new_status", "difference", "kind"]
    groups = [name for name in (*_GROUPS, "unit_measure") if name in table.columns]
    return Revisions(
        table=table[shown].reset_index(drop=True),
        summary=_summary(table, groups),
        misfits=_misfits(rows, key, groups, since=since),
    )


def sign_test(differences: pd.Series[Any]) -> float:
    """Give the two-sided p-value of as many ups against downs, were both as likely.

    Examples
    --------
    >>> sign_test(pd.Series([1.0, 2.0, 1.0, 4.0, 1.0]))
    0.0625
    """
    ups, downs = int((differences > 0).sum()), int((differences < 0).sum())
    count = ups + downs
    steps = np.arange(min(ups, downs))
    logs = np.concatenate([[0.0], np.cumsum(np.log(count - steps) - np.log(steps + 1))]) - count * np.log(2)
    return min(1.0, float(2 * np.exp(logs).sum()))


def _in_time(frame: pd.DataFrame, key: Sequence[str], vintage: str) -> pd.DataFrame:
    """Give rows by number and then by vintage, with both as ``_series`` and ``_instant``."""
    arrays = packed(frame, key)
    series = pd.DataFrame(dict(enumerate(arrays))).groupby(list(range(len(arrays))), sort=True).ngroup()
    told = frame.reset_index(drop=True).assign(_series=series.to_numpy())
    told["_instant"] = _instants(told[vintage])
    return told.sort_values(["_series", "_instant"], kind="stable", na_position="first")


def _instants(texts: pd.Series[Any]) -> pd.Series[Any]:
    distinct = pd.Series(texts.dropna().unique())
    return texts.map({text: _instant(text) for text in distinct}).astype("datetime64[ns, UTC]")


def _instant(text: str) -> pd.Timestamp:
    try:
        return pd.to_datetime(str(text), format="ISO8601", utc=True).as_unit("ns")
    except ValueError:
        raise SettingsError(f"{text!r} is no date", hint="Write 2024-01-31, or 2024-01-31T07:00:00Z.") from None


def _equal(one: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[bool]:
    return (one == other).fillna(value=False).astype(bool) | (one.isna() & other.isna())


def _kinds(old: pd.Series[Any], new: pd.Series[Any]) -> np.ndarray[Any, Any]:
    had, has = old.notna().to_numpy(), new.notna().to_numpy()
    changed = ~_equal(old, new).to_numpy()
    return np.select([had & ~has, ~had & has, changed], ["withdrawn", "restored", "value"], "status")


def _summary(table: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    lines = []
    for names, part in table.groupby(groups, observed=True, sort=True) if groups else [((), table)]:
        changed = part.loc[part["kind"] == "value", "difference"].astype("float64")
        counts = {kind: int((part["kind"] == kind).sum()) for kind in ("value", "withdrawn", "restored", "status")}
        largest = changed.iloc[int(changed.abs().argmax())] if len(changed) else np.nan
        lines.append(
            dict(zip(groups, names, strict=True))
            | counts
            | {
                "mean": changed.mean(),
                "mean_absolute": changed.abs().mean(),
                "largest": largest,
                "sign_test": sign_test(changed),
            }
        )
    measures = ["value", "withdrawn", "restored", "status", "mean", "mean_absolute", "largest", "sign_test"]
    return pd.DataFrame(lines, columns=[*groups, *measures])


def _misfits(rows: pd.DataFrame, key: Sequence[str], groups: list[str], *, since: str) -> pd.DataFrame:
    """Give values that one vintage changed and the next changed back, far out of line with ordinary revisions.

    Out of line: further from both neighbours, on the same side, than ten times the largest of one unit, how far these
    two are apart, and the median of the other revisions of the same source and measure.
    """
    value = rows[_VALUE].astype("float64")
    up = value - value.shift().where(rows["_series"].eq(rows["_series"].shift()))
    down = value - value.shift(-1).where(rows["_series"].eq(rows["_series"].shift(-1)))
    way, apart = np.minimum(up.abs(), down.abs()), (up - down).abs()
    there_and_back = (up * down > 0) & (way > _OUT_OF_LINE * apart)
    back = there_and_back.shift(fill_value=False)
    others = up.abs().where((up != 0) & ~there_and_back & ~back)
    usual = (
        others.groupby([rows[name] for name in groups], observed=True).transform("median")
        if groups
        else others.median()
    )
    far = there_and_back & (way > _OUT_OF_LINE * np.fmax(usual, 1))
    if since:
        far &= rows["_instant"] >= _instant(since)
    found = (
        rows[far]
        .assign(before=(value - up)[far], after=(value - down)[far])
        .rename(columns={_FROM: _VINTAGE, _VALUE: "value"})
    )
    return found[[*key, _VINTAGE, "value", "before", "after"]].reset_index(drop=True)


def _named(row: pd.Series[Any], columns: Sequence[str]) -> str:
    return ", ".join(f"{name} {row[name]}" for name in columns if not pd.isna(row[name]) and row[name] != "_T")
