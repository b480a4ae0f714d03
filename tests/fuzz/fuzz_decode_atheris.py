"""Feeds the decoder with bytes, mutated towards new branches; not part of the suite (see README.md)."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Judge one text after another; whatever is raised is a finding, and its text is kept."""
    import atheris

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    with atheris.instrument_imports(include=["nordstat.decode"]):
        from fuzz.judging import judge

    atheris.Setup(sys.argv, lambda text: judge(bytes(text)) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
