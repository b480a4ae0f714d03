"""Klass, Statistics Norway's classifications: codes, changes, correspondences and versions at a date.

Follows statisticsnorway/klass@d42a62f3: a range includes its start and not its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .answers import Answer, Call
from .classifications import KlassChange, KlassClassification, KlassCode, KlassMap, KlassVersion
from .klass_writing import Refusal, kind_of, refused, write

FOREVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Klass:
    """The Klass API over a set of classifications."""

    classifications: Mapping[int, KlassClassification]

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root, in the form its ``Accept`` asks for."""
        kind = kind_of(call)
        try:
            return write(self._document(call), kind)
        except Refusal as refusal:
            raise refused(refusal, kind, call) from None

    def _document(self, call: Call) -> dict[str, Any]:
        match call.segments:
            case ["classifications"]:
                return self._list(call)
            case ["classifications", name]:
                return _whole(self._named(name), call)
            case ["classifications", name, part] if part in _PARTS:
                return _PARTS[part](self._named(name), call)
            case ["versions", name]:
                return self._version(name)
        raise Refusal(404, "Not Found")

    def _named(self, name: str) -> KlassClassification:
        if not name.isdigit() or int(name) not in self.classifications:
            raise Refusal(404, f"Classification not found with id = {name}")
        return self.classifications[int(name)]

    def _list(self, call: Call) -> dict[str, Any]:
        listed = [{"name": item.name, "_links": _self(item, call)} for item in self.classifications.values()]
        page = {"size": 20, "totalElements": len(listed), "totalPages": 1, "number": 0}
        return {"_embedded": {"classifications": listed}, "page": page}

    def _version(self, name: str) -> dict[str, Any]:
        for item in self.classifications.values():
            for version in item.versions:
                if str(version.id) == name:
                    end = version.valid_to or FOREVER
                    held = [_code(code) for code in item.codes if _holds(code, version.valid_from, end)]
                    return _dated(version) | {"classificationItems": held}
        raise Refusal(404, f"Classification version not found with id = {name}")


def _codes(item: KlassClassification, call: Call) -> dict[str, Any]:
    start, end = _range(call)
    held = [code for code in _selected(item, call) if _holds(code, start, end)]
    spans = [_span(code, start, end) for code in held]
    return {
        "codes": [
            _code(code) | {"validFromInRequestedRange": since, "validToInRequestedRange": until}
            for code, (since, until) in zip(held, spans, strict=True)
        ]
    }


def _codes_at(item: KlassClassification, call: Call) -> dict[str, Any]:
    date = _date(call, "date")
    return {"codes": [_code(code) for code in _selected(item, call) if _at(code, date)]}


def _changes(item: KlassClassification, call: Call) -> dict[str, Any]:
    """List the changes between the versions in a range; the start of the first of them is no change."""
    start, end = _range(call)
    return {"codeChanges": [_change(change) for change in item.changes if start < change.occurred < end]}


def _corresponds(item: KlassClassification, call: Call) -> dict[str, Any]:
    start, end = _range(call)
    held = [pair for pair in _pairs(item, call) if _holds(pair, start, end)]
    spans = [_span(pair, start, end) for pair in held]
    return {
        "correspondenceItems": [
            _pair(pair) | {"validFrom": since, "validTo": until}
            for pair, (since, until) in zip(held, spans, strict=True)
        ]
    }


def _corresponds_at(item: KlassClassification, call: Call) -> dict[str, Any]:
    date = _date(call, "date")
    return {"correspondenceItems": [_pair(pair) for pair in _pairs(item, call) if _at(pair, date)]}


_PARTS: Mapping[str, Callable[[KlassClassification, Call], dict[str, Any]]] = {
    "codes": _codes,
    "codesAt": _codes_at,
    "changes": _changes,
    "corresponds": _corresponds,
    "correspondsAt": _corresponds_at,
}


def _date(call: Call, name: str, default: str = "") -> str:
    text = call.get(name) or default
    if not text:
        raise Refusal(400, f"Required request parameter '{name}' for method parameter type LocalDate is not present")
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdigit() for part in parts):
        raise Refusal(400, f"Failed to convert value of type 'String' to required type 'LocalDate' for value [{text}]")
    return text


def _range(call: Call) -> tuple[str, str]:
    start, end = _date(call, "from"), _date(call, "to", FOREVER)
    if end <= start:
        raise Refusal(400, f"From is equal or after to. From: {start} To: {end}")
    return start, end


def _holds(held: KlassCode | KlassMap, start: str, end: str) -> bool:
    return held.valid_from < end and start < (held.valid_to or FOREVER)


def _at(held: KlassCode | KlassMap, date: str) -> bool:
    return held.valid_from <= date < (held.valid_to or FOREVER)


def _span(held: KlassCode | KlassMap, start: str, end: str) -> tuple[str, str | None]:
    until = min(held.valid_to or FOREVER, end)
    return max(held.valid_from, start), None if until == FOREVER else until


def _selected(item: KlassClassification, call: Call) -> list[KlassCode]:
    level = call.get("selectLevel")
    patterns = [part.strip() for part in call.get("selectCodes").split(",") if part.strip()]
    future = call.get("includeFuture").lower() == "true"
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    shown = [code for code in item.codes if (future or code.valid_from <= today) and level in ("", code.level)]
    return sorted(
        (code for code in shown if not patterns or any(_matches(code.code, pattern) for pattern in patterns)),
        key=lambda code: (code.code, code.valid_from),
    )


def _matches(code: str, pattern: str) -> bool:
    first, dash, last = pattern.partition("-")
    if dash:
        return first <= code <= last
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def _pairs(item: KlassClassification, call: Call) -> Sequence[KlassMap]:
    target = call.get("targetClassificationId")
    if not target.isdigit() or int(target) not in item.correspondences:
        raise Refusal(404, f"Classification {item.id} has no correspondence table with classification {target}")
    return item.correspondences[int(target)]


def _code(code: KlassCode) -> dict[str, Any]:
    return {
        "code": code.code,
        "parentCode": code.parent,
        "level": code.level,
        "name": code.name,
        "shortName": code.short_name,
        "presentationName": "",
        "validFrom": None,
        "validTo": None,
        "notes": code.notes,
    }


def _change(change: KlassChange) -> dict[str, Any]:
    return _side("old", change.old) | _side("new", change.new) | {"changeOccurred": change.occurred}


def _pair(pair: KlassMap) -> dict[str, Any]:
    return _side("source", pair.source) | _side("target", pair.target)


def _side(side: str, code: KlassCode | None) -> dict[str, Any]:
    told = (code.code, code.name, code.short_name) if code is not None else (None, None, None)
    return dict(zip((f"{side}Code", f"{side}Name", f"{side}ShortName"), told, strict=True))


def _whole(item: KlassClassification, call: Call) -> dict[str, Any]:
    versions = [
        _dated(version) | {"_links": {"self": {"href": f"{call.base}/versions/{version.id}"}}}
        for version in item.versions
    ]
    return {"name": item.name, "id": item.id, "versions": versions, "_links": _self(item, call)}


def _self(item: KlassClassification, call: Call) -> dict[str, Any]:
    return {"self": {"href": f"{call.base}/classifications/{item.id}"}}


def _dated(version: KlassVersion) -> dict[str, Any]:
    until = {"validTo": version.valid_to} if version.valid_to else {}
    return {"name": version.name, "id": version.id, "validFrom": version.valid_from} | until
