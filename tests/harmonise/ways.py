"""Correspondences and frames written by hand, for tests of conversion."""

from __future__ import annotations

import pandas as pd

from nordstat.model.codelist import Code, Codelist, CodeRelation, Correspondence, Evidence, Link, SchemeVersion

OLD, NEW = SchemeVersion("NO-KOMMUNE", "2019"), SchemeVersion("NO-KOMMUNE", "2024")

HALDEN = Link("0101", "3101", CodeRelation.EXACT)
MOSS = Link("0104", "3103", CodeRelation.NARROWER)
RYGGE = Link("0136", "3103", CodeRelation.NARROWER)
OSLO = Link("0301", "0301", CodeRelation.EXACT)
STAVANGER = Link("1103", "1103", CodeRelation.NARROWER)
RENNESOY = Link("1142", "1103", CodeRelation.NARROWER)
AALESUND = (
    Link("1507", "1508", CodeRelation.BROADER, 0.862125, evidence=Evidence.DERIVED),
    Link("1507", "1580", CodeRelation.BROADER, 0.137875, evidence=Evidence.DERIVED),
)
TYSFJORD = (
    Link("1850", "1806", CodeRelation.PARTIAL, 0.5, evidence=Evidence.ASSUMED),
    Link("1850", "1875", CodeRelation.PARTIAL, 0.5, evidence=Evidence.ASSUMED),
)
SVALBARD = Link("2111", "", CodeRelation.NONE)


def way(*links: Link, source: SchemeVersion = OLD, target: SchemeVersion = NEW) -> Correspondence:
    """Make a correspondence of links."""
    return Correspondence(source, target, links)


def codelist(name: str, *codes: str) -> Codelist:
    """Make a code list of bare codes."""
    return Codelist(SchemeVersion.parse(name), {code: Code(code, code, "kommune") for code in codes})


def counts(**cells: float | None) -> pd.DataFrame:
    """Make a frame of one count a region; the name of a cell is ``k`` and the code."""
    values = pd.array(list(cells.values()), dtype="Float64")
    return pd.DataFrame(
        {"region": [name.removeprefix("k") for name in cells], "time_period": "2019", "persons": values}
    )


def interval_counts(**cells: tuple[float | None, float | None, float | None]) -> pd.DataFrame:
    """Make a frame of one value, low and high a region."""
    ends = {
        column: pd.array([cell[place] for cell in cells.values()], dtype="Float64")
        for place, column in enumerate(("obs_value", "obs_low", "obs_high"))
    }
    return pd.DataFrame({"region": [name.removeprefix("k") for name in cells], "time_period": "2019", **ends})


def cells(frame: pd.DataFrame, value: str = "persons", by: str = "region") -> dict[str, float | None]:
    """Read a converted frame as code -> number."""
    numbers = frame[value].astype("Float64")
    return {code: None if pd.isna(number) else float(number) for code, number in zip(frame[by], numbers, strict=True)}


def statuses(frame: pd.DataFrame, by: str = "region") -> dict[str, str]:
    """Read a converted frame as code -> mapping status."""
    return dict(zip(frame[by], frame["mapping_status"], strict=True))
