"""The scheduled job: what it publishes, what it leaves alone, and what it says about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from nordstat.errors import LockHeldError, SettingsError
from nordstat.mapping.check import Mappings
from nordstat.pipeline.refresh import Job, refresh
from nordstat.pipeline.run_report import RunReport, RunStatus, TableStatus, summary
from nordstat.release.diff import SECTIONS
from nordstat.release.open import open_release
from nordstat.snapshot.store import Store
from pipeline.served import SECOND, commuters, flows, limits, served, settings_for
from pxweb_server import Fault, PxWebServer

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "reference" / "run-report.schema.json").read_bytes())
TABLES = ("SSB:03321", "SSB:11616")
THIRD = "2026-05-01T07:00:00Z"
Run = Callable[..., RunReport]


@pytest.fixture
def server() -> Iterator[PxWebServer]:
    """SSB with two tables in use."""
    with PxWebServer([flows(), commuters()], limits=limits(20)) as running:
        yield running


@pytest.fixture
def run(server: PxWebServer, few: Mappings, tmp_path: Path) -> Run:
    """Runs the job against the server; its report on the disk must keep to the schema."""

    def go(**told: Any) -> RunReport:
        settings = told.pop("settings", settings_for(tmp_path, server))
        told = {"out": tmp_path / "release", "report": tmp_path / "run-report.json", "tables": TABLES} | told
        report = refresh(Job(settings=settings, **({"mappings": few} | told)))
        written = json.loads(told["report"].read_bytes())
        jsonschema.validate(written, SCHEMA)
        assert written == json.loads(json.dumps(report.as_dict()))
        return report

    return go


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def statuses(report: RunReport) -> dict[str, str]:
    return {table.table: str(table.status) for table in report.tables}


def test_first_run_publishes_a_release_with_the_tables_in_it(run: Run, tmp_path: Path) -> None:
    """Every cell fetched is an observation of the release, beside the bundled evidence, with its answer's checksum."""
    report = run()
    release = open_release(tmp_path / "release")
    release.verify()
    rows = release.observations[release.observations["source_kind"] == "table"]

    assert (report.status, report.exit_code) == (RunStatus.PUBLISHED, 0)
    assert statuses(report) == {"SSB:03321": "new", "SSB:11616": "new"}
    assert len(rows) == 50 + 20
    assert rows["obs_value"].sum() == np.arange(100, 150).sum() + np.arange(100, 120).sum()
    told = {entry["sha256"] for entry in release.provenance["snapshots"]}
    assert set(rows["snapshot"]) <= told
    assert {row.sha256 for row in Store.of(settings_for(tmp_path)).snapshots()} >= told
    assert {source.id for source in release.edition.sources} >= set(TABLES)


def test_report_says_what_was_published(run: Run, tmp_path: Path) -> None:
    """Files with their checksums, the release, the verdicts, the cost and the cells are in the report."""
    report = run()
    release = open_release(tmp_path / "release")

    assert report.release == {
        "folder": str(tmp_path / "release"),
        "version": release.version,
        "content_sha256": release.edition.content_hash,
        "previous": "",
    }
    assert {entry["path"] for entry in report.outputs} == files(tmp_path / "release").keys() - {"SHA256SUMS"}
    assert sum(report.verdicts.values()) == 3
    assert report.checks["run"] == [
        "mappings",
        "fetch SSB:03321",
        "fetch SSB:11616",
        "release in force",
        "build",
        "release",
    ]
    assert report.checks["failed"] == []
    assert report.cost["requests"] == sum(table.requests for table in report.tables) == 7
    assert [(table.cells, table.missing) for table in report.tables] == [(50, 0), (20, 0)]


@pytest.mark.fault("C01")
def test_nothing_changed_asks_for_metadata_only(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """A second run is done with one metadata request a table; release and store keep every byte."""
    run()
    release, store = files(tmp_path / "release"), Store.of(settings_for(tmp_path)).snapshots()
    asked = len(server.log)
    report = run()

    assert [met.path.rpartition("/")[2] for met in server.log[asked:]] == ["metadata", "metadata"]
    assert (report.status, report.exit_code) == (RunStatus.UNCHANGED, 0)
    assert set(statuses(report).values()) == {"unchanged"}
    assert files(tmp_path / "release") == release
    assert Store.of(settings_for(tmp_path)).snapshots() == store
    assert report.outputs == []


@pytest.mark.fault("P08")
def test_a_revision_is_published_told_and_compared(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """Changed numbers make a new release; the report counts them and what differs between the two releases."""
    old = run().release["version"]
    shutil.copytree(tmp_path / "release", tmp_path / "before")
    server.replace(flows(np.arange(50) + 100 + 7 * (np.arange(50) == 3), updated=SECOND))
    report = run()
    release = open_release(tmp_path / "release")

    [table] = report.of_status(TableStatus.CHANGED)
    assert table.table == "SSB:03321"
    assert (table.revisions["values"], table.revisions["largest"], table.revisions["silent"]) == (1, 7, False)
    assert (table.updated_before, table.updated) == ("2026-03-01T07:00:00Z", SECOND)
    assert report.release["previous"] == old != report.release["version"]
    assert report.diff["values"] == 3  # the number and both ends of its interval
    differences = release.diff(open_release(tmp_path / "before"))
    assert report.diff == {section: len(differences.section(section)) for section in SECTIONS}
    rows = release.observations[release.observations["source"] == "SSB:03321"]
    assert len(rows) == 50
    assert set(rows["vintage"]) == {SECOND}


@pytest.mark.fault("P11")
def test_a_touched_table_makes_no_new_release(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """Where only the time of the update changed, the release stays, byte for byte."""
    run()
    before = files(tmp_path / "release")
    server.replace(flows(updated=SECOND))
    report = run()

    assert statuses(report)["SSB:03321"] == "touched"
    assert report.status is RunStatus.UNCHANGED
    assert files(tmp_path / "release") == before


@pytest.mark.fault("C02")
def test_one_table_that_fails_leaves_the_release_whole(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """One of two tables fails: exit code 4, the release as it was, the report names the failed and the kept."""
    run()
    before = files(tmp_path / "release")
    server.remove("11616")
    server.replace(flows(np.arange(50) + 200, updated=SECOND))
    report = run()

    assert (report.status, report.exit_code) == (RunStatus.PARTIAL, 4)
    assert statuses(report) == {"SSB:03321": "changed", "SSB:11616": "failed"}
    [failed] = report.of_status(TableStatus.FAILED)
    assert "404" in failed.error
    assert failed.kept == "2026-03-01T07:00:00Z"
    assert report.checks["failed"] == ["fetch SSB:11616"]
    assert files(tmp_path / "release") == before
    assert report.release["version"] == open_release(tmp_path / "release").version


def test_what_a_partial_run_has_fetched_is_published_by_the_next(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """Once the failed table is back, the release has the news of both, and the other is not fetched again."""
    run()
    server.remove("11616")
    server.replace(flows(np.arange(50) + 200, updated=SECOND))
    run()
    server.replace(commuters())
    report = run()

    assert (report.status, statuses(report)) == (
        RunStatus.PUBLISHED,
        {"SSB:03321": "unchanged", "SSB:11616": "unchanged"},
    )
    rows = open_release(tmp_path / "release").observations
    assert rows.loc[rows["source"] == "SSB:03321", "obs_value"].min() == 200


def test_no_table_at_all_is_exit_code_three(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """Where no service gives anything, nothing is published and the run may be tried again later."""
    for table in ("03321", "11616"):
        server.remove(table)
    report = run()

    assert (report.status, report.exit_code) == (RunStatus.UNAVAILABLE, 3)
    assert report.release == {}
    assert not (tmp_path / "release").exists()


def test_drift_of_every_table_is_exit_code_one(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """Tables that no longer look as described stop the run; with the drift accepted it goes on."""
    tables = {"tables": ("SSB:11616",)}
    run(**tables)
    changed = commuters(updated=SECOND)
    server.replace(replace(changed, unit={"Bosatt": {"base": "tusen", "decimals": 0}}))
    report = run(**tables)

    assert (report.status, report.exit_code) == (RunStatus.FAILED, 1)
    assert "unit of Bosatt: 'personer' became 'tusen'" in report.tables[0].error
    accepted = run(**tables, accept_drift=True)
    assert accepted.exit_code == 0
    assert "unit of Bosatt: 'personer' became 'tusen'" in accepted.tables[0].differences


@pytest.mark.fault("P01")
def test_a_code_nobody_has_mapped_is_never_published(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """An accepted new municipality that no code list has stops the build by its name; the release stays."""
    run()
    before = files(tmp_path / "release")
    places = ("0301", "3001", "3002", "3003", "1103", "9876")
    dimensions = {"ArbstedKomm": places, "Bokommuen": places, "ContentsCode": ("Sysselsatte",), "Tid": ("2022",)}
    server.replace(served("03321", dimensions, updated=SECOND))
    report = run(accept_drift=True)

    assert (report.status, report.exit_code) == (RunStatus.FAILED, 1)
    assert "'9876'" in report.error
    assert report.checks["failed"] == ["build"]
    assert files(tmp_path / "release") == before


@pytest.mark.fault("C04")
def test_a_machine_that_was_off_catches_up(run: Run, server: PxWebServer, few: Mappings, tmp_path: Path) -> None:
    """Three updates met one by one or all at once end in the same observations."""
    versions = [flows(np.arange(50) + add, updated=day) for add, day in ((100, "2026-03-01T07:00:00Z"), (101, SECOND))]
    versions.append(flows(np.arange(50) + 102, updated=THIRD))
    for version in versions:
        server.replace(version)
        run()
    other = tmp_path / "other"
    run(settings=settings_for(other, server), out=other / "release", report=other / "report.json")

    one, two = (open_release(folder / "release").observations for folder in (tmp_path, other))
    same = [name for name in one.columns if name != "snapshot"]
    assert one[same].astype("object").equals(two[same].astype("object"))


@pytest.mark.fault("C07")
def test_two_runs_in_one_minute_are_one(run: Run, tmp_path: Path) -> None:
    """A run that follows on the heels of another finds nothing to do, and has another id."""
    first, second = run(), run()

    assert second.status is RunStatus.UNCHANGED
    assert first.run != second.run


@pytest.mark.fault("C13")
def test_a_source_past_its_own_date_is_stale(run: Run, server: PxWebServer) -> None:
    """Where the service said when the next update was due and that is past, the table is called stale."""
    px = {"nextUpdate": "2026-09-01T06:00:00Z"}
    server.replace(flows(px=px))
    first, second = run(), run()

    assert statuses(first)["SSB:03321"] == "new"
    assert statuses(second)["SSB:03321"] == "stale"
    assert second.next_update == "2026-09-01T06:00:00Z"
    assert second.exit_code == 0


@pytest.mark.fault("C13")
def test_a_source_past_its_own_date_can_fail_the_run(run: Run, server: PxWebServer) -> None:
    """Where it is asked for, a stale table makes the exit code 1 and a failed check; the release is as it was."""
    server.replace(flows(px={"nextUpdate": "2026-09-01T06:00:00Z"}))
    first, second = run(fail_stale=True), run(fail_stale=True)

    assert (first.status, first.exit_code, first.checks["failed"]) == (RunStatus.PUBLISHED, 0, [])
    assert (second.status, second.exit_code) == (RunStatus.UNCHANGED, 1)
    assert second.checks["failed"] == ["current SSB:03321"]
    assert second.release["version"] == first.release["version"]


@pytest.mark.fault("P13")
@pytest.mark.parametrize(
    ("successor", "told"), [("", "no successor is known"), ("SSB:03321", "SSB:03321 goes on with its numbers")]
)
def test_a_discontinued_table_is_told(run: Run, server: PxWebServer, few: Mappings, successor: str, told: str) -> None:
    """A table its service marks as closed is a warning of every run, with the table that goes on where one is known."""

    def closed(document: dict[str, Any]) -> dict[str, Any]:
        document["extension"]["discontinued"] = True
        return document

    server.add_fault(Fault("edit", times=None, path_contains="11616/metadata", edit=closed))
    spec = replace(few.tables["SSB:11616"], successor=successor)
    mappings = replace(few, tables={**few.tables, spec.id: spec})
    first, second = run(mappings=mappings), run(mappings=mappings)

    assert [statuses(each)["SSB:11616"] for each in (first, second)] == ["new", "discontinued"]
    for each in (first, second):
        assert f"SSB:11616 is closed by SSB; {told}" in each.warnings


def test_a_closed_table_that_no_longer_answers_is_still_in_the_release(run: Run, server: PxWebServer) -> None:
    """Numbers of a table that is not asked for again stay in the release, from the store."""
    run()
    server.remove("11616")
    report = run(tables=("SSB:03321",))

    assert report.status is RunStatus.UNCHANGED


@pytest.mark.fault("P10")
def test_a_silent_revision_is_called_so(run: Run, server: PxWebServer) -> None:
    """A full check finds numbers that changed without an update, and the report calls them silent."""
    run()
    server.replace(flows(np.arange(50) + 100 + (np.arange(50) == 3)))
    assert run().status is RunStatus.UNCHANGED
    report = run(full=True)

    [table] = report.of_status(TableStatus.CHANGED)
    assert table.revisions["silent"]
    assert "1 numbers revised silently" in summary(report)


@pytest.mark.fault("S05")
def test_a_damaged_release_is_told_and_left_to_a_person(run: Run, tmp_path: Path) -> None:
    """Files in force that are not what was written stop the run; once they are moved away the release comes back."""
    version = run().release["version"]
    (tmp_path / "release" / "observations.csv").write_bytes(b"")
    report = run()

    assert (report.status, report.exit_code) == (RunStatus.FAILED, 1)
    assert "observations.csv" in report.error
    (tmp_path / "release").rename(tmp_path / "damaged")
    assert run().release["version"] == version
    open_release(tmp_path / "release").verify()


def test_offline_builds_from_the_store(run: Run, server: PxWebServer, few: Mappings, tmp_path: Path) -> None:
    """Without a network the release is built from what is stored, and nothing is asked."""
    run()
    asked = len(server.log)
    other = tmp_path / "elsewhere"
    report = run(settings=settings_for(tmp_path, server, offline=True), out=other / "release")

    assert len(server.log) == asked
    assert set(statuses(report).values()) == {"stored"}
    assert len(open_release(other / "release").observations) == 3 + 50 + 20


def test_a_fetched_part_joins_the_release_and_the_newer_answer_wins(
    run: Run, server: PxWebServer, few: Mappings
) -> None:
    """Of a number that several selections hold, the release has the newest, once."""
    run(tables=("SSB:03321",))
    server.replace(flows(np.arange(50) + 200, years=("2022", "2023"), updated=SECOND))
    report = run(tables=("SSB:03321",), accept_drift=True)
    rows = open_release(Path(report.release["folder"])).observations
    rows = rows[rows["source"] == "SSB:03321"]

    assert len(rows) == 75
    assert set(zip(rows["time_period"], rows["vintage"], strict=True)) == {
        ("2020-Q4", "2026-03-01T07:00:00Z"),
        ("2022-Q4", SECOND),
        ("2023-Q4", SECOND),
    }


@pytest.mark.fault("C09")
def test_a_report_that_cannot_be_written_stops_before_anything_is_asked(
    run: Run, server: PxWebServer, tmp_path: Path
) -> None:
    """Where there is no place for the report the run does not begin, and says so."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="the run report cannot be written") as caught:
        run(report=tmp_path / "file" / "report.json")

    assert caught.value.exit_code == 2
    assert server.log == []


@pytest.mark.fault("C14")
def test_a_second_schedule_on_one_store_leaves_the_report_to_the_first(run: Run, tmp_path: Path) -> None:
    """While one run holds the store another names it and touches neither store, release nor report."""
    with Store.of(settings_for(tmp_path)).writing(), pytest.raises(LockHeldError, match="another run holds the lock"):
        run()

    assert not (tmp_path / "run-report.json").exists()


def test_an_unknown_table_is_a_mistake_of_the_caller(run: Run, server: PxWebServer) -> None:
    """Tables that cannot be read are told before anything is asked, each with what its description lacks."""
    with pytest.raises(SettingsError, match=r"SSB:08070 is described without .*; SSB:99999 is not described"):
        run(tables=("SSB:08070", "SSB:99999"))

    assert server.log == []


def test_all_tables_with_known_codes_are_in_use(few: Mappings, tmp_path: Path) -> None:
    """Where no table is named, those whose codes were seen are asked for, at their offices, and no other."""
    with ExitStack() as stack:
        ssb = stack.enter_context(PxWebServer([flows(), commuters()], limits=limits()))
        scb = stack.enter_context(PxWebServer([], flavour="scb", limits=limits()))
        settings = settings_for(tmp_path, ssb, scb)
        report = refresh(
            Job(out=tmp_path / "release", report=tmp_path / "report.json", settings=settings, mappings=few)
        )

    assert set(statuses(report)) == {
        "SSB:12315",
        "SSB:03321",
        "SSB:11616",
        "SSB:11618",
        "SCB:TAB334",
        "SCB:TAB333",
        "SCB:TAB5850",
        "SCB:TAB1830",
        "SCB:TAB1828",
        "SCB:ArRegArbStDoN",
        "SCB:TAB3200",
        "SCB:TAB5543",
    }
    assert report.exit_code == 4


def test_only_what_is_read_is_asked_for(few: Mappings, tmp_path: Path) -> None:
    """Codes the spec leaves out, and parts nordstat has no column for, are not fetched."""
    dimensions = {
        "Region": ["00", "17"],
        "Kon": ["1", "2", "1+2"],
        "Alder": ["15-74", "060-64"],
        "Fodelseregion": ["13", "83", "tot"],
        "ContentsCode": ["000002NT", "000002NM", "000002NR", "000002NP", "000002NQ", "000002NO", "000002NN"],
        "Tid": ["2024"],
    }
    dimensions["ContentsCode"] += ["000002NK", "000002NS"]
    units = {code: {"base": "antal", "decimals": 0} for code in dimensions["ContentsCode"]}
    table = served("TAB3200", dimensions, language="sv", unit=units)
    with PxWebServer([table], flavour="scb", limits=limits()) as server:
        job = Job(
            out=tmp_path / "release",
            report=tmp_path / "report.json",
            tables=("SCB:TAB3200",),
            settings=settings_for(tmp_path, server),
            mappings=few,
        )
        report = refresh(job)

        assert [met.cells for met in server.calls("POST")] == [2 * 3 * 2]
    assert report.exit_code == 0


def test_summary_tells_a_person_what_happened(run: Run, server: PxWebServer, tmp_path: Path) -> None:
    """A few lines: how it ended, each table, the changes, the cost."""
    run()
    server.remove("11616")
    told = summary(run()).splitlines()

    assert told[0].startswith("partial: kept release 0+")
    assert told[1] == "SSB:03321        unchanged, updated 2026-03-01T07:00:00Z"
    assert told[2] == "SSB:11616        failed"
    assert "404" in told[3]
    assert told[-1].endswith("requests, 0 retries, 0 s waited")
