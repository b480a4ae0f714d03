"""Settings: from arguments, then ``NORDSTAT_*`` in the environment, then defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    addresses : mapping of str to str
        Where a service answers if not at its own address (``NORDSTAT_ADDRESSES``, such as
        ``SSB.v2=http://127.0.0.1:8000/api/v2 SCB.v1=...``).
    cache : Path or None
        Folder of what may be thrown away between runs (``NORDSTAT_CACHE``); ``None`` is the platform's cache folder.
    wait : float
        Seconds a run waits while another one writes to the store (``NORDSTAT_WAIT``); at once it gives up with 0.
    notify : str
        Command that is run with the report of a refresh (``NORDSTAT_NOTIFY``), quoted as in a shell.
    notify_seconds : float
        Seconds after which that command is ended (``NORDSTAT_NOTIFY_SECONDS``).
    """

    mappings: tuple[Path, ...] = ()
    store: Path | None = None
    offline: bool = False
    contact: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    cache: Path | None = None
    wait: float = 0.0
    notify: str = ""
    notify_seconds: float = 60.0

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
    if addresses := environ.get(f"{PREFIX}ADDRESSES"):
        found["addresses"] = _addresses(f"{PREFIX}ADDRESSES", addresses)
    if cache := environ.get(f"{PREFIX}CACHE"):
        found["cache"] = Path(cache)
    if offline := environ.get(f"{PREFIX}OFFLINE"):
        found["offline"] = _switch(f"{PREFIX}OFFLINE", offline)
    if wait := environ.get(f"{PREFIX}WAIT"):
        found["wait"] = _seconds(f"{PREFIX}WAIT", wait)
    if notify := environ.get(f"{PREFIX}NOTIFY"):
        found["notify"] = notify
    if seconds := environ.get(f"{PREFIX}NOTIFY_SECONDS"):
        found["notify_seconds"] = _seconds(f"{PREFIX}NOTIFY_SECONDS", seconds)
    return found


def _addresses(name: str, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in text.split():
        service, _, address = word.partition("=")
        if not address or "." not in service or service in found:
            hint = "Write SERVICE.INTERFACE=ADDRESS, each once: SSB.v2=https://..."
            raise SettingsError(f"{name} cannot be read at {service!r}", hint=hint)
        found[service] = address
    return found


def _seconds(name: str, text: str) -> float:
    if not (text.isascii() and text.isdecimal()):
        raise SettingsError(f"{name} is {text!r}", hint="Write a whole number of seconds, such as 60.")
    return float(text)


def _switch(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise SettingsError(f"{name} is {text!r}", hint="Write 1 (on) or 0 (off).")
    return text == "1"
