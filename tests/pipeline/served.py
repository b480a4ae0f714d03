"""Tables on a local PxWeb service, and what it takes to fetch them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from nordstat.mapping.check import Mappings
from nordstat.model.cube import Cube
from nordstat.model.selection import Selection
from nordstat.pipeline.errand import Errand
from nordstat.pipeline.fetch import Fetched, Wanted, fetch_table
from nordstat.pipeline.listener import Listener
from nordstat.pipeline.offices import Offices
from nordstat.pipeline.shelf import Shelf
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from nordstat.sources import Patience, Run
from pxweb_server import Limits, PxWebServer, ServedDimension, ServedTable

HASTY = Patience(attempts=2, retries=20, seconds=5.0, pause=0.01)
QUICK = {"calls": 10_000, "window": 1.0}
FIRST, SECOND = "2026-03-01T07:00:00Z", "2026-04-01T07:00:00Z"
PLACES = ("0301", "3001", "3002", "3003", "1103")


def limits(cells: int = 800_000) -> Limits:
    """The limits of a service that is in no hurry: only the cells are limited."""
    return Limits(cells=cells, **QUICK)


def served(
    id: str, dimensions: Mapping[str, Sequence[str]], values: Any = None, *, labels: bool = True, **told: Any
) -> ServedTable:
    """A table over some codes, counted upwards from 100 where no values are given."""
    cells = prod(map(len, dimensions.values()))
    words = {"ContentsCode": "statistikkvariabel", "Tid": "år"}
    return ServedTable(
        id=id,
        label=told.pop("label", f"{id}: tall, etter {', '.join(dimensions)}"),
        dimensions=[
            ServedDimension(
                name,
                words.get(name, name.lower()),
                {code: f"{name} {code}" if labels and name != "Tid" else code for code in codes},
                elimination=name not in words,
                time=name == "Tid",
            )
            for name, codes in dimensions.items()
        ],
        values=np.arange(100, 100 + cells) if values is None else values,
        **{"updated": FIRST, "unit": {c: {"base": "personer", "decimals": 0} for c in dimensions["ContentsCode"]}}
        | told,
    )


def flows(values: Any = None, *, years: Sequence[str] = ("2020", "2022"), **told: Any) -> ServedTable:
    """Table 03321 between five municipalities."""
    dimensions = {"ArbstedKomm": PLACES, "Bokommuen": PLACES, "ContentsCode": ("Sysselsatte",), "Tid": tuple(years)}
    return served("03321", dimensions, values, **told)


def commuters(values: Any = None, **told: Any) -> ServedTable:
    """Table 11616 for five municipalities."""
    dimensions = {
        "Region": PLACES,
        "Alder": ("15-74",),
        "ContentsCode": ("Innpendlere", "Utpendlere", "Bosatt", "Arbeidssted"),
        "Tid": ("2022",),
    }
    return served("11616", dimensions, values, **told)


def settings_for(folder: Path, *servers: PxWebServer, **more: Any) -> Settings:
    """Settings with store and cache of the test's own, and these servers in the offices' place."""
    addresses = {}
    for server in servers:
        name = server.flavour.name.upper()
        addresses |= {f"{name}.v1": f"{server.v1}/{{language}}"}
        addresses |= {} if name == "NORDIC" else {f"{name}.v2": server.v2}
    return Settings(store=folder / "store", cache=folder / "cache", addresses=addresses, **more)


def environment(settings: Settings) -> dict[str, str]:
    """The same settings as environment variables."""
    return {
        "NORDSTAT_STORE": str(settings.store),
        "NORDSTAT_CACHE": str(settings.cache),
        "NORDSTAT_ADDRESSES": " ".join(f"{name}={address}" for name, address in settings.addresses.items()),
    }


@dataclass(frozen=True, slots=True)
class Desk:
    """A place to fetch from: one store, one set of settings."""

    mappings: Mappings
    settings: Settings
    patience: Patience = HASTY

    @property
    def store(self) -> Store:
        return Store.of(self.settings)

    @property
    def shelf(self) -> Shelf:
        return Shelf.of(self.store)

    @contextmanager
    def errand(self, listener: Listener | None = None, **told: Any) -> Iterator[Errand]:
        """What a fetch is sent out with."""
        with Offices(self.settings, Run(self.patience)) as offices:
            yield Errand(
                store=self.store,
                mappings=self.mappings,
                settings=self.settings,
                offices=offices,
                writing=partial(self.store.writing),
                listener=listener or Listener(),
                **told,
            )

    def fetch(
        self, table: str = "SSB:03321", wanted: Wanted | str = "", *, listener: Listener | None = None, **told: Any
    ) -> Fetched:
        """Fetch a selection, written as on the command line."""
        selection = Selection.parse(wanted) if isinstance(wanted, str) else wanted
        with self.errand(listener, **told) as errand:
            return fetch_table(table, selection, errand)

    def cube(self, fetched: Fetched) -> Cube:
        """The cells of what was fetched, from the store."""
        return self.shelf.cube(fetched.brought.whole)

    def files(self) -> dict[str, bytes]:
        """Every file of the store."""
        root = self.store.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
