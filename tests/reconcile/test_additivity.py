"""Parts against wholes: in the evidence for a figure, and in a whole frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nordstat.errors import ReconciliationError, SettingsError
from nordstat.mapping.check import Mappings
from nordstat.model.interval import Interval
from nordstat.model.table import Disclosure
from nordstat.model.verdict import Evidence, EvidenceKind, Outcome, Verdict
from nordstat.pipeline import build as pipeline
from nordstat.reconcile.additivity import check_additivity, sums
from nordstat.reconcile.candidates import Corpus, Item
from nordstat.reconcile.reconciliation import Reconciliation


def _derived(corpus: Corpus, figure: str) -> list[Evidence]:
    return [piece for piece in sums(corpus.item(figure), corpus) if piece.kind is EvidenceKind.DERIVED]


def _bounds(corpus: Corpus, figure: str) -> list[Evidence]:
    return [piece for piece in sums(corpus.item(figure), corpus) if piece.kind is EvidenceKind.BOUND]


@pytest.mark.parametrize(
    ("figure", "sources", "value"),
    [
        ("F258", {"F259", "F260"}, 17_605),
        ("F259", {"F258", "F260"}, 16_529),
        ("F107", {"F112", "F113", "F114", "F115"}, 2_356),
        ("F111", {"F116", "F117", "F118", "F119"}, 2_229),
    ],
)
def test_flow_is_the_sum_of_its_flows(corpus: Corpus, figure: str, sources: set[str], value: float) -> None:
    """Both ways over the Øresund, from Finland and to Finland: the parts are found and add up."""
    (piece,) = [piece for piece in _derived(corpus, figure) if set(piece.sources) == sources]

    assert Interval.point(value) == piece.interval
    assert Outcome.AGREES is piece.outcome


def test_total_that_a_revision_left_behind_is_found(verdicts: Reconciliation) -> None:
    """16,862 over the Øresund in 2021 is not 15,844 + 1,070: all three are inconsistent, and the revision is shown."""
    for figure, other in (("F255", "16,914"), ("F256", "15,792"), ("F257", "1,018")):
        finding = verdicts[figure]
        assert finding.verdict is Verdict.INCONSISTENT
        assert other in finding.sentence
        assert "revised from 1 018" in finding.sentence


@pytest.mark.parametrize(("figure", "parts", "value"), [("F185", 10, 77_431), ("F169", 5, 82_765), ("F236", 10, 5_142)])
def test_total_is_the_sum_of_its_groups(corpus: Corpus, figure: str, parts: int, value: float) -> None:
    """Country backgrounds and educations add up, also where "other countries" is printed country group by group."""
    (piece,) = _derived(corpus, figure)

    assert parts == len(piece.sources)
    assert Interval.point(value) == piece.interval


def test_total_of_2013_adds_up_by_industry_and_by_background(corpus: Corpus) -> None:
    """90,248 is the sum of 16 industries in one publication and of 10 backgrounds in another."""
    assert [len(piece.sources) for piece in _derived(corpus, "F173")] == [16, 10]
    assert all(piece.outcome is Outcome.AGREES for piece in _derived(corpus, "F173"))


def test_incomplete_set_of_parts_only_bounds(corpus: Corpus) -> None:
    """The counties of 2011 printed in full leave 2,297 wage earners out: they bound the country, and equal nothing."""
    whole = corpus.item("ssb-nonresident-background-2007-2016:5")
    pieces = sums(whole, corpus)

    by_county = [piece for piece in pieces if piece.kind is EvidenceKind.BOUND]
    by_background = [piece for piece in pieces if piece.kind is EvidenceKind.DERIVED]
    assert whole.figure.value == 70_998
    assert [Interval(68_701, None)] == [piece.interval for piece in by_county]
    assert [Interval.point(70_998)] == [piece.interval for piece in by_background]


def test_nordic_flows_of_2015_bound_the_nordic_total(corpus: Corpus) -> None:
    """Denmark's and Iceland's outflows are printed in part: what is printed makes 50,036 of 51,234."""
    (piece,) = _bounds(corpus, "F097")

    assert Interval(50_036, None) == piece.interval
    assert Outcome.AS_PREDICTED is piece.outcome


def test_who_lives_and_works_in_one_country_is_no_part_of_its_flow(corpus: Corpus) -> None:
    """Sweden to the Nordic countries is Sweden to the other four, and no Swede at home is looked for."""
    (above,) = [piece for piece in _bounds(corpus, "F099") if piece.interval.high is not None]

    assert {"F098", "F102", "F118"} == set(above.sources)


def test_flow_one_way_is_both_ways_less_the_other(corpus: Corpus) -> None:
    """Were 28,209 known from Sweden to Norway in 2001, Norway to Sweden would be 32,500 less that."""
    both = corpus.item("F007")
    ends = {"origin": ("ISO3166", "SE"), "work": ("ISO3166", "NO")}
    other = replace(
        both,
        figure=replace(both.figure, id="X1"),
        quantity=replace(both.quantity, **ends),
        interval=Interval.point(28_209),
    )
    changed = replace(corpus, items=(*corpus.items, other))

    (back,) = _derived(changed, "F010")
    (total,) = _derived(changed, "F007")

    assert (back.sources, back.interval) == (("F007", "X1"), Interval(4_241, 4_341))
    assert (set(total.sources), total.interval) == ({"F010", "X1"}, Interval.point(32_500))


def test_norwegian_background_counts_among_those_who_work_in_norway(corpus: Corpus) -> None:
    """By background nobody is at home: Norway is one of the groups that make up the total."""
    (piece,) = _derived(corpus, "F186")

    assert Interval.point(4_980) == piece.interval
    assert len(piece.sources) == 10


def test_line_that_was_not_printed_leaves_the_sum_open(corpus: Corpus) -> None:
    """The table of 2001 prints 762 of 763 by education, so its lines bound each other and equal nothing."""
    total = corpus.item("ssb-health-nonresident-2000-2001:2")

    assert total.figure.value == 763
    assert all("HEALTH" not in corpus.item(name).quantity.occupation for p in sums(total, corpus)
               if p.kind is EvidenceKind.DERIVED for name in p.sources)  # fmt: skip
    assert any(piece.interval.floor == 762 for piece in sums(total, corpus) if piece.kind is EvidenceKind.BOUND)


def test_dash_is_the_zero_that_the_legend_says(corpus: Corpus) -> None:
    """692 Swedish citizens in 2000 need the educations shown as a dash, which SSB's legend calls zero."""
    zero = [item for item in corpus.items if item.figure.symbol == "-"]

    assert zero
    assert {0.0} == {item.figure.value for item in zero}
    assert {Outcome.AGREES} == {piece.outcome for piece in _derived(corpus, "F233")}


@pytest.mark.parametrize("figure", ["F274", "F275", "F276", "F277", "F278"])
def test_residents_follow_from_work_places_and_movement(corpus: Corpus, figure: str) -> None:
    """Residents are those who work there, with those who leave, less those who come."""
    (piece,) = _derived(corpus, figure)

    assert len(piece.sources) == 3
    assert piece.interval == corpus.item(figure).interval


def test_sum_inside_one_publication_is_no_independent_confirmation(verdicts: Reconciliation) -> None:
    """A total that only agrees with the parts printed beside it says so."""
    assert "all of the same publication; no independent number was found" in verdicts["F258"].sentence
    assert "independent" not in verdicts["F107"].sentence


def test_noise_leaves_sums_alone(corpus: Corpus) -> None:
    """By BAS nothing need add up; under such noise even the sum over the Øresund would be no evidence."""
    protected = replace(corpus, noisy=frozenset({"oresund-mainjob"}))

    assert corpus.noisy == {"scb-bas-employed"}
    assert sums(corpus.item("F258"), corpus)
    assert sums(protected.item("F258"), protected) == ()


def test_figures_that_do_not_say_how_they_count_add_up_only_within_one_publication(corpus: Corpus) -> None:
    """Two sources that both leave the definition open need not mean the same: their numbers are not added."""

    def unstated(item: Item, title: str) -> Item:
        figure = item.figure
        return replace(
            item,
            figure=replace(
                figure,
                key=replace(figure.key, definition="unstated"),
                citation=replace(figure.citation, title=title),
            ),
        )

    def judged(title: str) -> tuple[Evidence, ...]:
        titles = {"F258": "one", "F259": "one", "F260": title}
        items = tuple(
            unstated(item, titles[item.figure.id]) if item.figure.id in titles else item for item in corpus.items
        )
        changed = replace(corpus, items=items)
        return sums(changed.item("F258"), changed)

    assert [piece.kind for piece in judged("one")] == [EvidenceKind.DERIVED]
    assert judged("another") == ()


FLOW = {"reporter": "SSB", "definition": "d", "measure": "persons", "time_period": "2016-Q4", "work_area": "NO"}


def _frame(rows: list[tuple[str, str, float | None]], column: str = "background") -> pd.DataFrame:
    """Give observations: area, code of the column, value."""
    return pd.DataFrame(
        [{**FLOW, "residence_area": area, column: code, "obs_value": value} for area, code, value in rows]
    ).astype({"obs_value": "Float64"})


@pytest.mark.fault("R10")
def test_sum_of_rounded_cells_is_accepted_inside_the_bound() -> None:
    """Two 0 and a 3 beside 6 stand for [7, 13]: a total of 13 adds up, 14 and 6 do not."""
    cells = [("a", 0.0), ("b", 0.0), ("c", 3.0), ("d", 6.0)]
    frame = _frame([(str(t), code, v) for t in (13, 14, 7, 6) for code, v in [("_T", float(t)), *cells]])

    checked = check_additivity(frame, "background", disclosure=Disclosure.SSB_0_3)

    assert checked.table["outcome"].tolist() == ["adds_up", "differs", "adds_up", "differs"]
    assert checked.failing["apart"].tolist() == [1.0, 1.0]
    assert str(checked) == "4 totals: 2 adds_up, 0 open, 2 differs"


@pytest.mark.fault("R10")
def test_any_table_rounded_as_ssb_does_adds_up() -> None:
    """Whatever the counts, ones and twos shown as 0 or 3 never make a true total differ."""
    random = np.random.default_rng(11)
    true = random.poisson(2.0, size=(500, 12)).astype(float)
    shown = np.where(np.isin(true, [1, 2]), random.choice([0.0, 3.0], size=true.shape), true)
    rows = [
        row
        for number, (cells, total) in enumerate(zip(shown, true.sum(axis=1), strict=True))
        for row in [(f"m{number}", "_T", total), *((f"m{number}", str(i), cell) for i, cell in enumerate(cells))]
    ]

    assert check_additivity(_frame(rows), "background", disclosure=Disclosure.SSB_0_3).failing.empty
    assert not check_additivity(_frame(rows), "background").failing.empty


def test_hidden_part_leaves_the_sum_open() -> None:
    """A suppressed cell can be anything: nothing is claimed, unless the visible parts already exceed the total."""
    frame = _frame([("x", "_T", 9.0), ("x", "a", 6.0), ("x", "b", None), ("y", "_T", 9.0), ("y", "a", 10.0)])

    checked = check_additivity(frame, "background")

    assert checked.table["outcome"].tolist() == ["open", "differs"]
    assert checked.table["missing"].tolist() == [0, 1]


def test_check_that_matches_no_cell_fails() -> None:
    """A check of codes the frame does not have is refused, for it would always pass."""
    frame = _frame([("x", "_T", 9.0), ("x", "a", 9.0)])

    for wrong in ({"parts": ["z"]}, {"total": "all"}):
        with pytest.raises(ReconciliationError, match="matched no cell"):
            check_additivity(frame, "background", **wrong)


def test_part_that_stands_twice_is_refused() -> None:
    """A doubled row is not added twice."""
    with pytest.raises(ReconciliationError, match="'a' stands twice"):
        check_additivity(_frame([("x", "_T", 9.0), ("x", "a", 4.0), ("x", "a", 5.0)]), "background")


def test_noise_needs_its_reach() -> None:
    """SCB does not say how far noise moves a count: without an assumption there is no check, with one it is used."""
    frame = _frame([("x", "T", 100.0), ("x", "M", 51.0), ("x", "F", 55.0)], "sex")

    with pytest.raises(SettingsError, match="how far"):
        check_additivity(frame, "sex", total="T", disclosure=Disclosure.SCB_BAS_NOISE)
    with pytest.raises(SettingsError, match="noise=2"):
        check_additivity(frame, "sex", total="T", noise=2)
    for noise, failing in ((2.0, 0), (1.0, 1)):
        checked = check_additivity(frame, "sex", total="T", disclosure=Disclosure.SCB_BAS_NOISE, noise=noise)
        assert failing == len(checked.failing)


def test_groups_are_kept_apart(shipped: Mappings) -> None:
    """In the transcribed table of 2011 every county adds up by itself, and the one cut short is open."""
    frame = pipeline.observations(shipped)
    counties = frame[frame["source"].str.startswith("ssb-kortsys") & (frame["residence_area"] == "ABROAD_NO")]
    groups = [p[0] for p in shipped.partitions["backgrounds"].parts]

    checked = check_additivity(
        counties.drop(columns="source"), "background", parts=[f"{scheme}:{code}" for scheme, code in groups]
    )

    assert len(checked.table) == 24
    assert checked.table.loc[checked.table["outcome"] == "open", "work_area"].tolist() == ["26"]
    assert checked.failing.empty


def test_partition_with_a_part_twice_is_refused(tmp_path: Path) -> None:
    """A part counted twice, a whole with one part and an unknown code are faults with their lines."""
    from nordstat.errors import MappingErrors
    from nordstat.mapping.check import load_mappings
    from nordstat.mapping.locate import layers

    rows = ["x,sex,SEX:T,SEX:M,s", "x,sex,SEX:T,SEX:M,s", "y,sex,SEX:T,SEX:F,s", "z,area,AREA:NORDIC,ISO3166:QQ,s"]
    (tmp_path / "partitions.csv").write_text("\n".join(["partition,axis,whole,part,source", *rows]) + "\n", "utf-8")

    with pytest.raises(MappingErrors) as caught:
        load_mappings(layers([tmp_path]))

    text = str(caught.value)
    for line, words in ((3, "stands twice"), (4, "has one part"), (5, "no code 'QQ'")):
        assert f"partitions.csv:{line}: " in text
        assert words in text
