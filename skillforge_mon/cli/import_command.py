"""``monmc import``: a metric page in, catalogue entries out; or SLO specs of other tools in, a spec of ours out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skillforge_mon.cli.options import Colour, ColourOption, OutputFormat, print_diagnostics, write_text
from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.diagnostics.summary import Summary

if TYPE_CHECKING:
    from skillforge_mon.query.catalogue import Catalogue
    from skillforge_mon.query.exposition.entries import Entries
    from skillforge_mon.query.exposition.page import Page

_MOST_NAMED = 5
_IMPORTED = "imported.yaml"
_UNREADABLE = ("MON10", "MON11")
"""The codes of text, keys and values."""


class What(StrEnum):
    """What can be imported."""

    metrics = "metrics"
    slo = "slo"


def command(
    what: Annotated[What, typer.Argument(metavar="metrics|slo", help="What to import: `metrics`, or `slo`.")],
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|URL...",
            help="A metric page: a file, or where it is scraped. Of SLOs: files of Sloth, Pyrra or OpenSLO.",
        ),
    ],
    service: Annotated[
        str | None, typer.Option("--service", metavar="NAME", help="The service that exports the metrics.")
    ] = None,
    existing: Annotated[
        Path | None, typer.Option("--existing", metavar="SPEC", help="Leave out what this spec declares already.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this new file instead of stdout.")
    ] = None,
    project: Annotated[
        str | None,
        typer.Option("--project", metavar="NAME", help="Of SLOs: the project of the spec; default: imported."),
    ] = None,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Of SLOs: write nothing unless all can be carried over.")
    ] = False,
    colour: ColourOption = Colour.auto,
) -> int:
    """Read what others have: a metric page as catalogue entries, or SLOs of Sloth, Pyrra and OpenSLO as a spec."""
    if what is What.slo:
        return _slos(source, service, existing, project, out, colour, strict=strict)
    if len(source) != 1 or project is not None or strict:
        raise typer.BadParameter("of metrics, one page is read, without `--project` and `--strict`")
    return _metrics(source[0], service, existing, out, colour)


def _slos(
    sources: list[str],
    service: str | None,
    existing: Path | None,
    project: str | None,
    out: Path | None,
    colour: Colour,
    *,
    strict: bool,
) -> int:
    from skillforge_mon.cli.import_slo import ending, imported_slos

    if service is not None or existing is not None:
        raise typer.BadParameter("`--service` and `--existing` are for metrics")
    imported = imported_slos(sources, project or "imported", colour, strict=strict)
    if imported is None or (out is not None and not _written(out, imported.text)):
        return 1
    if out is None:
        write_text(sys.stdout, imported.text)
    write_text(sys.stderr, ending(imported))
    return 0


def _metrics(source: str, service: str | None, existing: Path | None, out: Path | None, colour: Colour) -> int:
    if service is not None:
        _check_name(service)
    catalogue: Catalogue | None = None
    if existing is not None:
        catalogue = _catalogue_of(existing, colour)
        if catalogue is None:
            return 1
    page = _page(source, colour)
    if page is None:
        return 1
    from skillforge_mon.documents.yaml_writer import write_yaml
    from skillforge_mon.query.exposition.entries import entries_of

    entries = entries_of(page, service or "")
    metrics, notes = _without_known(page, entries, catalogue)
    if metrics:
        metrics = _excused(metrics)
    text = write_yaml({"metrics": metrics}) if metrics else ""
    if out is None:
        write_text(sys.stdout, text)
    elif not _written(out, text):
        return 1
    notes += [*_remarks(entries, metrics, page), _ending(metrics, out)]
    from skillforge_mon.diagnostics.render.visible import visible

    write_text(sys.stderr, "".join(f"{visible(note)}\n" for note in notes))
    return 0


def _check_name(service: str) -> None:
    import re

    from skillforge_mon.spec.models.base import NAME_PATTERN

    if not re.fullmatch(NAME_PATTERN, service):
        raise typer.BadParameter(
            f"`{service}` is not a name: it begins with a letter and holds letters, digits, `_`, `-` and `.`",
            param_hint="--service",
        )


def _catalogue_of(path: Path, colour: Colour) -> Catalogue | None:
    from skillforge_mon.compiler import compile_project

    compilation = compile_project(path)
    # A query for a metric that is not declared yet is what an import is for; a spec that cannot be read is not.
    unread = [problem for problem in compilation.diagnostics if problem.code.startswith(_UNREADABLE)]
    if compilation.project is None or any(problem.severity is Severity.ERROR for problem in unread):
        summary = Summary(len(compilation.sources.texts))
        print_diagnostics(compilation.diagnostics, compilation.sources, summary, OutputFormat.text, colour, sys.stderr)
        return None
    return compilation.project.catalogue


def _page(source: str, colour: Colour) -> Page | None:
    from skillforge_mon.query.exposition.fetch import fetch
    from skillforge_mon.query.exposition.reader import read_page

    fetched = fetch(source)
    if isinstance(fetched, Diagnostic):
        print_diagnostics([fetched], Sources(), Summary(0), OutputFormat.text, colour, sys.stderr)
        return None
    page, problems = read_page(fetched.content, fetched.name, fetched.content_type)
    if problems:
        sources = Sources.from_texts({fetched.name: fetched.content.decode("utf-8", "replace")})
        print_diagnostics(problems, sources, Summary(1), OutputFormat.text, colour, sys.stderr)
    return page


def _excused(metrics: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries, with an `ignore` where the checks would blame the spec for a name that the exporter chose."""
    from skillforge_mon.checks import metric_name
    from skillforge_mon.diagnostics.diagnostic import Report
    from skillforge_mon.documents.yaml_writer import write_yaml
    from skillforge_mon.model.resolve import resolve
    from skillforge_mon.spec.validate import validate
    from skillforge_mon.spec.yaml.loader import load_text
    from skillforge_mon.spec.yaml.nodes import MappingNode

    report = Report()
    named = {name: {"type": entry["type"]} for name, entry in metrics.items()}
    root = load_text(write_yaml({"version": 1, "project": "imported", "metrics": named}), _IMPORTED, report)
    spec = validate(root, report) if root is not None else None
    section = root.get("metrics") if root is not None else None
    if root is None or spec is None or not isinstance(section, MappingNode):
        raise DefectError(f"imported entries are not of the language: {next(iter(report), None)}")
    names = {entry.key_span: name for name, entry in section.entries.items()}
    excused = {name: dict(entry) for name, entry in metrics.items()}
    for problem in metric_name.check(resolve(spec, root, None, report)):
        if problem.span is not None:
            excused[names[problem.span]].setdefault("ignore", {})[problem.code] = "the exporter chose the name"
    return excused


def _without_known(
    page: Page, entries: Entries, catalogue: Catalogue | None
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The entries that are not declared yet, and what to tell about the others."""
    from skillforge_mon.query.exposition.comparison import declared_in, label_differences, type_differences
    from skillforge_mon.query.exposition.entries import client_library_metrics

    metrics = {name: dict(entry) for name, entry in entries.metrics.items()}
    notes: list[str] = []
    if catalogue is not None:
        found = (*type_differences(metrics, catalogue), *label_differences(page, catalogue))
        notes += [f"note: `{difference.metric}` differs: {difference.text}" for difference in found]
        known = declared_in(metrics, catalogue)
        if known:
            notes.append(f"note: left out {_counted(known)}, which the spec declares already: {_named(known)}")
        for name in known:
            del metrics[name]
    by_library: dict[str, list[str]] = {}
    for name, library in client_library_metrics(metrics):
        by_library.setdefault(library, []).append(name)
    for library, names in by_library.items():
        notes.append(f"note: left out {_counted(names)} of the client library: write `use: [{library}]` for them")
        for name in names:
            del metrics[name]
    return metrics, notes


def _remarks(entries: Entries, metrics: Mapping[str, Mapping[str, Any]], page: Page) -> Iterator[str]:
    """What a person has to look at."""
    packaged = _packaged_with_most(metrics)
    if packaged:
        name, count = packaged
        yield f"note: `use: [{name}]` declares {count} of these {len(metrics)} metrics by itself"
    untyped = [name for name in entries.untyped if name in metrics]
    if untyped:
        yield f"note: the page says no type of {_counted(untyped)}, so their names decided: {_named(untyped)}"
    for family, reason in entries.left_out.items():
        yield f"note: left out `{family}`: {reason}"
    if any(isinstance(values, list) for entry in metrics.values() for values in entry.get("labels", {}).values()):
        yield "note: lists of label values hold what this page shows: add the values that it does not"
    if page.format == "text" and not page.families:
        yield "note: the page is empty"


def _packaged_with_most(metrics: Mapping[str, Mapping[str, Any]]) -> tuple[str, int] | None:
    """The packaged catalogue that declares most of ``metrics``, if it declares at least half of them."""
    from skillforge_mon.query.packaged import packaged_catalogue, packaged_names

    counts = {name: sum(metric in packaged_catalogue(name).types for metric in metrics) for name in packaged_names()}
    name = max(counts, key=lambda name: counts[name])
    return (name, counts[name]) if metrics and counts[name] * 2 >= len(metrics) else None


def _written(out: Path, text: str) -> bool:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        write_text(sys.stderr, f"monmc import: `{out}` exists already; nothing was written\n")
        return False
    except OSError as error:
        write_text(sys.stderr, f"monmc import: `{out}` cannot be written: {error.strerror}\n")
        return False
    return True


def _ending(metrics: Mapping[str, object], out: Path | None) -> str:
    where = f" to {out}" if out is not None else ""
    return f"wrote {_counted(metrics)}{where}"


def _counted(names: Iterable[str]) -> str:
    count = len(list(names))
    return f"{count} metric" if count == 1 else f"{count} metrics"


def _named(names: Iterable[str]) -> str:
    """The first few names."""
    all_names = list(names)
    rest = len(all_names) - _MOST_NAMED
    shown = ", ".join(f"`{name}`" for name in all_names[:_MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown
