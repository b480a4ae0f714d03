"""The shipped evidence, read once."""

from __future__ import annotations

import pytest

from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.reconciliation import Reconciliation, reconcile


@pytest.fixture(scope="session")
def shipped() -> Mappings:
    """The shipped mappings."""
    return load_mappings(layers())


@pytest.fixture(scope="session")
def corpus(shipped: Mappings) -> Corpus:
    """The shipped evidence."""
    return pipeline.corpus(shipped)


@pytest.fixture(scope="session")
def verdicts(corpus: Corpus) -> Reconciliation:
    """The verdicts on all published figures."""
    return reconcile(corpus)
