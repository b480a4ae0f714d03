"""Commands that talk to the services: fetch, refresh, doctor. Nothing else opens a socket."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from nordstat.cli.speaking import JSON, MAPPINGS, plain, print_json, speaks

if TYPE_CHECKING:
    from tqdm import tqdm

    from nordstat.pipeline.fetch import Fetched
    from nordstat.sources.plan import Progress

INTERRUPTED = 130
ACCEPT = click.option("--accept-drift", is_flag=True, help="Take tables that no longer look as described as they are.")
FULL = click.option("--full", is_flag=True, help="Ask for cells although the table says that it was not updated.")
OFFLINE = click.option("--offline", is_flag=True, help="Open no socket: use what is in the store.")
API = click.option("--api", type=click.Choice(["v2", "v1"]), help="Interface of PxWeb to ask through.")


@click.command()
@click.argument("table")
@click.argument("wanted", nargs=-1, metavar="[VARIABLE=CODE,...]...")
@OFFLINE
@ACCEPT
@FULL
@API
@JSON
@MAPPINGS
@speaks
def fetch(*, table: str, wanted: tuple[str, ...], as_json: bool, **chosen: Any) -> None:
    r"""Fetch a part of TABLE into the snapshot store. A variable that is not named is taken whole.

    \b
    Example: nordstat fetch SSB:03321 Tid=2022
             nordstat fetch SCB:TAB1830 "Tid=top(1)" Kon=1+2
    """
    from nordstat.model.selection import Selection
    from nordstat.pipeline.fetch import fetch_once
    from nordstat.pipeline.listener import Listener
    from nordstat.settings import Settings

    settings = Settings.load(offline=chosen["offline"] or None, mappings=chosen["mappings"])
    with _interruptible(), _Talk() as talk:
        found = fetch_once(
            table,
            Selection.parse(wanted, origin="the command line"),
            settings=settings,
            listener=Listener(say=talk.say, warn=talk.warn, progress=talk.progress),
            api=chosen["api"] or "",
            accept_drift=chosen["accept_drift"],
            full=chosen["full"],
        )
    if as_json:
        print_json(_told(found))
        return
    for line in _lines(found):
        click.echo(plain(line))


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the release.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="File of the run report.")
@click.option("--table", "tables", multiple=True, metavar="TABLE", help="One table only; repeatable.")
@OFFLINE
@ACCEPT
@FULL
@click.option("--fail-stale", is_flag=True, help="End with 1 where a table is past its announced update, or closed.")
@click.option("--notify", metavar="COMMAND", help="Run COMMAND with the path of the run report; it changes nothing.")
@MAPPINGS
@speaks
def refresh(*, out: Path | None, report: Path | None, tables: tuple[str, ...], **chosen: Any) -> None:
    r"""Look what changed, fetch it, build, reconcile, and put the release in its place: the scheduled job.

    The release is replaced as a whole or stays as it was. OUT is release/ beside the store where it is not given, and
    the report run-report.json beside OUT.

    \b
    Example: nordstat refresh --out /srv/nordstat/release
    """
    from nordstat.pipeline.listener import Listener
    from nordstat.pipeline.refresh import Job
    from nordstat.pipeline.refresh import refresh as run
    from nordstat.pipeline.run_report import summary
    from nordstat.settings import Settings
    from nordstat.snapshot.store import Store

    settings = Settings.load(offline=chosen["offline"] or None, mappings=chosen["mappings"], notify=chosen["notify"])
    folder = (out or Store.of(settings).root.parent / "release").absolute()
    with _interruptible(), _Talk() as talk:
        found = run(
            Job(
                out=folder,
                report=report or folder.parent / "run-report.json",
                tables=tables,
                settings=settings,
                listener=Listener(say=talk.say, warn=talk.warn, progress=talk.progress),
                accept_drift=chosen["accept_drift"],
                full=chosen["full"],
                fail_stale=chosen["fail_stale"],
                command=shlex.join(["nordstat", *sys.argv[1:]]),
            )
        )
    click.echo(plain(summary(found)))
    if found.exit_code == INTERRUPTED:
        _end_now()
    sys.exit(found.exit_code)


@click.command()
@click.option("--live", is_flag=True, help="Ask the services, and compare every table with its description.")
@JSON
@MAPPINGS
@speaks
def doctor(*, live: bool, as_json: bool, mappings: tuple[Path, ...]) -> None:
    r"""Look at settings, store and mappings; with --live, at the services too.

    \b
    Example: nordstat doctor --live
    """
    from nordstat.pipeline.doctor import examine, exit_code
    from nordstat.settings import Settings

    found = []
    with _interruptible():
        for finding in examine(Settings.load(mappings=mappings), live=live):
            found.append(finding)
            if not as_json:
                click.echo(plain(f"{finding.health:<5} {finding.part}: {finding.words}"))
    if as_json:
        print_json([{"part": each.part, "health": each.health, "words": each.words} for each in found])
    sys.exit(exit_code(found))


def _lines(found: Fetched) -> Iterator[str]:
    """Give what a fetch brought, in lines for people."""
    brought = found.brought
    yield (
        f"{found.table.id} {brought.outcome}: {brought.whole.cells:,} cells, "
        f"updated {brought.whole.snapshot.updated or 'at a time it does not tell'}"
    )
    yield from (f"  {difference}" for difference in found.differences)
    if brought.changes.revised:
        yield f"  {brought.changes.revised:,} numbers revised{', silently' if brought.silent else ''}"
    yield from (f"  stored {row.sha256[:12]}, {row.size:,} bytes: {row.query[:100]}" for row in brought.stored)
    if not brought.stored:
        yield "  nothing stored"


def _told(found: Fetched) -> dict[str, Any]:
    """Give what a fetch brought, for a script."""
    brought = found.brought
    return {
        "table": found.table.id,
        "outcome": brought.outcome,
        "cells": brought.whole.cells,
        "updated": brought.whole.snapshot.updated,
        "requests": found.cost.requests,
        "differences": [str(difference) for difference in found.differences],
        "revised": brought.changes.revised,
        "stored": [row.sha256 for row in brought.stored],
        "snapshot": brought.whole.origin,
    }


class _Talk:
    """Words and progress on stderr; a bar only where somebody is looking."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> _Talk:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def say(self, words: str) -> None:
        """Print a line above the bar."""
        from tqdm import tqdm

        with tqdm.external_write_mode(file=sys.stderr):
            click.echo(plain(words), err=True)

    def warn(self, words: str) -> None:
        """Print a line that should not be missed."""
        self.say(f"warning: {words}")

    def progress(self, now: Progress) -> None:
        """Move the bar."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(unit=" requests", disable=None, leave=False, file=sys.stderr)
        self._bar.total, self._bar.n = now.planned, now.done
        self._bar.set_postfix_str(f"{now.cells:,} cells, {now.cost.waited:.0f} s waited")


@contextmanager
def _interruptible() -> Iterator[None]:
    """End with 130 on Ctrl-C and on SIGTERM, once everything under way is cleared."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("nordstat: interrupted", err=True)
        _end_now()
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_now() -> NoReturn:
    """End the process after an interruption, whatever request a thread is still waiting for."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(INTERRUPTED)
