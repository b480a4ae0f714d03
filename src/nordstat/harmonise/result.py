"""The frame a conversion gives: keys, sums with their ends, statuses, and the balance of it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nordstat.errors import SchemaViolationError
from nordstat.harmonise.codes import TOTAL, listed
from nordstat.harmonise.counts import CountColumn, numbers
from nordstat.harmonise.spread import Flags, Groups, Key, Numbers, Parts, Positions, group
from nordstat.model.balance import Balance, BalanceRow
from nordstat.schema.columns import CONF_STATUS, MAPPING_STATUS

MAPPED = "mapping_status"
SILENT_BREAK = "silent_break"
_EMPTY = ("H", "L", "M", "O", "Q")
_WORST_LAST: dict[str, tuple[str, ...]] = {
    # of a sum, the reader must know first that a part is missing, then that a part is weak
    "obs_status": ("A", "W", "K", "J", "G", "V", "P", "D", "B", "U", "N", "S", "E", "I", "F", *_EMPTY),
    "conf_status": ("F", *(code for code in CONF_STATUS if code != "F")),
}
_KEPT_WHERE_ALIKE = ("obs_status_source", "snapshot")


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of a frame is to a conversion.

    Attributes
    ----------
    codes : tuple of str
        Columns converted.
    counts : tuple of CountColumn
        Columns added up.
    schemes : dict of str to str
        Column that names the version -> column of codes it speaks of.
    keys : tuple of str
        Columns grouped by: all that are nothing else.
    """

    codes: tuple[str, ...]
    counts: tuple[CountColumn, ...]
    schemes: dict[str, str]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, codes: tuple[str, ...], counts: tuple[CountColumn, ...]) -> Layout:
        """Sort the columns of a frame."""
        schemes = {scheme: name for name in codes if (scheme := f"{name.removesuffix('_area')}_scheme") in frame}
        taken = {*codes, *schemes, *_WORST_LAST, *_KEPT_WHERE_ALIKE, MAPPED, SILENT_BREAK}
        taken.update(name for count in counts for name in count.columns)
        return cls(codes, counts, schemes, tuple(name for name in frame.columns if name not in taken))


def table_of(frame: pd.DataFrame) -> pd.Series[Any]:
    """Give the table each row comes from: its source, without the line where the source is file and line."""
    source = frame["source"]
    lines = _is_line(frame)
    return source.astype("str").str.replace(r":[0-9]+$", "", regex=True).where(lines, source) if lines.any() else source


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A frame whose rows are sent on their way and gathered where they arrive.

    Attributes
    ----------
    frame : DataFrame
        What goes in.
    layout : Layout
        What its columns are.
    parts, groups : Parts, Groups
        The ways its rows go, and which of them arrive together.
    targets : sequence of str
        All target codes.
    rows : ndarray
        For each group, one of the rows it comes from.
    mapped : ndarray of bool
        For each row, whether it goes anywhere.
    """

    frame: pd.DataFrame
    layout: Layout
    parts: Parts
    groups: Groups
    targets: Sequence[str]
    rows: Positions
    mapped: Flags

    def end(self, name: str) -> Positions:
        """For each group, the position of its target in a converted column."""
        return self.parts.targets[self.layout.codes.index(name)][self.groups.member]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The numbers of a frame, added up by group.

    Attributes
    ----------
    of : dict of str to ndarray
        Column -> sums; not a number where a part is missing.
    visible : dict of str to ndarray
        Value column -> sums of the parts that are there.
    """

    of: dict[str, Numbers]
    visible: dict[str, Numbers]


def add_up(gathered: Gathered, hidden: Flags) -> Sums:
    """Add up values and ends.

    Parameters
    ----------
    gathered : Gathered
        What arrives where.
    hidden : ndarray of bool
        Groups of which a part is not in the frame.
    """
    of, visible = {}, {}
    for count in gathered.layout.counts:
        for name in count.columns:
            total, missing = gathered.groups.sums(gathered.parts.of(numbers(gathered.frame[name])))
            if name == count.value:
                visible[name] = total
            lacking = _below_open(missing, gathered.groups) if name == count.low else _open(missing, hidden)
            of[name] = np.where(lacking, np.nan, total) if lacking.any() else total
    return Sums(of, visible)


def result_frame(gathered: Gathered, sums: Sums, *, version: str, breaks: Collection[str]) -> pd.DataFrame:
    """Give the converted frame: its columns in the order they came, then the two statuses.

    Parameters
    ----------
    gathered, sums : Gathered, Sums
        What arrived.
    version : str
        Scheme and version of the target codes.
    breaks : collection of str
        Codes that meant another territory.
    """
    frame, layout = gathered.frame, gathered.layout
    data: dict[str, Any] = {}
    for name in frame.columns:
        if name in layout.codes:
            data[name] = _category(gathered.end(name), gathered.targets)
        elif name in layout.schemes:
            data[name] = _scheme(gathered.end(layout.schemes[name]), gathered.targets, version)
        elif name in sums.of:
            data[name] = _like(frame[name], sums.of[name], whole=gathered.parts.weight is None)
        elif name in _WORST_LAST:
            data[name] = _worst(gathered, name)
        elif name in _KEPT_WHERE_ALIKE:
            data[name] = _where_alike(gathered, name)
        elif name in layout.keys:
            data[name] = frame[name].array.take(gathered.rows)
    if "source" in layout.keys and _is_line(frame).any():
        data["source"] = _cited(gathered)
    if "obs_status" in data:
        data["obs_status"] = _where_empty(data["obs_status"], np.isnan(sums.of[layout.counts[0].value]))
    data[MAPPED] = _mapping_status(gathered)
    data[SILENT_BREAK] = _broken(gathered, breaks)
    return pd.DataFrame(data, copy=False)


def balance_of(gathered: Gathered, sums: Sums, by: Mapping[str, Key], period: str) -> Balance:
    """Give the balance of a conversion by measure and period.

    Parameters
    ----------
    gathered, sums : Gathered, Sums
        What went in, and what arrived.
    by : mapping of str to Key
        The columns of measure and period, those there are.
    period : str
        Name of the period among them.
    """
    frame = gathered.frame
    table = group(by.values(), len(frame))
    came, mapped = table.of_part[gathered.rows], gathered.mapped
    names = {name: frame[name].iloc[table.member].astype(str).tolist() for name in by}

    def total(where: Positions, values: Numbers, kept: Flags) -> list[float]:
        if not kept.all():
            where, values = where[kept], values[kept]
        return list(map(float, np.bincount(where, weights=values, minlength=len(table))))

    rows = []
    for count in gathered.layout.counts:
        given, visible = numbers(frame[count.value]), sums.visible[count.value]
        there, whole = ~np.isnan(given), ~np.isnan(sums.of[count.value])
        columns = zip(
            names.get("measure", [count.value] * len(table)),
            names.get(period, [""] * len(table)),
            total(table.of_part, given, there),
            total(came, visible, whole),
            total(table.of_part, given, there & ~mapped),
            total(came, visible, ~whole),
            np.bincount(table.of_part[~there], minlength=len(table)).tolist(),
            strict=True,
        )
        rows += [BalanceRow(count.value, *row) for row in columns]
    return Balance(tuple(rows))


def _open(missing: Positions | None, hidden: Flags) -> Flags:
    """Tell which sums have a part that is missing."""
    return hidden if missing is None else hidden | (missing > 0)


def _below_open(missing: Positions | None, groups: Groups) -> Flags:
    """Tell which sums have no low end: a count is never below zero, so one part that has one is enough."""
    return np.zeros(len(groups), bool) if missing is None else missing == groups.sizes()


def _category(positions: npt.NDArray[Any], values: Sequence[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(positions, categories=pd.Index(values))


def _like(column: pd.Series[Any], values: Numbers, *, whole: bool) -> pd.Series[Any]:
    """Give sums a wide type of the kind of their column: whole where nothing was shared out or is missing."""
    nullable = pd.api.types.is_extension_array_dtype(column.dtype)
    if pd.api.types.is_integer_dtype(column.dtype) and whole and (nullable or not np.isnan(values).any()):
        return pd.Series(values).astype("Int64" if nullable else "int64")
    return pd.Series(values).astype("Float64" if nullable else "float64")


def _scheme(end: Positions, targets: Sequence[str], version: str) -> pd.Categorical[Any]:
    """Name the version of each code; the total has none."""
    total = targets.index(TOTAL) if TOTAL in targets else -1
    return _category(np.where(end == total, -1, 0), [version])


def _mapping_status(gathered: Gathered) -> pd.Categorical[Any]:
    """Give the weakest status of the parts, those of an earlier conversion included."""
    rank: Positions = gathered.parts.status
    if MAPPED in gathered.frame:
        rank = np.maximum(rank, _ranks(gathered.frame[MAPPED], MAPPING_STATUS)[gathered.parts.rows])
    return _category(gathered.groups.highest(rank), MAPPING_STATUS)


def _broken(gathered: Gathered, breaks: Collection[str]) -> Flags:
    """Mark the codes that meant another territory, in this or in an earlier conversion."""
    broken = np.array([code in breaks for code in gathered.targets], bool)
    marked: Flags = np.logical_or.reduce([broken[gathered.end(name)] for name in gathered.layout.codes])
    if SILENT_BREAK in gathered.frame:
        earlier = gathered.frame[SILENT_BREAK].to_numpy(np.int8)[gathered.parts.rows]
        marked |= gathered.groups.highest(earlier) > 0
    return marked


def _worst(gathered: Gathered, name: str) -> pd.Categorical[Any]:
    """Give the status a reader must know first."""
    ranks = _ranks(gathered.frame[name], _WORST_LAST[name])[gathered.parts.rows]
    return _category(gathered.groups.highest(ranks), _WORST_LAST[name])


def _where_alike(gathered: Gathered, name: str) -> pd.Series[Any]:
    """Keep what all parts of a group have in common; empty where they differ."""
    column = gathered.frame[name]
    differing = gathered.groups.differing(pd.factorize(column)[0][gathered.parts.rows])
    return column.iloc[gathered.rows].reset_index(drop=True).mask(differing)


def _is_line(frame: pd.DataFrame) -> Flags:
    """Tell which rows are lines of a transcribed table."""
    kind = frame["source_kind"] if "source_kind" in frame else pd.Series("", frame.index)
    return kind.eq("transcribed").to_numpy(bool, na_value=False)


def _cited(gathered: Gathered) -> pd.Categorical[Any]:
    """Cite the source of one row as it stands; of several lines of a table, the table."""
    source = gathered.frame["source"]
    several = gathered.groups.differing(pd.factorize(source)[0][gathered.parts.rows])
    table = table_of(gathered.frame).iloc[gathered.rows]
    return pd.Categorical(source.astype(table.dtype).iloc[gathered.rows].where(~several, table))


def _where_empty(status: pd.Categorical[Any], empty: Flags) -> pd.Categorical[Any]:
    """Give a cell without a number a status that says so."""
    silent = empty & ~status.isin(_EMPTY)
    status[silent] = "O"
    return status


def _ranks(column: pd.Series[Any], order: Sequence[str]) -> Positions:
    ranks = pd.Index(order).get_indexer(pd.Index(column))
    if (ranks < 0).any():
        wrong = column[ranks < 0]
        raise SchemaViolationError(
            f"{column.name!r} holds values it may not: {listed(sorted(map(str, wrong.unique())))}",
            failures=wrong.to_frame(),
            hint=f"It may hold {', '.join(order)}.",
        )
    return np.asarray(ranks, np.intp)
