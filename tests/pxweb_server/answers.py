"""Requests as they came, and answers before they meet the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import orjson

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, taken apart.

    Attributes
    ----------
    segments : tuple of str
        The decoded path below the API's own root.
    query : mapping of str to str
        Lower-cased name -> value; repeated names are joined with commas, as ASP.NET does.
    names : mapping of str to str
        Lower-cased name -> the name as spelled.
    base : str
        Address of the API's root, for links.
    """

    method: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    names: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str
    length: int

    def get(self, name: str, default: str = "") -> str:
        """Give a query parameter, its name in any case."""
        return self.query.get(name.lower(), default)

    def bracketed(self, name: str) -> dict[str, str]:
        """Give the parameters written ``name[KEY]=value`` by key."""
        start = f"{name.lower()}["
        return {
            self.names[key][len(start) : -1]: value
            for key, value in self.query.items()
            if key.startswith(start) and key.endswith("]")
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its headers; ``cells`` counts what a data answer holds."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    cells: int = 0

    def carrying(self, body: bytes, content_type: str = "") -> Answer:
        """Give the same answer with another body."""
        return replace(self, body=body, content_type=content_type or self.content_type)

    @classmethod
    def json(cls, document: Any, *, status: int = 200, cells: int = 0) -> Self:
        """Write a document as compact UTF-8 JSON."""
        return cls(status, orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY), JSON, cells=cells)

    @classmethod
    def text(cls, words: str, *, status: int = 200, content_type: str = "text/plain; charset=utf-8") -> Self:
        """Write bare words."""
        return cls(status, words.encode("utf-8"), content_type)


class Problem(Exception):  # noqa: N818 - the service's own word for it
    """A refusal, as the body it will have."""

    def __init__(self, http: int, *, body: bytes, content_type: str = PROBLEM) -> None:
        super().__init__(http, body)
        self.answer = Answer(http, body, content_type)

    @classmethod
    def titled(cls, title: str, *, http: int = 400, status: int = 400, detail: str = "") -> Self:
        """Refuse in the words of PxWebApi v2; its body may name another status than the answer has."""
        body: dict[str, Any] = {"type": "Parameter error", "title": title, "status": status}
        if detail:
            body["detail"] = detail
        return cls(http, body=orjson.dumps(body))
