"""Runs of the writer as processes of their own, so that they can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from nordstat.errors import NordstatError
from nordstat.model.answer import Answer
from nordstat.model.snapshot import Receipt
from nordstat.snapshot.durable import Step
from nordstat.snapshot.store import Store

DAWN = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


def answer(table: str = "03321", *, body: bytes = b'{"value": [1]}', later: int = 0, **more: Any) -> Answer:
    """An answer of SSB, ``later`` seconds after dawn."""
    told = {
        "query": {"Tid": ("2022",)},
        "updated": "2026-02-28T07:00:00Z",
        "licence": "CC BY 4.0",
    }
    return Answer(
        service="SSB",
        table=table,
        url=f"https://data.ssb.no/api/pxwebapi/v2/tables/{table}/data",
        body=body,
        received=DAWN + timedelta(seconds=later),
        content_type="application/json",
        api="v2",
        **told | more,
    )


def put(store: Store, *answers: Answer) -> list[Receipt]:
    """Hand answers to the store in one run."""
    with store.writing() as writer:
        return [writer.put(one) for one in answers]


def programme(number: int, size: int) -> Iterator[Answer]:
    """The answers of one run, each under its own table, all of a size."""
    for i in range(number):
        yield answer(f"T{i}", body=f"{i:09d}".encode() * (size // 9 + 1), later=i)


def dies_at(step: str, nth: int) -> Callable[[Step], None]:
    """Kill this very process when it comes to a step for the nth time."""
    times = count(1)

    def on_step(now: Step) -> None:
        if now == step and next(times) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


def run(order: dict[str, Any]) -> int:
    """Do what an order says and give the exit code."""
    if limit := order.get("largest_file"):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    on_step = dies_at(order.get("stop", ""), order.get("nth", 1))
    try:
        with Store(Path(order["root"])).writing(wait=order.get("wait", 0.0), on_step=on_step) as writer:
            if order.get("pause"):
                print("holding", flush=True)
                sys.stdin.readline()
            for one in programme(order.get("number", 6), order.get("size", 90)):
                writer.put(one)
    except NordstatError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def serve(orders: Iterable[str]) -> None:
    """Fork a process for every order, kill it after ``after`` seconds where it says so, and tell how it ended."""
    for line in orders:
        order = json.loads(line)
        if not (pid := os.fork()):
            os._exit(run(order))
        if "after" in order:
            time.sleep(order["after"])
            os.kill(pid, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def start(**order: Any) -> subprocess.Popen[str]:
    """Start a run in a process of its own; with ``pause`` it waits for a line once it holds the lock."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, __file__, json.dumps(order, default=str)], text=True, **pipes)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Let a run go on to its end; give its exit code and what it said."""
    _, said = process.communicate("\n", timeout=60)
    return process.returncode, said


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
    with subprocess.Popen([sys.executable, __file__, "serve"], text=True, **pipes) as process:
        yield Forks(process)
        process.communicate(timeout=60)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.stdin)
    else:
        sys.exit(run(json.loads(sys.argv[1])))
