"""datapackage.json: the release as a Frictionless Data Package v2, written from the column dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nordstat.release.edition import DESCRIPTION, KEYWORDS, MAKER, SCHEMA, TITLE, Edition
from nordstat.release.sources import Licence, Source, licences
from nordstat.schema.columns import Column, Kind

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "datapackage.json"

_TYPES = {
    Kind.CATEGORY: "string",
    Kind.TEXT: "string",
    Kind.WHOLE: "integer",
    Kind.NUMBER: "number",
    Kind.FLAG: "boolean",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a release.

    Attributes
    ----------
    name : str
        ``observations``, ``reconciliation``, ``figures``.
    columns : tuple of Column
        Its columns.
    key : tuple of str
        Columns that order and identify its rows.
    rows : int
        How many rows it has.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of a release, as the descriptor tells of it.

    Attributes
    ----------
    name, path, media_type, description : str
        Its name in the package, its file, its kind and what it holds.
    table : Table or None
        The table it holds.
    fixed : bool
        Whether its bytes are the same under every version of every library; only then are they described.
    own : bool
        Whether it is nordstat's own work and not the numbers as the sources give them.
    """

    name: str
    path: str
    media_type: str
    description: str
    table: Table | None = None
    fixed: bool = True
    own: bool = True


def datapackage(edition: Edition, resources: Sequence[tuple[Resource, str, int]]) -> dict[str, Any]:
    """Give the package's descriptor.

    Parameters
    ----------
    edition : Edition
        The release.
    resources : sequence of (Resource, str, int)
        Its files with their sha256 and size.
    """
    return {
        "$schema": PROFILE,
        "name": "nordstat",
        "title": TITLE,
        "description": DESCRIPTION,
        "version": edition.version,
        "created": edition.created,
        "keywords": list(KEYWORDS),
        "contributors": [{"title": MAKER, "roles": ["creator"]}]
        + [{"title": office, "roles": ["dataSource"]} for office in edition.creators[1:]],
        "licenses": [_licence(licence) for licence in licences(edition.sources)],
        "sources": [_source(source) for source in edition.sources],
        "nordstat": {
            "schema": SCHEMA,
            "content_sha256": edition.content_hash,
            "library_version": edition.library,
        },
        "resources": [_resource(edition, *entry) for entry in resources],
    }


def read_table(resource: Mapping[str, Any]) -> Table:
    """Give the table a resource of the descriptor describes."""
    schema = resource["schema"]
    columns = tuple(
        Column(
            field["name"],
            Kind(field["nordstat:kind"]),
            field.get("description", ""),
            field.get("nordstat:concept", ""),
            field.get("nordstat:unit", ""),
            nullable=not field.get("constraints", {}).get("required", False),
            values=tuple(field.get("constraints", {}).get("enum", ())),
        )
        for field in schema["fields"]
    )
    return Table(resource["name"], columns, tuple(schema["uniqueKeys"][0]), resource["nordstat:rows"])


def _resource(edition: Edition, resource: Resource, sha256: str, size: int) -> dict[str, Any]:
    made = [{"title": "Made from observations.csv and figures.csv of this package, and the mappings of nordstat"}]
    told: dict[str, Any] = {
        "name": resource.name,
        "path": resource.path,
        "format": resource.path.rsplit(".", 1)[-1],
        "mediatype": resource.media_type,
        "description": resource.description,
        "licenses": [_licence(licence) for licence in licences(edition.sources)],
        "sources": made if resource.own else [_source(source) for source in edition.sources],
    }
    if resource.fixed:
        told |= {"hash": f"sha256:{sha256}", "bytes": size}
    else:
        told["type"] = "file"
    if resource.table:
        told |= {"type": "table", "nordstat:rows": resource.table.rows, "schema": _schema(resource.table)}
    if resource.media_type.startswith("text/"):
        told["encoding"] = "utf-8"
    return told


def _schema(table: Table) -> dict[str, Any]:
    return {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "uniqueKeys": [list(table.key)],
    } | ({"primaryKey": list(table.key)} if len(table.key) == 1 else {})


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if allowed := column.values:
        constraints["enum"] = list(allowed)
    told = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "description": column.description,
        "nordstat:kind": str(column.kind),
        "nordstat:concept": column.concept,
        "nordstat:unit": column.unit,
    }
    return {name: value for name, value in told.items() if value} | (
        {"constraints": constraints} if constraints else {}
    )


def _licence(licence: Licence) -> dict[str, str]:
    if licence.spdx:
        return {"name": licence.spdx, "path": licence.address, "title": licence.name}
    return {"name": "-".join(licence.name.split()), "title": licence.name}


def _source(source: Source) -> dict[str, str]:
    """Give a source as the package profile wants it, with the words `read_sources` reads back."""
    return {
        "title": source.title,
        "id": source.id,
        "publisher": source.publisher,
        "path": source.path,
        "licence": source.licence.name,
        "retrieved": source.retrieved,
    }
