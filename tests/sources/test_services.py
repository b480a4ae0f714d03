"""The services as data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nordstat.errors import SettingsError
from nordstat.sources import SERVICES, find_service


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-24T03:59:59+00:00", False),
        ("2026-11-24T04:00:00+00:00", True),
        ("2026-11-24T08:14:59+01:00", True),
        ("2026-11-24T08:15:00+01:00", False),
        ("2026-07-01T03:00:00+00:00", True),
        ("2026-07-01T02:59:00+00:00", False),
        ("2026-11-24T11:30:00+01:00", True),
        pytest.param("2026-10-25T03:59:00+00:00", False, marks=pytest.mark.fault("C07")),  # the night clocks go back
        pytest.param("2026-10-25T04:00:00+00:00", True, marks=pytest.mark.fault("C07")),
        pytest.param("2026-03-29T02:59:00+00:00", False, marks=pytest.mark.fault("C07")),  # and the one they go on
        pytest.param("2026-03-29T03:00:00+00:00", True, marks=pytest.mark.fault("C07")),
    ],
)
def test_ssb_is_not_asked_while_it_publishes(moment: str, quiet: bool) -> None:
    """From 05:00 to 08:15 in Oslo, summer and winter, a figure may show as 0 (quirk 19)."""
    assert bool(SERVICES["SSB"].quiet_at(datetime.fromisoformat(moment))) is quiet


def test_scb_has_no_quiet_time() -> None:
    """Nothing is known of one."""
    assert SERVICES["SCB"].quiet_at(datetime(2026, 11, 24, 5, tzinfo=UTC)) == ""


def test_tables_are_known_under_both_names() -> None:
    """An id of one interface of SCB leads to the id in the other, and back."""
    known = SERVICES["SCB"].known_as
    assert known["ArRegPend2"] == "TAB1830"
    for new, path in known.items():
        if new.startswith("TAB"):
            assert known[path.rpartition("/")[2]] == new


def test_a_service_is_found_in_any_case() -> None:
    """``ssb:03321`` is as good as ``SSB:03321``; what is not known is named with what is."""
    assert find_service("ssb") == find_service("SSB")
    with pytest.raises(SettingsError, match="SCB, SSB, NORDIC"):
        find_service("dst")
