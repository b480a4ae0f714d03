"""Checking a million observations: nordstat's schema beside the same checks written by hand in pandas.

Run: python benchmarks/validate.py [ROWS]
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
import pandas as pd

from nordstat.schema.columns import KEY, OBSERVATION, Kind
from nordstat.schema.observations import check_observations

ROUNDS = 7
TEXTS = {
    "reporter": ("SCB", "SSB"),
    "definition": ("nordic-mainjob", "scb-bas-employed", "ssb-nonresident-refweek"),
    "residence_scheme": ("SE-KOMMUN:2007",),
    "work_scheme": ("NO-KOMMUNE:2024",),
    "background": ("_T",),
    "obs_status_source": ("-", ".."),
    "source": ("SCB:TAB1", "SSB:03321"),
    "vintage": ("2024-02-28", "2025-02-27"),
    "snapshot": ("3f" * 32,),
}
ALLOWED = {column.name: column.values for column in OBSERVATION}  # noqa: PD011 - closed sets, no frame


def made_up(rows: int) -> pd.DataFrame:
    """A table of observations with all keys different: residence x work x year x sex x occupation."""
    place = np.random.default_rng(7).permutation(rows)
    sizes = {"residence_area": 290, "work_area": 357, "time_period": 20, "sex": 3, "occupation": 40}
    codes = {
        "residence_area": [f"{code:04}" for code in range(290)],
        "work_area": [f"{code:04}" for code in range(357)],
        "time_period": [str(year) for year in range(2005, 2025)],
        "sex": list("TMF"),
        "occupation": ["_T", *(f"ISCO:08:{code:02}" for code in range(39))],
    }
    columns = {}
    for name, size in sizes.items():
        columns[name] = pd.Categorical.from_codes((place % size).astype(np.int16), categories=codes[name])
        place = place // size
    values = np.random.default_rng(8).integers(0, 5000, rows).astype(float)
    filled = {"obs_value": values, "obs_low": values, "obs_high": values + 2}
    for column in OBSERVATION:
        if column.name in columns:
            continue
        if column.kind is Kind.NUMBER:
            columns[column.name] = pd.array(filled[column.name], dtype="Float64")
        elif column.kind is Kind.WHOLE:
            columns[column.name] = pd.array(np.full(rows, 15 if column.name == "age_low" else 74), dtype="Int64")
        else:
            words = ALLOWED[column.name][:1] or TEXTS.get(column.name, ("_T",))
            columns[column.name] = pd.Categorical.from_codes(np.arange(rows) % len(words), categories=list(words))
    return pd.DataFrame({column.name: columns[column.name] for column in OBSERVATION})


def by_hand(frame: pd.DataFrame) -> None:
    """The same promises as plain pandas statements."""
    for column in OBSERVATION:
        series = frame[column.name]
        if not column.nullable and series.isna().any():
            raise ValueError(column.name)
        if (allowed := ALLOWED[column.name]) and not series.dropna().isin(allowed).all():
            raise ValueError(column.name)
    if not ((frame.obs_low <= frame.obs_value) & (frame.obs_value <= frame.obs_high)).all():
        raise ValueError("interval")
    if not frame.time_period.astype(str).str.fullmatch(r"\d{4}").all():
        raise ValueError("period")
    if frame.duplicated(list(KEY)).any():
        raise ValueError("key")


def median(call: object, frame: pd.DataFrame) -> float:
    """Median seconds of several rounds, after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        call(frame)  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print rows, seconds and the ratio."""
    frame = made_up(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    ours, hand = median(check_observations, frame), median(by_hand, frame)
    print(f"pandas {pd.__version__}, numpy {np.__version__}, {len(frame):,} rows, median of {ROUNDS}")
    print(f"nordstat schema  {ours:.3f} s")
    print(f"by hand          {hand:.3f} s  ({hand / ours:.1f} x)")


if __name__ == "__main__":
    main()
