"""Drift: a table that is not what it was said to be stops, with a difference a person can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nordstat.errors import DriftError
from nordstat.pipeline.bringing import Outcome
from pipeline.conftest import At
from pipeline.served import FIRST, PLACES, SECOND, commuters, flows, limits, served
from pxweb_server import PxWebServer, ServedDimension, ServedTable

Change = Callable[[ServedTable], ServedTable]


def with_dimension(table: ServedTable, which: str, /, **told: Any) -> ServedTable:
    """A table with one dimension told otherwise; the cells stay."""
    dimensions = [replace(d, **told) if d.code == which else d for d in table.dimensions]
    units = {c: {"base": "personer", "decimals": 0} for c in table.dimension("ContentsCode").values}
    return replace(table, dimensions=dimensions, unit=units | dict(table.unit), updated=SECOND)


def labelled(table: ServedTable, code: str, /, **labels: str) -> ServedTable:
    """A table with other labels in one dimension."""
    return with_dimension(table, code, values={**table.dimension(code).values, **labels})


def without(table: ServedTable, code: str, value: str) -> ServedTable:
    """A table with one code less."""
    place = list(table.dimension(code).values).index(value)
    axis = [d.code for d in table.dimensions].index(code)
    dimension = table.dimension(code)
    kept = replace(dimension, values={c: label for c, label in dimension.values.items() if c != value})
    dimensions = [kept if d.code == code else d for d in table.dimensions]
    return replace(table, dimensions=dimensions, values=np.delete(table.values, place, axis), updated=SECOND)


def more_places(table: ServedTable) -> ServedTable:
    dimensions = {"ArbstedKomm": (*PLACES, "4601"), "Bokommuen": PLACES, "ContentsCode": ("Sysselsatte",)}
    return served("03321", dimensions | {"Tid": ("2020", "2022")}, updated=SECOND)


def turned(table: ServedTable) -> ServedTable:
    return replace(
        table,
        dimensions=[table.dimensions[place] for place in (1, 0, 2, 3)],
        values=table.values.transpose(1, 0, 2, 3),
        updated=SECOND,
    )


BLOCKING: dict[str, tuple[Change, str]] = {
    "code added": (more_places, "codes of ArbstedKomm added: 4601 (ArbstedKomm 4601)"),
    "code removed": (
        lambda table: without(table, "ArbstedKomm", "3003"),
        "codes of ArbstedKomm removed: 3003 (ArbstedKomm 3003)",
    ),
    "period removed": (lambda table: without(table, "Tid", "2020"), "codes of Tid removed: 2020"),
    "renamed": (
        lambda table: with_dimension(table, "Bokommuen", code="Bokommune"),
        "dimension renamed: Bokommuen became Bokommune",
    ),
    "recased": (
        lambda table: with_dimension(table, "Bokommuen", code="bokommuen"),
        "dimension written otherwise: Bokommuen became bokommuen",
    ),
    "re-ordered": (
        turned,
        "dimensions re-ordered: ArbstedKomm, Bokommuen, ContentsCode, Tid became "
        "Bokommuen, ArbstedKomm, ContentsCode, Tid",
    ),
    "contents label": (
        lambda table: labelled(table, "ContentsCode", Sysselsatte="Arbeidsforhold"),
        "labels of ContentsCode changed: Sysselsatte 'ContentsCode Sysselsatte' became 'Arbeidsforhold'",
    ),
    "unit": (
        lambda table: replace(table, unit={"Sysselsatte": {"base": "prosent", "decimals": 1}}, updated=SECOND),
        "unit of Sysselsatte: 'personer' became 'prosent'",
    ),
    "thousands": (
        lambda table: replace(table, values=table.values / 1000, updated=SECOND),
        "the numbers are 0.001 times what they were: another unit?",
    ),
    "jump": (
        lambda table: replace(
            table, values=table.values + 1900 * (np.arange(50).reshape(5, 5, 1, 2) == 7), updated=SECOND
        ),
        "numbers that changed by a factor of ten or more: ArbstedKomm=0301, Bokommuen=3003, Tid=2022: 107 became 2,007",
    ),
}
FAULTS = {
    "code added": pytest.mark.fault("P01"),
    "code removed": pytest.mark.fault("P02"),
    "renamed": pytest.mark.fault("P03"),
    "recased": pytest.mark.fault("P03"),
    "re-ordered": pytest.mark.fault("P03"),
    "contents label": pytest.mark.fault("P05"),
    "unit": pytest.mark.fault("P06"),
    "thousands": pytest.mark.fault("P06"),
    "jump": pytest.mark.fault("P22"),
}
CASES = [
    pytest.param(change, words, id=name, marks=[FAULTS[name]] if name in FAULTS else [])
    for name, (change, words) in BLOCKING.items()
]


@pytest.mark.parametrize(("change", "words"), CASES)
def test_a_change_that_matters_stops_with_its_words(at: At, change: Change, words: str) -> None:
    """What was there before stays in force, and the difference is told in one line."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        server.replace(change(flows()))
        with pytest.raises(DriftError) as caught:
            desk.fetch()

    assert words in caught.value.differences
    assert "--accept-drift" in caught.value.hint
    [kept] = desk.shelf.wholes("SSB", "03321")
    assert kept.snapshot.updated == FIRST


@pytest.mark.parametrize(("change", "words"), CASES)
def test_an_accepted_change_is_told_once(at: At, change: Change, words: str) -> None:
    """With the change accepted the table is taken as it is; the next run has nothing more to say."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        server.replace(change(flows()))
        accepted = desk.fetch(accept_drift=True)
        again = desk.fetch()

    assert words in map(str, accepted.differences)
    assert accepted.brought.whole.snapshot.updated == SECOND
    assert again.brought.outcome is Outcome.UNCHANGED


PASSING: dict[str, tuple[Change, str]] = {
    "period added": (
        lambda _: flows(years=("2020", "2022", "2023"), updated=SECOND),
        "codes of Tid added: 2023",
    ),
    "title": (
        lambda table: replace(table, label="03321: Sysselsatte", updated=SECOND),
        "title: '03321: tall, etter ArbstedKomm, Bokommuen, ContentsCode, Tid' became '03321: Sysselsatte'",
    ),
    "label of a place": (
        lambda table: labelled(table, "ArbstedKomm", **{"3001": "Halden (2020-2023)"}),
        "labels of ArbstedKomm changed: 3001 'ArbstedKomm 3001' became 'Halden (2020-2023)'",
    ),
    "note": (
        lambda table: replace(table, notes=["Brudd i 2015."], updated=SECOND),
        "note new: 'Brudd i 2015.'; look again at ssb-2006-age, ssb-2015-a-ordningen, ssb-2018-trondelag, "
        "ssb-2020-regions, ssb-2024-regions",
    ),
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(*case, id=name, marks=[pytest.mark.fault("P20")] if name == "note" else [])
        for name, case in PASSING.items()
    ],
)
def test_an_ordinary_change_is_told_and_passes(at: At, change: Change, words: str) -> None:
    """A new period, another title, a label of a place or a note is reported and stops nothing."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        server.replace(change(flows()))
        found = desk.fetch()

    assert words in map(str, found.differences)


def lacking(table: ServedTable) -> ServedTable:
    dimensions = [d for d in table.dimensions if d.code != "Alder"]
    return replace(table, dimensions=dimensions, values=table.values)


UNLIKE_SPEC: dict[str, tuple[Change, str]] = {
    "dimension missing": (lacking, "no dimension Alder (age)"),
    "dimension strange": (
        lambda table: replace(table, dimensions=[*table.dimensions, ServedDimension("Kjonn", "kjønn", {"0": "alle"})]),
        "no dimension 'Kjonn' is described; described: Region, Alder, ContentsCode, Tid",
    ),
    "recased": (lambda table: with_dimension(table, "Tid", code="tid"), "the dimension Tid (time_period) is not there"),
    "contents gone": (
        lambda table: without(table, "ContentsCode", "Bosatt"),
        "codes of ContentsCode that are gone: Bosatt",
    ),
    "code unknown": (
        lambda table: with_dimension(table, "Alder", values={"999A": "alle"}),
        "1 code of Alder cannot be read as age: '999A'",
    ),
    "unit": (
        lambda table: replace(table, unit={"Bosatt": {"base": "1 000 personer", "decimals": 0}}),
        "unit of Bosatt is '1 000 personer', described as PS",
    ),
    "per cent": (
        lambda table: replace(table, unit={"Bosatt": {"base": "prosent", "decimals": 0}}),
        "unit of Bosatt is 'prosent', described as PS",
    ),
}


@pytest.mark.parametrize(("change", "words"), UNLIKE_SPEC.values(), ids=UNLIKE_SPEC)
def test_the_first_look_is_compared_with_the_spec(at: At, change: Change, words: str) -> None:
    """A table that was never fetched before must look as the mappings describe it."""
    with PxWebServer([change(commuters())], limits=limits()) as server:
        desk = at(server)
        with pytest.raises(DriftError) as caught:
            desk.fetch("SSB:11616")

    assert words in caught.value.differences
    assert desk.shelf.rows == ()


def test_a_unit_in_unknown_words_is_told_and_passes(at: At) -> None:
    """A unit that is no word of any unit known is reported; it may well be the same one."""
    table = replace(commuters(), unit={"Bosatt": {"base": "hoder", "decimals": 0}})
    with PxWebServer([table], limits=limits()) as server:
        found = at(server).fetch("SSB:11616")

    assert "unit of Bosatt is 'hoder', described as PS" in map(str, found.differences)


def test_an_accepted_difference_from_the_spec_does_not_come_back(at: At) -> None:
    """What was accepted against the spec stays accepted for as long as the table stays so, and no longer."""
    with PxWebServer([without(commuters(), "ContentsCode", "Bosatt")], limits=limits()) as server:
        desk = at(server)
        desk.fetch("SSB:11616", accept_drift=True)
        assert desk.fetch("SSB:11616").brought.outcome is Outcome.UNCHANGED
        server.replace(without(without(commuters(), "ContentsCode", "Bosatt"), "ContentsCode", "Arbeidssted"))
        with pytest.raises(DriftError) as caught:
            desk.fetch("SSB:11616")

    assert "codes of ContentsCode removed: Arbeidssted (ContentsCode Arbeidssted)" in caught.value.differences


def test_small_numbers_may_change_by_any_factor(at: At) -> None:
    """That 2 becomes 40 is an ordinary revision of a small cell."""
    values = np.arange(50) + 1000
    values[7] = 2
    with PxWebServer([flows(values)], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        values = values.copy()
        values[7] = 40
        server.replace(flows(values, updated=SECOND))
        found = desk.fetch()

    assert found.brought.changes.largest == 38
    assert found.brought.suspicious == ()
