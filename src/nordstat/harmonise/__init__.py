"""Harmonising: pure functions from a frame and a mapping to a frame that explains itself."""
