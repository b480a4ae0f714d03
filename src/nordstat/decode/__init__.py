"""Decoding: JSON-stat to a cube; the only room that knows pyjstat."""

from nordstat.decode.jsonstat import read_jsonstat, read_metadata
from nordstat.decode.period import chronological, read_period
from nordstat.decode.status import read_status

__all__ = ["chronological", "read_jsonstat", "read_metadata", "read_period", "read_status"]
