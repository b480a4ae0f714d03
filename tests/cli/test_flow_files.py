"""The command that converts files of flows."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from nordstat.cli import main

ROW = {"residence_area": ["1785"], "work_area": ["0101"], "time_period": ["2018"], "obs_value": [5.0]}


def run(*arguments: str) -> tuple[int, str, str]:
    ended = CliRunner().invoke(main, list(arguments))
    return ended.exit_code, ended.stdout, ended.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flows.parquet"
    pd.DataFrame(ROW).to_parquet(path)
    return path


def test_convert_prints_the_balance(file: Path, tmp_path: Path) -> None:
    """The balance of each file comes out, as a table or as JSON."""
    ends = ["--to", "residence_area=SE-LAN:2007", "--to", "work_area=NO-STABLE:2018-2024", "--sparse"]
    code, table, _ = run("convert", str(file), *ends, "--out", str(tmp_path / "one"))
    again, printed, _ = run("convert", str(file), *ends, "--out", str(tmp_path / "two"), "--json")

    assert (code, again) == (0, 0)
    assert table.split()[:2] == ["file", "time_period"]
    assert [(row["file"], row["total_in"], row["total_out"]) for row in json.loads(printed)] == [
        ("flows.parquet", 5.0, 5.0)
    ]


@pytest.mark.parametrize(
    "versions",
    [
        ["--to", "NO-STABLE:2018-2024", "--to", "work_area=NO-KOMMUNE:2024"],
        ["--to", "work_area=NO-KOMMUNE:2024", "--to", "work_area=NO-KOMMUNE:2023"],
        ["--to", "=NO-KOMMUNE:2024", "--to", "NO-KOMMUNE:2024"],
        ["--to", "NO-KOMMUNE:2024", "--from", "a=x:1", "--from", "a=x:1"],
        [],
    ],
)
def test_versions_that_contradict_each_other_are_refused(file: Path, tmp_path: Path, versions: list[str]) -> None:
    """A column named twice, a version for both ends beside one for a column, or none: exit code 2."""
    assert run("convert", str(file), *versions, "--out", str(tmp_path / "out"))[0] == 2
    assert not (tmp_path / "out").exists()


def test_data_at_fault_end_with_one(file: Path, tmp_path: Path) -> None:
    """A Swedish code at the Norwegian end ends with exit code 1, the file named, and nothing written."""
    code, printed, said = run("convert", str(file), "--to", "NO-STABLE:2018-2024", "--out", str(tmp_path / "out"))

    assert (code, printed) == (1, "")
    assert "1785" in said
    assert not (tmp_path / "out").exists()


def test_another_executor_is_refused(file: Path, tmp_path: Path) -> None:
    """An executor that is none is a fault of usage, in every command that takes one."""
    for command in (["convert", str(file), "--to", "NO-STABLE:2018-2024", "--out"], ["build"]):
        code, _, said = run(*command, str(tmp_path / "out"), "--executor", "spark")
        assert code == 2
        assert "serial, processes:N or dask:HOST:PORT" in said


@pytest.mark.parametrize("command", sorted(main.commands))
def test_help_shows_no_mark_up(command: str) -> None:
    """What click reads as a mark is not shown to the reader."""
    code, shown, _ = run(command, "--help")

    assert code == 0
    assert "\\b" not in shown
    assert "\b" not in shown
