"""A small release, made of numbers that were really published."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nordstat.model.release import ReleaseContent
from nordstat.schema.columns import OBSERVATION, RECONCILIATION
from nordstat.schema.frame import conform

TOTALS: dict[str, Any] = {
    "reporter": "SSB",
    "definition": "ssb-nonresident-refweek",
    "measure": "persons",
    "unit_measure": "PS",
    "freq": "Q",
    "time_period": "2016-Q4",
    "residence_scheme": "ISO3166:2024",
    "residence_area": "SE",
    "work_scheme": "ISO3166:2024",
    "work_area": "NO",
    "sex": "T",
    "age_low": 15,
    "age_high": 74,
    "occupation": "_T",
    "industry": "_T",
    "background": "_T",
    "obs_value": 17749,
    "obs_low": 17749,
    "obs_high": 17749,
    "obs_status": "A",
    "conf_status": "F",
    "obs_status_source": None,
    "mapping_status": "none",
    "source_kind": "transcribed",
    "source": "ssb-background-q4:10",
    "vintage": "2017-02-28",
    "snapshot": None,
}
"""Non-residents of Swedish background at work in Norway, fourth quarter of 2016."""

ROWS = (
    {},
    {"time_period": "2020-Q4", "obs_value": 12000, "obs_low": 11500, "obs_high": 12500, "source": "F080"},
    {
        "reporter": "Region Värmland",
        "definition": "unstated",
        "measure": "share",
        "unit_measure": "PC",
        "freq": None,
        "time_period": None,
        "residence_scheme": "SE-LAN:2007",
        "residence_area": "17",
        "age_low": None,
        "age_high": None,
        "obs_value": 2.6,
        "obs_low": 2.55,
        "obs_high": 2.65,
        "obs_status_source": 'about, or "circa"',
        "source_kind": "figure",
        "source": "F283",
        "vintage": None,
    },
    {
        "work_scheme": "NO-KOMMUNE:2024",
        "work_area": "0301",
        "age_high": None,
        "obs_value": None,
        "obs_low": None,
        "obs_high": None,
        "obs_status": "Q",
        "conf_status": "C",
        "obs_status_source": ":",
        "source_kind": "table",
        "source": "SSB:03321",
        "snapshot": "3f" * 32,
    },
    {"measure": "jobs", "unit_measure": "JOBS", "source": "SSB:12315", "obs_value": 0, "obs_low": 0, "obs_high": 2},
)


def observations(*changes: dict[str, Any]) -> pd.DataFrame:
    """The sample's observations, or rows of one's own: each the totals row with its changes."""
    frame = pd.DataFrame([TOTALS | row for row in changes or ROWS], columns=[column.name for column in OBSERVATION])
    return conform(frame, OBSERVATION)


def verdict(figure: str, kind: str = "consistent", **changes: Any) -> dict[str, Any]:
    """One entry as `nordstat reconcile --json` gives it."""
    return {
        "figure": figure,
        "interval": [16500.0, 17500.0],
        "verdict": kind,
        "sentence": f"{figure} is {kind}.",
        "sentence_sv": f"{figure} är {kind}.",
        "sentence_nb": f"{figure} er {kind}.",
        "evidence": ["ssb-background-q4:10"],
        "facets_differing": [],
    } | changes


def reconciliation(verdicts: list[dict[str, Any]]) -> pd.DataFrame:
    """The same verdicts as a table."""
    rows = [
        {
            "figure": entry["figure"],
            "verdict": entry["verdict"],
            "value": None,
            "low": entry["interval"][0],
            "high": entry["interval"][1],
            "unit_measure": "PS",
            "best_evidence": entry["evidence"][0] if entry["evidence"] else None,
            **{name: entry[name] for name in ("sentence", "sentence_sv", "sentence_nb")},
            "facets_differing": " ".join(entry["facets_differing"]) or None,
        }
        for entry in verdicts
    ]
    return conform(pd.DataFrame(rows, columns=[column.name for column in RECONCILIATION]), RECONCILIATION)


SOURCES = (
    {
        "id": "SSB:03321",
        "title": "Employed persons by municipality of residence and of work",
        "publisher": "Statistics Norway (SSB)",
        "path": "https://www.ssb.no/en/statbank/table/03321",
        "licence": "CC BY 4.0",
        "retrieved": "2026-11-01T06:30:00Z",
    },
    {
        "id": "SCB:TAB3200",
        "title": "Befolkning 15-74 år efter sysselsättning & län",
        "publisher": "Statistics Sweden (SCB)",
        "path": "printed, p. 17",
        "licence": "CC0-1.0",
        "retrieved": "2026-10-30",
    },
)
VERDICTS = (
    verdict("F283", "inconsistent", facets_differing=["age", "reference"]),
    verdict("F281", interval=[16500.0, None]),
)


def content(**changes: Any) -> ReleaseContent:
    """The sample as the content of a release, with changes."""
    verdicts = changes.get("verdicts", list(VERDICTS))
    told: dict[str, Any] = {
        "version": "2026.1",
        "observations": observations(),
        "reconciliation": reconciliation(verdicts),
        "verdicts": verdicts,
        "figures": pd.DataFrame({"figure": ["F283", "F281"], "obs_value": [2.6, 17000], "words": ["knappt 3 %", None]}),
        "definitions": {"unstated": {"labels": {"en": "Not stated"}, "facets": {"unit": "persons", "age": "unstated"}}},
        "sources": [dict(source) for source in SOURCES],
        "provenance": {
            "library_version": "0.1.0",
            "mappings_sha256": "ab" * 32,
            "snapshots": [
                {"sha256": "3f" * 32, "table": "SSB:03321", "url": "https://data.ssb.no/api/v0/no/table/03321"}
            ],
        },
    }
    return ReleaseContent(**told | changes)
