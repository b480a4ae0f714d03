"""Opening: from a service's name and the settings to an open way to it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path

from nordstat.errors import OfflineError, SettingsError
from nordstat.settings import Settings
from nordstat.sources.addresses import allowed_origins
from nordstat.sources.budget import Budget
from nordstat.sources.connection import Connection
from nordstat.sources.klass import Klass
from nordstat.sources.nordic import NORDIC
from nordstat.sources.run import Run
from nordstat.sources.scb import SCB
from nordstat.sources.service import Api, Service
from nordstat.sources.ssb import SSB
from nordstat.sources.wire import Bounds, Wire
from nordstat.version import __version__

SERVICES = {service.name: service for service in (SCB, SSB, NORDIC)}
"""The services by the name used before table ids."""
HOME = "https://nordstat.readthedocs.io"


def find_service(name: str, *, settings: Settings | None = None) -> Service:
    """Give a service by its name, at the addresses that the settings name for it.

    Raises
    ------
    SettingsError
        For a service or an interface that is not known.
    """
    found = SERVICES.get(name.upper())
    if found is None:
        raise SettingsError(f"there is no service {name!r}", hint=f"There is {', '.join(SERVICES)}; write SSB:03321.")
    addresses = settings.addresses if settings else {}
    moved = {
        key.partition(".")[2]: url for key, url in addresses.items() if key.partition(".")[0].upper() == found.name
    }
    return found.at(**moved)


def connect(
    service: str | Service,
    *,
    api: Literal["v2", "v1"] | None = None,
    settings: Settings | None = None,
    run: Run | None = None,
    bounds: Bounds | None = None,
) -> Connection:
    """Open the way to a service. Nothing is sent before it is asked something.

    Parameters
    ----------
    service : str or Service
        Name, or the service itself.
    api : {"v2", "v1"}, optional
        Interface; the preferred one of the service where not given.
    settings : Settings, optional
        Addresses, contact and folders; from the environment where not given.
    run : Run, optional
        The run it belongs to; its retries and its tally are shared by all connections of the run.
    bounds : Bounds, optional
        What one request may take.

    Raises
    ------
    OfflineError
        Where the network is switched off.
    SettingsError, RefusedAddressError
        For an unknown service, or an address nordstat does not go to.
    """
    settings = settings or Settings.load()
    found = find_service(service, settings=settings) if isinstance(service, str) else service
    chosen: Api = next(iter(found.interfaces)) if api is None else api
    if chosen == "klass" or chosen not in found.interfaces:
        raise SettingsError(f"{found.name} has no tables in {chosen!r}", hint=f"It has {', '.join(found.interfaces)}.")
    return Connection(found, chosen, _wire(found, chosen, settings, run or Run(), bounds or Bounds()))


def open_klass(
    *,
    service: Service | None = None,
    settings: Settings | None = None,
    run: Run | None = None,
    bounds: Bounds | None = None,
) -> Klass:
    """Open the way to Klass; parameters and errors as of `connect`."""
    settings = settings or Settings.load()
    found = service or find_service("SSB", settings=settings)
    return Klass(found, _wire(found, "klass", settings, run or Run(), bounds or Bounds()))


def _wire(service: Service, api: Api, settings: Settings, run: Run, bounds: Bounds) -> Wire:
    if settings.offline:
        hint = "Take a snapshot instead, or switch the network on (NORDSTAT_OFFLINE=0)."
        raise OfflineError(f"{service.name} was to be asked, but the network is switched off", hint=hint)
    folder = settings.cache or user_cache_path("nordstat", appauthor=False)
    budget = Budget(_file(folder, service, api), service.interfaces[api].terms.pace)
    agent = f"nordstat/{__version__} (+{_contact(settings.contact)})"
    return Wire(allowed_origins(service), budget, run=run, user_agent=agent, bounds=bounds)


def _file(folder: Path, service: Service, api: Api) -> Path:
    """Give the file of the calls to an interface: one for each host and port, whatever the path."""
    parts = urlsplit(service.interfaces[api].address)
    return folder / "pace" / f"{parts.hostname}-{parts.port or 443}-{api}.json"


def _contact(contact: str) -> str:
    if not (contact.isascii() and contact.isprintable()):
        raise SettingsError(
            f"the contact {contact!r} cannot go into a header", hint="Give a mail or web address in ASCII."
        )
    return contact or HOME
