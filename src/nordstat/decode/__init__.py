"""Decoding: JSON-stat to a cube; the only room that knows pyjstat."""
