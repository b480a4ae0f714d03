"""Numbers that cannot all hold, found without being told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nordstat.model.interval import Interval
from nordstat.reconcile.candidates import Corpus
from nordstat.reconcile.contradictions import Contradiction, contradiction_table, contradictions
from nordstat.reconcile.reconciliation import Reconciliation, reconcile


@pytest.fixture(scope="module")
def found(verdicts: Reconciliation, corpus: Corpus) -> tuple[Contradiction, ...]:
    """The contradictions of the shipped evidence."""
    return contradictions(verdicts.findings, corpus)


def test_every_contradiction_of_the_shipped_evidence_is_found(found: tuple[Contradiction, ...]) -> None:
    """Norway to Sweden in 2003 and 2009, the Øresund in 2021, and the founding level, share and denominator."""
    assert [set(one.ids) for one in found] == [
        {"F013", "F017"},
        {"F066", "F080"},
        {"F255", "F256", "F257"},
        {"F282", "F283", "F262"},
    ]


def test_each_set_stands_once_with_all_its_sources(found: tuple[Contradiction, ...]) -> None:
    """Three figures that each contradict the other two are one contradiction, with a citation for each number."""
    assert len({frozenset(one.ids) for one in found}) == len(found)
    for one in found:
        assert len(one.sources) == len(one.ids)
        assert all(item.figure.citation.title in source for item, source in zip(one.items, one.sources, strict=True))


def test_reason_names_the_facets_that_may_explain_it(found: tuple[Contradiction, ...]) -> None:
    """Where one of the two does not say how it counts, the facets left open are told."""
    assert "[1,500, 1,550] by F080" in found[1].reason
    assert "they differ, or may, in residence, job" in found[1].reason
    assert found[2].reason == "F255 is 16,862, and 16,914 by F256, F257 (derived)"


def test_bridge_that_does_not_close_is_no_contradiction(verdicts: Reconciliation, corpus: Corpus) -> None:
    """169,000 in 2022 is partly explained: what remains is shown, and nothing is ruled out."""
    assert not contradictions([verdicts["F202"]], corpus)


def test_broken_bound_is_a_contradiction(corpus: Corpus) -> None:
    """A part above its whole is listed with the whole."""
    part = corpus.item("F127")
    larger = replace(part, interval=Interval(1_900, 2_000))
    changed = replace(corpus, items=tuple(larger if item is part else item for item in corpus.items))

    ids = {one.ids for one in contradictions(reconcile(changed, ["F127"]).findings, changed)}

    assert ("F127", "F124") in ids


def test_table_has_a_row_for_each(found: tuple[Contradiction, ...]) -> None:
    """The frame says which figures, why, and where they stand."""
    table = contradiction_table(found)

    assert table.columns.tolist() == ["figures", "reason", "sources"]
    assert len(table) == len(found)
    assert table["figures"][2] == "F255 F256 F257"
