"""Fetching 2,070,600 cells over a limit of 150,000 cells and 8 calls in any 10 s: nordstat beside pxwebpy.

Run: python benchmarks/fetch_plan.py [--quick]

A PxWeb service of the test suite answers on this machine with SCB's limits on cells and a pace slow enough to matter;
it counts every call it meets. "bound" is the time the limit alone dictates for the calls that were needed: no client
can be quicker without breaking it. "busiest window" is the most calls in any 10 s, refused ones included. nordstat
fetches once by itself, and once in four processes at the same time, which share one pace. ``--quick`` shortens the
window to 2 s, where the second that nordstat keeps as a margin weighs more.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from pxweb_server import Limits, PxWebServer, ServedDimension, ServedTable

SIZES = {"Bostad": 357, "Arbete": 290, "Tid": 20}
CALLS, CELLS = 8, 150_000

NORDSTAT = """
import sys
from pathlib import Path
from nordstat.model.selection import Selection
from nordstat.settings import Settings
from nordstat.sources import SERVICES, connect, fetch

service = SERVICES["SCB"].at(v2=sys.argv[1], v1="http://127.0.0.1:1/{language}")
with connect(service, settings=Settings(cache=Path(sys.argv[2]))) as client:
    table = client.table("TAB1830")
    plan = client.plan(client.resolve(Selection.parse(sys.argv[3:]), table), table)
    for answer in fetch(client, plan):
        pass
"""
PXWEBPY = """
import sys
from pxweb import PxApi

PxApi(sys.argv[1], language="sv").get_table_data("TAB1830", value_codes={"Bostad": "*", "Arbete": "*", "Tid": "*"})
"""


def table() -> ServedTable:
    """The table to fetch."""
    return ServedTable(
        id="TAB1830",
        label="Commuters by municipality of residence, of work, and year",
        dimensions=[
            ServedDimension(code, code.lower(), {f"{n:04d}": f"{code} {n}" for n in range(size)}, time=code == "Tid")
            for code, size in SIZES.items()
        ],
        values=np.arange(357 * 290 * 20),
        language="sv",
    )


def measure(name: str, script: str, *arguments: tuple[str, ...], window: float) -> None:
    """Run a script in one process for each set of arguments, all at once, and print what the service met."""
    limits = Limits(cells=CELLS, calls=CALLS, window=window, announce="both")
    with PxWebServer([table()], flavour="scb", limits=limits) as server, tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        commands = [[sys.executable, "-c", script, server.v2, folder, *words] for words in arguments]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
        errors = [process.communicate()[1] for process in running]
        wall = time.monotonic() - began
        counted = [met for met in server.log if not met.path.endswith("/config")]
        useful = [met for met in counted if met.status == 200]
        bound = (len(useful) - 1) // CALLS * window
        spent = max(met.time for met in counted) - min(met.time for met in counted)
        busiest = server.max_calls_in_any_window(window)
    failed = next((error.strip().splitlines()[-1] for error in errors if error.strip()), "")
    print(
        f"{name:24} {len(useful):3} requests, {len(counted) - len(useful):3} refused, bound {bound:5.1f} s, "
        f"first to last call {spent:5.1f} s ({spent / bound - 1:+.0%}), wall {wall:5.1f} s, "
        f"busiest window {busiest} of {CALLS} {failed}"
    )


def main() -> None:
    """Print one line a client."""
    window = 2.0 if "--quick" in sys.argv else 10.0
    cells = np.prod(list(SIZES.values()))
    print(
        f"{cells:,} cells, at most {CELLS:,} an answer and {CALLS} calls in {window:g} s; fewest: {-(-cells // CELLS)}"
    )
    measure("nordstat", NORDSTAT, (), window=window)
    parts = [(f"Tid=range({n:04d},{n + 4:04d})",) for n in range(0, 20, 5)]
    measure("nordstat, four processes", NORDSTAT, *parts, window=window)
    try:
        import pxweb  # noqa: F401
    except ImportError:
        print("pxwebpy is not installed")
    else:
        measure("pxwebpy", PXWEBPY, (), window=window)


if __name__ == "__main__":
    main()
