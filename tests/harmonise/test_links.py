"""How sure what goes over a link is, and what is said of links that cannot carry counts."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from harmonise.ways import AALESUND, HALDEN, MOSS, SVALBARD, TYSFJORD, way
from nordstat.errors import AmbiguousCorrespondenceError, MappingErrors, UnknownCodeError
from nordstat.harmonise.links import check_links, link_status
from nordstat.model.codelist import CodeRelation, Correspondence, Link

HOLE = Link("2111", "", CodeRelation.NONE, note="not part of a county")
TOTAL = Link("_T", "_T", CodeRelation.EXACT)


def check(codes: Collection[str], correspondence: Correspondence) -> None:
    check_links(codes, correspondence, allow_assumed=False, keep_unmapped=False)


@pytest.mark.parametrize(
    ("link", "status"),
    [
        (TOTAL, "none"),
        (TYSFJORD[0], "estimated_assumed"),
        (AALESUND[0], "estimated"),
        (Link("1", "2", CodeRelation.NARROWER, 0.5), "estimated"),
        (Link("1", "2", CodeRelation.PARTIAL, 1.0), "estimated"),
        (MOSS, "aggregated"),
        (HALDEN, "exact"),
    ],
)
def test_link_tells_how_sure_a_count_over_it_is(link: Link, status: str) -> None:
    """The total is no conversion; assumed, shared, whole and recoded units follow in this order."""
    assert link_status(link) == status


def test_code_that_goes_nowhere_is_told_with_its_note() -> None:
    """Beside a code without counterpart stands why, where the correspondence says so."""
    for links, told in (((HOLE,), "2111 (not part of a county)"), ((SVALBARD,), "2111")):
        with pytest.raises(UnknownCodeError) as caught:
            check({"2111"}, way(*links))
        assert caught.value.what == f"no counterpart for {told}"


def test_shares_are_told_with_their_targets() -> None:
    """A fault of shares writes where the code goes and how much of it."""
    with pytest.raises(AmbiguousCorrespondenceError) as caught:
        check({"1850"}, way(*TYSFJORD))

    assert caught.value.what == ("the shares are assumed, nobody has measured them, for 1850 (1806 0.5, 1875 0.5)")
    assert caught.value.where == "NO-KOMMUNE:2019 -> NO-KOMMUNE:2024"


def test_faults_of_several_kinds_are_told_under_the_way() -> None:
    """One group names the correspondence and holds a fault for each kind."""
    with pytest.raises(MappingErrors) as caught:
        check({"1850", "2111", "0101"}, way(HALDEN, *TYSFJORD, SVALBARD))

    assert caught.value.what == "NO-KOMMUNE:2019 -> NO-KOMMUNE:2024 cannot be used"
    assert [type(fault) for fault in caught.value.faults] == [AmbiguousCorrespondenceError, UnknownCodeError]


def test_double_row_is_told_once() -> None:
    """Shares that do not sum to one because a row stands twice are that fault and no other."""
    with pytest.raises(AmbiguousCorrespondenceError, match="the same target stands twice for 0101"):
        check({"0101"}, way(HALDEN, HALDEN))


def test_share_that_nobody_knows_is_no_wrong_sum() -> None:
    """Beside one known share of a half, an unknown one is told as such alone."""
    halves = [Link("1", "2", CodeRelation.BROADER, 0.5), Link("1", "3", CodeRelation.BROADER, None, None)]
    with pytest.raises(AmbiguousCorrespondenceError) as caught:
        check({"1"}, way(*halves))

    assert caught.value.what == "nobody knows the shares of 1 (2 0.5, 3 ?)"
