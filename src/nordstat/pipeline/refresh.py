"""The scheduled job: metadata of all tables in use, what changed, fetch, build, reconcile, compare, publish, report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nordstat.errors import LockHeldError, NordstatError, ReleaseError, SettingsError, UnreachableError
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.pipeline.build import content, mappings_hash
from nordstat.pipeline.errand import Errand
from nordstat.pipeline.fetch import cautions, fetch_table
from nordstat.pipeline.listener import Listener, Moment
from nordstat.pipeline.notification import notify, words_of
from nordstat.pipeline.offices import Called, Offices
from nordstat.pipeline.reading import reading, tables_in_use
from nordstat.pipeline.run_report import RunReport, RunStatus, TableStatus, writable
from nordstat.pipeline.shelf import Shelf
from nordstat.pipeline.stored import in_use, receipts
from nordstat.pipeline.table_report import closed, failed, fetched
from nordstat.release import fixity
from nordstat.release.diff import counts
from nordstat.release.open import OpenRelease, open_release
from nordstat.release.write import write_release
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from nordstat.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a refresh is told.

    Attributes
    ----------
    out : Path
        Folder of the release; what is there is replaced in one step, or stays.
    report : Path
        File of the run report.
    tables : tuple of str
        The tables; all in use where none is named.
    settings : Settings
        In force.
    listener : Listener
        Whom to tell.
    accept_drift : bool
        Whether tables that no longer look as described are taken as they are.
    full : bool
        Whether to ask for the cells of tables that say they were not updated.
    fail_stale : bool
        Whether a table that is past its announced update, or closed, makes the exit code 1.
    command : str
        What was run, for the report.
    mappings : Mappings, optional
        In force, where they are read already; else those of the settings.
    """

    out: Path
    report: Path
    tables: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    listener: Listener = field(default_factory=Listener)
    accept_drift: bool = False
    full: bool = False
    fail_stale: bool = False
    command: str = "nordstat refresh"
    mappings: Mappings | None = None


def refresh(job: Job) -> RunReport:
    """Give the report of a run; it is on the disk already, however the run ended.

    A table that cannot be fetched or read leaves the release as it was, with exit code 4; what the others gave is in
    the store, for the next run. A command to notify with (`Settings.notify`) is run last, and changes nothing of it.

    Raises
    ------
    LockHeldError
        Where another run is at work; the report is that run's.
    SettingsError
        For what was asked wrongly, and where the report cannot be written.
    """
    report = RunReport(command=job.command)
    hook = words_of(job.settings.notify)
    _try_report(job.report)
    store = Store.of(job.settings)
    try:
        with (
            store.writing(wait=job.settings.wait, on_step=job.listener.step) as writer,
            Offices(job.settings) as offices,
        ):
            with report.checking("mappings"):
                mappings = job.mappings or load_mappings(layers(job.settings.mappings))
            report.versions["mappings_sha256"] = mappings_hash(mappings.folders)
            errand = Errand(
                store=store,
                mappings=mappings,
                settings=job.settings,
                offices=offices,
                writing=lambda: nullcontext(writer),
                listener=job.listener,
                accept_drift=job.accept_drift,
                full=job.full,
            )
            _run(job, errand, report)
    except (LockHeldError, SettingsError):
        raise
    except NordstatError as error:
        report.status, report.error = RunStatus.FAILED, str(error)
    except KeyboardInterrupt:
        report.status, report.error = RunStatus.INTERRUPTED, "the run was interrupted"
    report.release = report.release or _in_force(job.out)
    report.close()
    report.write(job.report)
    job.listener.step(Moment.REPORTED)
    if hook and (fault := notify(hook, job.report, seconds=job.settings.notify_seconds)):
        _warn([fault], job.listener, report)
        with suppress(SettingsError):  # the report is there already, only without this warning
            report.write(job.report)
    return report


def _run(job: Job, errand: Errand, report: RunReport) -> None:
    tables = tables_in_use(job.tables, errand.mappings, job.settings)
    now = datetime.now(UTC)
    _warn((words for table in tables for words in cautions(table, now)), job.listener, report)
    try:
        faults = [fault for table in tables if (fault := _fetch(table, errand, report))]
    finally:
        cost = errand.offices.run.tally
        report.cost = {
            "requests": cost.requests,
            "retries": cost.retries,
            "waited": round(cost.waited, 3),
            "bytes": cost.bytes,
        }
        report.next_update = min((table.next_update for table in report.tables if table.next_update), default="")
    if job.fail_stale:
        _check_current(report)
    if not faults:
        _publish(job, errand, report)
    elif len(faults) < len(tables):
        report.status = RunStatus.PARTIAL
        report.error = f"{len(faults)} of {len(tables)} tables failed; the release is as it was"
    else:
        away = all(fault.exit_code == UnreachableError.exit_code for fault in faults)
        report.status = RunStatus.UNAVAILABLE if away else RunStatus.FAILED
        report.error = "no table could be fetched; the release is as it was"


def _fetch(table: Called, errand: Errand, report: RunReport) -> NordstatError | None:
    """Fetch a table and report on it; give what went wrong, where that is no reason to stop."""
    before = errand.offices.run.tally
    try:
        with report.checking(f"fetch {table.id}"):
            found = fetch_table(table.id, reading, errand)
            report.tables.append(fetched(found))
            _warn(closed(found), errand.listener, report)
    except (LockHeldError, SettingsError):
        raise
    except NordstatError as error:
        cost = errand.offices.run.tally - before
        report.tables.append(failed(table, error, Shelf.of(errand.store), cost=cost))
        return error
    finally:
        errand.listener.step(Moment.FETCHED)
    return None


def _publish(job: Job, errand: Errand, report: RunReport) -> None:
    """Build a release and put it in its place, where it is not there already."""
    old = _opened(job.out)
    with report.checking("release in force"):
        _check_whole(old)
    if old and _is_current(old, errand):
        report.status = RunStatus.UNCHANGED
        report.release = _words(old)
    else:
        with report.checking("build"):
            built = content(errand.mappings, store=errand.store)
        if old:
            _load(old)
        errand.listener.step(Moment.BUILT)
        with report.checking("release"):
            write_release(built, job.out)
        errand.listener.step(Moment.PUBLISHED)
        report.status = RunStatus.PUBLISHED
        new = open_release(job.out)
        report.release = _words(new) | {"previous": old.version if old else ""}
        report.diff = counts(old, new) if old else {}
        report.outputs = _outputs(job.out)
    verdicts = Counter(str(entry["verdict"]) for entry in open_release(job.out).verdicts)
    report.verdicts = dict(sorted(verdicts.items()))


def _is_current(old: OpenRelease, errand: Errand) -> bool:
    """Tell whether a release was made of exactly what there is now, by the mappings and the library there are now."""
    shelf = Shelf.of(errand.store)
    now = {
        "snapshots": json.loads(json.dumps(receipts(shelf, in_use(shelf, errand.mappings)[0]))),
        "mappings_sha256": mappings_hash(errand.mappings.folders),
        "library_version": __version__,
    }
    return all(old.provenance.get(name) == value for name, value in now.items())


def _check_whole(release: OpenRelease | None) -> None:
    """Stop where the files of the release in force are no longer those that were written."""
    if release and (damaged := list(fixity.damaged(release.folder))):
        raise ReleaseError(
            "\n  - ".join(["the release in force is not what was written", *damaged]),
            where=str(release.folder),
            hint="Move it away; the next run writes it anew from the store.",
        )


def _load(release: OpenRelease) -> None:
    """Read the tables of a release while its folder is still the old one."""
    for name in ("observations", "reconciliation", "figures", "definitions", "verdicts"):
        getattr(release, name)


def _opened(out: Path) -> OpenRelease | None:
    return open_release(out) if (out / "datapackage.json").is_file() else None


def _in_force(out: Path) -> dict[str, str]:
    try:
        release = _opened(out)
    except NordstatError:
        return {}
    return _words(release) if release else {}


def _words(release: OpenRelease) -> dict[str, str]:
    return {
        "folder": str(release.folder),
        "version": release.version,
        "content_sha256": release.edition.content_hash,
        "previous": release.version,
    }


def _outputs(out: Path) -> list[dict[str, object]]:
    return [
        {"path": name, "sha256": sha, "bytes": (out / name).stat().st_size}
        for name, sha in sorted(fixity.listed(out).items())
    ]


def _check_current(report: RunReport) -> None:
    """Note for every table whether its source has kept to its word; one that has not fails the run."""
    behind = report.of_status(TableStatus.STALE, TableStatus.DISCONTINUED)
    report.checks["run"] += [f"current {table.table}" for table in report.tables]
    report.checks["failed"] += [f"current {table.table}" for table in behind]


def _warn(found: Iterable[str], listener: Listener, report: RunReport) -> None:
    for words in dict.fromkeys(found):
        report.warnings.append(words)
        listener.warn(words)


def _try_report(path: Path) -> None:
    """Find out before anything is asked whether the report can be written at the end."""
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = path.with_name(f".{path.name}.probe")
        probe.touch()
        probe.unlink()
