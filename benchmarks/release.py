"""Building and verifying a release of many observations: seconds, peak memory, bytes.

Each size runs in a process of its own, so that its peak is its own.

Run: python benchmarks/release.py [ROWS ...]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa

from nordstat.model.release import ReleaseContent
from nordstat.release.open import open_release
from nordstat.release.write import write_release
from nordstat.schema.columns import RECONCILIATION
from nordstat.schema.frame import conform
from validate import made_up

SOURCE = {
    "id": "SSB:03321",
    "title": "Made-up flows",
    "publisher": "Nobody",
    "path": "https://example.org",
    "licence": "CC0-1.0",
    "retrieved": "2026-01-01",
}


def content(rows: int) -> ReleaseContent:
    """Made-up observations and nothing else."""
    verdicts = conform(pd.DataFrame(columns=[column.name for column in RECONCILIATION]), RECONCILIATION)
    figures = pd.DataFrame({"figure": pd.Series([], dtype="str")})
    return ReleaseContent("1.0", made_up(rows), verdicts, [], figures, {}, [SOURCE], {"library_version": "0"})


def peak() -> float:
    """Peak memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(step: str, rows: int, folder: Path) -> str:
    """One line of the table for one step, run in this process."""
    if step == "build":
        made = content(rows)
        before = peak()
        start = time.perf_counter()
        write_release(made, folder)
    else:
        before = peak()
        start = time.perf_counter()
        open_release(folder).verify()
    seconds = time.perf_counter() - start
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    speed = f"{seconds:>8.1f} s {seconds / rows * 1e6:>7.2f} us/row"
    return f"{rows:>12,}  {step:<7}{speed} {before:>7.0f} -> {peak():>6.0f} MiB {size:>8.0f} MiB"


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--step"]:
        print(timed(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])))
        return
    print(f"pandas {pd.__version__}, pyarrow {pa.__version__}")
    print("        rows  step    seconds   per row     memory before -> peak   on disk")
    for rows in [int(word) for word in sys.argv[1:]] or [500_000, 5_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            for step in ("build", "verify"):
                command = [sys.executable, __file__, "--step", step, str(rows), f"{folder}/r"]
                print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip(), flush=True)


if __name__ == "__main__":
    main()
