"""Reads figures: ``figures/*.csv`` (published) and ``figures/tables/*.csv`` (transcribed official tables)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nordstat.errors import MappingError
from nordstat.mapping.rows import Faults, Row, read_rows
from nordstat.model.definition import Definition
from nordstat.model.figure import BASE_FIELDS, TOTAL, Figure, Key, Measure
from nordstat.model.period import Period
from nordstat.model.precision import Precision
from nordstat.model.provenance import Citation

ABOUT = (
    "definition",
    "measure",
    "base",
    "unit_measure",
    "time_period",
    "time_label",
    "residence_scheme",
    "residence_area",
    "residence_label",
    "work_scheme",
    "work_area",
    "work_label",
    "sex",
    "age_low",
    "age_high",
    "age_label",
    "industry",
    "industry_label",
    "occupation",
    "occupation_label",
    "background",
    "background_label",
    "obs_value",
    "precision",
    "obs_status_source",
    "reporter",
    "publisher",
    "population",
    "source_title",
    "source_url",
    "retrieved_from",
    "vintage",
    "note",
)
"""Columns of a transcribed table."""

PUBLISHED = ("figure_id", "group", *ABOUT)
"""Columns of a file of published figures."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNITS = {Measure.JOBS: "JOBS", Measure.SHARE: "PC", Measure.GROWTH: "PC"}

CodeFault = Callable[[str, str], str]
"""Takes a scheme (with or without version) and a code; gives what is wrong with them, or an empty text."""


@dataclass(frozen=True, slots=True)
class FigureContext:
    """What figures are checked against.

    Attributes
    ----------
    definitions : mapping of str to Definition
        Definitions in force.
    code_fault : callable
        Tells what is wrong with a code.
    symbols : frozenset of str
        Symbols that may stand in the place of a number.
    """

    definitions: Mapping[str, Definition]
    code_fault: CodeFault
    symbols: frozenset[str]


def read_published(folders: Iterable[Path], context: FigureContext, faults: Faults) -> dict[str, Figure]:
    """Give the published figures in force, by id; a later folder replaces an id of an earlier one."""
    figures: dict[str, Figure] = {}
    for folder in folders:
        own: dict[str, Figure] = {}
        for path in sorted((folder / "figures").glob("*.csv")):
            for row in read_rows(path, required=PUBLISHED, faults=faults):
                figure = _kept(row, "figure", context, faults)
                if figure is None:
                    continue
                if figure.id in own:
                    first = own[figure.id]
                    faults.keep(row.fault(f"figure {figure.id} stands also in {first.file.name}:{first.line}"))
                own[figure.id] = figure
        figures |= own
    return figures


def read_transcribed(folders: Iterable[Path], context: FigureContext, faults: Faults) -> dict[str, Figure]:
    """Give the rows of transcribed tables by ``file:line``; a later folder replaces a whole file by its name."""
    tables: dict[str, dict[str, Figure]] = {}
    for folder in folders:
        for path in sorted((folder / "figures" / "tables").glob("*.csv")):
            rows = (
                _kept(row, "transcribed", context, faults) for row in read_rows(path, required=ABOUT, faults=faults)
            )
            tables[path.stem] = {figure.id: figure for figure in rows if figure is not None}
    return {name: figure for stem in sorted(tables) for name, figure in tables[stem].items()}


def parse_base(text: str) -> dict[str, str]:
    """Read ``column=value;column=value``: where the base of a share or a change differs from its key.

    Raises
    ------
    ValueError
        For an unknown or doubled field, or a part without ``=``.

    Examples
    --------
    >>> parse_base("sex=T")
    {'sex': 'T'}
    """
    base: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        field, equals, value = part.partition("=")
        if not equals or field not in BASE_FIELDS or field in base:
            raise ValueError(f"{part!r} cannot be used; write field=value once each, fields: {', '.join(BASE_FIELDS)}")
        base[field] = value
    return base


def _kept(row: Row, kind: str, context: FigureContext, faults: Faults) -> Figure | None:
    """Read a row; keep every fault of it and give no figure where there is one."""
    before = len(faults.found)
    _check_codes(row, context, faults)
    try:
        figure = _figure(row, kind)
    except MappingError as fault:
        faults.keep(fault)
        return None
    for inconsistency in _inconsistencies(row, figure, context):
        faults.keep(inconsistency)
    return figure if len(faults.found) == before else None


def _figure(row: Row, kind: str) -> Figure:
    key = Key(
        definition=row["definition"],
        residence_scheme=row["residence_scheme"],
        residence_area=row["residence_area"],
        work_scheme=row["work_scheme"],
        work_area=row["work_area"],
        period=row.parsed("time_period", lambda text: Period.parse(text) if text else None),
        sex=row.parsed("sex", _sex),
        age_low=row.whole("age_low"),
        age_high=row.whole("age_high"),
        occupation=row["occupation"],
        industry=row["industry"],
        background=row["background"],
        uncoded=_uncoded(row),
    )
    measure = row.choice("measure", Measure)
    figure = Figure(
        id=row.parsed("figure_id", _identifier) if kind == "figure" else f"{row.file.stem}:{row.line}",
        kind=kind,
        key=key,
        measure=measure,
        unit_measure=row["unit_measure"],
        base=row.parsed("base", parse_base),
        value=row.number("obs_value"),
        precision=row.parsed("precision", Precision.parse),
        symbol=row["obs_status_source"],
        reporter=row["reporter"],
        citation=Citation(row["publisher"], row["source_title"], row["source_url"], row["retrieved_from"]),
        words=row["population"],
        group=row.get("group"),
        labels={column: row[column] for column in ABOUT if column.endswith("_label") and row[column]},
        vintage=row["vintage"],
        note=row["note"],
        file=row.file,
        line=row.line,
    )
    row.parsed("base", lambda _: (figure.base_key, figure.base_measure))
    return figure


def _uncoded(row: Row) -> str:
    """Join the words of breakdowns that have no certain code, so that they never pass for a total."""
    words = [row[f"{column}_label"] for column in ("industry", "occupation", "background") if row[column] == TOTAL]
    if not row["age_low"] and not row["age_high"]:
        words.append(row["age_label"])
    return "; ".join(filter(None, words))


def _inconsistencies(row: Row, figure: Figure, context: FigureContext) -> Iterable[MappingError]:
    if (figure.value is None) == (not figure.symbol):
        yield row.fault("a row has either a number or a symbol in obs_status_source", "Write exactly one of the two.")
    if figure.symbol and figure.symbol not in context.symbols:
        yield row.fault(f"unknown symbol {figure.symbol!r}", f"Known: {' '.join(sorted(context.symbols))}")
    if figure.unit_measure != _UNITS.get(figure.measure, "PS"):
        yield row.fault(
            f"{figure.measure} are counted in {_UNITS.get(figure.measure, 'PS')}, not {figure.unit_measure!r}"
        )
    if figure.measure.is_level and figure.base:
        yield row.fault(f"a count of {figure.measure} has no base")
    if not figure.measure.is_level and not figure.base:
        yield row.fault(f"a {figure.measure} needs a base", "Name the fields in which its base differs, as in sex=T.")
    if figure.value is not None and figure.measure.is_level and figure.value < 0:
        yield row.fault("a count cannot be negative")
    for column in ("reporter", "publisher", "source_title", "source_url", "retrieved_from", "population"):
        if not row[column]:
            yield row.fault(f"{column} is empty", "Every number needs its source.")


def _check_codes(row: Row, context: FigureContext, faults: Faults) -> None:
    if row["definition"] not in context.definitions:
        faults.keep(row.fault(f"unknown definition {row['definition']!r}", "See mappings/definitions."))
    for end in ("residence", "work"):
        scheme, area = row[f"{end}_scheme"], row[f"{end}_area"]
        if not area:
            faults.keep(
                row.fault(f"{end}_area is empty", f"Write a code, or {TOTAL} where it is no part of the number.")
            )
        elif area == TOTAL:
            if scheme:
                faults.keep(row.fault(f"{end}_scheme must be empty where {end}_area is {TOTAL}"))
        elif what := context.code_fault(scheme, area):
            faults.keep(row.fault(f"{end}_area: {what}"))
    for column in ("industry", "occupation", "background"):
        if row[column] != TOTAL and (what := context.code_fault(*row[column].partition(":")[::2])):
            faults.keep(row.fault(f"{column}: {what}"))


def _identifier(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(f"{text!r} is no id; letters, digits, '.', '_' and '-'")
    return text


def _sex(text: str) -> str:
    if text not in {"T", "M", "F"}:
        raise ValueError(f"{text!r} is not one of T, M, F")
    return text
