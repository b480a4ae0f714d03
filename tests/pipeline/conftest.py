"""Mappings, whole and small, for tests of the whole way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nordstat.mapping.check import Mappings, load_mappings
from pipeline.served import Desk, settings_for
from pxweb_server import PxWebServer

At = Callable[..., Desk]


@pytest.fixture(scope="session")
def mappings(mappings_folder: Path) -> Mappings:
    """Everything the repository's mappings say."""
    return load_mappings((mappings_folder,))


@pytest.fixture(scope="session")
def few(mappings: Mappings) -> Mappings:
    """The same with three published figures only, so that a release is built in no time."""
    kept = {name: mappings.figures[name] for name in ("F281", "F282", "F283")}
    return replace(mappings, figures=kept, transcribed={})


@pytest.fixture
def at(mappings: Mappings, tmp_path: Path) -> At:
    """Gives a desk that fetches from some servers into a store of its own."""

    def desk(*servers: PxWebServer, name: str = "", **more: Any) -> Desk:
        return Desk(mappings, settings_for(tmp_path / name, *servers, **more))

    return desk
