"""PxWebApi v2: tables, metadata, data, code lists, saved queries and configuration."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from . import jsonstat, texts
from .answers import Answer, Call, Problem
from .catalogue import Catalogue
from .cubes import cut, turn
from .flavours import Flavour, Limits
from .selection import Placement, Selected, Wanted, default_selection, select
from .tables import ServedTable

_SPLIT = re.compile(r",(?=[^\]]*(?:\[|$))")
_PLAIN_FORMATS = {"px", "json-stat2", "json-px", "parquet"}
_PARAMS = {
    name.lower()
    for name in (
        "UseCodes",
        "UseTexts",
        "UseCodesAndTexts",
        "IncludeTitle",
        "SeparatorTab",
        "SeparatorSpace",
        "SeparatorSemicolon",
    )
}
MOST_URL = 2_100  # SSB, 2026-09-09: 2,092 characters pass, 2,142 are "not found"


@dataclass(slots=True)
class V2:
    """The v2 API over a set of tables; it remembers the saved queries."""

    flavour: Flavour
    limits: Limits
    tables: Mapping[str, ServedTable]
    saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root."""
        if call.method == "GET" and call.length > MOST_URL:
            return Answer.text("", status=404)
        route = [segment.lower() for segment in call.segments]
        if call.get("lang") and call.get("lang").lower() not in self.flavour.languages:
            raise Problem.titled("Unsupported language")
        match call.method, route:
            case "GET", ["config"]:
                return Answer.json(configuration(self.flavour, self.limits))
            case "GET", ["tables"] | ["tables", ""]:
                return self._catalogue(call).page(call)
            case "GET", ["tables", _]:
                return self._catalogue(call).entry(self._table(call), call)
            case "GET", ["tables", _, "metadata"]:
                return self._metadata(call)
            case "GET", ["tables", _, "defaultselection"]:
                return self._default(call)
            case "GET" | "POST", ["tables", _, "data"]:
                return self._data(call)
            case "GET", ["codelists", _]:
                return self._catalogue(call).codelist(call.segments[1], call)
            case "POST", ["savedqueries"]:
                return self._save(call)
            case "GET", ["savedqueries", id, *rest] if len(rest) < 2:
                return self._saved(call, id, rest[0] if rest else "")
        return Answer.text("", status=404)

    def _catalogue(self, call: Call) -> Catalogue:
        return Catalogue(self.flavour, self.tables, call.base, self._language(call))

    def _language(self, call: Call) -> str:
        return call.get("lang").lower() or self.flavour.default_language

    def _table(self, call: Call, *, http: int = 404) -> ServedTable:
        return self._named(call.segments[1], self._language(call), http=http)

    def _named(self, id: str, language: str, *, http: int) -> ServedTable:
        table = {key.casefold(): table for key, table in self.tables.items()}.get(id.casefold())
        if table is None:
            raise Problem.titled("Non-existent table", http=http, status=404)
        return table.among(language)

    def _metadata(self, call: Call) -> Answer:
        table, lists = self._table(call), call.bracketed("codelist")
        for code, id in lists.items():
            if code not in [dimension.code for dimension in table.dimensions]:
                raise Problem.titled("Non-existent variable")
            if table.codelist(code, id) is None:
                raise Problem.titled("Non-existent codelist")
        links = self._catalogue(call).codelist_links(table)
        return Answer.json(jsonstat.metadata(table, self.flavour, links, lists))

    def _default(self, call: Call) -> Answer:
        table = self._table(call)
        wanted, placement = default_selection(table)
        link = self._catalogue(call).link("self", f"tables/{call.segments[1]}/defaultselection")
        return Answer.json(_selection(wanted, placement) | {"language": self._language(call), "links": [link]})

    def _data(self, call: Call) -> Answer:
        format = self._format(call.get("outputFormat"), call.get("outputFormatParams"))
        wanted, placement = _posted(call) if call.method == "POST" else _written(call)
        return self._run(self._table(call, http=400), wanted, placement, format)

    def _format(self, format: str, params: str) -> str:
        format = format.lower() or "json-stat2"
        asked = [param.strip().lower() for param in params.split(",") if param.strip()]
        refused = (
            format not in self.flavour.formats
            or not _PARAMS.issuperset(asked)
            or (asked and format in _PLAIN_FORMATS)
            or (format != "csv" and any(param.startswith("separator") for param in asked))
        )
        if refused:
            raise Problem.titled("Unsupported output format", detail="Unsupported output format")
        return format

    def _run(self, table: ServedTable, wanted: Sequence[Wanted], placement: Placement, format: str) -> Answer:
        if not wanted:
            wanted, placement = default_selection(table)
        selected = select(table, wanted, self.limits.cells)
        part = cut(table, selected.axes, self.flavour.sum_symbol)
        if order := _order(selected, placement, table):
            part = turn(part, order)
        if format == "json-stat2":
            return Answer.json(
                jsonstat.data(table, self.flavour, part, contents_in_title=False), cells=part.values.size
            )
        return texts.write(table, part, format)

    def _save(self, call: Call) -> Answer:
        query = _object(call.body)
        if missing := [f"{name[0].upper()}{name[1:]}" for name in _SAVED_FIELDS if name not in query]:
            raise _invalid({name: [f"The {name} field is required."] for name in missing})
        table = self._named(query["tableId"], query["language"], http=400)
        select(table, _wanted(query["selection"]["selection"]), self.limits.cells)
        id = uuid.uuid4().hex[:8]
        with self.lock:
            self.saved[id] = query | {"id": id}
        return Answer.json(self._saved_query(call, id), status=201)

    def _saved(self, call: Call, id: str, part: str) -> Answer:
        if id not in self.saved:
            raise Problem.titled("Saved query not found", http=404, status=404, detail="Saved query not found")
        query = self.saved[id]
        table = self._named(query["tableId"], call.get("lang") or query["language"], http=404)
        wanted = _wanted(query["selection"]["selection"])
        if part == "data":
            format = self._format(call.get("outputFormat") or query.get("outputFormat", ""), "")
            return self._run(table, wanted, _placement(query["selection"]), format)
        if part == "selection":
            axes = select(table, wanted, self.limits.cells).axes
            exact = [Wanted(axis.dimension.code, axis.codes) for axis in axes]
            link = self._catalogue(call).link("self", f"savedqueries/{id}/selection")
            answer = _selection(exact, _placement(query["selection"]))
            return Answer.json(answer | {"language": self._language(call), "links": [link]})
        if part:
            return Answer.text("", status=404)
        return Answer.json(self._saved_query(call, id))

    def _saved_query(self, call: Call, id: str) -> dict[str, Any]:
        query = self.saved[id]
        link = {"rel": "self", "hreflang": query["language"], "href": f"{call.base}/savedqueries/{id}"}
        return {"id": id, "language": query["language"], "savedQuery": query, "links": [link]}


_SAVED_FIELDS = ("selection", "language", "tableId", "outputFormatParams")


def configuration(flavour: Flavour, limits: Limits) -> dict[str, Any]:
    """What ``/config`` says; 0/0 means that the pace is told elsewhere, not that there is none."""
    told = limits.in_config
    return {
        "apiVersion": flavour.versions[0],
        "appVersion": flavour.versions[1],
        "languages": [{"id": id, "label": label} for id, label in flavour.languages.items()],
        "defaultLanguage": flavour.default_language,
        "maxDataCells": limits.cells,
        "maxCallsPerTimeWindow": limits.calls if told else 0,
        "timeWindow": int(limits.window) if told else 0,
        "license": flavour.license,
        "sourceReferences": [{"language": id, "text": text} for id, text in flavour.references.items()],
        "defaultDataFormat": "json-stat2",
        "dataFormats": list(flavour.formats),
        "features": [{"id": "CORS", "params": [{"key": "enabled", "value": "True"}]}],
    }


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _invalid({"": ["A valid JSON object is required."]}) from None
    if not isinstance(document, dict):
        raise _invalid({"": ["A JSON object is required."]})
    return document


def _posted(call: Call) -> tuple[list[Wanted], Placement]:
    if not call.body.strip():
        return [], Placement()
    if "json" not in call.headers.get("content-type", ""):
        raise Problem.titled("Unsupported Media Type", http=415, status=415)
    document = _object(call.body)
    return _wanted(document.get("selection") or []), _placement(document)


def _wanted(selection: Any) -> list[Wanted]:
    wanted = []
    for item in selection if isinstance(selection, list) else [None]:
        if not isinstance(item, dict) or not isinstance(item.get("variableCode"), str):
            raise _invalid({"VariableCode": ["The VariableCode field is required."]})
        codes = item.get("valueCodes") or []
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise _invalid({"ValueCodes": ["An array of strings is required."]})
        wanted.append(Wanted(item["variableCode"], codes, item.get("codelist") or ""))
    return wanted


def _placement(document: Mapping[str, Any]) -> Placement:
    placement = document.get("placement") or {}
    return Placement(placement.get("heading") or [], placement.get("stub") or [])


def _written(call: Call) -> tuple[list[Wanted], Placement]:
    loose = [name for key, name in call.names.items() if key.startswith("valuecodes") and not _bracketed(key)]
    if loose:
        raise _invalid(
            {"valuecodes": [f"valuecodes-parameter should be like valuecodes[<variable>]. {loose[0]} is not."]}
        )
    lists = call.bracketed("codelist")
    wanted = [
        Wanted(code, [_unwrapped(item) for item in _SPLIT.split(text)], lists.get(code, ""))
        for code, text in call.bracketed("valueCodes").items()
    ]
    heading, stub = ([code for code in call.get(name).split(",") if code] for name in ("heading", "stub"))
    return wanted, Placement(heading, stub)


def _bracketed(key: str) -> bool:
    return key.startswith("valuecodes[") and key.endswith("]") and len(key) > len("valuecodes[]")


def _unwrapped(item: str) -> str:
    return item[1:-1] if item.startswith("[") and item.endswith("]") else item.strip()


def _selection(wanted: Sequence[Wanted], placement: Placement) -> dict[str, Any]:
    return {
        "selection": [
            {"variableCode": item.variable, "codelist": item.codelist or None, "valueCodes": list(item.codes)}
            for item in wanted
        ],
        "placement": {"heading": list(placement.heading), "stub": list(placement.stub)},
    }


def _order(selected: Selected, placement: Placement, table: ServedTable) -> list[str]:
    if not placement.heading and not placement.stub:
        return []
    known = {axis.dimension.code.casefold(): axis.dimension.code for axis in selected.axes if axis.categories}
    if table.time is not None:
        known["time"] = table.time.code
    if any(code.casefold() not in known for code in (*placement.heading, *placement.stub)):
        raise Problem.titled("Illegal placment")
    heading, stub = ([known[code.casefold()] for code in side] for side in (placement.heading, placement.stub))
    rest = [axis.dimension.code for axis in selected.axes if axis.categories]
    rest = [code for code in rest if code not in heading and code not in stub]
    if set(heading) & set(stub) or (rest and heading and stub):
        raise Problem.titled("Illegal placment")
    return [*(stub or rest), *(heading or rest)]


def _invalid(errors: Mapping[str, Sequence[str]]) -> Problem:
    body = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": errors,
    }
    return Problem(400, body=orjson.dumps(body))
