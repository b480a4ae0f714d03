"""The agencies as data: addresses, limits, languages and habits of each service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .limits import Limits

FlavourName = Literal["scb", "ssb", "nordic"]


@dataclass(frozen=True, slots=True)
class Flavour:
    """One agency's way of running PxWeb.

    Attributes
    ----------
    v1, v2 : str
        Path of each API on the server; v1 goes on with a language and a database.
    database : str
        Database id of v1, the segment after the language.
    languages : mapping of str to str
        Language code -> its name, as ``/config`` lists them.
    default_language : str
        Language of answers that were asked for in none.
    limits : Limits
        The agency's own, used where the test gives none.
    sum_symbol : str
        Status of a sum with a missing part (DATASYMBOLSUM).
    legend : mapping of str to str
        Explanations of status symbols, appended to the notes of an answer that uses them.
    text_errors : bool
        Whether v1 answers every bad request with the bare words ``Bad Request``.
    v1_format : str
        Format of v1 where the query names none.
    formats : tuple of str
        Output formats of v2.
    """

    name: FlavourName
    source: str
    v1: str
    v2: str
    database: str
    languages: Mapping[str, str]
    default_language: str
    limits: Limits
    sum_symbol: str
    license: str
    references: Mapping[str, str]
    legend: Mapping[str, str] = field(default_factory=dict)
    text_errors: bool = False
    v1_format: str = "json-stat2"
    formats: tuple[str, ...] = ("json-stat2", "csv", "px", "xlsx", "html", "json-px")
    infofile: str = "None"
    versions: tuple[str, str] = ("2.3.2", "2.5.0+build.30")


SCB = Flavour(
    name="scb",
    source="SCB",
    v1="/OV0104/v1/doris",
    v2="/api/v2",
    database="ssd",
    languages={"en": "English", "sv": "Svenska"},
    default_language="sv",
    limits=Limits(cells=150_000, calls=30, window=10.0, announce="both", values=110_000),
    sum_symbol="*",
    license="https://creativecommons.org/share-your-work/public-domain/cc0/",
    references={"en": "Source: Statistics Sweden", "sv": "Källa: SCB"},
    text_errors=True,
    v1_format="px",
    infofile="BE0101",
    versions=("2.2.0", "1.0.0"),
)
SSB = Flavour(
    name="ssb",
    source="Statistisk sentralbyrå",
    v1="/api/v0",
    v2="/api/pxwebapi/v2",
    database="table",
    languages={"no": "Norsk", "en": "English"},
    default_language="no",
    limits=Limits(cells=800_000, calls=40, window=60.0, announce="headers", values=50_000),
    sum_symbol=".",
    license="https://www.ssb.no/en/diverse/lisens",
    references={"en": "Source: Statistics Norway", "no": "Kilde: Statistisk sentralbyrå"},
    legend={
        ".": ". = Ikke mulig å oppgi tall",
        "..": ".. = Tallgrunnlag mangler",
        ":": ": = Vises ikke av konfidensialitetshensyn",
    },
    formats=("json-stat2", "csv", "px", "xlsx", "html", "json-px", "parquet"),
)
NORDIC = Flavour(
    name="nordic",
    source="Nordic Statistics Database",
    v1="/api/v1",
    v2="/api/v2",
    database="Nordic Statistics",
    languages={"en": "English"},
    default_language="en",
    limits=Limits(cells=1_000_000, calls=100, window=10.0, announce="config", values=1_000_000),
    sum_symbol=".",
    license="https://www.nordicstatistics.org",
    references={"en": "Source: Nordic Statistics Database"},
)
FLAVOURS: Mapping[str, Flavour] = {flavour.name: flavour for flavour in (SCB, SSB, NORDIC)}
