"""Runs the benchmarks one after the other and writes what they print to ``docs/reference/benchmarks.md``.

Run: python benchmarks/run.py [NAME ...]     without names, all of them (`make bench`)

What a named benchmark printed replaces its section of the page; the others stay.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"
PACKAGES = ("pandas", "numpy", "pyarrow", "pandera", "orjson", "duckdb", "dask", "pyjstat", "pxwebpy")


@dataclass(frozen=True, slots=True)
class Reach:
    """A figure to reach.

    Attributes
    ----------
    what : str
        What is measured.
    pattern : str
        Finds the figure in what a benchmark prints; of several, the worst counts.
    bound : float
        It may not be more; or less, where it is to be large.
    unit : str
        Its unit.
    large : bool
        Whether it is to be large.
    why : str
        Why it is missed, where it is known to be.
    """

    what: str
    pattern: str
    bound: float
    unit: str
    large: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One script and what it is to reach."""

    name: str
    words: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] = ()


BENCHMARKS = (
    Benchmark(
        "decode",
        reaches=(
            Reach("decode 2.07 M cells, beside the plain construction", r"^nordstat +[\d.]+ +([\d.]+)", 1.3, "x"),
            Reach("the same, peak memory beside it", r"^nordstat +[\d.]+ +[\d.]+ +\d+ +([\d.]+)", 1.0, "x"),
        ),
    ),
    Benchmark(
        "convert",
        reaches=(
            Reach("convert 178,084 flows, both ends, with intervals", r"^nordstat +([\d.]+)", 0.06, "s"),
            Reach(
                "the same joins in DuckDB, beside it", r"^duckdb(?: \(arrow\))? +[\d.]+ +([\d.]+)", 1.0, "x", large=True
            ),
        ),
    ),
    Benchmark("validate", reaches=(Reach("validate 1 M rows", r"^nordstat schema +([\d.]+)", 0.15, "s"),)),
    Benchmark(
        "fetch_plan",
        reaches=(
            Reach("fetch: above the bound that the limit sets", r"^nordstat.*\(([+-]?\d+)%\)", 10, "%"),
            Reach("fetch: answers refused because of the limit", r"^nordstat.*requests, +(\d+) refused", 0, ""),
        ),
    ),
    Benchmark(
        "load",
        reaches=(
            Reach(
                "64 fetches at a time: answers lost, doubled, altered, or too many in a window",
                r"^faults +(\d+)",
                0,
                "",
            ),
            Reach(
                "the same: growth of a process, last third beside the middle third",
                r"last third +([+-][\d.]+)",
                10,
                "%",
            ),
        ),
    ),
    Benchmark("reconcile", reaches=(Reach("all verdicts", r"verdicts +([\d.]+)", 2.0, "s"),)),
    Benchmark(
        "build",
        reaches=(
            Reach("`nordstat build`, cold", r"^build +([\d.]+)", 5.0, "s"),
            Reach("`nordstat --help`", r"^--help +([\d.]+)", 0.25, "s"),
        ),
    ),
    Benchmark("release", ("500000",)),
    Benchmark(
        "scale",
        ("4000000",),
        (
            Reach(
                "large tables: peak memory of a process",
                r"(?:serial|processes|dask) +\d+ +\S+ +\S+ +([\d,]+)",
                2048,
                "MiB",
            ),
        ),
    ),
)


def main() -> None:
    """Run the benchmarks named on the command line, or all, and write the page; end with 1 where one failed."""
    named = sys.argv[1:]
    known = [benchmark.name for benchmark in BENCHMARKS]
    if strange := sorted(set(named) - set(known)):
        sys.exit(f"no benchmark {', '.join(strange)}; there are {', '.join(known)}")
    printed = _earlier() if named else {}
    failed = []
    for benchmark in BENCHMARKS:
        if benchmark.name in (named or known):
            print(benchmark.name, file=sys.stderr, flush=True)
            printed[benchmark.name], sound = _run(benchmark)
            failed += [] if sound else [benchmark.name]
    PAGE.write_text(page(printed), "utf-8")
    print(PAGE)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def page(printed: dict[str, str]) -> str:
    """Give the page: the machine, each figure beside the one to reach, and what was printed."""
    done = [benchmark for benchmark in BENCHMARKS if benchmark.name in printed]
    rows = [row for benchmark in done for row in _rows(benchmark, printed[benchmark.name])]
    sections = (f"## {benchmark.name}\n\n```text\n{printed[benchmark.name]}\n```\n" for benchmark in done)
    table = ["| work | to reach | found | |", "|---|---|---|---|", *rows, ""]
    return "\n".join([*_head(), *table, *sections])


def _head() -> Iterator[str]:
    used = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield "# Benchmarks\n"
    yield "Written by `make bench`. Medians; the peers run beside nordstat in the same run.\n"
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"
    yield f"{machine}; {used}.\n"


def _rows(benchmark: Benchmark, text: str) -> Iterator[str]:
    for reach in benchmark.reaches:
        found = [float(number.replace(",", "")) for number in re.findall(reach.pattern, text, re.MULTILINE)]
        bound = f"{'at least' if reach.large else 'at most'} {reach.bound:,g} {reach.unit}"
        if not found:
            yield f"| {reach.what} | {bound} | not measured | |"
            continue
        worst = min(found) if reach.large else max(found)
        kept = worst >= reach.bound if reach.large else worst <= reach.bound
        word = "reached" if kept else f"missed: {reach.why or 'the reason is not known yet'}"
        yield f"| {reach.what} | {bound} | {worst:,g} {reach.unit} | {word} |"


def _run(benchmark: Benchmark) -> tuple[str, bool]:
    command = [sys.executable, str(HERE / f"{benchmark.name}.py"), *benchmark.words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    text = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
    return (text, True) if done.returncode == 0 else (f"{text}\nfailed: {_last(done.stderr.splitlines())}", False)


def _last(lines: Iterable[str]) -> str:
    return next(reversed([line for line in lines if line.strip()]), "no word")


def _earlier() -> dict[str, str]:
    """Give what the page holds already."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    return dict(re.findall(r"^## (\w+)\n.*?```text\n(.*?)\n```", text, re.MULTILINE | re.DOTALL))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
