"""Settings: from arguments, then ``NORDSTAT_*`` in the environment, then defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nordstat.errors import SettingsError

PREFIX = "NORDSTAT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told from outside.

    Attributes
    ----------
    mappings : tuple of Path
        Folders layered over the shipped mappings, the last one on top (``NORDSTAT_MAPPINGS``,
        separated as in ``PATH``).
    store : Path or None
        Snapshot store (``NORDSTAT_STORE``); ``None`` is the platform's data folder.
    offline : bool
        Never open a socket (``NORDSTAT_OFFLINE``: ``1`` or ``0``).
    contact : str
        Address put into the User-Agent (``NORDSTAT_CONTACT``), so that an office can reach whoever runs this.
    """

    mappings: tuple[Path, ...] = ()
    store: Path | None = None
    offline: bool = False
    contact: str = ""

    @classmethod
    def load(cls, *, environ: Mapping[str, str] | None = None, **arguments: Any) -> Settings:
        """Give the settings in force.

        Parameters
        ----------
        environ : mapping, optional
            Environment to read instead of the process's own.
        **arguments
            Values that win over the environment; ``None`` and ``()`` mean "not given".

        Raises
        ------
        SettingsError
            For a value that cannot be used, or an argument that is no setting.
        """
        found = _from_environment(os.environ if environ is None else environ)
        unknown = set(arguments) - set(cls.__dataclass_fields__)
        if unknown:
            raise SettingsError(f"no such setting: {', '.join(sorted(unknown))}")
        found |= {name: value for name, value in arguments.items() if value not in (None, ())}
        return cls(**found)


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if folders := environ.get(f"{PREFIX}MAPPINGS"):
        found["mappings"] = tuple(Path(part) for part in folders.split(os.pathsep) if part)
    if store := environ.get(f"{PREFIX}STORE"):
        found["store"] = Path(store)
    if contact := environ.get(f"{PREFIX}CONTACT"):
        found["contact"] = contact
    if offline := environ.get(f"{PREFIX}OFFLINE"):
        found["offline"] = _switch(f"{PREFIX}OFFLINE", offline)
    return found


def _switch(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise SettingsError(f"{name} is {text!r}", hint="Write 1 (on) or 0 (off).")
    return text == "1"
