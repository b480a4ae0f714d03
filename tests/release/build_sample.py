"""Builds the sample into a folder: a program for tests that need another process.

Run: python build_sample.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nordstat.release.write import write_release
from release.samples import content


def main() -> None:
    write_release(content(version="2026.1"), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
