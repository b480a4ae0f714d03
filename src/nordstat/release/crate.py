"""ro-crate-metadata.json: the run that made a release, as a Process Run Crate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from nordstat.release.descriptor import Resource
from nordstat.release.edition import DESCRIPTION, KEYWORDS, MAKER, TITLE, Edition
from nordstat.release.sources import Source, licences

NAME = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"


def run_crate(edition: Edition, resources: Sequence[Resource], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Give the crate: inputs, program, files.

    Parameters
    ----------
    edition : Edition
        The release.
    resources : sequence of Resource
        Its files.
    provenance : mapping
        The run; every entry of its ``snapshots`` with a ``sha256`` is an input.
    """
    sources = [_source(source) for source in edition.sources]
    snapshots = [_snapshot(entry) for entry in provenance.get("snapshots", ()) if entry.get("sha256")]
    files = [_file(resource) for resource in resources]
    inputs = {entity["@id"]: entity for entity in [*sources, *snapshots]}
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": CRATE},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": PROFILE},
            "name": TITLE,
            "description": DESCRIPTION,
            "version": edition.version,
            "datePublished": edition.day,
            "keywords": ", ".join(KEYWORDS),
            "license": "; ".join(licence.name for licence in licences(edition.sources)),
            "creator": {"@id": "#maker"},
            "identifier": {"@id": "#content"},
            "hasPart": _ids(files),
            "mentions": {"@id": "#run"},
        },
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": "#maker", "@type": "Organization", "name": MAKER},
        {
            "@id": "#content",
            "@type": "PropertyValue",
            "name": "sha256 of observations.csv",
            "value": edition.content_hash,
        },
        {"@id": "#nordstat", "@type": "SoftwareApplication", "name": "nordstat", "softwareVersion": edition.library},
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"Build of release {edition.version}",
            "endTime": edition.created,
            "instrument": {"@id": "#nordstat"},
            "object": _ids(list(inputs.values())),
            "result": _ids(files),
        },
    ]
    return {"@context": CONTEXT, "@graph": [*graph, *files, *inputs.values()]}


def _file(resource: Resource) -> dict[str, Any]:
    return {
        "@id": resource.path,
        "@type": "File",
        "name": resource.path,
        "description": resource.description,
        "encodingFormat": resource.media_type,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "@id": f"#source-{quote(source.id, safe='')}",
        "@type": "CreativeWork",
        "name": source.title,
        "description": str(source),
        "publisher": source.publisher,
        "license": source.licence.name,
    } | ({"url": source.address} if source.address else {})


def _snapshot(entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: str(entry[name]) for name in ("url", "table") if entry.get(name)}
    return {
        "@id": f"#snapshot-{entry['sha256']}",
        "@type": "CreativeWork",
        "name": told.get("table", "An answer of a service"),
        "identifier": entry["sha256"],
        "description": f"sha256 {entry['sha256']}, retrieved {entry.get('retrieved', 'on an unstated day')}",
    } | ({"url": told["url"]} if "url" in told else {})


def _ids(entities: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{"@id": entity["@id"]} for entity in entities]
