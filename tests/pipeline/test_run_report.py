"""The form of the run report: documented field by field, and whole on the disk or not there."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nordstat.errors import SettingsError
from nordstat.pipeline.run_report import EXIT_CODES, RunReport, RunStatus, TableReport, TableStatus, stamp

DOCS = Path(__file__).parents[2] / "docs" / "reference"
PAGE = (DOCS / "run-report.md").read_text(encoding="utf-8")
SCHEMA = json.loads((DOCS / "run-report.schema.json").read_bytes())


def named(schema: dict[str, Any]) -> set[str]:
    """Every field a schema names, at any depth."""
    own = schema.get("properties", {})
    inner = [*own.values(), *([schema["items"]] if "items" in schema else [])]
    return set(own).union(*(named(part) for part in inner))


def test_every_field_is_documented() -> None:
    """The page explains every field of the form, and no other."""
    told = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    assert named(SCHEMA) <= told


def test_every_status_is_documented_with_its_exit_code() -> None:
    """How a run ends and what becomes of a table are closed sets: those of the code, the form and the page."""
    assert SCHEMA["properties"]["status"]["enum"] == [str(status) for status in RunStatus]
    assert set(SCHEMA["properties"]["tables"]["items"]["properties"]["status"]["enum"]) == set(TableStatus)
    assert set(SCHEMA["properties"]["exit_code"]["enum"]) == set(EXIT_CODES.values())
    for status, code in EXIT_CODES.items():
        assert re.search(rf"^\| `{status}` \| {code} \|", PAGE, re.MULTILINE)
    for table in TableStatus:
        assert re.search(rf"^\| `{table}` \| ", PAGE, re.MULTILINE)


def test_the_form_is_that_of_the_code() -> None:
    """What is written has exactly the fields of the form."""
    report = RunReport(command="nordstat refresh", tables=[TableReport(table="SSB:03321", status=TableStatus.NEW)])
    written = report.as_dict()

    assert set(written) == set(SCHEMA["properties"])
    assert set(written["tables"][0]) == set(SCHEMA["properties"]["tables"]["items"]["properties"])


@pytest.mark.fault("C07")
def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """Half past two in the night the clocks go back is two instants, and reports are in order over it."""
    night = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Oslo"))

    assert [stamp(night), stamp(night.replace(fold=1))] == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]


@pytest.mark.fault("C09")
def test_a_report_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """Where the folder is gone the error names the file."""
    with pytest.raises(SettingsError, match="the run report cannot be written") as caught:
        RunReport(command="nordstat refresh").write(tmp_path / "gone" / "report.json")

    assert "report.json" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
