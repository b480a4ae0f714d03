"""Builds the sample into a folder: a program for tests that need another process.

Run: python build_sample.py FOLDER [VERSION ...]: one build a version, round and round when there are several.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nordstat.release.write import write_release
from release.samples import content


def main() -> None:
    folder, versions = Path(sys.argv[1]), sys.argv[2:] or ["2026.1"]
    for version in itertools.cycle(versions) if len(versions) > 1 else versions:
        write_release(content(version=version), folder)
        print(version, flush=True)


if __name__ == "__main__":
    main()
