"""The mappings folders a call is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.settings import Settings

Folders = Iterable[Path | str]


def load(folders: Folders) -> Mappings:
    """Give the mappings in force: the shipped ones, with the folders named or set in the environment on top."""
    extra = tuple(Path(folder) for folder in folders) or Settings.load().mappings
    return load_mappings(layers(extra))
