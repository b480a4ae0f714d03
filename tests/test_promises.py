"""The fault table: what must happen, and that a test holds the library to it."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

TESTS = Path(__file__).parent


def _held() -> dict[str, list[str]]:
    spec = importlib.util.spec_from_file_location("generate", TESTS.parent / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    return dict(generate.tests_by_fault(TESTS))


def _faults() -> list[dict[str, str]]:
    with (TESTS / "faults.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_fault_has_a_test() -> None:
    """No row of the table is without a test that names its id."""
    held = _held()

    assert [row["id"] for row in _faults() if row["id"] not in held] == []


def test_no_test_names_a_fault_there_is_not() -> None:
    """A mark with an unknown id is a mistake."""
    assert set(_held()) <= {row["id"] for row in _faults()}
