"""Klass, Statistics Norway's classifications: codes, changes, correspondences and versions at a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import orjson

from .answers import Answer, Call, Problem

FOREVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class KlassCode:
    """One code over the time it holds; the end is exclusive and empty where it is open."""

    code: str
    name: str
    valid_from: str = "1900-01-01"
    valid_to: str = ""
    level: str = "1"
    parent: str | None = None
    short_name: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class KlassChange:
    """One code that took the place of another; an empty side was created or ceased."""

    occurred: str
    old: KlassCode | None = None
    new: KlassCode | None = None


@dataclass(frozen=True, slots=True)
class KlassMap:
    """One pair of codes of two classifications over the time it holds."""

    source: KlassCode
    target: KlassCode
    valid_from: str = "1900-01-01"
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class KlassVersion:
    """One version of a classification, for its id and its dates."""

    id: int
    name: str
    valid_from: str
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class KlassClassification:
    """One classification with all its codes, changes and correspondences (target id -> pairs)."""

    id: int
    name: str
    codes: Sequence[KlassCode] = ()
    changes: Sequence[KlassChange] = ()
    correspondences: Mapping[int, Sequence[KlassMap]] = ()  # type: ignore[assignment]
    versions: Sequence[KlassVersion] = ()


@dataclass(frozen=True, slots=True)
class Klass:
    """The Klass API over a set of classifications."""

    classifications: Mapping[int, KlassClassification]

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root: XML, unless JSON or csv is asked for."""
        accept = call.headers.get("accept", "")
        kind = "json" if "json" in accept else "csv" if "csv" in accept or "text/plain" in accept else "xml"
        try:
            document = self._route(call)
        except _Refusal as refusal:
            raise refusal.problem(kind, call) from None
        return _WRITERS[kind](document)

    def _route(self, call: Call) -> dict[str, Any]:
        match call.segments:
            case ["classifications"]:
                listed = [_brief(item, call.base) for item in self.classifications.values()]
                total = len(listed)
                page = {"size": 20, "totalElements": total, "totalPages": 1, "number": 0}
                return {"_embedded": {"classifications": listed}, "page": page}
            case ["classifications", id]:
                return _whole(self._named(id), call.base)
            case ["classifications", id, part] if part in _PARTS:
                return _PARTS[part](self._named(id), call)
            case ["versions", id]:
                return self._version(id)
        raise _Refusal(404, "Not Found")

    def _named(self, id: str) -> KlassClassification:
        if not id.isdigit() or int(id) not in self.classifications:
            raise _Refusal(404, f"Classification not found with id = {id}")
        return self.classifications[int(id)]

    def _version(self, id: str) -> dict[str, Any]:
        for item in self.classifications.values():
            for version in item.versions:
                if str(version.id) == id:
                    end = version.valid_to or FOREVER
                    held = [code for code in item.codes if _overlap(code, version.valid_from, end)]
                    items = [_item(code) for code in held]
                    return _dated(version) | {"classificationItems": items}
        raise _Refusal(404, f"Classification version not found with id = {id}")


def _codes(item: KlassClassification, call: Call) -> dict[str, Any]:
    start, end = _range(call)
    return {"codes": [_code(code, start, end) for code in _selected(item, call) if _overlap(code, start, end)]}


def _codes_at(item: KlassClassification, call: Call) -> dict[str, Any]:
    date = _date(call, "date")
    return {"codes": [_code(code, date, "") for code in _selected(item, call) if _overlap(code, date, date)]}


def _changes(item: KlassClassification, call: Call) -> dict[str, Any]:
    start, end = _range(call)
    return {"codeChanges": [_change(change) for change in item.changes if start < change.occurred <= end]}


def _corresponds(item: KlassClassification, call: Call) -> dict[str, Any]:
    start, end = _range(call)
    held = [pair for pair in _pairs(item, call) if _overlap(pair, start, end)]
    return {"correspondenceItems": [_pair(pair, start, end) for pair in held]}


def _corresponds_at(item: KlassClassification, call: Call) -> dict[str, Any]:
    date = _date(call, "date")
    return {"correspondenceItems": [_pair(pair, "", "") for pair in _pairs(item, call) if _overlap(pair, date, date)]}


_PARTS: Mapping[str, Callable[[KlassClassification, Call], dict[str, Any]]] = {
    "codes": _codes,
    "codesAt": _codes_at,
    "changes": _changes,
    "corresponds": _corresponds,
    "correspondsAt": _corresponds_at,
}


class _Refusal(Exception):  # noqa: N818 - a refusal before its shape is known
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence

    def problem(self, kind: str, call: Call) -> Problem:
        if kind == "csv":
            return Problem(self.status, body=self.sentence.encode(), content_type="text/plain;charset=UTF-8")
        title = "Not Found" if self.status == 404 else "Bad Request"
        detail = {"type": "about:blank", "title": title, "status": self.status, "detail": self.sentence}
        if kind == "xml":
            fields = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in detail.items())
            return Problem(self.status, body=f"<problem>{fields}</problem>".encode(), content_type="application/xml")
        detail["instance"] = "/" + "/".join(call.segments)
        return Problem(self.status, body=orjson.dumps(detail), content_type="application/problem+json")


def _date(call: Call, name: str, default: str | None = None) -> str:
    text = call.get(name) or default
    if text is None:
        raise _Refusal(400, f"Required parameter '{name}' is not present.")
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdigit() for part in parts):
        raise _Refusal(400, f"Parameter '{name}' with value '{text}' could not be converted to type 'LocalDate'")
    return text


def _range(call: Call) -> tuple[str, str]:
    start, end = _date(call, "from"), _date(call, "to", FOREVER)
    if end < start:
        raise _Refusal(400, "From date is after to date")
    return start, end


def _overlap(held: KlassCode | KlassMap, start: str, end: str) -> bool:
    until = held.valid_to or FOREVER
    return held.valid_from <= start < until if start == end else held.valid_from < end and start < until


def _selected(item: KlassClassification, call: Call) -> list[KlassCode]:
    level, chosen = call.get("selectLevel"), call.get("selectCodes")
    patterns = [part.strip() for part in chosen.split(",") if part.strip()]
    fits = [code for code in item.codes if not level or code.level == level]
    return [code for code in fits if not patterns or any(_matches(code.code, pattern) for pattern in patterns)]


def _matches(code: str, pattern: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def _pairs(item: KlassClassification, call: Call) -> Sequence[KlassMap]:
    target = call.get("targetClassificationId")
    tables = {str(id): pairs for id, pairs in dict(item.correspondences).items()}
    if target not in tables:
        raise _Refusal(404, f"Classification {item.id} has no correspondence table with classification {target}")
    return tables[target]


def _code(code: KlassCode, start: str, end: str) -> dict[str, Any]:
    ranged = bool(end)
    return {
        "code": code.code,
        "parentCode": code.parent,
        "level": code.level,
        "name": code.name,
        "shortName": code.short_name,
        "presentationName": "",
        "validFrom": None,
        "validTo": None,
        "validFromInRequestedRange": max(code.valid_from, start) if ranged else None,
        "validToInRequestedRange": _end(code.valid_to, end) if ranged else None,
        "notes": code.notes,
    }


def _end(valid_to: str, end: str) -> str | None:
    first = min(valid_to or FOREVER, end)
    return None if first == FOREVER else first


def _item(code: KlassCode) -> dict[str, Any]:
    return {
        "code": code.code,
        "parentCode": code.parent,
        "level": code.level,
        "name": code.name,
        "shortName": code.short_name,
        "notes": code.notes,
    }


def _change(change: KlassChange) -> dict[str, Any]:
    sides: dict[str, Any] = {}
    for side, code in (("old", change.old), ("new", change.new)):
        sides[f"{side}Code"] = code.code if code else None
        sides[f"{side}Name"] = code.name if code else None
        sides[f"{side}ShortName"] = code.short_name if code else None
    return sides | {"changeOccurred": change.occurred}


def _pair(pair: KlassMap, start: str, end: str) -> dict[str, Any]:
    sides: dict[str, Any] = {}
    for side, code in (("source", pair.source), ("target", pair.target)):
        sides |= {f"{side}Code": code.code, f"{side}Name": code.name, f"{side}ShortName": code.short_name}
    dates = {"validFrom": max(pair.valid_from, start), "validTo": _end(pair.valid_to, end)} if end else {}
    return sides | dates


def _brief(item: KlassClassification, base: str) -> dict[str, Any]:
    return {"name": item.name, "_links": {"self": {"href": f"{base}/classifications/{item.id}"}}}


def _whole(item: KlassClassification, base: str) -> dict[str, Any]:
    versions = [
        _dated(version) | {"_links": {"self": {"href": f"{base}/versions/{version.id}"}}} for version in item.versions
    ]
    return {"name": item.name, "versions": versions} | {"_links": _brief(item, base)["_links"]}


def _dated(version: KlassVersion) -> dict[str, Any]:
    dates = {"validFrom": version.valid_from} | ({"validTo": version.valid_to} if version.valid_to else {})
    return {"name": version.name, "id": version.id} | dates


def _xml(document: Any) -> Answer:
    def element(name: str, held: Any) -> str:
        if isinstance(held, list):
            return "".join(element(name.rstrip("s"), item) for item in held)
        inner = (
            "".join(element(key, value) for key, value in held.items()) if isinstance(held, dict) else escape(str(held))
        )
        return f"<{name}>{inner}</{name}>"

    return Answer(200, element("klass", document).encode(), "application/xml;charset=UTF-8")


def _csv(document: dict[str, Any]) -> Answer:
    rows = next((rows for rows in document.values() if isinstance(rows, list)), [])
    names = list(rows[0]) if rows else []
    lines = [",".join(f'"{name}"' for name in names)]
    lines += [",".join(f'"{row[name] if row[name] is not None else ""}"' for name in names) for row in rows]
    return Answer(200, "\n".join(lines).encode("iso-8859-1", "replace"), "text/csv;charset=ISO-8859-1")


_WRITERS: Mapping[str, Callable[[Any], Answer]] = {"json": Answer.json, "csv": _csv, "xml": _xml}
