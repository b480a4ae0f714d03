"""The manifest: one row an answer as JSON Lines, only ever appended.

A row is kept from the moment its line end is on the disk. Text after the last line end is what a killed writer
left: readers pass over it, the check tells of it, and the next writer takes it away.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from nordstat.errors import SnapshotError
from nordstat.model.snapshot import Snapshot, canonical, digest
from nordstat.snapshot.durable import explained, refuse_links, sync_folder

NAME = "manifest.jsonl"
SCHEMA = 1
_TYPES = {field.name: {"size": int, "stale": bool}.get(field.name, str) for field in fields(Snapshot)}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands in a manifest.

    Attributes
    ----------
    rows : tuple of Snapshot
        The rows that can be read, in file order.
    faults : tuple of SnapshotError
        One for every row that cannot.
    torn : int
        Bytes after the last line end.
    """

    rows: tuple[Snapshot, ...]
    faults: tuple[SnapshotError, ...]
    torn: int

    def whole(self) -> tuple[Snapshot, ...]:
        """Give the rows of a manifest without a fault.

        Raises
        ------
        SnapshotError
            With every faulty row.
        """
        if len(self.faults) > 1:
            lines = "".join(f"\n  - {fault.where}: {fault.what}" for fault in self.faults)
            raise SnapshotError(f"{len(self.faults)} rows of the manifest cannot be used{lines}", hint=_REPAIR)
        if self.faults:
            raise self.faults[0]
        return self.rows


_REPAIR = "Restore the manifest from a copy, or take the row out and fetch its table again."


def read(root: Path) -> Scan:
    """Read the manifest of a store; a store that is not there yet has no rows.

    Raises
    ------
    SnapshotError
        For a manifest written by a newer nordstat.
    """
    path = root / NAME
    try:
        return parse(path.read_bytes(), name=str(path))
    except FileNotFoundError:
        return Scan((), (), 0)
    except OSError as error:
        raise SnapshotError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            hint="Check the permissions, and that NORDSTAT_STORE names a folder.",
        ) from error


@lru_cache(maxsize=1)  # one build looks many tables up in the same manifest; what it was before is of no use
def parse(text: bytes, *, name: str) -> Scan:
    """Read manifest rows; ``name`` says where they stand in an error."""
    *lines, rest = text.split(b"\n")
    rows: list[Snapshot] = []
    faults: list[SnapshotError] = []
    for number, line in enumerate(lines, 1):
        place = f"{name}:{number}"
        try:
            rows.append(_row(_record(line, place)))
        except (ValueError, TypeError) as error:
            faults.append(SnapshotError(str(error), where=place, hint=_REPAIR))
    return Scan(tuple(rows), tuple(faults), len(rest))


def encode(snapshots: Iterable[Snapshot]) -> bytes:
    """Give snapshots as manifest rows."""
    return b"".join(map(_line, snapshots))


def append(root: Path, snapshots: Iterable[Snapshot]) -> None:
    """Add rows at the end, all of them or none; only for the holder of the lock.

    Raises
    ------
    SnapshotError
        Where the disk does not take them.
    """
    path, lines = root / NAME, encode(snapshots)
    refuse_links(root, path)
    with explained(path, len(lines)), path.open("ab", buffering=0) as file:
        start = file.tell()
        try:
            _write(file.fileno(), lines)
            os.fsync(file.fileno())
        except OSError:
            file.truncate(start)
            raise
        if not start:
            sync_folder(root)


def repair(root: Path) -> None:
    """Take away the torn end that a killed writer left; only for the holder of the lock."""
    path = root / NAME
    if torn := read(root).torn:
        refuse_links(root, path)
        with explained(path, 0):
            os.truncate(path, path.stat().st_size - torn)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _line(snapshot: Snapshot) -> bytes:
    record = {"schema": SCHEMA, **asdict(snapshot), "retrieved": snapshot.retrieved.isoformat()}
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _record(line: bytes, place: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        raise ValueError("not a row of JSON") from None
    version = record.pop("schema", None) if isinstance(record, dict) else None
    if not isinstance(version, int):
        raise TypeError("not a manifest row: it has no schema version")
    if version > SCHEMA:
        raise SnapshotError(
            f"written in schema {version} by a newer nordstat; this one knows schema {SCHEMA}",
            where=place,
            hint="Use that nordstat, or name another store with NORDSTAT_STORE. Nothing was changed.",
        )
    return dict(record)


def _row(record: dict[str, Any]) -> Snapshot:
    missing, unknown = sorted(_TYPES.keys() - record.keys()), sorted(record.keys() - _TYPES.keys())
    if missing or unknown:
        raise ValueError(f"missing fields {missing}, unknown fields {unknown}")
    for name, kind in _TYPES.items():
        if type(record[name]) is not kind:
            raise TypeError(f"{name} is {record[name]!r}, not {kind.__name__}")
    if not _SHA256.fullmatch(record["sha256"]):
        raise ValueError(f"sha256 is {record['sha256']!r}")
    if digest(record["query"]) != record["query_hash"]:
        raise ValueError("the query is not the one its hash was taken of")
    if not _is_canonical(record["query"]):
        raise ValueError("the query is not canonical JSON")
    return Snapshot(**record | {"retrieved": _moment(record["retrieved"])})


def _is_canonical(query: str) -> bool:
    try:
        return canonical(json.loads(query)) == query
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"retrieved is {text!r}, which names no time zone")
    return moment.astimezone(UTC)
