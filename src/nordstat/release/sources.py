"""The sources of a release: checked before anything is written, and told in every descriptor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nordstat.errors import ReleaseError

OFFICES = {
    "Statistics Sweden (SCB)": r"\bSCB\b|Statistics Sweden",
    "Statistics Norway (SSB)": r"\bSSB\b|Statistics Norway",
}
"""The two offices, and how a publisher's name tells that a number is theirs."""

_NEEDED = ("id", "title", "publisher", "path", "licence", "retrieved")
_ADDRESS = re.compile(r"(https?|ftp|sftp)://\S+")
_LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "NLOD-1.0": "https://data.norge.no/nlod/en/1.0",
    "NLOD-2.0": "https://data.norge.no/nlod/en/2.0",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms a source is given under.

    Attributes
    ----------
    name : str
        In the source's words, or an SPDX identifier.
    """

    name: str

    @property
    def spdx(self) -> str:
        """SPDX identifier; empty where the words are no known licence."""
        tight = re.sub(r"[\s_]+", "-", self.name).upper()
        return tight if tight in _LICENCES else ""

    @property
    def address(self) -> str:
        """Where the terms stand; empty where unknown."""
        return _LICENCES.get(self.spdx, "")


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers of a release come from.

    Attributes
    ----------
    id, title, publisher : str
        Table or publication, and whose it is.
    path : str
        Its address, or words where there is none.
    licence : Licence
        The terms.
    retrieved : str
        Day or instant, ISO 8601.
    """

    id: str
    title: str
    publisher: str
    path: str
    licence: Licence
    retrieved: str

    @property
    def address(self) -> str:
        """Its address; empty where only words are known."""
        return self.path if _ADDRESS.fullmatch(self.path) else ""

    @property
    def is_office(self) -> bool:
        """Whether an office itself published it."""
        return self.publisher in {"SCB", "SSB", *OFFICES}

    @property
    def day(self) -> str:
        """The day it was retrieved."""
        return self.retrieved[:10]

    def __str__(self) -> str:
        table = f"{self.id}, " if self.id not in self.title else ""
        where = f" {self.path}" if self.path not in self.title else ""
        return f"{self.publisher}: {table}{self.title}.{where} (retrieved {self.day})"


def read_sources(entries: Iterable[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Give the sources of a release, by publisher and id.

    Raises
    ------
    ReleaseError
        Where a source lacks its title, publisher, address, licence or day of retrieval, or two share an id; all
        faults at once.
    """
    faults: list[str] = []
    found: dict[str, Source] = {}
    for entry in entries:
        name = str(entry.get("id") or entry.get("title") or "a source without id")
        lacking = [field for field in _NEEDED if not str(entry.get(field) or "").strip()]
        if lacking:
            faults.append(f"{name}: no {', no '.join(lacking)}")
        elif not _is_day(str(entry["retrieved"])):
            faults.append(f"{name}: retrieved {entry['retrieved']!r} is no ISO 8601 date")
        elif name in found:
            faults.append(f"{name}: given twice")
        else:
            words = {field: str(entry[field]) for field in _NEEDED}
            found[name] = Source(**words | {"licence": Licence(words["licence"])})  # type: ignore[arg-type]
    if not (found or faults):
        faults.append("no source is given at all")
    if faults:
        raise ReleaseError(
            "\n  - ".join(["sources that cannot be cited", *faults]),
            hint="Give every source a licence, a day of retrieval and a citation; nothing was written.",
        )
    return tuple(sorted(found.values(), key=lambda source: (source.publisher, source.id)))


def licences(sources: Iterable[Source]) -> tuple[Licence, ...]:
    """Give the different licences of some sources, by name."""
    return tuple(sorted({source.licence for source in sources}, key=lambda licence: licence.name))


def offices(sources: Iterable[Source]) -> tuple[str, ...]:
    """Give the statistical offices whose numbers some sources print, whoever published them."""
    words = " ".join(source.publisher for source in sources)
    return tuple(name for name, sign in OFFICES.items() if re.search(sign, words))


def newest_day(sources: Iterable[Source]) -> str:
    """Give the day the newest source was retrieved."""
    return max((source.day for source in sources), default="1970-01-01")


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) >= 10
