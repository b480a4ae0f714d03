"""What a notebook uses: thin and friendly."""

from nordstat.api.areas import compare_with_klass, convert, detect_version, stable_units
from nordstat.api.evidence import (
    bridge,
    check,
    compare_definitions,
    definitions,
    figures,
    reconcile,
    tables,
)
from nordstat.api.fetching import fetch
from nordstat.api.pages import report
from nordstat.api.releases import build, open  # noqa: A004 - ns.open() reads as the builtin does
from nordstat.decode import read_jsonstat

__all__ = [
    "bridge",
    "build",
    "check",
    "compare_definitions",
    "compare_with_klass",
    "convert",
    "definitions",
    "detect_version",
    "fetch",
    "figures",
    "open",
    "read_jsonstat",
    "reconcile",
    "report",
    "stable_units",
    "tables",
]
