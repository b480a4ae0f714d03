"""The command that is told of a refresh: it gets the report, and whatever it does the run is what it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from nordstat.pipeline.notification import notify, words_of
from pipeline.served import environment, flows, limits, settings_for
from pxweb_server import PxWebServer

pytestmark = pytest.mark.fault("C08")
Hook = Callable[[str], str]


@pytest.fixture
def server() -> Iterator[PxWebServer]:
    with PxWebServer([flows()], limits=limits()) as running:
        yield running


@pytest.fixture
def hook(tmp_path: Path) -> Hook:
    """Gives the command that runs a script."""

    def written(script: str) -> str:
        file = tmp_path / "hook's own.py"
        file.write_text(dedent(script), encoding="utf-8")
        return f'"{sys.executable}" "{file}"'

    return written


def refreshed(
    server: PxWebServer, folder: Path, *arguments: str, told: dict[str, str] | None = None, table: str = "SSB:03321"
) -> subprocess.CompletedProcess[str]:
    """Run the scheduled job in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "nordstat", "refresh", "--table", table, *arguments],
        env=kept | environment(settings_for(folder, server)) | (told or {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def report_in(folder: Path) -> dict[str, object]:
    report: dict[str, object] = json.loads((folder / "run-report.json").read_bytes())
    return report


def notices(report: dict[str, object]) -> list[str]:
    """The warnings that are about the notification."""
    warnings = report["warnings"]
    assert isinstance(warnings, list)
    return [words for words in warnings if words.startswith("nobody was notified")]


def gone(pid: int) -> bool:
    """Tell whether a process has ended, or ends within ten seconds."""
    for _ in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.is_file() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_the_command_gets_the_report(server: PxWebServer, hook: Hook, tmp_path: Path) -> None:
    """Its last argument is the path of the finished report, its input the report itself; what it prints is talk."""
    command = hook(
        """
        import json, pathlib, sys
        told = json.load(sys.stdin)
        assert json.loads(pathlib.Path(sys.argv[-1]).read_bytes()) == told
        print("mailed", told["status"], *sys.argv[1:])
        """
    )
    done = refreshed(server, tmp_path, "--notify", f"{command} --to 'a b;$HOME|*'")

    assert done.returncode == 0, done.stderr
    assert f"mailed published --to a b;$HOME|* {tmp_path / 'run-report.json'}" in done.stderr
    assert "mailed" not in done.stdout
    assert notices(report_in(tmp_path)) == []


def test_a_command_that_fails_leaves_a_good_run_good(server: PxWebServer, hook: Hook, tmp_path: Path) -> None:
    """Exit code and release are those of the run; stderr and report say that nobody was notified, and why."""
    done = refreshed(server, tmp_path, told={"NORDSTAT_NOTIFY": hook("raise SystemExit(3)")})
    report = report_in(tmp_path)

    assert (done.returncode, report["status"], report["exit_code"]) == (0, "published", 0)
    assert [words.endswith(": it ended with 3") for words in notices(report)] == [True]
    assert "warning: nobody was notified by" in done.stderr
    assert (tmp_path / "release" / "datapackage.json").is_file()


def test_a_command_that_is_missing_leaves_a_bad_run_as_it_was(server: PxWebServer, tmp_path: Path) -> None:
    """A run that ends with 3 ends with 3; that there is no such command is told beside it."""
    server.remove("03321")
    done = refreshed(server, tmp_path, "--notify", str(tmp_path / "nowhere"))

    assert done.returncode == 3
    assert report_in(tmp_path)["status"] == "unavailable"
    assert [words.endswith("No such file or directory") for words in notices(report_in(tmp_path))] == [True]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of processes to end")
def test_a_command_that_hangs_is_ended_with_its_children(server: PxWebServer, hook: Hook, tmp_path: Path) -> None:
    """After its time the command and what it started are gone; the exit code is that of the run."""
    server.remove("03321")
    command = hook(
        f"""
        import os, pathlib, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pathlib.Path({str(tmp_path / "pids")!r}).write_text(f"{{os.getpid()}} {{child.pid}}")
        time.sleep(600)
        """
    )
    done = refreshed(server, tmp_path, "--notify", command, told={"NORDSTAT_NOTIFY_SECONDS": "3"})

    assert done.returncode == 3
    assert [words.endswith("it was ended after 3 s") for words in notices(report_in(tmp_path))] == [True]
    assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())


def test_a_command_that_prints_a_lot_holds_nothing_up(server: PxWebServer, hook: Hook, tmp_path: Path) -> None:
    """Ten megabytes on both streams go to stderr, and the summary alone to stdout."""
    server.remove("03321")
    told = "import sys; sys.stdout.write('x' * 5_000_000); sys.stderr.write('x' * 5_000_000)"
    done = refreshed(server, tmp_path, "--notify", hook(told))

    assert done.returncode == 3
    assert done.stderr.count("x") > 10_000_000 - 1
    assert len(done.stdout) < 1_000
    assert notices(report_in(tmp_path)) == []


def test_a_command_nobody_can_read_stops_before_anything_is_asked(server: PxWebServer, tmp_path: Path) -> None:
    """A quotation that does not end is a mistake of the caller, found at once."""
    done = refreshed(server, tmp_path, "--notify", "tell 'somebody")

    assert done.returncode == 2
    assert "No closing quotation" in done.stderr
    assert server.log == []


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes otherwise")
def test_an_interruption_ends_the_command_too(hook: Hook, tmp_path: Path) -> None:
    """Ctrl-C while a notification is under way does not leave the command behind."""
    (tmp_path / "report.json").write_text("{}")
    command = hook(
        f"""
        import os, pathlib, time
        pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
        time.sleep(600)
        """
    )
    code = f"""
        import signal
        from pathlib import Path
        from nordstat.pipeline.notification import notify, words_of
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a test in the background may pass on an ignored one
        notify(words_of({command!r}), Path({str(tmp_path / "report.json")!r}), seconds=60)
        """
    with subprocess.Popen([sys.executable, "-c", dedent(code)], stderr=subprocess.DEVNULL) as running:
        for _ in range(3_000):
            if (tmp_path / "pid").is_file() and (tmp_path / "pid").read_text():
                break
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        assert running.wait(60) != 0

    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("closed", ["", "2>&-", ">&- 2>&- <&-"])
@pytest.mark.skipif(os.name == "nt", reason="closes streams as a shell of Unix does")
def test_a_closed_stderr_is_no_obstacle(closed: str, hook: Hook, tmp_path: Path) -> None:
    """Where nordstat has nowhere to print to, neither has the command, and it runs all the same."""
    (tmp_path / "report.json").write_text("{}")
    command = hook(f"print('x'); import pathlib; pathlib.Path({str(tmp_path / 'told')!r}).write_text('yes')")
    code = (
        "import sys; from pathlib import Path; from nordstat.pipeline.notification import notify, words_of; "
        "sys.exit(bool(notify(words_of(sys.argv[1]), Path(sys.argv[2]), seconds=60)))"
    )
    arguments = [sys.executable, "-c", code, command, str(tmp_path / "report.json")]
    subprocess.run(["/bin/sh", "-c", f'"$0" "$@" {closed}', *arguments], check=True, timeout=60)

    assert (tmp_path / "told").read_text() == "yes"


def test_no_command_is_no_word() -> None:
    """Where nobody is to be notified nothing is run."""
    assert words_of("") == ()


def test_a_report_that_is_gone_is_told(hook: Hook, tmp_path: Path) -> None:
    """Where the report cannot be opened that is why nobody was notified."""
    assert "No such file" in notify(words_of(hook("")), tmp_path / "gone.json", seconds=60)
