"""Connections: an open way to the tables of a service, through either interface of PxWeb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any, Protocol, Self

from nordstat.errors import (
    ApiRefusedError,
    SelectionTooLargeError,
    SettingsError,
    TableNotFoundError,
    UnknownSelectionError,
    UnreachableError,
)
from nordstat.model.answer import Answer, Asked, ServiceCodelist, TableMeta
from nordstat.model.selection import ELIMINATE, Query, Selection, Wish, find_variables, resolve
from nordstat.sources import pxweb1, pxweb2
from nordstat.sources.completeness import check_cube
from nordstat.sources.partition import partition
from nordstat.sources.plan import Plan, part_of
from nordstat.sources.pxweb2 import Hit, Page
from nordstat.sources.service import Api, Service, Terms
from nordstat.sources.transport import ask
from nordstat.sources.wire import Reply, Request, Wire

TOO_LARGE = "Too many cells selected"
"""Title with which v2 refuses what is over its limit, with status 400 (SCB and SSB, 2026-08-30); v1 gives 403."""


LISTINGS = 3
"""How often a list of tables that changes while its pages are read is read from its beginning."""


class Dialect(Protocol):
    """What the two interfaces of PxWeb have in common; each is a module of functions."""

    def config(self, service: Service) -> Request:
        """Ask what the service allows."""

    def read_config(self, document: Any, terms: Terms) -> Terms:
        """Give what the service allows."""

    def table(self, service: Service, id: str, *, language: str) -> Request:
        """Ask for the metadata of a table."""

    def read_table(self, document: Any, answer: Answer, *, language: str, geo: frozenset[str]) -> TableMeta:
        """Give a table as its metadata describe it."""

    def data(self, service: Service, query: Query) -> Request:
        """Ask for cells."""

    def search(self, service: Service, words: str, *, language: str, page: int, past_days: int) -> Request:
        """Ask for tables."""

    def read_search(self, document: Any) -> Page:
        """Give a page of a list of tables."""


DIALECTS: dict[Api, Dialect] = {"v1": pxweb1, "v2": pxweb2}


class Connection:
    """An open way to the tables of a service.

    Parameters
    ----------
    service : Service
        Whose tables.
    api : {"v2", "v1"}
        Through which interface.
    wire : Wire
        The way there.

    Notes
    -----
    The steps of a fetch can be taken one by one, so that a caller who has the answers already sends only the first:
    `table` (one request), `resolve` (none, as a rule), `plan` (one, the first time), then `nordstat.sources.fetch`.
    """

    def __init__(self, service: Service, api: Api, wire: Wire) -> None:
        self.service = service
        self.api = api
        self.wire = wire
        self._dialect = DIALECTS[api]
        self._terms: Terms | None = None
        self._codelists: dict[str, ServiceCodelist] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.wire.close()

    def terms(self) -> Terms:
        """Give what the service allows, as it says itself; as documented where it does not."""
        if self._terms is None:
            documented = replace(self.service.interfaces[self.api].terms, pace=self.wire.budget.current())
            try:
                request = self._dialect.config(self.service)
                self._terms = ask(
                    self.wire, request, lambda document, _: self._dialect.read_config(document, documented)
                )
            except ApiRefusedError:
                self._terms = documented
            self.wire.budget.learn(self._terms.pace)
        return self._terms

    def table(self, id: str, *, language: str = "") -> TableMeta:
        """Give a table as its metadata describe it now.

        Raises
        ------
        TableNotFoundError
            With what else it may be called.
        """
        language = language or self.service.languages[0]

        def read(document: Any, reply: Reply) -> TableMeta:
            answer = self._answer(reply, id, f"metadata?lang={language}")
            found = self._dialect.read_table(document, answer, language=language, geo=self.service.geo)
            return replace(found, answer=replace(answer, updated=found.updated))

        try:
            return ask(self.wire, self._dialect.table(self.service, id, language=language), read)
        except ApiRefusedError as error:
            raise self._refused(error, id) from None

    def resolve(self, selection: Selection, table: TableMeta, *, language: str = "") -> Query:
        """Give what is asked code by code. Asks for code lists, and for other languages where a name needs them.

        Raises
        ------
        UnknownSelectionError
            For variables, code lists and codes the table does not have.
        """
        for other in self.service.languages[1:]:
            if all(find_variables(wish.variable, table) for wish in selection.wishes):
                break
            table = self._also_in(other, table)
        codelists = self._named_by(selection, table) if self.api == "v2" else None
        return resolve(selection, table, codelists=codelists, language=language)

    def plan(self, query: Query, table: TableMeta) -> Plan:
        """Give the fewest requests that answer a query."""
        return Plan.of(query, self.terms(), updated=table.updated)

    def cells(self, query: Query) -> list[tuple[Query, Answer]]:
        """Give the answer to one request, or to the several it takes where the service finds it too large.

        Raises
        ------
        ApiRefusedError, UnreachableError, RateLimitedError, RefusedAddressError
            Where there is no whole answer.
        """
        if query.cells > self.terms().cells:
            return self._in_parts(query)

        def read(document: Any, reply: Reply) -> Answer:
            return self._answer(reply, query.table, query.asked, updated=check_cube(document, query))

        try:
            return [(query, ask(self.wire, self._dialect.data(self.service, query), read))]
        except ApiRefusedError as error:
            refused = self._refused(error, query.table, origin=query.origin)
        if query.cells == 1 or not isinstance(refused, SelectionTooLargeError):
            raise refused
        # Told less than the truth: from here on half of what was refused is taken for the limit
        self._terms = replace(self.terms(), cells=min(self.terms().cells, query.cells // 2))
        return self._in_parts(query)

    def codelist(self, id: str, *, table: str = "") -> ServiceCodelist:
        """Give a code list of v2.

        Raises
        ------
        UnknownSelectionError
            Where the service cannot give it.
        """
        if id not in self._codelists:
            request = pxweb2.codelist(self.service, id, language=self.service.languages[0], table=table)
            try:
                self._codelists[id] = ask(self.wire, request, lambda document, _: pxweb2.read_codelist(document))
            except ApiRefusedError as error:
                place = {"service": self.service.name, "table": table, "url": error.url}
                words = {"title": error.title, "detail": error.detail}
                raise UnknownSelectionError(f"no code list {id!r}", status=error.status, **words, **place) from None
        return self._codelists[id]

    def saved(self, id: str) -> tuple[TableMeta, Selection]:
        """Give the table and the selection of a query saved at the service (v2)."""
        table_id, selection = ask(
            self.wire, pxweb2.saved_query(self.service, id), lambda document, _: pxweb2.read_saved_query(document)
        )
        table = self.table(table_id)
        named = {variable.code for wish in selection.wishes for variable in find_variables(wish.variable, table)}
        summed = (Wish(v.code, (ELIMINATE,)) for v in table.variables if v.code not in named and v.elimination)
        return table, replace(selection, wishes=(*selection.wishes, *summed))

    def search(self, words: str = "", *, language: str = "", past_days: int = 0) -> tuple[Hit, ...]:
        """Give the tables that match some words, or that changed in the last days (v2), each once and none missing.

        Raises
        ------
        UnreachableError
            Where the list changed each time while its pages were read.
        """
        if not self.service.interfaces[self.api].searches:
            raise SettingsError(f"{self.service.name} cannot be searched through {self.api}", hint="Use v2.")
        language = language or self.service.languages[0]
        for _ in range(LISTINGS):
            pages = list(self._pages(words, language=language, past_days=past_days))
            hits = tuple(hit for page in pages for hit in page.hits)
            if {page.tables for page in pages} == {len(hits)} == {len({hit.id for hit in hits})}:
                return hits
        raise UnreachableError(
            "the list of tables changed each time while its pages were read",
            service=self.service.name,
            hint="Ask for it again later, or with words that fewer tables match.",
        )

    def _pages(self, words: str, *, language: str, past_days: int) -> Iterator[Page]:
        """Give the pages of a list of tables; fewer where the last is gone by the time it is asked for."""
        for number in count(1):
            request = self._dialect.search(self.service, words, language=language, page=number, past_days=past_days)
            try:
                page = ask(self.wire, request, lambda document, _: self._dialect.read_search(document))
            except ApiRefusedError as error:
                if number == 1 or error.status != 404:
                    raise
                return
            yield page
            if number >= page.pages:
                return

    def _in_parts(self, query: Query) -> list[tuple[Query, Answer]]:
        blocks = partition(query.shape, self.terms().cells, values=self.terms().values)
        return [part for block in blocks for part in self.cells(part_of(query, block))]

    def _also_in(self, language: str, table: TableMeta) -> TableMeta:
        """Give a table with the labels of its variables in one more language, where it is translated."""
        try:
            other = {variable.code: variable for variable in self.table(table.id, language=language).variables}
        except TableNotFoundError:  # SCB lists 5,253 tables in Swedish and 3,315 in English
            return table
        variables = (
            replace(variable, labels={**variable.labels, **other[variable.code].labels})
            if variable.code in other
            else variable
            for variable in table.variables
        )
        return replace(table, variables=tuple(variables))

    def _named_by(self, selection: Selection, table: TableMeta) -> dict[str, ServiceCodelist]:
        """Give the code lists that a selection names and the table has."""
        offered = {codelist for variable in table.variables for codelist in variable.codelists}
        wanted = sorted({wish.codelist for wish in selection.wishes} & offered)
        return {name: self.codelist(name, table=table.id) for name in wanted if not pxweb2.UNSERVABLE & set(name)}

    def _refused(self, error: ApiRefusedError, table: str, *, origin: str = "") -> ApiRefusedError:
        """Give the error that a refusal about a table means."""
        kind: type[ApiRefusedError] = ApiRefusedError
        hint = f"Asked by {origin}." if origin else error.hint
        if error.status == 404:
            kind = TableNotFoundError
            known = self.service.known_as.get(table.rpartition("/")[2], "")
            hint = f"It is also known as {known}." if known else "It may have been replaced: search for its words."
        elif error.status in (403, 413) or error.title == TOO_LARGE:
            kind = SelectionTooLargeError
        words = {"title": error.title, "detail": error.detail, "hint": hint}
        return kind(error.what, status=error.status, service=self.service.name, table=table, url=error.url, **words)

    def _answer(self, reply: Reply, table: str, query: Asked, *, updated: str = "") -> Answer:
        return Answer(
            service=self.service.name,
            table=table,
            url=reply.url,
            query=query,
            body=reply.body,
            received=reply.received,
            content_type=reply.headers.get("Content-Type", ""),
            api=self.api,
            updated=updated,
            licence=self.service.licence,
        )
