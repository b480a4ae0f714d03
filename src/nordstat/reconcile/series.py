"""Series: the numbers of one definition over time, with break marks, and growth that does not cross them unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from nordstat.errors import BreakInSeriesError, SettingsError
from nordstat.model.figure import TOTAL
from nordstat.model.interval import Interval
from nordstat.model.period import Period
from nordstat.model.quantity import Area, Quantity
from nordstat.model.table import Break
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.parts import Known, known

_BREAKDOWN = {"sex": "T", "industry": TOTAL, "occupation": TOTAL, "background": TOTAL}


@dataclass(frozen=True, slots=True)
class Link:
    """A factor that leads a series over a break.

    Attributes
    ----------
    over : str
        Id of the break.
    factor : Interval
        What a number before it is multiplied by to be comparable with those after it.
    source : str
        Where the factor comes from.
    """

    over: str
    factor: Interval
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise SettingsError(f"the link over {self.over} has no source", hint="A factor without one is a guess.")


@dataclass(frozen=True, slots=True)
class Growth:
    """How much a series grew.

    Attributes
    ----------
    start, end : str
        Periods.
    percent : Interval
        Change from the first to the last, per cent; its ends are those of the two numbers and of the factors.
    links : tuple of Link
        Factors it rests on.
    """

    start: str
    end: str
    percent: Interval
    links: tuple[Link, ...]

    def __str__(self) -> str:
        over = "".join(f", led over {link.over} by {link.factor} ({link.source})" for link in self.links)
        return f"{self.percent} per cent from {self.start} to {self.end}{over}"


@dataclass(frozen=True, slots=True)
class Point:
    """One number of a series.

    Attributes
    ----------
    period : Period
        When.
    known : Known
        What the evidence holds for it.
    breaks, changes : tuple of Break
        Breaks in level since the number before, and changes of another kind.
    """

    period: Period
    known: Known
    breaks: tuple[Break, ...]
    changes: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one definition over time.

    Attributes
    ----------
    definition : str
        How they count.
    quantity : Quantity
        What they count.
    points : tuple of Point
        In order of time.
    breaks : tuple of Break
        Every break of this definition, also outside the numbers there are.
    """

    definition: str
    quantity: Quantity
    points: tuple[Point, ...]
    breaks: tuple[Break, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a period: the number with its ends and sources, B where it follows a break, and which.

        Where two numbers of one period cannot both hold, ``obs_value`` is empty and the ends hold both. ``segment``
        counts the stretches without a break; numbers of different segments do not compare.
        """
        frame = pd.DataFrame.from_records([_row(point) for point in self.points])
        return frame.assign(segment=frame["break"].ne("").cumsum()).astype({"obs_value": "Float64", "segment": "Int64"})

    @property
    def comparable_length(self) -> int:
        """Numbers since the last break in level (SIMS 15.2.1)."""
        return int(self.table["segment"].eq(self.table["segment"].max()).sum())

    def growth(self, start: str, end: str, *, links: Sequence[Link] = ()) -> Growth:
        """Give the change between two periods, per cent.

        Parameters
        ----------
        start, end : str
            Periods of the series.
        links : sequence of Link, optional
            For each break between the two, the factor that leads over it, with its source.

        Raises
        ------
        BreakInSeriesError
            Where a break lies between and no factor is named for it.
        SettingsError
            For a period the series does not have, and for a link over no break between the two.
        """
        first, last = self._at(start), self._at(end)
        if first.period.start >= last.period.start:
            raise SettingsError(f"{start} is not before {end}", hint="Growth runs forward in time.")
        between = {found.id: found for found in _between(first.period, last.period, self.breaks) if found.breaks_level}
        _refuse_idle(links, between)
        unlinked = [found for name, found in between.items() if name not in {link.over for link in links}]
        if unlinked:
            raise BreakInSeriesError(
                f"from {start} to {end} the series {self.definition} breaks: "
                + "; ".join(f"{found.id} ({found.day}: {found.what}. {found.effect})" for found in unlinked),
                breaks=[found.id for found in unlinked],
                hint="Name a factor with its source for each: links=[nordstat.reconcile.series.Link(...)].",
            )
        before = first.known.interval
        for link in links:
            before = before * link.factor
        percent = (last.known.interval / before).scaled(100) - Interval.point(100)
        return Growth(start, end, percent, tuple(links))

    def _at(self, period: str) -> Point:
        for point in self.points:
            if period == point.period.text:
                return point
        periods = ", ".join(point.period.text for point in self.points)
        raise SettingsError(f"the series has no {period}", hint=f"It has {periods}.")

    def __str__(self) -> str:
        return self.table.to_string(index=False)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, escape=True)


def series(
    corpus: Corpus,
    breaks: Iterable[Break],
    definition: str,
    *,
    residence: str,
    work: str,
    measure: str = "",
    **codes: str,
) -> Series:
    """Give the numbers of one definition over time.

    Parameters
    ----------
    corpus : Corpus
        The evidence.
    breaks : iterable of Break
        In force.
    definition : str
        Definition id; numbers of another one are led to it by a bridge, never joined.
    residence, work : str
        Area codes, with or without their scheme; a country background stands where residence is not known, and ``_T``
        where an end plays no part.
    measure : str, optional
        ``employed``, ``in_commuters``, ...; commuters where it is not said.
    **codes : str
        ``sex``, ``industry``, ``occupation``, ``background``; totals where not said.

    Raises
    ------
    SettingsError
        Where nothing fits, or more than one quantity does, naming them.
    """
    unknown = sorted(set(codes) - set(_BREAKDOWN))
    if unknown:
        raise SettingsError(f"a series has no {', '.join(unknown)}", hint=f"It has {', '.join(_BREAKDOWN)}.")
    wanted = _BREAKDOWN | codes
    found: dict[Quantity, list[Item]] = {}
    for quantity, items in corpus.levels.items():
        if (
            quantity.kind == (measure or "commuters")
            and (quantity.age, quantity.uncoded) == (None, "")
            and _is(quantity.origin, residence)
            and _is(quantity.work, work)
            and all(getattr(quantity, name) == code for name, code in wanted.items())
        ):
            dated = [item for item in items if item.figure.key.definition == definition and item.period]
            found |= {quantity: dated} if dated else {}
    if len(found) != 1:
        _refuse(definition, found)
    return joined(definition, *found.popitem(), breaks)


def joined(definition: str, quantity: Quantity, items: Sequence[Item], breaks: Iterable[Break]) -> Series:
    """Give numbers of one quantity by one definition as a series; those without a period are left aside."""
    reporters = {item.figure.reporter for item in items}
    own = tuple(
        found
        for found in sorted(breaks, key=lambda found: (found.day, found.id))
        if definition in found.definitions or any(found.touches(reporter, definition) for reporter in reporters)
    )
    by_period: dict[Period, list[Item]] = {}
    for item in items:
        if item.period is not None:
            by_period.setdefault(item.period, []).append(item)
    periods = sorted(by_period)
    first: list[tuple[Break, ...]] = [()] if periods else []
    crossed = [*first, *(_between(before, after, own) for before, after in pairwise(periods))]
    points = (
        Point(
            period,
            known(by_period[period]),
            tuple(found for found in between if found.breaks_level),
            tuple(found for found in between if not found.breaks_level),
        )
        for period, between in zip(periods, crossed, strict=True)
    )
    return Series(definition, quantity, tuple(points), own)


def _between(first: Period, second: Period, breaks: Iterable[Break]) -> tuple[Break, ...]:
    """Give the breaks between two periods; a period known only roughly may lie anywhere in its range."""
    end = _last(second) if second.rough else second.start
    return tuple(found for found in breaks if found.separates(first.start, end))


def _last(period: Period) -> date:
    return period.end - timedelta(days=1)


def _row(point: Point) -> dict[str, Any]:
    first = point.known.items[0]
    single = len(point.known.items) == 1
    return {
        "time_period": point.period.text,
        "obs_value": first.figure.value if single else None,
        "obs_low": point.known.interval.low,
        "obs_high": point.known.interval.high,
        "obs_status": "B" if point.breaks else "A",
        "reporter": " ".join(sorted({item.figure.reporter for item in point.known.items})),
        "source": " ".join(item.figure.id for item in point.known.items),
        "break": " ".join(found.id for found in point.breaks),
        "change": " ".join(found.id for found in point.changes),
    }


def _is(area: Area, asked: str) -> bool:
    return asked in {area[1], ":".join(filter(None, area))}


def _refuse_idle(links: Sequence[Link], between: Collection[str]) -> None:
    idle = [link.over for link in links if link.over not in between]
    twice = len({link.over for link in links}) < len(links)
    if idle or twice:
        raise SettingsError(
            f"no break to lead over: {', '.join(idle)}" if idle else "two factors for one break",
            hint=f"Breaks between the two periods: {', '.join(between) or 'none'}.",
        )


def _refuse(definition: str, found: Mapping[Quantity, object]) -> None:
    if not found:
        raise SettingsError(
            f"the evidence has no dated count of this by {definition!r}",
            hint="See ns.figures(transcribed=True) for what there is, and ns.definitions() for the definitions.",
        )
    ends = ", ".join(f"{':'.join(quantity.origin)} to {':'.join(quantity.work)}" for quantity in found)
    raise SettingsError(f"several quantities fit: {ends}", hint="Write the codes with their schemes: SE-LAN:17.")
