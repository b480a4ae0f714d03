"""A written release, for tests that read one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nordstat.release.write import write_release
from release.samples import content


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as written; not to be changed."""
    return write_release(content(), tmp_path_factory.mktemp("release") / "2026.1")


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path) -> Path:
    """A copy of it to do damage to."""
    return Path(shutil.copytree(sample_folder, tmp_path / "2026.1"))
