"""The pace: how often a service may be asked, kept by all processes of the machine together.

A service counts calls by address, so one file holds the calls of every process, and a call is entered there before it
is made. It stays entered until it has certainly left the service's window. When did the service count it? Not before
it was sent, and not after its answer began; where an answer takes long to begin, `SETTLING` after it was sent is taken
as the latest. One window after that moment the entry lapses. So the service never sees more calls in any window than
it allows, however the calls of several threads and processes overtake each other; and a process killed in the middle
of a call keeps nobody waiting for longer than a window and the few seconds a connection may take.

Times are of `time.monotonic`, which on Linux, macOS and Windows is one clock for all processes of a machine and does
not jump when the time of day is set. It begins anew when the machine does; entries from before then lie too far in the
future and are drawn in to one full window from now.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import orjson
from filelock import FileLock

from nordstat.errors import SettingsError

CONNECTING = 5.0
"""Longest time a connection may take, in seconds; a call is sent no later than this after it was entered."""
SETTLING = 1.0
"""Seconds after which a call that was sent has been counted by the service; a twentieth of long windows."""
LONGEST_HOLD = 600.0
"""Longest time for which a service's "not now" keeps the other processes of the machine waiting, in seconds."""
REMEMBERED = 86_400.0
"""Seconds for which a pace that the service told is kept to."""
_RECHECK = 0.02
_POLL = 0.002
_POLICY = re.compile(r"(\d+)\s*;\s*w=(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calls a service allows in any window.

    Attributes
    ----------
    calls : int
        Most calls.
    window : float
        Length of the window in seconds.
    """

    calls: int
    window: float


@dataclass(frozen=True, slots=True)
class Budget:
    """The calls that all processes of this machine make to one service.

    Attributes
    ----------
    file : Path
        Where the calls are entered; ``.lock`` beside it guards it.
    pace : Pace
        What the service is taken to allow until it tells; what it tells is kept in the file, for everybody.
    """

    file: Path
    pace: Pace

    def enter(self, sleep: Callable[[float], None]) -> str:
        """Wait with ``sleep`` until one more call is allowed, enter it, and give its name."""
        while True:
            with self._calls() as calls:
                wait = calls.wait(time.monotonic())
                if wait <= 0:
                    return calls.enter(time.monotonic())
            sleep(wait)

    def settle(self, call: str, *, sent: float | None, headers: Mapping[str, str] | None = None) -> None:
        """Say that an answer to a call has begun, or that none will come.

        Parameters
        ----------
        call : str
            Its name.
        sent : float or None
            When it was sent, by `time.monotonic`; ``None`` where it never was.
        headers : mapping of str to str, optional
            What the answer says about the pace (``x-ratelimit-policy: 40;w=60s``, SSB 2026-09-09).
        """
        now = time.monotonic()
        with self._calls() as calls:
            if pace := _announced(headers or {}):
                calls.learn(pace)
            settling = max(SETTLING, calls.pace.window / 20)
            counted = now if sent is None else min(now, sent + settling)
            calls.entered[call] = (counted + calls.pace.window,) * 2

    def learn(self, pace: Pace) -> None:
        """Keep to a pace that the service told elsewhere."""
        with self._calls() as calls:
            calls.learn(pace)

    def hold(self, seconds: float) -> None:
        """Let no process call before so many seconds have gone: the service asked for it."""
        with self._calls() as calls:
            calls.held = max(calls.held, time.monotonic() + min(seconds, LONGEST_HOLD))

    def current(self) -> Pace:
        """Give the pace in force."""
        with self._calls() as calls:
            return calls.pace

    @contextmanager
    def _calls(self) -> Iterator[_Calls]:
        lock = FileLock(self.file.with_suffix(".lock"))
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(poll_interval=_POLL)
        except OSError as error:
            hint = "Name a folder that can be written to in NORDSTAT_CACHE."
            raise SettingsError(f"the calls cannot be counted: {error}", where=str(self.file), hint=hint) from None
        try:
            calls = _read(self.file, self.pace, time.monotonic())
            yield calls
            _write(self.file, calls)
        finally:
            lock.release()


@dataclass(slots=True)
class _Calls:
    """What the file holds: the pace and when it was told, the calls, and until when the service is to be left alone.

    A call is held as the soonest and the latest time at which it lapses; the two are one once its answer has begun.
    """

    pace: Pace
    entered: dict[str, tuple[float, float]]
    told: float = 0.0
    held: float = 0.0

    def wait(self, now: float) -> float:
        """Give the seconds until one more call may be allowed; zero or less where it is."""
        if self.held > now:
            return self.held - now
        if len(self.entered) < self.pace.calls:
            return 0.0
        soonest = sorted(soonest for soonest, _ in self.entered.values())
        return max(soonest[-self.pace.calls] - now, _RECHECK)

    def enter(self, now: float) -> str:
        name = uuid4().hex
        self.entered[name] = (now + self.pace.window, now + _slack(self.pace) + self.pace.window)
        return name

    def learn(self, pace: Pace) -> None:
        """Keep to another pace; calls already entered stay for the longer of the two windows."""
        longer = max(0.0, pace.window - self.pace.window)
        self.entered = {name: (first + longer, last + longer) for name, (first, last) in self.entered.items()}
        self.pace = pace
        self.told = time.monotonic()


def _slack(pace: Pace) -> float:
    return CONNECTING + max(SETTLING, pace.window / 20)


def _announced(headers: Mapping[str, str]) -> Pace | None:
    """Read the pace off the headers of an answer; SCB's name only what is left of it, not how much there is."""
    found = _POLICY.search(headers.get("x-ratelimit-policy", "") or headers.get("ratelimit-policy", ""))
    return told(*found.groups()) if found else None


def told(calls: object, window: object) -> Pace | None:
    """Give the pace behind two numbers of a service; ``None`` for nonsense, and for zeros.

    ``0/0`` at SSB means "not told here", not "as often as you like" (seen 2026-09-09).
    """
    try:
        pace = Pace(int(str(calls)), float(str(window)))
    except ValueError:
        return None
    return pace if pace.calls > 0 and 0 < pace.window <= 86_400 else None


def _read(file: Path, pace: Pace, now: float) -> _Calls:
    try:
        kept = orjson.loads(file.read_bytes())
        entered = {name: (float(first), float(last)) for name, (first, last) in kept["entered"].items()}
        found = _Calls(Pace(*kept["pace"]), entered, float(kept["told"]), float(kept["held"]))
    except FileNotFoundError:
        return _Calls(pace, {})
    except (ValueError, TypeError, KeyError, AttributeError):
        # Nobody writes half a file, so this is somebody else's hand: take the window as used up
        return _Calls(pace, {f"unread-{number}": (now + pace.window,) * 2 for number in range(pace.calls)})
    latest = now + _slack(found.pace) + found.pace.window
    found.entered = {
        name: (min(first, latest), min(last, latest)) for name, (first, last) in entered.items() if last > now
    }
    found.held = found.held if found.held <= now + LONGEST_HOLD else 0.0
    if not (found.told and now - REMEMBERED < found.told <= now):
        found.pace = pace
    return found


def _write(file: Path, calls: _Calls) -> None:
    kept = {
        "pace": [calls.pace.calls, calls.pace.window],
        "told": calls.told,
        "held": calls.held,
        "entered": calls.entered,
    }
    beside = file.with_suffix(".tmp")
    beside.write_bytes(orjson.dumps(kept))
    beside.replace(file)
