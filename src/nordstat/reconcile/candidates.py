"""Finds what a figure can be held against: same quantity, parts and wholes, shares, differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from nordstat.harmonise.intervals import interval_of
from nordstat.model.bridge import Step
from nordstat.model.definition import Definition, Facet, FacetDifference
from nordstat.model.figure import TOTAL, Figure, Key, Measure
from nordstat.model.interval import Interval
from nordstat.model.partition import Axis, Partitions, Place, places
from nordstat.model.period import Period
from nordstat.model.quantity import EVERYWHERE, NOT_REGISTERED, Area, Containment, Quantity
from nordstat.model.text import Text
from nordstat.reconcile.compare import facet_differences
from nordstat.reconcile.words import number

_REFERENCE_PERIODS = {"week": "Q4", "november": "11"}


@dataclass(frozen=True, slots=True)
class Item:
    """A number in the evidence.

    Attributes
    ----------
    figure : Figure
        Where it comes from.
    interval : Interval
        What it stands for.
    quantity : Quantity
        What it measures; for a share or a change, what its numerator or its later value measures.
    period : Period or None
        When; a yearly number whose definition counts in a week or in November is put there.
    base : Quantity or None
        For a share or a change: what it is taken from.
    base_definition : str
        For a share or a change: the definition of the base.
    base_period : Period or None
        For a share or a change: when the base was counted.
    """

    figure: Figure
    interval: Interval
    quantity: Quantity
    period: Period | None
    base: Quantity | None = None
    base_definition: str = ""
    base_period: Period | None = None

    @property
    def is_level(self) -> bool:
        """Whether the number counts something."""
        return self.figure.measure.is_level

    @property
    def named(self) -> Text:
        """Its id and what it stands for."""
        return number(self.figure.id, self.interval)


@dataclass(frozen=True)
class Alike:
    """Counts by one definition at one time.

    Attributes
    ----------
    of : mapping of Quantity to tuple of Item
        The counts, by what they count.
    partitions : Partitions
        In force.
    """

    of: Mapping[Quantity, tuple[Item, ...]]
    partitions: Partitions

    @cached_property
    def reached(self) -> frozenset[tuple[Axis, Place]]:
        """Codes of which something was counted: they themselves, or parts of them."""
        return self.partitions.reached_from(place for quantity in self.of for place in places(quantity))


@dataclass(frozen=True)
class Corpus:
    """All numbers in the evidence, found by what they measure.

    Attributes
    ----------
    items : tuple of Item
        Published figures and rows of transcribed tables.
    definitions, facets : mapping
        In force.
    containment : Containment
        Which area lies inside which.
    steps : mapping of str to Step
        Steps between definitions.
    partitions : Partitions
        What adds up to what.
    noisy : frozenset of str
        Definitions whose tables are protected by noise, so that parts need not add up.
    """

    items: tuple[Item, ...]
    definitions: Mapping[str, Definition]
    facets: Mapping[str, Facet]
    containment: Containment
    steps: Mapping[str, Step]
    partitions: Partitions = field(default_factory=Partitions)
    noisy: frozenset[str] = frozenset()

    @cached_property
    def levels(self) -> Mapping[Quantity, tuple[Item, ...]]:
        """Counts, by what they count."""
        return _grouped((item.quantity, item) for item in self.items if item.is_level)

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """Numbers, by id."""
        return {item.figure.id: item for item in self.items}

    @cached_property
    def relatives(self) -> Mapping[Quantity, tuple[Item, ...]]:
        """Shares and changes, by their numerator or later value."""
        return _grouped((item.quantity, item) for item in self.items if not item.is_level)

    @cached_property
    def relatives_by_base(self) -> Mapping[Quantity, tuple[Item, ...]]:
        """Shares and changes, by what they are taken from."""
        return _grouped((item.base, item) for item in self.items if item.base is not None)

    @cached_property
    def _by_definition_and_time(self) -> Mapping[tuple[str, Period | None], Alike]:
        found: dict[tuple[str, Period | None], list[tuple[Quantity | None, Item]]] = {}
        for item in self.items:
            if item.is_level:
                found.setdefault((item.figure.key.definition, item.period), []).append((item.quantity, item))
        return {key: Alike(_grouped(pairs), self.partitions) for key, pairs in found.items()}

    def alike(self, item: Item) -> Alike:
        """Give the counts by the definition and at the time of a number."""
        return self._by_definition_and_time.get((item.figure.key.definition, item.period)) or Alike({}, Partitions())

    def item(self, id: str) -> Item:
        """Give the number with an id.

        Raises
        ------
        KeyError
            Where the evidence has none.
        """
        return self.by_id[id]

    def differences(self, first: Item, second: Item) -> tuple[FacetDifference, ...]:
        """Give the facets in which two numbers differ; numbers of one publication mean the same by the same words."""
        if first.figure.key.definition == second.figure.key.definition and same_publication(first, second):
            return ()
        return self.definition_differences(first.figure.key.definition, second.figure.key.definition)

    def definition_differences(self, first: str, second: str) -> tuple[FacetDifference, ...]:
        """Give the facets in which two definitions differ."""
        return facet_differences(self.definitions[first], self.definitions[second], self.facets)

    def counts_of(self, quantity: Quantity | None, period: Period | None, *, but: Item) -> Iterator[Item]:
        """Give the counts of a quantity at a time, other than one item; any time where none is stated."""
        for item in self.levels.get(quantity, ()) if quantity is not None else ():
            if item is not but and same_time(item.period, period):
                yield item

    def definition(self, item: Item) -> Definition:
        """Give the definition of a number."""
        return self.definitions[item.figure.key.definition]


def corpus_of(  # noqa: PLR0913 - the parts of one value
    figures: Iterable[Figure],
    definitions: Mapping[str, Definition],
    facets: Mapping[str, Facet],
    containment: Containment,
    *,
    steps: Mapping[str, Step] | None = None,
    partitions: Partitions | None = None,
    noisy: frozenset[str] = frozenset(),
    one_sided: float = 0.5,
) -> Corpus:
    """Give the evidence that a set of figures makes.

    Parameters
    ----------
    figures : iterable of Figure
        Published figures and rows of transcribed tables; rows where a symbol stands are left aside.
    definitions, facets, containment, steps, partitions
        In force.
    noisy : frozenset of str, optional
        Definitions whose tables are protected by noise.
    one_sided : float, optional
        Width of "just over" and "nearly" in units, for the sensitivity table.
    """
    numbers = latest_vintages(figure for figure in figures if figure.value is not None)
    items = tuple(_item(figure, definitions, one_sided) for figure in numbers)
    return Corpus(items, definitions, facets, containment, steps or {}, partitions or Partitions(), noisy)


def latest_vintages(figures: Iterable[Figure]) -> list[Figure]:
    """Give the figures in force: of a number that its publication revised, the latest vintage only."""
    latest: dict[object, Figure] = {}
    for figure in figures:
        revisable = (figure.key, figure.measure, figure.citation.publication) if figure.vintage else figure.id
        if revisable not in latest or latest[revisable].vintage <= figure.vintage:
            latest[revisable] = figure
    return list(latest.values())


def same_publication(first: Item, second: Item) -> bool:
    """Tell whether two numbers stand in the same publication."""
    return first.figure.citation.publication == second.figure.citation.publication


def bears_on(other: Item, item: Item) -> bool:
    """Tell whether one number can be evidence for another in time."""
    return may_bear_on(other, other.period, item)


def may_bear_on(other: Item, period: Period | None, item: Item) -> bool:
    """Tell whether a number of some time can be evidence for another.

    A number that states no time is evidence only within its own publication; a figure that states none can be held
    against any time, which proves nothing.
    """
    if period is None and item.period is not None:
        return False
    return same_time(period, item.period) and (period is not None or same_publication(other, item))


def same_time(first: Period | None, second: Period | None) -> bool:
    """Tell whether two numbers may be of the same time; where one does not say, they may."""
    return first is None or second is None or first.overlaps(second)


def quantity_of(key: Key, measure: Measure, definition: Definition) -> Quantity:
    """Give what a number with a key measures."""
    residence = _area(key.residence_scheme, key.residence_area)
    from_background = residence in {NOT_REGISTERED, EVERYWHERE} and key.background != TOTAL
    age = (key.age_low, key.age_high)
    return Quantity(
        kind="commuters" if measure in {Measure.PERSONS, Measure.JOBS} else str(measure),
        origin=_area(*key.background.partition(":")[::2]) if from_background else residence,
        work=_area(key.work_scheme, key.work_area),
        sex=key.sex,
        age=None if age in {(None, None), whole_ages(definition)} else age,
        occupation=key.occupation,
        industry=key.industry,
        background=TOTAL if from_background else key.background,
        uncoded=key.uncoded,
    )


def whole_ages(definition: Definition) -> tuple[int | None, int | None]:
    """Give the age bounds that a definition counts."""
    low, _, high = definition.facets["age"].partition("-")
    return (int(low), int(high) if high.isdigit() else None) if low.isdigit() else (None, None)


def reference_period(period: Period | None, definition: Definition) -> Period | None:
    """Give the part of a year in which a definition counts, where it says so."""
    part = _REFERENCE_PERIODS.get(definition.facets["reference"])
    if period is None or period.rough or period.freq != "A" or part is None:
        return period
    return Period.parse(f"{period.year}-{part}")


def _item(figure: Figure, definitions: Mapping[str, Definition], one_sided: float) -> Item:
    if figure.value is None:
        raise ValueError(f"{figure.id} has no number")
    definition = definitions[figure.key.definition]
    item = Item(
        figure,
        interval_of(figure.value, figure.precision, one_sided=one_sided),
        quantity_of(figure.key, figure.level_measure, definition),
        reference_period(figure.key.period, definition),
    )
    if figure.measure.is_level:
        return item
    key = figure.base_key
    below = definitions[key.definition]
    return replace(
        item,
        base=quantity_of(key, figure.base_measure, below),
        base_definition=key.definition,
        base_period=reference_period(key.period, below),
    )


def _area(scheme: str, code: str) -> Area:
    return scheme.partition(":")[0], code


def _grouped(pairs: Iterable[tuple[Quantity | None, Item]]) -> dict[Quantity, tuple[Item, ...]]:
    found: dict[Quantity, list[Item]] = {}
    for quantity, item in pairs:
        if quantity is not None:
            found.setdefault(quantity, []).append(item)
    return {quantity: tuple(items) for quantity, items in found.items()}
