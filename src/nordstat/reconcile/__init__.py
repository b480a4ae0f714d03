"""Reconciliation: every verdict, and why."""
