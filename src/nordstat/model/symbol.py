"""Symbols: what an office prints in the place of a number, or beside one."""

from __future__ import annotations

from dataclasses import dataclass

MISSING = frozenset("HLMOQ")
"""The codes of SDMX CL_OBS_STATUS 2.2 that mean "there is no number"."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol in the legend of one office.

    Attributes
    ----------
    symbol : str
        As published, such as ``..``.
    meaning : str
        In the words of the office.
    obs_status : str
        SDMX CL_OBS_STATUS.
    conf_status : str
        SDMX CL_CONF_STATUS; F (free) where the symbol says nothing about confidentiality.
    value : float or None
        The number the symbol stands for (``-`` is a true zero where the legend says so); ``None`` where it stands
        for none.
    source : str
        Where the legend is printed.
    """

    symbol: str
    meaning: str
    obs_status: str
    conf_status: str = "F"
    value: float | None = None
    source: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the symbol means that there is no number."""
        return self.obs_status in MISSING
