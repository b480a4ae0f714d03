"""What is in the store and joins a release, what does not, and a notebook's way to both."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest

import nordstat as ns
from nordstat.errors import OfflineError
from nordstat.mapping.check import Mappings
from nordstat.pipeline.build import content
from nordstat.pipeline.stored import read_store, together
from nordstat.schema.columns import OBSERVATION
from pipeline.conftest import At
from pipeline.served import SECOND, commuters, flows, limits, served
from pxweb_server import PxWebServer, ServedCodelist


def test_tables_join_the_bundled_evidence(at: At, few: Mappings) -> None:
    """Observations of a release are those of the mappings, then those of the store, in the same columns."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch(wanted="Tid=2022")
    bare, full = content(few), content(few, store=desk.store)

    assert list(full.observations.columns) == [column.name for column in OBSERVATION]
    assert len(full.observations) == len(bare.observations) + 25
    assert bare.version != full.version
    assert [source["id"] for source in full.sources][-1] == "SSB:03321"
    assert [entry["table"] for entry in full.provenance["snapshots"]] == ["SSB:03321"] * 2


def test_the_same_store_gives_the_same_release(at: At, few: Mappings) -> None:
    """Nothing of a release depends on when it is built."""
    with PxWebServer([flows(), commuters()], limits=limits(20)) as server:
        desk = at(server)
        desk.fetch()
        desk.fetch("SSB:11616")
    one, two = content(few, store=desk.store), content(few, store=desk.store)

    assert (one.version, one.provenance, one.sources) == (two.version, two.provenance, two.sources)
    assert one.observations.equals(two.observations)


def test_a_selection_within_a_newer_one_is_not_read_twice(at: At) -> None:
    """A part fetched before the whole table adds nothing: its cells are there once, as of the newer answer."""
    with PxWebServer([flows()], limits=limits()) as server:
        desk = at(server)
        desk.fetch(wanted="Tid=2022")
        server.replace(flows(np.arange(50) + 300, updated=SECOND))
        desk.fetch()

    stored = read_store(desk.store, desk.mappings)
    assert [each.whole.snapshot.updated for each in stored.used] == [SECOND]
    assert [len(frame) for frame in stored.frames] == [50]
    assert stored.frames[0]["obs_value"].min() == 300


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param(777.0, {}, id="another number", marks=pytest.mark.fault("P08")),
        pytest.param(np.nan, {3: ".."}, id="none any more", marks=pytest.mark.fault("P09")),
    ],
)
def test_a_newer_answer_stands_before_a_larger_one(at: At, said: float, status: dict[int, str]) -> None:
    """What a newer answer says of a number is read, be it none; an older one of the whole table gives only the rest."""
    values = np.arange(50.0) + 100
    with PxWebServer([flows(values)], limits=limits()) as server:
        desk = at(server)
        desk.fetch()
        values = np.where(np.arange(50) == 3, said, values)
        server.replace(flows(values, status=status, updated=SECOND))
        desk.fetch(wanted="Tid=2022")

    read = together(read_store(desk.store, desk.mappings).frames)["obs_value"].to_numpy(float, na_value=np.nan)
    np.testing.assert_array_equal(np.sort(read), np.sort(values))


def test_what_cannot_be_read_is_named_in_provenance(at: At, few: Mappings) -> None:
    """A selection by a code list of the service, a table nobody described, one described too little: each is told."""
    listed = flows(codelists={"Bokommuen": [ServedCodelist("agg_One", "One", {"A": ("A", ["0301", "3001"])})]})
    strange = served("99999", {"A": ["1"], "ContentsCode": ["x"], "Tid": ["2022"]})
    little = served("08070", {"Region": ["00"], "ContentsCode": ["x"], "Tid": ["2016K4"]})
    with PxWebServer([listed, strange, little], limits=limits()) as server:
        desk = at(server)
        desk.fetch(wanted="Bokommuen:agg_One=A")
        desk.fetch("SSB:99999")
        desk.fetch("SSB:08070")

    told = content(few, store=desk.store).provenance["tables_not_read"]
    assert told[0].startswith("SSB:03321: 1 selections by a code list")
    assert told[1].startswith("SSB:08070: its description lacks")
    assert told[2] == "SSB:99999: it is not described"


def test_a_notebook_gets_a_cube(at: At) -> None:
    """``ns.fetch`` gives the cells, online and then offline from the store."""
    with PxWebServer([flows()], limits=limits(20)) as server:
        settings = at(server).settings
        cube = ns.fetch("SSB:03321", settings=settings, Tid=["2022"])
        asked = len(server.log)
        offline = ns.fetch("SSB:03321", settings=replace(settings, offline=True), Tid="top(1)")
        with pytest.raises(OfflineError):
            ns.fetch("SSB:03321", settings=replace(settings, offline=True), Tid="2020")

        assert len(server.log) == asked
    assert cube.values.tolist() == offline.values.tolist() == list(range(101, 150, 2))
    assert cube.to_frame()["ArbstedKomm"].cat.categories.tolist() == ["0301", "3001", "3002", "3003", "1103"]


def test_a_notebook_is_told_how_little_is_known(at: At, caplog: pytest.LogCaptureFixture) -> None:
    """An unverified table says so in the log of the library."""
    table = served("08070", {"Region": ["00"], "ContentsCode": ["x"], "Tid": ["2016K4"]})
    with PxWebServer([table], limits=limits()) as server, caplog.at_level(logging.WARNING, logger="nordstat"):
        ns.fetch("SSB:08070", settings=at(server).settings)

    assert caplog.messages[0].startswith("SSB:08070 is unverified")
