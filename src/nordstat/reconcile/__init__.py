"""Reconciliation: every verdict, and why."""

from nordstat.reconcile.verdict import judge

__all__ = ["judge"]
