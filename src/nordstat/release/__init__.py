"""Releases: deterministic files, and reading them back."""
