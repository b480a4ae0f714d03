"""The life of the service: start, stop, threads, the log, other processes and peers."""

from __future__ import annotations

import contextlib
import gzip
import json
import ssl
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import requests

from pxweb_server import Fault, Limits, PxWebServer, Request
from pxweb_server.examples import flows, holes
from pxweb_server.faults import Kind

SELECTION = {
    "selection": [
        {"variableCode": "Region", "valueCodes": ["*"]},
        {"variableCode": "ContentsCode", "valueCodes": ["*"]},
        {"variableCode": "Tid", "valueCodes": ["*"]},
    ]
}


def test_no_thread_is_left_behind() -> None:
    """Kept connections, stalled, dripping and endless ones all end with the block."""
    before = set(threading.enumerate())
    kinds: list[Kind] = ["stall", "drip", "endless"]
    faults = [Fault(kind, path_contains=kind, times=2) for kind in kinds]
    with PxWebServer([holes()], limits=Limits(calls=0), faults=faults) as server, requests.Session() as session:
        session.get(f"{server.v2}/tables", timeout=10)
        for kind in kinds * 2:
            with contextlib.suppress(requests.exceptions.Timeout):
                session.get(f"{server.v2}/tables?{kind}", timeout=0.05, stream=True)
        assert len(server.log) == 7
    assert set(threading.enumerate()) == before


def test_a_stopped_service_is_gone() -> None:
    """Its port no longer answers, and it has no address any more."""
    with PxWebServer() as server:
        address = f"{server.v2}/config"
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(address, timeout=10)
    with pytest.raises(RuntimeError, match="inside its with block"):
        _ = server.url


def test_the_log_keeps_what_was_asked() -> None:
    """Method, path, query, headers, body, status and the number of cells of each request, in order."""
    with PxWebServer([holes()]) as server:
        requests.get(f"{server.v2}/tables?query=a", headers={"User-Agent": "me"}, timeout=10)
        requests.post(f"{server.v2}/tables/11616/data", json=SELECTION, timeout=10)
        listed, data = server.log
    assert isinstance(listed, Request)
    assert (listed.method, listed.path, listed.query, listed.status) == (
        "GET",
        "/api/pxwebapi/v2/tables",
        "query=a",
        200,
    )
    assert listed.headers["user-agent"] == "me"
    assert (data.method, json.loads(data.body), data.status, data.cells) == ("POST", SELECTION, 200, 6)
    assert listed.time <= data.time
    assert server.calls("POST", "/data") == [data]


def test_a_replaced_table_is_served_from_the_next_request() -> None:
    """Tables come, change and go while the service runs."""
    with PxWebServer([holes()]) as server:
        server.replace(replace(holes(), label="later"))
        server.replace(flows())
        assert requests.get(f"{server.v2}/tables/11616/metadata", timeout=10).json()["label"] == "later"
        assert requests.get(f"{server.v2}/tables/03321", timeout=10).ok
        server.remove("11616")
        assert requests.get(f"{server.v2}/tables/11616", timeout=10).status_code == 404


def test_answers_are_zipped_where_the_client_takes_it() -> None:
    """gzip comes only where it is accepted, and holds the same document."""
    with PxWebServer([holes()]) as server:
        address = f"{server.v2}/tables/11616/metadata"
        plain = requests.get(address, headers={"Accept-Encoding": "identity"}, timeout=10)
        with requests.get(address, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=10) as zipped:
            assert (zipped.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
            assert gzip.decompress(zipped.raw.read(decode_content=False)) == plain.content


def test_a_fault_of_the_server_itself_fails_the_test() -> None:
    """What breaks inside the server is raised where the block ends."""

    def broken(_: object) -> object:
        raise ZeroDivisionError

    with (
        pytest.raises(BaseExceptionGroup) as caught,
        PxWebServer([holes()], faults=[Fault("edit", edit=broken)]) as server,
        contextlib.suppress(requests.exceptions.ConnectionError),
    ):
        requests.get(f"{server.v2}/tables", timeout=10)
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError]


def test_two_tables_of_one_id_are_refused() -> None:
    """An id names one table."""
    with pytest.raises(ValueError, match="same id"):
        PxWebServer([holes(), holes()])


def test_a_request_made_through_it_as_a_proxy_is_logged_by_its_path() -> None:
    """The absolute form of an address, as a proxy gets it, is read."""
    with PxWebServer() as server:
        answer = requests.get("http://data.ssb.no/api/pxwebapi/v2/config", proxies={"http": server.url}, timeout=10)
        assert (answer.status_code, server.log[0].path) == (200, "/api/pxwebapi/v2/config")


def test_it_speaks_tls(tmp_path: Path) -> None:
    """With a certificate of its own making it serves https, which a client rightly distrusts."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    try:
        subprocess.run([*make, *subject], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with PxWebServer(tls=context) as server:
        assert requests.get(f"{server.v2}/config", verify=str(certificate), timeout=10).ok
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{server.v2}/config", timeout=10)


def test_four_processes_share_one_service() -> None:
    """Clients of other processes are served, and their calls are counted together."""
    ask = "import sys, urllib.request as u\nfor _ in range(5): u.urlopen(sys.argv[1], timeout=20).read()"
    with PxWebServer([holes()], limits=Limits(calls=20, window=600.0)) as server:
        address = f"{server.v2}/tables/11616/metadata"
        running = [subprocess.Popen([sys.executable, "-c", ask, address]) for _ in range(4)]
        assert [process.wait(60) for process in running] == [0] * 4
        assert server.max_calls_in_any_window(600.0) == 20
        assert requests.get(address, timeout=10).status_code == 429


PEER = """
import json, sys
from pxweb import PxApi
api = PxApi(sys.argv[1], language="no")
codes = {"ArbstedKomm": ["*"], "Bokommuen": ["30*"], "Kjonn": ["0"], "ContentsCode": ["Sys"], "Tid": ["*"]}
plain = api.get_table_data("03321", codes, show="code")
summed = api.get_table_data("03321", codes, {"ArbstedKomm": "agg_Fylker"}, show="code")
print(json.dumps({"plain": plain, "summed": summed, "found": [t["id"] for t in api.search("bosted")["tables"]]}))
"""


def test_a_peer_fetches_the_same_numbers() -> None:
    """pxwebpy reads the limits, splits its query, sums by code list, and gets the cells that are served."""
    pytest.importorskip("pxweb", reason="the peer check needs pxwebpy")
    limits = Limits(cells=6, calls=100, window=1.0, announce="both")
    with PxWebServer([flows(), holes()], limits=limits) as server:
        told = subprocess.run([sys.executable, "-c", PEER, server.v2], check=True, capture_output=True, timeout=120)
        largest = max(met.cells for met in server.calls("POST", "/data"))
    read = json.loads(told.stdout)
    cells = flows().values[:, 1:3, 0, 0, :]
    assert (largest, read["found"]) == (6, ["03321"])
    for name, served in (("plain", cells), ("summed", np.stack([cells[0], cells[1:].sum(axis=0)]))):
        rows = sorted(read[name], key=lambda row: (row["arbeidssted"], row["bosted"], row["år"]))
        assert [row["value"] for row in rows] == served.ravel().tolist()
