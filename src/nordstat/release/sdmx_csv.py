"""Observations as SDMX-CSV 2.0, and the structure that describes them.

A missing number is written ``NaN`` (intentionally missing), never as an empty cell, and every row replaces what a
receiver held before: an empty attribute then means "none", not "unchanged". SDMX has no word for an observation
without a period, so those rows stay in observations.csv only; datapackage.json says how many they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from nordstat.release.canonical import csv_header, csv_rows, text
from nordstat.schema.columns import KEY, OBSERVATION, Column, Kind

AGENCY = "NORDSTAT"
FLOW = f"{AGENCY}:OBSERVATIONS(1.0.0)"
UNSTATED = "_X"
"""SDMX code for a dimension the source leaves open or does not state."""

_LEAD = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
_CONCEPTS = [column.concept for column in OBSERVATION]


def component(column: Column) -> str:
    """Give a column's SDMX id: its concept, where no other column has the same."""
    return column.concept if _CONCEPTS.count(column.concept) == 1 else column.name.upper()


def _is_dimension(column: Column) -> bool:
    return column.name in KEY or column.name == "freq"


COLUMNS = (
    *(Column(name, Kind.TEXT, "SDMX-CSV message column") for name in _LEAD),
    *(
        Column(
            component(column),
            Kind.TEXT if _is_dimension(column) else column.kind,  # an open age is a code here, and no number
            column.description,
            nullable=True,
        )
        for column in OBSERVATION
    ),
)
"""Columns of the SDMX-CSV file."""

DIMENSIONS = tuple(component(column) for column in OBSERVATION if _is_dimension(column))
"""What makes a row of it one observation."""


def header() -> bytes:
    """Give the first line of the file."""
    return csv_header([column.name for column in COLUMNS])


def rows(batch: pa.RecordBatch) -> tuple[memoryview, int]:
    """Give a batch of observations as lines of SDMX-CSV, and how many they are."""
    timed = batch.filter(pc.is_valid(batch.column("time_period")))
    if not len(timed):
        return memoryview(b""), 0
    lead = [pa.array([word] * len(timed)) for word in ("dataflow", FLOW, "R")]
    cells = [_cell(column, timed.column(column.name)) for column in OBSERVATION]
    return csv_rows([*lead, *cells]), len(timed)


def structure(prepared: str) -> str:
    """Give the data structure, its concepts, its closed code lists and the dataflow as SDMX-ML 3.0.

    Parameters
    ----------
    prepared : str
        Instant for the message header.
    """
    return "\n".join(_message(prepared)) + "\n"


def _cell(column: Column, cells: pa.Array) -> pa.Array:
    written = text(cells)
    if column.kind is Kind.NUMBER:
        return pc.fill_null(written, "NaN")
    return pc.fill_null(written, UNSTATED) if _is_dimension(column) else written


def _message(prepared: str) -> Iterator[str]:
    schemas = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<mes:Structure xmlns:mes="{schemas}/message" xmlns:str="{schemas}/structure" xmlns:com="{schemas}/common">'
    yield f"<mes:Header><mes:ID>OBSERVATIONS</mes:ID><mes:Test>false</mes:Test><mes:Prepared>{prepared}</mes:Prepared>"
    yield f'<mes:Sender id="{AGENCY}"/></mes:Header>'
    yield "<mes:Structures>"
    yield "<str:Dataflows>" + _open("Dataflow", "OBSERVATIONS", "Observations")
    yield f"<str:Structure>{_urn('datastructure.DataStructure', FLOW)}</str:Structure></str:Dataflow></str:Dataflows>"
    yield "<str:Codelists>"
    for column in OBSERVATION:
        yield from _codelist(column)
    yield "</str:Codelists>"
    yield "<str:ConceptSchemes>" + _open("ConceptScheme", "CONCEPTS", "Columns of an observation", partial=True)
    for column in OBSERVATION:
        yield f'<str:Concept id="{component(column)}">{_name(column.name)}'
        yield f'<com:Description xml:lang="en">{escape(column.description)}</com:Description></str:Concept>'
    yield "</str:ConceptScheme></str:ConceptSchemes>"
    yield "<str:DataStructures>" + _open("DataStructure", "OBSERVATIONS", "Observations")
    yield "<str:DataStructureComponents>"
    yield from _components()
    yield "</str:DataStructureComponents></str:DataStructure></str:DataStructures>"
    yield "</mes:Structures></mes:Structure>"


def _components() -> Iterator[str]:
    dimensions = [column for column in OBSERVATION if _is_dimension(column) and column.name != "time_period"]
    yield "<str:DimensionList>"
    for position, column in enumerate(dimensions, 1):
        yield f'<str:Dimension id="{component(column)}" position="{position}">{_described(column)}</str:Dimension>'
    period = next(column for column in OBSERVATION if column.name == "time_period")
    yield f'<str:TimeDimension id="TIME_PERIOD">{_described(period)}</str:TimeDimension>'
    yield "</str:DimensionList><str:AttributeList>"
    for column in OBSERVATION:
        if not _is_dimension(column) and column.name != "obs_value":
            yield f'<str:Attribute id="{component(column)}" usage="optional">{_described(column)}'
            yield "<str:AttributeRelationship><str:Observation/></str:AttributeRelationship></str:Attribute>"
    value = next(column for column in OBSERVATION if column.name == "obs_value")
    yield f'</str:AttributeList><str:MeasureList><str:Measure id="OBS_VALUE">{_described(value)}'
    yield "</str:Measure></str:MeasureList>"


def _described(column: Column) -> str:
    concept = _urn("conceptscheme.Concept", f"{AGENCY}:CONCEPTS(1.0.0).{component(column)}")
    if column.name == "time_period":
        kind = '<str:TextFormat textType="ObservationalTimePeriod"/>'
    elif column.values:
        codelist = _urn("codelist.Codelist", f"{AGENCY}:CL_{component(column)}(1.0.0)")
        kind = f"<str:Enumeration>{codelist}</str:Enumeration>"
    else:
        kind = f'<str:TextFormat textType="{"Double" if column.kind is Kind.NUMBER else "String"}"/>'
    return (
        f"<str:ConceptIdentity>{concept}</str:ConceptIdentity><str:LocalRepresentation>{kind}</str:LocalRepresentation>"
    )


def _codelist(column: Column) -> Iterator[str]:
    allowed = column.values
    if not allowed:
        return
    yield _open("Codelist", f"CL_{component(column)}", column.description, partial=True)
    for code in (*allowed, *([UNSTATED] if column.nullable and _is_dimension(column) else [])):
        yield f"<str:Code id={quoteattr(code)}>{_name(code)}</str:Code>"
    yield "</str:Codelist>"


def _open(tag: str, id: str, name: str, *, partial: bool = False) -> str:
    whole = ' isPartial="false"' if partial else ""
    return f'<str:{tag} id="{id}" agencyID="{AGENCY}" version="1.0.0" isExternalReference="false"{whole}>{_name(name)}'


def _name(words: str) -> str:
    return f'<com:Name xml:lang="en">{escape(words)}</com:Name>'


def _urn(kind: str, target: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={target}"
