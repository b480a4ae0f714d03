"""Mappings folders with something broken in them: read with every row in its place, or refused at file and line."""

from __future__ import annotations

import csv
import re
import shutil
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.effort import effort
from fuzz.folders import accidents, small_folder
from nordstat.errors import MappingErrors
from nordstat.mapping.border import read_border
from nordstat.mapping.check import Mappings, check_mappings, load_mappings
from nordstat.mapping.klass import read_klass
from nordstat.mapping.rows import Faults
from nordstat.model.figure import Figure


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, mappings_folder: Path) -> Path:
    return small_folder(mappings_folder, tmp_path_factory.mktemp("mappings") / "small")


@effort(60)
@given(data=st.data())
def test_folder_after_an_accident(folder: Path, tmp_path: Path, data: st.DataObject) -> None:
    """A folder with one or two files changed, lost or moved is read whole, or refused at the places of its faults."""
    own = _copy(folder, tmp_path / "own", data.draw(accidents(folder)))
    judge([own])


@effort(30)
@given(data=st.data())
def test_layer_after_an_accident(folder: Path, tmp_path: Path, data: st.DataObject) -> None:
    """A layer of one or two changed files over a sound folder is read whole, or refused at the places of its faults."""
    happened = data.draw(accidents(folder))
    own = tmp_path / "own"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    _write(own, happened)
    judge([folder, own])


def judge(folders: list[Path]) -> None:
    """Check and load folders: both find the same faults, each at its place, or each row is where it should be."""
    found = check_mappings(folders).found
    for fault in found:
        assert any(fault.file.is_relative_to(folder) for folder in folders), fault
        assert 0 <= fault.line <= len(_lines(fault.file)), fault
        assert str(fault)
    try:
        mappings = load_mappings(folders)
    except MappingErrors as group:
        faults = group.faults
    else:
        faults = ()
        _judge_rows(mappings, folders)
    assert set(map(str, faults)) <= set(map(str, found))


def _judge_rows(mappings: Mappings, folders: list[Path]) -> None:
    """Compare what was read with the lines of the files."""
    top = _on_top(folders)
    if len(folders) == 1:
        assert len(mappings.figures) == _rows(top, "figures/[^/]*.csv")
        assert len(mappings.symbols) == _rows(top, "symbols.csv")
        assert len(mappings.breaks) == _rows(top, "breaks.csv")
        assert len(mappings.publishers) == _rows(top, "publishers.csv")
        assert sum(len(each.parts) for each in mappings.partitions.values()) == _rows(top, "partitions.csv")
        for name, found in (
            ("definitions/[^/]*.toml", mappings.definitions),
            ("bridges/[^/]*.toml", mappings.bridges),
            ("tables/[^/]*.toml", mappings.tables),
            ("facets.toml", mappings.facets),
        ):
            assert len(found) == _tables(top, name)
    assert len(mappings.transcribed) == _rows(top, "figures/tables/[^/]*.csv")
    assert sum(map(len, mappings.codelists.lists.values())) == _rows(top, "codelists/.*")
    assert sum(map(len, mappings.members.values())) == _rows(top, "groups/(?!border).*")
    assert all(len(set(members)) == len(members) for members in mappings.members.values())
    for figure in (*mappings.figures.values(), *mappings.transcribed.values()):
        _judge_figure(figure)
    _judge_the_rest(mappings, folders, top)


def _judge_the_rest(mappings: Mappings, folders: list[Path], top: Mapping[str, Path]) -> None:
    """Compare what is read only where it is needed."""
    faults = Faults()
    entries = read_klass(folders, mappings.codelists, faults)
    pairs = read_border(folders, mappings.codelists, faults)
    try:
        tables = mappings.correspondences().tables
    except MappingErrors:
        return
    assert sum(len(table.links) for table in tables.values()) == _rows(top, "correspondences/.*")
    if not faults.found:
        assert len(entries) >= _rows(top, "klass.csv")
        assert len(pairs) == _rows(top, "groups/border.*")


def _judge_figure(figure: Figure) -> None:
    """Compare a figure with the line it says it stands on."""
    head, line = (_lines(figure.file)[number - 1] for number in (1, figure.line))
    delimiter = max(",;", key=head.count)
    columns, cells = csv.reader([head, line], delimiter=delimiter)
    said = dict(zip(columns, cells, strict=True))
    assert figure.value == (float(said["obs_value"]) if said["obs_value"] else None)
    assert figure.id == said.get("figure_id", f"{figure.file.stem}:{figure.line}")
    assert str(figure.key.period or "") == said["time_period"]
    for field in ("definition", "residence_area", "work_area", "sex", "occupation", "industry", "background"):
        assert getattr(figure.key, field) == said[field]
    for field in ("age_low", "age_high"):
        assert str(getattr(figure.key, field)) == (said[field].lstrip("0") or "0" if said[field] else "None")
    assert (figure.measure, figure.precision.text, figure.words) == (
        said["measure"],
        said["precision"],
        said["population"],
    )


def _on_top(folders: Iterable[Path]) -> dict[str, Path]:
    """Give the files that count, by name: a later folder's file replaces one of the same name."""
    return {
        path.relative_to(folder).as_posix(): path for folder in folders for path in folder.rglob("*") if path.is_file()
    }


def _lines(path: Path) -> list[str]:
    """Give the lines of a file, also of one that ends them in the way of old Macs."""
    return re.split("\r\n|\n|\r", path.read_bytes().decode("utf-8-sig", "replace")) if path.is_file() else []


def _rows(top: Mapping[str, Path], pattern: str) -> int:
    """Count the lines under the header of all files of a name."""
    return sum(len(list(filter(None, _lines(top[name])))) - 1 for name in top if re.fullmatch(pattern, name))


def _tables(top: Mapping[str, Path], pattern: str) -> int:
    """Count everything that stands at the top of all TOML files of a name."""
    documents = [tomllib.loads(top[name].read_text("utf-8-sig")) for name in top if re.fullmatch(pattern, name)]
    return sum(len(value) if isinstance(value, list) else 1 for document in documents for value in document.values())


def _copy(folder: Path, target: Path, happened: Mapping[str, bytes | None]) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    _write(target, happened)
    return target


def _write(folder: Path, happened: Mapping[str, bytes | None]) -> None:
    for name, text in happened.items():
        path = folder / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
