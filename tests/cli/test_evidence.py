"""The commands that need no network, run as a user runs them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nordstat.cli import main


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "nordstat", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def sums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_founding_figures_come_with_value_interval_evidence_verdict_and_sentence() -> None:
    """The group varmland-seed shows its three figures with everything that stands behind the verdict."""
    shown = CliRunner().invoke(main, ["reconcile", "varmland-seed"]).stdout

    for words in ("F281", "F282", "F283", "[16,500, 17,500]", "best evidence", "not_comparable", "inconsistent"):
        assert words in shown
    assert "[150,943, 176,471]" in " ".join(shown.split())


def test_json_has_one_entry_a_figure_and_nothing_else_on_stdout() -> None:
    """``reconcile --json`` is a list of entries with the fields of the design."""
    entries = json.loads(run("reconcile", "--json").stdout)

    assert len(entries) == 241
    for entry in entries:
        assert set(entry) == {
            "figure",
            "interval",
            "verdict",
            "sentence",
            "sentence_sv",
            "sentence_nb",
            "evidence",
            "facets_differing",
        }
        assert len(entry["interval"]) == 2


def test_open_end_is_null_in_json() -> None:
    """An open end is null, never infinity."""
    [entry] = json.loads(CliRunner().invoke(main, ["reconcile", "F036", "--json"]).stdout)

    assert entry["interval"] == [10.0, None]


@pytest.mark.fault("E07")
def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """Another folder, hash seed, time zone, language and working directory change no byte."""
    one = run("build", str(tmp_path / "one"), PYTHONHASHSEED="1", TZ="UTC", LANG="C")
    two = run("build", str(tmp_path / "two"), PYTHONHASHSEED="2", TZ="Asia/Kathmandu", LANG="sv_SE.UTF-8")

    assert (one.returncode, two.returncode) == (0, 0), one.stderr + two.stderr
    assert sums(tmp_path / "one") == sums(tmp_path / "two")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"figure_id,definition\nX1,nordic-mainjob\n", "own.csv:1: missing column"),
        (b"", "own.csv: the file is empty"),
        (b"x" * 10_000_000, "a line of 10,000,000 bytes"),
    ],
    ids=["missing column", "empty", "10 MB line"],
)
def test_bad_input_ends_with_1_its_place_and_the_old_release(tmp_path: Path, content: bytes, words: str) -> None:
    """A broken own folder ends with exit 1, file and line; the release that was there stays as it was."""
    release, own = tmp_path / "release", tmp_path / "own"
    assert CliRunner().invoke(main, ["build", str(release)]).exit_code == 0
    before = sums(release)
    (own / "figures").mkdir(parents=True)
    (own / "figures" / "own.csv").write_bytes(content)

    broken = CliRunner().invoke(main, ["build", str(release), "--mappings", str(own)])

    assert broken.exit_code == 1
    assert words in broken.stderr
    assert "Traceback" not in broken.stderr
    assert before == sums(release)
    assert {path.name for path in tmp_path.iterdir()} - {".release.lock"} == {"own", "release"}


@pytest.mark.fault("R06")
def test_gate_ends_with_1_and_names_the_figures() -> None:
    """With a gate a verdict decides the exit code; without one it does not."""
    gated = CliRunner().invoke(main, ["reconcile", "varmland-seed", "--gate", "inconsistent"])

    assert gated.exit_code == 1
    assert "F282, F283" in gated.stderr
    assert CliRunner().invoke(main, ["reconcile", "varmland-seed"]).exit_code == 0


def test_check_finds_nothing_in_the_shipped_mappings() -> None:
    """The shipped mappings pass their own check."""
    checked = CliRunner().invoke(main, ["check", "mappings"])

    assert checked.exit_code == 0, checked.stderr


def test_check_of_a_broken_folder_shows_file_and_line() -> None:
    """A broken folder given to ``check`` ends with 1 and shows where."""
    broken = Path(__file__).parents[1] / "mapping" / "broken" / "figure-unknown-phrase"

    checked = CliRunner().invoke(main, ["check", str(broken)])

    assert checked.exit_code == 1
    assert "own.csv:2" in checked.stderr


@pytest.mark.parametrize(
    "arguments", [["reconcile", "F999"], ["tables", "--source", "DST"], ["build", "x", "-m", "no"]]
)
def test_usage_fault_ends_with_2_and_no_traceback(arguments: list[str]) -> None:
    """What cannot be used ends with 2 and says what would do."""
    ended = CliRunner().invoke(main, arguments)

    assert ended.exit_code == 2
    assert "Traceback" not in ended.stderr


def test_debug_shows_the_traceback() -> None:
    """``--debug`` lets the fault through."""
    shown = run("--debug", "reconcile", "F999")

    assert "Traceback" in shown.stderr


def test_help_imports_nothing_heavy() -> None:
    """``nordstat --help`` and ``import nordstat`` load neither pandas nor numpy."""
    heavy = "('pandas', 'numpy', 'pyarrow', 'pandera', 'requests')"
    code = f"import sys, nordstat, nordstat.cli; print([name for name in {heavy} if name in sys.modules])"

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_tables_tell_how_each_is_known() -> None:
    """Every table of an office is listed with how it was verified."""
    rows = json.loads(CliRunner().invoke(main, ["tables", "--source", "SSB", "--json"]).stdout)

    assert {"SSB:03321", "SSB:08070", "SSB:12315"} <= {row["table"] for row in rows}
    assert {"recorded", "documented", "unverified"} >= {row["verified"] for row in rows}
