"""Texts for people, in the three languages of the project."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Text:
    """One text in English, Swedish and Norwegian.

    Attributes
    ----------
    en, sv, nb : str
        The text in each language.
    """

    en: str
    sv: str
    nb: str

    def __getitem__(self, language: str) -> str:
        if language not in LANGUAGES:
            raise KeyError(language)
        return str(getattr(self, language))

    def __str__(self) -> str:
        return self.en


LANGUAGES = tuple(field.name for field in fields(Text))


def same(words: str) -> Text:
    """Give a text that is the same in every language: a name, an id, a quotation."""
    return Text(words, words, words)
