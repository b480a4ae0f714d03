"""Reads a whole mappings folder, finds every fault in one go, and gives its typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nordstat.mapping.border import read_border
from nordstat.mapping.breaks import read_breaks
from nordstat.mapping.bridges import read_bridges
from nordstat.mapping.codelist import Codelists, read_codelists
from nordstat.mapping.correspondence import Correspondences, read_correspondences
from nordstat.mapping.correspondence_check import check_correspondences
from nordstat.mapping.definitions import read_definitions, read_facets
from nordstat.mapping.descriptor import verify_descriptor
from nordstat.mapping.figures import FigureContext, read_published, read_transcribed
from nordstat.mapping.groups import code_fault, read_groups
from nordstat.mapping.klass import read_klass
from nordstat.mapping.partitions import read_partitions
from nordstat.mapping.publishers import Publisher, read_publishers
from nordstat.mapping.rows import Faults
from nordstat.mapping.strays import find_strays
from nordstat.mapping.symbols import read_symbols
from nordstat.mapping.tables import TableContext, read_tables
from nordstat.model.bridge import Step
from nordstat.model.definition import Definition, Facet
from nordstat.model.figure import Figure
from nordstat.model.partition import Partition
from nordstat.model.quantity import Area
from nordstat.model.table import Break, LegendEntry, TableSpec


@dataclass(frozen=True, slots=True)
class Mappings:
    """Everything the mappings folders in force say.

    Attributes
    ----------
    folders : tuple of Path
        The lowest first.
    facets, definitions : mapping
        By id.
    codelists : Codelists
        Classifications by scheme and version.
    members : mapping of Area to tuple of Area
        Members of aggregated areas.
    figures : mapping of str to Figure
        Published figures by id.
    transcribed : mapping of str to Figure
        Rows of transcribed official tables by ``file:line``.
    tables : mapping of str to TableSpec
        Tables of the services by id.
    symbols : tuple of LegendEntry
        Symbols by office.
    breaks : mapping of str to Break
        Breaks in series by id.
    publishers : mapping of str to Publisher
        Terms of use by publisher.
    bridges : mapping of str to Step
        Steps between definitions, by id.
    partitions : mapping of str to Partition
        Wholes and all of their parts, by id.
    """

    folders: tuple[Path, ...]
    facets: Mapping[str, Facet]
    definitions: Mapping[str, Definition]
    codelists: Codelists
    members: Mapping[Area, tuple[Area, ...]]
    figures: Mapping[str, Figure]
    transcribed: Mapping[str, Figure]
    tables: Mapping[str, TableSpec]
    symbols: tuple[LegendEntry, ...]
    breaks: Mapping[str, Break]
    publishers: Mapping[str, Publisher]
    bridges: Mapping[str, Step]
    partitions: Mapping[str, Partition]

    def correspondences(self) -> Correspondences:
        """Give the correspondences in force; they are read when they are needed.

        Raises
        ------
        MappingErrors
            For the faults in them.
        """
        faults = Faults()
        found = read_correspondences(self.folders, self.codelists, faults)
        faults.raise_if_any()
        return found


def load_mappings(folders: Sequence[Path]) -> Mappings:
    """Give the typed values of layered folders.

    Raises
    ------
    MappingErrors
        For every fault at once, each with file and line.
    """
    faults = Faults()
    mappings = _read(tuple(folders), faults)
    faults.raise_if_any()
    return mappings


def check_mappings(folders: Sequence[Path]) -> Faults:
    """Find every fault of layered folders: also in correspondences, and in the descriptor of the lowest folder."""
    faults = Faults()
    mappings = _read(tuple(folders), faults)
    check_correspondences(read_correspondences(folders, mappings.codelists, faults), folders, faults)
    read_border(folders, mappings.codelists, faults)
    read_klass(folders, mappings.codelists, faults)
    verify_descriptor(folders[0], faults)
    return faults


def _read(folders: tuple[Path, ...], faults: Faults) -> Mappings:
    find_strays(folders, faults)
    facets = read_facets(folders, faults)
    definitions = read_definitions(folders, facets, faults)
    codelists = read_codelists(folders, faults)
    symbols = read_symbols(folders, faults)
    breaks = read_breaks(folders, definitions, faults)
    context = FigureContext(
        definitions,
        lambda scheme, code: code_fault(codelists, scheme, code),
        frozenset(entry.symbol.symbol for entry in symbols),
    )
    figures = read_published(folders, context, faults)
    transcribed = read_transcribed(folders, context, faults)
    return Mappings(
        folders=folders,
        facets=facets,
        definitions=definitions,
        codelists=codelists,
        members=read_groups(folders, codelists, faults),
        figures=figures,
        transcribed=transcribed,
        tables=read_tables(folders, TableContext(definitions, codelists.lists.values(), breaks), faults),
        symbols=symbols,
        breaks=breaks,
        publishers=read_publishers(folders, faults),
        bridges=read_bridges(folders, facets, {*figures, *transcribed}, faults),
        partitions=read_partitions(folders, codelists, faults),
    )
