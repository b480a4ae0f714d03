"""Selections, resolved against a table's metadata."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nordstat.errors import SettingsError, UnknownSelectionError
from nordstat.model.answer import Answer, ServiceCodelist, TableMeta, Variable
from nordstat.model.selection import ELIMINATE, Selection, resolve

YEARS = ("2019", "2020", "2021", "2022")
AGES = {"TotSA": "totalt", "-4": "0-4 år", "1+2": "1-2 år", "04+05": "4-5 år", "A-Z": "alla", "62.010": "övrigt"}
FYLKER = ServiceCodelist("agg_KommFylker", "Fylker", {"F-03": "Oslo", "F-34": "Innlandet"}, {})


def table(**extra: Variable) -> TableMeta:
    """A table of five variables as its metadata describe it."""
    variables = (
        Variable(
            "Region",
            {"nb": "region", "en": "municipality"},
            {"0301": "Oslo", "3114": "Våler", "3419": "Våler", "5001": "Trondheim"},
            elimination=True,
            geo=True,
            codelists={"agg_KommFylker": "Fylker"},
        ),
        Variable("Alder", {"nb": "alder"}, AGES),
        Variable("Kon", {"nb": "kjønn"}, {"TotSa": "begge", "1": "menn", "2": "kvinner"}, elimination=True),
        Variable("ContentsCode", {"nb": "statistikkvariabel"}, {"Sys": "Sysselsatte"}),
        Variable("Tid", {"nb": "år", "en": "year"}, {year: year for year in YEARS}, time=True),
    )
    answer = Answer(
        service="SSB",
        table="03321",
        url="https://example.org",
        query="metadata",
        body=b"{}",
        received=datetime.now(UTC),
        content_type="",
        api="v2",
    )
    return TableMeta("SSB", "03321", "Flows", "", (*variables, *extra.values()), (), answer)


def codes(variable: str, *expressions: str) -> tuple[str, ...]:
    """The codes chosen of one variable, named by its code, of the table."""
    query = resolve(Selection.of({variable: expressions}), table())
    return next(choice.codes for choice in query.choices if choice.variable == variable)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("*", YEARS),
        ("202*", YEARS[1:]),
        ("*1", ("2021",)),
        ("20?0", ("2020",)),
        ("top(2)", YEARS[2:]),
        ("TOP(2,1)", YEARS[1:3]),
        ("bottom(1)", YEARS[:1]),
        ("from(2021)", YEARS[2:]),
        ("to(2020)", YEARS[:2]),
        ("range(2020,2021)", YEARS[1:3]),
        ("range( 2021 , 2020 )", YEARS[1:3]),
        ("top(99)", YEARS),
    ],
)
def test_expressions_are_read_as_the_services_read_them(expression: str, expected: tuple[str, ...]) -> None:
    """Each expression gives the codes the service would give, in table order."""
    assert codes("Tid", expression) == expected


def test_the_top_of_other_variables_is_their_beginning() -> None:
    """Top counts from the latest of periods and from the first of anything else."""
    assert codes("Region", "top(2)") == ("0301", "3114")
    assert codes("Region", "bottom(1)") == ("5001",)


@pytest.mark.parametrize("code", AGES)
def test_a_code_may_hold_what_expressions_hold(code: str) -> None:
    """Codes with dots, plus and hyphen are codes, not expressions (quirk 23)."""
    assert codes("Alder", code) == (code,)


def test_codes_come_in_table_order_and_once() -> None:
    """A code asked twice, in another case or by two expressions is sent once; twice would be status 500 (quirk 5)."""
    assert codes("Region", "5001", "0301", "0301", "03*") == ("0301", "5001")
    assert codes("Alder", "totsa", "TotSA") == ("TotSA",)


def test_each_variable_has_its_own_spelling() -> None:
    """TotSA of one variable and TotSa of another are sent as each is spelled (quirk 21)."""
    query = resolve(Selection.parse("Alder=totsa Kon=totsa"), table())
    assert [choice.codes for choice in query.choices[1:3]] == [("TotSA",), ("TotSa",)]


def test_codes_that_differ_in_case_only_must_be_spelled() -> None:
    """Where two codes fit in another case, neither is taken, and both are named."""
    both = Variable("Typ", {}, {"Ab": "one", "aB": "two"})
    assert resolve(Selection.parse("Typ=aB"), table(extra=both)).choices[-1].codes == ("aB",)
    with pytest.raises(UnknownSelectionError, match="'ab' but Ab and aB"):
        resolve(Selection.parse("Typ=ab"), table(extra=both))


@pytest.mark.parametrize("name", ["Tid", "TID", "år", "year", "Time"])
def test_variables_are_named_by_code_or_label(name: str) -> None:
    """Code in any case, label in any language that was read, and Time for the time variable."""
    assert resolve(Selection.of({name: "2022"}), table()).choices[-1].codes == ("2022",)


def test_a_label_of_two_variables_names_neither() -> None:
    """Two variables with one label are told apart by their codes only."""
    twin = Variable("Bosted", {"en": "municipality"}, {"1": "1"})
    with pytest.raises(UnknownSelectionError, match="'municipality' may be Region or Bosted"):
        resolve(Selection.parse("municipality=0301"), table(extra=twin))


def test_a_variable_not_named_is_taken_whole() -> None:
    """Nothing is summed away unless it is asked for (quirk 3)."""
    query = resolve(Selection.parse("Tid=2022"), table())
    assert query.shape == (4, 6, 3, 1, 1)
    assert query.eliminated == ()


def test_elimination_is_asked_for_and_kept_in_the_question() -> None:
    """An eliminated variable is left out of the request, and the question says so."""
    query = resolve(Selection.parse(["Kon=eliminate()"]), table())
    assert [choice.variable for choice in query.choices] == ["Region", "Alder", "ContentsCode", "Tid"]
    assert query.asked["Kon"] == (ELIMINATE,)


def test_what_was_asked_can_be_asked_again() -> None:
    """The question as a snapshot keeps it is a selection that gives the same question."""
    selection = Selection.parse("Region:agg_KommFylker=F-03 Kon=eliminate() Alder=1+2 Tid=top(2)")
    query = resolve(selection, table(), codelists={FYLKER.id: FYLKER})
    assert resolve(Selection.of(query.asked), table(), codelists={FYLKER.id: FYLKER}) == query


@pytest.mark.fault("H22")
def test_an_unknown_code_names_dimension_code_neighbours_and_who_asked() -> None:
    """A code the table does not have is refused before anything is sent, with the file that asked for it."""
    asked = Selection.parse("Region=våler Tid=2032", origin="mappings/tables/ssb.toml:12")
    with pytest.raises(UnknownSelectionError) as caught:
        resolve(asked, table())
    message = str(caught.value)
    assert "Region has no code 'våler'; nearest: 3114 (Våler), 3419 (Våler)" in message
    assert "Tid has no code '2032'" in message
    assert "mappings/tables/ssb.toml:12" in message
    assert "SSB:03321" in message


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Regino=0301", "no variable 'Regino'; there is Region"),
        ("Region=9*", "no code of the form '9\\*'"),
        ("Tid=top(0)", "nothing in top\\(0\\)"),
        ("Tid=top(x)", "no meaning for top\\(x\\)"),
        ("Tid=range(2020)", "no meaning for range\\(2020\\)"),
        ("Tid=from(1999)", "no code '1999'"),
        ("Tid=", "no code ''"),
        ("Tid=eliminate()", "Tid has no total"),
        ("Region=0301 region=5001", "Region is selected twice"),
        ("Region:agg_Nei=1", "no code list 'agg_Nei'; there is agg_KommFylker"),
    ],
)
def test_what_cannot_be_resolved_is_refused(words: str, reason: str) -> None:
    """Misspellings, patterns that match nothing and empty selections never reach a service (quirk 4)."""
    with pytest.raises(UnknownSelectionError, match=reason):
        resolve(Selection.parse(words), table(), codelists={})


def test_nothing_left_to_ask_for_is_refused() -> None:
    """A table of which every variable is eliminated has no cells."""
    only = TableMeta("SSB", "1", "", "", (table().variables[2],), (), table().answer)
    with pytest.raises(UnknownSelectionError, match="nothing is left"):
        resolve(Selection.parse("Kon=eliminate()"), only)
    with pytest.raises(UnknownSelectionError, match="Kon has nothing selected"):
        resolve(Selection.of({"Kon": ()}), only)


def test_codes_of_a_code_list_are_those_of_the_list() -> None:
    """With a code list the codes and their number are the list's."""
    query = resolve(Selection.parse("Region:agg_KommFylker=* Tid=2022"), table(), codelists={FYLKER.id: FYLKER})
    assert (query.choices[0].codes, query.choices[0].codelist) == (("F-03", "F-34"), "agg_KommFylker")


def test_codes_of_a_list_nobody_tells_are_taken_as_written() -> None:
    """Version 1 names no code lists: codes pass as they are, expressions are refused."""
    assert resolve(Selection.parse("Region:vs_X=a,a,b"), table()).choices[0].codes == ("a", "b")
    with pytest.raises(UnknownSelectionError, match="codes of vs_X are not told here"):
        resolve(Selection.parse("Region:vs_X=*"), table())


@pytest.mark.parametrize("words", ["Region", "=0301", "Tid=1 Tid=2"])
def test_words_that_are_no_selection_are_refused(words: str) -> None:
    """Each word is VARIABLE=CODES, and each variable comes once."""
    with pytest.raises(SettingsError, match="VARIABLE=CODE"):
        Selection.parse(words)


def test_commas_in_brackets_do_not_divide() -> None:
    """``top(3,1)`` is one expression, also between others."""
    assert Selection.parse("Tid=2019,top(3,1),range(a,b)").wishes[0].expressions == ("2019", "top(3,1)", "range(a,b)")


@given(st.sets(st.sampled_from([*table().variables[0].values]), min_size=1))
def test_any_codes_are_chosen_exactly(chosen: set[str]) -> None:
    """Whatever codes are asked for, those are chosen and no others."""
    assert set(codes("Region", *chosen)) == chosen
