"""Tables: how an office's table reads in nordstat's concepts, and the breaks its series have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from nordstat.model.symbol import Symbol


class Concept(StrEnum):
    """What a dimension of a table is about.

    ``area`` is a region whose side, residence or work, depends on the contents; ``definition`` tells who is counted;
    ``part`` splits by something nordstat has no column for, so that only its total can be read.
    """

    RESIDENCE = "residence_area"
    WORK = "work_area"
    AREA = "area"
    SEX = "sex"
    AGE = "age"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    BACKGROUND = "background"
    DEFINITION = "definition"
    TIME = "time_period"
    CONTENTS = "contents"
    PART = "part"


class TimeForm(StrEnum):
    """What a time code stands for: ``2022``, the fourth quarter of ``2022``, ``2022K4``, ``2022M11``."""

    YEAR = "year"
    YEAR_Q4 = "year-Q4"
    QUARTER = "quarter"
    MONTH = "month"


class Disclosure(StrEnum):
    """How a table hides small counts."""

    NONE = "none"
    SSB_0_3 = "ssb-0-3"
    SCB_BAS_NOISE = "scb-bas-noise"
    NOT_STATED = "not-stated"


class Verification(StrEnum):
    """How the description of a table is known: from an answer, from somebody's code or query, or from words only."""

    RECORDED = "recorded"
    DOCUMENTED = "documented"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class DimensionSpec:
    """One dimension of a table, in nordstat's concepts.

    Attributes
    ----------
    id : str
        As the service spells it.
    concept : Concept
        What it is about.
    schemes : tuple of str
        Classifications its codes belong to; without a version where the version follows the period.
    codes : mapping of str to str
        Code of the service -> code of nordstat, where the two differ.
    left_out : mapping of str to str
        Code of the service -> why it is not read.
    """

    id: str
    concept: Concept
    schemes: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContentsSpec:
    """One kind of number a table holds.

    Attributes
    ----------
    code, label : str
        Code of the service, and its words.
    measure, unit_measure : str
        As in the observations.
    side : str
        ``residence`` or ``work``: whose place a dimension of concept ``area`` then is; empty where there is none.
    """

    code: str
    measure: str
    unit_measure: str
    side: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """How an office's table reads.

    Attributes
    ----------
    id : str
        ``SSB:03321``, ``SCB:TAB1830``.
    aliases : tuple of str
        Other names of the same table at the same office.
    path : str
        Path of the table in PxWeb v1; empty where it is not needed or not known.
    title : str
        In the words of the office where they were seen.
    definition : str
        Definition id; empty where a dimension tells who is counted, or nobody has seen.
    measure, unit_measure : str
        What it counts, where the contents do not say otherwise.
    population, reference : str
        Who is counted and when, in words.
    age_low, age_high : int or None
        Ages where no dimension tells; ``None`` is an open or unknown end.
    first_year, last_year : int or None
        Years seen; ``None`` where not seen.
    time : TimeForm or None
        What a time code stands for.
    dimensions : tuple of DimensionSpec
        Those whose id has been seen.
    contents : tuple of ContentsSpec
        Those whose code has been seen.
    fixed : mapping of str to str
        Columns of the observation that are the same in every row, such as ``work_area`` = NO.
    fixed_by : mapping of str to mapping
        Definition id -> columns that are the same in every row of that definition.
    disclosure : Disclosure
        How small counts are hidden.
    breaks : tuple of str
        Ids of breaks in its series.
    is_open : bool
        Whether new periods are still published.
    successor : str
        Id of the table that goes on with its numbers, maybe by another definition; empty where none is known.
    verified : Verification
        How all this is known.
    evidence : str
        From where.
    file, line : Path, int
        Where the description stands.
    """

    id: str
    title: str
    verified: Verification
    evidence: str
    aliases: tuple[str, ...] = ()
    path: str = ""
    definition: str = ""
    measure: str = ""
    unit_measure: str = ""
    population: str = ""
    reference: str = ""
    age_low: int | None = None
    age_high: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    time: TimeForm | None = None
    dimensions: tuple[DimensionSpec, ...] = ()
    contents: tuple[ContentsSpec, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    fixed_by: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    disclosure: Disclosure = Disclosure.NOT_STATED
    breaks: tuple[str, ...] = ()
    is_open: bool = True
    successor: str = ""
    file: Path = Path()
    line: int = 0

    @property
    def office(self) -> str:
        """The office that publishes it: SCB, SSB, NORDIC, EUROSTAT."""
        return self.id.partition(":")[0]

    @property
    def code(self) -> str:
        """The office's own id of the table."""
        return self.id.partition(":")[2]

    def dimension(self, id: str) -> DimensionSpec | None:
        """Give the dimension with an id, ``None`` where nobody has seen it."""
        return next((dimension for dimension in self.dimensions if dimension.id == id), None)

    def of_concept(self, concept: Concept) -> DimensionSpec | None:
        """Give the dimension about something, ``None`` where there is none."""
        return next((dimension for dimension in self.dimensions if dimension.concept == concept), None)

    def content(self, code: str) -> ContentsSpec | None:
        """Give the contents with a code, ``None`` where nobody has seen it."""
        return next((content for content in self.contents if content.code == code), None)


@dataclass(frozen=True, slots=True)
class Break:
    """A point in time across which an office's numbers do not compare as they stand.

    Attributes
    ----------
    id : str
        Name.
    reporter : str
        Whose series.
    definitions : tuple of str
        Definitions it touches; empty means all of the reporter.
    day : date
        First day of the first period after it.
    kind : str
        SDMX CL_OBS_STATUS: B a break in level, D only codes or groups differ, L nothing is collected from then on,
        P the numbers go on moving.
    what, effect : str
        What changed, and what it does to the numbers.
    source : str
        Where it is stated.
    """

    id: str
    reporter: str
    definitions: tuple[str, ...]
    day: date
    kind: str
    what: str
    effect: str
    source: str

    @property
    def breaks_level(self) -> bool:
        """Whether a change of the number across it says nothing."""
        return self.kind == "B"

    def touches(self, reporter: str, definition: str) -> bool:
        """Tell whether the numbers of a reporter by a definition have this break."""
        return reporter == self.reporter and (not self.definitions or definition in self.definitions)

    def separates(self, earlier: date, later: date) -> bool:
        """Tell whether it lies between two days."""
        return earlier < self.day <= later


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A symbol, whose it is, and while its meaning holds.

    Attributes
    ----------
    agency : str
        SCB, SSB, ...
    symbol : Symbol
        The symbol.
    valid_from, valid_to : date or None
        From, and until (exclusive); ``None`` where open.
    """

    agency: str
    symbol: Symbol
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date | None = None) -> bool:
        """Tell whether the meaning holds on a day; without a day, whether it holds today and on."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)
