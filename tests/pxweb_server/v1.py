"""PxWeb API v1: the tree of tables, table metadata by GET and data by POST."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NoReturn

import orjson

from . import jsonstat, texts
from .answers import Answer, Call, Problem
from .cubes import Axis, Category, categories, cut
from .flavours import Flavour, Limits
from .tables import ServedDimension, ServedTable


@dataclass(frozen=True, slots=True)
class V1:
    """The v1 API over a set of tables."""

    flavour: Flavour
    limits: Limits
    tables: Mapping[str, ServedTable]

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root: language, database, path."""
        if not call.segments or call.segments[0] not in self.flavour.languages:
            return Answer.text("", status=404)
        language, *path = [segment for segment in call.segments if segment]
        if "config" in call.query:
            return Answer.json(self._config())
        if not path:
            return Answer.json([{"dbid": self.flavour.database, "text": self.flavour.source}])
        if path[0] != self.flavour.database:
            return Answer.text("", status=404)
        below = [segment for segment in path[1:] if segment != "START"]
        table = self._table(below)
        if table is None:
            return self._level(below, call) if call.method == "GET" else Answer.text("", status=404)
        table = table.among(language)
        return self._data(table, call) if call.method == "POST" else Answer.json(_metadata(table))

    def _config(self) -> dict[str, Any]:
        told = self.limits.announce != "none"
        return {
            "maxValues": self.limits.values,
            "maxCells": self.limits.cells,
            "maxCalls": self.limits.calls if told else 0,
            "timeWindow": int(self.limits.window) if told else 0,
            "CORS": True,
        }

    def _table(self, path: Sequence[str]) -> ServedTable | None:
        for table in self.tables.values():
            whole = _path(table)
            if path and (
                list(path) == whole or (self.flavour.name == "ssb" and list(path) in ([table.id], whole[-1:]))
            ):
                return table
        return None

    def _level(self, path: Sequence[str], call: Call) -> Answer:
        if call.get("query"):
            if self.flavour.text_errors:
                self._refuse("")
            return Answer.json(self._search(call.get("query")))
        depth = len(path)
        below: dict[str, dict[str, str]] = {}
        for table in self.tables.values():
            whole = _path(table)
            if whole[:depth] != list(path) or len(whole) <= depth:
                continue
            leaf = len(whole) == depth + 1
            entry = {"id": whole[depth], "type": "t" if leaf else "l", "text": table.label if leaf else whole[depth]}
            below.setdefault(whole[depth], entry | ({"updated": table.updated.rstrip("Z")} if leaf else {}))
        return Answer.json(list(below.values())) if below else Answer.text("", status=404)

    def _search(self, query: str) -> list[dict[str, Any]]:
        words = query.casefold().replace("*", "").split()
        return [
            {"id": table.id, "path": "/" + "/".join(_path(table)[:-1]), "title": table.label, "score": 1.0}
            for table in self.tables.values()
            if all(word in f"{table.id} {table.label}".casefold() for word in words)
        ]

    def _data(self, table: ServedTable, call: Call) -> Answer:
        query, format = self._query(call)
        asked: dict[str, Mapping[str, Any]] = {}
        for item in query:
            code = item.get("code") if isinstance(item, dict) else None
            if code not in [dimension.code for dimension in table.dimensions] or code in asked:
                self._refuse("")
            selection = item.get("selection")
            asked[code] = selection if isinstance(selection, dict) else {}
        axes = [
            self._axis(table, dimension, asked[dimension.code])
            if dimension.code in asked
            else Axis(dimension, () if dimension.elimination else categories(dimension))
            for dimension in table.dimensions
        ]
        cells = prod(len(axis) for axis in axes if axis.categories)
        if cells > self.limits.cells or sum(map(len, axes)) > self.limits.values:
            self._refuse("Too many values selected", http=403)
        return self._write(table, axes, format)

    def _query(self, call: Call) -> tuple[list[Any], str]:
        try:
            document = orjson.loads(call.body)
            query, response = document.get("query", []), document.get("response", {})
            format = response.get("format") or self.flavour.v1_format
        except (orjson.JSONDecodeError, AttributeError):
            self._refuse("")
        if not isinstance(query, list) or format not in _FORMATS:
            self._refuse("")
        if "json" not in call.headers.get("content-type", "json") and not self.flavour.text_errors:
            self._refuse("")
        return query, format

    def _axis(self, table: ServedTable, dimension: ServedDimension, selection: Mapping[str, Any]) -> Axis:
        filter, values = selection.get("filter", ""), selection.get("values")
        kind, _, name = filter.partition(":") if isinstance(filter, str) else ("", "", "")
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self._refuse(dimension.code)
        codelist = table.codelist(dimension.code, f"{kind}_{name}") if name else None
        if name and codelist is None:
            self._refuse(dimension.code)
        among = categories(dimension, codelist)
        match kind:
            case "item" | "vs" | "agg":
                chosen = self._items(dimension, among, values, empty_is_all=kind == "vs")
            case "all":
                chosen = [item for item in among if any(_fits(item.code, pattern) for pattern in values)]
            case "top":
                chosen = self._top(dimension, among, values)
            case _:
                self._refuse(dimension.code)
        if not chosen and not dimension.elimination:
            self._refuse(dimension.code)
        return Axis(dimension, tuple(chosen))

    def _items(
        self, dimension: ServedDimension, among: Sequence[Category], values: Sequence[str], *, empty_is_all: bool
    ) -> list[Category]:
        if empty_is_all and not values:
            return list(among)  # SSB's own web exports ask a value set for everything this way
        if set(values) - {item.code for item in among}:
            self._refuse(dimension.code)
        return [item for item in among if item.code in values]

    def _top(self, dimension: ServedDimension, among: Sequence[Category], values: Sequence[str]) -> list[Category]:
        if len(values) != 1 or not re.fullmatch(r"[1-9]\d*", values[0]):
            self._refuse(dimension.code)
        count = int(values[0])
        return list(among[-count:] if dimension.time else among[:count])

    def _write(self, table: ServedTable, axes: Sequence[Axis], format: str) -> Answer:
        part = cut(table, axes, self.flavour.sum_symbol)
        match format:
            case "json-stat2":
                document: Any = jsonstat.data(table, self.flavour, part, contents_in_title=True)
            case "json-stat":
                document = jsonstat.bundle(table, self.flavour, part)
            case "json":
                document = texts.px_json(table, part, table.source or self.flavour.source)
            case _:
                return texts.write(table, part, format.rstrip("23"))
        return Answer.json(document, cells=part.values.size)

    def _refuse(self, what: str, *, http: int = 400) -> NoReturn:
        """Refuse as the agency does: SCB says no more than the status, SSB names the variable at best."""
        if self.flavour.text_errors:
            words = "Bad Request" if http == 400 else "Forbidden"
            raise Problem(http, body=words.encode(), content_type="text/plain")
        sentence = what if http == 403 else f"The request for variable '{what}' has an error. Please check your query."
        error = {"error": sentence if what else "Parameter error"}
        raise Problem(http, body=orjson.dumps(error), content_type="application/json; charset=utf-8")


_FORMATS = {"json-stat2", "json-stat", "json", "csv", "csv2", "csv3", "px"}


def _path(table: ServedTable) -> list[str]:
    parts = [part for part in table.v1_path.split("/") if part]
    return parts if parts and parts[-1] in (table.id, table.px.get("matrix")) else [*parts, table.id]


def _metadata(table: ServedTable) -> dict[str, Any]:
    variables = []
    for dimension in table.dimensions:
        variable: dict[str, Any] = {"code": dimension.code, "text": dimension.label}
        variable |= {"values": list(dimension.values), "valueTexts": list(dimension.values.values())}
        variable |= {"elimination": True} if dimension.elimination else {}
        variables.append(variable | ({"time": True} if dimension.time else {}))
    return {"title": table.label, "variables": variables}


def _fits(code: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), code) is not None
