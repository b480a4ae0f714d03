"""A release and its page, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

import nordstat as ns
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.release.open import OpenRelease

pytest.importorskip("altair", reason="the extra 'report' is not installed")
pytest.importorskip("vl_convert", reason="the extra 'report' is not installed")


@pytest.fixture(scope="session")
def release() -> OpenRelease:
    """A working release of the bundled evidence."""
    return ns.build()


@pytest.fixture(scope="session")
def page(release: OpenRelease, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about it."""
    return ns.report(release.folder, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    """The shipped mappings."""
    return load_mappings(layers())
