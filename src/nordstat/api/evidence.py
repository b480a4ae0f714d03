"""What is known, what it says, and how it compares; nothing here needs a network."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nordstat.api.folders import Folders, load
from nordstat.errors import MappingError, SettingsError
from nordstat.harmonise.figures import figure_frame
from nordstat.mapping.check import check_mappings
from nordstat.mapping.locate import layers
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.bridge import Bridge
from nordstat.reconcile.bridge import bridge as lead
from nordstat.reconcile.compare import DefinitionComparison, compare
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.settings import Settings


def tables(source: str | None = None, *, mappings: Folders = ()) -> pd.DataFrame:
    """Give the tables of the services that are known, and how each is known.

    Parameters
    ----------
    source : {"SCB", "SSB", "NORDIC"}, optional
        One office only.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Returns
    -------
    DataFrame
        One row a table: ``table``, ``title``, ``definition``, ``measure``, ``years``, ``status``, ``verified``,
        ``evidence``.

    Raises
    ------
    SettingsError
        For an office that has no table here.
    """
    specs = [spec for spec in load(mappings).tables.values() if source in (None, spec.office)]
    if not specs:
        raise SettingsError(f"no tables of {source!r}", hint="Offices: SCB, SSB, NORDIC.")
    return pd.DataFrame(
        {
            "table": [spec.id for spec in specs],
            "title": [spec.title for spec in specs],
            "definition": [spec.definition for spec in specs],
            "measure": [spec.measure for spec in specs],
            "status": ["open" if spec.is_open else "closed" for spec in specs],
            "verified": [str(spec.verified) for spec in specs],
            "evidence": [spec.evidence for spec in specs],
        }
    )


def figures(*, transcribed: bool = False, mappings: Folders = ()) -> pd.DataFrame:
    """Give the published figures, each with its interval, words and citation.

    Parameters
    ----------
    transcribed : bool, optional
        The rows of transcribed official tables too.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Returns
    -------
    DataFrame
        One row a figure.
    """
    found = load(mappings)
    return figure_frame(pipeline.all_figures(found) if transcribed else found.figures.values())


def definitions(*, mappings: Folders = ()) -> pd.DataFrame:
    """Give the definitions: id, label, description, source and a column a facet.

    Parameters
    ----------
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    return pd.DataFrame.from_records(
        [
            {
                "definition": definition.id,
                "label": definition.label(),
                "description": definition.description,
                "source": definition.source,
                **definition.facets,
            }
            for definition in load(mappings).definitions.values()
        ]
    )


def compare_definitions(first: str, second: str, *, mappings: Folders = ()) -> DefinitionComparison:
    """Give the facets in which two definitions differ, and the sign they predict for first minus second.

    Parameters
    ----------
    first, second : str
        Definition ids.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Raises
    ------
    SettingsError
        For an unknown definition, naming those there are.
    """
    found = load(mappings)
    return compare(first, second, definitions=found.definitions, facets=found.facets)


def reconcile(*ids: str, mappings: Folders = ()) -> Reconciliation:
    """Give the verdicts on published figures, each with its evidence and one plain sentence.

    Parameters
    ----------
    *ids : str
        Figures or groups of figures, such as ``varmland-seed``; all figures where there is none.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Raises
    ------
    SettingsError
        For an id that is neither a figure nor a group.
    MappingErrors
        For the faults in the mappings folders.
    """
    return pipeline.reconciliation(load(mappings), ids)


def check(what: str = "mappings", *, mappings: Folders = ()) -> tuple[MappingError, ...]:
    """Give every fault of the mappings in force, each with file and line; none where all is well.

    Parameters
    ----------
    what : str, optional
        ``mappings`` for the shipped folder with the own ones on top, or a folder to layer on top of them.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    own = [Path(folder) for folder in mappings] or [*Settings.load().mappings]
    return tuple(check_mappings(layers(own if what == "mappings" else [*own, what])).found)


def bridge(figure: str, to: str, *, mappings: Folders = ()) -> Bridge:
    """Give the way of a figure to another definition, step by step, with what remains.

    Parameters
    ----------
    figure : str
        Id of a figure, or of a row of a transcribed table.
    to : str
        Definition to reach.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Raises
    ------
    SettingsError
        For an unknown figure or definition.
    NotComparableError
        Where a facet differs and no step leads across.
    """
    found = load(mappings)
    if to not in found.definitions:
        raise SettingsError(f"no such definition: {to}", hint="See nordstat.definitions().")
    corpus = pipeline.corpus(found)
    if figure not in corpus.by_id:
        raise SettingsError(f"no such figure: {figure}", hint="See nordstat.figures(transcribed=True).")
    return lead(corpus.item(figure), to, corpus)
