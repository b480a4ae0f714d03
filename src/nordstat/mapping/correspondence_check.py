"""Checks correspondences against their code lists, against themselves and against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nordstat.mapping.composition import agree, cardinality, shares
from nordstat.mapping.correspondence import Correspondences, Pair, file_name
from nordstat.mapping.exclusions import Exclusions, read_exclusions
from nordstat.mapping.rows import Faults
from nordstat.model.codelist import (
    Codelist,
    CodeRelation,
    Correspondence,
    Evidence,
    Link,
    SchemeVersion,
    WeightBasis,
)

TOLERANCE = 1e-9
_MEASURED = frozenset({WeightBasis.POPULATION, WeightBasis.EMPLOYED})
_UNDIVIDED = frozenset({CodeRelation.EXACT, CodeRelation.NARROWER, CodeRelation.NONE})


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with the place faults are reported at, and both lists."""

    table: Correspondence
    source: Codelist
    target: Codelist
    correspondences: Correspondences
    faults: Faults

    def fault(self, what: str, link: Link | None = None, hint: str = "") -> None:
        path = self.correspondences.files[self.table.source, self.table.target]
        self.faults.add(what, file=path, line=link.line if link else 0, hint=hint)


def check_correspondences(correspondences: Correspondences, folders: Iterable[Path], faults: Faults) -> None:
    """Collect every fault of every table.

    Checked are: both lists and every code exist; every source code of a level that is used has a row; every target
    of a level that is used is reached, or listed as left out; shares are whole; relations agree with the counting;
    assumptions say so; a direct table agrees with every chain of two, or is listed as a reversal; parents exist.

    Parameters
    ----------
    correspondences : Correspondences
        Tables and code lists in force.
    folders : iterable of Path
        Mappings folders whose ``exclusions/`` count.
    faults : Faults
        Collects them.
    """
    exclusions = read_exclusions(folders, faults)
    for pair, table in correspondences.tables.items():
        if (checked := _with_lists(pair, table, correspondences, faults)) is not None:
            _check_codes(checked)
            _check_covered(checked)
            _check_reached(checked, exclusions)
            _check_shares(checked)
            _check_relations(checked)
            _check_chains(checked, exclusions)
    _check_exclusions(correspondences, exclusions, faults)
    _check_parents(correspondences, faults)


def _with_lists(pair: Pair, table: Correspondence, correspondences: Correspondences, faults: Faults) -> _Table | None:
    lists = correspondences.codelists.lists
    for key in pair:
        if key not in lists:
            faults.add(
                f"there is no code list {key}",
                file=correspondences.files[pair],
                hint=f"Add codelists/{key.scheme}/{key.version}.csv.",
            )
    if pair[0] == pair[1]:
        faults.add("a table from a list to itself", file=correspondences.files[pair], hint="Delete it.")
    if pair[0] not in lists or pair[1] not in lists or pair[0] == pair[1]:
        return None
    return _Table(table, lists[pair[0]], lists[pair[1]], correspondences, faults)


def _check_codes(checked: _Table) -> None:
    for link in checked.table.links:
        if link.source not in checked.source:
            checked.fault(f"{checked.source.id} has no code {link.source!r}", link)
        if link.target and link.target not in checked.target:
            checked.fault(f"{checked.target.id} has no code {link.target!r}", link)


def _check_covered(checked: _Table) -> None:
    present = {link.source for link in checked.table.links}
    for code in _at_used_levels(checked.source, present):
        if code not in present:
            checked.fault(
                f"{checked.source.id} {code} has no row",
                hint="Add its target, or a row with relation none and a note that says why.",
            )


def _check_reached(checked: _Table, exclusions: Exclusions) -> None:
    reached = {link.target for link in checked.table.links if link.target}
    name = _stem(checked.table)
    for code in _at_used_levels(checked.target, reached):
        if code not in reached and (name, code) not in exclusions.unreached:
            checked.fault(
                f"{checked.target.id} {code} is not reached",
                hint="List it in exclusions/unreached.csv, with the reason.",
            )


def _check_shares(checked: _Table) -> None:
    for source, links in checked.table.by_source().items():
        weights = [link.weight for link in links if link.weight is not None]
        if weights and len(weights) < len(links):
            checked.fault(f"{source}: some shares are given and some are not", links[0])
        elif weights and abs(sum(weights) - 1) > TOLERANCE:
            checked.fault(f"{source}: shares add up to {sum(weights):.12g}, not to 1", links[0])
        for link in links:
            for what in _faulty_share(link):
                checked.fault(f"{source}: {what}", link)


def _faulty_share(link: Link) -> Iterator[str]:
    """Give what is wrong with the share of one link, its basis and its evidence."""
    if link.weight is None:
        if link.weight_basis or link.weight_ref_date:
            yield "a basis or a date without a share"
    elif not 0 < link.weight <= 1:
        yield f"a share of {link.weight:g}; it must be above 0 and at most 1"
    elif link.weight_basis is None:
        yield "a share without a basis"
    elif link.weight_basis is WeightBasis.WHOLE_UNIT and link.weight != 1:
        yield f"a share of {link.weight:g} of a whole unit"
    if link.weight_basis in _MEASURED and link.weight_ref_date is None:
        yield f"a share by {link.weight_basis} without a date"
    if (link.evidence is Evidence.ASSUMED) != (link.weight_basis is WeightBasis.ASSUMED):
        yield "an assumption is named both in weight_basis and in evidence"
    if link.evidence is Evidence.ASSUMED and not link.note:
        yield "an assumption without a note"


def _check_relations(checked: _Table) -> None:
    counted = cardinality(
        ((link.source, link.target) for link in checked.table.links),
        checked.correspondences.level_of(checked.table.source),
    )
    for source, links in checked.table.by_source().items():
        if len(links) > 1 and any(not link.target for link in links):
            checked.fault(f"{source}: a row without a target beside rows with one", links[0])
    for link in checked.table.links:
        expected = counted[link.source, link.target]
        if link.relation is not expected and (link.relation is not CodeRelation.PARTIAL or not link.target):
            checked.fault(
                f"{link.source} -> {link.target or 'nothing'} is called {link.relation}, but is {expected}",
                link,
                "Count the targets of the source and the sources of the target.",
            )
        if link.relation in _UNDIVIDED and link.weight != 1:
            checked.fault(f"{link.source}: relation {link.relation} needs the share 1", link)


def _check_chains(checked: _Table, exclusions: Exclusions) -> None:
    """Compare a direct table with every chain of two tables, where the chain says something."""
    direct, name = checked.table.by_source(), _stem(checked.table)
    for middle, composed in _chains(checked):
        for source, links in composed.by_source().items():
            if not any(link.target for link in links):
                continue
            listed = (name, source, middle) in exclusions.reversals
            same = source not in direct or agree(shares(direct[source]), shares(links))
            if not same and not listed:
                checked.fault(
                    f"{source}: the table and the chain through {middle} do not agree",
                    direct[source][0],
                    "Correct one of them, or list the code in exclusions/reversals.csv, with the reason.",
                )
            if same and listed:
                row = exclusions.reversals[name, source, middle]
                checked.faults.keep(
                    row.fault(f"{source} is listed as a reversal, but the chain agrees", "Delete the row.")
                )


def _chains(checked: _Table) -> Iterator[tuple[SchemeVersion, Correspondence]]:
    tables = checked.correspondences.tables
    for (begin, middle), first in tables.items():
        if begin == checked.table.source and (second := tables.get((middle, checked.table.target))) is not None:
            yield middle, checked.correspondences.compose(first, second)


def _check_exclusions(correspondences: Correspondences, exclusions: Exclusions, faults: Faults) -> None:
    """Find exclusions of tables that are not there, and of targets that are reached after all."""
    tables = {_stem(table): table for table in correspondences.tables.values()}
    for (name, code), row in exclusions.unreached.items():
        if name in tables and any(link.target == code for link in tables[name].links):
            faults.keep(row.fault(f"{code} is listed as not reached, but is", "Delete the row."))
    for name, row in [
        (key[0], row) for rows in (exclusions.unreached, exclusions.reversals) for key, row in rows.items()
    ]:
        if name not in tables:
            faults.keep(row.fault(f"there is no correspondence {name!r}"))


def _check_parents(correspondences: Correspondences, faults: Faults) -> None:
    """Find parents that stand neither in the same list nor at the other end of a table that begins in it."""
    for key, codelist in correspondences.codelists.lists.items():
        above = {
            (link.source, link.target)
            for (begin, _), table in correspondences.tables.items()
            if begin == key
            for link in table.links
        }
        for code in codelist:
            if code.parent and code.parent not in codelist and (code.code, code.parent) not in above:
                faults.add(
                    f"{code.code}: there is no parent {code.parent!r}",
                    file=correspondences.codelists.files[key],
                    line=code.line,
                    hint="A parent stands in the same list, or a correspondence from this list leads to it.",
                )


def _at_used_levels(codelist: Codelist, used: Iterable[str]) -> Iterator[str]:
    levels = {codelist.codes[code].level for code in used if code in codelist}
    return (code.code for code in codelist if code.level in levels)


def _stem(table: Correspondence) -> str:
    return file_name(table.source, table.target).removesuffix(".csv")
