"""Answers that are not whole, or not what was asked for: tried again, then an error; never taken for data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from nordstat.errors import ApiRefusedError, UnreachableError
from nordstat.model.answer import Answer
from nordstat.model.selection import Selection
from nordstat.sources import Connection, fetch
from pxweb_server import Fault, PxWebServer, ServedTable


def spoilt(name: str, row: str = "", **fault: Any) -> Any:
    """One way to spoil an answer, with the row of the fault table it stands for."""
    return pytest.param(fault, id=name, marks=[pytest.mark.fault(row)] if row else [])


def other(**members: Any) -> Mapping[str, Any]:
    """An answer in which some members are others."""
    return {"kind": "edit", "edit": lambda document: document | members}


SPOILT = [
    spoilt("short of its length", "H04", kind="cut"),
    spoilt("cut in mid-stream", "H06", kind="cut_chunked"),
    spoilt("half a gzip stream", "H07", kind="truncate_gzip"),
    spoilt("a shape too large", "H07", kind="lie_size"),
    spoilt("a cell short", "H07", kind="lie_values"),
    spoilt("no gzip", "H09", kind="fake_gzip"),
    spoilt("a page", "H10", kind="html"),
    spoilt("a page labelled as JSON", "H10", kind="html", headers={"Content-Type": "application/json"}),
    spoilt("nothing", "H11", kind="empty", status=200),
    spoilt("no content", "H11", kind="empty", status=204),
    spoilt("Latin-1", "H13", kind="latin1"),
    spoilt("UTF-16", "H14", kind="utf16"),
    spoilt("not modified", "H42", kind="status", status=304),
    spoilt("no word", kind="reset"),
    spoilt("a list", kind="edit", edit=lambda document: [document]),
    spoilt("JSON of great depth", kind="edit", edit=lambda _: b"[" * 5_000 + b"]" * 5_000),
    spoilt("no variable", **other(id=[], size=[])),
    spoilt("another shape", **other(size=[1, 1, 6])),
    spoilt("no list of sizes", **other(size="312")),
    spoilt("no object of variables", **other(dimension=[])),
    spoilt("another place", "P16", kind="edit", edit=lambda found: orjson.dumps(found).replace(b'"0301"', b'"0302"')),
    spoilt("words for cells", **other(value="012345")),
    spoilt("a cell outside", **other(value={"6": 1})),
]


def whole_table(client: Connection) -> list[Answer]:
    """All cells of the small table."""
    table = client.table("11616")
    return list(fetch(client, client.plan(client.resolve(Selection(), table), table)))


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_answer_is_asked_for_again(fault: dict[str, Any], connected, small: ServedTable) -> None:
    """Spoilt once and whole the second time, the answer is that of a clean run, and the retry is counted."""
    with PxWebServer([small], faults=[Fault(**fault, path_contains="/data")]) as server:
        client = connected(server)
        spoilt_once, clean = whole_table(client), whole_table(client)
    assert client.wire.run.tally.retries == 1
    assert [answer.body for answer in spoilt_once] == [answer.body for answer in clean]


@pytest.mark.parametrize("fault", SPOILT)
def test_an_answer_that_stays_spoilt_is_an_error(fault: dict[str, Any], connected, small: ServedTable) -> None:
    """Spoilt every time: three attempts, then an error with service, table and address, and exit code 3."""
    with PxWebServer([small], faults=[Fault(**fault, times=None, path_contains="/data")]) as server:
        with pytest.raises((UnreachableError, ApiRefusedError)) as caught:
            whole_table(connected(server))
        assert len(server.calls("POST")) == 3
        assert caught.value.url.startswith(f"{server.v2}/tables/11616/data")
    assert (caught.value.service, caught.value.table, caught.value.exit_code) == ("SSB", "11616", 3)
    assert "attempt 3 of 3" in str(caught.value)


@pytest.mark.fault("H10")
def test_a_maintenance_page_is_quoted(connected, small: ServedTable) -> None:
    """The error names status and content type, and quotes how the page begins."""
    quoted = pytest.raises(UnreachableError, match=r"200 \(text/html; charset=utf-8\).*<h1>We will be back</h1>")
    with PxWebServer([small], faults=[Fault("html", times=None)]) as server, quoted:
        connected(server).table("11616")


@pytest.mark.fault("H13")
def test_text_that_is_not_utf8_is_named_so(connected, small: ServedTable) -> None:
    """Latin-1 is an error that says so; no replacement character stands for what could not be read."""
    told = pytest.raises(UnreachableError, match="not UTF-8")
    with PxWebServer([small], faults=[Fault("latin1", times=None)]) as server, told as caught:
        connected(server).table("11616")
    assert "\ufffd" not in str(caught.value)


@pytest.mark.fault("H45")
def test_an_error_object_with_status_200_is_the_service_saying_no(connected, small: ServedTable) -> None:
    """Its words are passed on, and it is not asked for again."""
    with PxWebServer([small], faults=[Fault("json_error", path_contains="/data")]) as server:
        with pytest.raises(ApiRefusedError, match="The table is being updated") as caught:
            whole_table(connected(server))
        assert len(server.calls("POST")) == 1
    assert (caught.value.status, caught.value.title) == (200, "The table is being updated")


@pytest.mark.fault("H08")
def test_a_gzip_stream_that_lost_only_its_checksum_is_whole(connected, small: ServedTable) -> None:
    """All cells are there, so the answer is taken; it is kept by the checksum of its decoded bytes."""
    with PxWebServer([small], faults=[Fault("gzip_no_trailer", path_contains="/data")]) as server:
        client = connected(server)
        assert [answer.body for answer in whole_table(client)] == [answer.body for answer in whole_table(client)]
    assert client.wire.run.tally.retries == 0


@pytest.mark.fault("H09")
def test_a_gzip_that_is_none_is_asked_for_plain(connected, small: ServedTable) -> None:
    """The second attempt asks for no coding."""
    with PxWebServer([small], faults=[Fault("fake_gzip", path_contains="/data")]) as server:
        whole_table(connected(server))
        assert [met.headers["accept-encoding"] for met in server.calls("POST")] == ["gzip", "identity"]


@pytest.mark.fault("H12")
def test_a_byte_order_mark_is_taken_off(connected, small: ServedTable) -> None:
    """The answer is accepted, and kept without the mark."""
    with PxWebServer([small], faults=[Fault("bom", path_contains="/data")]) as server:
        client = connected(server)
        marked, clean = (whole_table(client)[0].body for _ in range(2))
    assert marked == clean
    assert client.wire.run.tally.retries == 0
