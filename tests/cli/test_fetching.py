"""fetch, refresh and doctor, run as a user or a scheduler runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nordstat.cli import main
from nordstat.cli.speaking import plain
from nordstat.release.open import open_release
from pipeline.served import SECOND, commuters, environment, flows, limits, served, settings_for
from pxweb_server import Fault, PxWebServer

PLAN = "SSB:03321: 5 x 5 x 1 x 1 = 25 cells in 2 requests, about 1 s\n"


@pytest.fixture
def server() -> Iterator[PxWebServer]:
    with PxWebServer([flows(), commuters()], limits=limits(20)) as running:
        yield running


@pytest.fixture
def told(server: PxWebServer, tmp_path: Path) -> dict[str, str]:
    """The environment that leads to the server."""
    return environment(settings_for(tmp_path, server))


def untimed(stderr: str) -> str:
    """Leave out what the hour adds: the warning that SSB is publishing just now."""
    lines = stderr.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("warning: SSB: SSB "))


def invoke(told: dict[str, str], *arguments: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, arguments, env=told)


def start(told: dict[str, str], *arguments: str, **more: object) -> subprocess.Popen[str]:
    """Start the command line in a process of its own."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    command = [sys.executable, "-m", "nordstat", *arguments]
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
    encoding = told.get("PYTHONIOENCODING", "utf-8")
    return subprocess.Popen(command, text=True, encoding=encoding, env={**kept, **told}, **pipes)  # type: ignore[call-overload,no-any-return]


def heed() -> None:
    """Let a new process heed Ctrl-C, which one that runs tests in the background may pass on as a signal to ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_fetch_tells_the_plan_and_what_was_stored(server: PxWebServer, told: dict[str, str]) -> None:
    """One plan line on stderr; on stdout the outcome and every answer kept, with its checksum."""
    shown = invoke(told, "fetch", "SSB:03321", "Tid=2022")
    lines = shown.stdout.splitlines()

    assert shown.exit_code == 0
    assert untimed(shown.stderr) == PLAN
    assert lines[0] == "SSB:03321 new: 25 cells, updated 2026-03-01T07:00:00Z"
    assert [line[:8] for line in lines[1:]] == ["  stored"] * 4


def test_build_takes_what_was_fetched(told: dict[str, str], tmp_path: Path) -> None:
    """What a fetch stored stands in the next release, offline, with the snapshot it came from."""
    invoke(told, "fetch", "SSB:03321", "Tid=2022")

    assert invoke({**told, "NORDSTAT_OFFLINE": "1"}, "build", str(tmp_path / "release")).exit_code == 0

    rows = open_release(tmp_path / "release").observations
    fetched = rows[rows["source"] == "SSB:03321"]
    assert len(fetched) == 25
    assert fetched["snapshot"].notna().all()


def test_fetch_again_stores_nothing(server: PxWebServer, told: dict[str, str]) -> None:
    """The second time there is no plan, one request, and nothing stored."""
    invoke(told, "fetch", "SSB:03321", "Tid=2022")
    asked = len(server.log)
    shown = invoke(told, "fetch", "SSB:03321", "Tid=2022")

    assert len(server.log) == asked + 1
    assert untimed(shown.stderr) == ""
    assert shown.stdout.splitlines()[1:] == ["  nothing stored"]


def test_fetch_as_json_is_nothing_but_json(told: dict[str, str]) -> None:
    """A script reads the outcome, the cost and the checksums from stdout."""
    found = json.loads(invoke(told, "fetch", "SSB:03321", "Tid=2022", "--json").stdout)

    assert (found["table"], found["outcome"], found["cells"], found["requests"]) == ("SSB:03321", "new", 25, 4)
    assert len(found["stored"]) == 4


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal to look at")
def test_fetch_shows_progress_where_somebody_is_looking(told: dict[str, str]) -> None:
    """On a terminal requests, cells and waiting time move; the bar is gone at the end."""
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 120))
    with start(told, "fetch", "SSB:03321", "Tid=2022", stderr=theirs) as process:
        os.close(theirs)
        shown = ""
        while part := _read(ours):
            shown += part
        process.wait(60)
    os.close(ours)

    assert PLAN.strip() in shown
    assert "2/2" in shown
    assert "25 cells, 0 s waited" in shown


def _read(terminal: int) -> str:
    try:
        return os.read(terminal, 4096).decode()
    except OSError:  # Linux says so when the other side is closed
        return ""


def test_offline_without_a_snapshot_is_exit_code_three(server: PxWebServer, told: dict[str, str]) -> None:
    """``--offline`` says what it would have asked for, and opens no socket."""
    shown = invoke(told, "fetch", "SSB:03321", "Tid=2022", "--offline")

    assert shown.exit_code == 3
    assert "SSB:03321 is not in the store, and the network is switched off" in shown.stderr
    assert server.log == []


def test_a_table_nobody_has_described_says_so(server: PxWebServer, told: dict[str, str]) -> None:
    """Before an unverified table is fetched, how little is known of it is told."""
    dimensions = {"Region": ["00"], "ContentsCode": ["Lonnstakere"], "Tid": ["2016K4"]}
    server.replace(served("08070", dimensions))
    shown = invoke(told, "fetch", "SSB:08070")

    assert shown.exit_code == 0
    assert untimed(shown.stderr).startswith("warning: SSB:08070 is unverified: page ssb.no/statbank/table/08070")


def test_drift_is_exit_code_one_with_one_line_a_difference(server: PxWebServer, told: dict[str, str]) -> None:
    """The difference is readable, the way out is named, and with ``--accept-drift`` it is told and passes."""
    invoke(told, "fetch", "SSB:03321", "Tid=2022")
    server.replace(flows(updated=SECOND, unit={"Sysselsatte": {"base": "tusen", "decimals": 0}}))
    stopped = invoke(told, "fetch", "SSB:03321", "Tid=2022")
    passed = invoke(told, "fetch", "SSB:03321", "Tid=2022", "--accept-drift")

    assert stopped.exit_code == 1
    assert "\n  - unit of Sysselsatte: 'personer' became 'tusen'\n" in stopped.stderr
    assert "  unit of Sysselsatte: 'personer' became 'tusen'" in passed.stdout.splitlines()


def test_a_misspelt_code_is_exit_code_two(told: dict[str, str]) -> None:
    """What the table does not have is a mistake of whoever asks, told with the nearest."""
    shown = invoke(told, "fetch", "SSB:03321", "Tid=2022", "Bokommuen=0302")

    assert shown.exit_code == 2
    assert "no code '0302'" in shown.stderr
    assert "0301" in shown.stderr


def test_refresh_publishes_and_reports(server: PxWebServer, told: dict[str, str], tmp_path: Path) -> None:
    """Release and report come beside the store where nothing else is said, and the summary is on stdout."""
    shown = invoke(told, "refresh", "--table", "SSB:03321", "--table", "SSB:11616")
    report = json.loads((tmp_path / "run-report.json").read_bytes())

    assert shown.exit_code == 0
    assert shown.stdout.startswith("published: release 0+")
    assert report["exit_code"] == 0
    assert {table["table"] for table in report["tables"]} == {"SSB:03321", "SSB:11616"}
    assert open_release(tmp_path / "release").version == report["release"]["version"]


def test_refresh_with_a_table_missing_is_exit_code_four(
    server: PxWebServer, told: dict[str, str], tmp_path: Path
) -> None:
    """One table of two fails: nothing is published, and the exit code says partial."""
    server.remove("11616")
    shown = invoke(told, "refresh", "--table", "SSB:03321", "--table", "SSB:11616", "--out", str(tmp_path / "out"))

    assert shown.exit_code == 4
    assert "SSB:11616        failed" in shown.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.fault("C03")
@pytest.mark.skipif(os.name == "nt", reason="Windows sends other signals")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_refresh_that_is_stopped_stops_cleanly(
    server: PxWebServer, told: dict[str, str], tmp_path: Path, sent: signal.Signals
) -> None:
    """In the middle of an answer that does not end, Ctrl-C or SIGTERM ends the run: 130, report, lock free, no rest."""
    server.add_fault(Fault("stall", times=None, method="POST", seconds=30))
    with start(told, "refresh", "--table", "SSB:03321", preexec_fn=heed) as process:
        deadline = time.monotonic() + 60
        while not server.calls("POST") and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(sent)
        out, said = process.communicate(timeout=60)
    report = json.loads((tmp_path / "run-report.json").read_bytes())

    assert (process.returncode, report["status"], report["exit_code"]) == (130, "interrupted", 130)
    assert "interrupted" in out
    assert "Traceback" not in said
    assert not (tmp_path / "store" / "holder.json").exists()
    assert not [*(tmp_path / "store").rglob("*.tmp")]


@pytest.mark.fault("S07")
@pytest.mark.fault("C14")
def test_two_refreshes_at_once_are_one(server: PxWebServer, told: dict[str, str], tmp_path: Path) -> None:
    """While one run is at work another ends at once with 5 and names it; the first goes on to its end."""
    server.add_fault(Fault("slow", method="POST", seconds=3.0))
    with start(told, "refresh", "--table", "SSB:03321") as first:
        deadline = time.monotonic() + 60
        while not server.calls("GET", "/config") and time.monotonic() < deadline:
            time.sleep(0.02)
        second = invoke(told, "refresh", "--table", "SSB:03321")
        first.communicate(timeout=60)

    assert second.exit_code == 5
    assert f"another run holds the lock: process {first.pid}" in second.stderr
    assert first.returncode == 0
    assert json.loads((tmp_path / "run-report.json").read_bytes())["pid"] == first.pid


@pytest.mark.fault("C05")
@pytest.mark.skipif(os.name == "nt", reason="cron is of Unix")
def test_refresh_runs_under_cron(server: PxWebServer, told: dict[str, str], tmp_path: Path) -> None:
    """Without HOME, terminal, stdin or an open stdout, in the C locale: it works, and the report is written."""
    arguments = f"{sys.executable} -m nordstat refresh --table SSB:03321 >&- <&-"
    done = subprocess.run(
        ["/bin/sh", "-c", arguments],
        env={"PATH": os.environ["PATH"], "LANG": "C", **told},
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )

    plan = "SSB:03321: 5 x 5 x 1 x 2 = 50 cells in 3 requests, about 1 s\n"
    assert (done.returncode, untimed(done.stderr)) == (0, plan)
    assert json.loads((tmp_path / "run-report.json").read_bytes())["status"] == "published"


@pytest.mark.fault("C06")
def test_a_console_with_few_letters_is_no_obstacle(server: PxWebServer, told: dict[str, str]) -> None:
    """A label with letters the console lacks is written out, not a reason to fall over."""
    invoke(told, "fetch", "SSB:03321", "Tid=2022")
    labelled = flows(label="03321: Sysselsatte, čábbát \u2192 \u5de5", updated=SECOND)
    server.replace(labelled)
    with start({**told, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}, "fetch", "SSB:03321", "Tid=2022") as process:
        out, said = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert "\\u010d" in out


@pytest.mark.fault("C10")
def test_what_a_service_says_cannot_steer_a_terminal(server: PxWebServer, told: dict[str, str]) -> None:
    """Escapes and line breaks in a title are written out where they are shown."""
    invoke(told, "fetch", "SSB:03321", "Tid=2022")
    server.replace(flows(label="03321\x1b[2J\x07 \u202edone", updated=SECOND))
    shown = invoke(told, "fetch", "SSB:03321", "Tid=2022").stdout

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\x1b[2J" in shown


def test_plain_keeps_words_and_line_ends() -> None:
    """Only what steers is written out; letters of any script and line ends stay."""
    assert plain("Værøy\n  Åre\t\x07") == "Værøy\n  Åre\\t\\x07"


def test_doctor_looks_at_settings_store_and_mappings(server: PxWebServer, told: dict[str, str], tmp_path: Path) -> None:
    """Without a network: what is set, whether the store verifies, and how many tables are known how."""
    invoke(told, "fetch", "SSB:03321", "Tid=2022")
    shown = invoke(told, "doctor")
    asked = len(server.log)
    blob = next(path for path in (tmp_path / "store" / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(b"x")
    broken = invoke(told, "doctor", "--json")

    assert shown.exit_code == 0
    assert f"good  settings: store: {tmp_path / 'store'}" in shown.stdout
    assert "note  settings: contact: none" in shown.stdout
    assert "good  store: 4 receipts, 4 answers" in shown.stdout
    assert "good  mappings: no faults; tables: 4 recorded" in shown.stdout
    assert broken.exit_code == 1
    assert [each["part"] for each in json.loads(broken.stdout) if each["health"] == "fault"] == ["store"]
    assert len(server.log) == asked


def test_doctor_live_compares_every_table_with_its_description(server: PxWebServer, tmp_path: Path) -> None:
    """Each table that is there is compared, each that is not is named; a service that is away is asked once."""
    scb = served(
        "TAB1828",
        {"Kommun": ["1780"], "Kon": ["1", "2", "1+2"], "ContentsCode": ["000000QI", "000000QX"], "Tid": ["2023"]},
        language="sv",
    )
    server.replace(served("08070", {"Region": ["00", "01"], "ContentsCode": ["x"], "Tid": ["2016K4"]}))
    with PxWebServer([scb], flavour="scb", limits=limits()) as other, PxWebServer(flavour="nordic") as nordic:
        told = environment(settings_for(tmp_path, server, other, nordic))
        nordic.add_fault(Fault("status", status=407, times=None))
        shown = invoke(told, "doctor", "--live")
    lines = shown.stdout.splitlines()

    assert shown.exit_code == 1
    assert any(line.startswith("good  SSB: 20 cells an answer, ") for line in lines)
    assert "good  SCB: 800,000 cells an answer, 10000 calls in 1 s" in lines
    assert sum(line.startswith("away  NORDIC: ") for line in lines) == 1
    assert "good  SSB:03321: as described (recorded); ArbstedKomm 5, Bokommuen 5, ContentsCode 1, Tid 2" in lines
    assert "note  SSB:08070: unverified, not described; it has Region 2, ContentsCode 1, Tid 1" in lines
    assert any(line.startswith("fault SSB:11618: SSB:11618 http://127.0.0.1") and "404" in line for line in lines)
    assert "fault SCB:TAB1828: codes of ContentsCode that are gone: 000000QJ" in lines
    assert any(line.startswith("fault SCB:TAB1828: 1 code of ContentsCode cannot be read") for line in lines)
