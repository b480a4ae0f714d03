"""Large tables by partition: one table and period at a time, from file to file, the same bytes wherever it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nordstat.harmonise.areas import convert
from nordstat.model.codelist import Correspondence

SCHEMA = pa.schema(
    [
        ("residence_area", pa.string()),
        ("work_area", pa.string()),
        ("time_period", pa.string()),
        ("obs_value", pa.float64()),
        ("mapping_status", pa.string()),
    ]
)
ENDS = ["residence_area", "work_area"]


@dataclass(frozen=True, slots=True)
class Partition:
    """One unit of work: the flows of one table and period.

    Attributes
    ----------
    source : Path
        Parquet file with ``residence_area``, ``work_area``, ``time_period`` and ``obs_value``.
    target : Path
        Parquet file to write.
    correspondence : Correspondence
        From the version the flows are in to the one wanted, for both ends.
    allow_assumed : bool
        Whether shares that somebody assumed may be used.
    """

    source: Path
    target: Path
    correspondence: Correspondence
    allow_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a partition.

    Attributes
    ----------
    target : Path
        The file written.
    rows_in, rows_out : int
        Rows read and written.
    total : float
        Sum of the counts, which is the same on both sides.
    """

    target: Path
    rows_in: int
    rows_out: int
    total: float


def convert_partition(partition: Partition) -> Converted:
    """Convert one partition from file to file; it opens no socket and knows nothing of the others.

    Raises
    ------
    MappingError
        For codes that do not belong to the version, or a balance that does not close.
    """
    flows = pq.read_table(partition.source, columns=[*ENDS, "time_period", "obs_value"]).to_pandas()
    done = convert(
        flows,
        ENDS,
        partition.correspondence,
        measures="obs_value",
        allow_assumed=partition.allow_assumed,
        absent="zero",
    )
    frame = done.frame[SCHEMA.names].sort_values([*ENDS, "time_period"], ignore_index=True)
    _write(frame, partition.target)
    return Converted(partition.target, len(flows), len(frame), float(frame["obs_value"].sum()))


def convert_all(partitions: Iterable[Partition], executor: Executor) -> tuple[Converted, ...]:
    """Convert partitions wherever the executor works, and give the results in the order of the partitions."""
    waiting = [executor.submit(convert_partition, partition) for partition in partitions]
    return tuple(future.result() for future in waiting)


def totals(converted: Sequence[Converted]) -> pd.DataFrame:
    """Give the flows summed by place of work and period; no two partitions are in memory at once."""
    key, sums = ["work_area", "time_period"], []
    for done in converted:
        summed = pq.read_table(done.target).group_by(key).aggregate([("obs_value", "sum")])
        sums.append(summed.to_pandas())
    joined: pd.Series[float] = pd.concat(sums, ignore_index=True).groupby(key)["obs_value_sum"].sum()
    return joined.rename("obs_value").sort_index().reset_index()


def _write(frame: pd.DataFrame, path: Path) -> None:
    """Write beside the place and exchange, so that a killed worker leaves no half file under the name."""
    columns = {
        "obs_value": frame["obs_value"].astype(float).to_numpy(),
        **{name: frame[name].astype(str).to_numpy(dtype=object) for name in SCHEMA.names if name != "obs_value"},
    }
    table = pa.table({name: columns[name] for name in SCHEMA.names}, schema=SCHEMA)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    pq.write_table(table, fresh, compression="zstd", compression_level=3)
    fresh.replace(path)
