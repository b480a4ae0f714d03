"""Expressions: the ways to name codes, read against the codes there are.

=================  ============================================================
``0301``           the code, in any case if only one code fits
``*``, ``03*``     every code, every code of that form (``?`` is one character)
``top(3)``         the latest three periods, or the first three values
``top(3,1)``       the same without the latest one
``bottom(3)``      the other end
``from(2015)``     that value and all after it in table order
``to(2015)``       that value and all before it
``range(a,b)``     both and all between them, whichever is named first
=================  ============================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_CALL = re.compile(r"(top|bottom|from|to|range)\((.*)\)", re.IGNORECASE | re.DOTALL)


class ExpressionError(ValueError):
    """An expression that names no code, told so that it goes on after "Region has ..."."""


def is_expression(text: str) -> bool:
    """Tell whether a text is more than a code written out."""
    return bool(_CALL.fullmatch(text)) or "*" in text or "?" in text


def matches(expression: str, codes: Sequence[str], *, time: bool = False) -> Sequence[str]:
    """Give the codes an expression names; never none.

    It is read in the order the services read it: a code first, then a function, then a pattern.

    Parameters
    ----------
    expression : str
        Code, function or pattern.
    codes : sequence of str
        The codes there are, in table order.
    time : bool, default False
        Whether they are periods: ``top`` then counts from the latest.

    Raises
    ------
    ExpressionError
        Where nothing is named; a service would let such a pattern pass and sum the variable away.

    Examples
    --------
    >>> matches("top(2)", ["2020", "2021", "2022"], time=True)
    ['2022', '2021']
    """
    if literal := _literal(expression, codes):
        return [literal]
    if call := _CALL.fullmatch(expression):
        arguments = [part.strip() for part in call[2].split(",")]
        return _called(call[1].lower(), arguments, codes, time=time)
    if not is_expression(expression):
        raise ExpressionError(f"no code {expression!r}")
    pattern = re.escape(expression).replace(r"\*", ".*").replace(r"\?", ".")
    if found := [code for code in codes if re.fullmatch(pattern, code, re.IGNORECASE | re.DOTALL)]:
        return found
    raise ExpressionError(f"no code of the form {expression!r}")


def nearest(text: str, known: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Give the codes whose own text or label comes nearest to a text that was not found.

    Parameters
    ----------
    text : str
        What was asked.
    known : iterable of (str, str)
        Code and label.

    Examples
    --------
    >>> nearest("våler", [("3419", "Våler"), ("3114", "Våler"), ("0301", "Oslo")])
    ('3419 (Våler)', '3114 (Våler)')
    """
    pairs = list(known)
    texts = list(dict.fromkeys(word.casefold() for pair in pairs for word in pair))
    close = get_close_matches(text.casefold(), texts, n=3, cutoff=0.6)
    found = [pair for word in close for pair in pairs if word in (pair[0].casefold(), pair[1].casefold())]
    return tuple(f"{code} ({label})" if label != code else code for code, label in dict.fromkeys(found[:6]))


def _literal(text: str, codes: Sequence[str]) -> str:
    """Give the one code that is meant: exactly, or in another case if only one fits; empty where none does."""
    if text in codes:
        return text
    found = [code for code in codes if code.casefold() == text.casefold()]
    if len(found) > 1:
        raise ExpressionError(f"no code {text!r} but {' and '.join(found)}")
    return found[0] if found else ""


def _called(name: str, arguments: Sequence[str], codes: Sequence[str], *, time: bool) -> Sequence[str]:
    if name in ("top", "bottom"):
        return _end(name, arguments, sorted(codes) if time else codes, time=time)
    if len(arguments) != (2 if name == "range" else 1):
        raise ExpressionError(f"no meaning for {name}({','.join(arguments)})")
    places = [_place(argument, codes) for argument in arguments]
    if name == "from":
        return codes[places[0] :]
    return codes[: places[0] + 1] if name == "to" else codes[min(places) : max(places) + 1]


def _end(name: str, arguments: Sequence[str], codes: Sequence[str], *, time: bool) -> Sequence[str]:
    """Give n codes at one end: the top is the latest of a time variable and the first of any other."""
    if len(arguments) > 2 or not all(re.fullmatch(r"[0-9]+", argument) for argument in arguments):
        raise ExpressionError(f"no meaning for {name}({','.join(arguments)})")
    number, offset = int(arguments[0]), int(arguments[1]) if len(arguments) == 2 else 0
    from_last = time if name == "top" else not time
    found = (codes[::-1] if from_last else codes)[offset : offset + number]
    if not found:
        raise ExpressionError(f"nothing in {name}({','.join(arguments)})")
    return found


def _place(code: str, codes: Sequence[str]) -> int:
    if literal := _literal(code, codes):
        return codes.index(literal)
    raise ExpressionError(f"no code {code!r}")
