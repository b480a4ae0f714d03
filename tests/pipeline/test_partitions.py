"""Partitions: from file to file, with nothing lost, and the same bytes in one process and in several."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nordstat.errors import (
    AmbiguousCorrespondenceError,
    DecodeError,
    NordstatError,
    ReconciliationError,
    SchemaViolationError,
    SettingsError,
    UnknownCodeError,
)
from nordstat.harmonise.areas import convert
from nordstat.pipeline import bringing, errand, fetch, offices
from nordstat.pipeline.executors import executor_of
from nordstat.pipeline.partitions import ENDS, Converted, Partition, convert_all, convert_partition, sheet, summed
from pipeline.flow_samples import correspondences, flows, into_stable, sums, tasks, written

KEY = [*ENDS, "time_period"]
Made = Callable[..., Converted]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Flows of six periods."""
    return written(tmp_path_factory.mktemp("flows"), [f"20{period:02}" for period in range(6)])


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Converts a frame through files."""

    def make(frame: pd.DataFrame, *, over: tuple[str, ...] = (), sparse: bool = True, **ways: str) -> Converted:
        frame.to_parquet(tmp_path / "in.parquet")
        ends = tuple(((name,), correspondences().find(*version.split(" -> "))) for name, version in ways.items()) or (
            (ENDS, into_stable()),
        )
        return convert_partition(
            Partition(tmp_path / "in.parquet", tmp_path / "out.parquet", ends, over=over, sparse=sparse)
        )

    return make


def row(residence: str, work: str, value: float | None, **more: object) -> dict[str, object]:
    return {"residence_area": residence, "work_area": work, "time_period": "2018", "obs_value": value, **more}


def test_a_file_becomes_what_its_frame_becomes(made: Made) -> None:
    """What is written is the conversion of the frame, in the order of its keys."""
    frame = flows("2018")
    done = made(frame)
    expected = convert(frame, list(ENDS), into_stable(), measures="obs_value").frame
    expected = expected.astype(dict.fromkeys((*KEY, "sex", "mapping_status"), str))

    pd.testing.assert_frame_equal(
        pd.read_parquet(done.target), expected.sort_values([*KEY, "sex"], ignore_index=True), check_dtype=False
    )
    assert (done.rows_in, done.rows_out) == (len(frame), len(expected))


def test_processes_give_the_same_bytes(sources: list[Path], tmp_path: Path) -> None:
    """Two processes write the same files as one, and tell the same of them in the same order."""
    told = {}
    for where in ("serial", "processes:2"):
        with executor_of(where) as executor:
            folder = tmp_path / where.partition(":")[0]
            told[folder] = convert_all(tasks(sources, folder), executor)
    (one, first), (two, second) = told.items()

    assert len(sums(one)) == len(sources)
    assert sums(one) == sums(two)
    pd.testing.assert_frame_equal(sheet(first), sheet(second))
    pd.testing.assert_frame_equal(summed(first), summed(second))


def test_nothing_is_lost_over_all_partitions(sources: list[Path], tmp_path: Path) -> None:
    """The counts that go in come out, in the sheet, in the files and in their sums."""
    with executor_of("serial") as executor:
        done = convert_all(tasks(sources, tmp_path), executor)
    frames = [pd.read_parquet(source) for source in sources]
    before = [frame.loc[frame["sex"] == "T", "obs_value"].sum() for frame in frames]

    assert sheet(done)["total_in"].tolist() == before
    assert sheet(done)["total_out"].tolist() == pytest.approx(before)
    assert summed(done, ["time_period"])["obs_value"].tolist() == pytest.approx(before)


def test_ends_of_two_countries_go_their_own_ways(made: Made) -> None:
    """Residence in Sweden goes to counties, work in Norway to units, and the balance spans both steps."""
    frame = pd.DataFrame([row("1785", "0101", 5.0), row("1784", "0105", 7.0), row("1784", "0101", 2.0)])
    done = made(
        frame,
        residence_area="SE-KOMMUN:2007 -> SE-LAN:2007",
        work_area="NO-KOMMUNE:2018 -> NO-KOMMUNE:2024",
    )

    found = pd.read_parquet(done.target).set_index(list(ENDS))["obs_value"]
    assert found.to_dict() == {("17", "3101"): 7.0, ("17", "3105"): 7.0}
    (balance,) = done.balance
    assert (balance.total_in, balance.total_out, balance.difference) == (14.0, 14.0, 0.0)


def test_what_is_withheld_on_the_way_is_in_the_balance(made: Made) -> None:
    """A unit of which a part is not in the file is left empty, and the sheet says how much went into it."""
    frame = pd.DataFrame([row("0101", "0104", 20.0), row("0101", "0101", 4.0)])
    done = made(frame, sparse=False, work_area="NO-KOMMUNE:2018 -> NO-KOMMUNE:2024")

    assert sheet([done])[["total_in", "total_out", "withheld"]].values.tolist() == [[24.0, 4.0, 20.0]]
    assert pd.read_parquet(done.target).set_index("work_area")["obs_value"].isna().to_dict() == {
        "3101": False,
        "3103": True,
    }


def test_intervals_go_with_the_counts(made: Made) -> None:
    """Ends are added up as the numbers are, through the files and through their sums."""
    frame = pd.DataFrame(
        [
            row("0101", "0104", 3.0, obs_low=1.0, obs_high=3.0),
            row("0101", "0136", 0.0, obs_low=0.0, obs_high=2.0),
            row("0104", "0104", None, obs_low=4.0, obs_high=None),
        ]
    )
    done = made(frame)
    total = summed([done])

    assert total[["obs_low", "obs_high"]].to_numpy(dtype=float, na_value=np.nan)[0].tolist() == [
        5.0,
        pytest.approx(np.nan, nan_ok=True),
    ]
    assert total["obs_value"].isna().all()


def test_totals_are_checked_and_taken(made: Made) -> None:
    """Over a column with totals, these are taken, their parts not counted again."""
    frame = pd.DataFrame([row("0101", "0101", value, sex=sex) for sex, value in (("M", 2.0), ("F", 3.0), ("T", 5.0))])
    done = made(frame, over=("sex",))

    assert pd.read_parquet(done.target)["obs_value"].tolist() == [5.0]
    assert (done.totals, done.unsure) == (1, 0)


def test_parts_without_totals_are_added_up(made: Made) -> None:
    """Over a column without totals, its parts are added, and so beside a column that has some."""
    frame = pd.DataFrame(
        [
            row("0101", "0101", value, sex=sex, occupation=occupation)
            for occupation in ("ISCO:1", "ISCO:2")
            for sex, value in (("M", 2.0), ("F", 3.0), ("T", 5.0))
        ]
    )
    done = made(frame, over=("occupation", "sex"))

    assert pd.read_parquet(done.target)["obs_value"].tolist() == [10.0]
    assert done.totals == 2


def test_totals_that_cannot_hold_stop_the_work(made: Made) -> None:
    """A total that its parts cannot add up to is refused with its key, unless the ends of the numbers allow it."""
    frame = pd.DataFrame([row("0101", "0101", value, sex=sex) for sex, value in (("M", 3.0), ("F", 3.0), ("T", 5.0))])

    with pytest.raises(ReconciliationError, match=r"in\.parquet: 1 totals of sex .* is 5 beside \[6, 6\]"):
        made(frame, over=("sex",))
    ends = frame.assign(obs_low=[1.0, 1.0, 5.0], obs_high=[3.0, 3.0, 5.0])
    assert pd.read_parquet(made(ends, over=("sex",)).target)["obs_value"].tolist() == [5.0]


def test_parts_beside_others_totals_are_not_dropped(made: Made) -> None:
    """Where some cells have a total and one has parts alone, taking the totals would lose it: refused."""
    rows = [row("0101", "0101", value, sex=sex) for sex, value in (("M", 2.0), ("F", 3.0), ("T", 5.0))]
    frame = pd.DataFrame([*rows, row("0101", "0104", 9.0, sex="M")])

    with pytest.raises(ReconciliationError, match="1 cells have parts by sex and no total"):
        made(frame, over=("sex",))


def test_an_assumed_share_is_used_only_when_it_is_allowed(made: Made) -> None:
    """What holds for a frame holds for a file: assumed shares raise, with the file's name."""
    with pytest.raises(AmbiguousCorrespondenceError, match=r"in\.parquet: .*assumed"):
        made(pd.DataFrame([row("1850", "0101", 1.0)]), residence_area="NO-KOMMUNE:2018 -> NO-KOMMUNE:2024")


def test_words_and_counts_are_read_whatever_wrote_them(made: Made, tmp_path: Path) -> None:
    """Counts as whole numbers, words as categories: the same file comes out."""
    plain = flows("2018", rows=2_000)
    one = made(plain).target.read_bytes()
    two = made(plain.astype({"obs_value": "Int32", "sex": "category", "work_area": "string"})).target.read_bytes()

    assert one == two


@pytest.mark.fault("V05")
@pytest.mark.parametrize("work", ["convert", "build"])
def test_only_transforming_fans_out(work: str, tmp_path: Path) -> None:
    """What fans out calls nobody: a process that may not connect does it all the same."""
    source = written(tmp_path, ["2018"], rows=2_000)[0]
    convert = ["convert", str(source), "--to", "NO-STABLE:2018-2024", "--from", "NO-KOMMUNE:2018"]
    command = convert if work == "convert" else ["build"]
    out = ["--out", str(tmp_path / "out")] if work == "convert" else [str(tmp_path / "out")]
    program = """
import sys
def refuse(event, _):
    if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:  # urllib3 tries a bind when it is imported
        raise SystemExit(f"a socket: {event}")
sys.addaudithook(refuse)
from nordstat.cli import main
main()
"""
    subprocess.run([sys.executable, "-c", program, *command, *out], check=True, capture_output=True, text=True)
    assert any((tmp_path / "out").iterdir())


@pytest.mark.fault("V05")
def test_nothing_that_fetches_takes_an_executor() -> None:
    """No function of the fetch, and no class of its order, takes an executor."""
    for module in (errand, fetch, bringing, offices):
        named = [name for name, thing in inspect.getmembers(module, callable) if "executor" in _parameters(thing)]
        assert named == [], module


def _parameters(thing: object) -> set[str]:
    try:
        own = inspect.signature(thing).parameters if thing.__module__.startswith("nordstat.pipeline") else {}  # type: ignore[attr-defined,arg-type]
    except (ValueError, AttributeError):
        return set()
    return set(own)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "processes",
        "processes:0",
        "processes:" + "9" * 5000,
        "processes:two",
        "processes:²",
        "dask",
        "dask:",
        "dask:here",
        "serial:2",
        "spark:local",
    ],
)
def test_executor_that_is_none_is_refused(text: str) -> None:
    """Another word is refused with the forms there are."""
    with pytest.raises(SettingsError, match="no executor"), executor_of(text):
        pass


@pytest.mark.parametrize("where", ["serial", "processes:1"])
def test_fault_of_a_partition_reaches_the_caller(tmp_path: Path, where: str) -> None:
    """A code that does not belong to the version stops with the library's own error, whole, through a process too."""
    pd.DataFrame([row("9998", "0301", 1.0)]).to_parquet(tmp_path / "flows.parquet")

    with executor_of(where) as executor, pytest.raises(UnknownCodeError, match="9998") as caught:
        convert_all(tasks([tmp_path / "flows.parquet"], tmp_path / "out", over=()), executor)
    assert caught.value.codes == ("9998",)
    assert caught.value.where.startswith(str(tmp_path / "flows.parquet"))
    assert not (tmp_path / "out").exists()


def test_all_partitions_at_fault_are_told_at_once(tmp_path: Path) -> None:
    """Of several files at fault each is named, and the sound one is done."""
    sound = written(tmp_path, ["2018"], rows=2_000)
    for name in ("a", "b"):
        pd.DataFrame([row(f"999{name}", "0301", 1.0)]).to_parquet(tmp_path / f"{name}.parquet")
    files = [tmp_path / "a.parquet", *sound, tmp_path / "b.parquet"]

    with executor_of("serial") as executor, pytest.raises(NordstatError, match="2 of 3") as caught:
        convert_all(tasks(files, tmp_path / "out", over=()), executor)
    assert "999a" in str(caught.value)
    assert "999b" in str(caught.value)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2018.parquet"]


@pytest.mark.parametrize(
    ("frame", "kind", "words"),
    [
        (None, DecodeError, "cannot be read as Parquet"),
        (pd.DataFrame([row("0101", "0101", 1.0)]).drop(columns="obs_value"), SchemaViolationError, "obs_value"),
        (pd.DataFrame([row("0101", "0101", -1.0)]), SchemaViolationError, "below zero"),
        (pd.DataFrame([row("0101", "0101", 1.0)]).drop(columns="work_area"), UnknownCodeError, "work_area"),
    ],
)
def test_a_file_that_is_none_of_flows_is_named(
    tmp_path: Path, frame: pd.DataFrame | None, kind: type[NordstatError], words: str
) -> None:
    """What cannot be read or lacks a column is refused with the file's name."""
    path = tmp_path / "in.parquet"
    if frame is None:
        path.write_bytes(b"no Parquet")
    else:
        frame.to_parquet(path)
    with pytest.raises(kind, match=words) as caught:
        convert_partition(tasks([path], tmp_path / "out", over=())[0])
    assert str(path) in str(caught.value)


def test_a_column_that_is_not_there_cannot_be_added_up_over(made: Made) -> None:
    """A misspelt column to add up over is refused."""
    with pytest.raises(SettingsError, match="colour"):
        made(pd.DataFrame([row("0101", "0101", 1.0)]), over=("colour",))


def test_two_partitions_do_not_write_one_file(sources: list[Path], tmp_path: Path) -> None:
    """The last one would win; nothing is written."""
    twice = tasks([sources[0], sources[0]], tmp_path / "out")
    with executor_of("serial") as executor, pytest.raises(SettingsError, match="more than one file"):
        convert_all(twice, executor)
    assert not (tmp_path / "out").exists()


def test_workers_that_were_lost_are_told_in_words(tmp_path: Path) -> None:
    """A process that dies takes the pool with it: an error of the tree says so."""
    from nordstat.pipeline.executors import results

    with executor_of("processes:1") as executor, pytest.raises(NordstatError, match="gave no result"):
        results([executor.submit(_die)])


def _die() -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
