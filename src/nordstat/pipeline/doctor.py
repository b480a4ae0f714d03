"""A look at what every run stands on: settings, store, mappings and, where wanted, the services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from nordstat.errors import ApiRefusedError, NordstatError, SourceError
from nordstat.mapping.check import Mappings, check_mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.model.answer import TableMeta
from nordstat.model.table import TableSpec, Verification
from nordstat.pipeline.drift import from_spec
from nordstat.pipeline.offices import Offices, find_table
from nordstat.settings import Settings
from nordstat.snapshot.store import Store
from nordstat.sources import SERVICES


class Health(StrEnum):
    """How a part is."""

    GOOD = "good"
    NOTE = "note"
    FAULT = "fault"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part is.

    Attributes
    ----------
    part : str
        ``settings``, ``store``, ``mappings``, a service, or a table.
    health : Health
        ``away`` is a service that could not be asked.
    words : str
        What was found.
    """

    part: str
    health: Health
    words: str


def examine(settings: Settings, *, live: bool = False) -> Iterator[Finding]:
    """Give how every part is, one finding after the other; only ``live`` opens a socket."""
    yield from _settings(settings)
    yield from _store(Store.of(settings))
    yield from _mappings(settings)
    if live:
        try:
            mappings = load_mappings(layers(settings.mappings))
        except NordstatError:
            return  # told above, fault by fault
        with Offices(settings) as offices:
            yield from _services(mappings, offices)


def exit_code(findings: Iterable[Finding]) -> int:
    """Give 1 where there is a fault, 3 where only a service is away, else 0."""
    found = {finding.health for finding in findings}
    return 1 if Health.FAULT in found else 3 if Health.AWAY in found else 0


def _settings(settings: Settings) -> Iterator[Finding]:
    said = {
        "store": Store.of(settings).root,
        "offline": "yes" if settings.offline else "no",
        "contact": settings.contact or "none: the offices cannot reach whoever runs this (NORDSTAT_CONTACT)",
        "mappings": ", ".join(map(str, layers(settings.mappings))),
        "addresses": ", ".join(f"{name}={address}" for name, address in settings.addresses.items())
        or "the offices' own",
        "notify": settings.notify or "nobody",
    }
    for name, value in said.items():
        lacking = name == "contact" and not settings.contact
        yield Finding("settings", Health.NOTE if lacking else Health.GOOD, f"{name}: {value}")


def _store(store: Store) -> Iterator[Finding]:
    if not store.root.is_dir():
        yield Finding("store", Health.NOTE, "nothing was fetched yet")
        return
    try:
        check = store.verify()
    except NordstatError as error:
        yield Finding("store", Health.FAULT, str(error))
        return
    yield Finding("store", Health.GOOD, f"{check.rows:,} receipts, {check.blobs:,} answers")
    yield from (Finding("store", Health.FAULT, str(fault)) for fault in check.faults)
    yield from (Finding("store", Health.NOTE, f"{note}; the next fetch tidies it") for note in check.notes)


def _mappings(settings: Settings) -> Iterator[Finding]:
    faults = check_mappings(layers(settings.mappings)).found
    yield from (Finding("mappings", Health.FAULT, str(fault)) for fault in faults)
    if not faults:
        specs = load_mappings(layers(settings.mappings)).tables.values()
        known = ", ".join(f"{sum(spec.verified is each for spec in specs)} {each}" for each in Verification)
        yield Finding("mappings", Health.GOOD, f"no faults; tables: {known}")


def _services(mappings: Mappings, offices: Offices) -> Iterator[Finding]:
    """Ask every service what it allows, and compare every spec with its table; one that is away is asked once."""
    for name, service in SERVICES.items():
        specs = [spec for spec in mappings.tables.values() if spec.office == name]
        try:
            terms = offices.connection(find_table(specs[0].id, mappings, offices.settings)).terms()
            words = f"{terms.cells:,} cells an answer, {terms.pace.calls} calls in {terms.pace.window:g} s"
            yield Finding(name, Health.GOOD, words)
            if quiet := service.quiet_at(datetime.now(UTC)):
                yield Finding(name, Health.NOTE, quiet)
            for spec in specs:
                yield from _looked_at(spec, mappings, offices)
        except SourceError as error:
            yield Finding(name, Health.AWAY, str(error))


def _looked_at(spec: TableSpec, mappings: Mappings, offices: Offices) -> Iterator[Finding]:
    table = find_table(spec.id, mappings, offices.settings)
    try:
        described = offices.connection(table).table(table.name)
    except ApiRefusedError as error:
        yield Finding(spec.id, Health.FAULT, str(error))
    else:
        yield from _compared(spec, described, mappings)


def _compared(spec: TableSpec, described: TableMeta, mappings: Mappings) -> Iterator[Finding]:
    shape = ", ".join(f"{variable.code} {len(variable.values):,}" for variable in described.variables)
    if not spec.dimensions:
        yield Finding(spec.id, Health.NOTE, f"{spec.verified}, not described; it has {shape}")
        return
    found = from_spec(described, spec, mappings)
    for difference in found:
        yield Finding(spec.id, Health.FAULT if difference.blocks else Health.NOTE, str(difference))
    if not found:
        yield Finding(spec.id, Health.GOOD, f"as described ({spec.verified}); {shape}")
