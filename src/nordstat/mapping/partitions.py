"""Reads ``partitions.csv``: which parts add up to which whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nordstat.errors import MappingError
from nordstat.mapping.codelist import Codelists
from nordstat.mapping.groups import code_fault
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.figure import TOTAL
from nordstat.model.partition import Axis, Partition, Place

COLUMNS = ("partition", "axis", "whole", "part", "source")
_FLOW = ">"


def read_partitions(folders: Iterable[Path], codelists: Codelists, faults: Faults) -> dict[str, Partition]:
    """Give the partitions in force, by id; a later folder replaces an id of an earlier one."""
    partitions: dict[str, Partition] = {}
    for folder in folders:
        path = folder / "partitions.csv"
        if path.is_file():
            partitions |= _read(path, codelists, faults)
    return partitions


def _read(path: Path, codelists: Codelists, faults: Faults) -> dict[str, Partition]:
    own: dict[str, Partition] = {}
    first: dict[str, Row] = {}
    for row in read_rows(path, required=COLUMNS, faults=faults):
        try:
            partition = _with(row, own.get(row.filled("partition")), codelists)
        except MappingError as fault:
            faults.keep(fault)
            continue
        own[partition.id] = partition
        first.setdefault(partition.id, row)
    for name, partition in own.items():
        if len(partition.parts) < 2:
            faults.keep(first[name].fault(f"partition {name!r} has one part; a whole has at least two"))
    return own


def _with(row: Row, before: Partition | None, codelists: Codelists) -> Partition:
    """Give a partition with the part of one more row."""
    axis = row.choice("axis", Axis)
    whole, part = (_place(row, column, axis, codelists) for column in ("whole", "part"))
    row.filled("source")
    if part == whole:
        raise row.fault("a whole is no part of itself")
    if before is None:
        return Partition(row["partition"], axis, whole, (part,))
    if (before.axis, before.whole) != (axis, whole):
        raise row.fault(f"partition {before.id!r} has another axis or whole in an earlier row")
    if part in before.parts:
        raise row.fault(f"{row['part']} stands twice in partition {before.id!r}: it would be counted twice")
    return Partition(before.id, axis, whole, (*before.parts, part))


def _place(row: Row, column: str, axis: Axis, codelists: Codelists) -> Place:
    codes = row.filled(column).split(_FLOW)
    if len(codes) != (2 if axis is Axis.FLOW else 1):
        raise row.fault(f"{column} {row[column]!r}: a flow is written residence>work, anything else is one code")
    place = []
    for code in codes:
        scheme, _, value = code.partition(":")
        if code == TOTAL:
            scheme, value = "", TOTAL
        elif what := code_fault(codelists, scheme, value):
            raise row.fault(what)
        place.append((scheme, value))
    return tuple(place)
