"""Writing a release."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from nordstat.errors import LockHeldError, ReleaseError, SchemaViolationError, SettingsError
from nordstat.model.release import ReleaseContent
from nordstat.release import fixity
from nordstat.release.open import open_release
from nordstat.release.write import write_release
from release.samples import SOURCES, content, observations, reconciliation, verdict

PROGRAM, KILLED = (Path(__file__).with_name(name) for name in ("build_sample.py", "killed_builds.py"))
FILES = {
    "CITATION.cff",
    "README.md",
    "SHA256SUMS",
    "datacite.json",
    "datapackage.json",
    "definitions.json",
    "figures.csv",
    "observations.csv",
    "observations.parquet",
    "observations.sdmx.csv",
    "provenance.json",
    "reconciliation.csv",
    "reconciliation.json",
    "ro-crate-metadata.json",
    "structure.sdmx.xml",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_has_all_its_files(sample_folder: Path) -> None:
    """Fifteen files, and nothing beside them but the lock."""
    assert contents(sample_folder).keys() == FILES
    assert {path.name for path in sample_folder.parent.iterdir()} <= {"2026.1", ".2026.1.lock"}


def test_counts_are_whole_numbers_and_shares_keep_their_decimals(sample_folder: Path) -> None:
    """17749, never 17749.0; 2.6 stays 2.6."""
    text = (sample_folder / "observations.csv").read_text("utf-8")
    assert ",17749,17749,17749," in text
    assert ",2.6,2.55,2.65," in text


@pytest.mark.fault("E10")
def test_sdmx_counts_are_whole_numbers(sample_folder: Path) -> None:
    """SDMX-CSV writes persons as integers too."""
    assert ",17749,17749,17749,A," in (sample_folder / "observations.sdmx.csv").read_text("utf-8")


@pytest.mark.fault("E09")
def test_a_suppressed_number_is_nan_in_sdmx_and_never_an_empty_cell(sample_folder: Path) -> None:
    """An empty cell could mean "unchanged" to a receiver; NaN with status Q cannot."""
    line = next(
        line for line in (sample_folder / "observations.sdmx.csv").read_text("utf-8").split("\n") if "0301" in line
    )
    assert ",NaN,NaN,NaN,Q,C,:," in line


def test_every_sdmx_row_replaces(sample_folder: Path) -> None:
    """Under Replace an empty attribute means none; under Information or Merge it would mean unchanged."""
    lines = (sample_folder / "observations.sdmx.csv").read_text("utf-8").splitlines()[1:]
    assert {tuple(line.split(",")[:3]) for line in lines} == {("dataflow", "NORDSTAT:OBSERVATIONS(1.0.0)", "R")}


def test_rows_without_a_period_are_told_of(sample_folder: Path) -> None:
    """SDMX-CSV leaves out what has no period, and the descriptor says how many."""
    told = json.loads((sample_folder / "datapackage.json").read_bytes())["resources"]
    sdmx = next(entry for entry in told if entry["name"] == "observations-sdmx")
    assert (sdmx["nordstat:rows"], sdmx["description"]) == (
        4,
        "The same rows as observations.csv as SDMX-CSV 2.0, without the 1 that have no period.",
    )


def test_an_open_age_is_a_code_in_sdmx(sample_folder: Path) -> None:
    """A dimension is never empty there: what is open or not stated is _X."""
    text = (sample_folder / "observations.sdmx.csv").read_text("utf-8")
    assert ",0301,T,15,_X,_T," in text
    assert ",SE,NO-KOMMUNE:2024,0301,T,15,,_T," in (sample_folder / "observations.csv").read_text("utf-8")


def test_text_keeps_what_was_published(sample_folder: Path) -> None:
    """Quotes, commas and å, ä, ö come back as they went in."""
    frame = pd.read_csv(sample_folder / "observations.csv", dtype=str)
    assert 'about, or "circa"' in set(frame["obs_status_source"])
    assert "Region Värmland" in set(frame["reporter"])


def test_codes_stay_text(sample_folder: Path) -> None:
    """Oslo is 0301 in every table."""
    assert "0301" in set(pd.read_parquet(sample_folder / "observations.parquet")["work_area"])


def test_lines_end_in_lf_and_files_in_utf8(sample_folder: Path) -> None:
    """No CR, no byte order mark in any text file."""
    for name, body in contents(sample_folder).items():
        if not name.endswith(".parquet"):
            assert b"\r" not in body
            assert body.endswith(b"\n")
            body.decode("utf-8")
            assert not body.startswith(b"\xef\xbb\xbf")


def test_the_order_of_rows_and_categories_plays_no_part(tmp_path: Path, sample_folder: Path) -> None:
    """The same observations in another order, with other and unused categories, give the same bytes."""
    frame = observations().sample(frac=1, random_state=3)
    frame["reporter"] = (
        frame["reporter"].cat.add_categories(["Finland"]).cat.reorder_categories(["SSB", "Finland", "Region Värmland"])
    )
    frame["source"] = frame["source"].astype("string").astype("category").cat.as_ordered().cat.as_unordered()
    assert contents(write_release(content(observations=frame), tmp_path / "r")) == contents(sample_folder)


def test_text_stored_as_categories_gives_the_same_bytes(tmp_path: Path, sample_folder: Path) -> None:
    """How a text column is held in memory does not show in a file."""
    frame = observations().astype({"time_period": "category", "vintage": "category", "snapshot": "category"})
    assert contents(write_release(content(observations=frame), tmp_path / "r")) == contents(sample_folder)


@pytest.mark.fault("E07")
def test_the_machine_does_not_show_in_the_bytes(tmp_path: Path, sample_folder: Path) -> None:
    """Another hash seed, time zone, language, folder and number of threads give the same bytes."""
    strange = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, PROGRAM, tmp_path / "r"], check=True, cwd=tmp_path, env=os.environ | strange)
    assert contents(tmp_path / "r") == contents(sample_folder)


def test_the_day_is_that_of_the_newest_source(sample_folder: Path) -> None:
    """No clock is asked."""
    assert json.loads((sample_folder / "datapackage.json").read_bytes())["created"] == "2026-11-01T00:00:00Z"


def test_source_date_epoch_is_honoured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A packager may set the instant."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    folder = write_release(content(), tmp_path / "r")
    assert json.loads((folder / "datapackage.json").read_bytes())["created"] == "2026-01-01T00:00:00Z"


def test_a_source_date_epoch_that_is_no_number_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong setting is named."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(SettingsError, match="SOURCE_DATE_EPOCH is 'yesterday'"):
        write_release(content(), tmp_path / "r")


def test_json_holds_whole_numbers_and_null_for_an_open_end(sample_folder: Path) -> None:
    """An interval is [16500, 17500], and an open end is null."""
    text = (sample_folder / "reconciliation.json").read_text("utf-8")
    assert json.loads(text)[0]["interval"] == [16500, None]
    assert "16500.0" not in text


def test_the_same_content_may_be_written_again(tmp_path: Path) -> None:
    """A second build of the same thing is no fault, and touches nothing."""
    folder = write_release(content(), tmp_path / "r")
    before = (folder / "SHA256SUMS").stat().st_mtime_ns
    write_release(content(), folder)
    assert (folder / "SHA256SUMS").stat().st_mtime_ns == before


@pytest.mark.fault("S16")
def test_a_version_never_changes(tmp_path: Path) -> None:
    """Other content under the same version is refused, naming the files, and the old one stays."""
    folder = write_release(content(), tmp_path / "r")
    before = contents(folder)
    with pytest.raises(ReleaseError, match=r"2026\.1 is there already with other content: .*observations\.csv"):
        write_release(content(observations=observations({"obs_value": 17750, "obs_high": 17750})), folder)
    assert contents(folder) == before


def test_a_new_version_replaces_the_old_one(tmp_path: Path) -> None:
    """The folder holds the newer release, whole."""
    write_release(content(), tmp_path / "r")
    write_release(content(version="2026.2"), tmp_path / "r")
    release = open_release(tmp_path / "r")
    release.verify()
    assert release.version == "2026.2"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """A user's own file is never swept away."""
    folder = write_release(content(), tmp_path / "r")
    (folder / "thesis.docx").write_text("years of work")
    with pytest.raises(ReleaseError, match=r"no part of a release: thesis\.docx"):
        write_release(content(version="2026.2"), folder)
    assert (folder / "thesis.docx").read_text() == "years of work"


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    """A folder made beforehand is fine."""
    (tmp_path / "r").mkdir()
    open_release(write_release(content(), tmp_path / "r")).verify()


def test_a_link_to_a_release_stays_a_link(tmp_path: Path) -> None:
    """What it points at is replaced."""
    write_release(content(), tmp_path / "r")
    (tmp_path / "latest").symlink_to("r")
    write_release(content(version="2026.2"), tmp_path / "latest")
    assert (tmp_path / "latest").is_symlink()
    assert open_release(tmp_path / "r").version == "2026.2"


BROKEN = {
    "a schema": (content(observations=observations({"obs_low": 20000})), SchemaViolationError),
    "verdicts of other figures": (content(reconciliation=reconciliation([verdict("F1")])), ReleaseError),
    "a figure given twice": (content(figures=pd.DataFrame({"figure": ["F1", "F1"]})), SchemaViolationError),
    "provenance that overrules the release": (content(provenance={"version": "9"}), ReleaseError),
    "a definition JSON has no word for": (content(definitions={"a": {1, 2}}), ReleaseError),
    "a number JSON has no word for": (content(definitions={"a": float("nan")}), ReleaseError),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_any_fault_leaves_the_previous_release_untouched(fault: str, tmp_path: Path) -> None:
    """Whatever is wrong with the content, the folder keeps what it had and no leftovers lie beside it."""
    folder = write_release(content(version="2025.4"), tmp_path / "r")
    before = contents(folder)
    broken, kind = BROKEN[fault]
    with pytest.raises(kind):
        write_release(broken, folder)
    assert contents(folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"r", ".r.lock"}


@pytest.mark.fault("E12")
@pytest.mark.parametrize("field", ["licence", "retrieved", "title", "publisher", "path"])
def test_a_source_that_cannot_be_cited_fails_the_build(field: str, tmp_path: Path) -> None:
    """Licence, day of retrieval and citation are needed for each source."""
    sources = [SOURCES[0], SOURCES[1] | {field: ""}]
    with pytest.raises(ReleaseError, match=f"SCB:TAB3200: no {field}"):
        write_release(content(sources=sources), tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.fault("E12")
def test_all_faults_of_all_sources_are_told_at_once(tmp_path: Path) -> None:
    """Nobody has to build five times to find five faults."""
    sources = [SOURCES[0] | {"licence": "", "retrieved": None}, SOURCES[1] | {"retrieved": "last week"}]
    with pytest.raises(ReleaseError) as caught:
        write_release(content(sources=sources), tmp_path / "r")
    assert "SSB:03321: no licence, no retrieved" in str(caught.value)
    assert "SCB:TAB3200: retrieved 'last week' is no ISO 8601 date" in str(caught.value)


@pytest.mark.fault("E12")
def test_a_release_without_any_source_is_refused(tmp_path: Path) -> None:
    """Numbers come from somewhere."""
    with pytest.raises(ReleaseError, match="no source is given at all"):
        write_release(content(sources=[]), tmp_path / "r")


def test_two_sources_may_not_share_an_id(tmp_path: Path) -> None:
    """The last one does not win."""
    with pytest.raises(ReleaseError, match="SSB:03321: given twice"):
        write_release(content(sources=[SOURCES[0], SOURCES[0] | {"title": "Another"}]), tmp_path / "r")


@pytest.mark.fault("S07")
def test_a_release_is_written_by_one_run_at_a_time(tmp_path: Path) -> None:
    """A second run ends with exit code 5 and writes nothing."""
    with FileLock(tmp_path / ".r.lock"), pytest.raises(LockHeldError) as caught:
        write_release(content(), tmp_path / "r")
    assert caught.value.exit_code == 5
    assert not (tmp_path / "r").exists()


@pytest.mark.fault("S04")
def test_leftovers_of_a_killed_run_are_cleared(tmp_path: Path) -> None:
    """What a killed run left beside the release is gone after the next one, and was never read."""
    (tmp_path / ".r.building").mkdir()
    (tmp_path / ".r.building" / "observations.csv.part").write_text("half")
    assert contents(write_release(content(), tmp_path / "r")).keys() == FILES
    assert {path.name for path in tmp_path.iterdir()} == {"r", ".r.lock"}


@pytest.mark.fault("S01")
def test_a_run_that_died_between_two_renames_is_repaired(tmp_path: Path) -> None:
    """Where a system cannot exchange folders in one step, the old one comes back when it is next opened."""
    write_release(content(), tmp_path / "r").rename(tmp_path / ".r.before")
    open_release(tmp_path / "r").verify()


def test_a_version_moved_aside_by_a_dead_run_still_never_changes(tmp_path: Path) -> None:
    """It is brought back before anything is written, and counts."""
    write_release(content(), tmp_path / "r").rename(tmp_path / ".r.before")
    with pytest.raises(ReleaseError, match="is there already with other content"):
        write_release(content(definitions={}), tmp_path / "r")
    assert open_release(tmp_path / "r").definitions == content().definitions


def test_a_system_that_cannot_exchange_folders_renames_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new release is in place, and the old one gone, there too."""
    write_release(content(), tmp_path / "r")
    monkeypatch.setattr(sys, "platform", "darwin")
    write_release(content(version="2026.2"), tmp_path / "r")
    assert open_release(tmp_path / "r").version == "2026.2"
    assert {path.name for path in tmp_path.iterdir()} == {"r", ".r.lock"}


@pytest.mark.fault("S01")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows forks no process")
@pytest.mark.parametrize("platform", [sys.platform, pytest.param("darwin", marks=pytest.mark.slow)])
def test_kill_9_at_any_time_leaves_the_old_release_or_the_new_one(tmp_path: Path, platform: str) -> None:
    """A build over a release, killed before every third thing it does to a file: what lies there is always whole."""
    command = [sys.executable, KILLED, tmp_path / "r", platform]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    *killed, last = told.splitlines()
    assert last == "0 2.0"
    assert len(killed) > 20
    assert set(killed) <= {"-9 1.0", "-9 2.0"}


@pytest.mark.fault("S02")
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_fills_up_leaves_the_old_release(tmp_path: Path) -> None:
    """The error names the file, nothing is left behind, and the old release is whole."""
    folder = write_release(content(version="2025.4"), tmp_path / "r")
    limit = "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
    limit += f"sys.argv = ['build', {str(folder)!r}]; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    ended = subprocess.run([sys.executable, "-c", limit], capture_output=True, text=True, check=False)
    assert "ReleaseError" in ended.stderr
    assert f"{folder}: cannot be written" in ended.stderr
    assert "File too large" in ended.stderr
    assert "bytes left" in ended.stderr
    assert open_release(folder).version == "2025.4"
    assert list(fixity.damaged(folder)) == []
    assert {path.name for path in tmp_path.iterdir()} == {"r", ".r.lock"}


def test_a_release_may_be_empty(tmp_path: Path) -> None:
    """No observation, no figure: still a release that can be verified."""
    empty: ReleaseContent = content(
        observations=observations().head(0),
        verdicts=[],
        reconciliation=reconciliation([]),
        figures=pd.DataFrame({"figure": pd.Series([], dtype="str")}),
    )
    open_release(write_release(empty, tmp_path / "r")).verify()
