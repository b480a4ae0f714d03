"""Klass, the classification server of SSB: codes at a date, changes, correspondences and versions.

Dates are days; a validity ends on the day the next begins (16 and 17 end on 2018-01-01, the day 50 begins). The
server answers in XML unless it is asked for JSON, and in Norwegian bokmål unless asked for another language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from nordstat.model.answer import Answer
from nordstat.model.codelist import Code
from nordstat.sources.body import BrokenBodyError
from nordstat.sources.service import Service
from nordstat.sources.transport import ask
from nordstat.sources.wire import Reply, Request, Wire

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a classification.

    Attributes
    ----------
    id : int
        Its number in Klass.
    name : str
        Its name.
    valid_from, valid_to : date or None
        In force from, and until (exclusive); ``None`` where it still is.
    """

    id: int
    name: str
    valid_from: date | None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """A classification as Klass lists it; the versions are known where it was asked for by its id.

    Attributes
    ----------
    id, name : int, str
        Number and name.
    versions : tuple of Version
        As Klass lists them.
    """

    id: int
    name: str
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one code.

    Attributes
    ----------
    old_code, old_name : str
        Before; empty for a code that is new.
    new_code, new_name : str
        After; empty for a code that ceased.
    occurred : date
        First day of the new one.
    """

    old_code: str
    old_name: str
    new_code: str
    new_name: str
    occurred: date


@dataclass(frozen=True, slots=True)
class Pair:
    """A source code and a target code that correspond.

    Attributes
    ----------
    source, source_name, target, target_name : str
        The two.
    """

    source: str
    source_name: str
    target: str
    target_name: str


@dataclass(frozen=True, slots=True)
class Klass:
    """An open way to Klass.

    Every method gives what was read and the answer it was read from. A classification or a table of correspondences
    that is not there raises `ApiRefusedError` with status 404, which Klass also gives where one is missing for only a
    part of the time asked for.
    """

    service: Service
    wire: Wire
    language: str = "nb"

    def classifications(self, *, page: int = 0) -> tuple[tuple[Classification, ...], Answer]:
        """Give one page of the list of all classifications, 100 a page, counted from 0."""
        return self._ask("classifications", read_classifications, page=page, size=100)

    def classification(self, id: int) -> tuple[Classification, Answer]:
        """Give a classification and its versions."""
        return self._ask(f"classifications/{id}", read_classification)

    def version(self, id: int) -> tuple[tuple[Code, ...], Answer]:
        """Give the codes of a version."""
        return self._ask(f"versions/{id}", read_version)

    def codes_at(self, id: int, day: date) -> tuple[tuple[Code, ...], Answer]:
        """Give the codes in force on a day."""
        return self._ask(f"classifications/{id}/codesAt", read_codes, date=day)

    def codes(self, id: int, start: date, *, end: date | None = None) -> tuple[tuple[Code, ...], Answer]:
        """Give the codes in force at some time from one day until another, with the ends inside that time."""

        def read(document: Any) -> tuple[Code, ...]:
            return read_codes(document, within=(start, end))

        return self._ask(f"classifications/{id}/codes", read, **{"from": start, "to": end})

    def changes(self, id: int, start: date, *, end: date | None = None) -> tuple[tuple[Change, ...], Answer]:
        """Give the changes from one day until another; none is no error."""
        return self._ask(f"classifications/{id}/changes", read_changes, **{"from": start, "to": end})

    def corresponds_at(self, id: int, target: int, *, day: date) -> tuple[tuple[Pair, ...], Answer]:
        """Give the correspondence of one classification to another on a day."""
        wanted = {"targetClassificationId": target, "date": day}
        return self._ask(f"classifications/{id}/correspondsAt", read_correspondence, **wanted)

    def _ask(self, path: str, read: Callable[[Any], Found], **wanted: object) -> tuple[Found, Answer]:
        chosen = {key: str(value) for key, value in wanted.items() if value is not None} | {"language": self.language}
        address = f"{self.service.interfaces['klass'].address}/{path}?{urlencode(chosen)}"

        def answered(document: Any, reply: Reply) -> tuple[Found, Answer]:
            answer = Answer(
                service=self.service.name,
                table=f"klass/{path}",
                url=reply.url,
                query=f"{path}?{urlencode(chosen)}",
                body=reply.body,
                received=reply.received,
                content_type=reply.headers.get("Content-Type", ""),
                api="klass",
                licence=self.service.licence,
            )
            return read(document), answer

        return ask(self.wire, Request("GET", address, self.service.name, f"klass/{path}"), answered)


def read_classifications(document: Any) -> tuple[Classification, ...]:
    """Give the classifications of a page."""
    embedded = document.get("_embedded") if isinstance(document, Mapping) else None
    return tuple(Classification(_id(found), _text(found, "name")) for found in _rows(embedded or {}, "classifications"))


def read_classification(document: Any) -> Classification:
    """Give a classification with its versions."""
    versions = tuple(
        Version(_id(found), _text(found, "name"), _day(found, "validFrom"), _day(found, "validTo"))
        for found in _rows(document, "versions")
    )
    return Classification(_id(document), _text(document, "name"), versions)


def read_version(document: Any) -> tuple[Code, ...]:
    """Give the codes of a version, in force as long as the version is."""
    start, end = _day(document, "validFrom"), _day(document, "validTo")
    return tuple(_code(found, start, end) for found in _rows(document, "classificationItems"))


def read_codes(document: Any, *, within: tuple[date | None, date | None] = (None, None)) -> tuple[Code, ...]:
    """Give the codes of ``codes`` and ``codesAt``.

    Klass mostly leaves ``validFrom`` and ``validTo`` empty, and in ``codes`` cuts the validity to the time that was
    asked for: an end that is an end of that time (``within``) tells nothing and is left open.
    """
    start, end = within
    return tuple(
        _code(found, _end(found, "validFrom", asked=start), _end(found, "validTo", asked=end))
        for found in _rows(document, "codes")
    )


def read_changes(document: Any) -> tuple[Change, ...]:
    """Give the changes of ``changes``."""
    changes = []
    for found in _rows(document, "codeChanges"):
        occurred = _day(found, "changeOccurred")
        if occurred is None:
            raise BrokenBodyError("a change without a date")
        old_code, old_name, new_code, new_name = (
            _text(found, key) for key in ("oldCode", "oldName", "newCode", "newName")
        )
        changes.append(Change(old_code, old_name, new_code, new_name, occurred))
    return tuple(changes)


def read_correspondence(document: Any) -> tuple[Pair, ...]:
    """Give the pairs of ``correspondsAt``."""
    keys = ("sourceCode", "sourceName", "targetCode", "targetName")
    rows = _rows(document, "correspondenceItems")
    return tuple(Pair(*(_text(found, key) for key in keys)) for found in rows)


def _code(found: Mapping[str, Any], start: date | None, end: date | None) -> Code:
    if not _text(found, "code"):
        raise BrokenBodyError("a row without a code")
    return Code(
        code=_text(found, "code"),
        name=_text(found, "name"),
        level=_text(found, "level"),
        parent=_text(found, "parentCode"),
        valid_from=start,
        valid_to=end,
        source="SSB Klass",
    )


def _end(found: Mapping[str, Any], key: str, *, asked: date | None) -> date | None:
    cut = _day(found, f"{key}InRequestedRange")
    return _day(found, key) or (None if cut == asked else cut)


def _rows(document: Any, key: str) -> Sequence[Mapping[str, Any]]:
    rows = document.get(key) if isinstance(document, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BrokenBodyError(f"JSON without {key}")
    return rows


def _text(found: Any, key: str) -> str:
    """Give a text; Klass writes ``null`` for none."""
    if not isinstance(found, Mapping):
        raise BrokenBodyError("JSON that is no object")
    return str(found.get(key) or "")


def _id(found: Mapping[str, Any]) -> int:
    """Give the number of an entry; a list entry names it only at the end of its own address."""
    text = _text(found, "id") or str(found.get("_links", {}).get("self", {}).get("href", "")).rpartition("/")[2]
    if not text.isdecimal():
        raise BrokenBodyError("an entry without a number")
    return int(text)


def _day(found: Mapping[str, Any], key: str) -> date | None:
    """Give a day; no day and the end of time (``+999999999-12-31``, seen in versions) mean that it is open."""
    text = _text(found, key)
    if not text or text.startswith("+"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BrokenBodyError(f"{text!r} in the place of a day") from None
