r"""JSON text, read so that nothing in it is lost: each key once, each number finite, each letter as written.

orjson is fast and strict about numbers, but of two equal keys in one object it keeps the last without a word.
Whether it did is found by counting colons. A text has one colon a key, and those inside strings; so has what
orjson kept when it is written out again. A key that was lost takes its colon with it, and nothing brings one back
as long as no string spells a colon as ``\u003a``. Equal counts therefore prove that no key was lost. Where they
differ, or where that spelling occurs, the slow and exact reading decides.
"""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from nordstat.decode.values import plain_numbers
from nordstat.errors import DecodeError

Source = str | PathLike[str] | bytes | Mapping[str, Any]
"""A path, bytes, a JSON text, or a document that is parsed already."""

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, b"{\x00", b"\x00")


def read_source(source: Source) -> tuple[str, Mapping[str, Any] | bytes]:
    """Give the name of a source (empty where it has none) and its content.

    A text that begins with a brace or a bracket is a document, any other text is a path.

    Raises
    ------
    DecodeError
        Where the file cannot be read.
    """
    if isinstance(source, Mapping | bytes):
        return "", source
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        return "", _encoded(source)
    try:
        return fspath(source), Path(source).read_bytes()
    except (OSError, TypeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        where = str(source)[:200] if isinstance(source, str | PathLike) else type(source).__name__
        raise DecodeError(
            f"cannot be read: {reason}", where=where, hint="Give a path, bytes, a JSON text or a dict."
        ) from None


def parse(text: bytes) -> dict[str, Any]:
    """Give the object a JSON text holds, arrays of plain numbers under ``value`` packed as Arrow arrays.

    Raises
    ------
    DecodeError
        For text that is not UTF-8, not JSON or no object, for NaN, Infinity and numbers beyond the range of a
        double, for nesting without end, and for an object that has one key twice.
    """
    text = text.removeprefix(codecs.BOM_UTF8)
    try:
        root = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _not_json(text, error) from None
    if not isinstance(root, dict):
        raise DecodeError(f"not JSON-stat: the document is no object but {type(root).__name__}")
    for part in (root, *root.values()):
        _pack(part)
    if _colons_kept(root) != text.count(b":") or _spells_a_colon(text):
        _refuse_doubled_keys(text)
    return root


def plain(dataset: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a dataset that somebody else parsed, unless it says what no text in UTF-8 can; its values are read later.

    Raises
    ------
    DecodeError
        For half a character (a lone surrogate), a key that is no text, and whole numbers beyond 64 bits.
    """
    try:
        orjson.dumps({name: said for name, said in dataset.items() if name != "value"}, default=dict)
    except orjson.JSONEncodeError as error:
        raise DecodeError(f"not JSON-stat: {error}", hint="Give the text itself, as it came.") from None
    return dataset


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise DecodeError(f"no Unicode text: {error.reason}", where=f"character {error.start}") from None


def _pack(part: Any) -> None:
    """Pack the values of a dataset, before the list of them costs memory any longer."""
    if isinstance(part, dict) and isinstance(part.get("value"), list):
        numbers = plain_numbers(part["value"])
        if numbers is not None:
            part["value"] = numbers


def _colons_kept(root: dict[str, Any]) -> int:
    """Count the colons of what was read; packed numbers have none."""
    try:
        return orjson.dumps(root, default=_packed).count(b":")
    except orjson.JSONEncodeError:  # it writes 254 levels and reads 1,024
        raise DecodeError("nested deeper than any statistical document is") from None


def _spells_a_colon(text: bytes) -> bool:
    """Tell whether a colon may be written as an escape; splitting is several times quicker than searching."""
    return any(part[:5].lower() == b"u003a" for part in text.split(b"\\")[1:])


def _packed(value: Any) -> None:
    if not isinstance(value, pa.Array):
        raise TypeError(type(value).__name__)


def _not_json(text: bytes, error: orjson.JSONDecodeError) -> DecodeError:
    if text.startswith(_WIDE):
        return DecodeError("UTF-16 or UTF-32 where UTF-8 is meant", hint="JSON is UTF-8; convert the file.")
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        line = text[: wrong.start].count(b"\n") + 1
        return DecodeError(
            f"not UTF-8: byte {text[wrong.start]:#04x} at {wrong.start}",
            where=f"line {line}",
            hint="Perhaps Latin-1, as the csv of these services; ask for json-stat2, which is UTF-8.",
        )
    near = error.doc[error.pos : error.pos + 20]
    return DecodeError(
        f"not JSON: {error.msg}" + (f", near {near!r}" if near else ""),
        where=f"line {error.lineno}, column {error.colno}",
        hint="Numbers must be finite (no NaN, Infinity or 1e999) and the document whole.",
    )


@dataclass(frozen=True, slots=True)
class _Doubled:
    """Stands for an object that has keys twice."""

    keys: tuple[str, ...]


def _refuse_doubled_keys(text: bytes) -> None:
    exact = json.loads(text, object_pairs_hook=_members, parse_int=str, parse_float=str)
    if doubled := sorted(_doubled(exact, "")):
        raise DecodeError(
            f"one key twice in an object: {', '.join(doubled)}",
            where=doubled[0],
            hint="Which of the two is meant cannot be known; ask the service for the table again.",
        )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Doubled:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    return _Doubled(tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1))


def _doubled(node: Any, path: str) -> Iterator[str]:
    """Give the path of every key that stands twice."""
    if isinstance(node, _Doubled):
        yield from (f"{path}.{key}".lstrip(".") for key in node.keys)
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _doubled(child, f"{path}.{key}")
    elif isinstance(node, list):
        for position, child in enumerate(node):
            yield from _doubled(child, f"{path}[{position}]")
