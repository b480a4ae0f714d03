"""Series with their breaks, figures that cannot both hold, what rests on assumptions, and the quality report."""

from __future__ import annotations

from pathlib import Path

from nordstat.api.folders import Folders, load
from nordstat.pipeline import build as pipeline
from nordstat.pipeline import quality as pipeline_quality
from nordstat.reconcile.contradictions import Contradiction
from nordstat.reconcile.contradictions import contradictions as cannot_all_hold
from nordstat.reconcile.quality import QualityReport
from nordstat.reconcile.reconciliation import reconcile
from nordstat.reconcile.sensitivity import Sensitivity
from nordstat.reconcile.series import Series
from nordstat.reconcile.series import series as join


def series(
    definition: str, *, residence: str, work: str, measure: str = "", mappings: Folders = (), **codes: str
) -> Series:
    """Give the numbers of one definition over time, with break marks and growth that does not cross them unseen.

    Parameters
    ----------
    definition : str
        Definition id, such as ``ssb-nonresident-refweek``.
    residence, work : str
        Area codes, with or without their scheme; a country background stands where residence is not known.
    measure : str, optional
        ``employed``, ``in_commuters``, ...; commuters where it is not said.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    **codes : str
        ``sex``, ``industry``, ``occupation``, ``background``; totals where not said.

    Returns
    -------
    Series
        With ``.table``, ``.growth(start, end)`` and ``.comparable_length``.

    Raises
    ------
    SettingsError
        Where nothing fits, or more than one quantity does.
    """
    found = load(mappings)
    corpus = pipeline.corpus(found)
    return join(corpus, found.breaks.values(), definition, residence=residence, work=work, measure=measure, **codes)


def contradictions(*, mappings: Folders = ()) -> tuple[Contradiction, ...]:
    """Give every set of figures that cannot all hold, each once, with its sources.

    Parameters
    ----------
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    corpus = pipeline.corpus(load(mappings))
    return cannot_all_hold(reconcile(corpus).findings, corpus)


def sensitivity(*, mappings: Folders = ()) -> Sensitivity:
    """Give the verdicts that turn when a convention or an assumption is moved over its range, ranked.

    Parameters
    ----------
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    return pipeline_quality.sensitivity_of(load(mappings))


def quality_report(*, mappings: Folders = ()) -> QualityReport:
    """Give what the evidence is worth, in the order of the European reporting standard (SIMS).

    Parameters
    ----------
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.

    Returns
    -------
    QualityReport
        With ``.to_markdown()`` and ``.to_dict()``.
    """
    return pipeline_quality.quality_report(load(mappings))


def write_quality(folder: Path | str, *, mappings: Folders = ()) -> tuple[Path, ...]:
    """Write the quality report as Markdown and as JSON, each whole or not at all, and give the two files.

    Parameters
    ----------
    folder : path
        Folder to write to; made where it is not there.
    mappings : iterable of path, optional
        Own folders, layered over the shipped one.
    """
    return pipeline_quality.write_quality(quality_report(mappings=mappings), Path(folder))
