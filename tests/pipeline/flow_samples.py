"""Files of flows that nobody counted, and what is looked at after they are converted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from nordstat.mapping.check import load_mappings
from nordstat.mapping.correspondence import Correspondences
from nordstat.mapping.locate import layers
from nordstat.model.codelist import Correspondence
from nordstat.pipeline.partitions import ENDS, Partition


@cache
def correspondences() -> Correspondences:
    """Those that are shipped."""
    return load_mappings(layers()).correspondences()


def into_stable(version: str = "2018") -> Correspondence:
    """Norwegian municipalities into those units that stayed whole."""
    return correspondences().find(f"NO-KOMMUNE:{version}", "NO-STABLE:2018-2024")


def flows(period: str, *, rows: int = 20_000, version: str = "2018") -> pd.DataFrame:
    """Flows between the municipalities of one version, all of which occur, by men, women and all."""
    codes = np.array(sorted(into_stable(version).by_source()), dtype=object)
    random = np.random.default_rng(int(period))
    pairs = np.union1d(random.choice(len(codes) ** 2, rows // 3, replace=False), np.arange(len(codes)) * len(codes))
    pairs = np.union1d(pairs, np.arange(len(codes)))
    counts = random.integers(0, 500, (len(pairs), 2)).astype(float)
    return pd.DataFrame(
        {
            "residence_area": np.repeat(codes[pairs // len(codes)], 3),
            "work_area": np.repeat(codes[pairs % len(codes)], 3),
            "time_period": period,
            "sex": np.tile(["M", "F", "T"], len(pairs)),
            "obs_value": np.column_stack([counts, counts.sum(axis=1)]).ravel(),
        }
    )


def written(folder: Path, periods: Sequence[str], **more: int) -> list[Path]:
    """A file a period."""
    folder.mkdir(exist_ok=True)
    files = [folder / f"{period}.parquet" for period in periods]
    for file in files:
        flows(file.stem, **more).to_parquet(file)
    return files


def tasks(sources: Sequence[Path], folder: Path, *, over: tuple[str, ...] = ("sex",)) -> list[Partition]:
    """Their conversion into stable units."""
    way = (ENDS, into_stable())
    return [Partition(source, folder / source.name, (way,), over=over) for source in sources]


def sums(folder: Path) -> dict[str, str]:
    """The sha256 of every file in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
