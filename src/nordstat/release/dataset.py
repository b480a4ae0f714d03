"""Datasets: a part of a release about one flow, with what a reader must know about it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nordstat.errors import SettingsError

BY = ("residence_area", "work_area", "sex", "age", "occupation", "industry")
_COUNTRY_SCHEMES = {"SE": ("SE-", "NUTS"), "NO": ("NO-", "NUTS")}
_SHOWN = ("reporter", "definition", "time_period", "obs_value", "obs_low", "obs_high", "source")
_FOREIGN = "ABROAD_NO"


@dataclass(frozen=True)
class Dataset:
    """Observations of one flow, as a plain frame.

    Attributes
    ----------
    data : DataFrame
        Columns of the observations; the same flow counted by two offices is two rows.
    meta : dict
        What was asked for, and the definitions met: label, description, facets.
    caveats : tuple of str
        What a reader must know before using it.
    """

    data: pd.DataFrame
    meta: Mapping[str, Any]
    caveats: tuple[str, ...]

    def compare(self, first: str, second: str) -> pd.DataFrame:
        """Give the counts of two offices beside each other, year by year.

        Parameters
        ----------
        first, second : str
            Reporters, such as ``SCB`` and ``SSB``.

        Returns
        -------
        DataFrame
            One row a year and a pair of counts: both values and intervals, ``difference_low`` and ``difference_high``
            (first minus second), and ``facets_differing``. Only numbers of the whole flow are paired.

        Raises
        ------
        SettingsError
            For a reporter that has no count here.
        """
        one, two = (self._whole(reporter) for reporter in (first, second))
        pairs = one.merge(two, on="year", suffixes=("_first", "_second"))
        facets = {name: definition["facets"] for name, definition in self.meta["definitions"].items()}
        pairs["difference_low"] = pairs["obs_low_first"] - pairs["obs_high_second"]
        pairs["difference_high"] = pairs["obs_high_first"] - pairs["obs_low_second"]
        told = zip(pairs["definition_first"], pairs["definition_second"], strict=True)
        pairs["facets_differing"] = [" ".join(_differing(facets[a], facets[b])) for a, b in told]
        return pairs.rename(columns=lambda name: name.replace("_first", f"_{first}").replace("_second", f"_{second}"))

    def _whole(self, reporter: str) -> pd.DataFrame:
        """Give an office's counts of the whole flow, with the year."""
        known = sorted(self.data["reporter"].astype(str).unique())
        if reporter not in known:
            raise SettingsError(f"no count by {reporter!r} here", hint=f"Counted by: {', '.join(known) or 'nobody'}.")
        total = at_total(self.data, ())
        period = self.data["time_period"].astype("string").fillna("/")
        dated = ~period.str.contains("/")  # a range of years is no year
        rows = self.data[total & dated & (self.data["reporter"] == reporter)]
        kept = rows[["definition", "time_period", "obs_value", "obs_low", "obs_high", "source"]].copy()
        kept["definition"] = kept["definition"].astype(str)
        kept.insert(0, "year", kept["time_period"].astype(str).str[:4])
        return kept

    def __len__(self) -> int:
        return len(self.data)

    def __str__(self) -> str:
        shown = self.data[list(_SHOWN)].to_string(index=False, max_rows=20)
        return "\n".join([self._title(), shown, *(f"* {caveat}" for caveat in self.caveats)])

    def _repr_html_(self) -> str:
        table = self.data[list(_SHOWN)].head(20).to_html(index=False, escape=True)
        caveats = "".join(f"<li>{html.escape(caveat)}</li>" for caveat in self.caveats)
        return f"<p>{html.escape(self._title())}</p>{table}<ul>{caveats}</ul>"

    def _title(self) -> str:
        years = sorted(self.data["time_period"].dropna().astype(str).str[:4].unique())
        span = f", {years[0]}-{years[-1]}" if years else ""
        return f"{self.meta['residence']} -> {self.meta['work']}: {len(self.data):,} numbers{span}"


def commuters(
    observations: pd.DataFrame, definitions: Mapping[str, Any], *, residence: str, work: str, by: Sequence[str] = ()
) -> Dataset:
    """Give every count of the commuters between two countries.

    Parameters
    ----------
    observations : DataFrame
        Of a release.
    definitions : mapping
        Of the same release.
    residence, work : str
        ISO 3166 codes; a country background counts as the residence where the residence itself is not known, and a
        caveat says so.
    by : sequence of str, optional
        What may be broken down: residence_area, work_area, sex, age, occupation, industry. Everything else is the
        total.

    Raises
    ------
    SettingsError
        For a breakdown there is none of.
    """
    unknown = sorted(set(by) - set(BY))
    if unknown:
        raise SettingsError(f"no breakdown by {', '.join(unknown)}", hint=f"There are: {', '.join(BY)}.")
    counts = observations["measure"].isin(["persons", "jobs"])
    chosen = counts & _origin(observations, residence, inside="residence_area" in by)
    chosen &= _within(observations, "work", work, inside="work_area" in by) & at_total(observations, by)
    data = observations[chosen].reset_index(drop=True)
    met = {name: definitions[name] for name in sorted(data["definition"].astype(str).unique())}
    meta = {"residence": residence, "work": work, "by": tuple(by), "definitions": met}
    return Dataset(data, meta, tuple(_caveats(data, met)))


def _origin(frame: pd.DataFrame, country: str, *, inside: bool) -> pd.Series[bool]:
    known = _within(frame, "residence", country, inside=inside)
    foreign = (frame["residence_area"] == _FOREIGN) & (frame["background"] == f"ISO3166:{country}")
    return known | foreign


def _within(frame: pd.DataFrame, end: str, country: str, *, inside: bool) -> pd.Series[bool]:
    whole = frame[f"{end}_area"] == country
    if not inside:
        return whole
    scheme = frame[f"{end}_scheme"].astype("string").fillna("")
    part = scheme.str.startswith(tuple(start for start in _COUNTRY_SCHEMES.get(country, ()) if start != "NUTS"))
    nuts = scheme.str.startswith("NUTS") & frame[f"{end}_area"].astype("string").str.startswith(country)
    return whole | part | nuts


def at_total(frame: pd.DataFrame, by: Sequence[str]) -> pd.Series[bool]:
    """Tell which rows are totals in everything that is not broken down."""
    kept = pd.Series(data=True, index=frame.index)
    for column, total in (("sex", "T"), ("occupation", "_T"), ("industry", "_T")):
        if column not in by:
            kept &= frame[column] == total
    if "age" not in by:
        kept &= (frame["age_low"].isna() | (frame["age_low"] <= 16)) & (
            frame["age_high"].isna() | (frame["age_high"] >= 66)
        )
    return kept


def _differing(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    return [facet for facet in first if first[facet] != second[facet]]


def _caveats(data: pd.DataFrame, definitions: Mapping[str, Any]) -> list[str]:
    said = []
    if len(definitions) > 1:
        said.append(f"{len(definitions)} definitions stand side by side; they are never added or averaged.")
    by_background = [
        name for name, definition in definitions.items() if definition["facets"]["country_key"] != "residence"
    ]
    if by_background:
        said.append(f"{', '.join(by_background)}: by country background, mostly citizenship, and not by residence.")
    vague = [name for name, definition in definitions.items() if "unstated" in definition["facets"].values()]
    if vague:
        said.append(f"{', '.join(vague)}: the source does not say everything about how it counts.")
    if data["time_period"].isna().any():
        said.append("Some numbers state no period.")
    return said
