"""Large tables by partition: one table and period at a time, from file to file, the same bytes wherever it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nordstat.errors import DecodeError, NordstatError, ReconciliationError, SchemaViolationError, SettingsError
from nordstat.harmonise.areas import convert
from nordstat.model.balance import Balance
from nordstat.model.codelist import Correspondence
from nordstat.model.figure import TOTAL
from nordstat.pipeline.executors import results
from nordstat.reconcile.additivity import check_additivity
from nordstat.reconcile.frames import groups, keys_of
from nordstat.release.canonical import arrow_schema, batches
from nordstat.release.tables import as_frame
from nordstat.release.write import PACKING
from nordstat.schema.frame import inferred
from nordstat.snapshot.durable import replacing

ENDS = ("residence_area", "work_area")
PERIOD = "time_period"
COUNTS = ("obs_value", "obs_low", "obs_high")
_TOTALS = {"sex": "T"}
"""The code of all, in the columns that do not write it `TOTAL`."""

Way = tuple[tuple[str, ...], Correspondence]
"""Columns that hold codes of one version, and where they go."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One unit of work: the flows of one table and period.

    Attributes
    ----------
    source : Path
        Parquet file with codes, ``time_period`` and ``obs_value``; ``obs_low`` and ``obs_high`` go with it, and every
        other column is kept.
    target : Path
        Parquet file to write.
    ways : tuple of Way
        What becomes of the codes at each end; both ends at once where they are of one version.
    over : tuple of str
        Columns to add up over. Where one has totals, they are taken, once their parts agree with them.
    allow_assumed : bool
        Whether shares that somebody assumed may be used.
    sparse : bool
        Whether a code that the file does not have counts as zero; else what it is a part of is left empty.
    """

    source: Path
    target: Path
    ways: tuple[Way, ...]
    over: tuple[str, ...] = ()
    allow_assumed: bool = False
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a partition.

    Attributes
    ----------
    target : Path
        The file written.
    rows_in, rows_out : int
        Rows read and written.
    totals, unsure : int
        Totals found to agree with their parts, and how many of them only because a part is missing or hidden.
    balance : Balance
        From what was read, without the parts of totals, to what was written.
    """

    target: Path
    rows_in: int
    rows_out: int
    totals: int
    unsure: int
    balance: Balance


def convert_partition(partition: Partition) -> Converted:
    """Convert one partition from file to file; it opens no socket and knows nothing of the others.

    Raises
    ------
    DecodeError
        For a file that is no Parquet.
    MappingError
        For codes that do not belong to the version, or a balance that does not close.
    SchemaViolationError
        For a file without the columns of a flow, or with numbers that are no counts.
    ReconciliationError
        For totals that no counts behind their parts can add up to, and parts without a total.
    """
    try:
        read = _read(partition.source)
        frame, totals, unsure = _added_up(read, partition.over)
        balances = []
        for columns, correspondence in partition.ways:
            done = convert(
                frame,
                columns,
                correspondence,
                measures=COUNTS[0],
                allow_assumed=partition.allow_assumed,
                absent="zero" if partition.sparse else "missing",
            )
            frame = done.frame
            balances.append(done.balance)
    except NordstatError as fault:
        fault.where = ": ".join(filter(None, (str(partition.source), fault.where)))
        raise
    _write(frame, partition.target)
    return Converted(partition.target, len(read), len(frame), totals, unsure, _through(balances))


def convert_all(partitions: Iterable[Partition], executor: Executor) -> tuple[Converted, ...]:
    """Convert partitions wherever the executor works, and give the results in the order of the partitions.

    Raises
    ------
    SettingsError
        Where two partitions would write one file, or one its own source.
    NordstatError
        For every partition at fault, the others done; also where a worker was lost for good.
    """
    tasks = tuple(partitions)
    written = Counter(task.target for task in tasks)
    if clash := [task.target for task in tasks if written[task.target] > 1 or task.target == task.source]:
        raise SettingsError("more than one file would be written here, or a file onto itself", where=str(clash[0]))
    return results([executor.submit(convert_partition, task) for task in tasks])


def summed(converted: Sequence[Converted], by: Sequence[str] = (ENDS[1], PERIOD)) -> pd.DataFrame:
    """Give the converted flows summed by some columns; no two partitions are in memory at once.

    A sum with a missing part is empty, and its interval open at the top.
    """
    parts = (_sums(pq.read_table(done.target), by) for done in converted)
    return as_frame(
        _sums(pa.concat_tables(parts, promote_options="default"), by).sort_by([(name, "ascending") for name in by])
    )


def sheet(converted: Iterable[Converted]) -> pd.DataFrame:
    """Give the balance of every partition: what came in, went out and was withheld, and the totals checked."""
    return pd.DataFrame(
        [
            {
                "file": done.target.name,
                PERIOD: row.period,
                "rows_in": done.rows_in,
                "rows_out": done.rows_out,
                "total_in": row.total_in,
                "total_out": row.total_out,
                "withheld": row.withheld,
                "totals": done.totals,
                "unsure": done.unsure,
            }
            for done in converted
            for row in done.balance
        ]
    )


def _read(path: Path) -> pd.DataFrame:
    """Read a file, words as categories and counts as the widest numbers, whatever it was written by."""
    try:
        schema = pq.read_schema(path)
        words = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        table = pq.read_table(path, read_dictionary=words).replace_schema_metadata(None)
    except (OSError, pa.ArrowException) as error:
        raise DecodeError(f"cannot be read as Parquet: {error}") from None
    if missing := [name for name in (PERIOD, COUNTS[0]) if name not in table.column_names]:
        raise SchemaViolationError(f"the file has no column {', '.join(missing)}", failures=pd.DataFrame())
    for name in set(COUNTS) & set(table.column_names):
        numbers = pc.cast(table[name], pa.float64())
        table = table.set_column(table.column_names.index(name), name, numbers)
    return as_frame(table)


def _added_up(frame: pd.DataFrame, over: Sequence[str]) -> tuple[pd.DataFrame, int, int]:
    """Leave columns out, those with totals first; give how many totals were checked, and how many are unsure."""
    if missing := [name for name in over if name not in frame.columns]:
        raise SettingsError(f"the file has no column {', '.join(missing)} to add up over")
    totals = unsure = 0
    for name in sorted(over, key=lambda name: not _is_total(frame, name).any()):
        if _is_total(frame, name).any():
            checked = _checked(frame, name)
            totals, unsure = totals + len(checked), unsure + int((checked["outcome"] == "open").sum())
            frame = frame[_is_total(frame, name)]
        frame = frame.drop(columns=name)
    return frame.reset_index(drop=True), totals, unsure


def _checked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give the totals of a column beside their parts, once every one agrees and nothing has parts alone."""
    found = check_additivity(frame, name, total=_TOTALS.get(name, TOTAL))
    if len(found.failing):
        first = found.failing.iloc[0]
        key = ", ".join(f"{column}={first[column]}" for column in keys_of(frame, but=[name]))
        raise ReconciliationError(
            f"{len(found.failing):,} totals of {name} do not agree with their parts; the first, {key}, is "
            f"{first['total']:,g} beside [{first['sum_low']:,g}, {first['sum_high']:,g}]",
            hint="Where small counts are hidden or rounded, give the file obs_low and obs_high.",
        )
    cell = groups(frame, keys_of(frame, but=[name]))
    lone = np.setdiff1d(cell, cell[_is_total(frame, name)])
    if len(lone):
        raise ReconciliationError(
            f"{len(lone):,} cells have parts by {name} and no total, others have both",
            hint=f"Give every cell its total, or leave the totals of {name} out everywhere.",
        )
    return found.table


def _is_total(frame: pd.DataFrame, name: str) -> pd.Series[bool]:
    return frame[name].eq(_TOTALS.get(name, TOTAL)).fillna(value=False).astype(bool)


def _through(balances: Sequence[Balance]) -> Balance:
    """Give the balance from before the first step to after the last."""
    by_step = [{(row.measure, row.period): row for row in balance} for balance in balances]
    return Balance(
        tuple(
            replace(
                row,
                total_out=by_step[-1][key].total_out,
                withheld=sum(rows[key].withheld for rows in by_step),
            )
            for key, row in by_step[0].items()
        )
    )


def _sums(table: pa.Table, by: Sequence[str]) -> pa.Table:
    """Add up on one thread, so that the order of the additions never changes the last digit."""
    open_top = pc.ScalarAggregateOptions(skip_nulls=False)
    least = pc.ScalarAggregateOptions(skip_nulls=True, min_count=1)
    names = [name for name in COUNTS if name in table.column_names]
    wanted = [(name, "sum", least if name == "obs_low" else open_top) for name in names]
    return table.group_by(list(by), use_threads=False).aggregate(wanted).rename_columns([*by, *names])


def _write(frame: pd.DataFrame, path: Path) -> None:
    """Write the rows in the order of their keys, whole or not at all."""
    columns = inferred(frame)
    keys = [column.name for column in columns if column.name not in COUNTS]
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file, pq.ParquetWriter(file, arrow_schema(columns), **PACKING) as writer:
        for batch in batches(frame, columns, key=keys):
            writer.write_batch(batch)
