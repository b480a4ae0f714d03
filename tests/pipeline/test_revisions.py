"""Revisions: what an office changed in numbers it had published, counted, and the old ones still there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from nordstat.pipeline.bringing import FULL_AFTER, Outcome
from nordstat.pipeline.shelf import Shelf
from nordstat.pipeline.stored import read_store, together
from pipeline.conftest import At
from pipeline.served import SECOND, Desk, flows, limits
from pxweb_server import PxWebServer

VALUES = np.arange(50.0) + 1000


def revised(**cells: float) -> np.ndarray:
    """The values with some cells told otherwise, by position."""
    values = VALUES.copy()
    for place, value in cells.items():
        values[int(place[1:])] = value
    return values


@pytest.mark.fault("P08")
def test_revised_numbers_are_counted_and_the_old_ones_kept(at: At) -> None:
    """How many numbers changed and by how much is told; the older vintage is still to be had from the store."""
    with PxWebServer([flows(VALUES)], limits=limits()) as server:
        desk = at(server)
        old = desk.fetch().brought.whole
        server.replace(flows(revised(_0=1010, _3=1000), updated=SECOND))
        found = desk.fetch()

    changes = found.brought.changes
    assert (changes.shared, changes.changed, changes.largest) == (50, 2, 10)
    assert changes.largest_relative == pytest.approx(0.01)
    assert desk.shelf.cube(old).values[0] == 1000
    assert desk.cube(found).values[0] == 1010
    assert not found.brought.silent


@pytest.mark.fault("P09")
def test_a_withdrawn_number_is_no_longer_current(at: At) -> None:
    """Where a number became a symbol the current value is missing, and counted as withdrawn."""
    with PxWebServer([flows(VALUES)], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        server.replace(flows(revised(_5=np.nan), status={5: ".."}, updated=SECOND))
        found = desk.fetch()
        back = flows(VALUES, updated="2026-05-01T07:00:00Z")
        server.replace(back)
        again = desk.fetch()

    assert (found.brought.changes.withdrawn, found.brought.changes.changed) == (1, 0)
    assert np.isnan(desk.shelf.cube(found.brought.whole).values[5])
    assert again.brought.changes.restored == 1


def older(desk: Desk, age: timedelta) -> Desk:
    """The same desk, whose receipts are all so much older: the store of a machine that has run for long."""
    rows = [replace(row, retrieved=row.retrieved - age) for row in desk.shelf.rows]
    other = replace(desk, settings=replace(desk.settings, store=desk.store.root.with_name("older")))
    with other.store.writing() as writer:
        writer.adopt(rows, desk.store.read)
    return other


@pytest.mark.fault("P10")
def test_a_silent_revision_shows_in_the_periodic_full_check(at: At) -> None:
    """Cells last looked at a month ago are asked for although nothing was updated; a change is called silent."""
    with PxWebServer([flows(VALUES)], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        server.replace(flows(revised(_0=1010)))
        assert desk.fetch().brought.outcome is Outcome.UNCHANGED
        found = older(desk, FULL_AFTER).fetch()

    assert found.brought.outcome is Outcome.CHANGED
    assert found.brought.silent
    assert found.brought.changes.changed == 1


def test_the_full_check_that_finds_nothing_lasts_a_month(at: At) -> None:
    """After a full check that found the same cells only metadata are asked for again."""
    with PxWebServer([flows(VALUES)], limits=limits(20)) as server:
        desk = at(server)
        desk.fetch()
        desk = older(desk, FULL_AFTER)
        desk.fetch()
        asked = len(server.calls("POST"))
        assert desk.fetch().brought.outcome is Outcome.UNCHANGED

        assert len(server.calls("POST")) == asked == 6


@pytest.mark.fault("P11")
def test_a_table_that_was_only_touched_gives_no_new_vintage(at: At) -> None:
    """Where the time of the update is all that changed, the numbers keep the vintage they have."""
    with PxWebServer([flows(VALUES)], limits=limits()) as server:
        desk = at(server)
        first = desk.fetch().brought.whole
        server.replace(flows(VALUES, updated=SECOND))
        found = desk.fetch()
        asked = len(server.calls("POST"))
        again = desk.fetch()

        assert len(server.calls("POST")) == asked
    assert found.brought.outcome is Outcome.TOUCHED
    assert again.brought.outcome is Outcome.UNCHANGED
    assert again.brought.whole.snapshot == first.snapshot


@pytest.mark.fault("P14")
def test_a_provisional_number_that_becomes_final_is_a_revision(at: At) -> None:
    """Where only the symbol beside a number changed, that is counted as a revision of the status."""
    with PxWebServer([flows(VALUES, status={3: "*"})], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        server.replace(flows(VALUES, updated=SECOND))
        found = desk.fetch()

    assert (found.brought.changes.statuses, found.brought.changes.changed) == (1, 0)
    assert found.brought.outcome is Outcome.CHANGED


@pytest.mark.fault("P02")
def test_a_code_that_is_gone_stays_in_history(at: At) -> None:
    """Once the loss of a place is accepted, the numbers that had it stay in the store, and in what a release reads."""
    with PxWebServer([flows(VALUES)], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        fewer = flows(VALUES)
        fewer = replace(
            fewer,
            dimensions=[replace(fewer.dimensions[0], values={"0301": "Oslo"}), *fewer.dimensions[1:]],
            values=fewer.values[:1],
            updated=SECOND,
        )
        server.replace(fewer)
        desk.fetch(accept_drift=True)

    new, old = desk.shelf.wholes("SSB", "03321")
    assert not new.covers(old)
    assert Shelf.of(desk.store).cube(old).dimension("ArbstedKomm").codes[-1] == "1103"
    read = together(read_store(desk.store, desk.mappings).frames)
    assert sorted(read["obs_value"]) == VALUES.tolist()
    assert "1103" in set(read["work_area"])
