"""Selections: what a user asks of a table, and the same thing code by code.

A user names variables by code or by label, and values by code or by expression (`nordstat.model.expression`);
`resolve` turns that into codes by the table's own metadata, so that cells are counted before anything is sent and a
misspelling never reaches the service. Two things a service would do in silence are never left to it: an empty
selection is refused (PxWeb would answer with some default part of the table), and a variable that is not named is
taken whole (PxWeb v2 would sum it away). To have it summed away, say so: ``Kon=eliminate()``.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Self

from nordstat.errors import SettingsError, UnknownSelectionError
from nordstat.model.answer import ServiceCodelist, TableMeta, Variable
from nordstat.model.expression import ExpressionError, is_expression, matches, nearest

ELIMINATE = "eliminate()"
_LISTED = re.compile(r"(.+):((?:agg|vs)_.+)", re.DOTALL)
_COMMA = re.compile(r",(?![^(]*\))")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of one variable.

    Attributes
    ----------
    variable : str
        Code or label.
    expressions : tuple of str
        Codes and expressions.
    codelist : str
        Id of the code list the codes belong to; empty for the table's own.
    """

    variable: str
    expressions: tuple[str, ...]
    codelist: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked of a table.

    Attributes
    ----------
    wishes : tuple of Wish
        One a variable; variables not named are taken whole.
    origin : str
        Who asks: file and line, for the error that may follow.
    """

    wishes: tuple[Wish, ...] = ()
    origin: str = ""

    @classmethod
    def of(cls, wishes: Mapping[str, str | Sequence[str]], *, origin: str = "") -> Self:
        """Give the selection behind ``{"Tid": ["2022"], "Region:agg_KommFylker": "F-03"}``."""
        made = []
        for name, values in wishes.items():
            listed = _LISTED.fullmatch(name)
            variable, codelist = listed.groups() if listed else (name, "")
            made.append(Wish(variable, (values,) if isinstance(values, str) else tuple(map(str, values)), codelist))
        return cls(tuple(made), origin)

    @classmethod
    def parse(cls, text: str | Iterable[str], *, origin: str = "") -> Self:
        """Read ``Region=0301,5001 Tid=top(3)``, as one text or word by word.

        Raises
        ------
        SettingsError
            For words without ``=``, and for a variable named twice.

        Examples
        --------
        >>> Selection.parse("Region=0301,5001 Tid=top(3,1)").wishes[1].expressions
        ('top(3,1)',)
        """
        words = shlex.split(text) if isinstance(text, str) else list(text)
        pairs = [(name, values) for name, sign, values in (word.partition("=") for word in words) if name and sign]
        faults = [f"{word!r} is no selection" for word in words if not word.partition("=")[1] or word.startswith("=")]
        faults += [
            f"{name!r} is selected twice" for name, times in Counter(name for name, _ in pairs).items() if times > 1
        ]
        if faults:
            hint = "Write VARIABLE=CODE,CODE and each variable once."
            raise SettingsError("; ".join(faults), where=origin, hint=hint)
        return cls.of({name: _COMMA.split(values) for name, values in pairs}, origin=origin)


@dataclass(frozen=True, slots=True)
class Choice:
    """The codes asked of one variable, in the order the service will give them.

    Attributes
    ----------
    variable : str
        Code of the variable, spelled as the service spells it.
    codes : tuple of str
        Never empty, and no code twice (the services answer that with status 500 and no word, 2026-09-09).
    codelist : str
        Id of the code list they belong to; empty for the table's own.
    """

    variable: str
    codes: tuple[str, ...]
    codelist: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A selection code by code: what a whole fetch, or one request of it, asks of a table.

    Attributes
    ----------
    service, table : str
        Whose table.
    choices : tuple of Choice
        In table order.
    eliminated : tuple of str
        Codes of the variables that the service is to sum away.
    language : str
        Language of the labels; empty for the service's own.
    origin : str
        Who asks.
    """

    service: str
    table: str
    choices: tuple[Choice, ...]
    eliminated: tuple[str, ...] = ()
    language: str = ""
    origin: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of codes of each variable."""
        return tuple(len(choice.codes) for choice in self.choices)

    @property
    def cells(self) -> int:
        """Number of cells of the answer; the services count empty ones too."""
        return prod(self.shape)

    @property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """The question as a snapshot keeps it, and as `Selection.of` reads it."""
        named = {f"{c.variable}:{c.codelist}" if c.codelist else c.variable: c.codes for c in self.choices}
        summed = dict.fromkeys(self.eliminated, (ELIMINATE,))
        return named | summed | ({"lang": (self.language,)} if self.language else {})


def resolve(
    selection: Selection,
    table: TableMeta,
    *,
    codelists: Mapping[str, ServiceCodelist] | None = None,
    language: str = "",
) -> Query:
    """Give what is asked code by code, in table order.

    Parameters
    ----------
    selection : Selection
        What is asked.
    table : TableMeta
        The table as it is now.
    codelists : mapping of str to ServiceCodelist, optional
        The code lists that the selection names and the table offers. One that is missing here cannot be looked into:
        its codes are taken as written, and expressions in it are refused. ``None`` where nothing tells (v1) which
        ones the table offers.
    language : str, optional
        Language of the labels.

    Raises
    ------
    UnknownSelectionError
        For variables and codes the table does not have, all of them, with the nearest that it has.
    """
    wishes, faults = _by_variable(selection, table)
    choices = []
    for variable in table.variables:
        try:
            wish = wishes.get(variable.code, Wish(variable.code, ("*",)))
            choices.append(_choice(wish, variable, codelists))
        except ExpressionError as fault:
            faults.append(f"{variable.code} has {fault}")
    if not faults and not any(choice.codes for choice in choices):
        faults.append("every variable is eliminated, nothing is left to ask for")
    if faults:
        hint = f"Asked by {selection.origin}: correct it there." if selection.origin else ""
        place = {"service": table.service, "table": table.id, "hint": hint}
        raise UnknownSelectionError("; ".join(faults), status=0, **place)
    return Query(
        table.service,
        table.id,
        tuple(choice for choice in choices if choice.codes),
        tuple(choice.variable for choice in choices if not choice.codes),
        language,
        selection.origin,
    )


def find_variables(name: str, table: TableMeta) -> list[Variable]:
    """Give the variables a name may mean: by code, or by label in a language that the table was read in."""
    key = name.casefold()
    rules: tuple[Callable[[Variable], bool], ...] = (
        lambda variable: variable.code == name,
        lambda variable: variable.code.casefold() == key,
        lambda variable: key in {label.casefold() for label in variable.labels.values()},
        lambda variable: variable.time and key == "time",  # PxWebApi v2 knows the time variable by this name too
    )
    found = ([variable for variable in table.variables if rule(variable)] for rule in rules)
    return next((variables for variables in found if variables), [])


def _by_variable(selection: Selection, table: TableMeta) -> tuple[dict[str, Wish], list[str]]:
    wishes: dict[str, Wish] = {}
    faults = []
    for wish in selection.wishes:
        found = find_variables(wish.variable, table)
        if len(found) > 1:
            faults.append(f"{wish.variable!r} may be {' or '.join(variable.code for variable in found)}")
        elif not found:
            known = [(variable.code, label) for variable in table.variables for label in variable.labels.values()]
            there = nearest(wish.variable, known) or [variable.code for variable in table.variables]
            faults.append(f"there is no variable {wish.variable!r}; there is {', '.join(there)}")
        elif found[0].code in wishes:
            faults.append(f"{found[0].code} is selected twice")
        else:
            wishes[found[0].code] = wish
    return wishes, faults


def _choice(wish: Wish, variable: Variable, codelists: Mapping[str, ServiceCodelist] | None) -> Choice:
    if wish.expressions == (ELIMINATE,):
        if not variable.elimination:
            raise ExpressionError("no total: the service does not give the table without it")
        return Choice(variable.code, ())
    if not wish.expressions:
        raise ExpressionError("nothing selected")
    if wish.codelist and codelists is not None and wish.codelist not in variable.codelists:
        raise ExpressionError(f"no code list {wish.codelist!r}; there is {', '.join(variable.codelists) or 'none'}")
    if wish.codelist and wish.codelist not in (codelists or {}):
        return Choice(variable.code, _as_written(wish), wish.codelist)
    values = codelists[wish.codelist].values if codelists and wish.codelist else variable.values
    return Choice(variable.code, _codes(wish.expressions, values, time=variable.time), wish.codelist)


def _as_written(wish: Wish) -> tuple[str, ...]:
    if unread := [expression for expression in wish.expressions if is_expression(expression)]:
        raise ExpressionError(f"no way to read {', '.join(unread)}: the codes of {wish.codelist} are not told here")
    return tuple(dict.fromkeys(wish.expressions))


def _codes(expressions: Sequence[str], values: Mapping[str, str], *, time: bool) -> tuple[str, ...]:
    wanted = {expression for expression in expressions if expression in values}
    faults = []
    for expression in (expression for expression in expressions if expression not in wanted):
        try:
            wanted |= set(matches(expression, tuple(values), time=time))
        except ExpressionError as fault:
            close = nearest(expression, values.items())
            faults.append(f"{fault}; nearest: {', '.join(close)}" if close else str(fault))
    if faults:
        raise ExpressionError(" and ".join(faults))
    return tuple(code for code in values if code in wanted)
