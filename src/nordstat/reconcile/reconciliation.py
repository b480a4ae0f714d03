"""Reconciles all figures of the evidence, and shows the result."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import pandas as pd

from nordstat.errors import SettingsError
from nordstat.model.verdict import Finding
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.verdict import judge
from nordstat.schema.columns import RECONCILIATION
from nordstat.schema.frame import DTYPES

WIDTH = 110


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Verdicts on figures, each with its evidence.

    Attributes
    ----------
    findings : tuple of Finding
        In the order of the figures file.
    """

    findings: tuple[Finding, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a figure: verdict, interval, best evidence and the sentence."""
        columns = [column.name for column in RECONCILIATION]
        frame = pd.DataFrame.from_records([_row(finding) for finding in self.findings], columns=columns)
        return frame.astype({column.name: DTYPES[column.kind] for column in RECONCILIATION})

    def explain(self, figure: str) -> str:
        """Give the verdict on a figure at length, as text.

        Raises
        ------
        SettingsError
            For a figure that was not reconciled.
        """
        return "\n".join(_explained(self[figure]))

    def __getitem__(self, figure: str) -> Finding:
        for finding in self.findings:
            if finding.figure.id == figure:
                return finding
        raise SettingsError(f"no verdict on {figure!r}", hint=f"There are {len(self.findings)}: see `.table`.")

    def __len__(self) -> int:
        return len(self.findings)

    def to_json(self) -> list[dict[str, Any]]:
        """Give the verdicts as ``nordstat reconcile --json`` prints them."""
        return [finding.to_dict() for finding in self.findings]

    def __str__(self) -> str:
        return "\n\n".join("\n".join(_brief(finding)) for finding in self.findings)

    def _repr_html_(self) -> str:
        cells = (
            f"<tr><td>{html.escape(f.figure.id)}</td><td>{html.escape(str(f.interval))}</td>"
            f"<td>{f.verdict}</td><td>{html.escape(f.sentence)}</td></tr>"
            for f in self.findings
        )
        head = "<tr><th>figure</th><th>interval</th><th>verdict</th><th>why</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{''.join(cells)}</tbody></table>"


def reconcile(corpus: Corpus, ids: Sequence[str] = ()) -> Reconciliation:
    """Give the verdicts on published figures.

    Parameters
    ----------
    corpus : Corpus
        The evidence; transcribed tables are evidence and get no verdict themselves.
    ids : sequence of str, optional
        Figures or groups of figures; all published figures where there is none.

    Raises
    ------
    SettingsError
        For an id that is neither a figure nor a group.
    """
    published = [item for item in corpus.items if item.figure.kind == "figure"]
    groups = {item.figure.group for item in published} - {""}
    _refuse_unknown(ids, {item.figure.id for item in published}, groups)
    wanted = [item for item in published if not ids or {item.figure.id, item.figure.group} & set(ids)]
    return Reconciliation(tuple(judge(item, corpus) for item in wanted))


def _refuse_unknown(ids: Iterable[str], figures: set[str], groups: set[str]) -> None:
    unknown = sorted(set(ids) - figures - groups)
    if unknown:
        names = ", ".join(sorted(groups))
        raise SettingsError(
            f"neither a figure nor a group: {', '.join(unknown)}",
            hint=f"Figures have ids such as F281; groups: {names}.",
        )


def _row(finding: Finding) -> dict[str, Any]:
    best = finding.best
    return {
        "figure": finding.figure.id,
        "verdict": str(finding.verdict),
        "value": finding.figure.value,
        "low": finding.interval.low,
        "high": finding.interval.high,
        "unit_measure": finding.figure.unit_measure,
        "best_evidence": " ".join(best.sources) if best else None,
        "sentence": finding.said.en,
        "sentence_sv": finding.said.sv,
        "sentence_nb": finding.said.nb,
        "facets_differing": " ".join(finding.to_dict()["facets_differing"]) or None,
    }


def _brief(finding: Finding) -> Iterable[str]:
    figure, best = finding.figure, finding.best
    yield f"{figure.id}  {figure.words}"
    yield f"  value          {figure.precision.text} {figure.value:,.10g} {figure.unit_measure}, {finding.interval}"
    if best:
        yield f"  best evidence  {' with '.join(best.sources)}: {best.interval} {best.period}".rstrip()
    yield f"  verdict        {finding.verdict}"
    yield fill(finding.sentence, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _explained(finding: Finding) -> Iterable[str]:
    yield from _brief(finding)
    yield f"  source         {finding.figure.citation}"
    for piece in finding.evidence:
        yield f"  - {piece.kind}, {piece.outcome}: {piece.interval} from {' with '.join(piece.sources)}; {piece.text}"
        for difference in piece.differences:
            yield f"      {difference}"
