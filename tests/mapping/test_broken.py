"""Tiny broken folders, one a rule: each fault is found with file and line, and all of them in one run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nordstat.errors import MappingErrors
from nordstat.mapping.check import check_mappings, load_mappings
from nordstat.mapping.figures import parse_base
from nordstat.mapping.locate import layers

BROKEN = Path(__file__).parent / "broken"
RULES = sorted(path.name for path in BROKEN.iterdir())


@pytest.mark.fault("R07")
@pytest.mark.parametrize("rule", RULES)
def test_broken_folder_is_refused_at_its_place(rule: str) -> None:
    """Each rule's folder gives its fault, with file and line."""
    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([BROKEN / rule]))

    found = [str(fault).replace("\\", "/") for fault in caught.value.faults]
    expected = (BROKEN / rule / "fault.txt").read_text("utf-8").strip()
    assert any(expected in fault for fault in found), found


def test_all_faults_come_in_one_run(tmp_path: Path) -> None:
    """A folder with several faults in several files shows them all at once."""
    shutil.copytree(BROKEN / "figure-unknown-phrase" / "figures", tmp_path / "figures")
    shutil.copytree(BROKEN / "definition-unknown-value" / "definitions", tmp_path / "definitions")
    shutil.copy(BROKEN / "publisher-no-licence" / "publishers.csv", tmp_path)

    found = {fault.file.name for fault in check_mappings(layers([tmp_path])).found}

    assert {"own.csv", "own.toml", "publishers.csv"} <= found


@pytest.mark.fault("M07")
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_file_saved_by_a_spreadsheet_is_read(tmp_path: Path, mappings_folder: Path, ending: bytes, mark: bytes) -> None:
    """A byte order mark and CRLF change nothing."""
    lines = (mappings_folder / "figures" / "published.csv").read_bytes().split(b"\n")[:3]
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "own.csv").write_bytes(mark + ending.join([*lines, b""]))

    assert "F001" in load_mappings(layers([tmp_path])).figures


def test_line_of_ten_megabytes_is_refused(tmp_path: Path, mappings_folder: Path) -> None:
    """An over-long line is refused with its number, before anything reads it."""
    head = (mappings_folder / "figures" / "published.csv").read_bytes().split(b"\n")[0]
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "own.csv").write_bytes(head + b"\n" + b"x" * 10_000_000 + b"\n")

    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([tmp_path]))

    assert "own.csv:2: a line of 10,000,000 bytes" in str(caught.value)


def test_base_reads_its_fields() -> None:
    """The base of a share is read field by field, an empty value being an open end."""
    assert parse_base("sex=T;age_low=") == {"sex": "T", "age_low": ""}


@pytest.mark.parametrize("text", ["sex", "sex=T;sex=M", "colour=red", "=T"])
def test_base_that_cannot_be_read_is_refused(text: str) -> None:
    """An unknown, doubled or incomplete field is refused."""
    with pytest.raises(ValueError, match="cannot be used"):
        parse_base(text)


def test_shipped_mappings_have_no_fault() -> None:
    """The mappings that ship are without fault, correspondences included."""
    assert [str(fault) for fault in check_mappings(layers()).found] == []


def test_what_is_no_data_may_lie_anywhere(tmp_path: Path) -> None:
    """A text for people, a hidden folder and a spreadsheet in the works are no faults."""
    for name in ("notes.md", ".git/index.json", "draft.xlsx", ".editor/own.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert load_mappings(layers([tmp_path]))


def test_a_misspelt_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A file that nothing reads is no file that says nothing: the place it was meant for is named."""
    (tmp_path / "figure").mkdir()
    (tmp_path / "figure" / "own.csv").touch()

    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([tmp_path]))

    assert [fault.hint for fault in caught.value.faults] == ["Is it meant as figures/*.csv or figures/tables/*.csv?"]
