"""Builds over a release, each killed a little later than the one before: a program for a test.

Run: python killed_builds.py FOLDER PLATFORM, which is the system the builds take this one for. It prints for each build
its exit code, the version that lies there, and what is wrong with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nordstat.release import fixity
from nordstat.release.open import open_release
from nordstat.release.write import write_release
from release.samples import content

TOUCHES = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}
STRIDE = 3


def dies_at(nth: int) -> Callable[[str, tuple[Any, ...]], None]:
    """Kill this very process when it is about to touch a file for the nth time."""
    times = count(1)

    def hook(event: str, _: tuple[Any, ...]) -> None:
        if event in TOUCHES and next(times) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def build(folder: Path, nth: int) -> int:
    """Build version 2.0 in a process that dies on the way, and give its exit code."""
    child = os.fork()
    if not child:
        sys.addaudithook(dies_at(nth))
        write_release(content(version="2.0"), folder)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    folder, sys.platform = Path(sys.argv[1]), sys.argv[2]
    ended = -signal.SIGKILL
    for nth in count(1, STRIDE):
        if ended == 0:
            return
        if not folder.exists():
            write_release(content(version="1.0"), folder)
        ended = build(folder, nth)
        print(ended, open_release(folder).version, *fixity.damaged(folder), flush=True)
        if open_release(folder).version != "1.0":
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
