"""A client with little patience, and tables to fetch."""

from __future__ import annotations

import itertools
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nordstat.settings import Settings
from nordstat.sources import SERVICES, Bounds, Connection, Patience, Run, Service, connect
from pxweb_server import PxWebServer, ServedDimension, ServedTable

HASTY = Patience(attempts=3, retries=20, seconds=5.0, pause=0.01)
Connect = Callable[..., Connection]


def service_at(server: PxWebServer) -> Service:
    """The service that a server plays, at its address."""
    found = SERVICES[server.flavour.name.upper()]
    addresses = {"v2": server.v2, "v1": f"{server.v1}/{{language}}", "klass": server.klass}
    return found.at(**{api: address for api, address in addresses.items() if api in found.interfaces})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a cache of the test's own."""
    return Settings(cache=tmp_path / "cache", contact="test@example.org")


@pytest.fixture
def connected(settings: Settings) -> Iterator[Connect]:
    """Opens connections to a server, and closes them at the end."""
    with ExitStack() as stack:

        def make(server: PxWebServer | str, api: str = "v2", *, run: Run | None = None, **bounds: Any) -> Connection:
            service = SERVICES["SSB"].at(v2=server) if isinstance(server, str) else service_at(server)
            opened = connect(service, api=api, settings=settings, run=run or Run(HASTY), bounds=Bounds(**bounds))
            return stack.enter_context(opened)

        yield make


@pytest.fixture
def flows() -> ServedTable:
    """Flows between 40 workplaces and 30 homes over five years, 6,000 cells counted upwards."""
    return ServedTable(
        id="03321",
        label="03321: Sysselsatte, etter arbeidssted, bosted, statistikkvariabel og år",
        dimensions=[
            ServedDimension(
                "ArbstedKomm", "arbeidssted", {f"{n:04d}": f"Sted {n}" for n in range(40)}, elimination=True
            ),
            ServedDimension("Bokommuen", "bosted", {f"{n:04d}": f"Hjem {n}" for n in range(30)}, elimination=True),
            ServedDimension("ContentsCode", "statistikkvariabel", {"Sysselsatte": "Sysselsatte"}),
            ServedDimension("Tid", "år", {year: year for year in map(str, range(2018, 2023))}, time=True),
        ],
        values=np.arange(6000),
        v1_path="al/al06/pendling/03321",
    )


@pytest.fixture
def small() -> ServedTable:
    """A table of six cells."""
    return ServedTable(
        id="11616",
        label="11616: Pendlere, etter region, statistikkvariabel og år",
        dimensions=[
            ServedDimension("Region", "region", {"0301": "Oslo", "3001": "Halden", "5001": "Trondheim"}),
            ServedDimension("ContentsCode", "statistikkvariabel", {"Inn": "Innpendlere fra Værøy"}),
            ServedDimension("Tid", "år", {"2022": "2022", "2023": "2023"}, time=True),
        ],
        values=range(6),
    )


@pytest.fixture
def dripping_headers() -> Iterator[str]:
    """The address of a server that sends the head of its answer letter by letter, and never ends it."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            visitor, _ = listening.accept()
            with visitor, suppress(OSError):
                visitor.recv(65_536)
                for letter in itertools.cycle(b"HTTP/1.1 200 OK\r\nX-Drip: " + b"x" * 500):
                    visitor.sendall(bytes([letter]))
                    if over.wait(0.1):
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v2"
        over.set()
        thread.join(10)


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody signed, also in ``certificate.pem``."""
    return certificate_for("127.0.0.1", tmp_path)


def certificate_for(address: str, folder: Path) -> ssl.SSLContext:
    """A certificate for one address that nobody signed, also in ``certificate.pem``."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    names = ["-subj", f"/CN={address}", "-addext", f"subjectAltName=IP:{address}"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", made]
    try:
        subprocess.run([*make, *names], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context
