"""Reads ``symbols.csv``: what the offices print in the place of a number, or beside one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from nordstat.errors import MappingError
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.symbol import MISSING, Symbol
from nordstat.model.table import LegendEntry
from nordstat.schema.columns import CONF_STATUS, OBS_STATUS

COLUMNS = ("agency", "symbol", "meaning", "obs_status", "conf_status", "value", "valid_from", "valid_to", "source")


def read_symbols(folders: Iterable[Path], faults: Faults) -> tuple[LegendEntry, ...]:
    """Give the symbols of every office; a later folder replaces all rows of a symbol of an office."""
    legends: dict[tuple[str, str], list[LegendEntry]] = {}
    for folder in folders:
        path = folder / "symbols.csv"
        if path.is_file():
            legends |= _read(path, faults)
    return tuple(entry for entries in legends.values() for entry in entries)


def legend(entries: Iterable[LegendEntry], agency: str, on: date | None = None) -> dict[str, Symbol]:
    """Give the symbols of an office in force on a day, by symbol; without a day, those in force today."""
    return {entry.symbol.symbol: entry.symbol for entry in entries if entry.agency == agency and entry.in_force(on)}


def _read(path: Path, faults: Faults) -> dict[tuple[str, str], list[LegendEntry]]:
    own: dict[tuple[str, str], list[LegendEntry]] = {}
    for row in read_rows(path, required=COLUMNS, faults=faults):
        try:
            entry = _entry(row)
        except MappingError as fault:
            faults.keep(fault)
            continue
        same = own.setdefault((entry.agency, entry.symbol.symbol), [])
        if any(_overlap(entry, other) for other in same):
            faults.keep(row.fault(f"{entry.agency} {entry.symbol.symbol!r} has two meanings at the same time"))
        same.append(entry)
    return own


def _entry(row: Row) -> LegendEntry:
    symbol = Symbol(
        symbol=row.filled("symbol"),
        meaning=row.filled("meaning"),
        obs_status=row.one_of("obs_status", OBS_STATUS),
        conf_status=row.one_of("conf_status", CONF_STATUS),
        value=row.number("value"),
        source=row.filled("source"),
    )
    if symbol.value is not None and symbol.obs_status in MISSING:
        raise row.fault(f"status {symbol.obs_status} says that there is no number, and value gives one")
    return LegendEntry(row.filled("agency"), symbol, row.day("valid_from"), row.day("valid_to"))


def _overlap(one: LegendEntry, other: LegendEntry) -> bool:
    return _start(one) < _end(other) and _start(other) < _end(one)


def _start(entry: LegendEntry) -> date:
    return entry.valid_from or date.min


def _end(entry: LegendEntry) -> date:
    return entry.valid_to or date.max
