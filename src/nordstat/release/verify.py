"""Verifying a release without trusting any of its files: sums first, then what the files say of each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nordstat.errors import NordstatError, ReleaseError
from nordstat.release import canonical, descriptor, fixity, sdmx_csv, tables
from nordstat.release.crate import NAME as CRATE
from nordstat.release.descriptor import Table
from nordstat.release.edition import SCHEMA, read_edition
from nordstat.schema.columns import OBSERVATION
from nordstat.schema.frame import Rule, unique, validate
from nordstat.schema.keys import ascending
from nordstat.schema.observations import RULES
from nordstat.schema.reconciliation import RULES as VERDICT_RULES

_NAMED = ("CITATION.cff", "README.md", CRATE, "datacite.json", "provenance.json")
"""Files that name the content hash."""


def faults(folder: Path) -> Iterator[str]:
    """Give what is wrong with a release, one sentence a fault, each beginning with a file's name.

    Where a file is not what was written, its inside is not looked at.
    """
    damaged = list(fixity.damaged(folder))
    yield from damaged
    if damaged:
        return
    try:
        told = read_descriptor(folder)
        edition = read_edition(told)
    except NordstatError as error:
        yield f"{descriptor.NAME}: {error.what}"
        return
    resources = {entry["name"]: entry for entry in told["resources"]}
    yield from _misdescribed(folder, resources)
    found = {name: descriptor.read_table(resources[name]) for name in ("observations", "reconciliation", "figures")}
    today = told["nordstat"]["schema"] == SCHEMA
    yield from _observation_faults(folder, found["observations"], edition.content_hash, today=today)
    broken = [*_table_faults(folder, found["figures"]), *_table_faults(folder, found["reconciliation"])]
    yield from broken or _verdict_faults(folder, found["reconciliation"])
    for name in _NAMED:
        if edition.content_hash not in (folder / name).read_text("utf-8"):
            yield f"{name}: does not name the content hash"


def read_descriptor(folder: Path) -> dict[str, Any]:
    """Give a release's datapackage.json.

    Raises
    ------
    ReleaseError
        Where there is none, or it cannot be read.
    """
    path = folder / descriptor.NAME
    try:
        return dict(json.loads(path.read_bytes()))
    except OSError:
        raise ReleaseError("no release is there", where=str(folder), hint="It has no datapackage.json.") from None
    except ValueError as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path), hint="Take it from a good copy.") from None


def _misdescribed(folder: Path, resources: dict[str, Any]) -> Iterator[str]:
    sums = fixity.listed(folder)
    for entry in resources.values():
        path = folder / entry["path"]
        if entry["path"] not in sums:
            yield f"{entry['path']}: is described, but not there"
        elif "hash" in entry and (entry["hash"], entry["bytes"]) != (f"sha256:{sums[path.name]}", path.stat().st_size):
            yield f"{entry['path']}: differs from its description in {descriptor.NAME}"


def _observation_faults(folder: Path, table: Table, content_hash: str, *, today: bool) -> Iterator[str]:
    """Read the Parquet once, a batch at a time: it must be sound, in order, and give both CSV files byte for byte."""
    path = folder / "observations.parquet"
    shape = [(column.name, column.kind) for column in table.columns]
    if today and shape != [(column.name, column.kind) for column in OBSERVATION]:
        yield f"{descriptor.NAME}: describes other columns than layout {SCHEMA} has"
        return
    csv, sdmx = hashlib.sha256(canonical.csv_header([name for name, _ in shape])), hashlib.sha256(sdmx_csv.header())
    count, last = 0, None
    try:
        for batch in tables.parquet_batches(path):
            csv.update(canonical.csv_rows(canonical.texts(batch)))
            if today:
                sdmx.update(sdmx_csv.rows(batch)[0])
            yield from _batch_faults(batch, last, table, RULES if today else ())
            count, last = count + len(batch), batch.slice(len(batch) - 1)
        own = (pq.read_metadata(path).metadata or {}).get(b"nordstat", b"").decode()
    except (pa.ArrowException, OSError) as error:
        yield f"{path.name}: cannot be read: {error}"
        return
    if count != table.rows:
        yield f"{path.name}: has {count:,} rows, {descriptor.NAME} says {table.rows:,}"
    sums = fixity.listed(folder)
    if {csv.hexdigest(), sums["observations.csv"]} != {content_hash} or content_hash not in own:
        yield f"{path.name}: does not give the content hash {content_hash[:12]} that {descriptor.NAME} names"
    if today and sdmx.hexdigest() != sums["observations.sdmx.csv"]:
        yield f"observations.sdmx.csv: does not hold the rows of {path.name}"


def _batch_faults(
    batch: pa.RecordBatch, last: pa.RecordBatch | None, table: Table, rules: Sequence[Rule]
) -> Iterator[str]:
    frame = tables.as_frame(pa.Table.from_batches([batch] if last is None else [last, batch]))
    try:
        validate(frame, table.columns, what="observations.parquet", rules=rules)
    except NordstatError as error:
        yield error.what
        return
    if not ascending(frame, table.key):
        yield "observations.parquet: rows are not in the order of their keys"


def _table_faults(folder: Path, table: Table) -> Iterator[str]:
    path = folder / f"{table.name}.csv"
    key = unique(*table.key, column=table.key[0], words="is there more than once")
    rules = VERDICT_RULES if table.name == "reconciliation" else (key,)
    try:
        frame = validate(tables.read_csv(path, table), table.columns, what=path.name, rules=rules)
    except NordstatError as error:
        yield error.what if error.what.startswith(path.name) else f"{path.name}: {error.what}"
        return
    if len(frame) != table.rows:
        yield f"{path.name}: has {len(frame):,} rows, {descriptor.NAME} says {table.rows:,}"
    if b"".join(tables.csv_lines(frame, table)) != path.read_bytes():
        yield f"{path.name}: is not in canonical form"


def _verdict_faults(folder: Path, table: Table) -> Iterator[str]:
    frame = tables.read_csv(folder / "reconciliation.csv", table)
    listed = dict(zip(frame["figure"].astype(str), frame["verdict"].astype(str), strict=True))
    told = json.loads((folder / "reconciliation.json").read_bytes())
    if listed != {str(entry["figure"]): str(entry["verdict"]) for entry in told} or len(told) != len(frame):
        yield "reconciliation.json: gives other verdicts than reconciliation.csv"
