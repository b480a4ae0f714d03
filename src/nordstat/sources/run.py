"""A run: what it puts up with, and what it has cost the services so far."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Patience:
    """What a run puts up with before it gives up.

    Attributes
    ----------
    attempts : int
        Most times one request is made.
    retries : int
        Most requests made again in the whole run.
    seconds : float
        Longest time the whole run waits because of faults and refusals; keeping to the pace does not count.
    pause : float
        Seconds before the second attempt; each further pause is twice as long.
    """

    attempts: int = 4
    retries: int = 40
    seconds: float = 600.0
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run, or a part of it, has cost.

    Attributes
    ----------
    requests, retries : int
        Requests made, and how many of them because an earlier one failed.
    waited : float
        Seconds waited for the pace and after faults, all threads together.
    bytes : int
        Decoded bytes received.
    """

    requests: int = 0
    retries: int = 0
    waited: float = 0.0
    bytes: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.requests + other.requests,
            self.retries + other.retries,
            self.waited + other.waited,
            self.bytes + other.bytes,
        )

    def __sub__(self, other: Tally) -> Tally:
        return self + Tally(-other.requests, -other.retries, -other.waited, -other.bytes)


@dataclass(slots=True)
class Run:
    """One run over any number of tables and services.

    Attributes
    ----------
    patience : Patience
        What it puts up with.
    tally : Tally
        What it has cost so far.
    """

    patience: Patience = Patience()
    tally: Tally = Tally()
    _spent: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, cost: Tally) -> None:
        """Add to the tally."""
        with self._lock:
            self.tally += cost

    def allow(self, wait: float) -> bool:
        """Tell whether one more retry, after so many seconds, is within the run's patience; if so it is booked."""
        with self._lock:
            if self.tally.retries >= self.patience.retries or self._spent + wait > self.patience.seconds:
                return False
            self._spent += wait
            self.tally += Tally(retries=1)
            return True
