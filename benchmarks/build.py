"""Times what a user waits for: ``nordstat --help`` and ``nordstat build``, as whole processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5


def main() -> None:
    """Print the median of five runs of each command, after one that does not count."""
    print(f"{'command':<16} {'median s':>9} {'lowest':>8} {'highest':>8}")
    for command in (["--help"], ["reconcile"], ["build"]):
        seconds = [_seconds(command) for _ in range(RUNS + 1)][1:]
        print(f"{command[0]:<16} {statistics.median(seconds):>9.3f} {min(seconds):>8.3f} {max(seconds):>8.3f}")


def _seconds(command: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        words = [*command, str(Path(folder) / "release")] if command == ["build"] else command
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "nordstat", *words], check=True, capture_output=True)
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
