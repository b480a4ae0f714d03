"""The services a run talks to: one open connection to each, and the table names each goes by."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self, cast

from nordstat.errors import SettingsError
from nordstat.mapping.check import Mappings
from nordstat.model.table import TableSpec
from nordstat.settings import Settings
from nordstat.sources import Connection, Run, connect, find_service
from nordstat.sources.service import Api, Service


@dataclass(frozen=True, slots=True)
class Called:
    """A table and what it is called.

    Attributes
    ----------
    service : Service
        Whose it is.
    code : str
        The office's own id; what the store knows it by.
    api : {"v2", "v1"}
        The interface it is asked through.
    name : str
        What that interface calls it: in v1 it may be a whole path.
    spec : TableSpec or None
        How it reads, where somebody has described it.
    """

    service: Service
    code: str
    api: Api
    name: str
    spec: TableSpec | None

    @property
    def id(self) -> str:
        """Office and table: ``SSB:03321``."""
        return f"{self.service.name}:{self.code}"


def find_table(id: str, mappings: Mappings, settings: Settings, *, api: str = "") -> Called:
    """Give the table behind ``SSB:03321``, ``ssb:03321`` or another of its names.

    Raises
    ------
    SettingsError
        For an id without an office, or an office or an interface that is not known.
    """
    office, sign, code = id.partition(":")
    if not sign or not code:
        raise SettingsError(f"{id!r} is no table", hint="Write OFFICE:TABLE as in SSB:03321.")
    service = find_service(office, settings=settings)
    spec = next(
        (s for s in mappings.tables.values() if s.office == service.name and code in (s.code, *s.aliases)), None
    )
    if api and api not in service.interfaces:
        raise SettingsError(f"{service.name} has no interface {api!r}", hint=f"It has {', '.join(service.interfaces)}.")
    chosen = cast("Api", api) if api else _interface(service, spec)
    path = spec.path if spec and chosen == "v1" else ""
    return Called(service, spec.code if spec else code, chosen, path or (spec.code if spec else code), spec)


def _interface(service: Service, spec: TableSpec | None) -> Api:
    """Give the preferred interface, or v1 for a table whose only known name is its name there."""
    only_v1 = spec is not None and spec.path.rpartition("/")[2] == spec.code
    return "v1" if only_v1 and "v1" in service.interfaces else next(iter(service.interfaces))


@dataclass(slots=True)
class Offices:
    """Open connections, made when they are first needed and closed at the end of the block.

    Attributes
    ----------
    settings : Settings
        Addresses and folders.
    run : Run
        What all of them cost together.
    """

    settings: Settings
    run: Run = field(default_factory=Run)
    _open: dict[tuple[str, Api], Connection] = field(default_factory=dict)
    _closing: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def connection(self, table: Called) -> Connection:
        """Give the connection through which a table is asked for."""
        key = (table.service.name, table.api)
        if key not in self._open:
            opened = connect(
                table.service, api="v1" if table.api == "v1" else "v2", settings=self.settings, run=self.run
            )
            self._open[key] = self._closing.enter_context(opened)
        return self._open[key]
