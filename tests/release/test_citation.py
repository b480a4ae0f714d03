"""Citing a release."""

from __future__ import annotations

import json
import re

import pytest

from nordstat.errors import SettingsError
from nordstat.release.citation import STYLES, cite
from nordstat.release.edition import Edition, edition
from release.samples import SOURCES, content

HASH = "5e" * 32


@pytest.fixture
def sample() -> Edition:
    return edition(content(), content_hash=HASH, environ={})


@pytest.mark.parametrize("style", STYLES)
def test_every_style_names_release_offices_tables_and_days(style: str, sample: Edition) -> None:
    """Release, content hash, both offices, both tables, both days of retrieval."""
    text = cite(sample, style).replace("\\", "")
    for word in ("2026.1", HASH, "Statistics Norway (SSB)", "Statistics Sweden (SCB)", "03321", "TAB3200"):
        assert word in text
    for day in ("2026-11-01", "2026-10-30"):
        assert day in text


def test_apa_reads_as_a_sentence(sample: Edition) -> None:
    """Creators, year, title, version, kind."""
    assert cite(sample).startswith(
        "The nordstat developers, Statistics Sweden (SCB), & Statistics Norway (SSB). (2026). Cross-border commuting"
    )
    assert "(Version 2026.1) [Data set]." in cite(sample)


def test_other_publications_are_counted_and_listed_in_the_cff() -> None:
    """A citation stays short enough to use; nothing is lost, and an office is named when others print its numbers."""
    report = dict(SOURCES[0]) | {"id": "S1", "title": "Pendling", "publisher": "Region Värmland (data SCB)"}
    told = edition(content(sources=[SOURCES[0], report]), content_hash=HASH, environ={})
    assert "1 other publications, listed in CITATION.cff (retrieved 2026-11-01)" in cite(told)
    assert "Region Värmland" not in cite(told)
    assert "Statistics Sweden (SCB)" in cite(told)
    assert "Region Värmland (data SCB)" in cite(told, "cff")


def test_bibtex_escapes_what_tex_would_read(sample: Edition) -> None:
    """An ampersand or a percent sign in a title does not break a bibliography."""
    text = cite(sample, "bibtex")
    assert r"sysselsättning \& län" in text
    assert not re.search(r"(?<!\\)[&%$#_]", text)
    assert text.count("{") == text.count("}")


def test_csl_is_a_list_of_one_dataset(sample: Edition) -> None:
    """Reference managers read it."""
    (entry,) = json.loads(cite(sample, "csl"))
    assert (entry["type"], entry["issued"]["date-parts"]) == ("dataset", [[2026, 11, 1]])


@pytest.mark.fault("E13")
def test_cff_is_of_a_dataset_with_version_and_references(sample: Edition) -> None:
    """Not software, and not without its version; a source without an address has no url."""
    text = cite(sample, "cff")
    assert 'type: "dataset"' in text
    assert 'version: "2026.1"' in text
    assert text.count("    url: ") == 1


def test_an_unknown_style_is_refused(sample: Edition) -> None:
    """The styles there are stand in the error."""
    with pytest.raises(SettingsError, match="Styles: apa, bibtex, csl, cff"):
        cite(sample, "chicago")


def test_the_same_words_in_any_order_of_sources() -> None:
    """The order in which sources are given plays no part."""
    turned = content(sources=[dict(source) for source in reversed(SOURCES)])
    one, two = (edition(told, content_hash=HASH, environ={}) for told in (content(), turned))
    assert one == two
