"""Small made-up tables for the server's own checks."""

from __future__ import annotations

from .classifications import KlassChange, KlassClassification, KlassCode, KlassMap, KlassVersion
from .tables import ServedCodelist, ServedDimension, ServedTable

AREAS = {"0301": "Oslo", "3001": "Halden", "3002": "Moss", "3105": "Sarpsborg"}


def flows() -> ServedTable:
    """Commuters of four municipalities, both sexes, three years: 4 x 4 x 3 x 1 x 3 cells counted upwards from 0."""
    areas = ServedCodelist("agg_Fylker", "fylker", {"F-03": ("Oslo", ["0301"]), "F-31": ("Østfold", [*AREAS][1:])})
    return ServedTable(
        id="03321",
        label="03321: Sysselsatte, etter arbeidssted, bosted, kjønn, statistikkvariabel og år",
        contents="03321: Sysselsatte,",
        dimensions=[
            ServedDimension("ArbstedKomm", "arbeidssted", AREAS, geo=True),
            ServedDimension("Bokommuen", "bosted", AREAS, elimination=True, geo=True),
            ServedDimension(
                "Kjonn", "kjønn", {"0": "Begge", "1": "Menn", "2": "Kvinner"}, elimination=True, elimination_code="0"
            ),
            ServedDimension("ContentsCode", "statistikkvariabel", {"Sys": "Sysselsatte"}),
            ServedDimension("Tid", "år", {year: year for year in ("2021", "2022", "2023")}, time=True),
        ],
        values=list(range(144)),
        unit={"Sys": {"base": "personer", "decimals": 0}},
        codelists={
            "ArbstedKomm": [
                areas,
                ServedCodelist("vs_Smaa+Få", "to", {code: (AREAS[code], [code]) for code in ["3001", "3002"]}),
            ],
            "Bokommuen": [areas],
        },
        v1_path="al/al06/pendling/03321",
    )


def holes() -> ServedTable:
    """Six cells of three areas and two years: 5, a zero, a true zero ``-``, a secret, nothing known, 7.5."""
    return ServedTable(
        id="11616",
        label="11616: Pendlere, etter region, statistikkvariabel og år",
        contents="11616: Pendlere,",
        dimensions=[
            ServedDimension("Region", "region", {"a": "A", "b": "B", "c": "C"}, elimination=True),
            ServedDimension("ContentsCode", "statistikkvariabel", {"Inn": "Innpendlere"}),
            ServedDimension("Tid", "år", {"2022": "2022", "2023": "2023"}, time=True),
        ],
        values=[5, 0, None, None, None, 7.5],
        status={2: "-", 3: ":", 4: ".."},
        unit={"Inn": {"base": "personer", "decimals": 1}},
        codelists={"Region": [ServedCodelist("agg_AB", "ab", {"AB": ("A og B", ["a", "b"]), "c": ("C", ["c"])})]},
    )


def municipalities() -> KlassClassification:
    """Rindal, which moved county in 2019 and so changed its code, beside Moss, which did not."""
    old, new = KlassCode("1567", "Rindal", "2010-01-01", "2019-01-01"), KlassCode("5061", "Rindal", "2019-01-01")
    moss, future = KlassCode("0104", "Moss", "2010-01-01"), KlassCode("9998", "Framtid", "2999-01-01")
    county = KlassCode("15", "Møre og Romsdal"), KlassCode("50", "Trøndelag")
    return KlassClassification(
        131,
        "Standard for kommuneinndeling",
        codes=[old, new, moss, future],
        changes=[KlassChange("2019-01-01", old, new)],
        correspondences={
            104: [KlassMap(old, county[0], "2010-01-01", "2019-01-01"), KlassMap(new, county[1], "2019-01-01")]
        },
        versions=[KlassVersion(1102, "Kommuneinndeling 2019", "2019-01-01", "2020-01-01")],
    )
