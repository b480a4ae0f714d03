"""The same bytes under pandas 2.3 and pandas 3."""

from __future__ import annotations

import os
import sys

import pytest

from release.two_pandas import differing

OTHER = os.environ.get("NORDSTAT_OTHER_PYTHON", "")


@pytest.mark.slow
@pytest.mark.fault("E06")
@pytest.mark.skipif(not OTHER, reason="NORDSTAT_OTHER_PYTHON names no Python with the other pandas")
def test_two_versions_of_pandas_write_the_same_bytes() -> None:
    """Every file, the Parquet too under one pyarrow, is the same."""
    assert differing(sys.executable, OTHER) == []
