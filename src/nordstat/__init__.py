"""nordstat harmonises cross-border commuting statistics between Sweden and Norway.

>>> import nordstat as ns
>>> ns.reconcile("F283").findings[0].verdict
<Verdict.INCONSISTENT: 'inconsistent'>

Nothing heavy is imported until a name is used, and nothing fetches implicitly.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nordstat.version import __version__

if TYPE_CHECKING:
    from nordstat.api import (
        border_municipalities,
        bridge,
        build,
        check,
        compare_definitions,
        compare_with_klass,
        contradictions,
        convert,
        convert_files,
        definitions,
        detect_version,
        fetch,
        figures,
        members,
        open,  # noqa: A004 - ns.open() reads as the builtin does
        plot,
        quality_report,
        read_jsonstat,
        reconcile,
        report,
        sensitivity,
        series,
        stable_units,
        tables,
    )

__all__ = [
    "__version__",
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
    "plot",
    "quality_report",
    "read_jsonstat",
    "reconcile",
    "report",
    "sensitivity",
    "series",
    "stable_units",
    "tables",
]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used."""
    if name == "plot":
        return import_module("nordstat.api.plot")
    if name in __all__:
        from nordstat import api

        return getattr(api, name)
    raise AttributeError(f"module 'nordstat' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package itself: ``ns.reconcile`` stays the function when the room of the same name is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
