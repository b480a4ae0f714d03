"""How an answer is put on the wire: whole, zipped, in pieces, or spoiled on the way."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .answers import Answer
from .faults import Fault

WORTH_ZIPPING = 200


@dataclass(frozen=True, slots=True)
class Wire:
    """An answer as it is sent.

    Attributes
    ----------
    pieces : iterator of bytes
        The body.
    length : int or None
        The Content-Length told; sent in chunks where ``None``.
    hang_up : bool
        Whether the connection ends before the body does.
    pause : float
        Seconds before each piece.
    """

    answer: Answer
    pieces: Iterator[bytes]
    length: int | None
    hang_up: bool = False
    pause: float = 0.0


def wired(fault: Fault | None, answer: Answer, *, zipped: bool) -> Wire:
    """Put an answer on the wire, zipped where the client takes it, and spoiled where there is a fault."""
    spoil = _SPOILERS.get(fault.kind) if fault is not None else None
    if fault is not None and spoil is not None:
        return spoil(fault, answer)
    if zipped and len(answer.body) > WORTH_ZIPPING:
        return _labelled(answer, gzip.compress(answer.body, 1, mtime=0))
    return Wire(answer, iter([answer.body]), len(answer.body))


def _labelled(answer: Answer, body: bytes) -> Wire:
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    labelled = Answer(answer.status, body, answer.content_type, headers, answer.cells)
    return Wire(labelled, iter([body]), len(body))


def _drip(fault: Fault, answer: Answer) -> Wire:
    pieces = (answer.body[place : place + 1] for place in range(len(answer.body)))
    return Wire(answer, pieces, len(answer.body), pause=fault.seconds or 0.9)


def _cut(_: Fault, answer: Answer) -> Wire:
    return Wire(answer, iter([_half(answer.body)]), len(answer.body), hang_up=True)


def _cut_chunked(_: Fault, answer: Answer) -> Wire:
    return Wire(answer, iter([_half(answer.body)]), None, hang_up=True)


def _endless(fault: Fault, answer: Answer) -> Wire:
    def pieces() -> Iterator[bytes]:
        yield b'{"value":['
        while True:
            yield b"0," * 32_768

    return Wire(answer, pieces(), None, pause=fault.seconds)


def _truncated(_: Fault, answer: Answer) -> Wire:
    return _labelled(answer, _half(gzip.compress(answer.body, mtime=0)))


def _without_trailer(_: Fault, answer: Answer) -> Wire:
    return _labelled(answer, gzip.compress(answer.body, mtime=0)[:-8])


def _fake(_: Fault, answer: Answer) -> Wire:
    return _labelled(answer, answer.body)


def _bomb(fault: Fault, answer: Answer) -> Wire:
    squeeze, block = zlib.compressobj(9, zlib.DEFLATED, 31), bytes(1 << 20)
    whole, rest = divmod(fault.size, len(block))
    pieces = [squeeze.compress(block) for _ in range(whole)]
    return _labelled(answer, b"".join([*pieces, squeeze.compress(block[:rest]), squeeze.flush()]))


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]


_SPOILERS: Mapping[str, Callable[[Fault, Answer], Wire]] = {
    "drip": _drip,
    "cut": _cut,
    "cut_chunked": _cut_chunked,
    "endless": _endless,
    "truncate_gzip": _truncated,
    "gzip_no_trailer": _without_trailer,
    "fake_gzip": _fake,
    "bomb": _bomb,
}
