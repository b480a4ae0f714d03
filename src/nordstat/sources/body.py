"""Bodies: the bytes of an answer, decoded under a cap, and the JSON in them or the reason there is none."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import Any

import orjson
import requests

_CHUNK = 65_536
_EXCERPT = 200
_GZIP = 16 + zlib.MAX_WBITS


class BrokenBodyError(Exception):
    """A body that is not whole, or not what was asked for; the next try may be."""


class OversizedBodyError(Exception):
    """A body larger than the cap."""


def read_body(response: requests.Response, cap: int) -> bytes:
    """Give the decoded bytes of a streamed response, without a byte order mark.

    Parameters
    ----------
    response : Response
        Asked for with ``stream=True``.
    cap : int
        Most decoded bytes; no more than this is ever held.

    Raises
    ------
    OversizedBodyError
        Where there are more.
    BrokenBodyError
        Where the bytes are not coded as the headers say. A gzip stream that merely ends early passes here: its text is
        then no whole JSON document, which is noticed, and one that lost nothing but its checksum is whole.
    """
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip"):
        raise BrokenBodyError(f"an answer coded as {coding!r}, which was not asked for")
    inflate = zlib.decompressobj(_GZIP) if coding == "gzip" else None
    pieces, size = [], 0
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        try:
            piece = inflate.decompress(chunk, cap - size + 1) if inflate else chunk
        except zlib.error as error:
            raise BrokenBodyError(f"an answer that says it is gzip and is not ({error})") from None
        size += len(piece)
        if size > cap:
            raise OversizedBodyError(f"more than {cap:,} bytes")
        pieces.append(piece)
    return b"".join(pieces).removeprefix(codecs.BOM_UTF8)


def read_json(body: bytes) -> Any:
    """Give the document in a body.

    Raises
    ------
    BrokenBodyError
        Where it is empty, not UTF-8 throughout, or no whole JSON document; the message quotes how it begins.
    """
    if not body.strip():
        raise BrokenBodyError("an empty answer")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = "what is not UTF-8" if _mistaken(body) else "no whole JSON"
        raise BrokenBodyError(f"{reason} ({error}): {excerpt(body)!r}") from None


def own_words(body: bytes) -> tuple[str, str]:
    """Give title and detail of an error body, in the answer's own words.

    PxWebApi v2 and Klass send ``title`` and mostly no ``detail``, PxWeb v1 an ``error`` at SSB and bare words at SCB.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return excerpt(body), ""
    if not isinstance(document, dict):
        return "", ""
    title, detail = (document.get(key) for key in ("title", "detail"))
    if not title and isinstance(document.get("error"), str):
        title = document["error"]
    return str(title or ""), str(detail or "")


def excerpt(body: bytes) -> str:
    """Give the beginning of a body on one line, for an error message."""
    text = body[: 4 * _EXCERPT].decode("utf-8", "backslashreplace")
    return re.sub(r"\s+", " ", text).strip()[:_EXCERPT]


def _mistaken(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
