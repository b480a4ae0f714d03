"""Observations from the store: of every number the newest answer, each table as its spec reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from nordstat.harmonise.table_dimensions import gaps
from nordstat.harmonise.tables import table_observations
from nordstat.mapping.check import Mappings
from nordstat.mapping.symbols import legend
from nordstat.model.codelist import Codelist
from nordstat.model.snapshot import Snapshot
from nordstat.model.symbol import Symbol
from nordstat.model.table import TableSpec
from nordstat.pipeline.executors import SerialExecutor, results
from nordstat.pipeline.shelf import Shelf, Whole, cube_of
from nordstat.schema.columns import KEY
from nordstat.schema.keys import packed
from nordstat.snapshot.store import Store
from nordstat.sources import SERVICES

_SERIES = [name for name in KEY if name != "vintage"]


@dataclass(frozen=True, slots=True)
class InUse:
    """A selection in the store that observations come from.

    Attributes
    ----------
    table : TableSpec
        How it reads.
    whole : Whole
        Its receipt.
    """

    table: TableSpec
    whole: Whole


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store gives to a release.

    Attributes
    ----------
    used : tuple of InUse
        The selections that are read.
    frames : tuple of DataFrame
        Their observations.
    receipts : list of dict
        The answers behind them, as provenance tells them.
    unread : tuple of str
        What is in the store and not read, and why.
    """

    used: tuple[InUse, ...] = ()
    frames: tuple[pd.DataFrame, ...] = ()
    receipts: list[dict[str, Any]] = field(default_factory=list)
    unread: tuple[str, ...] = ()

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The tables behind the observations, as a release cites them; each once, as of its newest answer."""
        newest = {each.table.id: each for each in reversed(self.used)}
        return [
            {
                "id": name,
                "title": each.whole.title or each.table.title,
                "publisher": SERVICES[each.table.office].office,
                "path": each.whole.snapshot.url,
                "licence": each.whole.snapshot.licence,
                "retrieved": each.whole.snapshot.retrieved.date().isoformat(),
            }
            for name, each in sorted(newest.items())
        ]


def read_store(store: Store | None, mappings: Mappings, *, executor: Executor | None = None) -> Stored:
    """Give the observations in a store: of every number the newest answer; nothing without a store.

    Parameters
    ----------
    store : Store or None
        Where the answers are.
    mappings : Mappings
        In force.
    executor : Executor, optional
        Where each table is read; in this process where it is not given.

    Raises
    ------
    MappingError, MappingErrors, DecodeError, SnapshotError
        For what cannot be read.
    """
    if store is None:
        return Stored()
    shelf = Shelf.of(store)
    used, unread = in_use(shelf, mappings)
    workers = executor or SerialExecutor()
    codelists = tuple(mappings.codelists.lists.values())
    frames = results(
        [
            workers.submit(
                _read,
                each,
                store,
                shelf.answers(each.whole),
                legend=legend(mappings.symbols, each.table.office),
                codelists=codelists,
            )
            for each in used
        ]
    )
    return Stored(used, tuple(_newest_only(list(frames))), receipts(shelf, used), unread)


def in_use(shelf: Shelf, mappings: Mappings) -> tuple[tuple[InUse, ...], tuple[str, ...]]:
    """Give the selections to read, the newest of a table first, and why others are not.

    One that lies within a newer one is passed over: the newer says all of it again. One asked for in a code list of
    the service has other codes than the table's spec, and one whose table nobody has described cannot be read.
    """
    used, unread = [], []
    specs = {(spec.office, spec.code): spec for spec in mappings.tables.values()}
    for service, code in sorted({(row.service, row.table) for row in shelf.rows}):
        wholes = shelf.wholes(service, code)
        spec = specs.get((service, code))
        own = [whole for whole in wholes if not whole.by_codelist]
        if len(own) < len(wholes):
            unread.append(f"{service}:{code}: {len(wholes) - len(own)} selections by a code list of the service")
        if own and (spec is None or gaps(spec)):
            missing = f"its description lacks {', '.join(gaps(spec))}" if spec else "it is not described"
            unread.append(f"{service}:{code}: {missing}")
        elif spec:
            used += [InUse(spec, whole) for whole in _uncovered(own)]
    return tuple(used), tuple(unread)


def receipts(shelf: Shelf, used: Iterable[InUse]) -> list[dict[str, Any]]:
    """Give the answers behind selections, and the receipts that name them, as provenance tells them."""
    rows = {row for each in used for row in (*shelf.answers(each.whole), each.whole.snapshot)}
    return [
        {
            "table": f"{row.service}:{row.table}",
            "query": row.query,
            "url": row.url,
            "retrieved": row.retrieved.isoformat(),
            "updated": row.updated,
            "sha256": row.sha256,
            "bytes": row.size,
        }
        for row in sorted(rows, key=lambda row: (row.service, row.table, row.query, row.retrieved))
    ]


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Give frames of observations as one; columns of text as categories they share."""
    if len(frames) == 1:
        return frames[0]
    return pd.DataFrame({name: _stacked([frame[name] for frame in frames]) for name in frames[0].columns})


def _read(
    each: InUse,
    store: Store,
    answers: tuple[Snapshot, ...],
    *,
    legend: Mapping[str, Symbol],
    codelists: tuple[Codelist, ...],
) -> pd.DataFrame:
    """Give the observations of one selection; it opens no socket and knows nothing of the others."""
    cube = cube_of(store, answers, each.whole.asked, title=each.whole.title)
    return table_observations(cube, each.table, legend=legend, codelists=codelists, snapshot=each.whole.origin)


def _uncovered(wholes: Iterable[Whole]) -> list[Whole]:
    kept: list[Whole] = []
    for whole in wholes:
        if not any(newer.covers(whole) for newer in kept):
            kept.append(whole)
    return kept


def _newest_only(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Drop from each frame the numbers that an earlier frame has."""
    if len(frames) < 2:
        return frames
    arrays = packed(together(frames), _SERIES)
    later = pd.DataFrame(dict(enumerate(arrays))).duplicated().to_numpy()
    ends = np.cumsum([len(frame) for frame in frames])[:-1]
    kept = (frame[~again] for frame, again in zip(frames, np.split(later, ends), strict=True))
    return [frame.reset_index(drop=True) for frame in kept if len(frame)]


def _stacked(parts: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    if pd.api.types.is_numeric_dtype(parts[0].dtype):
        return pd.concat(parts, ignore_index=True)
    return pd.Series(pd.api.types.union_categoricals([_category(part) for part in parts]))


def _category(part: pd.Series[Any]) -> pd.Categorical:
    """Give text as a categorical whose words are of one type, which text in pandas 2 and 3 is not."""
    found = part.astype("category")
    return pd.Categorical.from_codes(found.cat.codes, pd.Index(found.cat.categories, dtype=object))
