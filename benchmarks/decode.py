"""Decoding 2,070,600 cells of JSON-stat with status, to a frame: nordstat beside its peers and the plain construction.

Run: python benchmarks/decode.py [--quick]

Every reader runs in a process of its own on the same bytes. Time is the median of its rounds; memory is the peak
above what the process held with the bytes in hand (Linux). "plain" is what the numbers cost without a single check:
orjson, one numpy array, one ``Categorical.from_codes`` a dimension. pxwebpy, pyjstat and jsonstat.py keep no status.
jsonstat.py (2017) installs only without its pinned dependencies: ``pip install --no-deps jsonstat.py terminaltables``.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHAPE = {"Bostadskommun": 290, "ArbstedKomm": 357, "Tid": 20}
CELLS = 290 * 357 * 20
SLOW_ROUNDS, FAST_ROUNDS, TURNS = 1, 7, 5


def document() -> bytes:
    """An origin-destination table: mostly zeros, two cells in a hundred with a symbol in the place of the number."""
    draw = random.Random(20)
    values: list[int | None] = [0 if draw.random() < 0.8 else draw.randrange(1, 3000) for _ in range(CELLS)]
    status = {}
    for position in sorted(draw.sample(range(CELLS), CELLS // 50)):
        values[position] = None
        status[str(position)] = draw.choice(["..", ":", "-"])
    return json.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "label": "Commuters by municipality of residence, of work, and year",
            "id": list(SHAPE),
            "size": list(SHAPE.values()),
            "role": {"time": ["Tid"], "geo": ["Bostadskommun", "ArbstedKomm"]},
            "dimension": {
                name: {
                    "label": name.lower(),
                    "category": {
                        "index": {f"{name[0]}{place:04}": place for place in range(size)},
                        "label": {f"{name[0]}{place:04}": f"{name} no. {place}" for place in range(size)},
                    },
                }
                for name, size in SHAPE.items()
            },
            "value": values,
            "status": status,
        },
        separators=(",", ":"),
    ).encode()


def plain() -> Callable[[bytes], Any]:
    import numpy as np
    import orjson
    import pandas as pd

    def read(text: bytes) -> Any:
        root = orjson.loads(text)
        columns = {}
        for axis, name in enumerate(root["id"]):
            codes = np.arange(root["size"][axis], dtype=np.int16).reshape([-1 if a == axis else 1 for a in range(3)])
            flat = np.broadcast_to(codes, root["size"]).reshape(-1)
            columns[name] = pd.Categorical.from_codes(flat, list(root["dimension"][name]["category"]["index"]))
        columns["value"] = np.array(root["value"], dtype=np.float64)
        symbols = sorted(set(root["status"].values()))
        status = np.full(len(columns["value"]), -1, dtype=np.int8)
        status[list(map(int, root["status"]))] = list(map(symbols.index, root["status"].values()))
        columns["status"] = pd.Categorical.from_codes(status, symbols)
        return pd.DataFrame(columns)

    return read


def nordstat() -> Callable[[bytes], Any]:
    import pandas  # noqa: F401, ICN001 - so that its import is in nobody's time

    from nordstat.decode import read_jsonstat

    return lambda text: read_jsonstat(text).to_frame()


def pxwebpy() -> Callable[[bytes], Any]:
    import pandas as pd
    from pxweb._internal.functions import unpack_table_data

    return lambda text: pd.DataFrame(unpack_table_data(json.loads(text), show="code"))


def jsonstat_py() -> Callable[[bytes], Any]:
    import jsonstat

    return lambda text: jsonstat.from_string(text.decode()).to_data_frame(content="id")


def pyjstat() -> Callable[[bytes], Any]:
    from pyjstat import pyjstat as library

    return lambda text: library.Dataset.read(text.decode()).write("dataframe", naming="id")


READERS = {"plain": plain, "nordstat": nordstat, "pxwebpy": pxwebpy, "jsonstat.py": jsonstat_py, "pyjstat": pyjstat}


def measure(name: str, path: str, rounds: int) -> None:
    """Print the seconds of each round, the peak of the first one in bytes, and what the frame holds."""
    warnings.simplefilter("ignore")
    read = READERS[name]()
    text = Path(path).read_bytes()
    before = reset_peak()
    frame, first = timed(read, text)
    peak = memory("VmHWM") - before
    rows, total = len(frame), float(frame["Value" if name == "jsonstat.py" else "value"].sum())
    del frame
    seconds = [first, *(timed(read, text)[1] for _ in range(rounds - 1))]
    print(json.dumps({"seconds": seconds, "peak": peak, "rows": rows, "sum": total}))


def timed(read: Callable[[bytes], Any], text: bytes) -> tuple[Any, float]:
    start = time.perf_counter()
    frame = read(text)
    return frame, time.perf_counter() - start


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


def run(name: str, path: Path, rounds: int) -> dict[str, Any] | str:
    """Give what a reader's own process measured, or the last line of its complaint."""
    command = [sys.executable, __file__, "--measure", name, str(path), str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cube.json"
        path.write_bytes(document())
        print(f"{CELLS:,} cells, {path.stat().st_size / 1e6:.1f} MB\n")
        turns = [{name: run(name, path, FAST_ROUNDS) for name in ("plain", "nordstat")} for _ in range(TURNS)]
        found = {name: [turn[name] for turn in turns] for name in ("plain", "nordstat")}
        if "--quick" not in sys.argv:
            found |= {name: [run(name, path, SLOW_ROUNDS)] for name in READERS if name not in found}
    report(found)


def report(found: dict[str, list[Any]]) -> None:
    print(f"{'reader':<12}{'median s':>10}{'x plain':>9}{'peak MB':>9}{'x plain':>9}{'rows':>11}{'sum':>14}")
    base: tuple[float, float] | None = None
    for name, runs in found.items():
        if failed := [one for one in runs if isinstance(one, str)]:
            print(f"{name:<12}  not measured: {failed[0]}")
            continue
        seconds = statistics.median(second for one in runs for second in one["seconds"])
        peak = statistics.median(one["peak"] for one in runs) / 1e6
        base = base or (seconds, peak)
        ratios = seconds / base[0], peak / base[1] if base[1] else float("nan")
        rows, total = runs[0]["rows"], runs[0]["sum"]
        print(f"{name:<12}{seconds:>10.3f}{ratios[0]:>9.2f}{peak:>9.0f}{ratios[1]:>9.2f}{rows:>11,}{total:>14,.0f}")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
