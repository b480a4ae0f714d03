"""Fixtures every house shares."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared" / "reference"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if REFERENCE.is_dir():
        return
    absent = pytest.mark.skip(reason="the reference folder is not beside this repository")
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of recorded answers and raw tables; only for tests marked ``corpus``."""
    return REFERENCE


@pytest.fixture(scope="session")
def mappings_folder() -> Path:
    """The repository's own mappings."""
    return ROOT / "mappings"
