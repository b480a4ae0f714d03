"""Reading what a client asks of v2 data: from the address, or from a posted body."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from .answers import Call, Problem
from .selection import Placement, Wanted

_COMMA = re.compile(r",(?=[^\]]*(?:\[|$))")  # a comma between brackets belongs to an expression
_PLAIN = {"px", "json-stat2", "json-px", "parquet"}
_PARAMS = {
    *("usecodes", "usetexts", "usecodesandtexts", "includetitle"),
    *("separatortab", "separatorspace", "separatorsemicolon"),
}


def posted(call: Call) -> tuple[list[Wanted], Placement]:
    """Read the body of a POST; nothing is asked for where it is empty."""
    if not call.body.strip():
        return [], Placement()
    if "json" not in call.headers.get("content-type", ""):
        raise Problem.titled("Unsupported Media Type", http=415, status=415)
    document = json_object(call.body)
    return wanted(document.get("selection") or []), placement(document)


def written(call: Call) -> tuple[list[Wanted], Placement]:
    """Read the address of a GET: ``valueCodes[VAR]=a,[range(b,c)]&codelist[VAR]=...``."""
    for key, name in call.names.items():
        if key.startswith("valuecodes") and not re.fullmatch(r"valuecodes\[.+\]", key):
            sentence = f"valuecodes-parameter should be like valuecodes[<variable>]. {name} is not."
            raise invalid({"valuecodes": [sentence]})
    lists = call.bracketed("codelist")
    asked = [
        Wanted(code, [_unwrapped(item) for item in _COMMA.split(text)], lists.get(code, ""))
        for code, text in call.bracketed("valuecodes").items()
    ]
    heading, stub = ([code for code in call.get(side).split(",") if code] for side in ("heading", "stub"))
    return asked, Placement(heading, stub)


def wanted(selection: Any) -> list[Wanted]:
    """Read the ``selection`` array of a body."""
    asked = []
    for item in selection if isinstance(selection, list) else [None]:
        if not isinstance(item, dict) or not isinstance(item.get("variableCode"), str):
            raise invalid({"VariableCode": ["The VariableCode field is required."]})
        codes = item.get("valueCodes") or []
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise invalid({"ValueCodes": ["An array of strings is required."]})
        asked.append(Wanted(item["variableCode"], codes, item.get("codelist") or ""))
    return asked


def placement(document: Mapping[str, Any]) -> Placement:
    """Read the ``placement`` of a body."""
    told = document.get("placement") or {}
    return Placement(told.get("heading") or [], told.get("stub") or [])


def output_format(call: Call, formats: Sequence[str], default: str = "json-stat2") -> str:
    """Read the output format, with its parameters checked against it."""
    name = call.get("outputFormat").lower() or default
    params = {param.strip().lower() for param in call.get("outputFormatParams").split(",") if param.strip()}
    refused = (
        name not in formats
        or not params <= _PARAMS
        or (params and name in _PLAIN)
        or (name != "csv" and any(param.startswith("separator") for param in params))
    )
    if refused:
        raise Problem.titled("Unsupported output format", detail="Unsupported output format")
    return name


def number(call: Call, name: str, default: int) -> int:
    """Read a whole number from the address."""
    text = call.get(name)
    if not re.fullmatch(r"-?\d{0,9}", text):
        raise invalid({name: [f"The value '{text}' is not valid for {name}."]})
    return int(text or default)


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid({"": ["A valid JSON object is required."]}) from None
    if not isinstance(document, dict):
        raise invalid({"": ["A JSON object is required."]})
    return document


def invalid(errors: Mapping[str, Sequence[str]]) -> Problem:
    """Refuse as ASP.NET does what it cannot bind to the parameters."""
    body = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": errors,
    }
    return Problem(400, body=orjson.dumps(body))


def _unwrapped(item: str) -> str:
    return item[1:-1] if item.startswith("[") and item.endswith("]") else item.strip()
