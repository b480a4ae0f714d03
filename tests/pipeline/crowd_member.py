"""One process of a crowd: threads that fetch one table after another until the time is up, as a user's program would.

Run: python crowd_member.py ORDER     it says "ready", waits for a line with the time to end at, and prints its fetches
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import nordstat
from nordstat.errors import NordstatError, UnreachableError
from nordstat.settings import Settings


def numbers(table: str, updated: str, cells: int) -> npt.NDArray[np.float64]:
    """The numbers of a table in a vintage; no two tables and no two vintages have the same."""
    return np.arange(cells) + 1_000.0 + 1_000 * int(table[-3:]) + int(updated[8:10])


def fetches(tables: Sequence[str], settings: Settings, until: float, seed: str) -> Iterator[dict[str, Any]]:
    """Fetch the tables in turn, each time in another order, and tell of every fetch what came of it."""
    shuffled = random.Random(seed)
    while True:
        for table in shuffled.sample(tables, len(tables)):
            began = time.monotonic()
            if began >= until:
                return
            yield {"table": table, **_fetched(table, settings), "seconds": time.monotonic() - began}


def main() -> None:
    """Do what the order says."""
    order = json.loads(sys.argv[1])
    folder = Path(order["folder"])
    settings = Settings(store=folder / "store", cache=folder / "cache", addresses=order["addresses"], wait=600.0)
    print("ready", flush=True)
    until = float(sys.stdin.readline())

    def one(number: int) -> None:
        for fetch in fetches(order["tables"], settings, until, f"{order['member']}/{number}"):
            sys.stdout.write(json.dumps(fetch) + "\n")  # in one piece: the threads share the pipe

    with ThreadPoolExecutor(order["threads"]) as pool:
        for _ in pool.map(one, range(order["threads"])):
            pass


def _fetched(table: str, settings: Settings) -> dict[str, Any]:
    try:
        cube = nordstat.fetch(f"SCB:{table}", settings=settings)
    except UnreachableError as error:
        return {"again": str(error)} if "updated while it was fetched" in str(error) else {"failed": str(error)}
    except NordstatError as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    right = np.array_equal(cube.values, numbers(table, cube.updated, len(cube.values)))
    return {"updated": cube.updated, "right": bool(right)}


if __name__ == "__main__":
    main()
