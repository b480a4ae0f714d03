"""Regions through time, as a notebook asks for them."""

from __future__ import annotations

import pandas as pd
import pytest

import nordstat as ns
from nordstat.errors import UnknownCodeError


def test_hedmark_is_rebuilt_from_its_22_municipalities() -> None:
    """The county that no longer exists is a list of municipalities of today."""
    hedmark = ns.members("NO-FYLKE", "04")

    assert len(hedmark) == 22
    assert set(hedmark["scheme"]) == {"NO-KOMMUNE"}


def test_area_without_known_members_is_refused() -> None:
    """An area whose members nobody stated is refused, naming those that are known."""
    with pytest.raises(UnknownCodeError, match="not known") as caught:
        ns.members("AREA", "NO_OSLO_AREA")

    assert "AREA NORDIC" in caught.value.hint


def test_border_has_its_54_pairs() -> None:
    """Eda touches three Norwegian municipalities; 54 pairs touch in all."""
    pairs = ns.border_municipalities()

    assert len(pairs) == 54
    assert set(pairs.loc[pairs["residence"] == "1730", "work"]) == {"3226", "3401", "3416"}


def test_version_is_found_from_the_codes() -> None:
    """Codes of 2019 convert to 2024 without naming their version, in one call."""
    frame = pd.DataFrame({"work_area": ["0101", "5061"], "time_period": "2019", "obs_value": [3.0, 4.0]})

    converted = ns.convert(frame, "work_area", to="NO-KOMMUNE:2024")

    assert ns.detect_version(frame["work_area"], "NO-KOMMUNE") == ("NO-KOMMUNE:2019",)
    assert dict(zip(converted.frame["work_area"], converted.frame["obs_value"], strict=True)) == {
        "3101": 3.0,
        "5061": 4.0,
    }


def test_there_are_353_stable_units() -> None:
    """353 units need no share, and every code of every version lies in one."""
    units = ns.stable_units()

    assert units["unit"].nunique() >= 353
    assert not units.duplicated(["version", "code"]).any()
