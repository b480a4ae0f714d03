"""The descriptor of a mappings folder: complete, deterministic, and the guard against silent edits."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nordstat.errors import MappingErrors
from nordstat.mapping.descriptor import FILE, verify_descriptor, write_descriptor
from nordstat.mapping.rows import Faults

LICENCES = """path,source,source_url,retrieved,licence,licence_title,licence_url
*,everything else,,,MIT,MIT licence,https://opensource.org/license/mit
codelists/*,Office,https://example.org/,2025-01-31,CC-BY-4.0,CC BY 4.0,https://creativecommons.org/licenses/by/4.0/
codelists/*,Second office,,,CC-BY-4.0,CC BY 4.0,https://creativecommons.org/licenses/by/4.0/
"""
COLUMNS = """column,type,description
code,string,Code
weight,number,Share
valid_from,date,In force from
age_low,integer,Lowest age
path,string,Files meant
source,string,Where it comes from
source_url,string,Address
retrieved,date,Date of the copy
licence,string,Licence
licence_title,string,Licence in words
licence_url,string,Its text
column,string,Column
type,string,Type
description,string,Meaning
"""
LIST = "code,weight,valid_from,age_low\n0301,0.5,2024-01-01,16\nNO,,,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "codelists" / "OLD").mkdir(parents=True)
    (tmp_path / "licences.csv").write_text(LICENCES, encoding="utf-8", newline="")
    (tmp_path / "columns.csv").write_text(COLUMNS, encoding="utf-8", newline="")
    (tmp_path / "codelists" / "OLD" / "1.csv").write_text(LIST, encoding="utf-8", newline="")
    (tmp_path / "facets.toml").write_text("[facet]\n", encoding="utf-8", newline="")
    return tmp_path


def faults_of(folder: Path) -> Faults:
    faults = Faults()
    verify_descriptor(folder, faults)
    return faults


def resource(folder: Path, path: str) -> dict[str, object]:
    resources = json.loads((folder / FILE).read_text("utf-8"))["resources"]
    return next(each for each in resources if each["path"] == path)


def test_every_file_is_listed_with_its_sha256(folder: Path) -> None:
    """Each file stands there with path, size and sha256, sorted by path."""
    write_descriptor(folder)
    resources = json.loads((folder / FILE).read_text("utf-8"))["resources"]
    assert [each["path"] for each in resources] == ["codelists/OLD/1.csv", "columns.csv", "facets.toml", "licences.csv"]
    assert resources[0]["hash"] == f"sha256:{hashlib.sha256(LIST.encode()).hexdigest()}"
    assert resources[0]["bytes"] == len(LIST)


def test_a_table_has_the_types_of_its_columns(folder: Path) -> None:
    """A CSV file is a table with typed, described fields; other files have no schema."""
    write_descriptor(folder)
    table = resource(folder, "codelists/OLD/1.csv")
    assert table["type"] == "table"
    assert [field["type"] for field in table["schema"]["fields"]] == ["string", "number", "date", "integer"]
    assert "schema" not in resource(folder, "facets.toml")


def test_the_longest_pattern_says_source_and_licence(folder: Path) -> None:
    """All rows of the longest pattern count; a licence named twice stands once."""
    write_descriptor(folder)
    table = resource(folder, "codelists/OLD/1.csv")
    assert [source["title"] for source in table["sources"]] == ["Office", "Second office"]
    assert table["sources"][0]["retrieved"] == "2025-01-31"
    assert [licence["name"] for licence in table["licenses"]] == ["CC-BY-4.0"]
    assert resource(folder, "facets.toml")["licenses"][0]["name"] == "MIT"


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    """Writing twice changes nothing, and the descriptor does not describe itself."""
    first = write_descriptor(folder).read_bytes()
    assert write_descriptor(folder).read_bytes() == first


def test_hidden_files_are_no_part_of_it(folder: Path) -> None:
    """What a file manager leaves behind is neither listed nor missed."""
    (folder / ".DS_Store").write_bytes(b"x")
    write_descriptor(folder)
    (folder / "codelists" / ".keep").write_bytes(b"")
    assert faults_of(folder).found == []


def edit(folder: Path) -> None:
    path = folder / "codelists" / "OLD" / "1.csv"
    path.write_bytes(path.read_bytes().replace(b"0301", b"0302"))


def delete(folder: Path) -> None:
    (folder / "facets.toml").unlink()


def add(folder: Path) -> None:
    (folder / "codelists" / "OLD" / "2.csv").write_text(LIST, encoding="utf-8")


def forget(folder: Path) -> None:
    (folder / FILE).unlink()


def cut(folder: Path) -> None:
    (folder / FILE).write_bytes((folder / FILE).read_bytes()[:100])


def hollow(folder: Path) -> None:
    (folder / FILE).write_text('{"resources": [{"path": "facets.toml"}]}', encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "file", "words"),
    [
        (edit, "codelists/OLD/1.csv", "it has been edited"),
        (delete, "facets.toml", "lists it, but it is not there"),
        (add, "codelists/OLD/2.csv", "does not list it"),
        (forget, FILE, "cannot be read"),
        (cut, FILE, "not a descriptor of this folder"),
        (hollow, FILE, "not a descriptor of this folder"),
    ],
)
def test_a_changed_folder_is_noticed(folder: Path, change: Callable[[Path], None], file: str, words: str) -> None:
    """An edited, missing or unknown file is named, and so is a descriptor that is none."""
    write_descriptor(folder)
    assert faults_of(folder).found == []
    change(folder)
    (fault,) = faults_of(folder).found
    assert fault.file == folder / file
    assert words in fault.what


def test_all_changes_come_at_once(folder: Path) -> None:
    """An edited, a missing and a new file are three faults of one reading."""
    write_descriptor(folder)
    edit(folder)
    delete(folder)
    add(folder)
    assert len(faults_of(folder).found) == 3


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("licences.csv", LICENCES.replace("*,everything", "codelists/*,everything"), "no source and licence"),
        ("columns.csv", COLUMNS.replace("weight,number,Share\n", ""), "nothing says what column 'weight' is"),
        ("columns.csv", COLUMNS.replace("number", "numeric"), "type 'numeric' is not one of"),
        ("columns.csv", COLUMNS + "code,string,Code\n", "column 'code' stands twice"),
    ],
)
def test_a_folder_that_cannot_be_described_is_refused(folder: Path, file: str, text: str, words: str) -> None:
    """A file without a licence or a column without a meaning is refused, and nothing is written."""
    (folder / file).write_text(text, encoding="utf-8", newline="")
    with pytest.raises(MappingErrors) as caught:
        write_descriptor(folder)
    assert words in str(caught.value)
    assert not (folder / FILE).exists()


def test_frictionless_finds_a_described_folder_valid(folder: Path) -> None:
    """The descriptor is a Data Package, and frictionless checks hashes and types with it."""
    write_descriptor(folder)
    command = [str(Path(sys.executable).parent / "frictionless"), "validate", "--json", FILE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["valid"], done.stdout
    edit(folder)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not json.loads(done.stdout)["valid"]


def test_the_shipped_folder_is_what_its_descriptor_says(mappings_folder: Path) -> None:
    """No file of the shipped mappings was edited, added or lost after it was described."""
    assert [str(fault) for fault in faults_of(mappings_folder).found] == []


def test_the_shipped_descriptor_is_the_one_that_would_be_written(mappings_folder: Path, tmp_path: Path) -> None:
    """Describing the shipped folder again gives the same bytes."""
    copy = shutil.copytree(mappings_folder, tmp_path / "mappings")
    assert write_descriptor(copy).read_bytes() == (mappings_folder / FILE).read_bytes()


def test_file_listed_twice_is_a_fault(folder: Path) -> None:
    """Of two sums for one file neither wins."""
    package = json.loads(write_descriptor(folder).read_bytes())
    package["resources"].append(package["resources"][0] | {"hash": "sha256:0"})
    (folder / FILE).write_text(json.dumps(package), encoding="utf-8")
    assert "lists codelists/OLD/1.csv 2 times" in str(faults_of(folder).found[0])


def test_descriptor_without_bottom_is_a_fault(folder: Path) -> None:
    """A descriptor nested without end is a fault of its file."""
    (folder / FILE).write_text("[" * 100_000, encoding="utf-8")
    assert "not a descriptor" in str(faults_of(folder).found[0])


@pytest.mark.slow
def test_frictionless_finds_the_shipped_folder_valid(mappings_folder: Path) -> None:
    """Every shipped table has the types its descriptor says."""
    command = [str(Path(sys.executable).parent / "frictionless"), "validate", "--json", FILE]
    done = subprocess.run(command, cwd=mappings_folder, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["valid"], done.stdout
