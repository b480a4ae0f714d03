"""A small mappings folder without a fault, and what can happen to its files."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fuzz.documents import changed, damage
from nordstat.mapping.check import check_mappings
from nordstat.mapping.descriptor import write_descriptor

_KEPT = (
    "*.csv",
    "facets.toml",
    "definitions/linked-registers.toml",
    "definitions/unstated.toml",
    "bridges/linked-registers.toml",
    "tables/nordic.toml",
    "figures/published.csv",
    "figures/tables/ssb-kortsys-2011q4.csv",
    "exclusions/*.csv",
    "groups/AREA-1.csv",
    "groups/border-municipalities.csv",
    "codelists/AREA/1.csv",
    "codelists/INDUSTRY16/1.csv",
    "codelists/ISO3166/1.csv",
    "codelists/NO-FYLKE/2024.csv",
    "codelists/NUTS/2024.csv",
    "codelists/SE-LAN/2007.csv",
    "correspondences/NO-FYLKE-2024__NUTS-2024.csv",
    "correspondences/SE-LAN-2007__NUTS-2024.csv",
)
Rows = list[list[str]]


def small_folder(shipped: Path, target: Path) -> Path:
    """Copy a few of the shipped files, without the rows that say something about the others."""
    for path in (path for pattern in _KEPT for path in shipped.glob(pattern)):
        (target / path.relative_to(shipped)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target / path.relative_to(shipped))
    faulty: dict[Path, set[int]] = defaultdict(set)
    for fault in check_mappings([target]).found:
        if fault.line > 1:
            faulty[fault.file].add(fault.line)
    for path, numbers in faulty.items():
        lines = enumerate(path.read_bytes().splitlines(keepends=True), 1)
        path.write_bytes(b"".join(line for number, line in lines if number not in numbers))
    write_descriptor(target)
    assert not check_mappings([target]).found
    return target


@st.composite
def accidents(draw: st.DrawFn, folder: Path, most: int = 2) -> dict[str, bytes | None]:
    """New contents of one or two files of a folder, by name; ``None`` for a file that is gone."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    happened: dict[str, bytes | None] = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True)):
        text = draw(contents(name, (folder / name).read_bytes()))
        fate = draw(st.sampled_from(["changed"] * 12 + ["gone", "moved", "empty"]))
        happened[name] = {"changed": text, "empty": b""}.get(fate)
        if fate == "moved":
            happened[draw(st.sampled_from([name.upper(), f"{name}.csv", name.replace("1", "9"), f"x-{name}"]))] = text
    return happened


@st.composite
def contents(draw: st.DrawFn, name: str, text: bytes) -> bytes:
    """The text of a file in which one to three places were changed, perhaps damaged or in another encoding too."""
    change = {"csv": _changed_rows, "toml": _changed_toml, "json": _changed_json}[name.rpartition(".")[2]]
    way = draw(st.sampled_from(["changed"] * 5 + ["damaged", "both"]))
    if way != "damaged":
        for _ in range(draw(st.integers(1, 3))):
            text = change(draw, text)
    if way != "changed":
        text = damage(draw, text)
    encoding = draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "latin-1"]))
    return text.decode("utf-8", "replace").encode(encoding, "replace") if encoding != "utf-8" else text


# fmt: off
_ODD = (
    "", " ", "_T", "T", "0", "-1", "1.0", "1e3", "0.5", "9" * 400, "9" * 5000, "17 000", "2,6", "NaN", "²", "٤", "NO",
    "SE", "a\nb", "a\rb", "\x00", "\u2028", "\ufeff", '"', "'", ";", ",", "AREA:1", "AREA:", ":",
    "ISO3166:NO", "ISO3166:1",
    "2016", "2016-Q5", "2016-02-30", "0000", "9999-12", "9999-12-31", "9999-01-01/P99Y", "2016-W53", "20160101",
    "range 1.2.3-4", "rounded (0)", "rounded (1e9)", "rounded (nan)", "rounded (.)", "about (1.2.3)", "ten in ten",
    "sex=T", "measure=x", "numerator=x", "age_low=x", "age_low=٤", "age_low=" + "9" * 5000, "time_period=x",
    "time_period=", "=", "share", "persons", "employed", "exact", "partial", "population", "assumed", "NO>SE",
)
# fmt: on
CELLS = st.sampled_from(_ODD)


def _changed_rows(draw: st.DrawFn, text: bytes) -> bytes:
    delimiter = draw(st.sampled_from([",", ",", ",", ";"]))
    rows = list(csv.reader(io.StringIO(text.decode("utf-8"), newline="")))
    if not rows or not rows[-1]:
        return text
    row, other = (draw(st.integers(0, len(rows) - 1)) for _ in range(2))
    place = draw(st.integers(0, max(len(rows[row]) - 1, 0)))
    cell = draw(CELLS | st.text(max_size=4) | st.sampled_from(rows[other] or [""]))
    _CHANGES[draw(st.sampled_from(sorted(_CHANGES)))](rows, row, other, place, cell)
    written = io.StringIO(newline="")
    ending = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(written, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)
    return written.getvalue().encode("utf-8", "replace")


def _cell(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    rows[row][place : place + 1] = [cell]


def _row_of_another(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    rows.insert(row, list(rows[other]))


def _row_with_another_name(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    rows.append([cell, *rows[other][1:]])


def _row_gone(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    del rows[row]


def _rows_exchanged(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    rows[row], rows[other] = rows[other], rows[row]


def _cell_more(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    rows[row].insert(place, cell)


def _cell_gone(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    del rows[row][place : place + 1]


def _column_gone(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    for each in rows:
        del each[place : place + 1]


def _column_filled(rows: Rows, row: int, other: int, place: int, cell: str) -> None:
    for each in rows[1:]:
        each[place : place + 1] = [cell]


_CHANGES = {
    change.__name__: change
    for change in (
        _cell,
        _row_of_another,
        _row_with_another_name,
        _row_gone,
        _rows_exchanged,
        _cell_more,
        _cell_gone,
        _column_gone,
        _column_filled,
    )
}


def _changed_json(draw: st.DrawFn, text: bytes) -> bytes:
    return json.dumps(changed(draw, json.loads(text))).encode()


def _changed_toml(draw: st.DrawFn, text: bytes) -> bytes:
    document = changed(draw, tomllib.loads(text.decode()))
    return (
        "".join(_toml_block(key, value) for key, value in document.items()).encode("utf-8", "replace")
        if isinstance(document, dict)
        else text
    )


def _toml_block(key: str, value: Any) -> str:
    """Write a list of tables as blocks, and anything else on a line."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return "".join(f"[[{_toml(key)}]]\n" + "".join(map(_toml_line, item, item.values())) for item in value)
    return _toml_line(key, value)


def _toml_line(key: str, value: Any) -> str:
    return f"{_toml(key)} = {_toml(value)}\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool | date):
        return str(value).lower()
    return (
        json.dumps("" if value is None else value, ensure_ascii=False).replace("NaN", "nan").replace("Infinity", "inf")
    )
