"""Provenance: where a number comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A publication that prints a number.

    Attributes
    ----------
    publisher, title, url : str
        Who published it, under which title, and where; ``url`` is words where no address is known.
    retrieved_from : str
        How the publication was read.
    """

    publisher: str
    title: str
    url: str
    retrieved_from: str = ""

    @property
    def publication(self) -> tuple[str, str]:
        """What makes two citations the same publication."""
        return self.title, self.url

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}. {self.url}"
