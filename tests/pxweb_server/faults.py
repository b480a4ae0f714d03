"""The fault mode: everything a network, a proxy or a tired server does to an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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
    "cut_chunked",  # hangs up in mid-stream, before the last chunk
    "endless",  # a chunked stream without end
    "truncate_gzip",  # half a gzip stream, with a Content-Length that fits it
    "gzip_no_trailer",  # a gzip stream without its checksum
    "fake_gzip",  # plain bytes labelled gzip
    "bomb",  # a small gzip body that inflates to `size` bytes
    "html",  # 200 and a maintenance page
    "json_error",  # 200 and a JSON error object
    "empty",  # no body, with `status` 200 or 204
    "bom",  # UTF-8 with a byte order mark
    "latin1",  # Latin-1 bytes, no charset told
    "utf16",  # UTF-16 JSON, no charset told
    "status",  # any `status` with `headers` and `body`
    "redirect",  # `status` 301, 302, 303, 307 or 308 to `location`
    "lie_size",  # the first of `size` is one too large
    "lie_values",  # the last of `value` is missing
    "stale",  # `updated` lies in the past, as from a cache
    "edit",  # whatever `edit` makes of the decoded document
]
SILENT = ("stall", "reset")


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes
    ----------
    kind : str
        What goes wrong.
    times : int or None
        How many answers it spoils; ``None`` for all.
    status, headers, body, location
        What the answer has instead.
    path_contains, method : str
        Which requests it is for; empty for all.
    skip : int
        How many of those pass unharmed first.
    seconds : float
        Wait of ``slow``, pause between two pieces of ``drip`` and ``endless``; a ``stall`` ends after it, where it
        is not 0.
    size : int
        Bytes a ``bomb`` inflates to.
    edit : callable
        Takes the decoded document and gives the one to send, or the bytes.
    """

    kind: Kind
    times: int | None = 1
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str = b""
    path_contains: str = ""
    method: str = ""
    skip: int = 0
    seconds: float = 0.0
    location: str = ""
    size: int = 200 * 1024 * 1024
    edit: Callable[[Any], Any] = lambda document: document

    @property
    def silent(self) -> bool:
        """Whether there is no answer at all."""
        return self.kind in SILENT

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(slots=True)
class Faults:
    """The faults still to come, shared by all connections."""

    waiting: list[Fault]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Put a fault at the end of the queue."""
        with self.lock:
            self.waiting.append(fault)

    def next(self, method: str, target: str) -> Fault | None:
        """Take the first fault that is due for a request."""
        with self.lock:
            for fault in self.waiting:
                if fault.times == 0 or fault.path_contains not in target or fault.method not in ("", method):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times = None if fault.times is None else fault.times - 1
                return fault
        return None


def replaced(fault: Fault | None, answer: Answer) -> Answer:
    """Give what is answered instead of the truth; the truth itself where the fault lies on the wire."""
    make = _REPLACEMENTS.get(fault.kind) if fault is not None else None
    return answer if fault is None or make is None else make(fault, answer)


def _status(fault: Fault, _: Answer) -> Answer:
    media = fault.headers.get("Content-Type", "text/plain; charset=utf-8")
    return Answer(fault.status or 503, fault.content, media, fault.headers)


def _html(fault: Fault, _: Answer) -> Answer:
    page = b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be back</h1></body></html>"
    media = fault.headers.get("Content-Type", "text/html; charset=utf-8")
    return Answer(200, fault.content or page, media, fault.headers)


def _json_error(fault: Fault, _: Answer) -> Answer:
    return Answer(200, fault.content or b'{"error":"The table is being updated"}', headers=fault.headers)


def _empty(fault: Fault, answer: Answer) -> Answer:
    return Answer(fault.status or 200, b"", answer.content_type, fault.headers)


def _redirect(fault: Fault, _: Answer) -> Answer:
    return Answer(fault.status or 302, b"", "text/plain", {**fault.headers, "Location": fault.location})


def _recoded(codec: str, media: str = "application/json") -> Callable[[Fault, Answer], Answer]:
    return lambda _, answer: answer.carrying(answer.body.decode().encode(codec, "replace"), media)


def _edited(edit: Callable[[Fault, Any], Any]) -> Callable[[Fault, Answer], Answer]:
    def make(fault: Fault, answer: Answer) -> Answer:
        document = edit(fault, orjson.loads(answer.body))
        return answer.carrying(document if isinstance(document, bytes) else orjson.dumps(document))

    return make


def _lie_size(_: Fault, document: Any) -> Any:
    dataset = document.get("dataset", document)
    holder = dataset if "size" in dataset else dataset["dimension"]
    holder["size"][0] += 1
    return document


def _lie_values(_: Fault, document: Any) -> Any:
    document.get("dataset", document)["value"].pop()
    return document


def _stale(_: Fault, document: Any) -> Any:
    document.get("dataset", document)["updated"] = "2001-01-01T00:00:00Z"
    return document


_REPLACEMENTS: Mapping[str, Callable[[Fault, Answer], Answer]] = {
    "status": _status,
    "html": _html,
    "json_error": _json_error,
    "empty": _empty,
    "redirect": _redirect,
    "bom": _recoded("utf-8-sig", "application/json; charset=utf-8"),
    "latin1": _recoded("latin-1"),
    "utf16": _recoded("utf-16"),
    "lie_size": _edited(_lie_size),
    "lie_values": _edited(_lie_values),
    "stale": _edited(_stale),
    "edit": _edited(lambda fault, document: fault.edit(document)),
}
