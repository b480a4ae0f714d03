"""Runs the benchmarks one after the other and writes what they print to ``docs/reference/benchmarks.md``."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"
SCRIPTS = {
    "build": "`nordstat build` under 5 s cold; `nordstat --help` under 0.25 s",
    "decode": "within 1.3 of the plain construction, and its peak memory",
    "convert": "under 0.06 s with intervals and balance, no slower than the same joins in DuckDB",
    "validate": "under 0.15 s for a million rows",
    "reconcile": "all figures under 2 s",
    "fetch_plan": "the fewest requests, within 10 per cent of the limit's own bound, no window exceeded",
}
PACKAGES = ("pandas", "numpy", "pyarrow", "pandera", "duckdb", "pyjstat", "pxwebpy")


def main() -> None:
    """Run the scripts named on the command line, or all, and write the page."""
    wanted = sys.argv[1:] or list(SCRIPTS)
    parts = [_head(), *(_section(name) for name in wanted)]
    PAGE.write_text("\n".join(parts), "utf-8")
    print(PAGE)


def _head() -> str:
    used = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"Written by `make bench`. {machine}; {used}.",
            "Medians; the peers run beside nordstat in the same run.",
            "",
        ]
    )


def _section(name: str) -> str:
    done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], capture_output=True, text=True, check=False)
    shown = done.stdout.strip() if done.returncode == 0 else f"failed\n{done.stderr.strip()}"
    return f"## {name}\n\nTo reach: {SCRIPTS[name]}.\n\n```text\n{shown}\n```\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
