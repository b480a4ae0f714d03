"""Files of flows: which version the codes of each are in, and all of them converted, as a folder or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nordstat.errors import DecodeError, SettingsError, UnknownCodeError
from nordstat.harmonise.codes import detect_version
from nordstat.mapping.correspondence import Correspondences
from nordstat.model.codelist import Correspondence, SchemeVersion
from nordstat.pipeline.partitions import Converted, Partition, Way, convert_all
from nordstat.release.place import building, put
from nordstat.snapshot.durable import LEFT_OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to become of files of flows.

    Attributes
    ----------
    to : mapping of str to str
        Column of codes -> version wanted.
    source : mapping of str to str
        Column -> version the codes are in; found from the codes of each file where it is not said.
    over : tuple of str
        Columns to add up over.
    allow_assumed, sparse : bool
        As in `nordstat.pipeline.partitions.Partition`.
    """

    to: Mapping[str, str]
    source: Mapping[str, str] = field(default_factory=dict)
    over: tuple[str, ...] = ()
    allow_assumed: bool = False
    sparse: bool = False


def convert_files(
    files: Iterable[Path], out: Path, order: Order, *, correspondences: Correspondences, executor: Executor
) -> tuple[Converted, ...]:
    """Convert files of flows into a folder, each under its own name; the folder is there whole or not at all.

    Parameters
    ----------
    files : iterable of Path
        Parquet files, one a table and period.
    out : Path
        Folder that is not there yet, or empty.
    order : Order
        What to do.
    correspondences : Correspondences
        In force.
    executor : Executor
        Where each file is worked on; its workers must see the files and the folder under the same names.

    Raises
    ------
    SettingsError
        For a folder that holds something, and where there is no file.
    NordstatError
        For the files at fault.
    """
    place = out.resolve()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise SettingsError("there is something already", where=str(out), hint="Name a folder that is not there yet.")
    sources = tuple(Path(file).resolve() for file in files)
    if not sources or not order.to:
        raise SettingsError("no file to convert is named" if order.to else "no column to convert is named")
    with building(place) as folder:
        tasks = [
            Partition(
                source,
                folder / source.name,
                tuple(_ways(source, order, correspondences)),
                order.over,
                order.allow_assumed,
                order.sparse,
            )
            for source in sources
        ]
        done = convert_all(tasks, executor)
        for left in folder.glob(LEFT_OVER):  # by workers that were killed
            left.unlink(missing_ok=True)
        put(folder, place)
    return done


def _ways(path: Path, order: Order, correspondences: Correspondences) -> Iterator[Way]:
    """Give the ways to take; columns from and to the same versions go together."""
    pairs = {name: (order.source.get(name, ""), wanted) for name, wanted in order.to.items()}
    for (begin, end), names in groupby(sorted(pairs, key=lambda name: (pairs[name], name)), key=pairs.__getitem__):
        columns = tuple(names)
        yield columns, correspondences.find(begin, end) if begin else _found(path, columns, end, correspondences)


def _found(path: Path, columns: tuple[str, ...], wanted: str, known: Correspondences) -> Correspondence:
    """Give the way from the version that holds all codes of some columns; of several, all must do the same to them.

    Raises
    ------
    SettingsError
        Where the codes fit versions of which something else becomes.
    """
    codes = _codes(path, columns)
    ways = [known.find(version, wanted) for version in _versions(codes, known.codelists.find(wanted).id, known)]
    if len({_fate(way, codes) for way in ways}) > 1:
        raise SettingsError(
            f"the codes of {' and '.join(columns)} fit {', '.join(str(way.source) for way in ways)}, and what becomes "
            "of them differs",
            where=str(path),
            hint="Say which version they are in.",
        )
    return ways[0]


def _codes(path: Path, columns: tuple[str, ...]) -> frozenset[str]:
    try:
        if missing := [name for name in columns if name not in pq.read_schema(path).names]:
            raise SettingsError(f"the file has no column {', '.join(missing)}", where=str(path))
        table = pq.read_table(path, columns=list(columns))
    except (OSError, pa.ArrowException) as error:
        raise DecodeError(f"cannot be read as Parquet: {error}", where=str(path)) from None
    return frozenset(code for column in table.columns for code in column.unique().to_pylist())


def _versions(codes: frozenset[str], wanted: SchemeVersion, known: Correspondences) -> tuple[SchemeVersion, ...]:
    """Give the versions that hold all the codes and from which the version wanted can be reached."""
    lists = known.codelists.lists.values()
    near = {begin.scheme for begin, end in known.tables if end == wanted} | {wanted.scheme}
    fits: list[SchemeVersion] = []
    faults = []
    for scheme in sorted(near):
        try:
            fits += detect_version(codes, lists, scheme)
        except UnknownCodeError as fault:
            faults.append(fault)
    if not fits:
        raise faults[0]
    reaching = [version for version in fits if version == wanted or known.shortest(version, wanted)]
    return tuple(reaching or fits)


def _fate(way: Correspondence, codes: frozenset[str]) -> frozenset[tuple[str, str, str, float | None]]:
    return frozenset(
        (link.source, link.target, link.relation, link.weight) for link in way.links if link.source in codes
    )
