"""The quality report of the evidence that the mappings hold: made, and written whole."""

from __future__ import annotations

import json
from pathlib import Path

from nordstat.errors import SettingsError
from nordstat.mapping.check import Mappings
from nordstat.pipeline import build
from nordstat.reconcile.quality import QualityReport
from nordstat.reconcile.reconciliation import reconcile
from nordstat.reconcile.sections import Material, sections
from nordstat.reconcile.sensitivity import Sensitivity, sensitivity
from nordstat.snapshot.durable import make_folder, replacing
from nordstat.version import __version__

FILES = ("quality.md", "quality.json")


def quality_report(mappings: Mappings) -> QualityReport:
    """Give what the evidence is worth."""
    corpus = build.corpus(mappings)
    material = Material(
        corpus=corpus,
        result=reconcile(corpus),
        sensitivity=sensitivity_of(mappings),
        figures=build.all_figures(mappings),
        tables=mappings.tables,
        breaks=tuple(mappings.breaks.values()),
    )
    about = {"nordstat": __version__, "mappings sha256": build.mappings_hash(mappings.folders)}
    return QualityReport(about, sections(material))


def sensitivity_of(mappings: Mappings) -> Sensitivity:
    """Give the verdicts that turn when a convention or an assumption is moved over its range."""
    return sensitivity(build.corpus(mappings), build.corpus(mappings, one_sided=1.0))


def write_quality(report: QualityReport, folder: Path) -> tuple[Path, ...]:
    """Write a report as Markdown and as JSON, each whole or not at all, and give the two files.

    Raises
    ------
    SettingsError
        Where the folder cannot be written to; what was there before is untouched.
    """
    told = json.dumps(report.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    paths = tuple(folder / name for name in FILES)
    try:
        make_folder(folder)
        for path, text in zip(paths, (report.to_markdown(), told), strict=True):
            with replacing(path) as file:
                file.write(text.encode())
    except OSError as error:
        raise SettingsError(
            f"the quality report cannot be written: {error.strerror or error}",
            where=str(error.filename or folder),
            hint="Name a folder that may be written to.",
        ) from error
    return paths
