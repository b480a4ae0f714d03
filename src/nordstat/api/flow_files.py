"""Tables too large to hold: files of flows, converted one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from nordstat.api.folders import Folders, load
from nordstat.pipeline import flow_files
from nordstat.pipeline.executors import executor_of
from nordstat.pipeline.partitions import ENDS, sheet

Versions = str | Mapping[str, str]
"""One version for both ends of a flow, or column -> version."""


def convert_files(  # noqa: PLR0913 - each argument is a question only the statistician can answer
    files: Iterable[Path | str],
    out: Path | str,
    *,
    to: Versions,
    source: Versions | None = None,
    over: Sequence[str] = (),
    allow_assumed: bool = False,
    sparse: bool = False,
    executor: str = "serial",
    mappings: Folders = (),
) -> pd.DataFrame:
    """Give the balance of files of flows converted one by one; no two are in memory at once in one worker.

    The files written are the same, byte for byte, whatever the executor.

    Parameters
    ----------
    files : iterable of path
        Parquet files, one a table and period, with codes, ``time_period`` and ``obs_value``; ``obs_low`` and
        ``obs_high`` go with it, and every other column is kept.
    out : path
        Folder to write, each file under its own name; there whole or not at all.
    to : str or mapping of str to str
        Version wanted for ``residence_area`` and ``work_area``, or for each column of codes.
    source : str or mapping of str to str, optional
        Version the codes are in; found from the codes of each file where it is not given.
    over : sequence of str, optional
        Columns to add up over. Where one has totals, they are checked against their parts and taken.
    allow_assumed : bool, optional
        Whether shares that somebody assumed may be used.
    sparse : bool, optional
        Whether a code that a file does not have counts as zero; else what it is a part of is left empty.
    executor : str, optional
        ``serial``, ``processes:N``, or ``dask:HOST:PORT`` of a scheduler whose workers see the same files.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Returns
    -------
    DataFrame
        One row a file and period: ``file``, ``time_period``, ``rows_in``, ``rows_out``, ``total_in``, ``total_out``,
        ``withheld``, ``totals`` checked, and how many of them are ``unsure``.

    Raises
    ------
    SettingsError
        For a folder that is not empty, an unknown executor, and codes that fit several versions.
    MappingError
        For codes that do not belong to the version.
    ReconciliationError
        For totals that do not agree with their parts.
    """
    order = flow_files.Order(
        to=_by_column(to),
        source=_by_column(source or {}),
        over=tuple(over),
        allow_assumed=allow_assumed,
        sparse=sparse,
    )
    correspondences = load(mappings).correspondences()
    with executor_of(executor) as workers:
        done = flow_files.convert_files(
            map(Path, files), Path(out), order, correspondences=correspondences, executor=workers
        )
    return sheet(done)


def _by_column(versions: Versions) -> Mapping[str, str]:
    return dict.fromkeys(ENDS, versions) if isinstance(versions, str) else versions
