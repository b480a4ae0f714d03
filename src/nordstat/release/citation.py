"""Citing a release: in words, as BibTeX, CSL-JSON and CITATION.cff, and the DataCite draft.

Each names the release, the offices behind it, their tables and the days they were retrieved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from nordstat.errors import SettingsError
from nordstat.release.canonical import json_text
from nordstat.release.edition import DESCRIPTION, KEYWORDS, MAKER, TITLE, Edition
from nordstat.release.sources import Source, licences

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def cite(edition: Edition, style: str = "apa") -> str:
    """Give the citation of a release.

    Parameters
    ----------
    edition : Edition
        The release.
    style : {"apa", "bibtex", "csl", "cff"}
        Form of the citation.

    Raises
    ------
    SettingsError
        For another style.
    """
    if style not in STYLES:
        raise SettingsError(f"no such citation style: {style!r}", hint=f"Styles: {', '.join(STYLES)}.")
    return STYLES[style](edition)


def apa(edition: Edition) -> str:
    """Give the citation in words, the sources after it."""
    *first, last = edition.creators
    names = f"{', '.join(first)}, & {last}" if first else last
    return (
        f"{names}. ({edition.year}). {TITLE} (Version {edition.version}) [Data set]. "
        f"sha256:{edition.content_hash}. Sources: {_sources(edition)}.\n"
    )


def bibtex(edition: Edition) -> str:
    """Give the citation as a BibTeX entry."""
    fields = {
        "author": " and ".join("{" + _tex(name) + "}" for name in edition.creators),
        "title": "{" + _tex(TITLE) + "}",
        "year": str(edition.year),
        "version": _tex(edition.version),
        "howpublished": "Data set",
        "note": _tex(f"sha256:{edition.content_hash}. Sources: {_sources(edition)}"),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return "\n".join([f"@misc{{nordstat-{edition.version},", ",\n".join(lines), "}", ""])


def csl(edition: Edition) -> str:
    """Give the citation as CSL-JSON."""
    year, month, day = (int(part) for part in edition.day.split("-"))
    return json_text(
        [
            {
                "id": f"nordstat-{edition.version}",
                "type": "dataset",
                "title": TITLE,
                "author": [{"literal": name} for name in edition.creators],
                "issued": {"date-parts": [[year, month, day]]},
                "version": edition.version,
                "abstract": DESCRIPTION,
                "note": f"sha256:{edition.content_hash}. Sources: {_sources(edition)}",
            }
        ]
    )


def cff(edition: Edition) -> str:
    """Give CITATION.cff 1.2.0; every value is quoted, so no reader takes a code for a number."""
    told: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it and the offices whose numbers it holds.",
        "type": "dataset",
        "title": TITLE,
        "abstract": DESCRIPTION,
        "authors": [{"name": name} for name in edition.creators],
        "version": edition.version,
        "date-released": edition.day,
        "keywords": list(KEYWORDS),
        "identifiers": [
            {"type": "other", "value": f"sha256:{edition.content_hash}", "description": "sha256 of observations.csv"}
        ],
        "references": [_reference(source) for source in edition.sources],
    }
    known = [licence.spdx for licence in licences(edition.sources) if licence.spdx]
    if known:
        told["license"] = known
    return "\n".join(_yaml(told)) + "\n"


def datacite(edition: Edition) -> dict[str, Any]:
    """Give the DataCite 4.5 metadata to send when a DOI is asked for; the DOI itself is left out."""
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Statistical data"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in edition.creators],
        "titles": [{"title": TITLE, "lang": "en"}],
        "publisher": {"name": MAKER},
        "publicationYear": str(edition.year),
        "version": edition.version,
        "language": "en",
        "subjects": [{"subject": word} for word in KEYWORDS],
        "dates": [{"date": edition.day, "dateType": "Created"}],
        "descriptions": [{"description": DESCRIPTION, "descriptionType": "Abstract", "lang": "en"}],
        "alternateIdentifiers": [
            {"alternateIdentifier": edition.content_hash, "alternateIdentifierType": "sha256 of observations.csv"}
        ],
        "rightsList": [
            {"rights": licence.name} | ({"rightsUri": licence.address} if licence.address else {})
            for licence in licences(edition.sources)
        ],
        "relatedIdentifiers": [
            {"relatedIdentifier": address, "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}
            for address in sorted({source.address for source in edition.sources if source.address})
        ],
    }


STYLES: dict[str, Callable[[Edition], str]] = {"apa": apa, "bibtex": bibtex, "csl": csl, "cff": cff}


def _sources(edition: Edition) -> str:
    """Give what the offices published, one by one, and how many other publications there are."""
    told = [str(source) for source in edition.sources if source.is_office]
    others = [source for source in edition.sources if not source.is_office]
    if others:
        days = sorted({source.day for source in others})
        told.append(f"{len(others)} other publications, listed in CITATION.cff (retrieved {', '.join(days)})")
    return "; ".join(told)


def _reference(source: Source) -> dict[str, Any]:
    told = {
        "type": "data",
        "title": source.title,
        "authors": [{"name": source.publisher}],
        "date-accessed": source.day,
        "notes": f"{source.id}; {source.licence.name}; {source.path}",
    }
    return told | ({"url": source.address} if source.address else {})


def _tex(words: str) -> str:
    return re.sub(r"[\\~^&%$#_{}]", lambda found: _TEX.get(found[0], f"\\{found[0]}"), words)


def _yaml(value: dict[str, Any], indent: str = "") -> list[str]:
    """Give block YAML of texts, lists and mappings; a JSON string is a YAML string."""
    lines = []
    for name, part in value.items():
        if isinstance(part, str):
            lines.append(f"{indent}{name}: {json.dumps(part, ensure_ascii=False)}")
            continue
        lines.append(f"{indent}{name}:")
        for entry in part:
            told = [json.dumps(entry, ensure_ascii=False)] if isinstance(entry, str) else _yaml(entry, "    " + indent)
            lines.append(f"{indent}  - {told[0].strip()}")
            lines += told[1:]
    return lines
