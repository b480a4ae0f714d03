"""The pace: a sliding window of calls, what the headers tell of it, and the refusal."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Literal

from .answers import Answer


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may ask for.

    Attributes
    ----------
    cells : int
        Most cells of one answer.
    calls : int
        Most calls in any window; 0 lifts the limit.
    window : float
        Length of the window in seconds.
    announce : str
        Where the pace is told: ``headers`` (``/config`` then says 0/0, as SSB does), ``config``, ``both`` (as SCB
        does) or ``none``; empty for the flavour's own habit.
    values : int
        Most values selected in a v1 query.
    """

    cells: int = 150_000
    calls: int = 30
    window: float = 10.0
    announce: Literal["", "headers", "config", "both", "none"] = ""
    values: int = 110_000

    @property
    def in_headers(self) -> bool:
        """Whether every answer carries rate headers."""
        return self.announce in ("headers", "both")

    @property
    def in_config(self) -> bool:
        """Whether ``/config`` tells the pace."""
        return self.announce in ("config", "both")


@dataclass(slots=True)
class Gate:
    """Counts the calls let through; the strictest reading of "so many in any window"."""

    limits: Limits
    flavour: str
    passed: deque[float] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, now: float) -> tuple[Answer | None, dict[str, str]]:
        """Let a call through or refuse it; gives the refusal, if any, and the rate headers."""
        if not self.limits.calls:
            return None, {}
        with self.lock:
            while self.passed and now - self.passed[0] >= self.limits.window:
                self.passed.popleft()
            refused = len(self.passed) >= self.limits.calls
            if not refused:
                self.passed.append(now)
            left = self.limits.calls - len(self.passed)
            wait = self.limits.window - (now - self.passed[0])
        return _refusal(self.limits, self.flavour, wait) if refused else None, self._headers(left, wait)

    def _headers(self, left: int, wait: float) -> dict[str, str]:
        if not self.limits.in_headers:
            return {}
        if self.flavour == "ssb":
            return {
                "x-ratelimit-limit": str(self.limits.calls),
                "x-ratelimit-policy": f"{self.limits.calls};w={self.limits.window:g}s",
                "x-ratelimit-remaining": str(left),
                "x-ratelimit-resource": "SB_API_1MIN",
            }
        return {
            "X-Rate-Limit-Limit": f"{self.limits.window:g}s",
            "X-Rate-Limit-Remaining": str(left),
            "X-Rate-Limit-Reset": (datetime.now(UTC) + timedelta(seconds=wait)).isoformat().replace("+00:00", "Z"),
        }


def busiest(times: Sequence[float], window: float) -> int:
    """Most calls that fall into any half-open window of this length."""
    ordered, start, most = sorted(times), 0, 0
    for end, time in enumerate(ordered):
        while time - ordered[start] >= window:
            start += 1
        most = max(most, end - start + 1)
    return most


def _refusal(limits: Limits, flavour: str, wait: float) -> Answer:
    """Refuse in the words of AspNetCoreRateLimit; the agencies' own bodies were never recorded."""
    words = f"API calls quota exceeded! maximum admitted {limits.calls} per {limits.window:g}s."
    answer = Answer.text(words, status=429)
    return (
        answer if flavour == "ssb" else Answer(429, answer.body, answer.content_type, {"Retry-After": str(ceil(wait))})
    )
