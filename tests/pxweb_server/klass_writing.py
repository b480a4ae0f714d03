"""The three forms of a Klass answer: XML unless told otherwise, JSON, and csv in Latin-1."""

from __future__ import annotations

import csv
import io
from typing import Any, Literal
from xml.sax.saxutils import escape

import orjson

from .answers import Answer, Call, Problem

Kind = Literal["xml", "json", "csv"]


class Refusal(Exception):  # noqa: N818 - a refusal whose form is not yet known
    """A refusal in one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def kind_of(call: Call) -> Kind:
    """Read the form a call asks for."""
    accept = call.headers.get("accept", "")
    if "json" in accept:
        return "json"
    return "csv" if "csv" in accept or "text/plain" in accept else "xml"


def write(document: dict[str, Any], kind: Kind) -> Answer:
    """Write a document in a form."""
    if kind == "json":
        return Answer.json(document)
    if kind == "csv":
        return Answer(200, _csv(document).encode("iso-8859-1", "replace"), "text/csv;charset=ISO-8859-1")
    return Answer(200, _element("klass", document).encode(), "application/xml;charset=UTF-8")


def refused(refusal: Refusal, kind: Kind, call: Call) -> Problem:
    """Write a refusal in a form: Spring's problem detail, or the bare sentence."""
    if kind == "csv":
        return Problem(refusal.status, body=refusal.sentence.encode(), content_type="text/plain;charset=UTF-8")
    detail = {
        "type": "about:blank",
        "title": "Not Found" if refusal.status == 404 else "Bad Request",
        "status": refusal.status,
        "detail": refusal.sentence,
        "instance": "/" + "/".join(call.segments),
    }
    if kind == "json":
        return Problem(refusal.status, body=orjson.dumps(detail), content_type="application/problem+json")
    xml = _element("problem", detail).encode()
    return Problem(refusal.status, body=xml, content_type="application/problem+xml;charset=UTF-8")


def _csv(document: dict[str, Any]) -> str:
    rows = next((rows for rows in document.values() if isinstance(rows, list)), [])
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _element(name: str, held: Any) -> str:
    if isinstance(held, list):
        return "".join(_element(name.removesuffix("s"), item) for item in held)
    if isinstance(held, dict):
        held = "".join(_element(key, value) for key, value in held.items())
        return f"<{name}>{held}</{name}>"
    return f"<{name}>{escape(str(held))}</{name}>" if held is not None else f"<{name}/>"
