"""Sixty-four fetches at a time, in four processes, into one store, while the service publishes its tables anew.

Run: python benchmarks/load.py [--quick]

A PxWeb service of the test suite answers on this machine and counts every call it meets. Four processes of sixteen
threads call `nordstat.fetch` for one table after another for a minute, on one store and under one pace. Afterwards the
service's log, what each fetch came to, and every byte of the store must agree: no window exceeded, no answer lost,
doubled or altered, and no process with more memory in the last third of the minute than in the middle third, but for
`MARGIN`. What does not agree is printed, and the benchmark fails.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from pipeline.crowd import Crowd, Met, gather
from pxweb_server import Limits

LIMITS = Limits(cells=500, calls=40, window=2.0, announce="both")
MARGIN = 0.1
"""What a process may have grown by: its sixteen threads each read the manifest, which grows with what is fetched."""


def main() -> None:
    """Print what was seen, and end with 1 where it should not have been."""
    crowd = Crowd(seconds=10.0 if "--quick" in sys.argv else 60.0, limits=LIMITS)
    with tempfile.TemporaryDirectory() as folder:
        met = gather(crowd, Path(folder))
        faults = list(met.faults())
        show(met)
    if met.growth > MARGIN and "--quick" not in sys.argv:
        faults.append(f"a process grew by {met.growth:.0%}")
    print(f"faults                {len(faults)}", *faults, sep="\n  ")
    sys.exit(1 if faults else 0)


def show(met: Met) -> None:
    """Print the table."""
    crowd, limits = met.crowd, met.crowd.limits
    given = sorted(fetch["seconds"] for fetch in met.fetches if "updated" in fetch)
    again = sum("again" in fetch for fetch in met.fetches)
    calls = met.statuses.total()
    who = f"{crowd.processes} processes of {crowd.threads} threads, {crowd.seconds:g} s"
    print(f"{who}; {limits.calls} calls in {limits.window:g} s, {limits.cells} cells an answer")
    print(f"tables                {crowd.tables}, each of {crowd.cells:,} cells, published {crowd.vintages} times")
    print(f"fetches               {len(given)}, median {median(given):.1f} s, longest {given[-1]:.1f} s")
    print(f"told to fetch again   {again}, the table having been published meanwhile")
    print(f"calls                 {calls}, {calls - met.statuses[200]} refused, in {met.span:.1f} s")
    print(f"busiest window        {met.busiest} of {limits.calls}")
    print(f"answers               {met.posts} asked for, {len(met.answers)} different ones in the store")
    print(f"peak memory           {max(map(max, met.memory)):.0f} MiB a process")
    print(f"memory, last third    {met.growth:+.1%} beside the middle third")


if __name__ == "__main__":
    main()
