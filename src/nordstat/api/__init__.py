"""What a notebook uses: thin and friendly."""

from nordstat.api.areas import border_municipalities, compare_with_klass, convert, detect_version, members, stable_units
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
from nordstat.api.flow_files import convert_files
from nordstat.api.pages import report
from nordstat.api.quality import contradictions, quality_report, sensitivity, series
from nordstat.api.releases import build, open  # noqa: A004 - ns.open() reads as the builtin does
from nordstat.decode import read_jsonstat

__all__ = [
    "border_municipalities",
    "bridge",
    "build",
    "check",
    "compare_definitions",
    "compare_with_klass",
    "contradictions",
    "convert",
    "convert_files",
    "definitions",
    "detect_version",
    "fetch",
    "figures",
    "members",
    "open",
    "quality_report",
    "read_jsonstat",
    "reconcile",
    "report",
    "sensitivity",
    "series",
    "stable_units",
    "tables",
]
