"""PxWeb v1 as SCB, SSB and the Nordic Statistics Database run it: what is asked, and how the answers are read.

There is one address a table: GET gives its metadata, POST its data. Metadata leave out ``elimination`` and ``time``
where they are false, and name no code lists. A variable that is left out of a query is eliminated where it can be and
else taken whole; nordstat leaves out only what it wants eliminated, so that v1 and v2 give the same cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from nordstat.model.answer import Answer, TableMeta, Variable
from nordstat.model.selection import Choice, Query
from nordstat.sources.addresses import table_path
from nordstat.sources.body import BrokenBodyError
from nordstat.sources.budget import told
from nordstat.sources.pxweb2 import Hit, Page
from nordstat.sources.service import Service, Terms
from nordstat.sources.wire import Request


def config(service: Service) -> Request:
    """Ask what the service allows."""
    return Request("GET", f"{_base(service, service.languages[0])}/?config", service.name)


def read_config(document: Any, terms: Terms) -> Terms:
    """Give what the service allows, or what was taken for granted where it does not say."""
    if not isinstance(document, Mapping):
        raise BrokenBodyError("JSON that is no configuration")
    cells, values = (document.get(key) for key in ("maxCells", "maxValues"))
    return Terms(
        cells if isinstance(cells, int) and cells > 0 else terms.cells,
        told(document.get("maxCalls"), document.get("timeWindow")) or terms.pace,
        values if isinstance(values, int) and values > 0 else terms.values,
    )


def table(service: Service, id: str, *, language: str) -> Request:
    """Ask for the metadata of a table."""
    return Request("GET", _address(service, id, language), service.name, id)


def read_table(document: Any, answer: Answer, *, language: str, geo: frozenset[str]) -> TableMeta:
    """Give a table as its metadata describe it."""
    if not isinstance(document, Mapping) or not isinstance(document.get("variables"), list):
        raise BrokenBodyError("JSON that describes no table")
    return TableMeta(
        service=answer.service,
        id=answer.table,
        title=str(document.get("title", "")),
        updated="",
        variables=tuple(_variable(found, language, geo) for found in document["variables"]),
        notes=(),
        answer=answer,
    )


def search(service: Service, words: str, *, language: str, page: int = 1, past_days: int = 0) -> Request:
    """Ask for the tables whose title matches some words; SCB refuses this with 400 (2026-08-28)."""
    del page, past_days  # v1 has no pages and no "lately"
    interface = service.interfaces["v1"]
    address = f"{_base(service, language)}/{quote(interface.database)}".rstrip("/")
    return Request("GET", f"{address}/?{urlencode({'query': words, 'filter': 'title'})}", service.name)


def read_search(document: Any) -> Page:
    """Give the tables found, on one page."""
    if not isinstance(document, list) or not all(isinstance(entry, Mapping) and "id" in entry for entry in document):
        raise BrokenBodyError("JSON that is no list of tables")
    hits = (
        Hit(str(e["id"]), str(e.get("title") or e.get("text") or ""), str(e.get("published") or "")) for e in document
    )
    return Page(tuple(hits), pages=1, tables=len(document))


def data(service: Service, query: Query) -> Request:
    """Ask for cells. The format is always named: SCB would answer in PX without it, SSB in JSON-stat (2026-08-28)."""
    selection = [{"code": choice.variable, "selection": _filter(choice)} for choice in query.choices]
    body = orjson.dumps({"query": selection, "response": {"format": "json-stat2"}})
    address = _address(service, query.table, query.language or service.languages[0])
    return Request("POST", address, service.name, query.table, body)


def _filter(choice: Choice) -> dict[str, Any]:
    """Give the filter: code lists are ``agg:X`` and ``vs:X`` here where v2 writes ``agg_X`` and ``vs_X``."""
    kind, _, name = choice.codelist.partition("_")
    return {"filter": f"{kind}:{name}" if choice.codelist else "item", "values": choice.codes}


def _base(service: Service, language: str) -> str:
    return service.interfaces["v1"].address.replace("{language}", quote(language))


def _address(service: Service, id: str, language: str) -> str:
    database = service.interfaces["v1"].database
    return "/".join(part for part in (_base(service, language), quote(database), table_path(id)) if part)


def _variable(found: Any, language: str, geo: frozenset[str]) -> Variable:
    if not isinstance(found, Mapping) or not found.keys() >= {"code", "values"}:
        raise BrokenBodyError("JSON with a variable that has no code or no values")
    codes = [str(code) for code in found["values"]]
    labels = [str(label) for label in found.get("valueTexts") or codes]
    if len(labels) != len(codes) or len(set(codes)) != len(codes):
        raise BrokenBodyError(f"JSON in which the values and texts of {found['code']} do not pair")
    return Variable(
        code=str(found["code"]),
        labels={language: str(found.get("text", found["code"]))},
        values=dict(zip(codes, labels, strict=True)),
        elimination=found.get("elimination") is True,
        time=found.get("time") is True,
        geo=str(found["code"]) in geo,
    )
