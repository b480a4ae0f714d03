"""Many at once: a service that is never asked too often, and a store that has every answer once."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import nordstat
from nordstat.errors import SettingsError
from nordstat.pipeline.in_force import mappings_in_force
from nordstat.pipeline.listener import Listener, Moment
from nordstat.settings import Settings
from pipeline.conftest import At
from pipeline.crowd import Crowd, gather
from pipeline.served import FIRST, SECOND, flows, limits, settings_for
from pxweb_server import Limits, PxWebServer


@pytest.mark.fault("S07")
def test_a_crowd_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Sixty-four fetches at a time in four processes keep to the pace, and their store has each answer once."""
    pace = Limits(cells=500, calls=30, window=1.0, announce="both")
    met = gather(Crowd(seconds=6.0, tables=6, vintages=2, limits=pace), tmp_path)

    assert list(met.faults()) == []
    assert met.posts >= 6 * 3


@pytest.mark.fault("S07")
def test_fetches_that_wait_take_turns_and_ask_once(tmp_path: Path) -> None:
    """Eight threads that want the same cells all get them, and the service is asked for them once."""
    with PxWebServer([flows()], limits=limits()) as server:
        settings = settings_for(tmp_path, server, wait=60.0)
        with ThreadPoolExecutor(8) as pool:
            cubes = list(pool.map(lambda _: nordstat.fetch("SSB:03321", settings=settings, Tid="2022"), range(8)))

        assert len(server.calls("POST")) == 1
    assert [cube.values.sum() for cube in cubes] == [flows().values[..., 1].sum()] * 8


@pytest.mark.parametrize(
    ("described", "brought", "full", "asked"),
    [(FIRST, FIRST, False, 0), (FIRST, SECOND, False, 0), (SECOND, FIRST, False, 1), (FIRST, FIRST, True, 1)],
)
def test_what_another_run_brings_meanwhile_is_taken_where_it_is_no_older(
    at: At, described: str, brought: str, full: bool, asked: int
) -> None:
    """Between description and lock another run may fetch the table: that is asked for again only where it must be."""
    tables = {
        updated: flows(np.arange(50) + 100 + place, updated=updated) for place, updated in enumerate((FIRST, SECOND))
    }
    latest = max(described, brought)
    with PxWebServer([tables[described]], limits=limits()) as server:

        def other(step: str) -> None:
            if step == Moment.PLANNED:
                server.replace(tables[brought])
                at(server).fetch(wanted="Tid=2022")
                server.replace(tables[latest])

        found = at(server).fetch(wanted="Tid=2022", listener=Listener(step=other), full=full)

        assert len(server.calls("POST")) == 1 + asked
    assert at().cube(found).updated == latest


def test_how_long_to_wait_is_a_setting() -> None:
    """NORDSTAT_WAIT is a number of seconds, none where it is not given; anything else is refused."""
    assert Settings.load(environ={}).wait == 0.0
    assert Settings.load(environ={"NORDSTAT_WAIT": "60"}).wait == 60.0
    with pytest.raises(SettingsError, match="NORDSTAT_WAIT is 'a minute'"):
        Settings.load(environ={"NORDSTAT_WAIT": "a minute"})


def test_mappings_are_read_anew_where_a_file_of_theirs_changed(tmp_path: Path, mappings_folder: Path) -> None:
    """A process keeps the mappings it has read until one of their files is another."""
    own = tmp_path / "own"
    (own / "definitions").mkdir(parents=True)
    first = mappings_in_force([own])
    kept = mappings_in_force([own])
    shutil.copy(next((mappings_folder / "definitions").glob("*.toml")), own / "definitions")
    again = mappings_in_force([own])

    assert kept is first
    assert again is not first
