"""One table of a TOML file, read field by field; whatever is wrong is kept with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from nordstat.mapping.rows import Faults, read_toml

_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """A TOML table with the lines it stands on.

    Attributes
    ----------
    file : Path
        The file.
    name : str
        What faults call it.
    fields : dict
        Its fields.
    lines : tuple of (int, str)
        Its lines, numbered as in the file.
    faults : Faults
        Collects what is wrong.
    """

    file: Path
    name: str
    fields: dict[str, Any]
    lines: tuple[tuple[int, str], ...]
    faults: Faults

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.lines[0][0] if self.lines else 0

    def wrong(self, what: str, word: str = "", hint: str = "") -> None:
        """Keep a fault, at the line that begins with a word, else holds it in quotes, else holds it at all."""
        places = (
            number
            for fits in (str.startswith, _quotes, str.__contains__)
            for number, text in self.lines
            if word and fits(text.lstrip(), word)
        )
        line = next(places, self.line)
        self.faults.add(f"{self.name}: {what}", file=self.file, line=line, hint=hint)

    def only(self, *fields: str) -> None:
        """Keep a fault for every field that is not among those named."""
        for field in self.fields:
            if field not in fields:
                self.wrong(f"unknown field {field!r}", field, hint=f"Fields: {', '.join(fields)}")

    def text(self, field: str, *, required: bool = False) -> str:
        """Give a field of text; empty where there is none."""
        value = self.fields.get(field, "")
        if isinstance(value, str):
            if required and not value:
                self.wrong(f"{field!r} is missing")
            return value
        self.wrong(f"{field!r} must be text", field, hint="Write it in quotes.")
        return ""

    def texts(self, field: str) -> tuple[str, ...]:
        """Give a field of one or several texts."""
        value = self.fields.get(field, [])
        values = [value] if isinstance(value, str) else value
        if isinstance(values, list) and all(isinstance(item, str) for item in values):
            return tuple(values)
        self.wrong(f"{field!r} must be a list of texts", field)
        return ()

    def mapping(self, field: str) -> dict[str, str]:
        """Give a field of names and texts."""
        value = self.fields.get(field, {})
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return dict(value)
        self.wrong(f"{field!r} must give a text for every name", field)
        return {}

    def word(self, field: str, kind: type[_E], *, default: _E | None = None) -> _E | None:
        """Give one of a closed set of words; the default where the field is missing or wrong."""
        text = self.text(field)
        if text in set(kind):
            return kind(text)
        if text or default is None:
            self.wrong(f"{field} {text!r} is not one of {', '.join(kind)}", field)
        return default

    def parts(self, field: str) -> Iterator[tuple[str, Entry]]:
        """Give the tables inside a field, by name."""
        value = self.fields.get(field, {})
        if not (isinstance(value, dict) and all(isinstance(item, dict) for item in value.values())):
            self.wrong(f"{field!r} must hold a table for every name", field)
            return
        for name, inner in value.items():
            lines = tuple(line for line in self.lines if name in line[1]) or self.lines
            yield name, replace(self, name=f"{self.name}: {field} {name}", fields=inner, lines=lines)


def _quotes(text: str, word: str) -> bool:
    return f'"{word}"' in text


def read_entries(path: Path, word: str, faults: Faults) -> Iterator[Entry]:
    """Give the tables ``[[word]]`` of a TOML file, in order; anything else in it is a fault."""
    document = read_toml(path, faults)
    if not document:
        return
    lines = tuple(enumerate(path.read_text("utf-8-sig").splitlines(), 1))
    whole = Entry(path, path.name, document, lines, faults)
    whole.only(word)
    tables = document.get(word, [])
    if not (isinstance(tables, list) and all(isinstance(fields, dict) for fields in tables)):
        whole.wrong(f"{word!r} must be written as [[{word}]]", word)
        return
    blocks = _blocks(lines, word)
    for number, fields in enumerate(tables):
        block = blocks[number] if len(blocks) == len(tables) else lines
        yield Entry(path, f"{word} {fields.get('id', '?')}", fields, block, faults)


def _blocks(lines: tuple[tuple[int, str], ...], word: str) -> list[tuple[tuple[int, str], ...]]:
    """Cut a file where its tables begin."""
    head = re.compile(rf"\s*\[\[\s*{word}\s*\]\]")
    starts = [place for place, (_, text) in enumerate(lines) if head.match(text)]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=False)]
