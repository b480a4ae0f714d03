"""Reads ``tables/*.toml``: how the tables of the offices read in nordstat's concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from nordstat.mapping.entry import Entry, read_entries
from nordstat.mapping.rows import Faults
from nordstat.mapping.table_rules import TableContext, check_table
from nordstat.model.table import Concept, ContentsSpec, DimensionSpec, Disclosure, TableSpec, TimeForm, Verification

__all__ = ["TableContext", "read_tables"]

_FIELDS = (
    "id",
    "aliases",
    "path",
    "title",
    "definition",
    "measure",
    "unit_measure",
    "population",
    "reference",
    "age",
    "years",
    "time",
    "dimensions",
    "contents",
    "fixed",
    "fixed_by",
    "disclosure",
    "breaks",
    "status",
    "successor",
    "verified",
    "evidence",
)
_ID = re.compile(r"[A-Z]+:[A-Za-z0-9_]+")
_YEARS = re.compile(r"(?P<first>\d{4})(?P<dash>-(?P<last>\d{4})?)?")
_AGES = re.compile(r"(?P<low>\d{1,3})(-(?P<high>\d{1,3})|\+)")


class _Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class _Side(StrEnum):
    NONE = ""
    RESIDENCE = "residence"
    WORK = "work"


def read_tables(folders: Iterable[Path], context: TableContext, faults: Faults) -> dict[str, TableSpec]:
    """Give the table specs in force, by id; a later folder adds tables, or replaces an id of an earlier one."""
    tables: dict[str, TableSpec] = {}
    for folder in folders:
        own: dict[str, TableSpec] = {}
        for path in sorted((folder / "tables").glob("*.toml")):
            for entry in read_entries(path, "table", faults):
                table = _table(entry, context)
                if table is None:
                    continue
                if table.id in own:
                    entry.wrong(f"stands twice, first in {own[table.id].file.name}:{own[table.id].line}", "id")
                own[table.id] = table
        tables |= own
    _check_names(tables.values(), faults)
    _check_successors(tables, faults)
    return tables


def _table(entry: Entry, context: TableContext) -> TableSpec | None:
    """Read one ``[[table]]``; keep every fault of it, and give nothing where there is one."""
    before = len(entry.faults.found)
    table = _spec(entry)
    if len(entry.faults.found) == before:
        check_table(table, entry, context)
    return table if len(entry.faults.found) == before else None


def _spec(entry: Entry) -> TableSpec:
    entry.only(*_FIELDS)
    first, last = _years(entry)
    low, high = _ages(entry)
    return TableSpec(
        id=_id(entry),
        title=entry.text("title", required=True),
        verified=entry.word("verified", Verification) or Verification.UNVERIFIED,
        evidence=entry.text("evidence", required=True),
        aliases=entry.texts("aliases"),
        path=entry.text("path"),
        definition=entry.text("definition"),
        measure=entry.text("measure"),
        unit_measure=entry.text("unit_measure"),
        population=entry.text("population"),
        reference=entry.text("reference"),
        age_low=low,
        age_high=high,
        first_year=first,
        last_year=last,
        time=entry.word("time", TimeForm) if "time" in entry.fields else None,
        dimensions=tuple(_dimension(id_, part) for id_, part in entry.parts("dimensions")),
        contents=tuple(_content(code, part, entry) for code, part in entry.parts("contents")),
        fixed=entry.mapping("fixed"),
        fixed_by={name: {field: part.text(field) for field in part.fields} for name, part in entry.parts("fixed_by")},
        disclosure=entry.word("disclosure", Disclosure, default=Disclosure.NOT_STATED) or Disclosure.NOT_STATED,
        breaks=entry.texts("breaks"),
        is_open=entry.word("status", _Status) is _Status.OPEN,
        successor=entry.text("successor"),
        file=entry.file,
        line=entry.line,
    )


def _id(entry: Entry) -> str:
    text = entry.text("id", required=True)
    if text and not _ID.fullmatch(text):
        entry.wrong(f"{text!r} is no id", "id", hint="Write OFFICE:TABLE as in SSB:03321.")
    return text


def _years(entry: Entry) -> tuple[int | None, int | None]:
    """Read ``2008-2016``, ``2000-`` or ``2021``."""
    text = entry.text("years")
    if not text:
        return None, None
    if not (found := _YEARS.fullmatch(text)):
        entry.wrong(f"years {text!r} cannot be read", "years", hint="Write 2008-2016, 2000- or 2021.")
        return None, None
    first = int(found["first"])
    return first, first if not found["dash"] else int(found["last"]) if found["last"] else None


def _ages(entry: Entry) -> tuple[int | None, int | None]:
    """Read ``15-74`` or ``16+``."""
    text = entry.text("age")
    if not text:
        return None, None
    if not (found := _AGES.fullmatch(text)):
        entry.wrong(f"age {text!r} cannot be read", "age", hint="Write 15-74 or 16+.")
        return None, None
    return int(found["low"]), int(found["high"]) if found["high"] else None


def _dimension(id: str, entry: Entry) -> DimensionSpec:
    entry.only("concept", "scheme", "codes", "left_out")
    return DimensionSpec(
        id=id,
        concept=entry.word("concept", Concept) or Concept.PART,
        schemes=entry.texts("scheme"),
        codes=entry.mapping("codes"),
        left_out=entry.mapping("left_out"),
    )


def _content(code: str, entry: Entry, table: Entry) -> ContentsSpec:
    entry.only("measure", "unit_measure", "side", "label")
    return ContentsSpec(
        code=code,
        measure=entry.text("measure") or table.text("measure"),
        unit_measure=entry.text("unit_measure") or table.text("unit_measure"),
        side=str(entry.word("side", _Side, default=_Side.NONE) or ""),
        label=entry.text("label"),
    )


def _check_names(tables: Iterable[TableSpec], faults: Faults) -> None:
    """Find two tables of one office under one name."""
    owners: dict[tuple[str, str], str] = {}
    for table in tables:
        for name in (table.code, *table.aliases):
            owner = owners.setdefault((table.office, name), table.id)
            if owner != table.id:
                faults.add(f"table {table.id}: {name!r} is also a name of {owner}", file=table.file, line=table.line)


def _check_successors(tables: Mapping[str, TableSpec], faults: Faults) -> None:
    """Find successors that nobody has described."""
    for table in tables.values():
        if table.successor and table.successor not in tables:
            what = f"table {table.id}: no table {table.successor!r} to go on with it"
            faults.add(what, file=table.file, line=table.line)
