"""Sentences in three languages."""

from __future__ import annotations

from string import Formatter

import pytest

from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.model.text import LANGUAGES, Text, same
from nordstat.reconcile.reconciliation import Reconciliation
from nordstat.reconcile.words import WORDS, enumerated, say


@pytest.mark.parametrize("key", WORDS)
def test_a_phrase_has_the_same_places_in_every_language(key: str) -> None:
    """What is put into the English phrase is put into the Swedish and the Norwegian."""
    places = [sorted(name for _, name, _, _ in Formatter().parse(WORDS[key][to]) if name) for to in LANGUAGES]

    assert places == [places[0]] * len(LANGUAGES)


def test_parts_are_said_in_the_language_of_the_phrase() -> None:
    """A number and a phrase inside a phrase follow its language; a name does not change."""
    text = say("against", top=say("whole", number=same("F1")), base=say("number", id="F2", interval=Interval(1, 2500)))

    assert text.sv == "en helhet som det ingår i: F1 mot F2 [1; 2\N{NO-BREAK SPACE}500]"
    assert text.en == "a whole it is part of: F1 against F2 [1, 2,500]"


@pytest.mark.parametrize(("names", "listed"), [("a", "a"), ("ab", "a och b"), ("abc", "a, b och c")])
def test_a_list_ends_with_and(names: str, listed: str) -> None:
    """Commas, and the language's own word before the last."""
    assert enumerated(map(same, names)).sv == listed


@pytest.mark.parametrize("language", ["sv", "nb"])
def test_every_verdict_is_said_in_swedish_and_norwegian(verdicts: Reconciliation, language: str) -> None:
    """Each sentence names its figure, writes its interval as the language does, and is not the English one."""
    for finding in verdicts.findings:
        sentence = finding.said[language]
        assert finding.figure.id in sentence
        assert sentence.endswith(".")
        assert sentence != finding.sentence
        if finding.figure.id not in {"F282", "F283"}:  # two numbers in one sentence, neither of them printed as such
            assert finding.interval.written(language) in sentence


def test_the_founding_share_is_refuted_in_swedish(verdicts: Reconciliation) -> None:
    """The base that 2.6 % implies and the official one stand in the sentence that a Swede may quote."""
    sentence = verdicts["F283"].said.sv.replace("\N{NO-BREAK SPACE}", " ")

    assert "förutsätter basen [150 943; 176 471]; den officiella (F262, Förvärvsarbetande, RAMS, 2021)" in sentence
    assert "är 129 489: av den är F282 [3,089; 3,475] procent" in sentence


def test_facets_have_names_for_a_sentence(shipped: Mappings) -> None:
    """Every facet is called something in Swedish and in Norwegian."""
    assert [facet.id for facet in shipped.facets.values() if not {"sv", "nb"} <= set(facet.names)] == []


def test_there_is_no_other_language() -> None:
    """A language that nobody wrote is refused, not answered in another."""
    with pytest.raises(KeyError, match="fi"):
        _ = Text("a", "b", "c")["fi"]
