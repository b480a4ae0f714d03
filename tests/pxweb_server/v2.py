"""PxWebApi v2: tables, metadata, data, code lists, saved queries and configuration."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from . import jsonstat, texts
from .answers import Answer, Call, Problem
from .asking import invalid, json_object, output_format, placement, posted, wanted, written
from .catalogue import Catalogue
from .cubes import Axis, cut, turn
from .defaults import default_selection
from .flavours import Flavour
from .limits import Limits
from .selection import Placement, Wanted, by_variable, select
from .tables import ServedTable

MOST_URL = 2_100  # SSB, 2026-09-09: 2,092 characters pass, 2,142 are "not found"


@dataclass(frozen=True, slots=True)
class V2:
    """The v2 API over a set of tables; ``saved`` holds the saved queries of the whole service."""

    flavour: Flavour
    limits: Limits
    tables: Mapping[str, ServedTable]
    saved: dict[str, dict[str, Any]]

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root; paths may be spelled in any case."""
        shape = "/".join("*" if place == 1 else part.lower() for place, part in enumerate(call.segments))
        route = _ROUTES.get(f"{call.method} {shape}")
        if route is None or (call.method == "GET" and call.length > MOST_URL):
            return Answer.text("", status=404)
        if call.get("lang") and call.get("lang").lower() not in self.flavour.languages:
            raise Problem.titled("Unsupported language")
        return route(self, call)

    def configuration(self, call: Call) -> Answer:
        """Answer ``/config``; 0/0 means that the pace is told elsewhere, not that there is none."""
        told = self.limits.in_config
        document = {
            "apiVersion": self.flavour.versions[0],
            "appVersion": self.flavour.versions[1],
            "languages": [{"id": key, "label": label} for key, label in self.flavour.languages.items()],
            "defaultLanguage": self.flavour.default_language,
            "maxDataCells": self.limits.cells,
            "maxCallsPerTimeWindow": self.limits.calls if told else 0,
            "timeWindow": ceil(self.limits.window) if told else 0,
            "license": self.flavour.license,
            "sourceReferences": [{"language": key, "text": text} for key, text in self.flavour.references.items()],
            "defaultDataFormat": "json-stat2",
            "dataFormats": list(self.flavour.formats),
            "features": [{"id": "CORS", "params": [{"key": "enabled", "value": "True"}]}],
        }
        return Answer.json(document)

    def listing(self, call: Call) -> Answer:
        """Answer ``/tables``."""
        return self._catalogue(call).page(call)

    def entry(self, call: Call) -> Answer:
        """Answer ``/tables/{id}``."""
        return self._catalogue(call).entry(self._table(call, call.segments[1]))

    def codelist(self, call: Call) -> Answer:
        """Answer ``/codelists/{id}``."""
        return self._catalogue(call).codelist(call.segments[1])

    def metadata(self, call: Call) -> Answer:
        """Answer ``/tables/{id}/metadata``."""
        table = self._table(call, call.segments[1])
        asked = [Wanted(code, (), name) for code, name in call.bracketed("codelist").items()]
        lists = {code: item.codelist for code, item in by_variable(table, asked).items()}
        links = self._catalogue(call).codelist_links(table)
        return Answer.json(jsonstat.metadata(table, self.flavour, links, lists))

    def default(self, call: Call) -> Answer:
        """Answer ``/tables/{id}/defaultselection``."""
        asked, placed = default_selection(self._table(call, call.segments[1]))
        return self._selection(call, asked, placed)

    def data(self, call: Call) -> Answer:
        """Answer ``/tables/{id}/data``; an unknown table is a 400 here, with 404 in the body."""
        written_as = output_format(call, self.flavour.formats)
        asked, placed = posted(call) if call.method == "POST" else written(call)
        return self._run(self._table(call, call.segments[1], http=400), asked, placed, written_as)

    def save(self, call: Call) -> Answer:
        """Answer the POST of a saved query; SSB insists on a field its description calls optional."""
        query = json_object(call.body)
        fields = ("selection", "language", "tableId", "outputFormatParams")
        if missing := [f"{name[0].upper()}{name[1:]}" for name in fields if name not in query]:
            raise invalid({name: [f"The {name} field is required."] for name in missing})
        table = self._table(call, query["tableId"], http=400)
        select(table, wanted(query["selection"].get("selection")), self.limits.cells)
        key = uuid.uuid4().hex[:8]
        self.saved[key] = query | {"id": key}
        return Answer.json(self._saved(call, self.saved[key]), status=201)

    def saved_query(self, call: Call) -> Answer:
        """Answer ``/savedqueries/{id}``."""
        return Answer.json(self._saved(call, self._query(call)))

    def saved_data(self, call: Call) -> Answer:
        """Answer ``/savedqueries/{id}/data``."""
        query = self._query(call)
        written_as = output_format(call, self.flavour.formats, query.get("outputFormat", "json-stat2"))
        asked, placed = wanted(query["selection"]["selection"]), placement(query["selection"])
        return self._run(self._table(call, query["tableId"], http=400), asked, placed, written_as)

    def saved_selection(self, call: Call) -> Answer:
        """Answer ``/savedqueries/{id}/selection``: the expressions turned into codes."""
        query = self._query(call)
        asked = wanted(query["selection"]["selection"])
        axes = select(self._table(call, query["tableId"]), asked, self.limits.cells)
        return self._selection(
            call, [Wanted(axis.dimension.code, axis.codes) for axis in axes], placement(query["selection"])
        )

    def _run(self, table: ServedTable, asked: Sequence[Wanted], placed: Placement, written_as: str) -> Answer:
        if not asked:
            asked, placed = default_selection(table)
        axes = select(table, asked, self.limits.cells)
        order = _order(axes, placed, table)
        part = cut(table, axes, self.flavour.sum_symbol)
        part = turn(part, order) if order else part
        if written_as != "json-stat2":
            return texts.write(table, part, written_as)
        document = jsonstat.data(table, self.flavour, part, contents_in_title=False)
        return Answer.json(document, cells=part.values.size)

    def _catalogue(self, call: Call) -> Catalogue:
        return Catalogue(self.flavour, self.tables, call.base, self._language(call))

    def _language(self, call: Call) -> str:
        return call.get("lang").lower() or self.flavour.default_language

    def _table(self, call: Call, name: str, *, http: int = 404) -> ServedTable:
        table = {key.casefold(): table for key, table in self.tables.items()}.get(name.casefold())
        if table is None:
            raise Problem.titled("Non-existent table", http=http, status=404)
        return table.among(self._language(call))

    def _query(self, call: Call) -> dict[str, Any]:
        query = self.saved.get(call.segments[1])
        if query is None:
            raise Problem.titled("Saved query not found", http=404, status=404, detail="Saved query not found")
        return query

    def _saved(self, call: Call, query: dict[str, Any]) -> dict[str, Any]:
        href = f"{call.base}/savedqueries/{query['id']}"
        link = {"rel": "self", "hreflang": query["language"], "href": href}
        return {"id": query["id"], "language": query["language"], "savedQuery": query, "links": [link]}

    def _selection(self, call: Call, asked: Sequence[Wanted], placed: Placement) -> Answer:
        items = [
            {"variableCode": item.variable, "valueCodes": list(item.codes)}
            | ({"codelist": item.codelist} if item.codelist else {})
            for item in asked
        ]
        document = {
            "selection": items,
            "placement": {"heading": list(placed.heading), "stub": list(placed.stub)},
            "language": self._language(call),
            "links": [self._catalogue(call).link("self", "/".join(call.segments))],
        }
        return Answer.json(document)


_ROUTES: Mapping[str, Callable[[V2, Call], Answer]] = {
    "GET config": V2.configuration,
    "GET tables": V2.listing,
    "GET tables/*": lambda api, call: api.entry(call) if call.segments[1] else api.listing(call),
    "GET tables/*/metadata": V2.metadata,
    "GET tables/*/defaultselection": V2.default,
    "GET tables/*/data": V2.data,
    "POST tables/*/data": V2.data,
    "GET codelists/*": V2.codelist,
    "POST savedqueries": V2.save,
    "GET savedqueries/*": V2.saved_query,
    "GET savedqueries/*/data": V2.saved_data,
    "GET savedqueries/*/selection": V2.saved_selection,
}


def _order(axes: Sequence[Axis], placed: Placement, table: ServedTable) -> list[str]:
    """Order of the variables in the answer: the stub, then the heading; empty where nothing was placed."""
    if not placed.heading and not placed.stub:
        return []
    present = [axis.dimension.code for axis in axes if axis.categories]
    known = {code.casefold(): code for code in present} | ({"time": table.time.code} if table.time else {})
    if any(code.casefold() not in known for code in (*placed.heading, *placed.stub)):
        raise Problem.titled("Illegal placment")
    heading, stub = ([known[code.casefold()] for code in side] for side in (placed.heading, placed.stub))
    rest = [code for code in present if code not in heading and code not in stub]
    if set(heading) & set(stub) or (rest and heading and stub):
        raise Problem.titled("Illegal placment")
    return [*(stub or rest), *(heading or rest)]
