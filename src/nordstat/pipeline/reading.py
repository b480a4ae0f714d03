"""What of a table is read: which tables are in use, and which of their codes."""

from __future__ import annotations

from collections.abc import Iterable

from nordstat.errors import SettingsError
from nordstat.harmonise.codes import TOTAL
from nordstat.harmonise.table_dimensions import gaps
from nordstat.mapping.check import Mappings
from nordstat.model.answer import TableMeta
from nordstat.model.selection import Selection
from nordstat.model.table import Concept, DimensionSpec, TableSpec, Verification
from nordstat.pipeline.offices import Called, find_table
from nordstat.settings import Settings
from nordstat.sources import SERVICES


def tables_in_use(ids: Iterable[str], mappings: Mappings, settings: Settings) -> tuple[Called, ...]:
    """Give the tables a refresh is about: those named, or all whose codes have been seen and can be read.

    Raises
    ------
    SettingsError
        For a table that is not described, or not well enough to be read, each with what is missing.
    """
    named = [find_table(name, mappings, settings) for name in ids]
    faults = [f"{table.id} {reason}" for table in named if (reason := _unreadable(table.spec))]
    if faults:
        raise SettingsError("; ".join(faults), hint="Describe it in a mappings folder: see nordstat tables.")
    if named:
        return tuple({table.id: table for table in named}.values())
    specs = (spec for spec in mappings.tables.values() if spec.office in SERVICES and not _unreadable(spec))
    seen = (spec for spec in specs if spec.verified is not Verification.UNVERIFIED)
    return tuple(find_table(spec.id, mappings, settings) for spec in seen)


def reading(described: TableMeta, table: Called) -> Selection:
    """Give the selection that holds all a table says in nordstat's columns, and nothing that is not read."""
    spec = table.spec
    chosen = {
        variable.code: codes
        for variable in described.variables
        if spec and (dimension := spec.dimension(variable.code))
        if len(codes := _read(dimension, tuple(variable.values))) < len(variable.values)
    }
    return Selection.of(chosen, origin=f"what is read of {table.id}")


def _read(dimension: DimensionSpec, codes: tuple[str, ...]) -> tuple[str, ...]:
    if dimension.concept is Concept.PART:
        return tuple(code for code in codes if dimension.codes.get(code, code) == TOTAL) or codes
    return tuple(code for code in codes if code not in dimension.left_out)


def _unreadable(spec: TableSpec | None) -> str:
    if spec is None:
        return "is not described in the mappings"
    missing = gaps(spec)
    return f"is described without {', '.join(missing)}" if missing else ""
