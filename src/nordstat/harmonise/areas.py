"""Converting counts between versions of a classification: the frame, its balance, and what became of each code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from nordstat.errors import MappingError, MixedVersionsError, SettingsError
from nordstat.harmonise.absent import TABLE, find_holes
from nordstat.harmonise.codes import TOTAL, CodeColumn, listed, read_codes, unknown_codes
from nordstat.harmonise.counts import count_columns, refuse_descriptions, refuse_loose_numbers
from nordstat.harmonise.links import arrow, check_links
from nordstat.harmonise.result import Gathered, Layout, add_up, balance_of, result_frame, table_of
from nordstat.harmonise.spread import Key, Routes, group, key_of, spread
from nordstat.model.balance import Balance
from nordstat.model.codelist import Codelist, CodeRelation, Correspondence, SchemeVersion


@dataclass(frozen=True, slots=True, eq=False)
class Conversion:
    """A frame in another version of a classification, with its balance and the reasons.

    Attributes
    ----------
    frame : DataFrame
        The converted rows, one for each key, in the order of the keys; ``mapping_status`` says how far each is the
        source's own, ``silent_break`` marks codes that meant another territory in the source version.
    balance : Balance
        Totals in, out, unmapped and withheld, by measure and period.
    correspondence : Correspondence
        The way that was taken.
    unmapped : DataFrame
        Rows put aside because a code has no counterpart, as they came.
    incomplete : DataFrame
        Targets of which a part is not in the frame at all, so that their values are empty.
    codes : frozenset of str
        Source codes that occur.
    """

    frame: pd.DataFrame
    balance: Balance
    correspondence: Correspondence
    unmapped: pd.DataFrame
    incomplete: pd.DataFrame
    codes: frozenset[str] = field(repr=False)

    @property
    def via(self) -> tuple[SchemeVersion, ...]:
        """Versions passed through; empty for a direct correspondence."""
        return self.correspondence.via

    @property
    def links(self) -> pd.DataFrame:
        """Which source codes made which target, with the share and its evidence; one row a link."""
        columns = ("source", "target", "relation", "weight", "weight_basis", "evidence", "origin", "note")
        used = [link for link in self.correspondence.links if link.source in self.codes]
        return pd.DataFrame({name: [getattr(link, name) for link in used] for name in columns})

    @property
    def breaks(self) -> tuple[str, ...]:
        """Codes that occur and mean another territory in the two versions."""
        return tuple(code for code in silent_breaks(self.correspondence) if code in self.codes)


def convert(  # noqa: PLR0913 - each argument is a question only the statistician can answer
    frame: pd.DataFrame,
    columns: str | Sequence[str],
    correspondence: Correspondence,
    *,
    measures: str | Sequence[str],
    period: str | None = "time_period",
    allow_assumed: bool = False,
    on_unmapped: Literal["raise", "keep"] = "raise",
    absent: Literal["missing", "zero"] = "missing",
    codelists: Iterable[Codelist] = (),
) -> Conversion:
    """Give the counts of a frame in the target version of a correspondence.

    Whole units are added up, a split one is shared out by its weights; at both ends of a flow the weights multiply,
    which takes the two ends as independent. A sum with a missing part is empty and its interval open at the top:
    what is visible is its low end.

    Parameters
    ----------
    frame : DataFrame
        Counts, one row a key. Columns that only describe the old codes, such as their names, must be left out.
    columns : str or sequence of str
        Column of codes, or both ends of a flow.
    correspondence : Correspondence
        From the version the table is in to the version wanted.
    measures : str or sequence of str
        Columns of counts; ``obs_low`` and ``obs_high`` go with ``obs_value``.
    period : str or None
        Column of the period, for the balance; ``None`` where the frame is of one period.
    allow_assumed : bool
        Whether weights that nobody has measured may be used.
    on_unmapped : {"raise", "keep"}
        Whether codes without counterpart end the work, or their rows are put aside in ``Conversion.unmapped``.
    absent : {"missing", "zero"}
        What it means where the other parts of a target are not in the frame at all: that they are not known, or
        that nothing was counted there.
    codelists : iterable of Codelist, optional
        Versions to look for unknown codes in.

    Returns
    -------
    Conversion
        Frame, balance and reasons.

    Raises
    ------
    UnknownCodeError
        For codes the source version does not have, codes that are no text, and codes without counterpart.
    AmbiguousCorrespondenceError
        For weights that are assumed, not known, or do not sum to one.
    SchemaViolationError
        For shares, differences, text and negative numbers.
    SettingsError
        For an argument that fits nothing in the frame.
    """
    names = (columns,) if isinstance(columns, str) else tuple(columns)
    period = _check_arguments(frame, names, period, on_unmapped=on_unmapped, absent=absent)
    links = correspondence.by_source()
    ends = [read_codes(frame, name, known=links) for name in names]
    codes = frozenset(code for end in ends for code in end.codes)
    where = f"{correspondence.source}, in the column {' or '.join(names)}"
    for fault in unknown_codes(codes, links, where=where, codelists=codelists):
        raise fault
    check_links(codes, correspondence, allow_assumed=allow_assumed, keep_unmapped=on_unmapped == "keep")
    layout = Layout.of(frame, names, count_columns(frame, [measures] if isinstance(measures, str) else measures))
    _check_schemes(frame, layout, correspondence)
    refuse_loose_numbers(frame, layout.keys)
    keys = {name: key_of(table_of(frame) if name == "source" else frame[name]) for name in layout.keys}
    gathered = _gather(frame, layout, ends, keys, correspondence=correspondence, period=period)
    tables = {name: keys[name] for name in (*TABLE, period) if name in keys}
    holes = find_holes(frame, ends, correspondence, tables=tables, targets=gathered.targets, wanted=absent == "missing")
    sums = add_up(gathered, holes.among(gathered.parts, gathered.groups))
    balance = balance_of(gathered, sums, {name: keys[name] for name in ("measure", period) if name in keys}, period)
    _check_balance(balance, correspondence)
    return Conversion(
        frame=result_frame(gathered, sums, version=str(correspondence.target), breaks=silent_breaks(correspondence)),
        balance=balance,
        correspondence=correspondence,
        unmapped=frame[~gathered.mapped],
        incomplete=holes.found,
        codes=codes,
    )


def silent_breaks(correspondence: Correspondence) -> tuple[str, ...]:
    """Give the codes that both versions have, but not for the same territory.

    A series put together by code alone breaks there without a sign: Stavanger (1103) and Trondheim (5001) kept
    their codes and grew in 2020.
    """
    targets = {link.target for link in correspondence.links}
    return tuple(
        code
        for code, links in correspondence.by_source().items()
        if code in targets and [(link.target, link.relation) for link in links] != [(code, CodeRelation.EXACT)]
    )


def _gather(
    frame: pd.DataFrame,
    layout: Layout,
    ends: Sequence[CodeColumn],
    keys: Mapping[str, Key],
    *,
    correspondence: Correspondence,
    period: str,
) -> Gathered:
    """Send the rows on their way, and gather what has the same key in the order of the frame's columns."""
    total = {TOTAL} if any(TOTAL in end.codes for end in ends) else set()
    targets = sorted({link.target for link in correspondence.links if link.target} | total)
    links = correspondence.by_source()
    routes = [Routes.of(end.codes, links, targets) for end in ends]
    for end, route in zip(ends, routes, strict=True):
        refuse_descriptions(frame, [name for name in keys if name != period], end, route.goals())
    parts = spread(ends, routes)
    arrived = dict(zip(layout.codes, parts.targets, strict=True))

    def columns() -> Iterator[Key]:
        for name in frame.columns:
            if name in arrived:
                yield arrived[name], len(targets)
            elif name in keys and keys[name][1] > 1:
                yield keys[name][0][parts.rows], keys[name][1]

    groups = group(columns(), len(parts.rows))
    mapped = np.zeros(len(frame), bool)
    mapped[parts.rows] = True
    return Gathered(frame, layout, parts, groups, targets, parts.rows[groups.member], mapped)


def _check_arguments(frame: pd.DataFrame, names: Sequence[str], period: str | None, **choices: str) -> str:
    """Refuse arguments that fit nothing; give the name of the period, empty where there is none."""
    if period is not None and period not in frame.columns:
        raise SettingsError(
            f"the frame has no column {period!r}",
            hint="Name the column of the period with period=, or period=None where the frame is of one period.",
        )
    if len(set(names)) != len(names) or not names:
        raise SettingsError(f"the columns to convert must be different ones: {', '.join(names) or 'none is named'}")
    for name, allowed in (("on_unmapped", ("raise", "keep")), ("absent", ("missing", "zero"))):
        if choices[name] not in allowed:
            raise SettingsError(f"{name} is {' or '.join(allowed)}, not {choices[name]!r}")
    return period or ""


def _check_schemes(frame: pd.DataFrame, layout: Layout, correspondence: Correspondence) -> None:
    """Refuse rows that name another version than the correspondence starts from."""
    for name in layout.schemes:
        if others := sorted(set(map(str, frame[name].dropna().unique())) - {str(correspondence.source)}):
            raise MixedVersionsError(
                f"{name!r} says {listed(others)}, but the correspondence starts from {correspondence.source}",
                hint="Convert the rows of one version at a time.",
                codes=others,
            )


def _check_balance(balance: Balance, correspondence: Correspondence) -> None:
    if not balance.closes:
        wrong = "\n  ".join(f"{row} (off by {row.difference:g})" for row in balance if not row.closes)
        raise MappingError(f"the balance does not close:\n  {wrong}", file=arrow(correspondence))
