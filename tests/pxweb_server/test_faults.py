"""The fault mode: each fault is on the wire what it says it is."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import zlib
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from pxweb_server import Fault, Limits, PxWebServer
from pxweb_server.examples import flows, holes

DATA = "/api/pxwebapi/v2/tables/03321/data"


def _serving(*faults: Fault) -> PxWebServer:
    return PxWebServer([flows(), holes()], limits=Limits(calls=0), faults=faults)


def _raw(server: PxWebServer, path: str = DATA) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask without any library that would hide what is on the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        try:
            return answer, answer.read()
        except http.client.IncompleteRead as error:
            return answer, error.partial
    finally:
        connection.close()


def _truth() -> Any:
    with _serving() as server:
        return json.loads(_raw(server)[1])


def test_a_stall_never_answers() -> None:
    """The request is taken, and nothing comes."""
    with _serving(Fault("stall")) as server:
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(server.url + DATA, timeout=0.2)
        assert [met.status for met in server.log] == [0]


def test_a_reset_hangs_up_without_a_word() -> None:
    """The connection ends before there is a status line."""
    with _serving(Fault("reset")) as server, pytest.raises(requests.exceptions.ConnectionError):
        requests.get(server.url + DATA, timeout=10)


def test_slow_and_drip_are_whole_in_the_end() -> None:
    """A slow answer and one that comes byte by byte are the true answer."""
    with _serving(Fault("slow", seconds=0.01), Fault("drip", seconds=0.00001)) as server:
        assert [json.loads(_raw(server)[1]) for _ in range(2)] == [_truth()] * 2


def test_a_drip_comes_in_single_bytes() -> None:
    """Each byte of the body is a packet of its own."""
    with (
        _serving(Fault("drip", seconds=0.05)) as server,
        socket.create_connection(("127.0.0.1", int(urlsplit(server.url).port or 0))) as wire,
    ):
        wire.settimeout(10)
        wire.sendall(f"GET {DATA} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += wire.recv(1)
        assert [len(wire.recv(1_000)) for _ in range(3)] == [1, 1, 1]


def test_a_cut_body_is_shorter_than_its_length() -> None:
    """Half the body comes, the Content-Length is that of the whole."""
    with _serving(Fault("cut")) as server:
        answer, body = _raw(server)
    assert 0 < len(body) < int(answer.headers["Content-Length"])


def test_a_cut_stream_lacks_its_last_chunk() -> None:
    """A chunked body ends in the middle."""
    with _serving(Fault("cut_chunked")) as server:
        answer, body = _raw(server)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_an_endless_stream_goes_on() -> None:
    """Ten megabytes come, and more would."""
    with _serving(Fault("endless")) as server, requests.get(server.url + DATA, stream=True, timeout=10) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        read = 0
        for piece in answer.iter_content(1 << 20):
            read += len(piece)
            if read > 10 << 20:
                break
        assert read > 10 << 20


def test_half_a_gzip_stream_fits_its_length() -> None:
    """The length is true to what is sent, and what is sent is half a stream."""
    with _serving(Fault("truncate_gzip")) as server:
        answer, body = _raw(server)
    assert len(body) == int(answer.headers["Content-Length"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(zlib.decompressobj(31).decompress(body))
    with pytest.raises(EOFError):
        gzip.decompress(body)


def test_a_gzip_stream_may_lack_its_checksum() -> None:
    """All of the document comes, the eight bytes that prove it do not."""
    with _serving(Fault("gzip_no_trailer")) as server:
        body = _raw(server)[1]
    assert json.loads(zlib.decompressobj(31).decompress(body)) == _truth()
    with pytest.raises(EOFError):
        gzip.decompress(body)


def test_plain_bytes_may_be_labelled_gzip() -> None:
    """The label says gzip, the body is the document."""
    with _serving(Fault("fake_gzip")) as server:
        answer, body = _raw(server)
    assert (answer.headers["Content-Encoding"], json.loads(body)) == ("gzip", _truth())


def test_a_bomb_is_small_until_it_is_opened() -> None:
    """Under a thousandth of its size on the wire."""
    with _serving(Fault("bomb", size=20_000_001)) as server:
        body = _raw(server)[1]
    assert (len(body) < 21_000, len(gzip.decompress(body))) == (True, 20_000_001)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_points_where_it_is_told(status: int) -> None:
    """The status and the address are the fault's."""
    with _serving(Fault("redirect", status=status, location="http://169.254.169.254/")) as server:
        answer = requests.post(server.url + DATA, json={}, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (status, "http://169.254.169.254/")


@pytest.mark.parametrize(
    ("fault", "status", "media", "body"),
    [
        (
            Fault("status", status=503, headers={"Retry-After": "1"}, body="down"),
            503,
            "text/plain; charset=utf-8",
            b"down",
        ),
        (Fault("html", body="<html>"), 200, "text/html; charset=utf-8", b"<html>"),
        (
            Fault("html", body="<html>", headers={"Content-Type": "application/json"}),
            200,
            "application/json",
            b"<html>",
        ),
        (Fault("json_error", body='{"error":"x"}'), 200, "application/json; charset=utf-8", b'{"error":"x"}'),
        (Fault("empty"), 200, "application/json; charset=utf-8", b""),
        (Fault("empty", status=204), 204, None, b""),
    ],
)
def test_another_answer_may_come_instead(fault: Fault, status: int, media: str | None, body: bytes) -> None:
    """A status, a page, an error or nothing takes the place of the answer."""
    with _serving(fault) as server:
        answer, read = _raw(server)
    assert (answer.status, answer.headers["Content-Type"], read) == (status, media, body)
    assert answer.headers["Retry-After"] == fault.headers.get("Retry-After")


@pytest.mark.parametrize(("kind", "codec"), [("bom", "utf-8-sig"), ("latin1", "latin-1"), ("utf16", "utf-16")])
def test_the_bytes_may_be_in_another_code(kind: Any, codec: str) -> None:
    """The document is the true one, its bytes are not plain UTF-8."""
    with _serving(Fault(kind)) as server:
        body = _raw(server)[1]
    assert json.loads(body.decode(codec)) == _truth()
    with pytest.raises((UnicodeDecodeError, json.JSONDecodeError)):
        json.loads(body.decode("utf-8"))


def test_an_answer_may_lie() -> None:
    """A size too large, a value too few, an old date, and whatever an edit makes of it."""
    lies = (
        Fault("lie_size"),
        Fault("lie_values"),
        Fault("stale"),
        Fault("edit", edit=lambda document: {**document, "value": []}),
    )
    truth = _truth()
    with _serving(*lies) as server:
        size, values, stale, edited = (json.loads(_raw(server)[1]) for _ in lies)
    assert size == truth | {"size": [truth["size"][0] + 1, *truth["size"][1:]]}
    assert values == truth | {"value": truth["value"][:-1]}
    assert stale == truth | {"updated": "2001-01-01T00:00:00Z"}
    assert edited == truth | {"value": []}


def test_faults_come_in_order_for_the_requests_they_are_for() -> None:
    """A fault waits for its path and method, lets some pass, spoils so many, and then is spent."""
    faults = [
        Fault("status", status=500, times=2, path_contains="/data", skip=1),
        Fault("status", status=404, times=None, method="POST"),
    ]
    with _serving(*faults) as server:
        other = requests.get(f"{server.v2}/tables", timeout=10).status_code
        data = [requests.get(server.url + DATA, timeout=10).status_code for _ in range(4)]
        posts = [requests.post(f"{server.v2}/savedqueries", timeout=10).status_code for _ in range(3)]
        server.add_fault(Fault("status", status=418))
        added = requests.get(f"{server.v2}/tables", timeout=10).status_code
    assert (other, data, posts, added) == (200, [200, 500, 500, 200], [404] * 3, 418)
