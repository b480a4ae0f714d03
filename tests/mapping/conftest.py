"""Readers for the tables of figures and for the files they were transcribed from."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]


@pytest.fixture
def transcribed(mappings_folder: Path) -> Callable[[str], Rows]:
    """Reads a transcribed table of the repository as text."""
    return lambda stem: _read(mappings_folder / "figures" / "tables" / f"{stem}.csv")


@pytest.fixture
def raw(reference: Path) -> Callable[..., Rows]:
    """Reads a raw file of the reference folder as text."""
    return lambda name, delimiter=",": _read(reference / "raw" / name, delimiter)


def _read(path: Path, delimiter: str = ",") -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))
