"""Reads CSV and TOML files of a mappings folder: text only, every fault with file and line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from nordstat.errors import MappingError, MappingErrors

MAX_LINE = 100_000
MAX_EXACT = 2**53
"""Beyond it a double no longer tells neighbouring whole numbers apart."""

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LINE_END = re.compile(r"[\r\n]")
_ONE_LINE = "A row stands on one line; perhaps a quote is not closed, and hides the rows below."
_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


@dataclass(slots=True)
class Faults:
    """Collects faults, so that one reading shows them all."""

    found: list[MappingError] = field(default_factory=list)

    def add(self, what: str, *, file: Path, line: int = 0, hint: str = "") -> None:
        """Record a fault at a place."""
        self.found.append(MappingError(what, file=file, line=line, hint=hint))

    def keep(self, fault: MappingError) -> None:
        """Record a fault that was raised elsewhere."""
        self.found.append(fault)

    def raise_if_any(self, what: str = "faults in mappings") -> None:
        """Raise all of them as one group.

        Raises
        ------
        MappingErrors
            Where there is at least one.
        """
        if self.found:
            raise MappingErrors(what, self.found)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CSV file, as text.

    Attributes
    ----------
    file, line : Path, int
        Where it stands.
    cells : dict of str to str
        Column -> text, stripped of nothing.
    """

    file: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str) -> str:
        """Give a cell, empty where the file has no such column."""
        return self.cells.get(column, "")

    def fault(self, what: str, hint: str = "") -> MappingError:
        """Make a fault at this line."""
        return MappingError(what, file=self.file, line=self.line, hint=hint)

    def parsed(self, column: str, parse: Callable[[str], _T]) -> _T:
        """Read a cell with a parser that raises `ValueError`.

        Raises
        ------
        MappingError
            With the parser's words and this place.
        """
        try:
            return parse(self[column])
        except ValueError as error:
            raise self.fault(f"{column}: {error}") from None

    def filled(self, column: str) -> str:
        """Read a cell that may not be empty."""

        def parse(text: str) -> str:
            if not text:
                raise ValueError("is empty")
            return text

        return self.parsed(column, parse)

    def one_of(self, column: str, words: Collection[str]) -> str:
        """Read one of a few words."""

        def parse(text: str) -> str:
            if text not in words:
                raise ValueError(f"{text!r} is not one of {', '.join(words)}")
            return text

        return self.parsed(column, parse)

    def number(self, column: str) -> float | None:
        """Read a plain decimal number; ``None`` for an empty cell."""
        return self.parsed(column, _number)

    def whole(self, column: str) -> int | None:
        """Read a whole number; ``None`` for an empty cell."""
        return self.parsed(column, _whole)

    def day(self, column: str) -> date | None:
        """Read a date (2024-01-31); ``None`` for an empty cell."""
        return self.parsed(column, lambda text: date.fromisoformat(text) if text else None)

    def choice(self, column: str, kind: type[_E]) -> _E:
        """Read one of a closed set of words."""

        def parse(text: str) -> _E:
            if text not in {str(member) for member in kind}:
                raise ValueError(f"{text!r} is not one of {', '.join(kind)}")
            return kind(text)

        return self.parsed(column, parse)


def read_rows(path: Path, *, required: Sequence[str], optional: Sequence[str] = (), faults: Faults) -> Iterator[Row]:
    """Give the rows of a CSV file, checked for shape.

    A file saved by a spreadsheet with a byte order mark, CRLF or semicolons is read as it is. A missing, doubled or
    unknown column, a row with another number of cells, an over-long line, bytes that are not UTF-8 and an empty
    file are faults.

    Parameters
    ----------
    path : Path
        File to read.
    required, optional : sequence of str
        Columns.
    faults : Faults
        Collects what is wrong; a row with the wrong number of cells is left out after that.
    """
    text = _text(path, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(reader, [])
        if not _header_fits(path, header, required, optional, faults):
            return
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                faults.add(f"{len(cells)} cells under {len(header)} columns", file=path, line=reader.line_num)
                continue
            if any(map(_LINE_END.search, cells)):
                faults.add("a cell goes on over a line end", file=path, line=reader.line_num, hint=_ONE_LINE)
                continue
            yield Row(path, reader.line_num, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        faults.add(f"not CSV: {error}", file=path, line=reader.line_num)


def read_toml(path: Path, faults: Faults) -> dict[str, Any]:
    """Give a TOML document; an empty one after a fault."""
    text = _text(path, faults)
    if text is None:
        return {}
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, lists in lists in lists
        faults.add(f"not TOML: {error}", file=path)
        return {}


def read_listed(path: Path, name: str, faults: Faults) -> list[dict[str, Any]]:
    """Give the ``[[name]]`` tables of a TOML file; whatever else stands in it is a fault."""
    document = read_toml(path, faults)
    for other in document.keys() - {name}:
        faults.add(f"{other!r} is not read here", file=path, line=toml_line(path, other), hint=f"Write [[{name}]].")
    found = document.get(name, [])
    if isinstance(found, list) and all(isinstance(entry, dict) for entry in found):
        return found
    faults.add(f"{name!r} must be written as [[{name}]]", file=path, line=toml_line(path, name))
    return []


def toml_line(path: Path, *words: str) -> int:
    """Give the first line that holds all the words, 0 where none does."""
    for number, line in enumerate(path.read_text("utf-8-sig", errors="replace").splitlines(), 1):
        if all(word in line for word in words):
            return number
    return 0


def _text(path: Path, faults: Faults) -> str | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.add(f"cannot be read: {error.strerror}", file=path)
        return None
    if not raw.strip():
        faults.add("the file is empty", file=path, hint="Delete it, or give it a header row.")
        return None
    for number, length in enumerate(map(len, raw.split(b"\n")), 1):
        if length > MAX_LINE:
            faults.add(f"a line of {length:,} bytes; the longest allowed is {MAX_LINE:,}", file=path, line=number)
            return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.add("not UTF-8", file=path, line=line, hint="Save the file as UTF-8 (in Excel: CSV UTF-8).")
        return None


def _delimiter(text: str) -> str:
    """Tell comma from semicolon by the header row."""
    header = text.split("\n", 1)[0]
    return ";" if ";" in header and "," not in header else ","


def _header_fits(
    path: Path, header: list[str], required: Sequence[str], optional: Sequence[str], faults: Faults
) -> bool:
    doubled = sorted({column for column in header if header.count(column) > 1})
    missing = [column for column in required if column not in header]
    unknown = [column for column in header if column not in {*required, *optional}]
    for words, columns in (("column twice", doubled), ("missing column", missing), ("unknown column", unknown)):
        for column in columns:
            faults.add(f"{words}: {column!r}", file=path, line=1, hint=f"Columns: {', '.join([*required, *optional])}")
    return not (doubled or missing or unknown)


def _number(text: str) -> float | None:
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is no plain number; write 2.6 or 17000, without spaces or commas")
    if abs(Decimal(text)) > MAX_EXACT:
        raise ValueError(f"{text[:40]!r} is beyond 2**53, where a double loses whole numbers")
    return float(text)


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is no whole number")
    return int(text)
