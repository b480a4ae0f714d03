"""What became of one table, as the run report tells it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from nordstat.errors import NordstatError
from nordstat.model.answer import TableMeta
from nordstat.pipeline.bringing import Brought, Outcome
from nordstat.pipeline.drift import instant
from nordstat.pipeline.fetch import Fetched
from nordstat.pipeline.offices import Called
from nordstat.pipeline.run_report import TableReport, TableStatus
from nordstat.pipeline.shelf import Shelf
from nordstat.sources import Tally


def fetched(found: Fetched) -> TableReport:
    """Give the report on a table that is in the store."""
    brought, described = found.brought, found.described
    discontinued, next_update = _announced(described)
    return TableReport(
        table=found.table.id,
        api=found.table.api,
        status=_status(brought.outcome, discontinued=discontinued, next_update=next_update),
        updated_before=brought.before.snapshot.updated if brought.before else "",
        updated=described.updated or brought.whole.snapshot.updated,
        metadata_sha256=hashlib.sha256(described.answer.body).hexdigest(),
        content_before=brought.before.snapshot.sha256 if brought.before else "",
        content=brought.whole.snapshot.sha256,
        next_update=next_update,
        cells=brought.whole.cells,
        missing=brought.missing,
        differences=tuple(map(str, found.differences)),
        revisions=_revisions(brought),
        **_cost(found.cost),
    )


def closed(found: Fetched) -> Iterator[str]:
    """Give the warning that a table is closed, with the table that goes on with its numbers where one is known."""
    discontinued, _ = _announced(found.described)
    if discontinued:
        spec = found.table.spec
        after = f"{spec.successor} goes on with its numbers" if spec and spec.successor else "no successor is known"
        yield f"{found.table.id} is closed by {found.table.service.name}; {after}"


def failed(table: Called, error: NordstatError, shelf: Shelf, *, cost: Tally) -> TableReport:
    """Give the report on a table that failed, with what stays in force of it."""
    kept = next(iter(shelf.wholes(table.service.name, table.code)), None)
    return TableReport(
        table=table.id,
        api=table.api,
        status=TableStatus.FAILED,
        error=str(error),
        kept=kept.snapshot.updated if kept else "",
        content=kept.snapshot.sha256 if kept else "",
        **_cost(cost),
    )


def _announced(described: TableMeta) -> tuple[bool, str]:
    """Give whether the service marks a table as closed, and when it says it will update it next; v1 says neither."""
    document = json.loads(described.answer.body)
    extension = document.get("extension") if isinstance(document, dict) else None
    told = extension if isinstance(extension, dict) else {}
    px = told.get("px")
    return told.get("discontinued") is True, str(px.get("nextUpdate") or "") if isinstance(px, dict) else ""


def _status(outcome: Outcome, *, discontinued: bool, next_update: str) -> TableStatus:
    if outcome is not Outcome.UNCHANGED:
        return TableStatus(outcome)
    if discontinued:
        return TableStatus.DISCONTINUED
    due = instant(next_update)
    return TableStatus.STALE if due and due < datetime.now(UTC) else TableStatus.UNCHANGED


def _revisions(brought: Brought) -> dict[str, Any]:
    changes = brought.changes
    if brought.before is None or not changes.shared:
        return {}
    return {
        "cells": changes.revised,
        "values": changes.changed,
        "withdrawn": changes.withdrawn,
        "restored": changes.restored,
        "statuses": changes.statuses,
        "largest": changes.largest,
        "largest_relative": changes.largest_relative,
        "silent": brought.silent,
    }


def _cost(cost: Tally) -> dict[str, Any]:
    return {
        "requests": cost.requests,
        "retries": cost.retries,
        "waited": round(cost.waited, 3),
        "bytes": cost.bytes,
    }
