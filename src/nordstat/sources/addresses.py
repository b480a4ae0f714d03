"""Addresses: which ones nordstat goes to, which redirects it follows, and what of an address may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import quote, urljoin, urlsplit

from nordstat.errors import RefusedAddressError, SettingsError
from nordstat.sources.service import Service

_USER = re.compile(r"(?<=://)[^/@\s]*@")
_SECRET = re.compile(r"(?i)\b(api[_-]?key|key|token|password|passwd|secret|signature)=[^&\s'\"]+")
_TABLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]*(/[A-Za-z0-9_][A-Za-z0-9_ .-]*)*")


def origin(url: str) -> str:
    """Give scheme, host and port of an address: ``https://data.ssb.no:443``.

    Examples
    --------
    >>> origin("https://data.ssb.no/api")
    'https://data.ssb.no:443'
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def allowed_origins(service: Service) -> frozenset[str]:
    """Give the only origins a service may be asked at: those of its own addresses.

    Raises
    ------
    RefusedAddressError
        For an address without TLS, on this machine or in a private network; one on this machine passes where the
        user gave it.
    """
    for interface in service.interfaces.values():
        if reason := _unfit(interface.address, overridden=service.overridden):
            raise RefusedAddressError(
                f"not an address to fetch from: {reason}",
                service=service.name,
                url=redacted(interface.address),
                hint="Give an https address of the service, or one on this machine for tests.",
            )
    return frozenset(origin(interface.address) for interface in service.interfaces.values())


def redirected(url: str, location: str, *, place: Mapping[str, str]) -> str:
    """Give the address a redirect leads to: one of the same host, port and scheme.

    Raises
    ------
    RefusedAddressError
        Where it leads anywhere else.
    """
    target = urljoin(url, location)
    if origin(target) != origin(url):
        raise RefusedAddressError(
            f"the service redirects to {redacted(target)}",
            **place,
            hint="Nothing was sent there. If the service has moved, give its new address in NORDSTAT_ADDRESSES.",
        )
    return target


def table_path(table: str) -> str:
    """Give a table id as a path: letters, digits, ``_ . -`` and blanks, with ``/`` between folders.

    Raises
    ------
    SettingsError
        For any other id, which could lead out of the folder of tables.
    """
    if not _TABLE.fullmatch(table):
        raise SettingsError(f"{table!r} is no table id", hint="Ids look like 03321, TAB1830 or AM/AM0210/ArRegPend2.")
    return quote(table)


def redacted(text: str) -> str:
    """Give a text without the user names, passwords and keys of the addresses in it.

    Examples
    --------
    >>> redacted("http://me:secret@proxy:3128/?token=abc")
    'http://***@proxy:3128/?token=***'
    """
    return _SECRET.sub(r"\1=***", _USER.sub("***@", text))


def _unfit(address: str, *, overridden: bool) -> str:
    parts = urlsplit(address)
    host = parts.hostname or ""
    local = _is_loopback(host)
    if "@" in parts.netloc:
        return "it holds a user name"
    if local:
        return "" if overridden and parts.scheme in ("http", "https") else "it is on this machine"
    if parts.scheme != "https":
        return f"{parts.scheme or 'it'} is not https"
    return "it is in a private network" if _is_private(host) else ""


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_private(host: str) -> bool:
    return not host or (_is_address(host) and not ip_address(host).is_global)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
