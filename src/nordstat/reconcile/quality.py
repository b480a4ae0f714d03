"""The quality report: what the evidence is worth, in the order of the European reporting standard (SIMS).

Every line is counted or computed from the evidence; nothing is described in advance. The numbers of the headings are
those of SIMS 2.0 as commonly cited; what has no heading there stands at the end without a number.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

TITLE = "Quality report on the evidence"


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what was counted under it.

    Attributes
    ----------
    number, title : str
        SIMS number, empty where there is none, and heading.
    facts : mapping of str to value
        Single numbers, in words and value.
    table : DataFrame
        Rows; empty where the facts say it all.
    """

    number: str
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    table: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number} {self.title}".strip()

    def to_dict(self) -> dict[str, Any]:
        """Give the section as it stands in JSON."""
        return {"number": self.number, "title": self.title, "facts": dict(self.facts), "rows": _records(self.table)}


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What the evidence is worth.

    Attributes
    ----------
    about : mapping of str to str
        Which evidence: version of the library, checksum of the mappings.
    sections : tuple of Section
        In the order of SIMS.
    """

    about: Mapping[str, str]
    sections: tuple[Section, ...]

    def __getitem__(self, number: str) -> Section:
        for section in self.sections:
            if number in {section.number, section.title}:
                return section
        raise KeyError(number)

    def to_dict(self) -> dict[str, Any]:
        """Give the report as it stands in JSON; ``null`` is what is not known."""
        return {
            "title": TITLE,
            "about": dict(self.about),
            "sections": [section.to_dict() for section in self.sections],
        }

    def to_markdown(self) -> str:
        """Give the report as Markdown."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"# {TITLE}"
        yield ""
        yield "; ".join(f"{what}: {value}" for what, value in self.about.items())
        for section in self.sections:
            yield f"\n## {section.heading}\n"
            yield from (f"- {what}: {_cell(value)}" for what, value in section.facts.items())
            if len(section.table):
                yield from [""] if section.facts else []
                yield from _markdown(section.table)

    def __str__(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.to_markdown())}</pre>"


def _markdown(frame: pd.DataFrame) -> Iterator[str]:
    yield f"| {' | '.join(_cell(name) for name in frame.columns)} |"
    yield f"|{'---|' * len(frame.columns)}"
    for row in _records(frame):
        yield f"| {' | '.join(_cell(value) for value in row.values())} |"


def _cell(value: Any) -> str:
    """Write a value so that it stays inside its cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return text.replace("|", "\\|").replace("\n", "<br>")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]
