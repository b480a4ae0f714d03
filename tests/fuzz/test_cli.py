"""Command lines of any kind: an exit code that means something, JSON where it is asked for, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fuzz.effort import effort
from nordstat.cli import main

EXIT_CODES = {0, 1, 2, 3, 4, 5, 130}
# fmt: off
COMMANDS = {
    "tables": ("--source", "--json", "-m"),
    "fetch": ("--offline", "--accept-drift", "--full", "--api", "--json", "-m"),
    "refresh": ("--offline", "--accept-drift", "--full", "--out", "--report", "--table", "-m"),
    "build": ("--version", "--executor", "-m"),
    "reconcile": ("--gate", "--quality", "--json", "-m"),
    "convert": ("--out", "--to", "--from", "--over", "--allow-assumed", "--sparse", "--executor", "--json", "-m"),
    "check": ("-m", "--live"),
    "verify": (),
    "cite": ("--style",),
    "diff": ("--json",),
    "report": ("--out", "--borders", "-m"),
    "doctor": ("--json", "-m", "--live"),
}
VALUES = (
    "", "-", "--", ".", "out", "file", "file/x", "no/such/place", "broken", "mappings", "SCB", "SSB:03321",
    "SSB:", ":", "NORDIC:COMM10", "Tid=2022", "Tid=top(1)", "Tid=", "=", "Tid=top(99999999999999999999)", "Kon=1+2",
    "varmland-seed", "F065", "F000", "inconsistent", "serial", "processes:0", "processes:x", "processes:" + "9" * 5000,
    "dask:x", "dask:", "apa", "bibtex", "cff", "2026.1", "v" * 300, "NO-KOMMUNE:2024", "work_area=NO-KOMMUNE:2024",
    "work_area=", "v1", "v2", "æøå", "\x1b[31m", "a\nb", "\udcff", "'", "0301",
)
# fmt: on


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one's own with a file, an empty folder and a broken layer in it, and no network."""
    for name in ("STORE", "CACHE"):
        monkeypatch.setenv(f"NORDSTAT_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("NORDSTAT_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"\x00 no file of ours")
    (tmp_path / "out").mkdir()
    (tmp_path / "broken" / "figures").mkdir(parents=True)
    (tmp_path / "broken" / "figures" / "own.csv").write_text("figure_id\nF1\n", "utf-8")
    return tmp_path


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its options and arguments, or of another's."""
    command = draw(st.sampled_from(sorted(COMMANDS)))
    others = sorted({option for options in COMMANDS.values() for option in options})
    options = st.sampled_from([*COMMANDS[command]] * 4 + ["--help", "--no-such", draw(st.sampled_from(others))])
    value = st.sampled_from(VALUES) | st.text(max_size=5).filter(lambda text: "/" not in text)
    words = draw(st.lists(st.tuples(options, value) | st.tuples(options) | st.tuples(value), max_size=4))
    return [command, *(word for each in words for word in each)]


@effort(50)
@given(line=command_lines())
def test_any_command_line_ends_with_an_exit_code(line: list[str]) -> None:
    """Whatever is written after the name of the program, it ends with one of its codes and in its own words."""
    judge(line)


@pytest.mark.parametrize("line", [["tables", "--json"], ["reconcile", "F065", "--json"], ["diff", "--json", "-h"]])
def test_lines_that_are_right_end_with_zero(line: list[str]) -> None:
    """The judge sees lines that are right, not only usage errors."""
    assert judge(line) == 0


def judge(line: list[str]) -> int:
    """Run a command line in this process, and give its exit code."""
    done = CliRunner().invoke(main, line)
    assert done.exception is None or isinstance(done.exception, SystemExit), line
    assert done.exit_code in EXIT_CODES, line
    assert "Traceback" not in done.output, line
    if "--json" in line and not {"-h", "--help"} & set(line) and done.exit_code == 0:
        json.loads(done.stdout)
    return done.exit_code
