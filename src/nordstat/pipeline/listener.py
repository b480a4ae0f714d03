"""Whom a run tells what it does: words for people, progress, and the steps at which it may die."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nordstat.sources.plan import Progress


class Moment(StrEnum):
    """The points of a fetch and of a refresh at which a run may die, beside those of the snapshot store."""

    DESCRIBED = "metadata read"
    PLANNED = "plan made"
    ANSWERED = "answer kept"
    JOINED = "answers joined"
    KEPT = "whole kept"
    FETCHED = "table fetched"
    BUILT = "release built"
    PUBLISHED = "release published"
    REPORTED = "report written"


def silent(_: Any) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom a run tells what it does.

    Attributes
    ----------
    say, warn : callable
        Take a line for people; ``warn`` one that should not be missed.
    progress : callable
        Takes how far a fetch has come, after every answer.
    step : callable
        Takes a `Moment`, or a step of the snapshot store.
    """

    say: Callable[[str], None] = silent
    warn: Callable[[str], None] = silent
    progress: Callable[[Progress], None] = silent
    step: Callable[[str], None] = silent
