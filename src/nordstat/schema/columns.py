"""The one dictionary of columns: what pandera checks, what the documentation prints, what a release describes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a column is stored."""

    CATEGORY = "category"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table nordstat writes.

    Attributes
    ----------
    name : str
        Column name.
    kind : Kind
        How it is stored.
    description : str
        What it means.
    concept : str
        SDMX concept; empty where there is none.
    unit : str
        Unit, or where the unit is written.
    nullable : bool
        Whether a cell may be empty.
    values : tuple of str
        The closed set of values; empty where the set is open.
    """

    name: str
    kind: Kind
    description: str
    concept: str = ""
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()


OBS_STATUS = ("A", "B", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "S", "U", "V", "W")
"""SDMX CL_OBS_STATUS 2.2."""

CONF_STATUS = ("A", "C", "D", "E", "F", "G", "M", "N", "O", "S", "T", "X")
"""SDMX CL_CONF_STATUS, the codes seen in 1.2 and 1.3."""

MAPPING_STATUS = ("none", "exact", "aggregated", "estimated", "estimated_assumed")
SOURCE_KIND = ("table", "transcribed", "figure")
VERDICTS = ("consistent", "explained", "partly_explained", "inconsistent", "not_comparable", "no_evidence")
MEASURES = (
    "persons",
    "jobs",
    "employed",
    "population",
    "in_commuters",
    "out_commuters",
    "share",
    "difference",
    "growth",
)

_C, _T, _W, _N = Kind.CATEGORY, Kind.TEXT, Kind.WHOLE, Kind.NUMBER

OBSERVATION = (
    Column(
        "reporter",
        _C,
        "Whose count it is; the same flow seen by two offices is two rows, never averaged",
        "REPORTING_ORG",
    ),
    Column("definition", _C, "Who is counted, and how: an id in mappings/definitions"),
    Column("measure", _C, "What kind of number it is", "MEASURE", values=MEASURES),
    Column("unit_measure", _C, "Unit: PS persons, JOBS jobs, PC per cent", "UNIT_MEASURE", values=("PS", "JOBS", "PC")),
    Column(
        "freq",
        _C,
        "Frequency: A, Q, M, W or D; empty where the source states no period",
        "FREQ",
        nullable=True,
        values=("A", "Q", "M", "W", "D"),
    ),
    Column("time_period", _T, "Period in SDMX form; empty where the source states none", "TIME_PERIOD", nullable=True),
    Column("residence_scheme", _C, "Classification and version of residence_area", nullable=True),
    Column("residence_area", _C, "Where they live; _T where residence is no part of the number", "REF_AREA"),
    Column("work_scheme", _C, "Classification and version of work_area", nullable=True),
    Column("work_area", _C, "Where they work; _T where the place of work is no part of the number", "COUNTERPART_AREA"),
    Column("sex", _C, "T all, M men, F women", "SEX", values=("T", "M", "F")),
    Column("age_low", _W, "Youngest age counted; empty where open or not stated", "AGE", unit="years", nullable=True),
    Column("age_high", _W, "Oldest age counted; empty where open or not stated", "AGE", unit="years", nullable=True),
    Column(
        "occupation",
        _C,
        "Occupation or education with its scheme; _T for all; UNCODED and words for a part or an age without a code",
        "OCCUPATION",
    ),
    Column(
        "industry",
        _C,
        "Industry with its scheme; _T for all; UNCODED and words for a part without a certain code",
        "ACTIVITY",
    ),
    Column("background", _C, "Country background with its scheme; _T for all"),
    Column(
        "obs_value",
        _N,
        "The number as published; empty where a symbol stands",
        "OBS_VALUE",
        unit="unit_measure",
        nullable=True,
    ),
    Column(
        "obs_low", _N, "Low end of what the number stands for; empty is an open end", unit="unit_measure", nullable=True
    ),
    Column(
        "obs_high",
        _N,
        "High end of what the number stands for; empty is an open end",
        unit="unit_measure",
        nullable=True,
    ),
    Column("obs_status", _C, "SDMX CL_OBS_STATUS 2.2", "OBS_STATUS", values=OBS_STATUS),
    Column("conf_status", _C, "SDMX CL_CONF_STATUS", "CONF_STATUS", values=CONF_STATUS),
    Column("obs_status_source", _C, "The symbol or the phrase of precision as published", nullable=True),
    Column("mapping_status", _C, "How far the codes are the source's own", values=MAPPING_STATUS),
    Column(
        "source_kind",
        _C,
        "From a table of a service, a transcribed official table, or a published figure",
        values=SOURCE_KIND,
    ),
    Column("source", _C, "Table id such as SSB:03321, figure id such as F012, or file and line of a transcribed table"),
    Column("vintage", _T, "When the source said it was updated", "LAST_UPDATE", nullable=True),
    Column("snapshot", _T, "sha256 of the bytes the number came from", nullable=True),
)
"""One row a number (design, section 4)."""

KEY = (
    "reporter",
    "definition",
    "measure",
    "time_period",
    "residence_scheme",
    "residence_area",
    "work_scheme",
    "work_area",
    "sex",
    "age_low",
    "age_high",
    "occupation",
    "industry",
    "background",
    "source",
    "vintage",
)
"""What makes an observation one observation."""

RECONCILIATION = (
    Column("figure", _T, "Figure id"),
    Column("verdict", _C, "How the figure stands to the evidence", values=VERDICTS),
    Column("value", _N, "As printed", nullable=True),
    Column("low", _N, "Low end of its interval; empty is an open end", nullable=True),
    Column("high", _N, "High end of its interval; empty is an open end", nullable=True),
    Column("unit_measure", _C, "Unit", values=("PS", "JOBS", "PC")),
    Column("best_evidence", _T, "Id of the closest evidence; empty where there is none", nullable=True),
    Column("sentence", _T, "The verdict in one plain sentence, in English"),
    Column("sentence_sv", _T, "The same in Swedish"),
    Column("sentence_nb", _T, "The same in Norwegian"),
    Column("facets_differing", _T, "Facets that differ from the best evidence", nullable=True),
)
"""One row a figure."""
