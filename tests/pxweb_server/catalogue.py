"""The list of tables and code lists of v2, with their links."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from .answers import Answer, Call, Problem
from .asking import number
from .flavours import Flavour
from .tables import METRIC, ServedTable

_UNITS = {"M": "Monthly", "K": "Quarterly", "Q": "Quarterly", "U": "Weekly", "W": "Weekly"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be listed and named, in one language."""

    flavour: Flavour
    tables: Mapping[str, ServedTable]
    base: str
    language: str

    def page(self, call: Call) -> Answer:
        """Answer ``/tables``: one page of the tables that match."""
        page, size = max(number(call, "pageNumber", 1), 1), max(number(call, "pageSize", 20), 1)
        found = [table for table in self.tables.values() if self._matches(table, call)]
        pages = max(ceil(len(found) / size), 1)
        if page > pages:
            raise Problem.titled("Non-existent page", http=404, status=404, detail="Non-existent page")
        near = {"next": page + 1 if page < pages else 0, "previous": page - 1, "last": pages if pages > 1 else 0}
        document = {
            "language": self.language,
            "tables": [self._entry(table) for table in found[(page - 1) * size : page * size]],
            "page": {
                "pageNumber": page,
                "pageSize": size,
                "totalElements": len(found),
                "totalPages": pages,
                "links": [self._page_link(rel, other, size) for rel, other in near.items() if other],
            },
            "links": [self._page_link("self", page, size)],
        }
        return Answer.json(document)

    def entry(self, table: ServedTable) -> Answer:
        """Answer ``/tables/{id}``."""
        return Answer.json({"language": self.language} | self._entry(table))

    def codelist(self, id: str) -> Answer:
        """Answer ``/codelists/{id}``; the id is case-sensitive."""
        named = {
            codelist.id: codelist
            for table in self.tables.values()
            for lists in table.among(self.language).codelists.values()
            for codelist in lists
        }
        if id not in named:
            raise Problem.titled("Non-existent codelist", http=404)
        found = named[id]
        answer: dict[str, Any] = {
            "id": id,
            "label": found.label,
            "language": self.language,
            "languages": list(self.flavour.languages),
            "elimination": found.elimination,
            "type": found.type,
            "values": [
                {"code": code, "label": label, "valueMap": list(members)}
                for code, (label, members) in found.values.items()
            ],
            "links": self._both(f"codeLists/{id}"),
        }
        if found.elimination_code:
            answer["eliminationValueCode"] = found.elimination_code
        return Answer.json(answer)

    def codelist_links(self, table: ServedTable) -> dict[str, list[dict[str, Any]]]:
        """Name the code lists of each dimension, as metadata does."""
        return {
            dimension.code: [
                {
                    "id": codelist.id,
                    "label": codelist.label,
                    "type": codelist.type,
                    "links": [self.link("metadata", f"codeLists/{codelist.id}")],
                }
                for codelist in table.codelists.get(dimension.code, ())
            ]
            for dimension in table.dimensions
        }

    def link(self, rel: str, path: str, *, language: str = "", more: str = "") -> dict[str, str]:
        """Write a link; the service does not encode what stands in it."""
        language = language or self.language
        return {"rel": rel, "hreflang": language, "href": f"{self.base}/{path}?lang={language}{more}"}

    def _both(self, path: str) -> list[dict[str, str]]:
        others = [language for language in self.flavour.languages if language != self.language]
        return [self.link("self", path), *(self.link("alternate", path, language=other) for other in others)]

    def _page_link(self, rel: str, page: int, size: int) -> dict[str, str]:
        return self.link(rel, "tables/", more=f"&pagesize={size}&pageNumber={page}")

    def _entry(self, told: ServedTable) -> dict[str, Any]:
        table = told.among(self.language)
        periods = table.time.codes if table.time is not None else ("",)
        entry: dict[str, Any] = {
            "id": table.id,
            "label": table.label,
            "description": "",
            "sortCode": table.id,
            "updated": table.updated,
            "firstPeriod": periods[0],
            "lastPeriod": periods[-1],
            "category": "public",
            "variableNames": [dimension.label for dimension in table.dimensions],
            "source": table.source or self.flavour.source,
            "subjectCode": table.v1_path.split("/")[0],
            "timeUnit": table.time_unit or _time_unit(periods[-1]),
            "paths": [[{"id": part, "label": part, "sortCode": part} for part in table.v1_path.split("/")[:-1]]],
            "links": [
                *self._both(f"tables/{table.id}"),
                self.link("metadata", f"tables/{table.id}/metadata"),
                self.link("data", f"tables/{table.id}/data", more="&outputFormat=json-stat2"),
            ],
        }
        return entry if table.discontinued is None else entry | {"discontinued": table.discontinued}

    def _matches(self, told: ServedTable, call: Call) -> bool:
        if told.discontinued and call.get("includeDiscontinued").lower() != "true":
            return False
        if call.get("pastDays"):
            try:
                updated = datetime.fromisoformat(told.updated).astimezone(UTC)
            except ValueError:
                return False
            if updated < datetime.now(UTC) - timedelta(days=number(call, "pastDays", 1)):
                return False
        return _search(call.get("query"))(told.among(self.language))


def _search(query: str) -> Callable[[ServedTable], bool]:
    """Read a few words of Lucene: ``field:word``, a trailing ``*``; every word must be found."""
    words = [word for word in query.casefold().split() if word != "and"]

    def found(table: ServedTable) -> bool:
        names = " ".join(dimension.label for dimension in table.dimensions if dimension.code != METRIC)
        text = f"{table.id} {table.label} {names}".casefold()
        return all(re.search(rf"\b{re.escape(word.split(':')[-1].rstrip('*'))}", text) for word in words)

    return found


def _time_unit(period: str) -> str:
    if re.fullmatch(r"\d{4}", period):
        return "Annual"
    found = re.fullmatch(r"\d{4}([MKQUW])\d+", period)
    return _UNITS[found[1]] if found else "Other"
