"""PxWebApi v2 as SCB and SSB run it: what is asked, and how the answers are read.

Contract: the OpenAPI description of PxTools (2026-01) and the server's source, with what was seen at the two offices
in August and September 2026. Errors are told apart by status; titles and texts are passed on, not relied upon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from nordstat.model.answer import Answer, ServiceCodelist, TableMeta, Variable
from nordstat.model.selection import Query, Selection, Wish
from nordstat.sources.addresses import table_path
from nordstat.sources.body import BrokenBodyError
from nordstat.sources.budget import told
from nordstat.sources.service import Service, Terms
from nordstat.sources.wire import Request

LONGEST_ADDRESS = 2_000
"""Most characters of an address; at SSB 2,092 passed and 2,142 were "not found" (2026-09-09)."""
UNSERVABLE = frozenset("+/()<")
"""Characters in the id of a code list that the server cannot find it by, encoded or not (PxWebApi#629, 2026-07)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list of tables.

    Attributes
    ----------
    hits : tuple of Hit
        The tables on it.
    pages, tables : int
        How many pages, and how many tables, the list has by what this page says.
    """

    hits: tuple[Hit, ...]
    pages: int
    tables: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A table as a search lists it.

    Attributes
    ----------
    id, label : str
        Table id and title.
    updated, first_period, last_period : str
        As the service writes them. A table that was frozen is often not marked so (SCB, TAB638): compare
        ``last_period`` with today.
    discontinued : bool
        Whether the service marks it as closed.
    variables : tuple of str
        Labels of its variables.
    """

    id: str
    label: str
    updated: str = ""
    first_period: str = ""
    last_period: str = ""
    discontinued: bool = False
    variables: tuple[str, ...] = ()


def config(service: Service) -> Request:
    """Ask what the service allows."""
    return _get(service, "config")


def read_config(document: Any, terms: Terms) -> Terms:
    """Give what the service allows, or what was taken for granted where it does not say."""
    found = _object(document)
    cells = found.get("maxDataCells")
    pace = told(found.get("maxCallsPerTimeWindow"), found.get("timeWindow"))
    return Terms(cells if isinstance(cells, int) and cells > 0 else terms.cells, pace or terms.pace, terms.values)


def table(service: Service, id: str, *, language: str) -> Request:
    """Ask for the metadata of a table."""
    return _get(service, f"tables/{table_path(id)}/metadata", table=id, lang=language)


def read_table(document: Any, answer: Answer, *, language: str, geo: frozenset[str]) -> TableMeta:
    """Give a table as its metadata describe it.

    ``elimination`` is read here and nowhere else: in an answer with data the same word means "the total is in it".

    Parameters
    ----------
    document : object
        The JSON document.
    answer : Answer
        The answer it stands in.
    language : str
        Language it was asked in.
    geo : frozenset of str
        Variables that are areas although the metadata do not say so.
    """
    found = _object(document, "id", "dimension")
    roles = _object(found.get("role") or {})
    geo = geo | set(roles.get("geo") or ())
    time = frozenset(roles.get("time") or ())
    variables = [
        _variable(code, _object(found["dimension"].get(code)), language, time=code in time, geo=code in geo)
        for code in found["id"]
    ]
    return TableMeta(
        service=answer.service,
        id=answer.table,
        title=str(found.get("label", "")),
        updated=str(found.get("updated", "")),
        variables=tuple(variables),
        notes=tuple(map(str, found.get("note") or ())),
        answer=answer,
    )


def codelist(service: Service, id: str, *, language: str, table: str = "") -> Request:
    """Ask for a code list; its id may hold any letter, ``agg_Ålder10årJ``."""
    return _get(service, f"codelists/{quote(id, safe='')}", table=table, lang=language)


def read_codelist(document: Any) -> ServiceCodelist:
    """Give a code list and what each of its codes is made of."""
    found = _object(document, "id", "values")
    values = [_object(value, "code") for value in found["values"]]
    return ServiceCodelist(
        id=found["id"],
        label=str(found.get("label", "")),
        values={value["code"]: str(value.get("label", value["code"])) for value in values},
        members={value["code"]: tuple(value.get("valueMap") or ()) for value in values},
    )


def search(service: Service, words: str, *, language: str, page: int = 1, past_days: int = 0) -> Request:
    """Ask for the tables that match some words (a Lucene query), or that changed lately."""
    wanted = {
        "query": words,
        "lang": language,
        "pageNumber": str(page),
        "pageSize": "100",
        "includeDiscontinued": "true",
    }
    return _get(service, "tables", **wanted, **({"pastDays": str(past_days)} if past_days else {}))


def read_search(document: Any) -> Page:
    """Give a page of a list of tables."""
    found = _object(document, "tables")
    hits = tuple(_hit(_object(entry, "id")) for entry in found["tables"])
    told = _object(found.get("page") or {})
    return Page(hits, int(told.get("totalPages", 1)), int(told.get("totalElements", len(hits))))


def saved_query(service: Service, id: str) -> Request:
    """Ask for a saved query."""
    return _get(service, f"savedqueries/{quote(id, safe='')}")


def read_saved_query(document: Any) -> tuple[str, Selection]:
    """Give the table of a saved query, and its selection.

    A variable that the query leaves out is one that it has summed away.
    """
    query = _object(_object(document, "savedQuery")["savedQuery"], "tableId", "selection")
    items = [_object(item, "variableCode") for item in _object(query["selection"], "selection")["selection"] or ()]
    wishes = (Wish(i["variableCode"], tuple(i.get("valueCodes") or ("*",)), i.get("codelist") or "") for i in items)
    return str(query["tableId"]), Selection(tuple(wishes), origin=f"saved query {_object(document).get('id', '')}")


def data(service: Service, query: Query) -> Request:
    """Ask for cells, by POST: its length has no limit, and codes need no brackets or escapes in it."""
    selection = [
        {"variableCode": choice.variable, "valueCodes": choice.codes}
        | ({"codelist": choice.codelist} if choice.codelist else {})
        for choice in query.choices
    ]
    language = query.language or service.languages[0]
    address = _get(service, f"tables/{table_path(query.table)}/data", lang=language, outputFormat="json-stat2").url
    return Request("POST", address, service.name, query.table, orjson.dumps({"selection": selection}))


def data_address(service: Service, query: Query) -> str:
    """Give an address that shows the same cells to anybody, for citing; empty where it would be too long.

    A code with a comma goes into brackets, or the server would split it; ``+`` becomes ``%2B`` (PxWeb#663).
    """
    wanted = {"lang": query.language or service.languages[0], "outputFormat": "json-stat2"}
    for choice in query.choices:
        codes = (f"[{code}]" if "," in code else code for code in choice.codes)
        wanted[f"valueCodes[{choice.variable}]"] = ",".join(codes)
        if choice.codelist:
            wanted[f"codelist[{choice.variable}]"] = choice.codelist
    address = _get(service, f"tables/{table_path(query.table)}/data", **wanted).url
    return address if len(address) <= LONGEST_ADDRESS else ""


def _get(service: Service, path: str, *, table: str = "", **wanted: str) -> Request:
    address = f"{service.interfaces['v2'].address}/{path}"
    return Request("GET", f"{address}?{urlencode(wanted, safe='[],*')}" if wanted else address, service.name, table)


def _variable(code: str, found: Mapping[str, Any], language: str, *, time: bool, geo: bool) -> Variable:
    category, extension = _object(found.get("category"), "index"), _object(found.get("extension") or {})
    labels, units = category.get("label") or {}, category.get("unit") or {}
    return Variable(
        code=code,
        labels={language: str(found.get("label") or code)},
        values={value: str(labels.get(value) or value) for value in _in_order(category["index"])},
        elimination=extension.get("elimination") is True,
        time=time,
        geo=geo,
        codelists={str(entry["id"]): str(entry.get("label", "")) for entry in extension.get("codelists") or ()},
        units={value: str(unit.get("base", "")) for value, unit in units.items()},
    )


def _in_order(index: Any) -> Sequence[str]:
    """Give the codes by position: PxWeb sends an object, JSON-stat would allow a list."""
    if isinstance(index, Mapping):
        return sorted(index, key=index.__getitem__)
    return [str(code) for code in index]


def _hit(entry: Mapping[str, Any]) -> Hit:
    return Hit(
        id=str(entry["id"]),
        label=str(entry.get("label", "")),
        updated=str(entry.get("updated") or ""),
        first_period=str(entry.get("firstPeriod") or ""),
        last_period=str(entry.get("lastPeriod") or ""),
        discontinued=entry.get("discontinued") is True,
        variables=tuple(map(str, entry.get("variableNames") or ())),
    )


def _object(document: Any, *keys: str) -> Mapping[str, Any]:
    if not isinstance(document, Mapping) or not document.keys() >= set(keys):
        raise BrokenBodyError(f"JSON without {' and '.join(keys) or 'an object'}")
    return document
