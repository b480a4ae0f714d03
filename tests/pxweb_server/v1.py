"""PxWeb API v1: the tree of tables, table metadata by GET and data by POST."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, prod
from typing import Any, NoReturn

import orjson

from . import jsonstat, texts
from .answers import Answer, Call, Problem
from .cubes import Axis, Category, categories, cut
from .flavours import Flavour
from .limits import Limits
from .tables import ServedDimension, ServedTable

FORMATS = {"json-stat2", "json-stat", "json", "csv", "csv2", "csv3", "px"}


@dataclass(frozen=True, slots=True)
class V1:
    """The v1 API over a set of tables."""

    flavour: Flavour
    limits: Limits
    tables: Mapping[str, ServedTable]

    def answer(self, call: Call) -> Answer:
        """Answer a call below the API's root: language, database, path."""
        language, *path = [segment for segment in call.segments if segment] or [""]
        if language not in self.flavour.languages or path[:1] not in ([], [self.flavour.database]):
            return Answer.text("", status=404)
        if "config" in call.query:
            return Answer.json(self._config())
        if not path:
            return Answer.json([{"dbid": self.flavour.database, "text": self.flavour.source}])
        below = [segment for segment in path[1:] if segment != "START"]
        table = self._table(below)
        if table is None:
            return self._level(below, call)
        table = table.among(language)
        return self._data(table, call) if call.method == "POST" else Answer.json(_metadata(table))

    def _config(self) -> dict[str, Any]:
        told = self.limits.announce != "none"
        return {
            "maxValues": self.limits.values,
            "maxCells": self.limits.cells,
            "maxCalls": self.limits.calls if told else 0,
            "timeWindow": ceil(self.limits.window) if told else 0,
            "CORS": True,
        }

    def _table(self, path: Sequence[str]) -> ServedTable | None:
        for table in self.tables.values():
            whole = _path(table)
            shortcuts = ([table.id], whole[-1:]) if self.flavour.name == "ssb" else ()
            if list(path) == whole or list(path) in shortcuts:
                return table
        return None

    def _level(self, path: Sequence[str], call: Call) -> Answer:
        if call.get("query") and self.flavour.text_errors:
            self._refuse()
        if call.get("query"):
            return Answer.json(self._search(call.get("query")))
        below: dict[str, dict[str, str]] = {}
        for table in self.tables.values():
            whole = _path(table)
            if whole[: len(path)] == list(path) and len(whole) > len(path):
                name, leaf = whole[len(path)], len(whole) == len(path) + 1
                entry = {"id": name, "type": "t" if leaf else "l", "text": table.label if leaf else name}
                below.setdefault(name, entry | ({"updated": table.updated.rstrip("Z")} if leaf else {}))
        known = below and call.method == "GET"
        return Answer.json(list(below.values())) if known else Answer.text("", status=404)

    def _search(self, query: str) -> list[dict[str, Any]]:
        words = query.casefold().replace("*", "").split()
        return [
            {"id": table.id, "path": "/" + "/".join(_path(table)[:-1]), "title": table.label, "score": 1.0}
            for table in self.tables.values()
            if all(word in f"{table.id} {table.label}".casefold() for word in words)
        ]

    def _data(self, table: ServedTable, call: Call) -> Answer:
        query, written_as = self._query(call)
        asked: dict[str, Mapping[str, Any]] = {}
        known = [dimension.code for dimension in table.dimensions]
        for item in query:
            code = item.get("code") if isinstance(item, dict) else None
            if code not in known or code in asked:
                self._refuse()
            asked[code] = item.get("selection") or {}
        axes = [
            self._axis(table, dimension, asked[dimension.code]) if dimension.code in asked else _omitted(dimension)
            for dimension in table.dimensions
        ]
        cells = prod(len(axis) for axis in axes if axis.categories)
        if cells > self.limits.cells or sum(map(len, axes)) > self.limits.values:
            self._refuse(http=403)
        return self._write(table, axes, written_as)

    def _query(self, call: Call) -> tuple[list[Any], str]:
        try:
            document = orjson.loads(call.body)
            query = document.get("query", [])
            written_as = document.get("response", {}).get("format") or self.flavour.v1_format
        except (orjson.JSONDecodeError, AttributeError):
            self._refuse()
        unread = "json" not in call.headers.get("content-type", "json") and not self.flavour.text_errors
        if not isinstance(query, list) or written_as not in FORMATS or unread:
            self._refuse()
        return query, written_as

    def _axis(self, table: ServedTable, dimension: ServedDimension, selection: Any) -> Axis:
        told = selection if isinstance(selection, dict) else {}
        kind, _, name = str(told.get("filter", "")).partition(":")
        values = told.get("values")
        codelist = table.codelist(dimension.code, f"{kind}_{name}") if name else None
        worded = isinstance(values, list) and all(isinstance(value, str) for value in values)
        if not worded or (name and codelist is None) or kind not in _FILTERS:
            self._refuse(dimension)
        chosen = _FILTERS[kind](dimension, categories(dimension, codelist), values)
        if chosen is None or not (chosen or dimension.elimination):
            self._refuse(dimension)
        return Axis(dimension, tuple(chosen))

    def _write(self, table: ServedTable, axes: Sequence[Axis], written_as: str) -> Answer:
        part = cut(table, axes, self.flavour.sum_symbol)
        match written_as:
            case "json-stat2":
                document: Any = jsonstat.data(table, self.flavour, part, contents_in_title=True)
            case "json-stat":
                document = jsonstat.bundle(table, self.flavour, part)
            case "json":
                document = texts.px_json(table, part, self.flavour)
            case _:
                return texts.write(table, part, written_as.rstrip("23"))
        return Answer.json(document, cells=part.values.size)

    def _refuse(self, dimension: ServedDimension | None = None, *, http: int = 400) -> NoReturn:
        """Refuse as the agency does: SCB gives no reason, SSB names the variable at best."""
        if self.flavour.text_errors:
            words = "Bad Request" if http == 400 else "Forbidden"
            raise Problem(http, body=words.encode(), content_type="text/plain")
        words = "Parameter error" if http == 400 else "Too many values selected"
        if dimension is not None:
            words = f"The request for variable '{dimension.code}' has an error. Please check your query."
        raise Problem(http, body=orjson.dumps({"error": words}), content_type="application/json; charset=utf-8")


def _path(table: ServedTable) -> list[str]:
    return [part for part in table.v1_path.split("/") if part] or [table.id]


def _metadata(table: ServedTable) -> dict[str, Any]:
    variables = []
    for dimension in table.dimensions:
        variable: dict[str, Any] = {"code": dimension.code, "text": dimension.label}
        variable |= {"values": list(dimension.values), "valueTexts": list(dimension.values.values())}
        variable |= {"elimination": True} if dimension.elimination else {}
        variables.append(variable | ({"time": True} if dimension.time else {}))
    return {"title": table.label, "variables": variables}


def _omitted(dimension: ServedDimension) -> Axis:
    """Take a variable nobody asked for: eliminated where it can be, else whole, where v2 would refuse."""
    return Axis(dimension, () if dimension.elimination else categories(dimension))


def _item(_: ServedDimension, among: Sequence[Category], values: Sequence[str]) -> list[Category] | None:
    strange = set(values) - {item.code for item in among}
    return None if strange else [item for item in among if item.code in values]


def _valueset(dimension: ServedDimension, among: Sequence[Category], values: Sequence[str]) -> list[Category] | None:
    return _item(dimension, among, values) if values else list(among)  # SSB's web exports ask for everything so


def _all(_: ServedDimension, among: Sequence[Category], values: Sequence[str]) -> list[Category]:
    shapes = [re.compile(re.escape(value).replace(r"\*", ".*")) for value in values]
    return [item for item in among if any(shape.fullmatch(item.code) for shape in shapes)]


def _top(dimension: ServedDimension, among: Sequence[Category], values: Sequence[str]) -> list[Category] | None:
    if len(values) != 1 or not re.fullmatch(r"[1-9]\d*", values[0]):
        return None
    return list(among[-int(values[0]) :] if dimension.time else among[: int(values[0])])


_FILTERS = {"item": _item, "vs": _valueset, "agg": _item, "all": _all, "top": _top}
