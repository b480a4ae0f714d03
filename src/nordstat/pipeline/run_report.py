"""The run report: what a refresh did, for a script to read, in one versioned form (docs/reference/run-report.md)."""

from __future__ import annotations

import json
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from nordstat.errors import SettingsError
from nordstat.snapshot.durable import replacing
from nordstat.version import __version__

SCHEMA = 1
"""Version of the form; a field is never renamed or given another meaning under the same version."""


class RunStatus(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    PARTIAL = "partial"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    INTERRUPTED = "interrupted"


EXIT_CODES = {
    RunStatus.PUBLISHED: 0,
    RunStatus.UNCHANGED: 0,
    RunStatus.FAILED: 1,
    RunStatus.UNAVAILABLE: 3,
    RunStatus.PARTIAL: 4,
    RunStatus.INTERRUPTED: 130,
}


class TableStatus(StrEnum):
    """What became of a table in a run.

    ``stale``: its service said when the next update was due, and that time is past. ``discontinued``: the service
    marks it as closed. ``stored``: read from the store, offline.
    """

    NEW = "new"
    CHANGED = "changed"
    TOUCHED = "touched"
    UNCHANGED = "unchanged"
    STORED = "stored"
    STALE = "stale"
    DISCONTINUED = "discontinued"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """What became of one table.

    Attributes
    ----------
    table, api, status : str
        ``SSB:03321``, the interface it was asked through, and a `TableStatus`.
    updated_before, updated : str
        When the source said it was updated, by the answer before and now; empty where it did not say.
    metadata_sha256, content_before, content : str
        Checksum of the metadata; of the receipt of the cells, before and now.
    next_update : str
        When the source says it will update it next; empty where it does not.
    cells, missing : int
        Cells held, and how many of them have no number; ``None`` where they were not looked at again.
    requests, retries, waited, bytes : int, int, float, int
        What it cost the service, and the seconds waited.
    differences : tuple of str
        Where the table is not what it was said to be.
    revisions : dict
        ``cells`` that say something else, of them ``values``, ``withdrawn``, ``restored`` and ``statuses``;
        ``largest`` and ``largest_relative`` change; ``silent`` where the source did not say that it had updated.
    error : str
        Why it failed; empty where it did not.
    kept : str
        When the last good answer, which stays in force, had been updated; only where it failed and there is one.
    """

    table: str
    api: str = ""
    status: TableStatus
    updated_before: str = ""
    updated: str = ""
    metadata_sha256: str = ""
    content_before: str = ""
    content: str = ""
    next_update: str = ""
    cells: int = 0
    missing: int | None = None
    requests: int = 0
    retries: int = 0
    waited: float = 0.0
    bytes: int = 0
    differences: tuple[str, ...] = ()
    revisions: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    kept: str = ""


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What a run did; filled in as it goes.

    Attributes
    ----------
    run : str
        Id of the run: its start and a few random letters.
    command : str
        What was run.
    started, finished : str
        Instants, UTC.
    host, pid : str, int
        Where.
    versions : dict
        ``nordstat``, ``python``, ``report`` (this form), ``mappings_sha256``.
    status, exit_code : RunStatus, int
        How it ended.
    error : str
        Why, where it did not end well.
    warnings : list of str
        What is worth a look and stopped nothing.
    tables : list of TableReport
        One a table.
    checks : dict
        ``run`` and ``failed``: names of checks.
    release : dict
        ``folder``, ``version``, ``content_sha256`` in force at the end, and ``previous``; empty where there is none.
    diff : dict
        Section -> number of changes from the release before.
    verdicts : dict
        Verdict -> number of figures.
    outputs : list of dict
        ``path``, ``sha256``, ``bytes`` of every file published.
    cost : dict
        ``requests``, ``retries``, ``waited``, ``bytes`` of the whole run.
    next_update : str
        The earliest update that a source announces; empty where none does.
    """

    command: str
    run: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}")
    started: str = field(default_factory=lambda: stamp(datetime.now(UTC)))
    finished: str = ""
    host: str = field(default_factory=platform.node)
    pid: int = field(default_factory=os.getpid)
    versions: dict[str, Any] = field(
        default_factory=lambda: {"nordstat": __version__, "python": platform.python_version(), "report": SCHEMA}
    )
    status: RunStatus = RunStatus.FAILED
    error: str = ""
    warnings: list[str] = field(default_factory=list)
    tables: list[TableReport] = field(default_factory=list)
    checks: dict[str, list[str]] = field(default_factory=lambda: {"run": [], "failed": []})
    release: dict[str, Any] = field(default_factory=dict)
    diff: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    cost: dict[str, Any] = field(default_factory=dict)
    next_update: str = ""

    @property
    def exit_code(self) -> int:
        """What the command line ends with: never 0 where a check failed."""
        return EXIT_CODES[self.status] or int(bool(self.checks["failed"]))

    @contextmanager
    def checking(self, name: str) -> Iterator[None]:
        """Note that a check is run, and whether the block ends well."""
        self.checks["run"].append(name)
        try:
            yield
        except BaseException:
            self.checks["failed"].append(name)
            raise

    def of_status(self, *statuses: TableStatus) -> list[TableReport]:
        """Give the tables of some statuses."""
        return [table for table in self.tables if table.status in statuses]

    def close(self) -> None:
        """Put down when the run ended."""
        self.finished = stamp(datetime.now(UTC))

    def as_dict(self) -> dict[str, Any]:
        """Give the report as the JSON object that is written."""
        return {"schema": SCHEMA, "exit_code": self.exit_code, **asdict(self)}

    def write(self, path: Path) -> None:
        """Write the report, whole or not at all.

        Raises
        ------
        SettingsError
            Where it cannot be written.
        """
        text = json.dumps(self.as_dict(), ensure_ascii=False, indent=1, sort_keys=True)
        with writable(path), replacing(path) as file:
            file.write(text.encode() + b"\n")


def summary(report: RunReport) -> str:
    """Give a run in a few lines for people."""
    lines = [f"{report.status}: {_release_words(report)}"]
    lines += [_table_words(table) for table in report.tables]
    lines += [f"warning: {warning}" for warning in report.warnings]
    if report.diff:
        lines.append(f"changes: {', '.join(f'{count:,} {section}' for section, count in report.diff.items() if count)}")
    if report.error:
        lines.append(report.error)
    if report.cost:
        cost = report.cost
        lines.append(f"{cost['requests']} requests, {cost['retries']} retries, {cost['waited']:.0f} s waited")
    return "\n".join(lines)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Turn a failure of the disk into an error that names the report.

    Raises
    ------
    SettingsError
        Where the report cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"the run report cannot be written: {error.strerror or error}",
            where=str(path),
            hint="Make room or permit writing there, or name another file with --report.",
        ) from error


def stamp(moment: datetime) -> str:
    """Give an instant as reports write it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _release_words(report: RunReport) -> str:
    release = report.release
    if not release:
        return "no release"
    kept = "" if report.status in (RunStatus.PUBLISHED, RunStatus.UNCHANGED) else "kept "
    return f"{kept}release {release['version']} in {release['folder']}"


def _table_words(table: TableReport) -> str:
    said = [f"{table.table:<16} {table.status}"]
    if table.updated:
        said.append(f"updated {table.updated}")
    if table.revisions.get("cells"):
        said.append(f"{table.revisions['cells']:,} numbers revised{' silently' if table.revisions['silent'] else ''}")
    below = (*table.differences, *filter(None, [table.error]))
    return "\n    ".join([", ".join(said), *below])
