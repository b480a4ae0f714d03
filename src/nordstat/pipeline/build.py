"""The order of the steps: mappings, observations, reconciliation, release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from nordstat.harmonise.containment import containment_of
from nordstat.harmonise.figures import figure_frame, numbers
from nordstat.harmonise.intervals import ONE_SIDED_UNITS
from nordstat.harmonise.observations import Legends, observations_of
from nordstat.harmonise.partitions import partitions_of
from nordstat.mapping.check import Mappings
from nordstat.mapping.symbols import legend
from nordstat.model.definition import Definition
from nordstat.model.figure import Figure
from nordstat.model.release import ReleaseContent
from nordstat.model.table import Disclosure
from nordstat.pipeline.stored import Stored, read_store, together
from nordstat.reconcile.candidates import Corpus, corpus_of
from nordstat.reconcile.reconciliation import Reconciliation, reconcile
from nordstat.schema.observations import check_observations
from nordstat.schema.reconciliation import check_reconciliation
from nordstat.snapshot.store import Store
from nordstat.version import __version__


def corpus(mappings: Mappings, *, one_sided: float = ONE_SIDED_UNITS) -> Corpus:
    """Give the evidence that the mappings hold: published figures and transcribed tables."""
    codelists = mappings.codelists.lists.values()
    noisy = {table.definition for table in mappings.tables.values() if table.disclosure is Disclosure.SCB_BAS_NOISE}
    return corpus_of(
        numbers(all_figures(mappings), _legends(mappings)),
        mappings.definitions,
        mappings.facets,
        containment_of(codelists, mappings.members),
        steps=mappings.bridges,
        partitions=partitions_of(codelists, mappings.partitions.values()),
        noisy=frozenset(noisy - {""}),
        one_sided=one_sided,
    )


def all_figures(mappings: Mappings) -> list[Figure]:
    """Give published figures and rows of transcribed tables, in that order."""
    return [*mappings.figures.values(), *mappings.transcribed.values()]


def observations(mappings: Mappings) -> pd.DataFrame:
    """Give the observations that the mappings hold, checked."""
    return check_observations(observations_of(all_figures(mappings), _legends(mappings)))


def content(
    mappings: Mappings, *, version: str = "", store: Store | None = None, executor: Executor | None = None
) -> ReleaseContent:
    """Give everything a release is made of, offline.

    Parameters
    ----------
    mappings : Mappings
        In force.
    version : str, optional
        Version of the release; without one it is a working release, named after what is in it.
    store : Store, optional
        Store whose tables join the observations.
    executor : Executor, optional
        Where these tables are read; in this process where it is not given.
    """
    result = reconcile(corpus(mappings))
    stored = read_store(store, mappings, executor=executor)
    return ReleaseContent(
        version=version or _working_version(mappings, result, stored),
        observations=check_observations(together([observations(mappings), *stored.frames])),
        reconciliation=check_reconciliation(result.table),
        verdicts=result.to_json(),
        figures=figure_frame(all_figures(mappings)),
        definitions={name: _definition(definition) for name, definition in mappings.definitions.items()},
        sources=[*_sources(mappings), *stored.sources],
        provenance={
            "snapshots": stored.receipts,
            "mappings_sha256": mappings_hash(mappings.folders),
            "library_version": __version__,
        }
        | ({"tables_not_read": list(stored.unread)} if stored.unread else {}),
    )


def reconciliation(mappings: Mappings, ids: Sequence[str] = ()) -> Reconciliation:
    """Give the verdicts on published figures, or on some of them."""
    return reconcile(corpus(mappings), ids)


def mappings_hash(folders: Sequence[Path]) -> str:
    """Give the sha256 over names and bytes of every file of the mappings folders in force."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _legends(mappings: Mappings) -> Legends:
    offices = {figure.reporter for figure in all_figures(mappings)}
    return {office: legend(mappings.symbols, office) for office in offices}


def _working_version(mappings: Mappings, result: Reconciliation, stored: Stored) -> str:
    answers = [stored.receipts] if stored.receipts else []
    told = json.dumps([__version__, mappings_hash(mappings.folders), result.to_json(), *answers], sort_keys=True)
    return f"0+{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def _definition(definition: Definition) -> dict[str, Any]:
    return {
        "labels": dict(definition.labels),
        "description": definition.description,
        "facets": dict(definition.facets),
        "reporters": list(definition.reporters),
        "source": definition.source,
    }


def _sources(mappings: Mappings) -> list[dict[str, Any]]:
    """Give every publication cited, once, with its publisher's terms."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for figure in all_figures(mappings):
        citation = figure.citation
        terms = mappings.publishers.get(citation.publisher)
        found.setdefault(
            citation.publication,
            {
                "title": citation.title,
                "publisher": citation.publisher,
                "path": citation.url,
                "licence": terms.licence if terms else "",
                "retrieved": terms.retrieved.isoformat() if terms else "",
            },
        )
    return [{"id": f"S{number:03}", **found[key]} for number, key in enumerate(sorted(found), 1)]
