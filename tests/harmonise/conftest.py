"""The repository's own code lists and correspondences."""

from __future__ import annotations

from pathlib import Path

import pytest

from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.codelist import Codelists, read_codelists
from nordstat.mapping.correspondence import Correspondences, read_correspondences
from nordstat.mapping.rows import Faults


@pytest.fixture(scope="session")
def codelists(mappings_folder: Path) -> Codelists:
    """All code lists of the repository."""
    faults = Faults()
    found = read_codelists([mappings_folder], faults)
    faults.raise_if_any()
    return found


@pytest.fixture(scope="session")
def ways(mappings_folder: Path, codelists: Codelists) -> Correspondences:
    """All correspondences of the repository."""
    faults = Faults()
    found = read_correspondences([mappings_folder], codelists, faults)
    faults.raise_if_any()
    return found


@pytest.fixture(scope="session")
def mappings(mappings_folder: Path) -> Mappings:
    """Everything the repository's mappings say."""
    return load_mappings((mappings_folder,))
