"""Builds the sample under two Pythons, one with pandas 2.3 and one with pandas 3, and compares every file.

Run by hand: python tests/release/two_pandas.py OTHER_PYTHON
Exit code 0 where every CSV, JSON, XML and Markdown file is the same, byte for byte.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = Path(__file__).with_name("build_sample.py")
VERSIONS = "import pandas, pyarrow; print(f'pandas {pandas.__version__}, pyarrow {pyarrow.__version__}')"


def built(python: str, folder: Path) -> dict[str, str]:
    """Sums of the files the sample has under a Python."""
    subprocess.run([python, PROGRAM, folder], check=True, capture_output=True)
    return {line[66:]: line[:64] for line in (folder / "SHA256SUMS").read_text().splitlines()}


def differing(one: str, other: str) -> list[str]:
    """Names of the files that differ, and a line a file on standard output."""
    with tempfile.TemporaryDirectory() as folder:
        sums = [built(python, Path(folder) / name) for python, name in ((one, "one"), (other, "other"))]
    for name in sorted(sums[0]):
        print(f"{'same  ' if sums[0][name] == sums[1].get(name) else 'DIFFER'} {sums[0][name][:16]} {name}")
    return [name for name in sorted(sums[0].keys() | sums[1].keys()) if sums[0].get(name) != sums[1].get(name)]


def main() -> int:
    for python in (sys.executable, sys.argv[1]):
        print(subprocess.run([python, "-c", VERSIONS], check=True, capture_output=True, text=True).stdout.strip())
    return 1 if differing(sys.executable, sys.argv[1]) else 0


if __name__ == "__main__":
    sys.exit(main())
