"""The report: one self-contained page about a release; the only room that knows altair."""
