"""The fault mode: everything a network, a proxy or a tired server does to an answer."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from .answers import Answer

Kind = Literal[
    "stall",  # accepts the request and never answers
    "reset",  # hangs up without a word
    "slow",  # waits `seconds`, then answers as usual
    "drip",  # one byte every `seconds`
    "cut",  # hangs up in mid-body, short of the announced Content-Length
    "cut_chunked",  # hangs up in mid-chunk
    "endless",  # a chunked stream without end
    "truncate_gzip",  # half a gzip stream, with a Content-Length that fits it
    "gzip_no_trailer",  # a gzip stream without its checksum
    "fake_gzip",  # plain bytes labelled gzip
    "bomb",  # a small gzip body of `size` zero bytes
    "html",  # 200 and a maintenance page
    "json_error",  # 200 and a JSON error object
    "empty",  # no body, with `status` 200 or 204
    "bom",  # UTF-8 with a byte order mark
    "latin1",  # Latin-1 bytes, no charset told
    "utf16",  # UTF-16 JSON
    "status",  # any status with `headers` and `body`
    "redirect",  # `status` 301, 302, 303, 307 or 308 to `location`
    "lie_size",  # `size` disagrees with the categories
    "lie_values",  # a value is missing at the end
    "stale",  # `updated` lies in the past, as from a cache
    "edit",  # whatever `edit` makes of the decoded document
]


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes
    ----------
    kind : str
        What goes wrong.
    times : int or None
        How many answers it spoils; ``None`` for all.
    skip : int
        How many fitting requests pass unharmed first.
    path_contains, method : str
        Which requests it is for; empty for all.
    status, headers, body, location
        What the answer has instead.
    seconds : float
        Wait of ``slow``, pause between two bytes of ``drip``; a ``stall`` ends after it, where it is not 0.
    size : int
        Decoded bytes of a ``bomb``.
    edit : callable
        Takes the decoded document and gives the one to send, or bytes.
    """

    kind: Kind
    times: int | None = 1
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | None = None
    path_contains: str = ""
    method: str = ""
    skip: int = 0
    seconds: float = 0.0
    location: str = ""
    size: int = 200 * 1024 * 1024
    edit: Callable[[Any], Any] | None = None

    def fits(self, method: str, target: str) -> bool:
        """Whether a request is one this fault is for."""
        return self.path_contains in target and self.method in ("", method)


@dataclass(slots=True)
class Faults:
    """The faults still to come, shared by all connections."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Put a fault at the end of the queue."""
        with self.lock:
            self.waiting.append(fault)

    def next(self, method: str, target: str) -> Fault | None:
        """Take the fault for a request, if there is one."""
        with self.lock:
            for fault in self.waiting:
                if not fault.fits(method, target) or fault.times == 0:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    return None
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


@dataclass(frozen=True, slots=True)
class Wire:
    """How an answer is put on the wire.

    Attributes
    ----------
    chunks : iterator of bytes
        The body, piece by piece.
    length : int or None
        The Content-Length told; chunked where ``None``.
    hang_up : bool
        Whether the connection ends without the end of the body.
    pause : float
        Seconds before each piece.
    """

    answer: Answer
    chunks: Iterator[bytes]
    length: int | None
    hang_up: bool = False
    pause: float = 0.0


def replaced(fault: Fault, answer: Answer) -> Answer:
    """Give what is answered instead of the truth; the truth itself where the fault lies on the wire."""
    make = _REPLACEMENTS.get(fault.kind)
    return make(fault, answer) if make is not None else answer


def wired(fault: Fault | None, answer: Answer, *, zip: bool) -> Wire:
    """Put an answer on the wire, zipped where the client takes it, and spoiled where there is a fault."""
    spoil = _WIRES.get(fault.kind) if fault is not None else None
    if spoil is not None and fault is not None:
        return spoil(fault, answer)
    if zip and len(answer.body) > 200:
        answer = _labelled(answer, gzip.compress(answer.body, 1, mtime=0))
    return Wire(answer, iter([answer.body]), len(answer.body))


def _status(fault: Fault, _: Answer) -> Answer:
    body = fault.body.encode() if isinstance(fault.body, str) else fault.body or b""
    media = fault.headers.get("Content-Type", "text/plain; charset=utf-8")
    return Answer(fault.status or 503, body, media, fault.headers)


def _html(fault: Fault, _: Answer) -> Answer:
    page = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be back</h1></body></html>"
    body = fault.body.encode() if isinstance(fault.body, str) else fault.body or page.encode()
    return Answer(200, body, fault.headers.get("Content-Type", "text/html; charset=utf-8"), fault.headers)


def _json_error(fault: Fault, _: Answer) -> Answer:
    body = fault.body.encode() if isinstance(fault.body, str) else fault.body or b'{"error":"Table is being updated"}'
    return Answer(200, body, headers=fault.headers)


def _empty(fault: Fault, _: Answer) -> Answer:
    return Answer(fault.status or 200, b"", headers=fault.headers)


def _redirect(fault: Fault, _: Answer) -> Answer:
    return Answer(fault.status or 302, b"", "text/plain", {**fault.headers, "Location": fault.location})


def _bytes(make: Callable[[bytes], bytes], media: str) -> Callable[[Fault, Answer], Answer]:
    return lambda _, answer: Answer(answer.status, make(answer.body), media, answer.headers, answer.cells)


def _edited(edit: Callable[[Fault, Any], Any]) -> Callable[[Fault, Answer], Answer]:
    def make(fault: Fault, answer: Answer) -> Answer:
        document = edit(fault, orjson.loads(answer.body))
        body = document if isinstance(document, bytes) else orjson.dumps(document)
        return Answer(answer.status, body, answer.content_type, answer.headers, answer.cells)

    return make


def _lie_size(_: Fault, document: Any) -> Any:
    dataset = document.get("dataset", document)
    holder = dataset if "size" in dataset else dataset["dimension"]
    return _put(document, holder, size=[holder["size"][0] + 1, *holder["size"][1:]])


def _lie_values(_: Fault, document: Any) -> Any:
    dataset = document.get("dataset", document)
    return _put(document, dataset, value=dataset["value"][:-1])


def _stale(fault: Fault, document: Any) -> Any:
    dataset = document.get("dataset", document)
    return _put(document, dataset, updated=fault.headers.get("updated", "2001-01-01T00:00:00Z"))


def _put(document: Any, holder: dict[str, Any], **changes: Any) -> Any:
    holder.update(changes)
    return document


def _user_edit(fault: Fault, document: Any) -> Any:
    return fault.edit(document) if fault.edit is not None else document


_REPLACEMENTS: Mapping[str, Callable[[Fault, Answer], Answer]] = {
    "status": _status,
    "html": _html,
    "json_error": _json_error,
    "empty": _empty,
    "redirect": _redirect,
    "bom": _bytes(lambda body: b"\xef\xbb\xbf" + body, "application/json; charset=utf-8"),
    "latin1": _bytes(lambda body: body.decode().encode("latin-1", "replace"), "application/json"),
    "utf16": _bytes(lambda body: body.decode().encode("utf-16"), "application/json"),
    "lie_size": _edited(_lie_size),
    "lie_values": _edited(_lie_values),
    "stale": _edited(_stale),
    "edit": _edited(_user_edit),
}


def _labelled(answer: Answer, body: bytes) -> Answer:
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    return Answer(answer.status, body, answer.content_type, headers, answer.cells)


def _whole(answer: Answer, body: bytes) -> Wire:
    labelled = _labelled(answer, body)
    return Wire(labelled, iter([body]), len(body))


def _half(body: bytes) -> bytes:
    return body[: max(len(body) // 2, 1)]


def _bomb(size: int) -> bytes:
    block = 1 << 20
    pieces = [bytes(min(block, size - start)) for start in range(0, size, block)]
    import io

    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=9, mtime=0) as stream:
        for piece in pieces:
            stream.write(piece)
    return raw.getvalue()


def _endless() -> Iterator[bytes]:
    yield b'{"value":['
    while True:
        yield b"0," * 2_048


_WIRES: Mapping[str, Callable[[Fault, Answer], Wire]] = {
    "drip": lambda f, a: Wire(a, (a.body[i : i + 1] for i in range(len(a.body))), len(a.body), pause=f.seconds or 0.9),
    "cut": lambda _, a: Wire(a, iter([_half(a.body)]), len(a.body), hang_up=True),
    "cut_chunked": lambda _, a: Wire(a, iter([_half(a.body)]), None, hang_up=True),
    "endless": lambda f, a: Wire(a, _endless(), None, pause=f.seconds),
    "truncate_gzip": lambda _, a: _whole(a, _half(gzip.compress(a.body, mtime=0))),
    "gzip_no_trailer": lambda _, a: _whole(a, gzip.compress(a.body, mtime=0)[:-8]),
    "fake_gzip": lambda _, a: _whole(a, a.body),
    "bomb": lambda f, a: _whole(a, _bomb(f.size)),
}
