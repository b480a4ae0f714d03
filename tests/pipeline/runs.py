"""Fetches and refreshes as processes of their own, so that they can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from nordstat.errors import NordstatError
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.pipeline.build import content
from nordstat.pipeline.errand import Errand
from nordstat.pipeline.fetch import fetch_table
from nordstat.pipeline.listener import Listener
from nordstat.pipeline.offices import Offices
from nordstat.pipeline.reading import reading
from nordstat.pipeline.refresh import Job, refresh
from nordstat.settings import Settings
from nordstat.snapshot.store import Store

TABLES = ("SSB:03321", "SSB:11616")


def dies_at(step: str, nth: int) -> Callable[[str], None]:
    """Kill this very process when it comes to a step for the nth time."""
    times = count(1)

    def on_step(now: str) -> None:
        if now == step and next(times) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


def run(order: dict[str, Any], mappings: Mappings) -> int:
    """Do what an order says and give the exit code."""
    folder = Path(order["folder"])
    settings = Settings(store=folder / "store", cache=folder / "cache", addresses=order["addresses"])
    listener = Listener(step=dies_at(order.get("stop", ""), order.get("nth", 1)))
    try:
        if order["what"] == "refresh":
            job = Job(
                out=folder / "release",
                report=folder / "run-report.json",
                tables=TABLES,
                settings=settings,
                listener=listener,
                mappings=mappings,
            )
            return refresh(job).exit_code
        store = Store.of(settings)
        with Offices(settings) as offices:
            errand = Errand(
                store=store,
                mappings=mappings,
                settings=settings,
                offices=offices,
                writing=partial(store.writing, on_step=listener.step),
                listener=listener,
            )
            for table in TABLES:
                fetch_table(table, reading, errand)
    except NordstatError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def serve(orders: Iterable[str]) -> None:
    """Fork a process for every order, kill it after ``after`` seconds where it says so, and tell how it ended."""
    mappings = load_mappings(layers())
    figures = {name: mappings.figures[name] for name in ("F281", "F282", "F283")}
    few = replace(mappings, figures=figures, transcribed={})
    content(few)  # imports what a child would otherwise import anew every time
    print("ready", flush=True)
    for line in orders:
        order = json.loads(line)
        if not (pid := os.fork()):
            os._exit(run(order, few))
        if "after" in order:
            time.sleep(order["after"])
            os.kill(pid, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


@dataclass(frozen=True, slots=True)
class Forks:
    """A process that forks a run for every order, much faster than starting each anew."""

    process: subprocess.Popen[str]

    def __call__(self, **order: Any) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order, default=str) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def forks() -> Iterator[Forks]:
    """Give the forking process for the length of a block."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, __file__], text=True, **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield Forks(process)
        process.communicate(timeout=60)


if __name__ == "__main__":
    serve(sys.stdin)
