"""The store as a run finds it: which tables were fetched whole, and how each was described last.

A selection may take several answers, and a run may die between them. So a fetch ends with a receipt of its own: a
small document, kept like an answer, that names the answers which together are the whole. Readers go by these receipts
only; answers that no receipt names are the beginning of a fetch that never ended. After it the metadata are kept: a
table whose newest metadata are older than the receipt was fetched as those metadata describe it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from math import prod
from operator import attrgetter
from typing import Any

from nordstat.decode import read_jsonstat
from nordstat.errors import SnapshotMissingError
from nordstat.model.answer import Answer, Asked, TableMeta
from nordstat.model.cube import Cube
from nordstat.model.selection import Query
from nordstat.model.snapshot import Snapshot, Vintage, canonical, digest, vintages
from nordstat.pipeline.joining import joined
from nordstat.snapshot.store import Store
from nordstat.sources.connection import DIALECTS
from nordstat.sources.service import Service

_WHOLE = "whole "
_TYPE = "application/vnd.nordstat.whole+json"
_LISTED = re.compile(r":(?:agg|vs)_.+")


@dataclass(frozen=True, slots=True)
class Whole:
    """A selection of a table that was fetched to the end.

    Attributes
    ----------
    snapshot : Snapshot
        Its receipt.
    seen : datetime
        When the service gave the same last.
    asked : mapping of str to tuple of str
        Dimension -> codes, as in the question.
    title : str
        Title of the table.
    parts : tuple of str
        sha256 of the answers.
    """

    snapshot: Snapshot
    seen: datetime
    asked: Mapping[str, tuple[str, ...]]
    title: str
    parts: tuple[str, ...]

    @property
    def origin(self) -> str:
        """What a number of it comes from: the one answer, or the receipt that names them all."""
        return self.parts[0] if len(self.parts) == 1 else self.snapshot.sha256

    @property
    def cells(self) -> int:
        """Number of cells."""
        return prod(len(codes) for codes in self.asked.values())

    @property
    def by_codelist(self) -> bool:
        """Whether it was asked for in a code list of the service, not in the table's own codes."""
        return any(_LISTED.search(name) for name in self.asked)

    def covers(self, other: Whole) -> bool:
        """Tell whether every cell of another selection of the table is in this one."""
        return set(self.asked) == set(other.asked) and all(
            set(codes) <= set(self.asked[name]) for name, codes in other.asked.items() if name != "lang"
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The receipts of a store, read once.

    Attributes
    ----------
    store : Store
        The store.
    rows : tuple of Snapshot
        All receipts, in the order they were kept.
    """

    store: Store
    rows: tuple[Snapshot, ...]

    @classmethod
    def of(cls, store: Store) -> Shelf:
        """Give a store as it is now."""
        return cls(store, store.snapshots())

    def metadata(self, service: str, table: str, *, language: str, api: str) -> Vintage | None:
        """Give the newest metadata of a table through one interface; ``None`` where none are kept."""
        found = self._vintages(service, table, f"metadata?lang={language}", api=api)
        return found[-1] if found else None

    def wholes(self, service: str, table: str) -> tuple[Whole, ...]:
        """Give the selections of a table that were fetched to the end, newest first, each in its newest vintage."""
        key = attrgetter("query_hash")
        rows = [row for row in self.rows if (row.service, row.table) == (service, table)]
        receipts = sorted((row for row in rows if row.content_type == _TYPE), key=key)
        newest = [self._whole(vintages(same)[-1]) for _, same in groupby(receipts, key=key)]
        return tuple(sorted(newest, key=attrgetter("seen"), reverse=True))

    def whole(self, query: Query) -> Whole | None:
        """Give the newest vintage of exactly this selection; ``None`` where it was never fetched to the end."""
        found = self._vintages(query.service, query.table, _WHOLE + canonical(query.asked))
        return self._whole(found[-1]) if found else None

    def answer(self, query: Query) -> Vintage | None:
        """Give the newest answer to one request; ``None`` where there is none."""
        found = self._vintages(query.service, query.table, query.asked)
        return found[-1] if found else None

    def cube(self, whole: Whole) -> Cube:
        """Give the cells of a whole, its answers joined.

        Raises
        ------
        SnapshotError, DecodeError
            Where an answer is gone, altered, or does not fit to the others.
        """
        return cube_of(self.store, self.answers(whole), whole.asked, title=whole.title)

    def answers(self, whole: Whole) -> tuple[Snapshot, ...]:
        """Give the receipts of the answers of a whole.

        Raises
        ------
        SnapshotMissingError
            Where the manifest has lost one.
        """
        by_sha = {row.sha256: row for row in reversed(self.rows)}
        if lost := [sha for sha in whole.parts if sha not in by_sha]:
            row = whole.snapshot
            raise SnapshotMissingError(
                f"{len(lost)} of {len(whole.parts)} answers of {row} have no receipt",
                service=row.service,
                table=row.table,
                query=canonical(whole.asked),
                hint="Fetch the table again with --full.",
            )
        return tuple(by_sha[sha] for sha in whole.parts)

    def describe(self, snapshot: Snapshot, service: Service, language: str) -> TableMeta:
        """Give a table as metadata in the store describe it."""
        body = self.store.read(snapshot)
        dialect = DIALECTS[snapshot.api]  # type: ignore[index]
        return dialect.read_table(json.loads(body), _answer(snapshot, body), language=language, geo=service.geo)

    def _whole(self, vintage: Vintage) -> Whole:
        document = json.loads(self.store.read(vintage.snapshot))
        asked = {name: tuple(codes) for name, codes in document["asked"].items()}
        return Whole(vintage.snapshot, vintage.seen, asked, document["title"], tuple(document["parts"]))

    def _vintages(self, service: str, table: str, query: Asked, *, api: str = "") -> tuple[Vintage, ...]:
        key = (service, table, digest(canonical(query)))
        return vintages(row for row in self.rows if row.key == key and api in ("", row.api))


def cube_of(store: Store, answers: Iterable[Snapshot], asked: Mapping[str, tuple[str, ...]], *, title: str) -> Cube:
    """Give the cells of some answers, joined in the order of the question."""
    codes = {_LISTED.sub("", name): codes for name, codes in asked.items()}
    return joined([read_jsonstat(store.read(row)) for row in answers], codes, label=title)


def whole_of(query: Query, parts: Iterable[Snapshot], table: TableMeta, *, now: datetime) -> Answer:
    """Give the receipt of a whole, to be kept when its answers are.

    Parameters
    ----------
    query : Query
        What was asked.
    parts : iterable of Snapshot
        Receipts of the answers.
    table : TableMeta
        The table as it was described.
    now : datetime
        When the last of them was there.
    """
    rows = sorted(parts, key=attrgetter("query"))
    document = {"asked": query.asked, "title": table.title, "parts": [row.sha256 for row in rows]}
    first = rows[0]
    return Answer(
        service=query.service,
        table=query.table,
        api=first.api,
        url=first.url,
        query=_WHOLE + canonical(query.asked),
        body=json.dumps(document, ensure_ascii=False, sort_keys=True).encode(),
        received=now,
        content_type=_TYPE,
        updated=first.updated,
        licence=first.licence,
    )


def seen_again(shelf: Shelf, whole: Whole, *, now: datetime) -> Answer:
    """Give the receipt of a whole once more, for a service that gives the same numbers still."""
    return replace(_answer(whole.snapshot, shelf.store.read(whole.snapshot)), received=now)


def _answer(snapshot: Snapshot, body: bytes) -> Answer:
    asked: Any = json.loads(snapshot.query)
    return Answer(
        service=snapshot.service,
        table=snapshot.table,
        api=snapshot.api,
        url=snapshot.url,
        query=asked if isinstance(asked, str) else {name: tuple(codes) for name, codes in asked.items()},
        body=body,
        received=snapshot.retrieved,
        content_type=snapshot.content_type,
        updated=snapshot.updated,
        licence=snapshot.licence,
        stale=snapshot.stale,
    )
