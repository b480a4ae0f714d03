"""Fixtures every house shares."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# No test reads or writes the store and the pace of whoever runs it.
for _name in ("NORDSTAT_STORE", "NORDSTAT_CACHE"):
    os.environ[_name] = tempfile.mkdtemp(prefix="nordstat-tests-")
    atexit.register(shutil.rmtree, os.environ[_name], ignore_errors=True)
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
