"""Markdown tables that keep their shape whatever a cell holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Give a Markdown table; cells are used as they are, so escape what comes from data."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def cell(value: Any) -> str:
    r"""Give a value as the text of a cell: no pipe, line break, markup or formula gets through.

    Examples
    --------
    >>> cell("a|b\n<script>")
    'a\\|b &lt;script&gt;'
    """
    words = " ".join(str(value).split())
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|$~])", r"\\\1", words)
