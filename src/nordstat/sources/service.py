"""A service as data: where it answers, in which languages, what it allows, and its oddities, each with a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Literal, Self
from zoneinfo import ZoneInfo

from nordstat.errors import SettingsError
from nordstat.sources.budget import Pace

Api = Literal["v2", "v1", "klass"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one interface of a service allows.

    Attributes
    ----------
    cells : int
        Most cells of one answer.
    pace : Pace
        How often it may be asked.
    values : int
        Most codes listed in one query; 0 where there is no such limit.
    """

    cells: int
    pace: Pace
    values: int = 0


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface of a service.

    Attributes
    ----------
    address : str
        Base address without a slash at the end; ``{language}`` stands for the language.
    terms : Terms
        What is documented, kept to until the service itself tells.
    database : str
        Segment between the base address and a table (v1).
    searches : bool
        Whether it can be searched.
    """

    address: str
    terms: Terms
    database: str = ""
    searches: bool = True


@dataclass(frozen=True, slots=True)
class QuietTime:
    """A time of day at which a service should not be asked.

    Attributes
    ----------
    start, end : time
        Local time, the end excluded.
    why : str
        What goes wrong then.
    """

    start: time
    end: time
    why: str


@dataclass(frozen=True, slots=True)
class Service:
    """A statistical office's service.

    Attributes
    ----------
    name, office : str
        Short name used before table ids (``SSB:03321``), and the office.
    languages : tuple of str
        Languages of the labels, the service's own first.
    interfaces : mapping of str to Interface
        ``v2``, ``v1`` and ``klass``, the preferred first.
    licence, attribution : str
        Terms of use, and how the source is to be named.
    time_zone : str
        In which quiet times are told.
    quiet : tuple of QuietTime
        When not to ask.
    known_as : mapping of str to str
        Table id that is asked for -> what to try instead, where the two interfaces or two times name a table otherwise.
    geo : frozenset of str
        Variables that are areas although the metadata do not say so.
    overridden : bool
        Whether an address was given by the user; only then may it be on this machine, and without TLS.
    """

    name: str
    office: str
    languages: tuple[str, ...]
    interfaces: Mapping[Api, Interface]
    licence: str
    attribution: str
    time_zone: str = "Europe/Oslo"
    quiet: tuple[QuietTime, ...] = ()
    known_as: Mapping[str, str] = field(default_factory=dict)
    geo: frozenset[str] = frozenset()
    overridden: bool = False

    def at(self, **addresses: str) -> Self:
        """Give the service at other addresses: ``SSB.at(v2="http://127.0.0.1:8000/api/v2")``.

        Raises
        ------
        SettingsError
            For an interface the service does not have.
        """
        if strange := set(addresses) - set(self.interfaces):
            there = ", ".join(self.interfaces)
            raise SettingsError(f"{self.name} has no interface {', '.join(sorted(strange))}; there is {there}")
        moved = {
            api: replace(interface, address=addresses[api].rstrip("/")) if api in addresses else interface
            for api, interface in self.interfaces.items()
        }
        return replace(self, interfaces=moved, overridden=self.overridden or bool(addresses))

    def quiet_at(self, moment: datetime) -> str:
        """Give the reason not to ask at a moment (with its time zone); empty where there is none."""
        local = moment.astimezone(ZoneInfo(self.time_zone)).time()
        return next((quiet.why for quiet in self.quiet if quiet.start <= local < quiet.end), "")
