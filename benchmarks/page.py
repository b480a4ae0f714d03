"""The page of a large release: seconds, peak memory, bytes.

The release is that of the bundled evidence with made-up flows added, in real codes: men, women and all, from
municipality to municipality within and between both countries, by definition and year. Each step runs in a process of
its own, so that its peak is its own. Norway's borders come from files named with --borders; without them its
municipalities are not on the map.

Run: python benchmarks/page.py [--borders FILE]... [ROWS ...]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

import nordstat as ns
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.model.release import ReleaseContent
from nordstat.pipeline.build import content
from nordstat.pipeline.stored import together
from nordstat.release.write import write_release
from nordstat.schema.columns import OBSERVATION, Kind

YEARS = [str(year) for year in range(2005, 2025)]
ALLOWED = {column.name: column.values for column in OBSERVATION}  # noqa: PD011 - closed sets, no frame
ENDS = ("SE-KOMMUN:2007", "NO-KOMMUNE:2024")


def made_up(rows: int, mappings: Mappings, *, definitions: int = 3) -> pd.DataFrame:
    """About so many observations of flows, all keys different."""
    areas = [(name, code) for name in ENDS for code in mappings.codelists.find(name).codes if not code.startswith("99")]
    names = sorted(mappings.definitions)[:definitions]
    most = rows // (len(names) * len(YEARS) * 3)
    pair = np.random.default_rng(7).permutation(len(areas) ** 2)[:most]
    shape = (len(names), len(YEARS), most, 3)
    definition, year, at, sex = (np.broadcast_to(grid, shape).ravel() for grid in np.ogrid[tuple(map(slice, shape))])
    home, job = pair[at] // len(areas), pair[at] % len(areas)
    values = np.random.default_rng(8).integers(1, 5000, len(at)) // (1 + np.abs(home - job) % 50)
    codes = sorted({code for _, code in areas})
    place = np.array([codes.index(code) for _, code in areas])
    scheme = np.array([ENDS.index(name) for name, _ in areas])
    filled = {
        "definition": pd.Categorical.from_codes(definition, names),
        "time_period": pd.Categorical.from_codes(year, YEARS),
        "residence_scheme": pd.Categorical.from_codes(scheme[home], ENDS),
        "residence_area": pd.Categorical.from_codes(place[home], codes),
        "work_scheme": pd.Categorical.from_codes(scheme[job], ENDS),
        "work_area": pd.Categorical.from_codes(place[job], codes),
        "sex": pd.Categorical.from_codes(sex, list("TMF")),
        **{name: pd.array(values.astype(float), dtype="Float64") for name in ("obs_value", "obs_low", "obs_high")},
    }
    constant = {
        "reporter": "NORDIC",
        "measure": "persons",
        "unit_measure": "PS",
        "freq": "A",
        "source_kind": "table",
        "source": "MADE:UP",
    }
    for column in OBSERVATION:
        if column.kind is Kind.WHOLE:
            filled[column.name] = pd.array([pd.NA], dtype="Int64").take(np.zeros(len(at), int))
        elif column.name not in filled:
            word = constant.get(column.name) or (None if column.nullable else next(iter(ALLOWED[column.name]), "_T"))
            filled[column.name] = pd.Categorical([word], [word] if word else []).take(np.zeros(len(at), int))
    return pd.DataFrame({column.name: filled[column.name] for column in OBSERVATION})


def large(rows: int, mappings: Mappings, *, definitions: int = 3) -> ReleaseContent:
    """The release of the bundled evidence, and these flows."""
    told = content(mappings)
    return replace(told, observations=together([told.observations, made_up(rows, mappings, definitions=definitions)]))


def timed(step: str, rows: int, folder: Path, borders: list[str]) -> str:
    """One line of the table for one step, run in this process."""
    start = time.perf_counter()
    if step == "build":
        write_release(large(rows, load_mappings(layers())), folder)
        size = sum(path.stat().st_size for path in folder.iterdir())
    else:
        size = ns.report(folder, folder.parent / "report.html", borders=borders).stat().st_size
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{rows:>12,}  {step:<6}{seconds:>8.1f} s {peak:>7,.0f} MiB {size / 1e6:>9.2f} MB"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", nargs="*", type=int, default=[300_000, 5_000_000])
    options.add_argument("--borders", action="append", default=[])
    options.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.step:
        print(timed(asked.step[0], asked.rows[0], Path(asked.step[1]), asked.borders))
        return
    print(f"pandas {pd.__version__}\n        rows  step    seconds        peak        size")
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as folder:
            for step in ("build", "page"):
                files = [word for name in asked.borders for word in ("--borders", name)]
                command = [sys.executable, __file__, str(rows), "--step", step, f"{folder}/release", *files]
                print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip(), flush=True)


if __name__ == "__main__":
    main()
