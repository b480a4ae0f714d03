"""Converting a matrix of 178,084 flows to the municipalities of 2024, both ends: nordstat beside the same joins.

Run: python benchmarks/convert.py [MATRIX.csv.gz]

Each converter runs in processes of its own on the same frame of categories and three numbers: value, low and high.
All give the same: the sums of all three, the weakest status of each cell, the rows in order, and the totals in and
out. Time is the median of all rounds; memory is the peak above what the process held with the frame in hand (Linux).
"duckdb (arrow)" stops before a frame is made. MATRIX is SSB table 03321 of 2019 with the columns ArbstedKomm,
Bokommuen, Tid and value; without it, one of the same shape is drawn.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nordstat.harmonise.areas import convert
from nordstat.mapping.codelist import read_codelists
from nordstat.mapping.correspondence import read_correspondences
from nordstat.mapping.locate import layers
from nordstat.mapping.rows import Faults
from nordstat.model.codelist import Correspondence
from nordstat.schema.columns import MAPPING_STATUS

SOURCE, TARGET = "NO-KOMMUNE:2018", "NO-KOMMUNE:2024"
ENDS = ["Bokommuen", "ArbstedKomm"]
NUMBERS = ["obs_value", "obs_low", "obs_high"]
REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference" / "raw" / "ssb_03321" / "2019.csv.gz"
TURNS, ROUNDS = 5, 9

Converter = Callable[[], tuple[pd.DataFrame, float]]


def matrix(path: Path | None) -> pd.DataFrame:
    """The flows of a file, else drawn ones: most cells empty, a few large."""
    if path:
        frame = pd.read_csv(path, dtype={**dict.fromkeys(ENDS, "str"), "Tid": "str"}, usecols=[*ENDS, "Tid", "value"])
        frame = frame.rename(columns={"value": "obs_value"})
    else:
        codes = lists().find(SOURCE).at_level("kommune")
        frame = pd.MultiIndex.from_product([codes, codes], names=ENDS).to_frame(index=False).assign(Tid="2019")
        draw = np.random.default_rng(2019)
        frame["obs_value"] = np.where(draw.random(len(frame)) < 0.83, 0, draw.pareto(0.7, len(frame)) // 0.2)
    frame = frame.astype({**dict.fromkeys([*ENDS, "Tid"], "category"), "obs_value": "float64"})
    return frame.assign(obs_low=np.maximum(frame["obs_value"] - 1, 0), obs_high=frame["obs_value"] + 1)


def lists() -> Any:
    return read_codelists(layers(), Faults())


def correspondence() -> Correspondence:
    return read_correspondences(layers(), lists(), Faults()).find(SOURCE, TARGET)


def link_frame(way: Correspondence) -> pd.DataFrame:
    """The links as the joins need them, with the rank of their status."""
    ranks = {"exact": 1, "narrower": 2}
    rows = [
        (link.source, link.target, link.weight, 4 if link.evidence == "assumed" else ranks.get(link.relation, 3))
        for link in way.links
    ]
    return pd.DataFrame(rows, columns=["source", "target", "weight", "rank"])


def nordstat(frame: pd.DataFrame, way: Correspondence) -> Converter:
    def run() -> tuple[pd.DataFrame, float]:
        found = convert(frame, ENDS, way, measures="obs_value", period="Tid", allow_assumed=True)
        (row,) = found.balance
        return found.frame, row.total_out

    return run


def duckdb(frame: pd.DataFrame, way: Correspondence, *, arrow: bool = False) -> Converter:
    import duckdb as engine

    connection = engine.connect()
    connection.register("flows", frame)
    connection.register("given", link_frame(way))
    connection.execute("create table links as select * from given")
    sums = ", ".join(f"sum({name} * home.weight * work.weight) as {name}" for name in NUMBERS)
    query = f"""
        select home.target as Bokommuen, work.target as ArbstedKomm, Tid, {sums},
               max(greatest(home.rank, work.rank)) as status
        from flows
        join links home on home.source = flows.Bokommuen
        join links work on work.source = flows.ArbstedKomm
        group by all order by all
    """

    def run() -> tuple[pd.DataFrame, float]:
        result = connection.execute(query)
        found = result.to_arrow_table() if arrow else result.df()
        total = connection.execute("select sum(obs_value) from flows group by Tid").fetchall()[0][0]
        out = connection.execute("select sum(obs_value) from found group by Tid").fetchall()[0][0]
        assert abs(total - out) < 1e-3
        return found, out

    return run


def duckdb_arrow(frame: pd.DataFrame, way: Correspondence) -> Converter:
    return duckdb(frame, way, arrow=True)


def pandas(frame: pd.DataFrame, way: Correspondence) -> Converter:
    links = link_frame(way)

    def run() -> tuple[pd.DataFrame, float]:
        found = frame
        for end in ENDS:
            named = links.rename(columns={"weight": f"weight_{end}", "rank": f"rank_{end}"})
            found = found.merge(named, left_on=end, right_on="source").drop(columns=["source", end])
            found = found.rename(columns={"target": end})
        weight = found["weight_Bokommuen"] * found["weight_ArbstedKomm"]
        for name in NUMBERS:
            found[name] *= weight
        found["status"] = found[["rank_Bokommuen", "rank_ArbstedKomm"]].max(axis=1)
        grouped = found.groupby([*ENDS, "Tid"], observed=True, as_index=False)
        found = grouped.agg({**dict.fromkeys(NUMBERS, "sum"), "status": "max"})
        total, out = (part.groupby("Tid", observed=True)["obs_value"].sum().iloc[0] for part in (frame, found))
        assert abs(total - out) < 1e-3
        return found, float(out)

    return run


CONVERTERS = {"nordstat": nordstat, "duckdb": duckdb, "duckdb (arrow)": duckdb_arrow, "pandas": pandas}


def measure(name: str, path: str) -> None:
    """Print the seconds of each round, the peak of one in bytes, the size of the frame, and what came out."""
    frame = pd.read_pickle(path)
    run = CONVERTERS[name](frame, correspondence())
    found, total = run()
    found = found if isinstance(found, pd.DataFrame) else found.to_pandas()
    status = found["mapping_status"].cat.codes if "mapping_status" in found else found["status"]
    ranks = status.value_counts().rename(lambda rank: MAPPING_STATUS[rank]).to_dict()
    ends = found[NUMBERS].sum().round(3).tolist()
    rows = len(found)
    del found, status
    before = reset_peak()
    run()
    peak = memory("VmHWM") - before
    seconds = [timed(run) for _ in range(ROUNDS)]
    same = {"rows": rows, "sums": ends, "status": dict(sorted(ranks.items())), "total": round(total, 3)}
    size = int(frame.memory_usage(deep=True).sum())
    print(json.dumps({"seconds": seconds, "peak": peak, "size": size, "same": same}))


def timed(run: Converter) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def reset_peak() -> int:
    """Forget the peak so far; give what the process holds now."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0
    return memory("VmRSS")


def memory(field: str) -> int:
    """Read a line of ``/proc/self/status`` in bytes; 0 where the system has none."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith(field))


def run_alone(name: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE
    frame = matrix(given if given.is_file() else None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flows.pickle"
        frame.to_pickle(path)
        turns = [{name: run_alone(name, path) for name in CONVERTERS} for _ in range(TURNS)]
    size, words = frame.memory_usage(deep=True).sum() / 1e6, given.name if given.is_file() else "drawn"
    print(f"{len(frame):,} flows, {size:.1f} MB, {words}\n")
    report({name: [turn[name] for turn in turns] for name in CONVERTERS})


def report(found: dict[str, list[dict[str, Any]]]) -> None:
    wanted = found["nordstat"][0]["same"]
    print(f"{'converter':<15}{'median s':>10}{'x nordstat':>12}{'peak MB':>9}{'x frame':>9}   same result")
    base = 0.0
    for name, runs in found.items():
        seconds = statistics.median(second for one in runs for second in one["seconds"])
        peak = statistics.median(one["peak"] for one in runs)
        base = base or seconds
        same = all(_alike(one["same"], wanted) for one in runs)
        times, memory = f"{seconds:>10.4f}{seconds / base:>12.2f}", f"{peak / 1e6:>9.1f}{peak / runs[0]['size']:>9.2f}"
        print(f"{name:<15}{times}{memory}   {same}")
    print(f"\n{wanted}")


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    pairs = zip([*one["sums"], one["total"]], [*other["sums"], other["total"]], strict=True)
    return (
        one["rows"] == other["rows"] and one["status"] == other["status"] and all(abs(a - b) < 0.01 for a, b in pairs)
    )


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(sys.argv[2], sys.argv[3])
    else:
        main()
