"""Kinds of TOML values: what a table of a mappings file must hold, told before anything is read from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_WRITTEN: dict[type, str] = {str: "a text in quotes", list: "a list", dict: "a table of names and values"}


def misshapen(fields: Mapping[str, Any], kinds: Mapping[str, type]) -> Iterator[str]:
    """Tell which fields of a table are of another kind than they must be."""
    for field, kind in kinds.items():
        if not isinstance(fields.get(field, kind()), kind):
            yield f"{field!r} must be {_WRITTEN[kind]}"


def named_texts(value: Any) -> bool:
    """Tell whether a value is a table of texts."""
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def list_of_texts(value: Any, *, length: int | None = None) -> bool:
    """Tell whether a value is a list of texts, of one length where it is given."""
    return isinstance(value, list) and length in {None, len(value)} and all(isinstance(item, str) for item in value)
