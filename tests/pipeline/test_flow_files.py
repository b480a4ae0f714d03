"""Files of flows into a folder: which version each is in, and all of them or none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import nordstat as ns
from nordstat.errors import LockHeldError, NordstatError, ReleaseError, SettingsError, UnknownCodeError
from nordstat.mapping.check import Mappings
from nordstat.pipeline.build import content
from nordstat.pipeline.executors import executor_of
from nordstat.release.place import building
from nordstat.release.write import write_release
from pipeline.conftest import At
from pipeline.flow_samples import flows, sums, written
from pipeline.served import commuters, limits
from pipeline.served import flows as served_flows
from pxweb_server import PxWebServer

UNITS = "NO-STABLE:2018-2024"


def test_each_file_is_taken_for_the_version_its_codes_are_in(tmp_path: Path) -> None:
    """Files of two versions go into the same units, and nothing is lost."""
    for period, version in (("2018", "2018"), ("2022", "2022")):
        flows(period, version=version).to_parquet(tmp_path / f"{period}.parquet")
    found = ns.convert_files(
        [tmp_path / "2018.parquet", tmp_path / "2022.parquet"], tmp_path / "out", to=UNITS, over=["sex"]
    )

    assert found["file"].tolist() == ["2018.parquet", "2022.parquet"]
    assert found["total_out"].tolist() == found["total_in"].tolist()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["2018.parquet", "2022.parquet"]


def test_codes_that_fit_several_versions_are_not_guessed(tmp_path: Path) -> None:
    """Stavanger alone may be the one before 2020 or the larger one after: the version must be said."""
    row = {"residence_area": ["1103"], "work_area": ["1103"], "time_period": ["2019"], "obs_value": [1.0]}
    pd.DataFrame(row).to_parquet(tmp_path / "a.parquet")

    with pytest.raises(SettingsError, match=r"a\.parquet: the codes .* fit NO-KOMMUNE:2017"):
        ns.convert_files([tmp_path / "a.parquet"], tmp_path / "out", to="NO-KOMMUNE:2024")
    told = ns.convert_files([tmp_path / "a.parquet"], tmp_path / "out", to="NO-KOMMUNE:2024", source="NO-KOMMUNE:2024")
    assert told["total_out"].tolist() == [1.0]


def test_codes_of_several_versions_that_end_alike_are_no_question(tmp_path: Path) -> None:
    """Oslo is Oslo in every version: nothing need be said."""
    row = {"residence_area": ["0301"], "work_area": ["0301"], "time_period": ["2019"], "obs_value": [1.0]}
    pd.DataFrame(row).to_parquet(tmp_path / "a.parquet")

    assert len(ns.convert_files([tmp_path / "a.parquet"], tmp_path / "out", to="NO-KOMMUNE:2024")) == 1


def test_ends_may_go_to_different_classifications(tmp_path: Path) -> None:
    """The Swedish end goes from municipalities to counties, the Norwegian one through the reforms."""
    row = {"residence_area": ["1785"], "work_area": ["0101"], "time_period": ["2018"], "obs_value": [5.0]}
    pd.DataFrame(row).to_parquet(tmp_path / "a.parquet")
    versions = {"residence_area": "SE-LAN:2007", "work_area": "NO-KOMMUNE:2024"}
    ns.convert_files([tmp_path / "a.parquet"], tmp_path / "out", to=versions, source={"work_area": "NO-KOMMUNE:2018"})

    found = pd.read_parquet(tmp_path / "out" / "a.parquet")
    assert found[["residence_area", "work_area"]].values.tolist() == [["17", "3101"]]


def test_one_file_at_fault_leaves_no_folder(tmp_path: Path) -> None:
    """Where a file cannot be converted, none is published and nothing is left beside the place."""
    files = written(tmp_path / "in", ["2018"], rows=2_000)
    row = {"residence_area": ["9998"], "work_area": ["0301"], "time_period": ["2018"], "obs_value": [1.0]}
    pd.DataFrame(row).to_parquet(tmp_path / "in" / "wrong.parquet")

    with pytest.raises(UnknownCodeError, match="9998"):
        ns.convert_files([*files, tmp_path / "in" / "wrong.parquet"], tmp_path / "out", to=UNITS, sparse=True)
    with pytest.raises(UnknownCodeError, match="9998"):
        ns.convert_files(
            [*files, tmp_path / "in" / "wrong.parquet"], tmp_path / "out", to=UNITS, source="NO-KOMMUNE:2018"
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.lock", "in"]


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"files": []}, SettingsError, "no file"),
        ({"to": {}}, SettingsError, "no column"),
        ({"to": "NO-STABLE"}, NordstatError, "NO-STABLE"),
        ({"to": "NO-STABLE:1999"}, UnknownCodeError, "NO-STABLE:1999"),
        ({"to": {"home": UNITS}}, SettingsError, "home"),
        ({"source": "NO-KOMMUNE:1999"}, UnknownCodeError, "NO-KOMMUNE:1999"),
        ({"source": "SE-KOMMUN:2007"}, UnknownCodeError, "nothing leads from SE-KOMMUN:2007"),
        ({"executor": "threads:2"}, SettingsError, "no executor"),
        ({"files": ["not-there.parquet"]}, NordstatError, "cannot be read"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, change: dict[str, object], kind: type[NordstatError], words: str
) -> None:
    """Every argument that fits nothing is refused in words, and nothing is written."""
    files = written(tmp_path / "in", ["2018"], rows=2_000)
    asked: dict[str, object] = {"files": files, "out": tmp_path / "out", "to": UNITS}

    with pytest.raises(kind, match=words):
        ns.convert_files(**asked | change)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_not_replaced(tmp_path: Path) -> None:
    """Nothing of anybody is overwritten."""
    files = written(tmp_path / "in", ["2018"], rows=2_000)
    for place in (tmp_path / "in", files[0]):
        with pytest.raises(SettingsError, match="there is something already"):
            ns.convert_files(files, place, to=UNITS)
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["2018.parquet"]


def test_two_runs_do_not_write_one_folder(tmp_path: Path) -> None:
    """While one run builds a folder, another is told so."""
    files = written(tmp_path / "in", ["2018"], rows=2_000)
    with building(tmp_path / "out"), pytest.raises(LockHeldError):
        ns.convert_files(files, tmp_path / "out", to=UNITS)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where a folder is needed above the place is an error of the tree."""
    files = written(tmp_path / "in", ["2018"], rows=2_000)
    with pytest.raises(ReleaseError, match="cannot be written"):
        ns.convert_files(files, files[0] / "out", to=UNITS)


def test_tables_in_the_store_are_read_in_processes_too(at: At, few: Mappings, tmp_path: Path) -> None:
    """A release is the same, byte for byte, wherever the tables in the store were read."""
    with PxWebServer([served_flows(), commuters()], limits=limits(20)) as server:
        desk = at(server)
        desk.fetch()
        desk.fetch("SSB:11616")
    for where in ("serial", "processes:2"):
        with executor_of(where) as executor:
            built = content(few, version="1.0", store=desk.store, executor=executor)
        write_release(built, tmp_path / where.partition(":")[0])

    assert len(built.observations) > len(content(few).observations)
    assert sums(tmp_path / "serial") == sums(tmp_path / "processes")
