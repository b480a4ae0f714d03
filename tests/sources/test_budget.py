"""The pace that all processes of a machine keep together."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from nordstat.errors import SettingsError
from nordstat.sources.budget import CONNECTING, SETTLING, Budget, Pace, told
from pxweb_server.limits import busiest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the calls are entered."""
    return tmp_path / "pace" / "service.json"


def waits(asked: list[float]) -> Callable[[float], None]:
    """A sleep that notes what it was asked for."""

    def sleep(seconds: float) -> None:
        asked.append(seconds)
        time.sleep(seconds)

    return sleep


def lapses(file: Path) -> list[float]:
    """When the calls in a file lapse."""
    return sorted(last for _, last in orjson.loads(file.read_bytes())["entered"].values())


def test_threads_never_make_more_calls_in_any_window(file: Path) -> None:
    """Eight threads with their own budgets on one file make no more calls in any window than allowed."""
    pace = Pace(5, 0.4)

    def call(_: int) -> tuple[float, float]:
        budget = Budget(file, pace)
        entered = budget.enter(time.sleep)
        sent = time.monotonic()
        time.sleep(0.02)
        answered = time.monotonic()
        budget.settle(entered, sent=sent)
        return sent, answered

    with ThreadPoolExecutor(8) as pool:
        times = list(pool.map(call, range(16)))
    # the service may count a call at any moment between its sending and its answer
    assert busiest([sent for sent, _ in times], pace.window) <= pace.calls
    assert busiest([answered for _, answered in times], pace.window) <= pace.calls


def test_a_call_whose_answer_takes_long_counts_from_when_it_was_surely_received(file: Path) -> None:
    """A slow answer keeps its place for one window after the call was sent and settled, not after the answer."""
    budget = Budget(file, Pace(3, 60.0))
    call = budget.enter(time.sleep)
    sent = time.monotonic() - 30
    budget.settle(call, sent=sent)
    assert lapses(file) == [pytest.approx(sent + 3.0 + 60.0)]


def test_a_killed_process_keeps_its_place_for_a_window_only(file: Path) -> None:
    """A process that dies in a call leaves an entry that lapses, and no lock."""
    script = (
        "import os, sys, time; from pathlib import Path; from nordstat.sources.budget import Budget, Pace\n"
        "Budget(Path(sys.argv[1]), Pace(2, 3.0)).enter(time.sleep); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, file], check=False, timeout=60).returncode == 9
    asked: list[float] = []
    Budget(file, Pace(2, 3.0)).enter(waits(asked))
    assert asked == []
    assert lapses(file)[0] <= time.monotonic() + CONNECTING + SETTLING + 3.0


def test_calls_from_before_a_restart_are_drawn_in(file: Path) -> None:
    """Times of another boot lie in the future; they keep nobody waiting for longer than a call of now would."""
    file.parent.mkdir()
    file.write_bytes(orjson.dumps({"pace": [1, 0.2], "told": 1e9, "held": 1e9, "entered": {"a": [1e9, 1e9]}}))

    def give_up(seconds: float) -> None:
        raise TimeoutError(seconds)

    with pytest.raises(TimeoutError) as caught:
        Budget(file, Pace(1, 0.2)).enter(give_up)
    assert caught.value.args[0] <= CONNECTING + SETTLING + 0.2


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"pace": 3}', b'{"pace": [1, 2], "told": 0, "held": 0, "entered": [1]}']
)
def test_a_file_nobody_can_read_counts_as_a_window_used_up(file: Path, text: bytes) -> None:
    """A spoilt file is not a reason to call at once."""
    file.parent.mkdir()
    file.write_bytes(text)
    asked: list[float] = []
    Budget(file, Pace(2, 0.2)).enter(waits(asked))
    assert asked[0] > 0.1


def test_what_the_service_asks_of_one_holds_for_all(file: Path) -> None:
    """Where one process was told to wait, the others do not call either."""
    Budget(file, Pace(9, 1.0)).hold(0.3)
    asked: list[float] = []
    Budget(file, Pace(9, 1.0)).enter(waits(asked))
    assert asked[0] > 0.2


def test_headers_teach_everybody_the_pace(file: Path) -> None:
    """The policy of SSB's headers replaces what was taken for granted, for all who use the file."""
    budget = Budget(file, Pace(30, 60.0))
    headers = {"x-ratelimit-policy": "40;w=30s", "x-ratelimit-limit": "40"}
    budget.settle(budget.enter(time.sleep), sent=time.monotonic(), headers=headers)
    assert Budget(file, Pace(30, 60.0)).current() == Pace(40, 30.0)


def test_a_longer_window_keeps_earlier_calls_longer(file: Path) -> None:
    """Calls entered under a short window stay for the long one that the service turns out to have."""
    budget = Budget(file, Pace(30, 10.0))
    budget.settle(budget.enter(time.sleep), sent=time.monotonic())
    budget.learn(Pace(30, 60.0))
    assert lapses(file)[0] > time.monotonic() + 50


def test_what_was_told_is_kept_when_all_calls_have_lapsed(file: Path) -> None:
    """A pace stricter than the documented one holds through a pause."""
    budget = Budget(file, Pace(30, 60.0))
    budget.learn(Pace(2, 0.1))
    budget.settle(budget.enter(time.sleep), sent=None)
    time.sleep(0.15)
    assert lapses(file)[0] < time.monotonic()
    assert budget.current() == Pace(2, 0.1)


@pytest.mark.parametrize(
    ("calls", "window"), [(0, 0), (None, None), (-1, 5), (30, 0), ("many", 10), (30, float("nan"))]
)
def test_zero_and_nonsense_tell_no_pace(calls: object, window: object) -> None:
    """0/0 in ``/config`` means that the pace is told elsewhere, not that there is none (quirk 10)."""
    assert told(calls, window) is None


def test_a_folder_that_cannot_be_written_is_an_error_of_settings(tmp_path: Path) -> None:
    """Calls that cannot be counted are not made; the error names the setting."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match="NORDSTAT_CACHE"):
        Budget(tmp_path / "taken" / "service.json", Pace(1, 1.0)).enter(time.sleep)
