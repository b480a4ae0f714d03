"""``klass.csv``: which list is which classification of Klass."""

from __future__ import annotations

from pathlib import Path

from nordstat.mapping.codelist import read_codelists
from nordstat.mapping.klass import read_klass
from nordstat.mapping.rows import Faults


def test_list_that_stands_twice_is_a_fault(tmp_path: Path, mappings_folder: Path) -> None:
    """Of two classifications for one list neither wins silently."""
    head, first, *_ = (mappings_folder / "klass.csv").read_text("utf-8").splitlines()
    (tmp_path / "klass.csv").write_text("\n".join([head, first, first, ""]), encoding="utf-8")
    faults = Faults()
    read_klass([tmp_path], read_codelists([mappings_folder], faults), faults)
    assert [(fault.file.name, fault.line) for fault in faults.found] == [("klass.csv", 3)]
