"""What each heading of the quality report counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from nordstat.model.figure import Figure
from nordstat.model.quantity import Quantity
from nordstat.model.table import Break, Disclosure, TableSpec
from nordstat.model.verdict import EvidenceKind, Verdict
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.contradictions import contradiction_table, contradictions
from nordstat.reconcile.mirror import mirrored_figures
from nordstat.reconcile.quality import Section
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.reconcile.sensitivity import Sensitivity
from nordstat.reconcile.series import joined

_SHORT = 3
"""Fewer numbers than this make no series."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a quality report is made of.

    Attributes
    ----------
    corpus, result, sensitivity : Corpus, Reconciliation, Sensitivity
        The evidence, the verdicts on it, and what they rest on.
    figures : sequence of Figure
        Published figures and rows of transcribed tables, hidden ones and earlier vintages too.
    tables : mapping of str to TableSpec
        Tables of the services.
    breaks : sequence of Break
        Breaks in series.
    """

    corpus: Corpus
    result: Reconciliation
    sensitivity: Sensitivity
    figures: Sequence[Figure]
    tables: Mapping[str, TableSpec]
    breaks: Sequence[Break]


def sections(material: Material) -> tuple[Section, ...]:
    """Give the sections of a quality report, in the order of SIMS."""
    return tuple(make(material) for make in _MADE)


def _reference_period(material: Material) -> Section:
    rows = [
        {
            "definition": definition,
            "numbers": len(items),
            "first": min(periods, default=None),
            "last": max(periods, default=None),
            "without a period": len(items) - len(periods),
        }
        for definition, items in _by_definition(material.corpus.items).items()
        for periods in [[str(item.period) for item in items if item.period is not None]]
    ]
    return Section("5", "Reference period", {}, pd.DataFrame(rows))


def _confidentiality(material: Material) -> Section:
    rules = {rule: [table.id for table in material.tables.values() if table.disclosure is rule] for rule in Disclosure}
    rows = [
        {"disclosure": str(rule), "tables": len(tables), "which": " ".join(sorted(tables))}
        for rule, tables in rules.items()
        if tables
    ]
    symbols = [figure.symbol for figure in material.figures if figure.symbol]
    facts = {f"cells shown as {symbol!r}": symbols.count(symbol) for symbol in sorted(set(symbols))}
    return Section("7", "Confidentiality", facts, pd.DataFrame(rows))


def _relevance(material: Material) -> Section:
    counted = _by_definition(material.corpus.items)
    published = _by_definition(material.corpus.item(finding.figure.id) for finding in material.result.findings)
    alone = [finding.figure for finding in material.result.findings if finding.verdict is Verdict.NO_EVIDENCE]
    rows = [
        {
            "definition": definition,
            "published figures": len(published.get(definition, ())),
            "with nothing to compare": sum(figure.key.definition == definition for figure in alone),
        }
        for definition in counted
    ]
    nobody = sorted(set(material.corpus.definitions) - set(counted))
    return Section("12", "Relevance", {"definitions without a number": ", ".join(nobody)}, pd.DataFrame(rows))


def _accuracy(material: Material) -> Section:
    by_reporter: dict[str, list[Item]] = {}
    for item in material.corpus.items:
        by_reporter.setdefault(item.figure.reporter, []).append(item)
    rows = [{"reporter": reporter, **_precision(items)} for reporter, items in sorted(by_reporter.items())]
    return Section("13", "Accuracy and reliability", {}, pd.DataFrame(rows))


def _precision(items: Sequence[Item]) -> dict[str, Any]:
    bounded = [item.interval for item in items if item.interval.is_bounded]
    inexact = [interval for interval in bounded if interval.low != interval.high]
    widths = [
        100 * (interval.ceiling - interval.floor) / interval.ceiling for interval in inexact if interval.ceiling > 0
    ]
    return {
        "numbers": len(items),
        "exact": len(bounded) - len(inexact),
        "with an open end": len(items) - len(bounded),
        "median width of the others, per cent": round(median(widths), 2) if widths else None,
    }


def _timeliness(material: Material) -> Section:
    rows = [
        {
            "office": office,
            "open tables": sum(table.is_open for table in tables),
            "closed tables": sum(not table.is_open for table in tables),
            "last year seen": max((str(table.last_year) for table in tables if table.last_year), default=None),
        }
        for office in sorted({table.office for table in material.tables.values()})
        for tables in [[table for table in material.tables.values() if table.office == office]]
    ]
    return Section("14", "Timeliness and punctuality", {}, pd.DataFrame(rows))


def _asymmetry(material: Material) -> Section:
    pairs = mirrored_figures(material.corpus)
    half = (pairs["first_value"] + pairs["second_value"]).sum() / 2
    facts = {
        "flows that two reporters count": len(pairs),
        "aggregate asymmetry": float((pairs["first_value"] - pairs["second_value"]).abs().sum() / half)
        if half
        else None,
        "pairs whose intervals have a number in common": int(pairs["may_agree"].sum()),
    }
    return Section("15.1.1", "Asymmetry for mirror flows", facts, pairs)


def _over_time(material: Material) -> Section:
    rows = [
        {"break": found.id, "reporter": found.reporter, "from": str(found.day), "kind": found.kind, "what": found.what}
        for found in sorted(material.breaks, key=lambda found: (found.day, found.id))
    ]
    return Section("15.2", "Comparability over time", {}, pd.DataFrame(rows))


def _comparable_length(material: Material) -> Section:
    rows = []
    for quantity, items in material.corpus.levels.items():
        for definition, own in _by_definition(items).items():
            found = joined(definition, quantity, own, material.breaks)
            if len(found.points) >= _SHORT:
                rows.append(
                    {
                        "definition": definition,
                        "what": _words(quantity),
                        "numbers": len(found.points),
                        "breaks": sum(bool(point.breaks) for point in found.points),
                        "comparable length": found.comparable_length,
                        "last": found.points[-1].period.text,
                    }
                )
    table = pd.DataFrame(rows).sort_values(["definition", "what"], ignore_index=True)
    return Section("15.2.1", "Length of comparable time series", {"series": len(table)}, table)


def _cross_domain(material: Material) -> Section:
    rows = [
        {
            "figure": finding.figure.id,
            "stands for": str(finding.interval),
            "led from": piece.sources[0],
            "would be": str(piece.interval),
            "outcome": str(piece.outcome),
        }
        for finding in material.result.findings
        for piece in finding.evidence
        if piece.kind is EvidenceKind.BRIDGED
    ]
    return Section("15.3", "Coherence, cross-domain: numbers led over a bridge", {}, pd.DataFrame(rows))


def _internal(material: Material) -> Section:
    outcomes = [
        (str(piece.kind), str(piece.outcome))
        for finding in material.result.findings
        for piece in finding.evidence
        if piece.kind in {EvidenceKind.DERIVED, EvidenceKind.SAME, EvidenceKind.SAME_PUBLICATION, EvidenceKind.BOUND}
    ]
    rows = [
        {"evidence": kind, "outcome": said, "pieces": outcomes.count((kind, said))}
        for kind, said in sorted(set(outcomes))
    ]
    return Section("15.4", "Coherence, internal: repeated, added up, parts and wholes", {}, pd.DataFrame(rows))


def _revision(material: Material) -> Section:
    """Count the numbers that a publication printed again with another value."""
    vintages: dict[object, dict[str, float]] = {}
    for figure in material.figures:
        if figure.vintage and figure.value is not None:
            key = (figure.key, figure.measure, figure.citation.publication)
            vintages.setdefault(key, {})[figure.vintage] = figure.value
    several = [list(found.values()) for found in vintages.values() if len(found) > 1]
    moves = [max(values) - min(values) for values in several]
    return Section(
        "17",
        "Data revision",
        {
            "numbers seen in several vintages": len(several),
            "of these with another value": sum(move > 0 for move in moves),
            "largest move": max(moves, default=None),
            "median move of those that moved": median([move for move in moves if move > 0] or [0]),
        },
    )


def _verdicts(material: Material) -> Section:
    found = [finding.verdict for finding in material.result.findings]
    rows = [{"verdict": str(verdict), "figures": found.count(verdict)} for verdict in Verdict]
    return Section("", "Verdicts", {"published figures": len(found)}, pd.DataFrame(rows))


def _contradictions(material: Material) -> Section:
    found = contradictions(material.result.findings, material.corpus)
    return Section("", "Figures that cannot all hold", {"contradictions": len(found)}, contradiction_table(found))


def _sensitivity(material: Material) -> Section:
    untried = ", ".join(material.sensitivity.untried)
    return Section("", "Verdicts that rest on an assumption", {"not tried": untried}, material.sensitivity.table)


def _by_definition(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.figure.key.definition, []).append(item)
    return dict(sorted(found.items()))


def _words(quantity: Quantity) -> str:
    broken_down = (quantity.sex, quantity.industry, quantity.occupation, quantity.background, quantity.uncoded)
    details = [code for code in broken_down if code not in {"T", "_T", ""}]
    age = ["-".join(str(end) if end is not None else "" for end in quantity.age)] if quantity.age else []
    ends = (":".join(filter(None, end)) for end in (quantity.origin, quantity.work))
    return " ".join([quantity.kind, " to ".join(ends), *age, *details])


_MADE = (
    _reference_period,
    _confidentiality,
    _relevance,
    _accuracy,
    _timeliness,
    _asymmetry,
    _over_time,
    _comparable_length,
    _cross_domain,
    _internal,
    _revision,
    _verdicts,
    _contradictions,
    _sensitivity,
)
