"""nordstat harmonises cross-border commuting statistics between Sweden and Norway.

>>> import nordstat as ns
>>> ns.reconcile("F283").findings[0].verdict
<Verdict.INCONSISTENT: 'inconsistent'>

Nothing heavy is imported until a name is used, and nothing fetches implicitly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nordstat.version import __version__

if TYPE_CHECKING:
    from nordstat.api import (
        build,
        compare_definitions,
        definitions,
        figures,
        read_jsonstat,
        reconcile,
        tables,
    )

__all__ = [
    "__version__",
    "build",
    "compare_definitions",
    "definitions",
    "figures",
    "read_jsonstat",
    "reconcile",
    "tables",
]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used."""
    if name in __all__:
        from nordstat import api

        return getattr(api, name)
    raise AttributeError(f"module 'nordstat' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
