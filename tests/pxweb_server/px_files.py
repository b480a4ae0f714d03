"""Tables made from PX files, in the file's first language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import nan
from typing import Any
from zoneinfo import ZoneInfo

from .tables import ServedDimension, ServedTable

_STATEMENT = re.compile(r'([A-Z0-9-]+)(?:\[(\w+)\])?(?:\(("[^"]*"(?:,"[^"]*")*)\))?=((?:"[^"]*"|[^";])*);')
_SHOW = {"0": "code", "1": "value", "2": "code_value", "3": "value_code"}
_MEASURING = {"S": "Stock", "F": "Flow", "A": "Average"}
_PRICE = {"C": "Current", "F": "Fixed"}
_ADJUSTMENT = {"NONO": "None", "NOYES": "SesOnly", "YESNO": "WorkOnly", "YESYES": "WorkAndSes"}
_TOLD = {"SURVEY": "survey", "LINK": "link", "UPDATE-FREQUENCY": "updateFrequency"}


@dataclass(frozen=True, slots=True)
class PxFile:
    """The keywords of a PX file: (keyword, what it is about) -> its texts."""

    keywords: Mapping[tuple[str, tuple[str, ...]], list[str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, content: bytes) -> PxFile:
        """Read a file in Latin-1; keywords of other languages are left out."""
        keywords = {
            (word, tuple(_texts(about))): _texts(value)
            for word, language, about, value in _STATEMENT.findall(content.decode("latin-1"))
            if not language
        }
        return cls(keywords)

    def all(self, word: str, *about: str) -> list[str]:
        """Texts of a keyword; none where the file does not have it."""
        return self.keywords.get((word, about), [])

    def one(self, word: str, *about: str) -> str:
        """The only text of a keyword; empty where the file does not have it."""
        return "".join(self.all(word, *about)[:1])

    def table(self, **told: Any) -> ServedTable:
        """Make the table; ``told`` says what is not read, such as contacts and links."""
        names = [*self.all("STUB"), *self.all("HEADING")]
        cells = self.all("DATA")
        symbols = {place: text for place, text in enumerate(cells) if text.startswith(".") or text == "-"}
        said = {
            "id": self.one("TABLEID"),
            "label": self.one("TITLE"),
            "dimensions": [self._dimension(name) for name in names],
            "values": [nan if place in symbols else float(text) for place, text in enumerate(cells)],
            "status": symbols,
            "updated": max(self._each(lambda content: _utc(self.one("LAST-UPDATED", content))).values()),
            "unit": self._each(lambda content: {"base": self.one("UNITS", content), "decimals": self._decimals()}),
            "language": self.one("LANGUAGE"),
            "source": self.one("SOURCE"),
            "contents": self.one("CONTENTS"),
            "notes": self._notes("NOTE"),
            "px": self._px(names),
        }
        return ServedTable(**(said | told))

    def _dimension(self, name: str) -> ServedDimension:
        labels = self.all("VALUES", name)
        codes = self.all("CODES", name) or labels
        total = self.one("ELIMINATION", name)
        notes = {code: self._notes("VALUENOTE", name, label) for code, label in zip(codes, labels, strict=True)}
        return ServedDimension(
            self.one("VARIABLECODE", name) or name,
            name,
            dict(zip(codes, labels, strict=True)),
            elimination=total not in ("", "NO"),
            elimination_code=dict(zip(labels, codes, strict=True)).get(total, ""),
            time=bool(self.all("TIMEVAL", name)),
            geo=self.one("VARIABLE-TYPE", name) == "G" or bool(self.all("MAP", name)),
            show=_SHOW.get(self.one("PRESTEXT", name), ""),
            notes=self._notes("NOTE", name),
            value_notes={code: texts for code, texts in notes.items() if texts},
            extension=self._contents() if name == self.one("CONTVARIABLE") else {},
        )

    def _contents(self) -> dict[str, Any]:
        adjusted = self._each(lambda content: _ADJUSTMENT[self.one("DAYADJ", content) + self.one("SEASADJ", content)])
        bases = self._each(lambda content: self.one("BASEPERIOD", content))
        told = {
            "measuringType": self._each(lambda content: _MEASURING.get(self.one("STOCKFA", content), "Other")),
            "priceType": self._each(lambda content: _PRICE.get(self.one("CFPRICES", content), "NotApplicable")),
            "adjustment": adjusted,
        }
        return told | ({"basePeriod": bases} if any(bases.values()) else {})

    def _each(self, make: Any) -> dict[str, Any]:
        name = self.one("CONTVARIABLE")
        pairs = zip(self.all("CODES", name), self.all("VALUES", name), strict=True)
        return {code: make(content) for code, content in pairs}

    def _notes(self, word: str, *about: str) -> list[str]:
        return [note for text in self.all(word, *about) for note in text.split("##")]

    def _decimals(self) -> int:
        return int(self.one("SHOWDECIMALS") or self.one("DECIMALS"))

    def _px(self, names: list[str]) -> dict[str, Any]:
        codes = {name: self.one("VARIABLECODE", name) or name for name in names}
        told = {ours: self.one(word) for word, ours in _TOLD.items() if self.one(word)}
        told |= {"nextUpdate": _utc(self.one("NEXT-UPDATE"))} if self.one("NEXT-UPDATE") else {}
        return told | {
            "infofile": self.one("INFOFILE"),
            "decimals": self._decimals(),
            "official-statistics": self.one("OFFICIAL-STATISTICS") == "YES",
            "aggregallowed": self.one("AGGREGALLOWED") == "YES",
            "copyright": self.one("COPYRIGHT") == "YES",
            "heading": [codes[name] for name in self.all("HEADING")],
            "stub": [codes[name] for name in self.all("STUB")],
            "matrix": self.one("MATRIX"),
            "subject-code": self.one("SUBJECT-CODE"),
            "subject-area": self.one("SUBJECT-AREA"),
        }


def _utc(text: str) -> str:
    """Read a time, told as the clock of the server stands: in Stockholm."""
    local = datetime.strptime(text, "%Y%m%d %H:%M").replace(tzinfo=ZoneInfo("Europe/Stockholm"))
    return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _texts(value: str) -> list[str]:
    """Split a value into its texts; a text goes on where one ends and the next begins without a comma."""
    whole = re.sub(r'"\r?\n"', "", value)
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^\s,"]+)', whole)]
