"""Where nordstat goes, and where it does not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from nordstat.errors import (
    OfflineError,
    RefusedAddressError,
    SettingsError,
    UnreachableError,
)
from nordstat.model.selection import Selection
from nordstat.settings import Settings
from nordstat.sources import SERVICES, connect, fetch, find_service
from nordstat.sources.addresses import allowed_origins, redacted, redirected, table_path
from nordstat.version import __version__
from pxweb_server import Fault, PxWebServer, ServedTable
from sources.conftest import certificate_for

PLACE = {"service": "SSB", "table": "03321", "url": "https://data.ssb.no/api"}


@contextmanager
def listening(answer: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """A port that answers whoever connects with the same bytes, and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    visitor, _ = server.accept()
                except OSError:
                    return
                with visitor:
                    heard.append(visitor.recv(65_536))
                    visitor.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def cells(client) -> list[bytes]:
    """All cells of the small table."""
    table = client.table("11616")
    return [answer.body for answer in fetch(client, client.plan(client.resolve(Selection(), table), table))]


@pytest.mark.fault("H25")
@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_a_redirect_that_would_turn_a_post_into_a_get_is_refused(
    status: int, api: str, connected, small: ServedTable
) -> None:
    """The error shows both addresses; the metadata that v1 gives to a GET are never taken for data."""
    with PxWebServer([small]) as server:
        client = connected(server, api)
        table = client.table("11616")
        plan = client.plan(client.resolve(Selection(), table), table)
        target = f"{server.url}/elsewhere"
        server.add_fault(Fault("redirect", status=status, location=target, method="POST"))
        with pytest.raises(RefusedAddressError) as caught:
            list(fetch(client, plan))
        assert [met.method for met in server.log][-1] == "POST"
    assert target in str(caught.value)
    assert "11616" in caught.value.url


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_on_the_same_host_is_followed_as_it_is(status: int, connected, small: ServedTable) -> None:
    """A POST stays a POST, with its body."""
    with PxWebServer([small]) as server:
        target = f"{server.v2}/tables/11616/data?lang=no&outputFormat=json-stat2"
        server.add_fault(Fault("redirect", status=status, location=target, path_contains="/data"))
        assert cells(connected(server))
        first, second = server.calls("POST")
        assert first.body == second.body


def test_redirects_in_circles_end(connected, small: ServedTable) -> None:
    """After a few the error says so."""
    with PxWebServer([small]) as server:
        server.add_fault(Fault("redirect", status=302, times=None, location=f"{server.v2}/config"))
        with pytest.raises(UnreachableError, match="redirects more than"):
            connected(server).table("11616")
        assert len(server.log) < 6


@pytest.mark.fault("H28")
def test_a_redirect_out_of_tls_is_refused() -> None:
    """From https to http of the same host is elsewhere."""
    with pytest.raises(RefusedAddressError, match=r"redirects to http://data\.ssb\.no/api"):
        redirected("https://data.ssb.no/api", "http://data.ssb.no/api", place=PLACE)


@pytest.mark.fault("H29")
@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "https://10.0.0.1/",
        "//evil.example/x",
        "http://[::1]:80/",
        "http://127.0.0.1:{port}/x",
        "http://127.0.0.1:x/",
    ],
)
def test_a_redirect_to_anywhere_else_is_refused_before_any_connection(
    target: str, connected, small: ServedTable
) -> None:
    """Files, private addresses, other hosts and other ports are not gone to."""
    with listening() as (port, heard), PxWebServer([small]) as server:
        server.add_fault(Fault("redirect", status=307, location=target.format(port=port)))
        with pytest.raises(RefusedAddressError, match="Nothing was sent there"):
            connected(server).table("11616")
        assert heard == []


@pytest.mark.fault("H34")
def test_a_certificate_nobody_signed_is_refused(connected, small: ServedTable, certificate: ssl.SSLContext) -> None:
    """The connection ends before a request is sent, is not tried again, and no switch turns the check off."""
    with PxWebServer([small], tls=certificate) as server:
        client = connected(server)
        with pytest.raises(UnreachableError, match=r"no safe connection: .*certificate verify failed"):
            client.table("11616")
        assert server.log == []
    assert client.wire.run.tally.requests == 1


@pytest.mark.fault("H34")
def test_a_certificate_of_another_host_is_refused(
    connected, small: ServedTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the user has named the authority that signed it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    with PxWebServer([small], tls=certificate_for("127.0.0.2", tmp_path)) as server:
        with pytest.raises(UnreachableError, match=r"no safe connection: .*not valid for '127\.0\.0\.1'"):
            connected(server).table("11616")
        assert server.log == []


def test_a_company_authority_can_be_named(
    connected, small: ServedTable, certificate: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With REQUESTS_CA_BUNDLE the check is made against that authority."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
    with PxWebServer([small], tls=certificate) as server:
        assert connected(server).table("11616").id == "11616"


@pytest.mark.fault("H36")
def test_a_proxy_is_gone_through(connected, small: ServedTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request goes to the proxy of the environment, unless NO_PROXY names the host."""
    with PxWebServer([small]) as proxy, PxWebServer([small]) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        connected(server).table("11616")
        assert (len(proxy.log), len(server.log)) == (1, 0)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        connected(server).table("11616")
        assert (len(proxy.log), len(server.log)) == (1, 1)


@pytest.mark.fault("H36")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_told_without_ours(
    scheme: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """407 is an error of the proxy; the password that was given is in no message, and it is not tried again."""
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with listening(refusal) as (port, heard):
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://ola:s3cret@127.0.0.1:{port}")
        service = SERVICES["SSB"].at(v2=f"{scheme}://127.0.0.1:1/api/v2")
        with connect(service, settings=settings) as client, pytest.raises(UnreachableError, match="proxy") as caught:
            client.table("11616")
        assert len(heard) == 1
    assert "s3cret" not in repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.fault("H38")
def test_a_password_file_is_not_read(
    connected, small: ServedTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ~/.netrc says about a host is not sent to it."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ola password s3cret\ndefault login x password y\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with PxWebServer([small]) as server:
        connected(server).table("11616")
        assert "authorization" not in server.log[0].headers


def test_every_request_says_who_asks(connected, small: ServedTable) -> None:
    """The User-Agent holds the version and the contact of the settings."""
    with PxWebServer([small]) as server:
        cells(connected(server))
        agents = {met.headers["user-agent"] for met in server.log}
    assert agents == {f"nordstat/{__version__} (+test@example.org)"}


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "å@example.org"])
def test_a_contact_that_is_no_header_is_refused(contact: str, tmp_path: Path) -> None:
    """A line break or a letter outside ASCII does not reach a header."""
    with pytest.raises(SettingsError, match="contact"):
        connect("SSB", settings=Settings(contact=contact, cache=tmp_path))


@pytest.mark.fault("M15")
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://data.ssb.no/api", "not https"),
        ("ftp://data.ssb.no/api", "not https"),
        ("https://192.168.1.4/api", "private network"),
        ("https://169.254.169.254/api", "private network"),
        ("https://ola:s3cret@data.ssb.no/api", "user name"),
        ("https:///api", "private network"),
    ],
)
def test_addresses_that_are_not_fetched_from(address: str, reason: str) -> None:
    """Without TLS only this machine is asked, and private networks never."""
    with pytest.raises(RefusedAddressError, match=reason) as caught:
        allowed_origins(SERVICES["SSB"].at(v2=address))
    assert "s3cret" not in str(caught.value)


@pytest.mark.fault("M15")
def test_this_machine_is_asked_only_where_the_user_says_so() -> None:
    """The addresses that nordstat knows are all https and elsewhere."""
    for service in SERVICES.values():
        assert all(found.startswith("https://") for found in allowed_origins(service))
    here = SERVICES["NORDIC"].at(v1="http://localhost:8000/api")
    assert allowed_origins(here) == {"http://localhost:8000"}
    with pytest.raises(RefusedAddressError, match="on this machine"):
        allowed_origins(replace(here, overridden=False))


@pytest.mark.fault("M15")
def test_a_request_to_another_origin_is_not_made(connected, small: ServedTable) -> None:
    """Whatever address a request has, only those of the service are asked."""
    with listening() as (port, heard), PxWebServer([small]) as server:
        client = connected(server)
        elsewhere = SERVICES["SSB"].at(v2=f"http://127.0.0.1:{port}/api")
        client.service = elsewhere
        with pytest.raises(RefusedAddressError, match="not an address of this service"):
            client.table("11616")
        assert heard == []


def test_settings_move_a_service() -> None:
    """NORDSTAT_ADDRESSES gives single interfaces another address."""
    settings = Settings.load(environ={"NORDSTAT_ADDRESSES": "ssb.v2=http://127.0.0.1:9/x SCB.v1=http://127.0.0.1:8/y/"})
    assert find_service("ssb", settings=settings).interfaces["v2"].address == "http://127.0.0.1:9/x"
    assert find_service("SCB", settings=settings).interfaces["v1"].address == "http://127.0.0.1:8/y"
    assert not find_service("NORDIC", settings=settings).overridden


@pytest.mark.parametrize(
    "opening",
    [
        lambda: find_service("DST"),
        lambda: find_service("SCB", settings=Settings(addresses={"SCB.v3": "http://127.0.0.1"})),
        lambda: connect("NORDIC", api="v2", settings=Settings()),
        lambda: Settings.load(environ={"NORDSTAT_ADDRESSES": "SSB=http://127.0.0.1"}),
        lambda: Settings.load(environ={"NORDSTAT_ADDRESSES": "SSB.v2=http://a SSB.v2=http://b"}),
    ],
)
def test_services_and_interfaces_that_are_not_known_are_refused(opening: Callable[[], object]) -> None:
    """Unknown names are an error of usage."""
    with pytest.raises(SettingsError) as caught:
        opening()
    assert caught.value.exit_code == 2


def test_offline_opens_nothing(tmp_path: Path) -> None:
    """With the network switched off not even a connection is made ready."""
    with pytest.raises(OfflineError):
        connect("SSB", settings=Settings(offline=True, cache=tmp_path))


@pytest.mark.parametrize(
    "id", ["", "..", "../config", "a/../b", "/etc", "03321?x=1", "03321#", "tabell%2f", "å", "a//b"]
)
def test_ids_that_would_lead_elsewhere_are_refused(id: str) -> None:
    """A table id is a plain name, or plain names with slashes between them."""
    with pytest.raises(SettingsError, match="no table id"):
        table_path(id)


@pytest.mark.parametrize("id", ["03321", "TAB1830", "AM/AM0210/AM0210F/ArRegPend2", "Nordic Statistics/COMM10.px"])
def test_ids_of_the_services_pass(id: str) -> None:
    """Ids as the three services write them."""
    assert table_path(id).replace("%20", " ") == id


def test_what_is_secret_in_an_address_is_not_shown() -> None:
    """User names, passwords and keys are starred out wherever an address stands in a text."""
    text = "see http://ola:pw@proxy:1 and https://x/?api_key=k1&lang=no&token=t2"
    assert redacted(text) == "see http://***@proxy:1 and https://x/?api_key=***&lang=no&token=***"
