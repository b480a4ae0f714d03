"""Writes the reference pages from what the code and the mappings say, so that they cannot disagree."""

from __future__ import annotations

import ast
import csv
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from nordstat import errors
from nordstat.cli import main
from nordstat.mapping.check import Mappings, load_mappings
from nordstat.mapping.locate import layers
from nordstat.model.table import TableSpec
from nordstat.pipeline import build
from nordstat.reconcile.steps import measured_size
from nordstat.schema.columns import OBSERVATION, RECONCILIATION, Column

FAULT = re.compile(r"[A-Z][0-9]{2}")
NOTE = "<!-- Written by docs/generate.py; edit the code or the mappings instead. -->\n\n"


def write_all(docs: Path) -> None:
    """Write every generated page under ``reference/``, and copy the notebooks and the changelog."""
    mappings = load_mappings(layers())
    pages = {
        "columns": columns(),
        "definitions": definitions(mappings),
        "bridges": bridges(mappings),
        "correspondences": correspondences(mappings),
        "tables": tables(mappings),
        "breaks": breaks(mappings),
        "verdicts": verdicts(mappings),
        "errors": error_tree(),
        "promises": promises(docs.parent / "tests"),
        "cli": cli(),
    }
    for name, text in pages.items():
        _write(docs / "reference" / f"{name}.md", NOTE + text)
    for notebook in sorted((docs.parent / "notebooks").glob("*.md")):
        _write(docs / "notebooks" / notebook.name, notebook.read_text("utf-8"))
    _write(docs / "changelog.md", (docs.parent / "CHANGELOG.md").read_text("utf-8"))


def columns() -> str:
    """The columns of the files of a release, from the one dictionary."""
    return "\n".join(
        [
            "# Columns\n",
            "One dictionary of columns feeds the checks, this page and the descriptor of a release.\n",
            "## Observations\n",
            _columns(OBSERVATION),
            "\n## Reconciliation\n",
            _columns(RECONCILIATION),
        ]
    )


def definitions(mappings: Mappings) -> str:
    """Every definition with its facets, and every facet with its values."""
    parts = [
        "# Definitions and facets\n",
        "A definition gives each facet one value. Two definitions are compared facet by facet.\n",
    ]
    for definition in mappings.definitions.values():
        parts += [
            f"## {definition.id}\n",
            f"{definition.label('en')} · {definition.label('sv')} (sv) · {definition.label('nb')} (nb)\n",
            f"{definition.description}\n",
            _table(
                ("facet", "value", "which means"),
                [(f, v, mappings.facets[f].values[v]) for f, v in definition.facets.items()],
            ),
            f"\nSource: {definition.source}\n",
        ]
    parts.append("# Facets\n")
    for facet in mappings.facets.values():
        rows = [
            (value, words, ", ".join(n for w, n in sorted(facet.contains) if w == value))
            for value, words in facet.values.items()
        ]
        parts += [
            f"## Facet: {facet.id}\n",
            f"{facet.label}.\n",
            _table(("value", "which means", "contains"), rows),
            "",
        ]
    return "\n".join(parts)


def bridges(mappings: Mappings) -> str:
    """Every step between definitions, with the sizes computed from its evidence."""
    corpus = build.corpus(mappings)
    parts = ["# Bridges\n", "Measured steps are computed from the figures named; nothing is typed in.\n"]
    for step in mappings.bridges.values():
        moves = [(facet, " or ".join(a), " or ".join(b)) for facet, (a, b) in step.changes.items()]
        parts += [f"## {step.id}\n", f"{step.title}. {step.rationale}\n", _table(("facet", "from", "to"), moves), ""]
        if step.assumed is not None:
            parts.append(f"Assumed: {step.form} {step.assumed}; {step.source}.\n")
            continue
        sizes = [
            (
                " + ".join((*m.before, *m.more)),
                " + ".join(m.after) or "-",
                str(measured_size(step, m, corpus)),
            )
            for m in step.measurements
        ]
        parts += [_table(("from figures", "to figures", str(step.form)), sizes), f"\nMethod at best: {step.method}.\n"]
    return "\n".join(parts)


def correspondences(mappings: Mappings) -> str:
    """Every correspondence with how well its links are known."""
    rows = []
    for (source, target), table in mappings.correspondences().tables.items():
        evidence = sorted({str(link.evidence) for link in table.links})
        split = sum(1 for link in table.links if link.weight not in (None, 1.0))
        origins = sorted({link.origin for link in table.links})
        rows.append(
            (
                str(source),
                str(target),
                len(table.links),
                split,
                ", ".join(evidence),
                origins[0] if len(origins) == 1 else f"{len(origins)} sources, see the file",
            )
        )
    head = ("from", "to", "links", "with a share", "evidence", "source")
    lists = [
        (str(key), len(codelist), ", ".join(dict.fromkeys(code.level for code in codelist)))
        for key, codelist in mappings.codelists.lists.items()
    ]
    return "\n".join(
        [
            "# Classifications and correspondences\n",
            "## Correspondences\n",
            _table(head, rows),
            "\n## Code lists\n",
            _table(("list", "codes", "levels"), lists),
        ]
    )


def tables(mappings: Mappings) -> str:
    """Every known table of the services, and how it is known."""
    rows = [
        (spec.id, spec.title, spec.definition, _open(spec), str(spec.verified), spec.evidence)
        for spec in mappings.tables.values()
    ]
    head = ("table", "title", "definition", "status", "verified", "evidence")
    return "\n".join(["# Tables of the services\n", _table(head, rows)])


def _open(spec: TableSpec) -> str:
    return "open" if spec.is_open else f"closed; {spec.successor} goes on" if spec.successor else "closed"


def breaks(mappings: Mappings) -> str:
    """Every break in series that is known."""
    rows = [
        (entry.id, entry.reporter, ", ".join(entry.definitions) or "all", str(entry.day), entry.what, entry.effect)
        for entry in mappings.breaks.values()
    ]
    return "\n".join(
        ["# Breaks in series\n", _table(("break", "reporter", "definition", "from", "what changed", "effect"), rows)]
    )


def verdicts(mappings: Mappings) -> str:
    """The verdict on every published figure."""
    result = build.reconciliation(mappings)
    counts: dict[str, int] = {}
    for finding in result.findings:
        counts[str(finding.verdict)] = counts.get(str(finding.verdict), 0) + 1
    rows = [
        (
            f.figure.id,
            str(f.figure.key.period or "not stated"),
            f"{f.figure.precision.text} {f.figure.value:,.10g} {f.figure.unit_measure}",
            str(f.interval),
            str(f.verdict),
            f.sentence,
            f.figure.citation.publisher,
        )
        for f in result.findings
    ]
    return "\n".join(
        [
            "# Verdicts on all published figures\n",
            _table(("verdict", "figures"), sorted(counts.items())),
            "",
            _table(("figure", "period", "printed", "interval", "verdict", "why", "publisher"), rows),
        ]
    )


def error_tree() -> str:
    """The tree of errors, with what the command line ends with."""
    rows = [
        (name, cls.exit_code, (inspect.getdoc(cls) or "").split("\n")[0])
        for name, cls in inspect.getmembers(errors, inspect.isclass)
        if cls.__module__ == errors.__name__
    ]
    tree = inspect.getdoc(errors) or ""
    drawn = tree.split("::", 1)[1].split("\n\nEvery error")[0]
    said = "Every error says what happened, where, and what to do next; the parts are attributes."
    return "\n".join(
        [
            "# Errors\n",
            said,
            "",
            "```text" + drawn.rstrip() + "\n```\n",
            _table(("error", "exit code", "meaning"), rows),
        ]
    )


def promises(tests: Path) -> str:
    """Every fault the library promises to meet, and the tests that hold it to that."""
    with (tests / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = list(csv.DictReader(file))
    held = tests_by_fault(tests)
    rows = [
        (
            fault["id"],
            fault["layer"],
            fault["severity"],
            fault["fault"],
            fault["must_happen"],
            "; ".join(held[fault["id"]]),
        )
        for fault in faults
    ]
    said = "Each row is a bad input or a fault, and what must happen. Every row has a test."
    return "\n".join(
        [
            "# Promises\n",
            said,
            "",
            _table(("fault", "layer", "severity", "what is wrong", "what must happen", "tests"), rows),
        ]
    )


def tests_by_fault(tests: Path) -> dict[str, list[str]]:
    """Give the tests marked with each fault, as ``file::function``, or the file where a list of cases is marked."""
    found: dict[str, list[str]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        file = path.relative_to(tests).as_posix()
        body = ast.parse(path.read_text("utf-8")).body
        markers = {"fault"} | {node.name for node in body if isinstance(node, ast.FunctionDef) and _passes_on(node)}
        for node in body:
            name = f"{file}::{node.name}" if isinstance(node, ast.FunctionDef | ast.ClassDef) else file
            for fault in _faults_marked(node, markers):
                if name not in found.setdefault(fault, []):
                    found[fault].append(name)
    return found


def _passes_on(function: ast.FunctionDef) -> bool:
    """Tell whether a function marks what it makes with a fault that its caller names."""
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call) and _called(node) == "fault")
    return any(isinstance(argument, ast.Name) for call in calls for argument in call.args)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _faults_marked(node: ast.AST, markers: set[str]) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _called(call) in markers:
            named = (str(argument.value) for argument in call.args if isinstance(argument, ast.Constant))
            yield from (name for name in named if FAULT.fullmatch(name))


def cli() -> str:
    """Every command with its options, from click itself."""
    program = click.Context(main, info_name="nordstat", **main.context_settings)
    parts = ["# Command line\n", "Data goes to stdout, talk to stderr. Exit codes: [exit codes](exit-codes.md).\n"]
    for name, command in sorted(main.commands.items()):
        context = click.Context(command, info_name=name, parent=program)
        parts += [f"## nordstat {name}\n", "```text", command.get_help(context), "```\n"]
    return "\n".join(parts)


def _columns(wanted: Iterable[Column]) -> str:
    rows = [
        (
            c.name,
            str(c.kind),
            c.concept,
            "yes" if c.nullable else "",
            c.description + (f" ({', '.join(c.values)})" if c.values else ""),
        )
        for c in wanted
    ]
    return _table(("column", "kind", "SDMX concept", "may be empty", "meaning"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


def _cell(value: object) -> str:
    text = (
        str(value)
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("\n", " ")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("[", "\\[")
    )
    return text or " "


def _write(path: Path, text: str) -> None:
    """Write a page if it changed, so that a build does not read everything anew."""
    path.parent.mkdir(exist_ok=True)
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
